"""Some actions need two people: one proposes the action and another confirms it; the confirmation
is refused if the case changed in between.
"""

import pytest

from domain import forms
from domain.families.referral import (
    CaseOpened,
    MissingReported,
    ReferralReceived,
    ThresholdAssessed,
)
from domain.kernel.values import Matter
from domain.people_and_teams import two_person
from domain.people_and_teams.two_person import (
    PendingProposals,
    ProposalConfirmed,
    ProposalMade,
    ProposalRefused,
    evolve,
)
from tests.domain.given import Given, When, uid

CASE = uid(1)
SUSPECT, WORDS = Matter("suspect", uid(7)), Matter("words", uid(8))
made = ProposalMade("close", "ds.hart", CASE, "quiet since May", (WORDS,))
nothing = Given(PendingProposals(), evolve).after(CaseOpened(uid(2), "Engage"))
waits = nothing.after(made)


def confirm(
    given: Given[PendingProposals], by: str = "ds.bell", *now: Matter
) -> When[PendingProposals]:
    return given.when(two_person.confirm, "close", by=by, reason=None, open_now=now)


def test_it_is_proposed_with_its_reason_and_once() -> None:
    nothing.when(two_person.propose, ProposalMade("close", "ds.hart", CASE, " ")).refused("reason")
    again = nothing.when(two_person.propose, made).then(made)
    again.when(two_person.propose, made).refused("ds.hart proposed closing the case already")


@pytest.mark.parametrize(
    "by",
    [
        "ds.hart",
        " DS.Hart ",
        "ds hart",
        "DS-HART",
        "\uff44\uff53.hart",
        "ds.hart\u200b",
        "ds.hárt",
        "ds.h\u0430rt",
    ],
)
def test_the_proposer_does_not_confirm_under_any_spelling(by: str) -> None:
    assert forms.same_person("ds.hart", by)
    confirm(waits, by, WORDS).refused("takes two people")


def test_another_confirms_once() -> None:
    done = confirm(waits, "ds.bell", WORDS).then(ProposalConfirmed("close", CASE))
    confirm(done, "ds.moss").refused("decided already")
    confirm(nothing).refused("closing the case")


def test_what_came_since_is_said() -> None:
    confirm(waits, "ds.bell", SUSPECT, WORDS).refused(
        "since the proposal was made, these were recorded: 1 open suspect"
    )
    # the proposal can be confirmed, because the case now has fewer open matters than it had then
    confirm(waits, "ds.bell").then(ProposalConfirmed("close", CASE))


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (ReferralReceived(), "a referral came in"),
        (MissingReported(), "reported missing"),
        (ThresholdAssessed("high", "lmh-2013/1"), "was rated"),
    ],
)
def test_a_case_that_changed_since_is_looked_at_anew(event: object, said: str) -> None:
    changed = waits.after(event)  # type: ignore[arg-type]
    confirm(changed, "ds.bell", WORDS).refused(said)
    again = changed.when(two_person.propose, made).then(made)
    confirm(again, "ds.bell", WORDS).then(ProposalConfirmed("close", CASE))


def test_it_is_refused_with_a_reason_and_once() -> None:
    waits.when(two_person.refuse, "close", " ").refused("reason")
    gone = waits.when(two_person.refuse, "close", "too early").then(
        ProposalRefused("close", CASE, "too early")
    )
    gone.when(two_person.refuse, "close", "too early").refused("decided already")
    confirm(gone).refused("decided already")
