"""Any history can be folded into a state without an error, and a decision that is made twice is
recorded once or refused.
"""

import typing
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain import catalogue
from domain.data_protection import retention
from domain.families import charity_support, compartment, protection, referral
from domain.families.referral import (
    MissingFound,
    MissingGraded,
    MissingReported,
    ReturnInterviewRecorded,
    WithholdingWeighed,
)
from domain.information import covert_source_review, observation, source
from domain.intelligence import entity, identity, intelligence_report, link
from domain.intelligence.entity import AgeRecorded
from domain.justice import arrest_to_result, evidence
from domain.kernel.envelope import Event
from domain.kernel.values import Grade, Handling, Matter, Mention, Origin, Refused, When
from domain.people_and_teams import two_person
from tests.domain.given import uid


def built(kind: Any) -> st.SearchStrategy[Any]:
    """Return a strategy that builds any value of this type; for a frozen struct, by the types of
    its fields.
    """
    hints = typing.get_type_hints(kind)
    return st.builds(kind, **{name: st.from_type(hints[name]) for name in kind.__struct_fields__})


NESTED = (
    referral.ExitAssessed,
    referral.ThresholdAssessed,
    arrest_to_result.ResultRecorded,
    retention.HoldLifted,
)
for value in (Grade, Handling, When, Mention, Origin, Matter, *NESTED):
    st.register_type_strategy(value, built)
histories = st.lists(st.sampled_from(catalogue.events()).flatmap(built), max_size=6)


class Fold(NamedTuple):
    start: Any
    evolve: Callable[[Any, Event], Any]


OBSERVATION = Fold(observation.Observation(), observation.evolve)
SOURCE = Fold(source.Source(), source.evolve)
REPORT = Fold(intelligence_report.Report(), intelligence_report.evolve)
LINK = Fold(link.Link(), link.evolve)
ENTITY = Fold(entity.Entity(), entity.evolve)
PAIR = Fold(identity.JudgedPair(), identity.evolve)
CASE = Fold(referral.Case(), referral.evolve)
EVIDENCE = Fold(evidence.Evidence(), evidence.evolve)
PROCEEDING = Fold(arrest_to_result.Proceeding(), arrest_to_result.evolve)
DRIFT = Fold(covert_source_review.Drift(), covert_source_review.evolve)
SUPPORT = Fold(charity_support.SupportState(), charity_support.evolve)
HELD = Fold(compartment.CompartmentState(), compartment.evolve)
ANSWERED = Fold(protection.LastDecision(), protection.evolve)
WAITING = Fold(two_person.PendingProposals(), two_person.evolve)
FOLDS = (
    *(DRIFT, SUPPORT, HELD, ANSWERED, WAITING),
    *(OBSERVATION, SOURCE, REPORT, LINK, ENTITY, PAIR, CASE, EVIDENCE, PROCEEDING),
)


# some events contain others, so that generating them takes long
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(histories)
def test_any_history_loads_in_any_fold(history: list[Event]) -> None:
    """The function that folds events into a state accepts any events in any order, and does not
    change the state that it was given."""
    for start, evolve in FOLDS:
        state = start
        for event in history:
            before = repr(state)
            after = evolve(state, event)
            assert repr(state) == before
            state = after


A, B = uid(1), uid(2)
TIE = link.LinkAsserted(A, B, "associate", "information")
GRADED = intelligence_report.ItemGraded(1, A, Grade.parse("2A"), Handling("P"), reason="seen")
DAY = date(2011, 3, 18)
DUE = covert_source_review.StatusReviewDue(A, B, "deception", "his phone")
NOTED = compartment.HealthNoted(A, "injury", "a burn")
PROPOSED = two_person.ProposalMade("close", "ds.hart", A, "quiet since May")
PLACED = compartment.PlacementMade(A, "residential", "Town C", "town c")
ENDED = compartment.PlacementEnded(A)
ASKING = Handling("C", "A1", "S2", "ask first")
Decide = Callable[[Any], Sequence[Event]]

