"""The interface of an engine that analyses the whole network; there are two implementations.

An engine has the links between people: each person is a number, and each linked pair occurs once. A
result is an array with one element for each number, in both implementations. The elements of people
without a link have no meaning.
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
    """An engine that has the links between people, who are numbered from 0 to `people` - 1."""

    def degrees(self) -> Ints:
        """Return for each person the number of people linked with them."""
        ...

    def components(self) -> Ints:
        """Return for each person the lowest number in their connected component."""
        ...

    def ranks(self) -> Floats:
        """Return the PageRank (Brin & Page 1998) of each linked person, accurate to 1e-6; the
        values add up to 1.
        """
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


def run_analysis(engine: Engine, analysis: Analysis) -> Array:
    """Return the engine's result for the analysis `analysis`."""
    match analysis:
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
