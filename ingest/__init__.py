"""Turns people's words, sheets and messages into commands that record them."""
