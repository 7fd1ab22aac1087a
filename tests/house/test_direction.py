"""Who may import whom. The direction is the design's: run -> webui -> engine -> connectors."""

import ast
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions

from tests.house.declared import distributions, plain
from tests.house.source import Module, imports, modules, told

# Inside engine a line imports only from lines above it, and never from its own.
LEVELS = (
    ("errors", "clock", "config", "database", "uscc"),
    ("feel",),
    ("decisions", "forms", "worktime", "history"),
    ("bpmn", "identity", "records"),
    ("repository", "outbox"),
    ("runtime",),
    ("statistics", "scenarios"),
    ("outlook",),
    ("migrations", "demo"),
)
LEVEL = {unit: level for level, units in enumerate(LEVELS) for unit in units}

# Why each exception stands:
ALLOWED = {
    ("engine.scenarios", "migrations"),  # a scenario runs on a database of its own, which it must set up
}

# Parts of a declared library that its own manual tells one to import; constraints.txt holds them still.
COMES_WITH = {"werkzeug": "flask", "webargs": "flask-smorest"}

# A library -> the only places that may import it.
ONLY_IN = {
    "SpiffWorkflow": ("engine.bpmn",),
    "lxml": ("engine.bpmn", "engine.decisions"),
    "flask": ("webui", "run"),
    "werkzeug": ("webui", "run"),
    "apscheduler": ("webui",),
    "waitress": ("webui",),
    "alembic": ("engine.migrations",),
    "argon2": ("engine.identity",),
    "chinese_calendar": ("engine.worktime",),
}


def _unit(name: str) -> str:
    return (name.split(".") + [""])[1]


def _within(name: str, tops: tuple[str, ...]) -> bool:
    return any(name == top or name.startswith(top + ".") for top in tops)


def _for_types_only(module: Module) -> list[ast.stmt]:
    """What stands under `if TYPE_CHECKING:`, which never runs."""
    guarded = (
        n for n in module.tree.body if isinstance(n, ast.If) and ast.unparse(n.test) == "TYPE_CHECKING"
    )
    return [statement for node in guarded for statement in node.body]


def _libraries(module: Module) -> Iterator[tuple[ast.AST, str]]:
    for node, name in imports(module):
        top = name.split(".")[0]
        if top not in sys.stdlib_module_names and top not in ("engine", "webui", "connectors", "run"):
            yield node, top


def test_inside_engine_a_package_imports_only_from_the_levels_below() -> None:
    breaches = []
    for module in modules("engine"):
        unit = _unit(module.name)
        for node, name in imports(module):
            other = _unit(name)
            if name.split(".")[0] != "engine" or other in (unit, "") or (f"engine.{unit}", other) in ALLOWED:
                continue
            below = LEVEL[other] < LEVEL[unit] or LEVEL[other] == LEVEL[unit] == 0
            if not below:
                breaches.append(f"{module.at(node)} {unit} imports {name}")
    assert not breaches, told(breaches)


def test_every_package_of_the_engine_has_its_level() -> None:
    units = {_unit(module.name) for module in modules("engine")} - {""}
    assert units <= set(LEVEL), units - set(LEVEL)


def test_the_unified_social_credit_code_is_a_leaf() -> None:
    (uscc,) = (module for module in modules("engine") if module.name == "engine.uscc")
    ours = {name for _, name in imports(uscc) if name.startswith("engine")}
    assert ours <= {"engine", "engine.errors"}


def test_the_engine_knows_no_pages_and_the_connectors_know_nothing() -> None:
    breaches = []
    for module in modules("engine", "connectors", "webui"):
        top = module.name.split(".")[0]
        barred = {"engine": ("webui", "run"), "connectors": ("engine", "webui", "run"), "webui": ("run",)}[
            top
        ]
        breaches += [f"{module.at(n)} imports {name}" for n, name in imports(module) if _within(name, barred)]
    assert not breaches, told(breaches)


def test_libraries_stay_in_their_places() -> None:
    breaches = [
        f"{module.at(node)} imports {library}"
        for module in modules()
        for node, library in _libraries(module)
        if library in ONLY_IN and not _within(module.name, ONLY_IN[library])
    ]
    assert not breaches, told(breaches)


def test_connectors_reach_no_database_and_no_web_framework() -> None:
    barred = {"flask", "flask_sqlalchemy", "sqlalchemy", "sqlite3", "psycopg", "werkzeug"}
    breaches = [
        f"{module.at(node)} imports {name}"
        for module in modules("connectors")
        for node, name in imports(module)
        if name.split(".")[0] in barred
    ]
    assert not breaches, told(breaches)


def test_every_library_that_is_imported_is_declared() -> None:
    providers = packages_distributions()
    declared = distributions()
    breaches = []
    for module in modules():
        for node, library in _libraries(module):
            names = {COMES_WITH.get(library, library), *providers.get(library, ())}
            if not declared & {plain(name) for name in names}:
                breaches.append(f"{module.at(node)} imports {library}, which setup.cfg does not name")
    assert not breaches, told(breaches)


def test_imports_stand_at_the_top_of_their_module() -> None:
    breaches = []
    for module in modules():
        top = {id(node) for node in (*module.tree.body, *_for_types_only(module))}
        nested = (node for node, _ in imports(module) if id(node) not in top)
        breaches += [module.at(node) for node in nested]
    assert not breaches, told(breaches)


def test_no_module_imports_itself_by_a_detour() -> None:
    graph = {}
    for module in modules():
        never_run = {id(node) for node in _for_types_only(module)}
        graph[module.name] = {name for node, name in imports(module) if id(node) not in never_run}
    # `from package import submodule` inside that package needs the package's name, not its contents
    edges = {
        name: {other for other in others if other in graph and not (name + ".").startswith(other + ".")}
        for name, others in graph.items()
    }
    assert (cycle := _cycle(edges)) is None, " -> ".join(cycle or ())


def _cycle(edges: dict[str, set[str]]) -> list[str] | None:
    """One cycle, or None. What imports nothing that is left goes out, until nothing or a knot remains."""
    left = {name: set(others) for name, others in edges.items()}
    while free := [name for name, others in left.items() if not others & left.keys()]:
        for name in free:
            del left[name]
    if not left:
        return None
    way = [min(left)]
    while way[-1] not in way[:-1]:
        way.append(min(left[way[-1]] & left.keys()))
    return way[way.index(way[-1]) :]
