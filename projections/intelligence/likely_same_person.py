"""Pairs of records that may be about the same person, for review.

A record has all facts ever recorded about a person, so at least those that any reader sees. It is
compared (`domain.matching`) with every record that has a key in common with it, such as a word of a
name. A pair is stored with the highest likelihood that it can have for any reader.
`network.people.suggestions` reads the pairs in this order, computes the likelihood from the facts
that its reader sees, and stops when the following pairs are less likely.

At most `CROWD` records of a team are compared by the same key. The limit is for each team, so that
one team's records never prevent a comparison of another's. A key of further records is stored as
`beyond`; the query `beyond` counts the people who have such keys.

A pair that only names support is mostly not stored, because every two people with a common first
name would form one. If a new name makes such pairs likely enough, only the pairs with the
`NAMESAKES` likeliest people of each team are stored. The pairs are compared again when either
person gets another fact, and when weights are learnt. A single word of a name is a key only if one
word may be enough by the present weights, or if the record has another fact (such as an age) that
could support a pair but is no key itself.

The file is long because records, keys and pairs change with the same facts.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from hashlib import blake2b
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from access.who_may import scope
from domain import forms, matching
from domain.intelligence.entity import (
    AgeRecorded,
    NameAdded,
    PersonRecorded,
    ThingRecorded,
)
from domain.intelligence.identity import IdentityChanged
from domain.intelligence.link import LinkAsserted
from domain.kernel.codes import Judgement
from domain.kernel.envelope import Recorded
from domain.kernel.values import EntityKind, LinkKind, Reader
from domain.matching.record import Held, born_text, years_text
from domain.matching.weights import Weights
from projections.kernel import worth
from projections.kernel.batch import RowBatch
from projections.kernel.database import Db
from projections.kernel.queries import counted
from projections.kernel.schema import View, rows

#: A pair is shown if its highest likelihood is at least `ENOUGH`. A pair that more than names
#: supports is stored even if its likelihood is only `KEPT`: the next fact about the two people may
#: make it likelier, but may have no key that leads to the pair.
ENOUGH = 0.1
KEPT = 0.005
#: At most this many records of a team are compared by the same key.
CROWD = 50
#: If only names support pairs of a person, the pairs with this many people of each team are stored.
NAMESAKES = 5
#: A record has at most this many values of a kind; with more, it would match too many others.
MOST = 50


@rows("alike_records", key=("entity",))
class RecordRow(Struct, frozen=True):
    """All facts ever recorded about a person, in the form in which they are compared, and the ids
    of the people and things that links in these facts lead to (`tied`).
    """

    table: ClassVar[sa.Table]
    entity: UUID
    team: str
    held: dict[str, tuple[str, ...]]
    tied: tuple[UUID, ...] = ()


@rows("alike_things", key=("entity",))
class ThingRow(Struct, frozen=True):
    """A thing (vehicle, phone, place, account) in its normal form, for the records of the people
    linked to it."""

    table: ClassVar[sa.Table]
    entity: UUID
    kind: str
    normal: str


@rows("alike_waiting", key=("to", "who", "kind"))
class WaitingRow(Struct, frozen=True):
    """A link from a person to a thing that is not recorded yet; the thing is recorded later in the
    same command.
    """

    table: ClassVar[sa.Table]
    to: UUID
    who: UUID
    kind: str


@rows("alike_keys", key=("key", "beyond", "entity"), index=(("entity",),))
class KeyRow(Struct, frozen=True):
    """A key of a record. It is hashed, because it is made of words. `beyond` means that too many
    records of the team share the key, so that no record is compared by it.
    """

    table: ClassVar[sa.Table]
    key: int
    beyond: bool
    entity: UUID
    team: str


@rows("alike_pairs", key=("a", "b"), index=(("b",), ("open", "worth", "a", "b")))
class PairRow(Struct, frozen=True):
    """Two records that may be about the same person. `worth` is their highest likelihood as a
    negative number, so that the likeliest pairs come first.

    `open` means that the pair waits for a decision. A pair that was judged different or unsure
    waits again after a later fact that supports it. This may even be a fact that no reader sees:
    for each reader, the likelihood is computed from the facts that the reader sees. All decided
    pairs are stored, however unlikely.
    """

    table: ClassVar[sa.Table]
    a: UUID
    b: UUID
    worth: float
    weight: float
    open: bool = True
    judgement: str | None = None
    judged: datetime | None = None


@rows("alike_weights", key=("number",))
class WeightsRow(Struct, frozen=True):
    """The present weights of the comparison, as text that `weights` reads."""

    table: ClassVar[sa.Table]
    number: int
    weights: str


def apply(fact: Recorded, batch: RowBatch) -> None:
    item = fact.stream
    match fact.event:
        case PersonRecorded() as event:
            add_person(batch, item, fact.team, _first_values(event))
        case NameAdded() as event:
            add_fact(batch, item, "name", forms.name(event.name))
        case AgeRecorded() as event:
            add_age(batch, item, event.born, event.words, event.as_of or fact.recorded.date())
        case ThingRecorded() as event:
            add_thing(batch, ThingRow(item, event.kind, event.normal))
        case LinkAsserted() as event:
            add_link(batch, event.a, event.b, event.kind)
        case IdentityChanged() as event:
            was_judged(batch, event.a, event.b, event.judgement, fact.recorded)
        case matching.WeightsTrained() as event:
            _weigh_anew(batch, event.weights)


def ahead(facts: Sequence[Recorded], batch: RowBatch) -> None:
    """Read in advance the records and the pairs of the ends of new links."""
    new = (fact.event for fact in facts if isinstance(fact.event, LinkAsserted))
    ends = dict.fromkeys(end for event in new for end in (event.a, event.b))
    batch.read(RecordRow, ends)
    batch.read(ThingRow, [end for end in ends if not batch.get(RecordRow, end)])
    batch.either(PairRow, ends)
    _read_namesakes(facts, batch)


def _read_namesakes(facts: Sequence[Recorded], batch: RowBatch) -> None:
    """Read in advance the records that share a key with the people whom these facts record."""
    weights, keys = _weights(batch), set[str]()
    for fact in facts:
        if isinstance(fact.event, PersonRecorded):
            row = RecordRow(fact.stream, fact.team, _first_values(fact.event))
            keys |= _keys(row, weights).sought
    found_rows = batch.among(KeyRow, "key", hashed(keys), beyond=False)
    batch.read(RecordRow, dict.fromkeys(row.entity for row in found_rows))


def _first_values(event: PersonRecorded) -> dict[str, tuple[str, ...]]:
    """Return the facts with which a person is first recorded."""
    values_by_field: dict[str, tuple[str, ...]] = {}
    if event.name:
        values_by_field["name"] = (forms.name(event.name),)
    if event.born:
        values_by_field["born"] = (born_text(event.born),)
    return values_by_field


def add_person(batch: RowBatch, item: UUID, team: str, facts: dict[str, tuple[str, ...]]) -> None:
    """Add the record of a new person with these facts."""
    row = RecordRow(item, team, facts)
    batch.put(row)
    _compare(batch, row, _keys(row, _weights(batch)), facts)


def add_fact(
    batch: RowBatch, item: UUID, field_name: Held, value: str, tied: UUID | None = None
) -> None:
    """Add a fact to a person's record, such as a name or a date of birth. If the fact comes from a
    link, `tied` is the item at the link's other end.
    """
    row = batch.get(RecordRow, item)
    values = row.held.get(field_name, ()) if row else ()
    if row is None or not value or value in values or len(values) >= MOST:
        return
    weights = _weights(batch)
    before = _keys(row, weights)
    ties = (*row.tied, tied) if tied else row.tied
    row = replace(row, held={**row.held, field_name: (*values, value)}, tied=ties)
    batch.put(row)
    keys = _keys(row, weights)
    new = matching.MatchKeys(keys.stored - before.stored, keys.sought - before.sought)
    if field_name == "name" and _supports_no_new_pair(row, value, keys):
        new = new._replace(sought=frozenset())
    elif field_name not in matching.OWN_KEY or not new.sought:
        new = new._replace(sought=keys.sought)
    _compare(batch, row, new, {field_name: (value,)}, batch.either(PairRow, [item]), before)


def _supports_no_new_pair(row: RecordRow, name: str, keys: matching.MatchKeys) -> bool:
    """Return whether a new name of one word, such as a nickname, cannot lead to a new pair: because
    one word is not enough by the present weights, and the record has no other fact that could
    support a pair.
    """
    if matching.name_for_comparison(name).family or row.held.keys() & matching.WITH_A_WORD:
        return False
    return not any(key[0] in matching.ONE_WORD for key in keys.sought)


def add_age(batch: RowBatch, item: UUID, born: date | None, words: str | None, day: date) -> None:
    """Add a person's age on a day, or their date of birth, to their record."""
    if born:
        add_fact(batch, item, "born", born_text(born))
    elif words and (fits := years_text(words, day)):
        add_fact(batch, item, "age", fits)


