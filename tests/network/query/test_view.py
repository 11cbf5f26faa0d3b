"""The picture of the network around one person shows the right links, also as recorded by an
earlier date. A message says how many links are left out."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any
from uuid import UUID

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.network import fill, person
from domain.kernel.values import Reader, Refused
from network.picture import terminal_map
from network.picture.picture_data import document
from network.query.view import Extent, NetworkAnswer, ego, extent, whole_layer
from projections import all_views
from projections.intelligence import people
from projections.intelligence.links import LinkFilter, count_left_out, least, links
from projections.intelligence.people import Entity
from projections.kernel.database import Db
from projections.kernel.runner import create, open_views
from tests.fuzz import SHARED
from tests.network.world import READER, World, day, new_world

ANY = LinkFilter(min_rank=None)


def labels(picture: NetworkAnswer) -> set[str]:
    return {picture.entity(one).label for one in picture.graph}


def test_one_hop_holds_the_neighbours_and_the_links_among_them(world: World) -> None:
    world.suspects("Ash", "Birch", "Cedar", "Damson")
    world.link("Ash", "Birch")
    world.link("Cedar", "Ash")
    among = world.link("Birch", "Cedar")
    world.link("Cedar", "Damson")
    with world.db() as db:
        near = ego(db, READER, world["Ash"])
        far = ego(db, READER, world["Ash"], 2)
    assert labels(near) == {"Ash", "Birch", "Cedar"}
    assert near.graph.has_edge(world["Birch"], world["Cedar"], key=among)
    assert labels(far) == {"Ash", "Birch", "Cedar", "Damson"}


def test_the_graph_cannot_be_changed(world: World) -> None:
    world.suspects("Ash", "Birch")
    world.link("Ash", "Birch")
    with world.db() as db:
        near = ego(db, READER, world["Ash"])
    with pytest.raises(nx.NetworkXError):
        near.graph.remove_node(world["Ash"])


def test_ungraded_links_are_counted_and_not_followed(world: World) -> None:
    world.suspects("Ash", "Birch", "Cedar", "Damson", "Elder")
    world.link("Ash", "Birch")
    world.link("Ash", "Cedar")
    world.link("Birch", "Cedar", grade=None)
    world.link("Ash", "Damson", grade=None)
    world.link("Damson", "Elder", grade=None)
    with world.db() as db:
        graded = ego(db, READER, world["Ash"], 3)
        all_of_it = ego(db, READER, world["Ash"], 3, link_filter=ANY)
    assert labels(graded) == {"Ash", "Birch", "Cedar"}
    assert graded.ungraded == 2
    assert labels(all_of_it) == {"Ash", "Birch", "Cedar", "Damson", "Elder"}
    assert all_of_it.ungraded == 0


def test_a_minimum_grade_leaves_the_weaker_out_and_says_so(world: World) -> None:
    world.suspects("Ash", "Birch", "Cedar")
    world.link("Ash", "Birch", grade="1A")
    world.link("Ash", "Cedar", grade="3D")
    with world.db() as db:
        strong = ego(db, READER, world["Ash"], link_filter=LinkFilter(min_rank=5))
    assert labels(strong) == {"Ash", "Birch"}
    assert (strong.weaker, strong.ungraded) == (1, 0)


def test_as_known_shows_what_was_known_then_and_as_at_what_was_true_then(world: World) -> None:
    world.suspects("Ash", "Birch", "Cedar")
    world.link("Ash", "Birch", known=10, until=20, valid=(1, 5))
    world.link("Ash", "Cedar", known=15, valid=(8, None))
    with world.db() as db:
        for known, at, expected in [
            (9, None, {"Ash"}),
            (10, None, {"Ash", "Birch"}),
            (15, None, {"Ash", "Birch", "Cedar"}),
            (20, None, {"Ash", "Cedar"}),
            (15, 3, {"Ash", "Birch"}),
            (15, 9, {"Ash", "Cedar"}),
            (15, 7, {"Ash"}),
        ]:
            asked = LinkFilter(as_known=day(known), as_at=None if at is None else day(at))
            assert labels(ego(db, READER, world["Ash"], link_filter=asked)) == expected


def test_two_judged_the_same_are_one_from_when_it_was_judged(world: World) -> None:
    world.suspects("Ash", "Ash with the scar", "Birch", "Cedar")
    world.link("Ash", "Birch")
    world.link("Ash with the scar", "Cedar")
    world.link("Ash", "Ash with the scar")
    world.judge("Ash", "Ash with the scar", known=5)
    with world.db() as db:
        before = ego(db, READER, world["Ash"], link_filter=LinkFilter(as_known=day(4)))
        after = ego(db, READER, world["Ash with the scar"])
    assert labels(before) == {"Ash", "Ash with the scar", "Birch"}
    assert labels(after) == {"Ash", "Birch", "Cedar"}
    assert after.focus == (world["Ash"],)
    assert not nx.number_of_selfloops(after.graph)
    assert set(after.entity(world["Ash"]).names) == {"Ash", "Ash with the scar"}


def test_a_pair_takes_together_all_that_ties_its_ends(world: World) -> None:
    world.suspects("Ash", "Birch")
    one, other, third = UUID(int=1), UUID(int=2), UUID(int=3)
    world.link("Ash", "Birch", grade="2C", root=one, valid=(1, 5), known=3)
    world.link("Birch", "Ash", grade="3B", root=other, valid=(4, 9), known=4, handling="C")
    world.link("Ash", "Birch", grade="1D", root=third, stage="evidence", valid=(2, 2), known=6)
    world.link("Ash", "Birch", grade="3E", root=None, valid=(2, 3), known=7)
    world.same_root(one, third, known=30)
    with world.db() as db:
        (pair,) = ego(db, READER, world["Ash"]).pairs
        (before,) = ego(db, READER, world["Ash"], link_filter=LinkFilter(as_known=day(20))).pairs
    assert (pair.source, pair.target) == (world["Ash"], world["Birch"])
    assert pair.grade == "3B", "the letter first, then the digit"
    assert pair.handling == "C", "the strictest"
    assert pair.stage == "evidence", "the furthest"
    assert (before.roots, pair.roots) == (3, 2), "two who repeat one child are one root"
    assert pair.strength < before.strength
    assert (pair.valid_from, pair.valid_to) == (day(1), day(9))
    assert pair.known_from == day(3)
    assert pair.weight == 4.0
    assert len(pair.links) == 4
    assert len(pair.evidence) == 5


def test_an_open_interval_leaves_the_hull_open(world: World) -> None:
    world.suspects("Ash", "Birch")
    world.link("Ash", "Birch", valid=(1, 5))
    world.link("Ash", "Birch", valid=(2, None))
    with world.db() as db:
        (pair,) = ego(db, READER, world["Ash"]).pairs
    assert (pair.valid_from, pair.valid_to) == (day(1), None)


@pytest.mark.parametrize("floor", ["graded", "1A"])
def test_what_an_exhibit_carries_is_shown_whatever_grade_is_requested(
    world: World, floor: str
) -> None:
    """A link that an exhibit proves is shown whatever lowest grade the reader chooses. If the
    exhibit is in doubt, the link counts as ungraded."""
    world.suspects("Ash", "Birch", "Cedar")
    world.link("Ash", "Birch", grade=None, stage="evidence")
    world.link("Ash", "Cedar", grade=None, stage="evidence", undermined=True)
    asked = LinkFilter(min_rank=least(floor, ()))
    with world.db() as db:
        found = ego(db, READER, world["Ash"], link_filter=asked)
        assert count_left_out(db, READER, asked) == (1, 0)
        assert len(links(db, READER, asked)) == 1
    assert labels(found) == {"Ash", "Birch"}
    assert (found.ungraded, found.weaker) == (1, 0)
    assert found.pairs[0].grade is None


def test_undermined_evidence_shows(world: World) -> None:
    world.suspects("Ash", "Birch")
    world.link("Ash", "Birch", stage="evidence", undermined=True)
    with world.db() as db:
        (pair,) = ego(db, READER, world["Ash"]).pairs
    assert pair.undermined
    assert pair.stage == "evidence"


def test_layers_hold_one_kind_of_tie(world: World) -> None:
    world.suspects("Ash", "Birch")
    world.put("Clover", "suspect", "victim", child=True)
    world.child("Daisy")
    world.put("AB91 ABC", kind="vehicle")
    for a, b in [("Ash", "Birch"), ("Ash", "Clover"), ("Birch", "Daisy"), ("Clover", "Daisy")]:
        world.link(a, b)
    world.link("Ash", "AB91 ABC", "uses")
    world.link("Ash", "Daisy", grade=None)
    with world.db() as db:
        edges = {
            layer: {
                frozenset(whole_.entity(end).label for end in (p.source, p.target))
                for p in whole_.pairs
            }
            for layer in ("all", "offender-offender", "offender-victim", "victim-victim")
            for whole_ in [whole_layer(db, READER, layer=layer)]
        }
        offenders = whole_layer(db, READER, layer="offender-offender")
    ash_birch, ash_clover = frozenset({"Ash", "Birch"}), frozenset({"Ash", "Clover"})
    birch_daisy, clover_daisy = frozenset({"Birch", "Daisy"}), frozenset({"Clover", "Daisy"})
    assert len(edges["all"]) == 5
    assert edges["offender-offender"] == {ash_birch, ash_clover}
    assert edges["offender-victim"] == {ash_clover, birch_daisy, clover_daisy}
    assert edges["victim-victim"] == {clover_daisy}
    assert offenders.ungraded == 0, "what the layer does not hold is not counted as left out"


def test_a_person_who_is_not_known_then_is_refused_in_words(world: World) -> None:
    world.put("Ash", "suspect", known=10)
    with world.db() as db:
        with pytest.raises(Refused, match="as known at 2010-01-05"):
            ego(db, READER, world["Ash"], link_filter=LinkFilter(as_known=day(4)))
        with pytest.raises(Refused, match="at least 1 hop"):
            ego(db, READER, world["Ash"], 0)


def test_somebody_without_links_is_still_shown(world: World) -> None:
    world.suspects("Ash")
    with world.db() as db:
        alone = ego(db, READER, world["Ash"], 2)
    assert labels(alone) == {"Ash"}
    assert alone.pairs == ()


def test_a_birth_date_alone_makes_a_child_where_nobody_says_as_at(world: World) -> None:
    world.put("Ash", "suspect", born=day(-17 * 365).date())
    world.put("Birch", "suspect", born=day(-19 * 365).date())
    world.link("Ash", "Birch")
    with world.db() as db:
        now = ego(db, READER, world["Ash"])
        later = ego(db, READER, world["Ash"], link_filter=LinkFilter(as_at=day(1500)))
    assert now.entity(world["Ash"]).is_child
    assert not now.entity(world["Birch"]).is_child
    assert not later.entity(world["Ash"]).is_child


def test_the_document_keeps_the_contract(world: World) -> None:
    world.suspects("Ash", "Birch")
    world.link("Ash", "Birch", valid=(1, None), known=3)
    with world.db() as db:
        told = document(ego(db, READER, world["Ash"]))
    assert {node["label"] for node in told["nodes"]} == {"Ash", "Birch"}
    (link,) = told["links"]
    assert link["source"] == str(world["Ash"])
    assert link["valid_from"] == "2010-01-02T00:00:00Z"
    assert link["valid_to"] is None
    assert link["known_from"] == "2010-01-04T00:00:00Z"
    assert {"kind", "stage", "grade", "weight", "evidence", "ids"} <= link.keys()


@settings(
    max_examples=25,
    suppress_health_check=SHARED,
)
@given(
    ties=st.lists(
        st.tuples(st.integers(0, 11), st.integers(0, 11), st.sampled_from(["1A", "3D", None])),
        max_size=30,
    ),
    hops=st.integers(1, 3),
)
def test_an_ego_network_is_what_networkx_calls_one(
    tmp_path_factory: pytest.TempPathFactory,
    ties: list[tuple[int, int, str | None]],
    hops: int,
) -> None:
    names = [f"P{number}" for number in range(12)]
    raw: nx.Graph[str] = nx.Graph()
    raw.add_node("P0")
    with new_world(tmp_path_factory.mktemp("ego")) as world:
        world.suspects(*names)
        for a, b, grade in ties:
            if a != b:
                world.link(names[a], names[b], grade=grade)
                if grade:
                    raw.add_edge(names[a], names[b])
        with world.db() as db:
            found = ego(db, READER, world["P0"], hops)
    expected = nx.ego_graph(raw, "P0", radius=hops)
    named = nx.relabel_nodes(nx.Graph(found.graph), lambda one: found.entity(one).label)
    assert set(named) == set(expected)
    assert {frozenset(e) for e in named.edges} == {frozenset(e) for e in expected.edges}


def test_nobody_is_met_through_what_very_many_share(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The network around a person does not lead through an item with very many links, such as a bus
    station. The item is shown with the number of its other links; only if the reader puts it in
    the centre are all its links shown."""
    monkeypatch.setattr("network.query.graph_builder.HUB", 2)
    world.put("bus station", kind="place")
    world.put("arcade", kind="place")
    world.suspects("Ash", "Birch", "Cedar", "Damson", "Elder")
    for name in ("Ash", "Birch", "Cedar", "Damson"):
        world.link(name, "bus station", "frequents", grade="2B" if name != "Damson" else None)
    world.link("Ash", "Birch")
    world.link("Ash", "arcade", "frequents")
    world.link("Elder", "arcade", "frequents")
    with world.db() as db:
        near = ego(db, READER, world["Ash"], 2, link_filter=ANY)
        graded = ego(db, READER, world["Birch"], 2)
        hub = ego(db, READER, world["bus station"])
    assert labels(near) == {"Ash", "Birch", "bus station", "arcade", "Elder"}
    assert near.hubs == ((world["bus station"], 2),)
    assert near.graph.has_edge(world["Birch"], world["bus station"])
    assert document(near)["hubs_not_followed"] == [{"id": str(world["bus station"]), "more": 2}]
    assert "bus station: not followed, 2 more are linked to it" in terminal_map.describe_left_out(
        near
    )
    assert labels(graded) == {"Ash", "Birch", "bus station"} | {"arcade"}
    assert labels(hub) == {"bus station", "Ash", "Birch", "Cedar"}
    assert (hub.hubs, hub.ungraded) == ((), 1)


