"""Analyses of the whole network of people, which may be too large for one process."""
