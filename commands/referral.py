"""A child's case: opening it, referrals (also those that snippets cause), thresholds, workers.

Long because a referral form has many fields and each is a plain argument.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from msgspec import structs

from access import scope
from access.decide import Thing, decide, see
from access.doing import require_command, require_one
from commands import child as child_facts
from commands import proposing
from commands.colleague import colleague
from commands.desk import Desk, Prepared, Receipt, act_named, facts
from domain import entity, forms, referral
from domain.codes import AllocatedFor, Engagement, Exit
from domain.entity import AgeRecorded, Entity, LearningDisabilityRecorded, PersonRecorded
from domain.envelope import Event, Fact, LogUnavailable, Submission
from domain.forms.intervals import LONDON
from domain.referral import (
    Case,
    CaseFlagged,
    MissingFound,
    MissingReported,
    ReferralReceived,
    ReturnInterviewRecorded,
    ThresholdAssessed,
)
from domain.values import Denied, Origin, QualityCode, Reader, Refused, TakesTwo, Threshold
from projections import cases, people, register

Flag = tuple[QualityCode, str, str | None]
#: A case that is not there yet.
NEW = UUID(int=0)


def case_named(desk: Desk, reader: Reader, text: str) -> UUID:
    """The case that a number, a reference or an id names. Raises Refused."""
    with desk.deciding() as db:
        return cases.named(db, reader, text)


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
    return act_named(
        desk,
        reader,
        name,
        case,
        lambda: case_named(desk, reader, case),
        Case(),
        referral.evolve,
        decide,
        body,
        **command,
    )


def _child(
    desk: Desk,
    reader: Reader,
    name: str,
    reference: str | None,
    under_18: bool | None,
    born: date | None,
    gender: str | None,
    further: Sequence[Event],
) -> tuple[UUID, tuple[Fact, ...], tuple[tuple[bytes, UUID], ...]]:
    """The child a new case is about, with what else is told of them. Within one team reference a
    name is one child. Raises Refused for a date of birth that cannot be."""
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
    events += [one for one in further if not isinstance(one, AgeRecorded) or one.words]
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

    No referral is lost for its rating: one that the child may not have is flagged and not taken,
    one that lowers the case's is proposed. The receipt is the case's. Raises Refused where neither
    a known case nor a child is named.
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
            with desk.deciding() as db:
                case = cases.by_reference(db, reader, reference)
    made: tuple[Fact, ...] = ()
    unique: tuple[tuple[bytes, UUID], ...] = ()
    case = case or desk.new_id()
    state, version = desk.fold(case, Case(), referral.evolve)
    events: list[Event] = []
    told_of_child = _told_of_child(
        desk, age_words, born, under_18, learning_disability, received, referrer or source
    )

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
                desk, reader, str(child), reference, under_18, born, gender, told_of_child
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
    of_child = state.child
    if of_child and not made and told_of_child:
        made, untold = _added(desk, reader, of_child, told_of_child)
        events += untold
    if threshold and of_child:
        rated = ThresholdAssessed(
            threshold, definition or desk.policy.threshold_definition, override, threshold_reason
        )
        adult = [AgeRecorded(under_18)] if under_18 is False else []
        why = child_facts.never_low(desk, of_child, [*told_of_child, *adult])
        decided(_rated(desk, reader, case, state, rated, why))
    events += [CaseFlagged(*flag) for flag in flags]
    submission = Submission(
        command_id,
        desk.digest("case.refer", body),
        facts(reader, case, version, events, because_of) + made,
        unique,
    )
    desk.draft(submission)
    return Prepared(case, {"evidence": submission}, reader)


def _told_of_child(
    desk: Desk,
    age_words: str | None,
    born: date | None,
    under_18: bool | None,
    learning_disability: bool,
    received: datetime | None,
    source: str,
) -> list[Event]:
    """What a referral says of its child, as of the day on which it came."""
    day = (received or desk.clock()).date()
    told: list[Event] = []
    if age_words or born:
        told.append(AgeRecorded(under_18, born, age_words, day, source))
    if learning_disability:
        told.append(LearningDisabilityRecorded(True, source, day))
    return told


def _added(
    desk: Desk, reader: Reader, child: UUID, told: Sequence[Event]
) -> tuple[tuple[Fact, ...], list[Event]]:
    """What is told of a child who is known already: facts of theirs where the reader reaches them,
    else a flag of the case, so that nothing is lost."""
    if desk.reaches(reader, "person.age", child) and not desk.hides(reader, child):
        _, version = desk.fold(child, Entity(), entity.evolve)
        return facts(reader, child, version, told), []
    return (), [CaseFlagged("other", "child", "; ".join(_in_words(one) for one in told))]


def _in_words(event: Event) -> str:
    match event:
        case AgeRecorded():
            return f"age: {event.words or event.born}"
    return "learning disability"


def _rated(
    desk: Desk, reader: Reader, case: UUID, state: Case, rated: ThresholdAssessed, why: str | None
) -> tuple[Event, ...]:
    """What a referral's rating becomes: a rating, a proposal where it lowers, or a flag."""
    try:
        _override_is_theirs(desk, reader, case, rated.override)
        return referral.assess_threshold(
            state,
            rated.level,
            rated.definition,
            reason=rated.reason,
            override=rated.override,
            never_low=why,
        )
    except TakesTwo:
        reason = rated.reason or "so says a referral"
        return (proposing.made_by(reader, "lower-rating", case, reason, rating=rated),)
    except Refused as refused:
        told = f"{rated.level}: {refused}"
        return (CaseFlagged("rating-not-taken", "threshold", told),)


