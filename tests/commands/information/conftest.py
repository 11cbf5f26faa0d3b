"""A store that is brought back from its backup."""

from tests.support.faults.erased import again

__all__ = ["again"]
