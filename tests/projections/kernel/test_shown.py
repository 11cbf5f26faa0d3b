"""Unusual access is computed from stored counts. The result is the same as if all records of access
were read one by one."""

from collections import defaultdict
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from random import Random
from statistics import median
from threading import Event, Thread
from uuid import UUID

import pytest
import sqlalchemy as sa

from access import database
from access.who_may import scope
from domain import forms
from domain.data_protection.access_log import RecordConsulted, packed
from domain.data_protection.retention import RestrictionLifted, RestrictionPlaced
from domain.families.referral import CaseClosed, CaseOpened, CaseReopened, WorkerAllocated
from domain.forms.local import LONDON
from domain.information.observation import ObservationRefiled
from domain.intelligence.entity import AliasAdded, PersonNamed, PersonRecorded
from domain.intelligence.intelligence_report import ItemGraded, ReportOpened
from domain.justice.arrest_to_result import ArrestMade
from domain.justice.evidence import EvidenceGathered
from domain.kernel.envelope import LogName, LogUnavailable, Recorded
from domain.kernel.values import Grade, Handling, Reader
from projections.data_protection import access_log
from projections.data_protection.access_log import LookRow, ShownRow, Usual
from projections.families import holders
from projections.generations import taking
from projections.intelligence import people
from projections.kernel import runner, shown
from projections.kernel.batch import RowBatch
from projections.kernel.database import Db
from projections.kernel.runner import ErasedItems
from projections.kernel.schema import View, in_key_order
from questions.people_and_teams import unusual_access
from tests.processes import LIMIT, stands_still, until
from tests.projections.tale import READER, FakeLog, Tale, Views, hour

USERS = ("psw.ellis", "dc.moss", "ds.fox.hale", "aud.reed")
TEAMS = ("Engage", "Deter")
NAMES = ("Gary Ellis", "Fox Moss", "Ann Other", "Bea Hale", "Ellis Way")
MADE = (people.VIEW, holders.VIEW, access_log.VIEW, shown.VIEW)
#: Readers of the counts, who may see different users' access: all users, the users of a team, or
#: only themselves.
READERS = (
    READER,
    Reader("aud.reed", "Engage", "police", roles=frozenset({"auditor"}), closed=True),
    Reader(
        "ds.hart",
        "Engage",
        "police",
        roles=frozenset({"supervisor"}),
        closed=True,
        teams=frozenset({"Engage"}),
    ),
)


@dataclass
class Office:
    """The logs of a test: the events in `tale`, and in `access` the records that users looked at
    items."""

    tale: Tale = field(default_factory=Tale)
    access: FakeLog = field(default_factory=FakeLog)

    @property
    def logs(self) -> dict[LogName, FakeLog]:
        return {"access": self.access, "evidence": self.tale.log, "sources": FakeLog()}

    def look(self, by: str, team: str, at: datetime, ids: Sequence[UUID]) -> None:
        seq = len(self.access.facts) + 1
        looked = RecordConsulted("show", packed(ids), None, seq % 7 == 0)
        one = UUID(int=seq)
        self.access.facts.append(
            Recorded("access", seq, one, 1, at, by, team, "police", "part-3", (), one, looked)
        )


def history(seed: int, events: int) -> Office:
    """Record access to many items of two teams: items of children with several cases, items before
    and after they are filed, items that are moved, graded or named, and unknown ids."""
    draw, office = Random(seed), Office()
    tale, known = office.tale, defaultdict[str, list[UUID]](list)

    def some(kind: str) -> UUID:
        return draw.choice(known[kind] or [tale.new()])

    def recorded() -> None:
        team, case = draw.choice(TEAMS), some("case")
        filed = draw.choice([None, case])
        match draw.randrange(12):
            case 0 | 1:
                child = some("person") if draw.random() < 0.4 else tale.person(draw.choice(NAMES))
                known["person"].append(child)
                known["case"].append(tale.tell(CaseOpened(child, team, None), team=team))
            case 2 | 3 | 4:
                known["words"].append(tale.words(case=filed))
            case 5 if known["words"]:
                tale.tell(ObservationRefiled(case), about=some("words"))
            case 6:
                graded = ItemGraded(1, some("words"), Grade("B", "2"), Handling("P"))
                known["words"].append(tale.tell(ReportOpened("IR1", filed), graded))
            case 7:
                event = draw.choice(
                    [
                        WorkerAllocated(draw.choice(USERS), draw.choice(["child", "parents"])),
                        CaseClosed("mgr.lund", 0, "a reason"),
                        CaseReopened("a reason"),
                    ]
                )
                tale.tell(event, about=case)
            case 8:
                arrest, exhibit = ArrestMade(some("person"), case), EvidenceGathered("exhibit", "A")
                known["words"].append(tale.tell(draw.choice([arrest, exhibit])))
            case 9:
                name = draw.choice([*NAMES, "not yet"])
                described = PersonRecorded(known=False, description=name)
                renamed = draw.choice([AliasAdded("nickname", name), PersonNamed(name)])
                known["person"].append(tale.tell(described))
                tale.tell(renamed, about=some("person"))
            case 10:
                known["thing"].append(tale.thing("handle", f"snap:{draw.choice(['fox', 'baz'])}"))
            case _:
                item = some(draw.choice(["person", "words"]))
                tale.tell(draw.choice([RestrictionPlaced, RestrictionLifted])(item, "a reason"))

    for number in range(events):
        recorded()
        if number % 2:
            kinds = draw.choices(
                ["case", "person", "words", "thing", "nothing"],
                k=draw.choice([2, 2, 2, 2, 2, 2, 70]),
            )
            at = hour(number + draw.choice([0, 7, 15, 22, -300, -600]))
            ids = [*map(some, kinds), tale.new()]
            office.look(draw.choice(USERS), draw.choice(TEAMS), at, draw.sample(ids, len(ids)))
    return office


