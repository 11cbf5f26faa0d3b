"""Commands for feedback to a family, promises, invitations and the family's opinion. These records
are the charity's, like its contacts.
"""

from typing import Unpack
from uuid import UUID

from access.who_may.decide import decide
from commands.families.charity_support import check_way, reaches_harm
from commands.kernel.case_filing import file_in_case, for_charity
from commands.kernel.declared import FromFields, InCase, OnItem, ignoring_desk, with_day
from commands.kernel.unit_of_work import Command, Desk, Receipt
from domain.families import charity_support, family_contact
from domain.families.charity_support import WayChecked
from domain.families.family_contact import (
    FamilyInvited,
    FamilyTold,
    Promise,
)
from domain.kernel.envelope import Event
from domain.kernel.values import Reader
from domain.people_and_teams import team_service
from domain.people_and_teams.team_service import INVITED_TO
from projections.families import cases, family_members
from projections.intelligence import links, people
from projections.intelligence.links import LinkFilter
from projections.people_and_teams import team_statements


@FromFields
def record_feedback(
    desk: Desk,
    reader: Reader,
    made: FamilyTold,
    case: str,
    *,
    carer: str | None = None,
    to: str | None = None,
    done: bool = False,
    **command: Unpack[Command],
) -> Receipt:
    """Record that a family was informed of the result of the information that it gave. The
    recipient is `carer`, at the destination `to`; `done` is True if the family was already
    informed. Raises Refused if `domain.families.family_contact.tell` does, or if the destination is
    unsafe.
    """

    def decide(event: FamilyTold) -> tuple[Event, ...]:
        own, others = _names(desk, reader, event) if event.words else ((), ())
        marks = desk.gives_away(event.words or "", own, others)
        (one_told,) = family_contact.tell(
            event, {mark.words: mark.why for mark in marks}, done=done
        )
        way, safe = check_way(desk, reader, event.case, event.channel, to, done=done)
        if (way is None or way.verdict != "unsafe") and reaches_harm(desk, reader, event):
            way = WayChecked(event.case, "unsafe")
        return charity_support.record_message(one_told, way, done=done, safe=safe)

    return file_in_case(
        desk,
        _as_author(reader),
        "family.tell",
        made,
        case,
        decide,
        named=[("carer", carer)],
        arguments=[to, done],
        **command,
    )


def _as_author(reader: Reader) -> Reader:
    """Return the reader as the author of a message to a family, with the controller in whose name
    the message is sent: the charity for a support worker, the police for an officer who reports a
    step of the case.
    """
    return for_charity(reader) if decide(reader, "support").allowed else reader


#: Record a promise to a family.
promise = InCase(with_day(family_contact.promise), recorder=for_charity)
#: Record that a promise to a family was fulfilled, or was not fulfilled, and why.
end_promise = OnItem(
    "family-promise",
    Promise(),
    family_contact.evolve,
    ignoring_desk(family_contact.end_promise),
    recorder=for_charity,
)


def _invite(desk: Desk, reader: Reader, invited: FamilyInvited) -> tuple[Event, ...]:
    """Return the event of an invitation to a family. Raises Refused if the family's team does not
    offer the activity, unless the family has already attended.
    """
    today = desk.today()
    activity = INVITED_TO.get(invited.offer)
    if activity and invited.came == "invited":
        with desk.deciding() as db:
            case = cases.get(db, reader, invited.case)
            stated = team_statements.states(db, case.team, today) if case else {}
        team_service.require_offered(invited.offer, stated.get(activity))
    return family_contact.invite(invited, today)


#: Record that a family was invited to something, or that something was given to it.
invite = InCase(_invite, recorder=for_charity)
#: Record the family's opinion of the support.
ask = InCase(ignoring_desk(family_contact.ask), recorder=for_charity)


def _names(
    desk: Desk, reader: Reader, event: FamilyTold
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the family's own names, and the names of all other people and things linked to the
    child. The family is the child, relatives by a recorded link, family members who are not
    suspects, and the carer who is being informed.
    """
    with desk.deciding() as db:
        child = cases.children(db, reader, event.case).get(event.case)
        own = {item for item in (child, event.carer) if item}
        ties = links.touching(db, reader, own, LinkFilter(min_rank=None)) if child else []
        own |= {end for tie in ties if tie.kind == "family" for end in (tie.a, tie.b)}
        kin = family_members.kin(db, reader, event.case)
        suspects = people.suspected(db, reader, kin)
        own |= {
            relative for relative in kin if relative not in suspects or not suspects[relative][0]
        }
        others = {end for tie in ties for end in (tie.a, tie.b)} - own

        def names(ids: set[UUID]) -> tuple[str, ...]:
            return tuple(name for item in sorted(ids) for name in people.names(db, reader, item))

        return names(own), names(others)
