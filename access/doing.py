"""What it takes to record each event: the acts of which the reader must hold one, and what these
acts must reach.

Every command makes and saves its facts in one place, and that place asks here: an event that nobody
listed is refused on a store with accounts. Long because every event and every command stands here.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from uuid import UUID

from access.database import DecisionDb
from access.decide import decide
from access.scope import allowed, not_there, seen, things
from access.table import EVERYBODY, SAID, Act
from domain.codes import What
from domain.envelope import Event, Fact
from domain.proposal import ProposalConfirmed, ProposalMade, ProposalRefused
from domain.retention import CLAIMED, RestrictionPlaced
from domain.values import Denied, Reader

TAKES: dict[str, tuple[Act, ...]] = {
    "observation.recorded": ("record",),
    "observation.read": ("record",),
    "observation.flagged": ("record",),
    "observation.source_held": ("record",),
    "observation.source_transferred": ("record",),
    "observation.taken": ("triage",),
    "observation.triaged": ("triage",),
    "observation.no_value_audited": ("triage",),
    "observation.urgency_raised": ("correct", "triage"),
    "observation.urgency_lowered": ("assess",),
    "observation.corrected": ("correct",),
    "observation.log_photographed": ("correct",),
    "observation.refiled": ("refile",),
    "observation.unfiled": ("correct",),
    "observation.withdrawn": ("correct",),
    "observation.mention_confirmed": ("name", "correct"),
    "observation.misread": ("name", "correct"),
    "observation.assessed": ("assess",),
    "source.registered": ("record",),
    "source.described": ("record",),
    "source.entry_made": ("record",),
    "source.graded": ("grade-source",),
    "source.conflict_noted": ("grade-source",),
    "roots.joined": ("join-roots",),
    "roots.parted": ("join-roots",),
    "report.opened": ("assess",),
    "report.item_graded": ("assess",),
    "report.corroboration_judged": ("assess",),
    "report.item_sanitised": ("sanitise",),
    "report.disseminated": ("disseminate",),
    "report.withdrawn": ("sanitise",),
    "product.released": ("disseminate",),
    "release.proposed": ("disseminate",),
    "release.confirmed": ("disseminate",),
    "release.refused": ("disseminate",),
    "release.review_due": ("disseminate",),
    "release.reviewed": ("disseminate",),
    "offer.made": ("offer",),
    "offer.renewed": ("run-store",),
    "offer.ended": ("offer",),
    "offer.end_obeyed": ("run-store",),
    "offer.matched": ("run-store",),
    "offer.match_ended": ("run-store",),
    "offer.contact_decided": ("offer",),
    "report.consent_asked": ("assess", "disseminate"),
    "report.consent_given": ("assess",),
    "report.consent_refused": ("assess",),
    "source.status_review_due": ("record",),
    "source.status_decided": ("grade-source",),
    "support.contact_made": ("support",),
    "support.way_checked": ("support",),
    "support.note_written": ("support",),
    "family.told": ("support", "outcome"),
    "family.promised": ("support",),
    "family.promise_ended": ("support",),
    "family.invited": ("support",),
    "family.asked": ("support",),
    "family.member_named": ("work",),
    "family.care_told": ("work",),
    "family.engagement_told": ("work",),
    "family.relation_assessed": ("support",),
    "family.at_risk_named": ("work",),
    "family.at_risk_decided": ("work",),
    "person.ethnicity_told": ("name", "refer"),
    "family.ethnicity_told": ("support",),
    "person.nationality_told": ("name", "refer"),
    "identifier.told": ("identify",),
    "identifier.withdrawn": ("identify",),
    "identifier.opened": ("see-identifier",),
    "need.told": ("support",),
    "need.answered": ("support",),
    "threat.told": ("support", "work", "find"),
    "threat.answered": ("support", "work", "outcome", "oversee"),
    "family.moved": ("support", "work"),
    "waiting.told": ("support", "allocate", "work"),
    "waiting.asked": ("support", "allocate", "work"),
    "waiting.ended": ("support", "allocate", "work"),
    "marac.referred": ("support", "work"),
    "marac.heard": ("support", "work"),
    "publication.noted": ("support", "work", "outcome"),
    "publication.answered": ("oversee", "outcome"),
    "press.checked": ("support", "work", "outcome"),
    "exploitation.assessed": ("work",),
    "parent.risk_noted": ("support",),
    "parent.risk_ended": ("support",),
    "danger.flagged": ("support", "work", "find"),
    "health.noted": ("work",),
    "placement.made": ("work",),
    "placement.ended": ("work",),
    "compartment.opened": ("work", "allocate"),
    "compartment.closed": ("work", "allocate"),
    "alert.answered": ("work", "triage"),
    "alert.rang": ("run-store",),
    "referral.considered": ("refer",),
    "link.asserted": ("link",),
    "link.retracted": ("link",),
    "person.recorded": ("name", "refer"),
    "person.classified": ("name", "refer"),
    "person.classification_ended": ("name",),
    "person.alias_added": ("name", "refer"),
    "person.named": ("name",),
    "person.age_recorded": ("name", "refer", "rate"),
    "person.learning_disability_recorded": ("name", "refer", "rate"),
    "thing.recorded": ("name", "correct"),
    "identity.judged": ("judge",),
    "identity.revoked": ("judge",),
    "weights.trained": ("judge",),
    "join.confirmed": ("assess", "triage"),
    "join.dismissed": ("assess", "triage"),
    "chart.saved": ("link", "find"),
    "chart.noted": ("link", "find"),
    "chart.withdrawn": ("link", "find"),
    "standing_search.set": ("triage", "find"),
    "standing_search.ended": ("triage", "find"),
    "standing_pattern.set": ("triage", "find"),
    "standing_pattern.met": ("run-store",),
    "standing_pattern.ended": ("triage", "find"),
    "case.opened": ("refer",),
    "case.referral_received": ("refer", "record"),
    "case.threshold_assessed": ("rate",),
    "case.rating_reopened": ("run-store",),
    "case.worker_allocated": ("allocate",),
    "case.engagement_recorded": ("work", "allocate"),
    "case.missing_reported": ("work", "allocate", "find"),
    "case.missing_graded": ("work", "allocate", "find"),
    "case.missing_found": ("work", "allocate", "find"),
    "case.return_interview_recorded": ("work", "allocate", "find"),
    "case.withholding_weighed": ("oversee",),
    "missing.pattern_judged": ("work", "find"),
    "missing.plan_written": ("work", "find"),
    "case.flagged": ("work", "refer", "allocate", "find"),
    "case.exit_assessed": ("work",),
    "case.closed": ("close",),
    "case.reopened": ("close", "work", "record"),
    "proposal.made": ("close", "work", "rate", "outcome", "erase", "name", "link", "assess"),
    "proposal.confirmed": ("confirm", "oversee", "outcome", "erase", "approve-erasure", "assess"),
    "proposal.refused": (
        "confirm",
        "oversee",
        "close",
        "work",
        "rate",
        "outcome",
        "erase",
        "approve-erasure",
        "name",
        "link",
        "assess",
    ),
    "evidence.gathered": ("evidence",),
    "evidence.transferred": ("evidence",),
    "evidence.excluded": ("evidence",),
    "evidence.undermined": ("evidence",),
    "evidence.withdrawn": ("evidence",),
    "court.hearing_set": ("outcome", "work"),
    "court.hearing_moved": ("outcome", "work"),
    "court.hearing_held": ("outcome", "work"),
    "court.bail_set": ("outcome", "work"),
    "court.bail_ended": ("outcome", "work"),
    "court.plea_entered": ("outcome", "work"),
    "court.measure_told": ("outcome", "work"),
    "court.account_taken": ("outcome", "work"),
    "court.step_taken": ("support",),
    "charging.decided": ("outcome",),
    "charging.review_told": ("outcome", "work"),
    "verdict.order_made": ("outcome", "work"),
    "verdict.appeal_lodged": ("outcome", "work"),
    "verdict.appeal_decided": ("outcome", "work"),
    "victim_request.asked": ("evidence", "schedule", "support"),
    "victim_request.victim_told": ("evidence", "schedule", "support"),
    "victim_request.withdrawn": ("evidence", "schedule", "support"),
    "victim_request.decided": ("support",),
    "victim_request.handed_over": ("support",),
    "reporting.duty_arose": ("work", "find"),
    "reporting.delayed": ("work", "find"),
    "reporting.reported": ("work", "find"),
    "justice.arrest_made": ("outcome",),
    "justice.charge_brought": ("outcome",),
    "justice.notice_served": ("outcome",),
    "justice.result_recorded": ("outcome",),
    "justice.care_stated": ("outcome",),
    "notice.service_told": ("outcome",),
    "notice.breached": ("outcome",),
    "notice.breach_followed_up": ("oversee",),
    "observation.redacted": ("erase",),
    "report.redacted": ("erase",),
    "case.redacted": ("erase",),
    "hold.placed": ("erase",),
    "hold.lifted": ("erase", "approve-erasure"),
    "hold.ordered": ("erase", "approve-erasure"),
    "hold.registered": ("erase", "approve-erasure"),
    "hold.confirmed": ("erase", "approve-erasure"),
    "hold.reviewed": ("erase", "approve-erasure"),
    "hold.ended": ("erase", "approve-erasure"),
    "restriction.placed": ("erase",),
    "restriction.lifted": ("erase",),
    "restriction.requested": ("answer-subject", "erase"),
    "restriction.refused": ("oversee", "disclose"),
    "review.decided": ("erase",),
    "erasure.proposed": ("erase",),
    "erasure.planned": ("erase",),
    "erasure.redactions_written": ("erase",),
    "erasure.approved": ("approve-erasure",),
    "erasure.refused": ("approve-erasure", "erase"),
    "item.erased": ("erase",),
    "source.erased": ("erase",),
    "product.erased": ("erase",),
    "note.erased": ("erase",),
    "erasure.held_back": ("erase", "approve-erasure"),
    "erasure.keys_destroyed": ("erase",),
    "erasure.certified": ("erase", "approve-erasure"),
    "store.made": ("run-store",),
    "store.closed": ("manage-accounts",),
    "clock.stepped": ("run-store",),
    "clock.proposed": ("run-store",),
    "clock.set_right": ("run-store", "approve-erasure"),
    "clock.refused": ("run-store", "approve-erasure"),
    "loss.declared": ("run-store",),
    "succession.proposed": ("run-store",),
    "succession.confirmed": ("run-store", "approve-erasure"),
    "succession.refused": ("run-store", "approve-erasure"),
    "succession.copied": ("run-store", "approve-erasure"),
    "file.received": ("import",),
    "file.sealed": ("import", "run-store"),
    "export.made": ("export", "verify"),
    "pack.made": ("export", "verify"),
    "calendar.taken": ("record",),
    "backup.made": ("run-store",),
    "store.restored": ("run-store",),
    "proof.taken": ("see-trail-words", "see-trail-items", "verify"),
    "copy.fingerprinted": ("export", "verify", "disclose", "disseminate", "support"),
    "copy.destroyed": ("run-store", "export", "verify", "erase", "see-meeting"),
    "brief.held": ("brief",),
    "supervision.told": ("supervise",),
    "charter.acknowledged": ("record",),
    "target.set": ("allocate",),
    "meeting.called": ("brief",),
    "meeting.called_off": ("brief",),
    "meeting.held": ("brief",),
    "meeting.decided": ("brief",),
    "meeting.board_kept": ("brief",),
    "meeting.item_added": ("meet",),
    "meeting.result_told": ("meet",),
    "access.anchored": ("run-store", "verify"),
    "log.anchored": ("run-store", "verify"),
    "origin.anchored": ("run-store", "verify"),
    "signer.key_changed": ("run-store", "verify"),
    "keys.moving": ("run-store", "erase"),
    "keys.rotated": ("run-store", "erase", "approve-erasure"),
    "user.added": ("manage-accounts",),
    "user.left": ("manage-accounts",),
    "user.locked": ("manage-accounts",),
    "user.unlocked": ("manage-accounts",),
    "user.invited": ("manage-accounts", "confirm-access"),
    "user.recovery_proposed": ("manage-accounts",),
    "user.right_proposed": ("manage-accounts",),
    "user.right_confirmed": ("confirm-access",),
    "user.right_refused": ("confirm-access", "manage-accounts"),
    "user.right_given_alone": ("manage-accounts",),
    "user.role_lent": ("manage-accounts",),
    "user.made_service": ("manage-accounts",),
    "user.key_made": ("manage-accounts",),
    "user.key_ended": ("manage-accounts",),
    "outbox.wipe_ordered": ("manage-accounts",),
    "outbox.wipe_taken_back": ("manage-accounts",),
    "outbox.wiped": ("record",),
    "user.role_given": ("manage-accounts", "confirm-access"),
    "user.role_taken": ("manage-accounts",),
    "user.team_joined": ("manage-accounts", "confirm-access"),
    "user.team_left": ("manage-accounts",),
    "user.assigned": ("allocate", "manage-accounts"),
    "user.assignment_ended": ("allocate", "manage-accounts"),
    "team.made": ("manage-accounts",),
    "team.renamed": ("manage-accounts",),
    "team.merged": ("manage-accounts",),
    "charity.named": ("manage-accounts",),
    "glass.broken": ("break-glass",),
    "glass.closed": ("break-glass",),
    "glass.reviewed": ("review-glass",),
    "authority.given": ("give-authority",),
    "authority.approved": ("give-authority",),
    "authority.ended": ("give-authority",),
    "entry.asked": ("open-entry",),
    "entry.opened": ("open-entry",),
    "entry.opened_alone": ("open-alone",),
    "entry.reviewed": ("carry-over",),
    "consultation.justified": ("record",),
    "consultation.asked_for": ("record",),
    "record.consulted": ("record",),
    "search.touched": ("record",),
    "search.contact_decided": ("refer", "work", "allocate"),
    "access.reviewed": ("review-glass",),
    "disclosure.made": ("disclose", "disseminate", "support"),
    "disclosure.recalled": ("disclose", "disseminate", "support"),
    "disclosure.recipient_told": ("disclose", "disseminate", "support"),
    "request.received": ("disclose",),
    "request.extended": ("disclose",),
    "request.subject_asked": ("disclose",),
    "request.subject_answered": ("disclose",),
    "request.part_asked": ("disclose",),
    "request.item_decided": ("disclose", "answer-subject"),
    "request.part_answered": ("answer-subject",),
    "request.answered_in_part": ("disclose",),
    "request.answered": ("disclose",),
    "complaint.received": ("disclose", "support"),
    "complaint.acknowledged": ("disclose", "support"),
    "complaint.step_taken": ("disclose", "support"),
    "complaint.outcome_told": ("disclose", "support"),
    "material.reviewed": ("schedule",),
    "schedule.made": ("schedule",),
    "item.statement_added": ("disclose", "correct"),
    "escalation.made": ("escalate",),
    "escalation.seen": ("replay",),
    "due.answered": ("support", "work", "outcome", "erase", "allocate", "find"),
    "rota.duty_given": ("triage", "allocate", "manage-accounts"),
    "rota.duty_ended": ("triage", "allocate", "manage-accounts"),
    "due.acknowledged": ("triage", "support", "work", "find", "outcome", "erase", "allocate"),
    "due.escalated": ("run-store",),
    "due.began": ("run-store",),
    "due.told": ("run-store",),
    "user.address_given": ("manage-accounts",),
    "user.address_taken": ("manage-accounts",),
}

#: What takes two is proposed by those who record what it becomes.
PROPOSES: dict[What, str] = {
    "close": "case.closed",
    "exit": "case.exit_assessed",
    "lower-rating": "case.threshold_assessed",
    "lower-urgency": "observation.urgency_lowered",
    "no-further-action": "justice.result_recorded",
    "lift-hold": "hold.lifted",
    "withdraw-words": "observation.withdrawn",
    "end-category": "person.classification_ended",
    "retract-link": "link.retracted",
}
#: And who confirms it: an exit is a supervisor's or a DCI's to confirm.
CONFIRMS: dict[What, tuple[Act, ...]] = {
    "close": ("confirm",),
    "exit": ("oversee",),
    "lower-rating": ("confirm",),
    "lower-urgency": ("assess",),
    "no-further-action": ("outcome",),
    "lift-hold": ("erase", "approve-erasure"),
    "withdraw-words": ("assess",),
    "end-category": ("confirm",),
    "retract-link": ("confirm",),
}

#: What a second person confirms, and by which event it was proposed in the same stream: an account,
#: role or credential that is younger than the proposal confirms nothing of it. To open who told us
#: something is no such act: a threat to life does not wait.
SECOND: dict[str, tuple[str, ...]] = {
    "proposal.confirmed": ("proposal.made",),
    "erasure.approved": ("erasure.proposed",),
    "hold.confirmed": ("hold.ordered",),
    "release.confirmed": ("release.proposed",),
    "authority.approved": ("authority.given",),
    "succession.confirmed": ("succession.proposed",),
    "user.right_confirmed": ("user.right_proposed",),
    "user.invited": ("user.recovery_proposed",),
}

#: What a referral says of itself: it comes with it, from the person who may refer; a lower rating
#: than the case has comes as a proposal. Words go back to their family with the refusal of what
#: took them out of it.
SAID_WITH: dict[str, str] = {
    "case.threshold_assessed": "case.referral_received",
    "case.flagged": "case.referral_received",
    "proposal.made": "case.referral_received",
    "observation.refiled": "proposal.refused",
}
#: Which event a command is for. Whose role never records it is refused before anything is looked
#: at: what else stands in its way, or that it was done already, is not theirs to learn.
COMMANDS: dict[str, str] = {
    "due.acknowledge": "due.acknowledged",
    "user.invite": "user.invited",
    "user.reach": "user.address_given",
    "keys.move": "keys.moving",
    "clock.propose": "clock.proposed",
    "clock.confirm": "clock.set_right",
    "clock.refuse": "clock.refused",
    "succession.propose": "succession.proposed",
    "succession.confirm": "succession.confirmed",
    "succession.refuse": "succession.refused",
    "keys.rotate": "keys.rotated",
    "signer.change_key": "signer.key_changed",
    "search.decide_contact": "search.contact_decided",
    "access.review": "access.reviewed",
    "disclosure.make": "disclosure.made",
    "copy.destroy": "copy.destroyed",
    "disclosure.recall": "disclosure.recalled",
    "disclosure.tell": "disclosure.recipient_told",
    "source.status_review": "source.status_review_due",
    "source.status_decision": "source.status_decided",
    "person.alias": "person.alias_added",
    "person.classify": "person.classified",
    "person.end_classification": "person.classification_ended",
    "person.name": "person.named",
    "person.age": "person.age_recorded",
    "person.disability": "person.learning_disability_recorded",
    "evidence.transfer": "evidence.transferred",
    "evidence.status": "evidence.excluded",
    "brief.hold": "brief.held",
    "charter.acknowledge": "charter.acknowledged",
    "target.set": "target.set",
    "supervision.tell": "supervision.told",
    "meeting.call": "meeting.called",
    "meeting.call_off": "meeting.called_off",
    "meeting.hold": "meeting.held",
    "meeting.decide": "meeting.decided",
    "meeting.keep_board": "meeting.board_kept",
    "meeting.show_people": "meeting.board_kept",
    "meeting.add_item": "meeting.item_added",
    "meeting.result": "meeting.result_told",
    "pack.make": "pack.made",
    "identity.same": "identity.judged",
    "identity.different": "identity.judged",
    "identity.unsure": "identity.judged",
    "weights.train": "weights.trained",
    "join.confirm": "join.confirmed",
    "join.dismiss": "join.dismissed",
    "chart.save": "chart.saved",
    "chart.note": "chart.noted",
    "chart.withdraw": "chart.withdrawn",
    "standing_search.set": "standing_search.set",
    "standing_search.end": "standing_search.ended",
    "standing_pattern.set": "standing_pattern.set",
    "standing_pattern.end": "standing_pattern.ended",
    "offer.make": "offer.made",
    "offer.withdraw": "offer.ended",
    "offer.decide_contact": "offer.contact_decided",
    "report.regrade": "report.item_graded",
    "report.sanitise": "report.item_sanitised",
    "report.ask_consent": "report.consent_asked",
    "report.give_consent": "report.consent_given",
    "report.refuse_consent": "report.consent_refused",
    "report.withdraw": "report.withdrawn",
    "report.disseminate": "report.disseminated",
    "release.confirm": "release.confirmed",
    "release.refuse": "release.refused",
    "release.review": "release.reviewed",
    "link.retract": "link.retracted",
    "material.review": "material.reviewed",
    "schedule.make": "schedule.made",
    "observation.take": "observation.taken",
    "observation.raise": "observation.urgency_raised",
    "observation.lower": "observation.urgency_lowered",
    "observation.correct": "observation.corrected",
    "observation.confirm": "observation.mention_confirmed",
    "observation.misread": "observation.misread",
    "observation.photograph": "observation.log_photographed",
    "observation.refile": "observation.refiled",
    "observation.withdraw": "observation.withdrawn",
    "observation.triage": "observation.triaged",
    "alert.answer": "alert.answered",
    "referral.consider": "referral.considered",
    "case.threshold": "case.threshold_assessed",
    "case.allocate": "case.worker_allocated",
    "case.engagement": "case.engagement_recorded",
    "case.missing": "case.missing_reported",
    "case.found": "case.missing_found",
    "case.interview": "case.return_interview_recorded",
    "court.hearing": "court.hearing_set",
    "court.move": "court.hearing_moved",
    "court.hold": "court.hearing_held",
    "court.bail": "court.bail_set",
    "court.end_bail": "court.bail_ended",
    "court.plea": "court.plea_entered",
    "court.measure": "court.measure_told",
    "court.account": "court.account_taken",
    "court.step": "court.step_taken",
    "charging.decide": "charging.decided",
    "charging.review": "charging.review_told",
    "verdict.order": "verdict.order_made",
    "verdict.appeal": "verdict.appeal_lodged",
    "verdict.decide_appeal": "verdict.appeal_decided",
    "notice.service": "notice.service_told",
    "notice.breach": "notice.breached",
    "notice.follow_up": "notice.breach_followed_up",
    "victim_request.ask": "victim_request.asked",
    "victim_request.tell": "victim_request.victim_told",
    "victim_request.withdraw": "victim_request.withdrawn",
    "victim_request.decide": "victim_request.decided",
    "victim_request.hand_over": "victim_request.handed_over",
    "reporting.arise": "reporting.duty_arose",
    "reporting.delay": "reporting.delayed",
    "reporting.report": "reporting.reported",
    "family.tell": "family.told",
    "family.promise": "family.promised",
    "family.end_promise": "family.promise_ended",
    "family.invite": "family.invited",
    "family.ask": "family.asked",
    "family.member": "family.member_named",
    "family.cares": "family.care_told",
    "family.engaged": "family.engagement_told",
    "family.relation": "family.relation_assessed",
    "family.at_risk": "family.at_risk_named",
    "family.decide": "family.at_risk_decided",
    "person.ethnicity": "person.ethnicity_told",
    "family.ethnicity": "family.ethnicity_told",
    "team.charity": "charity.named",
    "person.nationality": "person.nationality_told",
    "identifier.tell": "identifier.told",
    "identifier.withdraw": "identifier.withdrawn",
    "identifier.open": "identifier.opened",
    "need.tell": "need.told",
    "need.answer": "need.answered",
    "threat.tell": "threat.told",
    "threat.answer": "threat.answered",
    "family.move": "family.moved",
    "waiting.tell": "waiting.told",
    "waiting.ask": "waiting.asked",
    "waiting.end": "waiting.ended",
    "marac.refer": "marac.referred",
    "marac.hear": "marac.heard",
    "publication.note": "publication.noted",
    "publication.answer": "publication.answered",
    "press.check": "press.checked",
    "exploitation.assess": "exploitation.assessed",
    "parent.risk": "parent.risk_noted",
    "parent.end_risk": "parent.risk_ended",
    "danger.flag": "danger.flagged",
    "case.missing_risk": "case.missing_graded",
    "case.weigh": "case.withholding_weighed",
    "missing.judge": "missing.pattern_judged",
    "missing.plan": "missing.plan_written",
    "case.flag": "case.flagged",
    "case.exit": "case.exit_assessed",
    "case.close": "case.closed",
    "proposal.make": "proposal.made",
    "proposal.confirm": "proposal.confirmed",
    "proposal.refuse": "proposal.refused",
    "hold.place": "hold.ordered",
    "hold.confirm": "hold.confirmed",
    "hold.review": "hold.reviewed",
    "hold.lift": "hold.ended",
    "review.decide": "review.decided",
    "restriction.place": "restriction.placed",
    "restriction.lift": "restriction.lifted",
    "restriction.request": "restriction.requested",
    "restriction.refuse": "restriction.refused",
    "source.grade": "source.graded",
    "source.conflict": "source.conflict_noted",
    "roots.join": "roots.joined",
    "roots.part": "roots.parted",
    "request.receive": "request.received",
    "request.extend": "request.extended",
    "request.ask_subject": "request.subject_asked",
    "request.hear_subject": "request.subject_answered",
    "request.decide": "request.item_decided",
    "request.ask_parts": "request.part_asked",
    "request.answer_part": "request.part_answered",
    "request.answer": "request.answered",
    "complaint.receive": "complaint.received",
    "complaint.acknowledge": "complaint.acknowledged",
    "complaint.step": "complaint.step_taken",
    "complaint.tell": "complaint.outcome_told",
    "item.add_statement": "item.statement_added",
    "rota.end": "rota.duty_ended",
}

#: What an event is about, where that is not its own stream: one of its acts must reach it.
ABOUT: dict[str, tuple[str, ...]] = {
    "identity.judged": ("a", "b"),
    "identity.revoked": ("a", "b"),
    "join.confirmed": ("a",),
    "offer.made": ("thing",),
    "join.dismissed": ("a",),
    "standing_search.set": ("case",),
    "standing_pattern.set": ("case",),
    "chart.noted": ("chart",),
    "evidence.gathered": ("case",),
    "court.hearing_set": ("case",),
    "court.bail_set": ("case",),
    "court.plea_entered": ("case",),
    "court.measure_told": ("case",),
    "court.account_taken": ("case",),
    "court.step_taken": ("case",),
    "charging.decided": ("case",),
    "verdict.order_made": ("case",),
    "verdict.appeal_lodged": ("case",),
    "victim_request.asked": ("case",),
    "reporting.duty_arose": ("case",),
    "justice.arrest_made": ("case",),
    "justice.charge_brought": ("case",),
    "justice.notice_served": ("case",),
    "justice.result_recorded": ("case",),
    "notice.breached": ("notice",),
    "support.contact_made": ("case",),
    "support.way_checked": ("case",),
    "support.note_written": ("case",),
    "family.told": ("case",),
    "family.promised": ("case",),
    "family.invited": ("case",),
    "family.asked": ("case",),
    "family.member_named": ("case",),
    "family.care_told": ("case",),
    "family.engagement_told": ("case",),
    "family.relation_assessed": ("case",),
    "family.at_risk_named": ("case",),
    "person.ethnicity_told": ("person",),
    "family.ethnicity_told": ("case",),
    "person.nationality_told": ("person",),
    "identifier.told": ("person",),
    "identifier.withdrawn": ("person",),
    "identifier.opened": ("person",),
    "need.told": ("case",),
    "threat.told": ("case",),
    "family.moved": ("case",),
    "waiting.told": ("case",),
    "marac.referred": ("case",),
    "publication.noted": ("case",),
    "press.checked": ("case",),
    "exploitation.assessed": ("case",),
    "parent.risk_noted": ("case",),
    "danger.flagged": ("case",),
    "health.noted": ("case",),
    "placement.made": ("case",),
    "placement.ended": ("case",),
    "compartment.opened": ("case",),
    "compartment.closed": ("case",),
    "alert.answered": ("case",),
    "alert.rang": ("case",),
    "missing.pattern_judged": ("case", "other"),
    "missing.plan_written": ("case",),
    "material.reviewed": ("case",),
    "schedule.made": ("case",),
    "proposal.made": ("item",),
    "proposal.confirmed": ("item",),
    "proposal.refused": ("item",),
    "hold.placed": ("item",),
    "hold.lifted": ("item",),
    "restriction.placed": ("item",),
    "restriction.lifted": ("item",),
    "restriction.requested": ("item",),
    "restriction.refused": ("item",),
    "review.decided": ("item",),
    "due.answered": ("item",),
    "erasure.proposed": ("subjects",),
    "authority.given": ("case",),
    "meeting.item_added": ("meeting",),
    "meeting.decided": ("meeting",),
    "meeting.board_kept": ("meeting",),
}
#: What an event names besides: the recorder must see that, too.
NAMES: dict[str, tuple[str, ...]] = {
    "observation.refiled": ("case",),
    "roots.joined": ("a", "b"),
    "roots.parted": ("a", "b"),
    "evidence.gathered": ("observations",),
    "report.corroboration_judged": ("observations",),
    "court.hearing_set": ("person",),
    "court.bail_set": ("person",),
    "court.plea_entered": ("person",),
    "family.member_named": ("person",),
    "family.care_told": ("person",),
    "family.engagement_told": ("person",),
    "family.relation_assessed": ("person",),
    "family.at_risk_named": ("person",),
    "person.ethnicity_told": ("person",),
    "family.ethnicity_told": ("person",),
    "person.nationality_told": ("person",),
    "identifier.told": ("person",),
    "identifier.withdrawn": ("person",),
    "identifier.opened": ("person",),
    "parent.risk_noted": ("person",),
    "family.at_risk_decided": ("opened",),
    "offer.made": ("person", "link"),
    "chart.saved": ("focus", "also", "hidden", "opened", "pinned"),
    "chart.noted": ("of",),
    "charging.decided": ("person",),
    "verdict.order_made": ("person",),
    "verdict.appeal_lodged": ("person",),
    "justice.arrest_made": ("person",),
    "justice.charge_brought": ("person",),
    "justice.notice_served": ("person", "child"),
    "justice.result_recorded": ("person",),
    "notice.service_told": ("photograph", "statement"),
    "notice.breached": ("item",),
    "source.status_review_due": ("suspect", "observation"),
    "authority.given": ("case",),
    "referral.considered": ("suspect", "child"),
    "due.acknowledged": ("item",),
    "disclosure.made": ("items",),
    "request.received": ("subject",),
    "request.item_decided": ("item",),
    "complaint.received": ("subject",),
    "material.reviewed": ("item",),
    "victim_request.decided": ("items",),
    "meeting.item_added": ("case", "about"),
    "meeting.decided": ("case", "about"),
    "meeting.board_kept": ("case", "shown"),
    "meeting.result_told": ("became",),
}


#: What may be about something that is no item of the record, a file that came in or a colleague's
#: address: whose that is the command decides (`commands.erasure_reach`).
BY_ITSELF = frozenset({"erasure.proposed"})


def require_all(reader: Reader, events: tuple[Event, ...]) -> None:
    """Raises Denied for an event that none of the reader's roles records; what is part of another
    one, recorded with it, needs no role of its own."""
    names = {event.stored.name for event in events}
    for event in events:
        if SAID_WITH.get(event.stored.name) not in names:
            _require(reader, takes(event), event.stored.name)


def takes(event: Event) -> tuple[Act, ...]:
    """The acts of which one records this event; of a proposal and its confirmation, those of what
    it becomes; of a restriction that somebody asks for, those of who decides about that."""
    match event:
        case RestrictionPlaced() if event.ground in CLAIMED:
            return TAKES["restriction.refused"]
        case ProposalMade():
            return TAKES[PROPOSES[event.what]]
        case ProposalConfirmed():
            return CONFIRMS[event.what]
        case ProposalRefused():  # by a confirmer, or taken back by the proposer
            return (*CONFIRMS[event.what], *TAKES[PROPOSES[event.what]])
    return TAKES.get(event.stored.name, ())


def require_command(reader: Reader, command: str) -> None:
    """Raises Denied for a command whose event none of the reader's roles records."""
    if name := COMMANDS.get(command):
        require_one(reader, name)


