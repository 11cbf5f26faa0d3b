"""Erasures. An erasure is planned, proposed by one person, approved by another person, carried out,
and certified.

An erasure that was interrupted while it was carried out can be carried out again: each step has its
own command id, and recorded steps are skipped. The file is long because planning, deciding and
carrying out all need the state of one erasure.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol, TypeVar
from uuid import UUID, uuid5

from msgspec import Struct, structs

from access.who_may import scope
from access.who_may.event_rules import require_for_event
from commands.data_protection import copies
from commands.erasure import erasure_plan, retention, successors
from commands.erasure.erasure_plan import Needed, NotErasable, Plan
from commands.erasure.erasure_reach import NOT_ALONE, is_unidentified_request, reached, visible
from commands.erasure.hold_reach import Reckoning
from commands.erasure.item_states import item_states
from commands.exchange.offer import end_messages
from commands.information import originals, source
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Desk, LostRace, Receipt, facts
from commands.kernel.users import address_stream
from commands.kernel.whole_logs import facts_of
from domain.data_protection import erasure
from domain.data_protection.erasure import (
    ERASURES,
    GONE,
    IN_LOG,
    Basis,
    Erasure,
    ErasureApproved,
    ErasureCertified,
    ErasureHeldBack,
    ErasurePlanned,
    ErasureProposed,
    KeysDestroyed,
    Outcome,
    Planned,
    Redaction,
    RedactionsWritten,
    outcome,
)
from domain.data_protection.erasure_told import PART, accounts_of
from domain.kernel.envelope import CommandReused, Event, LogName, Shredded, Submission
from domain.kernel.values import Denied, Reader, Refused
from domain.people_and_teams.store_admin import FileReceived1

T = TypeVar("T")
#: The largest number of subjects of one erasure, because their ids have to fit into one event.
MOST = 20_000
#: The prefix of `address:NAME`, with which a user names a colleague's e-mail address as the subject
#: of an erasure.
ADDRESS = "address:"
FIRST = "{who} approved this first: it is carried out once"


class Eraser(Protocol):
    """The interface that destroys the data of an erasure: first keys in the logs, then files, then
    rows of views. The approval is recorded inside the context manager `taking_out`, and from then
    on no item of the erasure is shown. If a user waits for the answer, `purge` returns True and
    leaves the views to a background task, which builds them again and then calls `complete`.
    """

    def taking_out(self, items: Collection[UUID]) -> AbstractContextManager[None]: ...

    def shred(
        self,
        doomed: Mapping[LogName, Collection[UUID]],
        keep_newest: Collection[UUID],
        holds: Reckoning,
    ) -> tuple[Shredded, ...]: ...

    def purge(self, originals: Sequence[str]) -> bool: ...


class Progress(Struct, frozen=True):
    """The progress of an erasure (proposed, refused, approved or certified), and the people who
    took these steps. `held_back` are the items that were restricted and not erased because the
    legal holds `holds` covered them. `cleared` is the time at which the keys were destroyed, if
    only the views still have to be built again.
    """

    id: UUID
    state: str
    subjects: tuple[UUID, ...]
    basis: Basis
    proposed_by: str
    approved_by: str | None
    items: tuple[Planned, ...]
    certificate: ErasureCertified | None
    held_back: tuple[UUID, ...] = ()
    holds: tuple[UUID, ...] = ()
    cleared: datetime | None = None

    @property
    def outcome(self) -> Outcome:
        """Return the overall result of the erasure."""
        return outcome(item.fate for item in self.items)


# --- planning -----------------------------------------------------------------------------------


class TextsNeeded(Refused):
    """Raised if texts that name several people need a person's replacement text; `needed` lists the
    texts.
    """

    def __init__(self, needed: Sequence[Needed]) -> None:
        super().__init__(
            f"{len(needed)} texts need a redaction by a person (--redactions FILE, one JSON line "
            'each: {"id": …, "words": …}): '
            + ", ".join(str(text_needed.id) for text_needed in needed[:20])
        )
        self.needed = needed


def plan(
    desk: Desk, reader: Reader, subjects: Collection[UUID], redactions: Iterable[Redaction] = ()
) -> Plan:
    """Return the items that an erasure would change, with the effect on each; nothing is written.
    Raises Refused for an invalid subject. Raises Denied if the reader may not erase all of the
    items; then a person with access to all items has to propose the erasure.
    """
    require_for_event(reader, "erasure.proposed")
    if hidden := set(subjects) - reached(desk, reader, subjects):
        raise scope.hidden_error("item", str(min(hidden)))
    reckoning, sees = Reckoning(desk.logs), partial(visible, desk, reader)
    try:
        made = _plan(desk, reckoning, subjects, tuple(redactions), sees)
    # the error's message names the kind of the item, so an item hidden from the reader gets another
    # error
    except NotErasable as error:
        with desk.deciding() as db:
            seen = scope.visible_items(db, reader, subjects)
        if reader.closed and (hidden := set(subjects) - seen):
            raise scope.hidden_error("item", str(min(hidden))) from error
        raise
    touched = {item.id for item in made.items} | set(made.perhaps)
    touched |= {text.id for text in (*made.needed, *made.stays)}
    if others := touched - reached(desk, reader, touched, also_unknown=True):
        raise Denied(NOT_ALONE if sees(others) == others else scope.HIDDEN)
    return made


def _plan(
    desk: Desk,
    reckoning: Reckoning,
    subjects: Collection[UUID],
    redactions: tuple[Redaction, ...],
    visible: erasure_plan.Visible = frozenset,
) -> Plan:
    if len(subjects) > MOST:
        raise Refused(f"one list may erase at most {MOST:,} subjects: make several lists")
    return erasure_plan.plan(reckoning.states, reckoning.reached(), subjects, redactions, visible)


def subject(desk: Desk, reader: Reader, text: str) -> UUID | None:
    """Return the id of an item to erase that no view lists. Return None if there is no such item,
    or if the reader may not erase it. `text` is the whole id of a source, a file, or an access
    request without an identified subject; the SHA-256 of a file; or `address:NAME` for the e-mail
    address of the colleague with that account name.
    """
    found_item = _subject(desk, text)
    return found_item if found_item and found_item in reached(desk, reader, [found_item]) else None


def _subject(desk: Desk, text: str) -> UUID | None:
    wanted = text.strip().lower()
    if wanted.startswith(ADDRESS):
        item = address_stream(desk, text.strip()[len(ADDRESS) :].strip())
        return item if desk.logs["access"].history(item) else None
    try:
        item = UUID(wanted)
    except ValueError:
        files = item_states(desk.logs).files if len(wanted) == len("ab" * 32) else {}
        found_items = [
            stream for stream, file in files.items() if wanted in (file.sha256, file.kept)
        ]
        return found_items[0] if len(found_items) == 1 else None
    is_recorded = any(desk.logs[name].history(item) for name in ("evidence", "sources"))
    return item if is_recorded or is_unidentified_request(desk, item) else None


def own_items(desk: Desk, item: UUID) -> list[UUID]:
    """Return an item together with everything that belongs to it. A restriction of the item's use
    applies to all of these.
    """
    try:
        return sorted(erasure_plan.scope(item_states(desk.logs), item).all)
    except Refused:
        return [item]


# --- deciding -----------------------------------------------------------------------------------


def propose(
    desk: Desk,
    reader: Reader,
    subjects: Collection[UUID],
    basis: Basis,
    redactions: Iterable[Redaction] = (),
    *,
    command_id: UUID | None = None,
) -> tuple[Receipt, Plan]:
    """Propose an erasure; no item is changed until a second person approves. The receipt has the id
    of the erasure.

    Raises TextsNeeded if texts need replacement text, with the list of these texts. Raises Refused
    if facts of another child would be erased, or if nothing is recorded about the subject.
    """
    # the sources of the entries move to the source register first, so that they are not lost when
    # the text of an entry is replaced
    source.transfer_held(desk, reader)
    subjects, redactions = tuple(dict.fromkeys(subjects)), tuple(redactions)
    command_id = command_id or desk.new_random_id()
    body = [subjects, basis, redactions]
    made = plan(desk, reader, subjects, redactions)
    if again := desk.repeated(command_id, "erasure.propose", body):
        return again, made
    if made.refused:
        raise Refused("; ".join(made.refused))
    if made.needed:
        raise TextsNeeded(made.needed)
    stream = desk.new_id()
    events: list[Event] = [ErasureProposed(basis, subjects, made.digest)]
    events += [ErasurePlanned(part) for part in _parts(made.items, PART)]
    events += [RedactionsWritten(part) for part in _parts(redactions, PART // 10)]
    submission = Submission(
        command_id, desk.digest("erasure.propose", body), facts(reader, stream, 0, events)
    )
    return desk.save([Prepared(stream, {"evidence": submission}, reader)])[0], made


def _parts(items: tuple[T, ...], size: int) -> list[tuple[T, ...]]:
    return [items[start : start + size] for start in range(0, len(items), size)]


def _erasure_state(desk: Desk, erasure_id: UUID) -> tuple[Erasure, int, str, str | None]:
    """Return the state and version of an erasure, with the names of its proposer and its
    approver."""
    state, version = desk.fold(erasure_id, Erasure(), erasure.evolve)
    if not version:
        raise Refused(f"there is no erasure with the id {erasure_id}")
    proposer = desk.logs["evidence"].history(erasure_id)[0].by
    return state, version, proposer, _approvals(desk).get(erasure_id)


def _approvals(desk: Desk) -> dict[UUID, str]:
    register = desk.logs["evidence"].history(ERASURES)
    return {f.event.erasure: f.by for f in register if isinstance(f.event, ErasureApproved)}


def approve(desk: Desk, reader: Reader, erasure_id: UUID, eraser: Eraser) -> Progress:
    """Approve an erasure that another person proposed, and carry it out.

    Raises Refused if the reader is the proposer, or if the erasure would now change other items
    than those in the proposal.
    """
    state, _, proposer, approver = _erasure_state(desk, erasure_id)
    erasure.second_person(proposer, reader.name)
    source.transfer_held(desk, reader)
    reckoning = Reckoning(desk.logs)
    try:
        today = (
            state.plan
            if approver
            else _plan(desk, reckoning, state.subjects, state.redactions).digest
        )
    except Refused:
        # the subject of the erasure may be gone because another person's approval destroyed it
        if first := _approvals(desk).get(erasure_id):
            raise LostRace(FIRST.format(who=first)) from None
        raise
    events = erasure.approve(
        state,
        erasure_id,
        proposer=proposer,
        by=reader.name,
        approved=approver is not None,
        plan=today,
    )
    _, version = desk.fold(ERASURES, None, lambda state, event: None)
    submission = Submission(
        uuid5(erasure_id, "approve"),
        desk.digest("erasure.approve", [erasure_id, reader.name]),
        facts(reader, ERASURES, version, events),
    )
    going = [] if approver else [item.id for item in state.items if item.fate in GONE]
    try:
        with eraser.taking_out(going) if going else nullcontext():
            desk.save([Prepared(erasure_id, {"evidence": submission}, reader)])
    except CommandReused as error:
        raise LostRace(FIRST.format(who="somebody else")) from error
    return carry_out(desk, reader, erasure_id, eraser, reckoning)


def refuse(desk: Desk, reader: Reader, erasure_id: UUID) -> Receipt:
    """Refuse an erasure that another person proposed; no item is changed."""
    state, version, proposer, approver = _erasure_state(desk, erasure_id)
    events = erasure.refuse(state, proposer=proposer, by=reader.name, approved=approver is not None)
    submission = Submission(
        uuid5(erasure_id, "refuse"),
        desk.digest("erasure.refuse", erasure_id),
        facts(reader, erasure_id, version, events),
    )
    return desk.save([Prepared(erasure_id, {"evidence": submission}, reader)])[0]


def progress(desk: Desk, erasure_id: UUID) -> Progress:
    """Return the state of an erasure and its items. Raises Refused if there is no erasure with this
    id.
    """
    state, _, proposer, approver = _erasure_state(desk, erasure_id)
    shown_state = "approved" if approver and state.state == "proposed" else state.state
    return Progress(
        id=erasure_id,
        state=shown_state,
        subjects=state.subjects,
        basis=state.basis,
        proposed_by=proposer,
        approved_by=approver,
        items=state.items,
        certificate=state.certificate,
        held_back=tuple(sorted(state.held_back)),
        holds=tuple(sorted(state.holds)),
        cleared=_cleared(desk, erasure_id, state) if shown_state == "approved" else None,
    )


def _cleared(desk: Desk, erasure_id: UUID, state: Erasure) -> datetime | None:
    """Return when the keys of an approved erasure were destroyed, if only the views still have to
    be built again. Return None if no keys were destroyed, or if an earlier step is not recorded
    yet.
    """
    history = desk.logs["evidence"].history(erasure_id)
    destroyed = [
        fact.recorded for fact in history if isinstance(fact.event, KeysDestroyed | ErasureHeldBack)
    ]
    steps = list(_effects(erasure_id, state))
    missing = any(not desk.logs[log].known_commands([command]) for log, command, _ in steps)
    return max(destroyed, default=None) if not missing else None


def unfinished(desk: Desk) -> list[UUID]:
    """Return the approved erasures without a certificate, which are completed if they are carried
    out again.
    """
    return [item for item in _approvals(desk) if progress(desk, item).certificate is None]


def cleared(desk: Desk) -> list[UUID]:
    """Return the approved erasures of which only the views still have to be made again."""
    return [item for item in _approvals(desk) if progress(desk, item).cleared]


# --- carrying out -------------------------------------------------------------------------------


def carry_out(
    desk: Desk, reader: Reader, erasure_id: UUID, eraser: Eraser, holds: Reckoning | None = None
) -> Progress:
    """Carry out an approved erasure, from the step at which it was interrupted. The reader may not
    see all of the items; two people have decided about them. An item under a legal hold at the
    moment of destruction is retained and restricted, even if the hold is newer than the approval.
    `holds` are the legal holds, if the caller has already read them from the logs.

    Raises Denied if the reader may neither erase nor approve. Raises StillHeld if an open read
    transaction still uses old pages of the views' database; then no certificate is written, and a
    repeated call completes the erasure.
    """
    require_for_event(reader, "erasure.certified")
    reader = structs.replace(reader, closed=False)
    state, _, _, approver = _erasure_state(desk, erasure_id)
    if approver is None:
        raise Refused("this erasure is not approved yet: another person has to approve it first")
    if state.certificate:
        return progress(desk, erasure_id)
    _restrict(desk, reader, erasure_id, "restrict", state.items)
    successors.write(
        desk, reader, erasure_id, state, [i for i in state.items if i.fate == "redacted"]
    )
    destroyed = _destroy(desk, reader, erasure_id, state, eraser, holds)
    # read the state again: it now includes the items that legal holds protected
    state, _, _, _ = _erasure_state(desk, erasure_id)
    _restrict(desk, reader, erasure_id, "hold-back", state.items)
    _record_effects(desk, reader, erasure_id, state)
    something = destroyed or state.held_back
    if not (something and eraser.purge(_originals(desk, state.items))):
        _certify(desk, reader, erasure_id)
    return progress(desk, erasure_id)


def complete(desk: Desk, eraser: Eraser) -> None:
    """Complete all erasures whose keys are destroyed: build the views again, and record each
    erasure's certificate in the name of the person who approved the erasure. Here `eraser.purge`
    has to build the views itself, not leave them to a background task.

    Raises StillHeld if another program still reads the old views; a repeated call then completes
    the erasures.
    """
    while waiting := cleared(desk):
        states = [_erasure_state(desk, item)[0] for item in waiting]
        eraser.purge(sorted({n for state in states for n in _originals(desk, state.items)}))
        for fact in desk.logs["evidence"].history(ERASURES):
            if isinstance(fact.event, ErasureApproved) and fact.event.erasure in waiting:
                approver = Reader(fact.by, fact.team, fact.controller, fact.regime)
                _certify(desk, approver, fact.event.erasure)


def _certify(desk: Desk, reader: Reader, erasure_id: UUID) -> None:
    """Record the certificate of an erasure of which nothing is readable any more."""
    state, _, proposer, approver = _erasure_state(desk, erasure_id)
    history = [fact.event for fact in desk.logs["evidence"].history(erasure_id)]
    destroyed = [event for event in history if isinstance(event, KeysDestroyed)]
    days = desk.policy.archive_days
    certificate = ErasureCertified(
        basis=state.basis,
        proposed_by=proposer,
        approved_by=approver or reader.name,
        items=dict(Counter(item.fate for item in state.items)),
        keys=sum(len(part.keys) for part in destroyed),
        leaves=sum(len(part.leaves) for part in destroyed),
        epochs=tuple(dict.fromkeys(epoch for part in destroyed for epoch in part.epochs)),
        archives_expire=(desk.clock() + timedelta(days=days)).date() if days else None,
        before=_last_certificate(desk),
        **_remaining_copies(desk, state.items),
    )
    _note(desk, reader, erasure_id, "certificate", [certificate])


def _last_certificate(desk: Desk) -> str | None:
    """Return the hash of the newest certificate of an erasure, or None."""
    certified = [
        (fact.seq, fact.stream, fact.event)
        for item in _approvals(desk)
        for fact in desk.logs["evidence"].history(item)
        if isinstance(fact.event, ErasureCertified)
    ]
    if not certified:
        return None
    _, stream, event = max(certified, key=lambda each: each[0])
    return erasure.certificate_hash(stream, event)


def _restrict(
    desk: Desk, reader: Reader, erasure_id: UUID, step: str, items: Sequence[Planned]
) -> None:
    """Restrict the use of those items of an erasure that may not be destroyed."""
    ids = [item.id for item in items if item.fate == "restricted"]
    reason = "an erasure may not destroy it: a hold, evidence or a live matter"
    retention.restrict(
        desk, reader, ids, reason, erasure=erasure_id, command_id=uuid5(erasure_id, step)
    )


def _remaining_copies(desk: Desk, items: Sequence[Planned]) -> dict[str, Any]:
    """Return, for the certificate of an erasure, the copies that may still contain these items, and
    the events with a hash from which an item's text can be guessed.
    """
    items = [item for item in items if item.fate != "restricted"]
    if not items:
        return {}
    ids = {item.id for item in items}
    first = [
        next(fact.recorded for fact in facts_of(desk.logs, log) if fact.stream in ids)
        for log in {item.log for item in items}
    ]
    held_copies = copies.copies_that_may_open(copies.list_copies(desk), ids, min(first))
    files = [item.id for item in items if item.kind == "file"]
    came = [fact for file in files for fact in desk.logs["evidence"].history(file)[:1]]
    bare = [fact.ref for fact in came if isinstance(fact.event, FileReceived1)]
    return {
        "copies": tuple(copy.id for copy in held_copies),
        "guessable": (*bare, *(copy.bare for copy in held_copies if copy.bare)),
    }


def _note(desk: Desk, reader: Reader, erasure_id: UUID, step: str, events: Sequence[Event]) -> None:
    """Record events of one `step` in the stream of the erasure, unless that step is already
    recorded, for example before an interruption.
    """
    command = uuid5(erasure_id, step)
    if desk.known_commands([command]):
        return
    version = desk.logs["evidence"].history(erasure_id)[-1].version
    made = facts(reader, erasure_id, version, events)
    submission = Submission(command, desk.digest(step, erasure_id), made)
    desk.save([Prepared(erasure_id, {"evidence": submission}, reader)])


def _effects(
    erasure_id: UUID, state: Erasure
) -> Iterator[tuple[LogName, UUID, tuple[Planned, ...]]]:
    """Yield the steps that record in each item's stream what the erasure did to the item. A step is
    the log, the id of the command, and the items.
    """
    gone = [item for item in state.items if item.fate not in ("restricted", "redacted")]
    for log in IN_LOG:
        here = tuple(item for item in gone if item.log == log)
        for number, part in enumerate(_parts(here, PART)):
            yield log, uuid5(erasure_id, f"items|{log}|{number}"), part


def _record_effects(desk: Desk, reader: Reader, erasure_id: UUID, state: Erasure) -> None:
    """Record the effect of an erasure on each item in the item's stream."""
    for log, command, part in _effects(erasure_id, state):
        if desk.logs[log].known_commands([command]):
            continue
        made = tuple(
            fact
            for item in part
            for fact in facts(
                reader,
                item.id,
                desk.logs[log].history(item.id)[-1].version,
                [IN_LOG[log](erasure_id, item.kind, item.fate)],
            )
        )
        submission = Submission(
            command,
            desk.digest("items", erasure_id),
            made,
            outgoing=end_messages(desk, [item.id for item in part if item.kind == "offer"]),
        )
        desk.save([Prepared(erasure_id, {log: submission}, reader)])


