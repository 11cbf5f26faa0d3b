"""The contracts in pyproject.toml let each package import only lower packages. The linter that
checks them, import-linter, reads the whole source.
"""

import re
import shutil
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from continuum_start import NAMES
from tests.house.tree import (
    ROOT,
    imports,
    module_imports,
    modules,
    packages,
    pyproject,
    top_level,
)

#: The names of the subjects; each subject is a subfolder of the domain and of the views.
SUBJECTS = (
    *("data_protection", "families", "information", "intelligence", "justice"),
    "people_and_teams",
)
#: For each contract, folders in which a file could break the contract, and a line that breaks it;
#: {folder} and {name} are replaced by the folder and the file's name. `upwards` makes the lines for
#: contracts of subfolders.
VIOLATIONS = {
    "direction": (("domain",), "import commands"),
    "demo-outside": (("demo",), "import commands"),
    "ledger-alone": (("commands",), "import ledger"),
    "ledger-ignorant": (("ledger",), "import domain.kernel.values"),
    "aggregates": ([f"domain.{one}" for one in ("exchange", *SUBJECTS)], "import {}.{}_too"),
    "views": ([f"projections.{subject}" for subject in SUBJECTS], "import {}.{}_too"),
    "sqlalchemy": (("commands",), "import sqlalchemy"),
    "graph-engines": (("console",), "import networkx"),
    "frozen": (("usecases", "commands", "ledger.proof"), "import analytics"),
    "spark": (("network",), "import pyspark"),
    "eventsourcing": (("projections.kernel",), "from eventsourcing.application import Application"),
    "pure-domain": (("domain.kernel",), "import structlog"),
}
#: Libraries, besides the standard library, that modules of the domain may use.
DOMAIN_LIBRARIES = {
    "msgspec",
    "phonenumbers",
    "rapidfuzz",
    "jellyfish",
    "confusable_homoglyphs",
}
#: For each module that a contract reserves, the packages that may import the module.
RESERVED = {
    "ledger-alone": {"ledger", "installation"},
    "sqlalchemy": {"projections", "access"},
    "graph-engines": {"network", "analytics"},
    "spark": {"analytics"},
    "eventsourcing": {"ledger", "commands", "installation"},
}


def contracts() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pyproject()["tool"]["importlinter"]["contracts"]
    return found


def upwards(contract: dict[str, Any]) -> dict[str, str]:
    """Return a forbidden import for each folder of a package that has layers: a line in this folder
    that imports the layer above it."""
    (package,) = contract["containers"]
    layers = [re.split(r"\s*[|:]\s*", layer) for layer in contract["layers"]]
    found = {}
    for (above, *_), below in pairwise(layers):
        for room in below:
            if (ROOT / package / room).is_dir():
                found[f"{package}.{room}"] = f"import {package}.{above}"
    return found


