"""The auditor's operations: trail, replay, verify, proof."""

from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import Struct

from access.who_may.decide import require
from installation.auditing import open_office
from projections.due import DueItem
from projections.information.queue import QueueItem
from projections.kernel import trail as view
from projections.kernel.trail import Trail
from questions.kernel import known
from web.api.call import ApiCall
from web.api.operation import get
from web.api.recording import Moment

#: Largest number of items of the queue, and of deadlines, in an answer.
FIRST = 20


class Way(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The direction of a trail: back to the first log entries, or forward to the consequences."""

    direction: Literal["back", "forward"] = "back"


@get("/trail/{item}", "trail")
def trail(call: ApiCall, item: UUID, asked: Way) -> Trail:
    """Trace any item back to the first words, or forward to what followed."""
    call.require_kind(item)
    with call.reading() as db:
        way = view.forward if asked.direction == "forward" else view.back
        item_trail = way(db, call.reader, item)
    call.desk.require_unerased([item, *(step.id for step in item_trail.steps)])
    return item_trail


class Until(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The parameters of a replay: the moment as of which the records are shown. Without it, they
    are shown as of now."""

    until: Moment | None = None


class Known(Struct, frozen=True):
    """The records as they were at a moment: the position of the evidence log, a hash over all rows
    of the views, the number of items at each stage, and the first items of the queue and of the
    deadlines."""

    position: int
    hash: str
    counts: dict[str, int]
    links: int
    waiting: int
    overdue: int
    queue: tuple[QueueItem, ...]
    due: tuple[DueItem, ...]


@get("/replay", "replay")
def replay(call: ApiCall, asked: Until) -> Known:
    """Return the records as they were at a moment, rebuilt from the log, with a hash over every
    row."""
    require(call.reader, "replay")
    with call.system.views.reading_at(asked.until, None) as db:
        state = known.read_state(call.desk, db, call.reader, asked.until or call.now, most=FIRST)
    return Known(
        state.position,
        state.hash,
        state.counts,
        state.links,
        state.waiting,
        state.overdue,
        state.queue[:FIRST],
        state.due,
    )


Verdict = Literal["broken", "unproven", "proven"]


class Log(Struct, frozen=True):
    """The state of one log, and how much of it is signed."""

    log: str
    origin: str | None
    size: int
    root: str
    signed: int
    integrity: str
    completeness: str
    doubts: tuple[str, ...]


class Verified(Struct, frozen=True):
    """Two verdicts: integrity (everything is as it was written) and completeness (nothing is
    missing). `ok` is true if both are proven; `doubts` say why a log is not proven. If the keys
    for the check come from the server itself, the verdicts prove little: verify offline, with
    your own keys."""

    ok: bool
    verdict: Verdict
    size: int
    root: str
    logs: tuple[Log, ...]
    findings: tuple[dict[str, Any], ...]


@get("/verify", "verify")
def verify(call: ApiCall) -> Verified:
    """Verify the logs against their published checkpoints."""
    require(call.reader, "verify")
    with open_office(call.system.settings, None) as office:
        reports = office.verify((), None, (), ())
        root = office.over(reports).hex()
    findings = tuple(
        msgspec.to_builtins(finding) for report in reports for finding in report.findings
    )
    logs = tuple(
        Log(
            report.log,
            report.origin,
            report.size,
            report.root.hex(),
            report.signed,
            report.integrity,
            report.completeness,
            tuple(report.doubts),
        )
        for report in reports
    )
    verdict = office.worst([report.verdict for report in reports])
    return Verified(
        verdict == "proven", verdict, sum(log.size for log in logs), root, logs, findings
    )


@get("/proofs/{item}", "proof")
def proof(call: ApiCall, item: UUID) -> dict[str, Any]:
    """Return a proof of an item's events, without the words, that can be checked offline."""
    call.require_kind(item)
    call.provable(item)
    with open_office(call.system.settings, None) as office:
        return dict(office.prove("evidence", item))
