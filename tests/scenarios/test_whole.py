"""For all fifteen stories together, each case ends as the report says, and recording the stories
again changes nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli import captured
from console.running import demo, tour
from console.running.demo_store import DemoStore
from demo.story import stories
from tests.scenarios.conftest import Told

#: The stories that ended in a conviction, according to the report's Appendix A, which does not say
#: how some cases ended.
CONVICTED = {"s01", "s02", "s03", "s10", "s13", "s14"}
MONTHS = {"s01": {174}, "s10": {120}, "s13": {30}, "s14": {90}}
NOT_PROSECUTED = {"s05", "s06", "s12"}
NOTICES = {"s06", "s15"}
NO_LONGER_AT_RISK = {"s01", "s02", "s03", "s06", "s08", "s09"}
PROTECTED = {"s15"}
OTHER_EXIT = {"s14"}
NO_EXIT = {"s04", "s05", "s07", "s10", "s11", "s12", "s13"}


def outcomes(told: Told) -> dict[str, list[dict[str, Any]]]:
    """Return every result and notice in the store, by scenario."""
    numbers = {
        told.ask("show", reference)["id"]: story for reference, story in references(told).items()
    }
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for fact in told.store.facts():
        name = fact.event.stored.name
        if name in ("justice.result_recorded", "justice.notice_served"):
            event = told.events(str(fact.stream))[0]
            found[numbers[event["case"]]].append(event)
    return found


def references(told: Told) -> dict[str, str]:
    """Return the scenario of each case, by the case's reference or, without a reference, by its id.
    The scenario is "s" and the last two digits of the reference, or "s15" without a reference."""
    return {
        row["reference"] or row["case"]: f"s{row['reference'].rstrip('ABCDE')[-2:]}"
        if row["reference"]
        else "s15"
        for row in told.ask("cases", "--all")
    }


def test_what_the_fifteen_came_to(told: Told) -> None:
    results = outcomes(told)

    def those(*kinds: str) -> set[str]:
        return {
            story
            for story, events in results.items()
            if any(event.get("kind") in kinds for event in events)
        }

    assert those("convicted") == CONVICTED
    assert those("nfa-insufficient-evidence", "nfa-other", "not-prosecuted-best-interests") == (
        NOT_PROSECUTED
    )
    assert those("acquitted") == {"s03"}
    assert those("registered-sex-offender") == {"s02", "s14"}
    notices = {s for s, events in results.items() if any("basis" in event for event in events)}
    assert notices == NOTICES
    months = {
        story: {event["sentence_months"] for event in events if "sentence_months" in event}
        for story, events in results.items()
    }
    assert {story: known for story, known in months.items() if known} == MONTHS
    unknown = [e for e in results["s13"] if e.get("kind") == "sentenced"]
    assert [event.get("sentence_months") for event in unknown] == [30, None]


def test_who_is_out_of_it_and_who_is_not(told: Told) -> None:
    exits: dict[str, set[str | None]] = defaultdict(set)
    for reference, story in references(told).items():
        exits[story].add(told.case(reference)["exit"])
    assert {s for s, left in exits.items() if left == {"no-longer-at-risk"}} == NO_LONGER_AT_RISK
    assert {s for s, left in exits.items() if left == {"protected"}} == PROTECTED
    assert {s for s, left in exits.items() if left == {"other"}} == OTHER_EXIT
    assert {s for s, left in exits.items() if left == {None}} == NO_EXIT


def test_no_case_closed_itself(told: Told) -> None:
    """No case closed by itself: two people closed each closed case, and gave a reason."""
    closed = [row["case"] for row in told.ask("cases", "--all") if row["closed"]]
    assert len(closed) == 14
    for case in closed:
        last = told.event(case, "case.closed")
        assert last["by"] != last["second"]
        assert last["reason"]


def test_the_queue_holds_what_came_last_and_nothing_else(told: Told) -> None:
    assert [row["id"] for row in told.ask("queue")] == [told.id("s07.VAN")]


def test_telling_again_changes_nothing(told: Told) -> None:
    before = len(told.store.facts())
    told_again = demo.tell(told.store, stories())
    assert len(told.store.facts()) == before
    labels = [f"{step.story}.{step.label}" for step in told.telling.steps if step.label]
    assert labels
    assert all(told_again.id_of(label) == told.id(label) for label in labels)


def test_the_views_say_what_the_log_says(told: Told) -> None:
    assert told.ask("views", "compare") == {"equal": True, "differences": []}


@pytest.mark.postgres
def test_one_is_told_to_a_server_and_says_the_same_there(
    told_on_sqlite: Told, fresh_database: Callable[[], str], tmp_path: Path
) -> None:
    """The steps of one story record the same events on a database server as on files."""
    steps = [step for step in stories() if step.story == "s06"]
    store = DemoStore(fresh_database(), str(tmp_path / "store"), captured)
    try:
        there = Told(store, demo.tell(store, steps), tmp_path)
        labels = [f"{step.story}.{step.label}" for step in steps if step.label]
        assert labels
        for label in labels:
            on_server, on_files = (
                Counter((event["event"], event["by"]) for event in told.events(label))
                for told in (there, told_on_sqlite)
            )
            assert on_server, label
            assert on_server <= on_files, label
        assert there.ask("views", "compare")["equal"]
    finally:
        store.kept.close()


def test_every_file_came_in(told: Told) -> None:
    came_in = {row["file"]: row for row in tour.files(told.store, told.telling)}
    assert len(came_in) == 25
    assert all(row["facts"] for row in came_in.values())
    assert came_in["s03-log.xlsx"]["facts"] == 7
    assert came_in["s11-missing.csv"]["facts"] == 2
    assert came_in["s01-referral.csv"]["odd"] == {"age-ambiguous": 1}


def test_the_tour_answers_and_writes_its_picture_once(told: Told) -> None:
    data, lines = told.tour
    text = "\n".join(lines)
    assert "Mum rang at four" in text
    assert "I saw it with my own eyes" in text
    assert data["replay --until 2010-11-01"]["queue"][0]["overdue"]
    picture = told.home / tour.PICTURE
    drawn = picture.read_bytes()
    assert str(picture) in text
    again, _ = tour.walk(told.store, told.telling)
    assert again == data
    assert picture.read_bytes() == drawn
