"""The administrator's screens show people, roles, teams, codes, keys and due items, but no content
of the record.
"""

import re
from datetime import timedelta

import pyotp
import pytest

from commands.families import referral
from commands.information import observation
from commands.people_and_teams import grant
from domain.people_and_teams.account import UserLocked
from domain.people_and_teams.grant import GlassBroken, GlassReviewed
from projections.families import cases
from tests.web.conftest import Somebody
from tests.web.live import KEEPER, PASSWORD, Live, live

__all__ = ["live"]


@pytest.fixture
def staff(live: Live) -> Live:
    live.hire("ds.hale", "detective")
    return live


@pytest.fixture
def manager(staff: Live) -> Somebody:
    """Add a manager to the store, and sign the manager in. The manager confirms the roles and teams
    that the administrator proposes.
    """
    staff.hire("mgr.cole", "manager")
    return staff.somebody("mgr.cole")


@pytest.fixture
def keeper(staff: Live) -> Somebody:
    return staff.somebody(KEEPER)


def events(live: Live, kind: type) -> list[object]:
    log = live.desk.logs["access"]
    return [fact.event for fact in log.read(0, 10_000) if isinstance(fact.event, kind)]


def test_somebody_comes_to_work_here(staff: Live, manager: Somebody, keeper: Somebody) -> None:
    page = keeper.send("/accounts", user="sw.birch", role="social-worker", team="Cherish, Deter")
    assert page.url.path == "/records/accounts/sw.birch"
    assert '<span class="govuk-visually-hidden">: Cherish</span>' in page.text
    assert '<span class="govuk-visually-hidden">: Deter</span>' in page.text
    page = keeper.send("/records/accounts/sw.birch/enrol")
    code = re.search(r"<code>([0-9A-Z-]{23})</code>", page.text)
    assert code
    assert code[1] not in keeper.get("/accounts/sw.birch").text
    client = staff.client(follow_redirects=True)
    given = client.post("/enrol", data={"name": "sw.birch", "code": code[1]})
    secret = given.text.partition("Key: <code>")[2].partition("<")[0].replace(" ", "")
    staff.phones["sw.birch"] = pyotp.TOTP(secret)
    form = {"name": "sw.birch", "code": code[1], "password": PASSWORD, "again": PASSWORD}
    done = client.post("/enrol/finish", data=form | {"digits": staff.digits("sw.birch")})
    assert 'href="/cases/mine"' not in done.text, "nobody has confirmed the role"
    manager.send("/do/user-role-confirm", user="sw.birch", role="social-worker")
    done = client.get("/")
    assert 'href="/cases/mine"' in done.text
    assert 'href="/queue"' not in done.text
    assert keeper.send("/accounts", user="sw.birch", role="psw").status_code == 422
    assert keeper.send("/accounts", user="x.y", role="psw", team="Nowhere").status_code == 422
    assert keeper.get("/accounts/nobody.atall").status_code == 404


def test_a_program_gets_its_key_on_the_screen_and_loses_it_there(
    staff: Live, manager: Somebody, keeper: Somebody
) -> None:
    """A program's key is managed on the screens: an administrator proposes it, the manager confirms
    it and sees it, and it can be ended."""
    page = keeper.send("/accounts", user="svc.portal", role="detective", service="true")
    assert "The program has no key, so it cannot call the API." in page.text
    assert keeper.send("/records/accounts/svc.portal/enrol").status_code == 422
    until = (staff.system.clock() + timedelta(days=30)).date()
    proposed = keeper.send("/records/accounts/svc.portal/key", until=str(until)).text
    assert "continuum_" not in proposed
    assert "a manager or a DCI confirms the key" in proposed
    assert "A key of the program" in manager.get("/waiting-access").text
    page = manager.send("/today/to-decide/access/svc.portal/key", until=str(until))
    key = re.search(r"<code[^>]*>(continuum_[^<]{43})</code>", page.text)
    assert key
    assert key[1] not in keeper.get("/accounts/svc.portal").text
    api = staff.client(headers={"Authorization": f"Bearer {key[1]}"})
    assert "never used" in keeper.get("/accounts/svc.portal").text
    assert api.get("/api/v1/queue").status_code == 200
    assert "last used" in keeper.get("/accounts/svc.portal").text
    one = re.search(r'name="key" value="([0-9a-f]{32})"', keeper.get("/accounts/svc.portal").text)
    assert one
    assert (
        "The program has no key"
        in keeper.send("/records/accounts/svc.portal/key/end", key=one[1]).text
    )
    assert api.get("/api/v1/queue").status_code == 401
    staff.later(minutes=6)
    again = keeper.send("/records/accounts/svc.portal/key", until=str(until))
    assert "Sign in again" in again.text


