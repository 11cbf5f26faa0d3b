"""Compare two records of people field by field, as far as the reader may see them.

A field that the reader may not see has no weight. A record is put together from the names, ages and
links that the reader sees. How rare a name is, is part of the weights, which are the same for all
readers.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from itertools import accumulate
from typing import ClassVar
from uuid import UUID

from msgspec import Struct

from domain import forms, matching
from domain.intelligence.identity import NOTHING_SHOWN, Shown
from domain.kernel.values import Reader, Refused
from domain.matching import Comparison, Field, FieldComparison, Held, Record
from domain.matching.record import born_text, years_text
from projections.intelligence import likely_same_person, links, people
from projections.kernel.columns import Column
from projections.kernel.database import Db

#: Labels of the fields by which two records of people are compared.
FIELDS: Mapping[Field, str] = {
    "given": "first name",
    "family": "last name",
    "born": "date of birth",
    "age": "age",
    "phone": "phone",
    "handle": "account",
    "plate": "number plate",
    "address": "address",
    "companion": "people they know",
    "place": "places they go to",
}


class Weighed(Struct, frozen=True):
    """One compared field of two records: the value in each record, how the values agree, and the
    weight of this agreement in bits. A weight below 0 is evidence that the records mean two people.

    `total` is the sum of the weights up to and including this row; the likelihood that both records
    mean the same person follows from it. The first row is the likelihood before any comparison.
    `version` is the version of the weights; `shown` are the ids of items that this row mentions.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("what", "field"),
        Column("mine", "first record"),
        Column("theirs", "second record"),
        Column("agrees", "agreement"),
        Column("weight", "weight", "figure"),
        Column("likely", "likelihood so far", "figure"),
        Column("version", "version of the weights"),
    )
    order: ClassVar[tuple[str, ...]] = ("number",)
    number: int
    field: str
    what: str
    mine: str
    theirs: str
    agrees: str
    weight: float
    total: float
    likely: float
    version: str
    shown: tuple[UUID, ...] = ()


class PersonRecords(Struct, frozen=True):
    """Records of people as a reader sees them; with the names of people and places that they
    share."""

    records: Mapping[UUID, Record]
    called: Mapping[str, str]
    ties: matching.Ties


def records(
    db: Db, reader: Reader, ids: Collection[UUID], *, as_known: datetime | None = None
) -> PersonRecords:
    """Return what the reader may see of the records of these people: names, ages and links, as they
    were known at `as_known`, or as known now.
    """
    entities = people.entities(db, reader, ids, as_known=as_known)
    entities = {person: each for person, each in entities.items() if each.kind == "person"}
    rows = people.ages(db, reader, entities, as_known)
    link_filter = links.LinkFilter(as_known=as_known, min_rank=None)
    tied = links.touching(db, reader, entities, link_filter)
    ends = people.normal_forms(db, reader, {end for row in tied for end in (row.a, row.b)})
    values_by_person: dict[UUID, dict[Held, dict[str, None]]] = {
        entity: defaultdict(dict) for entity in entities
    }
    for item, each in entities.items():
        for name in each.names:
            if name != each.description and (normal := forms.name(name)):
                values_by_person[item]["name"][normal] = None
        for age in rows.get(item, ()):
            if age.born:
                values_by_person[item]["born"][born_text(age.born)] = None
            elif age.words and (fits := years_text(age.words, age.as_of or age.known_from.date())):
                values_by_person[item]["age"][fits] = None
    behind: dict[tuple[Held, str], set[UUID]] = defaultdict(set)
    for row in tied:
        for who, to in ((row.a, row.b), (row.b, row.a)):
            if who not in values_by_person or to not in ends:
                continue
            kind, normal = ends[to]
            field = matching.convert_record(kind, row.kind)  # type: ignore[arg-type]
            if field and (value := matching.value_of(field, to, normal)):
                values_by_person[who][field][value] = None
                behind[field, value].add(to)
    held_by = {
        person_id: {field: tuple(values) for field, values in each.items()}
        for person_id, each in values_by_person.items()
    }
    return PersonRecords(held_by, *_shared(db, reader, held_by, behind, link_filter))


def _shared(
    db: Db,
    reader: Reader,
    held_by: Mapping[UUID, Record],
    behind: Mapping[tuple[Held, str], set[UUID]],
    link_filter: links.LinkFilter,
) -> tuple[dict[str, str], matching.Ties]:
    """Return the names of the items that several of these people share; and for each of these items
    the number of people with whom the reader sees it linked. The more people share an item, the
    weaker is it as evidence that two of them are the same person.
    """
    times: dict[tuple[Held, str], int] = defaultdict(int)
    for record in held_by.values():
        for field, values in record.items():
            for value in values:
                times[field, value] += 1
    common = {key: behind[key] for key, number in times.items() if number > 1 and key in behind}
    ids = {item for each in common.values() for item in each}
    named = people.visible_names(db, reader, ids)
    holders: dict[UUID, set[UUID]] = defaultdict(set)
    for row in links.touching(db, reader, ids, link_filter) if ids else ():
        for first_item, second_item in ((row.a, row.b), (row.b, row.a)):
            if first_item in ids:
                holders[first_item].add(second_item)
    called = {str(item): each.label for item, each in named.items()}
    return called, {
        key: len(set[UUID]().union(*(holders[item] for item in each)))
        for key, each in common.items()
    }


