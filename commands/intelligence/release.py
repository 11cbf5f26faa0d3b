"""Release of intelligence reports to recipients. A release needs a second officer if the checker
objects to words in the text. An urgent release is sent at once and reviewed later.

The file is long because every way to release a report uses the same checks.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Unpack
from uuid import UUID, uuid5

import msgspec

from access.who_may.event_rules import require_command
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Command, Desk, Receipt, act, facts
from domain.clocks import CLOCKS
from domain.data_protection.disclosure import check_handling
from domain.intelligence import intelligence_report, release
from domain.intelligence.intelligence_report import ProductReleased, Report, ReportDisseminated
from domain.intelligence.release import Finding, Marked, Release, ReleaseProposed, ReleaseReviewDue
from domain.kernel.envelope import Event, Fact, Header, LogName, Submission
from domain.kernel.values import Reader
from projections.intelligence import releases
from projections.intelligence.releases import CopyRow, PendingRelease


def disseminate(
    desk: Desk,
    reader: Reader,
    report: UUID,
    recipient: str,
    purpose: str,
    *,
    urgent: str | None = None,
    conditions_met: str | None = None,
    reason: str | None = None,
    command_id: UUID | None = None,
    because_of: tuple[str, ...] = (),
) -> Receipt:
    """Release a sanitised intelligence report to a recipient. The copy does not reveal when it was
    made: it has a random id, its only time is the week in which its newest item was received, and
    all new copies of a quarter of an hour are sent together (`send_due_copies`).

    If the checker marks words, the release needs a `reason` and becomes a proposal, which another
    officer confirms (`confirm`). An `urgent` release is sent at once even with marked words, and
    reviewed within a day. If the product log did not answer, a repeated command writes the missing
    copy.

    Raises Refused if an item is not sanitised or needs consent, or if it has conditions and
    `conditions_met` is missing; TakesTwo if words are marked and there is no reason.
    """
    command_id = command_id or desk.new_random_id()
    body = [report, recipient, purpose, urgent, conditions_met, because_of]
    body += [reason] if reason else []
    again = desk.repeated(command_id, "report.disseminate", body)
    if again and _all_written(desk, command_id):
        return again
    require_command(reader, "report.disseminate")
    digest = desk.digest("report.disseminate", body)
    state, version = desk.current_state(reader, report, Report(), intelligence_report.evolve)
    product = _product(desk, command_id) or desk.new_random_id()
    if urgent is None:
        check_handling([item.handling for item in state.items.values()], conditions_met)
    sent, released = intelligence_report.disseminate(
        state,
        recipient,
        purpose,
        product,
        received=_received(desk, state),
        urgent=urgent,
        conditions_met=conditions_met,
    )
    marked = checker_marks(desk, reader, report, state)
    if marked and urgent is None:
        texts = hash_of_texts(state)
        made = ReleaseProposed(
            reader.name, recipient, purpose, reason or "", texts, marked, conditions_met
        )
        return _propose(desk, reader, report, made, (command_id, digest), because_of)
    further = (review_due_event(desk, reader, urgent, marked),) if urgent else ()
    made_of = facts(reader, report, version, (sent, *further), because_of)
    copy = released if urgent else None
    return _record_release(desk, reader, report, made_of, copy, (command_id, digest, product))


def confirm(desk: Desk, reader: Reader, report: UUID, *, command_id: UUID | None = None) -> Receipt:
    """Confirm the proposed release of a report as another officer. The report is then sent with the
    text as proposed. Raises Refused if the reader is the proposer, or if the text was changed after
    the proposal.
    """
    command_id = command_id or desk.new_random_id()
    body = [report]
    if again := desk.repeated(command_id, "release.confirm", body):
        return again
    require_command(reader, "release.confirm")
    state, version = desk.current_state(reader, report, Report(), intelligence_report.evolve)
    intelligence_report.require_current(state)
    proposed = pending_release(desk, report)
    confirmed = release.confirm(proposed, reader.name, hash_of_texts(state))
    made = release.require_waiting(proposed)
    product = desk.new_random_id()
    sent, _ = intelligence_report.disseminate(
        state,
        made.recipient,
        made.purpose,
        product,
        received=_received(desk, state),
        conditions_met=made.conditions_met,
    )
    because = _causes(desk, report)
    new_facts = facts(reader, report, version, (*confirmed, sent), because)
    digest = desk.digest("release.confirm", body)
    return _record_release(desk, reader, report, new_facts, None, (command_id, digest, product))


def _causes(desk: Desk, report: UUID) -> tuple[str, ...]:
    """Return the causes of the release of a report, as its last proposer gave them."""
    made = [
        fact.because_of
        for fact in desk.logs["evidence"].history(report)
        if isinstance(fact.event, ReleaseProposed)
    ]
    return made[-1] if made else ()


def _record_release(
    desk: Desk,
    reader: Reader,
    report: UUID,
    released: tuple[Fact, ...],
    urgent: ProductReleased | None,
    command: tuple[UUID, bytes, UUID],
) -> Receipt:
    """Record the release of a report; for an urgent release, also write the copy to the product log
    at once.
    """
    command_id, digest, product = command
    submissions: dict[LogName, Submission] = {"evidence": Submission(command_id, digest, released)}
    if urgent:
        copy = facts(reader, product, 0, (urgent,))
        submissions["product"] = Submission(command_id, digest, copy)
    return desk.save([Prepared(report, submissions, reader)])[0]


def _all_written(desk: Desk, command_id: UUID) -> bool:
    """Return whether a repeated release command has nothing more to write. A copy may still have to
    be written if the release was urgent and the product log did not answer.
    """
    known_facts = desk.logs["evidence"].command(command_id) or ()
    urgent = any(isinstance(fact.event, ReleaseReviewDue) for fact in known_facts)
    return not urgent or desk.logs["product"].command(command_id) is not None


def send_due_copies(desk: Desk) -> int:
    """Write all released copies that are due to the product log in one step, and return how many.
    The decisions were recorded at each release.

    The background process calls this at fixed times, because the time of writing is the only time
    that a recipient sees. Raises LogUnavailable; the next run then writes the copies.
    """
    with desk.deciding() as db:
        due = releases.leaving(db, desk.clock())
    submissions = [made for row in due if (made := _copy(desk, row))]
    if submissions:
        desk.logs["product"].append(submissions)
    return len(submissions)


def _copy(desk: Desk, row: CopyRow) -> Submission | None:
    """Return the copy of a released report, written in the name of the officer who released the
    report. Return None if the copy was written already, or if its content has been erased.
    """
    before = [f for f in desk.logs["evidence"].history(row.report) if f.version <= row.version]
    if desk.logs["product"].history(row.product) or any(fact.erased for fact in before):
        return None
    state = Report()
    for fact in before:
        state = intelligence_report.evolve(state, fact.event)
    sent = before[-1]
    assert isinstance(sent.event, ReportDisseminated)  # noqa: S101 (the row is made of it)
    _, released = intelligence_report.disseminate(
        state,
        sent.event.recipient,
        sent.event.purpose,
        row.product,
        received=_received(desk, state),
        urgent=sent.event.urgent_reason,
    )
    header = Header(sent.by, sent.team, sent.controller, sent.regime)
    body = desk.digest("product.leave", [row.product])
    command_id = uuid5(row.product, "leave")
    return Submission(command_id, body, (Fact(row.product, 1, header, released),))


def _received(desk: Desk, report: Report) -> str | None:
    """Return the week in which the newest of a report's items was received."""
    newest: datetime | None = None
    for item in report.items.values():
        for fact in desk.logs["evidence"].history(item.observation)[:1]:
            heard_at = getattr(fact.event, "told", None) or fact.recorded
            heard = min(heard_at, fact.recorded)
            newest = max(newest or heard, heard)
    return week(newest) if newest else None


