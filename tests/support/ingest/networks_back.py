"""Networks that tests export and import again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from domain.kernel.values import EntityKind, LinkKind
from ingest.words.drafts import LinkDraft
from network.query.masked_export import ExportedLink, ExportedNode, MaskedExport, Role
from tests.support.network.round_trips import every_tie


def nodes(links: list[LinkDraft]) -> dict[Any, Any]:
    """Return the imported people and things, by a key that distinguishes them: the kind and an
    identifying field."""
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


def ties(links: list[LinkDraft]) -> list[tuple[Any, ...]]:
    return sorted(
        (
            (
                *(link.source, link.target, link.link_kind, link.valid_from, link.valid_to),
                *(link.weight, link.source_grade, link.information, link.handling, link.undermined),
            )
            for link in links
            if not link.alone
        ),
        key=str,
    )


def _make_node(number: int, label: str, kind: EntityKind, role: Role | None = None) -> ExportedNode:
    suspect = role not in (None, "person")
    return ExportedNode(str(UUID(int=number)), label, kind, role, False, False, suspect)


def known_people() -> MaskedExport:
    """Return an exported network with known content: two people of the same name, a suspected
    child, an adult victim, a person without a name, a person with several names, and a party.
    """
    many = every_tie(("person",))
    since = datetime(2011, 3, 5, 21, tzinfo=UTC)
    sam = _make_node(1, "Sam", "person", "suspect")
    other = _make_node(2, "Sam", "person", "convicted")
    tall = _make_node(3, "the tall one", "person", "person-of-interest")
    child = replace(_make_node(4, "Child 1", "person", "child"), id="child-1", masked=True)
    baz, party = (
        _make_node(5, "'=Baz", "person", "person"),
        _make_node(6, "party 2011-03-05", "incident"),
    )
    victim = replace(_make_node(9, "Victim 1", "person", "victim"), id="victim-1", masked=True)
    victim = replace(victim, suspect=False)
    minor = replace(_make_node(10, "Child 2", "person", "child"), id="child-2", masked=True)
    minor, dax = (
        replace(minor, suspect=False, cleared=True),
        _make_node(11, "Dax", "person", "person"),
    )
    dax = replace(dax, cleared=True)
    phone, car = _make_node(7, "+447700900111", "phone"), _make_node(8, "PK95ABC", "vehicle")
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


def told(
    like: ExportedLink, source: ExportedNode, target: ExportedNode, kind: LinkKind
) -> ExportedLink:
    return replace(like, source=source, target=target, pair=replace(like.pair, kind=kind))
