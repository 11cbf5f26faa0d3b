"""Dangerous features of Python are used only in the places that this module lists."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.house.tree import ROOT, modules, named, packages

#: Modules that run another program: `probe` runs a program that reads a file, and `machine_checks`
#: runs programs that report on the disks.
PROGRAMS = {"machine_checks.py", "probe.py"}
#: Modules that draw numbers from a fixed seed, so that each run draws the same numbers; none of
#: these numbers is secret.
DRAWN = {"training.py", "fast_layout.py", "key_player_sets.py"}
#: Functions and modules with which input could be run as a program.
EVALUATING = {
    "eval",
    "exec",
    "__import__",
    "system",
    "popen",
    "execv",
    "execve",
    "spawnl",
    "spawnv",
}
UNPACKING = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "jsonpickle"}


def product() -> Iterator[Path]:
    for folder in sorted(packages()):
        yield from sorted((ROOT / folder).rglob("*.py"))
    yield from (ROOT / f"{name}.py" for name in sorted(modules()))


FILES = {str(file.relative_to(ROOT)): file for file in product()}


@dataclass(frozen=True)
class Call:
    """A call in a source file: its line, the function's name, the object on which the function is
    called, and its arguments.
    """

    line: int
    own: str
    attribute: str
    of: str
    words: tuple[str | None, ...]


@cache
def read(file: Path) -> tuple[frozenset[str], tuple[Call, ...]]:
    """Return the imports and the calls in a file; the tests of this module share the cached
    result.
    """
    nodes = [*ast.walk(ast.parse(file.read_text("utf-8")))]
    calls = (
        Call(
            node.lineno,
            getattr(node.func, "id", ""),
            getattr(node.func, "attr", ""),
            getattr(getattr(node.func, "value", None), "id", ""),
            tuple(keyword.arg for keyword in node.keywords),
        )
        for node in nodes
        if isinstance(node, ast.Call)
    )
    return frozenset(named(nodes)), tuple(calls)


def imports(file: Path) -> frozenset[str]:
    return read(file)[0]


def dangers(file: Path) -> Iterator[str]:
    imported, calls = read(file)
    for call in calls:
        name = call.own or (call.attribute if call.of == "os" else "")
        if name in EVALUATING:
            yield f"line {call.line}: {name}"
        if "shell" in call.words:
            yield f"line {call.line}: shell"
    for name in sorted(imported):
        if name.partition(".")[0] in UNPACKING:
            yield f"imports {name}"


def test_nothing_that_is_reported_becomes_a_program() -> None:
    assert len(FILES) > 400
    assert {name: found for name, file in FILES.items() if (found := list(dangers(file)))} == {}


@pytest.mark.parametrize(
    "text",
    ["eval('1')", "import os\nos.system('ls')", "import subprocess as s\ns.run('ls', shell=True)",
     "import pickle", "from marshal import loads"],
)  # fmt: skip
def test_what_is_dangerous_would_be_seen(text: str, tmp_path: Path) -> None:
    file = tmp_path / "one.py"
    file.write_text(text, "utf-8")
    assert list(dangers(file))


def test_other_programs_are_run_where_it_is_known_and_without_a_shell() -> None:
    found = sorted(file.name for file in FILES.values() if "subprocess" in imports(file))
    assert found == sorted(PROGRAMS)


def test_chance_is_the_systems_wherever_it_has_to_be_unknown() -> None:
    """Random values that must be unpredictable come from `secrets` or `cryptography`, because a
    predictable value protects nothing.
    """
    drawing = sorted(
        file.name
        for file in FILES.values()
        if "random" in imports(file)
        or any(call.attribute == "default_rng" for call in read(file)[1])
    )
    assert drawing == sorted(DRAWN)