def add_link(batch: RowBatch, a: UUID, b: UUID, kind: LinkKind) -> None:
    """Add a link between two items, `a` and `b`, to the record of each of them that is a person."""
    for who, to in ((a, b), (b, a)):
        if batch.get(RecordRow, who) is None:
            continue
        row = batch.get(ThingRow, to)
        if not row and not batch.get(RecordRow, to):
            batch.put(WaitingRow(to, who, kind))
            continue
        sort: EntityKind = row.kind if row else "person"  # type: ignore[assignment]
        if field_name := matching.convert_record(sort, kind):
            add_fact(
                batch,
                who,
                field_name,
                matching.value_of(field_name, to, row.normal if row else ""),
                to,
            )


def add_thing(batch: RowBatch, thing: ThingRow) -> None:
    """Add a thing, and put it into the records of people who are already linked to it."""
    batch.put(thing)
    for waits in batch.having(WaitingRow, to=thing.entity):
        add_link(batch, waits.who, thing.entity, waits.kind)  # type: ignore[arg-type]
        batch.drop(WaitingRow, waits.to, waits.who, waits.kind)


def was_judged(
    batch: RowBatch, item: UUID, other: UUID, judgement: Judgement | None, at: datetime
) -> None:
    """Store a judgement whether the people `item` and `other` are the same person. If `judgement`
    is None, a judgement about them was revoked.
    """
    a, b = sorted((item, other))
    first, second, weights = batch.get(RecordRow, a), batch.get(RecordRow, b), _weights(batch)
    weight: float | None = None
    if judgement:
        weight = _highest_weight(first, second, weights)[0] if first and second else 0.0
    elif first and second and (stored_weight := _weight_to_store(first, second, weights)):
        weight = stored_weight[0]
    if weight is None:
        batch.drop(PairRow, a, b)
    else:
        decided = at if judgement else None
        batch.put(_weighed(PairRow(a, b, 0.0, 0.0, not judgement, judgement, decided), weight))
    if judgement == "different" and first and second:
        for row in (first, second):
            _propose_next(batch, row, weights)


