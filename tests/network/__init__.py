"""Tests of the network's graphs, measures and pictures."""
