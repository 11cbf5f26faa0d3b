"""The tests of the core run without three frozen parts of the product: the exchange, the second
site and Spark.

A contract (`frozen` in pyproject.toml) checks that the core itself runs without them.
"""

import ast
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.house.tree import ROOT, import_statements

TESTS = ROOT / "tests"
(FROZEN,) = (
    contract
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"][
        "importlinter"
    ]["contracts"]
    if contract["id"] == "frozen"
)
#: The packages of the core, whose tests are checked.
CORE = {name.partition(".")[0] for name in FROZEN["source_modules"]}
PACKAGES = {name for name in FROZEN["forbidden_modules"] if "." not in name}


def imported(file: Path) -> Iterator[str]:
    """Yield the dotted names of the modules that a file imports, also inside functions."""
    for node in import_statements(file):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def reaching(imports: Mapping[str, set[str]]) -> list[str]:
    """Return the tests of the core that import a frozen package, directly or through another test
    module. Each test is listed with the import that reaches the package."""

    def way(module: str, seen: set[str]) -> str | None:
        seen.add(module)
        names = sorted(imports.get(module, set()) - seen)
        for name in names:
            if name.partition(".")[0] in PACKAGES:
                return f"{module} imports {name}"
        return next((found for name in names if (found := way(name, seen))), None)

    of_core = (name for name in imports if name.split(".")[1] in CORE)
    return sorted(f"{name}: {found}" for name in of_core if (found := way(name, set())))


def test_the_tests_of_the_core_import_nothing_frozen() -> None:
    files = sorted(TESTS.rglob("*.py"))
    imports = {
        ".".join(file.relative_to(ROOT).with_suffix("").parts): set(imported(file))
        for file in files
    }
    assert len(imports) > 500
    assert reaching(imports) == [], "move it below tests/exchange or tests/analytics"


def test_an_import_is_found_also_through_what_tests_share() -> None:
    planted = {
        "tests.commands.test_one": {"tests.support.two"},
        "tests.support.two": {"domain", "exchange.national"},
        "tests.exchange.test_three": {"exchange.national"},
        "tests.access.test_four": {"analytics"},
        "tests.ledger.test_five": {"ledger"},
    }
    assert reaching(planted) == [
        "tests.access.test_four: tests.access.test_four imports analytics",
        "tests.commands.test_one: tests.support.two imports exchange.national",
    ]
