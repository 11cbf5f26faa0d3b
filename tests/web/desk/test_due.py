"""The page of due items shows the right items, and leads to the forms that end them."""

import re
from datetime import date
from pathlib import Path

from msgspec.structs import replace

import web
from access.who_may.decide import decide
from commands.families import casework, family_contact, referral
from commands.information import observation
from commands.justice import arrest_to_result
from domain.families.family_contact import PromiseMade
from domain.information.observation import NoValueAudited
from domain.justice.arrest_to_result import ResultRecorded
from tests.web.conftest import House
from tests.web.live import Live, live
from web.desk.due import PARTS

__all__ = ["live"]


def test_a_drawn_decision_is_answered_and_what_does_not_fit_is_listed(house: House) -> None:
    office = house.office
    office.desk.policy = replace(office.desk.policy, no_value_sample=1)
    item = office.words("He was at the arcade again.")
    observation.triage(office.desk, office.somebody("ds.hart"), item, "no-value", "nothing")
    sentence = ResultRecorded("sentenced", office.person("Baz"))
    arrest_to_result.record(office.desk, office.reader, sentence, because_of=("none-known",))
    decider, other = house.somebody("ds.hart"), house.somebody("ds.bell")
    page = other.get("/today/deadlines?mine=true").text
    assert "He was at the arcade again." in page
    assert "no conviction of this person is recorded" in page
    assert "No deadlines are due" in decider.get("/today/deadlines?mine=true").text
    which = re.findall(r'name="which" value="([0-9a-f-]+)"', page)[0]
    told = {"which": which, "back": "/today/deadlines"}
    own = decider.send("/do/due-answer", **told, answer="agree", reason="fine")
    assert own.status_code == 422
    assert "another person has to audit it" in own.text
    again = other.send("/do/due-answer", **told, answer="assess", reason="the plate is known")
    assert "Answered: assess" in again.text
    assert [event.answer for event in house.office.events(NoValueAudited)] == ["assess"]
    assert "He was at the arcade again." in other.get("/queue").text


def test_what_is_due_leads_to_where_it_is_seen_to(house: House) -> None:
    """A due item links to the place where a user can complete it. In the test, a worker finds the
    form that ends a promise on the family's page."""
    office = house.office
    case = office.case("Kayleigh Marlow")
    promised = PromiseMade(case, "parents", "to ring her on Friday", date(2011, 4, 1))
    one = family_contact.promise(office.desk, office.somebody("psw.ellis"), promised, str(case)).id
    worker = house.somebody("psw.ellis")
    link = f'<a class="govuk-link" href="/cases/{case}?tab=contacts#promised">'
    casework.allocate(office.desk, office.reader, str(case), "psw.ellis", "parents")
    assert '<a class="govuk-link" href="/me#role"><bdi>psw.ellis</bdi></a>' in worker.get("/").text
    for page in ("/", "/today/deadlines"):
        assert f"{link}<bdi>Promise, Case 1, Kayleigh Marlow</bdi></a>" in worker.get(page).text
    act = f"/cases/{case}/do/family-kept?row={one}"
    assert act in worker.get(f"/cases/{case}?tab=contacts").text
    assert f'name="promise" value="{one}"' in worker.get(act).text


def test_deadlines_without_access_are_listed_together_after_the_others(live: Live) -> None:
    """A manager, who may not read log entries, first reads the deadlines of families; deadlines of
    entries are behind one line with their number, each with a link to request access. A detective,
    who may read the entries, has no such line.
    """
    live.hire("mgr.two", "manager")
    live.hire("ds.hale", "detective")
    for text in ("He was at the arcade again.", "She has a new phone."):
        observation.record(live.desk, live.reader("ds.hale"), words=text)
    referral.receive(live.desk, live.reader("ds.hale"), child="Kayleigh Marlow")
    page = live.somebody("mgr.two").get("/today/deadlines").text
    listed, _, folded = page.partition("No access: 2 deadlines")
    assert "Allocate a worker to a child: " in listed
    assert "Log entry" not in listed.partition("<h1")[2]
    assert folded.count(">Log entry, ") == 2
    may = decide(live.reader("mgr.two"), "break-glass").allowed
    assert folded.count("/do/glass-break?of=") == (2 if may else 0)
    assert "No access" not in live.somebody("ds.hale").get("/today/deadlines").text


def test_each_part_of_a_familys_page_to_which_a_date_leads_is_there() -> None:
    written = "".join(
        file.read_text("utf-8")
        for file in (Path(web.__file__).parent / "templates").rglob("*.html")
    )
    parts = {*PARTS.values(), "case", "role", "carried", "supervision"}
    assert [part for part in parts if f'id="{part}"' not in written] == []
