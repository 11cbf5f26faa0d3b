"""Fixtures: a store that the application opens with few database rights."""

from tests.support.ledger.rights import application

__all__ = ["application"]
