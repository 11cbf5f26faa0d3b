"""Two items that name the same subject are stored as a pair, whichever is recorded first. The pair
is shown to a user who grades one of the items."""

from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from domain.families.referral import MissingFound
from domain.information import shared_mentions
from domain.information.observation import (
    MentionConfirmed,
    ObservationAssessed,
    ObservationRead,
    ObservationRedacted,
    ObservationRefiled,
    ObservationTaken,
    ObservationTriaged,
    ObservationWithdrawn,
    UrgencyRaised,
)
from domain.information.shared_mentions import JoinConfirmed, JoinDismissed
from domain.intelligence.entity import ThingRecorded
from domain.intelligence.intelligence_report import ReportOpened
from domain.kernel.values import Mention, MentionKind, Reader
from projections import due
from projections.due import DueFilter, DueItem, joined, said_before
from projections.information import queue
from projections.kernel.database import Db
from tests.projections.tale import Tale, Views, hour

SERGEANT = Reader("ds.hale", "Engage", "police")
PLATE: tuple[MentionKind, str] = ("vrm", "PK95ABC")
PART: tuple[MentionKind, str] = ("vrm_partial", "PK95***")
BAZ: tuple[MentionKind, str] = ("nickname", "baz")
LANE: tuple[MentionKind, str] = ("place", "mill lane")


def record_entry(
    tale: Tale, *named: tuple[MentionKind, str], team: str = "Engage", urgent: str = ""
) -> UUID:
    one = tale.words(team=team)
    read = tuple(Mention(0, 1, kind, normal, 0.9) for kind, normal in named)
    signs = (urgent,) if urgent else ()
    tale.tell(ObservationRead("test", read, signs), about=one, team=team)
    return one


def pairs_by_item(views: Views, tale: Tale, one: UUID) -> dict[UUID, said_before.Met]:
    with views.of(tale) as db:
        return {pair.other.item: pair for pair in said_before.list_pairs(db, SERGEANT, one)}


def due_pairs(views: Views, tale: Tale) -> dict[UUID, DueItem]:
    with views.of(tale) as db:
        rows = due.listed(db, SERGEANT, hour(90), DueFilter())
    return {row.item: row for row in rows if row.clock.startswith("said-before")}


def decided(tale: Tale, one: UUID) -> None:
    tale.tell(ObservationTriaged("no-value", "a neighbour"), about=one, by="ds.hale")


def test_words_of_no_value_are_joined_with_what_comes_later(views: Views, tale: Tale) -> None:
    first = record_entry(tale, PLATE)
    decided(tale, first)
    later = record_entry(tale, PART)
    assert pairs_by_item(views, tale, later).keys() == {first}
    assert pairs_by_item(views, tale, first).keys() == {later}
    assert pairs_by_item(views, tale, later)[first].shared[0][1:3] == ("PK95***", "PK95ABC")
    assert due_pairs(views, tale) == {}, "nothing leads the first grade"
    report = tale.tell(ReportOpened("IR1"))
    tale.tell(ObservationAssessed(report, 1), about=later, by="ds.hale")
    assert due_pairs(views, tale).keys() == {later}


def test_what_says_little_alone_is_listed_and_due_to_nobody(views: Views, tale: Tale) -> None:
    first, both = record_entry(tale, LANE), record_entry(tale, BAZ, LANE)
    last = record_entry(tale, LANE, BAZ)
    assert pairs_by_item(views, tale, last).keys() == {both}
    with views.of(tale) as db:
        row = said_before.item(db, last)
        assert row is not None
        listed = said_before.list_weak_pairs(db, SERGEANT, row, {both})
    assert [each.other.item for each in listed] == [first]
    case = tale.case()
    tale.tell(MissingFound(where="Mill Lane"), about=case)
    with views.of(tale) as db:
        listed = said_before.list_weak_pairs(db, SERGEANT, row, {both})
    assert {each.other.item for each in listed} == {first, case}, "cases hold places, too"


def test_urgent_words_ring_before_they_are_graded(views: Views, tale: Tale) -> None:
    first = record_entry(tale, PLATE)
    decided(tale, first)
    later = record_entry(tale, PLATE)
    assert due_pairs(views, tale) == {}
    tale.tell(UrgencyRaised("he is outside now"), about=later)
    (row,) = due_pairs(views, tale).values()
    assert (row.item, row.clock, row.tier) == (later, "said-before-urgent", "danger")
    decided(tale, later)
    assert due_pairs(views, tale)[later].clock == "said-before"


def test_a_record_joins_words_but_not_those_out_of_which_it_was_made(
    views: Views, tale: Tale
) -> None:
    first = record_entry(tale, PLATE)
    car = tale.tell(ThingRecorded("vehicle", "PK95 ABC", "PK95ABC"))
    assert pairs_by_item(views, tale, first).keys() == {car}
    tale.tell(MentionConfirmed(car), about=first)
    assert pairs_by_item(views, tale, first) == {}
    assert pairs_by_item(views, tale, record_entry(tale, PART)).keys() == {first, car}


def test_a_dismissed_join_stays_so_until_something_new_speaks(views: Views, tale: Tale) -> None:
    first, later = record_entry(tale, PART), record_entry(tale, PLATE)
    for one in (first, later):
        decided(tale, one)
    assert due_pairs(views, tale).keys() == {later}
    stream = shared_mentions.pair_id(first, later)
    tale.tell(JoinDismissed(first, later, "a taxi"), about=stream, by="ds.hale")
    assert due_pairs(views, tale) == {}
    known = pairs_by_item(views, tale, later)[first]
    assert (known.state, known.by, known.reason) == ("dismissed", "ds.hale", "a taxi")
    more = tuple(Mention(0, 1, kind, normal, 0.9) for kind, normal in (BAZ, LANE))
    tale.tell(ObservationRead("test", more), about=first)
    assert pairs_by_item(views, tale, later)[first].state == "dismissed", (
        "the other side does not say it"
    )
    tale.tell(ObservationRead("test", more), about=later)
    assert pairs_by_item(views, tale, later)[first].state == "open"
    assert due_pairs(views, tale).keys() == {later}
    tale.tell(JoinConfirmed(first, later), about=stream, by="ds.hale")
    assert due_pairs(views, tale) == {}


