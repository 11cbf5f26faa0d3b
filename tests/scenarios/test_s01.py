"""Scenario 1: an entry of October was assessed only in November. The story is recorded in two
versions, on time and late, to show who learned what when."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cli import captured
from console.running.demo import tell
from console.running.demo_store import DemoStore
from demo.story import cast, read
from tests.scenarios.conftest import Told

BEFORE_SHE_SPOKE = "2010-11-01"

LATE = """\
2010-11-08 09:00 dc.rowe START = person add --name "Jordan Tull" --under-18
2010-11-08 10:20 dc.rowe DISCLOSURE = record --heard-from "Kayleigh Marsh" --urgent "she has told"
    She says that Jordan Tull raped her.
2010-11-09 09:00 school.day SCHOOL = record --heard-from "Mrs Marsh" --told 2010-10-12T16:05
    Mum rang in October. Kayleigh is with a lad called Jordan Tull.
2010-11-10 09:00 dc.rowe ARREST = outcome arrest {START} --because-of {DISCLOSURE} \\
  --because-of {SCHOOL}
"""


def test_recorded_as_it_was_reported_the_concern_is_overdue_before_she_speaks(told: Told) -> None:
    state = told.ask("replay", "--until", BEFORE_SHE_SPOKE)
    waiting = {row["id"]: row for row in state["queue"]}
    spoke = told.events("s01.DISCLOSURE")[0]["recorded"]
    for label in ("s01.SCHOOL", "s01.POLICE"):
        row = waiting[told.id(label)]
        assert row["overdue"]
        assert row["taken_by"] is None
        assert row["outcome"] is None
        assert row["due"] < spoke
    assert told.id("s01.DISCLOSURE") not in waiting


def test_nobody_had_assessed_it_then_and_somebody_has_now(told: Told) -> None:
    school = told.id("s01.SCHOOL")
    (stage,) = {
        step["stage"]
        for step in told.ask("replay", school, "--step")["steps"]
        if step["recorded"] < "2010-11-01"
    }
    assert stage == "information"
    assert told.event("s01.SCHOOL", "observation.assessed")["recorded"] > "2010-11-09"


def test_the_escalation_is_an_act_of_a_named_person(told: Told) -> None:
    raised = told.event("s01.POLICE", "observation.urgency_raised")
    assert raised["by"] == "psw.ellis"
    assert raised["reason"]


def test_a_suspect_of_seventeen_is_a_suspect_and_a_child(told: Told) -> None:
    person = told.ask("person", "show", "Jordan Tull")
    assert person["under_18"] is True
    assert {"suspect", "convicted"} <= set(person["categories"])


def test_he_leaves_only_masked(told: Told, tmp_path: Path) -> None:
    file = tmp_path / "map.csv"
    around = ("--around", "Jordan Tull", "--out", str(file))
    told.ask("network", "export", "--format", "csv", *around)
    text = file.read_text(encoding="utf-8")
    assert "Child 1" in text
    assert "Child 2" not in text  # two children are never linked to each other in an answer
    assert "Jordan" not in text
    assert "Kayleigh" not in text


def test_an_age_of_14_8_months_is_kept_and_flagged(told: Told) -> None:
    flag = told.event("ENG-101", "case.flagged")
    assert (flag["code"], flag["raw"]) == ("age-ambiguous", "14.8 months")
    assert "age-ambiguous" in told.case("ENG-101")["flags"]


def test_the_sentence_traces_back_to_what_her_mother_told_the_school(told: Told) -> None:
    trail = told.trail("s01.SENTENCE", "--back")
    assert "observation.recorded" in trail[told.id("s01.DISCLOSURE")]
    forward = told.trail("s01.SCHOOL", "--forward")
    assert told.id("s01.CASE") in forward


@pytest.fixture(scope="module")
def late_story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    folder = Path(__file__).parents[2] / "demo" / "stories"
    people = cast((folder / "cast.txt").read_text(encoding="utf-8"))
    home = tmp_path_factory.mktemp("late")
    store = DemoStore(str(home / "store"), None, captured)
    yield Told(store, tell(store, read("s01", LATE, people)), home)
    store.kept.close()


def test_learned_late_it_was_not_known_then(late_story: Told) -> None:
    state = late_story.ask("replay", "--until", "2010-11-08T23:00")
    assert [row["id"] for row in state["queue"]] == [late_story.id("s01.DISCLOSURE")]


def test_learned_late_the_trail_shows_told_and_recorded_apart(late_story: Told) -> None:
    recorded = late_story.event("s01.SCHOOL", "observation.recorded")
    told_at, learned = (datetime.fromisoformat(recorded[key]) for key in ("told", "recorded"))
    assert learned - told_at > timedelta(days=27)
    step = next(
        step
        for step in late_story.ask("trail", late_story.id("s01.ARREST"))["steps"]
        if step["id"] == late_story.id("s01.SCHOOL")
    )
    assert datetime.fromisoformat(step["learned"]) == learned
    assert datetime.fromisoformat(step["occurred"] or recorded["told"]) == told_at


def test_learned_late_its_age_counts_from_when_it_was_reported(late_story: Told) -> None:
    row = next(
        row
        for row in late_story.ask("replay", "--until", "2010-11-09T10:00")["queue"]
        if row["id"] == late_story.id("s01.SCHOOL")
    )
    assert row["overdue"]
    assert row["age_hours"] > 27 * 24
