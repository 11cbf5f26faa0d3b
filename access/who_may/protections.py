"""The table of the effects of each event on the protections of a child. It is read together with
the access rules.

An event *answers* a protection if it does what the protection is for (a child is located,
contacted, graded). An event *passes* a protection on if another person or case has the protection
from then on. An event *lessens* a protection if it would reduce it; the protection stays until a
second person confirms the event. An event that is not in the table ends no protection.
`tests/access/who_may/test_protections.py` records every event on items with all protections, and
compares the effects with this table.
"""

from collections.abc import Mapping
from typing import Literal, TypeAlias, get_args

from domain.families.protection import AlertKind
from domain.kernel.codes import Clock

Effect = Literal["answers", "passes", "lessens"]
#: The protections of a child that are neither alerts nor deadlines.
Standing = Literal[
    "missing child",
    "open case",
    "rating",
    "urgent words",
    "placement",
    "compartment",
    "unsafe way",
    "notice",
    "hold",
    "child to consider",
]
#: A protection of a child: an alert (written "alert: co-resident"), a deadline by the name of its
#: type, or one of `Standing`.
Protection: TypeAlias = str
PROTECTIONS: frozenset[Protection] = frozenset(
    (
        *(f"alert: {argument}" for argument in get_args(AlertKind)),
        *get_args(Clock),
        *get_args(Standing),
    )
)

_WORDS = ("urgent words", "urgent-words", "words-waiting", "said-before", "said-before-urgent")
_AFTER_VERDICT = ("debrief", "aftercare-1", "aftercare-3", "aftercare-9", "feedback")

_OF_A_SUSPECT = ("person-undecided", "unsafe way", "child to consider")
_CLOSED = (
    *("open case", "rating", "threshold-reassessment", "unallocated-child"),
    *("family-silence", "family-silence-unsafe", "victim-updated"),
)


def _all(effect: Effect, *protections: Protection) -> dict[Protection, Effect]:
    return dict.fromkeys(protections, effect)


