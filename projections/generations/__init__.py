"""Generations of the views: stored on files or a server, made beside each other, read one at a
time."""
