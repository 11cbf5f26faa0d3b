"""Commands for items of evidence, their continuity, and changes of their status."""

from collections.abc import Sequence
from typing import Unpack, get_args
from uuid import UUID

from msgspec import structs, to_builtins

from access.who_may import scope
from commands.justice import inconsistencies
from commands.kernel import item_references
from commands.kernel.declared import FromFields, OnItem, ignoring_desk
from commands.kernel.item_references import resolve_case
from commands.kernel.proposing import made_by
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Command, Desk, Receipt, act_on_named, facts
from domain.justice import evidence
from domain.justice.evidence import (
    Evidence,
    EvidenceExcluded,
    EvidenceGathered,
    EvidenceWithdrawn,
)
from domain.kernel.codes import EvidenceKind, EvidenceStatus
from domain.kernel.envelope import Event, Submission
from domain.kernel.values import Reader, Refused, TakesTwo
from domain.people_and_teams import two_person
from domain.people_and_teams.two_person import PendingProposals
from projections.intelligence import links
from projections.kernel import item_ids

KINDS: tuple[EvidenceKind, ...] = get_args(EvidenceKind)


@FromFields
def gather(
    desk: Desk,
    reader: Reader,
    made: EvidenceGathered,
    *,
    of: Sequence[str] = (),
    case: str | None = None,
    command_id: UUID | None = None,
    because_of: Sequence[str] = (),
) -> Receipt:
    """Record a new item of evidence with the log entries that led to it, which `of` names; `case`
    names the case. Raises Refused if one of the log entries is not recorded.
    """
    command_id = command_id or desk.new_random_id()
    causes = tuple(because_of)
    named = ({"observations": of} if of else {}) | ({"case": case} if case else {})
    body = [to_builtins(made) | named if named else made, causes]
    if again := desk.repeated(
        command_id,
        "evidence.gather",
        body,
        former=lambda: [_with_ids(desk, reader, made, of, case), causes],
    ):
        return again
    item = _with_ids(desk, reader, made, of, case)
    with desk.deciding() as db:
        for observation in item.observations:
            if not any(
                r.kind == "observation" for r in item_ids.resolve(db, reader, str(observation))
            ):
                raise Refused(
                    f"{observation} is not a log entry: give the id of a log entry that led to "
                    "the evidence",
                    field="of",
                )
    stream = desk.new_id()
    gathered = facts(reader, stream, 0, evidence.gather(item), causes)
    submission = Submission(command_id, desk.digest("evidence.gather", body), gathered)
    return desk.save([Prepared(stream, {"evidence": submission}, reader)])[0]


def _with_ids(
    desk: Desk, reader: Reader, item: EvidenceGathered, of: Sequence[str], case: str | None
) -> EvidenceGathered:
    """Return the item of evidence with the ids of the named entries and case. Raises Refused if a
    name is not recorded.
    """
    if of:
        with desk.deciding() as db:
            words = tuple(
                item_references.item(desk, db, reader, text, "observation") for text in of
            )
        item = structs.replace(item, observations=words)
    return structs.replace(item, case=resolve_case(desk, reader, case)) if case else item


def _resolve_evidence(desk: Desk, reader: Reader, item: str) -> UUID:
    """Return the item of evidence with this name or id. Raises Hidden if the reader sees no such
    item."""
    with desk.deciding() as db:
        return item_references.item(desk, db, reader, item, *KINDS)


#: Record the transfer of an item of evidence, for continuity.
transfer = OnItem(_resolve_evidence, Evidence(), evidence.evolve, ignoring_desk(evidence.transfer))


def change_status(
    desk: Desk,
    reader: Reader,
    item: str,
    status: EvidenceStatus,
    reason: str,
    **command: Unpack[Command],
) -> Receipt:
    """Record that an item of evidence was excluded, undermined or withdrawn. If a link has no other
    basis than the item, its exclusion or withdrawal is only proposed, and a second person has to
    confirm it.
    """

    def decided(state: Evidence) -> tuple[Event, ...]:
        exhibit = _resolve_evidence(desk, reader, item)
        with desk.deciding() as db:
            resting = links.list_links_resting_on(db, scope.unlimited(reader), exhibit)
        alone = any(row.exhibit == exhibit and row.grade is None for row in resting)
        try:
            return evidence.change_status(state, status, reason, rests=alone)
        except TakesTwo:
            waiting, _ = desk.fold(exhibit, PendingProposals(), two_person.evolve)
            events = (
                {"excluded": EvidenceExcluded(reason)}
                if status == "excluded"
                else {"evidence": EvidenceWithdrawn(reason)}
            )
            made = made_by(reader, "withdraw-exhibit", exhibit, reason, **events)
            return two_person.propose(waiting, made)

    return act_on_named(
        desk,
        reader,
        "evidence.status",
        item,
        lambda: _resolve_evidence(desk, reader, item),
        Evidence(),
        evidence.evolve,
        decided,
        [status, reason],
        **command,
    )


def describe(desk: Desk, reader: Reader, item: UUID, kind: EvidenceKind) -> str | None:
    """Return a text for the officer who recorded an item of evidence, with the item's
    inconsistencies and the next steps; None if there are neither.
    """
    texts = (inconsistencies.describe(desk, reader, item), evidence.consequence(kind))
    return "; ".join(text for text in texts if text) or None
