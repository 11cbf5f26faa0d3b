"""The state of a walk along links."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass
class ShownLinks:
    """The links to show; those left out without a grade and with a weak one; the hubs, with the
    number of further links of each; and the leaders of the items reached."""

    links: list[UUID]
    ungraded: set[UUID]
    weaker: set[UUID]
    hubs: dict[UUID, int]
    leader: dict[UUID, UUID]
