"""What stands open in a case: it is named to those who close it, and needs a senior's reason."""

from uuid import UUID

from commands.kernel.desk import Desk, Receipt
from domain.kernel.values import CLEARED_CATEGORIES, Matter, Reader
from domain.people_and_teams import proposal
from domain.people_and_teams.proposal import ProposalMade
from projections.families import cases, members, needs
from projections.information import queue
from projections.intelligence import links, people
from projections.intelligence.links import Asked
from projections.justice import court, outcomes
from projections.kernel.database import Db

#: An arrest or charge that no result has answered.
_PROCEEDING = ("arrest", "charge")


def open_in(desk: Desk, receipt: Receipt) -> str | None:
    """Return what was open when this was proposed, named for the proposer; None for nothing."""
    history = desk.logs["evidence"].history(receipt.id)
    event = next((fact.event for fact in history if fact.ref == receipt.ref), None)
    if not isinstance(event, ProposalMade) or not event.open:
        return None
    return f"Still open: {proposal.listed(event.open)}. A supervisor or DCI has to give the reason."


def still_open(desk: Desk, case: UUID) -> tuple[Matter, ...]:
    """What stands open in a case, no matter who may see it: suspects about whom nothing was
    decided, unanswered alerts and threats, unassessed words, the child's absence, hearings without
    an outcome, children at risk about whom nothing was decided."""
    everything = Reader("", "", "")
    with desk.deciding() as db:
        row = cases.get(db, everything, case)
        if row is None:
            return ()
        found = [Matter("words", one) for one in queue.undecided_in(db, everything, case)]
        found += [Matter("alert", one) for one in desk.unanswered(db, everything, case)]
        if row.missing:
            found.append(Matter("missing", case))
        found += [Matter("suspect", one) for one in _suspects(db, everything, row)]
        found += [Matter("threat", one) for one in needs.unanswered(db, case)]
        found += [Matter("hearing", one) for one in court.without_outcome(db, case)]
        found += [Matter("at-risk", one) for one in members.undecided(db, case)]
    return tuple(sorted(found))


def _suspects(db: Db, everything: Reader, row: cases.Case) -> set[UUID]:
    """Suspects and persons of interest tied to the child, and who was arrested or charged in the
    case, unless cleared or convicted, or a result in this case names them."""
    group = people.clusters(db, everything)
    lead = group.get(row.child, row.child)
    children = [one for one, leader in group.items() if leader == lead] or [lead]
    named: set[UUID] = set()
    for tie in links.touching(db, everything, children, Asked(min_rank=None, restricted=True)):
        named |= {tie.a, tie.b}
    followed = outcomes.of_case(db, everything, row.case)
    proceeded = {one.person for one in followed if one.what in _PROCEEDING and one.person}
    ended = {
        group.get(one.person, one.person)
        for one in followed
        if one.person and one.what not in (*_PROCEEDING, "notice")
    }
    known = people.entities(db, everything, named | proceeded, restricted=True)
    suspected = {"suspect", "person-of-interest"}
    done = CLEARED_CATEGORIES | {"convicted"}
    cleared = {group.get(one, one) for one, who in known.items() if who.categories & done}
    return (
        {
            group.get(one, one)
            for one, who in known.items()
            if one in proceeded or who.categories & suspected
        }
        - cleared
        - ended
        - {lead}
    )
