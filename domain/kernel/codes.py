"""The codes that users choose from in forms, in the order in which forms offer them, and their
words.

This module imports nothing of this project. The file is long because all lists of choices are
here, so that an event, a form and a table use the same list.
"""

from typing import Literal

#: For whom a worker is allocated.
AllocatedFor = Literal["child", "parents"]
#: Whether the family accepts the support.
Engagement = Literal["engaged", "declined", "not-known"]
#: The decision whether a worker contacts a user whose search matched the worker's case.
Contact = Literal["contact", "no-contact"]
#: The outcome of a child's case, for example that the child is no longer at risk.
Exit = Literal["no-longer-at-risk", "protected", "moved-to-adult-services", "other"]
#: The state of a return interview with a child who was missing.
Interview = Literal["offered", "held", "declined"]
#: The risk to a missing child, in the grades of the College of Policing's guidance on missing
#: people; "absent" means no apparent risk [verify].
MissingRisk = Literal["absent", "low", "medium", "high"]
#: Why a carer did not report that a child was missing. The question is meant to help, and not to
#: blame.
Unreported = Literal[
    "did-not-know",
    "expected-back",
    "told-somebody-else",
    "told-before-and-not-heard",
    "did-not-know-whom-to-tell",
    "afraid",
    "not-said",
    "other",
]
#: A supervisor's decision about information that a child did not want passed on.
Weighed = Literal["kept-back", "part-passed-on", "passed-on"]
#: A person's judgement on a pattern of missing episodes that the program shows.
PatternJudgement = Literal["confirmed", "dismissed"]
#: Actions that need two people.
What = Literal[
    "close",
    "exit",
    "lower-rating",
    "lower-urgency",
    "no-further-action",
    "lift-hold",
    "withdraw-words",
    "end-category",
    "clear-person",
    "retract-link",
    "withdraw-report",
    "withdraw-exhibit",
    "judge-identity",
]
#: Grounds for withdrawing a log entry: it was recorded in error (this includes the wrong family),
#: or the parent who gave it requests it.
WithdrawnFor = Literal["recorded-in-error", "parent-wishes"]
#: Whether a parent who asks for a withdrawal is under threat.
Threatened = Literal["yes", "no", "could-not-ask"]
#: Signs that a source has become a covert source (CHIS): the source covertly uses a relationship,
#: deceives, or was directed at a suspect.
DriftGrounds = Literal["relationship", "deception", "direction"]
DriftDecision = Literal["not-covert", "legal-advice", "source-unit"]
#: The decision of a retention review.
ReviewDecision = Literal["retain", "dispose"]
#: Whether unused material is relevant to a trial, and whether it is sensitive.
Relevance = Literal["relevant", "not-relevant", "undecided"]
Sensitivity = Literal["sensitive", "not-sensitive", "undecided"]
#: Whether an item of a case still needs a decision before a disclosure schedule can list it.
MaterialStands = Literal["undecided", "decided"]
#: The state of an account: active, locked, or of a user who left.
AccountStands = Literal["active", "locked", "left"]
#: The purpose of an authority, which lets an auditor or a disclosure officer see one case.
AuthorityFor = Literal["audit", "disclosure"]
#: A reviewer's judgement on a user's access to records.
Judged = Literal["justified", "not-justified"]
#: The purpose of a contact with a family.
ContactKind = Literal[
    "emotional-support",
    "grooming-education",
    "advocacy",
    "information-gathering",
    "court-support",
    "liaison",
    "group-work",
    "training",
    "aftercare",
]
#: The channel of a contact with a family.
Channel = Literal["visit", "phone", "text", "email", "letter", "meeting", "court", "group"]
#: The person contacted in a family.
With = Literal["parent", "parents", "carer", "child", "sibling", "family", "professional"]
#: The kind of a support note.
NoteKind = Literal["note", "attitude", "view", "fear"]
#: The family member whom a note is about, or whose view it is.
About = Literal["parent", "parents", "carer", "child", "sibling", "family"]
#: How a member or friend of a child's family is related to the child.
FamilyTie = Literal[
    "mother",
    "father",
    "step-parent",
    "grandparent",
    "other-relative",
    "carer",
    "sibling",
    "friend",
]
#: The kind of organisation that employs a paid carer. The organisation's name is not recorded,
#: because it would reveal a placement.
Employer = Literal["local-authority", "fostering-agency", "care-provider", "other"]
#: Parental responsibility (Children Act 1989 ss.2-4A, 5, 12).
Responsibility = Literal["has", "has-not", "not-known"]
#: Whether a person begins to care for a child ("cares") or ceases to do so ("no-longer").
Caring = Literal["cares", "no-longer"]
#: The relationship between a parent and the child (report, Diagram One): the exploiter breaks it,
#: agencies "tend to reinforce the breakdown", support rebuilds it.
RelationState = Literal["eroding", "broken", "reinforced-by-agency", "rebuilding", "rebuilt"]
#: The model by which a child is exploited (report, section 4).
ExploitationModel = Literal[
    "lone-adult", "peer-group", "gang", "posing-as-boyfriend", "parties", "online"
]
#: What made a child vulnerable before the exploitation: harm or events outside the child's control,
#: never a fault.
Vulnerability = Literal[
    "earlier-abuse",
    "bereavement",
    "parents-apart",
    "learning-disability",
    "in-care",
    "out-of-school",
    "bullied",
    "homeless",
    "none-known",
]
#: Kinds of abuse by a partner (Domestic Abuse Act 2021 s.1(3)).
PartnerAbuse = Literal[
    "physical-or-sexual",
    "violent-or-threatening",
    "controlling-or-coercive",
    "economic",
    "psychological-or-emotional",
]
#: Whether a person stated their ethnicity. To decline is an answer; "not-asked" means that there is
#: no answer.
EthnicityAnswer = Literal["told", "declined", "not-asked"]
#: Ethnic groups for self-definition: those of the census of 2021, England and Wales, as police
#: record them (18+1) [verify].
EthnicityGroup = Literal[
    "asian-indian",
    "asian-pakistani",
    "asian-bangladeshi",
    "asian-chinese",
    "asian-other",
    "black-african",
    "black-caribbean",
    "black-other",
    "mixed-white-and-black-caribbean",
    "mixed-white-and-black-african",
    "mixed-white-and-asian",
    "mixed-other",
    "white-british",
    "white-irish",
    "white-gypsy-or-irish-traveller",
    "white-roma",
    "white-other",
    "arab",
    "any-other",
]
#: Ethnic appearance as an officer sees it: the six codes of the Police National Computer, and
#: unknown [verify].
OfficerDefined = Literal[
    "white-north-european",
    "white-south-european",
    "black",
    "asian",
    "chinese-japanese-or-south-east-asian",
    "middle-eastern",
    "unknown",
]
#: Risks to a parent (report, section 3).
ParentRisk = Literal["self-harm", "drink", "breakdown", "separation", "other"]
#: The help that a person in danger needs now.
DangerNeed = Literal["ambulance", "officers", "somebody-with-them", "their-worker"]
#: How a child at risk is related to the child of the case.
ChildTie = Literal["sibling", "friend", "other-child"]
#: Signs that another child is at risk (report, section 3: siblings).
RiskSign = Literal["left-out", "asks-for-care", "trouble", "drift-to-crime", "may-be-groomed"]
#: The risk to a child who has no case yet, in a worker's opinion.
RiskLevel = Literal["low", "medium", "high"]
#: The decision about another child at risk: a case of their own is opened, or the concern ends.
RiskDecision = Literal["own-case", "ended"]
#: Parts of a case that only users with special access see.
Compartment = Literal["health", "placement"]
#: The kind of a child's placement.
PlacementKind = Literal[
    "foster-care", "residential", "kinship", "supported-living", "secure", "refuge", "other"
]
#: The kind of an item of evidence.
EvidenceKind = Literal["exhibit", "statement", "recorded-interview"]
#: The status of an item of evidence.
EvidenceStatus = Literal["live", "excluded", "undermined", "withdrawn"]
#: The statuses that end the use of an item of evidence.
EvidenceEnd = Literal["excluded", "undermined", "withdrawn"]
#: Measures of the police against a person.
Against = Literal["arrest", "charge"]
#: The law under which a child abduction warning notice is served.
NoticeBasis = Literal["s2-caa-1984", "s49-ca-1989"]
#: The state of an abduction warning notice. A notice with a recorded breach is "breached", even
#: after it has expired.
NoticeState = Literal["live", "expiring", "expired", "end-not-known", "breached"]
#: A senior officer's response to a breach of an abduction warning notice.
BreachAnswer = Literal["arrested", "warned-again", "child-made-safe", "meeting-called", "nothing"]
#: A child's care status: a care order (Children Act 1989 s.31, interim s.38), an emergency
#: protection order (s.44), police protection (s.46), or accommodated with the parents' consent
#: (s.20), which is not an order.
CareStatus = Literal[
    "care-order",
    "interim-care-order",
    "emergency-protection-order",
    "police-protection",
    "accommodated",
    "none",
]
#: The result of proceedings. The reasons for no further action are a selection of the outcomes that
#: the Home Office counts [verify]; "nfa-other" needs a reason in words.
ResultKind = Literal[
    "convicted",
    "acquitted",
    "sentenced",
    "nfa-insufficient-evidence",
    "nfa-no-account",
    "nfa-no-suspect",
    "nfa-not-in-public-interest",
    "nfa-out-of-time",
    "nfa-other-agency",
    "nfa-other",
    "not-prosecuted-best-interests",
    "registered-sex-offender",
]
#: Where a suspect is held, or how they were released; "ended" means that custody or release has
#: ended.
CustodyState = Literal[
    "in-custody", "on-remand", "released-under-investigation", "on-licence", "ended"
]
#: The kind of a person's other name.
AliasKind = Literal["name", "nickname", "former-name", "misspelling"]
#: A judgement on whether two people or things are the same.
Judgement = Literal["same", "different", "unsure"]
#: The answer to an alert about a child. The next type is the answer to an item that is due.
AlertAnswer = Literal["acted", "no-action"]
DueAnswer = Literal["agree", "assess", "done", "again"]
#: Signs of exploitation in a child that parents notice first.
Noticed = Literal[
    "often-bathing",
    "stopped-school",
    "unexplained-things",
    "older-company",
    "out-at-night",
    "changed-mood",
    "new-friends",
    "eating-or-sleeping",
]
#: Whether the urgency of a log entry is raised or lowered.
Direction = Literal["up", "down"]
#: The outcome of a family's information. For each outcome there is a sentence to the family, which
#: reveals nothing.
Became = Literal[
    "received",
    "looked-at",
    "more-needed",
    "kept",
    "safeguarding",
    "used",
    "acted",
    "nothing-more",
    "step",
    "news-declined",
    "other",
]
#: Steps of a case of which a victim is informed (Victims' Code, rights 6 and 9).
VictimStep = Literal[
    "arrest",
    "bail",
    "charge",
    "not-pursued",
    "hearing",
    "verdict",
    "sentence",
    "order",
    "appeal",
    "update",
]
#: Private information, for which the child is consulted before a parent gets it: what the child
#: said in confidence, their health, their placement, a police action.
Private = Literal["child-told", "health", "placement", "police-step"]
#: The child's view on passing private information on to a parent.
ChildsView = Literal["agrees", "objects", "not-asked"]
#: Services and events to which a family is invited.
Offer = Literal[
    "grooming-session",
    "keeping-a-log",
    "parents-group",
    "another-parent",
    "booklet",
    "debrief",
    "other",
]
#: Whether the family attended what it was invited to, or accepted what it was offered.
Came = Literal["invited", "came", "did-not-come", "declined"]
#: Whether a promise to a family was kept.
PromiseEnd = Literal["kept", "not-kept"]
#: Whether a family answered a request for feedback.
Answered = Literal["answered", "declined", "not-reached"]
#: Aspects of the support that parents value (report, 1.4: "The aspects that the parents
#: particularly valued").
Valued = Literal[
    "believed",
    "kept-updated",
    "calls-returned",
    "did-as-said",
    "cared",
    "understood",
    "there-throughout",
    "not-their-fault",
]
#: The purpose of a court hearing.
HearingKind = Literal[
    "first-appearance", "plea", "pre-trial", "trial", "sentence", "appeal", "other"
]
#: A defendant's plea in court.
Plea = Literal["guilty", "not-guilty", "changed-to-guilty"]
#: Measures that make giving evidence bearable (Youth Justice and Criminal Evidence Act 1999
#: ss.23-30).
SpecialMeasure = Literal[
    "screens",
    "live-link",
    "evidence-in-private",
    "no-wigs-and-gowns",
    "recorded-interview-as-evidence",
    "recorded-cross-examination",
    "intermediary",
    "aids-to-communication",
    "supporter-beside",
]
#: Whether the court allows a special measure.
MeasureState = Literal["asked", "granted", "refused"]
#: A worker's steps before, at and after a trial (report: the court package, post-court).
CourtStep = Literal[
    "witness-support-told",
    "pre-trial-visit",
    "travel-confirmed",
    "words-explained",
    "sits-with-child",
    "debrief",
    "aftercare",
    "compensation-claim",
    "prison-visit",
]
#: The state of a worker's step around a trial.
StepState = Literal["planned", "done", "not-wanted"]
#: The state of a log entry as its sender sees it. If several states apply, the sender sees the last
#: of them in this order.
SentState = Literal[
    "received",
    "taken",
    "more-needed",
    "no-value",
    "safeguarding",
    "assessed",
    "referred",
    "used-in-report",
    "led-to-evidence",
    "led-to-police-action",
    "withdrawn",
]
#: How a person's bail ended.
BailEnd = Literal["ended", "breached"]
#: The kinds of meeting: the weekly brief, the monthly Integrated Working Group (report: "meet
#: monthly ... to discuss referrals and share intelligence"), a family's own meeting, or another.
MeetingKind = Literal[
    "weekly-brief",
    "working-group",
    "strategy",
    "child-protection-conference",
    "decision-meeting",
    "other",
]
#: A task that a meeting assigns. `domain.intelligence.meeting` says who may do which task.
Task = Literal[
    "contact-family",
    "tell-family",
    "explain-what-to-note",
    "practical-help",
    "court-support",
    "debrief",
    "group-session",
    "refer",
    "train",
    "assess-need",
    "return-interview",
    "health",
    "placement",
    "school",
    "share",
    "watch",
    "follow",
    "find-out",
    "photograph",
    "keep-talking",
    "ask-somebody",
    "check-records",
    "assess-information",
    "interview",
    "search-or-seize",
    "serve-notice",
    "arrest",
    "disrupt",
]
#: The person who carries out a task of a meeting: the colleague who is responsible for it, or a
#: member of the family who asked to do it.
Doer = Literal["owner", "parent", "carer", "child"]
#: The state of a task that a meeting assigned.
TaskState = Literal["under-way", "done", "not-done"]
#: The kind of material shown at a meeting.
Board = Literal["map", "list", "picture", "document", "other"]
#: A worker's supervision: by their manager, or by an external therapist (report).
SupervisionKind = Literal["line", "therapeutic"]
#: Whether a worker's supervision took place; no reason is requested for declining therapeutic
#: supervision.
SupervisionState = Literal["offered", "held", "declined"]
#: The kind of an incident. The data standard POLE calls an incident an event.
IncidentSort = Literal["sighting", "party", "call", "journey", "crime", "other"]
#: The kind of a file to import; "auto" lets the program recognise the kind.
FileForm = Literal[
    "auto",
    "provenance-log",
    "messages",
    "referrals",
    "missing",
    "links",
    "people",
    "incidents",
    "calls",
]
#: The order of day and month in a date of numbers, such as 1/2/2011.
DateOrder = Literal["day-first", "month-first"]
#: Calendar periods into which a time line is divided.
Period = Literal["day", "week", "month"]
#: The links that a network query uses; `through` connects offenders who share a victim, a place, a
#: vehicle or a phone.
Layer = Literal["all", "offender-offender", "offender-victim", "victim-victim", "through"]
#: The links between people that a network query follows, without links through shared places or
#: things (`through`).
DirectLayer = Literal["all", "offender-offender", "offender-victim", "victim-victim"]
#: How people in the network are grouped: all who are connected, densely linked communities, or
#: people with several links inside the group.
Grouping = Literal["components", "leiden", "k-core"]
#: Measures of a set of people in the network: how fragmented the network would be without these
#: people, or how many other people they reach.
SetMeasure = Literal["fragmentation", "reach"]
#: Measures of how central a person is in the network.
Measure = Literal["degree", "betweenness", "closeness", "eigenvector", "fragmentation"]
#: Analyses of the whole network: connected components, PageRank, communities by label propagation,
#: triangles and k-core of each person.
Analysis = Literal["components", "pagerank", "label-propagation", "triangles", "k-core"]
#: Analyses of the network whose result for each person is a group; the others return a figure.
GROUP_ANALYSES: frozenset[Analysis] = frozenset({"components", "label-propagation"})
#: Where an analysis of the network runs: in this process, on Spark, or where its size fits
#: ("auto").
AnalysisEngine = Literal["auto", "local", "spark"]
#: Whether a person is charged.
Charging = Literal["charge", "no-charge"]
#: Who decides on a charge: the Crown Prosecution Service, or for some offences the police.
ChargingBody = Literal["prosecutor", "police"]
#: The result of the evidential stage of a charging decision: is there enough evidence for a
#: realistic prospect of conviction, or for now enough suspicion (the threshold test)?
EvidentialStage = Literal["met", "threshold-met", "not-met"]
#: The result of the public interest stage of a charging decision, considered if the evidence is
#: enough.
PublicInterestStage = Literal["met", "not-met", "not-reached"]
#: The state of the review of a decision not to charge, to which the victim has a right.
ReviewState = Literal["offered", "asked", "declined", "upheld", "overturned"]
#: Orders that a court makes against a person in addition to a sentence.
CourtOrder = Literal[
    "sexual-harm-prevention", "restraining", "notification", "compensation", "deportation", "other"
]
#: Which decision an appeal is against. The next two types are the side that appeals and the outcome
#: of the appeal.
AppealAgainst = Literal["conviction", "sentence", "conviction-and-sentence", "acquittal"]
AppealBy = Literal["defence", "prosecution"]
AppealEnd = Literal["allowed", "dismissed", "retrial", "abandoned"]
#: What a data subject has to provide before their request is answered: proof of identity, or a
#: clarification (Data Protection Act 2018 s.52(4) and s.54(3C), UK GDPR art.12A).
AskedBack = Literal["identity", "clarification"]
#: The outcome of a complaint about the use of personal data.
ComplaintOutcome = Literal["upheld", "partly-upheld", "not-upheld", "withdrawn"]
#: The authority to which child sexual abuse was reported.
ReportedTo = Literal["police", "local-authority", "both"]
#: The purpose of a request for information about a victim (PCSC Act 2022 s.44A(3)(c)).
RequestPurpose = Literal["preventing", "detecting", "investigating", "prosecuting"]
#: Whether the victim was notified of a request about them (Police, Crime, Sentencing and Courts Act
#: 2022 s.44B(1), (3)).
Notice = Literal["given", "to-follow", "not-given"]
#: Who was notified of a request about a victim: for a child a parent or guardian, a representative
#: of the authority that cares for the child, or another suitable adult (Police, Crime, Sentencing
#: and Courts Act 2022 s.44B(4)).
NoticeTo = Literal["victim", "parent", "guardian", "care-authority", "other-adult"]
#: Why a victim need not be notified of a request about them (Police, Crime, Sentencing and Courts
#: Act 2022 s.44B(5)) [verify].
NoticeException = Literal["not-practicable", "harms-the-enquiry", "risks-serious-harm"]
#: The decision on a request for information about a victim.
InformationDecision = Literal["whole", "part", "refused", "nothing-held"]
#: Material that is presumed to be disclosed, and is listed separately (Attorney General's
#: Guidelines on Disclosure 2024, paragraph 87 [verify]).
Presumed = Literal[
    "crime-report",
    "emergency-call",
    "previous-account",
    "interview-record",
    "custody-record",
    "criminal-record",
    "conflicting-description",
    "prosecution-witness-payment",
]
#: A family's needs (report, section 3 and 1.4).
NeedKind = Literal[
    "housing", "harassment", "bullying", "school", "money", "safe-house", "health", "other"
]
#: The state of a family's need.
NeedState = Literal["under-way", "met", "not-met", "no-longer"]
#: The kind of a threat to a family.
ThreatKind = Literal["words", "message", "followed", "at-the-home", "damage", "violence", "other"]
#: Steps that make a threatened family safe.
ThreatDone = Literal[
    "reported-to-police",
    "bail-or-order-sought",
    "moved",
    "home-made-safe",
    "school-told",
    "nothing-possible",
]
#: Why a family moved.
MoveReason = Literal["threats", "harassment", "safe-house", "housing", "own-wish", "other"]
#: Whether a family waits for a worker, was referred to another service, or was turned away.
WaitState = Literal["waiting", "signposted", "turned-away"]
#: The outcome of a family's wait for a worker.
WaitEnd = Literal[
    "worker-given",
    "taken-up",
    "referred-on",
    "not-taken-up",
    "no-longer-needed",
    "lost-touch",
    "other",
]
#: Why a person of 16 or over is referred to a MARAC (the grounds of SafeLives) [verify].
MaracGround = Literal["high-score", "judgement", "escalation", "repeat"]
#: The outcome of a MARAC.
MaracEnd = Literal["plan", "no-plan", "put-off"]
#: The kind of a publication about a child.
MediaKind = Literal[
    "article", "broadcast", "online", "court-report", "family-went-public", "planned"
]
#: The team's response to a publication about a child.
MediaDone = Literal[
    "taken-down", "publisher-warned", "reported-to-police", "family-supported", "nothing"
]
#: The duty for which a nationality is recorded: a consulate is notified of an arrest (Vienna
#: Convention on Consular Relations, art. 36; PACE Code C 7), a child who may be trafficked is
#: referred (Modern Slavery Act 2015 s.52), an age is disputed, a court considers deportation
#: [verify].
NationalityDuty = Literal[
    "consular-notification", "trafficking-referral", "age-assessment", "deportation"
]
#: The kind of number that identifies a child across agencies: regulations are to name the number
#: (Children Act 2004 s.16LC) [verify]; the government named the NHS number.
IdentifierKind = Literal["nhs-number"]
#: The duty for which a child's number is opened: a referral, an enquiry (Children Act 1989 s.47), a
#: child in need (s.17), a missing child, or a request by the child.
IdentifierDuty = Literal["referral", "enquiry", "child-in-need", "missing", "asked-by-them"]
#: The agencies that may receive a child's number.
IdentifierAgency = Literal["childrens-services", "health", "police", "education", "youth-justice"]
#: The shapes of links that a standing pattern can watch for.
Shape = Literal["connected", "third-child", "new-town"]
#: The ground for restricting an item, by the law under which it was recorded.
RestrictionGround = Literal[
    "part-3-s46-4",
    "part-3-s47-2",
    "part-3-s47-3",
    "uk-gdpr-art18-1-a",
    "uk-gdpr-art18-1-b",
    "uk-gdpr-art18-1-c",
    "uk-gdpr-art18-1-d",
]
#: The legal basis on which a restricted item may still be used for the protection of a person.
ProtectiveBasis = Literal["part-3-sch8-para4", "uk-gdpr-art18-2"]
#: Types of deadline. The table in `domain/clocks` has the rule of each type.
Clock = Literal[
    "no-value-audit",
    "no-action-review",
    "opinion-review",
    "notice-expiry",
    "restriction-review",
    "restriction-request",
    "retention-review",
    "release-review",
    "hold-review",
    "hold-confirmation",
    "return-interview",
    "words-waiting",
    "urgent-words",
    "said-before",
    "said-before-urgent",
    "standing-search",
    "standing-pattern",
    "person-undecided",
    "alert",
    "danger-now",
    "missing-child",
    "unallocated-child",
    "threshold-reassessment",
    "family-silence",
    "family-silence-unsafe",
    "parent-acknowledged",
    "parent-answered",
    "promise",
    "family-need",
    "family-waits",
    "threat",
    "publication",
    "named-at-risk",
    "hearing",
    "visit",
    "bail-ends",
    "debrief",
    "aftercare-1",
    "aftercare-3",
    "aftercare-9",
    "feedback",
    "notice-renewal",
    "notice-breach",
    "victim-told",
    "victim-updated",
    "review-right",
    "review-answer",
    "order-ends",
    "proposal",
    "release-proposal",
    "consent",
    "access-request",
    "access-request-search",
    "access-request-part",
    "access-request-asked",
    "victim-information-request",
    "complaint-acknowledged",
    "complaint-outcome",
    "duty-to-report",
    "contact-decision",
    "contact-decision-now",
    "offer-match",
    "glass-review",
    "copy-destroyed",
    "access-act",
    "withheld-words",
    "missing-plan-review",
    "meeting-decision",
    "supervision",
    "charter",
    "marac",
    "adult-services",
    "target-told",
]
#: The priority of a deadline: `danger` notifies until it is answered, `law` is a date set by law,
#: `practice` notifies once a day.
Tier = Literal["danger", "law", "practice"]
#: The version of the charter of the Parent Support Worker's role. Workers have to confirm each new
#: version.
CHARTER = "psw-2026/1"
#: The measures on a team's report card. Each counts families, a family once a year.
CardMeasure = Literal[
    "referred",
    "parents-worker",
    "no-worker",
    "in-contact",
    "asked",
    "answered",
    "invited-to-learn",
    "came-to-learn",
    "learned-to-log",
    "logs-came",
    "relation-told",
    "relation-better",
    "out-of-harm",
    "missing",
    "found",
    "interview-held",
    "words",
    "report",
    "evidence",
    "notice",
    "arrest",
    "charge",
    "hearing",
    "court-support",
    "plea",
    "guilty-plea",
    "conviction",
    "result",
    "rated",
    "source-known",
    "concern-dated",
    "child-worker",
    "engagement-known",
    "carer-known",
]

