"""What takes two people: closing, an exit, a lower rating, an urgency that a person gave, no
further action, lifting a hold, withdrawing what something rests on, ending what makes a suspect,
and taking back a link or a judgement on which a warning rests.

A command of one person that raises TakesTwo becomes a proposal here; another live account that sees
the case, and has the role, confirms or refuses it. On a store without accounts: another name.

Long because every act that takes two people is confirmed here.
"""

from collections.abc import Sequence
from functools import partial
from typing import get_args
from uuid import UUID, uuid5

from msgspec import structs

from access.who_may import scope
from access.who_may.decide import decide
from access.who_may.event_rules import CONFIRMS, PROPOSES, acts_of, require_command, require_reach
from commands.erasure import legal_hold
from commands.families import child
from commands.families.open_matters import still_open
from commands.information import withdrawal
from commands.intelligence import identity
from commands.kernel import entity, item_references
from commands.kernel.proposing import made_by, propose
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Desk, Receipt, facts
from domain import forms
from domain.data_protection import legal_hold as holds
from domain.data_protection import retention
from domain.data_protection.legal_hold import Hold
from domain.data_protection.retention import RetentionState
from domain.families import referral
from domain.families.referral import Case
from domain.information import observation
from domain.information.observation import Observation
from domain.intelligence import entity as entities
from domain.intelligence import intelligence_report, link
from domain.intelligence.entity import Entity
from domain.intelligence.intelligence_report import Report
from domain.intelligence.link import Link
from domain.justice import arrest_to_result, evidence
from domain.justice.evidence import Evidence
from domain.kernel.acts import Act
from domain.kernel.codes import EvidenceKind, EvidenceStatus, What
from domain.kernel.envelope import Event, Recorded, Submission
from domain.kernel.values import ENTITY_KINDS, Denied, Matter, Reader, Refused
from domain.people_and_teams import two_person
from domain.people_and_teams.two_person import PendingProposals, ProposalMade
from projections.families import cases
from projections.intelligence.waiting_for_second import ProposalRow
from projections.intelligence.waiting_for_second import waiting as all_waiting
from projections.kernel.database import Db
from projections.people_and_teams import accounts

#: What ends the work with a child: what is still open in the case is named, and needs a senior.
ENDING: tuple[What, ...] = ("close", "exit")
#: What a proposal is about, where that is no case.
_KINDS: dict[What, tuple[str, ...]] = {
    "withdraw-words": ("observation",),
    "lower-urgency": ("observation",),
    "end-category": ("person",),
    "clear-person": ("person",),
    "retract-link": ("link",),
    "withdraw-report": ("report",),
    "withdraw-exhibit": get_args(EvidenceKind),
    "judge-identity": ENTITY_KINDS,
}
_DONE: dict[What, str] = {"close": "it is closed", "exit": "the child is out of harm's way"}


def close(
    desk: Desk,
    reader: Reader,
    case: str,
    reason: str,
    *,
    command_id: UUID | None = None,
    because_of: Sequence[str] = (),
) -> Receipt:
    """Propose to close a case; what is still open stands in the proposal."""
    command_id = command_id or desk.new_random_id()
    body = [case, reason, *([tuple(because_of)] if because_of else [])]
    if again := desk.repeated(command_id, "case.close", body):
        return again
    with desk.deciding() as db:
        found = cases.named(db, reader, case)
    require_command(reader, "case.close")
    state, _ = desk.standing(reader, found, Case(), referral.evolve)
    referral.closable(state, reason)
    made = made_by(reader, "close", found, reason, open=still_open(desk, found))
    digest = desk.digest("case.close", body)
    return propose(
        desk,
        reader,
        found,
        made,
        lambda told: Submission(command_id, digest, told),
        because_of,
    )


def confirm(
    desk: Desk,
    reader: Reader,
    named: UUID | str,
    what: What,
    *,
    reason: str | None = None,
    command_id: UUID | None = None,
) -> Receipt:
    """Confirm what somebody else proposed about a case, what is held or some words: it is recorded
    with the confirmation, and all that was checked then is checked again.

    Raises Refused for the proposer, for a second confirmation, where the proposer may no longer
    propose it, and where the case has changed since; Denied and Hidden as every command.
    """
    command_id = command_id or desk.new_random_id()
    body = [str(named), what, reason]
    former = partial(_by_id, desk, reader, named, what, reason)
    if again := desk.repeated(command_id, "proposal.confirm", body, former=former):
        return again
    item = _meant(desk, reader, named, what)
    stream, made, proposed = _standing(desk, reader, item, what)
    reason = (reason or "").strip() or None
    now_open = still_open(desk, item) if what in ENDING else ()
    state, version = desk.fold(stream, PendingProposals(), two_person.evolve)
    events = two_person.confirm(state, what, by=reader.name, reason=reason, open_now=now_open)
    agreed = facts(reader, stream, version, events)
    with desk.deciding() as db:
        require_reach(db, reader, agreed)
        _still_may(desk, db, made)
    # Two people decided, so either's rights suffice for what it becomes.
    either = structs.replace(reader, closed=False)
    became = _becomes(desk, reader, made, now_open, reason)
    causes = proposed.because_of
    digest = desk.digest("proposal.confirm", body)
    if made.ended:  # under each id that was judged to be the same person
        category, why = made.ended.category, made.ended.reason
        told = agreed + entity.ended(desk, either, item, category, why, causes, behind=len(events))
    elif made.judged or made.parted:  # in the streams of the pairs
        told = agreed + identity.agreed(desk, either, made)
    elif what == "no-further-action":  # a stream of its own, and what the receipt names
        told = facts(either, uuid5(item, proposed.ref), 0, became, causes) + agreed
    else:
        told = agreed + facts(either, stream, version + len(events), became, causes)
    submission = Submission(command_id, digest, told)
    return desk.save([Prepared(item, {"evidence": submission}, either)])[0]


