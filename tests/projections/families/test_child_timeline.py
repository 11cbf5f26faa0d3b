"""A timeline shows the facts of a case in the order in which they happened, without the text of log
entries."""

from datetime import timedelta
from uuid import UUID

from domain.catalogue import by_log, events
from domain.data_protection.erasure import ItemErased
from domain.families.charity_support import ContactMade, WayChecked
from domain.families.compartment import (
    CompartmentClosed,
    CompartmentOpened,
    HealthNoted,
    PlacementEnded,
    PlacementMade,
)
from domain.families.ethnicity import FamilyEthnicityTold
from domain.families.missing import PatternJudged
from domain.families.monitoring import ReferralMonitored
from domain.families.parent import ParentRiskNoted
from domain.families.protection import AlertAnswered, AlertEnded, AlertRang, ReferralConsidered
from domain.families.referral import ReferralReceived
from domain.information.observation import (
    ObservationRefiled,
    ObservationTriaged,
    ObservationWithdrawn,
)
from domain.intelligence.intelligence_report import ReportOpened
from domain.intelligence.meeting import BoardKept, Decided, ItemAdded
from domain.intelligence.standing_watch import StandingPatternSet, StandingSearchSet
from domain.justice.arrest_to_result import ResultReopened
from domain.justice.duty_to_report import DutyArose
from domain.justice.victim_request import InformationAsked
from domain.kernel.envelope import Event
from projections.families import child_timeline
from tests.projections.tale import READER, START, Tale, Views
from tests.support.domain.listed import unlisted

#: Events of a case that the family's timeline leaves out, each with the reason.
LEFT_OUT: dict[type[Event], str] = {
    **dict.fromkeys(
        (HealthNoted, PlacementMade, PlacementEnded, CompartmentOpened, CompartmentClosed),
        "it stands in its compartment alone",
    ),
    ObservationRefiled: "it moves what is told",
    ReportOpened: "the words are told to be graded",
    ResultReopened: "it reviews a decision that is told",
    PatternJudged: "it judges what the program found",
    WayChecked: "it belongs to a contact that is told",
    **dict.fromkeys((AlertRang, AlertEnded, AlertAnswered), "it is about what the program found"),
    **dict.fromkeys((ItemAdded, Decided, BoardKept), "the meeting's page tells it"),
    ParentRiskNoted: "it is the charity's alone",
    FamilyEthnicityTold: "it stands where it was told, and is a reason for nothing",
    ReferralMonitored: "fields of a form, counted on the report card and a reason for nothing",
    DutyArose: "it is a worker's duty, on a list of its own",
    InformationAsked: "others ask the charity for what it holds",
    ReferralConsidered: "it is about a child who has no case yet",
    StandingSearchSet: "it is the police's own, and stands on a list of its own",
    StandingPatternSet: "it is the police's own, and stands on a list of its own",
}


def timeline_texts(views: Views, tale: Tale, case: UUID) -> list[str]:
    with views.of(tale) as db:
        return [row.what for row in child_timeline.of_case(db, READER, case)]


def test_what_happened_is_in_its_order_and_not_in_that_of_the_log(views: Views, tale: Tale) -> None:
    case = tale.case()
    earlier = START - timedelta(days=1)
    tale.tell(ContactMade(case, "liaison", "phone", "parents"))
    tale.tell(ContactMade(case, "advocacy", "visit", "parents", earlier))
    contacts = "contact: advocacy", "contact: liaison"
    assert timeline_texts(views, tale, case) == [
        contacts[0],
        "case opened",
        "referral",
        contacts[1],
    ]


def test_a_referral_is_where_it_was_received(views: Views, tale: Tale) -> None:
    case, earlier = tale.case(), START - timedelta(days=1)
    before = timeline_texts(views, tale, case)
    tale.tell(ReferralReceived(earlier, "school"), about=case)
    assert timeline_texts(views, tale, case) == ["referral", *before]


def test_words_go_with_the_case_with_which_they_are_filed(views: Views, tale: Tale) -> None:
    one, other = tale.case(), tale.case()
    begins = ["case opened", "referral"]
    words = tale.words()
    tale.tell(ObservationTriaged("assess", "a plate"), about=words)
    assert timeline_texts(views, tale, one) == begins
    tale.tell(ObservationRefiled(one), about=words)
    came = ["words came in: verbatim", "decided about words: assess"]
    assert timeline_texts(views, tale, one) == [*begins, *came]
    tale.tell(ObservationRefiled(other, one, "hers"), about=words)
    tale.tell(ObservationWithdrawn("not so"), about=words)
    assert timeline_texts(views, tale, one) == begins
    assert timeline_texts(views, tale, other) == [*begins, *came, "words were taken back"]


def test_what_is_erased_leaves_no_trace_of_what_it_was(views: Views, tale: Tale) -> None:
    case = tale.case()
    before = timeline_texts(views, tale, case)
    contact = tale.tell(ContactMade(case, "liaison", "phone", "parents"))
    assert len(timeline_texts(views, tale, case)) == len(before) + 1
    tale.tell(ItemErased(tale.new(), "contact", "destroyed"), about=contact)
    assert timeline_texts(views, tale, case) == before


def test_every_fact_of_a_case_is_reported_or_left_out_for_a_reason() -> None:
    of_cases = {one for one in by_log()["evidence"].values() if "case" in one.__struct_fields__}
    told = {event: event.meaning.journey for event in events() if event.meaning.journey}
    named = [event.stored.name for event in LEFT_OUT]
    where = "`journey` in its meaning, or why not (LEFT_OUT in this file)"
    assert not list(unlisted(named, of_cases - told.keys(), where))
    for event, (_, *fields) in told.items():
        assert set(fields) <= set(event.__struct_fields__), event
