"""The hits of a search, and the order in which they are ranked."""

from uuid import UUID

from msgspec import Struct

from projections.search.index import READ

SEEN = 300  #: At most this many rows of a query are ranked.
# A person whose name matches with at least this score ranks before items of other kinds.
LIKELY = 0.5


class RankedHit(Struct, frozen=True):
    """A hit of a search. `field` is the part of the item that matches, `why` says how it matches,
    and `score` how well (at most 1).
    """

    id: UUID
    kind: str
    label: str
    field: str
    why: str
    score: float


def placed(kind: str, score: float) -> float:
    """Return the score by which a hit is ranked. Of two hits that match equally well, a recorded
    person or thing ranks before an observation in which a program recognised the name.
    """
    return score if kind != READ else score * 0.9
