"""Commands for the withdrawal of log entries.

A worker cannot alone withdraw an entry that is urgent or that no other person has looked at: the
withdrawal is proposed, and an assessor decides. Until then the entry can still be read, and its
deadlines continue.
"""

from collections.abc import Sequence
from typing import Unpack
from uuid import UUID

from access.who_may.event_rules import require_command
from commands.kernel import item_references
from commands.kernel.proposing import made_by
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Command, Desk, Receipt, facts
from domain import forms
from domain.information import observation
from domain.information.observation import (
    NoValueAudited,
    Observation,
    ObservationAssessed,
    ObservationTaken,
    ObservationTriaged,
    ObservationWithdrawn,
    UrgencyLowered,
)
from domain.kernel.codes import Threatened, WithdrawnFor
from domain.kernel.envelope import Event, Recorded, Submission
from domain.kernel.values import Reader, TakesTwo
from domain.people_and_teams import two_person
from domain.people_and_teams.two_person import PendingProposals, ProposalMade

#: Kinds of events that show that a person has looked at a log entry.
LOOKED = (ObservationTaken, ObservationTriaged, ObservationAssessed)


def words(
    desk: Desk,
    reader: Reader,
    item: UUID | str,
    reason: str,
    ground: WithdrawnFor | None,
    threatened: Threatened | None = None,
    **command: Unpack[Command],
) -> Receipt:
    """Withdraw a log entry, or propose its withdrawal to an assessor. Raises what
    `observation.withdraw` raises, and Refused if the withdrawal is already proposed.
    """
    name, kinds = "observation.withdraw", ("observation",)
    command_id = command.get("command_id") or desk.new_random_id()
    because_of = tuple(command.get("because_of", ()))
    body: list[object] = [reason, *([ground, threatened] if ground else [])]

    def find() -> UUID:
        return item_references.about(desk, reader, item, *kinds)

    if again := item_references.earlier_receipt_about(
        desk,
        reader,
        name,
        item,
        kinds,
        body,
        find,
        command_id=command_id,
        because_of=because_of,
    ):
        return again
    require_command(reader, name)
    found_item = find()
    state, version = desk.current_state(reader, found_item, Observation(), observation.evolve)
    observation.require_current(state)
    history = desk.logs["evidence"].history(found_item)
    proposed, _ = desk.fold(found_item, PendingProposals(), two_person.evolve)
    try:
        looked_at = _was_read_by_another(reader, history)
        events = observation.withdraw(state, reason, ground, threatened, looked_at=looked_at)
    except TakesTwo:
        withdrawal = ObservationWithdrawn(reason, ground, threatened)
        made = made_by(reader, "withdraw-words", found_item, reason, withdrawal=withdrawal)
        events = (
            *two_person.propose(proposed, made),
            *observation.events_until_decided(state, ground, threatened),
        )
    digest = desk.digest(name, [str(item), body, because_of])
    submission = Submission(
        command_id, digest, facts(reader, found_item, version, events, because_of)
    )
    return desk.save([Prepared(found_item, {"evidence": submission}, reader)])[0]


def _was_read_by_another(reader: Reader, history: Sequence[Recorded]) -> bool:
    """Return whether another person has looked at a log entry, so that its writer may withdraw it
    alone. If an audit sent the entry back to be assessed, only events after the audit count. Return
    False if the reader was the last to lower the urgency, or if a decision about the entry was ever
    proposed; in these cases two people have to decide."""

    def somebody_elses(fact: Recorded) -> bool:
        return not forms.same_person(fact.by, reader.name)

    lowered = [fact for fact in history if isinstance(fact.event, UrgencyLowered)]
    audited = [
        number
        for number, fact in enumerate(history)
        if isinstance(fact.event, NoValueAudited) and fact.event.answer == "assess"
    ]
    since = history[audited[-1] :] if audited else history
    return (
        any(isinstance(fact.event, LOOKED) and somebody_elses(fact) for fact in since)
        and all(map(somebody_elses, lowered[-1:]))
        and not any(isinstance(fact.event, ProposalMade) for fact in history)
    )


def confirmed_events(desk: Desk, made: ProposalMade) -> tuple[Event, ...]:
    """Return the events that a withdrawal records once a second person confirms it."""
    state, _ = desk.fold(made.item, Observation(), observation.evolve)
    event = made.withdrawal
    assert event  # noqa: S101 (a proposal of this kind holds it)
    return observation.withdraw(state, event.reason, event.ground, event.threatened, agreed=True)


def refused_events(desk: Desk, made: ProposalMade) -> tuple[Event, ...]:
    """Return the events that put a log entry back after its withdrawal was refused."""
    state, _ = desk.fold(made.item, Observation(), observation.evolve)
    return observation.put_back(state)
