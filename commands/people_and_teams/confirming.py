"""Find the people on the rota whose roles let them confirm a proposal at this hour."""

from collections.abc import Iterator
from uuid import UUID

from access.who_may import scope
from access.who_may.event_rules import CONFIRMS
from access.who_may.table import MAY
from commands.kernel.unit_of_work import Desk, Receipt
from domain import forms
from domain.data_protection.erasure import ErasureApproved, ErasureProposed
from domain.intelligence.release import ReleaseConfirmed, ReleaseProposed
from domain.kernel.acts import Act
from domain.kernel.codes import What, in_words
from domain.kernel.envelope import LogUnavailable, Recorded
from domain.kernel.values import Reader
from domain.people_and_teams.rota import Duty
from domain.people_and_teams.two_person import ProposalMade
from projections.kernel.database import Db
from projections.people_and_teams import accounts, rota


def describe_confirmers(desk: Desk, receipt: Receipt) -> str | None:
    """Return a sentence with the people on duty who can confirm this receipt's proposal, or the
    roles that can confirm if no such person is on duty. Return None if nothing was proposed, or if
    the views do not answer, because a receipt does not wait for views.
    """
    if not receipt.proposed:
        return None
    history = desk.logs["evidence"].history(receipt.id)
    fact = next((past_fact for past_fact in history if past_fact.ref == receipt.ref), None)
    try:
        with desk.asking() as db:
            return _describe_on_duty(desk, db, fact) if fact else None
    except LogUnavailable:
        return None


def proposed(desk: Desk, receipt: Receipt) -> What | None:
    """Return which decision this receipt's proposal is about; None for a release or no proposal."""
    history = desk.logs["evidence"].history(receipt.id) if receipt.proposed else ()
    made = next((fact.event for fact in history if fact.ref == receipt.ref), None)
    return made.what if isinstance(made, ProposalMade) else None


def _describe_on_duty(desk: Desk, db: Db, fact: Recorded) -> str | None:
    items: tuple[UUID, ...]
    match fact.event:
        case ProposalMade(item=item):
            items, acts = (item,), _acts(desk, db, fact.event)
        case ReleaseProposed():
            items, acts = (fact.stream,), ReleaseConfirmed.meaning.acts
        case ErasureProposed(subjects=subjects):
            items, acts = tuple(subjects), ErasureApproved.meaning.acts
        case _:
            return None
    able = [
        f"{duty.user}, {duty.phone}" for duty in _duties_of_confirmers(desk, db, fact, items, acts)
    ]
    if able:
        return f"On call, and able to confirm this: {'; '.join(able)}."
    roles = [in_words(role) for role in MAY if not MAY[role].keys().isdisjoint(acts)]
    return (
        "No one on call now can confirm this. Another person with one of these roles can: "
        f"{', '.join(roles)}."
    )


def _acts(desk: Desk, db: Db, made: ProposalMade) -> tuple[Act, ...]:
    """Return the rights of which a second person needs one to confirm this proposal. If the case
    has open matters, the proposer or the second person has to be a supervisor or DCI.
    """
    proposer = accounts.reader(db, Reader(made.by, "", ""), desk.clock())
    senior = scope.reached(db, proposer, "oversee", [made.item])
    return ("oversee",) if made.open and not senior else CONFIRMS[made.what]


def _duties_of_confirmers(
    desk: Desk, db: Db, fact: Recorded, items: tuple[UUID, ...], acts: tuple[Act, ...]
) -> Iterator[Duty]:
    """Yield the present duties of the people who can confirm this proposal, in the order of the
    rota.
    """
    now = desk.clock()
    duties = [duty for duty in rota.list_duties(db, now) if duty.since <= now < duty.until]
    for current_duty in sorted(duties, key=lambda duty: (duty.place, duty.since, duty.id)):
        if current_duty.team not in (None, fact.team) or forms.same_person(
            current_duty.user, fact.by
        ):
            continue
        reader = accounts.reader(db, Reader(current_duty.user, fact.team, fact.controller), now)
        if any(scope.reached(db, reader, act, items) == set(items) for act in acts):
            yield current_duty
