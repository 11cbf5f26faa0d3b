"""Fifteen invented cases, told step by step as ordinary commands, with the files people send."""