def test_what_is_due_about_words_goes_with_them_to_another_team(views: Views, tale: Tale) -> None:
    first, later = record_entry(tale, PLATE), record_entry(tale, PLATE)
    tale.tell(UrgencyRaised("he is outside now"), about=later)
    here, there = tale.case(), tale.case(team="Freedom")
    assert due_pairs(views, tale)[later].team == "Engage"
    tale.tell(ObservationTaken(), about=later, by="ds.hale")
    tale.tell(ObservationRefiled(here), about=later)
    with views.of(tale) as db:
        (row,) = due.listed(db, SERGEANT, hour(90), DueFilter(clock="urgent-words"))
    assert (row.team, row.owner) == ("Engage", "ds.hale"), "still a colleague's"
    tale.tell(ObservationRefiled(there, here), about=later)
    tale.tell(ObservationRefiled(there), about=first)
    with views.of(tale) as db:
        rows = due.listed(db, SERGEANT, hour(90), DueFilter())
        in_queue = {
            row.id: (row.team, row.taken_by)
            for row in queue.queue(db, SERGEANT, hour(90), queue.Clocks())
        }
    about = {row.clock: (row.team, row.owner) for row in rows if row.item == later}
    assert about == {
        "urgent-words": ("Freedom", None),
        "said-before-urgent": ("Freedom", None),
    }, "once each, and whoever had them before may reach them no more"
    assert in_queue[later] == ("Freedom", None)


@pytest.mark.parametrize("gone", [ObservationWithdrawn("x"), ObservationRedacted(UUID(int=9), "x")])
def test_what_has_ended_joins_nothing(
    views: Views, tale: Tale, gone: ObservationWithdrawn | ObservationRedacted
) -> None:
    first, second, later = (
        record_entry(tale, PLATE),
        record_entry(tale, PLATE),
        record_entry(tale, PLATE),
    )
    decided(tale, later)
    tale.tell(gone, about=first)
    assert pairs_by_item(views, tale, later).keys() == {second}
    assert due_pairs(views, tale).keys() == {later}
    tale.tell(gone, about=second)
    assert due_pairs(views, tale) == {}
    assert pairs_by_item(views, tale, record_entry(tale, PLATE)).keys() == {later}


def test_of_a_crowd_the_newest_are_compared_and_no_other_team_s_is_pushed_out(
    views: Views, tale: Tale, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(joined, "NEWEST", 2)
    theirs = record_entry(tale, PLATE, team="Freedom")
    crowd = [record_entry(tale, PLATE) for _ in range(4)]
    assert pairs_by_item(views, tale, record_entry(tale, PLATE)).keys() == {theirs, *crowd[-2:]}


def test_what_many_name_makes_a_few_rows_for_each_and_pushes_no_record_out(
    views: Views, tale: Tale
) -> None:
    """A plate that many entries name makes only a few pairs for each entry, and the recorded car
    always gets a pair."""
    car = tale.tell(ThingRecorded("vehicle", "PK95 ABC", "PK95ABC"))
    crowd = [record_entry(tale, PLATE) for _ in range(30)]
    found = pairs_by_item(views, tale, crowd[15])
    assert found.keys() == {car, *crowd[10:15], *crowd[16:21]}
    part = record_entry(tale, PART)
    assert pairs_by_item(views, tale, part).keys() == {car, *crowd[-5:]}, (
        "of what may be it the newest"
    )
    with views.of(tale) as db:
        assert rows_in(db, joined.PairRow) == 30 * 5 - 15 + 30 + 6
        assert rows_in(db, joined.KeyRow) == 32
        assert rows_in(db, joined.PartRow) < 20, "of a plate, not of each who names it"
        plate = shared_mentions.clues([Mention(0, 1, *PLATE, 0.9)])
        assert said_before.count_items_by_mention(db, SERGEANT, plate)[plate[0]] == 21, (
            "counted, up to a number"
        )


def test_a_part_finds_the_plates_that_still_stand(views: Views, tale: Tale) -> None:
    """A part of a plate finds the plates that are recorded now. Parts of a withdrawn plate find
    nothing until the plate is named again."""
    first = record_entry(tale, PLATE)
    assert pairs_by_item(views, tale, record_entry(tale, PART)).keys() == {first}
    tale.tell(ObservationWithdrawn("x"), about=first)
    with views.of(tale) as db:
        left = [row.plates for row in db.execute(sa.select(joined.PartRow.table))]
    assert {plate for plates in left for plate in plates} == {"*PK95"}
    again = record_entry(tale, PLATE)
    assert again in pairs_by_item(views, tale, record_entry(tale, PART))


def test_many_plates_of_one_team_hide_no_part_of_another_s(views: Views, tale: Tale) -> None:
    theirs = record_entry(tale, PLATE, team="Freedom")
    ours = [record_entry(tale, ("vrm", f"PK95A{letter}X")) for letter in "DEFGHJKL"]
    found = pairs_by_item(views, tale, record_entry(tale, PART)).keys()
    assert found == {theirs, *ours[-5:]}


def rows_in(db: Db, kind: Any) -> int:
    return int(db.execute(sa.select(sa.func.count()).select_from(kind.table)).scalar_one())
