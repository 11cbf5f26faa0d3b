"""Compare the store's clock with its records, and with the clock of this machine."""

from datetime import timedelta
from typing import TYPE_CHECKING

from commands.kernel.clock import is_set_right

if TYPE_CHECKING:
    from installation.system import System

APART = timedelta(seconds=2)
"""The largest difference of two clocks that are considered to agree."""


def jump(system: "System") -> timedelta | None:
    """Return how far the clock of a live store jumped; None if it did not jump.

    A clock that is behind the records counts as no jump if two people confirmed that it is right.
    Raises LogUnavailable.
    """
    evidence = system.logs["evidence"]
    clock_jump = None if system.synthetic else evidence.jump()
    return (
        None if clock_jump and clock_jump < timedelta() and is_set_right(evidence) else clock_jump
    )


def differs(system: "System") -> bool:
    """Return whether the clock of a live store jumped, or whether the clocks of this machine and of
    the store's server differ. Raises LogUnavailable."""
    if system.synthetic:
        return False
    apart = abs(system.logs["evidence"].now() - system.clock())
    return apart > APART or jump(system) is not None
