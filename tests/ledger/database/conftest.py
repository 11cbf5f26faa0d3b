"""Fixtures: a store that its application opens with few rights."""

from tests.support.ledger.rights import application

__all__ = ["application"]
