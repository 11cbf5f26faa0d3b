"""A year's report card is computed from facts; these tests show which facts count, when, and for
which team.
"""

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from domain.data_protection.erasure import ItemErased
from domain.data_protection.retention import RestrictionLifted, RestrictionPlaced
from domain.families.compartment import HealthNoted, PlacementMade
from domain.families.ethnicity import EthnicityTold, FamilyEthnicityTold
from domain.families.family_contact import FamilyAsked, FamilyInvited
from domain.families.nationality import NationalityTold
from domain.families.parent import ParentRiskEnded, ParentRiskNoted
from domain.families.referral import (
    CaseOpened,
    ExitAssessed,
    ReferralReceived,
    ThresholdAssessed,
    WorkerAllocated,
)
from domain.forms.intervals import LONDON
from domain.information.observation import ObservationRefiled
from domain.kernel.codes import CardMeasure
from domain.kernel.envelope import Event
from domain.kernel.figures import REGISTER
from domain.kernel.values import Reader, Role, Threshold
from domain.people_and_teams import figure_checks
from domain.people_and_teams.report_card import TargetSet
from projections.families import report_card
from projections.families.report_card import BITS
from projections.kernel.database import Db
from tests.access.rights import Rights
from tests.projections.tale import READER, START, Tale, Views

YEAR = START.year
LATER = datetime(YEAR + 1, 2, 1, tzinfo=UTC)
#: Events about dangers to a parent, and other events that are never counted.
NEVER: set[type[Event]] = {
    ParentRiskNoted,
    ParentRiskEnded,
    EthnicityTold,
    FamilyEthnicityTold,
    NationalityTold,
    HealthNoted,
    PlacementMade,
}
Figures = dict[CardMeasure, tuple[int | None, int | None]]


def cards(
    views: Views, tale: Tale, year: int = YEAR, reader: Reader = READER
) -> dict[str, Figures]:
    """Return the report cards of a year that a reader may see, by team."""
    with views.of(tale) as db:
        done, known = report_card.year(db, reader, year)
    found: dict[str, Figures] = {}
    for row in (*done, *known):
        found.setdefault(row.team, {})[row.measure] = (row.families, row.of)
    return found


def early(db: Db, year: int, last: int, reader: Reader = READER) -> list[report_card.EarlyRow]:
    return report_card.earliness(
        db, reader, year, last, report_card.referred_again(db, reader, year)
    )


def record_families(many: int, tale: Tale, *events: Any, team: str = "Engage") -> list[UUID]:
    """Record this many families with the same events each; return their cases."""
    cases = [tale.case(team=team) for _ in range(many)]
    for case in cases:
        if events:
            tale.tell(*events, about=case)
    return cases


def test_a_family_is_counted_once_in_the_year_in_which_it_was_recorded(
    views: Views, tale: Tale
) -> None:
    for case in record_families(6, tale):
        for answered in ("answered", "not-reached"):
            tale.tell(FamilyAsked(case, "parents", answered))
    found = cards(views, tale)["Engage"]
    assert (found["referred"], found["asked"], found["answered"]) == ((6, None), (6, None), (6, 6))
    assert cards(views, tale, YEAR + 1) == {}
    for case in record_families(5, tale):
        came = FamilyInvited(case, "parents-group", "parents", "letter", "came")
        log = FamilyInvited(case, "keeping-a-log", "parents", "phone", "came")
        tale.tell(came, at=LATER)
        tale.tell(log, at=LATER)
    later = cards(views, tale, YEAR + 1)["Engage"]
    assert (later["came-to-learn"], later["learned-to-log"]) == ((5, 5), (5, 5))
    assert later["logs-came"] == (0, 5)


def test_what_is_known_says_of_how_many(views: Views, tale: Tale) -> None:
    record_families(7, tale, ThresholdAssessed("high", "2026/1"))
    record_families(5, tale, ThresholdAssessed("unknown", "2026/1"))
    found = cards(views, tale)["Engage"]
    assert found["rated"] == (7, 12)
    assert found["source-known"] == (0, 12), "not known is no figure of its own"


