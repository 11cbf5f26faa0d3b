"""Whose consultations are unusual? An ordered list with reasons: for a person to look into.

Nothing here is a verdict: there are good reasons to look at much, at night, or at an old case.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import ClassVar
from uuid import UUID

from access import scope
from access.decide import require
from domain import forms
from domain.forms.local import LONDON
from domain.values import Reader
from projections import accounts, consultations, holders, people
from projections.columns import Column
from projections.consultations import LookDayRow
from projections.schema import Db

#: A day counts as much from this many ids, and this many times the user's own median day, on. A
#: consultation at night is unlike others where most others make none.
MUCH, TIMES = 50, 3
#: How far back is looked where nobody says since when, and where it is only counted. What somebody
#: was shown is held against today's cases, so that older looking tells less and less.
LATELY, WEEK = timedelta(days=28), timedelta(days=7)


@dataclass(frozen=True)
class Unusual:
    """A user's consultations as they stand out: reasons in words, most telling first. `reviewed`
    is when a person looked into it last, and what they found."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("user", "who"),
        Column("team", "team"),
        Column("looks", "consultations"),
        Column("because", "why"),
        Column("reviewed", "looked into", "moment"),
        Column("finding", "found"),
    )
    order: ClassVar[tuple[str, ...]] = ("place",)
    user: str
    team: str
    looks: int
    reasons: tuple[str, ...]
    reviewed: datetime | None
    finding: str | None

    @property
    def place(self) -> tuple[int, int, str]:
        """Where it stands: most reasons first, then most consultations."""
        return -len(self.reasons), -self.looks, self.user

    @property
    def because(self) -> str:
        """The reasons in one line."""
        return "; ".join(self.reasons)


def unusual(db: Db, reader: Reader, since: datetime | None) -> list[Unusual]:
    """Users whose consultations from the day of `since` on stand out, those with most reasons
    first. What they looked at is reckoned over all that is known, and counted only: for the person
    who sees alerts. Raises Denied for others."""
    require(reader, "see-alerts")
    first = since.astimezone(LONDON).date() if since else date.min
    days: dict[str, list[LookDayRow]] = defaultdict(list)
    for one in consultations.days(db, reader):
        days[one.by].append(one)
    shown = consultations.shown_to(db, reader, first if since else None)
    whole = scope.unlimited(reader)
    every_id = {one for ids in shown.values() for one in ids}
    held = holders.holders(db, whole, every_id)
    called = people.called(db, whole, every_id)
    reviewed = consultations.reviews(db, reader)
    recently = {user: [one for one in own if one.day >= first] for user, own in days.items()}
    night_birds = {user for user, recent in recently.items() if _nights(recent)}
    found = []
    for user, recent in sorted(recently.items()):
        if not recent:
            continue
        ids, team = shown.get(user, set()), max(recent, key=lambda one: one.last).team
        reasons = [
            *_namesakes(user, [called[i] for i in ids if i in called]),
            *_elsewhere(user, _teams(db, user, team), ids, held),
            *_closed(ids, held),
            *_much(days[user], first),
            *_at_night(recent, user in night_birds and len(night_birds) * 2 <= len(days)),
            *_unsaid(recent),
        ]
        if reasons:
            last = reviewed.get(user)
            found.append(
                Unusual(
                    user,
                    team,
                    sum(one.looks for one in recent),
                    tuple(reasons),
                    last.at if last else None,
                    last.finding if last else None,
                )
            )
    return sorted(found, key=lambda one: one.place)


def _namesakes(user: str, seen: Sequence[people.Called]) -> list[str]:
    """The user's own name, as far as the account's name tells it: `psw.ellis` is Ellis."""
    own = {word for word in forms.tokens(user.replace(".", " ")) if len(word) > 2}
    same = [one for one in seen if own & {word for n in one.names for word in forms.tokens(n)}]
    return [f"was shown {len(same)} of the user's own name"] if same else []


def _teams(db: Db, user: str, team: str) -> tuple[str, ...]:
    """Where they looked from last, and every team that is theirs, those it succeeds included."""
    account = accounts.account(db, user)
    return (team, *(account.reach if account else ()))


def _elsewhere(
    user: str, teams: tuple[str, ...], ids: set[UUID], held: dict[UUID, tuple[holders.Holding, ...]]
) -> list[str]:
    """Cases of which neither the user's teams nor the user as a worker holds anything."""
    by = [held[one] for one in ids if one in held]
    foreign = {
        h.case for each in by if not any(h.is_held_by(user, teams) for h in each) for h in each
    }
    return [f"was shown {_cases(len(foreign))} of other teams"] if foreign else []


def _closed(ids: set[UUID], held: dict[UUID, tuple[holders.Holding, ...]]) -> list[str]:
    closed = {one.case for i in ids for one in held.get(i, ()) if one.closed}
    return [f"was shown {_cases(len(closed), 'closed ')}"] if closed else []


def _cases(count: int, which: str = "") -> str:
    return f"{count} {which}case{'' if count == 1 else 's'}"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _much(days: Sequence[LookDayRow], first: date) -> list[str]:
    """Days on which the user was shown far more than on their own median day."""
    ids: Counter[date] = Counter()
    for one in days:
        ids[one.day] += one.ids
    usual = median(ids.values())
    return [
        f"was shown {count} items on {day}, on the user's median day {usual:.0f}"
        for day, count in sorted(ids.items())
        if day >= first and count >= MUCH and len(ids) > 1 and count >= TIMES * usual
    ]


def _nights(recent: Sequence[LookDayRow]) -> int:
    return sum(one.nights for one in recent)


def _at_night(recent: Sequence[LookDayRow], unlike_others: bool) -> list[str]:
    if not unlike_others:
        return []
    return [f"looked {_times(_nights(recent))} at night, unlike most others"]


def _unsaid(recent: Sequence[LookDayRow]) -> list[str]:
    silent = sum(one.silent for one in recent)
    return [f"gave no reason {_times(silent)} where one is asked for"] if silent else []
