"""The command line: it shows questions and their answers in a terminal."""
