"""Later log entries that may call a decision of no further action into question, for a person to
judge."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from msgspec import Struct

from domain.information.shared_mentions import CALLED
from domain.kernel.values import Reader
from projections.due import said_before
from projections.due.said_before import Met
from projections.families import cases
from projections.information import queue
from projections.justice import outcomes
from projections.justice.outcomes import OutcomeRow
from projections.kernel.columns import Column
from projections.kernel.database import Db


class ReopenProposal(Struct, frozen=True):
    """A proposal to reopen a decision of no further action: the case and the decision, the later
    log entry (`words`), and what this entry has in common with an entry of the case (`said`).

    `join` is the id of the pair of the two entries. A person confirms the pair, which reopens the
    decision, or dismisses the pair.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("told", "later entry recorded", "moment"),
        Column("shared", "shared mentions"),
        Column("number", "case"),
        Column("decision", "decision"),
        Column("decided", "decided", "moment"),
        Column("words", "later entry", "id"),
        Column("said", "earlier entry", "id"),
        Column("item", "decision's record", "id"),
        Column("join", "id", "key"),
    )
    order: ClassVar[tuple[str, ...]] = ("told", "join", "item")
    join: UUID
    case: UUID
    number: int | None
    item: UUID
    decision: str
    decided: datetime
    words: UUID
    said: UUID
    told: datetime
    shared: tuple[str, ...]


def list_proposals(db: Db, reader: Reader) -> list[ReopenProposal]:
    """Return log entries that were recorded after a case was not pursued, and that share a strong
    detail, such as a plate, with an entry of that case; oldest first. A person still has to judge
    whether both entries concern the same subject. Only cases, decisions and entries that the reader
    may know of are included.
    """
    seen = {row.item: row for row in outcomes.of_items(db, reader, _not_pursued(db))}
    numbers = cases.numbers(db, reader, {row.case for row in seen.values() if row.case})
    return [
        proposal
        for row in seen.values()
        if row.case in numbers and row.reopened is None
        for proposal in _of(db, reader, row, numbers[row.case])
    ]


def _not_pursued(db: Db) -> set[UUID]:
    return {row.item for row in outcomes.not_pursued(db) if row.case}


def _of(db: Db, reader: Reader, row: OutcomeRow, number: int) -> list[ReopenProposal]:
    assert row.case  # noqa: S101 (the caller has looked)
    filed = said_before.known_items(db, reader, queue.filed_in(db, row.case))
    proposals = []
    for entry in sorted(filed):
        own = said_before.item(db, entry)
        if own is None or own.told > row.known_from:
            continue
        proposals += [
            _proposal(row, number, entry, met)
            for met in said_before.list_pairs(db, reader, entry)
            if met.state == "open"
            and met.other.kind == "words"
            and met.since
            and met.since > row.known_from
            # a match may influence a grade, so it is shown only if the other entry is graded, or is
            # urgent
            and (met.other.decided or met.other.urgent)
        ]
    return proposals


def _proposal(row: OutcomeRow, number: int, entry: UUID, met: Met) -> ReopenProposal:
    assert row.case  # noqa: S101 (as above)
    shared = tuple(f"{CALLED[mention.kind]} {mention.theirs}" for mention in met.shared)
    decision = (row.item, row.what, row.known_from)
    words = (met.other.item, entry, met.other.told)
    return ReopenProposal(met.id, row.case, number, *decision, *words, shared)
