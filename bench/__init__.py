"""Benches: what is measured rather than checked. `make bench` runs them."""
