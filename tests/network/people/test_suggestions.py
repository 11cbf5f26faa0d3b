"""The search for possible duplicates compares only people who share a search key, and misses no
duplicate that a comparison of all people would find."""

from itertools import combinations
from random import Random

import pytest

from domain import forms, matching
from network.people import suggestions
from projections.intelligence import likely_same_person
from projections.intelligence.likely_same_person import ENOUGH
from projections.kernel.database import Db
from tests.network.world import READER, World, day

GIVEN = ("Sharon", "Shaz", "Sharron", "Barry", "Baz", "Bazza", "Kayleigh", "Kaylee", "Sean")
FAMILY = ("Marlow", "Marlo", "Marlowe", "Field", "Feild", "Vole", "")


def expected(world: World, ties: set[frozenset[str]]) -> set[frozenset[str]]:
    """Return the pairs of people that are possible duplicates by the matching rules alone, among
    people who share a search key."""
    records: dict[str, matching.Record] = {}
    for name, called in world.called.items():
        if not name.startswith("car"):
            cars = tuple(f"{car}" for car in world.ids if frozenset((name, car)) in ties)
            records[name] = {"name": tuple(map(forms.name, called)), "plate": cars}
    holders = {car: sum(frozenset((name, car)) in ties for name in records) for car in world.ids}
    shared: matching.Ties = {("plate", car): number for car, number in holders.items()}
    found = set()
    for one, other in combinations(records, 2):
        mine, theirs = (matching.keys(records[each]) for each in (one, other))
        compared = matching.compare(records[one], records[other], matching.DEFAULT, shared)
        if mine.sought & theirs.stored and compared.probability >= ENOUGH:
            found.add(frozenset((one, other)))
    return found


@pytest.mark.parametrize("some", [50, 3])
def test_what_is_suggested_is_what_comparing_everybody_finds(
    world: World, monkeypatch: pytest.MonkeyPatch, some: int
) -> None:
    monkeypatch.setattr(suggestions, "SOME", some)
    draw = Random(3)
    people: set[str] = set()
    while len(people) < 60:
        people.add(f"{draw.choice(GIVEN)} {draw.choice(FAMILY)}".strip())
        people.add(f"{draw.choice(GIVEN)} {''.join(draw.choices('aeltr', k=5)).title()}")
    for number, name in enumerate(sorted(people)):
        world.put(name, aliases=("Shaz",) if number % 9 == 0 else ())
    ties: set[frozenset[str]] = set()
    for number in range(12):
        world.put(f"car {number}", kind="vehicle")
        for who in draw.sample(sorted(people), 3):
            world.link(who, f"car {number}", "uses")
            ties.add(frozenset((who, f"car {number}")))
    with world.db() as db:
        found = same_person_pairs(db)
    names = {one: name for name, one in world.ids.items()}
    pairs = {frozenset((names[one.a], names[one.b])) for one in found}
    assert pairs == expected(world, ties)
    assert len(pairs) >= 20
    assert found == sorted(found, key=lambda one: one.place)
    with world.db() as db:
        for limit in (1, 5, 20, len(found)):
            first = suggestions.suggestions(db, READER, limit=limit, kind="same")
            assert [one.weighed for one in first] == [one.weighed for one in found[:limit]]


def same_person_pairs(db: Db) -> list[suggestions.Suggestion]:
    return suggestions.suggestions(db, READER, limit=10_000, kind="same")


def labels(db: Db) -> set[tuple[str, str]]:
    return {
        (same_person_pair.label_a, same_person_pair.label_b)
        for same_person_pair in same_person_pairs(db)
    }


def test_a_pair_that_was_judged_comes_back_when_something_new_speaks_for_it(world: World) -> None:
    world.put("Sharon Marlow")
    world.put("Sharron Marlow")
    world.put("07700900123", kind="phone")
    with world.db() as db:
        assert len(same_person_pairs(db)) == 1
    world.judge("Sharon Marlow", "Sharron Marlow", "different", known=2)
    world.put("a flat", kind="place")
    world.link("Sharon Marlow", "07700900123", "uses", known=3)
    world.link("Sharon Marlow", "a flat", "frequents", known=3)
    with world.db() as db:
        assert same_person_pairs(db) == [], "what one of them has says nothing of both"
    world.link("Sharron Marlow", "07700900123", "uses", known=4)
    with world.db() as db:
        (again,) = same_person_pairs(db)
    assert again.reasons[0] == "judged different; new since then: phone"
    world.judge("Sharon Marlow", "Sharron Marlow", "different", known=5)
    with world.db() as db:
        assert same_person_pairs(db) == [], "decided with the phone known"


def test_a_group_is_shown_as_a_group(world: World) -> None:
    for name in ("Ann Marlow", "Ann Marlow ", "Ann Marlow  ", "Kevin Vole", "Kevin Vole "):
        world.put(name, born=day(-7000).date() if name < "B" else day(-9000).date())
    with world.db() as db:
        found = same_person_pairs(db)
    assert sorted(one.people for one in found) == [2, 3, 3, 3]


def test_two_who_were_distinguished_are_not_brought_together_by_a_third(world: World) -> None:
    born = day(-7000).date()
    for name in ("Ann Marlow", "Anne Marlow", "Anna Marlow"):
        world.put(name, born=born)
    world.judge("Ann Marlow", "Anne Marlow", "same")
    world.judge("Anne Marlow", "Anna Marlow", "different")
    with world.db() as db:
        assert same_person_pairs(db) == []


def test_two_people_with_one_name_and_two_birthdays_are_distinguished(world: World) -> None:
    world.put("Sharon Marlow", born=day(-7000).date())
    world.put("Sharon Marlow ", born=day(-9123).date())
    world.put("Sharon Marlow  ", born=day(-7000).date())
    with world.db() as db:
        first, *others = same_person_pairs(db)
    assert (first.label_a, first.label_b) == ("Sharon Marlow", "Sharon Marlow  ")
    assert first.score > 0.99
    for one in others:
        assert one.score < 0.5
        assert "against it: date of birth different: " in one.because


def test_of_a_crowd_the_first_are_compared_and_it_is_said(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(likely_same_person, "CROWD", 3)
    for number, name in enumerate(("Baz", "Bazz", "Baza", "Bazo", "Bazzz", "Barry Marlow")):
        world.put(name, born=day(-9000 - 400 * number).date())
    world.put("Barry Marlowe", born=day(-9000 - 400 * 5).date())
    with world.db() as db:
        assert ("Barry Marlow", "Barry Marlowe") in labels(db)
        assert likely_same_person.beyond(db, READER) >= 1
