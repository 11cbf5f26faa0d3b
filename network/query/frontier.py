"""The result of a search for people and things along links."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass
class ShownLinks:
    """The links to show; how many links were left out because they have no grade, and because their
    grade is too weak; the hubs, each with the number of its links that were not followed; and for
    each id that was reached the id that represents it after merges (`leader`).
    """

    links: list[UUID]
    ungraded: set[UUID]
    weaker: set[UUID]
    hubs: dict[UUID, int]
    leader: dict[UUID, UUID]
