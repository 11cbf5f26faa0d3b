"""Fixtures: one store behind the command line, the screens and the API."""

from tests.support.console.fronts import fronts

__all__ = ["fronts"]
