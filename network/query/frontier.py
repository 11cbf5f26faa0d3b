"""What a walk over the links has found so far."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass
class ShownLinks:
    """The links that are shown, and how many were left out for want of a grade and for a weak one;
    the hubs with how many more are tied to each; and under whom those stand who were met."""

    links: list[UUID]
    ungraded: set[UUID]
    weaker: set[UUID]
    hubs: dict[UUID, int]
    leader: dict[UUID, UUID]
