"""Stores of earlier releases, kept: today's program opens each of them."""
