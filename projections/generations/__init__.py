"""Generations of the views. A generation is a set of all views, in files or in a schema of a
server. A new one is made beside the present one, and only one is read at a time."""
