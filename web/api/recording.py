"""Operations by which a worker records an entry, and an assessor decides about the queue."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from commands.information import observation
from commands.kernel.unit_of_work import Receipt
from commands.people_and_teams import rota
from domain.information.observation import ObservationRead, ObservationRecorded, Outcome
from domain.kernel.codes import Noticed
from domain.kernel.values import FactOrOpinion, HowKnown, Mention, WordsForm
from domain.language import BlamingPhrase
from domain.people_and_teams.rota import OnCall
from ingest import reading
from ingest.reading.open_points import OpenQuestion, open_questions
from ingest.words import record_words
from projections.information import queue as waiting
from projections.information.queue import QueueItem, QueuePosition
from web.api.call import ApiCall
from web.api.operation import get, post
from web.api.pages import Cursor, Limit, Page, page, place_after

Text = Annotated[str, Meta(min_length=1, max_length=500_000)]
Short = Annotated[str, Meta(min_length=1, max_length=20_000)]
Moment = Annotated[datetime, Meta(tz=True)]


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A log entry; only the words are required.

    `when` is the time of the event in the source's words; `told` the time at which a worker heard
    it; `relation` the source's relation to the child; `urgent` the reason why the entry cannot
    wait; `told_by` the people from whom the source heard it, the nearest first; `noticed` the signs
    from a list that the parents noticed.
    """

    words: Text
    case: Short | None = None
    heard_from: Short | None = None
    relation: Short | None = None
    told_by: tuple[Short, ...] = ()
    when: Short | None = None
    told: Moment | None = None
    how_known: HowKnown | None = None
    how_known_words: Short | None = None
    urgent: Short | None = None
    form: WordsForm = "verbatim"
    opinion: FactOrOpinion = "not-known"
    noticed: tuple[Noticed, ...] = ()
    because_of: tuple[UUID, ...] = ()


class Recorded(Struct, frozen=True):
    """The recorded entry: its receipt, the mentions (which decide nothing), and whether the urgent
    deadline applies.

    `urgency_signs` are the signs because of which the entry is proposed as urgent. `receipt` is for
    the recorder: it proves later that the words are unchanged. `on_call` says which person is
    called until a worker takes the entry, `not_escalated` that overdue items are not escalated.
    `noticed` are the signs that parents notice, as recognised in the words; `still_open` are the
    questions that a worker may ask next (no parent is given a task). If a child is in danger now,
    ring 999.
    """

    id: UUID
    ref: str
    recorded: datetime
    urgent: bool
    urgency_signs: tuple[str, ...]
    mentions: tuple[Mention, ...]
    receipt: dict[str, Any]
    on_call: OnCall
    language: tuple[BlamingPhrase, ...] = ()
    not_escalated: str | None = None
    noticed: tuple[Noticed, ...] = ()
    still_open: tuple[OpenQuestion, ...] = ()
    time_uncertain: str | None = None


@post("/observations", "record")
def record(call: ApiCall, given: Words) -> Recorded:
    """Record a log entry. An entry is never refused because its case is unknown: it is stored with
    the reference as given, and flagged.
    """
    recorded = record_words.record_entry(
        call.desk,
        call.reader,
        given.words,
        call.now,
        case=given.case,
        heard_from=given.heard_from,
        relation=given.relation,
        told_by=given.told_by,
        when=given.when,
        told=given.told,
        how_known=given.how_known,
        how_known_words=given.how_known_words,
        urgent_reason=given.urgent,
        form=given.form,
        opinion=given.opinion,
        noticed=given.noticed,
        because_of=call.causes(given.because_of),
        command_id=call.command_id,
    )
    facts = call.desk.logs["evidence"].history(recorded.receipt.id)
    event = next(f.event for f in facts if isinstance(f.event, ObservationRecorded))
    read = [f.event for f in facts if isinstance(f.event, ObservationRead)]
    urgent = event.urgent or any(read_event.urgency_signs for read_event in read)
    return Recorded(
        recorded.receipt.id,
        recorded.receipt.ref,
        recorded.receipt.recorded,
        urgent,
        tuple(sign for read_event in read for sign in read_event.urgency_signs),
        tuple(mention for read_event in read for mention in read_event.mentions),
        dict(call.system.receipt_for(recorded.receipt.id, recorded.receipt.ref)),
        rota.find_on_call(
            call.desk, call.reader.team, recorded.receipt.recorded if urgent else None
        ),
        recorded.receipt.language,
        call.system.unwatched(urgent=urgent),
        reading.noticed(recorded.words),
        open_questions(
            recorded.words,
            recorded.mentions,
            when=bool(given.when),
            how_known=bool(given.how_known or given.how_known_words),
        ),
        call.desk.clock_said,
    )


class Waits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The parameters that select a part of the queue."""

    overdue: bool = False
    limit: Limit = 50
    cursor: Cursor = None


@get("/queue", "queue")
def queue(call: ApiCall, asked: Waits) -> Page[QueueItem]:
    """Return log entries that are not assessed yet, most urgent first."""
    with call.reading() as db:
        rows, place = waiting.page(
            db,
            call.reader,
            call.now,
            call.clocks,
            overdue_only=asked.overdue,
            after=place_after(call, asked.cursor, QueuePosition),
            limit=asked.limit,
        )
    overdue = "true" if asked.overdue else None
    return page(call, rows, place, "/api/v1/queue", overdue=overdue, limit=asked.limit)


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A request body without fields."""


class Decision(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A decision about an item of the queue, and the reason."""

    outcome: Outcome
    reason: Short
    looked: Annotated[bool, Meta(description="I have looked at the possible corroboration")] = False


@post("/observations/{item}/triage", "triage")
def triage(call: ApiCall, item: UUID, given: Decision) -> Receipt:
    """Decide about one item of the queue."""
    call.require_kind(item, "observation")
    return observation.triage(
        call.desk,
        call.reader,
        item,
        given.outcome,
        given.reason,
        looked=given.looked,
        command_id=call.command_id,
    )


class Reason(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A request body with a reason."""

    reason: Short
