"""Hotspots as a picture: by town, joined by the suspects they share, none over another."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from network.picture.schematic import NO_TOWN, VEHICLES, WIDE, schematic
from network.query.hotspots import Hotspot


def spot(
    number: int, label: str, people: int, *suspects: int, kind: str = "place", hub: bool = False
) -> Hotspot:
    return Hotspot(
        id=UUID(int=number),
        kind=kind,  # type: ignore[arg-type]
        label=label,
        people=people,
        offenders=len(suspects),
        victims=people - len(suspects),
        links=people,
        grade="2B",
        last_known=datetime(2012, 1, 1, tzinfo=UTC),
        suspects=tuple(UUID(int=one) for one in suspects),
        hub=hub,
    )


def test_places_stand_in_their_towns_and_vehicles_last() -> None:
    found = schematic(
        [
            spot(1, "AB12CDE", 9, kind="vehicle"),
            spot(2, "Chip shop, Mill Lane, Town A", 2),
            spot(3, "Station Hotel, town a, ZZ99 1QB", 3),
            spot(4, "Bus station, Town B", 4),
            spot(5, "the arches", 2),
        ]
    )
    assert [area.name for area in found.areas] == ["Town A", "Town B", NO_TOWN, VEHICLES]
    assert [" ".join(one.lines) for one in found.spots] == [
        "Chip shop, Mill Lane", "Station Hotel", "Bus station", "the arches", "AB12CDE",
    ]  # fmt: skip


def test_a_line_joins_two_to_which_the_same_suspects_come() -> None:
    found = schematic(
        [
            spot(1, "Hotel, Town A", 3, 7, 8),
            spot(2, "Park, Town B", 2, 8, 9),
            spot(3, "Arcade, Town A", 3, 7, 8, 9),
            spot(4, "Café, Town C", 2),
        ]
    )
    bonds = {(one.one.of.id.int, one.other.of.id.int): one.shared for one in found.bonds}
    assert bonds == {(1, 3): 2, (1, 2): 1, (3, 2): 2}


@pytest.mark.parametrize("count", [0, 1, 4, 40])
def test_nothing_covers_another_or_is_outside(count: int) -> None:
    found = schematic([spot(n, f"Place {n}, Town {n % 7}", n + 2) for n in range(count)])
    assert len(found.spots) == count
    assert found.wide <= WIDE
    for number, one in enumerate(found.areas):
        assert one.left + one.wide <= found.wide
        assert one.top + one.high <= found.high
        for other in found.areas[number + 1 :]:
            aside = one.left + one.wide < other.left or other.left + other.wide < one.left
            below = one.top + one.high < other.top or other.top + other.high < one.top
            assert aside or below
    for number, here in enumerate(found.spots):
        for there in found.spots[number + 1 :]:
            apart = ((here.x - there.x) ** 2 + (here.y - there.y) ** 2) ** 0.5
            assert apart > here.radius + there.radius + 20


def test_more_people_make_a_larger_circle_and_words_are_harmless() -> None:
    many, few = schematic([spot(1, "A\u202e\x00, <b>T</b>", 2), spot(2, "B, T", 9)]).spots
    assert few.radius < many.radius
    assert "\u202e" not in few.name + "".join(few.lines)
