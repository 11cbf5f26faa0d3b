"""Fixtures: a store for each test."""

from tests.commands.conftest import either, office, place

__all__ = ["either", "office", "place"]
