"""The fast layout for many nodes places them at the same positions every time. Links are short, and
no label covers another."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from network.picture import fast_layout
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


def test_boxes_near_each_other_are_not_searched_in_every_round(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """If boxes overlap, the layout moves them apart in rounds. A box that has moved little is
    compared only with the boxes that were near it before. All boxes end where they would end if
    each round searched for all near boxes."""
    chance = np.random.default_rng(3)
    points = chance.uniform(0, 2_000, (400, 2))
    sides = np.where(chance.random((400, 1)) < 0.1, (120.0, 45.0), (26.0, 26.0))
    searches: list[int] = []
    close = fast_layout._close

    def counted(*given: Any) -> fast_layout.Ends:
        searches.append(len(given[0]))
        return close(*given)

    monkeypatch.setattr(fast_layout, "_close", counted)
    limits = np.zeros_like(points), np.full_like(points, 2_000)
    spread, _ = fast_layout.spread(points, sides, *limits, rounds=100)
    seldom = len(searches)
    monkeypatch.setattr(fast_layout, "SLACK", 0.0)
    searched, _ = fast_layout.spread(points, sides, *limits, rounds=100)
    assert seldom < (len(searches) - seldom) / 2
    assert np.allclose(spread, searched, atol=0.01)


def test_the_lengths_of_many_vectors_are_those_of_numpy() -> None:
    vectors = np.random.default_rng(5).normal(0, 3, (1_000, 2))
    assert fast_layout._lengths(vectors).tolist() == np.linalg.norm(vectors, axis=1).tolist()
    assert fast_layout._lengths(np.zeros((1, 2))).tolist() == [1e-6]
