"""The inputs of a long analysis of the network, which are fixed when it begins."""

from msgspec import Struct


class Begun(Struct, frozen=True):
    """The inputs of an analysis, which stay the same until it ends: its id, the position in the log
    up to which it reads, the recorded time of that position, the time at which the analysis began,
    and a digest of the restricted items. Times are in microseconds since 1970.
    """

    id: str
    position: int
    as_known: int
    begun: int
    restricted: str
