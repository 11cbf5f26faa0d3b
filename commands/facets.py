"""What a search found, by kind, team, period, stage and case: counted among what the searcher sees,
and narrowed to one of each."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, get_args
from uuid import UUID

from domain.forms.local import LONDON
from domain.values import Reader, Refused
from projections import cases, continuum, register
from projections.schema import Db
from projections.search import Hit

Facet = Literal["kind", "team", "period", "stage", "case"]
FACETS: tuple[Facet, ...] = get_args(Facet)
#: So many of each are told, the most frequent first.
MOST = 12
#: Characters of a year, and of a month with its year.
_YEAR, _MONTH = 4, 7


@dataclass(frozen=True)
class Count:
    """How many of what was found are of this value, as people say it. `value` narrows to them."""

    facet: Facet
    value: str
    says: str
    many: int


@dataclass(frozen=True)
class Narrowed:
    """To which values somebody narrows what was found; None is any. A period is a year or a month
    in which it was recorded ("2011", "2011-03"); a case is told by its number."""

    kind: str | None = None
    team: str | None = None
    period: str | None = None
    stage: str | None = None
    case: str | None = None

    def without(self, facet: Facet) -> "dict[Facet, str]":
        """What is asked of the other facets."""
        every = {each: getattr(self, each) for each in FACETS if each != facet}
        return {each: value for each, value in every.items() if value}


def narrowed(
    db: Db, reader: Reader, hits: Sequence[Hit], wanted: Narrowed
) -> tuple[list[Hit], tuple[Count, ...]]:
    """The hits that are asked for, in their order, and how many there are of each value: of one
    facet among those that the others let through. Raises Refused for a period that is none."""
    values = _values(db, reader, {hit.id: hit.kind for hit in hits})
    by = {hit.id: values.get(hit.id, {"kind": hit.kind}) for hit in hits}

    def fitting(asked: dict[Facet, str]) -> Sequence[Hit]:
        found = hits
        for facet, value in asked.items():
            found = [hit for hit in found if _is(facet, by[hit.id].get(facet), value)]
        return found

    digits = _digits(wanted.period, {told["period"][:_YEAR] for told in values.values()})
    every = {each: getattr(wanted, each) for each in FACETS if getattr(wanted, each)}
    counts: list[Count] = []
    for facet in FACETS:
        others = fitting(wanted.without(facet))
        size = digits if facet == "period" else None
        found = Counter(value[:size] for hit in others if (value := by[hit.id].get(facet)))
        counts += [
            Count(facet, value, f"Case {value}" if facet == "case" else value, many)
            for value, many in sorted(found.items(), key=lambda one: (-one[1], one[0]))[:MOST]
        ]
    return list(fitting(every)), tuple(counts)


def _is(facet: Facet, value: str | None, wanted: str) -> bool:
    if value is None:
        return False
    if facet == "period":
        return value.startswith(wanted)
    return value.casefold() == wanted.casefold()


def _digits(told: str | None, years: Collection[str]) -> int:
    """By how many digits of a month it is counted: by years, within one year by months."""
    if told is None:
        return _YEAR if len(years) > 1 else _MONTH
    year, _, month = told.partition("-")
    plain = len(year) == _YEAR and year.isdigit()
    if not plain or (month and not (len(month) == 2 and month.isdigit())):
        raise Refused("a period is a year or a month: 2011 or 2011-03", field="period")
    return _MONTH


def _values(db: Db, reader: Reader, kinds: dict[UUID, str]) -> dict[UUID, dict[Facet, str]]:
    """What each of these is, by facet; of a case that the reader does not see nothing is told."""
    rows = register.filed(db, reader, kinds)
    stages = continuum.at(db, reader, rows)
    known = cases.numbers(db, reader, {row.case for row in rows.values() if row.case})
    numbers = {case: str(number) for case, number in known.items()}
    found: dict[UUID, dict[Facet, str]] = {}
    for one, row in rows.items():
        there = row.recorded.astimezone(LONDON)
        told: dict[Facet, str | None] = {
            "kind": kinds[one],
            "team": row.team,
            "period": f"{there.year:04}-{there.month:02}",
            "stage": stages.get(one),
            "case": numbers.get(row.case) if row.case else None,
        }
        found[one] = {facet: value for facet, value in told.items() if value}
    return found