def follow(
    views: Views,
    office: Office,
    *,
    until: tuple[int, int] | None = None,
    gone: ErasedItems | None = None,
) -> None:
    """Update the views up to the two positions `until`, in the access log and in the evidence log;
    without `until`, update them to the ends of both logs.
    """
    ends: dict[LogName, int] = {"access": until[0], "evidence": until[1]} if until else {}
    runner.catch_up(views.engine, MADE, office.logs, until=ends, gone=gone or runner.NOTHING)


# --- the same results, computed one record at a time ----------------------------------------------


def computed_answer(
    db: Db, reader: Reader, since: datetime | None
) -> dict[str, tuple[int, set[str]]]:
    """Return how often each user looked at items, and which reasons make this unusual. The test
    computes this from each record of access, and not from stored counts."""
    first = since.astimezone(LONDON).date() if since else date.min
    looks = [LookRow(*row) for row in db.execute(sa.select(LookRow.table))]
    told = [one for one in looks if tells(reader, one)]
    ids = defaultdict[int, list[UUID]](list)
    for one, seq in db.execute(sa.select(ShownRow.table)):
        ids[seq].append(one)
    every = {one for shown in ids.values() for one in shown}
    whole = scope.unlimited(reader)
    held, called = holders.holders(db, whole, every), people.visible_names(db, whole, every)
    days = defaultdict[str, dict[date, int]](lambda: defaultdict(int))
    for look in told:
        days[look.by][day_of(look)] += look.ids
    recent = {
        user: [one for one in told if one.by == user and day_of(one) >= first] for user in days
    }
    birds = {user for user, own in recent.items() if any(one.night for one in own)}
    found = {}
    for user, own in recent.items():
        shown = {one for look in own for one in ids[look.seq]}
        words = {word for word in forms.tokens(user.replace(".", " ")) if len(word) > 2}
        by = [held[one] for one in shown if one in held]
        team = max(own, key=lambda one: one.seq).team if own else ""
        usual = median(days[user].values())
        told_of = {
            f"was shown {number} {what}"
            for what, number in {
                "of the user's own name": sum(
                    bool(
                        words & {word for name in called[one].names for word in forms.tokens(name)}
                    )
                    for one in shown
                    if one in called
                ),
                "of other teams": len(
                    {
                        one.case
                        for each in by
                        if not any(team == h.team or user in h.workers for h in each)
                        for one in each
                    }
                ),
                "closed": len({one.case for each in by for one in each if one.closed}),
            }.items()
            if number
        }
        told_of |= {
            f"was shown {many} items on {day}, on the user's median day {usual:.0f}"
            for day, many in days[user].items()
            if day >= first and many >= 50 and len(days[user]) > 1 and many >= 3 * usual
        }
        if user in birds and len(birds) * 2 <= len(days):
            told_of.add(f"looked {sum(one.night for one in own)} at night")
        if silent := sum(one.wanted for one in own):
            told_of.add(f"gave no reason {silent}")
        if told_of:
            found[user] = len(own), told_of
    return found


def tells(reader: Reader, look: LookRow) -> bool:
    wide = not reader.closed or "auditor" in reader.roles
    return wide or look.by == reader.name or look.team in reader.teams


def day_of(look: LookRow) -> date:
    return look.looked.astimezone(LONDON).date()


