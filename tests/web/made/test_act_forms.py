"""The search box offers the screens and actions of the user's role. An action opens as a form in
which the user chooses its item."""

import re

from commands.families import casework
from domain.families.referral import MissingReported
from projections.families import cases
from tests.web.conftest import House
from tests.web.live import Live, live

__all__ = ["live"]


def test_the_search_box_offers_what_the_role_may_do(live: Live) -> None:
    live.hire("psw.ellis", "psw")
    live.hire("auditor.wray", "auditor")
    offered = {
        name: live.somebody(name).get("/palette").json() for name in ("psw.ellis", "auditor.wray")
    }
    acts = {name: {one["href"] for one in each["acts"]} for name, each in offered.items()}
    assert {"/do/support-contact", "/do/missing-reported"} <= acts["psw.ellis"]
    assert not {"/do/support-contact", "/do/missing-reported"} & acts["auditor.wray"]
    pages = {name: {one["href"] for one in each["pages"]} for name, each in offered.items()}
    assert "/cases/mine" in pages["psw.ellis"]
    assert "/verify" in pages["auditor.wray"]
    assert "/verify" not in pages["psw.ellis"]
    assert live.somebody("auditor.wray").get("/do/missing-reported").status_code == 404


def test_no_act_is_offered_that_asks_for_an_id_without_a_name(house: House) -> None:
    acts = {one["href"]: one["of"] for one in house.somebody().get("/palette").json()["acts"]}
    assert acts["/do/missing-reported"] == "case"
    assert acts["/do/link"] == "any"
    assert acts["/do/person-add"] is None
    assert not {"/do/notice-breach", "/do/alert-answer", "/do/glass-close"} & set(acts)


def test_a_child_is_picked_and_their_case_is_meant(house: House) -> None:
    case = house.office.case("Ellie Crane")
    with house.office.system.reading() as db:
        row = cases.get(db, house.office.reader, case)
    assert row
    worker = house.somebody()
    page = worker.get(f"/do/missing-reported?of={row.child}&back=/cases/{case}").text
    assert f'<input type="hidden" name="case" value="{case}">' in page
    assert re.search(r"<h1[^>]*>[^<]*: <bdi>[^<]*Ellie Crane", page)
    sent = worker.tell("missing reported", f"/cases/{case}", case=str(case), risk="high")
    assert sent.url.path == f"/cases/{case}"
    assert house.office.events(MissingReported)


def test_a_form_without_its_item_offers_the_families_by_name(house: House) -> None:
    house.office.case("Ellie Crane")
    page = house.somebody().get("/do/missing-reported").text
    assert re.search(r'<option value="\d+">[^<]*Ellie Crane', page)
    assert house.somebody().get("/do/missing-reported?of=00000000").status_code == 404
    assert house.somebody().get("/do/nothing").status_code == 404


def test_access_to_an_item_that_is_not_shown_is_requested_from_the_first_page(live: Live) -> None:
    live.hire("psw.ellis", "psw")
    live.hire("sw.ash", "social-worker")
    hidden = "01234567-89ab-7def-8123-456789abcdef"
    page = live.somebody("sw.ash").get(f"/do/glass-break?of={hidden}").text
    assert f'<input type="hidden" name="case" value="{hidden}">' in page
    assert page.count(hidden) == 1


def test_a_form_offers_the_families_of_the_worker_first(house: House) -> None:
    office = house.office
    children = {"psw.ellis": "Ellie Crane", "psw.frost": "Zoe Marsh"}
    for number, (worker, child) in enumerate(children.items(), start=1):
        office.case(child)
        casework.allocate(office.desk, office.reader, str(number), worker, "parents")
    for worker, child in children.items():
        page = house.somebody(worker).get("/do/missing-reported").text
        first, second = re.findall(r'<option value="\d+">([^<]*)', page)
        assert child in first
        assert child not in second
