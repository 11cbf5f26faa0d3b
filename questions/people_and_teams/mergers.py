"""Figures of the work with families before and after a merger of teams.

The report describes a merged team, and "the subsequent dilution of their CSE work" (W48).
"""

from datetime import datetime, timedelta
from typing import ClassVar, Literal

from msgspec import Struct

from access.who_may.conditions import width
from access.who_may.decide import decide
from domain.kernel.values import Reader
from projections.families import cases, charity_support
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.people_and_teams import accounts

#: Length of the time before a merger, and of the time after it, that are compared.
SPAN = timedelta(days=90)


class MergerLoad(Struct, frozen=True):
    """The work of the two merged teams in the 90 days before the merger, or in the 90 days after
    it. If fewer than 90 days have passed since the merger, the later figures cover only the days so
    far. Only workers who had a contact with a family are counted. A difference between before and
    after proves no cause.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("merged", "merged", "moment"),
        Column("team", "team"),
        Column("into", "merged into"),
        Column("when", "before or after"),
        Column("days", "days", "figure"),
        Column("cases", "open cases", "figure"),
        Column("workers", "workers", "figure"),
        Column("contacts", "contacts", "figure"),
        Column("minutes", "minutes", "figure"),
        Column("minutes_per_case", "minutes per case in a week", "figure"),
    )
    order: ClassVar[tuple[str, ...]] = ("merged", "team", "place")
    merged: datetime
    team: str
    into: str
    when: Literal["before", "after"]
    days: int
    cases: int
    workers: int
    contacts: int
    minutes: int

    @property
    def place(self) -> int:
        """Return the key by which the rows of one merger are sorted: the time before the merger
        comes first."""
        return ("before", "after").index(self.when)

    @property
    def minutes_per_case(self) -> float | None:
        """Return the minutes with a family per open case and week; None without a case or a day."""
        if not self.cases or not self.days:
            return None
        return round(self.minutes / self.cases / (self.days / 7), 1)


def list_mergers(db: Db, reader: Reader, now: datetime) -> list[MergerLoad]:
    """Return the work before and after each merger of the reader's teams; [] for readers who do not
    manage workers.
    """
    wide = width(reader, "supervise") if reader.closed else "any"
    if wide in (None, "own") or (reader.closed and not decide(reader, "supervise").allowed):
        return []
    merger_rows = []
    for team, into, merged in accounts.mergers(db):
        if wide != "any" and into not in reader.teams:
            continue
        merger_rows.append(_load(db, reader, team, into, merged, "before", merged - SPAN, merged))
        merger_rows.append(
            _load(db, reader, team, into, merged, "after", merged, min(now, merged + SPAN))
        )
    return merger_rows


def _load(
    db: Db,
    reader: Reader,
    team: str,
    into: str,
    merged: datetime,
    when: Literal["before", "after"],
    since: datetime,
    until: datetime,
) -> MergerLoad:
    both = {team, into}
    made = charity_support.made_by(db, since, until, teams=both)
    return MergerLoad(
        merged,
        team,
        into,
        when,
        (until - since).days,
        cases.open_at(db, reader, both, merged if when == "before" else until),
        len({contact.by for contact in made}),
        len(made),
        sum(contact.minutes or 0 for contact in made),
    )
