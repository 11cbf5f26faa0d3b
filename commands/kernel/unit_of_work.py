"""The desk at which every command works: logs, keys, clock and views, handed in by `system`.

A command prepares submissions and the desk saves them: one transaction a log, the source register
first, so that what follows in another log is a retried command with the same id. Long because
nothing is loaded or saved but through it: here it is asked whose it is to touch.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol, TypedDict, TypeVar, Unpack
from uuid import UUID, uuid5

import msgspec

from access.database import DecisionDb, QuestionDb
from access.who_may import scope
from access.who_may.event_rules import (
    may_touch,
    require_all,
    require_command,
    require_reach,
    to_check,
)
from commands.kernel import blaming_language
from commands.kernel.clock import clock_differs, note_step
from commands.kernel.known_cases import KnownCases
from commands.kernel.second import refuse_young
from commands.kernel.submission import Prepared
from commands.kernel.succeeded import Onward, refuse_succeeded
from domain.clocks import CLOCKS
from domain.data_protection.erasure import ErasureProposed, gone, notes_gone
from domain.data_protection.retention import DEFAULT, Rules
from domain.families.protection import Ringing
from domain.families.supervision import MEASURES, Measures
from domain.families.threshold import DEFINITIONS, IN_FORCE
from domain.forms.intervals import LONDON
from domain.intelligence.release import Marked, ReleaseProposed
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
from domain.kernel.log import Log
from domain.kernel.values import Reader, Refused
from domain.language import BlamingPhrase
from domain.people_and_teams.account import RightProposed, TeamMergeProposed
from domain.people_and_teams.two_person import ProposalMade
from projections.kernel.database import Db

if TYPE_CHECKING:
    from projections.due.patterns import PatternMatch, PatternRow

S = TypeVar("S")
SAVE_ORDER: tuple[LogName, ...] = ("sources", "evidence", "product", "access")


class KeyAccess(Protocol):
    """What commands need of the keys."""

    def digest(self, body: bytes) -> bytes: ...

    def blind(self, kind: str, normal: str) -> bytes: ...

    def seal(self, plain: bytes, context: bytes) -> bytes: ...

    def unseal(self, sealed: bytes, context: bytes) -> bytes: ...


class ViewOpener(Protocol):
    """Opens the views for what is only looked at, after so many seconds at most (None: as the
    store is set)."""

    def __call__(self, patience: float | None = None) -> AbstractContextManager[QuestionDb]: ...


class SessionControl(Protocol):
    """Who comes in: what is open for an account, and what was tried in its name."""

    def shut_out(self, name: str, *, for_good: bool = False) -> None: ...

    def forgive(self, name: str) -> None: ...

    def proves_since(self, name: str) -> datetime | None: ...


class Command(TypedDict, total=False):
    """What comes with every command: the id under which it is done once, and what led to it."""

    command_id: UUID | None
    because_of: Sequence[str]


class LostRace(Refused):
    """Somebody else wrote first. Nothing was written: look again, then decide again."""


def _no_tokens(things: Sequence[tuple[str, str]], bulk: bool) -> tuple[int, Sequence[bytes]]:
    raise Refused("there is no key service: set exchange_key_service (docs/hub.md)")


def _no_key() -> int:
    return _no_tokens((), False)[0]


@dataclass(frozen=True)
class ForcePolicy:
    """What a force may set: clocks, the version of the threshold's text in force and the text of
    each version, the audit's sample, the rules of retention, how many days archives of the
    database's own log are kept, by what a worker's load is reckoned, which places it knows besides
    the country's towns, what the force is called in the exchange with others, and in how many days
    an account loses half its weight."""

    urgent: timedelta = CLOCKS["urgent-words"].within
    other: timedelta = CLOCKS["words-waiting"].within
    on_call: str | None = None
    threshold_definition: str = IN_FORCE
    threshold_definitions: Mapping[str, str] = field(default_factory=lambda: DEFINITIONS)
    no_value_sample: int = 10
    retention: Rules = DEFAULT
    archive_days: int | None = None
    measures: Measures = MEASURES
    places: frozenset[str] = frozenset()
    force: str | None = None
    half_life_days: int | None = None


@dataclass(frozen=True)
class Receipt:
    """What a write answers: the item's id, the reference of its first event, when it was
    recorded (UTC), whether it was only `proposed` and waits for a second person, what to write
    instead of words in it that blame a child or a parent, and who can confirm at this hour what was
    proposed (in the answer to a program)."""

    id: UUID
    ref: str
    recorded: datetime
    proposed: bool = False
    language: tuple[BlamingPhrase, ...] = ()
    confirmers: str | None = None


@dataclass
class Desk:
    """Where commands work. `deciding` opens the views for what a command decides on or writes down,
    complete or not at all; `asking` for what a person only looks at; `looked` those that tell who
    looked (or of them these), for what was shared or asked for; `saved` is told that something was
    saved, and waits for none of them; `doors` are told who no longer comes in; `marks` is what the
    checker, which stands above the commands, marks in a text drawn from these observations,
    `gives_away` what it marks in a text for a family of these names, and not of those; `unanswered`
    tells a case's alerts, `ringing` those of all cases, and `holds` by what a standing pattern is
    true: these are reckoned above them, too; `tokens` gives the blind tokens of kinds and normal
    forms, and the number of their key, a few or (True) in bulk, `epoch` the number of the key in
    use. `look` looks for what was recorded lately, on which `cases`, those that were named before,
    and `onward`, where the record goes on, hang; `clock_said` is what to say of an
    uncertain time, `offered` what may be written instead of words that were saved here, `recorded`
    in which streams events of each class were saved. `trial` tells whether the store is synthetic:
    on one of these one person gives roles, so that stories can be tried."""

    logs: Mapping[LogName, Log]
    keys: KeyAccess
    clock: Callable[[], datetime]
    new_id: Callable[[], UUID]
    new_random_id: Callable[[], UUID]
    deciding: Callable[[], AbstractContextManager[DecisionDb]]
    asking: ViewOpener
    looked: Callable[..., AbstractContextManager[QuestionDb]]
    saved: Callable[[], None]
    doors: SessionControl
    look: Callable[[], None]
    cases: KnownCases
    onward: Onward
    policy: ForcePolicy = ForcePolicy()
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
    _pending: dict[bytes, UUID] = field(default_factory=dict)
    _drafted: dict[UUID, list[Fact]] = field(default_factory=dict)
    _looked_up: dict[object, Any] = field(default_factory=dict)
    _renewing: set[UUID] = field(default_factory=set)

    # --- finding ---------------------------------------------------------------------------------

    def fold(
        self, stream: UUID, start: S, evolve: Callable[[S, Event], S], log: LogName = "evidence"
    ) -> tuple[S, int]:
        """The state of a stream and its version (0: nothing was recorded), with what this batch
        has drafted for it. Raises Refused for what was erased: nothing can be added to it."""
        state, version = start, 0
        for fact in self.logs[log].history(stream):
            state, version = evolve(state, fact.event), fact.version
            if gone(fact.event):
                raise Refused(f"{stream} was erased: nothing can be added to it")
            if notes_gone(fact.event):
                self._renewing.add(stream)
            elif fact.event.stored.sealed and not fact.erased:
                self._renewing.discard(stream)
        for drafted in self._drafted.get(stream, ()):
            state, version = evolve(state, drafted.event), drafted.originator_version
        return state, version

    def begun(self, command: Command, log: LogName = "evidence") -> UUID:
        """The stream that a command begins: where it was given before, the one that it began."""
        command_id = command.get("command_id")
        known = self.logs[log].command(command_id) if command_id else None
        return known[0].stream if known else self.new_id()

    def standing(
        self,
        reader: Reader,
        stream: UUID,
        start: S,
        evolve: Callable[[S, Event], S],
        log: LogName = "evidence",
    ) -> tuple[S, int]:
        """As `fold`, for an item that somebody named: what they may not see was never recorded."""
        if self.hides(reader, stream):
            return start, 0
        return self.fold(stream, start, evolve, log)

    def hides(self, reader: Reader, item: UUID) -> bool:
        """Whether this item is there, and not for this reader to see."""
        if not reader.closed:
            return False
        with self.deciding() as db:
            return scope.hides(db, reader, item)

    def reaches(self, reader: Reader, command: str, item: UUID) -> bool:
        """Whether this command of the reader's reaches this item, if it is one by itself."""
        if not reader.closed:
            return True
        with self.deciding() as db:
            return may_touch(db, reader, command, item)

    def require_whole(self, items: Collection[UUID]) -> None:
        """That no event of these items was taken out of the log: a view that read the rest would
        tell half of a story. Raises Undecodable."""
        for one in dict.fromkeys(items):
            self.logs["evidence"].history(one)

    def known(self, ids: Collection[UUID]) -> set[UUID]:
        """Which of these command ids the evidence log has recorded."""
        return self.logs["evidence"].commands_known(ids)

    def own_command(self, command_id: UUID, name: str) -> UUID:
        """The id of this person's own command: one that was used by somebody else means another
        command here, so that what each of them says is recorded under their name."""
        for log in self.logs.values():
            with suppress(LogUnavailable):  # words are recorded while the source register is away
                if (known := log.command(command_id)) and known[0].by != name:
                    return uuid5(command_id, name)
        return command_id

    def first_given(self, command_id: UUID) -> datetime | None:
        """When this command was recorded; None where no log knows it."""
        for log in self.logs.values():
            if facts := log.command(command_id):
                return facts[0].recorded
        return None

    def today(self) -> date:
        """Return the day in London."""
        return self.clock().astimezone(LONDON).date()

    def find(self, log: LogName, digest: bytes) -> UUID | None:
        """The stream behind a blind index, this batch's own included."""
        return self._pending.get(digest) or self.logs[log].find(digest)

    def once(self, key: object, find: Callable[[], S]) -> S:
        """What a batch looks up again and again, such as the case of a whole log: found once, it
        stands until the batch is saved."""
        if key not in self._looked_up:
            self._looked_up[key] = find()
        found: S = self._looked_up[key]
        return found

    def draft(self, submission: Submission) -> None:
        """Remember what a batch will write, so that its later commands build on it. Called once a
        command was decided: what was refused leaves no trace."""
        self._pending.update(submission.unique)
        for fact in submission.facts:
            self._drafted.setdefault(fact.originator_id, []).append(fact)

    # --- writing ---------------------------------------------------------------------------------

    def repeated(
        self,
        command_id: UUID,
        name: str,
        told: object,
        log: LogName = "evidence",
        *,
        former: Callable[[], object] | None = None,
    ) -> Receipt | None:
        """The first result of this command id, if the log holds it: asked before anything is looked
        up, for what was found then may be found no more. Raises CommandReused where something else
        is told.

        `former` is the body of commands from before digests were of what was told alone: it holds
        what was looked up, and is made only where nothing else fits.
        """
        if not self.logs[log].commands_known([command_id]):
            return None
        try:
            return self._again(command_id, name, told, log)
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
        """The keyed hash by which a repeated command is told from another one."""
        return self.keys.digest(msgspec.json.encode([name, body], order="sorted"))

    def save(self, prepared: Sequence[Prepared]) -> list[Receipt]:
        """Save commands together: one transaction a log, all or nothing in each.

        Raises Hidden where a command reaches for what is not its reader's, Raced where somebody
        else changed an item first, LogUnavailable where a log does not answer.
        """
        main: list[tuple[Recorded, ...]] = []
        written: list[list[Event]] = [[] for _ in prepared]
        try:
            self.look()
            refuse_succeeded(self.onward, prepared)
            self._within_reach(prepared)
            for name in SAVE_ORDER:
                having = [n for n, one in enumerate(prepared) if name in one.submissions]
                if not having:
                    continue
                parts = [self._renewed(prepared[n].submissions[name]) for n in having]
                saved = self.logs[name].append(parts)
                for n, recorded in zip(having, saved, strict=True):
                    written[n] += (fact.event for fact in recorded)
                if name == "evidence" or not main:
                    main = saved
        except Conflict as conflict:
            raise LostRace(
                f"somebody else changed {conflict.stream} first: "
                "look at it again, then decide again"
            ) from conflict
        except UniqueTaken as taken:
            raise LostRace(
                f"somebody recorded the same thing just now as {taken.stream}: repeat the command"
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
        self.offered += blaming_language.offers(event for events in written for event in events)
        if len(main) != len(prepared):  # one log alone tells what was written in it
            return [_receipt(facts) for facts in main]
        return [
            replace(_receipt(facts), language=blaming_language.offers(events))
            for facts, events in zip(main, written, strict=True)
        ]

    def _within_reach(self, prepared: Sequence[Prepared]) -> None:
        """Every command passes here, and none touches or names what its reader may not."""
        for one in prepared:
            made = [fact for part in one.submissions.values() for fact in part.facts]
            if reaching := to_check(one.reader, made):
                with self.deciding() as db:
                    require_reach(db, one.reader, reaching)
            for log, part in one.submissions.items():
                if not self.trial():
                    refuse_young(
                        self.logs, self.deciding, self.doors, self.clock(), log, part.facts
                    )

    def _renewed(self, submission: Submission) -> Submission:
        """What is added to a stream whose notes were destroyed needs a new key there."""
        streams = {fact.originator_id for fact in submission.facts} & self._renewing
        return msgspec.structs.replace(submission, renews=tuple(streams)) if streams else submission


def facts(
    reader: Reader,
    stream: UUID,
    version: int,
    events: Sequence[Event],
    because_of: Sequence[str] = (),
) -> tuple[Fact, ...]:
    """Events as facts of one stream, following `version`. Raises Denied for what none of the
    reader's roles records: every command makes its facts here."""
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


def apart(reader: Reader) -> tuple[str, ...]:
    """Under whose names somebody on a store with accounts records what another team may have
    recorded likewise: the first for what is new; under the others, of teams that became theirs,
    it may stand already. A team that they only name is none of theirs."""
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
    told: str | None = None,
    beside: Callable[[S], Sequence[Fact]] = lambda state: (),
) -> Receipt:
    """One decision about one stream: load, decide, save. Nothing to change is no refusal: the
    receipt then names the stream's last event. `beside` are facts of other streams that are
    recorded with it.

    The person who looked the stream up asks `asked_before` first; `told` is then what somebody
    named it.
    """
    command_id = command_id or desk.new_random_id()
    whole = [told or str(stream), body, tuple(because_of)]
    if told is None and (again := desk.repeated(command_id, name, whole, log)):
        return again
    require_command(reader, name)
    state, version = desk.standing(reader, stream, start, evolve, log)
    events = decide(state)
    if not events:
        if not version or not desk.reaches(reader, name, stream):
            raise scope.not_there("item", str(stream))
        return _receipt(tuple(desk.logs[log].history(stream)[-1:]))
    submission = Submission(
        command_id,
        desk.digest(name, whole),
        (*facts(reader, stream, version, events, because_of), *beside(state)),
    )
    return desk.save([Prepared(stream, {log: submission}, reader)])[0]


