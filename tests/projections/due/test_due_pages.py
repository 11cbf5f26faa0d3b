"""A page of a user's due items is equal to the same part of the whole list, and is read through a
database index."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import product
from random import Random
from uuid import UUID

import msgspec
import pytest
import sqlalchemy as sa

from access.who_may import conditions
from domain.clocks import CLOCKS
from domain.intelligence.link import LinkAsserted
from domain.kernel.codes import Clock
from domain.kernel.values import Reader, Role
from projections import due
from projections.due import rights
from projections.due.rows import DueRow, JoinedRow, LookedRow, RestrictedRow
from tests.projections.tale import READER, Tale, Views, hour
from tests.rotation import ONE_IN, todays

TEAMS = ("Engage", "Elsewhere", "")
PEOPLE = ("ds.hart", "dc.reed", None)


def reader(*roles: Role, teams: tuple[str, ...] = ("Engage",)) -> Reader:
    whose = {"roles": frozenset(roles), "teams": frozenset(teams)}
    return msgspec.structs.replace(READER, closed=True, **whose)


READERS = (
    READER,
    reader("supervisor", "manager", "detective"),
    reader("psw"),
    reader("manager"),
    reader("auditor"),
    reader("supervisor", teams=("Engage", "Elsewhere")),
)
ASKED = (
    due.DueFilter(mine=True),
    due.DueFilter(mine=True, but=frozenset({"said-before", "charter"})),
    due.DueFilter(mine=True, clock="said-before"),
    due.DueFilter(mine=True, past=True),
    due.DueFilter(mine=True, after={"words-waiting": timedelta(hours=3)}),
    due.DueFilter(),
)
#: For each page, the number of items before it, and the most items on it.
PAGES = ((0, 8), (7, 1), (30, 500))


def test_pages_are_the_list_cut(views: Views, tale: Tale, monkeypatch: pytest.MonkeyPatch) -> None:
    draw = Random(6)
    words = [tale.words(team=draw.choice(TEAMS[:2]), by=draw.choice(PEOPLE[:2])) for _ in range(9)]
    known = LinkAsserted(tale.person("Ann"), tale.person("Baz"), "associate", "information")
    links = [tale.tell(known, team=draw.choice(TEAMS[:2])) for _ in range(3)]
    views.follow(tale)
    kinds: dict[type[DueRow], tuple[Clock, ...]] = {
        DueRow: (*rights.OF_EVIDENCE[::3], "words-waiting", "no-value-audit"),
        LookedRow: rights.OF_LOOKS,
        JoinedRow: ("said-before", "said-before-urgent", "standing-search", "person-undecided"),
    }
    with views.engine.begin() as db:
        for kind, clocks in kinds.items():
            db.execute(sa.delete(kind.table))
            made = [_row(draw, kind, clocks, words, links, number) for number in range(150)]
            db.execute(sa.insert(kind.table), made)
        db.execute(sa.insert(RestrictedRow.table), [{"item": words[0]}])
    sizes, lists = set(), list[list[due.DueItem]]()
    pairs = todays(product(READERS, ASKED))
    with views.engine.connect() as db:
        for number, (who, asked) in enumerate(pairs):
            told = db, who, hour(40), asked
            every = due.listed(*told)
            lists.append(every)
            sizes.add(len(every))
            for skip, most in todays(PAGES, shift=number, days=ONE_IN):
                assert due.page(*told, skip=skip, most=most) == every[skip : skip + most]
            assert due.count(*told) == len(every)
            assert due.count(*told, most=5) == min(len(every), 6)
    assert len(sizes) > len(pairs) // 3
    with views.engine.connect() as db:
        for number, who in enumerate(READERS):
            every = due.listed(db, who, hour(40), due.DueFilter())
            # each day, each kind of deadline is tried with two of the six readers
            for clock in todays(CLOCKS, shift=number):
                of_clock = due.listed(db, who, hour(40), due.DueFilter(clock=clock))
                assert of_clock == [row for row in every if row.clock == clock], (who.roles, clock)
    with views.engine.connect() as db, nothing_is_little(monkeypatch):
        slowly = [due.listed(db, who, hour(40), asked) for who, asked in pairs]
    assert slowly == lists


@contextmanager
def nothing_is_little(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Within the block, let queries about due items treat every list as large, even the short list
    of a worker with a few families."""
    kept = (
        *(
            conditions.item_in_parameter,
            conditions.few_items_query,
            rights._sees_deadline,
            rights._sees_joined,
        ),
        *(due._parts, due._counting),
    )
    with monkeypatch.context() as slowly:
        slowly.setattr(conditions, "_few_items_condition", lambda *_: None)
        slowly.setattr(due, "_conditions_for_few_items", lambda *_: ())
        for one in kept:
            one.cache_clear()
        yield
    for one in kept:
        one.cache_clear()


def _row(
    draw: Random,
    kind: type[DueRow],
    clocks: tuple[Clock, ...],
    items: list[UUID],
    links: list[UUID],
    number: int,
) -> dict[str, object]:
    clock, since = draw.choice(clocks), hour(draw.randrange(20))
    after = CLOCKS[clock].after or timedelta(hours=draw.randrange(30))
    told: dict[str, object] = {
        "id": UUID(int=draw.getrandbits(128)),
        "item": draw.choice(items),
        "clock": clock,
        "since": since,
        "due": since + after,
        "owner": draw.choice(PEOPLE),
        "not_by": draw.choice(PEOPLE),
        "team": draw.choice(TEAMS),
        "ref": f"ref {number}",
        "ended": draw.random() < 0.2,
        "step": 0,
        "had": (),
    }
    others = links if clock == "person-undecided" else items
    return told | ({"other": draw.choice(others)} if kind is JoinedRow else {})
