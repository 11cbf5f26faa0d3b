"""Actions that need two people: one proposes, another confirms or refuses in a session of their
own.

An action that lessens a child's protection, or destroys data, is first a proposal in its own
stream; the proposal holds the event that a confirmation records. An action that raises protection
never waits for a second person. (In Rotherham, one person suppressed reports.)
"""

from collections.abc import Iterable
from typing import Annotated, ClassVar
from uuid import UUID

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from domain import forms
from domain.data_protection.retention import HoldLifted
from domain.families.referral import ExitAssessed, ThresholdAssessed
from domain.information.observation import ObservationWithdrawn
from domain.intelligence.entity import ClassificationEnded, PersonClassified
from domain.intelligence.identity import IdentityJudged, IdentityRevoked
from domain.intelligence.intelligence_report import ReportWithdrawn
from domain.intelligence.link import LinkRetracted
from domain.justice.arrest_to_result import ResultRecorded
from domain.justice.evidence import EvidenceExcluded, EvidenceWithdrawn
from domain.kernel.codes import What
from domain.kernel.deadline_effects import Begins, Ends
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import ABOUT, CODE, NOT_REACHED, WRITTEN
from domain.kernel.values import Matter, Refused

#: The words for each action, which follow "proposed:".
SAID: dict[What, str] = {
    "close": "closing the case",
    "exit": "that the child has left harm's way",
    "lower-rating": "a lower rating",
    "lower-urgency": "a lower urgency",
    "no-further-action": "no further action",
    "lift-hold": "lifting a hold",
    "withdraw-words": "withdrawing a log entry",
    "end-category": "ending the category that makes a person a suspect",
    "clear-person": "clearing a suspect",
    "retract-link": "retracting a link on which a warning is based",
    "withdraw-report": "withdrawing a report on which other records are based",
    "withdraw-exhibit": "withdrawing or excluding evidence on which a link is based",
    "judge-identity": "a judgement of identity that ends a warning",
}


class ProposalMade(Event, frozen=True):
    """A person proposed an action that needs two people. `item` is the item that the action
    concerns, for example a case, a person, a report or a log entry. `open` are the open matters of
    the case at the time of the proposal.

    The event that is recorded after a confirmation is in one of the fields for events. Only a
    proposal to close a case has no such event.
    """

    stored: ClassVar = Stored(
        "proposal.made",
        "evidence",
        "record",
        (
            *("reason", "exit", "rating", "result", "hold", "withdrawal", "ended", "retracted"),
            *("cleared", "report", "evidence", "excluded", "judged", "parted"),
        ),
    )
    meaning: ClassVar = Meaning(
        (
            "close",
            "work",
            "rate",
            "outcome",
            "erase",
            "name",
            "link",
            "assess",
            "refer",
            "sanitise",
            "evidence",
            "judge",
        ),
        commands=("proposal.make",),
        proposes=True,
        deadlines=(Begins("proposal", of="item", by="another", key="what"),),
    )
    what: What
    by: Annotated[str, CODE]
    item: Annotated[UUID, ABOUT, NOT_REACHED]
    reason: Annotated[str, WRITTEN]
    open: tuple[Matter, ...] = ()
    exit: ExitAssessed | None = None
    rating: ThresholdAssessed | None = None
    result: ResultRecorded | None = None
    hold: HoldLifted | None = None
    withdrawal: ObservationWithdrawn | None = None
    ended: ClassificationEnded | None = None
    retracted: LinkRetracted | None = None
    cleared: PersonClassified | None = None
    report: ReportWithdrawn | None = None
    evidence: EvidenceWithdrawn | None = None
    excluded: EvidenceExcluded | None = None
    judged: IdentityJudged | None = None
    parted: IdentityRevoked | None = None


class ProposalDecided(Event, frozen=True):
    """A proposed action was confirmed or refused: the action waits no longer."""

    what: What
    item: Annotated[UUID, ABOUT, NOT_REACHED]


