"""What answers a question of the whole network: one interface, two engines.

An engine holds the ties between people: people are numbers, each two who are tied stand once. Its
answers are arrays with a place for every number, so that both engines say the same in the same form
(tests/analytics). Of people without a tie they say nothing.
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
    """Holds the ties of `people` numbers, from 0 on."""

    def degrees(self) -> Ints:
        """With how many others each is tied."""
        ...

    def components(self) -> Ints:
        """For each the least number in their component."""
        ...

    def ranks(self) -> Floats:
        """PageRank (Brin & Page 1998) of those who are tied, 1 together, within 1e-6."""
        ...

    def communities(self) -> Ints:
        """For each the least number of their community (label propagation, Raghavan, Albert &
        Kumara 2007)."""
        ...

    def triangles(self) -> Ints:
        """In how many triangles each stands: two of their neighbours are tied to each other."""
        ...

    def cores(self) -> Ints:
        """For each the largest k of a k-core that they are in (Seidman 1983)."""
        ...


#: Questions that tell of each person in which group they are; the others tell a figure.
GROUPS: frozenset[Analysis] = frozenset({"components", "label-propagation"})


def answered(engine: Engine, what: Analysis) -> Array:
    """The engine's answer to this question."""
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