def test_what_is_out_of_use_erased_or_filed_elsewhere_counts_no_more(
    views: Views, tale: Tale
) -> None:
    cases = record_families(6, tale)
    words = [tale.words(case=case) for case in cases]
    assert cards(views, tale)["Engage"]["words"] == (6, None)
    tale.tell(RestrictionPlaced(cases[0], "an appeal"))
    assert cards(views, tale)["Engage"]["words"] == (5, None)
    tale.tell(RestrictionPlaced(words[1], "an appeal"))
    assert cards(views, tale)["Engage"]["words"] == (None, None)
    for one in (cases[0], words[1]):
        tale.tell(RestrictionLifted(one, "it ended"))
    tale.tell(ObservationRefiled(cases[1], cases[0], "hers"), about=words[0])
    assert cards(views, tale)["Engage"]["words"] == (5, None)
    tale.tell(ItemErased(tale.new(), "observation", "destroyed"), about=words[5])
    assert cards(views, tale)["Engage"]["words"] == (None, None)


def test_how_soon_a_worker_came_beside_what_became_of_the_child(views: Views, tale: Tale) -> None:
    """A report card shows how soon a worker came, beside the child's outcome. The time runs from
    the earliest record about the child: the referral, or an earlier log entry (X9 of
    docs/requirements.md).
    """
    soon = record_families(
        6, tale, ThresholdAssessed("medium", "2026/1"), ThresholdAssessed("high", "2026/1")
    )
    late = record_families(7, tale, ThresholdAssessed("high", "2026/1"))
    for case in soon:
        tale.tell(WorkerAllocated("psw.ellis", "parents"), about=case)
        tale.tell(ExitAssessed("protected", "seen"), about=case, at=LATER)
    for case in late:
        tale.words(case=case, told=START - timedelta(days=90))
        tale.tell(WorkerAllocated("psw.ellis", "child"), about=case)
    with views.of(tale) as db:
        then = early(db, YEAR, YEAR)
        rows = early(db, YEAR, YEAR + 1)
        assert early(db, YEAR + 1, YEAR + 1) == []
    found = {(row.rating, row.worker): (row.families, row.out) for row in rows}
    assert found == {("medium", "within 7 days"): (6, 6), ("high", "later"): (7, 0)}
    assert {row.out for row in then} == {0}, "what came later changes no card of before"


def test_how_many_were_referred_again_follows_from_no_table(views: Views, tale: Tale) -> None:
    """No table reveals how many families were referred again. (They could be computed as all
    referred families less the families of each group.)"""
    back = record_families(2, tale)
    for case in back:
        tale.tell(ReferralReceived(), about=case, at=LATER)
    groups: tuple[tuple[Threshold, int], ...] = (("high", 7), ("medium", 9))
    for level, many in groups:
        for _ in range(many):
            case = tale.tell(CaseOpened(tale.new(), "Engage"), at=LATER)
            tale.tell(ThresholdAssessed(level, "2026/1"), ReferralReceived(), about=case, at=LATER)
    assert cards(views, tale, YEAR + 1)["Engage"]["referred"] == (18, None)
    with views.of(tale) as db:
        rows = early(db, YEAR + 1, YEAR + 1)
        assert report_card.referred_again(db, READER, YEAR + 1) == {"Engage": 2}
    assert {row.rating: row.families for row in rows} == {"high": None, "medium": 9}


def test_who_is_out_of_harm_in_one_group_follows_from_no_sum(views: Views, tale: Tale) -> None:
    """In no group of children can a reader compute from sums how many left harm's way."""
    groups: tuple[tuple[Threshold, int], ...] = (("high", 6), ("medium", 5), ("low", 1))
    for level, out in groups:
        cases = record_families(12, tale, ThresholdAssessed(level, "2026/1"))
        for case in cases[:out]:
            tale.tell(ExitAssessed("protected", "seen"), about=case)
    assert cards(views, tale)["Engage"]["out-of-harm"] == (12, None)
    with views.of(tale) as db:
        rows = early(db, YEAR, YEAR)
    assert {row.rating: row.out for row in rows} == {"high": 6, "medium": None, "low": None}