def product_answer(
    db: Db, reader: Reader, since: datetime | None
) -> dict[str, tuple[int, set[str]]]:
    """Return the product's answer in the form of `computed_answer`, so that the two can be
    compared."""
    found = {}
    for one in unusual_access.unusual(db, reader, since):
        said = set()
        for reason in one.reasons:
            words = reason.replace(" closed cases", " closed").replace(" closed case", " closed")
            words = words.replace(" cases of", " of").replace(" case of", " of")
            words = words.replace(" once", " 1").replace(" times", "").split(", unlike")[0]
            said.add(words.removesuffix(" where one is asked for"))
        found[one.user] = one.looks, said
    return found


def compared(views: Views) -> set[str]:
    """Assert that stored counts and single records give the same result, for each reader and
    several periods; return all reasons that occurred."""
    reasons: set[str] = set()
    with views.engine.connect() as db:
        for reader in READERS:
            assert access_log.usual(db, reader, USERS) == usually(db, reader)
            for since in (None, *map(hour, range(-200, 300, 100))):
                mine = product_answer(db, reader, since)
                assert mine == computed_answer(db, reader, since)
                reasons |= {" ".join(r.split()[-2:]) for _, said in mine.values() for r in said}
        assert last_shown(db) == {
            (row.by, row.team, row.case, row.via): row.last
            for row in db.execute(sa.select(shown.FamilyRow.table))
        }
    return reasons


def usually(db: Db, reader: Reader) -> dict[str, Usual]:
    """Return on how many days each user looked, and the median number of ids that the user was
    shown.
    """
    days = defaultdict[str, dict[date, int]](lambda: defaultdict(int))
    for look in (LookRow(*row) for row in db.execute(sa.select(LookRow.table))):
        if tells(reader, look):
            days[look.by][day_of(look)] += look.ids
    return {user: Usual(len(own), median(own.values())) for user, own in days.items()}


def last_shown(db: Db) -> dict[tuple[str, str, UUID, str], date]:
    """Return the day on which each family was last shown to each user. The test computes it from
    all records of access and all items of the family."""
    looks = {row.seq: LookRow(*row) for row in db.execute(sa.select(LookRow.table))}
    held = defaultdict[UUID, list[tuple[UUID, str]]](list)
    for item, case, via in db.execute(sa.select(shown.HeldRow.table)):
        held[item].append((case, via))
    found: dict[tuple[str, str, UUID, str], date] = {}
    for item, seq in db.execute(sa.select(ShownRow.table)):
        look = looks[seq]
        for case, via in held[item]:
            key, day = (look.by, look.team, case, via), day_of(look)
            found[key] = max(found.get(key, day), day)
    return found


def rows(views: Views) -> list[tuple[object, ...]]:
    """Return all stored rows of the views, so that two states can be compared."""
    with views.engine.connect() as db:
        return [
            one
            for row in (*shown.VIEW.rows, *access_log.VIEW.rows)
            for one in in_key_order(db, row.table)  # type: ignore[attr-defined]
        ]


@pytest.mark.in_turn
@pytest.mark.parametrize("seed", [1, 2])
def test_it_is_reported_as_from_every_look(views: Views, seed: int) -> None:
    office, draw = history(seed, 240), Random(seed)
    ends = [0, 0]
    while ends != [office.access.last(), office.tale.log.last()]:
        which = draw.randrange(2)
        last, step = (office.access.last(), 15) if which == 0 else (office.tale.log.last(), 60)
        ends[which] = min(last, ends[which] + draw.randrange(1, step))
        follow(views, office, until=(ends[0], ends[1]))
    assert len(compared(views)) >= 5
    followed = rows(views)
    for first in ("access", "evidence"):
        logs = dict(sorted(office.logs.items(), key=lambda one: one[0] != first))
        runner.rebuild(views.engine, MADE, logs)
        assert rows(views) == followed


def test_what_is_gone_is_counted_nowhere(views: Views) -> None:
    office, draw = history(3, 200), Random(3)
    streams = sorted({fact.stream for fact in office.tale.log.facts})
    taken = frozenset(draw.sample(streams, 40))
    follow(views, office, gone=ErasedItems({UUID(int=1): taken}))
    assert compared(views)


