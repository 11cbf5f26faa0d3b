"""The network shows what changed between two moments, between two periods, and between what was
recorded by one date and by another."""

from datetime import timedelta
from uuid import UUID

import pytest

from domain.kernel.values import Refused
from network.over_time.changes import TieChange, changes, compared
from projections.intelligence.links import LinkFilter
from tests.network.world import READER, World, day
from tests.projections.plans import plans


def ends_of_changes(found: tuple[TieChange, ...]) -> set[str]:
    return {" ".join(sorted((one.source_label, one.target_label))) for one in found}


@pytest.fixture
def two_days(world: World) -> World:
    world.suspects("Ash", "Birch", "Cedar", "Damson")
    return world


def test_between_two_moments_ties_appear_and_fade(two_days: World) -> None:
    two_days.link("Ash", "Birch", valid=(1, 5))
    two_days.link("Ash", "Cedar", valid=(1, None))
    two_days.link("Ash", "Damson", valid=(8, None))
    two_days.link("Ash", "Cedar", valid=(7, None))
    with two_days.db() as db:
        found = changes(db, READER, day(3), day(9))
    assert ends_of_changes(found.appeared) == {"Ash Damson"}
    assert ends_of_changes(found.faded) == {"Ash Birch"}
    assert [(one.count_before, one.count) for one in found.strengthened] == [(1, 2)]
    assert found.learned == found.stood == ()


def test_two_windows_of_one_length_compare_how_often(two_days: World) -> None:
    for at in (1, 2, 3, 11):
        two_days.link("Ash", "Birch", "contact", valid=(at, at))
    for at in (2, 11, 12):
        two_days.link("Ash", "Cedar", "contact", valid=(at, at))
    with two_days.db() as db:
        found = changes(db, READER, day(5), day(15), window=timedelta(days=5))
    assert [(one.count_before, one.count) for one in found.faded] == [(3, 1)]
    assert [(one.count_before, one.count) for one in found.strengthened] == [(1, 2)]
    assert [one.was for one in found.faded] == ["3 times, 2B"]


def test_what_we_knew_and_what_we_learned_since(two_days: World) -> None:
    two_days.link("Ash", "Birch", known=1)
    two_days.link("Ash", "Cedar", known=8)
    two_days.link("Birch", "Cedar", known=1, until=7)
    graded = two_days.link("Ash", "Damson", grade="3D", known=2, until=6)
    two_days.link("Ash", "Damson", grade="1A", known=6, link=graded)
    with two_days.db() as db:
        found = changes(db, READER, day(5), day(9), known=True)
        world = changes(db, READER, day(5), day(9))
        of_one = changes(db, READER, day(5), day(9), two_days["Damson"], known=True)
    assert ends_of_changes(found.stood) == {"Ash Birch", "Birch Cedar", "Ash Damson"}
    assert ends_of_changes(found.learned) == {"Ash Cedar"}
    assert ends_of_changes(found.faded) == {"Birch Cedar"}
    assert [(one.grade_before, one.grade) for one in found.strengthened] == [("3D", "1A")]
    assert found.appeared == world.appeared == ()
    assert ends_of_changes(of_one.stood) == {"Ash Damson"}
    assert ends_of_changes(of_one.learned) == set()


def test_what_was_known_by_then_is_found_without_what_came_later(world: World) -> None:
    world.suspects("Ash", "Birch", "Cedar")
    first = world.link("Ash", "Birch", known=3)
    world.link("Ash", "Cedar", known=25)
    with world.db() as db, plans(db) as how:
        found = compared(db, READER, None, day(10), lambda ones: ())
    assert [pair.links for pair in found.after.values()] == [(first,)]
    assert how
    assert not [plan for plan in how if "SCAN main.links " in plan or "SCAN main.judg" in plan]


def test_something_learned_late_of_the_time_before_is_learned(two_days: World) -> None:
    two_days.link("Ash", "Birch", known=6, valid=(1, 2))
    two_days.link("Ash", "Cedar", known=6, valid=(7, None))
    with two_days.db() as db:
        found = changes(db, READER, day(5), day(9))
    assert (ends_of_changes(found.appeared), ends_of_changes(found.learned)) == (
        {"Ash Cedar"},
        {"Ash Birch"},
    )


def test_a_judgement_alone_changes_no_tie(two_days: World) -> None:
    two_days.link("Ash", "Birch", known=1)
    two_days.judge("Birch", "Cedar", known=6)
    two_days.judge("Ash", "Damson", known=6)
    with two_days.db() as db:
        found = changes(db, READER, day(5), day(9), known=True)
    assert (found.learned, found.faded) == ((), ())


def test_moments_stand_in_order_and_windows_apart(two_days: World) -> None:
    with two_days.db() as db:
        with pytest.raises(Refused, match="later than the first"):
            changes(db, READER, day(5), day(5))
        with pytest.raises(Refused, match="overlap"):
            changes(db, READER, day(5), day(9), window=timedelta(days=5))
        assert changes(db, READER, day(5), day(9), link_filter=LinkFilter()).appeared == ()


def test_a_change_of_stage_or_strength_alone_is_in_the_words_of_both_states(
    two_days: World,
) -> None:
    staged = two_days.link("Ash", "Birch", known=1, until=6, stage="evidence")
    two_days.link("Ash", "Birch", known=6, link=staged)
    two_days.link("Ash", "Cedar", known=1, root=UUID(int=1))
    same = two_days.link("Ash", "Cedar", known=1, until=6, root=UUID(int=2))
    two_days.link("Ash", "Cedar", known=6, root=UUID(int=1), link=same)
    with two_days.db() as db:
        found = changes(db, READER, day(5), day(9), known=True)
    words = {one.target_label: (one.was, one.now) for one in found.faded}
    assert words["Birch"] == ("once, 2B, evidence", "once, 2B, intelligence")
    before, after = words["Cedar"]
    assert before != after
    assert before is not None
    assert before.startswith("2 times, 2B, strength ")
