"""A nationality, recorded only where a duty needs it: a consulate is notified of an arrest, a child
who may have been trafficked is referred, an age is disputed, a court considers deportation.

A nationality is not requested for any other purpose, is never guessed, and is stored apart from the
person: no code that matches, ranks, draws or searches people reads it.
"""

from typing import Annotated, ClassVar
from uuid import UUID

from domain.kernel.codes import NationalityDuty
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import ABOUT, NAMED, OWNER, SAID
from domain.kernel.values import Refused


class NationalityTold(Event, frozen=True):
    """The nationality of a child or a suspect was recorded, as stated by the person or by a
    document, with the duty for which it is needed.
    """

    stored: ClassVar = Stored("person.nationality_told", "evidence", "subject", ("nationality",))
    meaning: ClassVar = Meaning(
        ("name", "refer"), commands=("person.nationality",), access_request="beside-person"
    )
    person: Annotated[UUID, ABOUT, NAMED, OWNER]
    duty: NationalityDuty
    nationality: Annotated[str, SAID]


EVENTS = (NationalityTold,)
#: Duties for which a suspect's nationality is recorded, and not a child's.
_OF_SUSPECTS: frozenset[NationalityDuty] = frozenset({"consular-notification", "deportation"})


def tell(event: NationalityTold, *, child: bool, suspect: bool) -> tuple[Event, ...]:
    """Record the nationality of a child or a suspect, for a duty that needs it. Raises Refused if
    there is no nationality, and if the duty does not concern this person.
    """
    if not event.nationality.strip():
        raise Refused(
            "write the nationality as the person or their papers state it", field="nationality"
        )
    if not (suspect if event.duty in _OF_SUSPECTS else child):
        raise Refused(
            f"the duty {event.duty} does not apply to this person, so their nationality is not "
            "recorded: choose a duty that applies",
            field="duty",
        )
    return (event,)
