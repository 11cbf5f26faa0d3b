"""One store behind each front."""

from tests.support.console.fronts import fronts

__all__ = ["fronts"]
