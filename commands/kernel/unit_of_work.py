"""The unit of work of every command (the desk): logs, keys, clock and views. The module
`installation.system` supplies them.

A command prepares submissions, and the desk saves them in one transaction for each log. The source
register is saved first. So if a later log fails, the command can be repeated with the same id.

The file is long because all loading and saving passes through it, with the check of the reader's
access.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypedDict, TypeVar, Unpack
from uuid import UUID, uuid5

import msgspec
from msgspec import Struct

from access.database import DecisionDb, QuestionDb
from access.who_may import scope
from access.who_may.event_rules import (
    facts_to_check,
    may_touch,
    require_all,
    require_command,
    require_reach,
)
from commands.kernel import blaming_language
from commands.kernel.clock import clock_differs, note_step
from commands.kernel.known_cases import KnownCases
from commands.kernel.own_facts import OwnFacts
from commands.kernel.second import refuse_young
from commands.kernel.submission import Prepared
from commands.kernel.succeeded import Onward, refuse_succeeded
from domain.clocks import CLOCKS
from domain.data_protection.erasure import are_notes_destroyed, is_destroyed
from domain.data_protection.retention import DEFAULT, Rules
from domain.families.protection import Ringing
from domain.families.supervision import MEASURES, Measures
from domain.families.threshold import DEFINITIONS, IN_FORCE
from domain.forms.intervals import LONDON
from domain.intelligence.release import Marked
from domain.kernel.envelope import (
    CommandReused,
    Conflict,
    Event,
    Fact,
    Header,
    LogName,
    LogUnavailable,
    Recorded,
    Submission,
    UniqueTaken,
)
from domain.kernel.log import Log, LogRoot
from domain.kernel.values import Reader, Refused
from domain.language import BlamingPhrase
from projections.kernel.database import Db
from projections.kernel.schema import View

if TYPE_CHECKING:
    from projections.due.standing_watches import PatternMatch, PatternRow

S = TypeVar("S")
SAVE_ORDER: tuple[LogName, ...] = ("sources", "evidence", "product", "access")


class KeyAccess(Protocol):
    """The functions of the data keys that commands use."""

    def digest(self, body: bytes) -> bytes: ...

    def blind(self, kind: str, normal: str) -> bytes: ...

    def seal(self, plain: bytes, context: bytes) -> bytes: ...

    def unseal(self, sealed: bytes, context: bytes) -> bytes: ...


class DecisionOpener(Protocol):
    """A function that opens the views for decisions, or raises an error if they cannot be made
    complete. If `own` is False, the views may lack the facts that the desk saved last (which
    `OwnFacts` remembers).
    """

    def __call__(self, *, own: bool = True) -> AbstractContextManager[DecisionDb]: ...


class ViewOpener(Protocol):
    """A function that opens the views, or `only` some of them, to show data to a user, and not for
    decisions. It waits at most the given number of seconds for the views to be up to date; None
    means the store's setting.
    """

    def __call__(
        self, patience: float | None = None, only: Sequence[View] = ()
    ) -> AbstractContextManager[QuestionDb]: ...


class SessionControl(Protocol):
    """Protocol: ends the sessions of an account, and counts its failed attempts to sign in."""

    def shut_out(self, name: str, *, for_good: bool = False) -> None: ...

    def forgive(self, name: str) -> None: ...

    def proves_since(self, name: str) -> datetime | None: ...


class Command(TypedDict, total=False):
    """The optional arguments of every command: its `command_id`, with which it is carried out only
    once even if it is repeated, and the causes that the user gives.
    """

    command_id: UUID | None
    because_of: Sequence[str]


class LostRace(Refused):
    """Raised if another user wrote to the stream first. Nothing was written: load the state again,
    and decide again.
    """


def _no_tokens(things: Sequence[tuple[str, str]], bulk: bool) -> tuple[int, Sequence[bytes]]:
    raise Refused("no key service of the exchange is set: set exchange_key_service (docs/hub.md)")


def _no_key() -> int:
    return _no_tokens((), False)[0]


class ForcePolicy(Struct, frozen=True):
    """The settings of a force: deadlines, the versions of the threshold definition with their
    texts, the share of decisions that are audited, retention rules, and how long the archives of
    the database's log are retained.

    Further settings are how a worker's load is measured, places to recognise besides the country's
    towns, the force's name in the exchange with other forces, and the number of days after which an
    account of information counts half.
    """

    urgent: timedelta = CLOCKS["urgent-words"].within
    other: timedelta = CLOCKS["words-waiting"].within
    on_call: str | None = None
    threshold_definition: str = IN_FORCE
    threshold_definitions: Mapping[str, str] = msgspec.field(default_factory=lambda: DEFINITIONS)
    no_value_sample: int = 10
    retention: Rules = DEFAULT
    archive_days: int | None = None
    measures: Measures = MEASURES
    places: frozenset[str] = frozenset()
    force: str | None = None
    half_life_days: int | None = None


class Receipt(Struct, frozen=True):
    """The result of a command: the item's id, the reference of its first event, and when it was
    recorded (UTC). `proposed` means that a second person has to confirm the result. `language`
    suggests other wording for blaming words. `confirmers`, in answers to a program, names the
    people on duty who can confirm the proposal.
    """

    id: UUID
    ref: str
    recorded: datetime
    proposed: bool = False
    language: tuple[BlamingPhrase, ...] = ()
    confirmers: str | None = None


@dataclass
class Desk:
    """The unit of work of every command: it opens views, reads logs and saves events.

    - `deciding` opens the views for decisions, or raises an error if they cannot be made complete.
      `asking` opens them only to show data. `looked` opens them to show data of the access log,
      whose views (all, or only the named ones) are then complete.
    - `saved` is called after a save, and does not wait until the views are up to date. `doors`
      closes the sessions of a user who loses access.
    - `look` reads the newest events, on which `cases` (cached lookups of cases) and `onward`
      (whether the record continues in another store) depend.
    - `marks` returns the words to which the checker objects in a text that was drawn from log
      entries. `gives_away` returns such words in a text for a family; its further arguments are the
      family's own names, and the names that must not occur.
    - `unanswered` returns the open alerts of a case, `ringing` those of all cases. `holds` returns
      the links that make a standing pattern true.
    - `tokens` returns the tokens that are sent to other forces for things, each given by its kind
      and normal form, with the number of the key. Its second argument is True for very many tokens.
      `epoch` returns the number of the present key.
    - `root_at` returns the root hash of the first records of the evidence log; its argument is
      their number, at least one.
    - `clock_said` is a warning about an uncertain time. `offered` has suggestions of wording for
      saved text, `recorded` the streams of saved events by class, `own` the facts saved last, and
      `indexed` the streams that a batch looked up by a blind index (None outside a batch).
    - `trial` returns whether the store is synthetic: on such a store one person alone may grant
      roles, so that stories can be tried.
    """

    logs: Mapping[LogName, Log]
    keys: KeyAccess
    clock: Callable[[], datetime]
    new_id: Callable[[], UUID]
    new_random_id: Callable[[], UUID]
    deciding: DecisionOpener
    asking: ViewOpener
    looked: Callable[..., AbstractContextManager[QuestionDb]]
    saved: Callable[[], None]
    doors: SessionControl
    look: Callable[[], None]
    cases: KnownCases
    onward: Onward
    root_at: Callable[[int], LogRoot]
    policy: ForcePolicy = field(default_factory=ForcePolicy)
    trial: Callable[[], bool] = lambda: False
    marks: Callable[[Reader, str, Sequence[UUID]], Collection[Marked]] = lambda *told: ()
    gives_away: Callable[[str, Sequence[str], Sequence[str]], Collection[Marked]] = lambda *told: ()
    unanswered: Callable[[Db, Reader, UUID], Collection[UUID]] = lambda db, reader, case: ()
    ringing: Callable[[Db, Reader], Sequence[Ringing]] = lambda db, reader: ()
    holds: "Callable[[Db, Reader, PatternRow], PatternMatch | None]" = lambda db, reader, row: None
    tokens: Callable[[Sequence[tuple[str, str]], bool], tuple[int, Sequence[bytes]]] = _no_tokens
    epoch: Callable[[], int] = _no_key
    offered: list[BlamingPhrase] = field(default_factory=list)
    clock_said: str | None = None
    recorded: dict[type[Event], set[UUID]] = field(default_factory=lambda: defaultdict(set))
    own: OwnFacts = field(default_factory=OwnFacts)
    indexed: dict[tuple[LogName, bytes], UUID] | None = None
    _pending: dict[bytes, UUID] = field(default_factory=dict)
    _drafted: dict[UUID, list[Fact]] = field(default_factory=dict)
    _looked_up: dict[object, Any] = field(default_factory=dict)
    _renewing: set[UUID] = field(default_factory=set)

    # --- loading ---------------------------------------------------------------------------------

    def fold(
        self, stream: UUID, start: S, evolve: Callable[[S, Event], S], log: LogName = "evidence"
    ) -> tuple[S, int]:
        """Return the state of a stream and its version, which is 0 if nothing is recorded. Events
        of the present batch count although they are not saved yet. Raises Refused for an erased
        stream, because nothing can be added to it.
        """
        state, version = start, 0
        for fact in self.logs[log].history(stream):
            state, version = evolve(state, fact.event), fact.version
            if is_destroyed(fact.event):
                raise Refused(f"the record {stream} was erased: nothing can be added to it")
            if are_notes_destroyed(fact.event):
                self._renewing.add(stream)
            elif fact.event.stored.sealed and not fact.erased:
                self._renewing.discard(stream)
        for drafted in self._drafted.get(stream, ()):
            state, version = evolve(state, drafted.event), drafted.originator_version
        return state, version

    def begun(self, command: Command, log: LogName = "evidence") -> UUID:
        """Return the id of the stream that a command creates, or has created if the command is a
        repetition.
        """
        command_id = command.get("command_id")
        known_facts = self.logs[log].command(command_id) if command_id else None
        return known_facts[0].stream if known_facts else self.new_id()

    def current_state(
        self,
        reader: Reader,
        stream: UUID,
        start: S,
        evolve: Callable[[S, Event], S],
        log: LogName = "evidence",
    ) -> tuple[S, int]:
        """Return the state and version of a named item. An item that the reader may not see has the
        same result as an item that was never recorded.
        """
        if self.hides(reader, stream):
            return start, 0
        return self.fold(stream, start, evolve, log)

    def hides(self, reader: Reader, item: UUID) -> bool:
        """Return whether this item exists and the reader may not see it."""
        if not reader.closed:
            return False
        with self.deciding() as db:
            return scope.hides(db, reader, item)

    def reaches(self, reader: Reader, command: str, item: UUID) -> bool:
        """Return whether the reader may use this command on the item with this id; True if there is
        no such item.
        """
        if not reader.closed:
            return True
        with self.deciding() as db:
            return may_touch(db, reader, command, item)

    def require_unerased(self, items: Collection[UUID]) -> None:
        """Raise Erased if an event of one of these items was removed from the log: the remaining
        events alone would be misleading. Raises Undecodable.
        """
        for item in dict.fromkeys(items):
            self.logs["evidence"].history(item)

    def known_commands(self, ids: Collection[UUID]) -> set[UUID]:
        """Return which of these command ids the evidence log has recorded."""
        return self.logs["evidence"].known_commands(ids)

    def own_command(self, command_id: UUID, name: str) -> UUID:
        """Return the id under which to save this command: the given id or, if another user has used
        it, an id derived from it. So a user's input is never taken for a repetition of another
        user's command.
        """
        for log in self.logs.values():
            # log entries are recorded even while the source register does not answer
            with suppress(LogUnavailable):
                if (known_facts := log.command(command_id)) and known_facts[0].by != name:
                    return uuid5(command_id, name)
        return command_id

    def first_recorded_at(self, command_id: UUID) -> datetime | None:
        """Return when this command was recorded; None if no log has it."""
        for log in self.logs.values():
            if facts := log.command(command_id):
                return facts[0].recorded
        return None

    def today(self) -> date:
        return self.clock().astimezone(LONDON).date()

    def find(self, log: LogName, digest: bytes) -> UUID | None:
        """Return the stream that has this blind index, also from this batch's unsaved events."""
        found_item = self._pending.get(digest) or (self.indexed or {}).get((log, digest))
        if (
            found_item is None
            and (found_item := self.logs[log].find(digest))
            and self.indexed is not None
        ):
            self.indexed[log, digest] = found_item
        return found_item

    def once(self, key: object, find: Callable[[], S]) -> S:
        """Return the result of `find`, a lookup such as that of a case. The result is cached under
        `key` until the batch is saved, because commands of a batch repeat lookups.
        """
        if key not in self._looked_up:
            self._looked_up[key] = find()
        cached: S = self._looked_up[key]
        return cached

    def draft(self, submission: Submission) -> None:
        """Remember the events of a command of a batch, so that later commands of the batch take
        them into account. A refused command is not remembered.
        """
        self._pending.update(submission.unique)
        for fact in submission.facts:
            self._drafted.setdefault(fact.originator_id, []).append(fact)

    # --- writing ---------------------------------------------------------------------------------

    def repeated(
        self,
        command_id: UUID,
        name: str,
        request: object,
        log: LogName = "evidence",
        *,
        former: Callable[[], object] | None = None,
    ) -> Receipt | None:
        """Return the receipt of the first run of this command id, if it is in the log; otherwise
        None. This method is called before any look-up, because items of the first run may no longer
        exist. Raises CommandReused if the input differs.

        `former` is a function that returns the input as older releases hashed it, with looked-up
        values. It is called only if the hash of this release differs.
        """
        if not self.logs[log].known_commands([command_id]):
            return None
        try:
            return self._again(command_id, name, request, log)
        except CommandReused as reused:
            if former is None:
                raise
            try:
                body = former()
            except Refused:
                raise reused from None
            return self._again(command_id, name, body, log)

    def _again(self, command_id: UUID, name: str, body: object, log: LogName) -> Receipt:
        again = Submission(command_id, self.digest(name, body), ())
        return _receipt(self.logs[log].append([again])[0])

    def digest(self, name: str, body: object) -> bytes:
        """Return the keyed hash by which a repeated command is recognised."""
        return self.keys.digest(msgspec.json.encode([name, body], order="sorted"))

    def save(self, prepared: Sequence[Prepared]) -> list[Receipt]:
        """Save commands together, in one transaction for each log: all of them or none.

        Raises Hidden if a command reaches an item outside its reader's access, LostRace if another
        user changed an item first, LogUnavailable if a log does not answer.
        """
        main: list[tuple[Recorded, ...]] = []
        written: list[list[Event]] = [[] for _ in prepared]
        try:
            self.look()
            refuse_succeeded(self.onward, prepared)
            self._within_reach(prepared)
            for name in SAVE_ORDER:
                having = [
                    n
                    for n, prepared_item in enumerate(prepared)
                    if name in prepared_item.submissions
                ]
                if not having:
                    continue
                parts = [self._renewed(prepared[n].submissions[name]) for n in having]
                saved = self.logs[name].append(parts)
                self.own.add(name, saved)
                for n, recorded in zip(having, saved, strict=True):
                    written[n] += (fact.event for fact in recorded)
                if name == "evidence" or not main:
                    main = saved
        except Conflict as conflict:
            raise LostRace(
                f"another person changed the record {conflict.stream} at the same time, so your "
                "change was not recorded: look at the other change, then decide again"
            ) from conflict
        except UniqueTaken as taken:
            raise LostRace(
                f"another person recorded the same just now as {taken.stream}: repeat the command"
            ) from taken
        finally:
            self._pending.clear()
            self._drafted.clear()
            self._looked_up.clear()
            self._renewing.clear()
        if main and main[0][0].log == "evidence":
            note_step(self.logs["evidence"], main[0][0], self.clock())
        for first in main[:1]:
            self.clock_said = clock_differs(self.logs["evidence"], first[0]) or self.clock_said
        self.saved()
        for fact in (fact for saved in main for fact in saved):
            self.recorded[type(fact.event)].add(fact.stream)
        checked: blaming_language.Checked = {}
        language = [blaming_language.suggestions(events, checked) for events in written]
        self.offered += (phrase for phrases in checked.values() for phrase in phrases)
        # `main` has fewer rows than `prepared` if some commands wrote only to other logs
        if len(main) != len(prepared):
            return [_receipt(facts) for facts in main]
        return [_receipt(facts, of_one) for facts, of_one in zip(main, language, strict=True)]

    def _within_reach(self, prepared: Sequence[Prepared]) -> None:
        """Raise Hidden if a command changes or names an item outside its reader's access."""
        for command in prepared:
            made = [fact for part in command.submissions.values() for fact in part.facts]
            if reaching := facts_to_check(command.reader, made):
                with self.deciding() as db:
                    is_own = partial(self.own.concern, command.reader.name)
                    require_reach(db, command.reader, reaching, is_own)
            for log, part in command.submissions.items():
                if not self.trial():
                    refuse_young(
                        self.logs, self.deciding, self.doors, self.clock(), log, part.facts
                    )

    def _renewed(self, submission: Submission) -> Submission:
        """Return the events of a submission, with a new data key for each stream whose data key was
        destroyed.
        """
        streams = {fact.originator_id for fact in submission.facts} & self._renewing
        return msgspec.structs.replace(submission, renews=tuple(streams)) if streams else submission


