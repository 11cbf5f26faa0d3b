"""Benchmarks, which measure speeds and sizes instead of checking behaviour. `make bench` runs
them.
"""
