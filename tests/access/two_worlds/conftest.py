"""Fixtures: two stores that differ only in data that one reader may not see."""

from tests.access.worlds import drawn
from tests.support.access.missing_sheet import seen
from tests.support.access.noninterference import database_pair, pair

__all__ = ["database_pair", "drawn", "pair", "seen"]
