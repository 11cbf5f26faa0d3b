"""Readers who may not see a child never see a link between two children or victims, in any random
network.
"""

import csv
import io
import json
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.kernel.values import LINK_KINDS, LinkKind
from network.export.export import export
from network.export.export_rules import beyond_team
from network.measures.measures import key_people
from network.picture.footer import Stamp
from network.query.masked_export import MaskedExport, outgoing
from network.query.view import whole_layer
from projections import all_views
from projections.intelligence import people
from projections.intelligence.links import LinkFilter
from projections.kernel.runner import create, open_views
from tests.fuzz import TIMES
from tests.network.world import READER, World, day

STAMP = Stamp(day(400))
EVERYTHING = LinkFilter(min_rank=None)
CHILDREN = ("Clover", "Daisy", "Hazel", "Rowan")
ADULTS = ("Ash", "Birch", "Elder")
BETWEEN: tuple[LinkKind, ...] = tuple(
    kind for kind, shape in LINK_KINDS.items() if "person" in shape.source & shape.target
)
pairs = st.lists(
    st.tuples(
        st.sampled_from((*CHILDREN, *ADULTS)),
        st.sampled_from((*CHILDREN, *ADULTS)),
        st.sampled_from(BETWEEN),
        st.sampled_from([None, "2A", "3D"]),
    ),
    max_size=14,
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("worlds")


def record_world(
    place: Path, ties: list[tuple[str, str, LinkKind, str | None]], child: bool
) -> World:
    file = place / "views.db"
    file.unlink(missing_ok=True)
    engine = open_views(file)
    create(engine, all_views.VIEWS)
    world = World(engine)
    for name in CHILDREN:
        world.put(name, "victim", child=child)
    world.put("Ash", "suspect")
    world.put("Birch", "person-of-interest")
    world.put("Elder", "suspect", child=True)
    for a, b, kind, grade in ties:
        if a != b:
            world.link(a, b, kind, grade)
    return world


@settings(max_examples=25 * TIMES, suppress_health_check=[HealthCheck.too_slow])
@given(ties=pairs, child=st.booleans())
def test_no_export_and_no_measure_ties_two_children(
    place: Path, ties: list[tuple[str, str, LinkKind, str | None]], child: bool
) -> None:
    world = record_world(place, ties, child)
    with world.db() as db:
        inside = outgoing(db, READER, whole_layer(db, READER, link_filter=EVERYTHING))
        young = {one.id for one in people.entities(db, READER).values() if one.is_child}
        keys = key_people(db, READER, link_filter=EVERYTHING)
    world.engine.dispose()
    for out in (inside, beyond_team(inside)):
        assert not [t for t in out.ties if t.source.masked and t.target.masked]
        _nothing_joins(out)
        named = export(out, "svg", STAMP).content.decode()
        assert not [name for name in (*CHILDREN, "Elder") if name in named]
    if child:
        assert not {row.id for row in keys.rows} & (young - {world["Elder"]})


def _nothing_joins(out: MaskedExport) -> None:
    masked = {node.id for node in out.nodes if node.masked} | {
        node.label for node in out.nodes if node.masked
    }
    graph = nx.parse_graphml(export(out, "graphml", STAMP).content.decode())
    assert not [(a, b) for a, b, *_ in graph.edges if {a, b} <= masked]
    rows = list(csv.DictReader(io.StringIO(export(out, "csv", STAMP).content.decode())))
    assert not [row for row in rows if {row["source"], row["target"]} <= masked]
    for line in export(out, "ftm", STAMP).content.decode().splitlines():
        held = json.loads(line)["properties"]
        ends = {end for said in held.values() for end in said if end in masked}
        assert len(ends) < 2
