"""A table has one line for each row if a program reads the output, and fits the window if a person
at a terminal reads it.
"""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.engine.table import NARROW, table

HEAD = ("due", "what", "who")
LONG = "contact a family and ask how they are: silence is not safety"
ROWS = [("2010-05-10 16:00 UTC", LONG, "psw.ellis"), ("2010-05-11 09:00 UTC", "short", None)]


def simulate_terminal(monkeypatch: pytest.MonkeyPatch, columns: int | None) -> None:
    """Simulate a terminal of this many columns, or no terminal if `columns` is None."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: columns is not None)
    if columns:
        monkeypatch.setenv("COLUMNS", str(columns))


def test_a_program_gets_a_line_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    simulate_terminal(monkeypatch, None)
    monkeypatch.setenv("COLUMNS", "40")
    lines = table(HEAD, ROWS, "")
    assert len(lines) == 2 + len(ROWS)
    assert LONG in lines[2]


def test_at_a_terminal_a_long_text_goes_on_below(monkeypatch: pytest.MonkeyPatch) -> None:
    simulate_terminal(monkeypatch, 80)
    lines = table(HEAD, ROWS, "")
    assert max(map(len, lines)) <= 80
    start = lines[1].index("  -") + 2
    assert lines[2].startswith("2010-05-10 16:00 UTC")
    assert lines[2].endswith("psw.ellis")
    assert lines[3].startswith(" " * start), "the rest stands under its own column"
    assert [line for line in lines if line.startswith("2010-05-11")] == [lines[-1]]


def test_what_fits_is_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    simulate_terminal(monkeypatch, None)
    piped = table(HEAD, ROWS, "")
    simulate_terminal(monkeypatch, 200)
    assert table(HEAD, ROWS, "") == piped


words = st.text(st.characters(codec="ascii", exclude_categories=["C"]), max_size=60)


@given(st.lists(st.tuples(words, words, words), min_size=1, max_size=5), st.integers(60, 120))
def test_no_word_is_lost_and_no_line_is_too_long(
    rows: list[tuple[str, str, str]], columns: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.stdout, "isatty", lambda: True)
        patch.setenv("COLUMNS", str(columns))
        lines = table(HEAD, rows, "")
    assert max(map(len, lines)) <= max(columns, 3 * NARROW + 4)
    told = "".join("".join(cell for row in rows for cell in row).split())
    assert sorted("".join("".join(lines[2:]).split())) == sorted(told)
