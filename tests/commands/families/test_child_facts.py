"""Facts about a child (reported ages, a learning disability) decide who may rate the case low."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from msgspec import structs

from commands.erasure import retention
from commands.families import casework, child, referral
from commands.families.compartment import note_health, open_to
from commands.intelligence import identity
from commands.kernel import colleague, entity
from commands.people_and_teams import account, two_person
from domain.families.referral import (
    Case,
    CaseFlagged,
    MissingFound,
    MissingReported,
    ThresholdAssessed,
    WorkerAllocated,
    evolve,
)
from domain.intelligence.entity import AgeRecorded, LearningDisabilityRecorded
from domain.kernel.values import Denied, Reader, Refused
from projections.families import cases
from tests.access.staff import Staff
from tests.commands.office import START, Office


def opened(office: Office, **told: Any) -> UUID:
    return referral.receive(
        office.desk, office.reader, child="Amy Field", received=START, **told
    ).id


def rate(office: Office, case: UUID, level: Any = "low", **told: Any) -> Any:
    return casework.assess_threshold(office.desk, office.reader, str(case), level, **told)


def child_of(office: Office, case: UUID) -> UUID:
    found = office.desk.fold(case, Case(), evolve)[0].child
    assert found
    return found


# --- a reported age -----------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["11", "11 yrs", "11y", "eleven", "11 years 11 months"])
def test_an_age_as_told_forbids_low_and_counts_on(either: Office, words: str) -> None:
    """A reported age forbids a low rating, and grows with time. (A bug had allowed a low rating for
    a row of a file that gave only an age.)
    """
    case = opened(either, age_words=words)
    with pytest.raises(Refused, match="under 13"):
        rate(either, case)
    (told,) = either.events(AgeRecorded)
    assert (told.words, told.as_of) == (words, START.date())
    assert child.all_facts(either.desk, child_of(either, case)).years(START.date()) == 11
    assert either.system.clock.given_time
    either.system.clock.given_time = datetime(2013, 3, 19, 9, tzinfo=UTC)
    rate(either, case)
    assert child.all_facts(either.desk, child_of(either, case)).years(date(2013, 3, 19)) == 13


def test_an_age_under_a_record_that_is_hidden_decides_and_is_not_shown(office: Office) -> None:
    """If a record that a reader may not see contains a child's age, the program uses this age for
    decisions about the child. It does not show the age to the reader."""
    case = opened(office, age_words="14")
    own = child_of(office, case)
    deter = structs.replace(office.reader, team="Deter")
    hidden = entity.record_person(office.desk, deter, name="Amy F", known=True).id
    entity.record_age(office.desk, deter, str(hidden), None, None, "11", source="a teacher")
    identity.judge(office.desk, office.reader, str(own), str(hidden), "same", "one school")
    hale = Staff(office).hire("ds.hale", "detective")
    with office.desk.asking() as db:
        assert child.visible_facts(office.desk, db, hale, own).years(START.date()) == 14
        assert child.visible_facts(office.desk, db, office.reader, own).years(START.date()) == 11
    assert child.all_facts(office.desk, own).years(START.date()) == 11, (
        "told last, whatever the ids"
    )
    retention.restrict(office.desk, office.reader, [hidden], "a mistake", ground="part-3-s47-2")
    with office.desk.asking() as db:
        assert child.visible_facts(office.desk, db, office.reader, own).years(START.date()) == 14


def test_an_age_that_nobody_knows_is_no_higher_age(office: Office) -> None:
    case = opened(office)
    with pytest.raises(Refused, match="nobody knows that this child is 13 or older"):
        rate(office, case)
    who = str(child_of(office, case))
    entity.record_age(office.desk, office.reader, who, None, None, "about 14")
    with pytest.raises(Refused, match="nobody knows"):
        rate(office, case)
    entity.record_age(office.desk, office.reader, who, None, None, "14", source="her school")
    rate(office, case)


def test_a_later_word_does_not_make_a_young_child_older(office: Office) -> None:
    case = opened(office, age_words="11")
    who = str(child_of(office, case))
    entity.record_age(office.desk, office.reader, who, False, None, "15")
    with pytest.raises(Refused, match="under 13"):
        rate(office, case)


def test_an_age_under_the_twins_record_counts(office: Office) -> None:
    case = opened(office, age_words="14")
    twin = entity.record_person(office.desk, office.reader, name="Amy F", born=date(1999, 5, 4)).id
    rate(office, case)
    identity.judge(
        office.desk, office.reader, str(child_of(office, case)), str(twin), "same", "one school"
    )
    with pytest.raises(Refused, match="under 13"):
        rate(office, case)


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"age_words": "11"}, "under 13"),
        ({"born": date(1999, 5, 4)}, "under 13"),
        ({}, "nobody knows"),
        ({"age_words": "14", "learning_disability": True}, "learning disability"),
    ],
)
def test_a_referral_comes_in_and_its_low_rating_does_not(
    office: Office, told: dict[str, Any], why: str
) -> None:
    case = opened(office, threshold="low", concern="worried", **told)
    assert not office.events(ThresholdAssessed)
    (flag,) = office.events(CaseFlagged)
    assert flag.code == "rating-not-taken"
    assert why in flag.raw
    with office.system.reading() as db:
        (row,) = cases.list_cases(db, office.reader)
    assert (row.case, row.threshold) == (case, "unknown")


def test_what_a_second_referral_tells_of_the_child_is_kept(office: Office) -> None:
    case = opened(office, reference="E-7", age_words="14")
    rate(office, case)
    again = referral.receive(
        office.desk, office.reader, reference="E-7", age_words="11", learning_disability=True,
        received=START, threshold="low",
    ).id  # fmt: skip
    assert again == case
    assert [event.words for event in office.events(AgeRecorded)] == ["14", "11"]
    with pytest.raises(Refused, match="under 13"):
        rate(office, case)


# --- a learning disability ----------------------------------------------------------------------


def test_a_learning_disability_is_remembered(either: Office) -> None:
    """A learning disability that was recorded once still forbids a low rating later."""
    case = opened(either, age_words="15")
    rate(either, case, "medium", learning_disability=True)
    (told,) = either.events(LearningDisabilityRecorded)
    assert (told.has, told.as_of) == (True, either.desk.clock().date())
    assert "ds.hart" in told.source
    with pytest.raises(Refused, match="learning disability"):
        rate(either, case, reason="settled")
    rate(either, case, "medium", learning_disability=True)
    assert len(either.events(LearningDisabilityRecorded)) == 1, "it is known already"


def test_it_is_remembered_though_the_rating_was_refused(office: Office) -> None:
    case = opened(office, age_words="15")
    with pytest.raises(Refused, match="learning disability"):
        rate(office, case, learning_disability=True)
    with pytest.raises(Refused, match="learning disability"):
        rate(office, case)


def test_that_there_is_none_takes_nothing_away(office: Office) -> None:
    case = opened(office, age_words="15", learning_disability=True)
    who = str(child_of(office, case))
    entity.record_learning_disability(office.desk, office.reader, who, False, "an aunt")
    with pytest.raises(Refused, match="learning disability"):
        rate(office, case)
    told = child.all_facts(office.desk, child_of(office, case))
    assert [disability.has for disability in told.disabilities] == [True, False]


# --- who may override a rating, and names of workers ----------------------------------------------


@dataclass
class House:
    """A store with accounts, and one case of the team Engage."""

    office: Office
    staff: Staff
    case: UUID

    def now(self, name: str) -> Reader:
        return self.staff.now(name)

    def allocate(self, worker: str, whom: Any = "child") -> Any:
        return casework.allocate(self.office.desk, self.now("m.lund"), str(self.case), worker, whom)


@pytest.fixture
def house(office: Office) -> House:
    case = opened(office, age_words="11")
    staff = Staff(office)
    for name, role in (
        ("dc.reed", "detective"), ("sgt.vale", "supervisor"), ("dci.moss", "dci"),
        ("m.lund", "manager"), ("csw.tarn", "childrens-support-worker"), ("psw.ellis", "psw"),
        ("mfh.birch", "missing-coordinator"), ("sw.ash", "social-worker"),
    ):  # fmt: skip
        staff.hire(name, role)  # type: ignore[arg-type]
    staff.hire("csw.tara", "childrens-support-worker", teams=["Deter"])
    staff.hire("sgt.far", "supervisor", teams=["Deter"])
    return House(office, staff, case)


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("dc.reed", False),
        ("m.lund", False),
        ("sgt.far", False),
        ("sgt.vale", True),
        ("dci.moss", True),
    ],
)
def test_an_override_is_a_supervisors(house: House, name: str, may: bool) -> None:
    def low() -> Any:
        return casework.assess_threshold(
            house.office.desk, house.now(name), str(house.case), "low", override="seen by us all"
        )

    if may:
        low()
        assert house.office.events(ThresholdAssessed)[0].override == "seen by us all"
        return
    with pytest.raises((Denied, Refused)):
        low()
    assert not house.office.events(ThresholdAssessed)


def test_an_override_in_a_sheet_is_no_supervisors(house: House) -> None:
    referral.receive(
        house.office.desk, house.now("dc.reed"), child="Tia Holt", age_words="11",
        threshold="low", override="agreed by the sergeant",
    )  # fmt: skip
    assert not house.office.events(ThresholdAssessed)
    assert "supervisor" in house.office.events(CaseFlagged)[-1].raw


@pytest.mark.parametrize(
    ("worker", "near"),
    [
        ("csw.tran", "csw.tarn"),  # a misspelt user name
        ("csw.tara", "csw.tarn"),  # a worker who belongs to another team
        ("m.lund", "live account of the team"),  # a user whose role works with no families
        ("nobody", "live account of the team"),
    ],
)
def test_a_slip_orphans_no_child(house: House, worker: str, near: str) -> None:
    with pytest.raises(Refused, match=near) as refused:
        house.allocate(worker)
    if worker != "csw.tara":
        assert "csw.tara" not in str(refused.value), "another team's people are not told"
    assert not house.office.events(WorkerAllocated)
    with house.office.system.reading() as db:
        assert [row.case for row in cases.unallocated(db, house.now("m.lund"))] == [house.case]


def test_another_spelling_is_the_account(house: House) -> None:
    house.allocate(" CSW Tarn ")
    assert [event.worker for event in house.office.events(WorkerAllocated)] == ["csw.tarn"]
    assert house.case in house.now("csw.tarn").cases


@pytest.mark.parametrize("gone", ["locked", "left"])
def test_who_has_no_live_account_gets_no_family(house: House, gone: str) -> None:
    desk = house.office.desk
    keeper = house.office.system.serving(
        house.office.settings, house.office.system.clock.given_time
    ).reader
    if gone == "locked":
        account.lock(desk, keeper, "csw.tarn", "a lost phone")
    else:
        account.leave(desk, keeper, "csw.tarn")
    with pytest.raises(Refused, match=r"no single colleague called .csw\.tarn."):
        house.allocate("csw.tarn")


def test_a_case_whose_worker_left_waits_for_another(house: House) -> None:
    house.allocate("csw.tarn")

    def waiting() -> list[UUID]:
        with house.office.system.reading() as db:
            return [row.case for row in colleague.unallocated(db, house.now("m.lund"))]

    assert waiting() == [house.case], "the parents have no worker"
    desk = house.office.desk
    casework.record_engagement(
        desk, house.now("csw.tarn"), str(house.case), "parents", "declined", None
    )
    assert waiting() == []
    keeper = house.office.system.serving(
        house.office.settings, house.office.system.clock.given_time
    ).reader
    account.leave(desk, keeper, "csw.tarn")
    assert waiting() == [house.case]


def test_who_works_is_queried_once_however_many_there_are(house: House) -> None:
    asked: list[str] = []
    with house.office.system.reading() as db:
        sa.event.listen(db, "before_cursor_execute", lambda *told: asked.append(told[2]))
        found = colleague.open_accounts(db)
    assert found is not None
    assert {"csw.tarn", "m.lund"} <= found
    assert len([one for one in asked if one.startswith("SELECT")]) == 2


def test_other_options_that_name_a_colleague(house: House) -> None:
    desk = house.office.desk
    with pytest.raises(Refused, match=r"did you mean sw\.ash"):
        account.assign(desk, house.now("m.lund"), "sw.ahs", str(house.case))
    account.assign(desk, house.now("m.lund"), "sw.ash", str(house.case))
    house.allocate("csw.tarn")
    note_health(desk, house.now("csw.tarn"), str(house.case), "allergy", "nuts")
    with pytest.raises(Refused, match=r"did you mean sw\.ash"):
        open_to(desk, house.now("csw.tarn"), str(house.case), "health", "sw.asch", "hers")
    open_to(desk, house.now("csw.tarn"), str(house.case), "health", "sw.ash", "hers")


def test_on_a_trial_store_a_name_is_free(office: Office) -> None:
    case = office.case()
    casework.allocate(office.desk, office.reader, str(case), "somebody new", "child")
    assert [event.worker for event in office.events(WorkerAllocated)] == ["somebody new"]


def test_the_coordinator_reports_a_child_missing_and_closes_nothing(house: House) -> None:
    desk, reader = house.office.desk, house.now("mfh.birch")
    casework.report_missing(desk, reader, str(house.case), MissingReported())
    casework.record_found(desk, reader, str(house.case), MissingFound())
    with pytest.raises(Denied):
        casework.assess_exit(desk, reader, str(house.case), "protected", "home")
    with pytest.raises(Denied):
        two_person.close(desk, reader, str(house.case), "home")
