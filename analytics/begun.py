"""The inputs of a long analysis of the network, which are fixed when it begins."""

from msgspec import Struct


class Begun(Struct, frozen=True):
    """The fixed inputs of an analysis: its id; its position in the log; the times of that position
    and of its start, in microseconds since 1970; and a digest of the restricted items."""

    id: str
    position: int
    as_known: int
    begun: int
    restricted: str
