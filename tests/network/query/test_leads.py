"""The network shows places that many people share (hotspots), and children who may be at risk
through one suspect."""

from collections import Counter
from random import Random

import pytest
from msgspec.structs import replace

from domain.kernel.values import Grade, LinkKind, Refused
from network.people.risk import children_at_risk
from network.query import hotspots as module
from network.query import view
from network.query.graph_builder import HUB
from network.query.hotspots import hotspots
from projections.intelligence.links import LinkFilter, rank
from projections.kernel.queries import COUNTED, figure
from tests.network.world import READER, World
from usecases.intelligence.network import describe_left_out


def test_what_several_share_is_ranked_by_people_and_homes_never_appear(world: World) -> None:
    world.suspects("Ash", "Birch", "Cedar")
    world.child("Clover")
    world.put("Damson", "suspect", "eliminated")
    for place in ("hotel, Town A", "Mill Lane, Town B", "takeaway, Town A", "park, Town B"):
        world.put(place, kind="place")
    world.put("AB91 ABC", kind="vehicle")
    for one in ("Ash", "Birch", "Clover"):
        world.link(one, "hotel, Town A", "seen-at")
    world.link("Ash", "AB91 ABC", "driver-of")
    world.link("Birch", "AB91 ABC", "driver-of", grade="1A")
    world.link("Ash", "takeaway, Town A", "frequents")
    world.link("Damson", "takeaway, Town A", "frequents")
    world.link("Ash", "park, Town B", "frequents")
    world.link("Ash", "park, Town B", "seen-at")
    for one in ("Ash", "Birch", "Cedar"):
        world.link(one, "Mill Lane, Town B", "seen-at")
    world.link("Clover", "Mill Lane, Town B", "placed-at", grade=None)
    with world.db() as db:
        found = hotspots(db, READER)
        capped = hotspots(db, READER, cap=2)
        one_only = hotspots(db, READER, limit=1)
    assert [(row.label, row.people) for row in found.rows] == [
        ("hotel, Town A", 3),
        ("AB91 ABC", 2),
    ]
    hotel, car = found.rows
    assert (hotel.offenders, hotel.victims, hotel.links) == (2, 1, 3)
    assert hotel.suspects == (world["Ash"], world["Birch"]), "children are counted, not named"
    assert car.grade == "1A"
    assert [(row.label, row.hub) for row in capped.rows] == [
        ("AB91 ABC", False),
        ("hotel, Town A", True),
    ]
    assert (len(one_only.rows), one_only.more) == (1, 1)


def test_seventeen_men_and_two_children(world: World) -> None:
    """Seventeen suspects and two children are found together; the report says: "17 men are
    suspected of exploiting two young people" (requirement W15).
    """
    men = [f"Man {number}" for number in range(17)]
    world.suspects(*men)
    for child in ("Clover", "Daisy"):
        world.child(child)
        for man in men:
            world.link(man, child, "association")
    with world.db() as db:
        found = children_at_risk(db, READER)
        of_one = children_at_risk(db, READER, world["Man 16"])
    assert Counter(row.label for row in found.rows) == {"Clover": 17, "Daisy": 17}
    assert Counter(row.label for row in of_one.rows) == {"Clover": 1, "Daisy": 1}


def test_a_hotspot_needs_graded_links_unless_asked(world: World) -> None:
    world.suspects("Ash", "Birch")
    world.put("hotel, Town A", kind="place")
    world.link("Ash", "hotel, Town A", "seen-at")
    world.link("Birch", "hotel, Town A", "seen-at", grade=None)
    with world.db() as db:
        assert hotspots(db, READER).rows == ()
        assert hotspots(db, READER).ungraded == 1
        assert len(hotspots(db, READER, link_filter=LinkFilter(min_rank=None)).rows) == 1


def test_what_hotspots_leave_out_is_counted_to_a_thousand(world: World) -> None:
    world.suspects("Ash", "Birch")
    world.put("hotel, Town A", kind="place")
    for _ in range(COUNTED + 2):
        world.link("Ash", "hotel, Town A", "seen-at", grade=None)
    world.link("Birch", "hotel, Town A", "seen-at")
    with world.db() as db:
        found = hotspots(db, READER)
    assert found.ungraded == COUNTED + 1
    assert describe_left_out(found, figure) == ("more than 1,000 ungraded not shown",)


