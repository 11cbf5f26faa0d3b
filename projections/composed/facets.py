"""Facets of search results: how many of the hits that the reader sees have each kind, team, period,
stage and case. Hits can be filtered by these facets.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from operator import itemgetter
from typing import Literal, NamedTuple, get_args
from uuid import UUID

from msgspec import Struct

from domain.forms.local import LONDON
from domain.kernel.values import Reader, Refused
from projections.families import cases
from projections.information import continuum
from projections.kernel import item_ids
from projections.kernel.database import Db
from projections.search import RankedHit

Facet = Literal["kind", "team", "period", "stage", "case"]
FACETS: tuple[Facet, ...] = get_args(Facet)
#: A facet lists at most this many values, the most frequent first.
MOST = 12
#: The number of characters of a year ("2011") and of a month ("2011-03").
_YEAR, _MONTH = 4, 7


class FacetCount(Struct, frozen=True):
    """A value of a facet (such as a team) and how many hits have it. `says` is the value as text;
    `value` is what a filter by this facet needs.
    """

    facet: Facet
    value: str
    says: str
    many: int


class FacetFilter(Struct, frozen=True):
    """A filter of hits by facet; None accepts any value. A period is a year or a month in which the
    item was recorded ("2011", "2011-03"); a case is given by its number."""

    kind: str | None = None
    team: str | None = None
    period: str | None = None
    stage: str | None = None
    case: str | None = None

    @property
    def asked(self) -> "dict[Facet, str]":
        """Return the facets by which the filter selects hits, with their values."""
        return {facet: value for facet in FACETS if (value := getattr(self, facet))}


class Values(NamedTuple):
    """The value of each facet for one hit."""

    kind: str
    team: str | None = None
    period: str | None = None
    stage: str | None = None
    case: str | None = None


def narrowed(
    db: Db, reader: Reader, hits: Sequence[RankedHit], wanted: FacetFilter
) -> tuple[list[RankedHit], tuple[FacetCount, ...]]:
    """Return the hits that pass the filter, in their order; and for each facet, how many hits each
    of its values has. For the numbers of a facet, hits are filtered only by the other facets, so
    that a user sees which other values they could choose. Raise Refused for an invalid period.
    """
    hits_with_values = list(zip(hits, _values(db, reader, hits), strict=True))
    digits = _digits(
        wanted.period, {told.period[:_YEAR] for _, told in hits_with_values if told.period}
    )
    counts: list[FacetCount] = []
    for place, facet in enumerate(FACETS):
        others = _fitting(
            hits_with_values,
            {
                other_facet: told
                for other_facet, told in wanted.asked.items()
                if other_facet != facet
            },
        )
        counter = Counter(map(itemgetter(place), (told for _, told in others)))
        counts += [
            FacetCount(facet, value, f"Case {value}" if facet == "case" else value, many)
            for value, many in _most(counter, digits if facet == "period" else None)
        ]
    return [hit for hit, _ in _fitting(hits_with_values, wanted.asked)], tuple(counts)


_Hits = list[tuple[RankedHit, Values]]


def _fitting(hits: _Hits, wanted: Mapping[Facet, str]) -> _Hits:
    for facet, value in wanted.items():
        hits = [hit for hit in hits if _is(facet, getattr(hit[1], facet), value)]
    return hits


def _most(counts: Counter[str | None], digits: int | None) -> list[tuple[str, int]]:
    """Return the most frequent values of a facet, each with its number of hits. Hits without a
    value are ignored. With `digits`, values that begin with the same `digits` characters are
    counted as one value.
    """
    many: Counter[str] = Counter()
    for value, number in counts.items():
        if value:
            many[value[:digits]] += number
    return sorted(many.items(), key=lambda one: (-one[1], one[0]))[:MOST]


def _is(facet: Facet, value: str | None, wanted: str) -> bool:
    if value is None:
        return False
    if facet == "period":
        return value.startswith(wanted)
    return value.casefold() == wanted.casefold()


def _digits(text: str | None, years: Collection[str]) -> int:
    """Return how many characters of a date are used to count hits by period: 7 for months
    ("2011-03") if the filter names a period or all hits are of one year; otherwise 4 for years.
    Raise Refused for an invalid period.
    """
    if text is None:
        return _YEAR if len(years) > 1 else _MONTH
    year, _, month = text.partition("-")
    plain = len(year) == _YEAR and year.isdigit()
    if not plain or (month and not (len(month) == 2 and month.isdigit())):
        raise Refused("write the period as a year or a month: 2011 or 2011-03", field="period")
    return _MONTH


def _values(db: Db, reader: Reader, hits: Sequence[RankedHit]) -> list[Values]:
    """Return the values of each hit; without the case if the reader does not see it."""
    rows = item_ids.filed(db, reader, [hit.id for hit in hits])
    stages = continuum.at(db, reader, rows)
    number_by_case = cases.numbers(db, reader, {row.case for row in rows.values() if row.case})
    numbers: dict[UUID | None, str] = {case: str(number) for case, number in number_by_case.items()}
    values = []
    for hit in hits:
        if row := rows.get(hit.id):
            there = row.recorded.astimezone(LONDON)
            period, case = f"{there.year:04}-{there.month:02}", numbers.get(row.case)
            values.append(Values(hit.kind, row.team, period, stages.get(hit.id), case))
        else:
            values.append(Values(hit.kind))
    return values
