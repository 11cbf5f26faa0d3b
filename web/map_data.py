"""The data of a map as plain values: links, positions of nodes, and what is left out.

All readers of the same network see its nodes in the same places. The places are computed from all
links of the network, graded or not, so that nodes do not move when the user sets a filter or a
date.

The file is long because everything that a map shows is put together here.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from hashlib import sha256
from threading import Lock
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from domain.forms.local import LONDON, format_day, format_moment
from domain.kernel.codes import Layer
from domain.kernel.values import LINK_KINDS, Reader, Refused
from network.measures import bridges, groups
from network.picture import layout, picture_data, terminal_map
from network.picture.footer import dates
from network.picture.lettering import broken
from network.picture.line_styles import look
from network.picture.symbols import symbol_of
from network.picture.top_links_picture import foremost
from network.picture.typeface import width
from network.query import view
from network.query.masked_export import ExportedNode, outgoing, role
from network.query.safe_text import single_line
from network.query.view import Extent, NetworkAnswer
from projections.intelligence.links import LinkFilter
from projections.intelligence.people import Entity
from projections.kernel.database import Db

#: With more than `MOST` nodes a map is unreadable, so only the nearest and most linked nodes are
#: shown. The whole map has up to `WHOLE` nodes, as a draft in which only the most linked nodes have
#: names.
MOST, WHOLE = 300, 5_000
FRAME = layout.Bounds(0, 0, 1500, 950)
KEPT = 64
#: The least size of the canvas, relative to the size of all symbols and labels together.
ROOMY = 2.2
#: Sizes of letters that map.js uses at most: `LETTERS` on a map of up to `FEW` nodes, `SMALLER` on
#: a map of more.
FEW, LETTERS, SMALLER = 80, 20.0, 16.0
EVERYTHING = LinkFilter(min_rank=None)
#: If a map has more than `MOST` nodes, the number of nodes that have names when the map is zoomed
#: out.
NAMED = 100
#: The size of a symbol that has no name.
BARE = layout.Box(26, 26, 26)
#: The largest number of letters of a name, and of a reason, in the card beside the map.
LABEL, WHY = 120, 400
#: How sizes of symbols grow: the largest symbol is larger than the smallest by the share `GROWS`. A
#: node has the largest symbol if `AMPLE` or more of its links rest on an independent source.
GROWS, AMPLE = 0.5, 12
#: Figures of a link, and fields of a node, that neither the map nor its card shows.
NOT_DRAWN = ("strength", "weight", "count", "observations")
NOT_SHOWN = ("cleared", "sort", "since", "until")
Places = Mapping[str, tuple[float, float]]
EMPTY: Places = {}


class MapQuery(msgspec.Struct, frozen=True):
    """The query of a map: which part of the network, which links, and how many nodes at most."""

    part: Extent
    link_filter: LinkFilter
    layer: Layer = "all"
    most: int = MOST


@dataclass
class LayoutCache:
    """Caches the layouts of the networks that were shown last. A layout changes only if its own
    network changes, so nodes do not move because of records elsewhere.
    """

    _known: OrderedDict[bytes, Places] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def places(self, widest: NetworkAnswer, stands: Places = EMPTY) -> Places:
        """Return a position for each node of `widest`, the network with all links that the reader
        may see. The layout has no nodes that the reader may not see, because a gap would reveal
        them. Nodes in `stands` keep their positions."""
        key = _network_key(widest, stands)
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        places = placed(widest, stands)
        with self._lock:
            self._known[key] = places
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        return places


def _network_key(picture: NetworkAnswer, places: Places) -> bytes:
    """Return a key of the data from which a layout is computed. Networks with the same key have the
    same layout."""
    ends = sorted((str(item), picture.entity(item).label) for item in picture.graph)
    ties = sorted((str(a), str(b), str(link)) for a, b, link in picture.graph.edges(keys=True))
    return sha256(repr((ends, ties, sorted(places.items()))).encode()).digest()


def placed(picture: NetworkAnswer, stands: Places = EMPTY) -> Places:
    """Return a position for every node, so that labels do not overlap. Nodes in `stands`, the
    positions of an earlier map, stay there, and the other nodes are placed near their
    neighbours."""
    graph = picture.simple()
    called = named_nodes(picture)
    letters = LETTERS if len(picture.graph) <= FEW else SMALLER
    grown = sizes(picture)
    boxes = {
        str(item): _box(
            picture.entity(item).label, letters, grown[item], focus=item in picture.focus
        )
        if item in called
        else BARE
        for item in picture.graph
    }
    people = {str(item): picture.entity(item) for item in picture.graph}
    looks = {person: f"{entity.label} ({symbol(entity)})" for person, entity in people.items()}
    if stands:
        return layout.place_nodes(stands, graph, looks, boxes)
    covered = sum((2 * box.aside + layout.GAP) * (box.above + box.below) for box in boxes.values())
    wider = max(1.0, covered * ROOMY / (FRAME.width * FRAME.height)) ** 0.5
    frame = layout.Bounds(0, 0, FRAME.width * wider, FRAME.height * wider)
    return layout.place(graph, looks, boxes, frame, grows=True)


def sizes(picture: NetworkAnswer) -> dict[UUID, float]:
    """Return the relative size of each node. The size grows with the number of the node's links
    that rest on an independent source: so it shows how much evidence there is, not who leads a
    group."""
    rooted = dict.fromkeys(picture.graph, 0)
    for pair in picture.pairs:
        if pair.roots and not pair.circular:
            rooted[pair.source] += 1
            rooted[pair.target] += 1
    return {item: 1 + GROWS * min(1.0, (ties / AMPLE) ** 0.5) for item, ties in rooted.items()}


def _box(label: str, letters: float, grown: float, *, focus: bool) -> layout.Box:
    """Return the space that a node's symbol and label need on the map (to each side, above and
    below), computed as the script map.js computes it."""
    lines, size = broken(label), letters * (1.1 if focus else 1.0)
    radius = letters * max(1.35 * grown, 1.8 if focus else 0.0)
    aside = max(radius, *(width(line, size, bold=focus) / 2 for line in lines))
    return layout.Box(aside, radius, radius + 4 + len(lines) * size * 1.2)


def named_nodes(picture: NetworkAnswer) -> set[UUID]:
    """Return the nodes whose names are shown when the map is zoomed out. These are all nodes or, on
    a map with very many nodes, the centre and the most linked."""
    if len(picture.graph) <= MOST:
        return set(picture.graph)
    return set(_foremost(picture)[:NAMED])


class MapData(Struct, frozen=True):
    """The data from which a map is drawn.

    `more` is the number of nodes that are left out because there is no space. `known_stops` are the
    days of new records. `on_paper` has the names for print, masked as in an exported picture
    because other people may see a print; nodes without such a name are left out in print.
    """

    picture: NetworkAnswer
    places: Places
    more: int
    teams: tuple[str, ...]
    known_stops: tuple[str, ...]
    on_paper: dict[UUID, str]
    ties_on_paper: frozenset[UUID]


def chart(db: Db, reader: Reader, question: MapQuery, atlas: LayoutCache) -> MapData:
    """Return the map that answers a query. Raises Refused if the person or thing in the centre was
    not recorded at the time of the query."""
    widest_asked = msgspec.structs.replace(
        question, part=replace(question.part, team=None), link_filter=EVERYTHING, layer="all"
    )
    widest, beyond = _shown(db, reader, widest_asked)
    places = atlas.places(widest, _stood(db, reader, question, atlas))
    if question == widest_asked:
        seen, more = widest, beyond
    else:
        seen, more = _shown(db, reader, question)
    if any(str(item) not in places for item in seen.graph):
        # the layout lacks a node that was in the network only at an earlier time
        places = placed(seen)
    rows = [edge["row"] for _, _, edge in widest.graph.edges(data=True)]
    printed, ties = _printed(db, reader, seen)
    return MapData(
        seen,
        places,
        more,
        tuple(sorted({row.team for row in rows})),
        _stops([row.known_from for row in rows]),
        printed,
        ties,
    )


def _stood(db: Db, reader: Reader, question: MapQuery, atlas: LayoutCache) -> Places:
    """Return the positions that the nodes had before the user's last expansion of the map. The
    field `also` of the query lists the items that the user expanded, in this order."""
    positions = EMPTY
    for opened in range(len(question.part.also)):
        part = replace(question.part, team=None, also=question.part.also[:opened])
        before, _ = _cut(view.extent(db, reader, part, link_filter=EVERYTHING), question.most)
        positions = atlas.places(before, positions)
    return positions


def _printed(
    db: Db, reader: Reader, answer: NetworkAnswer
) -> tuple[dict[UUID, str], frozenset[UUID]]:
    """Return the names of nodes, and the ids of the links, that a print of the map shows; names are
    masked as in an exported picture. Both are empty if the map may not be exported."""
    try:
        out = outgoing(db, reader, answer)
    except Refused:  # a map around a home is never exported
        return {}, frozenset()
    names = {item: node.label for item, node in zip(out.picture.graph, out.nodes, strict=True)}
    return names, frozenset(link for pair in out.picture.pairs for link in pair.links)


def _shown(db: Db, reader: Reader, question: MapQuery) -> tuple[NetworkAnswer, int]:
    """Return the part of the network that the map shows, and the number of nodes that are left out
    because there is no space."""
    part, link_filter, layer = question.part, question.link_filter, question.layer
    shown_part = foremost(db, reader, part, link_filter, layer, question.most)
    if shown_part is None:
        full = view.extent(db, reader, part, link_filter=link_filter, layer=layer)
        shown_part = _cut(full, question.most)
    return shown_part


def _cut(picture: NetworkAnswer, most: int) -> tuple[NetworkAnswer, int]:
    """Return the picture with at most `most` nodes (first the nodes in the centre, then the nodes
    with the most links), and the number of nodes that are cut off."""
    if len(picture.graph) <= most:
        return picture, 0
    kept_items = set(_foremost(picture)[:most])
    cut = view.narrowed(
        picture, lambda pair: pair.source in kept_items and pair.target in kept_items
    )
    return cut, len(picture.graph) - len(cut.graph)


def _foremost(picture: NetworkAnswer) -> list[UUID]:
    degree = dict(picture.graph.degree)
    near = {neighbor for focus in picture.focus for neighbor in picture.graph.neighbors(focus)}
    return sorted(
        picture.graph,
        key=lambda item: (
            *(item not in picture.focus, item not in near, -degree[item]),
            *(picture.entity(item).label, item),
        ),
    )


def _stops(moments: list[datetime]) -> tuple[str, ...]:
    """Return the days of these moments, in order. If there are 400 days or more, return
    only every second, third or later day, 200 to 300 in all."""
    days = sorted({at.astimezone(LONDON).date().isoformat() for at in moments})
    step = max(1, len(days) // 200)
    return tuple(days[::step])


def map_for_browser(chart: MapData, question: MapQuery) -> dict[str, Any]:
    """Return the data from which the browser draws the map: nodes with positions and symbols,
    links, and what is left out."""
    document = picture_data.document(chart.picture)
    called, grown = named_nodes(chart.picture), sizes(chart.picture)
    joins = bridges.picture_bridges(chart.picture)
    nodes = [
        {
            **{name: value for name, value in node.items() if name not in NOT_SHOWN},
            "label": single_line(node["label"], LABEL),
            "names": [single_line(name, LABEL) for name in node["names"]],
            "named": UUID(node["id"]) in called or UUID(node["id"]) in joins,
            "grown": round(grown[UUID(node["id"])], 2),
            "joins": joins.get(UUID(node["id"]), []),
            "lines": "\n".join(broken(node["label"])),
            "x": round(chart.places[node["id"]][0], 1),
            "y": round(chart.places[node["id"]][1], 1),
            "symbol": symbol(chart.picture.entity(UUID(node["id"]))),
            "on_paper": chart.on_paper.get(UUID(node["id"])),
        }
        for node in document["nodes"]
    ]
    ties = [
        {
            **{name: value for name, value in tie.items() if name not in NOT_DRAWN},
            "one_root": [single_line(why, WHY) for why in tie["one_root"]],
            "directed": LINK_KINDS[pair.kind].directed,
            "look": look(pair),
            "on_paper": pair.links[0] in chart.ties_on_paper,
        }
        for tie, pair in zip(document["links"], chart.picture.pairs, strict=True)
    ]
    further = {
        "left_out": describe_left_out(chart),
        "as_of": describe_dates(question),
        "stated": stated(question),
        "together": [[str(item) for item in group] for group in groups.closely(chart.picture)],
    }
    return {**document, "nodes": nodes, "links": ties, **further}


def symbol(entity: Entity) -> str:
    """Return the name of the symbol for a person or thing."""
    person = entity.kind == "person"
    return symbol_of(
        ExportedNode(
            id=str(entity.id),
            label=entity.label,
            kind=entity.kind,
            role=role(entity) if person else None,
            masked=False,
            cleared=entity.cleared,
            suspect=person and role(replace(entity, is_child=False)) in SUSPECTED,
        )
    )


SUSPECTED = ("suspect", "convicted", "person-of-interest")


def describe_left_out(chart: MapData) -> list[str]:
    """Return in words what the map leaves out."""
    sentences = terminal_map.describe_left_out(chart.picture)
    if chart.more:
        sentences.append(f"{chart.more} people and items further away not shown")
    return sentences


def stated(question: MapQuery) -> dict[str, str]:
    """Return a map's dates as texts for the fields of its form: when its links existed, and until
    when they were recorded. A missing date gives an empty text."""
    link_filter = question.link_filter
    days = {
        "as_known": link_filter.as_known,
        "as_at": link_filter.as_at,
        "since": link_filter.since,
        "until": link_filter.until,
    }
    return {name: typed_moment(at) if at else "" for name, at in days.items()}


def typed_moment(at: datetime) -> str:
    """Return a moment as a user would type it in a field. Midnight at the start or end of a day
    becomes the day alone."""
    there = at.astimezone(LONDON).time()
    return format_day(at) if there in (time.min, time.max) else format_moment(at)


def describe_dates(question: MapQuery) -> str:
    """Return in words the dates that limit a map: when its links existed, and by when they were
    recorded."""
    link_filter = question.link_filter
    moment_text = typed_moment(link_filter.as_known) if link_filter.as_known else "now"
    return f"{dates(link_filter, typed_moment)}, known as at {moment_text}"
