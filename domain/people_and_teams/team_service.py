"""The activities that each team offers to families: Table One of the report ("Comparison of
CSE-related activities carried out within four multi-agency CSE teams").

A team states for each activity, from a day on, whether it offers it. If a team has made no
statement, the table shows NK (not known), and never "not offered".
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, ClassVar

from domain.kernel.codes import CardMeasure, Offer, ServiceState, TeamActivity
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import CODE
from domain.kernel.values import Refused

#: The activities of Table One of the evaluation report, in its order and words.
ACTIVITIES: Mapping[TeamActivity, str] = {
    "prevention": "Multi-agency preventative work",
    "training": "Training and awareness raising",
    "ceop-training": "CEOP training",
    "one-to-one": "Family support: one to one",
    "parents-group": "Family support: parents' groups",
    "witness-support": "Witness support work",
    "peer-support": "Witness support: peer support",
    "court-debriefing": "Witness support: debriefing after court",
    "witness-pack": "Production of a witness support pack",
}
#: The activity of a team to which an offer to a family belongs.
INVITED_TO: Mapping[Offer, TeamActivity] = {
    "parents-group": "parents-group",
    "another-parent": "peer-support",
    "debrief": "court-debriefing",
}
#: The activity of a team that a figure of the report card counts.
COUNTED_BY: Mapping[CardMeasure, TeamActivity] = {
    "parents-worker": "one-to-one",
    "court-support": "witness-support",
}


class ServiceStated(Event, frozen=True):
    """A team stated whether, from the day `since` on, it offers an activity, and for whom. If there
    are several statements for one day, the one that was recorded last counts."""

    stored: ClassVar = Stored("team.service_stated", "evidence", "none")
    meaning: ClassVar = Meaning(("allocate",), commands=("team.state_service",))
    team: Annotated[str, CODE]
    activity: TeamActivity
    state: ServiceState
    since: date
    whom: Annotated[str | None, CODE] = None


EVENTS = (ServiceStated,)


def state(stated: ServiceStated, today: date) -> tuple[Event, ...]:
    """Record whether a team offers an activity. Raises Refused if the day is in the future, and if
    recipients are given for an activity that is not offered.
    """
    if stated.since > today:
        raise Refused(
            "the day on which the service begins is in the future: record the service on that day",
            field="since",
        )
    if stated.state == "not-offered" and (stated.whom or "").strip():
        raise Refused(
            "the team does not offer the service: leave out for whom the service is", field="whom"
        )
    return (stated,)


def require_offered(offer: Offer, stated: ServiceState | None) -> None:
    """Raise Refused for an invitation to an activity that the team does not offer."""
    if stated == "not-offered":
        raise Refused(
            f"your team states that it does not offer {ACTIVITIES[INVITED_TO[offer]]}. "
            "Choose another activity, record that the family came, or have a manager state "
            "that the team offers it (service set)",
            field="offer",
        )
