"use strict";

// Plays backprop: `data.steps` in their order, `data.places` says what belongs together in the three panes.
const data = JSON.parse(document.getElementById("data").textContent);
const KINDS = ["source", "emitted", "gate", "value", "gradient"];
const PANES = {source: "source", emitted: "emitted", gate: "circuit", value: "circuit", gradient: "circuit"};

const slider = document.getElementById("slider");
const scrolls = [...document.querySelectorAll(".scroll")];

// What stands in the panes, by keys such as "source:3" and "gradient:7".

const elements = new Map();

function keep(key, element) {
    if (element) elements.set(key, element);
}

for (const kind of ["source", "emitted"]) {
    for (const row of document.querySelectorAll(`[data-${kind}]`)) keep(`${kind}:${row.dataset[kind]}`, row);
}
for (const gate of document.querySelectorAll("[data-line]")) {
    keep(`gate:${gate.dataset.line}`, gate);
    gate.setAttribute("role", "img");
    gate.setAttribute("tabindex", "-1");
    gate.setAttribute("aria-label", data.gates[gate.dataset.line]);
}
for (const wire of document.querySelectorAll(".wire[data-entry]")) {
    keep(`value:${wire.dataset.entry}`, wire.querySelector(".value"));
    keep(`gradient:${wire.dataset.entry}`, wire.querySelector(".gradient"));
}
document.querySelector("[data-line]")?.setAttribute("tabindex", "0");
document.querySelector(".circuit svg").setAttribute("role", "group");

// What belongs together.

const placesOf = new Map();
const members = data.places.map((place) =>
    place.flatMap((ids, index) => ids.map((id) => `${KINDS[index]}:${id}`)));
members.forEach((keys, place) => {
    for (const key of keys) placesOf.set(key, [...(placesOf.get(key) ?? []), place]);
});

function kindOf(key) {
    return key.slice(0, key.indexOf(":"));
}

function partners(key) {
    const pane = PANES[kindOf(key)];
    const found = (placesOf.get(key) ?? []).flatMap((place) => members[place]);
    return [...new Set(found)].filter((other) => PANES[kindOf(other)] !== pane);
}

function keysAt(target) {
    const row = target.closest(".row, .wire, [data-line]");
    if (!row) return [];
    if (row.dataset.source) return [`source:${row.dataset.source}`];
    if (row.dataset.emitted) return [`emitted:${row.dataset.emitted}`];
    if (row.dataset.line) return [`gate:${row.dataset.line}`];
    if (target.closest(".gradient")) return [`gradient:${row.dataset.entry}`];
    if (target.closest(".value")) return [`value:${row.dataset.entry}`];
    return [`value:${row.dataset.entry}`, `gradient:${row.dataset.entry}`];
}

// Marks, which are classes of elements; one function sets each kind of them.

function marker(name) {
    let marked = [];
    return (keys) => {
        for (const element of marked) element.classList.remove(name);
        marked = keys.map((key) => elements.get(key)).filter(Boolean);
        marked.push(...marked.map((element) => element.closest(".wire")).filter(Boolean));
        for (const element of marked) element.classList.add(name);
    };
}

const markNow = marker("now");
const markLit = marker("lit");
const markHere = marker("here");

function light(target) {
    const keys = target ? keysAt(target) : [];
    const lit = [...new Set(keys.flatMap(partners))];
    markHere(keys);
    markLit(lit);
    show(lit);
}

// Scrolls each pane, and nothing else, to the first of its elements, where none of them is to be seen.

function show(keys) {
    for (const scroll of scrolls) {
        const inside = keys.map((key) => elements.get(key)).filter((element) => element && scroll.contains(element));
        const frame = scroll.getBoundingClientRect();
        const boxes = inside.map((element) => element.getBoundingClientRect());
        const seen = (box) =>
            box.top >= frame.top && box.bottom <= frame.bottom && box.left < frame.right && box.right > frame.left;
        if (!boxes.length || boxes.some(seen)) continue;
        const box = boxes[0];
        if (box.top < frame.top || box.bottom > frame.bottom) {
            scroll.scrollTop += (box.top + box.bottom - frame.top - frame.bottom) / 2;
        }
        if (!inside[0].classList.contains("row") && (box.left >= frame.right || box.right <= frame.left)) {
            scroll.scrollLeft += (box.left + box.right - frame.left - frame.right) / 2;
        }
    }
}

// What is written beside rows and on wires, and from which step on.

const slots = new Map();
const slotAt = {
    s: (id) => elements.get(`source:${id}`)?.querySelector(".value"),
    d: (id) => elements.get(`source:${id}`)?.querySelector(".gradient"),
    e: (id) => elements.get(`emitted:${id}`)?.querySelector(".bound"),
    v: (id) => elements.get(`value:${id}`),
    g: (id) => elements.get(`gradient:${id}`),
};

data.steps.forEach((step, index) => {
    for (const [slot, text] of step.shows) {
        if (!slots.has(slot)) slots.set(slot, {element: slotAt[slot[0]](slot.slice(1)), texts: []});
        slots.get(slot).texts.push([index, text]);
        if (slot[0] === "e") slots.get(slot).element?.classList.add(step.phase === "reverse" ? "gradient" : "value");
    }
});

function fill(at) {
    for (const {element, texts} of slots.values()) {
        if (!element) continue;
        const text = texts.findLast(([index]) => index <= at)?.[1] ?? null;
        element.classList.toggle("unknown", text === null);
        if (text === null ? element.closest(".row") : element.textContent !== text) {
            element.textContent = text ?? "";
            if (element.closest(".row")) element.title = text ?? "";
        }
    }
}

