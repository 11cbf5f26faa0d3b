"""What blames a child or a parent in a professional's words, with what to write instead.

Offered once a command is recorded, in every front alike: nothing is held up, and nothing of it is
stored. What a parent or a child said stays as it was said.
"""

from collections.abc import Iterable

from domain.charging import ChargingDecided, ReviewTold
from domain.chart import ChartNoted, ChartSaved
from domain.compartment import HealthNoted, PlacementEnded, PlacementMade
from domain.complaint import ComplaintOutcomeTold, ComplaintStepTaken
from domain.court import (
    AccountTaken,
    BailEnded,
    HearingHeld,
    HearingMoved,
    HearingSet,
    MeasureTold,
    PleaEntered,
    StepTaken,
)
from domain.due import DueAnswered
from domain.entity import ClassificationEnded, PersonClassified, PersonRecorded
from domain.envelope import Event
from domain.exploitation import ModelAssessed
from domain.family import FamilyInvited, FamilyTold, PromiseEnded, PromiseMade
from domain.identifier import IdentifierTold, IdentifierWithdrawn
from domain.identity import IdentityJudged, IdentityRevoked
from domain.intelligence import ItemGraded, ItemSanitised, ReportDisseminated, ReportWithdrawn
from domain.joining import JoinConfirmed, JoinDismissed
from domain.justice import ArrestMade, ChargeBrought, NoticeServed, ResultRecorded
from domain.language import Finding, look
from domain.link import LinkAsserted, LinkRetracted
from domain.marac import MaracHeard, MaracReferred
from domain.meeting import BoardKept, Decided, ItemAdded, MeetingCalledOff, ResultTold
from domain.member import AtRiskDecided, AtRiskNamed, EngagementTold, RelationAssessed
from domain.missing import PatternJudged, PlanWritten
from domain.need import FamilyMoved, NeedAnswered, NeedTold, ThreatAnswered, ThreatTold
from domain.notice import BreachFollowedUp, NoticeBreached, ServiceTold
from domain.observation import (
    ObservationRecorded,
    ObservationTriaged,
    ObservationWithdrawn,
    UrgencyLowered,
    UrgencyRaised,
)
from domain.offer import OfferContactDecided, OfferEnded, OfferMade
from domain.parent import ParentRiskEnded, ParentRiskNoted
from domain.proposal import ProposalConfirmed, ProposalMade, ProposalRefused
from domain.protection import AlertAnswered, ReferralConsidered
from domain.publication import PressChecked, PublicationAnswered, PublicationNoted
from domain.referral import (
    CaseClosed,
    CaseReopened,
    EngagementRecorded,
    ExitAssessed,
    MissingFound,
    MissingGraded,
    MissingReported,
    ReferralReceived,
    ReturnInterviewRecorded,
    ThresholdAssessed,
    WithholdingWeighed,
)
from domain.release import ReleaseProposed, ReleaseRefused, ReleaseReviewed
from domain.reporting import AbuseReported, ReportDelayed
from domain.standing_pattern import StandingPatternEnded, StandingPatternSet
from domain.standing_search import StandingSearchEnded, StandingSearchSet
from domain.supervision import SupervisionTold
from domain.support import ContactMade, NoteWritten
from domain.verdict import AppealDecided, AppealLodged, OrderMade
from domain.victim_request import (
    InformationAsked,
    InformationDecided,
    RequestWithdrawn,
    VictimTold,
)
from domain.waiting import WaitingAsked, WaitingEnded, WaitingTold

