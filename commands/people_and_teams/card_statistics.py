"""Statistics of a report card: intervals of shares and of medians, by scipy."""

from collections.abc import Sequence
from functools import lru_cache
from math import isnan


@lru_cache(maxsize=4096)
def wilson(number: int, whole: int) -> tuple[float, float]:
    """Return the 95 % interval (Wilson) of the share of `number` in `whole`."""
    from scipy.stats import binomtest

    interval = binomtest(number, whole).proportion_ci(0.95, method="wilson")
    return float(interval.low), float(interval.high)


def median(values: Sequence[float]) -> tuple[float, tuple[float, float] | None]:
    """Return the median of the values, and its 95 % confidence interval, or None in its place for
    fewer than six values. The interval is computed by order statistics, without random samples, so
    that the result is always the same.
    """
    import numpy as np
    from scipy.stats import quantile_test

    middle = float(np.median(values))
    interval = quantile_test(np.asarray(values), q=middle, p=0.5).confidence_interval(0.95)
    low, high = float(interval.low), float(interval.high)
    return middle, None if isnan(low) or isnan(high) else (low, high)
