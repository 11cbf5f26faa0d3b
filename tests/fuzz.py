"""How often, and from which seed, do the tests change a store at random?

`make fuzz` asks for more of them, from another seed each time; it is told so that they can be
repeated: `FUZZ=10 FUZZ_SEED=4711 make fuzz`.
"""

import os
import random

TIMES = int(os.environ.get("FUZZ", "1"))
"""Every number of mutations is multiplied by it."""

SEED = int(os.environ.get("FUZZ_SEED", "20110318"))


def dice() -> random.Random:
    """The same for each test, so that each can be run alone."""
    return random.Random(SEED)
