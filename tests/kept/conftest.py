"""Fixtures: the stores that earlier releases made."""

from tests.support.kept.kept import kept, release

__all__ = ["kept", "release"]
