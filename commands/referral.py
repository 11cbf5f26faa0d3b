"""A child's case: opening it, referrals (also those that snippets cause), thresholds, workers.

Long because a referral form has many fields and each is a plain argument.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from access.decide import Thing, decide
from access.doing import require_one
from commands.desk import Desk, Prepared, Receipt, act, asked_before, facts
from domain import entity, forms, referral
from domain.entity import AgeRecorded, Entity, PersonRecorded
from domain.envelope import Event, Fact, Submission
from domain.forms.intervals import LONDON
from domain.referral import (
    AllocatedFor,
    Case,
    CaseFlagged,
    Engagement,
    Exit,
    MissingFound,
    MissingReported,
    ReferralReceived,
)
from domain.values import Denied, Origin, QualityCode, Reader, Refused, Threshold
from projections import cases, people, queue, register

Flag = tuple[QualityCode, str, str | None]
#: A case that is not there yet.
NEW = UUID(int=0)


def case_named(desk: Desk, reader: Reader, text: str) -> UUID:
    """The case that a number, a reference or an id names. Raises Refused."""
    with desk.reading() as db:
        found = cases.find(db, reader, text)
    if found is None:
        raise Refused(f"there is no case {text!r}: give its id, its number or the team's reference")
    return found


def _act(
    desk: Desk,
    reader: Reader,
    name: str,
    case: str,
    decide: Any,
    body: Any,
    *,
    former: Callable[[], Any] | None = None,
    **command: Any,
) -> Receipt:
    def find_case() -> UUID:
        return case_named(desk, reader, case)

    if again := asked_before(desk, name, case, body, find_case, former=former, **command):
        return again
    found = find_case()
    return act(
        desk, reader, name, found, Case(), referral.evolve, decide, body, told=case, **command
    )


def _child(
    desk: Desk,
    reader: Reader,
    name: str,
    reference: str | None,
    under_18: bool | None,
    born: date | None,
    age_words: str | None,
    gender: str | None,
) -> tuple[UUID, tuple[Fact, ...], tuple[tuple[bytes, UUID], ...]]:
    """The child a new case is about. Within one team reference a name is one child. Raises Refused
    for a date of birth that cannot be."""
    entity.credible_birth(born, desk.clock().astimezone(LONDON).date())
    scope = f"{reader.team}|{reference or ''}|{forms.name(name)}"
    digest = desk.keys.blind("case-child", scope)
    if reference and (known := desk.find("evidence", digest)):
        return known, (), ()
    stream = desk.new_id()
    state, events = Entity(), list[Event]()
    for event in entity.record_person(
        PersonRecorded(known=True, under_18=under_18, name=name, born=born, gender=gender)
    ):
        state = entity.evolve(state, event)
        events.append(event)
    if age_words:
        events.append(AgeRecorded(under_18, born, age_words))
    grounds = f"referred to {reader.team}"
    events += entity.classify(state, "vulnerable-child", grounds)
    unique = ((digest, stream),) if reference else ()
    return stream, facts(reader, stream, 0, events), unique


def prepare(
    desk: Desk,
    reader: Reader,
    *,
    command_id: UUID | None = None,
    reference: str | None = None,
    child: str | None = None,
    who: str | None = None,
    age_words: str | None = None,
    born: date | None = None,
    under_18: bool | None = True,
    gender: str | None = None,
    team: str | None = None,
    source: str = "not-known",
    referrer: str | None = None,
    concern: str | None = None,
    received: datetime | None = None,
    threshold: Threshold | None = None,
    definition: str | None = None,
    threshold_reason: str | None = None,
    override: str | None = None,
    learning_disability: bool = False,
    origin: Origin | None = None,
    flags: Sequence[Flag] = (),
    because_of: Sequence[str] = (),
) -> Prepared:
    """A referral: to the case that bears `reference`, or to a new one for `child`; or, where `who`
    is told instead, to the case that it names by itself or through its child, else to a new one.

    The receipt is the case's. Raises Refused where neither a known case nor a child is named, or
    where a child under 13, or with a learning disability, is rated low without an override.
    """
    require_one(reader, "case.opened")
    _own_team(reader, team)
    command_id = command_id or desk.new_random_id()
    body = [
        reference,
        child,
        who,
        age_words,
        born,
        under_18,
        gender,
        team,
        source,
        referrer,
        concern,
        received,
        threshold,
        definition,
        threshold_reason,
        override,
        learning_disability,
        origin,
        tuple(because_of),
    ]
    if desk.known([command_id]):  # before anything is looked up: what was found may be no more
        again = Submission(command_id, desk.digest("case.refer", body), ())
        return Prepared(NEW, {"evidence": again}, reader)
    case: UUID | None = None
    person: UUID | None = None
    if who:
        case, person = _whose(desk, reader, who)
        child = who
    elif reference:
        # A team's own reference alone: "12" on a form is neither the store's case number 12 nor
        # another team's 12.
        case = desk.find("evidence", _reference(desk, team or reader.team, reference))
        if case is None and team is None:
            with desk.reading() as db:
                case = cases.by_reference(db, reader, reference)
    made: tuple[Fact, ...] = ()
    unique: tuple[tuple[bytes, UUID], ...] = ()
    case = case or desk.new_id()
    state, version = desk.fold(case, Case(), referral.evolve)
    events: list[Event] = []

    def decided(new: tuple[Event, ...]) -> None:
        nonlocal state
        for event in new:
            state = referral.evolve(state, event)
            events.append(event)

    if (state.child is None or desk.hides(reader, case)) and not (child or "").strip():
        raise Refused("a new case needs the child's name")
    if state.child is None:
        if person is None:
            person, made, unique = _child(
                desk, reader, str(child), reference, under_18, born, age_words, gender
            )
        if reference:
            own = _reference(desk, team or reader.team, reference)
            unique = (*unique, (own, case))
        decided(referral.open_case(state, person, team or reader.team, reference))
    decided(
        referral.receive_referral(
            state, ReferralReceived(received, source, origin, concern, referrer)
        )
    )
    if threshold:
        decided(
            referral.assess_threshold(
                state,
                threshold,
                definition or desk.policy.threshold_definition,
                reason=threshold_reason,
                override=override,
                under_13=_under_13(born, received or desk.clock()),
                learning_disability=learning_disability,
            )
        )
    events += [CaseFlagged(*flag) for flag in flags]
    submission = Submission(
        command_id,
        desk.digest("case.refer", body),
        facts(reader, case, version, events, because_of) + made,
        unique,
    )
    desk.draft(submission)
    return Prepared(case, {"evidence": submission}, reader)


def _own_team(reader: Reader, team: str | None) -> None:
    """Raises Denied for another team's case, whether there is one or not."""
    theirs = Thing("case", NEW, team or reader.team, reader.name, case=NEW)
    if team and team not in reader.teams and not decide(reader, "refer", theirs).allowed:
        raise Denied(f"cases of {team} are opened by its own people: give it to them")


