"""A report card shows the children's ages, who referred them, and their outcomes."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from domain.data_protection.erasure import ItemErased
from domain.data_protection.retention import RestrictionLifted, RestrictionPlaced
from domain.families.exploitation import ModelAssessed
from domain.families.referral import CaseOpened, ExitAssessed, ReferralReceived
from domain.intelligence.entity import AgeRecorded
from domain.kernel.codes import ExploitationModel
from projections.families import caseload_makeup
from tests.access.rights import Rights
from tests.projections.tale import READER, START, Tale, Views

YEAR = START.year
LATER = datetime(YEAR + 1, 2, 1, tzinfo=UTC)
REVIEW = date(2012, 1, 1)
Told = dict[tuple[str, str], tuple[int | None, int | None]]


def referred(tale: Tale, many: int, age: Any = None, by: str = "police") -> list[UUID]:
    """Record this many children of one age, who were all referred by the same agency; return their
    cases.
    """
    cases = []
    for _ in range(many):
        child = tale.person("Kayleigh Marlow")
        if age:
            tale.tell(age, about=child)
        cases.append(tale.tell(CaseOpened(child, "Engage"), ReferralReceived(source=by)))
    return cases


def assess(tale: Tale, cases: list[UUID], *models: ExploitationModel) -> None:
    for case in cases:
        told = ModelAssessed(case, models, "seen", REVIEW, ("bullied", "in-care"))
        tale.tell(told)


def groups(
    views: Views, tale: Tale, last: int = YEAR + 1, reader: Any = READER, again: int = 0
) -> Told:
    with views.of(tale) as db:
        rows = caseload_makeup.groups(db, reader, YEAR, last, {"Engage": again})
    return {(row.of, row.group): (row.families, row.out) for row in rows}


def test_how_old_children_were_and_who_referred_them(views: Views, tale: Tale) -> None:
    """A report card shows how old children were and who referred them. A date of birth counts
    before an age in words, and an unknown value is shown as unknown (W42 and A6 of
    docs/requirements.md).
    """
    young = referred(tale, 5, AgeRecorded(words="12 yrs"), "the school's DSL")
    referred(tale, 7, AgeRecorded(born=date(YEAR - 14, 1, 1)), "police")
    referred(tale, 6, by="mum")
    assert groups(views, tale) == {
        ("age when referred", "under 13"): (5, None),
        ("age when referred", "13 to 15"): (7, None),
        ("age when referred", "not known"): (6, None),
        ("referred by", "school"): (5, None),
        ("referred by", "police"): (7, None),
        ("referred by", "parent or carer"): (6, None),
    }
    tale.tell(RestrictionPlaced(young[0], "an appeal"))
    assert groups(views, tale)["referred by", "school"] == (None, None)
    tale.tell(RestrictionLifted(young[0], "it ended"))
    tale.tell(ItemErased(tale.new(), "case", "destroyed"), about=young[0])
    assert groups(views, tale)["age when referred", "under 13"] == (None, None)


def test_models_stand_against_what_became_of_the_children(views: Views, tale: Tale) -> None:
    """A report card shows the models of exploitation beside the outcomes of the children. Facts
    that reveal a placement are not counted, and a later year changes no earlier card (X8 of
    docs/requirements.md).
    """
    cases = referred(tale, 30)
    assess(tale, cases[:10], "gang")
    assess(tale, cases[5:20], "gang", "online")
    for case in cases[:10]:
        tale.tell(ExitAssessed("protected", "seen"), about=case, at=LATER)
    now = groups(views, tale)
    assert now["model", "gang"] == (20, 10)
    assert now["model", "online"] == (15, 5)
    assert now["what stood before", "bullied"] == (20, 10)
    assert ("what stood before", "in-care") not in now
    assert groups(views, tale, YEAR)["model", "gang"] == (20, 0)


def test_a_few_children_more_or_less_change_nothing_that_is_read(views: Views, tale: Tale) -> None:
    """A report card hides small differences. Two stores that differ by one to four children show
    the same figures."""
    cases = referred(tale, 20)
    assess(tale, cases[:1], "parties")
    before = groups(views, tale)
    assess(tale, cases[1:4], "parties")
    assert groups(views, tale) == before
    assert before["model", "parties"] == (None, None)


def test_how_many_were_referred_again_follows_from_no_group(views: Views, tale: Tale) -> None:
    """The number of children who were referred again cannot be computed by subtracting the groups
    of children from the total, because the total does not show it either."""
    referred(tale, 6, by="police")
    referred(tale, 9, by="mum")
    found = groups(views, tale, again=2)
    assert found["referred by", "police"] == (None, None)
    assert found["referred by", "parent or carer"] == (9, None)
    assert groups(views, tale, again=5)["referred by", "police"] == (6, None)


def test_an_evaluator_reads_those_of_their_teams(views: Views, tale: Tale) -> None:
    referred(tale, 6)
    deter = Rights(("evaluator",), ("Deter",)).of(READER)
    assert groups(views, tale, reader=deter) == {}
    psw = Rights(("psw",), ("Engage",)).of(READER)
    assert groups(views, tale, reader=psw) == {}