class ProposalConfirmed(ProposalDecided, frozen=True):
    """A second person confirmed a proposed action, which is recorded in the same transaction.
    `reason` is the second person's reason, if they had to give one.
    """

    stored: ClassVar = Stored("proposal.confirmed", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(
        ("confirm", "oversee", "outcome", "erase", "approve-erasure", "assess"),
        commands=("proposal.confirm",),
        deadlines=(Ends("proposal", of="item", key="what"),),
    )
    reason: Annotated[str | None, WRITTEN] = None


class ProposalRefused(ProposalDecided, frozen=True):
    """A second person refused a proposed action, or the proposer withdrew it; nothing changed."""

    stored: ClassVar = Stored("proposal.refused", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(
        (
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
            "refer",
            "sanitise",
            "evidence",
            "judge",
        ),
        commands=("proposal.refuse",),
        deadlines=(Ends("proposal", of="item", key="what"),),
    )
    reason: Annotated[str, WRITTEN]


EVENTS = (ProposalMade, ProposalConfirmed, ProposalRefused)


class PendingProposals(Struct, frozen=True):
    """The proposed actions about one item that wait for a second person, and the reasons why other
    proposals no longer apply.
    """

    proposals: dict[What, ProposalMade] = field(default_factory=dict)
    overtaken: dict[What, str] = field(default_factory=dict)


def _without(state: PendingProposals, action: What) -> PendingProposals:
    return PendingProposals(
        {
            proposed_action: made
            for proposed_action, made in state.proposals.items()
            if proposed_action != action
        },
        {
            proposed_action: why
            for proposed_action, why in state.overtaken.items()
            if proposed_action != action
        },
    )


def evolve(state: PendingProposals, event: Event) -> PendingProposals:
    match event:
        case ProposalMade():
            proposals = _without(state, event.what)
            return replace(proposals, proposals=proposals.proposals | {event.what: event})
        case ProposalConfirmed() | ProposalRefused():
            return _without(state, event.what)
    if why := event.meaning.overtakes:
        now: dict[What, str] = {
            proposal: why for proposal in state.proposals if proposal != "no-further-action"
        }
        return replace(state, overtaken=now | state.overtaken)
    return state


def _reasoned(reason: str, act: str) -> None:
    if not reason.strip():
        raise Refused(f"give the reason for {act}", field="reason")


def propose(state: PendingProposals, made: ProposalMade) -> tuple[Event, ...]:
    """Record the proposal of an action that needs two people. Raises Refused if there is no reason,
    and if the same action is already proposed.
    """
    _reasoned(made.reason, f"proposing {SAID[made.what]}")
    before = state.proposals.get(made.what)
    if before and made.what not in state.overtaken:
        raise Refused(
            f"{before.by} proposed {SAID[made.what]} already: a second person has to confirm it"
        )
    return (made,)


def require_waiting(state: PendingProposals, action: What) -> ProposalMade:
    """Return the open proposal of this kind. Raises Refused if there is no such proposal."""
    made = state.proposals.get(action)
    if made is None:
        raise Refused(
            f"{SAID[action]} is not proposed for this item, or the proposal is decided already"
        )
    return made


def confirm(
    state: PendingProposals,
    action: What,
    *,
    by: str,
    reason: str | None,
    open_now: Iterable[Matter] = (),
) -> tuple[Event, ...]:
    """Confirm a proposed action as the second person. Raises Refused if the confirming person is
    the proposer, in any spelling of the name; if a later fact puts the proposal in doubt; and if a
    matter of the case is open now that was not open at the time of the proposal.
    """
    made = require_waiting(state, action)
    if forms.same_person(made.by, by):
        raise Refused(
            f"{SAID[action]} takes two people: {made.by} proposed it, and another person has "
            "to confirm it"
        )
    again = "look at the case, refuse the proposal, and make a new one if it still fits"
    if why := state.overtaken.get(action):
        raise Refused(f"since the proposal was made {why}: {again}")
    if new := sorted(set(open_now) - set(made.open)):
        raise Refused(
            f"since the proposal was made, these were recorded: {describe_matters(new)}; {again}"
        )
    return (ProposalConfirmed(action, made.item, reason),)


def refuse(state: PendingProposals, action: What, reason: str) -> tuple[Event, ...]:
    """Refuse a proposed action, or withdraw the user's own proposal."""
    made = require_waiting(state, action)
    _reasoned(reason, "refusing the proposal")
    return (ProposalRefused(action, made.item, reason),)


_OPEN: dict[str, tuple[str, str]] = {
    "suspect": ("open suspect", "open suspects"),
    "alert": ("unanswered alert", "unanswered alerts"),
    "words": ("unassessed entry", "unassessed entries"),
    "missing": ("missing child", "missing children"),
    "threat": ("unanswered threat", "unanswered threats"),
    "hearing": ("hearing without an outcome", "hearings without an outcome"),
    "at-risk": ("undecided child at risk", "undecided children at risk"),
}


def describe_matters(matters: Iterable[Matter]) -> str:
    """Return the open matters of a case, counted, in words: "2 open suspects, 1 missing child"."""
    kinds: list[str] = [matter.kind for matter in matters]
    counts = [(kinds.count(kind), names) for kind, names in _OPEN.items()]
    return ", ".join(f"{many} {names[many > 1]}" for many, names in counts if many)


def becomes(made: ProposalMade) -> msgspec.Struct | None:
    """Return the event that is recorded if this proposal is confirmed; None for closing a case,
    because that event is made when the closing is confirmed.
    """
    either = made.exit or made.rating or made.result or made.hold or made.withdrawal
    event = made.ended or made.retracted or made.cleared or made.report or made.evidence
    return either or event or made.excluded or made.judged or made.parted
