"""The fact that a child was identified as vulnerable through a raid (report: such families got a
letter).
"""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import ABOUT, OWNER
from domain.kernel.values import Refused


class FoundInRaid(Event, frozen=True):
    """The child of a case was identified through a raid on this day; the place is not recorded."""

    stored: ClassVar = Stored("case.found_in_raid", "evidence", "none")
    meaning: ClassVar = Meaning(
        ("refer", "work"),
        commands=("case.found_in_raid",),
        enters=("family-raid", "recorded"),
        reach="member",
        journey=("identified through a raid",),
    )
    case: Annotated[UUID, ABOUT, OWNER]
    on: date


EVENTS = (FoundInRaid,)


def identify(identified: FoundInRaid, today: date) -> tuple[Event, ...]:
    """Record that the child of a case was identified through a raid. Raises Refused for a day that
    is still to come.
    """
    if identified.on > today:
        raise Refused(
            "the day of the raid is in the future: record the raid once it has happened", field="on"
        )
    return (identified,)
