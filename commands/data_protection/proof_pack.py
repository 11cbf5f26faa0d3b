"""Packs of proofs: archives with which a third party can verify an item, and everything on which
the item is based, without access to the store.

A pack has the facts of the item, the facts that caused them, and so on. Later facts based on the
item are only listed. An auditor's pack also lists the facts that are left out, with the reason;
every other pack has the same notice that steps may be hidden from its reader.

The manifest (list of contents) is recorded before the archive is handed over, and the archive has
the proof of this record. So making a pack takes until the signer has signed the record.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

import msgspec
from msgspec import Struct

from access.who_may import scope, telling
from access.who_may.event_rules import require_command
from commands.data_protection import exporting
from commands.kernel.unit_of_work import Desk
from domain.families.charity_support import EVENTS as SUPPORT
from domain.justice.victim_request import BY_REQUEST
from domain.kernel.envelope import LogName, Recorded, Unprovable
from domain.kernel.values import Hidden, Reader, Refused
from projections.kernel import trail
from projections.kernel.database import Db
from projections.kernel.trail import Trail

#: Seconds between two checks whether the signer has signed the record of the pack.
LOOKS = 0.25
#: The notice in every pack, except an auditor's pack. It is the same whether or not a step is
#: hidden.
NOTICE = "This is one reader's view. Steps may be closed to its reader: what was is not in it."
CLOSED = "closed to its reader: an authority for its case opens it"
NOT_WHOLE = "some of its steps are closed to its reader"

Opens = Callable[[UUID], Mapping[int, str | None]]


class PackSources(Protocol):
    """The parts of the store, and of the signer's published data, that a pack of proofs needs."""

    def signs(self, log: LogName) -> int: ...

    def draft_pack(
        self,
        item: UUID,
        facts: Mapping[str, Sequence[UUID]],
        pages: Mapping[str, str],
        statements: Mapping[str, object],
        opens: Opens | None,
        made: datetime,
        fact: UUID,
    ) -> tuple[bytes, str]: ...

    def finish_pack(self, content: bytes) -> bytes: ...


class SignerPatience(Struct, frozen=True):
    """How long the program waits for the signer before it makes a pack of proofs: the number of
    seconds, and the function that sleeps.
    """

    seconds: float
    sleep: Callable[[float], None]

    def until(self, signed: Callable[[], bool]) -> bool:
        """Wait until the function `signed` returns True, and return True. Return False if that does
        not happen within the time allowed.
        """
        left = self.seconds
        while not signed():
            if left <= 0:
                return False
            self.sleep(LOOKS)
            left -= LOOKS
        return True


class ProofPack(Struct, frozen=True):
    """A pack of proofs: `content` is the archive, `items` are the ids of the items in it, and
    `trail` is the audit trail of the item for which the pack was made. `finished` is True if the
    archive contains the proof that its manifest (list of contents) was recorded.
    """

    content: bytes
    finished: bool
    items: tuple[UUID, ...]
    trail: Trail


class _Closure(Struct, frozen=True):
    """The contents of a pack of proofs. `facts` are the facts of each item; `causes` are the items
    that caused a fact, by the fact's reference; `whole` are the log positions of facts whose causes
    are all in the pack; `left_out` are the steps and items left out, each with its reason.
    """

    facts: dict[UUID, Sequence[Recorded]]
    causes: dict[str, list[UUID]]
    whole: frozenset[int]
    left_out: tuple[dict[str, object], ...]


def make(
    desk: Desk,
    reader: Reader,
    office: PackSources,
    item: UUID,
    waiting: SignerPatience,
    *,
    opens: Opens | None = None,
    recipient: str | None = None,
    purpose: str | None = None,
) -> ProofPack:
    """Return the archive with the proofs of an item and of everything on which the item is based.
    With `opens`, which gives the secrets to decrypt records, the archive also has their text.

    Raises Hidden if no proof of the item may be made for this reader; Refused if the item is a
    support note of the charity; Denied if the reader's role has no access to trails; Unprovable if
    the signer has not yet signed the item's events.
    """
    require_command(reader, "pack.make")
    with desk.deciding() as db:
        back = trail.back(db, reader, item)
        closure = _closure(desk, db, reader, item, back)
        later = trail.forward(db, reader, item).steps
        words = _words(db, reader, closure.facts) if opens else None
    last = max(fact.seq for facts in closure.facts.values() for fact in facts)
    if not waiting.until(lambda: office.signs("evidence") >= last):
        raise Unprovable(
            "the newest signed checkpoint does not cover all events of this item: wait for the "
            "next checkpoint, or run the signer"
        )
    audits = back.gaps is not None
    manifest_fields: dict[str, object] = (
        {"left_out": closure.left_out} if audits else {"notice": NOTICE}
    )
    manifest_fields["elsewhere"] = [
        {"fact": step.ref, "event": step.event} for step in later if step.id not in closure.facts
    ]
    pages = {"trail.txt": _page(back, audits=audits)} | ({"words.txt": words} if words else {})
    fact = desk.new_random_id()
    only = _opening(opens, closure.whole) if opens else None
    content, manifest = office.draft_pack(
        item, closure.causes, pages, manifest_fields, only, desk.clock(), fact
    )
    exporting.record_export(
        desk,
        reader,
        form="pack",
        sha256=manifest,
        ids=tuple(closure.facts),
        filters={"words": "yes" if opens else "no"},
        recipient=recipient,
        purpose=purpose,
    )
    exporting.record_pack(desk, reader, fact, manifest)
    finished = waiting.until(lambda: _signed(desk, office, fact))
    if finished:
        content = office.finish_pack(content)
    return ProofPack(content, finished, tuple(closure.facts), back)