def refuse(
    desk: Desk,
    reader: Reader,
    named: UUID | str,
    what: What,
    reason: str,
    *,
    command_id: UUID | None = None,
) -> Receipt:
    """Refuse what somebody proposed, or take back what one proposed oneself; nothing changed."""
    command_id = command_id or desk.new_random_id()
    body = [str(named), what, reason]
    former = partial(_by_id, desk, reader, named, what, reason)
    if again := desk.repeated(command_id, "proposal.refuse", body, former=former):
        return again
    item = _meant(desk, reader, named, what)
    stream, made, _ = _standing(desk, reader, item, what)
    state, version = desk.fold(stream, PendingProposals(), two_person.evolve)
    events = two_person.refuse(state, what, reason)
    if what == "withdraw-words":
        events = (*events, *withdrawal.refused(desk, made))
    told = facts(reader, stream, version, events)
    if not forms.same_person(made.by, reader.name):
        with desk.deciding() as db:
            _require_any(db, reader, CONFIRMS[what], item)
    submission = Submission(command_id, desk.digest("proposal.refuse", body), told)
    return desk.save([Prepared(item, {"evidence": submission}, reader)])[0]


def last_of(desk: Desk, reader: Reader, named: UUID | str, whats: Sequence[What]) -> What:
    """Return which of these was proposed last about what somebody names; the first one where none
    was. Raises as `about`."""
    if len(whats) == 1:
        return whats[0]
    kinds = {kind for what in whats for kind in _KINDS.get(what, ("case",))}
    item = item_references.about(desk, reader, named, *sorted(kinds))
    made = (fact.event for fact in reversed(desk.logs["evidence"].history(item)))
    found = (one.what for one in made if isinstance(one, ProposalMade) and one.what in whats)
    return next(found, whats[0])


def _meant(desk: Desk, reader: Reader, named: UUID | str, what: What) -> UUID:
    """What was proposed about: a case as people name it, what is held, or words. Raises as
    `about`."""
    if what == "lift-hold":
        return legal_hold.meant(desk, reader, item_references.about(desk, reader, named))
    return item_references.about(desk, reader, named, *_KINDS.get(what, ("case",)))


def _by_id(
    desk: Desk, reader: Reader, named: UUID | str, what: What, reason: str | None
) -> list[str | None]:
    """What such a command told before: the id of what was looked up."""
    return [str(_meant(desk, reader, named, what)), what, reason]


def _standing(
    desk: Desk, reader: Reader, item: UUID, what: What
) -> tuple[UUID, ProposalMade, Recorded]:
    """The stream in which it waits, the proposal, and its fact. Raises Hidden, in the words for
    what does not exist, for what is not the reader's to confirm or to take back."""
    require_command(reader, "proposal.refuse")
    acts = (*CONFIRMS[what], *acts_of(PROPOSES[what]))
    with desk.deciding() as db:
        _require_any(db, reader, acts, item)
    former = what == "lift-hold" and not legal_hold.is_hold(desk, item)
    stream = retention.beside(item) if former else item
    state, _ = desk.fold(stream, PendingProposals(), two_person.evolve)
    if what not in state.proposals:  # nothing to decide says nothing of what one does not see
        with desk.deciding() as db:
            scope.require_seen(db, reader, [item], "item")
    made = two_person.waiting(state, what)
    history = desk.logs["evidence"].history(stream)
    fact = next(fact for fact in reversed(history) if _is(fact.event, what))
    return stream, made, fact


def _is(event: Event, what: What) -> bool:
    return isinstance(event, ProposalMade) and event.what == what


def _require_any(db: Db, reader: Reader, acts: Sequence[Act], item: UUID) -> None:
    if reader.closed and not any(scope.reached(db, reader, act, [item]) for act in acts):
        scope.require_may(db, reader, acts[0], item, "item")


def _still_may(desk: Desk, db: Db, made: ProposalMade) -> None:
    """Raises Refused where who proposed it has no live account any more, or not that role."""
    label = Reader(made.by, "", "")
    proposer = accounts.reader(db, label, desk.clock())
    acts = acts_of(PROPOSES[made.what])
    # words that were taken out of a family are no longer reached by those who work with it
    if made.what == "withdraw-words" and any(decide(proposer, act).allowed for act in acts):
        return
    if proposer.closed and not any(scope.reached(db, proposer, act, [made.item]) for act in acts):
        raise Refused(
            f"{made.by}, who proposed it, could not propose it any more: refuse it, and propose it "
            "again if it still holds"
        )


