"""The walls between the rooms: who may import whom, wherever in a module the import stands."""

import ast
import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "srcgrad"

# The rooms in the order of the corridor, and what each may import besides `errors` and `expr`. No room imports one
# that stands below it; a part of a room (`tiling` of `read`) is not seen from outside.
ROOMS = {
    # data
    "errors": "",
    "expr": "",
    "summing": "",
    "arithmetic": "summing",
    "lower": "",
    "collector": "",
    "tree": "",
    "source": "collector tree",
    "stop": "",
    "gate": "arithmetic lower source",
    "purity": "",
    "cover": "gate purity",
    "match": "cover gate lower purity",
    "bindings": "gate source tree",
    "modules": "bindings source",
    "imports": "",
    "scope": "bindings gate imports modules source tree",
    "own": "cover gate lower match scope source",
    "shape": "",
    "stated": "shape",
    "wengert": "gate scope shape source",
    "activity": "wengert",
    "layouts": "shape",
    "sizes": "layouts shape wengert",
    "spans": "layouts shape",
    "matrices": "layouts shape",
    "spectra": "layouts shape",
    "subscripts": "",
    "forms": "gate layouts matrices shape sizes spans spectra subscripts wengert",
    "law": "wengert",
    "aliases": "",
    "keys": "",
    "known": "keys shape",
    "staged": "shape wengert",
    "templating": "",
    "rules": "gate shape staged wengert",
    "extents": "arithmetic keys known shape staged wengert",
    "precision": "extents known shape staged",
    "decide": "arithmetic extents known layouts shape sizes spans subscripts",
    "composite": "gate",
    "numbering": "wengert",
    "proofs": "layouts numbering shape sizes wengert",
    "reuse": "wengert",
    "families": "gate wengert",
    "apply": "arithmetic decide extents families gate keys known reuse rules shape sizes staged wengert",
    # stages
    "read": "cover gate lower match purity scope shape source stated stop wengert tree",
    "shapes": "forms layouts purity shape sizes wengert",
    "group": "composite gate numbering proofs shape wengert",
    "backprop": "activity apply arithmetic extents keys known precision rules shape staged wengert",
    "tangents": "activity apply arithmetic extents gate keys known rules shape staged wengert",
    "tidy": "arithmetic keys shape staged wengert",
    "mutation": "aliases shape wengert",
    "memory": "aliases arithmetic keys shape staged",
    "names": "imports keys scope staged wengert",
    "write": "keys names shape staged templating wengert",
    "carry": "scope source stop tree",
    "show": "names staged wengert",
    # the book, the corridor, its two doors
    "gates": "composite gate match",
    "nearest": "cover gate match scope",
    "complex_numbers": "nearest scope wengert",
    "catalogue": "composite decide gate gates",
    "derive": "activity backprop carry collector complex_numbers gates group match memory mutation names nearest own "
    "read rules scope shape shapes show source staged tangents tidy wengert write",
    "arguments": "shape",
    "live": "gate imports modules scope source stop",
    "files": "source",
    "views": "arguments collector derive files gate keys names scope shape show source staged templating wengert write",
    "api": "arguments derive live views scope shape show source staged stated",
    "cli": "catalogue derive files modules scope shape show source staged stated tree views",
}
PARTS = {
    "answers": "read", "tiling": "read", "calling": "read", "order": "read", "statements": "read",
    "unpacking": "read", "record": "read", "frame": "read", "parameters": "read", "standing": "tidy",
    "signed": "tidy", "lives": "names", "wording": "write", "rulebody": "gate", "declared": "gate", "made": "shapes",
    "helpers": "decide",
    "cuts": "decide", "blocks": "decide", "gathers": "decide", "contractions": "decide", "gating": "read",
    "items": "read", "chosen": "derive",
    "unproved": "derive", "gathered": "backprop", "contributions": "backprop", "degree": "own", "livetext": "live",
    "facts": "derive", "dispatch": "api", "look": "api", "notebook": "api", "compiled": "api", "emit": "cli",
    "settings": "cli", "viewing": "cli", "published": "catalogue", "__main__": "cli",
}  # fmt: skip
STAGES = (
    "read",
    "shapes",
    "group",
    "backprop",
    "tangents",
    "mutation",
    "tidy",
    "memory",
    "names",
    "write",
    "carry",
    "show",
)
# What a stage hands on is data: all that anyone but `derive` may import from it.
HANDED_ON = {"names": {"Names"}, "carry": {"Carried"}, "show": {"Listing", "rows"}, "write": {"quoted"}}
# Third parties, and the only rooms that may import them.
OUTSIDE = {
    "libcst": {"source", "lower", "read", "gate", "own"},
    "jinja2": {"templating"},
    "numpy": {"views"},
    "matplotlib": {"views"},
    "pygments": {"views"},
}
LONGEST = 300