def _destroy(
    desk: Desk,
    reader: Reader,
    erasure_id: UUID,
    state: Erasure,
    eraser: Eraser,
    holds: Reckoning | None,
) -> list[KeysDestroyed]:
    """Destroy the data keys of an erasure. Record which keys were destroyed and which items legal
    holds protected. A repeated call records nothing new.
    """
    history = [fact.event for fact in desk.logs["evidence"].history(erasure_id)]
    if accounts := [event for event in history if isinstance(event, KeysDestroyed)]:
        return accounts
    doomed: dict[LogName, set[UUID]] = {}
    for item in state.items:
        if item.fate != "restricted":
            doomed.setdefault(item.log, set()).add(item.id)
    if state.redactions:
        doomed.setdefault("evidence", set()).add(erasure_id)
    holds = holds or Reckoning(desk.logs)
    redacted = [item.id for item in state.items if item.fate == "redacted"]
    shredded = eraser.shred(doomed, redacted, holds)
    accounts = accounts_of(shredded)
    spared = {stream for part in shredded for stream in part.spared}
    for kept_event in _held_back(holds, state, spared):
        _note(desk, reader, erasure_id, f"held-back|{kept_event.items[0].id}", [kept_event])
    for number, event in enumerate(accounts):
        _note(desk, reader, erasure_id, f"keys|{number}", [event])
    return accounts


