"""No test sleeps, reads a clock or waits for a number of seconds; the linter and a test in this
module find each such call.
"""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tree import ROOT

TESTS = ROOT / "tests"
BANNED = tomllib.loads((TESTS / "ruff.toml").read_text("utf-8"))["lint"]["flake8-tidy-imports"][
    "banned-api"
]
#: The name of a function of PostgreSQL that sleeps, which tests may not call. Tests wait for
#: conditions, up to the limit `tests.processes.LIMIT`.
SLEEPS = "pg-sleep".replace("-", "_")
WAITS = {"acquire", "communicate", "join", "notifies", "result", "wait"}
#: A pattern of a possible wait for a number of seconds; a file without a match contains none and is
#: not parsed.
PERHAPS = re.compile(rf"\.(?:{'|'.join(WAITS)})\([^()]*\d|wait_for_timeout|{SLEEPS}")


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str]]:
    """Return the findings of the linter, with their places, in files that use each banned function
    once."""
    tree = tmp_path_factory.mktemp("planted")
    shutil.copy(ROOT / "pyproject.toml", tree)
    used = [f"import {name.partition('.')[0]}" for name in BANNED]
    used += [f"print({name})" for name in BANNED]
    for name in ("tests/web/test_it.py", "tests/processes.py", "bench/it.py", "web/it.py"):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text('"""Planted."""\n\n' + "\n".join(used) + "\n", "utf-8")
    shutil.copy(TESTS / "ruff.toml", tree / "tests")
    ruff = str(Path(sys.executable).with_name("ruff"))
    how = ("--no-cache", "--quiet", "--select=TID251", "--output-format=concise")
    found = subprocess.run(
        [ruff, "check", *how, "."],
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    lines = [line.split(":", 3) for line in found.splitlines()]
    return {(file, told.split("`")[1]) for file, _, _, told in lines}


def test_the_linter_finds_a_sleep_and_a_clock_in_a_test(planted: set[tuple[str, str]]) -> None:
    assert {name for file, name in planted if file == "tests/web/test_it.py"} == {*BANNED}
    assert {"time.sleep", "time.monotonic", "asyncio.sleep", "threading.Timer"} <= {*BANNED}


def test_it_lets_alone_what_measures_and_the_one_place_that_waits(
    planted: set[tuple[str, str]],
) -> None:
    assert {file for file, _ in planted} == {"tests/web/test_it.py", "web/it.py"}


def seconds(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the lines in which a test waits for a number of seconds, each with the code."""
    for one in ast.walk(tree):
        if isinstance(one, ast.Constant) and SLEEPS in str(one.value):
            yield one.lineno, "a server sleeps"
        if not (isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute)):
            continue
        told = [*one.args, *(word.value for word in one.keywords if word.arg == "timeout")]
        given = [value.value for value in told if isinstance(value, ast.Constant)]
        number = any(type(value) in (int, float) and value for value in given)
        if one.func.attr == "wait_for_timeout" or (one.func.attr in WAITS and number):
            yield one.lineno, ast.unparse(one)


def test_no_test_waits_for_a_number_of_seconds() -> None:
    """No test waits for a number of seconds in a way that the linter cannot see, through a method
    of an event, a thread, a process or a page.
    """
    found = [
        f"{file.relative_to(ROOT)}:{line}: {words}"
        for file in TESTS.rglob("*.py")
        if PERHAPS.search(file.read_text("utf-8"))
        for line, words in seconds(ast.parse(file.read_text("utf-8")))
    ]
    assert found == []


@pytest.mark.parametrize(
    "words",
    [
        "event.wait(0.3)",
        "thread.join(timeout=1)",
        "page.wait_for_timeout(moment)",
        f"server.execute('SELECT {SLEEPS}(0.2)')",
    ],
)
def test_such_a_wait_is_found(words: str) -> None:
    assert [*seconds(ast.parse(words))]


@pytest.mark.parametrize(
    "words", ["event.wait(LIMIT)", "thread.join()", "listened.wait('told', 0)"]
)
def test_a_limit_against_hanging_is_none(words: str) -> None:
    assert not [*seconds(ast.parse(words))]
