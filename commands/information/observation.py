"""Commands that record log entries, and decide about them before they are assessed.

The file is long because each detail that a worker may give about a log entry is a plain argument.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Unpack
from uuid import UUID, uuid5

import msgspec

from access.who_may import scope
from access.who_may.event_rules import require_command
from commands.families.referral import recorded_case
from commands.information import shared_mentions
from commands.information.source import Informant, entered_for, has_source
from commands.information.source import prepare as prepare_source
from commands.kernel.declared import OnNamed, ignoring_desk
from commands.kernel.entity import end as find_end
from commands.kernel.item_references import about, act_on_item
from commands.kernel.known_cases import KnownCase
from commands.kernel.proposing import made_by
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Command, Desk, LostRace, Receipt, facts
from domain import forms
from domain.information import observation
from domain.information.observation import (
    Kind,
    Observation,
    ObservationFlagged,
    ObservationRead,
    ObservationRecorded,
    Outcome,
    SourceHeld,
)
from domain.information.source import SourceKind
from domain.kernel.codes import Direction
from domain.kernel.envelope import Event, LogUnavailable, Submission
from domain.kernel.values import (
    FactOrOpinion,
    HowKnown,
    Mention,
    MentionKind,
    Origin,
    QualityCode,
    Reader,
    Refused,
    TakesTwo,
    When,
    WordsForm,
)
from domain.people_and_teams import two_person
from domain.people_and_teams.two_person import PendingProposals
from projections.families import cases
from projections.intelligence import people
from projections.kernel import schema

Flag = tuple[QualityCode, str, str | None]


def prepare(
    desk: Desk,
    reader: Reader,
    *,
    words: str,
    command_id: UUID | None = None,
    kind: Kind = "snippet",
    form: WordsForm = "verbatim",
    case: str | None = None,
    heard_from: str | None = None,
    source_kind: SourceKind = "not-known",
    relation: str | None = None,
    told_by: Sequence[str] = (),
    told: datetime | None = None,
    happened: When | None = None,
    how_known: HowKnown | None = None,
    how_known_words: str | None = None,
    urgent_reason: str | None = None,
    channel: str = "typed",
    opinion: FactOrOpinion = "not-known",
    noticed: Sequence[str] = (),
    origin: Origin | None = None,
    mentions: Sequence[Mention] = (),
    urgency_signs: Sequence[str] = (),
    drift_signs: Sequence[str] = (),
    grammar: str = "none",
    flags: Sequence[Flag] = (),
    because_of: Sequence[str] = (),
    register_answers: bool = True,
) -> Prepared:
    """Prepare a log entry to be recorded; only its text is required. If no case has the given
    reference, the entry is recorded with the reference as typed, and flagged.

    Raises Refused if the entry has no text, or has a sign of exploitation that is not in the list.
    """
    if forms.is_blank(words):
        raise Refused("there is no text to record: write what was said or seen")
    signs = observation.checked_signs(noticed)
    command_id = command_id or desk.new_random_id()
    teller = Informant(heard_from, source_kind, relation, tuple(told_by))
    entered = entered_for(desk, command_id) if has_source(teller, how_known) else None
    stream = entered or desk.new_id()
    flags = list(flags)
    found_item: UUID | None = None
    child_names: tuple[str, ...] = ()
    if case:
        found_item, child_names = find_case_to_file(desk, reader, case)
    if case and found_item is None:
        flags.append(("case-unknown", "case", case))
    told_us = prepare_source(
        desk,
        reader,
        command_id=command_id,
        observation=stream,
        teller=teller,
        case=found_item,
        child_names=child_names,
        how_known=how_known,
        register_answers=register_answers,
    )
    recorded = ObservationRecorded(
        kind=kind,
        form=form,
        words=words,
        case=found_item,
        told=told,
        entry=told_us.entry,
        root=told_us.root,
        chain=told_us.chain,
        how_known=how_known,
        urgent=urgent_reason is not None,
        channel=channel,
        opinion=opinion,
        origin=origin,
        happened=happened,
        how_known_words=how_known_words,
        case_told=case if found_item is None else None,
        urgent_reason=urgent_reason,
        noticed=signs,
    )
    before_times = told is not None and told.year < observation.FIRST_YEAR
    # A time in a file that is impossible is left out and flagged. Deadlines then run from the time
    # of the import.
    first = msgspec.structs.replace(recorded, told=None) if before_times else recorded
    events: list[Event] = [first]
    if mentions or urgency_signs or drift_signs:
        read = (tuple(urgency_signs), tuple(drift_signs))
        events.append(ObservationRead(grammar, tuple(mentions), *read))
    events += [ObservationFlagged(*flag) for flag in flags]
    if told_us.held and told_us.entry:
        events.append(SourceHeld(told_us.entry, told_us.held))
    body = _body(recorded, case, heard_from, source_kind, relation, told_by, because_of)
    submissions: dict[Any, Submission] = {
        "evidence": Submission(
            command_id,
            desk.digest("observation.record", body),
            facts(reader, stream, 0, events, because_of),
        )
    }
    if told_us.submission:
        submissions["sources"] = told_us.submission
    return Prepared(stream, submissions, reader)


def find_case_to_file(desk: Desk, reader: Reader, case: str) -> tuple[UUID | None, tuple[str, ...]]:
    """Return the case under which a new log entry is filed, and the names of the case's child. A
    batch of entries looks up each case only once. Raises LogUnavailable.
    """
    return desk.once(("filed", reader, case), lambda: _look_up_case(desk, reader, case))


def _look_up_case(desk: Desk, reader: Reader, case: str) -> tuple[UUID | None, tuple[str, ...]]:
    """Return the case that a text names. A case that the views do not have is looked up in the log,
    there only by its whole reference or id.
    """

    def look(waiting: bool) -> tuple[KnownCase | None, int]:
        with desk.asking(None if waiting else 0) as db:
            read_to = schema.read_to(db, cases.VIEW, "evidence")
            found_item = cases.find(db, reader, case)
            child = cases.children(db, reader, found_item).get(found_item) if found_item else None
            if not found_item or not child:
                return None, read_to
            return KnownCase(found_item, child, people.names(db, reader, child)), read_to

    if desk.indexed is None:
        desk.look()
    else:  # during a batch, the newest events are read only once
        desk.once("looked", desk.look)
    try:
        if known_case := desk.cases.find(reader, case, look):
            return known_case.case, known_case.names
    except LogUnavailable:
        pass
    return recorded_case(desk, reader, case), ()


def _body(recorded: ObservationRecorded, *rest: object) -> list[object]:
    """Return the input by which a repeated command is recognised: all fields as the user entered
    them, without values that the program looked up.
    """
    return [
        recorded.kind,
        recorded.form,
        recorded.words,
        recorded.told,
        recorded.how_known,
        recorded.channel,
        recorded.opinion,
        recorded.origin,
        recorded.happened.words if recorded.happened else None,
        recorded.how_known_words,
        recorded.urgent_reason,
        *rest,
        # an empty value is left out, so that the digest is the same as before this field existed
        *([recorded.noticed] if recorded.noticed else []),
    ]


#: The number of attempts to record an entry while other workers register the same source.
TRIES = 3


def record(desk: Desk, reader: Reader, **told: Any) -> Receipt:
    """Record one log entry; the arguments are those of `prepare`.

    The entry's text is saved even if the source register fails: then the encrypted source is stored
    with the text, and transferred later. If another command registers the same new source at the
    same time, the write is tried again.
    """
    told["command_id"] = told.get("command_id") or desk.new_random_id()
    for left in reversed(range(TRIES)):
        prepared = prepare(desk, reader, **told)
        if "sources" in prepared.submissions and desk.known_commands([told["command_id"]]):
            del prepared.submissions["sources"]
        try:
            return desk.save([prepared])[0]
        except LostRace:
            if not left:
                raise
        except LogUnavailable:
            if "sources" not in prepared.submissions:
                raise
            told["register_answers"] = False
    raise AssertionError("the last attempt returns a receipt or raises an error")


def _act(
    desk: Desk,
    reader: Reader,
    name: str,
    item: UUID | str,
    decide: Callable[[Observation], tuple[Event, ...]],
    body: list[object],
    *,
    former: Callable[[], object] | None = None,
    **command: Unpack[Command],
) -> Receipt:
    return act_on_item(
        desk,
        reader,
        name,
        item,
        "observation",
        Observation(),
        observation.evolve,
        decide,
        body,
        former=former,
        **command,
    )


def take(desk: Desk, reader: Reader, item: UUID | str, **command: Unpack[Command]) -> Receipt:
    """Record that the reader has taken a log entry to assess it."""
    return _act(desk, reader, "observation.take", item, observation.take, [reader.name], **command)


def change_urgency(
    desk: Desk,
    reader: Reader,
    item: UUID | str,
    direction: Direction,
    reason: str,
    **command: Unpack[Command],
) -> Receipt:
    """Raise or lower the urgency of a log entry."""
    change = raise_urgency if direction == "up" else lower_urgency
    return change(desk, reader, item, reason, **command)


#: Mark a log entry as urgent.
raise_urgency = OnNamed(
    "observation.raise",
    "observation",
    Observation(),
    observation.evolve,
    ignoring_desk(observation.raise_urgency),
)


def lower_urgency(
    desk: Desk, reader: Reader, item: UUID | str, reason: str, **command: Unpack[Command]
) -> Receipt:
    """Lower the urgency of a log entry, as a named assessor. If a person set the present urgency,
    the change is only proposed, and a second person has to confirm it.
    """

    def decide(state: Observation) -> tuple[Event, ...]:
        try:
            return observation.lower_urgency(state, reason, assessor=reader.assessor)
        except TakesTwo:
            words = about(desk, reader, item, "observation")
            waiting, _ = desk.fold(words, PendingProposals(), two_person.evolve)
            return two_person.propose(waiting, made_by(reader, "lower-urgency", words, reason))

    return _act(desk, reader, "observation.lower", item, decide, [reason], **command)


def correct(
    desk: Desk,
    reader: Reader,
    item: UUID | str,
    words: str,
    reason: str | None,
    read: ObservationRead | None = None,
    **command: Unpack[Command],
) -> Receipt:
    """Add a correction to a log entry; `read` holds the mentions read in it."""
    return _act(
        desk,
        reader,
        "observation.correct",
        item,
        lambda s: observation.correct(s, words, reason, read),
        [words, reason],
        **command,
    )


def refile(
    desk: Desk,
    reader: Reader,
    item: UUID | str,
    case: str,
    reason: str | None,
    **command: Unpack[Command],
) -> Receipt:
    """Move a log entry that was filed under the wrong family. Raises Refused for an unknown
    case."""

    def find_case() -> UUID:
        with desk.deciding() as db:
            found_item = cases.find(db, reader, case)
        if found_item is None:
            raise Refused(f"there is no case {case!r}", field="case")
        return found_item

    def decide(state: Observation) -> tuple[Event, ...]:
        return observation.refile(state, find_case(), reason)

    return _act(
        desk,
        reader,
        "observation.refile",
        item,
        decide,
        [case, reason],
        former=lambda: [find_case(), reason],
        **command,
    )


def triage(
    desk: Desk,
    reader: Reader,
    item: UUID,
    outcome: Outcome,
    reason: str,
    *,
    looked: bool = False,
    **command: Unpack[Command],
) -> Receipt:
    """Record an assessor's first decision about one log entry (triage). A fixed share of the
    decisions that an entry has no value is checked by a second person. The id of the entry
    determines whether it is checked, so that no person can choose.

    `looked` means that the reader has looked at possible corroboration. Raises what
    `observation.triage` raises.
    """
    draw = uuid5(item, "no-value-audit").int % max(desk.policy.no_value_sample, 1)
    return _act(
        desk,
        reader,
        "observation.triage",
        item,
        lambda s: observation.triage(
            s,
            outcome,
            reason,
            sampled=draw == 0,
            others=0 if looked else shared_mentions.count_others(desk, reader, item),
        ),
        [outcome, reason, *(["looked"] if looked else [])],
        **command,
    )


def require_nameable(desk: Desk, reader: Reader, item: UUID) -> None:
    """Raise Refused or Hidden if the reader may not confirm a mention in this entry. Called before
    a new person is recorded for the mention, so that a refused confirmation records no person.
    """
    require_command(reader, "observation.confirm")
    observation.require_current(
        desk.current_state(reader, item, Observation(), observation.evolve)[0]
    )
    if not desk.reaches(reader, "observation.confirm", item):
        raise scope.hidden_error("observation", str(item))


def confirm(
    desk: Desk,
    reader: Reader,
    named: UUID | str,
    who: str,
    words: str | None = None,
    *,
    command_id: UUID | None = None,
    because_of: Sequence[str] = (),
) -> Receipt:
    """Confirm that `words`, a part of a log entry's text, names the person or thing `who`. A thing
    given as `kind:value` is recorded if it is new. Raises Refused if the text does not contain
    `words`.
    """
    command_id = command_id or desk.new_random_id()
    details = [who, words, tuple(because_of)]
    body = [named, *details]

    def find() -> UUID:
        return about(desk, reader, named, "observation")

    again = desk.repeated(
        command_id, "observation.confirm", body, former=lambda: [find(), *details]
    )
    if again:
        return again
    item = find()
    entity, kind, new, unique = find_end(desk, reader, who)
    state, version = desk.current_state(reader, item, Observation(), observation.evolve)
    mention = None
    if words:
        start = observation.find_words(state.words, words)
        if start < 0:
            told_wrong = f"the words {words!r} do not occur in this log entry"
            raise Refused(told_wrong, field="words")
        if kind == "incident":
            raise Refused(
                "no text in a log entry can name an incident: link the incident to the entry "
                "instead",
                field="who",
            )
        read_as: MentionKind = "vrm" if kind == "vehicle" else kind
        mention = Mention(start, start + len(words), read_as, None, 1.0)
    events = observation.confirm(state, entity, mention)
    if not events:
        last = desk.logs["evidence"].history(item)[-1]
        return Receipt(item, last.ref, last.recorded)
    made = facts(reader, item, version, events, because_of) + new
    submission = Submission(command_id, desk.digest("observation.confirm", body), made, unique)
    return desk.save([Prepared(item, {"evidence": submission}, reader)])[0]


#: Record that the program misread certain words of a log entry.
misread = OnNamed(
    "observation.misread",
    "observation",
    Observation(),
    observation.evolve,
    ignoring_desk(observation.misread),
)
