"""The hits of a search, and the order in which they are ranked."""

from uuid import UUID

from msgspec import Struct

from projections.search.index import READ

SEEN = 300  #: Number of rows of a query that are ranked; further rows are ignored.
# A person whose name matches with at least this score ranks before items of other kinds.
LIKELY = 0.5


class RankedHit(Struct, frozen=True):
    """A hit of a search: `field` is the part of the item that matches, `why` how it matches, and
    `score` how well (at most 1).
    """

    id: UUID
    kind: str
    label: str
    field: str
    why: str
    score: float


def placed(kind: str, score: float) -> float:
    """Return the score by which a hit is ranked. Of hits that match equally well, a recorded person
    or thing ranks above an observation in whose words a program recognised the name."""
    return score if kind != READ else score * 0.9
