"""Which two may be one: only those who can be are compared, and none is missed by that."""

from itertools import combinations
from random import Random

import pytest

from network import suggestions
from projections import alike
from projections.alike import ENOUGH, TIE
from projections.schema import Db
from tests.network.world import READER, World

GIVEN = (
    "Sharon",
    "Shaz",
    "Sharron",
    "Barry",
    "Baz",
    "Bazza",
    "Kayleigh",
    "Kaylee",
    "Sean",
    "Shaun",
)
FAMILY = ("Marlow", "Marlo", "Marlowe", "Field", "Feild", "Vole", "")


def expected(world: World, ties: set[frozenset[str]]) -> set[tuple[str, str]]:
    """Every pair of people compared with every other, by the rules alone."""
    found: set[tuple[str, str]] = set()
    names = {name: called for name, called in world.called.items() if not name.startswith("car")}
    for one, other in combinations(names, 2):
        shared = sum(
            frozenset((one, car)) in ties and frozenset((other, car)) in ties for car in world.ids
        )
        ones, others = ([alike.called(name) for name in names[each]] for each in (one, other))
        score, _ = alike.likeness(ones, others, ENOUGH - TIE * shared)
        if score and sounds(names[one]) & sounds(names[other]):
            found.add((one, other))
    return found


def sounds(names: tuple[str, ...]) -> set[str]:
    return {sound for name in names for sound in alike.sounds(name)}


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
        for who in draw.sample(sorted(people), 8):
            world.link(who, f"car {number}", "uses")
            ties.add(frozenset((who, f"car {number}")))
    with world.db() as db:
        found = same(db)
    names = {one: name for name, one in world.ids.items()}
    pairs = {frozenset((names[one.a], names[one.b])) for one in found}
    assert pairs == {frozenset(pair) for pair in expected(world, ties)}
    assert len(pairs) >= 20
    assert found == sorted(found, key=lambda one: one.place)
    with world.db() as db:
        for limit in (1, 5, 20, len(found)):
            assert suggestions.suggestions(db, READER, limit=limit, what="same") == found[:limit]


def same(db: Db) -> list[suggestions.Suggestion]:
    return suggestions.suggestions(db, READER, limit=10_000, what="same")


def test_a_pair_that_was_judged_does_not_come_back(world: World) -> None:
    world.put("Sharon Marlow")
    world.put("Sharron Marlow")
    with world.db() as db:
        assert len(same(db)) == 1
    world.judge("Sharon Marlow", "Sharron Marlow", "different")
    with world.db() as db:
        assert same(db) == []


def test_of_a_crowd_the_first_are_compared_and_whose_whole_names_sound_alike(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alike, "CROWD", 3)
    for name in ("Baz", "Bazz", "Baz One", "Baz Two", "Bazzz"):
        world.put(name)
    world.put("Barry Marlow")
    world.put("Barry Marlowe")
    with world.db() as db:
        found = {(one.label_a, one.label_b) for one in same(db)}
    assert ("Baz", "Bazz") in found
    assert ("Barry Marlow", "Barry Marlowe") in found
    assert not [pair for pair in found if "Bazzz" in pair]
