"""What was found, and how it stands among the others."""

from dataclasses import dataclass
from uuid import UUID

from projections.search.index import READ

SEEN = 300  #: at most so many rows of one question are ranked
LIKELY = 0.5  #: from this score on a person stands before what is no person


@dataclass(frozen=True)
class RankedHit:
    """What was found: `field` says where, `why` how it fits, `score` how well (at most 1)."""

    id: UUID
    kind: str
    label: str
    field: str
    why: str
    score: float


def placed(kind: str, score: float) -> float:
    """An entity stands above words in which only a machine read its name."""
    return score if kind != READ else score * 0.9
