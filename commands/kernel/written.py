"""Which fields of what is recorded hold a professional's own words, and which texts do not.

Long because every event with a text is named here once: a test takes them from the catalogue.
"""

from domain.data_protection.complaint import (
    ComplaintAcknowledged,
    ComplaintOutcomeTold,
    ComplaintReceived,
    ComplaintStepTaken,
)
from domain.data_protection.consultation import (
    ConsultationJustified,
    ConsultedFor,
    ContactDecided,
    UnusualAccessReviewed,
)
from domain.data_protection.copies import (
    BackupMade,
    CopyDestroyed,
    CopyFingerprinted,
    ProofTaken,
    StoreRestored,
)
from domain.data_protection.disclosure import (
    DisclosureMade,
    DisclosureMade1,
    DisclosureRecalled,
    RecipientTold,
)
from domain.data_protection.erasure import RedactionsWritten
from domain.data_protection.hold import HoldEnded, HoldOrdered, HoldReviewed
from domain.data_protection.request_intake import RequestNilAnswered, RequestNoted
from domain.data_protection.retention import (
    HoldLifted,
    HoldPlaced,
    RestrictionLifted,
    RestrictionPlaced,
    RestrictionRefused,
    RestrictionRequested,
    ReviewDecided,
)
from domain.data_protection.subject_request import (
    AccessRequested,
    RequestExtended,
    RequestItemDecided,
    StatementAdded,
    SubjectAnswered,
    SubjectAsked,
)
from domain.exchange.offer import OfferContactDecided, OfferEnded, OfferMade, OfferMatched
from domain.families.compartment import (
    CompartmentClosed,
    CompartmentOpened,
    HealthNoted,
    PlacementEnded,
    PlacementMade,
)
from domain.families.exploitation import ModelAssessed
from domain.families.family import FamilyAsked, FamilyInvited, FamilyTold, PromiseEnded, PromiseMade
from domain.families.identifier import IdentifierOpened, IdentifierTold, IdentifierWithdrawn
from domain.families.marac import MaracHeard, MaracReferred
from domain.families.member import (
    AtRiskDecided,
    AtRiskNamed,
    EngagementTold,
    MemberNamed,
    RelationAssessed,
)
from domain.families.missing import PatternJudged, PlanWritten
from domain.families.nationality import NationalityTold
from domain.families.need import FamilyMoved, NeedAnswered, NeedTold, ThreatAnswered, ThreatTold
from domain.families.parent import ParentRiskEnded, ParentRiskNoted
from domain.families.protection import AlertAnswered, ReferralConsidered
from domain.families.publication import PressChecked, PublicationAnswered, PublicationNoted
from domain.families.referral import (
    CaseClosed,
    CaseFlagged,
    CaseRedacted,
    CaseReopened,
    EngagementRecorded,
    ExitAssessed,
    ExitReopened,
    MissingFound,
    MissingGraded,
    MissingReported,
    RatingReopened,
    ReferralReceived,
    ReturnInterviewRecorded,
    ThresholdAssessed,
    WithholdingWeighed,
)
from domain.families.supervision import SupervisionTold
from domain.families.support import ContactMade, NoteWritten, WayChecked
from domain.families.waiting import WaitingAsked, WaitingEnded, WaitingTold
from domain.information.drift import StatusDecided, StatusReviewDue
from domain.information.joining import JoinConfirmed, JoinDismissed
from domain.information.observation import (
    LogPhotographed,
    MentionConfirmed,
    NoValueAudited,
    ObservationCorrected,
    ObservationFlagged,
    ObservationRead,
    ObservationRecorded,
    ObservationRedacted,
    ObservationRefiled,
    ObservationTriaged,
    ObservationWithdrawn,
    SourceHeld,
    UrgencyLowered,
    UrgencyRaised,
)
from domain.information.outbox import WipeOrdered
from domain.information.source import (
    RootsJoined,
    RootsParted,
    SourceConflictNoted,
    SourceDescribed,
    SourceGraded,
    SourceRegistered,
)
from domain.intelligence.chart import ChartNoted, ChartSaved
from domain.intelligence.corroboration import CorroborationJudged
from domain.intelligence.entity import (
    AgeRecorded,
    AliasAdded,
    ClassificationEnded,
    LearningDisabilityRecorded,
    PersonClassified,
    PersonNamed,
    PersonRecorded,
    ThingRecorded,
)
from domain.intelligence.identity import IdentityJudged, IdentityRevoked
from domain.intelligence.intelligence import (
    ConsentAsked,
    ConsentGiven,
    ConsentRefused,
    ItemGraded,
    ItemSanitised,
    ProductReleased,
    ReportDisseminated,
    ReportRedacted,
    ReportWithdrawn,
)
from domain.intelligence.link import LinkAsserted, LinkRetracted
from domain.intelligence.meeting import (
    BoardKept,
    Decided,
    ItemAdded,
    MeetingCalled,
    MeetingCalledOff,
    MeetingHeld,
    ResultTold,
)
from domain.intelligence.release import (
    ReleaseProposed,
    ReleaseRefused,
    ReleaseReviewDue,
    ReleaseReviewed,
)
from domain.intelligence.standing_pattern import StandingPatternEnded, StandingPatternSet
from domain.intelligence.standing_search import StandingSearchEnded, StandingSearchSet
from domain.justice.charging import ChargingDecided, ReviewTold
from domain.justice.court import (
    AccountTaken,
    BailEnded,
    BailSet,
    HearingHeld,
    HearingMoved,
    HearingSet,
    MeasureTold,
    PleaEntered,
    StepTaken,
)
from domain.justice.evidence import (
    EvidenceExcluded,
    EvidenceGathered,
    EvidenceTransferred,
    EvidenceUndermined,
    EvidenceWithdrawn,
)
from domain.justice.justice import (
    ArrestMade,
    ChargeBrought,
    NoticeServed,
    ResultRecorded,
    ResultReopened,
)
from domain.justice.material import MaterialReviewed
from domain.justice.notice import BreachFollowedUp, NoticeBreached, ServiceTold
from domain.justice.reporting import AbuseReported, DutyArose, ReportDelayed
from domain.justice.verdict import AppealDecided, AppealLodged, OrderMade
from domain.justice.victim_request import (
    InformationAsked,
    InformationDecided,
    RequestWithdrawn,
    VictimTold,
)
from domain.kernel.envelope import Event
from domain.people_and_teams.account import (
    RightGivenAlone,
    RightRefused,
    RoleLent,
    UserLocked,
)
from domain.people_and_teams.due import DueAnswered
from domain.people_and_teams.escalation import EscalatedOutsideLine, EscalationSeen
from domain.people_and_teams.governance import ExportMade, ExportMade1, FileReceived, FileReceived1
from domain.people_and_teams.grant import (
    AuthorityGiven,
    EntryAsked,
    EntryReviewed,
    GlassBroken,
    GlassReviewed,
)
from domain.people_and_teams.notifying import AddressGiven
from domain.people_and_teams.proposal import ProposalConfirmed, ProposalMade, ProposalRefused
from domain.people_and_teams.recovery import CopyProposed, CopyRefused, LossDeclared
from domain.people_and_teams.right_time import ClockProposed, ClockRefused
from domain.people_and_teams.rota import DutyGiven

