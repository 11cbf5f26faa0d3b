"""Which accounts stand behind a B: those that a grader names, and those that carry the same tie."""

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
    """What is recorded beside the grade of an observation. The roots are looked up here, whatever
    anybody says of them. Raises Uncorroborated for a B on fewer than two without a reason, Refused
    where an account that is named does not stand."""
    if grade.information != "B":
        return ()
    with desk.deciding() as db:
        same = people.clusters(db, reader, what="roots")
        resting = [row for row in links.resting_on(db, reader, item) if row.observation == item]
        ends = {end for row in resting for end in (row.a, row.b)}
        around = links.shown(db, reader, ends, links.LinkFilter(min_rank=None))
    tied = [row.observation for row in around if row.observation and _repeats(row, resting)]
    accounts = [account(desk, reader, one) for one in dict.fromkeys((item, *tied))]
    accounts += [
        account(desk, reader, one, named=True)
        for one in support.corroborated_by
        if one != item and one not in tied
    ]
    return corroboration.judge(number, grade, accounts, same, support.one_root)


def _repeats(row: LinkRow, resting: Collection[LinkRow]) -> bool:
    """Whether a link says of the same two what one of these says."""
    return any(row.kind == one.kind and {row.a, row.b} == {one.a, one.b} for one in resting)


def account(desk: Desk, reader: Reader, item: UUID, *, named: bool = False) -> Account:
    """What an observation counts for. Raises Refused where somebody names one that does not stand,
    or that they do not see."""
    state, _ = desk.standing(reader, item, Observation(), observation.evolve)
    if named:
        if not state.exists:
            raise Refused(f"there is no observation {item} that you can see")
        observation.standing(state)
    return Account(item, state.root, state.how_known)