def _whose(desk: Desk, reader: Reader, who: str) -> tuple[UUID | None, UUID | None]:
    """The case that is named by itself or through its child; else the person whose id this is.

    Raises Refused where several children of that name have a case: which one is told, not guessed.
    """
    with desk.reading() as db:
        if known := cases.find(db, reader, who):
            return known, None
        by_id = [one.id for one in register.resolve(db, reader, who) if one.kind == "person"]
        named = by_id or people.named(db, reader, forms.name(who))
        found = {case for one in named if (case := cases.of_child(db, reader, one))}
    if len(found) > 1:
        raise Refused(
            f"{who!r} fits the children of {len(found)} cases: give one of "
            + ", ".join(str(case) for case in sorted(found))
        )
    return next(iter(found), None), by_id[0] if len(by_id) == 1 else None


def _reference(desk: Desk, team: str, reference: str) -> bytes:
    whose = f"{team.strip().casefold()}|{reference.strip().casefold()}"
    return desk.keys.blind("case-reference", whose)


def recorded_case(desk: Desk, reader: Reader, text: str) -> UUID | None:
    """The case that the log itself knows by this reference of the reader's team, or by its whole
    id; none on a store with accounts, where the log cannot tell whose it is to see."""
    if reader.closed:
        return None
    if known := desk.find("evidence", _reference(desk, reader.team, text)):
        return known
    try:
        case = UUID(text.strip())
    except ValueError:
        return None
    return case if desk.fold(case, Case(), referral.evolve)[0].child else None


