"""A small map of a group, drawn twice: with its links as known at an earlier moment, and as known
now.

Like any exported picture (network/query/masked_export.py), it masks children and leaves out homes.
Every node has the same position in both maps.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from uuid import UUID

import networkx as nx
from msgspec import Struct
from msgspec.structs import replace

from domain.kernel.values import Reader
from network.over_time.changes import ComparedMoments, Key
from network.picture.footer import count
from network.picture.layout import Bounds, Box, place
from network.picture.lettering import broken, safe, stacked, text
from network.picture.line_styles import Point, Stroke, facts, labels, line, strokes
from network.picture.symbols import AMBER, GREY, INK, PAPER, draw, symbol_of
from network.picture.typeface import FONT, width
from network.query.evidence import DEFAULT
from network.query.link_pairs import LinkPair
from network.query.masked_export import ExportedLink, ExportedNode, MaskedExport, outgoing
from network.query.view import NetworkAnswer
from projections.kernel.database import Db

WIDE, HIGH = 420, 300
FRAME = Bounds(left=8, top=8, width=WIDE - 16, height=HIGH - 16)
#: The most nodes on a small map, which is unreadable with more; nodes whose links changed come
#: first.
MOST = 12
RADIUS, LETTERS, GRADES = 12.0, 12.0, 10.5


class BeforeAfterMap(Struct, frozen=True):
    """The map of a group before its changes and the map after them, both as SVG with a description.

    `more` is the number of people and things that are left out because the map has no room for
    them. `ids` are the real ids of everything that is drawn.
    """

    before: str
    after: str
    before_said: str
    after_said: str
    more: int
    ids: tuple[UUID, ...]


def sketch(
    db: Db,
    reader: Reader,
    moments: ComparedMoments,
    people: Collection[UUID],
    changed: Sequence[Key],
) -> BeforeAfterMap | None:
    """Return the maps of a group before and after its changes; None if none of its links may be
    drawn.

    `changed` are the links that changed, the most important first. `moments` contains only links
    that the reader may see.
    """
    drawn, more = _chosen(moments, people, changed)
    out = _out(db, reader, moments, drawn)
    keys = {_key(tie.pair): tie for tie in out.ties}
    after = [tie for key, tie in keys.items() if key in moments.after]
    before = [
        replace(tie, pair=moments.before[key]) for key, tie in keys.items() if key in moments.before
    ]
    if not keys:
        return None
    new = {tie.pair.links for key, tie in keys.items() if key not in moments.before}
    centres = _centres(out)
    return BeforeAfterMap(
        _svg(out, before, centres, frozenset()),
        _svg(out, after, centres, frozenset(new)),
        _describe_map("Before", before),
        _describe_map("Now", after),
        more,
        out.exported,
    )


def _chosen(
    moments: ComparedMoments, people: Collection[UUID], changed: Sequence[Key]
) -> tuple[list[UUID], int]:
    """Return the nodes to draw, and the number of nodes that are left out. The ends of changed
    links come first, then the other members of the group that have a link."""
    pairs = [moments.after.get(key) or moments.before[key] for key in changed]
    ends = [end for pair in pairs for end in (pair.source, pair.target)]
    ties = [*moments.before.values(), *moments.after.values()]
    near = [end for pair in ties for end in (pair.source, pair.target) if end in people]
    candidates = list(dict.fromkeys([*ends, *near]))
    return candidates[:MOST], max(len(candidates) - MOST, 0)


def _out(db: Db, reader: Reader, moments: ComparedMoments, drawn: Collection[UUID]) -> MaskedExport:
    """Return a picture, masked for export, of the items `drawn` and of the links between them at
    either of the two moments.
    """
    pairs = {
        key: pair
        for key, pair in (*moments.before.items(), *moments.after.items())
        if pair.source in drawn and pair.target in drawn
    }
    graph: nx.MultiGraph[UUID] = nx.MultiGraph()
    for item in dict.fromkeys(end for pair in pairs.values() for end in (pair.source, pair.target)):
        graph.add_node(item, entity=moments.seen.entities[item])
    link_filter = moments.seen.link_filter
    picture = NetworkAnswer(graph, tuple(pairs.values()), link_filter, "all", DEFAULT, (), 0, 0)
    return outgoing(db, reader, picture)


def _key(pair: LinkPair) -> Key:
    return frozenset((pair.source, pair.target)), pair.kind


def _centres(out: MaskedExport) -> dict[str, Point]:
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(node.id for node in out.nodes)
    graph.add_edges_from((tie.source.id, tie.target.id) for tie in out.ties)
    called = {node.id: f"{node.label} ({symbol_of(node)})" for node in out.nodes}
    return place(graph, called, {node.id: _box(node) for node in out.nodes}, FRAME)


def _box(node: ExportedNode) -> Box:
    lines = broken(node.label, 14)
    aside = max([RADIUS + 2, *(width(text_line, LETTERS) / 2 for text_line in lines)])
    return Box(aside, RADIUS + 2, RADIUS + 3 + len(lines) * LETTERS * 1.18)


def _svg(
    out: MaskedExport,
    ties: Sequence[ExportedLink],
    centres: Mapping[str, Point],
    new: Collection[object],
) -> str:
    return "".join(_drawn(out, ties, centres, new))


def _drawn(
    out: MaskedExport,
    ties: Sequence[ExportedLink],
    centres: Mapping[str, Point],
    new: Collection[object],
) -> Iterator[str]:
    there = {end.id for tie in ties for end in (tie.source, tie.target)}
    nodes = [node for node in out.nodes if node.id in there]
    found_strokes = list(strokes(ties, dict(centres), RADIUS))
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" width="{WIDE}" '
        f'height="{HIGH}" font-family="{FONT}"><defs><marker id="arrow" viewBox="0 0 10 10" '
        'refX="3" refY="5" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" '
        f'orient="auto"><path d="M0 0L10 5 0 10z" fill="{INK}"/></marker></defs>'
        f'<rect width="{WIDE}" height="{HIGH}" fill="{PAPER}"/>'
    )
    yield from (_underlaid(stroke) for stroke in found_strokes if stroke.tie.pair.links in new)
    yield from map(line, found_strokes)
    taken = [_rectangle(centres[node.id], _box(node)) for node in nodes]
    yield from labels(found_strokes, taken, GRADES, brief=True)
    for node in nodes:
        x, y = centres[node.id]
        yield (
            f'<g transform="translate({x:.1f} {y:.1f})"><title>{safe(node.label)}</title>'
            f"{draw(symbol_of(node), RADIUS)}</g>"
        )
        yield stacked(
            x, y + RADIUS + 3 + LETTERS * 0.85, broken(node.label, 14), LETTERS, bold=False
        )
    if not ties:
        words = "No known link."
        yield text(WIDE / 2, HIGH / 2, words, LETTERS + 2, anchor="middle", colour=GREY)
    yield "</svg>"


def _underlaid(stroke: Stroke) -> str:
    """Return the broad band that is drawn under a new link, so that the link is recognised in
    grey print, too."""
    (x1, y1), (bx, by), (x2, y2) = stroke.start, stroke.bow, stroke.end
    return (
        f'<path d="M{x1:.1f} {y1:.1f}Q{bx:.1f} {by:.1f} {x2:.1f} {y2:.1f}" fill="none" '
        f'stroke="{AMBER}" stroke-opacity="0.45" stroke-width="11" stroke-linecap="round"/>'
    )


def _rectangle(centre: Point, box: Box) -> tuple[float, float, float, float]:
    x, y = centre
    return x - box.aside, y - box.above, x + box.aside, y + box.below


def _describe_map(when: str, ties: Sequence[ExportedLink]) -> str:
    """Return a map in words, for people who cannot see it."""
    if not ties:
        return f"{when}: no known link."
    people = {end.id for tie in ties for end in (tie.source, tie.target)}
    head = f"{when}: {len(people)} people and things, {count(len(ties), 'link')}."
    return f"{head} {'; '.join(map(facts, ties))}."
