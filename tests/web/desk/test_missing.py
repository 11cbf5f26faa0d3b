"""The coordinator's page shows missing children with facts that may help to find them, children who
returned, and patterns.
"""

import re
from datetime import date
from uuid import UUID

import pytest

from commands.families import casework
from commands.intelligence import identity, links
from commands.kernel import entity
from domain.families.missing import PatternJudged, PlanWritten
from domain.families.referral import (
    CaseOpened,
    MissingFound,
    MissingGraded,
    MissingReported,
    ReturnInterviewRecorded,
    WithholdingWeighed,
)
from domain.information.observation import ObservationRecorded
from tests.commands.office import Office
from tests.web.conftest import House


@pytest.fixture
def case(house: House) -> UUID:
    return house.office.case("Chantelle Moss")


def came_back(office: Office, child: str, where: str) -> UUID:
    case = office.case(child)
    casework.report_missing(office.desk, office.reader, str(case), MissingReported())
    casework.record_found(office.desk, office.reader, str(case), MissingFound(where=where))
    return case


def test_all_that_may_find_a_child_is_on_one_sheet(house: House, case: UUID) -> None:
    office = house.office
    words = office.words("Baz drives her in PK95 ABC to the arcade", case=str(case))
    child = office.events(CaseOpened)[0].child
    baz, friend, driver = (office.person(name) for name in ("Baz", "Ellie Stone", "Nick"))
    entity.classify(office.desk, office.reader, str(baz), "suspect", "named by her mother")
    entity.classify(office.desk, office.reader, str(driver), "convicted", "by a court")
    entity.classify(office.desk, office.reader, str(friend), "vulnerable-child", "a friend")
    for one, other, kind in (
        (str(child), str(baz), "association"),
        (str(child), str(friend), "associate"),
        (str(baz), "vehicle:PK95 ABC", "uses"),
        (str(child), "vehicle:PK95 DEF", "passenger-of"),
        (str(driver), "vehicle:PK95 DEF", "driver-of"),
        (str(child), "place:The Arcade, Town B", "frequents"),
    ):
        links.assert_link(office.desk, office.reader, str(words), one, other, kind)  # type: ignore[arg-type]
    sergeant = house.somebody("ds.hale")
    assert "No child is recorded as missing." in sergeant.get("/today/missing").text
    told = {"call": "her mother", "usual": "the arcade", "tell": "she is diabetic"}
    sergeant.do("missing plan", case, review="2031-01-01", **told)
    where = {"seen_where": "the gate", "seen_with": "a man", "risk": "medium"}
    sergeant.do("missing reported", case, since="2011-03-17T22:00", **where)
    page = sergeant.get("/today/missing").text
    for said in ("Chantelle Moss", "Medium danger", "the gate, with a man", "1 night"):
        assert said in page, said
    for said in ("Baz", "PK95ABC", "The Arcade, Town B", "her mother", "she is diabetic"):
        assert said in page, said
    plain = re.sub("<[^>]+>", "", page)
    for said in (
        "Baz association, ungraded: suspect",
        "Nick driver of PK95DEF, ungraded: convicted",
        "PK95ABC Baz uses, ungraded",
    ):
        assert said in plain, said
    assert "Ellie Stone" not in page, "other children are never beside a child"
    assert "<form" not in page.partition("<main")[2], "each act has a page of its own"
    for act, shown in (("missing-found", "Where"), ("missing-plan", "she is diabetic")):
        form = sergeant.get(f"/today/missing/do/{act}?row={case}").text
        assert "Chantelle Moss" in form
        assert shown in form
    again = sergeant.tell(
        "missing risk", "/today/missing", case=str(case), risk="high", reason="cold"
    )
    assert "High danger" in again.text
    assert house.office.events(MissingGraded)[0].reason == "cold"
    assert house.office.events(PlanWritten)[0].review == date(2031, 1, 1)


