"""The book in print: as a list, a gate whole, and as the page docs/gates.md."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from textwrap import fill, indent

from srcgrad.catalogue import Chapter, Entry

_WIDTH = 120

_INTRODUCTION = """# The gates

<!-- Written by `srcgrad gates --markdown`; do not edit. -->

What srcgrad knows of each operation, as it stands in the rooms of `srcgrad/gates/`. The first line of each block is the
line that is differentiated; below it are the lines that srcgrad writes for its backward pass, in the manner of the
cs231n notes: `dy` is the gradient of the loss with respect to `y`, and it is there when the line for `dx` runs.

```python
y = np.tanh(x)
dx = (1 - y**2) * dy
```

- An *elementwise* gate works item by item: its result is broadcast from its operands, and each gradient is summed back
  to the shape of its operand. Its tangent is the same slope times `dx`.
- A *linear* gate hands tangents on as it hands values on: forward mode is the line itself, with tangents for operands.
- A *bilinear* gate is linear in each of two operands: its tangent is the sum of the two lines.
- A *general* gate says what its tangent is: those are the lines below `# forward mode`.
- Through a gate that *stops* the gradient nothing passes: it is constant, or constant between its steps.

An `if` is decided while code is generated, by the settings that a call has and by the shapes that are known; only what
is left open is written as a conditional expression, and as `np.where` where it asks the items of arrays. A line such as
`dx[index] += dy` adds into a gradient that begins as zeros. Names in lower case that are no functions of Python's are
[worked out then too](#words-of-the-rules). `x.mT` is `x.T` of a matrix, and of a stack of matrices that with the last
two axes swapped. Where a spelling has a parameter with `=`, it goes by keyword only; what a call leaves out is what
stands behind its spelling, `with lower=True`, or behind all of them, and what no spelling has is refused. Plain Python
is differentiated in plain Python: `math.cos` where these lines say `np.cos`; `itself` is the function that the spelling
calls, `family` the module, or the distribution, of which that is one.

Below the lines stands what a gate gives at a kink, where its function has one ([the table of the rule
book](rule-book.md) is run by the tests), and the source of its lines: the formulas of a reference, a paper, the notes.
"""

_STOPS = "Nothing passes: constant, or constant between steps."


def markdown(book: Sequence[Chapter], words: Mapping[str, str]) -> str:
    """The page of the whole book; `words` are those of its rules that are no functions, with what they stand for."""
    contents = [f"- [{chapter.title}](#{_anchor(chapter.title)}): {_names(chapter)}" for chapter in book]
    parts = [_INTRODUCTION, *(_wrapped(row, "  ") for row in contents), ""]
    for chapter in book:
        parts += [f"## {chapter.title}\n", *_paragraphs(chapter.text)]
        parts += map(_section, chapter.entries)
    parts += ["## Words of the rules\n", "| Word | What it stands for |", "| --- | --- |"]
    parts += [f"| `{word}` | {meaning} |" for word, meaning in words.items()]
    return "\n".join(parts).rstrip("\n") + "\n"


def listing(book: Sequence[Chapter]) -> str:
    """Every gate in a row: its name, its algebra, how it is written."""
    width = max(len(entry.name) for chapter in book for entry in chapter.entries)
    rows: list[str] = []
    for chapter in book:
        rows += ["", f"{chapter.title}: {chapter.text}"]
        for entry in chapter.entries:
            row = f"  {entry.name:{width}}  {entry.algebra:11}  {', '.join(entry.spellings)}"
            rows.append(
                row if len(row) <= _WIDTH else f"{row[: _WIDTH - 4].rpartition(', ')[0] or row[: _WIDTH - 4]}, ..."
            )
    return "\n".join(rows[1:])


def whole(entry: Entry) -> str:
    """A gate with all that the book has on it."""
    rows = [f"{entry.name}: {entry.algebra}", *(f"    {text}" for text in entry.spellings)]
    rows += [f"left out: {', '.join(entry.defaults)}"] if entry.defaults else []
    rows += ["", indent(_code(entry) or _STOPS, "    ")] if _code(entry) or entry.algebra == "stops" else []
    for text in _words(entry):
        rows += ["", fill(text, _WIDTH)]
    return "\n".join(rows)


def _words(entry: Entry) -> list[str]:
    """What the book says of a gate, beside its lines."""
    parts = {"": entry.note, "At a kink: ": entry.kink, "Source: ": entry.source}
    return [label + text for label, text in parts.items() if text]


def _section(entry: Entry) -> str:
    ways = [f"`{text}`" for text in entry.spellings]
    parts = [f"### {entry.title}\n"]
    if any(" where " in text or " if " in text for text in entry.spellings):
        parts += [f"*{entry.algebra}*, written across lines:\n", *(_wrapped(f"- {way}", "  ") for way in ways), ""]
    else:
        left_out = f"; left out, {', '.join(f'`{text}`' for text in entry.defaults)}" if entry.defaults else ""
        parts += [_wrapped(f"*{entry.algebra}*: {', '.join(ways)}{left_out}"), ""]
    parts += [f"```python\n{_code(entry)}\n```\n"] if _code(entry) else []
    return "\n".join([*parts, *_paragraphs(*_words(entry))])


def _code(entry: Entry) -> str:
    """The line that is differentiated, and those that come of it."""
    if not entry.backward:
        return ""
    forward = f"\n\n# forward mode\n{entry.tangents}" if entry.tangents else ""
    return f"{entry.forward}\n{entry.backward}{forward}"


def _names(chapter: Chapter) -> str:
    return ", ".join(entry.title for entry in chapter.entries)


def _paragraphs(*texts: str) -> list[str]:
    return [part for text in texts if text for part in (_wrapped(text), "")]


def _wrapped(text: str, indent_: str = "") -> str:
    """A paragraph, with no line break in what is code."""
    kept = re.sub("`[^`]*`", lambda code: code[0].replace(" ", "\0"), text)
    filled = fill(kept, _WIDTH, subsequent_indent=indent_, break_long_words=False, break_on_hyphens=False)
    return filled.replace("\0", " ")


def _anchor(title: str) -> str:
    return title.lower().replace(" ", "-")
