"""Fixtures: two stores that differ only in items that a reader may not see."""

from tests.access.worlds import drawn
from tests.support.access.noninterference import pair

__all__ = ["drawn", "pair"]
