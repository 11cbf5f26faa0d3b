"""A meeting on its page: the agenda that builds itself, decisions, minutes that can be printed."""

from uuid import UUID

from commands.intelligence import links, meeting
from domain.intelligence.meeting import Decided, MeetingCalled, ResultTold
from tests.access.staff import Staff
from tests.web.conftest import House


def test_a_meeting_from_its_call_to_what_came_of_it(house: House) -> None:
    office = house.office
    case = office.case("Chantelle Moss")
    words = office.words("He was at the gate", case=str(case))
    office.later()
    lead = house.somebody("ds.hale")
    assert "No meetings." in lead.get("/meetings").text
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
    for said in ("see the parents", "Contact family", "Based on", "He was at the gate"):
        assert said in page, said
    (decided,) = [fact for fact in office.facts() if isinstance(fact.event, Decided)]
    asked = told | {"task": "watch", "doer": "parent"}
    refused = lead.send("/do/meeting-decide", meeting=str(called.stream), **asked)
    assert refused.status_code == 422
    assert "a task of the police" in refused.text
    page = lead.tell("meeting held", at, meeting=str(called.stream), came="ds.hale, psw.ellis").text
    for said in ("Attendees", "ds.hale, psw.ellis", "Agenda items", 'id="print"'):
        assert said in page, said
    owed = lead.get("/meetings").text
    assert "My decisions to carry out" in owed
    assert "see the parents" in owed
    told = {"state": "done", "words": "they were in"}
    page = lead.tell("meeting result", at, decision=str(decided.stream), **told).text
    assert "Result: " in page
    assert "they were in" in page
    assert office.events(ResultTold)[0].state == "done"
    assert "see the parents" not in lead.get("/meetings").text
    found = lead.get(f"/items/{decided.stream}")
    assert found.url.path == at


def test_nobody_is_shown_a_meeting_that_is_not_there(house: House) -> None:
    assert house.somebody("ds.hale").get(f"/meetings/{UUID(int=7)}").status_code == 404


def test_each_person_for_decision_has_the_form_beside_them(house: House) -> None:
    """Decisions there are saved with it; a person who is not on the board cannot be decided
    about."""
    office = house.office
    case = office.case("Chantelle Moss")
    report = office.assessed(office.words("He picks her up", case=str(case)), "2B").id
    man = office.person("Vince Tarrow", categories=(("suspect", "named twice"),))
    tie = links.assert_link(
        office.desk, office.reader, report, str(man), "Chantelle Moss", "association"
    ).id
    office.later()
    lead = house.somebody("ds.hale")
    told = {"kind": "weekly-brief", "starts": "2011-03-18T09:30", "chair": "ds.hale"}
    page = lead.tell("meeting call", "/meetings", **told).text
    (called,) = [fact for fact in office.facts() if isinstance(fact.event, MeetingCalled)]
    at = f"/meetings/{called.stream}/people"
    assert f'href="{at}"' in page
    page = lead.get(at).text
    for said in ("Vince Tarrow", "Chantelle Moss", "Missing to act", f"/trail/{tie}"):
        assert said in page, said
    assert f'value="{man}"' in page, "the form names him"
    told = {"words": "look for his car", "task": "watch", "owner": "ds.hale"}
    told |= {"by": "2011-03-25", "because_of": str(report), "subject": str(man)}
    page = lead.tell("meeting decide", at, meeting=str(called.stream), **told).text
    assert "look for his car" in page
    assert "Decided here, nothing new" in page
    (decided,) = [fact.event for fact in office.facts() if isinstance(fact.event, Decided)]
    assert decided.about == man


def test_the_people_for_decision_are_for_those_who_see_the_network(house: House) -> None:
    """A support worker comes to the meeting, and its board of suspects stays closed to them."""
    called = meeting.call(
        *(house.office.desk, house.office.reader),
        MeetingCalled("weekly-brief", house.office.desk.clock(), "", "ds.hart", ""),
    )
    staff = Staff(house.office)
    staff.hire("ds.near", "detective")
    staff.hire("psw.near", "psw")
    page = house.somebody("psw.near").get(f"/meetings/{called.id}")
    assert page.status_code == 200
    assert "/people" not in page.text.partition("<main")[2]
    asked = {
        name: house.somebody(name).get(f"/meetings/{called.id}/people").status_code
        for name in ("ds.near", "psw.near")
    }
    assert asked == {"ds.near": 200, "psw.near": 403}
