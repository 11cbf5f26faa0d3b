"""A report card shows statements of the report's authors as measures with confidence intervals, and
claims nothing about causes."""

import re
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from commands.people_and_teams import card_statistics, period_card
from domain.families.family_contact import FamilyAsked
from domain.families.referral import ExitAssessed, ThresholdAssessed, WorkerAllocated
from domain.justice.arrest_to_result import ChargeBrought, ResultRecorded
from domain.justice.court import PleaEntered
from projections.composed.card_rows import ClaimRow
from projections.families import caseload_makeup, family_contact, report_card
from tests.projections.tale import READER, START, Tale, Views

NOW = datetime(2012, 6, 1, tzinfo=UTC)
#: A pattern of words that claim a cause.
CAUSAL = re.compile(
    r"\b(because|caus\w+|led to|due to|thanks to|effect\w*|result of|impact|reduc\w+|improv\w+)\b"
)


def claims(views: Views, tale: Tale) -> dict[tuple[str, str], ClaimRow]:
    wanted = period_card.requested_card(date(2011, 1, 1), date(2011, 12, 31), None, (), None, NOW)
    views.follow(tale, views=[report_card.VIEW, caseload_makeup.VIEW, family_contact.VIEW])
    with views.engine.connect() as db:
        found = period_card.whole(db, READER, wanted).claims
    assert [row.place for row in found] == list(range(len(found)))
    return {(row.claim, row.group): row for row in found}


def allocated(tale: Tale, days: int, *, out: bool) -> UUID:
    case = tale.case()
    tale.tell(ThresholdAssessed("high", "2026/1"), about=case, at=START)
    came = tale.log.facts[-2].recorded + timedelta(days=days)
    tale.tell(WorkerAllocated("psw.ellis", "parents"), about=case, at=came)
    if out:
        tale.tell(ExitAssessed("protected", "seen"), about=case, at=came + timedelta(days=9))
    return case


def test_how_soon_a_worker_came_is_beside_how_the_child_is(views: Views, tale: Tale) -> None:
    for days in (2, 3, 4, 5, 6, 60):
        allocated(tale, days, out=days < 60)
    tale.tell(ThresholdAssessed("high", "2026/1"), about=tale.case())
    found = claims(views, tale)
    soon = found["days from first concern to first worker", "first rated high"]
    assert (soon.families, soon.of, soon.result) == (6, 7, "4.5 days (median)")
    assert soon.flags == ("small group: 6 families",)
    by_time = "child out of harm's way, by time to the first worker"
    early = found[by_time, "first rated high, within 7 days"]
    assert (early.families, early.of, early.interval) == (5, 5, "57 to 100 %")
    assert found[by_time, "first rated high, later"].families == 0
    assert found[by_time, "first rated high, no worker yet"].of == 1


@pytest.mark.usually_on("sqlite")
def test_pleas_with_and_without_a_worker(views: Views, tale: Tale) -> None:
    person = tale.person("A man")
    for helped in (True, True, True, False):
        case = tale.case()
        if helped:
            tale.tell(WorkerAllocated("psw.ellis", "parents"), about=case)
        tale.tell(PleaEntered(case, person, "not-guilty" if helped else "guilty"))
        tale.tell(ChargeBrought(person, case=case))
        tale.tell(ResultRecorded("convicted", case=case))
    found = claims(views, tale)
    plea, conviction = (
        "guilty plea, of families with a plea",
        "conviction, of families with a charge",
    )
    assert (found[plea, "with a worker for the parents"].result) == "0 %"
    assert (found[plea, "without a worker for the parents"].result) == "100 %"
    with_worker = found[conviction, "with a worker for the parents"]
    assert (with_worker.families, with_worker.of) == (3, 3)


@pytest.mark.usually_on("sqlite")
def test_parents_views_count_as_they_said_last_with_the_response(views: Views, tale: Tale) -> None:
    first, second, third = (tale.case() for _ in range(3))
    tale.tell(FamilyAsked(first, "parents", "answered", not_felt=("believed",)))
    tale.tell(FamilyAsked(first, "parents", "answered", felt=("believed",)))
    tale.tell(FamilyAsked(second, "parents", "answered", not_felt=("believed",)))
    tale.tell(FamilyAsked(third, "parents", "not-reached"))
    found = claims(views, tale)
    response = found["parents who answered, of those asked", "all"]
    assert (response.families, response.of) == (2, 3)
    believed = found["parents who agree, of those who said", "believed"]
    assert (believed.families, believed.of) == (1, 2)


@pytest.mark.usually_on("sqlite")
def test_no_measure_says_why(views: Views, tale: Tale) -> None:
    allocated(tale, 2, out=True)
    for row in claims(views, tale).values():
        assert not CAUSAL.search(f"{row.claim} {row.group} {' '.join(row.flags)}")


def test_intervals_are_those_of_published_tables() -> None:
    """The confidence intervals equal published ones: for a proportion (Newcombe 1998, table I,
    Wilson without correction) and for the median of nine values."""
    low, high = card_statistics.wilson(81, 263)
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)
    assert card_statistics.median(range(1, 10)) == (5, (2, 8))
    assert card_statistics.median([3, 4]) == (3.5, None), "too few for an interval"
