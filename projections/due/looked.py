"""Clocks that the access log tells of: requests for what is held, searches that met another team's
child, and cases that were opened past the rules."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid5

from domain import catalogue, due
from domain.consultation import (
    ConsultationJustified,
    ConsultedFor,
    ContactDecided,
    RecordConsulted,
    SearchTouched,
)
from domain.envelope import Event, Recorded
from domain.grant import GlassBroken, GlassReviewed
from domain.notifying import DueAcknowledged, DueEscalated
from domain.subject_request import (
    AccessRequested,
    RequestAnswered,
    RequestExtended,
    RequestPartAnswered,
    RequestPartAsked,
)
from projections.batch import Batch
from projections.due.rows import LookedRow, begin, end
from projections.due.steps import stepped
from projections.schema import View


def apply(fact: Recorded, batch: Batch) -> None:
    """Of the access log: what is owed to who asks what is held about them, to a child whom two
    teams look for, and to a case that was opened past the rules."""
    one = fact.stream
    stepped(fact, batch, LookedRow)
    match fact.event:
        case AccessRequested() as event:
            begin(
                batch,
                fact,
                event.subject,
                "access-request",
                at=event.due,
                since=event.received,
                anybody=True,
                key=one,
                kind=LookedRow,
            )
        case RequestExtended() as event:
            _each_of(batch, one, due=event.due)
        case RequestPartAsked() as event:
            if whole := batch.get(LookedRow, due.stream(one, "access-request")):
                begin(
                    batch,
                    fact,
                    one,
                    "access-request-part",
                    at=whole.due,
                    anybody=True,
                    key=uuid5(one, event.team),
                    team=event.team,
                    kind=LookedRow,
                )
        case RequestPartAnswered() as event:
            end(batch, uuid5(one, event.team), "access-request-part", LookedRow)
        case RequestAnswered():
            _each_of(batch, one, ended=True)
        case SearchTouched() as event:
            begin(
                batch,
                fact,
                event.case,
                "contact-decision",
                anybody=True,
                key=one,
                team=event.team,
                kind=LookedRow,
            )
        case ContactDecided():
            end(batch, one, "contact-decision", LookedRow)
        case GlassBroken() as event:
            begin(
                batch,
                fact,
                event.case,
                "glass-review",
                not_by=event.user,
                key=one,
                team="",
                kind=LookedRow,
            )
        case GlassReviewed():
            end(batch, one, "glass-review", LookedRow)


def _each_of(batch: Batch, request: UUID, **changes: Any) -> None:
    """A request, and what other teams have still to decide of it."""
    parts = batch.find(LookedRow, LookedRow.table.c.item == request)
    whole = batch.get(LookedRow, due.stream(request, "access-request"))
    for row in (*parts, *([whole] if whole else [])):
        if not row.ended:
            batch.put(replace(row, **changes))


#: Questions come often, and nothing is due by them; of the evidence log only steps matter.
_STEPS: frozenset[type[Event]] = frozenset({DueEscalated, DueAcknowledged})
_PASSED = (
    frozenset[type[Event]]({ConsultationJustified, ConsultedFor, RecordConsulted})
    | frozenset(catalogue.by_log()["evidence"])
) - _STEPS
VIEW = View("due_looked", (LookedRow,), apply, ("access", "evidence"), passes=_PASSED, version=2)
