"""Where everything in a picture stands: the same place for the same network, every time.

Each connected part is laid out by itself (Kamada and Kawai; ForceAtlas2 with a fixed seed where
there are many), turned along its longest axis, and the parts are packed into the frame in rows,
largest first; very many (network/draft.py) in draft quality. Then boxes, a symbol and its label
together, are pushed apart until none overlap, and symbols off the lines of others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np
import numpy.typing as npt

from network import draft

Points = npt.NDArray[np.float64]
MANY = 80  # nodes of a part from which springs take the place of exact distances
SEED = 7
ROUNDS = 300
GAP = 10.0
ROOM = 2.0  # square units that a node has to itself, before boxes are pushed apart
CROWDED = 150  # nodes from which lines cannot be kept off symbols


@dataclass(frozen=True)
class Frame:
    """A rectangle of the picture, in pixels."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Box:
    """How far a node with its label reaches from its centre, in pixels."""

    aside: float
    above: float
    below: float


def place(
    graph: nx.Graph[str], boxes: dict[str, Box], frame: Frame
) -> dict[str, tuple[float, float]]:
    """A centre for every node, its box inside the frame."""
    parts = sorted(nx.connected_components(graph), key=lambda part: (-len(part), min(part)))
    names = [one for part in parts for one in sorted(part)]
    if not names:
        return {}
    shapes = [_part(graph.subgraph(sorted(part)), sorted(part)) for part in parts]
    points = _packed(shapes, frame)
    sizes = [boxes[one] for one in names]
    index = {one: number for number, one in enumerate(names)}
    ends = [sorted((index[a], index[b])) for a, b in graph.edges]
    points = _into(points, sizes, frame)
    ties = sorted((a, b) for a, b in ends)
    crowded = len(names) > CROWDED
    points = _spread(points, sizes, frame) if crowded else _apart(points, sizes, ties, frame)
    return {one: (float(x), float(y)) for one, (x, y) in zip(names, points, strict=True)}


def _part(part: nx.Graph[str], names: Sequence[str]) -> Points:
    """One connected part around the origin, its long axis level, about one unit between
    neighbours."""
    if len(names) == 1:
        return np.zeros((1, 2))
    ordered: nx.Graph[str] = nx.Graph()
    ordered.add_nodes_from(names)
    ordered.add_edges_from(sorted((min(tie), max(tie)) for tie in part.edges))
    points = _arranged(ordered)
    points -= points.mean(axis=0)
    _, _, axes = np.linalg.svd(points, full_matrices=False)
    points = points @ (axes * np.sign(axes.sum(axis=1, keepdims=True) + 1e-9)).T
    if points.shape[1] == 1:
        points = np.column_stack([points, np.zeros(len(points))])
    index = {one: number for number, one in enumerate(names)}
    lengths = [np.linalg.norm(points[index[a]] - points[index[b]]) for a, b in ordered.edges]
    points = points / max(float(np.median(lengths)), 1e-9)
    crowded = len(names) * ROOM / float(np.prod(np.ptp(points, axis=0) + 1.0))
    return np.asarray(points * max(crowded, 1.0) ** 0.5)


def _arranged(part: nx.Graph[str]) -> Points:
    if len(part) <= MANY:
        found = nx.kamada_kawai_layout(part)
        return np.array([found[one] for one in part], dtype=float)
    if len(part) > CROWDED:
        return draft.arranged(part)
    pulled = nx.forceatlas2_layout(part, pos=nx.circular_layout(part), max_iter=300, seed=SEED)
    return np.array([pulled[one] for one in part], dtype=float)


def _packed(parts: Sequence[Points], frame: Frame) -> Points:
    """The parts side by side in rows of about the frame's proportions, small ones below each other
    beside a tall one."""
    sizes = [np.ptp(part, axis=0) + 1.2 for part in parts]
    area = sum(float(width * height) for width, height in sizes)
    row = max(*(float(s[0]) for s in sizes), (area * frame.width / frame.height) ** 0.5)
    right = top = tallest = left = below = 0.0  # of the row; and of its last column
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


def _into(points: Points, boxes: Sequence[Box], frame: Frame) -> Points:
    """Stretched to fill the frame, a little more in one direction than in the other."""
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


def _limits(boxes: Sequence[Box], frame: Frame) -> tuple[Points, Points]:
    """Between which corners the centre of each box may stand."""
    right, bottom = frame.left + frame.width, frame.top + frame.height
    low = np.array([[frame.left + box.aside, frame.top + box.above] for box in boxes])
    high = np.array([[right - box.aside, bottom - box.below] for box in boxes])
    return low, high


def _spread(points: Points, boxes: Sequence[Box], frame: Frame) -> Points:
    """As `_apart`, for many: boxes only, each as if its symbol stood in its middle."""
    down = np.array([(box.below - box.above) / 2 for box in boxes])
    sides = np.array([[box.aside, (box.above + box.below) / 2] for box in boxes]) + GAP / 2
    shift = np.column_stack([np.zeros(len(down)), down])
    low, high = _limits(boxes, frame)
    return np.asarray(draft.spread(points + shift, sides, low + shift, high + shift) - shift)


def _apart(
    points: Points, boxes: Sequence[Box], ties: Sequence[tuple[int, int]], frame: Frame
) -> Points:
    """Overlapping boxes pushed apart and symbols off the lines of others, until all are clear."""
    points = points.copy()
    low, high = _limits(boxes, frame)
    for number in range(ROUNDS):
        moved = _push_boxes(points, boxes)
        if number < ROUNDS / 2:  # where both cannot be had, no box covers another
            moved |= _push_off_lines(points, boxes, ties)
        np.clip(points, low, high, out=points)
        if not moved:
            break
    return points


def _push_boxes(points: Points, boxes: Sequence[Box]) -> bool:
    """Each overlapping pair moves along the way that is shorter; whether any did."""
    aside = np.array([box.aside for box in boxes])
    above = np.array([box.above for box in boxes])
    below = np.array([box.below for box in boxes])
    moved = False
    for one in range(len(points)):
        apart = points - points[one]
        reach_x = aside + aside[one] + GAP
        reach_y = np.where(apart[:, 1] > 0, below[one] + above, above[one] + below) + GAP
        over = np.column_stack([reach_x, reach_y]) - np.abs(apart)
        touching = (over > 0.5).all(axis=1)
        touching[one] = False
        for other in np.flatnonzero(touching):
            axis = int(np.argmin(over[other]))
            push = over[other, axis] / 2 * (1.0 if apart[other, axis] >= 0 else -1.0)
            points[one, axis] -= push
            points[other, axis] += push
            moved = True
    return moved


def _push_off_lines(points: Points, boxes: Sequence[Box], ties: Sequence[tuple[int, int]]) -> bool:
    """A line that ran through a symbol would read as a tie of it; whether any had to move."""
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
        for one in np.flatnonzero(through):
            side = 1.0 if off[one] >= 0 else -1.0
            points[one] += normal * side * (clear[one] - abs(off[one])) * 0.7
            moved = True
    return moved
