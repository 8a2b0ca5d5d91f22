"""What a user's type checker sees: `mypy --strict` over small modules of user code."""

import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping
from textwrap import indent

import pytest

HEAD = """\
from typing import Any, assert_type

import srcgrad
from srcgrad import SrcgradError, grad, jvp, split, trace, value_and_grad, vjp


def f(x: float, y: float, n: int = 2) -> float:
    return x * y


"""

# A line with an ignore is one that must be an error: strict mypy reports an ignore that is not needed.
CASES = {
    "the parameters of grad are those of the function": """
        df = grad(f)
        df(1.0, 2.0)
        df(1.0, y=2.0, n=3)
        df(1.0)  # type: ignore[call-arg]
        df(1.0, 2.0, z=3)  # type: ignore[call-arg]
        df("1", 2.0)  # type: ignore[arg-type]
    """,
    "one name or position gives a bare gradient": """
        assert_type(grad(f, wrt="x")(1.0, 2.0), Any)
        assert_type(grad(f, wrt=0)(1.0, 2.0), Any)
        grad(f, wrt="x")(1.0)  # type: ignore[call-arg]
    """,
    "several give a tuple": """
        assert_type(grad(f, wrt=("x", "y"))(1.0, 2.0), tuple[Any, ...])
        assert_type(grad(f, wrt=("x", 1))(1.0, 2.0), tuple[Any, ...])
    """,
    "grad is a decorator": """
        @grad
        def g(x: float, y: float) -> float:
            return x * y

        assert_type(g(1.0, y=2.0), Any)
        g(1.0)  # type: ignore[call-arg]
    """,
    "grad is a decorator with arguments": """
        @grad(wrt="x")
        def g(x: float, y: float) -> float:
            return x * y

        @grad(wrt=("x", "y"))
        def h(x: float, y: float) -> float:
            return x * y

        @grad()
        def k(x: float) -> float:
            return x

        assert_type(g(1.0, 2.0), Any)
        assert_type(h(1.0, 2.0), tuple[Any, ...])
        g(1.0)  # type: ignore[call-arg]
        h("1", 2.0)  # type: ignore[arg-type]
        k(1.0, 2.0)  # type: ignore[call-arg]
    """,
    "value_and_grad keeps the type of the value": """
        assert_type(value_and_grad(f)(1.0, 2.0), tuple[float, Any])
        assert_type(value_and_grad(f, wrt="x")(1.0, 2.0), tuple[float, Any])
        assert_type(value_and_grad(f, wrt=("x", "y"))(1.0, 2.0), tuple[float, tuple[Any, ...]])
        value_and_grad(f)(1.0)  # type: ignore[call-arg]
    """,
    "value_and_grad is a decorator": """
        @value_and_grad
        def g(x: float) -> float:
            return x * x

        @value_and_grad(wrt="x")
        def h(x: float) -> float:
            return x * x

        assert_type(g(1.0), tuple[float, Any])
        assert_type(h(1.0), tuple[float, Any])
        g("1")  # type: ignore[arg-type]
    """,
    "value_and_grad is a decorator for several": """
        @value_and_grad(wrt=("x", "y"))
        def g(x: float, y: float) -> float:
            return x * y

        assert_type(g(1.0, 2.0), tuple[float, tuple[Any, ...]])
    """,
    "jvp gives the value and its tangent": """
        assert_type(jvp(f)(1.0, 0.0, 1.0, 2.0), tuple[float, Any])
        assert_type(jvp(f, wrt="x")(1.0, 1.0, 2.0), tuple[float, Any])

        @jvp(wrt="x")
        def g(x: float) -> float:
            return x * x

        assert_type(g(1.0, 1.0), tuple[float, Any])
    """,
    "vjp takes upstream gradients first": """
        assert_type(vjp(f)(1.0, 1.0, 2.0), Any)

        @vjp
        def g(x: float) -> float:
            return x * x

        g(1.0, 1.0)
    """,
    "split gives a pair": """
        forward, backward = split(f, wrt=("x", "y"))
        out, cache = forward(1.0, 2.0)
        backward(1.0, cache)
    """,
    "a derived function has its text": """
        assert_type(grad(f).source, str)
        assert_type(value_and_grad(f, wrt="x").source, str)

        @srcgrad.grad
        def g(x: float) -> float:
            return x * x

        print(g.source)
    """,
    "a derived function is derived again": """
        grad(grad(f, wrt="x"), wrt="y")(1.0, 2.0)
        jvp(grad(f))
        grad(grad(f, wrt="x"), wrt="y")(1.0)  # type: ignore[call-arg]
    """,
    "a trace is printed": """
        print(trace(f))
        assert_type(str(trace(f)), str)
    """,
    "what is no function is refused": """
        grad(3)  # type: ignore[call-overload]
        grad(f, "x")  # type: ignore[call-overload]
        grad(f, wrt=1.5)  # type: ignore[call-overload]
    """,
    "an error says where": """
        try:
            grad(f)
        except SrcgradError as error:
            assert_type(error.filename, str)
            assert_type(error.line, int)
            assert_type(error.column, int)
    """,
}


def module_name(title: str) -> str:
    return title.replace(" ", "_") + ".py"


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[str]]:
    """What mypy says of each module; one run for all of them."""
    folder = tmp_path_factory.mktemp("user")
    for title, body in CASES.items():
        text = f"{HEAD}def use() -> None:\n{indent(body.strip().replace(chr(10) + ' ' * 8, chr(10)), '    ')}\n"
        (folder / module_name(title)).write_text(text, encoding="utf-8")
    options = ["--strict", "--config-file=", "--no-error-summary", f"--cache-dir={folder / 'cache'}"]
    command = [sys.executable, "-m", "mypy", *options, "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)
    assert not done.stderr
    assert done.returncode in (0, 1)
    found = defaultdict[str, list[str]](list)
    for row in done.stdout.splitlines():
        found[row.partition(":")[0]].append(row)
    assert set(found) <= set(map(module_name, CASES)), done.stdout
    return found


@pytest.mark.parametrize("title", CASES)
def test_user_code_is_typed(title: str, complaints: Mapping[str, list[str]]) -> None:
    assert not complaints.get(module_name(title))
