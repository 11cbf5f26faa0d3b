"""Asking for, and taking, the decision whether a source has become a covert one."""

from datetime import date
from typing import Any
from uuid import UUID

from commands.desk import Desk, Receipt, act
from commands.entity import find
from domain import drift, observation, source
from domain.drift import Decision, Drift, Grounds, StatusReviewDue
from domain.observation import Observation
from domain.source import Source
from domain.values import Reader, Refused


def teller(desk: Desk, reader: Reader, one: UUID) -> tuple[UUID, UUID | None]:
    """The source that a token names, or the root of an observation with that observation.

    Raises Refused where neither is known, or nobody knows who told it.
    """
    state, version = desk.fold(one, Observation(), observation.evolve)
    if version and state.exists:
        if state.root is None:
            raise Refused("nobody knows who told this: there is no source to look at")
        return state.root, one
    known, _ = desk.fold(one, Source(), source.evolve, "sources")
    if not known.exists:
        raise Refused("there is no such source")
    return one, None


def review_due(
    desk: Desk,
    reader: Reader,
    told: UUID,
    suspect: str,
    grounds: Grounds,
    reason: str,
    *,
    under_16: bool | None = None,
    own_parent: bool | None = None,
    **command: Any,
) -> Receipt:
    """A detective inspector has to decide: signs were seen, in words or otherwise. `told` is the
    source's token, or the observation in which the signs stand."""
    token, seen_in = teller(desk, reader, told)
    who, kind = find(desk, reader, suspect)
    if kind != "person":
        raise Refused(f"{suspect!r} is a {kind}, not a person")
    due = StatusReviewDue(token, who, grounds, reason, seen_in, under_16, own_parent)
    today = desk.clock().date()
    return _act(
        desk,
        reader,
        "source.status_review",
        token,
        who,
        lambda s: drift.review_due(s, due, today),
        [due],
        **command,
    )


def decide(
    desk: Desk,
    reader: Reader,
    told: UUID,
    suspect: str,
    decision: Decision,
    expires: date,
    reason: str,
    **command: Any,
) -> Receipt:
    """Decide about one source and one suspect, until a day."""
    token, _ = teller(desk, reader, told)
    who, _ = find(desk, reader, suspect)
    today = desk.clock().date()
    return _act(
        desk,
        reader,
        "source.status_decision",
        token,
        who,
        lambda s: drift.decide(s, token, who, decision, expires, reason, today),
        [decision, expires, reason],
        **command,
    )


def _act(
    desk: Desk,
    reader: Reader,
    name: str,
    token: UUID,
    who: UUID,
    decide: Any,
    body: Any,
    **command: Any,
) -> Receipt:
    return act(
        desk,
        reader,
        name,
        drift.pair(token, who),
        Drift(),
        drift.evolve,
        decide,
        body,
        log="sources",
        **command,
    )
