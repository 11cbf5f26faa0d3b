"""Arrays that say which records meant one person at a given time, by the judgements known at that
time. The function `people.entities` returns the same, but not for all people at once.

People have the numbers that the index of the network gave them. Records judged the same are
represented by the oldest of these records, which gets the categories of all of them. A link to a
person whose record the reader cannot read still counts, and such a person is protected like a
child.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import numpy as np
from msgspec import Struct

from domain.kernel.codes import Layer
from domain.kernel.values import (
    CATEGORIES,
    CLEARED_CATEGORIES,
    ENTITY_KINDS,
    INFORMATION_GRADES,
    OFFENDER_CATEGORIES,
    SOURCE_GRADES,
    VICTIM_CATEGORIES,
    Grade,
    Reader,
)
from network.index.growing_columns import Array, packed
from network.index.index import Index
from network.index.view_reader import NEVER, NO_DAY
from projections.intelligence import links, people
from projections.intelligence.links import LinkFilter
from projections.kernel.column_types import to_micros
from projections.kernel.database import Db

PERSON = ENTITY_KINDS.index("person")
DAY = 86_400_000_000
ADULT_AT = 18
#: The rank of an ungraded link, which is after the ranks of all grades.
UNGRADED = 15
#: All grades, in the order of their ranks.
RANKED = tuple(
    Grade(letter, digit).label for letter in INFORMATION_GRADES for digit in SOURCE_GRADES
)


class IdentityLeaders(Struct, frozen=True):
    """The people of the index at one time. `leader` has for each record of a person the number of
    the record that represents the person; the other arrays say for each of these representing
    records what the person is.
    """

    leader: Array
    person: Array
    offender: Array
    victim: Array
    cleared: Array
    child: Array
    known_from: Array

    def admits(self, layer: Layer, a: Array, b: Array) -> Array:
        """Return for each pair of the people in `a` and `b` whether a link between them belongs to
        a layer: the links between two kinds of people, such as offenders and victims. In the layer
        `all` every link belongs. The layer `through` is not supported.
        """
        offender, victim = self.person & self.offender, self.person & self.victim
        match layer:
            case "offender-offender":
                return offender[a] & offender[b]
            case "offender-victim":
                return (offender[a] & victim[b]) | (victim[a] & offender[b])
            case "victim-victim":
                return victim[a] & victim[b]
        return np.ones(len(a), bool)


def identities_as_at(
    db: Db, reader: Reader, index: Index, link_filter: LinkFilter
) -> IdentityLeaders:
    """Return the people as known at `as_known`, with their ages at `as_at`."""
    size = len(index.ids)
    now = NEVER - 1 if link_filter.as_known is None else to_micros(link_filter.as_known)
    known_from = index.things["known_from"].copy()
    hidden = index.ids.numbers_of(packed(links.restricted_items(db)))
    # a restricted person is treated as not known yet, so that the person is not shown
    known_from[hidden[hidden >= 0]] = NEVER
    array = known_from <= now
    offender, victim, cleared = (
        _recorded(index, now, which) & array
        for which in (OFFENDER_CATEGORIES, VICTIM_CATEGORIES, CLEARED_CATEGORIES)
    )
    person = index.things["kind"] == PERSON
    child = person & _children(index, now, link_filter.as_at, known_from, victim) & array
    leader = np.arange(size)
    together = people.clusters(db, reader, as_known=link_filter.as_known)
    if together:
        members, leads = (
            index.ids.numbers_of(packed(together)),
            index.ids.numbers_of(packed(together.values())),
        )
        there = (members >= 0) & (leads >= 0)
        members, leads = members[there], leads[there]
        leader[members] = leads
        for mask in (offender, victim, cleared, child):
            np.logical_or.at(mask, leads, mask[members])
        first = np.full(size, size)
        read = members[array[members]]
        np.minimum.at(first, leader[read], read)
        lost = np.unique(leads[~array[leads] & (first[leads] < size)])
        person[lost], array[lost] = person[first[lost]], True
        np.minimum.at(known_from, leads, known_from[members])
    person |= ~array
    child |= ~array
    return IdentityLeaders(leader, person, offender, victim, cleared, child, known_from)


def _recorded(index: Index, now: int, which: frozenset[str]) -> Array:
    categories = index.categories
    codes = np.array([category in which for category in CATEGORIES])
    stood = (
        (categories["known_from"] <= now)
        & (categories["known_to"] > now)
        & codes[categories["code"]]
    )
    array = np.zeros(len(index.ids), bool)
    array[categories["who"][stood]] = True
    return array


def _children(
    index: Index, now: int, as_at: datetime | None, known_from: Array, victim: Array
) -> Array:
    """Return for each person whether the person is under 18. This follows from the last recorded
    date of birth, otherwise from the last recorded age; a victim without either counts as under 18.
    Without `as_at`, the age by date of birth is the age on the day on which the person was first
    recorded.
    """
    ages = index.ages
    array = np.flatnonzero(ages["known_from"] <= now)
    who, born, under = ages["who"][array], ages["born"][array], ages["under"][array]
    found_array = victim.copy()
    is_stated = under >= 0
    found_array[who[is_stated]] = under[is_stated] == 1
    birth = np.full(len(found_array), NO_DAY, np.int64)
    dated = born != NO_DAY
    birth[who[dated]] = born[dated]
    at = np.flatnonzero(birth != NO_DAY)
    days = np.full(len(at), (as_at.date() - _EPOCH).days) if as_at else known_from[at] // DAY
    found_array[at] = _years(birth[at], days) < ADULT_AT
    return found_array


_EPOCH = datetime(1970, 1, 1).date()  # noqa: DTZ001


def _years(birth: Array, on: Array) -> Array:
    """Return the whole years from one day to another, both as days since 1970."""
    first, last = birth.astype("M8[D]"), on.astype("M8[D]")
    months = (last.astype("M8[M]") - first.astype("M8[M]")).astype(np.int64)
    days = [(day - day.astype("M8[M]")).astype(np.int64) for day in (first, last)]
    years: Array = (months - (days[1] < days[0])) // 12
    return years


def root_leaders(db: Db, reader: Reader, index: Index, link_filter: LinkFilter) -> Array:
    """Return the token that represents each token of a source after merges, as an array of numbers.
    The last element is -1: all unknown sources count as one source."""
    counted = np.arange(len(index.roots) + 1, dtype=np.int32)
    counted[-1] = -1
    joined = people.clusters(db, reader, kind="roots", as_known=link_filter.as_known)
    if joined:
        members = index.roots.numbers_of(packed(joined))
        # a group of merged tokens is represented by its first token that is in the index, because
        # its oldest token may be in no link
        firsts: dict[UUID, int] = {}
        for lead, member in zip(joined.values(), members.tolist(), strict=True):
            if member >= 0:
                counted[member] = firsts.setdefault(lead, member)
    return counted