def test_a_code_asks_for_the_second_factor_once_more(staff: Live, keeper: Somebody) -> None:
    staff.later(minutes=6)
    assert "Sign in again" in keeper.send("/records/accounts/ds.hale/enrol").text


def test_roles_and_teams_count_from_the_next_click(
    staff: Live, manager: Somebody, keeper: Somebody
) -> None:
    sergeant = staff.somebody("ds.hale")
    assert sergeant.get("/manage").status_code == 200
    keeper.send("/do/user-role-take", user="ds.hale", role="detective")
    assert sergeant.get("/queue").status_code == 404
    keeper.send("/do/user-role-give", user="ds.hale", role="manager")
    assert sergeant.get("/manage").status_code == 404, "it is proposed"
    manager.send("/do/user-role-confirm", user="ds.hale", role="manager")
    assert sergeant.get("/manage").status_code == 200
    assert (
        keeper.send("/do/user-role-give", user="ds.hale", role="administrator").status_code == 422
    )
    keeper.send("/do/user-team-join", user="ds.hale", team="Deter")
    assert staff.reader("ds.hale").teams == {"Engage"}
    manager.send("/do/user-team-confirm", user="ds.hale", team="Deter")
    keeper.send("/do/user-team-leave", user="ds.hale", team="Engage")
    assert staff.reader("ds.hale").teams == {"Deter"}
    keeper.send("/do/team-merge", team="Deter", into="Freedom")
    assert staff.reader("ds.hale").teams == {"Deter"}, "it is proposed"
    assert "The merger into Freedom" in manager.get("/waiting-access").text
    refused = manager.send("/do/team-merge", team="Deter", into="Freedom")
    assert "cannot confirm this proposal for these teams: Deter, Freedom" in refused.text
    staff.later(minutes=1)
    sergeant.send("/do/team-merge", team="Deter", into="Freedom")
    assert "Deter" in keeper.get("/list/team-list").text.partition("Former names")[2]
    assert staff.reader("ds.hale").teams == {"Deter", "Freedom"}
    assert keeper.send("/do/team-merge", team="Deter", into="Nowhere").status_code == 422


def test_a_person_who_is_locked_out_or_leaves_is_out(staff: Live, keeper: Somebody) -> None:
    sergeant = staff.somebody("ds.hale")
    keeper.send("/do/user-lock", user="ds.hale", reason="a lost phone")
    assert events(staff, UserLocked)
    assert sergeant.get("/queue").url.path == "/sign-in"
    assert "Locked" in keeper.get("/accounts/ds.hale").text
    keeper.send("/do/user-unlock", user="ds.hale")
    staff.somebody("ds.hale")
    assert keeper.send("/do/user-leave", user="ds.hal").status_code == 422
    left = keeper.send("/do/user-leave", user="ds.hale", back="/records/accounts/ds.hale").text
    assert ">Left</strong>" in left
    right = staff.right("ds.hale")
    assert staff.client().post("/sign-in", data=right).status_code == 401
    assert keeper.send("/do/user-lock", user=KEEPER, reason="x").status_code == 422


def test_keys_are_rotated_by_who_runs_the_store_once_they_proved_it(
    staff: Live, keeper: Somebody
) -> None:
    page = keeper.get("/store").text
    assert "No fault of the data store was found" in page
    assert "<code>" not in page.partition("Keys")[2].partition("</table>")[0]
    assert "epoch 2" in keeper.send("/store/keys").text
    staff.later(minutes=6)
    assert "Sign in again" in keeper.send("/store/keys").text
    assert staff.somebody("ds.hale").send("/store/keys").status_code == 404


