"""For a long list, a person gets one page and a hint how to see the other rows; a program gets all
rows, or as many as it requests.
"""

import pytest

from projections.intelligence import brief
from tests.console.conftest import Line


@pytest.fixture
def five_entries(line: Line, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let a page of a list show two rows, and record five entries; return their ids in the order of
    recording."""
    monkeypatch.setattr("console.police.triage.SHOWN", 2)
    monkeypatch.setattr(brief, "SHOWN", 2)
    made = [line("--json", "record", text=f"number {n}").json["id"] for n in range(5)]
    assert [row["id"] for row in line("--json", "queue").json] == made
    return made


def test_the_queue_is_shown_a_page_at_a_time(line: Line, five_entries: list[str]) -> None:
    first = line("queue")
    assert [entry[-8:] in first.out for entry in five_entries] == [True, True, False, False, False]
    after = f"continuum queue --after {five_entries[1][-8:]}"
    assert f"3 more wait: {after}, or --limit N" in first.err
    second = line(*after.split()[1:])
    assert [entry[-8:] in second.out for entry in five_entries] == [False, False, True, True, False]
    assert "1 more waits" in second.err
    last = line("queue", "--after", five_entries[3])
    assert [entry[-8:] in last.out for entry in five_entries] == [False] * 4 + [True]
    assert "more" not in last.err


def test_a_page_begins_behind_an_item_that_has_left_the_queue(
    line: Line, five_entries: list[str]
) -> None:
    line("triage", five_entries[1], "--outcome", "no-value", "--reason", "heard before")
    assert [
        row["id"] for row in line("--json", "queue", "--after", five_entries[1]).json
    ] == five_entries[2:]


def test_a_program_gets_as_many_as_it_asks_for(line: Line, five_entries: list[str]) -> None:
    assert [row["id"] for row in line("--json", "queue", "--limit", "3").json] == five_entries[:3]
    some = line("--json", "queue", "--limit", "9", "--after", five_entries[2])
    assert [row["id"] for row in some.json] == five_entries[3:]
    line.refused("queue", "--after", "0123456789ab")
    line.refused("queue", "--limit", "0")


def test_the_brief_says_how_much_more_there_is(line: Line, five_entries: list[str]) -> None:
    said = line("brief").out
    assert "New (5)" in said
    assert "Undecided (5)" in said
    assert said.count("and 3 more:") == 2
    whole = line("--json", "brief").json
    assert len(whole["new"]) == len(whole["undecided"]) == 5
    assert whole["more"] == {"new": 0, "changed": 0, "undecided": 0}
    some = line("--json", "brief", "--limit", "4").json
    assert [row["id"] for row in some["new"]] == five_entries[:4]
    assert some["more"] == {"new": 1, "changed": 0, "undecided": 1}


def test_what_a_brief_did_not_show_is_in_the_next_one(line: Line, five_entries: list[str]) -> None:
    first = line("brief", "--hold")
    assert "later records come in the next brief" in first.err
    assert [entry[-8:] in first.out for entry in five_entries] == [True, True, False, False, False]
    second = line("--json", "brief", "--since", "last")
    assert [row["id"] for row in second.json["new"]] == five_entries[2:]
    assert "later" not in line("brief", "--hold", "--limit", "9").err
    assert line("--json", "brief").json["new"] == []
