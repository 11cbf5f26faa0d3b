"""A meeting on its page: the agenda that builds itself, decisions, minutes that can be printed."""

from uuid import UUID

from domain.meeting import Decided, MeetingCalled, ResultTold
from tests.web.conftest import House


def test_a_meeting_from_its_call_to_what_came_of_it(house: House) -> None:
    office = house.office
    case = office.case("Chantelle Moss")
    words = office.words("He was at the gate", case=str(case))
    office.later()
    lead = house.somebody("ds.hale")
    assert "No meeting is called." in lead.get("/meetings").text
    told = {"kind": "weekly-brief", "starts": "2011-03-18T09:30", "chair": "ds.hale"}
    page = lead.tell("meeting call", "/meetings", **told).text
    assert "Weekly brief, " in page
    assert "New referral" in page
    assert "Chantelle Moss" in page
    (called,) = [fact for fact in office.facts() if isinstance(fact.event, MeetingCalled)]
    at = f"/meetings/{called.stream}"
    page = lead.tell("meeting item", at, meeting=str(called.stream), words="the silver car").text
    assert "The silver car" in page
    told = {"words": "see the parents", "task": "contact-family", "owner": "ds.hale"}
    told |= {"by": "2011-03-25", "because_of": str(words), "case": str(case)}
    page = lead.tell("meeting decide", at, meeting=str(called.stream), **told).text
    for said in ("see the parents", "Contact family", "Rests on", "He was at the gate"):
        assert said in page, said
    (decided,) = [fact for fact in office.facts() if isinstance(fact.event, Decided)]
    asked = told | {"task": "watch", "doer": "parent"}
    refused = lead.send("/do/meeting-decide", meeting=str(called.stream), **asked)
    assert refused.status_code == 422
    assert "a task of the police" in refused.text
    page = lead.tell("meeting held", at, meeting=str(called.stream), came="ds.hale, psw.ellis").text
    for said in ("Who came", "ds.hale, psw.ellis", "What stood on the agenda", 'id="print"'):
        assert said in page, said
    owed = lead.get("/meetings").text
    assert "Mine to see to" in owed
    assert "see the parents" in owed
    told = {"state": "done", "words": "they were in"}
    page = lead.tell("meeting result", at, decision=str(decided.stream), **told).text
    assert "What came of it" in page
    assert "they were in" in page
    assert office.events(ResultTold)[0].state == "done"
    assert "see the parents" not in lead.get("/meetings").text
    found = lead.get(f"/items/{decided.stream}")
    assert found.url.path == at


def test_nobody_is_shown_a_meeting_that_is_not_there(house: House) -> None:
    assert house.somebody("ds.hale").get(f"/meetings/{UUID(int=7)}").status_code == 404
