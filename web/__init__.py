"""Screens: command in, query out."""