def test_a_person_whom_very_many_are_tied_to_is_followed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("network.query.graph_builder.HUB", 2)
    world.suspects("Ash", "Birch", "Cedar", "Damson", "Elder")
    for name in ("Ash", "Cedar", "Damson", "Elder"):
        world.link("Birch", name)
    with world.db() as db:
        near = ego(db, READER, world["Ash"], 2)
    assert labels(near) == {"Ash", "Birch", "Cedar", "Damson", "Elder"}
    assert near.hubs == ()


def test_of_very_many_who_are_shown_nobody_else_is_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The number of rows that a query reads depends on the number of people that it shows, however
    large the network is.
    """
    engine = open_views(tmp_path / "views.db")
    create(engine, all_views.VIEWS)
    fill(engine, people=55_000, links=5_500, hubs=1)
    read: list[Collection[UUID] | None] = []
    as_ever = people.entities

    def entities(
        db: Db, reader: Reader, ids: Collection[UUID] | None = None, **then: Any
    ) -> dict[UUID, Entity]:
        read.append(ids)
        return as_ever(db, reader, ids, **then)

    monkeypatch.setattr(people, "entities", entities)
    with engine.connect() as db:
        near = ego(db, READER, person(1), link_filter=ANY)
    assert near.graph.number_of_nodes() > 5_000
    assert None not in read
    engine.dispose()


def test_one_link_further_from_somebody_who_is_shown(world: World) -> None:
    """Expanding the map from a shown person adds this person's links, and expanding it from a
    person who is not shown adds nothing. A map that is limited to a team contains only the links
    that this team recorded."""
    world.suspects("Ash", "Birch", "Cedar", "Damson", "Elder", "Fir")
    world.link("Ash", "Birch")
    world.link("Ash", "Cedar")
    world.link("Birch", "Damson")
    world.link("Cedar", "Elder")
    beside = world.link("Damson", "Cedar")
    world.link("Fir", "Elder")
    with world.db() as db:
        near = ego(db, READER, world["Ash"], also=[world["Birch"], world["Fir"]])
        ours = extent(db, READER, Extent(world["Ash"], team="team-a"))
        theirs = extent(db, READER, Extent(team="team-b"))
    assert labels(near) == {"Ash", "Birch", "Cedar", "Damson"}
    assert near.graph.has_edge(world["Damson"], world["Cedar"], key=beside)
    assert labels(ours) == {"Ash", "Birch", "Cedar"}
    assert "only links recorded by team-a" in terminal_map.describe_left_out(ours)
    assert labels(theirs) == set()


def test_a_thing_that_very_many_share_is_followed_where_it_is_requested(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("network.query.graph_builder.HUB", 2)
    world.put("bus station", kind="place")
    world.suspects("Ash", "Birch", "Cedar")
    for name in ("Ash", "Birch", "Cedar"):
        world.link(name, "bus station", "frequents")
    with world.db() as db:
        near = ego(db, READER, world["Ash"], 2)
        further = ego(db, READER, world["Ash"], 1, also=[world["bus station"]])
    assert labels(near) == {"Ash", "bus station"}
    assert labels(further) == {"Ash", "Birch", "Cedar", "bus station"}


def test_a_window_holds_what_was_so_at_any_moment_of_it(world: World) -> None:
    world.suspects("Ash", "Birch", "Cedar", "Damson")
    world.link("Ash", "Birch", valid=(1, 5))
    world.link("Ash", "Cedar", valid=(8, None))
    world.link("Ash", "Damson")
    with world.db() as db:
        for since, until, expected in [
            (None, None, {"Birch", "Cedar", "Damson"}),
            (None, 0, {"Damson"}),
            (5, 7, {"Birch", "Damson"}),
            (6, 7, {"Damson"}),
            (6, None, {"Cedar", "Damson"}),
            (2, 9, {"Birch", "Cedar", "Damson"}),
        ]:
            asked = LinkFilter(
                since=None if since is None else day(since),
                until=None if until is None else day(until),
            )
            near = ego(db, READER, world["Ash"], link_filter=asked)
            assert labels(near) == {"Ash", *expected}
            assert {tie["count"] for tie in document(near)["links"]} == {1}
