"""The source register: commands that register sources and informants, grade them, and merge or
separate independent sources.

The file is long because nothing else writes to the source register.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Unpack
from uuid import UUID, uuid5

import msgspec
from msgspec import Struct

from access.who_may import scope
from commands.kernel import item_references
from commands.kernel.declared import OnNamed
from commands.kernel.declared import ignoring_desk as plain
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Command, Desk, LostRace, Receipt, act, facts
from domain import forms
from domain.information import observation, source
from domain.information.observation import Observation, ObservationRecorded, SourceTransferred
from domain.information.source import Source, SourceEntryMade, SourceKind, SourceRegistered
from domain.kernel.decoding import decoder
from domain.kernel.envelope import Event, Fact, LogName, LogUnavailable, Submission
from domain.kernel.values import HowKnown, Reader, Refused
from projections.information import held_sources as held

#: A hint for the user, where to look for the token of a source.
TOKENS = "a token is a UUID; show ID prints it as root or chain"
#: Texts such as "people say" that identify no person, and so add no independent source.
UNKNOWN_TELLERS = frozenset(
    {"", "someone", "somebody", "a friend", "friend", "people", "unknown", "not known", "they"}
)


class SourceIds(Struct, frozen=True):
    """The source of a log entry, as ids that reveal no identity: the id of the entry in the source
    register, the tokens of the people who passed the information on, and the token of the
    independent source (`root`). If the register did not answer, `held` is the encrypted source,
    which is transferred to the register later.
    """

    entry: UUID | None
    root: UUID | None
    chain: tuple[UUID, ...]
    submission: Submission | None = None
    held: str | None = None


class Informant(msgspec.Struct, frozen=True):
    """A worker's statements about the source of a log entry."""

    name: str | None
    kind: SourceKind = "not-known"
    relation: str | None = None
    told_by: tuple[str, ...] = ()


def has_source(teller: Informant, how_known: HowKnown | None) -> bool:
    """Return whether a worker stated anything about a log entry's source that can be entered into
    the source register.
    """
    somebody = teller.name or teller.told_by or (teller.relation or "").strip()
    return bool(somebody) or how_known == "child-told"


def prepare(
    desk: Desk,
    reader: Reader,
    *,
    command_id: UUID,
    observation: UUID,
    teller: Informant,
    case: UUID | None,
    child_names: Sequence[str],
    how_known: HowKnown | None,
    register_answers: bool = True,
) -> SourceIds:
    """Return the entry in the source register for one log entry.

    The independent source is the person with whom the information began: the last person in
    `told_by` or, if that is empty, the source. "My child told me" without a name means the case's
    child. An unknown informant, or general talk, adds no independent source. A source without a
    name is registered only by the relation to the child.

    If the register does not answer, the log entry is recorded with the encrypted source, to be
    transferred later. The caller passes `register_answers` as False if it has already noticed this.
    """
    child_told = how_known == "child-told" and case is not None
    relation = (teller.relation or "").strip() or None
    if not has_source(teller, how_known if case else None):
        return SourceIds(None, None, ())
    kind = teller.kind if teller.kind != "not-known" else source.kind_of(relation or "")
    entry = uuid5(command_id, "source-entry")
    told_by = teller.told_by
    if child_told and not told_by:
        told_by = (child_names[0] if child_names else "my child",)
    try:
        if not register_answers:
            raise LogUnavailable("the register of sources did not answer: try again later")
        entering = _Entering(desk, reader, case, child_names)
        first = entering.knower(teller.name, kind, relation) if teller.name else None
        unnamed = entering.unnamed(kind, relation) if first is None and relation else None
        last: SourceKind = "child" if how_known == "child-told" else "not-known"
        chain = [entering.knower(name, "not-known", None) for name in told_by[:-1]]
        chain += [entering.knower(name, last, None) for name in told_by[-1:]]
        root = chain[-1] if chain else first
        if how_known == "talked-about":
            root = None
        tokens = tuple(token for token in chain if token is not None)
        entering.new.append((entry, SourceEntryMade(observation, first or unnamed, tokens)))
    except LogUnavailable:
        kept_source = SealedSource(teller, case, how_known, tuple(child_names), command_id)
        plain = msgspec.json.encode(kept_source)
        sealed = desk.keys.seal(plain, entry.bytes)
        return SourceIds(entry, None, (), held=sealed.hex())
    submission = Submission(
        command_id, desk.digest("source.entry", teller), entering.facts(), tuple(entering.unique)
    )
    desk.draft(submission)
    return SourceIds(entry, root, tokens, submission)


