"""If an action would let a person sign in as another user, it needs a second person, and the
account's owner is informed."""

import re

import pytest

from commands.people_and_teams import account
from domain.people_and_teams.account import RecoveryProposed, UserInvited, user_stream
from tests.access.authenticator import Phone
from tests.hired import hired
from tests.support.access.passkeys import SITE
from tests.web.live import KEEPER, Live, live

__all__ = ["live"]
CODE = re.compile(r"<code>([0-9A-Z-]{23})</code>")


@pytest.fixture
def staff(live: Live) -> Live:
    live.hire("psw.ellis", "psw")
    hired(live.desk, live.keeper, "it.second", roles=["administrator"])
    live.enrol("it.second")
    return live


def test_a_new_code_for_somebody_who_can_sign_in_takes_two(staff: Live) -> None:
    phone = staff.somebody("psw.ellis")
    first = staff.somebody(KEEPER)
    page = first.send("/records/accounts/psw.ellis/enrol")
    assert not CODE.search(page.text)
    assert "Another administrator confirms the code" in page.text
    again = first.send("/records/accounts/psw.ellis/enrol")
    assert again.status_code == 422
    assert not CODE.search(again.text)
    # the owner's phone can still record entries, because no new sign-in code has been used yet
    assert phone.send("/record", words="He waits at the gate of Town A school").status_code == 200
    second = staff.somebody("it.second")
    shown = CODE.search(second.send("/records/accounts/psw.ellis/enrol").text)
    assert shown
    assert phone.send("/record", words="He is there again").status_code == 200
    history = [type(f.event) for f in staff.desk.logs["access"].history(user_stream("psw.ellis"))]
    assert history.count(RecoveryProposed) == 1
    assert history.index(RecoveryProposed) < history.index(UserInvited)


def test_a_proposal_lapses_after_a_day(staff: Live) -> None:
    staff.somebody(KEEPER).send("/records/accounts/psw.ellis/enrol")
    staff.later(days=1, hours=1)
    page = staff.somebody("it.second").send("/records/accounts/psw.ellis/enrol")
    assert not CODE.search(page.text)
    assert "Another administrator confirms the code" in page.text


def test_leaving_and_coming_back_is_no_way_around(staff: Live) -> None:
    keeper = staff.somebody(KEEPER)
    keeper.send("/do/user-leave", user="psw.ellis")
    keeper.send("/accounts", user="psw.ellis", role="psw", team="Engage")
    page = keeper.send("/records/accounts/psw.ellis/enrol")
    assert not CODE.search(page.text)
    assert "Another administrator confirms the code" in page.text


def test_the_first_code_takes_one(staff: Live) -> None:
    account.add(staff.desk, staff.keeper, "sw.birch", roles=["social-worker"], teams=["Engage"])
    assert CODE.search(staff.somebody(KEEPER).send("/records/accounts/sw.birch/enrol").text)


def test_the_owner_is_informed_at_the_next_sign_in(staff: Live) -> None:
    staff.somebody(KEEPER).send("/records/accounts/psw.ellis/enrol")
    client = staff.client(follow_redirects=True)
    told = client.post("/sign-in", data=staff.right("psw.ellis")).text
    assert f"{KEEPER} proposed a new password code" in told
    assert "tell your administrator at once" in told
    staff.later(days=8)
    quiet = staff.client(follow_redirects=True).post("/sign-in", data=staff.right("psw.ellis"))
    assert "new password code" not in quiet.text


def test_the_owner_is_informed_of_a_new_passkey(staff: Live) -> None:
    """The owner of an account is informed of each new passkey, even if it was added in a session
    that was left open on another device."""
    keys = staff.system.credentials.passkeys
    phone, asked = Phone(SITE.origin), keys.registration_challenge("psw.ellis", SITE)
    keys.register("psw.ellis", asked.handle, phone.make(asked.options), "a tablet", SITE)
    told = staff.client(follow_redirects=True).post("/sign-in", data=staff.right("psw.ellis")).text
    assert "the passkey a tablet was added on" in told
    assert "tell your administrator at once" in told
    staff.later(days=8)
    quiet = staff.client(follow_redirects=True).post("/sign-in", data=staff.right("psw.ellis"))
    assert "passkey a tablet" not in quiet.text


def test_wrong_passwords_of_others_do_not_shut_out_a_known_device(staff: Live) -> None:
    own = staff.client(follow_redirects=True)
    own.post("/sign-in", data=staff.right("psw.ellis"))
    stranger = staff.client(follow_redirects=True)
    for _ in range(8):
        stranger.post("/sign-in", data={"name": "psw.ellis", "password": "wrong " * 3})
    assert stranger.post("/sign-in", data=staff.right("psw.ellis")).status_code == 429
    csrf = own.get("/session").json()["csrf"]
    own.post("/sign-out", data={"csrf": csrf})
    assert own.post("/sign-in", data=staff.right("psw.ellis")).status_code == 200
    stranger.post("/sign-in", data={"name": "psw.ellis", "password": "wrong " * 3})
    forged = staff.client(follow_redirects=True)
    forged.cookies.set("continuum-device", "x" * 200)
    assert forged.post("/sign-in", data=staff.right("psw.ellis")).status_code == 429


def test_a_name_that_looks_like_anothers_is_refused(staff: Live) -> None:
    keeper = staff.somebody(KEEPER)
    for name in (
        "psw.\u0435llis",
        "PSW.Ellis",
        "psw.e1lis",
        "psw.ell\u0131s",
        "psw.ellìs",
        "it.Second",
    ):
        refused = keeper.send("/accounts", user=name, role="psw", team="Engage")
        assert refused.status_code == 422, name
        assert "looks like" in refused.text
    assert keeper.send("/accounts", user="psw.ellin", role="psw").status_code == 200
