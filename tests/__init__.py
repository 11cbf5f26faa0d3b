"""Tests of Continuum; their folders have the same names as the packages that they test."""

import os

# this variable must be set before any module imports numpy, as in `continuum_start.main`
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
