"""A link to another team's record makes a person shared between the teams. The cost of computing
this for an item grows in proportion to its links."""

import random
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from domain.intelligence.entity import ClassificationEnded, PersonClassified
from domain.intelligence.link import LinkAsserted
from domain.kernel.values import PoleCategory
from projections.all_views import VIEWS
from projections.kernel import runner
from projections.kernel.batch import RowBatch
from projections.kernel.database import Db
from projections.people_and_teams.item_access import HIDDEN, KNOWN, ReachRow
from tests.projections.tale import Tale, Views


def _rows(db: Db) -> dict[UUID, ReachRow]:
    return {row.id: row for row in _all(db) if row.number == 0}


def _all(db: Db) -> list[ReachRow]:
    return [ReachRow(*row) for row in db.execute(sa.select(ReachRow.table))]


def _record_random(draw: random.Random, tale: Tale) -> None:
    """Record people, things, links and corrections by two teams, in random order."""
    people: list[UUID] = []
    things: list[UUID] = []
    links: list[LinkAsserted] = []
    known: list[UUID] = []
    categories: tuple[PoleCategory, ...] = ("suspect", "victim", "person-of-interest", "associate")
    for _ in range(120):
        team = draw.choice(("Engage", "Town B"))
        act = draw.choice(("person", "thing", "tie", "tie", "tie", "again", "sort", "unsort"))
        if act == "person":
            people.append(tale.person("Baz"))
        elif act == "thing":
            things.append(tale.thing("phone", str(len(things))))
        elif act == "tie" and things and (ends := people + things):
            a, b = draw.choice(ends), draw.choice(things)
            if a != b:
                words = tale.words(team=team)
                links.append(LinkAsserted(a, b, "other", "information", observation=words))
                known.append(tale.tell(links[-1], team=team))
        elif act == "again" and links:
            number = draw.randrange(len(links))
            tale.tell(links[number], about=known[number], team=team)
        elif act in ("sort", "unsort") and people:
            category = draw.choice(categories)
            event = (
                PersonClassified(category, "seen")
                if act == "sort"
                else ClassificationEnded(category, "no")
            )
            tale.tell(event, about=draw.choice(people), team=team)


@pytest.mark.parametrize("seed", range(6))
def test_a_thing_is_shared_unless_all_it_is_known_for_is_hidden(
    sqlite_views: Views, seed: int
) -> None:
    tale = Tale()
    _record_random(random.Random(seed), tale)
    seen = 0
    for until in (*range(10, len(tale.log.facts), 40), len(tale.log.facts)):
        sqlite_views.follow(tale, until=until)
        with sqlite_views.engine.connect() as db:
            rows, every = _rows(db), _all(db)
        for thing in (row for row in rows.values() if row.sort == "thing"):
            ties = [r for r in every if r.sort == "link" and thing.id in (r.a, r.b)]
            met = {rows[end].sort for r in ties for end in (r.a, r.b) if end and end != thing.id}
            shared = bool(met & set(KNOWN)) or not met & set(HIDDEN)
            holders = {r.team for r in every if r.id == thing.id}
            assert all(r.shared == shared for r in every if r.id == thing.id)
            assert {r.team for r in ties} <= holders
            seen += len(ties)
    assert seen


SYLLABLES = ("ba", "de", "gi", "ko", "lu", "ma", "ne", "pi", "ro", "su")


def _distinct_name(number: int) -> str:
    """Return a name that sounds like no other name in the test."""
    return "".join(SYLLABLES[int(digit)] for digit in f"{number:03}").capitalize()


def _frequented(people: int, suspects: int) -> Tale:
    """Return a history of a town that this many people visit, some of them suspects, with names
    that do not sound alike.
    """
    tale = Tale()
    town = tale.thing("place", "town a")
    for number in range(people):
        who = tale.person(_distinct_name(number))
        if number % (people // suspects) == 0:
            tale.tell(PersonClassified("suspect", "seen"), about=who)
        words = tale.words()
        tale.tell(LinkAsserted(who, town, "frequents", "information", observation=words))
    return tale


@pytest.mark.usually_on("sqlite")
@pytest.mark.parametrize(("how", "suspects"), [("followed", 10), ("rebuilt", 1)])
def test_a_hub_costs_as_much_for_each_tie_however_many_there_are(
    views: Views, monkeypatch: pytest.MonkeyPatch, suspects: int, how: str
) -> None:
    """Computing who may see an item costs the same for each of its links, however many links it
    has. The test counts SQL statements and rows."""
    counted = {"statements": 0, "rows": 0}

    def statement(*_: object) -> None:
        counted["statements"] += 1

    sa.event.listen(views.engine, "before_cursor_execute", statement)
    tell = RowBatch._tell

    def told(self: RowBatch, *what: Any, **how: Any) -> None:
        counted["statements"] += 1
        tell(self, *what, **how)

    monkeypatch.setattr(RowBatch, "_tell", told)
    rows_of: Callable[..., list[Any]] = RowBatch._rows

    def found(self: RowBatch, text: str, given: object) -> list[Any]:
        rows = rows_of(self, text, given)
        counted["statements"] += 1
        # the search for names that sound alike is left out, because it reads a limited number of
        # rows anyway
        if "alike_" not in text:
            counted["rows"] += len(rows)
        return rows

    monkeypatch.setattr(RowBatch, "_rows", found)

    def cost(people: int) -> tuple[int, int]:
        runner.rebuild(views.engine, VIEWS, Tale().logs)
        counted.update(statements=0, rows=0)
        tale = _frequented(people, suspects)
        if how == "rebuilt":
            runner.rebuild(views.engine, VIEWS, tale.logs)
        else:
            for until in range(25, len(tale.log.facts) + 25, 25):
                views.follow(tale, until=min(until, len(tale.log.facts)))
        return counted["statements"], counted["rows"]

    few, many = cost(30), cost(120)
    for small, large in zip(few, many, strict=True):
        assert large <= 4.4 * small + 40, (few, many)
