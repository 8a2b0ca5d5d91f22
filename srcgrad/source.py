"""Text -> checked text -> one function: its libcst tree, and the places in the file that its statements have.

libcst ends the process on hostile nesting, so nothing reaches it before the checks here. Only the function at hand is
given to libcst, whose parser is slow; finding it, and every position, is the work of `ast`.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from types import CodeType

import libcst as cst

from srcgrad.collector import uncollected
from srcgrad.errors import Span, SrcgradError
from srcgrad.tree import children

MAX_BYTES = 1 << 20
ANONYMOUS = "anonymous"
"""What a lambda is called, in the name of its derivative."""

_UNREAD = (
    ast.Lambda,
    ast.comprehension,
    ast.JoinedStr,
    ast.arguments,
    ast.Dict,
    ast.Set,
    ast.ListComp,
    ast.GeneratorExp,
)
"""Where the printer of libcst is at work, which a long chain of operators overflows."""

MAX_DEPTH = 200
MAX_CHAIN = 2000


@dataclass(frozen=True)
class Text:
    """A source file whose text is known to parse and to be safe for libcst."""

    filename: str
    text: str
    tree: ast.Module

    @cached_property
    def code(self) -> CodeType:
        """The text compiled; SyntaxError where it parses but does not compile."""
        return compile(self.text, self.filename, "exec", dont_inherit=True)

    @cached_property
    def lines(self) -> list[str]:
        # As Python's tokenizer counts lines, which str.splitlines does not.
        return io.StringIO(self.text).readlines()

    def span(self, node: ast.AST) -> Span:
        """Where `node` of this file stands."""
        line, start = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        text = self.lines[line - 1] if line <= len(self.lines) else ""
        end = getattr(node, "end_col_offset", None) if getattr(node, "end_lineno", line) == line else len(text.encode())
        return Span(
            self.filename, line, _column(text, start) + 1, _column(text, end or start) - _column(text, start), text
        )

    def segment(self, node: ast.expr) -> str:
        """The text of an expression, on one line."""
        text = self.cut(node)
        return text if node.lineno == node.end_lineno else _on_one_line(text)

    def cut(self, node: ast.expr | ast.stmt) -> str:
        """The lines of a node, from where it begins to where it ends."""
        rows = self.lines[node.lineno - 1 : node.end_lineno]
        rows[-1] = rows[-1].encode()[: node.end_col_offset].decode()
        rows[0] = rows[0].encode()[node.col_offset :].decode()
        return "".join(rows)

    def statement(self, node: ast.stmt) -> str:
        """The text of a statement with its comment; without the other statements of its line."""
        rows = self.lines[node.lineno - 1 : node.end_lineno]
        before, behind = rows[0].encode()[: node.col_offset], rows[-1].encode()[node.end_col_offset :].strip()
        alone = not before.strip() and (not behind or behind.startswith(b"#"))
        return "".join(rows).strip() if alone else self.cut(node)


def _on_one_line(text: str) -> str:
    """An expression without its line ends and comments."""
    found = ""
    end = (1, 1)
    for token in tokenize.generate_tokens(io.StringIO(f"({text})").readline):
        if token.type in (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENDMARKER):
            continue
        bracket = found[-1:] in ("(", "[", "{") or token.string in (")", "]", "}")
        gap = token.start[1] - end[1] if token.start[0] == end[0] else int(not bracket)
        found += " " * gap + token.string
        end = token.end
    return found[1:-1].strip()


@dataclass(frozen=True)
class Function:
    """One function of a file: `node` says where its parts stand, `tree` what its text is."""

    source: Text
    node: ast.FunctionDef
    tree: cst.FunctionDef

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def place(self) -> tuple[str, int, int]:
        """What tells it from every other function."""
        return self.source.filename, self.node.lineno, self.node.col_offset

    @property
    def text(self) -> str:
        """The function's own lines, decorators included."""
        return "".join(self.source.lines[first_line(self.node) - 1 : self.node.end_lineno])


def first_line(node: ast.FunctionDef) -> int:
    """The first line of a function, its decorators included, as `code.co_firstlineno` counts."""
    return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])


def decode(data: bytes, filename: str) -> str:
    """The text of a source file (PEP 263), its line ends made line feeds.

    Raises SrcgradError where the bytes are too many or not in the encoding that they declare.
    """
    _limit(len(data), filename)
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = data.decode(encoding)
    except (SyntaxError, UnicodeError, LookupError) as error:
        raise SrcgradError(
            f"{filename} cannot be decoded: {error}",
            Span(filename, 1, 1, 1, ""),
            "save it as UTF-8, without a coding line",
        ) from None
    return io.StringIO(text, newline=None).read()


@lru_cache(maxsize=16)
def check(text: str, filename: str) -> Text:
    """`text` parsed by `ast`; SrcgradError where it is no Python, or too large or too deep to be read safely.

    A function of text alone: the last few answers are kept, since the functions of one file ask for it again and again.
    """
    _limit(len(text), filename)
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        line, column = error.lineno or 1, error.offset or 1
        row = io.StringIO(text).readlines()[line - 1 : line]
        raise SrcgradError(
            f"not valid Python: {error.msg}", Span(filename, line, max(column, 1), 1, "".join(row))
        ) from None
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        reason = str(error) or "nested too deeply"
        raise SrcgradError(f"not readable as Python: {reason}", Span(filename, 1, 1, 1, "")) from None
    source = Text(filename, text, tree)
    _check_depth(source)
    return source


