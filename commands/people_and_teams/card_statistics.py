"""Statistics of a report card: intervals of shares and of medians, by scipy."""

from collections.abc import Sequence
from functools import lru_cache

#: The number of resamples of a bootstrap, and its seed: the same card twice has the same bytes.
RESAMPLES, SEED = 999, 43


@lru_cache(maxsize=4096)
def wilson(number: int, whole: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson)."""
    from scipy.stats import binomtest

    found = binomtest(number, whole).proportion_ci(0.95, method="wilson")
    return float(found.low), float(found.high)


def median(values: Sequence[float]) -> tuple[float, tuple[float, float] | None]:
    """Return the median, and its 95 % interval (percentile bootstrap); no interval for fewer than
    two different values."""
    import numpy as np
    from scipy.stats import bootstrap

    middle = float(np.median(values))
    if len(set(values)) < 2:
        return middle, None
    draw = np.random.default_rng(SEED)
    found = bootstrap(
        (np.asarray(values),), np.median, n_resamples=RESAMPLES, method="percentile", rng=draw
    ).confidence_interval
    return middle, (float(found.low), float(found.high))
