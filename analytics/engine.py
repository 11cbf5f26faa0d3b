"""The interface of an engine that analyses the whole network, with two implementations.

An engine holds the links between people: people are numbers, each linked pair is there once. Its
results are arrays with a place for every number, so that both engines return the same form
(tests/analytics). The results for people without a link have no meaning.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from domain.kernel.codes import Analysis

Array = npt.NDArray[Any]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Engine(Protocol):
    """An engine that holds the links of people, who have the numbers from 0 to `people` - 1."""

    def degrees(self) -> Ints:
        """Return for each person the number of people linked to them."""
        ...

    def components(self) -> Ints:
        """Return for each person the lowest number in their connected component."""
        ...

    def ranks(self) -> Floats:
        """Return the PageRank (Brin & Page 1998) of linked people, with the sum 1, within 1e-6."""
        ...

    def communities(self) -> Ints:
        """Return for each person the lowest number in their community (label propagation, Raghavan,
        Albert & Kumara 2007).
        """
        ...

    def triangles(self) -> Ints:
        """Return for each person the number of triangles: pairs of their neighbours who are linked
        to each other.
        """
        ...

    def cores(self) -> Ints:
        """Return for each person the largest k of a k-core that contains them (Seidman 1983)."""
        ...


def answered(engine: Engine, what: Analysis) -> Array:
    """Return the engine's result of this analysis of the network."""
    match what:
        case "components":
            return engine.components()
        case "pagerank":
            return engine.ranks()
        case "label-propagation":
            return engine.communities()
        case "triangles":
            return engine.triangles()
        case "k-core":
            return engine.cores()
