"""A reader sees two records compared row by row, with the reasons and with the weights that were
used.
"""

from datetime import date
from uuid import uuid4

import pytest

from domain.kernel.values import Refused
from network.people import compare_people
from network.people.compare_people import Weighed
from tests.network.world import READER, World, day


def rows(world: World, one: str, other: str, **asked: object) -> dict[str, Weighed]:
    with world.db() as db:
        found = compare_people.compared(db, READER, world[one], world[other], **asked)  # type: ignore[arg-type]
    assert [row.number for row in found] == list(range(len(found)))
    assert found[0].shown == (world[one], world[other])
    sums = [round(sum(row.weight for row in found[: at + 1]), 1) for at in range(len(found))]
    assert [row.total for row in found] == pytest.approx(sums, abs=0.1)
    return {row.field: row for row in found}


@pytest.fixture
def two(world: World) -> World:
    world.put("Bill Marlow", born=date(1980, 3, 4))
    world.put("William Marlow", born=date(1980, 4, 3), known=5)
    world.put("Kevin Field")
    world.put("+447700900123", kind="phone")
    world.put("4 mill lane", kind="place")
    for one in ("Bill Marlow", "William Marlow"):
        world.link(one, "Kevin Field")
        world.link(one, "+447700900123", "uses", grade=None, known=7)
    world.link("Bill Marlow", "4 mill lane", "lives-at")
    return world


def test_each_field_says_how_it_agrees_and_what_it_weighs(two: World) -> None:
    found = rows(two, "Bill Marlow", "William Marlow")
    assert {field: row.agrees for field, row in found.items()} == {
        "before": "any two people",
        "phone": "the same",
        "family": "the same",
        "born": "day and month exchanged",
        "given": "short for it",
        "companion": "one in common",
    }
    assert found["companion"].mine == "Kevin Field"
    assert found["companion"].shown == (two["Kevin Field"],)
    assert (found["given"].mine, found["given"].theirs) == ("Bill", "William")
    assert {row.version for row in found.values()} == {"default-2"}


def test_what_was_not_known_then_says_nothing(two: World) -> None:
    assert "phone" not in rows(two, "Bill Marlow", "William Marlow", as_known=day(6))
    with two.db() as db, pytest.raises(Refused, match="name two people"):
        compare_people.compared(
            db, READER, two["Bill Marlow"], two["William Marlow"], as_known=day(4)
        )


def test_a_link_that_has_ended_says_nothing(two: World) -> None:
    two.link("William Marlow", "4 mill lane", "lives-at", until=3)
    assert "address" not in rows(two, "Bill Marlow", "William Marlow")


def test_a_phone_that_many_have_says_less(two: World) -> None:
    before = rows(two, "Bill Marlow", "William Marlow")["phone"].weight
    for number in range(9):
        two.put(f"Person {number}")
        two.link(f"Person {number}", "+447700900123", "uses")
    assert rows(two, "Bill Marlow", "William Marlow")["phone"].weight < before - 3


def test_what_is_no_person_is_not_compared(two: World) -> None:
    for other in ("+447700900123", "Bill Marlow"):
        with two.db() as db, pytest.raises(Refused):
            compare_people.compared(db, READER, two["Bill Marlow"], two[other])
    with two.db() as db, pytest.raises(Refused):
        compare_people.compared(db, READER, two["Bill Marlow"], uuid4())
