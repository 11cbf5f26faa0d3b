"""The cached index gives the same answers as the database, and is updated when facts are
recorded.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from pathlib import Path
from random import Random
from typing import Any
from unittest import mock
from uuid import UUID
from weakref import ref

import networkx as nx
import numpy as np
import pytest
import sqlalchemy as sa
from msgspec import structs
from sqlalchemy import event

from access.database import within
from domain.data_protection.retention import RestrictionPlaced, retention_stream
from domain.families.referral import CaseOpened
from domain.intelligence.entity import PersonClassified, PersonRecorded
from domain.intelligence.identity import IdentityJudged, pair_stream
from domain.intelligence.link import LinkAsserted
from domain.kernel.codes import Layer
from domain.kernel.values import LINK_KINDS, LinkKind, PoleCategory, Reader, Refused
from network.index import index
from network.index.growing_columns import Numbers, packed
from network.index.identities import RANKED, UNGRADED, identities_as_at
from network.measures.adjacency import read_adjacency as tied
from network.over_time import periods
from network.over_time.periods import counts
from network.people import risk
from network.people.risk import children_at_risk
from network.picture.top_links_picture import foremost
from network.query import around, graph_builder, paths, view
from network.query.evidence import FLOOR, StrengthPolicy
from network.query.layers import between_people, is_offender, is_victim
from network.query.link_pairs import LinkPair
from network.query.paths import path
from network.query.view import Extent, NetworkAnswer, ego, egos, extent, narrowed, whole_layer
from projections.all_views import VIEWS
from projections.generations.schemas import SCHEMAS
from projections.intelligence import links, people
from projections.intelligence.links import LinkFilter, LinkRow
from projections.kernel import runner
from projections.kernel.database import Db, Engine
from projections.kernel.runner import create, open_views
from projections.people_and_teams import item_access
from tests.network.world import READER, World, day, new_world
from tests.projections.histories import history
from tests.projections.tale import READER as HART
from tests.projections.tale import Tale, Views, hour

Fresh = Callable[[], str]
GRADES = ("1A", "2B", "3C", "2E", None)
LAYERS: tuple[Layer, ...] = ("all", "offender-offender", "offender-victim", "victim-victim")
ASKED = (
    LinkFilter(),
    LinkFilter(min_rank=None),
    LinkFilter(min_rank=6),
    LinkFilter(as_known=day(4)),
    LinkFilter(as_at=day(20), as_known=day(6), min_rank=None),
    LinkFilter(since=day(15), until=day(25)),
    LinkFilter(
        kinds=frozenset({"associate", "family", "uses"}), stages=frozenset({"intelligence"})
    ),
)
DETECTIVE = structs.replace(
    HART, closed=True, roles=frozenset({"detective"}), teams=frozenset({"Engage"})
)
ASKED_OF_TALES = (LinkFilter(min_rank=None), LinkFilter(as_known=hour(170), min_rank=None))


def _drawn(world: World, seed: int) -> list[str]:
    """Record a random network and return its people. Some are judged to be the same person, some
    are children, and some share a car with many others; the links have all kinds and times."""
    draw = Random(seed)
    sorts: tuple[tuple[PoleCategory, ...], ...] = (
        ("suspect",), ("victim",), ("suspect", "eliminated"), (), ("convicted", "victim"),
    )  # fmt: skip
    people = [f"Person {number}" for number in range(14)]
    for number, name in enumerate(people):
        child = draw.choice((None, True, False))
        world.put(name, *sorts[number % 5], child=child, known=draw.randrange(5))
    things = ["Car 1", "Car 2", "Car 3"]
    for name in things:
        world.put(name, kind="vehicle")
    between: list[LinkKind] = ["associate", "family", "co-offender"]
    roots = [world[name] for name in people[:4]]
    for _ in range(45):
        a, b = draw.sample(people, 2)
        kind = draw.choice(between)
        if draw.random() < 0.4:
            b, kind = draw.choice(things), "uses"
        known = draw.randrange(8)
        valid = (draw.randrange(10, 30), 31) if draw.random() < 0.7 else (None, None)
        world.link(
            a, b, kind, draw.choice(GRADES), known=known, root=draw.choice([*roots, None]),
            until=known + 3 if draw.random() < 0.2 else None, weight=draw.choice((1.0, 2.5)),
            valid=valid, team=draw.choice(("team-a", "team-b")),
            stage=draw.choice((None, None, "evidence")), undermined=draw.random() < 0.3,
        )  # fmt: skip
    for a, b in (people[:2], people[5:7], (people[1], people[9])):
        world.judge(a, b, known=draw.randrange(6))
    world.same_root(roots[0], roots[2])
    for name in (people[1], people[5], people[11]):
        world.restrict(name)
    return [*people, *things]


@pytest.fixture(scope="module", params=[1, 2])
def drawn(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Db]:
    with new_world(tmp_path_factory.mktemp("index")) as world:
        _drawn(world, request.param)
        with world.db() as db:
            yield db


def _answer_content(found: NetworkAnswer) -> tuple[object, ...]:
    ends = {one: found.entity(one) for one in found.graph}
    return ends, found.pairs, found.hubs, found.ungraded, found.weaker, found.focus


def test_children_at_risk_are_the_same_by_the_index(drawn: Db) -> None:
    found = [_same_at_risk(drawn, READER, asked) for asked in ASKED]
    assert max(found) > 3


def _same_at_risk(db: Db, reader: Reader, asked: LinkFilter) -> int:
    """Assert that the children at risk from suspects are the same, whether they are computed with
    the index or from the whole network. Return the number of these children."""
    found = [children_at_risk(db, reader, link_filter=asked, cap=cap) for cap in (2, 20)]
    with mock.patch.object(risk, "near_offenders", partial(_whole_network, whole_layer)):
        assert found == [
            children_at_risk(db, reader, link_filter=asked, cap=cap) for cap in (2, 20)
        ]
    return len(found[-1].rows)


def test_links_by_period_are_the_same_by_the_index(drawn: Db) -> None:
    found = [counts(drawn, READER, link_filter=asked, per="day") for asked in ASKED]
    with mock.patch.object(periods, "select_links", return_value=None):
        assert found == [counts(drawn, READER, link_filter=asked, per="day") for asked in ASKED]
    assert max(len(one.rows) for one in found) > 3
    assert max(one.undated for one in found) > 3


def _whole_network(
    read: Callable[..., NetworkAnswer], db: Db, reader: Reader, asked: LinkFilter, cap: int
) -> Any:
    return read(db, reader, link_filter=asked)


def test_what_is_around_somebody_is_the_same_by_the_index(
    drawn: Db, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (around, graph_builder):
        monkeypatch.setattr(module, "HUB", 3)
    for asked in ASKED:
        _same_around(drawn, READER, asked)


def test_the_shortest_ways_are_the_same_by_the_index(drawn: Db) -> None:
    long = [way for asked in ASKED for way in _same_ways(drawn, READER, asked)]
    assert max(long) >= 3


def test_a_way_that_is_one_step_longer_than_asked_is_none(tmp_path: Path) -> None:
    with new_world(tmp_path) as world:
        world.suspects(*"ABCDEF")
        for ends, grade in {"AB": "2B", "BC": "2B", "CD": "1C", "DE": "2B", "BF": None}.items():
            world.link(ends[0], ends[1], grade=grade)
        world.judge("B", "F")
        world.link("A", "E", grade=None)
        world.link("B", "D", grade="3E")
        asked = LinkFilter(min_rank=6)
        with world.db() as db:
            for found in (None, index.of(db)):
                with mock.patch.object(paths, "read_index", return_value=found):
                    ways = [
                        path(db, READER, world["A"], world["E"], link_filter=asked, max_hops=hops)
                        for hops in (0, 3, 4)
                    ]
                assert ways[:2] == [None, None]
                assert ways[2]
                assert len(ways[2].steps) == 4
                assert (ways[2].picture.ungraded, ways[2].picture.weaker) == (1, 1)


def test_what_other_teams_hold_changes_nothing_of_a_way(tmp_path: Path) -> None:
    """Hidden links of other teams change neither the path that a reader sees between two people,
    nor the counts beside the path."""
    told = []
    for hidden in (False, True):
        tale, views = Tale(), Views(open_views(tmp_path / f"{hidden}.db"))
        create(views.engine, VIEWS)
        a, b, c, d, e = (tale.person(name) for name in ("Baz", "Shaz", "Taz", "Maz", "Kaz"))
        tie = partial(LinkAsserted, kind="associate", stage="information")
        for ends in ((a, b), (b, c), (a, d), (d, c)):
            tale.tell(tie(*ends, observation=tale.words()))
        for ends in ((a, c), (c, e), (e, d)) if hidden else ():
            theirs = tale.words(team="Deter")
            tale.tell(tie(*ends, observation=theirs), team="Deter")
        with views.of(tale) as db:
            index.of(db)
            told += [
                _way(db, DETECTIVE, a, c, 8, LinkFilter(min_rank=floor)) for floor in (None, 6)
            ]
            assert (
                path(db, READER, a, e, link_filter=LinkFilter(min_rank=None)) is not None
            ) == hidden
        views.engine.dispose()
    assert told[0]
    assert told[:2] == told[2:]


def _same_around(db: Db, reader: Reader, asked: LinkFilter) -> None:
    """Assert that the links around some people are the same, whether they come from the index or
    from the views."""
    everybody = list(whole_layer(db, reader, link_filter=LinkFilter(min_rank=None)).graph)
    whom = everybody[:: max(1, len(everybody) // 4)][:4]
    told = {}
    for name, found in (("views", None), ("index", index.of(db))):
        with mock.patch.object(view, "read_index", return_value=found):
            told[name] = [
                _answer_or_refusal(
                    partial(ego, db, reader, who, hops, link_filter=asked, also=also)
                )
                for hops, also, who in zip((1, 2, 2, 3), ((), (), whom, ()), whom, strict=False)
            ]
            told[name] += [
                _answer_or_refusal(partial(egos, db, reader, whom[:most], 2, link_filter=asked))
                for most in (2, 4)
            ]
    assert told["index"] == told["views"]


def _same_ways(db: Db, reader: Reader, asked: LinkFilter) -> list[int]:
    """Assert that the paths between some people are the same, whether they come from the index or
    from the views; return their lengths."""
    everybody = sorted(whole_layer(db, reader, link_filter=LinkFilter(min_rank=None)).graph)
    ends = [(one, other) for one in everybody[::5] for other in everybody[1::4] if one != other]
    told = {}
    for name, found, way in (
        ("views", None, paths._search_from_both_ends),
        ("index", index.of(db), None),
    ):
        with mock.patch.multiple(
            paths, read_index=lambda _, one=found: one, _search_from_both_ends=way
        ):
            told[name] = [
                _way(db, reader, one, other, hops, asked)
                for number, (one, other) in enumerate(ends)
                for hops in (8, number % 4)
            ]
    assert told["index"] == told["views"]
    return [len(way[0]) - 1 for way in told["index"] if isinstance(way, tuple)]


def _way(db: Db, reader: Reader, one: UUID, other: UUID, hops: int, asked: LinkFilter) -> object:
    try:
        found = path(db, reader, one, other, link_filter=asked, max_hops=hops)
    except Refused as refused:
        return str(refused)
    return found and (
        found.nodes,
        found.steps,
        found.grade,
        found.handling,
        _answer_content(found.picture),
    )


def _answer_or_refusal(ask: Callable[[], NetworkAnswer]) -> object:
    try:
        return _answer_content(ask())
    except Refused as refused:
        return str(refused)


def _inside(people: set[UUID], pair: LinkPair) -> bool:
    return {pair.source, pair.target} <= people


@pytest.mark.parametrize("layer", LAYERS)
def test_all_ties_on_arrays_are_those_of_the_picture(drawn: Db, layer: Layer) -> None:
    for asked in ASKED:
        _same_ties(drawn, READER, asked, layer)


def _picture_ties(people: NetworkAnswer) -> nx.Graph[UUID]:
    """Return the people of a picture as a graph. Each two linked people are joined once, and the
    weight is the strength of all links between the two together.
    """
    graph: nx.Graph[UUID] = nx.Graph()
    for pair in people.pairs:
        joined_weight = graph.get_edge_data(pair.source, pair.target, default={"weight": 0.0})[
            "weight"
        ]
        sure = 1.0 - (1.0 - joined_weight) * (1.0 - max(pair.strength, FLOOR))
        graph.add_edge(pair.source, pair.target, weight=sure)
    return graph


def _same_ties(db: Db, reader: Reader, asked: LinkFilter, layer: Layer) -> int:
    """Assert that the links in the index's arrays are equal to the links of the picture; return the
    number of links.
    """
    policy = StrengthPolicy(half_life_days=20.0)
    seen = whole_layer(db, reader, link_filter=between_people(asked), layer=layer, policy=policy)
    people_of = {one for one in seen.graph if seen.entity(one).kind == "person"}
    people = narrowed(seen, partial(_inside, people_of))
    graph = _picture_ties(people)
    found = tied(db, reader, link_filter=asked, layer=layer, policy=policy)
    names = found.ids_at(slice(None))
    assert names == sorted(graph)
    who = [seen.entity(name) for name in names]
    assert found.offender.tolist() == [is_offender(one) for one in who]
    assert found.victim.tolist() == [is_victim(one) for one in who]
    assert found.child.tolist() == [one.is_child for one in who]
    assert found.cleared.tolist() == [one.cleared for one in who]
    assert (found.ungraded, found.weaker) == (seen.ungraded, seen.weaker)
    assert len(found.a) == graph.number_of_edges()
    for a, b, sure, weight, rank in zip(
        found.a, found.b, found.sure, found.weight, found.rank, strict=True
    ):
        pairs = [pair for pair in people.at[names[a]] if names[b] in (pair.source, pair.target)]
        assert sure == pytest.approx(graph[names[a]][names[b]]["weight"])
        assert weight == pytest.approx(sum(pair.weight for pair in pairs))
        best = min(RANKED.index(pair.grade) if pair.grade else UNGRADED for pair in pairs)
        assert rank == best
    return len(found.a)


@pytest.mark.parametrize("team", [None, "team-b"])
def test_the_best_tied_of_all_are_drawn_without_a_picture_of_all(
    drawn: Db, team: str | None
) -> None:
    part, most = Extent(team=team), 7
    for asked in ASKED:
        full = extent(drawn, READER, part, link_filter=asked)
        every = foremost(drawn, READER, part, asked, "all", len(full.graph))
        assert every is not None
        whole, more = every
        assert (set(whole.graph), more) == (set(full.graph), 0)
        assert (whole.pairs, whole.ungraded, whole.weaker) == (
            full.pairs,
            full.ungraded,
            full.weaker,
        )
        if len(full.graph) <= most:
            continue
        told = foremost(drawn, READER, part, asked, "all", most)
        assert told is not None
        found, more = told
        assert more == len(full.graph) - len(found.graph)
        assert (found.ungraded, found.weaker) == (full.ungraded, full.weaker)
        degree = {one: _asserted(full, one, team) for one in full.graph}
        least = sorted(degree.values(), reverse=True)[most - 1]
        assert all(degree[one] >= least for one in found.graph)
        inside = set(found.graph)
        assert set(found.pairs) == {
            pair for pair in full.pairs if {pair.source, pair.target} <= inside
        }


def _asserted(seen: NetworkAnswer, one: UUID, team: str | None) -> int:
    """Return how many of the shown links of the person `one` were recorded by this team; if `team`
    is None, return the number of all shown links of the person.
    """
    rows = [held["row"] for *_, held in seen.graph.edges(one, data=True)]
    return sum(team in (None, row.team) for row in rows)


def test_an_index_that_followed_is_as_one_made_anew(tmp_path: Path) -> None:
    _follows(open_views(tmp_path / "views.db"), 4)


@pytest.mark.postgres
def test_an_index_follows_on_a_server(fresh_database: Fresh) -> None:
    _follows(open_views(fresh_database()), 5)


def _follows(engine: Engine, seed: int) -> None:
    tale = history(seed, 160)
    create(engine, VIEWS)
    views, last = Views(engine), len(tale.log.facts)
    followed = index.Index()
    for until in (*range(20, last, 35), last):
        views.follow(
            tale, views=(item_access.VIEW,), until=min(until + 10, last)
        )  # this view has read facts that the other views have not
        views.follow(tale, views=(links.VIEW, people.VIEW), until=until)
        with engine.connect() as db:
            followed.follow(db)
    with engine.connect() as db:
        again = index.Index()
        again.follow(db)
        assert again.links.size > 10
        for reader in (READER, DETECTIVE):
            for asked in (
                LinkFilter(min_rank=None),
                LinkFilter(as_known=hour(last // 2), min_rank=None),
            ):
                ties = [
                    tuple(column.tolist() for column in _columns(db, reader, one, asked))
                    for one in (followed, again)
                ]
                assert ties[0] == ties[1]
    engine.dispose()


def _columns(db: Db, reader: Reader, made: index.Index, asked: LinkFilter) -> list[np.ndarray]:
    """Return the columns of all links and people in the index. Their order does not depend on the
    numbers that the index gives its items."""
    rows = made.visible_rows(db, reader, asked)
    rows = rows[np.lexsort((made.links["link"][rows], made.links["since"][rows]))]
    ends = [made.ids.bytes_of(made.links[end][rows]) for end in ("a", "b")]
    plain = [made.links[name][rows] for name in ("link", "since", "rank", "known_to", "weight")]
    who = identities_as_at(db, reader, made, asked)
    order = np.argsort(made.ids.bytes_of(np.arange(len(made.ids))))
    masks = (who.person, who.offender, who.victim, who.cleared, who.child, who.known_from)
    return [*ends, *plain, *(mask[order] for mask in masks)]


def test_what_a_reader_does_not_see_is_left_out_as_the_views_do(tmp_path: Path) -> None:
    tale, views = _of_two_teams(6), Views(open_views(tmp_path / "views.db"))
    create(views.engine, VIEWS)
    child = next(fact.event.child for fact in tale.log.facts if isinstance(fact.event, CaseOpened))
    readers = (
        DETECTIVE,
        structs.replace(DETECTIVE, teams=frozenset({"Deter"})),
        structs.replace(DETECTIVE, roles=frozenset({"psw"}), children=frozenset({child})),
    )
    ties, ways = [], []
    with views.of(tale) as db:
        for reader in readers:
            for asked in ASKED_OF_TALES:
                _same_around(db, reader, asked)
                if "psw" not in reader.roles:
                    _same_at_risk(db, reader, asked)
                ways += _same_ways(db, reader, asked)
                ties += [_same_ties(db, reader, asked, layer) for layer in LAYERS]
    assert sum(ties[:8]) > 10
    assert max(ways) > 2
    assert len({tuple(ties[:8]), tuple(ties[8:16]), tuple(ties[16:])}) > 1
    views.engine.dispose()


def _of_two_teams(seed: int) -> Tale:
    """Return a random history of two teams, which record people and links between them, and
    restrict some people."""
    tale, draw = history(seed, 120), Random(seed)
    people = [fact.stream for fact in tale.log.facts if isinstance(fact.event, PersonRecorded)]
    for number in range(8):
        team = draw.choice(("Engage", "Deter"))
        people.append(tale.tell(PersonRecorded(known=True, name=f"P {number}"), team=team))
        if draw.random() < 0.7:
            category: PoleCategory = draw.choice(("suspect", "victim", "person-of-interest"))
            tale.tell(PersonClassified(category, "told"), about=people[-1], team=team)
    made = []
    for _ in range(60):
        team = draw.choice(("Engage", "Deter"))
        a, b = draw.sample(people, 2)
        told = LinkAsserted(a, b, "associate", "information", observation=tale.words(team=team))
        made.append(tale.tell(told, team=team))
    for one in (*draw.sample(people, 2), *draw.sample(made, 3)):
        tale.tell(RestrictionPlaced(one, "disputed"), about=retention_stream(one))
    return tale


def test_another_generation_has_an_index_of_its_own(tmp_path: Path) -> None:
    _in_two_generations(*(open_views(tmp_path / f"views-{one}.db") for one in (1, 2)))


@pytest.mark.postgres
def test_another_generation_has_an_index_of_its_own_on_a_server(fresh_database: Fresh) -> None:
    engine = open_views(fresh_database())
    _in_two_generations(*(within(engine, schema) for schema in SCHEMAS))


def _in_two_generations(older: Engine, newer: Engine) -> None:
    """Fill two generations of the views (the tables computed from the log). The newer generation
    has fewer records, as after an erasure."""
    tale = history(4, 120)
    for engine, until in ((older, len(tale.log.facts)), (newer, 80)):
        create(engine, VIEWS)
        Views(engine).follow(tale, views=(item_access.VIEW, links.VIEW, people.VIEW), until=until)
    with older.connect() as old, newer.connect() as new:
        assert index.of(old) is index.of(old)
        assert index.read_index(new) is None
        assert index.of(new).links.size < index.of(old).links.size
    for engine in (older, newer):
        engine.dispose()


def test_who_reads_an_older_state_leaves_no_hidden_link_to_be_counted(tmp_path: Path) -> None:
    tale, views = Tale(), Views(open_views(tmp_path / "views.db"))
    create(views.engine, VIEWS)
    a, b, c = (tale.person(name) for name in ("Baz", "Shaz", "Taz"))
    words = tale.words()
    tale.tell(LinkAsserted(a, b, "associate", "information", observation=words))
    tale.tell(RestrictionPlaced(a, "disputed"), about=retention_stream(a))
    asked = LinkFilter(min_rank=None)
    with views.of(tale) as older:
        made = index.of(older)
        tale.tell(LinkAsserted(a, c, "associate", "information", observation=words))
        with views.of(tale) as newer:
            assert index.of(newer) is made
            made.visible_rows(older, READER, asked)
            assert not made.visible_rows(newer, READER, asked).size
    views.engine.dispose()


def test_a_way_that_an_older_state_does_not_tell_is_none_there(tmp_path: Path) -> None:
    tale, views = Tale(), Views(open_views(tmp_path / "views.db"))
    create(views.engine, VIEWS)
    a, b, c = (tale.person(name) for name in ("Baz", "Shaz", "Taz"))
    words, asked = tale.words(), LinkFilter(min_rank=None)
    tale.tell(LinkAsserted(a, b, "associate", "information", observation=words))
    with views.of(tale) as older:
        index.of(older)
        tale.tell(LinkAsserted(b, c, "associate", "information", observation=words))
        with views.of(tale) as newer:
            assert path(newer, READER, a, c, link_filter=asked)
            assert path(older, READER, a, c, link_filter=asked) is None
    views.engine.dispose()


@pytest.mark.parametrize("tied", [False, True])
def test_who_was_judged_the_same_as_an_erased_one_is_found_as_the_views_do(
    tmp_path: Path, tied: bool
) -> None:
    tale, views = Tale(), Views(open_views(tmp_path / "views.db"))
    create(views.engine, VIEWS)
    erased, a, b, c = (tale.person(name) for name in ("Baz", "Bazza", "Shaz", "Taz"))
    for ends in ((erased if tied else a, b), (b, c), (a, c)):
        tale.tell(LinkAsserted(*ends, "associate", "information", observation=tale.words()))
    tale.tell(IdentityJudged(erased, a, "same", "one number"), about=pair_stream(erased, a))
    gone = runner.ErasedItems({UUID(int=1): frozenset({erased})})
    runner.catch_up(views.engine, VIEWS, tale.logs, gone=gone)
    with views.engine.connect() as db:
        for asked in ASKED_OF_TALES:
            _same_around(db, READER, asked)
            _same_ways(db, READER, asked)
            assert _same_ties(db, READER, asked, "all")
    views.engine.dispose()


def test_what_moved_is_found_by_its_index(tmp_path: Path) -> None:
    """When a person's access changes, a database index finds the changed row, so that the other
    rows of the large table `reach` are not read."""
    views, tale = Views(open_views(tmp_path / "views.db")), history(4, 60)
    create(views.engine, VIEWS)
    with views.of(tale) as db:
        index.of(db)
    asked: list[tuple[str, Any]] = []

    def tell(*said: Any) -> None:
        asked.append(said[2:4])

    tale.person("Vince Tarrow")
    with views.of(tale) as db:
        event.listen(db, "after_cursor_execute", tell)
        index.of(db)
        event.remove(db, "after_cursor_execute", tell)
        plans = [db.exec_driver_sql(f"EXPLAIN QUERY PLAN {told}", how).all() for told, how in asked]
    steps = [step.detail for plan in plans for step in plan]
    assert any("reach_by_moved" in step for step in steps)
    assert not [step for step in steps if step.startswith("SCAN reach")]
    views.engine.dispose()


def test_ties_of_which_something_became_are_found_by_when_it_did(tmp_path: Path) -> None:
    """Links that were recorded or retracted in a period are looked up by the time at which this
    happened. Other links are not read."""
    views, tale = Views(open_views(tmp_path / "views.db")), history(4, 300)
    create(views.engine, VIEWS)
    asked: list[tuple[str, Any]] = []
    with views.of(tale) as db:
        rows = [LinkRow(*row) for row in db.execute(sa.select(LinkRow.table))]
        times = sorted({at for row in rows for at in (row.known_from, row.known_to) if at})
        event.listen(db, "after_cursor_execute", lambda *told: asked.append(told[2:4]))
        for since, until in product(times[::7], repeat=2):
            became = {
                end
                for row in rows
                for end in (row.a, row.b)
                if any(at and since < at <= until for at in (row.known_from, row.known_to))
            }
            assert links.moved(db, READER, since, until) == became
        told = dict(asked)
        plans = [db.exec_driver_sql(f"EXPLAIN QUERY PLAN {one}", told[one]).all() for one in told]
    assert any(row.known_to for row in rows)
    assert not [step for plan in plans for step in plan if step.detail.startswith("SCAN")]
    views.engine.dispose()


def test_an_index_goes_with_its_views(tmp_path: Path) -> None:
    views, tale = Views(open_views(tmp_path / "views.db")), history(4, 60)
    create(views.engine, VIEWS)
    with views.of(tale) as db:
        held = ref(index.of(db))
    assert held() is not None
    views.engine.dispose()
    del db, views
    gc.collect()
    assert held() is None


def test_ids_that_came_later_are_numbered_behind_and_told_in_their_order() -> None:
    ids = [UUID(int=number << 64) for number in (5, 1, 9)]
    numbers = Numbers(packed(ids[:2]))
    assert numbers.numbers_of(packed([ids[2], ids[0]]), new=True).tolist() == [2, 1]
    assert not numbers.in_order
    assert numbers.ids(np.array([0, 2])) == [ids[1], ids[2]]
    assert set(LINK_KINDS) == set(index.KINDS)
