"""Facts of a referral for national monitoring (the National Working Group's data monitoring form;
the report, outcome data): where the child lived, their ethnicity as the referrer put it, whether
they had been missing, and whether they were in care.

Only the report card for managers of the team counts these facts; nothing else reads them. How a
child defines their own ethnicity is another fact (`domain.families.ethnicity`).
"""

from typing import Annotated, ClassVar
from uuid import UUID

from domain.kernel.codes import ReferredEthnicity, Residence
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import ABOUT, OWNER
from domain.kernel.values import Refused


class ReferralMonitored(Event, frozen=True):
    """The facts about a referral that national monitoring needs were recorded. A field is None if
    the referral does not say.
    """

    stored: ClassVar = Stored(
        "case.monitored",
        "evidence",
        "subject",
        ("residence", "ethnicity", "missing_before", "in_care"),
    )
    meaning: ClassVar = Meaning(("refer",), commands=("case.monitored",), kind="family")
    case: Annotated[UUID, ABOUT, OWNER]
    residence: Residence | None = None
    ethnicity: ReferredEthnicity | None = None
    missing_before: bool | None = None
    in_care: bool | None = None


EVENTS = (ReferralMonitored,)


def has_answers(event: ReferralMonitored) -> bool:
    """Return whether a referral fills any of the fields for national monitoring."""
    answers = event.residence, event.ethnicity, event.missing_before, event.in_care
    return any(answer is not None for answer in answers)


def monitor(event: ReferralMonitored) -> tuple[Event, ...]:
    """Record the facts about a referral that national monitoring needs. Raises Refused if none is
    given.
    """
    if not has_answers(event):
        raise Refused(
            "give at least one of these: residence, ethnicity, missing before, in care",
            field="residence",
        )
    return (event,)
