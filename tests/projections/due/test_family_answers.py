"""The deadline to answer a family runs from the family's oldest log entry that has no answer."""

from datetime import datetime
from itertools import permutations

import pytest

from domain.clocks import CLOCKS
from domain.families.charity_support import ContactMade
from domain.kernel.values import Reader
from projections import due
from projections.due import DueFilter
from projections.due.family import OwedRow
from projections.kernel.batch import RowBatch
from tests.projections.tale import Tale, Views, hour

MANAGER = Reader("m.crane", "Engage", "charity")


@pytest.mark.parametrize("told", list(permutations((3, 1, 2))))
def test_entries_in_any_order_give_the_deadline_of_the_oldest(
    views: Views, tale: Tale, told: tuple[int, ...]
) -> None:
    """Whatever the order in which entries are recorded, the deadline runs from the oldest; after an
    answer, from the oldest entry that came later.
    """
    case = tale.case()
    for number in told:
        tale.words(case=case, channel="sms", told=hour(number), at=hour(10))
    assert _since(views, tale) == {"parent-acknowledged": hour(1), "parent-answered": hour(1)}
    tale.tell(ContactMade(case, "advocacy", "visit", "parents", hour(2)), at=hour(11))
    assert _since(views, tale) == {"parent-acknowledged": hour(3), "parent-answered": hour(1)}
    tale.words(case=case, channel="sms", told=hour(2.5), at=hour(12))
    assert _since(views, tale) == {"parent-acknowledged": hour(2.5), "parent-answered": hour(1)}


def _since(views: Views, tale: Tale) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    with views.of(tale) as db:
        for clock in ("parent-acknowledged", "parent-answered"):
            for row in due.listed(db, MANAGER, hour(5000), DueFilter(clock=clock)):
                found[clock] = row.due - CLOCKS[clock].within
    return found


def test_a_new_entry_does_not_read_the_entries_before_it(
    views: Views, tale: Tale, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    having = RowBatch.having

    def counted(self: RowBatch, row: type, **wanted: object) -> list[object]:
        found: list[object] = having(self, row, **wanted)
        read.append(len(found) if row is OwedRow else 0)
        return found

    monkeypatch.setattr(RowBatch, "having", counted)
    case = tale.case()
    for number in range(60):
        tale.words(case=case, channel="provenance-log", told=hour(number))
    views.follow(tale)
    assert 0 < sum(read) < 5
