"""Decisions that need two people: closing a case, an exit, a lower rating, lowering an urgency that
a person set, no further action, lifting a hold, withdrawing an item on which others are based,
ending a suspect's category, and revoking a link or an identity judgement on which a warning
depends.

If a command raises TakesTwo, because one person may not decide alone, it becomes a proposal here.
The second person, who confirms or refuses it, needs another active account that sees the case and
has the role. On a store without accounts, another name is enough.

The file is long because every decision that needs two people is confirmed here.
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
from commands.families.open_matters import list_open_matters
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
from projections.intelligence.waiting_for_second import ProposalRow
from projections.intelligence.waiting_for_second import list_proposals as all_waiting
from projections.kernel.database import Db
from projections.people_and_teams import accounts

#: Decisions that end the work with a child. The proposal lists the open matters of the case; if
#: there are any, the proposer or the confirmer has to be a supervisor or DCI.
ENDING: tuple[What, ...] = ("close", "exit")
#: Proposed decisions that are not about a case, each with the kind of item that it is about.
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
    """Propose to close a case; the proposal lists its open matters."""
    command_id = command_id or desk.new_random_id()
    body = [case, reason, *([tuple(because_of)] if because_of else [])]
    if again := desk.repeated(command_id, "case.close", body):
        return again
    found_item = item_references.resolve_case(desk, reader, case)
    require_command(reader, "case.close")
    state, _ = desk.current_state(reader, found_item, Case(), referral.evolve)
    referral.require_closable(state, reason)
    made = made_by(reader, "close", found_item, reason, open=list_open_matters(desk, found_item))
    digest = desk.digest("case.close", body)
    return propose(
        desk,
        reader,
        found_item,
        made,
        lambda told: Submission(command_id, digest, told),
        because_of,
    )


def confirm(
    desk: Desk,
    reader: Reader,
    named: UUID | str,
    action: What,
    *,
    reason: str | None = None,
    command_id: UUID | None = None,
) -> Receipt:
    """Confirm another person's proposal about a case, a held item or a log entry. All checks are
    made again, and the decision is recorded with the confirmation.

    Raises Refused if the reader made the proposal, if it is confirmed already, if the proposer
    would no longer be allowed to make it, or if the case has changed since. Raises Denied and
    Hidden like every command.
    """
    command_id = command_id or desk.new_random_id()
    body = [str(named), action, reason]
    former = partial(_former_body, desk, reader, named, action, reason)
    if again := desk.repeated(command_id, "proposal.confirm", body, former=former):
        return again
    item = _resolve_item(desk, reader, named, action)
    stream, made, proposed = _pending(desk, reader, item, action)
    reason = (reason or "").strip() or None
    now_open = list_open_matters(desk, item) if action in ENDING else ()
    state, version = desk.fold(stream, PendingProposals(), two_person.evolve)
    events = two_person.confirm(state, action, by=reader.name, reason=reason, open_now=now_open)
    agreed = facts(reader, stream, version, events)
    with desk.deciding() as db:
        require_reach(db, reader, agreed)
        _require_proposer_may(desk, db, made)
    # both people's rights were checked above, so recording the decision does not check them again
    either = structs.replace(reader, closed=False)
    became = _decision_events(desk, reader, made, now_open, reason)
    causes = proposed.because_of
    digest = desk.digest("proposal.confirm", body)
    if made.ended:  # record the decision in each merged record of the person
        category, why = made.ended.category, made.ended.reason
        new_facts = agreed + entity.ending_facts(
            desk, either, item, category, why, causes, behind=len(events)
        )
    elif made.judged or made.parted:  # record the decision in the stream of each judged pair
        new_facts = agreed + identity.confirmed_facts(desk, either, made)
    elif action == "no-further-action":
        # the decision has a stream of its own, which the receipt names
        new_facts = facts(either, uuid5(item, proposed.ref), 0, became, causes) + agreed
    else:
        new_facts = agreed + facts(either, stream, version + len(events), became, causes)
    submission = Submission(command_id, digest, new_facts)
    return desk.save([Prepared(item, {"evidence": submission}, either)])[0]


def refuse(
    desk: Desk,
    reader: Reader,
    named: UUID | str,
    action: What,
    reason: str,
    *,
    command_id: UUID | None = None,
) -> Receipt:
    """Refuse another person's proposal, or withdraw the reader's own; nothing changes."""
    command_id = command_id or desk.new_random_id()
    body = [str(named), action, reason]
    former = partial(_former_body, desk, reader, named, action, reason)
    if again := desk.repeated(command_id, "proposal.refuse", body, former=former):
        return again
    item = _resolve_item(desk, reader, named, action)
    stream, made, _ = _pending(desk, reader, item, action)
    state, version = desk.fold(stream, PendingProposals(), two_person.evolve)
    events = two_person.refuse(state, action, reason)
    if action == "withdraw-words":
        events = (*events, *withdrawal.refused_events(desk, made))
    new_facts = facts(reader, stream, version, events)
    if not forms.same_person(made.by, reader.name):
        with desk.deciding() as db:
            _require_any(db, reader, CONFIRMS[action], item)
    submission = Submission(command_id, desk.digest("proposal.refuse", body), new_facts)
    return desk.save([Prepared(item, {"evidence": submission}, reader)])[0]


def last_proposed(desk: Desk, reader: Reader, named: UUID | str, whats: Sequence[What]) -> What:
    """Return that one of the decisions `whats` which was last proposed about the named item; the
    first of `whats` if none was proposed. Raises what `commands.kernel.item_references.about`
    raises.
    """
    if len(whats) == 1:
        return whats[0]
    kinds = {kind for decision in whats for kind in _KINDS.get(decision, ("case",))}
    item = item_references.about(desk, reader, named, *sorted(kinds))
    made = (fact.event for fact in reversed(desk.logs["evidence"].history(item)))
    decisions = (
        event.what for event in made if isinstance(event, ProposalMade) and event.what in whats
    )
    return next(decisions, whats[0])


def _resolve_item(desk: Desk, reader: Reader, named: UUID | str, action: What) -> UUID:
    """Return the item that a proposed decision is about: a case, an item under a legal hold, or a
    log entry. `named` is the item's name or id. Raises what `commands.kernel.item_references.about`
    raises.
    """
    if action == "lift-hold":
        return legal_hold.find_hold(desk, reader, legal_hold.item_or_hold(desk, reader, named))
    return item_references.about(desk, reader, named, *_KINDS.get(action, ("case",)))


def _former_body(
    desk: Desk, reader: Reader, named: UUID | str, action: What, reason: str | None
) -> list[str | None]:
    """Return the input of a command that confirms or refuses a proposal, as older releases hashed
    it: with the item's id in place of its name.
    """
    return [str(_resolve_item(desk, reader, named, action)), action, reason]


def _pending(
    desk: Desk, reader: Reader, item: UUID, action: What
) -> tuple[UUID, ProposalMade, Recorded]:
    """Return a pending proposal of this kind: its stream, the proposal, and the fact that recorded
    it. Raises Hidden if the reader may neither confirm nor withdraw it, with the same message as
    for an item that does not exist.
    """
    require_command(reader, "proposal.refuse")
    acts = (*CONFIRMS[action], *acts_of(PROPOSES[action]))
    with desk.deciding() as db:
        _require_any(db, reader, acts, item)
    former = action == "lift-hold" and not legal_hold.is_hold(desk, item)
    stream = retention.retention_stream(item) if former else item
    state, _ = desk.fold(stream, PendingProposals(), two_person.evolve)
    # a hidden item gets the same message as an item that does not exist
    if action not in state.proposals:
        with desk.deciding() as db:
            scope.require_visible(db, reader, [item], "item")
    made = two_person.require_waiting(state, action)
    history = desk.logs["evidence"].history(stream)
    fact = next(fact for fact in reversed(history) if _is(fact.event, action))
    return stream, made, fact


def _is(event: Event, action: What) -> bool:
    return isinstance(event, ProposalMade) and event.what == action


def _require_any(db: Db, reader: Reader, acts: Sequence[Act], item: UUID) -> None:
    if reader.closed and not any(scope.reached(db, reader, act, [item]) for act in acts):
        scope.require_may(db, reader, acts[0], item, "item")


def _require_proposer_may(desk: Desk, db: Db, made: ProposalMade) -> None:
    """Raise Refused if the proposer no longer has a live account with the role for this
    proposal.
    """
    label = Reader(made.by, "", "")
    proposer = accounts.reader(db, label, desk.clock())
    acts = acts_of(PROPOSES[made.what])
    # a worker no longer sees an entry that was removed from the family, so only the right is
    # checked
    if made.what == "withdraw-words" and any(decide(proposer, act).allowed for act in acts):
        return
    if proposer.closed and not any(scope.reached(db, proposer, act, [made.item]) for act in acts):
        raise Refused(
            f"{made.by} made this proposal, but no longer has the access that it needs: refuse "
            "the proposal, and propose it again if it is still right"
        )


def _decision_events(
    desk: Desk,
    reader: Reader,
    made: ProposalMade,
    still: Sequence[Matter],
    reason: str | None,
) -> tuple[Event, ...]:
    """Return the events of a proposed decision that a second person confirms. The domain rule
    decides again, from the present state of the item. For decisions whose events are in other
    streams, return ().
    """
    if made.hold:
        retention_state, _ = desk.fold(
            retention.retention_stream(made.item), RetentionState(), retention.evolve
        )
        lifted = made.hold
        return retention.lift_hold(
            retention_state, made.item, lifted.ground, lifted.reason, agreed=True
        )
    if made.what == "lift-hold":
        hold, _ = desk.fold(made.item, Hold(), holds.evolve)
        return holds.end(hold, made.reason, agreed=True)
    if made.withdrawal:
        if not reader.assessor:
            raise Denied("only an assessor can confirm the withdrawal of a log entry")
        return withdrawal.confirmed_events(desk, made)
    if made.ended or made.judged or made.parted:
        return ()  # the events of this decision are in other streams
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
        # The result names all who decided: the people recorded before, the proposer and the
        # confirmer.
        for decider in (*made.result.decided_by, made.by, reader.name):
            if not any(forms.same_person(decider, text) for text in named):
                named.append(decider)
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
            raise Denied(
                "overriding the rule against a low rating needs a supervisor or DCI: neither "
                "you nor the person who proposed the rating is a supervisor or DCI now"
            )
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
    """Return the name and the reason of the supervisor or DCI, who is the proposer or the
    confirmer, and takes responsibility for closing a case with open matters. Return (None, None) if
    no matters are open.

    Raises Denied if neither of the two is a supervisor or DCI, and Refused if the confirming one
    gives no reason.
    """
    if not still:
        return None, None
    listed, seniors = two_person.describe_matters(still), _seniors(desk, reader, made)
    if reader.closed and not seniors:
        raise Denied(
            f"this case still has open matters: {listed}. A supervisor or DCI has to propose or "
            "confirm this decision"
        )
    if made.by in seniors:
        return made.by, made.reason
    if reason is None:
        raise Refused(
            f"this case still has open matters: {listed}. Say why {_DONE[made.what]} "
            "nevertheless (--reason)"
        )
    return reader.name, reason


def _seniors(desk: Desk, reader: Reader, made: ProposalMade) -> list[str]:
    """Return those of the proposer and the confirmer who are supervisors or DCIs of the item at
    this moment.
    """
    with desk.deciding() as db:
        proposer = accounts.reader(db, Reader(made.by, "", ""), desk.clock())
        return [
            senior.name
            for senior in (reader, proposer)
            if senior.closed and scope.reached(db, senior, "oversee", [made.item])
        ]


def list_waiting(desk: Desk, reader: Reader, *, own: bool = True) -> list[ProposalRow]:
    """Return the proposed decisions that the reader may confirm; with `own`, also the reader's own
    proposals, which they may withdraw.
    """
    with desk.asking() as db:
        rows = all_waiting(db, reader)
        return [
            row
            for row in rows
            if (own and forms.same_person(row.by, reader.name)) or may_confirm(db, reader, row)
        ]


def may_confirm(db: Db, reader: Reader, row: ProposalRow) -> bool:
    """Return whether the reader may confirm this proposal: another person made it, and the reader's
    role allows it.
    """
    if forms.same_person(row.by, reader.name):
        return False
    acts = CONFIRMS[row.what]
    return not reader.closed or any(scope.reached(db, reader, act, [row.item]) for act in acts)
