"""The generations of the views: kept on files or a server, made beside each other, read one at a
time."""
