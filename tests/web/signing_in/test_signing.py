"""Users sign in at the screens of a live store, and wrong attempts are refused."""

import json
import re
from pathlib import Path
from typing import Any

import pyotp
import pytest

from commands.families import referral
from commands.information import observation
from commands.kernel import entity
from commands.people_and_teams import account, enrolment
from domain.data_protection.disclosure import DisclosureMade
from domain.information.observation import ObservationCorrected
from domain.kernel.values import PoleCategory
from installation.auditing import open_office
from ledger import verify
from tests.hired import hired
from tests.support.web.signing import carried, token
from tests.web.conftest import Somebody
from tests.web.live import KEEPER, PASSWORD, Live, live

__all__ = ["live"]
WORDS = "A grey van outside the school, twice this week."
ONCE = re.compile(r'nonce="[^"]*"|value="[^"]*"')


@pytest.fixture
def staff(live: Live) -> Live:
    live.hire("ds.hale", "detective")
    live.hire("psw.ellis", "psw")
    return live


def recorded(live: Live, by: str = "ds.hale") -> Any:
    return observation.record(live.desk, live.reader(by), words=WORDS).id


# --- the page on which users sign in -------------------------------------------------------------


def test_former_addresses_lead_to_the_state_of_the_sign_in_page(staff: Live) -> None:
    door = staff.client()
    assert 'name="code"' in door.get("/enrol").text
    asked = door.get("/prove?to=/me")  # a user who is signed out must sign in first
    assert asked.url.path == "/sign-in"
    assert 'name="password"' in asked.text
    page = staff.somebody("ds.hale").get("/prove?to=/me")
    assert "Sign in again" in page.text
    assert 'name="to" value="/me"' in page.text
    assert 'name="to" value="/"' in staff.somebody("ds.hale").get("/prove?to=//other").text
    assert 'name="password"' in door.get("/sign-in?state=prove").text


def test_before_the_second_account_the_administrator_signs_in_with_a_password(live: Live) -> None:
    """Before there is a second account, the administrator signs in with a password. (A bug had left
    the field for the password out of the sign-in page.)
    """
    door = live.client(follow_redirects=False)
    asked = door.get("/sign-in").text
    assert 'type="password"' not in asked, "nobody has one"
    assert 'href="/sign-in?state=enrol"' in asked
    enrolment.invite(live.desk, live.system.label, KEEPER)
    live.enrol(KEEPER)
    asked = door.get("/sign-in").text
    assert 'type="password"' in asked
    assert len(re.findall(r'id="name"', asked)) == 1
    forgotten = door.post("/sign-in", data={"name": KEEPER, "proves": "true"})
    assert forgotten.status_code == 401, "a forgotten password opens no unchecked session"
    assert door.post("/sign-in", data={"name": "psw.ellis"}).status_code == 303
    keeper = live.somebody(KEEPER)
    shown = {path: keeper.get(path).text for path in ("/", "/accounts")}
    for page in (asked, *shown.values()):
        assert "Only those who set up" in page
        assert "no accounts" not in page.lower()
    assert "(unchecked)" not in shown["/"]
    hired(live.desk, live.keeper, "ds.hale", roles=["detective"], teams=["Engage"])
    for page in (door.get("/sign-in").text, keeper.get("/").text, keeper.get("/accounts").text):
        assert "Only those who set up" not in page
    assert door.post("/sign-in", data={"name": "psw.ellis"}).status_code == 401


