"""The charter of the role: what a Parent Support Worker does and never does, so that "all agencies
have the same understanding of their role" (report, conclusion). Each worker with families confirms
once a year that they have read it.

Parents and their workers "were never put in a position of having to undertake police tasks"
(report): a meeting cannot assign them such a task (`domain.intelligence.meeting`).
"""

from typing import Annotated, ClassVar

from domain.kernel.codes import CHARTER
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import CODE
from domain.kernel.values import Refused

DOES: tuple[str, ...] = (
    "supports parents: contact, practical help, explaining, a group, somebody beside them in court",
    "tells them what can be told, and passes on what they tell, in their words",
    "explains what is worth noting, and that nothing is too small",
    "speaks for them among the agencies, and says when they are not heard",
    "says at once that somebody is in danger, whatever was said in confidence",
)
NEVER: tuple[str, ...] = (
    "watches, follows, photographs or questions anybody, or asks a parent or child to",
    "keeps somebody talking, befriends or deceives, or has a parent do so, to learn something",
    "checks records, assesses or grades what was told, searches, seizes or serves a notice",
    "promises that nothing is passed on, or what police or court will do",
    "gives support notes to police or prosecutors but by a victim information request",
)


class CharterAcknowledged(Event, frozen=True):
    """A user who works with families stated that they read this version of the role charter."""

    stored: ClassVar = Stored("charter.acknowledged", "evidence", "none")
    meaning: ClassVar = Meaning(("record",), commands=("charter.acknowledge",))
    worker: Annotated[str, CODE]
    version: Annotated[str, CODE]


EVENTS = (CharterAcknowledged,)


def acknowledge(worker: str, version: str) -> tuple[Event, ...]:
    """Record that a worker has read this version of the charter of their role. Raises Refused if
    this version is not in force.
    """
    if version != CHARTER:
        raise Refused(f"the role charter in force is {CHARTER}: read that version", field="version")
    return (CharterAcknowledged(worker, version),)
