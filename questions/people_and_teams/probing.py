"""Find users who try many addresses, perhaps to learn where a child is placed.

An alert is raised if a suspect, or a thing of a suspect, is linked to a place where a child is
placed. A user who adds or removes such a link, or judges two addresses to be the same, could learn
the place from the alert. So each user's attempts are counted, over all suspects. No attempt is
refused, because a refusal would also reveal whether a child is placed there. Searches have the same
results whether or not a child is placed there.
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

#: A user who tries this many places may want to learn where a child is placed. Three figures are
#: compared with this limit: the user's links of one suspect to places, the places whose links to
#: suspects the user removed within a week, and the places that the user judged within a week to be
#: the same as another place.
PROBES = 5
#: It is unusual if a user links this many places within a week, and no other user's log entry names
#: these places. A sergeant who grades fourteen entries a day, and knows a place from each, links
#: fewer.
GUESSES = 15
#: It is unusual if a user links this many places on one day, even if other users' log entries name
#: the places. A sergeant would need more than two places from each of fourteen entries.
BUSY = 30
_WEEK = timedelta(days=7)
_HELD: frozenset[LinkKind] = frozenset({"uses", "owns", "driver-of"})
_ASKS = "which may be an attempt to learn where a child is placed"
R = TypeVar("R", TiedRow, UntiedRow, JoinedRow)


def probing(db: Db, reader: Reader, first: date) -> dict[str, tuple[str, list[str]]]:
    """Return the users who tried many places since the day `first`, with their last team and the
    reasons in words. All records are counted, even those that the reader may not see; only counts
    are shown."""
    by_person: dict[str, tuple[str, list[str]]] = {}
    facts = _ProbingFacts(db, scope.unlimited(reader))

    def add(by: str, team: str, reasons: Iterable[str]) -> None:
        for reason in reasons:
            by_person.setdefault(by, (team, []))[1].append(reason)

    for by, ties in _by(tied_places.list_links(db, reader, first, PROBES)).items():
        add(by, ties[-1].team, facts.reasons_from_links(by, ties))
    for by, ended in _by(tied_places.untied(db, reader, first, PROBES)).items():
        add(by, ended[-1].team, facts.untied(ended))
    for by, judged in _by(tied_places.list_judgements(db, reader, first, PROBES)).items():
        add(by, judged[-1].team, facts.reasons_from_judgements(judged))
    return by_person


def _by(rows: Iterable[R]) -> dict[str, list[R]]:
    rows_by: dict[str, list[R]] = defaultdict(list)
    for row in rows:
        rows_by[row.by].append(row)
    return rows_by


@dataclass
class _ProbingFacts:
    """All facts about suspects, places and texts that are needed to check for users who try many
    places. The facts do not depend on what a reader may see.
    """

    db: Db
    everything: Reader

    def reasons_from_links(self, by: str, rows: Collection[TiedRow]) -> Iterator[str]:
        """Yield reasons to suspect that a user tries many places, from the links that the user
        recorded; each reason is in words."""
        places = self.places({row.place for row in rows})
        suspected = self.suspected({row.subject for row in rows if row.place in places})
        rows = [row for row in rows if row.place in places and row.subject in suspected]
        counter = Counter(row.subject for row in rows)
        if counter and (most := max(counter.values())) >= PROBES:
            yield f"linked one suspect to {most} places, {_ASKS}"
        observed = {row.observation: row for row in self._words(rows)}
        guessed: dict[UUID, date] = {}
        for row in rows:
            words = observed.get(row.words) if row.words else None
            if words is None or words.by == by or not _names(words.words, places[row.place]):
                guessed[row.place] = row.day
        if (many := _in_a_week(guessed)) >= GUESSES:
            unnamed = f"{many} places in a week that no other person's words name"
            yield f"linked suspects to {unnamed}, {_ASKS}"
        by_day: dict[date, set[UUID]] = defaultdict(set)
        for row in rows:
            by_day[row.day].add(row.place)
        if by_day and (many := max(map(len, by_day.values()))) >= BUSY:
            yield f"linked suspects to {many} places on one day, {_ASKS}"

    def untied(self, rows: Collection[UntiedRow]) -> Iterator[str]:
        """Yield the reason to suspect that a user tries many places, from the links that the user
        removed; the reason is in words."""
        ties = links.newest(self.db, self.everything, {row.link for row in rows})
        places = self.places({end for tie in ties.values() for end in (tie.a, tie.b)})
        ends = {
            link: pair
            for link, tie in ties.items()
            for pair in ((tie.a, tie.b), (tie.b, tie.a))
            if pair[0] in places
        }
        suspected = self.suspected({item for _, item in ends.values()})
        days = {
            ends[row.link][0]: row.day
            for row in rows
            if row.link in ends and ends[row.link][1] in suspected
        }
        if (many := _in_a_week(days)) >= PROBES:
            yield f"retracted links of suspects with {many} places in a week, {_ASKS}"

    def reasons_from_judgements(self, rows: Collection[JoinedRow]) -> Iterator[str]:
        """Yield the reason to suspect that a user tries many places, from the user's judgements
        that two places are the same; the reason is in words. Judgements about two spellings of one
        address are ignored."""
        places = self.places({end for row in rows for end in (row.one, row.other)})
        days: dict[UUID, date] = {}
        for row in rows:
            first_entity, second_entity = places.get(row.one), places.get(row.other)
            if first_entity and second_entity and not _alike(first_entity, second_entity):
                days[row.other if row.one in days else row.one] = row.day
        if (many := _in_a_week(days)) >= PROBES:
            yield f"judged {many} addresses in a week to be another one, {_ASKS}"

    def places(self, ids: Collection[UUID]) -> dict[UUID, Entity]:
        """Return those of these items that are places, by their ids."""
        entities = people.entities(self.db, self.everything, ids, restricted=True) if ids else {}
        return {item: entity for item, entity in entities.items() if entity.kind == "place"}

    def _words(self, rows: Iterable[TiedRow]) -> list[queue.QueueRow]:
        ids = {row.words for row in rows if row.words}
        return queue.of(self.db, self.everything, ids) if ids else []

    def suspected(self, subjects: Collection[UUID]) -> set[UUID]:
        """Return those of `subjects` that were a suspect, or a thing of a suspect, at any time."""
        link_filter = LinkFilter(min_rank=None, kinds=_HELD, ever=True)
        whose = {subject: {subject} for subject in subjects}
        for row in links.touching(self.db, self.everything, subjects, link_filter):
            for linked_item, holder in ((row.a, row.b), (row.b, row.a)):
                if linked_item in whose:
                    whose[linked_item].add(holder)
        same: dict[UUID, set[UUID]] = defaultdict(set)
        for item, leader in self.leaders.items():
            same[leader].add(item)
        alike = {
            one: {person for who in holders for person in same.get(self.lead(who), {who})}
            for one, holders in whose.items()
        }
        everybody = {person for people_alike in alike.values() for person in people_alike}
        spans_by_person = people.suspected(self.db, self.everything, everybody)
        suspects = {one for one, (offending, _) in spans_by_person.items() if offending}
        return {one for one, people_alike in alike.items() if people_alike & suspects}

    @cached_property
    def leaders(self) -> dict[UUID, UUID]:
        """Return the leading id of each id that was judged the same as another id. Of several ids
        of one person or thing, the leading id represents all."""
        return people.clusters(self.db, self.everything)

    def lead(self, item: UUID) -> UUID:
        return self.leaders.get(item, item)


def _names(words: str, place: Entity) -> bool:
    """Return whether a text names a place: the number and street of an address, or the name of
    another place."""
    place_words = set(forms.place(words).split())
    normals = [forms.place(name.partition(",")[0]) for name in place.names]
    return any(
        set((forms.door(normal) or normal).split()) <= place_words for normal in normals if normal
    )


def _alike(entity: Entity, other: Entity) -> bool:
    """Return whether two places may be spellings of the same place: with the same number and
    street, or with one name inside the other."""
    mine, theirs = forms.place(entity.label), forms.place(other.label)
    if forms.door(mine) or forms.door(theirs):
        return forms.door(mine) == forms.door(theirs)
    words, others = set(mine.split()), set(theirs.split())
    return words <= others or others <= words


def _in_a_week(days: dict[UUID, date]) -> int:
    """Return how many of these days fall within one week, for the week with most of them."""
    dates = list(days.values())
    return max(
        (sum(first_day <= day < first_day + _WEEK for day in dates) for first_day in set(dates)),
        default=0,
    )
