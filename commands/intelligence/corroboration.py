"""Find the accounts that corroborate information graded B: accounts that the grader names, and
accounts that state the same link.
"""

from collections.abc import Collection
from uuid import UUID

from commands.kernel.unit_of_work import Desk
from domain.information import observation
from domain.information.observation import Observation
from domain.intelligence import corroboration
from domain.intelligence.corroboration import Account, CorroborationJudged, Support
from domain.kernel.values import Grade, Reader, Refused
from projections.intelligence import links, people
from projections.intelligence.links import LinkRow


def judge(
    desk: Desk, reader: Reader, number: int, item: UUID, grade: Grade, support: Support
) -> tuple[CorroborationJudged, ...]:
    """Return the event to record together with the grade of a log entry, with the entries that
    corroborate it. The source register determines whether the sources of all these entries are
    independent.

    Raises Uncorroborated for a grade B with fewer than two independent sources and without a
    reason. Raises Refused if the officer names an entry that is withdrawn.
    """
    if grade.information != "B":
        return ()
    with desk.deciding() as db:
        same = people.clusters(db, reader, kind="roots")
        resting = [
            row for row in links.list_links_resting_on(db, reader, item) if row.observation == item
        ]
        ends = {end for row in resting for end in (row.a, row.b)}
        around = links.list_links(db, reader, ends, links.LinkFilter(min_rank=None))
    tied = [row.observation for row in around if row.observation and _repeats(row, resting)]
    accounts = [account(desk, reader, tied_item) for tied_item in dict.fromkeys((item, *tied))]
    accounts += [
        account(desk, reader, tied_item, named=True)
        for tied_item in support.corroborated_by
        if tied_item != item and tied_item not in tied
    ]
    return corroboration.judge(number, grade, accounts, same, support.one_root)


def _repeats(row: LinkRow, resting: Collection[LinkRow]) -> bool:
    """Return whether one of the links in `resting` joins the same two items as `row`, by the same
    kind of link.
    """
    return any(row.kind == link.kind and {row.a, row.b} == {link.a, link.b} for link in resting)


def account(desk: Desk, reader: Reader, item: UUID, *, named: bool = False) -> Account:
    """Return a log entry that may corroborate another entry, together with its independent source.
    With `named`, because an officer named the entry, raise Refused if it is withdrawn or hidden
    from the reader.
    """
    state, _ = desk.current_state(reader, item, Observation(), observation.evolve)
    if named:
        if not state.exists:
            raise Refused(f"there is no observation {item} that you can see")
        observation.require_current(state)
    return Account(item, state.root, state.how_known)