#: Which fields hold a professional's own words.
WRITTEN: dict[type[Event], tuple[str, ...]] = {
    ObservationCorrected: ("reason",),
    ObservationRefiled: ("reason",),
    ObservationWithdrawn: ("reason",),
    UrgencyRaised: ("reason",),
    UrgencyLowered: ("reason",),
    ObservationTriaged: ("reason",),
    NoValueAudited: ("reason",),
    ObservationRedacted: ("words",),
    SourceGraded: ("reason",),
    SourceConflictNoted: ("reason",),
    RootsJoined: ("reason",),
    RootsParted: ("reason",),
    ItemGraded: ("reason",),
    ItemSanitised: ("text",),
    ConsentAsked: ("use",),
    ConsentGiven: ("conditions",),
    ConsentRefused: ("reason",),
    ReportDisseminated: (
        "purpose",
        "urgent_reason",
        "conditions_met",
    ),
    ReportWithdrawn: ("reason",),
    CorroborationJudged: ("reason",),
    ReleaseProposed: (
        "purpose",
        "reason",
        "conditions_met",
    ),
    ReleaseRefused: ("reason",),
    ReleaseReviewDue: ("reason",),
    ReleaseReviewed: ("words",),
    OfferMade: (
        "reason",
        "conditions",
        "agreement",
        "assessment",
    ),
    OfferEnded: ("reason",),
    OfferContactDecided: ("reason",),
    LinkAsserted: ("note",),
    LinkRetracted: ("reason",),
    PersonRecorded: ("description",),
    PersonClassified: ("grounds",),
    ClassificationEnded: ("reason",),
    ThingRecorded: ("description",),
    IdentityJudged: ("reason",),
    IdentityRevoked: ("reason",),
    JoinConfirmed: ("reason",),
    JoinDismissed: ("reason",),
    ChartSaved: ("name",),
    ChartNoted: ("words",),
    StandingPatternSet: ("reason",),
    StandingPatternEnded: ("reason",),
    StandingSearchSet: ("reason",),
    StandingSearchEnded: ("reason",),
    ReferralReceived: ("concern",),
    ThresholdAssessed: (
        "reason",
        "override",
    ),
    EngagementRecorded: ("note",),
    MissingReported: ("note",),
    MissingGraded: ("reason",),
    MissingFound: ("note",),
    ReturnInterviewRecorded: (
        "note",
        "withhold",
        "weighed",
    ),
    WithholdingWeighed: ("reason",),
    ExitAssessed: ("reason",),
    CaseClosed: (
        "reason",
        "senior_reason",
    ),
    CaseReopened: ("reason",),
    CaseRedacted: ("words",),
    PatternJudged: ("reason",),
    PlanWritten: (
        "usual",
        "tell",
        "call",
    ),
    EvidenceGathered: ("description",),
    EvidenceExcluded: ("reason",),
    EvidenceUndermined: ("reason",),
    EvidenceWithdrawn: ("reason",),
    ArrestMade: ("note",),
    ChargeBrought: ("note",),
    NoticeServed: (
        "rationale",
        "note",
    ),
    ResultRecorded: (
        "rationale",
        "note",
    ),
    ServiceTold: ("note",),
    NoticeBreached: ("note",),
    BreachFollowedUp: ("words",),
    ChargingDecided: ("reasons",),
    ReviewTold: ("words",),
    HearingSet: ("note",),
    HearingMoved: ("reason",),
    HearingHeld: ("result",),
    BailEnded: ("note",),
    PleaEntered: ("note",),
    MeasureTold: ("note",),
    AccountTaken: ("why_again",),
    StepTaken: ("words",),
    OrderMade: ("terms",),
    AppealLodged: ("note",),
    AppealDecided: ("words",),
    ExportMade: (
        "purpose",
        "conditions_met",
    ),
    UserLocked: ("reason",),
    RightRefused: ("reason",),
    RightGivenAlone: ("reason",),
    RoleLent: ("reason",),
    GlassBroken: ("reason",),
    GlassReviewed: ("reason",),
    AuthorityGiven: ("reason",),
    EntryAsked: ("reason",),
    EntryReviewed: ("reason",),
    WipeOrdered: ("reason",),
    ContactDecided: ("reason",),
    UnusualAccessReviewed: ("finding",),
    StatusReviewDue: ("reason",),
    StatusDecided: ("reason",),
    ContactMade: ("words",),
    NoteWritten: (
        "words",
        "basis",
    ),
    SupervisionTold: ("agreed",),
    FamilyTold: (
        "words",
        "weighed",
    ),
    PromiseMade: ("words",),
    PromiseEnded: ("words",),
    FamilyInvited: ("words",),
    MemberNamed: ("basis",),
    EngagementTold: ("note",),
    RelationAssessed: ("basis",),
    AtRiskNamed: ("basis",),
    AtRiskDecided: ("reason",),
    IdentifierTold: ("why",),
    IdentifierWithdrawn: ("reason",),
    NeedTold: ("words",),
    NeedAnswered: ("words",),
    ThreatTold: ("words",),
    ThreatAnswered: ("words",),
    FamilyMoved: ("words",),
    WaitingTold: ("why",),
    WaitingAsked: ("words",),
    WaitingEnded: ("words",),
    PublicationNoted: ("words",),
    PublicationAnswered: ("words",),
    PressChecked: ("words",),
    MaracReferred: ("basis",),
    MaracHeard: ("words",),
    ModelAssessed: ("basis",),
    ParentRiskNoted: ("words",),
    ParentRiskEnded: ("reason",),
    HealthNoted: ("words",),
    PlacementMade: ("words",),
    PlacementEnded: ("words",),
    CompartmentOpened: ("reason",),
    CompartmentClosed: ("reason",),
    AlertAnswered: ("reason",),
    ReferralConsidered: ("reason",),
    ProposalMade: ("reason",),
    ProposalConfirmed: ("reason",),
    ProposalRefused: ("reason",),
    DisclosureMade1: (
        "purpose",
        "conditions_met",
        "urgent_reason",
    ),
    DisclosureMade: (
        "purpose",
        "conditions_met",
        "urgent_reason",
    ),
    DisclosureRecalled: ("reason",),
    BackupMade: ("purpose",),
    StoreRestored: ("purpose",),
    ProofTaken: ("purpose",),
    CopyDestroyed: ("how",),
    RequestExtended: ("reason",),
    SubjectAsked: ("words",),
    RequestItemDecided: (
        "reason",
        "text",
    ),
    StatementAdded: ("reason",),
    ComplaintAcknowledged: ("words",),
    ComplaintStepTaken: ("words",),
    ComplaintOutcomeTold: ("words",),
    InformationAsked: (
        "enquiry",
        "necessary",
        "proportionate",
        "probative",
        "rebutted",
        "sought",
        "notice_reason",
    ),
    VictimTold: ("reason",),
    InformationDecided: ("reason",),
    RequestWithdrawn: ("reason",),
    DutyArose: ("words",),
    ReportDelayed: ("reason",),
    AbuseReported: ("why_later",),
    MaterialReviewed: (
        "description",
        "reason",
    ),
    MeetingCalledOff: ("reason",),
    ItemAdded: ("words",),
    Decided: ("words",),
    ResultTold: ("words",),
    BoardKept: ("title",),
    EscalatedOutsideLine: (
        "words",
        "reason",
    ),
    EscalationSeen: ("words",),
    DueAnswered: ("reason",),
    HoldPlaced: ("reason",),
    HoldLifted: ("reason",),
    RestrictionPlaced: ("reason",),
    RestrictionRequested: ("requester", "reason"),
    RestrictionRefused: ("reason",),
    RestrictionLifted: ("reason", "told"),
    ReviewDecided: ("reason",),
    HoldOrdered: ("reason",),
    HoldReviewed: ("reason",),
    HoldEnded: ("reason",),
}

