"""Fixtures: a store that is restored from its backup."""

from tests.support.faults.erased import again

__all__ = ["again"]