def _override_is_theirs(desk: Desk, reader: Reader, case: UUID, override: str | None) -> None:
    """Raises Denied for an override by somebody who is no supervisor of this case."""
    if not reader.closed or not (override or "").strip():
        return
    with desk.deciding() as db:
        theirs = scope.reached(db, reader, "oversee", [case])
    if not theirs:
        raise Denied("an override is for a supervisor or DCI to give, in their own session")


def _own_team(reader: Reader, team: str | None) -> None:
    """Raises Denied for another team's case, whether there is one or not."""
    theirs = Thing("case", NEW, team or reader.team, reader.name, case=NEW)
    if team and team not in reader.teams and not decide(reader, "refer", theirs).allowed:
        raise Denied(f"cases of {team} are opened by its own people: give it to them")


def _whose(desk: Desk, reader: Reader, who: str) -> tuple[UUID | None, UUID | None]:
    """The case that is named by itself or through its child; else the person whose id this is.

    Raises Refused where several children of that name have a case: which one is told, not guessed.
    """
    with desk.deciding() as db:
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
    id, if they may see it."""
    known = desk.find("evidence", _reference(desk, reader.team, text))
    if known is None:
        try:
            known = UUID(text.strip())
        except ValueError:
            return None
    case = desk.fold(known, Case(), referral.evolve)[0]
    thing = Thing("case", known, case.team, "", case=known)
    return known if case.child and see(reader, thing) else None


def receive(desk: Desk, reader: Reader, **told: Any) -> Receipt:
    """Receive one referral; see `prepare` for what may be told."""
    receipt = desk.save([prepare(desk, reader, **told)])[0]
    try:
        hidden = desk.hides(reader, receipt.id)
    except LogUnavailable:  # it is received, and the views cannot tell whose it is
        hidden = reader.closed
    return replace(receipt, ref=f"{receipt.id}:1") if hidden else receipt


def refer(
    desk: Desk,
    reader: Reader,
    items: Sequence[UUID | str],
    child: str,
    *,
    concern: str | None = None,
    age_words: str | None = None,
    born: date | None = None,
    learning_disability: bool = False,
    command_id: UUID | None = None,
) -> Receipt:
    """A referral caused by these snippets: to the child's case, or to a new one, with what was
    told of the child."""
    return receive(
        desk,
        reader,
        command_id=command_id,
        who=child,
        source="snippets",
        concern=concern,
        age_words=age_words,
        born=born,
        learning_disability=learning_disability,
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
    """Rate a case; a lower rating than the last known one is proposed. What forbids low is looked
    up in what is known of the child; a learning disability told here becomes a fact of theirs.
    Raises Refused where low needs an override, Denied for an override of somebody else's."""
    command_id: UUID = command.pop("command_id", None) or desk.new_random_id()
    because_of = tuple(command.pop("because_of", ()))
    in_force = definition or desk.policy.threshold_definition
    told = [reason, override, learning_disability]
    whole = [case, [level, definition, *told], because_of]

    def former() -> list[Any]:
        return [str(case_named(desk, reader, case)), [level, in_force, *told], because_of]

    if again := desk.repeated(command_id, "case.threshold", whole, former=former):
        return again
    found = case_named(desk, reader, case)
    require_command(reader, "case.threshold")
    state, version = desk.standing(reader, found, Case(), referral.evolve)
    child = referral.existing(state).child
    assert child  # noqa: S101 (an existing case has one)
    if learning_disability and not child_facts.known(desk, child).learning_disability:
        _note_disability(desk, reader, found, child, uuid5(command_id, "learning-disability"))
    _override_is_theirs(desk, reader, found, override)
    rated = ThresholdAssessed(level, in_force, override, reason)
    digest = desk.digest("case.threshold", whole)
    try:
        events = referral.assess_threshold(
            state,
            level,
            rated.definition,
            reason=reason,
            override=override,
            never_low=child_facts.never_low(desk, child),
        )
    except TakesTwo:
        made = proposing.made_by(reader, "lower-rating", found, reason, rating=rated)
        return proposing.propose(
            desk,
            reader,
            found,
            made,
            lambda made: Submission(command_id, digest, made),
            because_of,
        )
    submission = Submission(command_id, digest, facts(reader, found, version, events, because_of))
    return desk.save([Prepared(found, {"evidence": submission}, reader)])[0]


