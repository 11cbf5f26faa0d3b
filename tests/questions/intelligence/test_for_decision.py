"""The list of people about whom a meeting must decide is computed for the meeting. Afterwards it is
shown as it was stored at the meeting."""

from datetime import timedelta

from domain.intelligence.for_decision import BoardLink
from questions.intelligence import for_decision
from questions.intelligence.for_decision import Shown
from tests.network.world import READER, World, day

NOW = day(30)


def people_listed(world: World) -> Shown:
    with world.db() as db:
        return for_decision.list_people(db, READER, NOW)


def test_the_board_starts_from_children_and_names_what_is_missing(world: World) -> None:
    world.suspects("Ash", "Birch", "Cedar", "Damson")
    for girl in ("Clover", "Daisy"):
        world.child(girl)
    world.put("silver Corsa", kind="vehicle")
    world.put("PK95ABC", kind="vehicle")
    world.put("Mill Lane, Town B", kind="place")
    world.link("Birch", "Clover", "association", known=25)
    world.link("Ash", "Clover", "association", grade=None, known=2)
    world.link("Ash", "silver Corsa", "driver-of", known=3)
    world.link("Cedar", "Daisy", "association", grade="1A", known=1)
    world.link("Cedar", "PK95ABC", "driver-of", grade="1A", valid=(20, 21))
    world.link("Cedar", "Mill Lane, Town B", "lives-at")
    world.link("Damson", "Ash", known=1)
    found = people_listed(world)
    assert [(row.label, row.group, row.who) for row in found.rows] == [
        ("Cedar", "overdue", ("Daisy",)),
        ("Ash", "overdue", ("Clover",)),
        ("Birch", "waiting", ("Clover",)),
    ], "Damson is tied to no child"
    cedar, ash, _ = found.rows
    assert (ash.grade, cedar.grade, cedar.last_seen) == (None, "1A", day(21))
    assert [gap.what for gap in ash.gaps][:2] == ["grade", "plate"]
    assert str(ash.gaps[1]) == "no whole plate (silver Corsa)"
    assert {"plate", "address"}.isdisjoint(gap.what for gap in cedar.gaps)
    assert {one.what for one in ash.against} == {"root-not-known", "ungraded"}
    assert ash.next == ash.gaps[0].question
    with world.db() as db:
        for most in (1, 2, 3, 4):
            first = for_decision.list_first(db, READER, NOW, most)
            assert first == (found.rows[:most], 3), "the first rows are whole, and all are counted"


def test_who_is_judged_the_same_is_listed_once_and_an_age_is_reckoned_now(world: World) -> None:
    world.suspects("Ash", "Baz")
    world.put("Elm", "suspect", born=(NOW - timedelta(days=18 * 366)).date())
    world.child("Clover")
    for one in ("Ash", "Baz", "Elm"):
        world.link(one, "Clover", "association")
    world.judge("Ash", "Baz")
    found = people_listed(world)
    assert [row.label for row in found.rows] == ["Ash", "Elm"], "he was 17 when he was recorded"
    assert len(found.rows[0].why) == 2


def test_a_young_suspect_and_a_cleared_man_stand_apart(world: World) -> None:
    world.put("Ash", "acquitted")
    world.put("Birch", "suspect", child=True)
    world.put("Cedar", "witness")
    world.child("Clover")
    for one in ("Ash", "Birch", "Cedar"):
        world.link(one, "Clover", "association")
    found = people_listed(world)
    assert not found.rows
    assert [(row.label, row.why, row.who) for row in found.apart] == [
        ("Birch", "under-18", ("Clover",)),
        ("Ash", "acquitted", ("Clover",)),
    ]


def test_two_girls_beside_each_other_make_nobody_a_suspect(world: World) -> None:
    world.suspects("Ash")
    world.child("Clover")
    world.child("Daisy")
    world.link("Ash", "Clover", "association")
    world.link("Clover", "Daisy", "associate")
    with world.db() as db:
        facts = for_decision.facts(db, READER, NOW)
    assert [type(tie) for tie in facts.ties] == [BoardLink]
