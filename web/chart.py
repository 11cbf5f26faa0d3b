"""The map as plain values: who is tied to whom, where each stands, what is not shown.

Everybody who looks at the same network sees it in the same places: they are computed from all its
links, graded or not, so that a filter or a slider never moves what it leaves.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from threading import Lock
from typing import Any
from uuid import UUID

import msgspec

from domain.codes import Layer
from domain.forms.local import LONDON, spoken
from domain.values import LINK_KINDS, Reader, Refused
from network import document, layout, text, view
from network.lettering import broken
from network.outgoing import Node, outgoing, role
from network.strokes import look
from network.symbols import symbol_of
from network.typeface import width
from network.view import Extent, Picture
from projections.links import Asked
from projections.people import Entity
from projections.schema import Db

#: More than this and nobody sees anything: the nearest and best tied are shown. Who asks for the
#: whole gets up to so many, as a draft in which only the best tied are named.
MOST, WHOLE = 300, 5_000
FRAME = layout.Frame(0, 0, 1500, 950)
KEPT = 64
#: How many times the room that all symbols and labels cover the paper holds, or more.
ROOMY = 2.2
#: The largest that letters become in map.js, of so few and of more.
FEW, LETTERS, SMALLER = 80, 20.0, 16.0
EVERYTHING = Asked(min_rank=None)
#: Of more than `MOST`, how many bear their names from afar.
NAMED = 100
#: How far a symbol without its name reaches.
BARE = layout.Box(26, 26, 26)
Places = dict[str, tuple[float, float]]


class Question(msgspec.Struct, frozen=True):
    """What a map shows: how much of the network, which links, and of how many at most."""

    part: Extent
    asked: Asked
    layer: Layer = "all"
    most: int = MOST


@dataclass
class Atlas:
    """The places of the networks that were looked at last, each for as long as it stays as it
    is: what else is recorded meanwhile does not move it."""

    _known: OrderedDict[bytes, Places] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def places(self, widest: Picture) -> Places:
        """Where everything of the widest picture stands: who sees less of a network than another
        has places of their own, or a gap would tell what is hidden."""
        key = _seen(widest)
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        found = placed(widest)
        with self._lock:
            self._known[key] = found
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        return found


def _seen(picture: Picture) -> bytes:
    """Which network this is, by all that its places are reckoned from."""
    ends = sorted((str(one), picture.entity(one).label) for one in picture.graph)
    ties = sorted((str(a), str(b), str(link)) for a, b, link in picture.graph.edges(keys=True))
    return sha256(repr((ends, ties)).encode()).digest()


def placed(picture: Picture) -> Places:
    """A place for every node, labels kept apart."""
    graph = picture.simple()
    called = named(picture)
    letters = LETTERS if len(picture.graph) <= FEW else SMALLER
    boxes = {
        str(one): _box(picture.entity(one).label, letters, focus=one in picture.focus)
        if one in called
        else BARE
        for one in picture.graph
    }
    covered = sum((2 * box.aside + layout.GAP) * (box.above + box.below) for box in boxes.values())
    wider = max(1.0, covered * ROOMY / (FRAME.width * FRAME.height)) ** 0.5
    frame = layout.Frame(0, 0, FRAME.width * wider, FRAME.height * wider)
    people = {str(one): picture.entity(one) for one in picture.graph}
    looks = {one: f"{entity.label} ({symbol(entity)})" for one, entity in people.items()}
    return layout.place(graph, looks, boxes, frame, grows=True)


def _box(label: str, letters: float, *, focus: bool) -> layout.Box:
    """The room of a symbol and of its label, in the lines and sizes in which map.js writes it."""
    lines, size = broken(label), letters * (1.1 if focus else 1.0)
    radius = letters * (1.8 if focus else 1.35)
    aside = max(radius, *(width(line, size, bold=focus) / 2 for line in lines))
    return layout.Box(aside, radius, radius + 4 + len(lines) * size * 1.2)


def named(picture: Picture) -> set[UUID]:
    """Who bears their name from afar: everybody, or of very many the middle and the best tied."""
    if len(picture.graph) <= MOST:
        return set(picture.graph)
    return set(_foremost(picture)[:NAMED])


@dataclass(frozen=True)
class Chart:
    """A map ready to be drawn. `more` counts whom there was no room for; `known_stops` are when
    something became known, `world_stops` from or until when something was true. `on_paper` says
    how everybody is called on paper, which goes from hand to hand as a picture does; who or what
    is missing there stays on the screen."""

    picture: Picture
    places: Places
    more: int
    teams: tuple[str, ...]
    known_stops: tuple[str, ...]
    world_stops: tuple[str, ...]
    on_paper: dict[UUID, str]
    ties_on_paper: frozenset[UUID]


def chart(db: Db, reader: Reader, question: Question, atlas: Atlas) -> Chart:
    """Draw it. Raises Refused where nobody of that id was known then."""
    everybody = replace(question.part, team=None)
    full = view.extent(db, reader, everybody, asked=EVERYTHING)
    widest, _ = _cut(full, question.most)
    places = atlas.places(widest)
    everything = question.asked == EVERYTHING and question.layer == "all"
    if everything and not question.part.team:
        seen = full
    else:
        seen = view.extent(db, reader, question.part, asked=question.asked, layer=question.layer)
    seen, more = _cut(seen, question.most)
    if any(str(one) not in places for one in seen.graph):
        places = placed(seen)  # what was known then stands no longer: it has places of its own
    rows = [held["row"] for _, _, held in widest.graph.edges(data=True)]
    ends = [at for row in rows for at in (row.valid_from, row.valid_to) if at]
    printed, ties = _printed(db, reader, seen)
    return Chart(
        seen,
        places,
        more,
        tuple(sorted({row.team for row in rows})),
        _stops([row.known_from for row in rows]),
        _stops(ends),
        printed,
        ties,
    )


def _printed(db: Db, reader: Reader, seen: Picture) -> tuple[dict[UUID, str], frozenset[UUID]]:
    """Who is printed under which name, and which links: as in a picture that leaves."""
    try:
        out = outgoing(db, reader, seen)
    except Refused:  # a map around a home leaves in no form
        return {}, frozenset()
    names = {one: node.label for one, node in zip(out.picture.graph, out.nodes, strict=True)}
    return names, frozenset(link for pair in out.picture.pairs for link in pair.links)


def _cut(picture: Picture, most: int) -> tuple[Picture, int]:
    """The picture with at most so many nodes: those in the middle, then the best tied."""
    if len(picture.graph) <= most:
        return picture, 0
    kept = set(_foremost(picture)[:most])
    cut = view.narrowed(picture, lambda pair: pair.source in kept and pair.target in kept)
    return cut, len(picture.graph) - len(cut.graph)


def _foremost(picture: Picture) -> list[UUID]:
    degree = dict(picture.graph.degree)
    near = {one for focus in picture.focus for one in picture.graph.neighbors(focus)}
    return sorted(
        picture.graph,
        key=lambda one: (
            *(one not in picture.focus, one not in near, -degree[one]),
            *(picture.entity(one).label, one),
        ),
    )


def _stops(moments: list[datetime]) -> tuple[str, ...]:
    """The days of these moments, thinned to two hundred."""
    days = sorted({at.astimezone(LONDON).date().isoformat() for at in moments})
    step = max(1, len(days) // 200)
    return tuple(days[::step])


def drawn(chart: Chart, question: Question) -> dict[str, Any]:
    """The map for the browser: nodes with their places and symbols, ties, what is left out."""
    told = document.document(chart.picture)
    called = named(chart.picture)
    nodes = [
        {
            **node,
            "named": UUID(node["id"]) in called,
            "lines": "\n".join(broken(node["label"])),
            "x": round(chart.places[node["id"]][0], 1),
            "y": round(chart.places[node["id"]][1], 1),
            "symbol": symbol(chart.picture.entity(UUID(node["id"]))),
            "on_paper": chart.on_paper.get(UUID(node["id"])),
        }
        for node in told["nodes"]
    ]
    ties = [
        {
            **tie,
            "directed": LINK_KINDS[pair.kind].directed,
            "look": look(pair),
            "on_paper": pair.links[0] in chart.ties_on_paper,
        }
        for tie, pair in zip(told["links"], chart.picture.pairs, strict=True)
    ]
    further = {"left_out": left_out(chart), "as_of": as_of(question)}
    return {**told, "nodes": nodes, "links": ties, **further}


def symbol(one: Entity) -> str:
    """Which of the pictures' symbols stands for somebody."""
    person = one.kind == "person"
    return symbol_of(
        Node(
            id=str(one.id),
            label=one.label,
            kind=one.kind,
            role=role(one) if person else None,
            masked=False,
            cleared=one.cleared,
            suspect=person and role(replace(one, is_child=False)) in SUSPECTED,
        )
    )


SUSPECTED = ("suspect", "convicted", "person-of-interest")


def left_out(chart: Chart) -> list[str]:
    """What is not shown, in so many words."""
    said = text.left_out(chart.picture)
    if chart.more:
        said.append(f"{chart.more} people and things further off not shown")
    return said


def as_of(question: Question) -> str:
    """Of which times the map speaks."""
    asked = question.asked
    at = f"as at {spoken(asked.as_at)}" if asked.as_at else "all dates"
    return f"{at}, as known {spoken(asked.as_known) if asked.as_known else 'now'}"
