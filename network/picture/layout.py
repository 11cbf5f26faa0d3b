"""Compute the positions of nodes in a picture: the same network always gets the same layout.

The layout of each connected part is computed by itself: by the method of Kamada and Kawai; for many
nodes by ForceAtlas2 with a fixed seed; for very many nodes by a faster method
(network/picture/fast_layout.py). Each part is turned so that its longest axis is horizontal. The
parts are placed in the frame in rows, largest first. Then the boxes (a box is a symbol with its
label) are moved apart until none overlap, and symbols are moved off the lines of other nodes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import networkx as nx
import numpy as np
import numpy.typing as npt
import scipy.optimize  # noqa: F401 (networkx would import it while it draws the first network)
from msgspec import Struct

from network.picture import fast_layout
from network.picture.node_order import ordered

Points = npt.NDArray[np.float64]
# If a connected part has at least this many nodes, forces are simulated instead of fitting exact
# distances.
MANY = 80
SEED = 7
ROUNDS = 150
# Up to this many nodes, boxes are always moved apart until none overlap; with more nodes, the
# picture is a draft.
MOST = 400
GAP = 10.0
ROOM = 2.0  # Number of square units for each node, before boxes are moved apart.
WIDER = 1.1  # The factor by which the frame grows if boxes still overlap.
REACH = 120.0  # Distance from its neighbours at which a new node is tried first.
HELD = 128  # Number of pictures whose positions are cached.
CROWDED = 150  # If a picture has at least this many nodes, lines cannot be kept away from symbols.


class Bounds(Struct, frozen=True):
    """A rectangle of the picture, in pixels."""

    left: float
    top: float
    width: float
    height: float


class Box(Struct, frozen=True, order=True):
    """How far a node with its label reaches from its centre, in pixels."""

    aside: float
    above: float
    below: float


def place(
    graph: nx.Graph[str],
    looks: Mapping[str, str],
    boxes: Mapping[str, Box],
    frame: Bounds,
    *,
    grows: bool = False,
) -> dict[str, tuple[float, float]]:
    """Return a centre for every node, with the node's box inside the frame. With `grows`, the frame
    is enlarged if boxes overlap. `looks` has the label and symbol of each node: positions depend
    only on these and on the links, never on ids.
    """
    names = ordered(graph, {node: (looks[node], boxes[node]) for node in graph})
    if not names:
        return {}
    index = {node: number for number, node in enumerate(names)}
    ties = tuple(sorted(_tie(index[a], index[b]) for a, b in graph.edges))
    points = _placed(tuple([boxes[name] for name in names]), ties, frame, grows)
    return dict(zip(names, points, strict=True))


@lru_cache(maxsize=HELD)
def _placed(
    sizes: tuple[Box, ...], ties: tuple[tuple[int, int], ...], frame: Bounds, grows: bool
) -> tuple[tuple[float, float], ...]:
    """Return a centre for each of these boxes, in the order of the boxes. The ids of the nodes are
    not a parameter, so the result can be cached and is the same when a page is opened again, by any
    user.
    """
    numbers: nx.Graph[int] = nx.Graph()
    numbers.add_nodes_from(range(len(sizes)))
    numbers.add_edges_from(ties)
    parts = sorted(map(sorted, nx.connected_components(numbers)), key=lambda one: (-len(one), one))
    shapes = [_part(numbers, part) for part in parts]
    points = np.empty((len(sizes), 2))
    points[[node for part in parts for node in part]] = _packed(shapes, frame)
    points = _into(points, sizes, frame)
    if len(sizes) > CROWDED:
        points, clear = _spread(points, sizes, frame, fast_layout.rounds(len(sizes)))
    else:
        points, clear = _separate_boxes(points, sizes, ties, frame)
    while grows and not clear and len(sizes) <= MOST:
        frame = Bounds(frame.left, frame.top, frame.width * WIDER, frame.height * WIDER)
        points, clear = _spread(points * WIDER, sizes, frame, ROUNDS)
    return tuple([(float(x), float(y)) for x, y in points])


def place_nodes(
    stands: Mapping[str, tuple[float, float]],
    graph: nx.Graph[str],
    looks: Mapping[str, str],
    boxes: Mapping[str, Box],
) -> dict[str, tuple[float, float]]:
    """Return a centre for every node: nodes that already have a position do not move, and new nodes
    are placed near their neighbours where there is room. The ids of the nodes do not influence the
    positions.
    """
    centres = {node: stands[node] for node in graph if node in stands}
    names = ordered(graph, {node: (looks[node], boxes[node]) for node in graph})
    waiting = [name for name in names if name not in centres]
    while waiting:
        node = next(
            (new for new in waiting if not centres.keys().isdisjoint(graph[new])), waiting[0]
        )
        waiting.remove(node)
        tied = [centres[other] for other in graph[node] if other in centres]
        centres[node] = _free(boxes[node], tied, centres, boxes)
    return centres


def _free(
    box: Box,
    tied: Sequence[tuple[float, float]],
    positions: Mapping[str, tuple[float, float]],
    boxes: Mapping[str, Box],
) -> tuple[float, float]:
    """Return a free position for the box of a new node, close to the positions `tied` of its
    neighbours.
    """
    if not positions:
        return 0.0, 0.0
    taken = np.array([positions[position] for position in positions])
    sides = np.array([boxes[position].aside for position in positions]) + box.aside + GAP
    above = np.array([boxes[position].below for position in positions]) + box.above + GAP
    below = np.array([boxes[position].above for position in positions]) + box.below + GAP
    start = np.mean(tied, axis=0) if tied else np.array([taken[:, 0].max(), taken[:, 1].mean()])
    away = start - taken.mean(axis=0)
    outwards = float(np.arctan2(away[1], away[0])) if np.hypot(*away) > 1.0 else 0.0
    turns = outwards + np.array([(-1) ** n * ((n + 1) // 2) * np.pi / 12 for n in range(24)])
    far = REACH
    while True:
        for turn in turns:
            spot = start + far * np.array([np.cos(turn), np.sin(turn)])
            down = spot[1] - taken[:, 1]
            clear = (np.abs(spot[0] - taken[:, 0]) >= sides) | (down >= above) | (-down >= below)
            if clear.all():
                return float(spot[0]), float(spot[1])
        far += REACH / 3


def _tie(first_number: int, second_number: int) -> tuple[int, int]:
    return min(first_number, second_number), max(first_number, second_number)


def _part(whole: nx.Graph[int], nodes: Sequence[int]) -> Points:
    """Return the positions of one connected part around the origin, its long axis horizontal, with
    about one unit between neighbours."""
    if len(nodes) == 1:
        return np.zeros((1, 2))
    index = {node: number for number, node in enumerate(nodes)}
    part: nx.Graph[int] = nx.Graph()
    part.add_nodes_from(range(len(nodes)))
    part.add_edges_from(sorted((index[a], index[b]) for a, b in whole.edges(nodes)))
    points = _arranged(part)
    points -= points.mean(axis=0)
    _, _, axes = np.linalg.svd(points, full_matrices=False)
    points = points @ (axes * np.sign(axes.sum(axis=1, keepdims=True) + 1e-9)).T
    if points.shape[1] == 1:
        points = np.column_stack([points, np.zeros(len(points))])
    lengths = [np.linalg.norm(points[a] - points[b]) for a, b in part.edges]
    points = points / max(float(np.median(lengths)), 1e-9)
    crowded = len(nodes) * ROOM / float(np.prod(np.ptp(points, axis=0) + 1.0))
    return np.asarray(points * max(crowded, 1.0) ** 0.5)


def _arranged(part: nx.Graph[int]) -> Points:
    if len(part) <= MANY:
        arrays = nx.kamada_kawai_layout(part)
        return np.array([arrays[node] for node in part], dtype=float)
    if len(part) > CROWDED:
        return fast_layout.arranged(part)
    pulled = nx.forceatlas2_layout(part, pos=nx.circular_layout(part), max_iter=300, seed=SEED)
    return np.array([pulled[node] for node in part], dtype=float)


def _packed(parts: Sequence[Points], frame: Bounds) -> Points:
    """Return the positions of the connected parts, side by side in rows. All rows together have
    about the proportions of the frame. Beside a tall part, small parts are put below each other.
    """
    sizes = [np.ptp(part, axis=0) + 1.2 for part in parts]
    area = sum(float(width * height) for width, height in sizes)
    row = max(*(float(s[0]) for s in sizes), (area * frame.width / frame.height) ** 0.5)
    # the right edge, top edge and height of the present row of parts; the left edge and the lower
    # end of the row's last column
    right = top = tallest = left = below = 0.0
    placed: list[Points] = []
    for part, (width, height) in zip(parts, sizes, strict=True):
        fits = left + width <= right and below + height <= top + tallest
        if not fits:
            if right and right + width > row * 1.05:
                right, top, tallest = 0.0, top + tallest, 0.0
            left, below = right, top
            right, tallest = right + width, max(tallest, height)
        placed.append(part - part.min(axis=0) + [left + 0.6, below + 0.6])
        below += height
    return np.vstack(placed)


def _into(points: Points, boxes: Sequence[Box], frame: Bounds) -> Points:
    """Return the points moved and stretched so that they fill the frame and each box fits into it.
    Width and height may be stretched differently, by a factor of up to 1.8 between them.
    """
    aside = max(box.aside for box in boxes)
    low = np.array([frame.left + aside, frame.top + max(box.above for box in boxes)])
    high = np.array(
        [frame.left + frame.width - aside, frame.top + frame.height - max(b.below for b in boxes)]
    )
    span = np.ptp(points, axis=0)
    room = (high - low) / np.where(span > 1e-9, span, np.inf)
    usable = [float(scale) for scale in room if scale > 0]
    most = min(usable, default=1.0) * 1.8
    scale = np.minimum(np.minimum(room, most), 260.0)
    middle = (points.max(axis=0) + points.min(axis=0)) / 2
    return np.asarray((points - middle) * scale + (low + high) / 2)


def _spread(
    points: Points, boxes: Sequence[Box], frame: Bounds, rounds: int
) -> tuple[Points, bool]:
    """Return the centres of the boxes, moved apart within the frame; and whether no boxes overlap
    any more.
    """
    down = np.array([(box.below - box.above) / 2 for box in boxes])
    sides = np.array([[box.aside, (box.above + box.below) / 2] for box in boxes]) + GAP / 2
    # the symbol is not in the middle of its box, which also contains the label below it
    shift = np.column_stack([np.zeros(len(down)), down])
    right, bottom = frame.left + frame.width, frame.top + frame.height
    low = np.array([[frame.left + box.aside, frame.top + box.above] for box in boxes])
    high = np.array([[right - box.aside, bottom - box.below] for box in boxes])
    array, clear = fast_layout.spread(points + shift, sides, low + shift, high + shift, rounds)
    return np.asarray(array - shift), clear


def _separate_boxes(
    points: Points, boxes: Sequence[Box], ties: Sequence[tuple[int, int]], frame: Bounds
) -> tuple[Points, bool]:
    """Return the centres of the boxes, moved apart and off the lines of other nodes; and whether
    this succeeded for all of them.
    """
    for _ in range(ROUNDS):
        moved = _push_off_lines(points, boxes, ties)
        points, clear = _spread(points, boxes, frame, 1)
        if clear and not moved:
            return points, True
    return _spread(points, boxes, frame, ROUNDS)


def _push_off_lines(points: Points, boxes: Sequence[Box], ties: Sequence[tuple[int, int]]) -> bool:
    """Move symbols in `points` off the lines that run through them but belong to other nodes,
    because such a line would look like a link of the symbol. Return whether any symbol was moved.
    """
    clear = np.array([box.above + GAP for box in boxes])
    moved = False
    for a, b in ties:
        along = points[b] - points[a]
        length = float(np.hypot(*along))
        if length < 1.0:
            continue
        normal = np.array([-along[1], along[0]]) / length
        share = (points - points[a]) @ along / length**2
        off = (points - points[a]) @ normal
        through = (share > 0) & (share < 1) & (np.abs(off) < clear - 0.5)
        through[[a, b]] = False
        for node in np.flatnonzero(through):
            side = 1.0 if off[node] >= 0 else -1.0
            points[node] += normal * side * (clear[node] - abs(off[node])) * 0.7
            moved = True
    return moved
