"""Functions that return the files, packages and imports of the source, for the tests in this
folder.
"""

import ast
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SKIPPED = {"tests", "bench", "docs", "build", "dist"}


def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def packages() -> set[str]:
    """Return the names of all top-level folders with Python code of the product."""
    return {
        folder.name
        for folder in ROOT.iterdir()
        if folder.is_dir()
        and not folder.name.startswith(".")
        and folder.name not in SKIPPED
        and any(folder.rglob("*.py"))
    }


def modules() -> set[str]:
    """Return the names of all top-level modules of the product."""
    return {file.stem for file in ROOT.glob("*.py")}


@cache
def import_statements(file: Path) -> tuple[ast.Import | ast.ImportFrom, ...]:
    """Return the import statements of a file, also those inside functions. The tests of this folder
    share the cached result, because parsing the whole source takes two seconds.
    """
    nodes = ast.walk(parsed(file))
    return tuple(node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom))


@cache
def parsed(file: Path) -> ast.Module:
    """Return the syntax tree of a file. Its nodes are the same at each call."""
    return ast.parse(file.read_text(encoding="utf-8"), filename=str(file))


def imports(file: Path) -> Iterator[str]:
    """Yield the dotted names that a file imports anywhere, also inside functions."""
    yield from named(import_statements(file))


def named(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Yield the dotted names that these syntax nodes import."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def top_level(file: Path) -> set[str]:
    """Return the top-level names of the modules that a file imports."""
    return {name.split(".")[0] for name in imports(file)}


def module_imports() -> dict[str, set[str]]:
    """Return for each module of the product the modules that it imports, also inside functions."""
    named = source_files()
    found: dict[str, set[str]] = {}
    for name, file in named.items():
        below = set()
        for node in import_statements(file):
            if isinstance(node, ast.Import):
                below |= {alias.name for alias in node.names}
            elif node.module:
                within = [f"{node.module}.{alias.name}" for alias in node.names]
                below |= {one if one in named else node.module for one in within}
        found[name] = below & named.keys() - {name}
    return found


def source_files() -> dict[str, Path]:
    """Return the files of the product by the dotted names of their modules."""
    files = [ROOT / f"{name}.py" for name in modules()]
    files += [file for name in packages() for file in (ROOT / name).rglob("*.py")]
    return {_module(file): file for file in files}


def _module(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
