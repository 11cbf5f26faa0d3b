"""Begins and ends deadlines as the class of an event declares (`Meaning.deadlines`)."""

from datetime import datetime
from uuid import UUID, uuid5

from msgspec.structs import replace

from domain.kernel.deadline_effects import Begins, Ends, Postpones
from domain.kernel.envelope import Recorded
from domain.people_and_teams import deadline
from projections.due.rows import CaseRow, DueRow, begin, end, find_waiting
from projections.kernel.batch import RowBatch


def apply(fact: Recorded, batch: RowBatch, kind: type[DueRow] = DueRow) -> None:
    """Begin, postpone and end the deadlines that this event declares, in order."""
    for effect in fact.event.meaning.deadlines:
        match effect:
            case Begins():
                _begin(fact, batch, effect, kind)
            case Ends():
                end(batch, _key(fact, effect), effect.clock, kind)
            case Postpones():
                _postpone(fact, batch, effect)


def _begin(fact: Recorded, batch: RowBatch, effect: Begins, kind: type[DueRow]) -> None:
    event, team = fact.event, None
    due = getattr(event, effect.due) if effect.due else None
    since = getattr(event, effect.since) if effect.since else None
    if effect.in_case:
        row = batch.get(CaseRow, getattr(event, "case", fact.stream))
        team = row.team if row else None
    begin(
        batch,
        fact,
        _item(fact, effect),
        effect.clock,
        None if isinstance(due, datetime) else due,
        at=due if isinstance(due, datetime) else None,
        since=min(since, fact.recorded) if since else None,
        not_by=fact.by if effect.by == "another" else None,
        anybody=effect.by == "anyone",
        key=_key(fact, effect),
        team=team,
        kind=kind,
    )


def _item(fact: Recorded, effect: Begins | Ends) -> UUID:
    """Return the item of the deadline that this event begins or ends, as its class declares in
    `effect`.
    """
    item: UUID = fact.stream if effect.of is None else getattr(fact.event, effect.of)
    return item


def _key(fact: Recorded, effect: Begins | Ends) -> UUID:
    """Return the key of a deadline: its item, or another id if the item may have several
    deadlines.
    """
    item = _item(fact, effect)
    return uuid5(item, str(getattr(fact.event, effect.key))) if effect.key else item


def _postpone(fact: Recorded, batch: RowBatch, effect: Postpones) -> None:
    row, day = find_waiting(batch, fact.stream, effect.clock), getattr(fact.event, effect.due)
    if row and day:
        batch.put(replace(row, due=deadline.last_moment(day), ref=fact.ref))
    else:
        end(batch, fact.stream, effect.clock)
