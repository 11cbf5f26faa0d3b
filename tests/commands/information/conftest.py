"""Fixtures: a store that was restored from its backup."""

from tests.support.faults.erased import again

__all__ = ["again"]
