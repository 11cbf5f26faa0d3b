"""Benchmarks, which measure figures instead of checking them. `make bench` runs them."""
