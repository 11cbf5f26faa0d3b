"""The command line: it shows questions and answers in a terminal."""