#: What each event, by its stored name, does to each protection of a child.
DOES: Mapping[str, Mapping[Protection, Effect]] = {
    # events of log entries
    "observation.assessed": _all("answers", "no-value-audit", *_WORDS),
    "observation.triaged": _all("answers", "no-value-audit", *_WORDS),
    "observation.no_value_audited": _all("answers", "no-value-audit"),
    "observation.taken": _all("passes", "urgent-words", "words-waiting"),
    "observation.refiled": _all("passes", "parent-acknowledged", "parent-answered"),
    "observation.withdrawn": _all(
        "lessens",
        *(*_WORDS, "parent-acknowledged", "parent-answered", "standing-search"),
        *("unsafe way", "child to consider"),
    ),
    "observation.urgency_lowered": _all("lessens", *_WORDS[:2], *_WORDS[3:]),
    "report.withdrawn": _all("lessens", "consent", "release-proposal", "child to consider"),
    "report.consent_given": _all("answers", "consent"),
    "report.consent_refused": _all("answers", "consent"),
    "release.confirmed": _all("answers", "release-proposal"),
    "release.refused": _all("answers", "release-proposal"),
    "release.reviewed": _all("answers", "release-review"),
    "join.confirmed": _all("answers", "said-before", "said-before-urgent"),
    "join.dismissed": _all("answers", "said-before", "said-before-urgent"),
    "standing_search.ended": _all("answers", "standing-search"),
    "standing_pattern.ended": _all("answers", "standing-pattern"),
    "alert.answered": _all(
        "answers",
        "alert",
        "danger-now",
        *(f"alert: {argument}" for argument in get_args(AlertKind)),
    ),
    "due.answered": _all(
        "answers",
        *("adult-services", "no-action-review", "notice-expiry", "notice-renewal"),
        *("opinion-review", "order-ends", "restriction-review", "retention-review"),
        *("standing-pattern", "standing-search", "supervision", "target-told"),
    )
    | _all(
        "passes",  # the user who postpones the deadline is responsible for it from then on
        *(*_AFTER_VERDICT, "family-silence", "family-silence-unsafe", "missing-child"),
        *("parent-answered", "restriction-request", "threshold-reassessment"),
        *("victim-information-request", "victim-updated"),
    ),
    "search.contact_decided": _all("answers", "contact-decision", "contact-decision-now"),
    "glass.reviewed": _all("answers", "glass-review"),
    # events of a case and its child
    "case.worker_allocated": {
        **_all("answers", "unallocated-child", "family-waits"),
        **_all("passes", *_AFTER_VERDICT, "victim-told"),
    },
    "case.threshold_assessed": _all("lessens", "rating"),
    "case.exit_assessed": _all("lessens", "adult-services"),
    "case.closed": _all("lessens", *_CLOSED),
    "case.missing_found": _all("answers", "missing child", "missing-child"),
    "case.return_interview_recorded": _all("answers", "return-interview"),
    "case.withholding_weighed": _all("answers", "withheld-words"),
    "proposal.confirmed": _all("answers", "proposal", *_CLOSED[:4]),
    "proposal.refused": _all("answers", "proposal"),
    "family.told": {
        **_all("answers", "parent-acknowledged", "parent-answered", "victim-told"),
        "family-silence": "passes",
    },
    "family.promise_ended": _all("answers", "promise"),
    "family.asked": _all("answers", "feedback"),
    "family.at_risk_decided": _all("answers", "named-at-risk", "opinion-review"),
    "support.contact_made": {"parent-acknowledged": "answers", "family-silence": "passes"},
    "placement.ended": _all("answers", "placement"),
    "need.answered": _all("answers", "family-need"),
    "threat.answered": _all("answers", "threat"),
    "publication.answered": _all("answers", "publication"),
    "waiting.ended": _all("answers", "family-waits"),
    "marac.heard": _all("answers", "marac"),
    "parent.risk_ended": _all("answers", "opinion-review"),
    "reporting.reported": _all("answers", "duty-to-report"),
    "meeting.result_told": _all("answers", "meeting-decision"),
    "meeting.decided": _all("answers", "person-undecided"),
    # events of justice
    "charging.review_told": _all("answers", "review-right", "review-answer"),
    "court.hearing_held": _all("answers", "hearing"),
    "court.bail_ended": _all("answers", "bail-ends"),
    "court.step_taken": _all("answers", "visit", "debrief"),
    "notice.breach_followed_up": _all("answers", "notice-breach"),
    "justice.result_recorded": _all("answers", "victim-updated"),
    "victim_request.decided": _all("answers", "victim-information-request"),
    "victim_request.withdrawn": _all("answers", "victim-information-request"),
    "person.classified": _all("lessens", *_OF_A_SUSPECT),
    "person.classification_ended": _all("lessens", *_OF_A_SUSPECT),
    "identity.judged": _all(
        "lessens",
        *("person-undecided", "child to consider", "alert: near-placement", "alert: co-resident"),
    ),
    "link.retracted": _all("lessens", *_OF_A_SUSPECT),
    # events of records and data protection
    "user.right_confirmed": _all("answers", "access-act"),
    "user.right_refused": _all("answers", "access-act"),
    "request.subject_found": _all("answers", "access-request-search"),
    "request.nil_answered": _all("answers", "access-request-search"),
    "request.subject_asked": _all("answers", "access-request"),
    "request.subject_answered": _all("answers", "access-request-asked"),
    "complaint.acknowledged": _all("answers", "complaint-acknowledged"),
    "complaint.outcome_told": _all("answers", "complaint-acknowledged", "complaint-outcome"),
    "hold.confirmed": _all("answers", "hold-confirmation"),
    "hold.reviewed": _all("answers", "hold-review"),
    "hold.ended": _all("lessens", "hold", "hold-confirmation", "hold-review"),
    "restriction.lifted": _all("answers", "restriction-review"),
    "restriction.refused": _all("answers", "restriction-request"),
}
#: Events by which one person alone ends a protection, although two should decide. Each has the
#: reason why one person is enough for now.
BY_ONE: Mapping[str, str] = {
    "observation.withdrawn": "one person may withdraw an entry that is not urgent and that "
    "others have read",
    "restriction.placed": "the person who decides is asked first; no alert and no deadline of a "
    "child ends",
    "person.classified": "a suspect who is also a victim is safeguarded: the list of suspects "
    "for a meeting shows them separately, and warnings about them continue",
    "person.age_recorded": "a suspect who is a child is safeguarded: the list of suspects for a "
    "meeting shows them separately, and warnings about them continue",
}
