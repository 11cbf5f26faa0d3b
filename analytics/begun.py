"""The fixed inputs of a long analysis."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Begun:
    """The fixed inputs of a job: its id, its position in the log, the times of that position and of
    the job's start in microseconds since 1970, and a digest of the restricted items.
    """

    id: str
    position: int
    as_known: int
    begun: int
    restricted: str