#: Each decision of the domain, with the fold that makes its state, and True if a repeated decision
#: is recorded once.
DECISIONS: dict[str, tuple[Fold, Decide, bool]] = {
    "correct": (OBSERVATION, lambda s: observation.correct(s, "an Astra", None), False),
    "refile": (OBSERVATION, lambda s: observation.refile(s, A, None), True),
    "withdraw": (
        OBSERVATION,
        lambda s: observation.withdraw(s, "not so", "recorded-in-error", agreed=True),
        True,
    ),
    "take": (OBSERVATION, observation.take, False),
    "up": (OBSERVATION, lambda s: observation.raise_urgency(s, "out"), True),
    "down": (
        OBSERVATION,
        lambda s: observation.lower_urgency(s, "home", assessor=True, agreed=True),
        True,
    ),
    "triage": (
        OBSERVATION,
        lambda s: observation.triage(s, "assess", "a car", sampled=False),
        False,
    ),
    "assess": (OBSERVATION, lambda s: observation.assess(s, A, 1), True),
    "confirm": (OBSERVATION, lambda s: observation.confirm(s, A, None), True),
    "grade source": (SOURCE, lambda s: source.grade(s, "2", "new"), False),
    "conflict": (SOURCE, lambda s: source.note_conflict(s, "a feud"), False),
    "join": (SOURCE, lambda s: source.join_roots(s, A, B, "one child"), True),
    "part": (SOURCE, lambda s: source.part_roots(s, A, B, "two"), True),
    "grade": (REPORT, lambda s: intelligence_report.grade_item(s, GRADED), False),
    "sanitise": (REPORT, lambda s: intelligence_report.sanitise(s, 1, "text"), False),
    "disseminate": (
        REPORT,
        lambda s: intelligence_report.disseminate(s, "Team B", "safety", B)[:1],
        False,
    ),
    "withdraw report": (REPORT, lambda s: intelligence_report.withdraw(s, "made up"), True),
    "link": (LINK, lambda s: link.assert_link(s, TIE, ("person", "person")), False),
    "retract": (LINK, lambda s: link.retract(s, "not so"), True),
    "alias": (ENTITY, lambda s: entity.add_alias(s, "nickname", "Baz"), True),
    "name": (ENTITY, lambda s: entity.name_person(s, "Barry"), True),
    "classify": (ENTITY, lambda s: entity.classify(s, "suspect", "seen"), True),
    "end": (ENTITY, lambda s: entity.end_classification(s, "suspect", "an alibi"), True),
    "age": (ENTITY, lambda s: entity.record_age(s, AgeRecorded(True)), False),
    "same": (PAIR, lambda s: identity.judge(s, A, B, "same", "one phone", []), True),
    "different": (PAIR, lambda s: identity.judge(s, A, B, "different", "faces", []), True),
    "revoke": (PAIR, lambda s: identity.revoke(s, A, B, "mistaken"), True),
    "open": (CASE, lambda s: referral.open_case(s, A, "Engage", None), True),
    "refer": (CASE, lambda s: referral.receive_referral(s, referral.ReferralReceived()), False),
    "allocate": (CASE, lambda s: referral.allocate(s, "Ann", "child"), True),
    "missing": (CASE, lambda s: referral.report_missing(s, MissingReported()), True),
    "found": (CASE, lambda s: referral.record_found(s, MissingFound()), True),
    "interview": (
        CASE,
        lambda s: referral.record_interview(s, ReturnInterviewRecorded("held", "v.reed")),
        True,
    ),
    "grade missing": (
        CASE,
        lambda s: referral.grade_missing(s, MissingGraded("high", "no coat")),
        False,
    ),
    "weigh": (
        CASE,
        lambda s: referral.weigh(s, WithholdingWeighed("kept-back", "it names nobody")),
        True,
    ),
    "exit": (CASE, lambda s: referral.assess_exit(s, "protected", "moved", agreed=True), False),
    "close": (CASE, lambda s: referral.close(s, "safe", proposed_by="ds.bell", open_items=0), True),
    "transfer": (
        EVIDENCE,
        lambda s: evidence.transfer(s, evidence.EvidenceTransferred(receiver="Store")),
        False,
    ),
    "exclude": (EVIDENCE, lambda s: evidence.change_status(s, "excluded", "why"), True),
    "ask consent": (
        REPORT,
        lambda s: intelligence_report.ask_consent(s, 1, "an arrest", "dc.moss"),
        False,
    ),
    "give consent": (
        REPORT,
        lambda s: intelligence_report.give_consent(s, 1, None, "ds.hart"),
        False,
    ),
    "status due": (DRIFT, lambda s: covert_source_review.review_due(s, DUE, DAY), True),
    "status decided": (
        DRIFT,
        lambda s: covert_source_review.decide(
            s, A, B, "not-covert", DAY.replace(month=9), "a mother", DAY
        ),
        False,
    ),
    "health": (HELD, lambda s: compartment.note_health(s, NOTED, "csw.tarn"), False),
    "placed": (HELD, lambda s: compartment.place(s, PLACED, "csw.tarn"), False),
    "placement ended": (HELD, lambda s: compartment.end_placement(s, ENDED), True),
    "open to": (
        HELD,
        lambda s: compartment.open_to(s, A, "health", "csw.moss", "her worker", "csw.tarn"),
        True,
    ),
    "close to": (
        HELD,
        lambda s: compartment.close_to(s, A, "health", "csw.moss", "left", "csw.tarn"),
        True,
    ),
    "propose": (WAITING, lambda s: two_person.propose(s, PROPOSED), True),
    "confirm closing": (
        WAITING,
        lambda s: two_person.confirm(s, "close", by="ds.bell", reason=None),
        True,
    ),
    "refuse closing": (WAITING, lambda s: two_person.refuse(s, "close", "too early"), True),
    "undermine": (EVIDENCE, lambda s: evidence.change_status(s, "undermined", "why"), True),
}
BEGUN: list[tuple[Fold, Event]] = [
    (OBSERVATION, observation.ObservationRecorded("snippet", "verbatim", "words")),
    (SOURCE, source.SourceRegistered("parent", "Carol Marlow")),
    (REPORT, intelligence_report.ReportOpened("IR00000001")),
    (LINK, TIE),
    (ENTITY, entity.PersonRecorded(known=False, name="Baz")),
    (PAIR, identity.IdentityJudged(A, B, "unsure", "cannot tell")),
    (CASE, referral.CaseOpened(A, "Engage")),
    (EVIDENCE, evidence.EvidenceGathered("exhibit", "AB1")),
    (DRIFT, DUE),
    (HELD, compartment.CompartmentOpened(A, "health", "csw.tarn", "opened it")),
    (WAITING, referral.CaseOpened(A, "Engage")),
]


