"""docs/requirements.md names tests that exist and assert something, and leaves no row of the report
out."""

import ast
import re

from tests.support.house.requirements import ROOT, asserts

PAGE = (ROOT / "docs" / "requirements.md").read_text("utf-8")
#: So many rows of each sort; S are the report's cases.
ROWS = {"R": 29, "W": 50, "A": 8, "X": 16, "S": 15}


def test_every_test_that_is_named_exists() -> None:
    missing = []
    for path, name in re.findall(r"`(tests/[\w/]+\.py)::(\*|\w+)`", PAGE):
        file = ROOT / path
        text = file.read_text("utf-8") if file.is_file() else ""
        if not text or (name != "*" and f"def {name}(" not in text):
            missing.append(f"{path}::{name}")
    assert missing == []


def test_every_test_that_is_named_asserts_something() -> None:
    empty = []
    for path, name in sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\*|\w+)`", PAGE))):
        tree = ast.parse((ROOT / path).read_text("utf-8"))
        functions = {one.name: one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}
        named = [one for one in functions if one.startswith("test_") and name in ("*", one)]
        assert named, f"{path}::{name}"
        empty += [f"{path}::{one}" for one in named if not asserts(functions[one], functions)]
    assert empty == []


def test_no_row_of_the_report_is_left_out() -> None:
    rows = re.findall(r"^\| ([A-Z]\d+) \|", PAGE, re.MULTILINE)
    assert rows == [f"{sort}{number + 1}" for sort, many in ROWS.items() for number in range(many)]


def test_a_row_that_nothing_shows_says_what_is_left() -> None:
    unshown = [line for line in PAGE.splitlines() if "| nothing yet |" in line]
    assert [line for line in unshown if line.endswith("| – |")] == []