def compared(
    db: Db, reader: Reader, item: UUID, other: UUID, *, as_known: datetime | None = None
) -> tuple[Weighed, ...]:
    """Return the comparison of two people, by what the reader sees of them. Raises Refused if one
    of them is not a person, or if both ids mean the same record.
    """
    if item == other:
        raise Refused("these two are one person already: name two different people", field="b")
    if rows := _rows(db, reader, (item, other), as_known):
        return rows
    raise Refused("name two people to compare", field="b")


def read_comparison(db: Db, reader: Reader, item: UUID, other: UUID) -> Shown:
    """Return the comparison of two people in the form shown to this reader, one line for each
    field, to be stored with the reader's judgement. Return no lines if the reader may not see both,
    or if one of them is not a person.
    """
    rows = _rows(db, reader, (item, other))
    return Shown(tuple(map(_line, rows)), rows[0].version) if rows else NOTHING_SHOWN


def _rows(
    db: Db, reader: Reader, who: tuple[UUID, UUID], as_known: datetime | None = None
) -> tuple[Weighed, ...]:
    """Return the comparison of two people as rows; no row if one of them is not a person, or if the
    reader may not see both.
    """
    found_records, weights = (
        records(db, reader, who, as_known=as_known),
        likely_same_person.weights(db),
    )
    if not found_records.records.keys() >= set(who):
        return ()
    first_texts, second_texts = (found_records.records[person] for person in who)
    comparison = matching.compare(first_texts, second_texts, weights, found_records.ties)
    return waterfall(comparison, weights.version, found_records.called, who)


def waterfall(
    comparison: Comparison, version: str, called: Mapping[str, str], who: tuple[UUID, UUID]
) -> tuple[Weighed, ...]:
    """Return a comparison as rows for a chart: first the likelihood before the comparison, then the
    compared fields, the fields with the largest weights first.
    """
    steps = sorted(comparison.steps, key=lambda step: -abs(step.weight))
    sums = list(accumulate((step.weight for step in steps), initial=comparison.prior))
    before = Weighed(
        number=0,
        field="before",
        what="before anything is compared",
        mine="",
        theirs="",
        agrees="any two people",
        weight=round(comparison.prior, 2),
        total=round(comparison.prior, 2),
        likely=_share(comparison.prior),
        version=version,
        shown=who,
    )
    return before, *(
        Weighed(
            number=number,
            field=step.field,
            what=FIELDS[step.field],
            mine=_values_as_text(step.field, step.mine, called),
            theirs=_values_as_text(step.field, step.theirs, called),
            agrees=matching.SAID[step.level],
            weight=round(step.weight, 2),
            total=round(so_far, 2),
            likely=_share(so_far),
            version=version,
            shown=tuple(UUID(item_id) for item_id in step.mine if item_id in called),
        )
        for number, (step, so_far) in enumerate(zip(steps, sums[1:], strict=True), start=1)
    )


def _line(row: Weighed) -> str:
    values_text = row.mine if row.mine == row.theirs else f"{row.mine} and {row.theirs}"
    suffix = f", {values_text}" if values_text else ""
    return f"{row.what}{suffix}: {row.agrees}, {row.weight:+.2f} bits; so far {row.likely:.6f}"


def _share(weight: float) -> float:
    return round(matching.probability(weight), 6)


#: The fields whose values are written with capitals.
_CAPITALS: tuple[Field, ...] = ("given", "family", "address")


def _values_as_text(field: Field, values: Iterable[str], called: Mapping[str, str]) -> str:
    names = (called.get(value, value) for value in values)
    return ", ".join(name.title() if field in _CAPITALS else name for name in names)


def reasons(comparison: Comparison, called: Mapping[str, str]) -> tuple[str, ...]:
    """Return the reasons for and against the judgement that two records mean one person, in a few
    words each; the reasons with the largest weights come first.
    """
    steps = sorted(comparison.steps, key=lambda step: -abs(step.weight))
    return tuple(_reason(step, called) for step in steps)


def _reason(step: FieldComparison, called: Mapping[str, str]) -> str:
    mine, theirs = (
        _values_as_text(step.field, values, called) for values in (step.mine, step.theirs)
    )
    both = mine if mine == theirs else f"{mine} and {theirs}"
    words = f"{FIELDS[step.field]} {matching.SAID[step.level]}: {both}"
    return words if step.weight >= 0 else f"against it: {words}"