@given(st.lists(st.sampled_from(sorted(DECISIONS)), min_size=1, max_size=12))
def test_decisions_taken_again_and_again(names: list[str]) -> None:
    """A decision depends only on the state, and its events can always be folded into the state. If
    DECISIONS says that a decision is recorded once, repeating it changes nothing or is refused."""
    for fold, begun in BEGUN:
        state = fold.evolve(fold.start, begun)
        for name in names:
            on, decide, once = DECISIONS[name]
            if on is not fold:
                continue
            first = _decided(decide, state)
            assert first == _decided(decide, state), f"{name} is no pure function"
            for event in first or ():
                state = fold.evolve(state, event)
            if once and first:
                assert not _decided(decide, state), f"{name} twice is two facts"


def _decided(decide: Decide, state: Any) -> tuple[Event, ...] | None:
    try:
        return tuple(decide(state))
    except Refused:
        return None


@pytest.mark.parametrize("name", DECISIONS)
def test_what_is_listed_here_can_be_decided(name: str) -> None:
    """Each decision in the table DECISIONS is allowed after some history. So the test that repeats
    decisions really makes each of them."""
    fold, decide, _ = DECISIONS[name]
    before: dict[str, tuple[Event, ...]] = {
        "down": (observation.UrgencyRaised("out"),),
        "part": (source.RootsJoined(A, B, "one child"),),
        "sanitise": (GRADED,),
        "disseminate": (GRADED, intelligence_report.ItemSanitised(1, "text")),
        "end": (entity.PersonClassified("suspect", "seen"),),
        "found": (MissingReported(),),
        "ask consent": (intelligence_report.ItemGraded(1, A, Grade.parse("2A"), ASKING),),
        "give consent": (GRADED, intelligence_report.ConsentAsked(1, "dc.moss", "an arrest")),
        "placement ended": (PLACED,),
        "interview": (MissingReported(), MissingFound()),
        "grade missing": (MissingReported(),),
        "weigh": (
            MissingReported(),
            MissingFound(),
            ReturnInterviewRecorded("held", "v.reed", withhold="her phone"),
        ),
        "confirm closing": (PROPOSED,),
        "refuse closing": (PROPOSED,),
        "close to": (compartment.CompartmentOpened(A, "health", "csw.moss", "her worker"),),
    }
    state = (
        fold.start
        if name in ("open", "status due")
        else fold.evolve(fold.start, next(begun for on, begun in BEGUN if on is fold))
    )
    if name == "alias":
        state = fold.evolve(fold.start, entity.PersonRecorded(known=False, description="tall"))
    for event in before.get(name, ()):
        state = fold.evolve(state, event)
    assert decide(state)