def _note_disability(desk: Desk, reader: Reader, case: UUID, child: UUID, command_id: UUID) -> None:
    """A fact of the child, whatever becomes of the rating with which it was told. Who may rate the
    case may say it, also where the child's other facts are not theirs to change."""
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


def allocate(
    desk: Desk, reader: Reader, case: str, worker: str, allocated_for: AllocatedFor, **command: Any
) -> Receipt:
    """Give the child or the parents a worker: a live account of the case's team that works with
    families. Raises Refused with the nearest name for another."""

    def decided(state: Case) -> tuple[Event, ...]:
        found = case_named(desk, reader, case)
        named = colleague(desk, reader, worker, "work", case=found)
        return referral.allocate(state, named, allocated_for)

    return _act(desk, reader, "case.allocate", case, decided, [worker, allocated_for], **command)


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


def record_interview(
    desk: Desk, reader: Reader, case: str, told: ReturnInterviewRecorded, **command: Any
) -> Receipt:
    """A return interview offered, held or declined. Raises as `referral.record_interview`."""
    return _act(
        desk,
        reader,
        "case.interview",
        case,
        lambda s: referral.record_interview(s, told),
        [told],
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
    desk: Desk,
    reader: Reader,
    case: str,
    outcome: Exit,
    reason: str,
    *,
    because_of: Sequence[str] = (),
    command_id: UUID | None = None,
) -> Receipt:
    """Propose that a child has left harm's way; a supervisor or DCI confirms it."""
    command_id = command_id or desk.new_random_id()
    body, causes = [outcome, reason], tuple(because_of)
    whole = [case, body, causes]

    def former() -> list[Any]:
        return [str(case_named(desk, reader, case)), body, causes]

    if again := desk.repeated(command_id, "case.exit", whole, former=former):
        return again
    found = case_named(desk, reader, case)
    require_command(reader, "case.exit")
    state, _ = desk.standing(reader, found, Case(), referral.evolve)
    (left,) = referral.assess_exit(state, outcome, reason, agreed=True)
    made = proposing.made_by(reader, "exit", found, reason, exit=left)
    digest = desk.digest("case.exit", whole)
    return proposing.propose(
        desk, reader, found, made, lambda told: Submission(command_id, digest, told), because_of
    )
