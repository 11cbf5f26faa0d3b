"""A subject's request: find all that is held, propose, let a person decide, answer.

The search reads the whole evidence log: whatever names the subject, by id or by a name, is found,
in whichever view it stands or in none.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import msgspec

from access import scope
from commands import disclosure
from commands.desk import Desk, Receipt, act
from commands.disclosure import Document, Shared
from domain import subject_request
from domain.envelope import Recorded, Regime
from domain.observation import ObservationRead, ObservationRecorded
from domain.subject_request import (
    Decision,
    Exemption,
    Request,
    RequestItemDecided,
)
from domain.values import Handling, Reader, Refused
from projections import people
from projections.schema import Db

#: Never given: who told us, through whom, and who works with whom.
NEVER = frozenset(
    {
        "entry", "root", "chain", "origin", "held", "referrer", "worker", "second", "product",
        "produced_by", "giver", "receiver", "location", "recipient", "asked_by", "case", "urn",
    }
)  # fmt: skip
#: What a machine read in the words that may lead to somebody else.
LEADS = frozenset({"phone", "vrm", "vrm_partial", "handle", "postcode"})
OTHER, LEFT_OUT = "[another person]", "[left out]"
ANSWERS = UUID("c7f5b0de-2f2d-5a53-8e07-93d8a1f0b6c4")
PAGE = 1_000


@dataclass
class Held:
    """What is held about the subject in one item: its text without other people, under which law
    it stands, and what is proposed. A person decides."""

    item: UUID
    what: str
    regime: Regime
    controller: str
    text: str
    proposed: Decision
    exemption: Exemption | None
    why: str
    facts: list[Recorded] = field(default_factory=list, repr=False)


def assemble(desk: Desk, db: Db, reader: Reader, subject: UUID) -> list[Held]:
    """All that is held about a person, item by item, in the order in which it was recorded; on a
    store with accounts, as far as the reader sees it: whoever answers has all of its cases."""
    group = people.clusters(db, reader)
    leader = group.get(subject, subject)
    ids = {one for one, lead in group.items() if lead == leader} | {subject}
    everybody = people.entities(db, reader)
    own = {name for one in ids if one in everybody for name in everybody[one].names}
    others = {
        name
        for one in everybody.values()
        if one.id not in ids and one.kind == "person"
        for name in one.names
    }
    own_names, other_names = _names(own), _names(others - own)
    found: dict[UUID, Held] = {}
    streams: dict[UUID, list[Recorded]] = {}
    for fact in _everything(desk):
        streams.setdefault(fact.stream, []).append(fact)
    keys = [str(one) for one in ids]
    for stream, facts in streams.items():
        raw = " ".join(msgspec.json.encode(fact.event).decode() for fact in facts)
        by_id = stream in ids or any(key in raw for key in keys)
        if by_id or (own_names and own_names.search(raw)):
            found[stream] = _held(stream, facts, other_names, "an id" if by_id else "a name")
    visible = scope.seen(db, reader, found)
    return [held for item, held in found.items() if item in visible]


def _everything(desk: Desk) -> Iterator[Recorded]:
    log, after = desk.logs["evidence"], 0
    while page := log.read(after, PAGE):
        yield from page
        after = page[-1].seq


def _names(names: Collection[str]) -> re.Pattern[str] | None:
    """What finds any of these names, and their longer words, in a text."""
    words = {name for name in names if len(name) > 2}
    words |= {part for name in names for part in name.split() if len(part) > 3}
    any_of = "|".join(re.escape(word) for word in sorted(words, key=lambda w: (-len(w), w)))
    return re.compile(rf"(?<!\w)(?:{any_of})(?!\w)", re.IGNORECASE) if words else None


def _held(stream: UUID, facts: list[Recorded], others: re.Pattern[str] | None, why: str) -> Held:
    kind = facts[0].event.stored.name.partition(".")[0]
    lines = [line for fact in facts for line in _lines(fact, facts)]
    text = "\n".join(lines)
    if others:
        text = others.sub(OTHER, text)
    proposed: Decision = "give"
    exemption: Exemption | None = None
    if kind == "observation":
        proposed, exemption = "withhold", "source"
    elif OTHER in text or LEFT_OUT in text:
        proposed, exemption = "redact", "others-rights"
    first = facts[0]
    return Held(stream, kind, first.regime, first.controller, text, proposed, exemption, why, facts)


def _lines(fact: Recorded, facts: list[Recorded]) -> Iterator[str]:
    """One fact in words, without what is never given."""
    if isinstance(fact.event, ObservationRead):
        return
    told = msgspec.to_builtins(fact.event)
    if isinstance(fact.event, ObservationRecorded):
        told["words"] = _without_leads(fact.event.words, facts)
    for name, value in told.items():
        if name not in NEVER and value not in (None, [], {}, "", False):
            yield f"{name.replace('_', ' ')}: {_plain(value)}"


def _without_leads(words: str, facts: list[Recorded]) -> str:
    """The words without numbers, plates and accounts that were read in them."""
    read = [m for f in facts if isinstance(f.event, ObservationRead) for m in f.event.mentions]
    for one in sorted(read, key=lambda m: -m.start):
        if one.kind in LEADS:
            words = words[: one.start] + LEFT_OUT + words[one.end :]
    return words


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{k}: {_plain(v)}" for k, v in value.items() if v is not None)
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    return _ID.sub("(an item)", str(value))


_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def receive(
    desk: Desk,
    reader: Reader,
    subject: UUID,
    requester: str,
    received: datetime,
    *,
    command_id: UUID | None = None,
) -> Receipt:
    """Open a request; its answer is due one month later."""
    command_id = command_id or desk.new_random_id()
    return _act(
        desk,
        reader,
        "request.receive",
        uuid5(ANSWERS, str(command_id)),
        lambda s: subject_request.receive(s, subject, requester, received),
        [str(subject), requester, received],
        command_id,
    )


def extend(
    desk: Desk, reader: Reader, request: UUID, reason: str, *, command_id: UUID | None = None
) -> Receipt:
    return _act(
        desk,
        reader,
        "request.extend",
        request,
        lambda s: subject_request.extend(s, reason),
        [reason],
        command_id,
    )


def decide(
    desk: Desk,
    reader: Reader,
    request: UUID,
    decided: RequestItemDecided,
    *,
    command_id: UUID | None = None,
) -> Receipt:
    """A person decides about one item."""
    return _act(
        desk,
        reader,
        "request.decide",
        request,
        lambda s: subject_request.decide_item(s, decided),
        decided,
        command_id,
    )


def state_of(desk: Desk, request: UUID) -> Request:
    """The request as it stands. Raises Refused where there is none."""
    state, _ = desk.fold(request, Request(), subject_request.evolve, "access")
    if state.subject is None:
        raise Refused("there is no such request")
    return state


def answer(
    desk: Desk, db: Db, reader: Reader, request: UUID, requester: str
) -> tuple[Receipt, Document]:
    """Release what was decided to be given, once every item found has a decision."""
    state = subject_request.standing(state_of(desk, request))
    assert state.subject  # noqa: S101 (it stands)
    items = frozenset(one.item for one in assemble(desk, db, reader, state.subject))
    subject_request.answer(state, items, request)
    given = [one for one in state.decided.values() if one.decision != "withhold"]
    shared = [Shared(one.item, "held about you", one.text or "", None, Handling()) for one in given]
    if not shared:
        nothing = "Nothing is held about you that can be given."
        shared = [Shared(state.subject, "answer", nothing, None, Handling())]
    receipt, document = disclosure.disclose(
        desk,
        reader,
        shared,
        basis="subject-access",
        purpose="the answer to the subject's own request",
        recipients=[requester],
        checked="each item was decided about by a person",
        command_id=uuid5(ANSWERS, f"{request}/disclosed"),
    )
    _act(
        desk,
        reader,
        "request.answer",
        request,
        lambda s: subject_request.answer(s, items, receipt.id),
        [str(receipt.id)],
        uuid5(ANSWERS, f"{request}/answered"),
    )
    return receipt, document


def add_statement(
    desk: Desk,
    reader: Reader,
    item: UUID,
    words: str,
    reason: str,
    *,
    command_id: UUID | None = None,
) -> Receipt:
    """Put the subject's statement beside an item; what was recorded first stays."""
    return act(
        desk,
        reader,
        "item.add_statement",
        item,
        False,
        lambda known, event: True,
        lambda known: subject_request.add_statement(known, words, reason),
        [words, reason],
        command_id=command_id,
    )


def _act(
    desk: Desk,
    reader: Reader,
    name: str,
    request: UUID,
    decide: Any,
    body: Any,
    command_id: UUID | None,
) -> Receipt:
    return act(
        desk,
        reader,
        name,
        request,
        Request(),
        subject_request.evolve,
        decide,
        body,
        command_id=command_id,
        log="access",
    )