def test_a_rating_that_came_after_the_last_year_changes_no_card(views: Views, tale: Tale) -> None:
    """A rating that was recorded after the last completed year changes no card of that year.
    Otherwise two cards, read on different days, would together reveal one family."""
    cases = record_families(11, tale)
    for case in cases:
        tale.tell(WorkerAllocated("psw.ellis", "parents"), about=case)
    with views.of(tale) as db:
        before = early(db, YEAR, YEAR)
    for case in cases[:5]:
        tale.tell(ThresholdAssessed("high", "2026/1"), about=case, at=LATER)
    with views.of(tale) as db:
        assert early(db, YEAR, YEAR) == before
        after = early(db, YEAR, YEAR + 1)
    assert [(row.rating, row.families) for row in after] == [("high", 5), ("unknown", 6)]


def test_how_soon_a_worker_came_is_told_of_each_team_alone(views: Views, tale: Tale) -> None:
    """How soon a worker came is shown for each team alone, never for teams together. So no reader
    can compute a hidden figure by comparing the cards of one team and of two."""
    record_families(6, tale)
    record_families(2, tale, team="Deter")
    with views.of(tale) as db:
        one = early(db, YEAR, YEAR, Rights(("evaluator",), ("Engage",)).of(READER))
        both = early(db, YEAR, YEAR, Rights(("evaluator",), ("Engage", "Deter")).of(READER))
    assert [(row.team, row.families) for row in one] == [("Engage", 6)]
    assert [row for row in both if row.team == "Engage"] == one
    assert {row.families for row in both if row.team == "Deter"} == {None}


def test_a_target_for_how_complete_the_record_is_stands_there(views: Views, tale: Tale) -> None:
    record_families(9, tale, ThresholdAssessed("high", "2026/1"))
    tale.tell(TargetSet("Engage", "rated", YEAR, 8, "a board"))
    with views.of(tale) as db:
        _, known = report_card.year(db, READER, YEAR)
    assert [(one.measure, one.target, one.reached, one.funder) for one in known if one.target] == [
        ("rated", 8, "yes", "a board")
    ]


def test_a_target_is_beside_its_figure_the_last_one_set(views: Views, tale: Tale) -> None:
    record_families(6, tale)
    tale.tell(TargetSet("Engage", "referred", YEAR, 20, "a fund"))
    tale.tell(TargetSet("Engage", "referred", YEAR, 6, "a fund"))
    tale.tell(TargetSet("Engage", "arrest", YEAR, 5, "a board"))
    tale.tell(TargetSet("Deter", "asked", YEAR, 9, "a fund"))
    with views.of(tale) as db:
        done, _ = report_card.year(db, READER, YEAR)
    aimed = {(row.team, row.measure): (row.target, row.reached) for row in done if row.target}
    assert aimed == {
        ("Engage", "referred"): (6, "yes"),
        ("Engage", "arrest"): (5, "no"),
        ("Deter", "asked"): (9, "no"),
    }


def test_an_evaluator_reads_the_cards_of_their_teams(views: Views, tale: Tale) -> None:
    """An evaluator reads only the report cards of their own teams. Another team's families and
    targets change nothing in them (requirement R28)."""
    record_families(6, tale)
    record_families(3, tale, team="Deter")
    evaluator = Rights(("evaluator",), ("Engage",)).of(READER)
    before = cards(views, tale, reader=evaluator)
    record_families(20, tale, ThresholdAssessed("high", "2026/1"), team="Deter")
    tale.tell(TargetSet("Deter", "referred", YEAR, 30, "a fund"))
    assert cards(views, tale, reader=evaluator) == before
    assert before.keys() == {"Engage"}
    roles: tuple[Role, ...] = ("psw", "administrator", "source-handler")
    for role in roles:
        somebody = Rights((role,), ("Engage",)).of(READER)
        assert cards(views, tale, reader=somebody) == {}, role


