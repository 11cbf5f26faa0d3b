"""A report card of any period counts facts by the day on which they happened. It shows the figures
as recorded by the end of the period and as recorded by today."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from domain.families.referral import ReferralReceived, WorkerAllocated
from domain.forms.card_period import CardPeriod
from domain.justice.arrest_to_result import ArrestMade, ResultRecorded
from domain.justice.court import StepTaken
from domain.kernel.codes import CardMeasure
from projections.composed import card_periods
from projections.composed.card_periods import Families
from tests.access.rights import Rights
from tests.projections.tale import READER, START, Tale, Views

SPRING = CardPeriod(date(2011, 1, 1), date(2011, 3, 31))
SUMMER = CardPeriod(date(2011, 4, 1), date(2011, 6, 30))
NOW = datetime(2012, 1, 1, tzinfo=UTC)
JULY = datetime(2011, 7, 1, tzinfo=UTC)


def numbers(
    views: Views, tale: Tale, period: CardPeriod, known: datetime = NOW
) -> tuple[Counter[CardMeasure], Counter[CardMeasure]]:
    """Return two sets of figures of a period: as recorded by the moment `known`, and as recorded by
    the end of the period."""
    with views.of(tale) as db:
        families = card_periods.families(db, READER, period, known, ()).get("Engage", Families())
    return families.numbers, families.in_time


def case_of(tale: Tale, received: datetime | None, at: datetime, team: str = "Engage") -> UUID:
    case = tale.case(team=team)
    tale.tell(ReferralReceived(received), about=case, at=at)
    return case


def test_a_late_record_counts_in_the_period_of_its_day_and_shows_as_late(
    views: Views, tale: Tale
) -> None:
    case = tale.case()
    arrested = START + timedelta(days=3)
    tale.tell(ArrestMade(tale.new(), case, arrested), at=START + timedelta(days=4))
    late = tale.case()
    tale.tell(ArrestMade(tale.new(), late, arrested), at=JULY)
    now, then = numbers(views, tale, SPRING)
    assert (now["arrest"], then["arrest"]) == (2, 1)
    assert numbers(views, tale, SPRING, START + timedelta(days=9))[0]["arrest"] == 1, "as known"
    assert numbers(views, tale, SUMMER)[0] == {}, "nothing happened in summer"


def test_only_those_who_manage_the_team_have_its_whole_figures(views: Views, tale: Tale) -> None:
    tale.case()
    tale.case(team="Deter")

    def teams(*roles: str) -> set[str]:
        reader = Rights(roles, ("Engage",)).of(READER)  # type: ignore[arg-type]
        with views.of(tale) as db:
            return set(card_periods.families(db, reader, SPRING, NOW, ()))

    assert teams("manager") == teams("supervisor") == {"Engage"}
    assert teams("dci") == {"Engage", "Deter"}
    assert teams("evaluator") == teams("auditor") == teams("psw") == set()


def test_the_list_behind_a_figure_holds_as_many_families_as_the_figure(
    views: Views, tale: Tale
) -> None:
    cases = [tale.case() for _ in range(3)]
    for case in cases[:2]:
        tale.tell(WorkerAllocated("psw.ellis", "parents"), about=case)
    tale.tell(WorkerAllocated("psw.ellis", "parents"), about=tale.case(team="Deter"))
    with views.of(tale) as db:
        listed = card_periods.cases(db, READER, SPRING, NOW, "parents-worker", "Engage")
        blind = Rights(("evaluator",), ("Engage",)).of(READER)
        assert card_periods.cases(db, blind, SPRING, NOW, "referred", "Engage") == []
    assert sorted(listed) == sorted(cases[:2])


def test_what_is_missing_in_a_team_s_record_is_counted(views: Views, tale: Tale) -> None:
    supported = [tale.case() for _ in range(3)]
    for case in supported:
        tale.tell(StepTaken(case, "debrief", "done"))
    tale.tell(ResultRecorded("acquitted", case=supported[0]))
    with views.of(tale) as db:
        found = card_periods.records(db, READER, SPRING, NOW, ())["Engage"]
    assert (found.pending, found.unreferred) == (2, 0)


def test_published_figures_count_by_the_day_of_the_record(views: Views, tale: Tale) -> None:
    late = tale.case()
    tale.tell(ArrestMade(tale.new(), late, START), at=JULY)
    with views.of(tale) as db:
        spring = card_periods.recorded(db, SPRING.starts, SPRING.ends, ["Engage"])
        july = card_periods.recorded(db, JULY, NOW, ["Engage"])
    assert ("arrest" in spring["Engage"], july["Engage"]["arrest"]) == (False, 1)
