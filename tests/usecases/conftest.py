"""Two stores that differ only in what one reader may not see."""

from tests.access.worlds import drawn
from tests.support.access.noninterference import pair

__all__ = ["drawn", "pair"]
