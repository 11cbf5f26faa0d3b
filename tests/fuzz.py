"""The number of random examples in a test, and the seed of the random numbers.

`make changed` runs more examples, with another seed each time. It prints the seed, so that a run
can be repeated: `FUZZ=10 FUZZ_SEED=4711 make changed`.
"""

import os
import random

from hypothesis import HealthCheck

TIMES = int(os.environ.get("FUZZ", "1"))
"""The factor by which every number of random examples is multiplied."""

SEED = int(os.environ.get("FUZZ_SEED", "20110318"))

SHARED = (HealthCheck.too_slow, HealthCheck.function_scoped_fixture)
"""Health checks of Hypothesis that are switched off for a test whose examples share a store."""


def dice() -> random.Random:
    """Return a random generator with the run's seed; the seed is the same for each test, so that
    each test can be run alone.
    """
    return random.Random(SEED)
