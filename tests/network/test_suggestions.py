"""Which two may be one: only those who can be are compared, and none is missed by that."""

from itertools import combinations
from random import Random

import pytest

from domain import forms
from network import suggestions
from network.suggestions import _called, _likeness
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
    found = set()
    names = {name: called for name, called in world.called.items() if not name.startswith("car")}
    sounds = {
        one: {
            sound
            for name in called
            for word in forms.tokens(name)
            for each in (word, *forms.given_names(word))
            for sound in forms.sounds(each)
        }
        for one, called in names.items()
    }
    for one, other in combinations(names, 2):
        crowds = [
            sum(sound in heard for heard in sounds.values())
            for sound in sounds[one] & sounds[other]
        ]
        if not any(crowd <= suggestions.CROWD for crowd in crowds):
            continue
        shared = sum(
            frozenset((one, car)) in ties and frozenset((other, car)) in ties for car in world.ids
        )
        ones, others = ([_called(name) for name in names[each]] for each in (one, other))
        score, _ = _likeness(ones, others, suggestions.ENOUGH - 0.05 * shared)
        if score and min(1.0, score + 0.05 * shared) >= suggestions.ENOUGH:
            found.add((one, other))
    return found


@pytest.mark.parametrize("crowd", [200, 6])
def test_what_is_suggested_is_what_comparing_everybody_finds(
    world: World, monkeypatch: pytest.MonkeyPatch, crowd: int
) -> None:
    monkeypatch.setattr(suggestions, "CROWD", crowd)
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
    assert len(pairs) >= (20 if crowd == 200 else 1)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


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
