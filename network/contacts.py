"""May a family be reached this way? Never by a phone, account or address that a suspect shares.

A suspect may be the mother's new partner, or have moved in: a letter or a text would be read by
him. The answer gives away neither who he is nor why.
"""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from msgspec import structs

from domain.values import LinkKind, Reader
from network.gathering import Gathering
from network.layers import is_offender
from projections.links import Asked
from projections.schema import Db

Verdict = Literal["safe", "ask-first", "unsafe"]
SAID: dict[Verdict, str] = {
    "safe": "nothing known speaks against it; ask the parent once more whether it is safe",
    "ask-first": "whoever uses it does not live alone with the child: ask in person first",
    "unsafe": "send nothing there: it is shared with somebody who may harm the child",
}
_SHARED: frozenset[LinkKind] = frozenset({"uses", "owns", "contact", "lives-at", "placed-at"})
ALL = Asked(min_rank=None, kinds=_SHARED)
_HOLDS: frozenset[LinkKind] = frozenset({"uses", "owns"})
_LIVES: frozenset[LinkKind] = frozenset({"lives-at"})


@dataclass(frozen=True)
class Checked:
    """A way to reach a family, and whether it may be used."""

    channel: UUID | None
    verdict: Verdict
    why: str


def check(db: Db, reader: Reader, channel: UUID) -> Checked:
    """Whether a message to this phone, handle or place may be read by a suspect or person of
    interest who is not cleared: however weakly that is known, doubt protects.

    It is asked of all that is known, also of what the reader may not see: a worker who does not
    know of the suspect is the one to be warned. The answer tells the verdict alone.
    """
    near = Gathering(db, structs.replace(reader, closed=False), asked=ALL, layer="all")
    start = near.lead(channel)
    near.around([start])
    verdict = _verdict(near, start)
    return Checked(start, verdict, SAID[verdict])


def _verdict(near: Gathering, channel: UUID) -> Verdict:
    users = {a for a, b, row in near.edges() if b == channel and row.kind in _HOLDS | _LIVES}
    users |= {b for a, b, row in near.edges() if a == channel and row.kind == "contact"}
    if any(_harms(near, one) for one in users):
        return "unsafe"
    near.around(users)
    homes = {b for a, b, row in near.edges() if a in users and row.kind in _LIVES}
    near.around(homes)
    living = {a for a, b, row in near.edges() if b in homes and row.kind in _LIVES}
    return "ask-first" if any(_harms(near, one) for one in living) else "safe"


def _harms(near: Gathering, one: UUID) -> bool:
    near.meet([one])
    who = near.entities[one]
    return is_offender(who) and not who.cleared


def unknown() -> Checked:
    """The answer about a channel that nobody has recorded."""
    return Checked(None, "safe", SAID["safe"])
