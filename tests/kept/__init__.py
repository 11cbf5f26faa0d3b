"""Stores that earlier releases made, each of which today's program can open."""