def violations(contract: dict[str, Any]) -> dict[str, str]:
    """Return the folders in which a file can break this contract, each with a line that breaks
    it.
    """
    if "containers" in contract:
        return upwards(contract)
    places, line = VIOLATIONS[contract["id"]]
    return dict.fromkeys(places, line)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the product's source, so that a test can add violations to the copy."""
    copy = tmp_path_factory.mktemp("tree")
    for package in packages():
        shutil.copytree(
            ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_contract_bites(tree: Path) -> None:
    """The linter reports each contract of pyproject.toml that is broken. In the test, a copy of the
    source breaks each contract once."""
    before = lint(tree)
    assert before.returncode == 0, before.stdout + before.stderr
    wanted: dict[str, list[str]] = {}
    for contract in contracts():
        planted = violations(contract)
        module = f"planted_{contract['id']}".replace("-", "_")
        for place, line in planted.items():
            folder = tree / place.replace(".", "/")
            for name, text in ((module, line.format(place, module)), (f"{module}_too", "")):
                (folder / f"{name}.py").write_text(f'"""Planted."""\n\n{text}\n', "utf-8")
        wanted[contract["name"]] = [f"{place}.{module} " for place in planted]

    after = lint(tree)
    assert after.returncode == 1, after.stdout + after.stderr
    broken = after.stdout.partition("Broken contracts")[2]
    _, *parts = re.split(r"^(.+)\n-+$", broken, flags=re.MULTILINE)
    found = dict(zip(parts[::2], parts[1::2], strict=True))
    assert found.keys() == wanted.keys()
    for name, modules_ in wanted.items():
        assert modules_, name
        assert [one for one in modules_ if one not in found[name]] == [], found[name]


def test_no_modules_import_each_other() -> None:
    found = module_imports()
    # this raises CycleError, which names the modules in a cycle of imports
    TopologicalSorter(found).prepare()
    planted = found | {"domain.kernel.values": {"domain.families.need"}}
    with pytest.raises(CycleError):
        TopologicalSorter(planted).prepare()


def test_the_command_line_is_imported_by_what_starts_it_alone() -> None:
    """Only the modules that start the program import cli.py. This has a test of its own, because
    import-linter reads only packages and cli.py is a module.
    """
    assert {name for name, below in module_imports().items() if "cli" in below} == {
        "continuum_start"
    }


def test_the_linter_reads_every_package() -> None:
    linter = pyproject()["tool"]["importlinter"]
    assert set(linter["root_packages"]) == packages()


def test_every_package_has_a_place_in_the_direction_of_imports() -> None:
    direction = next(contract for contract in contracts() if contract["id"] == "direction")
    layers = direction["layers"]
    placed = {name.strip() for layer in layers for name in layer.split("|")}
    assert placed | {"ledger"} == packages()


@pytest.mark.parametrize(("contract", "allowed"), RESERVED.items())
def test_what_is_reserved_is_kept_from_every_other_package(
    contract: str, allowed: set[str]
) -> None:
    (sources,) = (one["source_modules"] for one in contracts() if one["id"] == contract)
    assert set(sources) == packages() - allowed


INSTALLATION = ROOT / "installation"


def inside(module: str) -> set[str]:
    """Return the modules that a module of the package `installation` imports from that package."""
    found = set(imports(INSTALLATION / f"{module}.py"))
    return {name.split(".")[1] for name in found if name.startswith("installation.")}


def test_the_command_line_and_its_start_are_the_modules_beside_the_packages() -> None:
    assert modules() == {"cli", "continuum_start"}


def test_the_start_knows_every_part_of_the_program() -> None:
    assert set(NAMES) == packages() | {"cli"}


def test_the_settings_know_values_alone() -> None:
    ours = packages() | modules()
    assert top_level(INSTALLATION / "settings.py") & ours <= {"domain"}


def test_the_command_line_imports_the_console_and_the_installation_alone() -> None:
    ours = packages() | modules()
    assert top_level(ROOT / "cli.py") & ours <= {"console", "installation"}


def test_the_system_imports_nothing_above_it() -> None:
    """The modules of the system that protect data or make proofs for auditors do not import modules
    above them.
    """
    assert inside("clock") | inside("log_lines") | inside("places") == set()
    assert inside("stores") <= {"settings"}
    assert inside("policy") <= {"places", "settings"}
    assert inside("system") <= {"clock", "policy", "settings", "stores"}
    assert inside("opening") <= {"clock", "settings", "stores", "system"}
    assert inside("auditing") <= {"clock", "opening", "settings", "stores", "system"}
    assert "safekeeping" not in inside("succession") | inside("certificates")


@pytest.mark.parametrize("module", sorted(one.stem for one in INSTALLATION.glob("*.py")))
def test_databases_and_graphs_are_other_packages_business(module: str) -> None:
    engines = {"sqlalchemy", "networkx", "scipy", "networkit", "igraph"}
    assert not top_level(INSTALLATION / f"{module}.py") & engines


@pytest.mark.parametrize("package", sorted(packages()))
def test_nobody_imports_the_command_line_and_only_console_and_web_the_system(package: str) -> None:
    above = {"cli"} if package in {"console", "web", "installation"} else {"cli", "installation"}
    for file in (ROOT / package).rglob("*.py"):
        assert not top_level(file) & above, file


def test_the_domain_leans_on_few_libraries() -> None:
    allowed = DOMAIN_LIBRARIES | {"domain"} | sys.stdlib_module_names
    for file in (ROOT / "domain").rglob("*.py"):
        assert top_level(file) <= allowed, file