def test_children_tied_to_a_suspect_directly_or_by_what_both_use(world: World) -> None:
    world.put("the dance teacher", "suspect")
    world.suspects("Birch")
    for child in ("Clover", "Daisy", "Elder", "Fern"):
        world.child(child)
    world.put("AB91 ABC", kind="vehicle")
    world.put("Town A", kind="place")
    world.put("Mill Lane, Town B", kind="place")
    world.link("the dance teacher", "Clover", "association", grade="2B", stage="evidence")
    world.link("the dance teacher", "AB91 ABC", "driver-of", grade="1A")
    seen = world.link("Daisy", "AB91 ABC", "passenger-of", grade="3D")
    world.link("the dance teacher", "Mill Lane, Town B", "lives-at")
    world.link("Elder", "Mill Lane, Town B", "lives-at")
    for one in ("the dance teacher", "Fern", "Birch", "Clover"):
        world.link(one, "Town A", "seen-at")
    with world.db() as db:
        found = children_at_risk(db, READER, world["the dance teacher"], cap=3)
        every = children_at_risk(db, READER, cap=3)
        with pytest.raises(Refused, match="not a suspect"):
            children_at_risk(db, READER, world["Clover"])
    assert [row.label for row in found.rows] == ["Clover", "Daisy", "Elder"]
    clover, daisy, elder = (row.reasons[0] for row in found.rows)
    assert (clover.via, clover.grade, clover.stage) == (None, "2B", "evidence")
    assert daisy.via_label == "AB91 ABC"
    assert daisy.grade == "3D", "no surer than the weaker side"
    assert seen in daisy.links
    assert elder.via_label == "a home or placement"
    assert "Mill Lane" not in repr(found)
    assert [hub.label for hub in found.hubs] == ["Town A"]
    assert every.rows == found.rows, "Birch reaches nobody but through the hub"


def test_what_very_many_share_is_reported_and_not_followed_from_one_suspect_either(
    world: World,
) -> None:
    world.suspects("Ash")
    world.child("Clover")
    world.child("Daisy")
    world.put("the arcade, Town A", kind="place")
    shoppers = [f"shopper {number}" for number in range(HUB)]
    for shopper in shoppers:
        world.put(shopper)
    for one in ("Ash", "Clover", "Daisy", *shoppers):
        world.link(one, "the arcade, Town A", "frequents")
    world.link("Ash", "Daisy", "contact")
    with world.db() as db:
        every = children_at_risk(db, READER)
        found = children_at_risk(db, READER, world["Ash"])
    assert [(row.label, row.because) for row in found.rows] == [("Daisy", "contact (2B)")]
    assert found.rows == every.rows
    assert [(hub.label, hub.links) for hub in found.hubs] == [("the arcade, Town A", HUB + 3)]
    assert found.hubs == every.hubs


def test_a_suspect_who_was_cleared_makes_nobody_at_risk(world: World) -> None:
    world.put("Ash", "suspect", "acquitted")
    world.child("Clover")
    world.link("Ash", "Clover")
    with world.db() as db:
        assert children_at_risk(db, READER).rows == ()


@pytest.mark.parametrize("lowest", [None, LinkFilter().min_rank, rank(Grade.parse("2B"))])
def test_hotspots_are_those_of_the_whole_network(
    world: World, monkeypatch: pytest.MonkeyPatch, lowest: int | None
) -> None:
    """The list of hotspots is the same as if the whole network were read, although the program
    skips links whose end no other link shares."""
    draw = Random(5)
    people, places = [f"man {n}" for n in range(25)], [f"place {n}" for n in range(15)]
    world.suspects(*people)
    for place in places:
        world.put(place, kind="place")
    for _ in range(80):
        grade = draw.choice((None, "1A", "3D", "2B"))
        kind: LinkKind = "lives-at" if draw.random() < 0.05 else "seen-at"
        world.link(draw.choice(people), draw.choice(places), kind, grade)
    world.judge("man 1", "man 2")
    world.judge("place 1", "place 2")
    asked = replace(LinkFilter(), min_rank=lowest)
    with world.db() as db:
        found = hotspots(db, READER, link_filter=asked, limit=None)
        monkeypatch.setattr(
            module,
            "shared",
            lambda db, reader, *, link_filter, also: view.whole_layer(
                db, reader, link_filter=link_filter
            ),
        )
        assert found == hotspots(db, READER, link_filter=asked, limit=None)
    assert found.rows


def test_where_missing_children_were_found_counts_where_that_is_a_place_of_the_record(
    world: World,
) -> None:
    world.suspects("Ash", "Birch")
    world.put("station hotel town a", kind="place")
    world.put("mill lane town b", kind="place")
    world.link("Ash", "station hotel town a", "frequents")
    world.link("Birch", "mill lane town b", "lives-at")
    for name in ("Clover", "Daisy"):
        world.found(name, "Station Hotel, Town A")
        world.found(name, "Mill Ln, Town B")
        world.found(name, "at home")
        world.found(name, "the old mill")
    with world.db() as db:
        (hotel,) = hotspots(db, READER).rows
        assert (
            hotspots(db, READER, link_filter=LinkFilter(kinds=frozenset({"frequents"}))).rows == ()
        )
    assert (hotel.label, hotel.people, hotel.found) == ("station hotel town a", 3, 2)
    assert (hotel.offenders, hotel.victims, hotel.links) == (1, 2, 1)
    assert hotel.suspects == (world["Ash"],), "children are counted, not named"
