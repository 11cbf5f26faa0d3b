"""On a trail in lanes, every step is in the right lane and is connected only to the steps that the
log names. Only the auditor sees hidden steps."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from access.who_may import telling
from commands.justice import arrest_to_result
from domain import catalogue
from domain.data_protection.access_log import RecordConsulted
from domain.intelligence.link import LinkAsserted
from domain.justice.arrest_to_result import ArrestMade
from domain.kernel.values import Stage
from projections.kernel.trail import ClosedStep, Trail, TrailStep
from tests.access.staff import Staff
from tests.support.access.closed_steps import ARREST, Arrest
from tests.support.domain.listed import unlisted
from tests.web.conftest import House
from usecases.kernel.titles import TITLES
from usecases.kernel.trail_lanes import lay_in_lanes
from web.app import make_app

AT = datetime(2011, 3, 18, 9, tzinfo=UTC)
WORDS, REPORT, LINK, ARRESTED, CASE = (UUID(int=number) for number in range(1, 6))


def step(hour: int, item: UUID, event: str, stage: Stage | None, *because_of: UUID) -> TrailStep:
    learned = AT + timedelta(hours=hour)
    return TrailStep(item, f"{item}:{hour}", event, stage, None, learned, "ds.hart", because_of)


RECORDED = step(1, WORDS, "observation.recorded", "information")
OPENED = step(2, REPORT, "report.opened", "intelligence", WORDS)
GRADED = step(3, REPORT, "report.item_graded", "intelligence", WORDS)
ASSERTED = step(4, LINK, "link.asserted", "intelligence", REPORT)
CAUGHT = step(5, ARRESTED, "justice.arrest_made", None, LINK, CASE)
MISSING = step(6, CASE, "case.missing_reported", None, ARRESTED)


def test_each_step_is_in_its_lane_as_it_was_learned() -> None:
    told = lay_in_lanes(
        Trail(LINK, (RECORDED, OPENED, GRADED, ASSERTED)), Trail(LINK, (ASSERTED, CAUGHT)), {}
    )
    assert [(one.number, one.lane) for one in (*told.before, *told.after)] == [
        (1, "information"),
        (2, "intelligence"),
        (3, "intelligence"),
        (4, "intelligence"),
        (5, "justice"),
    ]
    assert [one.step for one in told.before][-1] == ASSERTED, "its own beginning is last"
    assert told.lanes == ("information", "intelligence", "evidence", "justice")


def test_the_lane_of_care_is_where_it_holds_a_step() -> None:
    told = lay_in_lanes(Trail(ARRESTED, (CAUGHT,)), Trail(ARRESTED, (CAUGHT, MISSING)), {})
    assert told.lanes[-1] == "care"
    assert told.after[0].lane == "care"


def test_a_step_is_joined_to_what_the_log_names_and_to_nothing_else() -> None:
    told = lay_in_lanes(
        Trail(ARRESTED, (RECORDED, OPENED, GRADED, ASSERTED, CAUGHT)),
        Trail(ARRESTED, ()),
        {CASE: "Case 3"},
    )
    joins = {
        one.number: (
            [(join.number, join.said) for join in one.came_of],
            [join.number for join in one.led_to],
        )
        for one in told.before
    }
    assert joins == {
        1: ([], [2, 3]),
        2: ([(1, "Log entry received")], [4]),
        3: ([(1, "Log entry received")], []),
        4: ([(2, "Report opened")], [5]),
        5: ([(4, "Link recorded"), (None, "Case 3")], []),
    }


def test_a_cause_that_was_recorded_later_is_no_earlier_step() -> None:
    odd = step(0, REPORT, "report.withdrawn", "intelligence", WORDS)
    told = lay_in_lanes(Trail(WORDS, (odd, RECORDED)), Trail(WORDS, ()), {WORDS: "the words"})
    assert [(join.number, join.said) for join in told.before[0].came_of] == [(None, "the words")]


def test_a_closed_step_is_where_it_was_and_is_joined_to_nothing() -> None:
    gap = ClosedStep(1, RECORDED.event, RECORDED.stage, RECORDED.learned)
    told = lay_in_lanes(
        Trail(REPORT, (OPENED,), "said", (gap,), "ab"), Trail(REPORT, (), "said", ()), {}
    )
    closed, opened = told.before
    assert (closed.closed, closed.number, closed.lane) == (True, 1, "information")
    assert (closed.came_of, closed.led_to) == ((), ())
    assert [join.number for join in opened.came_of] == [None]
    assert told.wholes == (("where it came from", "ab"),)


def test_every_step_has_a_title_in_words() -> None:
    steps = [event for event in catalogue.events() if event.meaning.step]
    where = "its title (usecases/kernel/titles.py)"
    assert not list(unlisted(TITLES, [*steps, LinkAsserted], where))


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Arrest]:
    with ARREST(tmp_path / "store", None) as (office, ids):
        yield Arrest(office, Staff(office), *ids)


#: A pattern of values that differ between any two trails: ids, times, and values of the session.
_OWN = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}|(the number |<code>)[0-9a-f]{8}"
    r'|name="csrf" value="[^"]*"|nonce="[^"]*"|<time.*?</time>'
)


def test_the_page_of_an_arrest_with_a_closed_cause_is_that_of_one_without(made: Arrest) -> None:
    desk, io = made.office.desk, made.staff.now("a.intelligence-officer")
    person = desk.logs["evidence"].history(made.arrest)[0].event.person  # type: ignore[attr-defined]
    arrest = ArrestMade(person, made.case)
    bare = arrest_to_result.record(desk, io, arrest, because_of=("none-known",)).id
    hidden = arrest_to_result.record(desk, io, arrest, because_of=(str(made.words),)).id
    house = House(made.office, make_app(made.office.system))

    def page(name: str, item: UUID) -> str:
        told: str = house.somebody(name).get(f"/trail/{item}").text
        assert "<h1" in told
        return _OWN.sub("", told)

    assert page("a.detective", bare) == page("a.detective", hidden)
    assert page("a.detective", hidden).count(telling.CLOSED) == 1
    assert "c-lane--closed" not in page("a.detective", hidden)
    assert page("a.auditor", hidden).count("c-lane--closed") == 2
    assert "c-lane--closed" not in page("a.auditor", bare)


def test_whom_the_page_names_was_looked_at(made: Arrest) -> None:
    person = made.office.desk.logs["evidence"].history(made.arrest)[0].event.person  # type: ignore[attr-defined]
    onlooker = House(made.office, make_app(made.office.system)).somebody("a.intelligence-officer")
    assert "Arrest: Skez" in onlooker.get(f"/trail/{made.report}").text
    looked = made.office.events(RecordConsulted, "access")[-1]
    assert person.bytes in looked.ids
