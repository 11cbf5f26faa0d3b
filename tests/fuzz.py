"""How often, and from which seed, do the tests change a store at random?

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
    """Return the same dice for each test, so that each can be run alone."""
    return random.Random(SEED)