def act_named(
    desk: Desk,
    reader: Reader,
    name: str,
    told: str,
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
    """As `act`, about a stream that somebody names as `told`: it is looked up where the command is
    new, and for those alone whose role gives it."""
    if again := asked_before(desk, name, told, body, find, log=log, former=former, **command):
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
        told=told,
        beside=beside,
        **command,
    )


def asked_before(
    desk: Desk,
    name: str,
    told: str,
    body: object,
    find: Callable[[], UUID],
    *,
    command_id: UUID | None = None,
    because_of: Sequence[str] = (),
    log: LogName = "evidence",
    former: Callable[[], object] | None = None,
) -> Receipt | None:
    """What `act` answered to this very command before, asked with what somebody named its stream
    and before that is looked up. `former` is its body from before, where that held more."""
    if command_id is None:
        return None
    causes = tuple(because_of)
    return desk.repeated(
        command_id,
        name,
        [told, body, causes],
        log,
        former=lambda: [str(find()), former() if former else body, causes],
    )


def _receipt(recorded: tuple[Recorded, ...]) -> Receipt:
    first = recorded[0]
    proposed = isinstance(
        first.event,
        ProposalMade | ReleaseProposed | RightProposed | TeamMergeProposed | ErasureProposed,
    )
    language = blaming_language.offers(fact.event for fact in recorded)
    return Receipt(first.stream, first.ref, first.recorded, proposed, language)


def save_alone(
    desk: Desk, reader: Reader, log: LogName, stream: UUID, event: Event, command_id: UUID
) -> Receipt:
    """Save one event in a stream of its own; the same event in another stream is no repeat."""
    digest = desk.digest(event.stored.name, [stream, event])
    submission = Submission(command_id, digest, facts(reader, stream, 0, (event,)))
    return desk.save([Prepared(stream, {log: submission}, reader)])[0]
