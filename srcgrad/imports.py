"""How a function of a library is written under the imports that a text has."""

from __future__ import annotations


def spelled(path: str, known: dict[str, str]) -> tuple[str, str]:
    """A library function as a text writes it that has the imports `known`; and the import that it still needs."""
    outer, _, inner = path.rpartition(".")
    module, function = placed(path)
    for one, rest in ((path, ""), (outer, f".{inner}"), (module, f".{function}")):
        if one in known:
            return f"{known[one]}{rest}", ""
    alias = {"numpy": "np"}.get(module, module)
    return f"{alias}.{function}", f"import {module}" + (f" as {alias}" if alias != module else "")


def placed(path: str) -> tuple[str, str]:
    """The module to import for a library function, and the function in it: numpy has np.add.outer and np.linalg.inv."""
    module, _, function = path.partition(".") if path.startswith("numpy.") else path.rpartition(".")
    return module, function
