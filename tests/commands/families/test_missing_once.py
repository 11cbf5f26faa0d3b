"""If two records were judged to be the same child, the child has one missing episode. Either case
can record the return and the interview, and a declined interview can still be held later.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from commands.families import casework, missing, referral
from commands.intelligence import identity
from domain.families.referral import (
    CaseOpened,
    MissingFound,
    MissingGraded,
    MissingReported,
    ReturnInterviewRecorded,
    WithholdingWeighed,
)
from domain.kernel.values import Reader, Refused
from network.people import missing as sheet
from projections import due
from projections import missing as view
from projections.families import cases
from tests.access.staff import Staff
from tests.commands.office import Office

HELD = ReturnInterviewRecorded("held", "v.reed", independent=True, told_before=True)
DECLINED = ReturnInterviewRecorded("declined", "v.reed")


@dataclass
class Child:
    """One child with two cases, because two records were judged to be the same child."""

    office: Office
    reader: Reader
    first: UUID
    second: UUID

    def report(self, case: UUID, risk: str | None = None) -> None:
        told = msgspec.convert({"risk": risk}, MissingReported)
        casework.report_missing(self.office.desk, self.reader, str(case), told)
        self.office.later()

    def find(self, case: UUID, found: MissingFound | None = None, **command: Any) -> UUID:
        told = found or MissingFound(where="Station Hotel")
        return casework.record_found(self.office.desk, self.reader, str(case), told, **command).id

    def interview(self, case: UUID, told: ReturnInterviewRecorded) -> UUID:
        return casework.record_interview(self.office.desk, self.reader, str(case), told).id

    def away(self) -> list[sheet.Missing]:
        with self.office.system.reading() as db:
            return sheet.now(db, self.reader, self.office.desk.clock())

    def owed(self, clock: str) -> list[UUID]:
        with self.office.system.reading() as db:
            asked = due.DueFilter(clock=clock)  # type: ignore[arg-type]
            return [
                row.item for row in due.listed(db, self.reader, self.office.desk.clock(), asked)
            ]


def merged(office: Office) -> Child:
    cases = [office.case(name) for name in ("Kayleigh Marlow", "Kaylee Marlow")]
    one, other = (str(event.child) for event in office.events(CaseOpened))
    identity.judge(office.desk, office.reader, one, other, "same", "one school, one mother")
    return Child(office, office.reader, *cases)


def test_a_merged_child_is_missing_once_and_found_on_either_case(either: Office) -> None:
    child = merged(either)
    child.report(child.first, "medium")
    child.report(child.second, "high")
    (row,) = child.away()
    assert (row.case, row.risk) == (child.first, "high")
    child.find(child.second)
    assert child.away() == []
    assert child.owed("missing-child") == []
    with either.system.reading() as db:
        assert not any(row.missing for row in cases.list_cases(db, child.reader))
    with pytest.raises(Refused, match="not reported missing"):
        child.find(child.first)


def test_a_child_reported_in_one_case_is_found_on_the_other_and_interviewed_there(
    office: Office,
) -> None:
    child = merged(office)
    child.report(child.first)
    missing.grade(office.desk, child.reader, str(child.second), MissingGraded("high", "no coat"))
    assert office.events(MissingGraded) == [MissingGraded("high", "no coat")]
    assert child.find(child.second) == child.first
    assert len(office.events(MissingFound)) == 1
    told = msgspec.structs.replace(HELD, withhold="her phone")
    assert child.interview(child.second, told) == child.first
    assert child.owed("return-interview") == []
    assert missing.last_interview(office.desk, child.reader, str(child.second), None)
    missing.weigh(
        office.desk,
        child.reader,
        str(child.second),
        WithholdingWeighed("passed-on", "he gave it to her"),
    )
    with office.system.reading() as db:
        assert view.back(db, child.reader) == []
        assert view.figure(db, child.reader, office.desk.clock()).children == 1


def test_one_interview_answers_for_both_cases_and_is_recorded_once_however_often_told(
    office: Office,
) -> None:
    child = merged(office)
    for case in (child.first, child.second):
        child.report(case)
    command = uuid4()
    assert {child.find(child.second, command_id=command) for _ in range(2)} == {child.second}
    assert len(office.events(MissingFound)) == 2
    child.interview(child.first, HELD)
    assert child.owed("return-interview") == []
    with pytest.raises(
        Refused, match="no return interview is due for this child: record the child's return first"
    ):
        child.interview(child.second, HELD)


def test_a_time_before_the_other_report_leaves_that_one(office: Office) -> None:
    """If a child's return is dated before a second missing report, the return ends only the first
    report.
    """
    child = merged(office)
    child.report(child.first)
    early = office.desk.clock() - timedelta(minutes=10)
    told = MissingReported(since=office.desk.clock())
    casework.report_missing(office.desk, child.reader, str(child.second), told)
    child.find(child.first, MissingFound(found=early))
    assert [row.case for row in child.away()] == [child.second]


def test_two_children_who_were_split_again_are_found_apart(office: Office) -> None:
    child = merged(office)
    identity.split(office.desk, office.reader, str(office.events(CaseOpened)[1].child), "sisters")
    for case in (child.first, child.second):
        child.report(case)
    assert len(child.away()) == 2
    child.find(child.second)
    assert [row.case for row in child.away()] == [child.first]


def test_a_case_of_another_team_changes_no_answer(office: Office) -> None:
    """The product neither shows nor ends another team's hidden missing report about the child."""
    child = merged(office)
    far = msgspec.structs.replace(office.reader, team="Deter")
    hidden = referral.receive(office.desk, far, child="Kay Marlow").id
    one, other = office.events(CaseOpened)[0].child, office.events(CaseOpened)[2].child
    identity.judge(office.desk, office.reader, str(one), str(other), "same", "her aunt said so")
    child.reader = Staff(office).hire("ds.own", "supervisor")
    for case in (child.first, hidden):
        casework.report_missing(office.desk, office.reader, str(case), MissingReported())
    assert [row.case for row in child.away()] == [child.first]
    child.find(child.second)
    assert child.away() == []
    child.reader = Staff(office).hire("ds.far", "supervisor", teams=["Deter"])
    assert [row.case for row in child.away()] == [hidden]


# --- declined interviews that are held later -------------------------------------------------


def test_an_interview_that_was_declined_is_held_the_next_day(either: Office) -> None:
    child = merged(either)
    child.report(child.first)
    child.find(child.first)
    child.interview(child.first, DECLINED)
    assert child.owed("return-interview") == []
    either.later(24)
    child.interview(child.first, HELD)
    with either.system.reading() as db:
        (episode,) = view.of_case(db, child.reader, child.first)
        assert (episode.interview, view.back(db, child.reader)) == ("held", [])
    assert child.owed("return-interview") == []


def test_a_late_interview_of_a_declined_return_owes_no_other(office: Office) -> None:
    """A child who declined an interview after each of two returns may later speak about the first.
    An interview about the second return need not be offered again then."""
    child = merged(office)
    for _ in range(2):
        child.report(child.first)
        found = MissingFound(found=office.desk.clock())
        child.find(child.first, found)
        child.interview(child.first, DECLINED)
        office.later(48)
    first = office.events(MissingFound)[0].found + timedelta(days=1)
    child.interview(child.first, msgspec.structs.replace(HELD, happened=first))
    assert child.owed("return-interview") == []
    with office.system.reading() as db:
        assert cases.list_cases(db, child.reader)[0].returned is None
        states = [row.interview for row in view.of_case(db, child.reader, child.first)]
    assert states == ["held", "declined"]