def _becomes(
    desk: Desk,
    reader: Reader,
    made: ProposalMade,
    still: Sequence[Matter],
    reason: str | None,
) -> tuple[Event, ...]:
    """What it becomes, decided again on the case as it stands."""
    if made.hold:
        kept, _ = desk.fold(retention.beside(made.item), RetentionState(), retention.evolve)
        lifted = made.hold
        return retention.lift_hold(kept, made.item, lifted.ground, lifted.reason, agreed=True)
    if made.what == "lift-hold":
        held, _ = desk.fold(made.item, Hold(), holds.evolve)
        return holds.end(held, made.reason, agreed=True)
    if made.withdrawal:
        if not reader.assessor:
            raise Denied("an assessor decides about withdrawing words")
        return withdrawal.agreed(desk, made)
    if made.ended or made.judged or made.parted:
        return ()  # it has facts of other streams
    if made.cleared:
        person, _ = desk.fold(made.item, Entity(), entities.evolve)
        return entities.classify(person, made.cleared.category, made.cleared.grounds)
    if made.report:
        report, _ = desk.fold(made.item, Report(), intelligence_report.evolve)
        return intelligence_report.withdraw(report, made.report.reason)
    if withdrawn := made.evidence or made.excluded:
        exhibit, _ = desk.fold(made.item, Evidence(), evidence.evolve)
        status: EvidenceStatus = "withdrawn" if made.evidence else "excluded"
        return evidence.change_status(exhibit, status, withdrawn.reason)
    if made.retracted:
        tie, _ = desk.fold(made.item, Link(), link.evolve)
        return link.retract(tie, made.retracted.reason, agreed=True)
    if made.result:
        named: list[str] = []
        for one in (*made.result.decided_by, made.by, reader.name):  # these two decided it here
            if not any(forms.same_person(one, other) for other in named):
                named.append(one)
        result = structs.replace(made.result, decided_by=tuple(named))
        return arrest_to_result.record(result, ("agreed",), agreed=True)
    if made.what == "lower-urgency":
        words, _ = desk.fold(made.item, Observation(), observation.evolve)
        assessor = reader.assessor
        return observation.lower_urgency(words, made.reason, assessor=assessor, agreed=True)
    state, _ = desk.fold(made.item, Case(), referral.evolve)
    if made.rating:
        rated = made.rating
        if rated.override and reader.closed and not _seniors(desk, reader, made):
            raise Denied("neither of you is a supervisor or DCI any more: the override needs one")
        return referral.assess_threshold(
            state,
            rated.level,
            rated.definition,
            reason=rated.reason,
            override=rated.override,
            never_low=child.never_low(desk, reader, state.child) if state.child else None,
            agreed=True,
        )
    senior, why = _senior(desk, reader, made, still, reason)
    if made.exit:
        return referral.assess_exit(state, made.exit.outcome, made.exit.reason, agreed=True)
    return referral.close(
        state,
        made.reason,
        proposed_by=made.by,
        open_items=len(still),
        senior=senior,
        senior_reason=why,
    )


def _senior(
    desk: Desk,
    reader: Reader,
    made: ProposalMade,
    still: Sequence[Matter],
    reason: str | None,
) -> tuple[str | None, str | None]:
    """Who of the two is a senior (supervisor, DCI) of this case, with their reason; where something
    is still open. Raises Denied where neither is, Refused where the confirming one gives none."""
    if not still:
        return None, None
    listed, seniors = two_person.listed(still), _seniors(desk, reader, made)
    if reader.closed and not seniors:
        raise Denied(f"still open: {listed}; a supervisor or DCI has to propose or confirm it")
    if made.by in seniors:
        return made.by, made.reason
    if reason is None:
        raise Refused(f"still open: {listed}; say why {_DONE[made.what]} all the same (--reason)")
    return reader.name, reason


def _seniors(desk: Desk, reader: Reader, made: ProposalMade) -> list[str]:
    """Who of the two is a supervisor or DCI of what it is about, at this moment."""
    with desk.deciding() as db:
        proposer = accounts.reader(db, Reader(made.by, "", ""), desk.clock())
        return [
            one.name
            for one in (reader, proposer)
            if one.closed and scope.reached(db, one, "oversee", [made.item])
        ]


def waiting(desk: Desk, reader: Reader, *, own: bool = True) -> list[ProposalRow]:
    """What waits for a second person and is the reader's to confirm; with their `own`, which they
    may take back."""
    with desk.asking() as db:
        rows = all_waiting(db, reader)
        return [
            row
            for row in rows
            if (own and forms.same_person(row.by, reader.name)) or may_confirm(db, reader, row)
        ]


def may_confirm(db: Db, reader: Reader, row: ProposalRow) -> bool:
    """Whether it is this reader's to confirm: somebody else's, and their role's."""
    if forms.same_person(row.by, reader.name):
        return False
    acts = CONFIRMS[row.what]
    return not reader.closed or any(scope.reached(db, reader, act, [row.item]) for act in acts)
