"""The page of a meeting has a form beside each person about whom the meeting must decide, and saves
the decision with the meeting. Only people on the team's board of suspects can be decided about."""

import io
import zipfile
from uuid import UUID

from pypdf import PdfReader

from commands.intelligence import links, meeting
from domain.data_protection.access_log import RecordConsulted
from domain.intelligence.meeting import BoardKept, Decided, MeetingCalled, MeetingHeld, ResultTold
from domain.people_and_teams.store_admin import ExportMade
from tests.access.staff import Staff
from tests.support.usecases.paper import text
from tests.web.conftest import House


def test_a_meeting_from_its_call_to_what_came_of_it(house: House) -> None:
    office = house.office
    case = office.case("Chantelle Moss")
    words = office.words("He was at the gate", case=str(case))
    office.later()
    lead = house.somebody("ds.hale")
    assert "No future meetings." in lead.get("/meetings?tab=all").text
    told = {"kind": "weekly-brief", "starts": "2011-03-18T09:30", "chair": "ds.hale"}
    page = lead.tell("meeting call", "/meetings?tab=all", **told).text
    assert "Weekly brief, " in page
    assert "Chantelle Moss" in page
    (called,) = [fact for fact in office.facts() if isinstance(fact.event, MeetingCalled)]
    at = f"/meetings/{called.stream}?tab=minutes"
    assert "New referral" in lead.get(at).text
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
    for said in ("Attendees: ", "ds.hale, psw.ellis", "Agenda items", 'id="print"'):
        assert said in page, said
    owed = lead.get("/meetings?tab=all").text
    assert "My decisions to carry out" in owed
    assert "see the parents" in owed
    told = {"state": "done", "words": "they were in"}
    page = lead.tell("meeting result", at, decision=str(decided.stream), **told).text
    assert "Result: " in page
    assert "they were in" in page
    assert office.events(ResultTold)[0].state == "done"
    assert "see the parents" not in lead.get("/meetings?tab=all").text
    found = lead.get(f"/items/{decided.stream}")
    assert found.url.path == f"/meetings/{called.stream}"


def test_nobody_is_shown_a_meeting_that_is_not_there(house: House) -> None:
    assert house.somebody("ds.hale").get(f"/meetings/{UUID(int=7)}").status_code == 404


def test_each_person_for_decision_has_the_form_beside_them(house: House) -> None:
    """Each person about whom a meeting must decide has a form beside their name. There is no form
    for a person who is not on the team's board of suspects."""
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
    lead.tell("meeting call", "/meetings?tab=all", **told)
    (called,) = [fact for fact in office.facts() if isinstance(fact.event, MeetingCalled)]
    at = f"/meetings/{called.stream}?tab=decide"
    page = lead.get(f"/meetings/{called.stream}/people").text
    assert f'href="{at}" aria-current="page"' in page, "the old address leads to its new place"
    spoken = (
        "Waiting since 18 Mar 2011. Vince Tarrow associates with "
        "Chantelle Moss, recorded once in March 2011 (2B). One child: Chantelle Moss. "
        "Status not recorded."
    )
    for said in (spoken, "Next: Which vehicle", f"/trail/{tie}", "First Vince Tarrow: "):
        assert said in page, said
    assert spoken in lead.get("/meetings").text, "the meeting that is next"
    form = lead.get(f"/meetings/{called.stream}/do/meeting-decide?row={man}").text
    assert f'name="subject" value="{man}"' in form, "the form names him"
    assert f'name="meeting" value="{called.stream}"' in form
    assert f"/meetings/{called.stream}/do/meeting-decide?row={man}" in page
    assert lead.get(f"/meetings/{called.stream}/do/meeting-decide?row={case}").status_code == 404
    for tab in ("decide", "minutes", "all"):
        main = lead.get(f"/meetings/{called.stream}?tab={tab}").text.partition("<main")[2]
        assert "<details" not in main, "each act has a page of its own"
    told = {"words": "look for his car", "task": "watch", "owner": "ds.hale"}
    told |= {"by": "2011-03-25", "because_of": str(report), "subject": str(man)}
    page = lead.tell("meeting decide", at, meeting=str(called.stream), **told).text
    assert "look for his car" in page
    assert "Decisions of this meeting" in page
    (decided,) = [fact.event for fact in office.facts() if isinstance(fact.event, Decided)]
    assert decided.about == man


