"""What was found, and how well it fits."""

from dataclasses import dataclass
from uuid import UUID

from access import scope
from domain.values import Reader
from projections.search.index import READ

SEEN = 300  #: at most so many rows of one question are ranked
LIKELY = 0.5  #: from this score on a person stands before what is no person


@dataclass(frozen=True)
class Hit:
    """What was found: `field` says where, `why` how it fits, `score` how well (at most 1)."""

    id: UUID
    kind: str
    label: str
    field: str
    why: str
    score: float


def reads_words(reader: Reader) -> bool:
    """Whether the reader may see what anybody said, and so what was read in it."""
    return not scope.reaches_nothing(reader, "see-words")


def placed(kind: str, score: float) -> float:
    """An entity stands above words in which only a machine read its name."""
    return score if kind != READ else score * 0.9