@dataclass
class _Entering:
    """Collects the changes to the source register that one new log entry needs: new sources, and
    new details of registered sources.
    """

    desk: Desk
    reader: Reader
    case: UUID | None
    child_names: Sequence[str]
    found: dict[str, UUID] = field(default_factory=dict)
    new: list[tuple[UUID, Event]] = field(default_factory=list)
    unique: list[tuple[bytes, UUID]] = field(default_factory=list)
    more: list[Fact] = field(default_factory=list)

    def knower(self, name: str, kind: SourceKind, relation: str | None) -> UUID | None:
        """Return the token of the source with this name, who is registered if new. Return None if
        the name identifies no person ("people say").
        """
        normal = forms.name(name)
        if normal in UNKNOWN_TELLERS:
            return None
        children = {forms.name(child) for child in self.child_names} | {"my child", "the child"}
        if self.case and normal in children:
            normal, kind = "the child of this case", "child"
        within = str(self.case) if self.case else f"by {self.reader.name}"
        digest = self.desk.keys.blind("knower", f"{within}|{normal}")
        if known_item := self.found.get(normal):
            return known_item
        if known_item := self.desk.find("sources", digest):
            if relation:
                state, version = self.desk.fold(known_item, Source(), source.evolve, "sources")
                events = source.describe(state, relation)
                self.more += facts(self.reader, known_item, version, events)
            return known_item
        token = self.desk.new_random_id()
        self.found[normal] = token
        self.unique.append((digest, token))
        self.new.append((token, SourceRegistered(kind, name, self.case, relation)))
        return token

    def unnamed(self, kind: SourceKind, relation: str) -> UUID:
        """Register a source without a name, by its relation to the child alone, and return the new
        source's token.
        """
        token = self.desk.new_random_id()
        self.new.append((token, SourceRegistered(kind, "", self.case, relation)))
        return token

    def facts(self) -> tuple[Fact, ...]:
        """Return all new events for the source register."""
        made = [fact for item, event in self.new for fact in facts(self.reader, item, 0, (event,))]
        return (*made, *self.more)


def entered_for(desk: Desk, command_id: UUID) -> UUID | None:
    """Return the id that an earlier, interrupted run of this command gave to its log entry in the
    source register, so that the repeated command uses the same id. Return None if there was no such
    run.
    """
    return desk.once(("entered", command_id), lambda: _entered_for(desk, command_id))


def find_entered(desk: Desk, ids: Collection[UUID]) -> None:
    """Look up for several commands at once the result of `entered_for`: whether an earlier run has
    already entered the command's source in the source register. If the register does not answer,
    each command looks this up later.
    """
    with suppress(LogUnavailable):
        for item in set(ids) - desk.logs["sources"].known_commands(ids):
            desk.once(("entered", item), lambda: None)


def _entered_for(desk: Desk, command_id: UUID) -> UUID | None:
    try:
        entered = desk.logs["sources"].command(command_id) or ()
    except LogUnavailable:
        return None
    return next(
        (f.event.observation for f in entered if isinstance(f.event, SourceEntryMade)), None
    )


class SealedSource(msgspec.Struct, frozen=True):
    """The source of a log entry, encrypted. It is stored with the entry while the source register
    does not answer.
    """

    teller: Informant
    case: UUID | None
    how_known: HowKnown | None
    child_names: tuple[str, ...]
    command_id: UUID


def transfer_held(desk: Desk, reader: Reader, *, waiting: bool = True) -> int:
    """Transfer sources that are stored with their log entries into the source register, because the
    register did not answer before. Record the independent source on each of these entries; return
    how many. With `waiting`, all such sources in the log are transferred, otherwise only those in
    the views.

    Stops without an error if the register or the views do not answer, or if another process is
    transferring sources: the next command tries again.
    """
    count = 0
    try:
        with desk.deciding() if waiting else desk.asking(0) as db:
            rows = held.list_held_sources(db, reader)
        for row in rows:
            _transfer(desk, reader, row)
            count += 1
    except (LogUnavailable, LostRace):
        pass
    return count


def _transfer(desk: Desk, reader: Reader, row: held.HeldRow) -> None:
    plain = desk.keys.unseal(bytes.fromhex(row.held), row.entry.bytes)
    kept_source = decoder(SealedSource)(plain)
    ids = prepare(
        desk,
        reader,
        command_id=kept_source.command_id,
        observation=row.observation,
        teller=kept_source.teller,
        case=kept_source.case,
        child_names=kept_source.child_names,
        how_known=kept_source.how_known,
    )
    if ids.submission is None:
        raise LogUnavailable("the register of sources does not answer: try again later")
    _, version = desk.fold(row.observation, None, lambda _, __: None)
    moved = SourceTransferred(row.entry, ids.root, ids.chain)
    submission = Submission(
        uuid5(kept_source.command_id, "source-transferred"),
        desk.digest("source.transfer", row.entry),
        facts(reader, row.observation, version, (moved,)),
    )
    both: dict[LogName, Submission] = {"sources": ids.submission, "evidence": submission}
    desk.save([Prepared(row.observation, both, reader)])