def week(moment: datetime) -> str:
    """Return the ISO week of a moment, such as 2011-W11. Exports give times only as weeks."""
    year, number, _ = moment.isocalendar()
    return f"{year}-W{number:02d}"


def _product(desk: Desk, command_id: UUID) -> UUID | None:
    """Return the id of the copy that an earlier run of this command released; None if the command
    is not in the evidence log.
    """
    for fact in desk.logs["evidence"].command(command_id) or ():
        if isinstance(fact.event, ReportDisseminated):
            return fact.event.product
    return None


def hash_of_texts(state: Report) -> str:
    """Return the SHA-256 of the content that two officers release: the report's texts and their
    handling.
    """
    texts = [[n, item.text, item.handling] for n, item in sorted(state.items.items())]
    return sha256(msgspec.json.encode(texts)).hexdigest()


def marks(desk: Desk, reader: Reader, state: Report) -> tuple[Marked, ...]:
    """Return the words in a report's texts to which the checker objects, each with the source's own
    words beside it.
    """
    text_marks = [
        mark
        for _, item in sorted(state.items.items())
        if item.text
        for mark in desk.marks(reader, item.text, [item.observation])
    ]
    return tuple(dict.fromkeys(text_marks))


def pending_release(desk: Desk, item: UUID) -> Release:
    """Return the state of an item's releases, including the release that waits for a second
    officer.
    """
    return desk.fold(item, Release(), release.evolve)[0]


