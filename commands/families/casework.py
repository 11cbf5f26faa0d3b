"""Commands on a child's case: rate the risk, allocate workers, record missing episodes, and close
the case.

The file is long because each act on a case passes the same checks.
"""

from collections.abc import Callable, Sequence
from typing import Any, Unpack
from uuid import UUID, uuid5

from msgspec import structs

from access.who_may import scope
from access.who_may.event_rules import require_command
from commands.families import child as child_facts
from commands.families import compartment, open_matters
from commands.families.same_child import OnEachCase
from commands.kernel import proposing
from commands.kernel.colleague import colleague
from commands.kernel.declared import OnItem, OnNamed, ignoring_desk
from commands.kernel.item_references import resolve_case
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Command, Desk, Receipt, act_on_named, facts
from domain.families import referral
from domain.families.referral import (
    Case,
    ThresholdAssessed,
    WorkerAllocated,
)
from domain.families.threshold import require_held
from domain.intelligence import entity
from domain.intelligence.entity import Entity, LearningDisabilityRecorded
from domain.kernel.codes import AllocatedFor, Exit
from domain.kernel.envelope import Event, Fact, Submission
from domain.kernel.values import Denied, Reader, TakesTwo, Threshold
from projections.people_and_teams import team_practice


def act_on_case(
    desk: Desk,
    reader: Reader,
    name: str,
    case: str,
    decide: Callable[[Case], tuple[Event, ...]],
    body: object,
    *,
    beside: Callable[[Case], Sequence[Fact]] = lambda state: (),
    **command: Unpack[Command],
) -> Receipt:
    """Record one decision about the case that `case` names."""
    return act_on_named(
        desk,
        reader,
        name,
        case,
        lambda: resolve_case(desk, reader, case),
        Case(),
        referral.evolve,
        decide,
        body,
        beside=beside,
        **command,
    )


def assess_threshold(
    desk: Desk,
    reader: Reader,
    case: str,
    level: Threshold,
    *,
    definition: str | None = None,
    reason: str | None = None,
    override: str | None = None,
    learning_disability: bool = False,
    **command: Unpack[Command],
) -> Receipt:
    """Rate the risk in a case. A rating lower than the last one only becomes a proposal, unless one
    of the two is "unknown".

    The child's recorded facts decide whether the rating "low" is allowed; a learning disability
    given here is recorded as one of these facts. Raises Refused if "low" needs a supervisor's
    override and none is given; Denied if the reader may not give an override.
    """
    command_id: UUID = command.pop("command_id", None) or desk.new_random_id()
    because_of = tuple(command.pop("because_of", ()))
    in_force = definition or desk.policy.threshold_definition
    details = [reason, override, learning_disability]
    whole = [case, [level, definition, *details], because_of]

    def former() -> list[Any]:
        return [str(resolve_case(desk, reader, case)), [level, in_force, *details], because_of]

    if again := desk.repeated(command_id, "case.threshold", whole, former=former):
        return again
    found_item = resolve_case(desk, reader, case)
    require_command(reader, "case.threshold")
    require_held(definition, definitions(desk))
    state, version = desk.current_state(reader, found_item, Case(), referral.evolve)
    child = referral.require_case(state).child
    assert child  # noqa: S101 (an existing case has one)
    if learning_disability and not child_facts.all_facts(desk, child).learning_disability:
        _note_disability(desk, reader, found_item, child, uuid5(command_id, "learning-disability"))
    require_override_right(desk, reader, found_item, override)
    rated = ThresholdAssessed(level, in_force, override, reason)
    digest = desk.digest("case.threshold", whole)
    try:
        events = referral.assess_threshold(
            state,
            level,
            rated.definition,
            reason=reason,
            override=override,
            never_low=child_facts.never_low(desk, reader, child),
        )
    except TakesTwo:
        made = proposing.made_by(reader, "lower-rating", found_item, reason, rating=rated)
        return proposing.propose(
            desk,
            reader,
            found_item,
            made,
            lambda made: Submission(command_id, digest, made),
            because_of,
        )
    submission = Submission(
        command_id, digest, facts(reader, found_item, version, events, because_of)
    )
    return desk.save([Prepared(found_item, {"evidence": submission}, reader)])[0]


def definitions(desk: Desk) -> set[str]:
    """Return the versions of the definitions of low, medium and high risk by which cases may be
    rated.
    """
    with desk.deciding() as db:
        written = team_practice.versions(db)
    return {*desk.policy.threshold_definitions, desk.policy.threshold_definition, *written}


def _note_disability(desk: Desk, reader: Reader, case: UUID, child: UUID, command_id: UUID) -> None:
    """Record a learning disability as a fact about the child, even if the rating with which it was
    entered is refused. A worker who may rate the case may also record the disability, although
    other facts of the child may be closed to the worker."""
    with desk.deciding() as db:
        scope.require_may(db, reader, "rate", case, "case")
    source = f"told by {reader.name} with a rating"
    event = LearningDisabilityRecorded(True, source, desk.clock().date())
    _, version = desk.fold(child, Entity(), entity.evolve)
    rater = structs.replace(reader, closed=False)
    submission = Submission(
        command_id,
        desk.digest("person.disability", [str(child), source]),
        facts(rater, child, version, (event,)),
    )
    desk.save([Prepared(child, {"evidence": submission}, rater)])


