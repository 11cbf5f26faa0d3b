"""docs/requirements.md and docs/promises.md name only tests that exist and assert something, and
docs/requirements.md has every row of the report.
"""

import re

import pytest

from tests.support.house.requirements import ROOT, TEST, unproven

PAGE = (ROOT / "docs" / "requirements.md").read_text("utf-8")
PROMISES = (ROOT / "docs" / "promises.md").read_text("utf-8")
#: The number of rows by the letter of their kind; rows with S are the report's cases.
ROWS = {"R": 29, "W": 50, "A": 8, "X": 16, "S": 15}


@pytest.mark.parametrize("page", [PAGE, PROMISES], ids=["requirements", "promises"])
def test_every_test_that_is_named_exists_and_asserts_something(page: str) -> None:
    assert unproven(page) == []


def test_every_promise_has_its_test() -> None:
    rows = re.findall(r"^\| (?!promise )(\w.*) \| (.*) \|$", PROMISES, re.MULTILINE)
    assert len(rows) >= 30
    assert [promise for promise, tests in rows if not TEST.search(tests)] == []


def test_no_row_of_the_report_is_left_out() -> None:
    rows = re.findall(r"^\| ([A-Z]\d+) \|", PAGE, re.MULTILINE)
    assert rows == [f"{sort}{number + 1}" for sort, many in ROWS.items() for number in range(many)]


def test_a_row_that_nothing_shows_says_what_is_left() -> None:
    unshown = [line for line in PAGE.splitlines() if "| nothing yet |" in line]
    assert [line for line in unshown if line.endswith("| – |")] == []