@pytest.mark.parametrize("first", ["access", "evidence"])
@pytest.mark.parametrize("begun", [(1, 3), (0, 3), (0, 0)])
def test_two_processes_that_read_a_log_each_at_once_miss_nothing(
    views: Views, first: LogName, begun: tuple[int, int]
) -> None:
    """If two processes read two logs at the same time and each writes what the other must read, no
    record is missed, because the second waits for the first."""
    office = Office()
    tale, case = office.tale, office.tale.case()
    office.look("psw.ellis", "Engage", hour(1), [case])
    follow(views, office, until=begun)
    office.look("psw.ellis", "Engage", hour(99), [tale.words(case=case)])
    second: LogName = "evidence" if first == "access" else "access"

    def read(log: LogName, view: View) -> None:
        runner.catch_up(views.engine, [view], {log: office.logs[log]})

    other = Thread(target=read, args=(second, shown.VIEW))

    def slowly(fact: Recorded, batch: RowBatch) -> None:
        shown.VIEW.apply(fact, batch)
        if fact.seq == office.logs[first].last():
            batch.flush()
            other.start()
            until(stands_still(other), "it neither waits nor ends")

    read(first, replace(shown.VIEW, apply=slowly))
    other.join()
    with views.engine.connect() as db:
        last = sa.select(shown.FamilyRow.table.c.last).where(shown.FamilyRow.table.c.via == "case")
        assert db.execute(last).scalar_one() == hour(99).astimezone(LONDON).date()


@pytest.mark.postgres
def test_who_takes_rows_out_and_who_reads_on_do_not_wait_for_each_other(
    postgres_views: Views, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that removes rows and a process that adds rows do not block each other, even if
    both change the same rows in a different order."""
    office, engine, begun = Office(), postgres_views.engine, Event()
    case = office.tale.case()
    office.look("psw.ellis", "Engage", hour(1), [case])
    follow(postgres_views, office)
    office.look("psw.ellis", "Engage", hour(99), [case])
    striking = Thread(target=taking.strike, args=(engine, [shown.VIEW], {case}))

    def writing(to: sa.Engine) -> AbstractContextManager[Db]:
        begun.set()
        return database.writing(to)

    monkeypatch.setattr(taking, "writing", writing)

    def reads_on(fact: Recorded, batch: RowBatch) -> None:
        (held,) = batch.having(shown.HeldRow, item=case)
        batch.put(held)
        batch.flush()
        striking.start()
        assert begun.wait(LIMIT)
        until(stands_still(striking), "it neither waits nor ends")
        shown.VIEW.apply(fact, batch)

    runner.catch_up(engine, [replace(shown.VIEW, apply=reads_on)], {"access": office.access})
    striking.join()
    with engine.connect() as db:
        assert db.execute(sa.select(shown.ItemRow.table)).all() == []


def test_a_report_stays_filed_where_it_was_opened(sqlite_views: Views) -> None:
    office = Office()
    tale, graded = office.tale, Grade("B", "2")
    own, other = tale.case(), tale.case()
    words = tale.words(case=other)
    told = ReportOpened("IR1", own), ItemGraded(1, words, graded, Handling("P"))
    office.look("dc.moss", "Deter", hour(99), [tale.tell(*told)])
    follow(sqlite_views, office)
    with sqlite_views.engine.connect() as db:
        (one,) = unusual_access.unusual(db, READER, None)
    assert one.reasons == ("was shown 1 case of other teams",)


def test_another_case_of_a_child_that_changes_no_figure_costs_no_more(sqlite_views: Views) -> None:
    """Another case of a child, which the reader may not see and which changes no figure, changes
    neither the answer nor the number of SQL statements."""
    office, statements, cost = Office(), list[str](), list[int]()
    sa.event.listen(
        sqlite_views.engine,
        "before_cursor_execute",
        lambda db, cursor, statement, *rest: statements.append(statement),
    )
    child = office.tale.person("Ann Other")
    office.look("psw.ellis", "Engage", hour(99), [child])
    for team in ("Engage", "Freedom"):
        office.tale.case_of(child, team=team)
        follow(sqlite_views, office)
        with sqlite_views.engine.connect() as db:
            statements.clear()
            assert unusual_access.unusual(db, READERS[2], None) == []
        cost.append(len(statements))
    assert cost[0] == cost[1]


def test_who_looked_last_is_told_of_views_of_an_earlier_release_as_well(
    sqlite_views: Views,
) -> None:
    office = history(4, 60)
    follow(sqlite_views, office)
    with sqlite_views.engine.connect() as db:
        told = access_log.list_recent_users(db, READER, 3)
        assert len(told) == 3
        db.execute(sa.delete(access_log.LookerRow.table))
        lacking = {access_log.LookerRow.table.name: frozenset({"by"})}
        earlier = db.execution_options(lacking=lacking)
        assert access_log.list_recent_users(earlier, READER, 3) == told


def test_of_views_of_an_earlier_release_nothing_is_said(sqlite_views: Views) -> None:
    office = Office()
    follow(sqlite_views, office)
    with sqlite_views.engine.connect() as db:
        assert unusual_access.unusual(db, READER, None) == []
        for row in (shown.FamilyRow, access_log.SizeRow):
            lacking = {row.table.name: frozenset(column.name for column in row.table.c)}
            with pytest.raises(LogUnavailable, match="made again"):
                unusual_access.unusual(db.execution_options(lacking=lacking), READER, None)
