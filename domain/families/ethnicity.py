"""Ethnicity as people define their own. It is recorded of every child and suspect, as the national
audit requires (Casey, June 2025), and of parents who volunteer it, for the charity's statistics.

Ethnicity is never guessed, and is stored apart from the person: no code that matches, ranks, draws
or searches people reads it.
"""

from typing import Annotated, ClassVar
from uuid import UUID

from domain.kernel.codes import EthnicityAnswer, EthnicityGroup, OfficerDefined
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import ABOUT, NAMED, OWNER
from domain.kernel.values import Refused


class EthnicityTold(Event, frozen=True):
    """It was recorded how a child or a suspect describes their own ethnicity, or that they declined
    to say or were not asked. For a suspect, the event may also have an officer's view.
    """

    stored: ClassVar = Stored(
        "person.ethnicity_told", "evidence", "subject", ("answer", "group", "officer")
    )
    meaning: ClassVar = Meaning(
        ("name", "refer"), commands=("person.ethnicity",), access_request="beside-person"
    )
    person: Annotated[UUID, ABOUT, NAMED, OWNER]
    answer: EthnicityAnswer
    group: EthnicityGroup | None = None
    officer: OfficerDefined | None = None


class FamilyEthnicityTold(Event, frozen=True):
    """A parent's own description of their ethnicity was recorded, because the parent volunteered
    it. The record belongs to the charity.
    """

    stored: ClassVar = Stored("family.ethnicity_told", "evidence", "record", ("group",))
    meaning: ClassVar = Meaning(
        ("support",),
        commands=("family.ethnicity",),
        enters=("family-ethnicity", "told"),
        reach="support",
    )
    case: Annotated[UUID, ABOUT, OWNER]
    person: Annotated[UUID, NAMED, OWNER]
    group: EthnicityGroup


EVENTS = (EthnicityTold, FamilyEthnicityTold)


def tell(event: EthnicityTold, *, child: bool, suspect: bool) -> tuple[Event, ...]:
    """Record how a child or a suspect describes their own ethnicity. Raises Refused if the person
    is neither a child nor a suspect; if an officer's view of a child is given; if the person
    answered and no ethnic group is given; and if the person did not answer and a group is given.
    """
    if not (child or suspect):
        raise Refused(
            "only the ethnicity of a child or a suspect is recorded here. Other people may "
            "state theirs, and the charity records it with: family ethnicity",
            field="who",
        )
    if event.officer and not suspect:
        raise Refused(
            "an officer's view of ethnicity is recorded for suspects only", field="officer"
        )
    if event.answer == "told" and event.group is None:
        raise Refused("say how the person defines their ethnicity", field="group")
    if event.answer != "told" and event.group is not None:
        raise Refused(
            "the person did not state their ethnicity, and it is never guessed: leave out "
            "the ethnic group",
            field="group",
        )
    return (event,)