def require_one(reader: Reader, name: str) -> None:
    """As `require_all`, for an event by its stored name, before it is known what it will say."""
    _require(reader, TAKES.get(name, ()), name)


def _require(reader: Reader, acts: tuple[Act, ...], name: str) -> None:
    if reader.closed and not any(decide(reader, act).allowed for act in acts):
        raise Denied(f"your role does not {SAID[acts[0]] if acts else f'record {name}'}")


def may_touch(db: DecisionDb, reader: Reader, command: str, item: UUID) -> bool:
    """Whether one of the acts that a command takes reaches what it is about, where that is an item
    by itself."""
    held = things(db, [item]).get(item, [])
    acts = TAKES.get(COMMANDS.get(command, ""), ())
    return not held or any(allowed(reader, act, held) for act in acts)


def to_check(reader: Reader, facts: Sequence[Fact]) -> list[Fact]:
    """Those facts that may touch or name what is not the reader's. Words that come in are none of
    them, unless they name what led to them: recording waits for no view."""
    if not reader.closed:
        return []
    return [
        fact
        for fact, part in zip(facts, _parts(facts), strict=True)
        if fact.header.because_of or not (part or _anybodys(fact.event))
    ]


def _parts(facts: Sequence[Fact]) -> list[bool]:
    """Of each fact, whether it is part of another one that is recorded of the same with it."""
    together = {(fact.originator_id, fact.event.stored.name) for fact in facts}
    return [
        (fact.originator_id, SAID_WITH.get(fact.event.stored.name)) in together for fact in facts
    ]


