"""A trail leads from any item back to the first log entry, and from the entry to everything that
followed from it.
"""

from uuid import UUID

from domain.families.referral import CaseOpened, ReferralReceived
from domain.information.observation import ObservationRead, ObservationTaken
from domain.intelligence.intelligence_report import ReportDisseminated
from domain.intelligence.link import LinkAsserted
from domain.justice.abduction_notice import NoticeBreached
from domain.justice.arrest_to_result import ArrestMade, ChargeBrought, NoticeServed, ResultRecorded
from domain.justice.court import PleaEntered, StepTaken
from domain.justice.evidence import EvidenceGathered
from domain.justice.verdict import OrderMade
from domain.kernel.values import When
from projections.kernel import trail
from projections.kernel.trail import Trail
from tests.projections.tale import READER, Tale, Views, hour


def steps_of(found: Trail) -> list[tuple[UUID, str]]:
    return [(step.id, step.event) for step in found.steps]


def ids(found: Trail) -> set[UUID]:
    return {step.id for step in found.steps}


def test_a_charge_goes_back_through_arrest_report_and_link_to_the_words(
    views: Views, tale: Tale
) -> None:
    words, aside = tale.words("Baz has a silver car"), tale.words("nothing to do with it")
    report = tale.graded(words)
    tale.tell(ReportDisseminated("force", "arrest", tale.new(), (1,)), about=report)
    a, b = tale.person("Barry"), tale.person("Kayleigh")
    link = tale.tell(LinkAsserted(a, b, "association", "intelligence", report=report, item=1))
    arrest = tale.tell(ArrestMade(a), because_of=(link,))
    charge = tale.tell(ChargeBrought(a), because_of=(f"{arrest}:1", "none-known"))
    with views.of(tale) as db:
        back = trail.back(db, READER, charge)
        forward = trail.forward(db, READER, words)
    assert back.id == charge
    assert ids(back) == {charge, arrest, link, report, words}
    assert back.steps[0].id == words
    assert back.steps[-1].because_of == (arrest,)
    assert ids(forward) == ids(back)
    assert aside not in ids(forward)
    learned = [step.learned for step in back.steps]
    assert learned == sorted(learned)
    assert {s.stage for s in back.steps if s.id == link} == {"intelligence"}
    assert {s.stage for s in back.steps if s.id == charge} == {None}


def test_evidence_follows_information_directly(views: Views, tale: Tale) -> None:
    words = tale.words("she brought the phone in")
    exhibit = tale.tell(EvidenceGathered("exhibit", "AB1", (words,)))
    arrest = tale.tell(ArrestMade(tale.new()), because_of=(exhibit,))
    with views.of(tale) as db:
        assert steps_of(trail.back(db, READER, arrest)) == [
            (words, "observation.recorded"),
            (exhibit, "evidence.gathered"),
            (arrest, "justice.arrest_made"),
        ]
        assert ids(trail.back(db, READER, words)) == {words}


def test_what_a_court_does_is_a_step_joined_to_what_was_shown_to_lead_to_it(
    views: Views, tale: Tale
) -> None:
    """A decision of a court is a step of a trail. It follows another step, such as a charge, only
    if a user recorded that the one led to the other. Preparing the family for court is not a
    step."""
    person, case = tale.person("Barry"), tale.tell(CaseOpened(tale.new(), "Engage"))
    charge = tale.tell(ChargeBrought(person))
    plea = tale.tell(PleaEntered(case, person, "not-guilty"), because_of=(charge,))
    result = tale.tell(ResultRecorded("convicted", person), because_of=(plea,))
    order = tale.tell(OrderMade(case, person, "restraining", "no contact"), because_of=(result,))
    apart = tale.tell(PleaEntered(case, person, "guilty"))
    tale.tell(StepTaken(case, "pre-trial-visit", "done"), because_of=(charge,))
    with views.of(tale) as db:
        onward, alone = trail.forward(db, READER, charge), trail.back(db, READER, apart)
    assert steps_of(onward) == [
        (charge, "justice.charge_brought"),
        (plea, "court.plea_entered"),
        (result, "justice.result_recorded"),
        (order, "verdict.order_made"),
    ]
    assert {step.stage for step in onward.steps} == {None}
    assert steps_of(alone) == [(apart, "court.plea_entered")]


def test_a_breach_rests_on_its_notice_and_on_what_it_was_told_in(views: Views, tale: Tale) -> None:
    person, words = tale.person("Barry"), tale.words("he sat in the car with her")
    notice = tale.tell(NoticeServed(person, tale.new(), "s2-caa-1984"))
    seen = NoticeBreached(notice, person, words, "an aunt", "the gate", hour(0))
    breach = tale.tell(seen)
    with views.of(tale) as db:
        back = trail.back(db, READER, breach)
    assert ids(back) == {words, notice, breach}
    assert back.steps[-1].because_of == (notice, words)


def test_words_of_one_family_that_led_to_another_childs_referral(views: Views, tale: Tale) -> None:
    words = tale.words("a girl called Tilly was with them")
    case = tale.tell(CaseOpened(tale.new(), "Engage"), ReferralReceived(), because_of=(words,))
    with views.of(tale) as db:
        assert steps_of(trail.forward(db, READER, words)) == [
            (words, "observation.recorded"),
            (case, "case.opened"),
            (case, "case.referral_received"),
        ]


def test_happened_and_learned_stand_apart(views: Views, tale: Tale) -> None:
    when = When("Saturday night", hour(-60), hour(-50), "hour")
    words = tale.words(happened=when, at=hour(0))
    with views.of(tale) as db:
        (step,) = trail.back(db, READER, words).steps
    assert (step.occurred, step.learned, step.stage) == (hour(-60), hour(0), "information")
    assert step.ref == f"{words}:1"


def test_a_circle_of_causes_ends(views: Views, tale: Tale) -> None:
    one = tale.new()
    other = tale.words(because_of=(one,))
    tale.tell(tale.log.facts[0].event, about=one, because_of=(other, one))
    with views.of(tale) as db:
        assert len(trail.back(db, READER, one).steps) == 2
        assert len(trail.forward(db, READER, one).steps) == 2


def test_each_event_is_one_step_however_many_ways_lead_to_it(views: Views, tale: Tale) -> None:
    words = tale.words()
    tale.tell(ObservationTaken(), ObservationRead("v1"), about=words)
    report = tale.graded(words)
    result = tale.tell(ResultRecorded("convicted"), because_of=(words, report, report))
    with views.of(tale) as db:
        found = trail.back(db, READER, result)
    assert len({step.ref for step in found.steps}) == len(found.steps)
    assert "observation.read" not in {step.event for step in found.steps}
    assert found.steps[-1].because_of == (words, report)


def test_a_long_chain_and_a_wide_one_are_walked(sqlite_views: Views, tale: Tale) -> None:
    first = last = tale.words()
    for _ in range(60):
        last = tale.words(because_of=(last,))
    wide = tale.tell(EvidenceGathered("exhibit", "AB1", tuple(tale.words() for _ in range(1100))))
    with sqlite_views.of(tale) as db:
        assert len(trail.back(db, READER, last).steps) == 61
        assert len(trail.forward(db, READER, first).steps) == 61
        assert len(trail.back(db, READER, wide).steps) == 1101


def test_what_nobody_recorded_has_no_trail(sqlite_views: Views, tale: Tale) -> None:
    with sqlite_views.of(tale) as db:
        assert trail.back(db, READER, UUID(int=1)) == Trail(UUID(int=1), ())
