"""Tests of Continuum, in folders with the names of the packages."""

import os

# Set before any module imports numpy, as in `continuum_start.main`.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
