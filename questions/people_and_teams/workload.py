"""A worker's week, and the load of every worker: figures without any fact about a family.

The kinds of contact come from the report's second diagram. Hours outside office hours are counted
separately, and each open family adds to the load according to its rating. Workers see their own
week; managers of workers see the weeks of their teams' workers.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import ClassVar, get_args

from msgspec import Struct

from access.who_may.conditions import width
from access.who_may.decide import decide
from commands.kernel.unit_of_work import Desk
from domain.families.supervision import OfficeHours
from domain.forms.intervals import LONDON
from domain.kernel.codes import ContactKind
from domain.kernel.values import Reader, Threshold
from projections.families import cases, charity_support, supervision
from projections.families.charity_support import SupportContact
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.people_and_teams import team_practice

WEEK = timedelta(days=7)


class Dimension(Struct, frozen=True):
    """A worker's contacts of one kind: their number, the minutes with families, the minutes outside
    office hours, and the minutes of travel."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("kind", "purpose"),
        Column("contacts", "contacts"),
        Column("minutes", "minutes"),
        Column("out_of_hours", "out of hours"),
        Column("travel", "travel"),
        Column("unsaid", "contacts without minutes"),
    )
    order: ClassVar[tuple[str, ...]] = ("place",)
    kind: ContactKind
    contacts: int
    minutes: int
    out_of_hours: int
    travel: int
    unsaid: int

    @property
    def place(self) -> int:
        """Return the key by which kinds of contact are sorted: their order in the report's
        diagram.
        """
        return get_args(ContactKind).index(self.kind)


class Load(Struct, frozen=True):
    """A worker's load: the minutes of the week's contacts, the open families and their weight, and
    the last supervision. Also the largest number of families, and the largest load, that one worker
    should have (for a worker of several teams, the lowest of the teams' limits).
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("worker", "worker"),
        Column("contacts", "contacts"),
        Column("minutes", "minutes"),
        Column("out_of_hours", "out of hours"),
        Column("travel", "travel"),
        Column("families", "open families"),
        Column("weight", "load"),
        Column("most_families", "families at most", "figure"),
        Column("most_load", "load at most", "figure"),
        Column("over", "over capacity", "mark"),
        Column("supervised", "line supervision", "day"),
        Column("therapeutic", "therapeutic supervision"),
    )
    order: ClassVar[tuple[str, ...]] = ("worker",)
    worker: str
    contacts: int
    minutes: int
    out_of_hours: int
    travel: int
    families: int
    weight: float
    supervised: date | None
    therapeutic: str | None
    most_families: int | None = None
    most_load: int | None = None

    @property
    def over(self) -> bool:
        """Return whether the worker carries more than their team's limit for one worker."""
        many = self.most_families is not None and self.families > self.most_families
        heavy = self.most_load is not None and self.weight > self.most_load
        return many or heavy


def monday(day: date) -> datetime:
    """Return when the week of this day begins, in London time."""
    first = day - timedelta(days=day.weekday())
    return datetime(first.year, first.month, first.day, tzinfo=LONDON)


def week(desk: Desk, reader: Reader, now: datetime, day: date | None) -> list[Dimension]:
    """Return the figures of the reader's own week: the week that contains `day`, or the present
    week. Raises LogUnavailable.
    """
    since = monday(day or now.astimezone(LONDON).date())
    with desk.asking() as db:
        made = charity_support.made_by(db, since, since + WEEK, worker=reader.name)
    hours = desk.policy.measures.hours
    return [
        _dimension(kind, [contact for contact in made if contact.kind == kind], hours)
        for kind in get_args(ContactKind)
        if any(contact.kind == kind for contact in made)
    ]


def _dimension(kind: ContactKind, made: list[SupportContact], hours: OfficeHours) -> Dimension:
    return Dimension(kind, *_sums(made, hours), sum(contact.minutes is None for contact in made))


def _sums(made: list[SupportContact], hours: OfficeHours) -> tuple[int, int, int, int]:
    """Return the number of contacts, minutes, minutes out of hours, and minutes of travel."""
    return (
        len(made),
        sum(contact.minutes or 0 for contact in made),
        sum(contact.minutes or 0 for contact in made if not hours.cover(contact.happened)),
        sum(contact.travel or 0 for contact in made),
    )


def loads(desk: Desk, db: Db, reader: Reader, now: datetime, day: date | None) -> list[Load]:
    """Return the load of each worker in the reader's teams; [] if the reader manages no team."""
    wide = width(reader, "supervise") if reader.closed else "any"
    if wide in (None, "own") or not decide(reader, "supervise").allowed:
        return []
    since = monday(day or now.astimezone(LONDON).date())
    teams = None if wide == "any" else reader.teams
    made = charity_support.made_by(db, since, since + WEEK, teams=teams)
    families = cases.families(db, reader)
    rows = supervision.list_supervision(db, reader)
    workers = {contact.by for contact in made} | set(families) | {row.worker for row in rows}
    measures = desk.policy.measures
    limits = [
        row for team, row in team_practice.capacities(db).items() if teams is None or team in teams
    ]
    most = (
        min((limit.families for limit in limits), default=None),
        min((limit.load for limit in limits), default=None),
    )
    loads_by_worker = []
    for worker in sorted(workers):
        theirs: Counter[Threshold] = families.get(worker, Counter())
        sums = _sums([contact for contact in made if contact.by == worker], measures.hours)
        own = [row for row in rows if row.worker == worker]
        days = [row.day for row in own if row.kind == "line" and row.state == "held"]
        last = _last(row.state for row in own if row.kind == "therapeutic")
        load = measures.load(theirs)
        supervised = max(days, default=None)
        loads_by_worker.append(Load(worker, *sums, theirs.total(), load, supervised, last, *most))
    return loads_by_worker


def _last(states: Iterable[str]) -> str | None:
    """Return the latest state of a worker's supervisions, which are sorted from the latest to the
    earliest; None if there is none.
    """
    return next(iter(states), None)
