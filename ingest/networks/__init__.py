"""Readers of networks in the formats of other programs; they return the networks as tables."""