def test_what_a_child_asked_is_weighed_and_what_they_told_is_led_to_by_the_interview(
    house: House, case: UUID
) -> None:
    sergeant = house.somebody("ds.hale")
    sergeant.do("missing reported", case)
    sergeant.do("missing found", case, where="Station Hotel", company="a man", finder="a patrol")
    page = sergeant.get("/today/missing").text
    assert "no interview was held" in page
    told = {"state": "held", "by": "v.reed", "told_before": "yes", "independent": "yes"}
    asked = {**told, "withhold": "where her phone came from"}
    page = sergeant.tell("missing interview", "/today/missing", case=str(case), **asked).text
    assert "where her phone came from" in page
    assert "a supervisor decides" in page
    page = sergeant.do("missing told", case, words="He gave her the phone").text
    assert "Log entry recorded, caused by the interview." in page
    (words,) = house.office.events(ObservationRecorded)
    assert (words.case, words.words) == (case, "He gave her the phone")
    facts = house.office.facts()
    (led,) = [fact.because_of for fact in facts if isinstance(fact.event, ObservationRecorded)]
    assert led == tuple(
        fact.ref for fact in facts if isinstance(fact.event, ReturnInterviewRecorded)
    )
    weighed = {"decision": "passed-on", "reason": "he gave it to her; she knows"}
    page = sergeant.do("missing weighed", case, **weighed).text
    assert "Decision: all of the child&#39;s words are passed on" in page
    assert house.office.events(WithholdingWeighed)[0].decision == "passed-on"
    assert "No return interviews due" in sergeant.get("/today/missing").text


def test_a_pattern_waits_for_a_person_and_ties_nobody(house: House) -> None:
    first = came_back(house.office, "Ann Field", "12 Mill Ln, Town B")
    second = came_back(house.office, "Tilly Marsh", "12 mill lane town b")
    sergeant = house.somebody("ds.hale")
    page = sergeant.get("/today/missing").text
    assert "Ann Field and Tilly Marsh" in page
    assert "found in one place" in page
    found = re.search(r"/today/missing/do/missing-judged\?row=([0-9a-f-]+)", page)
    assert found
    pattern = found[1]
    assert 'name="judgement"' in sergeant.get(found[0]).text
    assert sergeant.get("/today/missing/do/missing-judged").status_code == 404
    told = {"pattern": pattern, "judgement": "dismissed"}
    assert sergeant.tell("missing judged", "/today/missing", **told, reason=" ").status_code == 422
    page = sergeant.tell("missing judged", "/today/missing", **told, reason="a school trip").text
    assert "No patterns of missing episodes to judge." in page
    (judged,) = house.office.events(PatternJudged)
    assert {judged.case, judged.other} == {first, second}
    assert not house.office.links()
    assert "a school trip" not in sergeant.get("/list/patterns").text


def test_two_records_of_one_child_are_no_pattern(house: House) -> None:
    for name in ("Ann Field", "Anne Field"):
        came_back(house.office, name, "12 Mill Lane, Town B")
    office, sergeant = house.office, house.somebody("ds.hale")
    assert "found in one place" in sergeant.get("/today/missing").text
    one, other = (event.child for event in office.events(CaseOpened))
    identity.judge(office.desk, office.reader, str(one), str(other), "same", "one girl")
    assert "No patterns of missing episodes to judge." in sergeant.get("/today/missing").text


def test_a_merged_child_is_found_on_either_page_and_held_follows_declined(
    house: House, case: UUID
) -> None:
    office = house.office
    other = office.case("Chantel Moss")
    one, two = (str(event.child) for event in office.events(CaseOpened))
    identity.judge(office.desk, office.reader, one, two, "same", "one school, one mother")
    casework.report_missing(office.desk, office.reader, str(case), MissingReported())
    sergeant = house.somebody("ds.hale")
    assert "Missing since" in sergeant.get(f"/cases/{other}").text
    sergeant.do("missing found", other)
    assert "No child is recorded as missing." in sergeant.get("/today/missing").text
    for state in ("declined", "held"):
        sergeant.do("missing interview", case, state=state, by="v.reed", told_before="yes")
    assert "return home interview held" in sergeant.get(f"/cases/{case}").text


def test_it_reports_how_many_were_missing_three_times_in_a_year(house: House, case: UUID) -> None:
    for _ in range(3):
        house.office.later(30)
        casework.report_missing(
            house.office.desk, house.office.reader, str(case), MissingReported()
        )
        house.office.later(30)
        casework.record_found(house.office.desk, house.office.reader, str(case), MissingFound())
    page = house.somebody("ds.hale").get("/today/missing").text
    assert "missing three times within 90 days" in page
    assert "1 child went missing; 1 of them three times or more" in page