def test_the_people_for_decision_are_for_those_who_see_the_network(house: House) -> None:
    """Only users who see the network see the people about whom a meeting must decide: a support
    worker who attends the meeting does not see its board of suspects.
    """
    called = meeting.call(
        *(house.office.desk, house.office.reader),
        MeetingCalled("weekly-brief", house.office.desk.clock(), "", "ds.hart", ""),
    )
    staff = Staff(house.office)
    staff.hire("ds.near", "detective")
    staff.hire("psw.near", "psw")
    page = house.somebody("psw.near").get(f"/meetings/{called.id}")
    assert page.status_code == 200
    assert "tab=decide" not in page.text.partition("<main")[2]
    assert house.somebody("psw.near").get(f"/meetings/{called.id}?tab=decide").status_code == 404
    assert house.somebody("psw.near").get("/brief").status_code == 404
    asked = {
        name: house.somebody(name).get(f"/meetings/{called.id}/people").status_code
        for name in ("ds.near", "psw.near")
    }
    assert asked == {"ds.near": 200, "psw.near": 403}


def test_the_minutes_go_to_each_attendee_as_far_as_they_may_see_them(house: House) -> None:
    """Each attendee gets a copy of the minutes with only what the attendee may see. One button
    records the attendees and makes the copies, and each copy is recorded before it is handed
    over."""
    office = house.office
    case = office.case("Chantelle Moss")
    report = office.assessed(office.words("He picks her up", case=str(case)), "2B").id
    man = office.person("Vince Tarrow", categories=(("suspect", "named twice"),))
    links.assert_link(office.desk, office.reader, report, str(man), "Chantelle Moss", "association")
    called = meeting.call(
        *(office.desk, office.reader),
        MeetingCalled("weekly-brief", office.desk.clock(), "", "ds.hart", ""),
    ).id
    staff = Staff(office)
    staff.hire("ds.lead", "supervisor")
    staff.hire("ds.near", "detective")
    staff.hire("psw.near", "psw")
    lead = house.somebody("ds.lead")
    page = lead.get("/meetings").text
    assert 'name="came" value="psw.near"' in page, "a name is chosen, not typed"
    form = lead.get(f"/meetings/{called}/do/meeting-decide?row={man}").text
    assert 'value="ds.near"></option>' in form, "so is the owner of a decision"
    nobody = lead.send(f"/meetings/{called}/papers")
    assert nobody.status_code == 422
    assert "choose who attended" in nobody.text
    came = ["ds.lead", "ds.near", "psw.near"]
    before = len(office.events(ExportMade, "access"))
    sent = lead.send(f"/meetings/{called}/papers", came=came)
    assert sent.status_code == 200, sent.text
    with zipfile.ZipFile(io.BytesIO(sent.content)) as archive:
        copies = {name: text(PdfReader(archive.open(name))) for name in archive.namelist()}
    assert list(copies) == [f"minutes-2011-03-18-{name}.pdf" for name in came]
    for name, said in zip(came, copies.values(), strict=True):
        assert f"for {name}." in said
        assert ("1. Vince Tarrow: decide." in said) == (name != "psw.near"), (name, said)
    (held,) = office.events(MeetingHeld)
    (board,) = office.events(BoardKept)
    assert list(held.came) == list(board.to) == came
    exports = office.events(ExportMade, "access")[before:]
    assert [export.recipient for export in exports] == came
    assert str(man) in exports[0].ids
    assert str(man) not in exports[2].ids
    assert man.bytes in office.events(RecordConsulted, "access")[-1].ids
    lead.send(f"/meetings/{called}/papers", came=came)
    assert len(office.events(MeetingHeld)) == len(office.events(BoardKept)) == 1, "recorded once"
    assert house.somebody("psw.near").send(f"/meetings/{called}/papers").status_code == 403


def test_the_old_addresses_of_the_brief_lead_to_the_meeting_with_their_filters(
    house: House,
) -> None:
    lead = house.somebody("ds.hale")
    house.office.words("A grey van")
    found = {
        path: lead.get(path).url for path in ("/brief", "/brief?days=7", "/brief/items?days=7")
    }
    assert {path: f"{url.path}?{url.query.decode()}" for path, url in found.items()} == {
        "/brief": "/meetings?tab=changed",
        "/brief?days=7": "/meetings?tab=changed&days=7",
        "/brief/items?days=7": "/meetings?tab=changed&days=7&every=true",
    }
