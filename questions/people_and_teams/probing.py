"""Who tries one address after another, as it may be done to learn where a child is placed?

An alert rings where a suspect, or a thing of theirs, is tied to a place where a child is placed: it
answers whoever ties them, takes such a tie back, or judges that two addresses are one. So what is
tried is counted by who tries it, whatever suspect it is about. Nothing is refused: a refusal would
answer, too. A search and a look-up answer the same whether a child is placed there or not.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TypeVar
from uuid import UUID

from access.who_may import scope
from domain import forms
from domain.kernel.values import LinkKind, Reader
from projections.information import queue
from projections.intelligence import links, people, tied_places
from projections.intelligence.links import LinkFilter
from projections.intelligence.people import Entity
from projections.intelligence.tied_places import JoinedRow, TiedRow, UntiedRow
from projections.kernel.database import Db

#: To tie one suspect to so many places may be to ask where a child is placed; so may it be to take
#: back ties with so many places within a week, or to judge so many addresses to be another one.
PROBES = 5
#: Places within a week that no words of others name: more than a sergeant has who grades a day's
#: fourteen items and knows for each of them where it was.
GUESSES = 15
#: Places on one day, whatever words name them: more than two in each of a day's fourteen items.
BUSY = 30
_WEEK = timedelta(days=7)
_HELD: frozenset[LinkKind] = frozenset({"uses", "owns", "driver-of"})
_ASKS = "which may ask where a child is placed"
R = TypeVar("R", TiedRow, UntiedRow, JoinedRow)


def probing(db: Db, reader: Reader, first: date) -> dict[str, tuple[str, list[str]]]:
    """Return who tried many places since that day: for which team last, and the reasons in words.
    Reckoned over all that is known, and counted only."""
    found: dict[str, tuple[str, list[str]]] = {}
    known = _Known(db, scope.unlimited(reader))

    def told(by: str, team: str, reasons: Iterable[str]) -> None:
        for reason in reasons:
            found.setdefault(by, (team, []))[1].append(reason)

    for by, ties in _by(tied_places.tied(db, reader, first, PROBES)).items():
        told(by, ties[-1].team, known.tied(by, ties))
    for by, ended in _by(tied_places.untied(db, reader, first, PROBES)).items():
        told(by, ended[-1].team, known.untied(ended))
    for by, judged in _by(tied_places.joined(db, reader, first, PROBES)).items():
        told(by, judged[-1].team, known.joined(judged))
    return found


def _by(rows: Iterable[R]) -> dict[str, list[R]]:
    found: dict[str, list[R]] = defaultdict(list)
    for row in rows:
        found[row.by].append(row)
    return found


@dataclass
class _Known:
    """What is known of suspects, places and words, no matter who may see it."""

    db: Db
    everything: Reader

    def tied(self, by: str, rows: Collection[TiedRow]) -> Iterator[str]:
        """The reasons in what somebody tied, with the days on which they did."""
        places = self.places({row.place for row in rows})
        suspected = self.suspected({row.subject for row in rows if row.place in places})
        rows = [row for row in rows if row.place in places and row.subject in suspected]
        each = Counter(row.subject for row in rows)
        if each and (most := max(each.values())) >= PROBES:
            yield f"tied one suspect to {most} places, {_ASKS}"
        told = {row.observation: row for row in self._words(rows)}
        guessed: dict[UUID, date] = {}
        for row in rows:
            words = told.get(row.words) if row.words else None
            if words is None or words.by == by or not _names(words.words, places[row.place]):
                guessed[row.place] = row.day
        if (many := _in_a_week(guessed)) >= GUESSES:
            yield f"tied suspects to {many} places in a week that no words of others name, {_ASKS}"
        by_day: dict[date, set[UUID]] = defaultdict(set)
        for row in rows:
            by_day[row.day].add(row.place)
        if by_day and (many := max(map(len, by_day.values()))) >= BUSY:
            yield f"tied suspects to {many} places on one day, {_ASKS}"

    def untied(self, rows: Collection[UntiedRow]) -> Iterator[str]:
        """The reason in what somebody took back."""
        ties = links.newest(self.db, self.everything, {row.link for row in rows})
        places = self.places({end for tie in ties.values() for end in (tie.a, tie.b)})
        ends = {
            link: pair
            for link, tie in ties.items()
            for pair in ((tie.a, tie.b), (tie.b, tie.a))
            if pair[0] in places
        }
        suspected = self.suspected({other for _, other in ends.values()})
        days = {
            ends[row.link][0]: row.day
            for row in rows
            if row.link in ends and ends[row.link][1] in suspected
        }
        if (many := _in_a_week(days)) >= PROBES:
            yield f"took back ties of suspects with {many} places in a week, {_ASKS}"

    def joined(self, rows: Collection[JoinedRow]) -> Iterator[str]:
        """The reason in what somebody judged to be one; two spellings of an address ask nothing."""
        places = self.places({end for row in rows for end in (row.one, row.other)})
        days: dict[UUID, date] = {}
        for row in rows:
            one, other = places.get(row.one), places.get(row.other)
            if one and other and not _alike(one, other):
                days[row.other if row.one in days else row.one] = row.day
        if (many := _in_a_week(days)) >= PROBES:
            yield f"judged {many} addresses in a week to be another one, {_ASKS}"

    def places(self, ids: Collection[UUID]) -> dict[UUID, Entity]:
        """Those of these that are places."""
        known = people.entities(self.db, self.everything, ids, restricted=True) if ids else {}
        return {one: entity for one, entity in known.items() if entity.kind == "place"}

    def _words(self, rows: Iterable[TiedRow]) -> list[queue.QueueRow]:
        ids = {row.words for row in rows if row.words}
        return queue.of(self.db, self.everything, ids) if ids else []

    def suspected(self, subjects: Collection[UUID]) -> set[UUID]:
        """Those of these who were ever suspected, and the things of such."""
        held = LinkFilter(min_rank=None, kinds=_HELD, ever=True)
        whose = {one: {one} for one in subjects}
        for row in links.touching(self.db, self.everything, subjects, held):
            for thing, holder in ((row.a, row.b), (row.b, row.a)):
                if thing in whose:
                    whose[thing].add(holder)
        same: dict[UUID, set[UUID]] = defaultdict(set)
        for one, leader in self.leaders.items():
            same[leader].add(one)
        alike = {
            one: {each for who in holders for each in same.get(self.lead(who), {who})}
            for one, holders in whose.items()
        }
        everybody = {each for ones in alike.values() for each in ones}
        found = people.suspected(self.db, self.everything, everybody)
        suspects = {one for one, (offending, _) in found.items() if offending}
        return {one for one, ones in alike.items() if ones & suspects}

    @cached_property
    def leaders(self) -> dict[UUID, UUID]:
        """By which id each of those is led who were judged to be one."""
        return people.clusters(self.db, self.everything)

    def lead(self, one: UUID) -> UUID:
        return self.leaders.get(one, one)


def _names(words: str, place: Entity) -> bool:
    """Whether words name a place: the number and street of an address, or the name of another."""
    said = set(forms.place(words).split())
    normals = [forms.place(name.partition(",")[0]) for name in place.names]
    return any(set((forms.door(one) or one).split()) <= said for one in normals if one)


def _alike(one: Entity, other: Entity) -> bool:
    """Whether two may be spellings of one place: one number and street, or one name in another."""
    mine, theirs = forms.place(one.label), forms.place(other.label)
    if forms.door(mine) or forms.door(theirs):
        return forms.door(mine) == forms.door(theirs)
    words, others = set(mine.split()), set(theirs.split())
    return words <= others or others <= words


def _in_a_week(days: dict[UUID, date]) -> int:
    """How many of these there are at most within a week."""
    found = list(days.values())
    return max((sum(one <= day < one + _WEEK for day in found) for one in set(found)), default=0)