def facts(
    reader: Reader,
    stream: UUID,
    version: int,
    events: Sequence[Event],
    because_of: Sequence[str] = (),
) -> tuple[Fact, ...]:
    """Return events as facts of one stream, for the versions after `version`. Raises Denied if none
    of the reader's roles may record them; every command makes its facts here.
    """
    require_all(reader, tuple(events))
    header = Header(
        by=reader.name,
        team=reader.team,
        controller=reader.controller,
        regime=reader.regime,
        because_of=tuple(because_of),
    )
    return tuple(
        Fact(stream, version + number, header, event)
        for number, event in enumerate(events, start=1)
    )


def index_names(reader: Reader) -> tuple[str, ...]:
    """Return the names with which this user, on a store with accounts, stores and looks up records
    of which each team may have its own. New records are stored with the first name: the user's team
    or, if the user's account is not in that team, the user's own name. The other names are the
    account's other teams, such as a team that was merged into the user's team; records stored with
    them are also looked up.
    """
    own = reader.team if reader.team in reader.teams else f"by {reader.name}"
    return (own, *sorted(reader.teams - {own}))


def act(
    desk: Desk,
    reader: Reader,
    name: str,
    stream: UUID,
    start: S,
    evolve: Callable[[S, Event], S],
    decide: Callable[[S], tuple[Event, ...]],
    body: object,
    *,
    command_id: UUID | None = None,
    because_of: Sequence[str] = (),
    log: LogName = "evidence",
    target: str | None = None,
    beside: Callable[[S], Sequence[Fact]] = lambda state: (),
) -> Receipt:
    """Record a decision about one stream: load its state, decide, save. If `decide` returns no
    event, the receipt is for the stream's last event. `beside` returns facts of other streams to
    record together with the decision.

    If the user named the stream by a text, `target` is this text, and the caller calls
    `earlier_receipt` before it looks the stream up.
    """
    command_id = command_id or desk.new_random_id()
    whole = [target or str(stream), body, tuple(because_of)]
    if target is None and (again := desk.repeated(command_id, name, whole, log)):
        return again
    require_command(reader, name)
    state, version = desk.current_state(reader, stream, start, evolve, log)
    events = decide(state)
    if not events:
        if not version or not desk.reaches(reader, name, stream):
            raise scope.hidden_error("item", str(stream))
        return _receipt(tuple(desk.logs[log].history(stream)[-1:]))
    submission = Submission(
        command_id,
        desk.digest(name, whole),
        (*facts(reader, stream, version, events, because_of), *beside(state)),
    )
    return desk.save([Prepared(stream, {log: submission}, reader)])[0]


