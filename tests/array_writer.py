"""Writes random functions of arrays: every line is run where it is written, at the program's own arguments."""

from __future__ import annotations

import ast
import random
import warnings
from dataclasses import replace

import numpy as np
from array_blanks import Array, Text, productions
from array_expressions import REFUSED, Expressions, Scope
from array_productions import STATEMENTS
from array_programs import Program, typed

NAMES = (
    "x", "y", "w", "b", "a", "c", "h", "s", "z", "u", "X", "W", "dx", "dh", "out", "dout", "cache", "mask", "t", "t1",
    "d", "scores", "mu", "axis", "value", "grad", "shape", "_x", "unbroadcast", "np_", "λ",
)  # fmt: skip
SIZES = ("N", "D", "M", "n", "k", "rows")
DIMS = {1: "1", 2: "N", 3: "D", 4: "C"}
BOUND = productions(STATEMENTS)


def seeded(seed: int) -> Program:
    """A program that reads one of its parameters at least; one in seven is in single precision."""
    numbers = random.Random(seed)
    while not (program := _Module(numbers.randrange).program()).wrt:
        pass
    return replace(program, seed=seed)


class _Module(Expressions):
    """The writer of statements, and of the whole module."""

    def program(self) -> Program:
        name = self.fresh(("program", "loss", "forward", "model"))
        numbers = random.Random(self.pick(1 << 16))
        dims = [self.some((1, 2, 3, 3, 4)) for _ in range(3)]
        args: dict[str, Array] = {}
        for _ in range(1 + self.pick(4)):
            rank = self.some((0, 1, 1, 2, 2, 2, 3))
            shape = tuple(self.some((*dims, *dims, 1)) for _ in range(rank))
            flat = [numbers.uniform(-2, 2) for _ in range(int(np.prod(shape)))]
            args[self.fresh(NAMES)] = typed(np.array(flat).reshape(shape), self.dtype)
        scope = Scope(dict(args))
        body = [line for _ in range(3 + self.pick(10)) for line in self.statement(scope)]
        body.append(f"return {self.result(scope)}")
        said = {p: " ".join(DIMS[n] for n in np.shape(value)) for p, value in args.items()}
        manner = self.some(("documented", "documented", "annotated"))
        return Program(tuple(self.lines), tuple(args), tuple(body), name, args, said, manner)

    def result(self, scope: Scope) -> Text:
        kind = self.pick(5)
        recent = [*scope.values][-4:]
        if kind < 2:
            values = [self.some([*recent, *scope.values]) for _ in range(2 + self.pick(4))]
            terms = [f"{self.some(('np.sum', 'np.mean', 'np.sum'))}({v})" for v in values]
            return " + ".join(terms)
        if kind == 2:
            return ", ".join(self.some(recent) for _ in range(2 + self.pick(2)))
        return recent[-1] if kind == 3 else self.found(scope, 2)[0]

    def statement(self, scope: Scope) -> list[str]:
        kind = self.pick(28)
        if kind > 23:
            return self.bound(scope)
        if kind == 0:
            return self.sized(scope)
        if kind == 1 and self.depth == 0:
            return self.branch(scope)
        if kind == 2:
            old, new = self.some([*scope.values]), self.target(scope)
            scope.own.discard(old)
            scope.bind(new, scope.values[old], False)
            return [f"{new} = {old}"]
        if kind == 3 and (owned := [n for n in scope.own if n in scope.values]):
            return self.added(scope, self.some(sorted(owned)))
        if kind == 4:
            (one, a), (two, b) = self.found(scope, 1), self.found(scope, 1)
            first, second = self.target(scope), self.target(scope)
            if first == second:
                return []
            scope.bind(first, a, False)
            scope.bind(second, b, False)
            return [f"{first}, {second} = {one}, {two}"]
        text, value = self.found(scope, 2)
        name = self.target(scope)
        for other in [n for n in scope.own if n in text]:  # what the value may be a view of
            scope.own.discard(other)
        scope.bind(name, value, isinstance(ast.parse(text, mode="eval").body, ast.BinOp))
        return [f"{name} = {text}"]

    def bound(self, scope: Scope) -> list[str]:
        """Lines of the table of statements: names for several values at once."""
        one, before = self.operand(scope, 1), set(self.taken)
        new: list[str] = []

        def name() -> Text:
            new.append(next((n for _ in range(9) if (n := self.target(scope)) not in new), "spare"))
            return new[-1]

        text = one and self.written(
            self.some(BOUND), one, scope, {"new": name, "mid": name, "y": lambda: self.atom(scope)}
        )
        found = {**self.module, **scope.values, **scope.sizes}
        try:
            with warnings.catch_warnings(), np.errstate(all="raise"):
                warnings.simplefilter("error")
                exec(text or "raise TypeError", found)
        except REFUSED:
            self.taken = before
            return []
        kept = {name: value for name, value in scope.values.items() if name not in new}
        made = {name: found[name] for name in new if self.moderate(found[name])}
        if not kept and not made:
            return []
        scope.values, scope.own = {**kept, **made}, set()
        scope.sizes = {name: size for name, size in scope.sizes.items() if name not in new}
        return text.split("\n")

    def target(self, scope: Scope) -> str:
        if scope.values and self.once_in(4):
            return self.some([*scope.values])
        return self.fresh(NAMES) if len(self.taken) < len(NAMES) else self.some([*scope.values])

    def added(self, scope: Scope, name: str) -> list[str]:
        op = self.some(("+=", "+=", "-=", "*="))
        for _ in range(6):
            text, _ = self.found(scope, 1)
            total = self.run(f"{name} {op[0]} ({text})", scope)
            if total is not None and np.shape(total) == np.shape(scope.values[name]):
                scope.values[name] = total
                return [f"{name} {op} {text}"]
        return []

    def sized(self, scope: Scope) -> list[str]:
        arrays = [n for n, v in scope.values.items() if isinstance(v, np.ndarray)]
        if not arrays:
            return []
        name = self.some(arrays)
        shape = scope.values[name].shape
        free = [n for n in SIZES if n not in scope.sizes and n not in self.taken]
        if len(free) < len(shape) or not shape:
            return []
        if self.once_in(3):
            scope.sizes[free[0]] = shape[0]
            return [f"{free[0]} = {self.some((f'{name}.shape[0]', f'len({name})', f'np.shape({name})[0]'))}"]
        names = free[: len(shape)]
        scope.sizes.update(zip(names, shape, strict=True))
        if len(names) == 1:
            return [f"{names[0]} = {name}.shape[0]" if self.once_in(2) else f"{names[0]}, = {name}.shape"]
        return [f"{', '.join(names)} = {name}.shape"]

    def branch(self, scope: Scope) -> list[str]:
        test = self.condition(scope)
        if test is None:
            return []
        self.depth += 1
        name = self.target(scope)
        then, orelse = scope.copy(), scope.copy()
        one, two = [line for _ in range(self.pick(2)) for line in self.statement(then)], []
        text, a = self.found(then, 2)
        other, b = self.found(orelse, 2)
        if np.shape(a) != np.shape(b) and self.pick(6):
            atom = self.some([*scope.values])
            one, text, other, then = [], f"np.sin({atom})", f"0.5 * {atom}", scope.copy()
            a, b = (self.run(t, scope) for t in (text, other))
        self.depth -= 1
        if a is None or b is None:
            return []
        holds = bool(eval(test, self.module, {**scope.values, **scope.sizes}))
        inner = then if holds else orelse
        both = then.values.keys() & orelse.values.keys()
        kept = {n: v for n, v in inner.values.items() if n in both}
        scope.values, scope.sizes = kept, {n: v for n, v in scope.sizes.items() if n in inner.sizes}
        scope.own = set()
        if name in scope.values and self.once_in(3):  # without an else
            alike = np.shape(scope.values[name]) == np.shape(a)
            if alike and not one:
                scope.bind(name, a if holds else scope.values[name], False)
                return [f"if {test}:", f"    {name} = {text}"]
        scope.bind(name, a if holds else b, False)
        two = [f"    {name} = {other}"]
        return [f"if {test}:", *(f"    {line}" for line in one), f"    {name} = {text}", "else:", *two]
