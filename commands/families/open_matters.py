"""The open matters of a case, for users who close the case. To close it despite open matters, a
supervisor or a DCI has to give a reason.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from commands.families.no_action import is_open
from commands.kernel.unit_of_work import Desk, Receipt
from domain.justice.arrest_to_result import NOT_PURSUED
from domain.kernel.values import CLEARED_CATEGORIES, Matter, Reader
from domain.people_and_teams import two_person
from domain.people_and_teams.two_person import ProposalMade
from projections.families import cases, family_members, needs
from projections.information import queue
from projections.intelligence import links, people
from projections.intelligence.links import LinkFilter
from projections.justice import court, outcomes
from projections.justice.outcomes import PROCEEDING, OutcomeRow
from projections.kernel.database import Db


def describe_open_matters(desk: Desk, receipt: Receipt) -> str | None:
    """Return the open matters that a proposal to close a case recorded; None if there were none."""
    history = desk.logs["evidence"].history(receipt.id)
    event = next((fact.event for fact in history if fact.ref == receipt.ref), None)
    if not isinstance(event, ProposalMade) or not event.open:
        return None
    matters = two_person.describe_matters(event.open)
    return f"Still open: {matters}. A supervisor or DCI has to give the reason."


def list_open_matters(desk: Desk, case: UUID) -> tuple[Matter, ...]:
    """Return everything in a case that still needs action, even if it is hidden from some readers:
    suspects, alerts, threats, hearings and children at risk without a decision or answer; log
    entries that are not assessed; and the child, if missing.
    """
    everything = Reader("", "", "")
    with desk.deciding() as db:
        row = cases.get(db, everything, case)
        if row is None:
            return ()
        matters = [Matter("words", item) for item in queue.undecided_in(db, everything, case)]
        matters += [Matter("alert", item) for item in desk.unanswered(db, everything, case)]
        if row.missing:
            matters.append(Matter("missing", case))
        matters += [Matter("suspect", item) for item in _suspects(desk, db, everything, row)]
        matters += [Matter("threat", item) for item in needs.unanswered(db, case)]
        matters += [Matter("hearing", item) for item in court.without_outcome(db, case)]
        matters += [Matter("at-risk", item) for item in family_members.undecided(db, case)]
    return tuple(sorted(matters))


def _suspects(desk: Desk, db: Db, everything: Reader, row: cases.Case) -> set[UUID]:
    """Return the suspects and persons of interest linked to the child, and the people arrested or
    charged in the case. People who were cleared or convicted, or who have a result in this case,
    are left out, except if a decision of no further action was reopened.
    """
    group = people.clusters(db, everything)
    lead = group.get(row.child, row.child)
    children = [item for item, leader in group.items() if leader == lead] or [lead]
    named: set[UUID] = set()
    for tie in links.touching(db, everything, children, LinkFilter(min_rank=None, restricted=True)):
        named |= {tie.a, tie.b}
    followed = outcomes.of_case(db, everything, row.case, restricted=True)
    proceeded = {event.person for event in followed if event.what in PROCEEDING and event.person}
    ended, again = _ended_and_reopened(desk, db, everything, followed, group)
    again |= _reopened_elsewhere(desk, db, everything, row.case, named, group)
    entities = people.entities(db, everything, named | proceeded, restricted=True)
    suspected = {"suspect", "person-of-interest"}
    cleared_categories = CLEARED_CATEGORIES | {"convicted"}
    cleared = {
        group.get(item, item)
        for item, who in entities.items()
        if who.categories & cleared_categories
    }
    return (
        {
            group.get(item, item)
            for item, who in entities.items()
            if item in proceeded or who.categories & suspected
        }
        - cleared
        - ended
        | again
    ) - {lead}


def _ended_and_reopened(
    desk: Desk,
    db: Db,
    everything: Reader,
    followed: Sequence[OutcomeRow],
    group: Mapping[UUID, UUID],
) -> tuple[set[UUID], set[UUID]]:
    """Return two groups of a case's people. For the first, the current result ended their part in
    the case. For the second, the case is open again, because a decision of no further action was
    reopened, or because of an arrest or charge later than the result.
    """
    ended: dict[UUID, datetime] = {}
    again: dict[UUID, datetime] = {}
    for row in followed:  # sorted, the oldest result first
        if row.person is None or row.what == "notice":
            continue
        who, when = group.get(row.person, row.person), row.happened or row.known_from
        if row.what in PROCEEDING:
            if who in ended and when > ended[who]:
                again[who] = row.known_from
        elif row.what in NOT_PURSUED and is_open(desk, db, row):
            ended.pop(who, None)
            again[who] = row.reopened or desk.clock()
        else:
            ended[who] = when
            again.pop(who, None)
    return ended.keys() - again.keys(), {
        who for who, since in again.items() if not _cleared_since(db, everything, who, since)
    }


def _reopened_elsewhere(
    desk: Desk,
    db: Db,
    everything: Reader,
    case: UUID,
    tied: Collection[UUID],
    group: Mapping[UUID, UUID],
) -> set[UUID]:
    """Return the people linked to the child for whom a decision of no further action, made in
    another case or in no case, was reopened.
    """
    leaders = {group.get(item, item) for item in tied}
    same = leaders | {item for item, leader in group.items() if leader in leaders}
    by_case: dict[UUID | None, list[OutcomeRow]] = defaultdict(list)
    for row in outcomes.of_people(db, everything, same, restricted=True):
        if row.case != case and row.what not in PROCEEDING:
            by_case[row.case].append(row)
    reopened = (
        _ended_and_reopened(desk, db, everything, rows, group)[1] for rows in by_case.values()
    )
    return set().union(*reopened)


def _cleared_since(db: Db, everything: Reader, who: UUID, since: datetime) -> bool:
    """Return whether two people cleared this person after the decision was reopened."""
    same = people.all_merged_ids(db, everything, who)
    before = people.entities(db, everything, same, as_known=since, restricted=True).values()
    now = people.entities(db, everything, same, restricted=True).values()
    return any(entity.cleared for entity in now) and not any(entity.cleared for entity in before)