def checker_marks(desk: Desk, reader: Reader, item: UUID, state: Report) -> tuple[Marked, ...]:
    """Return the words in a report to which the checker objects; none if two officers have already
    released exactly these texts.
    """
    found_marks = marks(desk, reader, state)
    return () if hash_of_texts(state) in pending_release(desk, item).let_go else found_marks


def review_due_event(
    desk: Desk, reader: Reader, reason: str, marked: Sequence[Marked]
) -> ReleaseReviewDue:
    """Return an event which states that another officer has to review an urgent release, and by
    when.
    """
    return ReleaseReviewDue(
        reader.name, desk.clock() + CLOCKS["release-review"].within, reason, tuple(marked)
    )


def refuse(
    desk: Desk, reader: Reader, item: UUID, reason: str, **command: Unpack[Command]
) -> Receipt:
    """Refuse the proposed release of a report, or withdraw the reader's own proposal. Nothing was
    sent.
    """
    return _act(
        desk, reader, "release.refuse", item, lambda s: release.refuse(s, reason), [reason], command
    )


def review(
    desk: Desk, reader: Reader, item: UUID, finding: Finding, words: str, **command: Unpack[Command]
) -> Receipt:
    """Record another officer's finding about an urgent release of a report."""
    return _act(
        desk,
        reader,
        "release.review",
        item,
        lambda s: release.review(s, reader.name, finding, words),
        [finding, words],
        command,
    )


def _propose(
    desk: Desk,
    reader: Reader,
    item: UUID,
    made: ReleaseProposed,
    command: tuple[UUID, bytes],
    because_of: Sequence[str],
) -> Receipt:
    """Propose to release a report in which the checker marked words. The proposal has the id and
    digest of the release command. Raises TakesTwo if there is no reason.
    """
    state, version = desk.fold(item, Release(), release.evolve)
    new_facts = facts(reader, item, version, release.propose(state, made), because_of)
    return desk.save([Prepared(item, {"evidence": Submission(*command, new_facts)}, reader)])[0]


def _act(
    desk: Desk,
    reader: Reader,
    name: str,
    item: UUID,
    decide: Callable[[Release], tuple[Event, ...]],
    body: list[object],
    command: Command,
) -> Receipt:
    return act(desk, reader, name, item, Release(), release.evolve, decide, body, **command)


def list_waiting(desk: Desk, reader: Reader) -> list[PendingRelease]:
    """Return releases that wait for a second officer, and urgent releases that wait for review, by
    due date.
    """
    with desk.asking() as db:
        return releases.list_waiting_releases(db, reader, desk.clock())