#: Texts that are none, by the reason.
NOT_WRITTEN: dict[str, dict[type[Event], tuple[str, ...]]] = {
    "somebody's own words: they stay as they were said": {
        ObservationRecorded: ("how_known_words",),
        SourceHeld: ("held",),
        ObservationCorrected: ("words",),
        AgeRecorded: ("words",),
        CaseFlagged: ("raw",),
        MissingReported: ("unreported_words",),
        FamilyAsked: ("words",),
        SubjectAnswered: ("words",),
        StatementAdded: ("words",),
        ComplaintReceived: ("words",),
        RequestNoted: ("words",),
        ResultRecorded: (
            "parents_view",
            "childs_view",
        ),
        ChargingDecided: (
            "parents_view",
            "childs_view",
        ),
        NationalityTold: ("nationality",),
    },
    "a name, or what somebody is to the child": {
        SourceRegistered: (
            "name",
            "relation",
        ),
        SourceDescribed: ("relation",),
        PersonRecorded: (
            "name",
            "gender",
        ),
        AliasAdded: ("name",),
        PersonNamed: ("name",),
        ReferralReceived: ("referrer",),
        MissingReported: ("seen_with",),
        MissingFound: (
            "company",
            "finder",
        ),
        ReturnInterviewRecorded: ("by",),
        EvidenceGathered: ("produced_by",),
        EvidenceTransferred: (
            "giver",
            "receiver",
        ),
        ServiceTold: ("served_by",),
        NoticeBreached: ("seen_by",),
        ResultRecorded: ("decided_by",),
        AccountTaken: ("by",),
        NoteWritten: ("holder",),
        IdentifierOpened: ("to",),
        WaitingTold: ("to",),
        ConsultedFor: ("person",),
        PressChecked: ("outlet",),
        ReportDisseminated: ("recipient",),
        ReleaseProposed: ("recipient",),
        ExportMade: ("recipient",),
        ExportMade1: ("recipient",),
        BackupMade: ("recipient",),
        StoreRestored: ("recipient",),
        ProofTaken: ("recipient",),
        DisclosureMade: ("recipients",),
        DisclosureMade1: ("recipients",),
        RecipientTold: ("recipient",),
        AccessRequested: ("requester",),
        ComplaintReceived: ("complainant",),
        RequestNoted: ("requester",),
        RequestNilAnswered: ("searched",),
        InformationAsked: ("asker",),
        AbuseReported: ("told",),
        MeetingHeld: ("others",),
        AgeRecorded: ("source",),
        LearningDisabilityRecorded: ("source",),
        IdentifierTold: ("source",),
    },
    "a place, an address, a number or a reference": {
        ObservationRecorded: ("case_told",),
        ThingRecorded: (
            "told",
            "normal",
        ),
        StandingSearchSet: (
            "told",
            "normal",
        ),
        MissingReported: ("seen_where",),
        MissingFound: ("where",),
        EvidenceGathered: ("location",),
        EvidenceTransferred: ("place",),
        ServiceTold: ("place",),
        NoticeBreached: ("place",),
        HearingSet: ("court",),
        WayChecked: ("told",),
        PlacementMade: (
            "address",
            "normal",
        ),
        IdentifierTold: ("number",),
        OfferMade: ("records_reference",),
        OfferMatched: ("records_reference",),
        AbuseReported: ("reference",),
        MeetingCalled: ("place",),
        BackupMade: ("place",),
        StoreRestored: ("place",),
        DutyGiven: ("phone",),
        AddressGiven: ("email",),
        HoldOrdered: ("reference",),
        HoldReviewed: ("reference",),
    },
    "an offence or a condition as the law or the court words it": {
        ArrestMade: ("offence",),
        ChargeBrought: ("offence",),
        PleaEntered: ("offence",),
        ChargingDecided: ("offence",),
        BailSet: ("conditions",),
    },
    "a kind of health matter, one of a list that grows": {
        HealthNoted: ("category",),
    },
    "what the program read, marked, compared or counted": {
        ExitReopened: ("lacked",),
        RatingReopened: ("lacked",),
        ResultReopened: ("lacked",),
        ObservationRecorded: (
            "origin",
            "happened",
        ),
        ObservationRead: ("mentions",),
        ObservationFlagged: ("raw",),
        MentionConfirmed: ("mention",),
        ObservationRedacted: ("happened",),
        LogPhotographed: ("sha256",),
        ReleaseProposed: ("marks",),
        ReleaseReviewDue: ("marks",),
        ThingRecorded: ("happened",),
        IdentityJudged: ("shown",),
        ReferralReceived: ("origin",),
        MissingReported: ("origin",),
        FileReceived1: (
            "name",
            "mapping",
        ),
        FileReceived: (
            "name",
            "mapping",
            "sha256",
        ),
        ExportMade1: ("filters",),
        ExportMade: ("filters",),
        DisclosureMade1: (
            "hashes",
            "checked",
        ),
        DisclosureMade: ("checked",),
        CopyFingerprinted: ("sha256",),
        BoardKept: ("facts",),
    },
    "a handling code with its conditions, which the originator words": {
        ItemGraded: ("handling",),
    },
    "a text that was looked at when it was written": {
        ProductReleased: (
            "texts",
            "conditions",
        ),
        ReleaseProposed: ("texts",),
        ReportRedacted: (
            "items",
            "sent",
        ),
        RedactionsWritten: ("redactions",),
    },
    "why a record was looked at: kept by the access log, and recorded by no command": {
        ConsultationJustified: ("reason",),
        ConsultedFor: ("reason",),
    },
    "what an operator says of a lost or copied store, or of its clock": {
        LossDeclared: ("reason",),
        CopyProposed: ("reason",),
        CopyRefused: ("reason",),
        ClockProposed: ("reason",),
        ClockRefused: ("reason",),
    },
    "as it was written before 0.1: no command records it": {
        ExportMade1: ("conditions_met",),
    },
}
