"""The inputs of a long analysis of the network, which are fixed when it begins."""

from msgspec import Struct


class Begun(Struct, frozen=True):
    """The inputs of an analysis, which stay the same until it ends: its id; the position in the log
    up to which it reads; the times of that position and of the analysis's start, in microseconds
    since 1970; and a digest of the restricted items."""

    id: str
    position: int
    as_known: int
    begun: int
    restricted: str