def _propose_next(batch: RowBatch, row: RecordRow, weights: Weights) -> None:
    """Store the likeliest of a person's pairs that only names support, as far as they are not
    stored yet. They are needed when a stored pair was judged to be different people: the true match
    may be the next one.
    """
    found_rows = batch.among(KeyRow, "key", hashed(_keys(row, weights).sought), beyond=False)
    paired = {_other_person(pair, row.entity) for pair in batch.either(PairRow, [row.entity])}
    others = sorted({key.entity for key in found_rows} - paired - {row.entity})
    batch.read(RecordRow, others)
    namesakes = list[Namesake]()
    for item in others:
        if record := batch.get(RecordRow, item):
            _put_pair(batch, row, record, row.held, weights, namesakes)
    _put_likeliest(batch, row, namesakes)


def _record(row: RecordRow) -> matching.Record:
    return row.held  # type: ignore[return-value]


def _keys(row: RecordRow, weights: Weights) -> matching.MatchKeys:
    """Return the keys by which a person's record is compared with other records. A single word of a
    name is a key only if one word may be enough by these weights, or if the record has other facts
    that could support a pair.
    """
    keys, beside = matching.keys(_record(row)), matching.BESIDE_A_WORD & row.held.keys()
    return keys if beside or _is_one_word_enough(weights) else keys.without_single_words()