@pytest.mark.parametrize("more", [0, 3])
def test_a_few_families_more_or_less_change_nothing_that_is_read(
    views: Views, tale: Tale, more: int
) -> None:
    """A report card hides small differences. Two stores that differ by one to four families show
    the same figures."""
    cases = record_families(9, tale)
    for case in cases[: 1 + more]:
        tale.tell(FamilyAsked(case, "parents", "answered"))
    assert cards(views, tale)["Engage"]["asked"] == (None, None)


def test_what_endangers_a_parent_and_what_is_never_a_figure_comes_into_no_card(
    views: Views, tale: Tale
) -> None:
    assert not [event for event in NEVER if event.meaning.card]
    cases = record_families(6, tale)
    before = cards(views, tale)
    for case in cases:
        mother = tale.person("Carol Marlow")
        tale.tell(ParentRiskNoted(case, mother, "drink", "seen", date(2012, 1, 1)))
    assert cards(views, tale) == before


def test_a_child_who_was_referred_again_is_where_they_were_referred_first(
    views: Views, tale: Tale
) -> None:
    for case in record_families(6, tale, ThresholdAssessed("low", "2026/1")):
        tale.tell(ReferralReceived(), about=case, at=LATER)
    with views.of(tale) as db:
        first = early(db, YEAR, YEAR + 1)
        again = early(db, YEAR + 1, YEAR + 1)
    assert ([row.families for row in first], again) == ([6], [])
    assert cards(views, tale, YEAR + 1)["Engage"]["referred"] == (6, None)


def test_families_are_those_that_every_fact_read_would_give(views: Views, tale: Tale) -> None:
    """The figures are the same as if every fact were read anew, for any years in any order, even if
    some facts and cases are restricted."""
    draw = Random(12)
    children = [tale.person(f"Number {number}") for number in range(25)]
    cases = [tale.tell(CaseOpened(child, "Engage")) for child in children]
    out = ExitAssessed("protected", "moved away")
    told = (ReferralReceived(), WorkerAllocated("psw.ellis", "child"), out)
    for case in cases:
        for event in draw.choices(told, k=4):
            tale.tell(event, about=case, at=START + timedelta(days=draw.randrange(1_500)))
    for item in draw.sample(cases, k=3):
        tale.tell(RestrictionPlaced(item, "doubted"))
    with views.of(tale) as db:
        rows = [
            report_card.FactRow(*row) for row in db.execute(sa.select(report_card.FactRow.table))
        ]
        asked = db.execute(
            sa.select(report_card.CaseRow.table).where(~report_card.CaseRow.table.c.restricted)
        )
        in_use = {row.case for row in asked}
        grown = 0
        for year in range(YEAR - 1, YEAR + 6):
            start, end = (datetime(each, 1, 1, tzinfo=LONDON) for each in (year, year + 1))
            referred: dict[UUID, list[datetime]] = {}
            for row in rows:
                used = row.case in in_use and not row.restricted
                if row.case and row.bit == BITS["referred"] and used and row.recorded < end:
                    referred.setdefault(row.case, []).append(row.recorded)
            first = {case for case, at in referred.items() if start <= min(at)}
            both = {case for case, at in referred.items() if min(at) < start <= max(at)}
            assert report_card.referred_again(db, READER, year).total() == len(both)
            groups = list(report_card._early(db, READER, year, end))
            assert sum(many for *_, many, _ in groups) == len(first)
            safe = {
                row.case for row in rows if row.bit == BITS["out-of-harm"] and row.recorded < end
            }
            assert sum(out for *_, out in groups) == len(first & safe)
            grown += bool(first) and bool(both)
    assert grown > 1


def test_each_contradiction_is_shown_beside_its_figure() -> None:
    shown = {row.what: row.doubt or "" for row in report_card.register()}
    found = dict(zip((one.what for one in REGISTER), figure_checks.flags(REGISTER), strict=True))
    assert sum(map(len, found.values())) >= 15
    for what, flags in found.items():
        assert [flag for flag in flags if flag not in shown[what]] == []
