"""Users whose access to records, or whose changes of accounts and copies, are unusual: a list with
reasons, for a person to review.

The list is no verdict: there may be good reasons to read much, at night, or in an old case.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import ClassVar

from msgspec import Struct

from access.who_may import scope
from access.who_may.decide import require
from domain import forms
from domain.forms.local import LONDON
from domain.kernel.envelope import LogUnavailable
from domain.kernel.values import Reader
from projections.data_protection import access_log
from projections.data_protection.access_log import LookDayRow, SizeRow, Usual
from projections.intelligence import people
from projections.kernel import shown
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.schema import lacks
from projections.kernel.shown import Families, FamilyRow
from projections.people_and_teams import accounts, waiting_rights
from projections.people_and_teams.waiting_rights import ActRow
from questions.people_and_teams.probing import probing

#: A day is unusual if a user was shown at least `MUCH` items and `TIMES` times as many as on their
#: own median day. Reading at night is unusual if most other users do not read at night.
MUCH, TIMES = 50, 3
#: `LATELY` is the period that is searched by default, `WEEK` the period that a manager's page
#: covers. Each access is compared with the cases of today, so old accesses are judged less
#: reliably.
LATELY, WEEK = timedelta(days=28), timedelta(days=7)
_MADE_AGAIN = (
    "unusual access cannot be shown while the views are made again after an update: try again in "
    "a moment (continuum views status shows the progress)"
)


class Unusual(Struct, frozen=True):
    """The unusual acts of a user: reasons in words, the strongest first. `reviewed` is the last
    review by a person, with its result."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("user", "user"),
        Column("team", "team"),
        Column("looks", "times accessed"),
        Column("because", "reasons"),
        Column("reviewed", "reviewed", "moment"),
        Column("finding", "finding"),
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
        """Return the key for sorting: most reasons first, then most accesses."""
        return -len(self.reasons), -self.looks, self.user

    @property
    def because(self) -> str:
        """Return the reasons why the user's acts are unusual, in one line."""
        return "; ".join(self.reasons)


def is_available(db: Db) -> bool:
    """Return whether the views (the tables computed from the logs) have the figures of unusual
    access. After an update of the program the figures are missing until the views have been
    rebuilt.
    """
    return not (lacks(db, SizeRow, "ids") or lacks(db, FamilyRow, "case"))


def unusual(db: Db, reader: Reader, since: datetime | None) -> list[Unusual]:
    """Return the users whose accesses since the day of `since` are unusual, and the users who gave
    rights or copied the store since that day. The users with the most reasons come first.

    All records are counted, even those that the reader may not see; only counts are shown. Raises
    Denied if the reader may not see access alerts, and LogUnavailable if `is_available` is false.
    """
    require(reader, "see-alerts")
    if not is_available(db):
        raise LogUnavailable(_MADE_AGAIN)
    first = since.astimezone(LONDON).date() if since else date.min
    recently: dict[str, list[LookDayRow]] = defaultdict(list)
    for day in access_log.days(db, reader, first):
        recently[day.by].append(day)
    last_of = {
        user: max(recent, key=lambda row: row.last).team for user, recent in recently.items()
    }
    teams = _teams(db, last_of)
    on = {row.day for recent in recently.values() for row in recent}
    families = shown.families(db, reader, teams, on)
    namesakes = _namesakes(db, reader, teams, first)
    much = {user: _on_days(recent) for user, recent in recently.items()}
    usual = access_log.usual(db, reader, [user for user, days in much.items() if days])
    night_birds = {user for user, recent in recently.items() if _nights(recent)}
    unlike = len(night_birds) * 2 <= access_log.lookers(db, reader)
    reviewed = access_log.reviews(db, reader)
    did = waiting_rights.acts(db, since)
    probed = probing(db, reader, first)
    last_of |= {user: acts[-1].team for user, acts in did.items() if user not in recently}
    last_of = {user: team for user, (team, _) in probed.items()} | last_of
    rows = []
    for user in sorted(last_of):
        recent = recently.get(user, [])
        reasons = [
            *_acts(did.get(user, ())),
            *_named(namesakes.get(user, 0)),
            *(_shown(families[user]) if user in families else ()),
            *_much(much.get(user, {}), usual.get(user)),
            *(probed[user][1] if user in probed else ()),
            *_at_night(recent, user in night_birds and unlike),
            *_unsaid(recent),
        ]
        if reasons:
            last = reviewed.get(user)
            rows.append(
                Unusual(
                    user,
                    last_of[user],
                    sum(row.looks for row in recent),
                    tuple(reasons),
                    last.at if last else None,
                    last.finding if last else None,
                )
            )
    return sorted(rows, key=lambda one: one.place)


