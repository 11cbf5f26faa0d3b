"""The fixed inputs of a long analysis."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Begun:
    """The fixed inputs of a job: its id, the position in the log, the times of that and of the
    job's beginning in microseconds since 1970, and a digest of the restricted items."""

    id: str
    position: int
    as_known: int
    begun: int
    restricted: str
