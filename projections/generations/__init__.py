"""Generations of the views. A generation is a set of all views, in files or in a schema of a
server. A new generation is made beside the present one, and only one generation is read at a time.
"""
