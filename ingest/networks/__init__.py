"""Reads networks in other programs' formats as tables."""