def test_a_password_and_six_digits_open_a_session(staff: Live) -> None:
    client = staff.client(follow_redirects=False)
    answer = client.post("/sign-in", data=staff.right("ds.hale") | {"next": "/queue?page=1"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/queue?page=1")
    page = client.get("/queue").text
    assert "ds.hale" in page
    assert "unchecked" not in page
    assert staff.reader("ds.hale").closed


def test_a_name_alone_opens_nothing(staff: Live) -> None:
    client = staff.client()
    assert client.post("/sign-in", data={"name": "ds.hale"}).status_code == 401
    assert client.get("/session", headers={"accept": "application/json"}).status_code == 401


def test_whatever_is_wrong_sounds_the_same(staff: Live) -> None:
    client = staff.client()
    right = staff.right("ds.hale")
    answers = [
        client.post("/sign-in", data=right | wrong)
        for wrong in (
            {"name": "nobody.atall"},
            {"password": "copper kettle eighteen"},
            {"digits": "000000"},
            {"digits": ""},
        )
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({ONCE.sub("", answer.text) for answer in answers}) == 1


def test_a_code_counts_once(staff: Live) -> None:
    right = staff.right("ds.hale")
    assert staff.client(follow_redirects=False).post("/sign-in", data=right).status_code == 303
    assert staff.client(follow_redirects=False).post("/sign-in", data=right).status_code == 401


def test_five_failures_shut_an_account_and_no_other(staff: Live) -> None:
    client = staff.client(follow_redirects=False)
    for _ in range(5):
        wrong = staff.right("ds.hale") | {"password": "not the right one"}
        assert client.post("/sign-in", data=wrong).status_code == 401
    shut = client.post("/sign-in", data=staff.right("ds.hale"))
    assert shut.status_code == 429
    assert "a minute" in shut.text
    assert client.post("/sign-in", data=staff.right("psw.ellis")).status_code == 303
    staff.later(minutes=16)
    assert client.post("/sign-in", data=staff.right("ds.hale")).status_code == 303


def test_nobody_is_sent_elsewhere(staff: Live) -> None:
    for elsewhere in ("//evil.example", "https://evil.example", "/\\evil.example", "/\t/e.example"):
        client = staff.client(follow_redirects=False)
        to = client.post("/sign-in", data=staff.right("ds.hale") | {"next": elsewhere})
        assert to.headers["location"] == "/", elsewhere


def test_a_page_of_another_site_signs_nobody_in(staff: Live) -> None:
    client = staff.client(follow_redirects=False)
    foreign = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    answer = client.post("/sign-in", data=staff.right("ds.hale"), headers=foreign)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


# --- sessions of browsers ------------------------------------------------------------------------


def test_a_session_planted_before_is_worth_nothing_after(staff: Live) -> None:
    client = staff.client()
    client.cookies.set("continuum", "planted-by-somebody", domain="127.0.0.1")
    client.post("/sign-in", data=staff.right("ds.hale"))
    first = token(client)
    assert first != "planted-by-somebody"
    client.post("/sign-in", data=staff.right("ds.hale"))
    assert token(client) != first
    old = staff.client(follow_redirects=False)
    old.cookies.set("continuum", first)
    assert old.get("/mine").status_code == 303


def test_a_session_ends_by_idling_and_after_ten_hours(staff: Live) -> None:
    worker = staff.somebody("psw.ellis")
    for _ in range(41):
        assert worker.get("/mine").url.path == "/mine"
        staff.later(minutes=14)
    staff.later(minutes=27)
    assert worker.get("/mine").url.path == "/sign-in"
    worker = staff.somebody("psw.ellis")
    staff.later(minutes=16)
    assert worker.get("/mine").url.path == "/sign-in"


def test_a_person_who_is_locked_out_is_out_at_the_next_click(staff: Live) -> None:
    sergeant = staff.somebody("ds.hale")
    assert sergeant.get("/queue").status_code == 200
    account.lock(staff.desk, staff.keeper, "ds.hale", "a lost phone")
    assert sergeant.get("/queue").url.path == "/sign-in"
    account.unlock(staff.desk, staff.keeper, "ds.hale")
    assert sergeant.get("/queue").url.path == "/sign-in"


def test_a_role_that_was_taken_is_gone_at_the_next_click(staff: Live) -> None:
    sergeant = staff.somebody("ds.hale")
    assert sergeant.get("/queue").status_code == 200
    account.take_role(staff.desk, staff.keeper, "ds.hale", "detective")
    denied = sergeant.get("/queue")
    assert denied.status_code == 404
    assert ONCE.sub("", denied.text) == ONCE.sub("", sergeant.get("/nowhere").text)
    assert 'href="/queue"' not in sergeant.get("/").text


def test_a_name_that_nobody_checked_ends_with_the_first_account(live: Live) -> None:
    client = live.client(follow_redirects=False)
    assert client.post("/sign-in", data={"name": "ds.hale"}).status_code == 303
    assert client.get("/queue").status_code == 200
    live.hire("ds.hale", "detective")
    assert client.get("/queue").status_code == 303


def test_a_session_ends_where_its_owner_says(staff: Live) -> None:
    phone, desk = staff.somebody("psw.ellis"), staff.somebody("psw.ellis")
    ids = re.findall(r'name="one" value="([^"]+)"', desk.get("/me").text)
    assert len(ids) == 2
    for item_id in reversed(ids):
        desk.send("/me/sessions/end", one=item_id)
    assert phone.get("/mine").url.path == "/sign-in"


# --- typed text is not lost when a session ends --------------------------------------------------


def expired(staff: Live, item: Any) -> tuple[Somebody, Any]:
    """Let the sergeant send a correction of this entry after the sergeant's session has ended;
    return the sergeant and the answer.
    """
    sergeant = staff.somebody("ds.hale")
    staff.later(minutes=20)
    return sergeant, sergeant.told_of("correct", item, words="It was a\nwhite van.")


def test_a_form_survives_the_end_of_a_session(staff: Live) -> None:
    item = recorded(staff)
    sergeant, asked = expired(staff, item)
    assert asked.status_code == 401
    assert "What you typed is saved" in asked.text
    assert "white van" not in asked.text
    wrong = staff.right("ds.hale") | {"password": "wrong one", "unsent": carried(asked)}
    asked = sergeant.client.post("/sign-in", data=wrong)
    page = sergeant.client.post(
        "/sign-in", data=staff.right("ds.hale") | {"unsent": carried(asked)}
    )
    assert "It was a\nwhite van.</textarea>" in page.text
    fields = dict(re.findall(r'name="([a-z_]+)" value="([^"]*)"', page.text))
    sent = sergeant.client.post("/do/correct", data=fields | {"words": "It was a\nwhite van."})
    assert "white van" in sent.text
    history = staff.desk.logs["evidence"].history(item)
    assert len([f for f in history if isinstance(f.event, ObservationCorrected)]) == 1


def test_every_box_that_was_ticked_survives_it(staff: Live) -> None:
    """If a session ends while a form is open, every box that the user ticked is still ticked after
    the user signs in again. (A bug had lost all but the last of several boxes with the same name.)
    """
    causes = [str(recorded(staff)), str(recorded(staff))]
    sergeant = staff.somebody("ds.hale")
    staff.later(minutes=20)
    form = {"csrf": sergeant.csrf, "reason": "seen twice", "because_of": causes}
    asked = sergeant.client.post("/do/outcome-arrest", data=form)
    assert asked.status_code == 401
    page = sergeant.client.post(
        "/sign-in", data=staff.right("ds.hale") | {"unsent": carried(asked)}
    )
    assert re.findall(r'name="because_of" value="([^"]*)"', page.text) == causes


def test_what_somebody_typed_is_shown_to_nobody_else(staff: Live) -> None:
    item = recorded(staff)
    sergeant, asked = expired(staff, item)
    other = sergeant.client.post(
        "/sign-in", data=staff.right("psw.ellis") | {"unsent": carried(asked)}
    )
    assert other.status_code == 422
    assert "white van" not in other.text
    forged = staff.right("psw.ellis") | {"unsent": carried(asked)[:-4] + "AAAA"}
    assert "white van" not in sergeant.client.post("/sign-in", data=forged).text


def test_a_form_from_before_signing_in_anew_is_given_back(staff: Live) -> None:
    item = recorded(staff)
    sergeant = staff.somebody("ds.hale")
    before = sergeant.csrf
    sergeant.client.post("/sign-in", data=staff.right("ds.hale"))
    same = {"sec-fetch-site": "same-origin"}
    told = {"item": str(item), "words": "A white van.", "command_id": "a" * 32}
    form = {"csrf": before} | told
    answer = sergeant.client.post("/do/correct", data=form, headers=same)
    assert answer.status_code == 403
    assert "A white van." in answer.text
    foreign = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
    answer = sergeant.client.post("/do/correct", data=form, headers=foreign)
    assert answer.status_code == 403
    assert "A white van." not in answer.text


# --- proving one's identity again before a sensitive action ---------------------------------------


def test_sharing_asks_for_the_second_factor_once_more(staff: Live) -> None:
    item = recorded(staff)
    sergeant = staff.somebody("ds.hale")
    staff.later(minutes=6)
    form = {
        "items": str(item),
        "basis": "safeguarding",
        "purpose": "to keep her safe",
        "recipients": "School",
        "checked": "read",
        "sure": "true",
    }

    def shared() -> list[Any]:
        log = staff.desk.logs["access"]
        return [f for f in log.read(0, 10_000) if isinstance(f.event, DisclosureMade)]

    asked = sergeant.send("/disclose", **form)
    assert asked.status_code == 403
    assert "Sign in again" in asked.text
    assert not shared()
    before = token(sergeant.client)
    wrong = {"csrf": sergeant.csrf, "unsent": carried(asked), "digits": "000000"}
    assert sergeant.client.post("/prove", data=wrong).status_code == 401
    right = wrong | {"digits": staff.digits("ds.hale")}
    page = sergeant.client.post("/prove", data=right)
    assert "to keep her safe" in page.text
    assert "proved.js" in page.text
    assert token(sergeant.client) != before
    old = staff.client(follow_redirects=False)
    old.cookies.set("continuum", before)
    assert old.get("/mine").status_code == 303
    fields = dict(re.findall(r'name="([a-z_]+)" value="([^"]*)"', page.text))
    sergeant.client.post("/disclose", data=fields | form)
    assert len(shared()) == 1


def test_an_export_of_the_map_asks_too_and_goes_on(staff: Live) -> None:
    reader = staff.reader("ds.hale")
    categories: list[tuple[PoleCategory, str]] = [("suspect", "named")]
    man = entity.record_person(staff.desk, reader, name="Baz", known=False, categories=categories)
    sergeant = staff.somebody("ds.hale")
    staff.later(minutes=6)
    at = f"/map/{man.id}/export?hops=2"
    asked = sergeant.send(at, form="csv", recipient="the court")
    assert asked.status_code == 403
    digits = staff.digits("ds.hale")
    proof = {"csrf": sergeant.csrf, "unsent": carried(asked), "digits": digits}
    page = sergeant.client.post("/prove", data=proof)
    assert f'action="{at}"' in page.text
    fields = dict(re.findall(r'name="([a-z_]+)" value="([^"]*)"', page.text))
    taken = sergeant.client.post(at, data=fields)
    assert "No links in this export" in taken.text
    assert 'download="network.csv"' in taken.text


def test_taking_proofs_along_asks_too(staff: Live) -> None:
    staff.hire("auditor.wray", "auditor")
    item = referral.receive(staff.desk, staff.reader("ds.hale"), child="Kayleigh Marlow").id
    auditor = staff.somebody("auditor.wray")
    staff.later(minutes=6)
    asked = auditor.send(f"/pack/{item}", recipient="the court")
    assert asked.status_code == 403
    digits = staff.digits("auditor.wray")
    proof = {"csrf": auditor.csrf, "unsent": carried(asked), "digits": digits}
    page = auditor.client.post("/prove", data=proof, headers={"referer": "http://127.0.0.1/trail"})
    fields = dict(re.findall(r'name="([a-z_]+)" value="([^"]*)"', page.text))
    assert fields["recipient"] == "the court"
    assert f'action="/pack/{item}"' in page.text


def test_proofs_are_taken_along_once_the_signer_has_signed(
    staff: Live, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    staff.hire("auditor.wray", "auditor")
    item = referral.receive(staff.desk, staff.reader("ds.hale"), child="Kayleigh Marlow").id
    auditor, state = staff.somebody("auditor.wray"), tmp_path / "signer"
    with open_office(staff.system.settings, None) as office:
        policy = json.loads(office.init_signer(state))

    def rounds(seconds: float) -> None:
        with open_office(staff.system.settings, None) as office:
            for signer in office.signers(state):
                office.sign(signer)

    monkeypatch.setattr("web.records.proof_pack.WAIT", 0)
    rounds(0)
    assert auditor.send(f"/pack/{item}").status_code == 422
    monkeypatch.setattr("web.records.proof_pack.WAIT", 5)
    monkeypatch.setattr("web.records.proof_pack.sleep", rounds)
    content = auditor.send(f"/pack/{item}", recipient="the court").content
    lines = verify.check_pack(verify.unpack(content), policy)
    assert any("by auditor.wray" in line for line in lines)
    assert verify.NOTICE not in lines


# --- signing in for the first time ----------------------------------------------------------------


def test_enrolling_by_the_code_that_was_given(staff: Live) -> None:
    hired(staff.desk, staff.keeper, "sw.birch", roles=["social-worker"], teams=["Engage"])
    code = staff.system.credentials.invite("sw.birch")
    client = staff.client(follow_redirects=True)
    assert client.post("/enrol", data={"name": "sw.birch", "code": "AAAA"}).status_code == 401
    page = client.post("/enrol", data={"name": "sw.birch", "code": code.lower()})
    assert "<svg" in page.text
    assert "style=" not in page.text
    secret = page.text.partition("Key: <code>")[2].partition("<")[0].replace(" ", "")
    assert staff.system.credentials.begin("sw.birch", code).secret == secret
    staff.phones["sw.birch"] = pyotp.TOTP(secret)
    form = {"name": "sw.birch", "code": code, "password": PASSWORD, "again": "another one"}
    unlike = client.post("/enrol/finish", data=form | {"digits": staff.digits("sw.birch")})
    assert "type the same password twice" in unlike.text
    assert "<svg" in unlike.text
    form["again"] = PASSWORD
    easy = form | {"password": "aaaaaaaaaaaa", "again": "aaaaaaaaaaaa"}
    easy["digits"] = staff.digits("sw.birch")
    assert "easily guessed" in client.post("/enrol/finish", data=easy).text
    done = client.post("/enrol/finish", data=form | {"digits": staff.digits("sw.birch")})
    assert done.url.path == "/"
    assert "sw.birch" in done.text
    assert client.post("/enrol", data={"name": "sw.birch", "code": code}).status_code == 401


def test_another_password_ends_every_session(staff: Live) -> None:
    worker, phone = staff.somebody("psw.ellis"), staff.somebody("psw.ellis")
    new = "lantern orchard pebble"
    form = {"old": PASSWORD, "password": new, "again": new, "digits": staff.digits("psw.ellis")}
    assert worker.send("/me/password", **form | {"again": "else"}).status_code == 422
    assert worker.send("/me/password", **form).url.path == "/sign-in"
    assert phone.get("/mine").url.path == "/sign-in"
    right = staff.right("psw.ellis")
    assert staff.client().post("/sign-in", data=right).status_code == 401
    staff.later(seconds=30)
    right = staff.right("psw.ellis") | {"password": new}
    client = staff.client(follow_redirects=False)
    assert client.post("/sign-in", data=right).status_code == 303


def test_the_keeper_of_accounts_sees_no_content(staff: Live) -> None:
    item = recorded(staff)
    keeper = staff.somebody(KEEPER)
    # only the administrator's first page says that the account has a new sign-in code
    keeper.get("/")
    missing = "00000000-0000-4000-8000-000000000000"
    for path in ("/items/{}", "/trail/{}", "/people/{}", "/assess/{}", "/cases/{}", "/receipt/{}"):
        shown, nothing = keeper.get(path.format(item)), keeper.get(path.format(missing))
        assert shown.status_code == nothing.status_code == 404
        assert ONCE.sub("", shown.text).replace(str(item), "") == ONCE.sub(
            "", nothing.text
        ).replace(missing, "")
    for path in ("/queue", "/search", "/map", "/brief", "/manage"):
        assert keeper.get(path).status_code == 404, path
