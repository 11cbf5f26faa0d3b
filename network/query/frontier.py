"""The result of a search for people and things along links."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass
class ShownLinks:
    """The links to show; the links that were left out because they have no grade, and those left
    out because their grade is too weak; the hubs (items with very many links), each with the number
    of its links that were not followed; and in `leader`, for each id that was reached, the id that
    represents it after merges.
    """

    links: list[UUID]
    ungraded: set[UUID]
    weaker: set[UUID]
    hubs: dict[UUID, int]
    leader: dict[UUID, UUID]
