"""An exhibit has a complete record of continuity; the statuses "excluded", "undermined" and
"withdrawn" stay visible.
"""

from itertools import product

import pytest

from domain.justice import evidence
from domain.justice.evidence import (
    Evidence,
    EvidenceExcluded,
    EvidenceGathered,
    EvidenceTransferred,
    EvidenceUndermined,
    EvidenceWithdrawn,
)
from tests.domain.given import Given, begin, uid

PHONE = EvidenceGathered("exhibit", "AB1", (uid(1),), produced_by="DC Bell")
nothing = Given(Evidence(), evidence.evolve)
phone = nothing.after(PHONE)
ENDS = {
    "excluded": EvidenceExcluded("unlawful search"),
    "undermined": EvidenceUndermined("unlawful search"),
    "withdrawn": EvidenceWithdrawn("unlawful search"),
}


def test_an_item_has_its_mark() -> None:
    nothing.when(begin(evidence.gather), EvidenceGathered("exhibit", " ")).refused(
        "give the exhibit mark of the item of evidence, such as AB1"
    )
    nothing.when(begin(evidence.gather), PHONE).then(PHONE)


def test_continuity_runs_from_hand_to_hand() -> None:
    move = EvidenceTransferred(giver="DC Bell", receiver="Store")
    nothing.when(evidence.transfer, move).refused("there is no item of evidence with this id")
    stored = phone.when(evidence.transfer, move).then(move)
    assert stored.state.holder == "Store"
    stored.when(evidence.transfer, move).refused("record the missing hand-over first")
    lab = EvidenceTransferred(giver="Store", receiver="Lab")
    stored.when(evidence.transfer, lab).then(lab)


@pytest.mark.parametrize("receiver", [None, "", " "])
def test_somebody_receives_it(receiver: str | None) -> None:
    phone.when(evidence.transfer, EvidenceTransferred(receiver=receiver)).refused(
        "say who received the item of evidence"
    )


@pytest.mark.parametrize("status", ENDS)
def test_what_speaks_against_it_has_a_reason_and_is_said_once(status: str) -> None:
    nothing.when(evidence.change_status, status, "why").refused(
        "there is no item of evidence with this id"
    )
    phone.when(evidence.change_status, status, " ").refused(
        "give the reason for changing the status of this item"
    )
    marked = phone.when(evidence.change_status, status, "unlawful search").then(ENDS[status])
    assert marked.state.status == status
    marked.when(evidence.change_status, status, "again").then()
    marked.when(evidence.change_status, "live", "fine after all").refused("gather it again")


@pytest.mark.parametrize(("first", "then"), [*product(ENDS, repeat=2)])
def test_one_state_may_follow_another(first: str, then: str) -> None:
    marked = phone.after(ENDS[first])
    expected = () if first == then else (ENDS[then],)
    marked.when(evidence.change_status, then, "unlawful search").then(*expected)


def test_who_gives_a_statement_becomes_a_witness_and_that_is_said() -> None:
    """Requirement W29: the form for a statement says that the person who makes it becomes a witness
    and may become known.
    """
    assert "may learn who they are" in (evidence.consequence("statement") or "")
    assert evidence.consequence("exhibit") is None
