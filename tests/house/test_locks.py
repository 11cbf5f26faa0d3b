"""The lock files list exactly the packages that are installed, and name neither a package server
nor a machine.
"""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.house.tree import ROOT, packages, pyproject

LOCKS = ["requirements.lock", "requirements-build.lock", "requirements-dev.lock"]
#: Lock files that are checked separately: of the generator of API clients, which has its own
#: environment, and of Spark, which few people need.
APART = ["requirements-client.lock", "requirements-spark.lock"]
SET_UP = [
    *LOCKS,
    *APART,
    "pyproject.toml",
    "Makefile",
    ".ci/run",
    ".pre-commit-config.yaml",
    ".gitignore",
]
HOST = re.compile(
    r"://|--(?:extra-)?index-url|--find-links|--trusted-host"
    r"|(?<![\w.-])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:org|com|net|io|dev|uk|local)\b"
)
#: Files in which the tests look for commands that install packages: pages, scripts and the source.
TOLD = [
    *(one for one in sorted(ROOT.glob("*.md")) if one.name != "CHANGELOG.md"),
    *(one for one in sorted((ROOT / "docs").rglob("*.md")) if "decisions" not in str(one)),
    *(one for one in sorted((ROOT / "deploy").rglob("*")) if one.is_file() and one.suffix != ""),
    *(ROOT / name for name in ("Makefile", ".ci/run", "deploy/Containerfile")),
    *(file for name in sorted(packages()) for file in sorted((ROOT / name).rglob("*.py"))),
]
MACHINE = re.compile(r"(?:^|[\s\"'=])/(?:root|home|work|Users|opt|tmp|mnt)/")


def locked(name: str) -> list[Requirement]:
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = (line for line in text.splitlines() if line and not line.lstrip().startswith("#"))
    return [Requirement(line.split("--hash")[0]) for line in lines]


@pytest.mark.parametrize("name", SET_UP)
def test_no_host_and_no_machine_is_named(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not HOST.search(text), HOST.search(text)
    assert not MACHINE.search(text), MACHINE.search(text)


@pytest.mark.parametrize(
    "line",
    [
        "--index-url simple",
        "numpy @ https://example/numpy.whl",
        "# from pypi.example.org",
        "index = 'packages.example.com'",
    ],
)
def test_a_named_host_would_be_seen(line: str) -> None:
    assert HOST.search(line)


@pytest.mark.parametrize("name", [*LOCKS, *APART])
def test_every_requirement_is_one_version_with_hashes(name: str) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    named = [(line, after) for line, after in pairwise(lines) if re.match(r"\w", line)]
    assert len(named) == len(locked(name)) > 0
    for line, after in named:
        assert re.match(r"[\w.-]+==[\w.]+( ; .+)? \\$", line), line
        assert re.match(r" +--hash=sha256:[0-9a-f]{64}", after), line


def test_the_lock_of_spark_holds_it_alone() -> None:
    asked = pyproject()["project"]["optional-dependencies"]["spark"]
    assert {one.name for one in locked("requirements-spark.lock")} == {
        *(Requirement(one).name for one in asked),
        "py4j",
    }


def asked_for(name: str) -> list[str]:
    """Return the project's dependencies that this lock file must contain."""
    whole = pyproject()
    groups, runs = whole["dependency-groups"], whole["project"]["dependencies"]
    developing = [one for one in groups["dev"] if one != {"include-group": "build"}]
    held: dict[str, list[str]] = {
        "requirements.lock": runs,
        "requirements-build.lock": groups["build"],
        "requirements-dev.lock": [*runs, *groups["build"], *developing],
    }
    return held[name]


@pytest.mark.parametrize("name", LOCKS)
def test_the_locks_hold_what_the_project_asks_for(name: str) -> None:
    held = locked(name)
    for requirement in map(Requirement, asked_for(name)):
        versions = [one.specifier for one in held if one.name == requirement.name]
        assert versions, requirement
        for version in versions:
            (pin,) = version
            assert requirement.specifier.contains(pin.version, prereleases=True), requirement


def test_what_is_tested_is_what_runs() -> None:
    development = {str(requirement) for requirement in locked("requirements-dev.lock")}
    for name in ("requirements.lock", "requirements-build.lock"):
        assert not {str(one) for one in locked(name)} - development, name


def test_what_traces_need_is_installed_with_the_program() -> None:
    held = {one.name for one in locked("requirements.lock")}
    assert {"opentelemetry-sdk", "opentelemetry-exporter-otlp-proto-http"} <= held


def installs(text: str) -> list[str]:
    """Return the commands in a text that install packages, such as `pip install …`."""
    text = re.sub(r"\\?\n\s*(?![-*|#])", " ", text)
    found = re.findall(r"\b(?:pip3?|pipx|uv tool|uv pip) install\b[^`;&|\n]*", text)
    return [one for one in found if not one.endswith(" install")]


def test_nothing_is_installed_by_its_name_alone() -> None:
    """Each command in a page or script that installs a package names the package's hash or a local
    file. A package that is named only by its name could be a stranger's."""
    commands = {(file, install) for file in TOLD for install in installs(file.read_text("utf-8"))}
    assert len(commands) > 5
    safe = ("--require-hashes", "--no-index")
    assert not {command for command in commands if not any(option in command[1] for option in safe)}


def test_a_name_that_is_installed_would_be_seen() -> None:
    assert installs("run `pip install 'some-name[extra]'`,\nor `pip\n  install other`") == [
        "pip install 'some-name[extra]'",
        "pip install other",
    ]


def test_the_tools_judge_by_the_oldest_python_that_is_supported() -> None:
    whole = pyproject()
    oldest = whole["project"]["requires-python"].removeprefix(">=")
    assert whole["tool"]["mypy"]["python_version"] == oldest
    assert whole["tool"]["ruff"]["target-version"] == "py" + oldest.replace(".", "")


def test_no_copyleft_engine_is_installed_unasked() -> None:
    unasked = {requirement.name for name in LOCKS for requirement in locked(name)}
    assert "igraph" not in unasked
    assert {"python-igraph", "leidenalg"}.isdisjoint(unasked)


def test_the_guide_names_every_target_of_the_makefile() -> None:
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z-]+):.*## ", makefile, flags=re.MULTILINE)
    assert {"demo", "test", "check", "bench", "lock", "clean"} <= set(targets)
    for target in set(targets) - {"help"}:
        assert f"`make {target}`" in guide, target


@pytest.mark.parametrize(
    "paper",
    ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "docs/decisions/README.md"],
)
def test_the_papers_are_there(paper: str) -> None:
    assert Path(ROOT / paper).read_text(encoding="utf-8").strip()
