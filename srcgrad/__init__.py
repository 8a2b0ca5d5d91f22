"""srcgrad: gradients as source code you can read, own and ship.

`grad`, `value_and_grad`, `vjp`, `jvp` and `split` derive a function from a function; what they return is plain Python
whose text is its `.source`. `trace` shows the Wengert list, `draw` the circuit; `check` holds derivatives against
differences. Everything refused raises `SrcgradError`.
"""

__version__ = "0.1.0"

TYPE_CHECKING = False  # what type checkers take for true; `typing` itself would double the time of the import

if TYPE_CHECKING:
    from srcgrad.api import explain, grad, jvp, split, value_and_grad, vjp
    from srcgrad.errors import SrcgradError
    from srcgrad.gate import bilinear, elementwise, gate, linear
    from srcgrad.look import check, draw, trace
    from srcgrad.stop import stop_gradient

_ROOMS = {
    "SrcgradError": "errors",
    "bilinear": "gate",
    "check": "look",
    "elementwise": "gate",
    "draw": "look",
    "explain": "api",
    "gate": "gate",
    "grad": "api",
    "jvp": "api",
    "linear": "gate",
    "load_ipython_extension": "notebook",
    "split": "api",
    "stop_gradient": "stop",
    "trace": "look",
    "unload_ipython_extension": "notebook",
    "value_and_grad": "api",
    "vjp": "api",
}

__all__ = [
    "SrcgradError",
    "bilinear",
    "check",
    "draw",
    "elementwise",
    "explain",
    "gate",
    "grad",
    "jvp",
    "linear",
    "split",
    "stop_gradient",
    "trace",
    "value_and_grad",
    "vjp",
]


def __getattr__(name: str) -> object:
    """Import a public name when it is first used, so that `import srcgrad` costs nothing (PEP 562)."""
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    room = import_module(f"srcgrad.{_ROOMS[name]}")
    # The room `gate` is callable: the import system binds it to the name of the decorator.
    value = room if name == "gate" else getattr(room, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
