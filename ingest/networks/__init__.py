"""Read networks in the formats of other programs, as tables."""
