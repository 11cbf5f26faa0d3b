"""Arrests, charges, notices and results are recorded with the items that led to them."""

from dataclasses import dataclass
from datetime import date

import msgspec
import pytest

from domain.justice import arrest_to_result
from domain.justice.arrest_to_result import (
    ArrestMade,
    ChargeBrought,
    NoticeServed,
    Outcome,
    Proceeding,
    ResultRecorded,
)
from domain.kernel.codes import NoticeBasis, ResultKind
from domain.kernel.values import Refused, TakesTwo
from tests.domain.given import uid

BAZ, CHILD = uid(1), uid(2)
WORDS = (str(uid(3)),)
NOTICE = NoticeServed(BAZ, CHILD, "s2-caa-1984")


@pytest.mark.parametrize(
    "outcome",
    [ArrestMade(BAZ), ChargeBrought(BAZ), NOTICE, ResultRecorded("convicted", BAZ)],
    ids=lambda one: type(one).__name__,
)
def test_what_led_to_it_is_reported_never_assumed(outcome: Outcome) -> None:
    with pytest.raises(Refused, match="say what led to this step"):
        arrest_to_result.record(outcome, ())
    assert arrest_to_result.record(outcome, ("none-known",)) == (outcome,)
    assert arrest_to_result.record(outcome, WORDS) == (outcome,)
    assert arrest_to_result.evolve(Proceeding(), outcome).happened == outcome


def test_a_notice_to_a_young_recipient_needs_a_supervisor() -> None:
    young = NoticeServed(BAZ, CHILD, "s2-caa-1984", recipient_under_18=True)
    with pytest.raises(
        Refused, match="a notice to a person under 18 needs the rationale of a supervisor"
    ):
        arrest_to_result.record(young, WORDS)
    seen = NoticeServed(BAZ, CHILD, "s2-caa-1984", recipient_under_18=True, rationale="DI Moss")
    assert arrest_to_result.record(seen, WORDS) == (seen,)
    for age in (False, None):
        grown = NoticeServed(BAZ, CHILD, "s2-caa-1984", recipient_under_18=age)
        assert arrest_to_result.record(grown, WORDS) == (grown,)


@dataclass(frozen=True)
class Views:
    """Arguments of a decision not to prosecute: its reason, the views of the parents and of the
    child, and the people who decided."""

    rationale: str | None = "it would harm her"
    parents_view: str | None = "agree"
    childs_view: str | None = "asked for it"
    decided_by: tuple[str, ...] = ("CPS", "DI Moss")


@pytest.mark.parametrize(
    ("views", "missing"),
    [
        (Views(rationale=None), "its rationale"),
        (Views(parents_view=None), "the parents' view"),
        (Views(childs_view=None), "the child's view"),
        (Views(decided_by=()), "who decided"),
    ],
)
def test_a_best_interests_decision_states_its_reasons(views: Views, missing: str) -> None:
    def decision(of: Views) -> ResultRecorded:
        return ResultRecorded("not-prosecuted-best-interests", **vars(of))

    with pytest.raises(Refused, match=missing):
        arrest_to_result.record(decision(views), WORDS)
    whole = msgspec.structs.replace(decision(Views()), person=BAZ)
    with pytest.raises(TakesTwo):
        arrest_to_result.record(whole, WORDS)
    assert arrest_to_result.record(whole, WORDS, agreed=True) == (whole,)


@pytest.mark.parametrize(
    "kind", sorted(arrest_to_result.NOT_PURSUED - {"not-prosecuted-best-interests"})
)
def test_no_further_action_takes_two_and_says_about_what(kind: ResultKind) -> None:
    with pytest.raises(
        Refused, match="say in which case, or against whom, there is no further action"
    ):
        arrest_to_result.record(ResultRecorded(kind, rationale="abroad then"), WORDS)
    with pytest.raises(TakesTwo):
        arrest_to_result.record(ResultRecorded(kind, BAZ, rationale="abroad then"), WORDS)
    assert arrest_to_result.record(ResultRecorded("convicted", BAZ), WORDS), "a fact takes one"


def test_a_sentence_that_is_not_known_is_not_zero() -> None:
    assert ResultRecorded("sentenced", BAZ).sentence_months is None


@pytest.mark.parametrize(
    ("born", "basis", "last"),
    [
        (date(1996, 5, 4), "s2-caa-1984", date(2012, 5, 4)),
        (date(1996, 5, 4), "s49-ca-1989", date(2014, 5, 4)),
        (date(1996, 2, 29), "s49-ca-1989", date(2014, 3, 1)),
        (date(1996, 2, 29), "s2-caa-1984", date(2012, 2, 29)),
    ],
)
def test_a_notice_ends_on_the_childs_birthday(born: date, basis: NoticeBasis, last: date) -> None:
    assert arrest_to_result.notice_ends(born, basis) == last
