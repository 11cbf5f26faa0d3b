"""What a long analysis stands on from its beginning to its end."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Begun:
    """What a job stands on: its id, the place of the log, the times of that and of the beginning in
    microseconds since 1970, and a digest of what was out of use."""

    id: str
    position: int
    as_known: int
    begun: int
    restricted: str