def imports(text: str) -> Iterator[tuple[str, str]]:
    """Every import of a text, in functions and under TYPE_CHECKING too: the module, and what is taken from it."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield from ((module, alias.name) for alias in node.names)
        elif (
            isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"srcgrad\.\w+", node.value)
        ):
            yield node.value, ""  # for import_module


def modules() -> dict[str, str]:
    """The text of every module by its name below the package."""
    paths = sorted(PACKAGE.rglob("*.py"))
    return {
        ".".join(path.relative_to(PACKAGE).with_suffix("").parts): path.read_text(encoding="utf-8") for path in paths
    }


TEXTS = modules()


def room_of(module: str) -> str:
    """The room that a module belongs to: `gates.elementary` to gates, `tiling` to read."""
    first = module.partition(".")[0]
    return PARTS.get(first, first)


def own_imports(module: str) -> Iterator[tuple[str, str]]:
    """The modules of the package that a module imports, and what it takes from each."""
    for path, name in imports(TEXTS[module]):
        root, _, target = path.partition(".")
        if root == "srcgrad" and (target or name != "__version__"):
            candidates = (f"{target}.{name}".strip("."), f"{target}.__init__", target)
            yield next(candidate for candidate in candidates if candidate in TEXTS), name


INNER = [module for module in TEXTS if module != "__init__"]  # the facade itself imports late, by name
every_module = pytest.mark.parametrize("module", INNER)


def test_every_room_is_in_the_table() -> None:
    assert {room_of(module) for module in INNER} == set(ROOMS)


@every_module
def test_imports_are_absolute(module: str) -> None:
    assert not [path for path, _ in imports(TEXTS[module]) if path.startswith(".")]


@every_module
def test_a_room_imports_what_the_table_allows(module: str) -> None:
    room = room_of(module)
    allowed = {room, "errors", "expr", *ROOMS[room].split()}
    assert {room_of(imported) for imported, _ in own_imports(module)} - allowed == set()


def test_no_import_runs_against_the_corridor() -> None:
    order = list(ROOMS)
    for room, allowed in ROOMS.items():
        assert set(allowed.split()) <= set(order[: order.index(room)]), room


def test_no_import_cycle_between_modules() -> None:
    graph = {module: {imported for imported, _ in own_imports(module)} for module in INNER}
    assert graph["derive"] >= {"backprop", "gates.__init__"}
    TopologicalSorter(graph).prepare()  # raises CycleError


@every_module
def test_a_stage_is_seen_only_by_derive(module: str) -> None:
    room = room_of(module)
    if room == "derive":
        return
    seen = [(room_of(imported), name) for imported, name in own_imports(module)]
    beyond = [(stage, name) for stage, name in seen if stage in STAGES and name not in HANDED_ON.get(stage, ())]
    assert [f"{stage}.{name}" for stage, name in beyond if stage != room] == []


@every_module
def test_only_derive_and_the_catalogue_import_the_book(module: str) -> None:
    if room_of(module) not in ("derive", "catalogue", "gates"):
        assert "gates" not in {room_of(imported) for imported, _ in own_imports(module)}


@pytest.mark.parametrize("room", ["tidy", "names", "write"])
def test_past_backprop_nobody_knows_a_gate(room: str) -> None:
    known = {room_of(imported) for imported, _ in own_imports(room)} & {"gate", "gates", "match", "rules"}
    reads = [
        node for node in ast.walk(ast.parse(TEXTS[room])) if isinstance(node, ast.Attribute) and node.attr == "gate"
    ]
    assert not known
    assert not reads


def test_the_two_doors_meet_only_in_derive_and_the_views() -> None:
    def reached(room: str) -> set[str]:
        seen, work = set[str](), [room]
        while work:
            at = work.pop()
            if at not in seen:
                seen.add(at)
                inside = (module for module in INNER if room_of(module) == at)
                work += [room_of(imported) for module in inside for imported, _ in own_imports(module)]
        return seen

    shared = reached("derive") | reached("views")
    assert not {"api", "cli", "live"} & shared
    assert not (reached("api") - shared) & (reached("cli") - shared)


@every_module
def test_third_parties_stay_in_their_rooms(module: str) -> None:
    found = {path.partition(".")[0] for path, _ in imports(TEXTS[module])} & set(OUTSIDE)
    assert not {party for party in found if room_of(module) not in OUTSIDE[party]}


def test_no_room_is_too_long() -> None:
    lengths = {module: len(text.splitlines()) for module, text in TEXTS.items() if room_of(module) != "gates"}
    assert {module: length for module, length in lengths.items() if length > LONGEST} == {}


def catches_all(text: str) -> list[int]:
    """The lines on which a text catches whatever is raised."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ExceptHandler):
            kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            if any(kind is None or ast.unparse(kind) in ("Exception", "BaseException") for kind in kinds):
                found.append(node.lineno)
    return found


@pytest.mark.parametrize("module", TEXTS)
def test_nobody_catches_everything(module: str) -> None:
    assert catches_all(TEXTS[module]) == []


# The eyes of these tests.


@pytest.mark.parametrize(
    "text",
    [
        "import srcgrad.tidy",
        "from srcgrad.tidy import tidy",
        "from srcgrad import tidy",
        "def f():\n    from srcgrad.tidy import tidy",
        "if TYPE_CHECKING:\n    import srcgrad.tidy as t",
        "import_module('srcgrad.tidy')",
    ],
)
def test_an_import_is_seen_wherever_it_stands(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TEXTS, "names", text)
    assert {imported for imported, _ in own_imports("names")} == {"tidy"}


@pytest.mark.parametrize("clause", ["except:", "except Exception:", "except (ValueError, BaseException) as error:"])
def test_a_clause_that_catches_everything_is_seen(clause: str) -> None:
    assert catches_all(f"try:\n    f()\n{clause}\n    pass") == [3]
