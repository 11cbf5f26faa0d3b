"""Fixtures: the stores and the network that the questions are asked about."""

from tests.access.conftest import place
from tests.commands.conftest import either, office
from tests.network.conftest import world

__all__ = ["either", "office", "place", "world"]
