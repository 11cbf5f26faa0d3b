"""The stores and the world that questions are asked of."""

from tests.access.conftest import place
from tests.commands.conftest import either, office
from tests.network.conftest import world

__all__ = ["either", "office", "place", "world"]
