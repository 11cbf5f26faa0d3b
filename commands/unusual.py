"""Whose consultations are unusual? An ordered list with reasons: for a person to look into.

Nothing here is a verdict: there are good reasons to look at much, at night, or at an old case.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
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
from projections.consultations import LookRow
from projections.schema import Db

#: A day counts as much from this many ids, and this many times the user's own median day, on.
MUCH, TIMES = 50, 3
#: Consultations between these hours are at night: unlike others where most others make none.
NIGHT = range(6)


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
    """Users whose consultations from `since` on stand out, those with most reasons first. What they
    looked at is reckoned over all that is known, and counted only: for who sees alerts.
    Raises Denied for others."""
    require(reader, "see-alerts")
    every = consultations.since(db, reader, None)
    looks: dict[str, list[LookRow]] = defaultdict(list)
    for look in every:
        looks[look.by].append(look)
    shown = consultations.shown_to(db, reader, since)
    whole = scope.unlimited(reader)
    every_id = {one for ids in shown.values() for one in ids}
    held = holders.holders(db, whole, every_id)
    named = people.entities(db, whole, every_id)
    reviewed = consultations.reviews(db, reader)
    night_birds = {user for user, own in looks.items() if _at_night(_from(own, since))}
    found = []
    for user, own in sorted(looks.items()):
        recent, ids = _from(own, since), shown.get(user, set())
        if not recent:
            continue
        reasons = [
            *_namesakes(user, [named[i] for i in ids if i in named]),
            *_elsewhere(user, _teams(db, user, recent), ids, held),
            *_closed(ids, held),
            *_much(own, since),
            *_nights(recent, user in night_birds and len(night_birds) * 2 <= len(looks)),
            *_unsaid(recent),
        ]
        if reasons:
            last = reviewed.get(user)
            found.append(
                Unusual(
                    user,
                    recent[-1].team,
                    len(recent),
                    tuple(reasons),
                    last.at if last else None,
                    last.finding if last else None,
                )
            )
    return sorted(found, key=lambda one: one.place)


def _from(looks: Sequence[LookRow], since: datetime | None) -> list[LookRow]:
    return [look for look in looks if since is None or look.looked >= since]


def _at_night(looks: Sequence[LookRow]) -> list[LookRow]:
    return [look for look in looks if look.looked.astimezone(LONDON).hour in NIGHT]


def _namesakes(user: str, seen: Sequence[people.Entity]) -> list[str]:
    """The user's own name, as far as the account's name tells it: `psw.ellis` is Ellis."""
    own = {word for word in forms.tokens(user.replace(".", " ")) if len(word) > 2}
    same = [one for one in seen if own & {word for n in one.names for word in forms.tokens(n)}]
    return [f"was shown {len(same)} of the user's own name"] if same else []


def _teams(db: Db, user: str, recent: Sequence[LookRow]) -> tuple[str, ...]:
    """Where they looked from last, and every team that is theirs, those it succeeds included."""
    account = accounts.account(db, user)
    return (recent[-1].team, *(account.reach if account else ()))


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


def _much(looks: Sequence[LookRow], since: datetime | None) -> list[str]:
    """Days on which the user was shown far more than on their own median day."""
    days: Counter[str] = Counter()
    for look in looks:
        days[look.looked.astimezone(LONDON).date().isoformat()] += look.ids
    usual = median(days.values())
    first = since.astimezone(LONDON).date().isoformat() if since else ""
    return [
        f"was shown {count} items on {day}, on the user's median day {usual:.0f}"
        for day, count in sorted(days.items())
        if day >= first and count >= MUCH and len(days) > 1 and count >= TIMES * usual
    ]


def _nights(recent: Sequence[LookRow], unlike_others: bool) -> list[str]:
    night = _at_night(recent)
    return [f"looked {_times(len(night))} at night, unlike most others"] if unlike_others else []


def _unsaid(recent: Sequence[LookRow]) -> list[str]:
    silent = sum(1 for look in recent if look.wanted and look.why is None)
    return [f"gave no reason {_times(silent)} where one is asked for"] if silent else []
