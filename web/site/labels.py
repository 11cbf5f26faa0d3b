"""Labels of codes on the screens.

The file is long because it is one table of all labels.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.data_protection.erasure import BASES, Fate
from domain.data_protection.legal_hold import CATEGORIES as MATERIALS
from domain.data_protection.legal_hold import Category
from domain.data_protection.retention import GROUNDS
from domain.information.observation import NOTICED as SIGNS
from domain.information.observation import URGENCIES, Outcome
from domain.information.source import RELATIONS as TOLD_US
from domain.kernel.codes import (
    AlertAnswer,
    AuthorityFor,
    CareStatus,
    DriftDecision,
    DriftGrounds,
    DueAnswer,
    Engagement,
    EvidenceKind,
    Exit,
    IdentifierDuty,
    IdentifierKind,
    Judged,
    Judgement,
    MissingRisk,
    NoticeBasis,
    PatternJudgement,
    ReviewDecision,
    Unreported,
    Weighed,
    What,
)
from domain.kernel.values import (
    SOURCE_GRADES,
    HoldGround,
    HowKnown,
    LinkKind,
    MentionKind,
    PoleCategory,
    Stage,
    Threshold,
)

#: Labels of the answers to "How do you know it is true?", worded as a parent would give them.
HOW_KNOWN: dict[HowKnown, str] = {
    "saw-or-heard": "The person saw or heard it themselves",
    "has-item": "The person has kept a phone, a picture or a letter that shows it",
    "child-told": "The person's child told them",
    "other-told": "Another person told them",
    "corroborated": "Two people say the same, independently",
    "talked-about": "The person repeats a rumour",
    "doubts": "The person doubts it themselves",
}
#: Labels of the signs that parents notice in an exploited child.
NOTICED = SIGNS
MENTIONS: dict[MentionKind, str] = {
    "person": "a person",
    "nickname": "a nickname",
    "phone": "a phone number",
    "vrm": "a number plate",
    "vrm_partial": "part of a number plate",
    "vehicle": "a vehicle",
    "postcode": "a postcode",
    "place": "a place",
    "handle": "an account",
    "when": "a time",
}
#: Labels of a source's relations to the child.
RELATIONS = TOLD_US
#: Labels of the reasons for proposed urgency.
URGENT = URGENCIES
OUTCOMES: dict[Outcome, str] = {
    "assess": "Assess: grade the entry",
    "refer": "Refer: a child is at risk",
    "safeguard": "Safeguard: act now",
    "more-needed": "Ask for more information",
    "no-value": "Keep the entry; no action for now",
}
FILE_FORMS: dict[str, str] = {
    "auto": "Recognise the file by its headings",
    "provenance-log": "A provenance log: a carer's own notes",
    "messages": "Messages: a chat, a phone's backup, an email, a table",
    "referrals": "A list of referrals",
    "missing": "A list of missing children",
    "links": "Links between people and items",
}
STAGES: dict[Stage, str] = {
    "information": "Information: as reported, not graded",
    "intelligence": "Intelligence: graded",
    "evidence": "Evidence: exhibit, statement, interview",
}
THRESHOLDS: dict[Threshold, str] = {
    "high": "High",
    "medium": "Medium",
    "low": "Low",
    "unknown": "Not rated yet",
}
PROPOSED: dict[What, str] = {
    "close": "Close the case",
    "exit": "Record a child's exit from harm",
    "lower-rating": "Lower the rating of a case",
    "lower-urgency": "Mark a log entry as not urgent",
    "no-further-action": "Take no further action",
    "lift-hold": "Lift a legal hold",
    "withdraw-words": "Withdraw a log entry",
    "end-category": "End a person's category as a suspect",
    "clear-person": "Clear a suspect",
    "retract-link": "Withdraw a link that an alert depends on",
    "withdraw-report": "Withdraw a report that other records depend on",
    "withdraw-exhibit": "Withdraw or exclude evidence that a link depends on",
    "judge-identity": "Judge whether two people are the same, which ends an alert",
}
CATEGORIES: dict[PoleCategory, str] = {
    "suspect": "Suspect",
    "person-of-interest": "Person of interest",
    "victim": "Victim",
    "vulnerable-child": "Vulnerable child",
    "vulnerable-adult": "Vulnerable adult",
    "witness": "Witness",
    "subject": "Subject",
    "involved-party": "Involved party",
    "associate": "Associate",
    "missing-person": "Missing person",
    "convicted": "Convicted",
    "acquitted": "Acquitted",
    "recruiter": "Recruits others, and is a victim",
    "eliminated": "Eliminated",
}
#: Labels of the official identifiers of a child.
IDENTIFIERS: dict[IdentifierKind, str] = {"nhs-number": "NHS number"}
#: Labels of the reasons for which a user may see a child's full identification number.
DUTIES: dict[IdentifierDuty, str] = {
    "referral": "The child is referred",
    "enquiry": "A child protection enquiry (Children Act 1989 s.47)",
    "child-in-need": "The child is in need (Children Act 1989 s.17)",
    "missing": "The child is missing",
    "asked-by-them": "The person asks for their own number",
}
#: For each kind of link, the words for reading it from its first end, and from its second.
LINKS: dict[LinkKind, tuple[str, str]] = {
    "associate": ("associate of", "associate of"),
    "co-offender": ("offends with", "offends with"),
    "family": ("family of", "family of"),
    "association": ("associates with", "associates with"),
    "contact": ("in contact with", "in contact with"),
    "uses": ("uses", "used by"),
    "owns": ("owns", "owned by"),
    "driver-of": ("drives", "driven by"),
    "passenger-of": ("rides in", "carries"),
    "lives-at": ("lives at", "home of"),
    "frequents": ("often at", "visited by"),
    "placed-at": ("placed at", "placement of"),
    "seen-at": ("seen at", "where was seen"),
    "co-located": ("at the same place as", "at the same place as"),
    "other": ("linked to", "linked to"),
    "involved-in": ("involved in", "involves"),
    "suspect-in": ("suspect in", "suspects"),
    "victim-of": ("victim of", "harmed"),
    "witness-to": ("witness to", "witnessed by"),
    "dealt-with": ("dealt with", "dealt with by"),
    "happened-at": ("happened at", "where happened"),
    "lies-in": ("lies in", "holds"),
}
#: Labels of the lawful bases of an erasure.
ERASED_ON = BASES
FATES: dict[Fate, str] = {
    "destroyed": "Destroyed: its text is deleted, and it disappears from every list",
    "disappears": "Disappears: a link that has lost its last evidence",
    "re-graded": "Re-graded: a link that still has other evidence",
    "redacted": "Redacted: new text replaces the original text",
    "blanked": "Blanked: its notes are deleted, its coded fields stay",
    "restricted": "Restricted: kept only for its purpose, and not shown in ordinary searches",
}
RESTRICTED_ON = GROUNDS
HOLDS: dict[HoldGround, str] = {
    "inquiry": "A public inquiry",
    "appeal": "An appeal",
    "cpia": "Material for a trial (CPIA 1996)",
    "other": "Something else",
}
MATERIAL: dict[Category, str] = {
    material: material.replace("-", " ").capitalize() for material in MATERIALS
}
#: Labels of the grounds to review a source's status, and of decisions about it.
DRIFT_GROUNDS: dict[DriftGrounds, str] = {
    "relationship": "covert use of a relationship",
    "deception": "deception",
    "direction": "direction at this suspect",
}
DRIFT_DECISIONS: dict[DriftDecision, str] = {
    "not-covert": "Not covert: the source may give information as before",
    "legal-advice": "Legal advice is sought first",
    "source-unit": "Refer to the dedicated source unit",
}
#: Labels for whether a family accepts the support.
ENGAGEMENT: dict[Engagement, str] = {
    "engaged": "Yes, support is accepted",
    "declined": "No, support is declined",
    "not-known": "Not known",
}
#: Labels of the results of an exit assessment.
EXITS: dict[Exit, str] = {
    "no-longer-at-risk": "No longer at risk",
    "protected": "Protected",
    "moved-to-adult-services": "Moved to adult services",
    "other": "Something else",
}
#: Labels of the decisions of a retention review.
REVIEWED: dict[ReviewDecision, str] = {
    "retain": "Retain the record longer",
    "dispose": "Propose disposal of the record",
}
#: Labels of the purposes for which a person gets wider access with an authority, and of the results
#: of a review of access.
AUTHORITIES: dict[AuthorityFor, str] = {
    "audit": "An audit: the original text of the log entries is shown",
    "disclosure": "Disclosure: all material is shown after a second person's approval",
}
JUDGED: dict[Judged, str] = {"justified": "Yes", "not-justified": "No"}
#: Labels of the kinds of evidence.
EVIDENCE: dict[EvidenceKind, str] = {
    "exhibit": "An exhibit",
    "statement": "A statement",
    "recorded-interview": "A recorded interview",
}
#: Labels of the laws under which a child abduction warning notice is served, and of the legal bases
#: on which a child is in care.
NOTICES: dict[NoticeBasis, str] = {
    "s2-caa-1984": "Child Abduction Act 1984, section 2: a child under 16",
    "s49-ca-1989": "Children Act 1989, section 49: a child in care, under 18",
}
CARE: dict[CareStatus, str] = {
    "care-order": "A care order (section 31)",
    "interim-care-order": "An interim care order (section 38)",
    "emergency-protection-order": "An emergency protection order (section 44)",
    "police-protection": "Police protection (section 46)",
    "accommodated": "Accommodated without an order (section 20)",
    "none": "None",
}
#: Labels of the judgements about two people or things.
JUDGEMENTS: dict[Judgement, str] = {
    "same": "The same",
    "different": "Not the same",
    "unsure": "Perhaps the same",
}
#: Labels of the degrees of danger to a missing child, of the reasons why a carer did not report the
#: child missing, of a supervisor's decisions about a child's wish to withhold information, and of
#: reviews of a pattern.
DANGER: dict[MissingRisk, str] = {
    "absent": "No apparent risk (absent)",
    "low": "Low",
    "medium": "Medium",
    "high": "High",
}
UNREPORTED: dict[Unreported, str] = {
    "did-not-know": "The carer did not know that the child was gone",
    "expected-back": "The carer expected the child's return at any moment",
    "told-somebody-else": "The carer told another agency, such as a school or a worker",
    "told-before-and-not-heard": "The carer had reported the child before, and no agency acted",
    "did-not-know-whom-to-tell": "The carer did not know where to report a missing child",
    "afraid": "The carer was afraid of the consequences",
    "not-said": "The carer gave no reason",
    "other": "Something else",
}
WEIGHED: dict[Weighed, str] = {
    "kept-back": "All of the child's words are withheld",
    "part-passed-on": "A part of the child's words is passed on",
    "passed-on": "All of the child's words are passed on",
}
PATTERN: dict[PatternJudgement, str] = {
    "confirmed": "Yes: the pattern is real",
    "dismissed": "No",
}
#: Labels of the answers to an alert, and to a deadline.
ALERT_ANSWERS: dict[AlertAnswer, str] = {
    "acted": "I took action",
    "no-action": "No action is needed",
}
DUE_ANSWERS: dict[DueAnswer, str] = {
    "agree": "I agree: the log entry has no value",
    "assess": "I disagree: return the log entry to the inbox for assessment",
    "done": "Done",
    "again": "Remind me on a later day",
}
#: Labels of the patterns of links about which a user may be notified.
SHAPES: dict[str, str] = {
    "connected": "Two people become connected by graded links",
    "third-child": "A third child is linked to one car or phone",
    "new-town": "A group meets in a new town",
}
#: All sets of codes with labels of their own. The labels of other codes are made from the codes.
_CHOSEN: tuple[Mapping[Any, str], ...] = (
    THRESHOLDS,
    SHAPES,
    ENGAGEMENT,
    EXITS,
    SOURCE_GRADES,
    DRIFT_GROUNDS,
    DRIFT_DECISIONS,
    REVIEWED,
    AUTHORITIES,
    JUDGED,
    EVIDENCE,
    NOTICES,
    CARE,
    IDENTIFIERS,
    DUTIES,
    CATEGORIES,
    JUDGEMENTS,
    DANGER,
    UNREPORTED,
    WEIGHED,
    PATTERN,
    ALERT_ANSWERS,
    DUE_ANSWERS,
)
#: Sets of codes that only forms of their own offer.
_OWN_FORMS: tuple[Mapping[Any, str], ...] = (
    HOW_KNOWN,
    NOTICED,
    MENTIONS,
    URGENT,
    OUTCOMES,
    STAGES,
    PROPOSED,
    ERASED_ON,
    FATES,
    RESTRICTED_ON,
    HOLDS,
    MATERIAL,
)


def of_codes(codes: Sequence[str]) -> dict[str, str]:
    """Return the label of each of these codes, in the order of the codes."""
    return _labels(codes, _CHOSEN)


def of_event_codes(codes: Sequence[str]) -> dict[str, str]:
    """Return the label of each of these codes of an event, in the order of the codes. The codes
    that a form shows in its own words have a label here too."""
    forward = {kind: there for kind, (there, _) in LINKS.items()}
    return _labels(codes, (*_CHOSEN, *_OWN_FORMS, forward))


def _labels(codes: Sequence[str], tables: Sequence[Mapping[Any, str]]) -> dict[str, str]:
    called = next((table for table in tables if table.keys() == set(codes)), {})
    return {code: called.get(code, code.replace("-", " ").capitalize()) for code in codes}


#: Labels of the acts of the police or a court.
FOLLOWED: dict[str, str] = {
    "arrest": "Arrested",
    "charge": "Charged",
    "notice": "Child abduction warning notice served",
    "convicted": "Convicted",
    "acquitted": "Acquitted",
    "sentenced": "Sentenced",
    "nfa-insufficient-evidence": "No further action: not enough evidence",
    "nfa-no-account": "No further action: no victim gives an account",
    "nfa-no-suspect": "No further action: no suspect was identified",
    "nfa-not-in-public-interest": "No further action: not in the public interest",
    "nfa-out-of-time": "No further action: too late to prosecute",
    "nfa-other-agency": "No further action: another agency takes action",
    "nfa-other": "No further action: another reason",
    "not-prosecuted-best-interests": "Not prosecuted, in the child's best interests",
    "registered-sex-offender": "On the sex offenders register",
}
