"""The page of a log entry or other record shows its status, its steps and the actions on it.
Decisions have another page."""

import html
import re

import pytest

from commands.families import referral
from commands.information import observation
from commands.people_and_teams import account, two_person
from tests.web.client import Client
from tests.web.conftest import House, Somebody
from tests.web.live import KEEPER, Live, live
from tests.web.screens import EVERY, HANDLER, MANAGER, OFFICER, WORKER, State
from tests.web.screens import KEEPER as ADMINISTRATOR
from tests.web.showcase import Showcase
from web.app import make_app
from web.records.record_page import RECORDS

__all__ = ["live"]
PAGES = [one for one in EVERY if one.serves in RECORDS]
STEP = re.compile(r'<li class="c-timeline__row">(.*?)</li>', re.DOTALL)


@pytest.fixture(scope="module")
def app(shown: Showcase) -> object:
    return make_app(shown.office.system)


def test_each_record_is_among_the_screens() -> None:
    assert {page.serves for page in PAGES} == set(RECORDS)


@pytest.mark.in_turn
@pytest.mark.parametrize("one", PAGES, ids=lambda one: one.serves)
def test_each_record_has_a_status_and_its_former_address_leads_there(
    shown: Showcase, app: object, one: State
) -> None:
    somebody = Somebody(Client(app), one.who).sign_in()
    path = shown.address(one.at)
    page = somebody.get(path)
    assert page.text.count("<dt>Status</dt>") == 1
    assert re.search(r'<h1 class="govuk-heading-l c-band__name">.+?</h1>', page.text)
    if before := RECORDS[one.serves]:
        former = before.replace("{which}", path.rpartition("/")[2])
        assert somebody.get(former).url.path == path
    assert somebody.get(f"{path}/do/no-such-act").status_code == 404


@pytest.mark.in_turn
@pytest.mark.parametrize("one", PAGES, ids=lambda one: one.serves)
def test_each_act_that_is_offered_opens_its_form(shown: Showcase, app: object, one: State) -> None:
    somebody = Somebody(Client(app), one.who).sign_in()
    path = shown.address(one.at)
    text = html.unescape(somebody.get(path).text)
    for act in dict.fromkeys(re.findall(rf'href="({path}/do/[^"]+)"', text)):
        page = somebody.get(act)
        assert page.status_code == 200, act
        main = page.text.partition("<main")[2]
        assert '<form method="post"' in main, act
        assert f'href="{path}"' in main, "and the way back"


def test_the_steps_of_an_account_name_its_roles_and_no_family(live: Live) -> None:
    live.hire("ds.hale", "detective")
    case = referral.receive(live.desk, live.reader("ds.hale"), child="Kayleigh Marlow").id
    before = STEP.findall(live.somebody(KEEPER).get("/accounts/ds.hale").text)
    live.hire("mgr.two", "manager")
    account.assign(live.desk, live.reader("mgr.two"), "ds.hale", str(case))
    page = live.somebody(KEEPER).get("/accounts/ds.hale").text
    assert STEP.findall(page) == before
    assert any("Role given: detective" in step for step in before)
    assert "<dt>Families</dt><dd>1</dd>" in page


def test_an_account_that_is_no_administrators_is_not_there(live: Live) -> None:
    live.hire("ds.hale", "detective")
    sergeant = live.somebody("ds.hale")
    for path in ("/accounts/ds.hale", "/records/accounts/ds.hale"):
        assert sergeant.get(path).status_code == 404
        assert sergeant.get(f"{path}/do/user-lock").status_code == 404


@pytest.mark.parametrize(
    ("who", "parts"),
    [
        (WORKER, {"Silent search alerts"}),
        (ADMINISTRATOR, {"Access to confirm"}),
        (OFFICER, {"To countersign"}),
        (HANDLER, {"To countersign", "Erasures to approve", "Releases to confirm"}),
        (MANAGER, {"To countersign", "Erasures to approve", "Access to confirm"}),
    ],
)
def test_each_reader_has_the_parts_that_they_decide(app: object, who: str, parts: set[str]) -> None:
    page = Somebody(Client(app), who).sign_in().get("/today/to-decide").text
    shown = set(re.findall(r'<h2 class="govuk-heading-m" id="part-\d">([^<]+)</h2>', page))
    assert shown >= parts
    assert ("Access to confirm" in shown) == (who in (ADMINISTRATOR, MANAGER))
    assert ("Silent search alerts" in shown) == (who in (WORKER, MANAGER, HANDLER))


def test_what_waits_is_on_one_page_for_the_second_person(house: House) -> None:
    office = house.office
    case = office.case("Chantelle Moss")
    two_person.close(office.desk, office.reader, str(case), "moved away")
    text = house.somebody("mgr.quill").get("/today/to-decide").text
    assert "moved away" in text
    assert f'action="/today/to-decide/{case}/close/confirm"' in text


def test_the_same_page_for_a_hidden_item_and_for_none(live: Live) -> None:
    live.hire("ds.hale", "detective")
    live.hire("ds.far", "detective", team="Deter")
    item = observation.record(live.desk, live.reader("ds.hale"), words="He waits.").id
    far = live.somebody("ds.far")
    nowhere = "00000000-0000-4000-8000-000000000000"
    for below in ("", "/do/hold"):
        hidden, absent = (far.get(f"/records/retention/{one}{below}") for one in (item, nowhere))
        assert hidden.status_code == absent.status_code == 404
        assert "He waits" not in hidden.text
