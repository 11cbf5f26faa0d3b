"""The number of random examples in a test, and their seed.

`make changed` runs more examples, from another seed each time, which it prints so that they can be
repeated: `FUZZ=10 FUZZ_SEED=4711 make changed`.
"""

import os
import random

from hypothesis import HealthCheck

TIMES = int(os.environ.get("FUZZ", "1"))
"""Every number of mutations is multiplied by it."""

SEED = int(os.environ.get("FUZZ_SEED", "20110318"))

SHARED = (HealthCheck.too_slow, HealthCheck.function_scoped_fixture)
"""Health checks of Hypothesis that do not apply to a test whose examples share a store."""


def dice() -> random.Random:
    """Return a random generator with the run's seed, the same for each test, so that each test can
    be run alone.
    """
    return random.Random(SEED)
