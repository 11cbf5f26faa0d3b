"""Referrals of a child to a new or an existing case, including referrals that log entries cause.

The file is long because a referral form has many fields and each is a plain argument.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from msgspec import structs
from msgspec.structs import replace

from access.who_may import scope
from access.who_may.decide import Thing, decide, see
from access.who_may.event_rules import require_for_event
from commands.families import child as child_facts
from commands.families.casework import definitions, require_override_right
from commands.kernel import proposing
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Desk, Receipt, facts
from domain import forms
from domain.families import monitoring, referral
from domain.families.monitoring import ReferralMonitored
from domain.families.referral import (
    Case,
    CaseFlagged,
    ReferralReceived,
    ThresholdAssessed,
)
from domain.intelligence import entity
from domain.intelligence.entity import (
    AgeRecorded,
    Entity,
    LearningDisabilityRecorded,
    PersonRecorded,
)
from domain.kernel.codes import ReferredEthnicity, Residence
from domain.kernel.envelope import Event, Fact, LogName, LogUnavailable, Submission
from domain.kernel.values import Denied, Origin, QualityCode, Reader, Refused, TakesTwo, Threshold
from projections.composed import finding
from projections.families import cases
from projections.intelligence import people
from projections.kernel import item_ids

Flag = tuple[QualityCode, str, str | None]
#: A placeholder for the id of a case that is not opened yet.
NEW = UUID(int=0)


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
    """Return the child of a new case: the child's id, the facts to record about the child, and a
    unique key. The key is the same if the team gives the same reference and name again, so that no
    second child is recorded. Raises Refused if the date of birth is impossible.
    """
    entity.credible_birth(born, desk.today())
    scope = f"{reader.team}|{reference or ''}|{forms.name(name)}"
    digest = desk.keys.blind("case-child", scope)
    if reference and (known_item := desk.find("evidence", digest)):
        return known_item, (), ()
    stream = desk.new_id()
    state, events = Entity(), list[Event]()
    for event in entity.record_person(
        PersonRecorded(known=True, under_18=under_18, name=name, born=born, gender=gender)
    ):
        state = entity.evolve(state, event)
        events.append(event)
    events += [
        further_event
        for further_event in further
        if not isinstance(further_event, AgeRecorded) or further_event.words
    ]
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
    residence: Residence | None = None,
    ethnicity: ReferredEthnicity | None = None,
    missing_before: bool | None = None,
    in_care: bool | None = None,
    former_concern: str | None = None,
    flags: Sequence[Flag] = (),
    because_of: Sequence[str] = (),
) -> Prepared:
    """Prepare a referral to the case that `reference` or `who` names (`who` by its number or by its
    child). If there is no such case, the referral opens a new case for `child`. The receipt has the
    id of the case.

    A referral is recorded whatever its rating: a rating that is not allowed becomes a flag on the
    case, and a rating lower than the last one becomes a proposal. `former_concern` is the concern
    as an earlier release hashed it, so that a command of that release is recognised if it is
    repeated. Raises Refused if neither a recorded case nor a child is named.
    """
    require_for_event(reader, "case.opened")
    _require_own_team(reader, team)
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
        former_concern or concern,
        received,
        threshold,
        definition,
        threshold_reason,
        override,
        learning_disability,
        origin,
        tuple(because_of),
    ]
    # A repeated command is recognised here, before the referral's case is looked up, because the
    # case may no longer exist.
    if desk.known_commands([command_id]):
        return _repeated_events(desk, reader, command_id, body, [child, who], threshold)
    case: UUID | None = None
    person: UUID | None = None
    if who:
        case, person = find_referred_child(desk, reader, who)
        child = who
    elif reference:
        # A case reference on a form belongs to the team that wrote the form. For example, "12" does
        # not mean case number 12 of the store, or the 12 of another team.
        case = desk.find("evidence", _reference(desk, team or reader.team, reference))
        if case is None and team is None:
            with desk.deciding() as db:
                case = cases.by_reference(db, reader, reference)
    made: tuple[Fact, ...] = ()
    unique: tuple[tuple[bytes, UUID], ...] = ()
    case = case or desk.new_id()
    state, version = desk.fold(case, Case(), referral.evolve)
    events: list[Event] = []
    told_of_child = _child_facts(
        desk, age_words, born, under_18, learning_disability, received, referrer or source
    )

    def decided(new: tuple[Event, ...]) -> None:
        nonlocal state
        for event in new:
            state = referral.evolve(state, event)
            events.append(event)

    if (state.child is None or desk.hides(reader, case)) and not (child or "").strip():
        raise Refused("a new case needs the child's name: write the name")
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
        made, untold = _facts_or_flags(desk, reader, of_child, told_of_child)
        events += untold
    if threshold and of_child:
        child_events = [*told_of_child, *[AgeRecorded(False)] * (under_18 is False)]
        why = child_facts.never_low(desk, reader, of_child, child_events)
        rating = ThresholdAssessed(threshold, definition or "", override, threshold_reason)
        decided(_rating_events(desk, reader, case, state, rating, why))
    events += [CaseFlagged(*flag) for flag in flags]
    digest = desk.digest("case.refer", body)
    submission = Submission(
        command_id,
        digest,
        facts(reader, case, version, events, because_of)
        + made
        + _monitored(
            reader,
            command_id,
            ReferralMonitored(case, residence, ethnicity, missing_before, in_care),
        ),
        unique,
    )
    hits = _silent_alerts(
        desk, reader, command_id, digest, [child], threshold, of_child if version else None
    )
    desk.draft(submission)
    return Prepared(case, {"evidence": submission, **hits}, reader)


def _monitored(reader: Reader, command_id: UUID, monitored: ReferralMonitored) -> tuple[Fact, ...]:
    """Return the fact with the fields for national monitoring, if the referral has any."""
    if not monitoring.has_answers(monitored):
        return ()
    return facts(reader, uuid5(command_id, "monitored"), 0, (monitored,))


def _repeated_events(
    desk: Desk,
    reader: Reader,
    command_id: UUID,
    body: object,
    named: Sequence[str | None],
    level: Threshold | None,
) -> Prepared:
    """Return the events of a repeated referral. If the access log did not answer the first time,
    the silent search alerts of the referral are among them.
    """
    digest = desk.digest("case.refer", body)
    submissions: dict[LogName, Submission] = {"evidence": Submission(command_id, digest, ())}
    if not desk.logs["access"].known_commands([command_id]):
        submissions |= _silent_alerts(desk, reader, command_id, digest, named, level)
    return Prepared(NEW, submissions, reader)


def _silent_alerts(
    desk: Desk,
    reader: Reader,
    command_id: UUID,
    digest: bytes,
    named: Sequence[str | None],
    level: Threshold | None,
    known_item: UUID | None = None,
) -> dict[LogName, Submission]:
    """Return the silent search alerts for other teams that have records of the referred child. The
    search uses the name in the referral and, if `known_item` is the child's recorded id, also the
    recorded names. The referrer does not learn of the alerts.
    """
    if not reader.closed:
        return {}
    try:
        with desk.deciding() as db:
            everything = scope.unlimited(reader)
            called = people.visible_names(db, everything, [known_item]) if known_item else {}
            names = {
                *filter(None, named),
                *(name for entity_names in called.values() for name in entity_names.names),
            }
            touched = finding.referred(db, reader, sorted(names), level or "unknown")
    except LogUnavailable:
        if known_item is None:
            raise
        # the existing case raised the alert when it was opened, so the referral is accepted without
        # one
        return {}
    facts_by_event = [
        facts(reader, uuid5(command_id, str(event.case)), 0, (event,)) for event in touched
    ]
    made = tuple(fact for group in facts_by_event for fact in group)
    return {"access": Submission(command_id, digest, made)} if made else {}


def _definition(desk: Desk, text: str | None) -> tuple[str, tuple[Event, ...]]:
    """Return the version of the risk definitions for a referral's rating. If `text` names an
    unknown version, the version in force is used, so that the child is rated in any case, and an
    event that flags the case is returned, too.
    """
    if text and text in definitions(desk):
        return text, ()
    unknown = (CaseFlagged("other", "definition of the threshold", text),) if text else ()
    return desk.policy.threshold_definition, unknown


def _child_facts(
    desk: Desk,
    age_words: str | None,
    born: date | None,
    under_18: bool | None,
    learning_disability: bool,
    received: datetime | None,
    source: str,
) -> list[Event]:
    """Return the facts about the child in a referral, as of the day on which it arrived."""
    day = (received or desk.clock()).date()
    events: list[Event] = []
    entity.credible_age(age_words)
    if age_words or born:
        events.append(AgeRecorded(under_18, born, age_words, day, source))
    if learning_disability:
        events.append(LearningDisabilityRecorded(True, source, day))
    return events


def _facts_or_flags(
    desk: Desk, reader: Reader, child: UUID, events: Sequence[Event]
) -> tuple[tuple[Fact, ...], list[Event]]:
    """Return the events about a recorded child: facts, if the reader may change the child's record;
    otherwise a flag of the case with these facts, so that none is lost.
    """
    if desk.reaches(reader, "person.age", child) and not desk.hides(reader, child):
        _, version = desk.fold(child, Entity(), entity.evolve)
        return facts(reader, child, version, events), []
    return (), [CaseFlagged("other", "child", "; ".join(_in_words(event) for event in events))]


def _in_words(event: Event) -> str:
    match event:
        case AgeRecorded():
            return f"age: {event.words or event.born}"
    return "learning disability"


def _rating_events(
    desk: Desk, reader: Reader, case: UUID, state: Case, rated: ThresholdAssessed, why: str | None
) -> tuple[Event, ...]:
    """Return the events for the rating in a referral. A rating that is not allowed becomes a flag,
    and a rating lower than the last one of the case becomes a proposal. An unknown version of the
    risk definitions is flagged, too.
    """
    by_text, unknown = _definition(desk, rated.definition or None)
    rated = structs.replace(rated, definition=by_text)
    return (*unknown, *_taken(desk, reader, case, state, rated, why))


def _taken(
    desk: Desk, reader: Reader, case: UUID, state: Case, rated: ThresholdAssessed, why: str | None
) -> tuple[Event, ...]:
    try:
        require_override_right(desk, reader, case, rated.override)
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
        text = f"{rated.level}: {refused}"
        return (CaseFlagged("rating-not-taken", "threshold", text),)


def _require_own_team(reader: Reader, team: str | None) -> None:
    """Raise Denied if a user gives a case reference together with a team that is not the user's
    own. The reference itself is not looked up, so the error does not reveal whether it exists.
    """
    theirs = Thing("case", NEW, team or reader.team, reader.name, case=NEW)
    if team and team not in reader.teams and not decide(reader, "refer", theirs).allowed:
        raise Denied(f"only members of {team} can open a case of that team: ask them to open it")


def find_referred_child(desk: Desk, reader: Reader, who: str) -> tuple[UUID | None, UUID | None]:
    """Return the case that a user names by its number, or by the name of its child. If there is no
    such case, return the person with this id.

    Raises Refused if several children of that name have a case: the user has to choose one.
    """
    with desk.deciding() as db:
        if known_item := cases.find(db, reader, who):
            return known_item, None
        by_id = [row.id for row in item_ids.resolve(db, reader, who) if row.kind == "person"]
        named = by_id or people.find_by_exact_name(db, reader, forms.name(who))
        found_items = {case for item in named if (case := cases.of_child(db, reader, item))}
    if len(found_items) > 1:
        raise Refused(
            f"{who!r} fits the children of {len(found_items)} cases: give the number of one of "
            "these cases: " + ", ".join(str(case) for case in sorted(found_items))
        )
    return next(iter(found_items), None), by_id[0] if len(by_id) == 1 else None


def _reference(desk: Desk, team: str, reference: str) -> bytes:
    whose = f"{team.strip().casefold()}|{reference.strip().casefold()}"
    return desk.keys.blind("case-reference", whose)


def recorded_case(desk: Desk, reader: Reader, text: str) -> UUID | None:
    """Return the case that has this reference in the reader's team, or this whole id, as recorded
    in the log; None if the reader may not see the case.
    """
    known_item = desk.find("evidence", _reference(desk, reader.team, text))
    if known_item is None:
        try:
            known_item = UUID(text.strip())
        except ValueError:
            return None
    case = desk.fold(known_item, Case(), referral.evolve)[0]
    subject = Thing("case", known_item, case.team, "", case=known_item)
    return known_item if case.child and see(reader, subject) else None


def receive(desk: Desk, reader: Reader, **told: Any) -> Receipt:
    """Record one referral; the arguments are those of `prepare`."""
    receipt = desk.save([prepare(desk, reader, **told)])[0]
    try:
        hidden = desk.hides(reader, receipt.id)
    # the referral is recorded, but the views that name the child of its case are not available
    except LogUnavailable:
        hidden = reader.closed
    return replace(receipt, ref=f"{receipt.id}:1") if hidden else receipt


def refer(
    desk: Desk,
    reader: Reader,
    items: Sequence[UUID | str],
    child: str,
    *,
    concern: str | None = None,
    referrer: str | None = None,
    age_words: str | None = None,
    born: date | None = None,
    learning_disability: bool = False,
    command_id: UUID | None = None,
) -> Receipt:
    """Refer a child, because of these log entries or, if there are none, at the request of a
    referrer. The referral, with facts about the child, goes to the child's case or to a new case.
    """
    return receive(
        desk,
        reader,
        command_id=command_id,
        who=child,
        source="not-known" if referrer and not items else "snippets",
        concern=concern,
        referrer=referrer,
        age_words=age_words,
        born=born,
        learning_disability=learning_disability,
        because_of=tuple(str(item) for item in items),
    )
