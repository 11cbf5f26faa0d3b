"""Fixtures: one store that can be used by the command line, the screens and the API."""

from tests.support.console.fronts import fronts

__all__ = ["fronts"]
