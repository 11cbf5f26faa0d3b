"""docs/requirements.md names no test that there is not, and leaves no row of the report out."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
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


def test_no_row_of_the_report_is_left_out() -> None:
    rows = re.findall(r"^\| ([A-Z]\d+) \|", PAGE, re.MULTILINE)
    assert rows == [f"{sort}{number + 1}" for sort, many in ROWS.items() for number in range(many)]


def test_a_row_that_nothing_shows_says_what_is_left() -> None:
    unshown = [line for line in PAGE.splitlines() if "| nothing yet |" in line]
    assert [line for line in unshown if line.endswith("| – |")] == []
