"""srcgrad: gradients as source code you can read, own and ship.

`grad`, `value_and_grad`, `vjp`, `jvp` and `split` derive a function from a function; what they return is plain Python
whose text is its `.source`. `trace` shows the Wengert list. Everything refused raises `SrcgradError`.
"""

__version__ = "0.1.0"

TYPE_CHECKING = False  # what type checkers take for true; `typing` itself would double the time of the import

if TYPE_CHECKING:
    from srcgrad.api import grad, jvp, split, trace, value_and_grad, vjp
    from srcgrad.errors import SrcgradError

__all__ = ["SrcgradError", "grad", "jvp", "split", "trace", "value_and_grad", "vjp"]


def __getattr__(name: str) -> object:
    """Import a public name when it is first used, so that `import srcgrad` costs nothing (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module("srcgrad.errors" if name == "SrcgradError" else "srcgrad.api"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
