"""Stores that earlier releases made: today's program opens each of them."""