@lru_cache(maxsize=8)
def _is_one_word_enough(weights: Weights) -> bool:
    return matching.probability(matching.most_by_one_word(weights)) >= ENOUGH


def hashed(keys: Iterable[str]) -> list[int]:
    return sorted(
        int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big", signed=True)
        for key in keys
    )


def _weights(batch: RowBatch) -> Weights:
    row = batch.get(WeightsRow, 1)
    return matching.read(row.weights) if row else matching.DEFAULT


def _highest_weight(row: RecordRow, other: RecordRow, weights: Weights) -> tuple[float, bool]:
    """Return the highest weight of this pair for any reader, and whether more than names supports
    it.
    """
    return matching.highest_weight(_record(row), _record(other), weights)


def _weight_to_store(
    row: RecordRow, other: RecordRow, weights: Weights
) -> tuple[float, bool] | None:
    """Return the weight of an undecided pair, and whether more than names supports it; None if the
    pair is too unlikely to be stored.
    """
    weight, more = _highest_weight(row, other, weights)
    return (weight, more) if matching.probability(weight) >= (KEPT if more else ENOUGH) else None


def _compare(
    batch: RowBatch,
    row: RecordRow,
    keys: matching.MatchKeys,
    new: Mapping[str, tuple[str, ...]],
    kept_rows: Iterable[PairRow] = (),
    before: matching.MatchKeys | None = None,
) -> None:
    """Compare a record that has `new` facts with all records that share one of its present keys,
    and with the records in its stored pairs. Then store the record's new keys. `before` are the
    keys of the record without the new facts.
    """
    first_item, sought = row.entity, hashed(keys.sought)
    found_rows = batch.among(KeyRow, "key", sought, beyond=False)
    _store_keys(batch, row, keys.stored, sought, found_rows)
    pairs = {_other_person(pair, first_item): pair for pair in kept_rows}
    others = {key_row.entity.int: key_row.entity for key_row in found_rows}
    others |= {item.int: item for item in pairs}
    others.pop(first_item.int, None)
    if not others:
        return
    weights = _weights(batch)
    in_order = [others[number] for number in sorted(others)]
    batch.read(RecordRow, in_order)
    namesakes = list[Namesake]()
    for second_item in in_order:
        if record := batch.get(RecordRow, second_item):
            pair = pairs.get(second_item) if pairs else None
            if pair:
                _weigh(batch, pair, row, record, new, weights)
            else:
                _put_pair(batch, row, record, new, weights, namesakes, before)
    _put_likeliest(batch, row, namesakes)


#: A record that forms a pair with another record only by names, and the highest weight of the pair.
Namesake = tuple[RecordRow, float]


