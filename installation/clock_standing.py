"""Does the clock by which a store records fit what is recorded, and this machine's clock?"""

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from installation.system import System

APART = timedelta(seconds=2)
"""How far two clocks may be apart."""


def jump(system: "System") -> timedelta | None:
    """How far the clock of a live store jumped, as `Log.jump` tells; None also where the record
    stays ahead of a clock that was set right. Raises LogUnavailable."""
    from commands.kernel.clock import is_set_right

    evidence = system.logs["evidence"]
    found = None if system.synthetic else evidence.jump()
    return None if found and found < timedelta() and is_set_right(evidence) else found


def differs(system: "System") -> bool:
    """Whether the clock of a live store jumped, or this machine's is another than that of the
    store's server. Raises LogUnavailable."""
    if system.synthetic:
        return False
    apart = abs(system.logs["evidence"].now() - system.clock())
    return apart > APART or jump(system) is not None
