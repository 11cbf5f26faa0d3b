"""The network shows how often people were linked in each period and what happened in it."""

from datetime import date
from typing import get_args

import pytest

from domain.kernel.codes import Period
from domain.kernel.values import Refused
from network.over_time.frames import frames
from network.over_time.periods import counts, first_day, timeline
from projections.intelligence.links import LinkFilter
from tests.network.world import READER, World, day

ANY = LinkFilter(min_rank=None)
PERIODS: tuple[Period, ...] = get_args(Period)


@pytest.fixture
def calls(world: World) -> World:
    """Record the calls between three phones in a fortnight; day 0 is 1 January 2010, a Friday."""
    for phone in ("07700900001", "07700900002", "07700900003"):
        world.put(phone, kind="phone")
    for at in (0, 1, 1, 4):
        world.link("07700900001", "07700900002", "contact", valid=(at, at))
    world.link("07700900002", "07700900001", "contact", valid=(4, 4), weight=3)
    world.link("07700900003", "07700900001", "contact", grade=None, valid=(4, 4))
    world.link("07700900002", "07700900003", "contact")
    return world


def test_each_pair_is_counted_in_each_period(calls: World) -> None:
    with calls.db() as db:
        found = counts(db, READER, per="week")
        days = counts(db, READER, calls["07700900001"], calls["07700900002"], per="day")
    assert [(row.start, row.times, row.weight) for row in found.rows] == [
        (date(2009, 12, 28), 3, 3.0),
        (date(2010, 1, 4), 2, 4.0),
    ]
    assert [(row.start.day, row.times, row.weight) for row in days.rows] == [
        (1, 1, 1.0),
        (2, 2, 2.0),
        (5, 2, 4.0),
    ]
    assert (found.undated, found.ungraded) == (1, 1)


def test_a_timeline_holds_what_ties_one_or_two_and_known_since_when(calls: World) -> None:
    with calls.db() as db:
        whole = timeline(db, READER, calls["07700900002"])
        two = timeline(db, READER, calls["07700900002"], calls["07700900003"])
        early = timeline(db, READER, calls["07700900002"], link_filter=LinkFilter(until=day(1)))
    assert [row.start for row in whole.rows] == [day(0), day(1), day(1), day(4), day(4), None]
    assert whole.rows[0].what == "07700900001 contact 07700900002"
    assert [row.start for row in two.rows] == [None]
    assert len(early.rows) == 4


def test_frames_say_what_is_new_and_what_is_gone(calls: World) -> None:
    calls.put("Ash", "suspect")
    calls.link("Ash", "07700900001", "uses", valid=(1, None))
    with calls.db() as db:
        found = frames(db, READER, per="day")
        month = frames(db, READER, per="month", link_filter=LinkFilter(since=day(0), until=day(40)))
    assert [(row.start.day, row.ties, row.new, row.gone) for row in found.rows] == [
        (1, 1, 1, 0),
        (2, 2, 1, 0),
        (3, 1, 0, 1),
        (4, 1, 0, 0),
        (5, 2, 1, 0),
    ]
    assert [row.start.month for row in month.rows] == [1, 2]
    assert [link["count"] for link in found.documents[1]["links"]] == [2, 1]
    assert {node["label"] for node in found.nodes} == {"Ash", "07700900001", "07700900002"}
    assert (found.undated, found.ungraded) == (1, 1)


def test_too_many_frames_are_refused(calls: World) -> None:
    with calls.db() as db, pytest.raises(Refused, match="400 periods"):
        frames(db, READER, per="day", link_filter=LinkFilter(until=day(4000)))


def test_nothing_dated_is_no_frame(world: World) -> None:
    world.suspects("Ash", "Birch")
    world.link("Ash", "Birch")
    with world.db() as db:
        assert frames(db, READER).rows == ()


def test_periods_begin_as_the_calendar_does() -> None:
    assert first_day(date(2011, 3, 6), "week") == date(2011, 2, 28)
    assert first_day(date(2011, 3, 6), "month") == date(2011, 3, 1)


@pytest.mark.parametrize("per", PERIODS)
def test_the_first_and_the_last_day_of_the_calendar_lie_in_periods(
    world: World, per: Period
) -> None:
    """The first and the last day of the calendar belong to a period of each kind (such as week or
    month). Imported data contain these days, because other programs write them for "no date"."""
    for name in ("Ash", "Baz"):
        world.put(name, "suspect")
    first, last = ((each - day(0).date()).days for each in (date.min, date.max))
    world.link("Ash", "Baz", "associate", valid=(first, last))
    lately = LinkFilter(min_rank=None, since=day(last - 40))
    with world.db() as db:
        (row,) = counts(db, READER, link_filter=ANY, per=per).rows
        found = frames(db, READER, link_filter=lately, per=per)
    assert row.start == date.min
    assert found.rows[-1].ties == 1