def _put_pair(
    batch: RowBatch,
    row: RecordRow,
    other: RecordRow,
    new: Mapping[str, tuple[str, ...]],
    weights: Weights,
    namesakes: list[Namesake],
    before: matching.MatchKeys | None = None,
) -> None:
    """Store the pair of `row` and `other` if it is likely enough and more than names supports it.

    If it is likely enough but only names support it, add `other` to `namesakes`, but only if the
    new names are a new reason for the pair (`_found_by`). `before` are the keys of `row` without
    its new facts.
    """
    stored_weight = _weight_to_store(row, other, weights)
    if stored_weight and stored_weight[1]:
        batch.put(_weighed(_pair(row.entity, other.entity), stored_weight[0]))
    elif stored_weight and "name" in new and _found_by(new["name"], row, other, weights, before):
        namesakes.append((other, stored_weight[0]))


def _found_by(
    names: tuple[str, ...],
    row: RecordRow,
    other: RecordRow,
    weights: Weights,
    before: matching.MatchKeys | None,
) -> bool:
    """Return whether the new names `names` of the record `row` are a reason to store its pair with
    the record `other`: `row` has no other names, the new names alone make the pair likely enough,
    or the two records were not compared before. `before` are the keys of `row` without the new
    names.
    """
    if names == row.held["name"]:
        return True
    its: matching.Record = {"name": other.held.get("name", ())}
    weight, _ = matching.highest_weight({"name": names}, its, weights)
    if matching.probability(weight) >= ENOUGH:
        return True
    return before is not None and not _share_a_key(before, _keys(other, weights))


def _share_a_key(keys: matching.MatchKeys, other: matching.MatchKeys) -> bool:
    """Return whether records with these two sets of keys are compared: if one record is stored
    under a key by which the other is looked up.
    """
    return bool(keys.sought & other.stored or other.sought & keys.stored)


def _put_likeliest(batch: RowBatch, row: RecordRow, namesakes: Iterable[Namesake]) -> None:
    """Store a person's pairs with the `NAMESAKES` likeliest people of each team; of several equally
    likely people, with the newest.
    """
    most = Counter[str]()
    in_order = sorted(namesakes, key=lambda each: (-each[1], -each[0].entity.int))
    for other, weight in in_order:
        most[other.team] += 1
        if most[other.team] <= NAMESAKES:
            batch.put(_weighed(_pair(row.entity, other.entity), weight))


def _store_keys(
    batch: RowBatch,
    row: RecordRow,
    keys: Iterable[str],
    sought: Iterable[int] = (),
    found_rows: Iterable[KeyRow] = (),
) -> None:
    """Store new keys of a record. `sought` are the keys by which other records were looked up, and
    `found_rows` are the rows of these other records.
    """
    added = hashed(keys)
    # the number of the team's records with these keys is not read yet; it shows whether too many
    # share a key, such as the name of a town
    unsought = sorted(set(added).difference(sought))
    own = batch.among(KeyRow, "key", unsought, beyond=False, team=row.team)
    own += [key_row for key_row in found_rows if key_row.team == row.team]
    crowds = Counter(key_row.key for key_row in own if key_row.entity != row.entity)
    for key in added:
        batch.put(KeyRow(key, crowds[key] >= CROWD, row.entity, row.team))


def _weigh(
    batch: RowBatch,
    pair: PairRow,
    row: RecordRow,
    other: RecordRow,
    new: Mapping[str, tuple[str, ...]],
    weights: Weights,
) -> None:
    """Update the weight of a stored pair after the `new` facts about one of the two people."""
    if not (matching.WEIGHED_ALONE & new.keys() or new.keys() & other.held.keys()):
        return  # the other record has no fact with which the new ones can be compared
    weighed = pair
    if pair.judgement not in (None, "same") and not pair.open:
        weighed = replace(pair, open=_speaks(new, other, weights))
    weighed = _weighed(weighed, _highest_weight(row, other, weights)[0])
    if weighed != pair:
        batch.put(weighed)


def _speaks(new: Mapping[str, tuple[str, ...]], row: RecordRow, weights: Weights) -> bool:
    """Return whether the new facts of a person support that the record `row` is of the same
    person.
    """
    record: matching.Record = new  # type: ignore[assignment]
    return any(step.weight > 0 for step in matching.compare(record, _record(row), weights).steps)


