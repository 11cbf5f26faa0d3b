"""Does Continuum keep what it promises? Mirrors the packages."""

import os

# As in `continuum_start.main`, before anything imports numpy.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
