"""The fast layout for many nodes places them at the same positions every time. Links are short, and
no label covers another."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.network.draft import grown, placed


@pytest.mark.parametrize(("count", "over_others"), [(300, 0.0), (2_000, 0.01)])
def test_many_are_placed_clear_of_each_other(count: int, over_others: float) -> None:
    """In a map of many nodes, no node covers another among the 300 that are shown first. In a
    larger map, hardly any node does."""
    graph = grown(count)
    places = placed(graph, 3.0)
    points = np.array([places[one] for one in graph])
    aside = np.abs(points[:, None, 0] - points[None, :, 0])
    above = np.abs(points[:, None, 1] - points[None, :, 1])
    over = (aside < 100) & (above < 74)
    np.fill_diagonal(over, False)
    assert over.sum() / 2 <= count * over_others
    index = {one: number for number, one in enumerate(graph)}
    ties = np.array([np.hypot(*(points[index[a]] - points[index[b]])) for a, b in graph.edges])
    anybody = np.hypot(*(points - points[::-1]).T)
    assert np.median(ties) < np.median(anybody) / 2


def test_the_same_network_gives_the_same_places() -> None:
    assert placed(grown(200), 2.0) == placed(grown(200), 2.0)
