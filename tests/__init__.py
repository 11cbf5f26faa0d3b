"""Does Continuum keep what it promises? Mirrors the packages."""

import os

# Set before anything imports numpy, as in `continuum_start.main`.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
