"""Benchmarks: figures that are measured rather than checked. `make bench` runs them."""