def act_on_named(
    desk: Desk,
    reader: Reader,
    name: str,
    text: str,
    find: Callable[[], UUID],
    start: S,
    evolve: Callable[[S, Event], S],
    decide: Callable[[S], tuple[Event, ...]],
    body: object,
    *,
    log: LogName = "evidence",
    former: Callable[[], object] | None = None,
    beside: Callable[[S], Sequence[Fact]] = lambda state: (),
    **command: Unpack[Command],
) -> Receipt:
    """Record a decision about the stream that `text` names. The stream is looked up only after the
    checks that the command is not a repetition and that the reader's role allows the decision.
    """
    if again := earlier_receipt(desk, name, text, body, find, log=log, former=former, **command):
        return again
    require_command(reader, name)
    return act(
        desk,
        reader,
        name,
        find(),
        start,
        evolve,
        decide,
        body,
        log=log,
        target=text,
        beside=beside,
        **command,
    )


def earlier_receipt(
    desk: Desk,
    name: str,
    text: str,
    body: object,
    find: Callable[[], UUID],
    *,
    command_id: UUID | None = None,
    because_of: Sequence[str] = (),
    log: LogName = "evidence",
    former: Callable[[], object] | None = None,
) -> Receipt | None:
    """Return the first receipt of a repeated command, or None for a new command. The function
    `find` looks the stream up. It is called only to compare the input with `former`, the input as
    an older release hashed it.
    """
    if command_id is None:
        return None
    causes = tuple(because_of)
    return desk.repeated(
        command_id,
        name,
        [text, body, causes],
        log,
        former=lambda: [str(find()), former() if former else body, causes],
    )


def _receipt(
    recorded: tuple[Recorded, ...], language: tuple[BlamingPhrase, ...] | None = None
) -> Receipt:
    first = recorded[0]
    if language is None:
        language = blaming_language.suggestions(fact.event for fact in recorded)
    proposed = first.event.meaning.proposes
    return Receipt(first.stream, first.ref, first.recorded, proposed, language)


def save_alone(
    desk: Desk, reader: Reader, log: LogName, stream: UUID, event: Event, command_id: UUID
) -> Receipt:
    """Save one event in a stream of its own. A command with an id that was used before counts as a
    repetition only if it has the same stream.
    """
    digest = desk.digest(event.stored.name, [stream, event])
    submission = Submission(command_id, digest, facts(reader, stream, 0, (event,)))
    return desk.save([Prepared(stream, {log: submission}, reader)])[0]
