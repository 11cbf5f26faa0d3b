"""Hits of a search, and their rank."""

from uuid import UUID

from msgspec import Struct

from projections.search.index import READ

SEEN = 300  #: rows ranked in a query, at most
LIKELY = 0.5  #: from this score on a person ranks before other kinds


class RankedHit(Struct, frozen=True):
    """A hit: `field` says where it matches, `why` how, `score` how well (at most 1)."""

    id: UUID
    kind: str
    label: str
    field: str
    why: str
    score: float


def placed(kind: str, score: float) -> float:
    """Return the score for ranking: an entity ranks above an observation in which only a machine
    read its name."""
    return score if kind != READ else score * 0.9