def _anybodys(event: Event) -> bool:
    name = event.stored.name
    return name not in NAMES and not EVERYBODY.keys().isdisjoint(TAKES.get(name, ()))


def require_reach(db: DecisionDb, reader: Reader, facts: Sequence[Fact]) -> None:
    """Raises Hidden, in the words for what does not exist, where none of the acts that an event
    takes reaches what it is recorded of, or where it names what the reader does not see."""
    streams = {fact.originator_id for fact in facts}
    about = {one for fact in facts for one in _ids(fact.event, ABOUT)}
    known = things(db, streams | about)
    for fact, part in zip(facts, _parts(facts), strict=True):
        if part:
            continue
        acts = takes(fact.event)
        own = {fact.originator_id} & known.keys()  # else it is new, or no item by itself
        for one in (*own, *_ids(fact.event, ABOUT)):
            if one not in known and fact.event.stored.name in BY_ITSELF:
                continue
            if not any(allowed(reader, act, known.get(one, ())) for act in acts):
                raise not_there("item", str(one))
    named = {one for fact in facts for one in (*_ids(fact.event, NAMES), *_causes(fact))}
    if hidden := named - seen(db, reader, named) - streams:
        raise not_there("item", str(min(hidden)))


def _ids(event: Event, fields: dict[str, tuple[str, ...]]) -> Iterator[UUID]:
    for name in fields.get(event.stored.name, ()):
        value = getattr(event, name)
        yield from value if isinstance(value, Collection) else [value] if value else []


def _causes(fact: Fact) -> Iterator[UUID]:
    """What led to it, as told."""
    for ref in fact.header.because_of:
        with suppress(ValueError):  # "none-known" names nothing
            yield UUID(ref.partition(":")[0])
