"""The HTTP API for a police force's other systems. It has the same commands and queries as the
screens, in JSON."""
