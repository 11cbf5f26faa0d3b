"""A store whose record goes on elsewhere takes no more facts."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from domain.envelope import LogName
from domain.governance import SUCCESSION
from domain.recovery import succeeded
from domain.values import Refused

if TYPE_CHECKING:
    from commands.desk import Log, Prepared


def refuse_succeeded(logs: "Mapping[LogName, Log]", prepared: "Sequence[Prepared]") -> None:
    """Raises Refused where two people had the record copied into a new origin. Who looked and what
    is taken along is written down all the same, and the copy may be given up."""
    written = {log for one in prepared for log in one.submissions}
    if written == {"access"} or {one.item for one in prepared} == {SUCCESSION}:
        return
    if store := succeeded(fact.event for fact in logs["evidence"].history(SUCCESSION)):
        raise Refused(
            f"this record goes on under another origin (continuum/{store}): it was copied, and "
            "nothing is recorded here any more. Record it in the copy"
        )