#: Where a child lived when they were referred.
Residence = Literal["home", "foster-home", "childrens-home", "relatives", "independent", "other"]
#: A child's ethnicity as a referrer put it, in the groups of the national form.
ReferredEthnicity = Literal["white-british", "white-other", "asian", "black", "mixed", "other"]
#: The editions of a report card: exact figures for the team's managers, or figures that were
#: published.
CardEdition = Literal["team", "published"]
#: The parts into which a report card divides its period.
CardParts = Literal["quarter", "year"]
#: The ways to protect small figures in a published report card. The data-protection officer chooses
#: one.
CardProtection = Literal["withholding", "pooling-teams", "longer-periods", "rounding"]
#: The activities of a team by which the report compares four teams (Table One).
TeamActivity = Literal[
    "prevention",
    "training",
    "ceop-training",
    "one-to-one",
    "parents-group",
    "witness-support",
    "peer-support",
    "court-debriefing",
    "witness-pack",
]
#: Whether a team offers an activity. If the team has stated nothing, this is not known.
ServiceState = Literal["offered", "not-offered"]
#: The unit costs for which a force may state its own amount.
CostKind = Literal["missing-night", "care-year"]
#: Steps of an interview for an evaluation after the request (report, Appendix B).
InterviewStep = Literal["consented", "declined", "held", "withdrawn"]

#: The words for codes that do not read as words, such as "dci".
_CALLED = {
    "co-offender": "co-offender",
    "cpia": "a trial's material (CPIA)",
    "dci": "DCI",
    "emergency-call": "999 call",
    "psw": "PSW",
    "s2-caa-1984": "Child Abduction Act 1984, section 2",
    "s49-ca-1989": "Children Act 1989, section 49",
    "self-harm": "self-harm",
}


def in_words(code: str) -> str:
    """Return the words for a code that a user chose."""
    return _CALLED.get(code) or code.replace("-", " ")