def require_override_right(desk: Desk, reader: Reader, case: UUID, override: str | None) -> None:
    """Raise Denied if a rating overrides the rule against low ratings, and the reader does not
    supervise the case.
    """
    if not reader.closed or not (override or "").strip():
        return
    with desk.deciding() as db:
        theirs = scope.reached(db, reader, "oversee", [case])
    if not theirs:
        raise Denied(
            "only a supervisor or DCI can override the rule against a low rating: they have to "
            "sign in themselves and rate the risk"
        )


def allocate(
    desk: Desk,
    reader: Reader,
    case: str,
    worker: str,
    allocated_for: AllocatedFor,
    reason: str | None = None,
    **command: Unpack[Command],
) -> Receipt:
    """Allocate a worker to the child or to the parents. A new worker of the child gets the former
    worker's access to the health and placement compartments.

    Raises Refused if the worker has no active account in the case's team that works with families
    (the message suggests the nearest name), or if the parents declined support and no `reason` is
    given.
    """

    def named() -> tuple[UUID, str]:
        found_item = resolve_case(desk, reader, case)
        return found_item, colleague(desk, reader, worker, "work", case=found_item)

    def decided(state: Case) -> tuple[Event, ...]:
        return referral.allocate(state, named()[1], allocated_for, reason)

    def passed(state: Case) -> tuple[Fact, ...]:
        former = state.workers.get("child")
        if allocated_for != "child" or former is None:
            return ()
        found_item, new = named()
        return compartment.pass_on_facts(desk, reader, found_item, former, new)

    body = [worker, allocated_for, *([reason] if reason else [])]
    return act_on_case(desk, reader, "case.allocate", case, decided, body, beside=passed, **command)


#: The warning if the child and the parents have the same worker. The evaluation report says that
#: this "could be problematic, given that relationships between parent and child were usually
#: intentionally broken or damaged by the abuser".
ONE_FOR_BOTH = (
    "The child and the parents now have the same worker, although exploiters often damage the "
    "relationship between them: give one of them another worker"
)


def shared_worker_warning(desk: Desk, receipt: Receipt) -> str | None:
    """Return a warning if an allocation gives the child and the parents the same
    worker, else None.
    """
    history = desk.logs["evidence"].history(receipt.id)
    made = next((fact.command_id for fact in history if fact.ref == receipt.ref), None)
    both = any(
        isinstance(fact.event, WorkerAllocated) and fact.event.same_for_both
        for fact in history
        if fact.command_id == made
    )
    return ONE_FOR_BOTH if both else None


#: Record whether the child or the parents accept the support.
record_engagement = OnNamed(
    "case.engagement",
    resolve_case,
    Case(),
    referral.evolve,
    ignoring_desk(referral.record_engagement),
)


def _former_input(*first: str) -> Callable[[Event], dict[str, Any]]:
    """Return a function that returns the input of a command as an older release of the program
    hashed it: the fields `first`, and every other field that has a value. So a command that is
    repeated after an upgrade is recognised.
    """

    def body(event: Event) -> dict[str, Any]:
        fields = structs.asdict(event).items()
        return {name: value for name, value in fields if name in first or value is not None}

    return body


#: Record that a child is missing.
report_missing = OnItem(
    resolve_case,
    Case(),
    referral.evolve,
    ignoring_desk(referral.report_missing),
    body=_former_input("since", "carer_reported", "note"),
)


#: Record that a missing child was located, in each case of the child.
record_found = OnEachCase(
    lambda case, made: case.missing,
    referral.record_found,
    body=_former_input("found", "where", "note"),
)


#: Record that a return interview was offered, held or declined, in each case of the child in which
#: an interview is due.
record_interview = OnEachCase(referral.interview_fits, referral.record_interview)


#: Mark a case as inconsistent.
flag = OnNamed("case.flag", resolve_case, Case(), referral.evolve, ignoring_desk(referral.flag))


def assess_exit(
    desk: Desk,
    reader: Reader,
    case: str,
    outcome: Exit,
    reason: str,
    *,
    because_of: Sequence[str] = (),
    command_id: UUID | None = None,
) -> Receipt:
    """Propose that a child has left harm's way (the exit of the case). A supervisor or DCI confirms
    it.
    """
    command_id = command_id or desk.new_random_id()
    body, causes = [outcome, reason], tuple(because_of)
    whole = [case, body, causes]

    def former() -> list[Any]:
        return [str(resolve_case(desk, reader, case)), body, causes]

    if again := desk.repeated(command_id, "case.exit", whole, former=former):
        return again
    found_item = resolve_case(desk, reader, case)
    require_command(reader, "case.exit")
    state, _ = desk.current_state(reader, found_item, Case(), referral.evolve)
    (left,) = referral.assess_exit(state, outcome, reason, agreed=True)
    matters = open_matters.list_open_matters(desk, found_item)
    made = proposing.made_by(reader, "exit", found_item, reason, exit=left, open=matters)
    digest = desk.digest("case.exit", whole)
    return proposing.propose(
        desk,
        reader,
        found_item,
        made,
        lambda told: Submission(command_id, digest, told),
        because_of,
    )
