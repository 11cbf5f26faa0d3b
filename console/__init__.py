"""The command line. Its commands record, and they show answers to questions in a terminal."""