def _limit(size: int, filename: str) -> None:
    if size > MAX_BYTES:
        raise SrcgradError(
            f"{filename} is larger than {MAX_BYTES >> 20} MiB", Span(filename, 1, 1, 1, ""), "split the file"
        )


def _check_depth(source: Text) -> None:
    """Refuse nesting that libcst does not survive; a left-deep chain of operators counts as one level."""
    stack: list[tuple[ast.AST, int, int, bool]] = [(source.tree, 0, 0, True)]
    while stack:
        node, depth, chain, read = stack.pop()
        row = (
            len(node.values) if isinstance(node, ast.BoolOp) else len(node.ops) if isinstance(node, ast.Compare) else 0
        )
        if depth > MAX_DEPTH or max(chain, row) > MAX_CHAIN:
            limit = f"{MAX_DEPTH} levels" if depth > MAX_DEPTH else f"{MAX_CHAIN} operators in a row"
            raise SrcgradError(
                f"nested too deeply: more than {limit}", source.span(node), "split it into several statements"
            )
        left = node.left if isinstance(node, ast.BinOp) and read else None
        read = read and not isinstance(node, _UNREAD)
        for child in children(node):
            if child is left and isinstance(child, ast.BinOp):
                stack.append((child, depth, chain + 1, read))
            else:
                stack.append((child, depth + 1, 0, read))


def functions(source: Text) -> list[ast.FunctionDef]:
    """The top-level functions of a file, in order."""
    return [node for node in source.tree.body if isinstance(node, ast.FunctionDef)]


def find(source: Text, line: int) -> ast.FunctionDef | None:
    """The function whose first line, decorators included, is `line`."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef) and first_line(node) == line:
            return node
    return None


def definitions(source: Text) -> Iterator[tuple[str, ast.FunctionDef, tuple[ast.AST, ...]]]:
    """Every function of a file by the names of the classes and functions around it, with these and any other block."""
    stack: list[tuple[ast.AST, str, tuple[ast.AST, ...]]] = [(source.tree, "", ())]
    while stack:
        node, prefix, around = stack.pop()
        for child in reversed([child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.expr)]):
            named = isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
            inner = f"{prefix}{getattr(child, 'name', '')}." if named else prefix
            stack.append((child, inner, around if isinstance(node, ast.Module) else (*around, node)))
        if isinstance(node, ast.FunctionDef):
            yield prefix.rstrip("."), node, around


def check_method(source: Text, node: ast.FunctionDef, around: tuple[ast.AST, ...]) -> None:
    """Refuse a function whose text does not say what its names are: one of a class that is no static method."""
    if not around or not isinstance(around[-1], ast.ClassDef):
        return
    if not any(isinstance(mark, ast.Name) and mark.id == "staticmethod" for mark in node.decorator_list):
        raise SrcgradError(
            f"{node.name} is a method of {around[-1].name}, and what an object or a class holds is not read",
            source.span(node),
            "make it a @staticmethod that takes the numbers it needs",
        )
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and part.id.startswith("__") and not part.id.endswith("__"):
            raise SrcgradError(
                f"{part.id} has another name inside the class {around[-1].name}", source.span(part), "rename it"
            )


def read(source: Text, node: ast.FunctionDef) -> Function:
    """The function at `node`, given to libcst with its indentation kept."""
    text = "".join(source.lines[first_line(node) - 1 : node.end_lineno])
    indented = node.col_offset > 0
    try:
        with uncollected():
            module = cst.parse_module("if 1:\n" + text if indented else text)
    except cst.ParserSyntaxError as error:
        raise SrcgradError(
            f"libcst cannot parse this: {error.message}", source.span(node), "lay it out plainly"
        ) from None
    outer = module.body[0]
    tree = outer.body.body[0] if isinstance(outer, cst.If) else outer
    assert isinstance(tree, cst.FunctionDef)
    return Function(source, node, tree)


def read_lambda(source: Text, node: ast.Lambda) -> Function:
    """A lambda as the function that it is short for."""
    tree = cst.parse_expression(f"({source.cut(node)})")
    assert isinstance(tree, cst.Lambda)
    returned = ast.copy_location(ast.Return(node.body), node.body)
    returned.col_offset -= len("return ")
    named = ast.FunctionDef(ANONYMOUS, node.args, [returned], [], None, None)
    body = cst.SimpleStatementSuite([cst.Return(tree.body)])
    return Function(source, ast.copy_location(named, node), cst.FunctionDef(cst.Name(ANONYMOUS), tree.params, body))


def within(function: Function, statement: ast.AST, before: str, text: str) -> Span:
    """Where `text` stands in `statement`, of whose own text `before` comes first."""
    start = function.source.span(statement)
    rows = before.split("\n")
    line = start.line + len(rows) - 1
    column = start.column + len(before) if len(rows) == 1 else len(rows[-1]) + 1
    return Span(start.filename, line, column, len(text.split("\n")[0]), function.source.lines[line - 1])


def _column(text: str, offset: int) -> int:
    """Characters before a byte offset, which is what `ast` counts in."""
    return offset if text.isascii() else len(text.encode()[:offset].decode(errors="replace"))


def renamed(text: str, old: str, new: str) -> str:
    """The text of a definition, an assignment or a function, under another name."""
    return text if old == new else re.sub(r"^((?:def\s+)?)[^\s(=:]+", rf"\g<1>{new}", text, count=1)