def _under_13(born: date | None, on: datetime) -> bool:
    if born is None:
        return False
    day = on.date()
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day)) < 13


def receive(desk: Desk, reader: Reader, **told: Any) -> Receipt:
    """Receive one referral; see `prepare` for what may be told."""
    receipt = desk.save([prepare(desk, reader, **told)])[0]
    if desk.hides(reader, receipt.id):
        return replace(receipt, ref=f"{receipt.id}:1")
    return receipt


def refer(
    desk: Desk,
    reader: Reader,
    items: Sequence[UUID],
    child: str,
    *,
    concern: str | None = None,
    command_id: UUID | None = None,
) -> Receipt:
    """A referral caused by these snippets: to the child's case, or to a new one."""
    return receive(
        desk,
        reader,
        command_id=command_id,
        who=child,
        source="snippets",
        concern=concern,
        because_of=tuple(str(item) for item in items),
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
    **command: Any,
) -> Receipt:
    """Rate a case. Whether the child is under 13 is looked up, never asked."""
    in_force = definition or desk.policy.threshold_definition

    def decide(state: Case) -> tuple[Event, ...]:
        return referral.assess_threshold(
            state,
            level,
            in_force,
            reason=reason,
            override=override,
            under_13=_is_under_13(desk, reader, state.child),
            learning_disability=learning_disability,
        )

    told = [reason, override, learning_disability]
    return _act(
        desk,
        reader,
        "case.threshold",
        case,
        decide,
        [level, definition, *told],
        former=lambda: [level, in_force, *told],
        **command,
    )


def _is_under_13(desk: Desk, reader: Reader, child: UUID | None) -> bool:
    if child is None:
        return False
    with desk.reading() as db:
        known = people.entities(db, reader, [child]).get(child)
    return _under_13(known.born if known else None, desk.clock())


def allocate(
    desk: Desk, reader: Reader, case: str, worker: str, allocated_for: AllocatedFor, **command: Any
) -> Receipt:
    return _act(
        desk,
        reader,
        "case.allocate",
        case,
        lambda s: referral.allocate(s, worker, allocated_for),
        [worker, allocated_for],
        **command,
    )


def record_engagement(
    desk: Desk,
    reader: Reader,
    case: str,
    who: AllocatedFor,
    engagement: Engagement,
    note: str | None,
    **command: Any,
) -> Receipt:
    return _act(
        desk,
        reader,
        "case.engagement",
        case,
        lambda s: referral.record_engagement(s, who, engagement, note),
        [who, engagement, note],
        **command,
    )


def report_missing(
    desk: Desk, reader: Reader, case: str, missing: MissingReported, **command: Any
) -> Receipt:
    return _act(
        desk,
        reader,
        "case.missing",
        case,
        lambda s: referral.report_missing(s, missing),
        [missing],
        **command,
    )


def record_found(
    desk: Desk, reader: Reader, case: str, found: MissingFound, **command: Any
) -> Receipt:
    return _act(
        desk,
        reader,
        "case.found",
        case,
        lambda s: referral.record_found(s, found),
        [found],
        **command,
    )


def flag(
    desk: Desk,
    reader: Reader,
    case: str,
    code: QualityCode,
    field: str,
    raw: str | None,
    **command: Any,
) -> Receipt:
    return _act(
        desk,
        reader,
        "case.flag",
        case,
        lambda s: referral.flag(s, code, field, raw),
        [code, field, raw],
        **command,
    )


def assess_exit(
    desk: Desk, reader: Reader, case: str, outcome: Exit, reason: str, **command: Any
) -> Receipt:
    return _act(
        desk,
        reader,
        "case.exit",
        case,
        lambda s: referral.assess_exit(s, outcome, reason),
        [outcome, reason],
        **command,
    )


def close(
    desk: Desk, reader: Reader, case: str, reason: str, second: str, **command: Any
) -> Receipt:
    """Close a case: two people, and the number of its items still undecided stands beside it."""

    def decide(state: Case) -> tuple[Event, ...]:
        with desk.reading() as db:
            undecided = queue.undecided_in(db, reader, case_named(desk, reader, case))
        return referral.close(state, reason, by=reader.name, second=second, open_items=undecided)

    return _act(desk, reader, "case.close", case, decide, [reason, second], **command)