def _weighed(pair: PairRow, weight: float) -> PairRow:
    return replace(pair, worth=-round(matching.probability(weight), 6), weight=weight)


def _pair(item: UUID, other: UUID) -> PairRow:
    """Return a new pair of the records of these two people, without likelihood or judgement."""
    a, b = sorted((item, other))
    return PairRow(a, b, 0.0, 0.0)


def _other_person(pair: PairRow, item: UUID) -> UUID:
    return pair.a if pair.b == item else pair.b


def _weigh_anew(batch: RowBatch, weights: Weights) -> None:
    """Store new weights of the comparison, and by these weights compare again all records that
    share a key.
    """
    before = _weights(batch)
    batch.put(WeightsRow(1, matching.write(weights)))
    weights = _weights(batch)
    records = {row.entity: row for row in batch.find(RecordRow)}
    for row in records.values():
        _store_keys(batch, row, _keys(row, weights).stored - _keys(row, before).stored)
    judged = set()
    for pair in batch.find(PairRow):
        first_row, second_row = records.get(pair.a), records.get(pair.b)
        if pair.judgement:
            judged.add((pair.a, pair.b))
            if first_row and second_row:
                batch.put(_weighed(pair, _highest_weight(first_row, second_row, weights)[0]))
        else:
            batch.drop(PairRow, pair.a, pair.b)
            if (
                first_row
                and second_row
                and (stored_weight := _weight_to_store(first_row, second_row, weights))
            ):
                batch.put(_weighed(pair, stored_weight[0]))
    for row in records.values():
        sought = hashed(_keys(row, weights).sought)
        keys = batch.among(KeyRow, "key", sought, beyond=False)
        namesakes = list[Namesake]()
        for its in {key.entity for key in keys} & records.keys() - {row.entity}:
            pair = _pair(row.entity, its)
            if (pair.a, pair.b) not in judged:
                _put_pair(batch, row, records[its], row.held, weights, namesakes)
        _put_likeliest(batch, row, namesakes)


VIEW = View(
    "alike",
    (RecordRow, ThingRow, WaitingRow, KeyRow, PairRow, WeightsRow),
    apply,
    version=13,
    ahead=ahead,
)


# --- queries ------------------------------------------------------------------------------------


def pairs(
    db: Db, reader: Reader, after: PairRow | None = None, limit: int | None = None
) -> list[PairRow]:
    """Return undecided pairs of records that may be about the same person, the likeliest pair
    first. Pairs that are too unlikely to be shown are left out, and pairs of people of whom the
    reader does not see both. With `after`, only pairs that come after this pair are returned.
    """
    c = PairRow.table.c
    return worth.first(db, reader, PairRow, after, limit, [c.open, c.worth <= -ENOUGH])


def weights(db: Db) -> Weights:
    """Return the present weights of the comparison."""
    stored = db.execute(sa.select(WeightsRow.table.c.weights)).scalar()
    return matching.read(stored) if stored else matching.DEFAULT


def beyond(db: Db, reader: Reader) -> int:
    """Return how many of the people whom the reader sees have a key (such as a word of a name) by
    which they are not compared, because too many records of their team share it. A number above
    `COUNTED` is returned as `COUNTED` + 1.
    """
    c = KeyRow.table.c
    seen = scope.sees(reader, c.entity, singly=True)
    return counted(db, sa.select(c.entity).where(c.beyond, seen).distinct())


def records(db: Db, reader: Reader) -> dict[UUID, matching.Record]:
    """Return all facts ever recorded about each person whom the reader sees: for learning weights,
    never for display."""
    c = RecordRow.table.c
    found_rows = [RecordRow(*row) for row in scope.read(db, reader, c.entity, (), (c.entity,))]
    return {row.entity: _record(row) for row in found_rows}