// The steps.

let at = -1;

function go(step) {
    const next = Math.max(0, Math.min(data.steps.length - 1, step));
    if (next === at) return;
    at = next;
    const {phase, place, text, sentence, arrays} = data.steps[at];
    slider.value = String(at);
    slider.setAttribute("aria-valuetext", `${at + 1} of ${data.steps.length}, ${phase} pass`);
    document.getElementById("count").textContent = `${at + 1} of ${data.steps.length} · ${phase} pass`;
    document.querySelector("#line code").textContent = text;
    document.getElementById("line").className = phase === "reverse" ? "gradient" : "value";
    document.getElementById("sentence").textContent = sentence;
    panels(arrays);
    document.getElementById("back").disabled = at === 0;
    document.getElementById("next").disabled = at === data.steps.length - 1;
    fill(at);
    markNow(members[place]);
    show(members[place]);
}

function stepOf(key) {
    const places = placesOf.get(key) ?? [];
    const computed = data.steps.findIndex((step) => places.includes(step.place) && members[step.place].includes(key));
    return computed === -1 ? at : computed;
}

// Arrays: a heat map, and numbers on demand.

function make(name, text, className) {
    const element = document.createElement(name);
    if (text) element.textContent = text;
    if (className) element.className = className;
    return element;
}

function heat(cells, label) {
    const canvas = document.createElement("canvas");
    canvas.width = cells[0].length;
    canvas.height = cells.length;
    const side = Math.max(3, Math.min(14, 64 / canvas.height, 120 / canvas.width));
    canvas.style.width = `${side * canvas.width}px`;
    canvas.style.height = `${side * canvas.height}px`;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", label);
    const style = getComputedStyle(document.documentElement);
    const pen = canvas.getContext("2d");
    const most = Math.max(...cells.flat().map((cell) => Math.abs(cell ?? 0))) || 1;
    cells.forEach((row, y) => row.forEach((cell, x) => {
        pen.globalAlpha = cell === null ? 1 : 0.06 + 0.94 * Math.abs(cell) / most;
        pen.fillStyle = style.getPropertyValue(cell === null ? "--ink" : cell < 0 ? "--below" : "--above");
        pen.fillRect(x, y, 1, 1);
    }));
    return canvas;
}

function table(numbers) {
    const body = make("table");
    for (const row of numbers) {
        const line = body.insertRow();
        for (const number of row) line.insertCell().textContent = number;
    }
    return body;
}

function panel({name, figure, cells, block, numbers, left}) {
    const box = make("div", "", "array");
    const title = make("div");
    title.append(make("code", name), ` ${figure}`);
    const details = document.createElement("details");
    details.append(make("summary", "numbers"), table(numbers));
    if (left) details.append(make("p", `${left} more`, "note"));
    if (block) details.append(make("p", block, "note"));
    box.append(heat(cells, `heat map of ${name}, ${figure}`), title, details);
    return box;
}

function panels(arrays) {
    const legend = make("p", "", "note");
    legend.append(make("span", "\u25a0 ", "above"), "above zero ", make("span", "\u25a0 ", "below"), "below");
    document.getElementById("arrays").replaceChildren(...arrays.map(panel), ...(arrays.length ? [legend] : []));
}

// Light and dark.

function dress(theme) {
    document.documentElement.dataset.theme = theme;
    document.getElementById("theme").textContent = theme === "dark" ? "Light" : "Dark";
    if (at >= 0) panels(data.steps[at].arrays);
}

const preferred = matchMedia("(prefers-color-scheme: dark)");
preferred.addEventListener("change", () => dress(preferred.matches ? "dark" : "light"));
document.getElementById("theme").addEventListener("click", () =>
    dress(document.documentElement.dataset.theme === "dark" ? "light" : "dark"));

// Pointer and keys.

const main = document.querySelector("main");
main.addEventListener("mouseover", (event) => light(event.target));
main.addEventListener("mouseleave", () => light(null));
main.addEventListener("focusin", (event) => light(event.target));
main.addEventListener("focusout", () => light(null));
main.addEventListener("click", (event) => {
    if (String(getSelection())) return;
    const [key] = keysAt(event.target);
    if (key) go(stepOf(key));
});
slider.addEventListener("input", () => go(Number(slider.value)));
document.getElementById("back").addEventListener("click", () => go(at - 1));
document.getElementById("next").addEventListener("click", () => go(at + 1));

// One stop for the tabulator in every pane: the arrows lead on from there.
function walk(from, by) {
    const all = [...from.closest(".scroll").querySelectorAll(".row, [data-line]")];
    const to = all[all.indexOf(from) + by];
    if (!to) return;
    from.setAttribute("tabindex", "-1");
    to.setAttribute("tabindex", "0");
    to.focus();
}

const STEPS = {ArrowLeft: () => at - 1, ArrowRight: () => at + 1, Home: () => 0, End: () => data.steps.length - 1};

document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const item = event.target.closest(".row, [data-line]");
    if (event.key in STEPS) go(STEPS[event.key]());
    else if (item && event.key === "ArrowDown") walk(item, 1);
    else if (item && event.key === "ArrowUp") walk(item, -1);
    else if (item && event.key === "Enter") go(stepOf(keysAt(item)[0]));
    else return;
    event.preventDefault();
});

dress(preferred.matches ? "dark" : "light");
go(0);
