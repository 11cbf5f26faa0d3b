"""Records proposals of decisions that need two people, in the streams that they concern."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Desk, Receipt, facts
from domain.kernel.codes import What
from domain.kernel.envelope import Fact, Submission
from domain.kernel.values import Reader
from domain.people_and_teams import two_person
from domain.people_and_teams.two_person import PendingProposals, ProposalMade


def made_by(
    reader: Reader, action: What, item: UUID, reason: str | None, **told: Any
) -> ProposalMade:
    """Return a proposal, made by the reader, of a decision that needs two people. Raises Refused if
    the proposal has no reason.
    """
    return ProposalMade(action, reader.name, item, reason or "", **told)


def propose(
    desk: Desk,
    reader: Reader,
    stream: UUID,
    made: ProposalMade,
    submission: Callable[[tuple[Fact, ...]], Submission],
    because_of: Sequence[str] = (),
) -> Receipt:
    """Record a proposal in the stream that it concerns, under the id of the original command."""
    state, version = desk.fold(stream, PendingProposals(), two_person.evolve)
    events = two_person.propose(state, made)
    new_facts = facts(reader, stream, version, events, because_of)
    return desk.save([Prepared(stream, {"evidence": submission(new_facts)}, reader)])[0]