def _signed(desk: Desk, office: PackSources, fact: UUID) -> bool:
    try:
        return office.signs("access") >= desk.logs["access"].history(fact)[0].seq
    except Unprovable:
        return False


def _opening(opens: Opens, whole: frozenset[int]) -> Opens:
    """Return a function like `opens`, which returns the secrets that decrypt an item's records, but
    limited to the records at the positions `whole`. All causes of those records are in the pack. A
    decrypted record shows the ids of its causes, so records with a cause outside the pack stay
    encrypted.
    """
    return lambda item: {seq: secret for seq, secret in opens(item).items() if seq in whole}


def _closure(desk: Desk, db: Db, reader: Reader, item: UUID, back: Trail) -> _Closure:
    """Collect the facts for a pack of proofs: those of the item, and of every item on which it is
    based. Items of which the reader may not see every fact are left out.
    """
    readable_by_item: dict[UUID, telling.ReadableFacts] = {}
    facts: dict[UUID, Sequence[Recorded]] = {}
    not_whole: dict[UUID, str] = {}
    frontier = [item, *(step.id for step in back.steps)]
    while frontier:
        item_id = frontier.pop()
        if item_id in facts or item_id in not_whole:
            continue
        history = desk.logs["evidence"].history(item_id)
        if history and isinstance(history[0].event, SUPPORT):
            not_whole[item_id] = BY_REQUEST
            continue
        if not telling.provable(db, reader, [history]):
            not_whole[item_id] = NOT_WHOLE if history else "no item of the evidence log"
            continue
        readable_by_item[item_id] = telling.readable_facts(db, reader, history)
        facts[item_id] = history
        frontier += (
            cause
            for fact in readable_by_item[item_id].facts
            for cause in trail.led_by(fact, readable_by_item[item_id].seen)
        )
    if not_whole.get(item) == BY_REQUEST and scope.is_item_visible(db, reader, item):
        raise Refused(BY_REQUEST)
    if item not in facts:
        raise Hidden(f"there is no item {str(item)!r}")
    causes = {
        fact.ref: [
            item_id
            for item_id in trail.led_by(fact, readable_by_item[stream].seen)
            if item_id in facts
        ]
        for stream in facts
        for fact in readable_by_item[stream].facts
    }
    whole = frozenset(
        fact.seq
        for stream, history in facts.items()
        for fact in history
        if set(trail.led_by(fact, None)) <= facts.keys()
    )
    gaps: list[dict[str, object]] = [
        {
            "step": gap.step,
            "event": gap.event,
            "stage": gap.stage,
            "learned": gap.learned.isoformat(),
            "reason": CLOSED,
        }
        for gap in back.gaps or ()
    ]
    gaps += (
        {"item": str(item_id), "reason": reason} for item_id, reason in sorted(not_whole.items())
    )
    return _Closure(facts, causes, whole, tuple(gaps))


def _page(back: Trail, *, audits: bool) -> str:
    """Return an item's audit trail as text: events, times, authors and causes."""
    lines = [] if audits else [NOTICE]
    lines += [
        f"CLOSED: step {gap.step}, {gap.event}, {gap.stage or 'no stage'}, {_iso(gap.learned)}"
        for gap in back.gaps or ()
    ]
    if back.whole:
        lines.append(f"The whole chain, closed steps included: SHA-256 {back.whole}")
    for step in back.steps:
        stage = f" ({step.stage})" if step.stage else ""
        opinion = " (opinion)" if step.opinion else ""
        lines.append(f"{_iso(step.learned)}  {step.event}{opinion}{stage}  {step.id}  by {step.by}")
        lines += [f"    because of {cause}" for cause in step.because_of]
    return "\n".join(lines) + "\n"


def _words(db: Db, reader: Reader, facts: Mapping[UUID, Sequence[Recorded]]) -> str:
    """Return the contents of the items in `facts` as one text, limited to the contents that this
    reader may see.
    """
    lines: list[str] = []
    for item, history in facts.items():
        lines.append(str(item))
        readable_facts = telling.readable_facts(db, reader, history)
        for fact in readable_facts.facts:
            lines.append(f"  {_iso(fact.recorded)}  {fact.event.stored.name}  by {fact.by}")
            lines += [
                f"    {key}: {_value(value)}"
                for key, value in readable_facts.readable_fields(fact).items()
            ]
    return "\n".join(lines) + "\n"


def _value(value: object) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
