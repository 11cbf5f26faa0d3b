"""Generations of the views. A generation is a complete set of the views, in files or in a schema of
a server. To make the views again, the program makes a new generation beside the current one;
readers use only the current one.
"""
