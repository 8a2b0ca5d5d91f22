"""How a function of a library is written under the imports that a text has."""

from __future__ import annotations


def spelled(path: str, known: dict[str, str]) -> tuple[str, str]:
    """A library function as a text writes it that has the imports `known`; and the import that it still needs."""
    outer, _, inner = path.rpartition(".")
    if path in known:
        return known[path], ""
    if outer in known:
        return f"{known[outer]}.{inner}", ""
    module, function = placed(path)
    if module in known:
        return f"{known[module]}.{function}", ""
    if module.startswith("numpy.") and "numpy" in known:  # np.linalg.norm, np.multiply.outer
        return f"{known['numpy']}.{path.removeprefix('numpy.')}", ""
    alias = {"numpy": "np"}.get(module, module)
    return f"{alias}.{function}", f"import {module}" + (f" as {alias}" if alias != module else "")


def placed(path: str) -> tuple[str, str]:
    """The module to import for a library function, and the function in it: numpy has np.add.outer and np.linalg.inv."""
    if path.startswith("numpy."):
        return "numpy", path.removeprefix("numpy.")
    module, _, function = path.rpartition(".")
    return module, function