def _held_back(holds: Reckoning, state: Erasure, spared: Collection[UUID]) -> list[ErasureHeldBack]:
    """Return the events that record which items were planned for erasure and were not erased,
    because legal holds cover them.
    """
    if not spared:
        return []
    spared_items = tuple(item for item in state.items if item.id in spared)
    reached = holds.reached()
    return [
        ErasureHeldBack(
            part, tuple(sorted({hold for item in part for hold in reached.get(item.id, ())}))
        )
        for part in _parts(spared_items, PART)
    ]


def _originals(desk: Desk, items: Sequence[Planned]) -> list[str]:
    """Return the names of the stored files that an erasure removes: the original files of erased
    imports, unless another import uses the same file, and all photographs of erased log entries,
    even photographs that were replaced.
    """

    def kept(files: Sequence[Planned]) -> set[str]:
        histories = (desk.logs["evidence"].history(item.id) for item in files)
        return {name for history in histories for name in originals.names(history)}

    files = [item for item in items if item.kind == "file"]
    going = [item for item in files if item.fate in GONE]
    stay = kept([item for item in files if item not in going])
    words = (desk.logs["evidence"].history(i.id) for i in items if i.kind == "observation")
    pictures = {n for facts in words for n in originals.names(f for f in facts if f.erased)}
    return sorted((kept(going) - stay) | pictures)
