"""For the Caviar network (a published data set of calls), the product's measures equal those that
networkx computes, for the whole network and for each phase."""

from __future__ import annotations

import csv
from pathlib import Path

import networkx as nx
import pytest

from network.measures.measures import KeyPerson, key_people
from network.query.view import whole_layer
from projections.intelligence.links import LinkFilter
from tests.network.world import READER, World, day

CAVIAR = Path(__file__).parents[2] / "data" / "caviar"
PEOPLE = (15, 24, 33, 33, 32, 27, 36, 42, 34, 42, 41)
PAIRS = (18, 28, 56, 48, 39, 47, 49, 58, 44, 50, 50)
PHASE = 60  # the length of a phase in days


def links_in_file(name: str) -> list[tuple[str, str]]:
    with (CAVIAR / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [(row["source"], row["target"]) for row in csv.DictReader(file)]


def raw(name: str) -> nx.Graph[str]:
    return nx.Graph(links_in_file(name))


def people(world: World, names: set[str]) -> None:
    for name in sorted(names, key=int):
        world.put(name, "person-of-interest")


@pytest.fixture
def phases(world: World) -> World:
    """Record all phases of the network: the links of a phase are true for its two months, and
    recorded when the phase ends.
    """
    every = {f"phase-{number:02}": number for number in range(1, 12)}
    people(world, {end for name in every for tie in links_in_file(name) for end in tie})
    for name, number in every.items():
        start = (number - 1) * PHASE
        for a, b in links_in_file(name):
            world.link(a, b, "contact", valid=(start, start + PHASE - 1), known=number * PHASE)
    return world


def same_as_networkx(rows: tuple[KeyPerson, ...], graph: nx.Graph[str]) -> None:
    found = {row.label: row for row in rows}
    assert found.keys() == set(graph)
    for name, values in {
        "degree": nx.degree_centrality(graph),
        "betweenness": nx.betweenness_centrality(graph),
        "closeness": nx.closeness_centrality(graph),
    }.items():
        assert {one: getattr(row, name) for one, row in found.items()} == pytest.approx(values)
    leading = nx.eigenvector_centrality(graph, max_iter=10_000, tol=1e-10)
    assert {one: row.eigenvector for one, row in found.items()} == pytest.approx(leading, abs=1e-5)


def test_the_whole_network(world: World) -> None:
    graph = raw("whole")
    people(world, set(graph))
    for a, b in links_in_file("whole"):
        world.link(a, b, "contact", grade=None)
    asked = LinkFilter(min_rank=None)
    with world.db() as db:
        found = key_people(db, READER, link_filter=asked, limit=None)
        hidden = key_people(db, READER, limit=None)
    assert (found.people, found.ties) == (110, 205)
    assert [row.label for row in found.rows[:5]] == ["1", "12", "3", "87", "76"]
    assert all(row.fragmentation is not None for row in found.rows)
    same_as_networkx(found.rows, graph)
    assert (hidden.rows, hidden.ungraded) == ((), len(links_in_file("whole")))


def test_each_phase_on_its_own_clock(phases: World) -> None:
    with phases.db() as db:
        for number in range(1, 12):
            middle = day((number - 1) * PHASE + PHASE // 2)
            found = key_people(db, READER, link_filter=LinkFilter(as_at=middle), limit=None)
            assert (found.people, found.ties) == (PEOPLE[number - 1], PAIRS[number - 1])
            same_as_networkx(found.rows, raw(f"phase-{number:02}"))


def test_what_was_known_grows_phase_by_phase(phases: World) -> None:
    with phases.db() as db:
        for number in (1, 4, 11):
            known: nx.Graph[str] = nx.Graph()
            for earlier in range(1, number + 1):
                known.update(raw(f"phase-{earlier:02}"))
            seen = whole_layer(db, READER, link_filter=LinkFilter(as_known=day(number * PHASE)))
            assert nx.Graph(seen.graph).number_of_edges() == known.number_of_edges()
            assert len(seen.graph) == len(known)
