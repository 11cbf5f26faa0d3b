"""Pairs of items that mention the same person, thing or place, and deadlines for decisions about
these pairs.

Log entries, corrections and records may arrive in any order. A new item is compared only with items
that share a key with it (`domain/information/shared_mentions.py`): for each key, with the `NEWEST`
log entries and records of each team. If a plate is in a hundred entries, an entry thus forms pairs
only with the few entries recorded just before it and just after it, and the work for an item does
not grow with the store.

The items of a pair may belong to different teams; `said_before.py` selects the pairs that a reader
may know of. The file is long because keys, pairs and deadlines change with the same facts.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import ClassVar, Literal
from uuid import UUID, uuid5

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from domain import forms
from domain.clocks import CLOCKS
from domain.data_protection import erasure
from domain.families.referral import CaseOpened, MissingFound, MissingReported
from domain.information import shared_mentions
from domain.information.observation import (
    MentionConfirmed,
    NoValueAudited,
    ObservationAssessed,
    ObservationRead,
    ObservationRecorded,
    ObservationRedacted,
    ObservationRefiled,
    ObservationTriaged,
    ObservationWithdrawn,
    SourceTransferred,
    UrgencyChanged,
)
from domain.information.shared_mentions import (
    NEWEST,
    NEWEST_RECORDS,
    PART,
    PLATES,
    Clue,
    ClueKind,
    JoinConfirmed,
    JoinDismissed,
)
from domain.intelligence.entity import ThingRecorded
from domain.kernel.codes import Clock
from domain.kernel.envelope import Recorded
from domain.people_and_teams import deadline
from projections.due import standing_watches, undecided
from projections.due.rows import JoinedRow
from projections.due.standing_watches import WatchedRow, WatchRow
from projections.due.steps import row_for_others, stepped
from projections.kernel.batch import RowBatch
from projections.kernel.schema import View, rows

ItemKind = Literal["words", "record", "case"]
State = Literal["open", "confirmed", "dismissed"]
TOLD: Clock = "said-before"
RINGS: Clock = "said-before-urgent"
#: The triage outcome after which the log entry still waits for an assessor.
_STILL_WAITS = "assess"
_number = attrgetter("int")


@rows("joined_keys", key=("word", "item"))
class KeyRow(Struct, frozen=True):
    """A key made from something that an item mentions (such as a plate), and an item that has this
    key.

    These rows are read to count and list the items with a key.
    """

    table: ClassVar[sa.Table]
    word: str
    item: UUID


@rows("joined_newest", key=("word", "team", "words"))
class NewestRow(Struct, frozen=True):
    """The newest log entries of a team with a certain key, or (if `words` is false) its newest
    records with that key; newest first. A key is made from something that an item mentions, such as
    a plate.
    """

    table: ClassVar[sa.Table]
    word: str
    team: str
    words: bool
    items: tuple[UUID, ...]


@rows("joined_parts", key=("part", "team"))
class PartRow(Struct, frozen=True):
    """A part of a plate, and the keys of a team's newest plates that contain this part; newest
    first.
    """

    table: ClassVar[sa.Table]
    part: str
    team: str
    plates: tuple[str, ...]


@rows("joined_items", key=("item",))
class ItemRow(Struct, frozen=True):
    """An item and its mentions. `told` is when a worker heard the item, if it is a log entry.
    `decided` means that the item was graded, or that an officer decided about it. `urgent` means
    that a worker marked the item urgent, or that its text has signs of urgency.
    """

    table: ClassVar[sa.Table]
    item: UUID
    kind: ItemKind
    team: str
    told: datetime
    clues: tuple[tuple[ClueKind, str], ...] = ()
    root: UUID | None = None
    urgent: bool = False
    decided: bool = False


@rows(
    "joined_pairs",
    key=("id",),
    index=(("a",), ("b",), ("since",)),
    in_order_of_writing=True,
)
class PairRow(Struct, frozen=True):
    """Two items that may mention the same subject, and the decision whether they do. `a` is the log
    entry whose assessor decides; if both items are log entries, the later one. If the items come to
    share further mentions, the pair has to be decided again.
    """

    table: ClassVar[sa.Table]
    id: UUID
    a: UUID
    b: UUID
    shared: tuple[tuple[ClueKind, str, str, float], ...]
    since: datetime
    state: State = "open"
    by: str | None = None
    decided: datetime | None = None
    reason: str | None = None


def apply(fact: Recorded, batch: RowBatch) -> None:
    item = fact.stream
    stepped(fact, batch, JoinedRow)
    standing_watches.apply(fact, batch)
    undecided.apply(fact, batch)
    match fact.event:
        case ObservationRecorded() as event:
            moment = min(event.told or fact.recorded, fact.recorded)
            words = ItemRow(item, "words", fact.team, moment, root=event.root, urgent=event.urgent)
            batch.put(words)
        case ObservationRead() as event if not fact.erased:
            row = batch.get(ItemRow, item)
            if row and event.urgency_signs and not row.urgent:
                batch.put(replace(row, urgent=True))
                _update_pairs(fact, batch, item)
            if row:
                told_of = shared_mentions.clues(event.mentions)
                _names(fact, batch, item, told_of)
                standing_watches.begin_match_deadlines(
                    fact, batch, shared_mentions.watch_lookup_keys(event.mentions, told_of)
                )
        case MentionConfirmed() as event if not fact.erased:
            if event.mention and batch.get(ItemRow, item):
                _names(fact, batch, item, shared_mentions.clues([event.mention]))
            _close(batch, batch.get(PairRow, shared_mentions.pair_id(item, event.entity)))
        case ThingRecorded() as event if not fact.erased:
            if clue := _clue_of_thing(event):
                batch.put(ItemRow(item, "record", fact.team, fact.recorded, decided=True))
                _names(fact, batch, item, [clue])
        case CaseOpened() as event:
            batch.put(ItemRow(item, "case", event.team, fact.recorded, decided=True))
        case MissingReported(seen_where=where) | MissingFound(where=where):
            if batch.get(ItemRow, item) and (place := forms.place(where or "")):
                _names(fact, batch, item, [Clue("place", place)])
        case event if erasure.is_destroyed(event):
            _forget(batch, item)
        case ObservationWithdrawn() | ObservationRedacted():
            _forget(batch, item)
        case JoinConfirmed() as event:
            _judged(fact, batch, event, "confirmed", event.reason)
        case JoinDismissed() as event:
            _judged(fact, batch, event, "dismissed", event.reason)
        case _:
            _moved(fact, batch)


def ahead(facts: Sequence[Recorded], batch: RowBatch) -> None:
    """Read in advance the rows that are needed to compare the mentions of these facts."""
    undecided.ahead(facts, batch)
    keys, watched = set[str](), set[str]()
    for event in (fact.event for fact in facts):
        clues: Sequence[Clue] = ()
        if isinstance(event, ObservationRead):
            clues = shared_mentions.clues(event.mentions)
            watched |= shared_mentions.watch_lookup_keys(event.mentions, clues)
        elif isinstance(event, ThingRecorded) and (clue := _clue_of_thing(event)):
            clues = [clue]
        keys |= shared_mentions.lookup_keys(clues) | shared_mentions.storage_keys(clues)
    newest = batch.among(NewestRow, "word", sorted(key for key in keys if key[:1] != PART))
    batch.read(ItemRow, dict.fromkeys(item for row in newest for item in row.items))
    batch.among(WatchedRow, "word", sorted(watched))
    _read_deadlines(facts, batch)


def _read_deadlines(facts: Sequence[Recorded], batch: RowBatch) -> None:
    """Read in advance the deadlines for decisions about pairs of the log entries that these facts
    change, and of the log entries that form a pair with a changed entry.
    """
    changed = dict.fromkeys(fact.stream for fact in facts if isinstance(fact.event, _MOVES))
    pairs = batch.either(PairRow, changed)
    batch.read(ItemRow, dict.fromkeys(item for pair in pairs for item in (pair.a, pair.b)))
    entries, teams = [*changed, *(pair.a for pair in pairs)], {fact.team for fact in facts}
    keys = dict.fromkeys(_key(entry, team) for entry in entries for team in teams)
    batch.read(JoinedRow, [deadline.stream(key, clock) for key in keys for clock in (RINGS, TOLD)])


def _clue_of_thing(event: ThingRecorded) -> Clue | None:
    """Return the mention by which a recorded vehicle, phone or account is looked up; None for other
    things."""
    match event.kind:
        case "phone" | "handle":
            return Clue(event.kind, event.normal)
        case "vehicle" if "*" in event.normal:
            return shared_mentions.partial(event.normal)
        case "vehicle" if any(map(str.isdigit, event.normal)) and " " not in event.normal:
            return Clue("vrm", event.normal)
    return None


def _moved(fact: Recorded, batch: RowBatch) -> None:
    """Update a log entry after it is graded, decided about, moved to another case, or made more or
    less urgent.
    """
    row = batch.get(ItemRow, fact.stream) if isinstance(fact.event, _MOVES) else None
    if row is None:
        return
    match fact.event:
        case ObservationRefiled() as event:
            case = batch.get(ItemRow, event.case)
            if case and case.team != row.team:
                _elsewhere(batch, row, case.team)
        case SourceTransferred() as event:
            batch.put(replace(row, root=event.root))
        case NoValueAudited(answer="assess"):
            batch.put(replace(row, decided=False))
        case ObservationAssessed():
            batch.put(replace(row, decided=True))
        case ObservationTriaged() as event if event.outcome != _STILL_WAITS:
            batch.put(replace(row, decided=True))
        case UrgencyChanged() as event:
            batch.put(replace(row, urgent=event.raised))
    _update_pairs(fact, batch, fact.stream)


def _elsewhere(batch: RowBatch, row: ItemRow, team: str) -> None:
    """Move an entry and its deadlines to another team.

    Another entry may have a deadline because it forms a pair with an entry of the former team. If
    this entry was the last of that team, end the deadline.
    """
    batch.put(replace(row, team=team))
    for waits in batch.having(JoinedRow, item=row.item):
        if waits.clock in (TOLD, RINGS):  # a saved search stays with its owner
            batch.put(row_for_others(replace(waits, team=team, owner=None)))
    for pair in batch.having(PairRow, b=row.item):
        _settle(batch, pair, row.team)


_MOVES = (
    ObservationRefiled,
    SourceTransferred,
    NoValueAudited,
    ObservationAssessed,
    ObservationTriaged,
    UrgencyChanged,
)


def _names(fact: Recorded, batch: RowBatch, item: UUID, clues: Iterable[Clue]) -> None:
    """Add mentions to an item, and store its pairs with the items that share them."""
    row = batch.get(ItemRow, item)
    new = [clue for clue in clues if row and tuple(clue) not in row.clues]
    if row is None or not new:
        return
    before = clues_of(row)
    row = replace(row, clues=(*row.clues, *((kind, normal) for kind, normal in new)))
    batch.put(row)
    after = clues_of(row)
    wanted = sorted(shared_mentions.lookup_keys(after) - shared_mentions.lookup_keys(before))
    others = _newest_with_keys(batch, wanted, row.kind == "words")
    others.pop(item.int, None)
    known_rows = {pair.id: pair for pair in batch.either(PairRow, [item])} if before else {}
    stored(batch, row, shared_mentions.storage_keys(after) - shared_mentions.storage_keys(before))
    in_order = [others[number] for number in sorted(others)]
    batch.read(ItemRow, in_order)
    for other in in_order:
        if its := batch.get(ItemRow, other):
            _join(fact, batch, row, its, known_rows)


def clues_of(row: ItemRow) -> tuple[Clue, ...]:
    return _clues(row.clues)


@lru_cache(maxsize=4096)
def _clues(stored: tuple[tuple[ClueKind, str], ...]) -> tuple[Clue, ...]:
    return tuple([Clue(kind, normal) for kind, normal in stored])


def stored(batch: RowBatch, row: ItemRow, keys: Iterable[str]) -> None:
    """Store the keys of an item. Put the item first in its team's lists of the newest items with
    these keys.
    """
    beside, words = shared_mentions.listed_only_keys(clues_of(row)), row.kind == "words"
    # `_parts_stored` stores the parts of a plate
    own = sorted(word for word in keys if not word.startswith(PART))
    among = batch.among(NewestRow, "word", [word for word in own if word not in beside])
    newest = {
        newest_row.word: newest_row
        for newest_row in among
        if (newest_row.team, newest_row.words) == (row.team, words)
    }
    for word in own:
        batch.put(KeyRow(word, row.item))
        if word in beside:
            # keys in `beside` are stored only to count their items; two items are not compared
            # because of such a key
            continue
        known_row = newest.get(word)
        items = (row.item, *(known_row.items if known_row else ()))
        batch.put(NewestRow(word, row.team, words, items[: _most(words)]))
        if not known_row:
            _parts_stored(batch, word, row.team)


def _parts_stored(batch: RowBatch, plate: str, team: str) -> None:
    """Store the parts of a plate. Put the plate first in its team's lists of the newest plates with
    these parts.
    """
    parts = shared_mentions.parts_of(plate)
    plates_by_part = {
        row.part: row.plates for row in batch.among(PartRow, "part", parts, team=team)
    }
    for part in parts:
        plates = plates_by_part.get(part, ())
        if plate not in plates:
            batch.put(PartRow(part, team, (plate, *plates)[:PLATES]))


def _newest_with_keys(batch: RowBatch, keys: Sequence[str], by_words: bool) -> dict[int, UUID]:
    """Return the newest items of each team that have one of these keys, by the integer of their id.
    For the keys of a log entry (`by_words` is true) these are log entries and records; for the keys
    of a record, only log entries.
    """
    kinds = (True, False) if by_words else (True,)
    plain = [key for key in keys if not key.startswith(PART)]
    found_items = {
        item.int: item
        for row in batch.among(NewestRow, "word", plain)
        if row.words in kinds
        for item in row.items
    }
    for row in batch.among(PartRow, "part", [key for key in keys if key.startswith(PART)]):
        newest = batch.among(NewestRow, "word", row.plates, team=row.team)
        for words in kinds:
            fitting = [
                item
                for newest_row in newest
                if newest_row.words == words
                for item in newest_row.items
            ]
            fitting.sort(key=_number, reverse=True)
            found_items |= {item.int: item for item in fitting[: _most(words)]}
    return found_items


def _most(words: bool) -> int:
    return NEWEST if words else NEWEST_RECORDS


def _join(
    fact: Recorded, batch: RowBatch, row: ItemRow, other: ItemRow, joined: Mapping[UUID, PairRow]
) -> None:
    """Store a log entry and another item as a pair if the mentions that they share are strong
    enough evidence of the same person, thing or place.
    """
    words, its = (row, other) if row.kind == "words" else (other, row)
    mentions = shared_mentions.find_shared(clues_of(words), clues_of(its))
    if words.kind != "words" or not shared_mentions.is_strong_enough(mentions):
        return
    item = shared_mentions.pair_id(words.item, its.item)
    known_row = joined.get(item)
    shared = tuple(
        (mention.kind, mention.mine, mention.theirs, mention.trust) for mention in mentions
    )
    if known_row and {shared_mention[:2] for shared_mention in shared} <= {
        shared_mention[:2] for shared_mention in known_row.shared
    }:
        return
    a, b = (known_row.a, known_row.b) if known_row else (words.item, its.item)
    if (a, b) != (words.item, its.item):
        shared = tuple(
            (mention.kind, mention.theirs, mention.mine, mention.trust) for mention in mentions
        )
    batch.put(PairRow(item, a, b, shared, fact.recorded))
    if words.decided or words.urgent or its.urgent:
        _update_pair_deadline(fact, batch, words, its)


# --- deadlines because of pairs ----------------------------------------------------------------


def _update_pairs(fact: Recorded, batch: RowBatch, updated: UUID) -> None:
    """Update the deadlines for decisions about the open pairs of a log entry or record after a fact
    about it.
    """
    pairs = [pair for pair in batch.either(PairRow, [updated]) if pair.state == "open"]
    batch.read(ItemRow, sorted({item for pair in pairs for item in (pair.a, pair.b)}))
    both = [(batch.get(ItemRow, pair.a), batch.get(ItemRow, pair.b)) for pair in pairs]
    joined = [(words, its) for words, its in both if words and its]
    keys = dict.fromkeys(_key(words.item, its.team) for words, its in joined)
    batch.read(JoinedRow, [deadline.stream(key, clock) for key in keys for clock in (RINGS, TOLD)])
    urgency_by_key = dict[tuple[UUID, str], bool]()
    for words, its in joined:
        # a team has one deadline for all its matching items, so another item that is equally urgent
        # changes nothing
        urgent = _is_urgent(words, its)
        if urgency_by_key.get((words.item, its.team)) != urgent:
            _update_pair_deadline(fact, batch, words, its)
        urgency_by_key[words.item, its.team] = urgent


def _is_urgent(words: ItemRow, its: ItemRow) -> bool:
    """Return whether at least one of two items is urgent and has not been graded or decided about
    yet.
    """
    return any(row.urgent and not row.decided for row in (words, its))


def _update_pair_deadline(fact: Recorded, batch: RowBatch, words: ItemRow, its: ItemRow) -> None:
    """Begin or end the deadline for deciding whether a log entry (`words`) and another item (`its`)
    mention the same subject.

    A log entry has one such deadline for each team to which matching items belong. The deadline
    begins after the entry was graded or decided about, so that the match does not influence the
    grade. If one of the two items is urgent and waits for an assessor, it begins at once.
    """
    key = _key(words.item, its.team)
    if _is_urgent(words, its):
        _begin(fact, batch, key, RINGS, words, its)
    else:
        _end(batch, key, RINGS)
    if words.decided:
        _begin(fact, batch, key, TOLD, words, its)


@lru_cache(maxsize=4096)
def _key(words: UUID, team: str) -> UUID:
    return uuid5(words, team)


def _begin(
    fact: Recorded, batch: RowBatch, key: UUID, clock: Clock, words: ItemRow, its: ItemRow
) -> None:
    item = deadline.stream(key, clock)
    row = batch.get(JoinedRow, item)
    if row and not row.ended:
        return
    after = CLOCKS[clock].after
    when = fact.recorded + after if after else fact.recorded
    batch.put(
        JoinedRow(
            item,
            words.item,
            clock,
            fact.recorded,
            when,
            None,
            None,
            words.team,
            fact.ref,
            other=its.item,
        )
    )


def _end(batch: RowBatch, key: UUID, clock: Clock) -> None:
    row = batch.get(JoinedRow, deadline.stream(key, clock))
    if row and not row.ended:
        batch.put(replace(row, ended=True))


def _judged(
    fact: Recorded,
    batch: RowBatch,
    event: JoinConfirmed | JoinDismissed,
    state: State,
    reason: str | None,
) -> None:
    if row := batch.get(PairRow, shared_mentions.pair_id(event.a, event.b)):
        stored_reason = None if fact.erased else reason
        batch.put(
            replace(row, state=state, by=fact.by, decided=fact.recorded, reason=stored_reason)
        )
        _settle(batch, row)


def _close(batch: RowBatch, row: PairRow | None) -> None:
    """Delete a pair, because an officer linked the entry with this record, so that no decision
    about the pair is needed.
    """
    if row:
        batch.drop(PairRow, row.id)
        _settle(batch, row)


def _settle(batch: RowBatch, gone: PairRow, team: str | None = None) -> None:
    """End the deadlines of the log entry `gone.a` for its matches with `team` if the pair `gone`,
    which was decided or deleted, was the entry's last open pair with that team. If `team` is None,
    the present team of the pair's other item is used.
    """
    its = batch.get(ItemRow, gone.b)
    if its is None:
        return
    team = team or its.team
    open_ones = [
        item_row.item
        for pair in batch.having(PairRow, a=gone.a, state="open")
        if pair.id != gone.id
        if (item_row := batch.get(ItemRow, pair.b)) and item_row.team == team
    ]
    for clock in (TOLD, RINGS):
        row = batch.get(JoinedRow, deadline.stream(_key(gone.a, team), clock))
        if row and not row.ended:
            item = open_ones[0] if open_ones else row.other
            batch.put(replace(row, other=item, ended=not open_ones))


def _forget(batch: RowBatch, item: UUID) -> None:
    """Delete the mentions, pairs and deadlines of an item."""
    known_row = batch.get(ItemRow, item)
    if known_row is None:
        return
    for pair in batch.either(PairRow, [item]):
        batch.drop(PairRow, pair.id)
        _settle(batch, pair)
    batch.drop_all(JoinedRow, "item", item)
    for word in sorted(shared_mentions.all_keys(clues_of(known_row))):
        batch.drop(KeyRow, word, item)
        for row in batch.having(NewestRow, word=word):
            if item in row.items:
                _remove_from_newest(batch, row, item)
    batch.drop(ItemRow, item)


def _remove_from_newest(batch: RowBatch, row: NewestRow, removed: UUID) -> None:
    """Remove an item from the list of the newest items with a key. Older items do not take its
    place.
    """
    if items := tuple(item for item in row.items if item != removed):
        batch.put(replace(row, items=items))
        return
    batch.drop(NewestRow, row.word, row.team, row.words)
    if batch.get(NewestRow, row.word, row.team, not row.words):
        return
    for part in shared_mentions.parts_of(row.word):
        held_row = batch.get(PartRow, part, row.team)
        if held_row is None:
            continue
        if plates := tuple(plate for plate in held_row.plates if plate != row.word):
            batch.put(replace(held_row, plates=plates))
        else:
            batch.drop(PartRow, part, row.team)


VIEW = View(
    "joined",
    (
        *(KeyRow, NewestRow, PartRow, ItemRow, PairRow, JoinedRow, WatchRow, WatchedRow),
        *standing_watches.TABLES,
        *undecided.TABLES,
    ),
    apply,
    version=4,
    ahead=ahead,
)