def resolve_source(desk: Desk, reader: Reader, text: str) -> UUID:
    """Return the id that a text names: the token of a source, or a log entry. The text is the whole
    id or its end. Raises Refused if there is neither.
    """
    try:
        return UUID(text.strip())
    except ValueError:
        pass
    try:
        with desk.deciding() as db:
            return item_references.item(desk, db, reader, text.strip(), "observation")
    except Refused as refused:
        raise Refused(
            f"{refused}. {text!r} is also not the token of a source: {TOKENS}", field="source"
        ) from None


def token_of(desk: Desk, reader: Reader, item: UUID) -> tuple[UUID, UUID | None]:
    """Return a source's token and the log entry that leads to it. For a log entry `item`, these are
    the token of its independent source, and `item`; for a source's token `item`, they are `item`
    and None.

    Raises Refused if `item` is neither, or if the log entry has no recorded source.
    """
    state, version = desk.current_state(reader, item, Observation(), observation.evolve)
    if version and state.exists:
        if state.root is None:
            raise Refused("this log entry has no recorded source, so no source can be reviewed")
        return state.root, item
    known_source, _ = desk.current_state(reader, item, Source(), source.evolve, "sources")
    if not known_source.exists:
        raise scope.hidden_error("source", str(item))
    return item, None


def has_conflict(desk: Desk, item: UUID) -> bool:
    """Return whether the source of this entry, or a person who passed the information on, has a
    conflict of interest. Return False if the register does not answer, because recording and
    grading never wait for it.
    """
    entry = next((fact.event for fact in desk.logs["evidence"].history(item)), None)
    if not isinstance(entry, ObservationRecorded) or entry.entry is None:
        return False
    try:
        for fact in desk.logs["sources"].history(entry.entry):
            if isinstance(fact.event, SourceEntryMade):
                tokens = [one for one in (fact.event.source, *fact.event.chain) if one]
                sources = [desk.fold(t, Source(), source.evolve, "sources")[0] for t in tokens]
                return any(one.conflict for one in sources)
    except LogUnavailable:
        pass
    return False


def _resolve_token(desk: Desk, reader: Reader, text: str) -> UUID:
    """Return the token of a source. The text is the token, or the id of one of the source's log
    entries.
    """
    return token_of(desk, reader, resolve_source(desk, reader, text))[0]


#: Grade the reliability of a source. The grade is recorded in a stream of its own, apart from the
#: grades of items.
grade = OnNamed(
    "source.grade", _resolve_token, Source(), source.evolve, plain(source.grade), log="sources"
)


def read_reliability(desk: Desk, token: UUID) -> Source:
    """Return a source's reliability and conflict of interest, never its identity. Raises
    LogUnavailable if the register does not answer.
    """
    return desk.fold(token, Source(), source.evolve, "sources")[0]


#: Record a source's conflict of interest.
note_conflict = OnNamed(
    "source.conflict",
    _resolve_token,
    Source(),
    source.evolve,
    plain(source.note_conflict),
    log="sources",
)


def join_roots(
    desk: Desk, reader: Reader, a: str, b: str, reason: str, **command: Unpack[Command]
) -> Receipt:
    """Record that two sources count as one from now on because they are not independent, for
    example two parents who repeat their child's words. Raises Refused if `a` or `b` is not the
    token of a source.
    """
    first_item, second_item = _token(a, "a"), _token(b, "b")
    return act(
        desk,
        reader,
        "roots.join",
        source.roots_stream(first_item, second_item),
        Source(),
        source.evolve,
        lambda s: source.join_roots(s, first_item, second_item, reason),
        [first_item, second_item, reason],
        **command,
    )


def part_roots(
    desk: Desk, reader: Reader, a: str, b: str, reason: str, **command: Unpack[Command]
) -> Receipt:
    """Separate two sources that were merged into one independent source. Raises what `join_roots`
    raises.
    """
    first_item, second_item = _token(a, "a"), _token(b, "b")
    return act(
        desk,
        reader,
        "roots.part",
        source.roots_stream(first_item, second_item),
        Source(),
        source.evolve,
        lambda s: source.part_roots(s, first_item, second_item, reason),
        [first_item, second_item, reason],
        **command,
    )


def _token(text: str, field: str) -> UUID:
    try:
        return UUID(text.strip())
    except ValueError:
        raise Refused(f"{text!r} is not the token of a source: {TOKENS}", field=field) from None
