"""The HTTP API for a force's other systems: the same commands and queries, as JSON."""