#: Which fields of what is recorded hold a professional's own words.
WRITTEN: dict[type[Event], tuple[str, ...]] = {
    ObservationTriaged: ("reason",),
    ObservationWithdrawn: ("reason",),
    UrgencyRaised: ("reason",),
    UrgencyLowered: ("reason",),
    ItemGraded: ("reason",),
    ItemSanitised: ("text",),
    ReportDisseminated: ("purpose",),
    ReportWithdrawn: ("reason",),
    LinkAsserted: ("note",),
    LinkRetracted: ("reason",),
    PersonRecorded: ("description",),
    PersonClassified: ("grounds",),
    ClassificationEnded: ("reason",),
    IdentityJudged: ("reason",),
    IdentityRevoked: ("reason",),
    ReferralReceived: ("concern",),
    ThresholdAssessed: ("reason", "override"),
    EngagementRecorded: ("note",),
    MissingReported: ("note",),
    MissingGraded: ("reason",),
    MissingFound: ("note",),
    ReturnInterviewRecorded: ("note", "withhold", "weighed"),
    WithholdingWeighed: ("reason",),
    PatternJudged: ("reason",),
    JoinConfirmed: ("reason",),
    JoinDismissed: ("reason",),
    StandingPatternSet: ("reason",),
    StandingPatternEnded: ("reason",),
    StandingSearchSet: ("reason",),
    StandingSearchEnded: ("reason",),
    PlanWritten: ("usual", "tell"),
    ExitAssessed: ("reason",),
    CaseClosed: ("reason",),
    CaseReopened: ("reason",),
    ContactMade: ("words",),
    NoteWritten: ("words", "basis"),
    FamilyTold: ("words", "weighed"),
    PromiseMade: ("words",),
    PromiseEnded: ("words",),
    FamilyInvited: ("words",),
    NeedTold: ("words",),
    NeedAnswered: ("words",),
    ThreatTold: ("words",),
    ThreatAnswered: ("words",),
    FamilyMoved: ("words",),
    WaitingTold: ("why",),
    WaitingAsked: ("words",),
    WaitingEnded: ("words",),
    MaracReferred: ("basis",),
    MaracHeard: ("words",),
    PublicationNoted: ("words",),
    PublicationAnswered: ("words",),
    PressChecked: ("words",),
    EngagementTold: ("note",),
    RelationAssessed: ("basis",),
    ModelAssessed: ("basis",),
    ParentRiskNoted: ("words",),
    ParentRiskEnded: ("reason",),
    IdentifierTold: ("why",),
    IdentifierWithdrawn: ("reason",),
    AtRiskNamed: ("basis",),
    AtRiskDecided: ("reason",),
    HealthNoted: ("words",),
    PlacementMade: ("words",),
    PlacementEnded: ("words",),
    HearingSet: ("note",),
    HearingMoved: ("reason",),
    HearingHeld: ("result",),
    BailEnded: ("note",),
    PleaEntered: ("note",),
    MeasureTold: ("note",),
    AccountTaken: ("why_again",),
    StepTaken: ("words",),
    InformationAsked: ("enquiry", "necessary", "proportionate", "probative", "rebutted"),
    VictimTold: ("reason",),
    ReportDelayed: ("reason",),
    AbuseReported: ("why_later",),
    ComplaintStepTaken: ("words",),
    ComplaintOutcomeTold: ("words",),
    InformationDecided: ("reason",),
    RequestWithdrawn: ("reason",),
    ArrestMade: ("note",),
    ChargingDecided: ("reasons",),
    ReviewTold: ("words",),
    OrderMade: ("terms",),
    AppealLodged: ("note",),
    AppealDecided: ("words",),
    ServiceTold: ("note",),
    NoticeBreached: ("note",),
    BreachFollowedUp: ("words",),
    ChargeBrought: ("note",),
    NoticeServed: ("rationale", "note"),
    ResultRecorded: ("rationale", "note"),
    AlertAnswered: ("reason",),
    ReferralConsidered: ("reason",),
    DueAnswered: ("reason",),
    MeetingCalledOff: ("reason",),
    ItemAdded: ("words",),
    Decided: ("words",),
    ResultTold: ("words",),
    BoardKept: ("title",),
    ChartSaved: ("name",),
    ChartNoted: ("words",),
    SupervisionTold: ("agreed",),
    ProposalMade: ("reason",),
    ProposalConfirmed: ("reason",),
    ProposalRefused: ("reason",),
    OfferMade: ("reason",),
    OfferEnded: ("reason",),
    OfferContactDecided: ("reason",),
    ReleaseProposed: ("reason",),
    ReleaseRefused: ("reason",),
    ReleaseReviewed: ("words",),
}


def offers(events: Iterable[Event]) -> tuple[Finding, ...]:
    """What to write instead of words that blame, of those that a professional wrote; what they
    quote is somebody's own and stays."""
    return tuple(
        finding
        for event in events
        for name in _written(event)
        for finding in look(getattr(event, name, None) or "")
        if not finding.quoted
    )


def _written(event: Event) -> tuple[str, ...]:
    if isinstance(event, ObservationRecorded):
        own = event.form == "own-observation" or event.opinion == "opinion"
        return ("words",) if own else ()
    return WRITTEN.get(type(event), ())


def said(finding: Finding) -> str:
    """An offer, for a person."""
    return f"{finding.words!r}: {finding.why}. Instead: {'; or: '.join(finding.instead)}"