def _teams(db: Db, last_of: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return for each user the team in which the user last accessed records, and all teams of the
    user. These include former teams that were merged into the user's teams.
    """
    reach = accounts.reach(db, last_of)
    return {user: (team, *reach.get(user, ())) for user, team in last_of.items()}


def _namesakes(db: Db, reader: Reader, users: Collection[str], first: date) -> dict[str, int]:
    """Return for each user how many of the people shown to the user have the user's own surname,
    which is taken from the account's name: `psw.ellis` is Ellis.
    """
    own = {
        user: {w for w in forms.tokens(user.replace(".", " ")) if len(w) >= shown.LEAST_LETTERS}
        for user in users
    }
    found_items = shown.bearing(
        db, reader, {word for words in own.values() for word in words}, first
    )
    theirs = {
        user: {item for word in words for item in found_items.get(user, {}).get(word, ())}
        for user, words in own.items()
    }
    there = people.visible_names(
        db, scope.unlimited(reader), {item for ids in theirs.values() for item in ids}
    )
    return {user: sum(item in there for item in ids) for user, ids in theirs.items()}


def _acts(acts: Sequence[ActRow]) -> list[str]:
    """Return phrases that say what a user did with accounts, keys and copies, and how often."""
    return [
        did if count == 1 else f"{did} ({count} times)"
        for did, count in Counter(act.did for act in acts).items()
    ]


def _named(namesakes: int) -> list[str]:
    return [f"was shown {namesakes} of the user's own name"] if namesakes else []


def _shown(families: Families) -> list[str]:
    """Return in words how many cases of other teams, and how many closed cases, a user was
    shown.
    """
    counts = (families.foreign, "", " of other teams"), (families.closed, "closed ", "")
    return [
        f"was shown {count} {which}case{'' if count == 1 else 's'}{whose}"
        for count, which, whose in counts
        if count
    ]


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _on_days(recent: Sequence[LookDayRow]) -> dict[date, int]:
    """Return the days on which a user was shown many items, with their number."""
    ids: Counter[date] = Counter()
    for row in recent:
        ids[row.day] += row.ids
    return {day: count for day, count in sorted(ids.items()) if count >= MUCH}


def _much(days: Mapping[date, int], usual: Usual | None) -> list[str]:
    """Return in words the days on which a user was shown far more items than on their own median
    day."""
    if usual is None or usual.days < 2:
        return []
    return [
        f"was shown {count} items on {day}, on the user's median day {usual.ids:.0f}"
        for day, count in days.items()
        if count >= TIMES * usual.ids
    ]


def _nights(recent: Sequence[LookDayRow]) -> int:
    return sum(row.nights for row in recent)


def _at_night(recent: Sequence[LookDayRow], unlike_others: bool) -> list[str]:
    if not unlike_others:
        return []
    return [f"looked {_times(_nights(recent))} at night, unlike most others"]


def _unsaid(recent: Sequence[LookDayRow]) -> list[str]:
    silent = sum(row.silent for row in recent)
    return [f"gave no reason {_times(silent)} where one is asked for"] if silent else []
