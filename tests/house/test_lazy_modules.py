"""A command loads only the modules that it uses."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from importlib.util import LazyLoader
from pathlib import Path

import pytest

import continuum_start as start
from tests.house import loaded
from tests.house.tree import ROOT, import_statements, parsed, source_files

later = pytest.mark.skipif(sys.version_info < start.SAFE, reason="modules are loaded at once")


@later
def test_a_command_loads_what_it_asks_and_nothing_else() -> None:
    """A command loads exactly the modules that loaded.json lists. If this test fails, let the code
    import the module (`from package import module`) instead of a name in it, or run
    `python -m tests.house.loaded` if the command needs the module.
    """
    now, known = loaded.loaded(), loaded.known()
    more = {name: _beyond(now[name], known[name]) for name in known}
    assert more == {name: set() for name in known}
    less = {name: (known[name].rooms - now[name].rooms) for name in known}
    assert not any(less.values()), "it is not loaded any more: python -m tests.house.loaded"
    assert not now["--help"].rooms | now["--help"].libraries
    assert not now["record --help"].views


def _beyond(now: loaded.Loaded, known: loaded.Loaded) -> set[str]:
    new = (now.libraries - known.libraries, now.rooms - known.rooms, now.views - known.views)
    return {f"{one} is new" for some in new for one in some}


def test_modules_of_ours_are_run_when_something_of_them_is_queried() -> None:
    """A lazy module of the product runs its code when one of its names is first used. Packages and
    modules of other programs are not lazy."""
    finder = start.LazyModules()
    spec = finder.find_spec("domain.rules", [str(ROOT / "domain")])
    assert spec
    assert isinstance(spec.loader, LazyLoader)
    package = finder.find_spec("domain", [str(ROOT)])
    assert package
    assert not isinstance(package.loader, LazyLoader)
    assert finder.find_spec("json", None) is None


def test_imports_are_at_the_top_of_a_file() -> None:
    """A function imports a module of the product only if the module loads a large library, if its
    package loads all of its modules, or if a comment says why the import is inside the function."""
    large = _modules_with_a_large_library() | _modules_loaded_with_their_package()
    faults = []
    for name, file in source_files().items():
        lines = file.read_text("utf-8").splitlines()
        for in_function, node in _imports(file):
            wanted = set(_names(node))
            own = any(imported.partition(".")[0] in start.NAMES for imported in wanted)
            reason = any("imported here" in line for line in lines[node.lineno - 8 : node.lineno])
            if in_function and own and not wanted & large and not reason:
                faults.append(f"{name}: {ast.unparse(node)}")
    assert faults == []


#: Libraries that take long to load, or that only few installations need.
LARGE = {"networkx", "numpy", "scipy", "webauthn", "psycopg", "httpx"}


def _modules_with_a_large_library() -> set[str]:
    """Return the modules of the product that load a large library when they are imported."""
    loads = {name: set(_loaded_names(file)) for name, file in source_files().items()}
    large = {name for name, names in loads.items() if {n.split(".")[0] for n in names} & LARGE}
    while more := {name for name, names in loads.items() if names & large} - large:
        large |= more
    return large


def _modules_loaded_with_their_package() -> set[str]:
    """Return the modules of packages whose `__init__` imports modules; a package is never lazy."""
    files = source_files()
    eager = {n for n, file in files.items() if file.stem == "__init__" and import_statements(file)}
    return eager | {name for name in files if name.rpartition(".")[0] in eager}


def _loaded_names(file: Path) -> Iterator[str]:
    """Yield the names that a file imports when it is imported itself."""
    for in_function, node in _imports(file):
        if not in_function:
            yield from _names(node)


@cache
def _imports(file: Path) -> tuple[tuple[bool, ast.Import | ast.ImportFrom], ...]:
    """Return the imports of a file, each with whether it is inside a function. Imports that only a
    type checker reads are left out."""
    return tuple(_imports_below(parsed(file), in_function=False))


def _imports_below(
    parent: ast.AST, *, in_function: bool
) -> Iterator[tuple[bool, ast.Import | ast.ImportFrom]]:
    for node in ast.iter_child_nodes(parent):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield in_function, node
        elif isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        elif isinstance(node, ast.stmt | ast.ExceptHandler | ast.match_case):
            function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            yield from _imports_below(node, in_function=in_function or function)


def _names(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    else:
        yield str(node.module)
        yield from (f"{node.module}.{alias.name}" for alias in node.names)
