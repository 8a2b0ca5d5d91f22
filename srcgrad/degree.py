"""How often the upstream gradient is a factor of the parts of a rule, so that the whole can be seen to be linear in it.

None stands for a zero, of which it may be a factor any number of times, and 2 for what is not linear.
"""

from __future__ import annotations

import ast


def degree(node: ast.expr, upstream: str) -> int | None:
    """How often `upstream` is a factor of an expression.

    A call is taken to be linear in the one argument that has it, as np.dot is.
    """
    chain: list[ast.BinOp] = []
    while isinstance(node, ast.BinOp):
        chain.append(node)
        node = node.left
    found = _of(node, upstream)
    for link in reversed(chain):
        found = _combined(link.op, found, degree(link.right, upstream))
    return found


def _of(node: ast.expr, upstream: str) -> int | None:
    if isinstance(node, ast.Constant) and node.value == 0:
        return None
    if isinstance(node, ast.Name):
        return int(node.id == upstream)
    if isinstance(node, ast.IfExp):
        arms = {degree(node.body, upstream), degree(node.orelse, upstream)} - {None}
        return 2 if degree(node.test, upstream) or len(arms) > 1 else arms.pop() if arms else None
    parts = [part for part in ast.iter_child_nodes(node) if isinstance(part, (ast.expr, ast.keyword))]
    total = sum(degree(part.value if isinstance(part, ast.keyword) else part, upstream) or 0 for part in parts)
    return 2 if isinstance(node, ast.Compare) and total else total


def _combined(op: ast.operator, left: int | None, right: int | None) -> int | None:
    """The degree of an operation on parts of these degrees."""
    if isinstance(op, (ast.Add, ast.Sub)):
        found = {left, right} - {None}
        return 2 if len(found) > 1 else found.pop() if found else None
    if isinstance(op, (ast.Mult, ast.MatMult)):
        return None if left is None or right is None else left + right
    if isinstance(op, ast.Div):
        return 2 if right else left
    return 2 if left or right else left