def test_what_is_due_for_review_is_shown_to_who_may_erase_it(staff: Live, keeper: Somebody) -> None:
    sergeant = staff.reader("ds.hale")
    referral.receive(staff.desk, sergeant, child="Kayleigh Marlow")
    assert "Kayleigh" in staff.somebody("ds.hale").get("/retention?every=true").text
    assert keeper.get("/retention").status_code == 404
    assert "/retention" not in keeper.get("/").text


def grant_in(page: str) -> str:
    """Return the id of the grant of access that is in a field of this page's form."""
    found = re.search(r'name="rows" value="([0-9a-f-]{36})"', page)
    assert found
    return found[1]


# --- emergency access to a record ----------------------------------------------------------------


def test_glass_is_broken_told_and_reviewed(staff: Live) -> None:
    staff.hire("dc.far", "detective", team="Deter")
    staff.hire("mgr.quill", "manager")
    case = referral.receive(staff.desk, staff.reader("ds.hale"), child="Kayleigh Marlow").id
    with staff.system.reading() as db:
        (row,) = cases.list_cases(db, staff.reader("ds.hale"))
    number = str(row.number)
    far = staff.somebody("dc.far")
    assert far.get(f"/cases/{case}").status_code == 404
    assert far.send("/do/glass-break", back="/glass", case=number, reason=" ").status_code == 422
    missing = far.send("/do/glass-break", back="/glass", case="99", reason="she is on the bridge")
    page = far.send("/do/glass-break", back="/glass", case=number, reason="she is on the bridge")
    assert "open to you for an hour" in page.text
    assert missing.status_code in (404, 422)
    assert len(events(staff, GlassBroken)) == 1
    assert "Kayleigh Marlow" in far.get(f"/cases/{case}").text

    which = grant_in(page.text)
    review = {"judged": "justified", "reason": "it was"}
    assert far.send("/do/glass-review", which=which, **review).status_code in (404, 422)
    manager = staff.somebody("mgr.quill")
    assert "she is on the bridge" in manager.get("/glass").text
    far.send("/do/glass-close", which=which)
    assert far.get(f"/cases/{case}").status_code == 404
    manager.send("/do/glass-review", which=which, **review)
    assert len(events(staff, GlassReviewed)) == 1
    assert "No emergency access is open or due for review" in manager.get("/glass").text


def test_an_authority_for_disclosure_takes_two(staff: Live) -> None:
    staff.hire("io.one", "intelligence-officer")
    staff.hire("mgr.two", "manager")
    staff.hire("do.marsh", "disclosure-officer")
    case = referral.receive(staff.desk, staff.reader("ds.hale"), child="Kayleigh Marlow").id
    officer, one, two = (staff.somebody(name) for name in ("do.marsh", "io.one", "mgr.two"))
    form = {
        "user": "do.marsh",
        "case": str(case),
        "given_for": "disclosure",
        "until": f"{staff.now.date():%Y-%m-%d}",
        "reason": "trial S1",
    }
    assert one.send("/do/authority-give", **form | {"until": ""}).status_code == 422
    given = one.send("/do/authority-give", **form).text
    assert "second person" in given, given.partition("<h1")[2]
    assert officer.get(f"/material/{case}").status_code == 404
    page = two.get("/list/authority-list").text
    which = grant_in(page)
    two.send("/do/authority-approve", which=which)
    assert officer.get(f"/material/{case}").status_code == 200
    one.send("/do/authority-end", which=which)
    assert officer.get(f"/material/{case}").status_code == 404


def test_the_source_is_opened_by_two_for_a_threat_to_life(staff: Live) -> None:
    staff.hire("ds.two", "detective")
    item = observation.record(
        staff.desk, staff.reader("ds.hale"), words="He has a knife", heard_from="Marion Oakes"
    ).id
    one, two = staff.somebody("ds.hale"), staff.somebody("ds.two")
    told = one.send(
        "/do/entry-ask", back="/glass", item=str(item), reason="his threat to kill her"
    ).text
    number = re.search(r"the number ([0-9a-f]{8})", told)
    assert number
    assert two.send("/do/entry-join", which="00000000").status_code == 404
    assert (
        "can see the source for an hour"
        in two.send("/do/entry-join", back="/glass", which=number[1]).text
    )
    with staff.system.reading() as db:
        (row,) = grant.list_grants(db, staff.reader("ds.two"), staff.now)
    assert set(row.who) == {"ds.hale", "ds.two"}
