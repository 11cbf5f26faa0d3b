"""A network that left in any format comes back into another store as it was, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args
from uuid import UUID

import pytest
from hypothesis import given, settings

from domain import forms
from domain.kernel.values import EntityKind, LinkKind
from ingest.files.load import import_files
from ingest.words.drafts import LinkDraft
from network.export.export import Format, export
from network.export.sheets import kind_of
from network.picture.stamp import Stamp
from network.query.outgoing import Node, Outgoing, Role, Tie, outgoing
from network.query.view import whole
from projections.intelligence.links import Asked
from tests.ingest.conftest import FakeIntake, Importing, opened
from tests.network.query.test_round_trips import AT, every_tie, networks

#: All but pictures. A workbook is opened in a process of its own: it is tried less often.
FORMATS = tuple(one for one in get_args(Format) if one not in ("svg", "png", "pdf"))
READ_BACK = pytest.mark.parametrize("form", FORMATS)


def brought_in(out: Outgoing, form: Format, imports: Importing, home: Path) -> None:
    """The network into a store, twice: the second time nothing is new."""
    path = home / "network"
    path.write_bytes(export(out, form, Stamp(AT)).content)
    first = imports(path)
    again = imports(path)
    assert (again.recorded, again.known) == (0, first.recorded)
    assert all("two different ends" in one.reason for one in first.rejected)


def nodes(links: list[LinkDraft]) -> dict[Any, Any]:
    """Who and what came, by kind and by what tells them from others."""
    found = {}
    for link in links:
        ends = [(link.source, link.source_kind, link.source_own, "source")]
        if not link.alone:
            ends.append((link.target, link.target_kind, link.target_own, "target"))
        for told, kind, own, which in ends:
            name = own.name if own and own.name else told
            assert not own or own.grown == (which in link.masked and kind == "person/victim")
            besides = (own.aliases, own.unnamed, own.sort, own.since, own.until) if own else PLAIN
            found[kind.partition("/")[0], told] = (kind, name, which in link.masked, *besides)
    return found


PLAIN = ((), False, None, None, None)


def node(one: Node) -> tuple[Any, ...]:
    """A node as it has to come."""
    times = _seconds(one.since), _seconds(one.until)
    name = one.label if one.kind in ("person", "incident") else ""
    return (kind_of(one), name, one.masked, one.aliases, one.unnamed, one.sort, *times)


def _seconds(at: datetime | None) -> datetime | None:
    return at.replace(microsecond=0) if at else None


def ties(links: list[LinkDraft]) -> list[tuple[Any, ...]]:
    return sorted(
        (
            (
                *(one.source, one.target, one.link_kind, one.valid_from, one.valid_to),
                *(one.weight, one.source_grade, one.information, one.handling, one.undermined),
            )
            for one in links
            if not one.alone
        ),
        key=str,
    )


def tie(one: Tie, called: dict[str, str]) -> tuple[Any, ...]:
    """A tie as it has to come."""
    pair, grade = one.pair, tuple(one.pair.grade or (None, None))
    ends = called[one.source.id], called[one.target.id]
    times = pair.valid_from, pair.valid_to
    return (*ends, pair.kind, *times, pair.weight, *grade, pair.handling, pair.undermined)


def is_as_it_was(out: Outgoing, form: Format, home: Path) -> None:
    intake = FakeIntake()
    brought_in(out, form, Importing(intake, home / "originals"), home)
    called = forms.told_apart({one.id: (one.kind, one.label) for one in out.nodes})
    came = nodes(intake.links)
    known = {one.id: (one.kind, called[one.id]) for one in out.nodes}
    # two phones of one number are one: they have no tie to each other
    one_thing = [t for t in out.ties if known[t.source.id] == known[t.target.id]]
    others = [t for t in out.ties if t not in one_thing]
    assert {*known.values()} - came.keys() <= {known[t.source.id] for t in one_thing}
    assert came.keys() <= {*known.values()}
    for one in out.nodes:
        if known[one.id] in came:
            kind, name, *rest = came[known[one.id]]
            told = (kind, name if one.kind in ("person", "incident") else "", *rest)
            assert told == node(one)
    assert ties(intake.links) == sorted((tie(t, called) for t in others), key=str)


@pytest.mark.parametrize("form", [one for one in FORMATS if one != "xlsx"])
@settings(max_examples=8)
@given(out=networks())
def test_whatever_left_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, form: Format, out: Outgoing
) -> None:
    is_as_it_was(out, form, tmp_path_factory.mktemp("back"))


@settings(max_examples=3)
@given(out=networks())
def test_whatever_left_as_a_workbook_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, out: Outgoing
) -> None:
    is_as_it_was(out, "xlsx", tmp_path_factory.mktemp("back"))


@READ_BACK
def test_each_kind_of_tie_comes_back_and_makes_nobody_a_suspect(
    tmp_path: Path, form: Format
) -> None:
    roles: tuple[Role, ...] = ("child", "person", "suspect", "convicted", "victim")
    is_as_it_was(every_tie(roles), form, tmp_path)


def _called(number: int, label: str, kind: EntityKind, role: Role | None = None) -> Node:
    suspect = role not in (None, "person")
    return Node(str(UUID(int=number)), label, kind, role, False, False, suspect)


def known_people() -> Outgoing:
    """Two of one name, a suspected child, a grown victim, one without a name, one with several, and
    a party."""
    many = every_tie(("person",))
    since = datetime(2011, 3, 5, 21, tzinfo=UTC)
    sam = _called(1, "Sam", "person", "suspect")
    other = _called(2, "Sam", "person", "convicted")
    tall = _called(3, "the tall one", "person", "person-of-interest")
    child = replace(_called(4, "Child 1", "person", "child"), id="child-1", masked=True)
    baz, party = _called(5, "'=Baz", "person", "person"), _called(6, "party 2011-03-05", "incident")
    victim = replace(_called(9, "Victim 1", "person", "victim"), id="victim-1", masked=True)
    victim = replace(victim, suspect=False)
    minor = replace(_called(10, "Child 2", "person", "child"), id="child-2", masked=True)
    minor, dax = replace(minor, suspect=False, cleared=True), _called(11, "Dax", "person", "person")
    dax = replace(dax, cleared=True)
    phone, car = _called(7, "+447700900111", "phone"), _called(8, "PK95ABC", "vehicle")
    tall = replace(tall, unnamed=True)
    baz = replace(baz, aliases=("B; the boss", "=Bazza"))
    party = replace(party, sort="party", since=since, until=since + timedelta(hours=5))
    graded = next(t for t in many.ties if t.pair.grade and t.pair.valid_from)
    a_day = datetime(2011, 3, 7, tzinfo=UTC) - timedelta(microseconds=1)
    graded = replace(graded, pair=replace(graded.pair, valid_to=a_day))
    open_one = next(t for t in many.ties if not t.pair.grade and not t.pair.valid_from)
    ties = (
        told(graded, sam, other, "co-offender"),
        told(open_one, tall, sam, "associate"),
        told(open_one, sam, child, "association"),
        told(graded, sam, victim, "association"),
        told(graded, sam, minor, "association"),
        told(graded, sam, dax, "association"),
        told(graded, baz, phone, "uses"),
        told(graded, other, party, "suspect-in"),
        told(open_one, car, party, "involved-in"),
    )
    nodes = (sam, other, tall, child, victim, minor, dax, baz, party, phone, car)
    return replace(many, nodes=nodes, ties=ties)


def told(like: Tie, source: Node, target: Node, kind: LinkKind) -> Tie:
    return replace(like, source=source, target=target, pair=replace(like.pair, kind=kind))


@READ_BACK
def test_what_another_store_exported_is_exported_again_as_it_was(
    tmp_path: Path, form: Format
) -> None:
    out, path = known_people(), tmp_path / "network"
    path.write_bytes(export(out, form, Stamp(AT)).content)
    system = opened(tmp_path / "store", None, "importer")
    report = import_files(
        system.desk, system.reader, [path], originals=system.originals, now=system.clock()
    )
    assert report.rejections == 0
    with system.reading() as db:
        seen = whole(db, system.reader, asked=Asked(min_rank=None))
        again = outgoing(db, system.reader, seen)
    system.close()
    assert shown(again) == shown(out)


def shown(out: Outgoing) -> list[Any]:
    """A network without ids and places: who and what, and how they are tied."""
    people = [
        (*node(one)[:1], one.label, *node(one)[2:], one.role, one.cleared, one.suspect)
        for one in out.nodes
    ]
    between = [tie(one, {n.id: n.label for n in out.nodes}) for one in out.ties]
    return [sorted(people, key=str), sorted(between, key=str)]
