"""The codes in which people choose, in the order in which they are offered, and how they are read.

It imports nothing of the house. Long because every list of choices stands here, where an event, a
form and a table find the same one.
"""

from typing import Literal

#: For whom a worker is there.
AllocatedFor = Literal["child", "parents"]
#: Whether they take the support.
Engagement = Literal["engaged", "declined", "not-known"]
#: Whether to get in touch with somebody who searched for what is held here.
Contact = Literal["contact", "no-contact"]
#: What is assessed where a child has left harm's way.
Exit = Literal["no-longer-at-risk", "protected", "moved-to-adult-services", "other"]
#: What became of the interview that a child is offered who was missing.
Interview = Literal["offered", "held", "declined"]
#: How great the danger is to a child who is missing: the grades of the College of Policing's
#: practice on missing people; "absent" is no apparent risk [verify].
MissingRisk = Literal["absent", "low", "medium", "high"]
#: Why the person who cared for the child did not report it. It is asked to help, and blames nobody.
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
#: What a supervisor decides about what a child asked not to be passed on.
Weighed = Literal["kept-back", "part-passed-on", "passed-on"]
#: What a person makes of a pattern that the machine found.
PatternJudgement = Literal["confirmed", "dismissed"]
#: What takes two people.
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
#: Why words are withdrawn: they are of another family or were recorded in error, or the parent who
#: told them wishes it.
WithdrawnFor = Literal["recorded-in-error", "parent-wishes"]
#: Whether a parent who wishes it is threatened.
Threatened = Literal["yes", "no", "could-not-ask"]
#: Why somebody thinks that a source has become a covert one, and what is decided about it.
DriftGrounds = Literal["relationship", "deception", "direction"]
DriftDecision = Literal["not-covert", "legal-advice", "source-unit"]
#: What a review of what is kept decides.
ReviewDecision = Literal["retain", "dispose"]
#: Whether unused material is relevant to a trial, and whether it is sensitive.
Relevance = Literal["relevant", "not-relevant", "undecided"]
Sensitivity = Literal["sensitive", "not-sensitive", "undecided"]
#: Whether somebody has still to decide about an item of a case before a schedule can have it.
MaterialStands = Literal["undecided", "decided"]
#: Whether somebody may sign in.
AccountStands = Literal["active", "locked", "left"]
#: For what an authority lets somebody see a case.
AuthorityFor = Literal["audit", "disclosure"]
#: What somebody thinks of what others opened.
Judged = Literal["justified", "not-justified"]
#: What a contact with a family was for.
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
#: How it was made.
Channel = Literal["visit", "phone", "text", "email", "letter", "meeting", "court", "group"]
#: With whom.
With = Literal["parent", "parents", "carer", "child", "sibling", "family", "professional"]
#: What a note is.
NoteKind = Literal["note", "attitude", "view", "fear"]
#: About whom, or of whom, it is.
About = Literal["parent", "parents", "carer", "child", "sibling", "family"]
#: What somebody of a child's family, or beside it, is to the child.
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
#: Who employs a carer who is paid: what sort of organisation. Its name would tell a placement.
Employer = Literal["local-authority", "fostering-agency", "care-provider", "other"]
#: Whether somebody has parental responsibility (Children Act 1989 ss.2-4A, 5, 12).
Responsibility = Literal["has", "has-not", "not-known"]
#: Whether somebody cares for the child from a day on.
Caring = Literal["cares", "no-longer"]
#: How a parent and the child stand (report, Diagram One): the exploiter breaks it, agencies "tend
#: to reinforce the breakdown", support rebuilds it.
RelationState = Literal["eroding", "broken", "reinforced-by-agency", "rebuilding", "rebuilt"]
#: By which model a child is exploited (report, section 4).
ExploitationModel = Literal[
    "lone-adult", "peer-group", "gang", "posing-as-boyfriend", "parties", "online"
]
#: What stood against a child before it began: what was done to them or befell them, never a fault.
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
#: How somebody whom a child is with abuses them (the kinds of the Domestic Abuse Act 2021 s.1(3)).
PartnerAbuse = Literal[
    "physical-or-sexual",
    "violent-or-threatening",
    "controlling-or-coercive",
    "economic",
    "psychological-or-emotional",
]
#: Whether somebody said how they define their ethnicity. To decline is an answer; not to have been
#: asked is none.
EthnicityAnswer = Literal["told", "declined", "not-asked"]
#: How people define their own: the groups of the census of 2021, England and Wales, as police
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
#: How an officer saw somebody: the six codes of the Police National Computer, and unknown [verify].
OfficerDefined = Literal[
    "white-north-european",
    "white-south-european",
    "black",
    "asian",
    "chinese-japanese-or-south-east-asian",
    "middle-eastern",
    "unknown",
]
#: What endangers a parent (report, section 3).
ParentRisk = Literal["self-harm", "drink", "breakdown", "separation", "other"]
#: What somebody needs who is in danger now.
DangerNeed = Literal["ambulance", "officers", "somebody-with-them", "their-worker"]
#: What another child is to this one.
ChildTie = Literal["sibling", "friend", "other-child"]
#: What makes somebody think that another child is at risk (report, section 3: siblings).
RiskSign = Literal["left-out", "asks-for-care", "trouble", "drift-to-crime", "may-be-groomed"]
#: What becomes of a child who was named at risk.
RiskDecision = Literal["own-case", "ended"]
#: What only those who hold it see.
Compartment = Literal["health", "placement"]
#: Where a child is placed.
PlacementKind = Literal[
    "foster-care", "residential", "kinship", "supported-living", "secure", "refuge", "other"
]
#: What an item of evidence is.
EvidenceKind = Literal["exhibit", "statement", "recorded-interview"]
#: How it stands.
EvidenceStatus = Literal["live", "excluded", "undermined", "withdrawn"]
#: What it no longer is live for.
EvidenceEnd = Literal["excluded", "undermined", "withdrawn"]
#: What the police bring against somebody.
Against = Literal["arrest", "charge"]
#: The law of a child abduction warning notice.
NoticeBasis = Literal["s2-caa-1984", "s49-ca-1989"]
#: How a notice stands at a moment; "breached": a breach of it is recorded, however it stands.
NoticeState = Literal["live", "expiring", "expired", "end-not-known", "breached"]
#: What a senior officer did about a breach of a notice.
BreachAnswer = Literal["arrested", "warned-again", "child-made-safe", "meeting-called", "nothing"]
#: Under what a child is in care: a care order (Children Act 1989 s.31, interim s.38), an emergency
#: protection order (s.44), police protection (s.46), or accommodated with the parents' consent
#: (s.20), which is no order.
CareStatus = Literal[
    "care-order",
    "interim-care-order",
    "emergency-protection-order",
    "police-protection",
    "accommodated",
    "none",
]
#: Why no further action is taken is a code: the outcomes that the Home Office counts, in short
#: [verify]; "nfa-other" says it in words.
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
#: As what a person is called.
AliasKind = Literal["name", "nickname", "former-name", "misspelling"]
#: What somebody judges of two people or things.
Judgement = Literal["same", "different", "unsure"]
#: What somebody answers for an alert; and to what is due: a decision that is audited is agreed
#: with, or its words are to be assessed; anything else is done, or comes again.
AlertAnswer = Literal["acted", "no-action"]
DueAnswer = Literal["agree", "assess", "done", "again"]
#: What parents notice of a child who is exploited, before anybody tells them.
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
#: Whether words become urgent, or are so no longer.
Direction = Literal["up", "down"]
#: What a family is told became of what they said: in words that give nothing away.
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
#: Of which steps of a case a victim is told (Victims' Code, rights 6 and 9).
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
#: What a parent hears only once the child was asked: what the child told in confidence, their
#: health, where they are placed, a step of the police.
Private = Literal["child-told", "health", "placement", "police-step"]
#: What the child says to that.
ChildsView = Literal["agrees", "objects", "not-asked"]
#: What a family is invited to, or given.
Offer = Literal[
    "grooming-session",
    "keeping-a-log",
    "parents-group",
    "another-parent",
    "booklet",
    "debrief",
    "other",
]
#: Whether they came or took it.
Came = Literal["invited", "came", "did-not-come", "declined"]
#: Whether a promise was kept.
PromiseEnd = Literal["kept", "not-kept"]
#: Whether a family answered when they were asked how they find the support.
Answered = Literal["answered", "declined", "not-reached"]
#: What parents value in it (report, 1.4: "The aspects that the parents particularly valued").
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
#: What a hearing is for.
HearingKind = Literal[
    "first-appearance", "plea", "pre-trial", "trial", "sentence", "appeal", "other"
]
#: How somebody pleads.
Plea = Literal["guilty", "not-guilty", "changed-to-guilty"]
#: What makes it bearable to give evidence (Youth Justice and Criminal Evidence Act 1999 ss.23-30).
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
#: Whether the court allows it.
MeasureState = Literal["asked", "granted", "refused"]
#: What a worker sees to before, at and after a trial (report: the court package, post-court).
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
#: Whether that is done.
StepState = Literal["planned", "done", "not-wanted"]
#: What became of words, as it is told to who sent them, in the order in which one is told rather
#: than an earlier one.
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
#: How bail ended.
BailEnd = Literal["ended", "breached"]
#: What a team meets for: the weekly brief, the monthly Integrated Working Group (report: "meet
#: monthly ... to discuss referrals and share intelligence"), a family's own meeting, or else.
MeetingKind = Literal[
    "weekly-brief",
    "working-group",
    "strategy",
    "child-protection-conference",
    "decision-meeting",
    "other",
]
#: What a meeting gives somebody to do. The rows of three kinds of hands:
#: `domain.intelligence.meeting`.
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
#: Who is to do it: the colleague who owns it, or somebody of the family whom they ask.
Doer = Literal["owner", "parent", "carer", "child"]
#: How a task stands.
TaskState = Literal["under-way", "done", "not-done"]
#: What was shown at a meeting.
Board = Literal["map", "list", "picture", "document", "other"]
#: A worker's supervision: by the person who manages them, or by a therapist from outside (report).
SupervisionKind = Literal["line", "therapeutic"]
#: Whether it took place; nobody asks why therapeutic supervision is declined.
SupervisionState = Literal["offered", "held", "declined"]
#: What sort of incident something is that happened (POLE: an event).
IncidentSort = Literal["sighting", "party", "call", "journey", "crime", "other"]
#: What a file may be said to be.
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
#: Into which periods of the calendar a time is parted.
Period = Literal["day", "week", "month"]
#: Between whom ties are looked at; `through` are offenders tied to each other by what they share:
#: victims, places, vehicles, phones.
Layer = Literal["all", "offender-offender", "offender-victim", "victim-victim", "through"]
#: The same, but for `through`.
DirectLayer = Literal["all", "offender-offender", "offender-victim", "victim-victim"]
#: What a group of people is: everybody who hangs together, who is tied closely, or the people each
#: of whom has several ties inside.
Grouping = Literal["components", "leiden", "k-core"]
#: What is reckoned of a set of people together: what falls apart without them, or whom they reach.
SetMeasure = Literal["fragmentation", "reach"]
#: What is reckoned of how central somebody is.
Measure = Literal["degree", "betweenness", "closeness", "eigenvector", "fragmentation"]
#: What is computed over the whole network: who hangs together, how much of all ways leads to
#: somebody, who is tied closely, in how many triangles and in which core somebody stands.
Analysis = Literal["components", "pagerank", "label-propagation", "triangles", "k-core"]
#: Where it is computed: in this process, on Spark, or by how much there is.
AnalysisEngine = Literal["auto", "local", "spark"]
#: Whether somebody is charged.
Charging = Literal["charge", "no-charge"]
#: Who decides it: the Crown Prosecution Service, or for some offences the police.
ChargingBody = Literal["prosecutor", "police"]
#: The first stage: is there enough evidence for a realistic prospect of conviction, or for now
#: enough suspicion (the threshold test)?
EvidentialStage = Literal["met", "threshold-met", "not-met"]
#: The second stage, which is reached where the evidence is enough.
PublicInterestStage = Literal["met", "not-met", "not-reached"]
#: What became of the victim's right to have a decision not to charge looked at again.
ReviewState = Literal["offered", "asked", "declined", "upheld", "overturned"]
#: What a court orders beside a sentence.
CourtOrder = Literal[
    "sexual-harm-prevention", "restraining", "notification", "compensation", "deportation", "other"
]
#: Against what somebody appeals, on whose behalf, and what becomes of it.
AppealAgainst = Literal["conviction", "sentence", "conviction-and-sentence", "acquittal"]
AppealBy = Literal["defence", "prosecution"]
AppealEnd = Literal["allowed", "dismissed", "retrial", "abandoned"]
#: What the person who asks what is held about them is asked first (Data Protection Act 2018 s.52(4)
#: and s.54(3C), UK GDPR art.12A).
AskedBack = Literal["identity", "clarification"]
#: What came of a complaint about data.
ComplaintOutcome = Literal["upheld", "partly-upheld", "not-upheld", "withdrawn"]
#: To whom child sexual abuse was reported.
ReportedTo = Literal["police", "local-authority", "both"]
#: For which purpose information about a victim is asked for (PCSC Act 2022 s.44A(3)(c)).
RequestPurpose = Literal["preventing", "detecting", "investigating", "prosecuting"]
#: Whether the victim was told of such a request (s.44B(1), (3)).
Notice = Literal["given", "to-follow", "not-given"]
#: Who was told: of a child a parent or guardian, who represents the authority that cares for the
#: child, or another fitting adult (s.44B(4)).
NoticeTo = Literal["victim", "parent", "guardian", "care-authority", "other-adult"]
#: Why a victim need not be told (s.44B(5)) [verify].
NoticeException = Literal["not-practicable", "harms-the-enquiry", "risks-serious-harm"]
#: What is decided about such a request.
InformationDecision = Literal["whole", "part", "refused", "nothing-held"]
#: Material that is presumed to be disclosed, and is listed apart (Attorney General's Guidelines on
#: Disclosure 2024, paragraph 87 [verify]).
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
#: What a family needs to live by (report, section 3 and 1.4).
NeedKind = Literal[
    "housing", "harassment", "bullying", "school", "money", "safe-house", "health", "other"
]
#: How such a need stands.
NeedState = Literal["under-way", "met", "not-met", "no-longer"]
#: How somebody threatens a family.
ThreatKind = Literal["words", "message", "followed", "at-the-home", "damage", "violence", "other"]
#: What was done so that they are safe.
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
#: Whether a family waits for a worker, was sent to somebody else, or was turned away.
WaitState = Literal["waiting", "signposted", "turned-away"]
#: What became of them.
WaitEnd = Literal[
    "worker-given",
    "taken-up",
    "referred-on",
    "not-taken-up",
    "no-longer-needed",
    "lost-touch",
    "other",
]
#: Why somebody of 16 or over is referred to a MARAC (the grounds of SafeLives) [verify].
MaracGround = Literal["high-score", "judgement", "escalation", "repeat"]
#: What a MARAC did on its day.
MaracEnd = Literal["plan", "no-plan", "put-off"]
#: What is published about a child, or is about to be.
MediaKind = Literal[
    "article", "broadcast", "online", "court-report", "family-went-public", "planned"
]
#: What was done about it.
MediaDone = Literal[
    "taken-down", "publisher-warned", "reported-to-police", "family-supported", "nothing"
]
#: For which duty a nationality is recorded: a consulate is told of an arrest (Vienna Convention on
#: Consular Relations, art. 36; PACE Code C 7), a child is referred who may be trafficked (Modern
#: Slavery Act 2015 s.52), an age is disputed, a court thinks of deportation [verify].
NationalityDuty = Literal[
    "consular-notification", "trafficking-referral", "age-assessment", "deportation"
]
#: Which number a child has across agencies: regulations are to say it (Children Act 2004 s.16LC)
#: [verify]; the government named the NHS number.
IdentifierKind = Literal["nhs-number"]
#: For which duty a child's number is opened: they are referred, an enquiry is made (Children Act
#: 1989 s.47), they are in need (s.17), they are missing, it is theirs and they ask for it.
IdentifierDuty = Literal["referral", "enquiry", "child-in-need", "missing", "asked-by-them"]
#: Who may be told it.
IdentifierAgency = Literal["childrens-services", "health", "police", "education", "youth-justice"]
#: What somebody may want to be told of as soon as it comes true of the network.
Shape = Literal["connected", "third-child", "new-town"]
#: Why use is restricted, by the law under which the record was made.
RestrictionGround = Literal[
    "part-3-s46-4",
    "part-3-s47-2",
    "part-3-s47-3",
    "uk-gdpr-art18-1-a",
    "uk-gdpr-art18-1-b",
    "uk-gdpr-art18-1-c",
    "uk-gdpr-art18-1-d",
]
#: On what the use that protects somebody rests while the record is restricted.
ProtectiveBasis = Literal["part-3-sch8-para4", "uk-gdpr-art18-2"]
#: What has a date: each is due as `domain/people_and_teams/deadline.py` says.
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
#: How loudly a clock tells: `danger` until somebody answers, `law` is a date of the law, `practice`
#: is told once a day.
Tier = Literal["danger", "law", "practice"]
#: Which wording of the charter of the role is meant; another one is acknowledged again.
CHARTER = "psw-2026/1"
#: What a team's report card counts: families, each once a year.
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
    "rated",
    "source-known",
    "concern-dated",
    "child-worker",
    "engagement-known",
    "carer-known",
]

#: Codes that their letters alone do not tell in words.
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
    """A code as people read it."""
    return _CALLED.get(code) or code.replace("-", " ")
