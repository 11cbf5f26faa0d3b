"""Users sign in with a password and a code that works once. Attackers who try to guess the password
or the code are slowed down."""

from datetime import timedelta
from typing import Literal

import pyotp
import pytest
from argon2 import Parameters, PasswordHasher, Type, extract_parameters

from access.signing_in import credentials
from access.signing_in.attempts import FREE, SHUT, SLOW, TRIES
from access.signing_in.credentials import CODE_LASTS
from access.signing_in.sessions import FRESH, IDLE, LONGEST
from access.signing_in.vault import NotRight, TooMany
from domain.kernel.values import Refused
from tests.access.door import PASSWORD, Door
from tests.hashing import OURS


@pytest.fixture
def door(empty_door: Door) -> Door:
    empty_door.enrol("dc.reed")
    return empty_door


def test_the_right_password_with_the_code_of_now_gets_in(door: Door) -> None:
    door.check("dc.reed")


def test_a_code_counts_once(door: Door) -> None:
    digits = door.digits("dc.reed")
    door.credentials.check("dc.reed", PASSWORD, digits)
    with pytest.raises(NotRight):
        door.credentials.check("dc.reed", PASSWORD, digits)
    door.later(timedelta(seconds=30))
    with pytest.raises(NotRight):  # the code has not expired, but it was used once
        door.credentials.check("dc.reed", PASSWORD, digits)
    door.check("dc.reed")


@pytest.mark.usually_on("sqlite", "postgres")
def test_a_code_that_was_used_is_not_good_for_a_process_of_its_own(door: Door) -> None:
    digits = door.digits("dc.reed")
    door.credentials.check("dc.reed", PASSWORD, digits)
    door.credentials.close()
    door.open()
    with pytest.raises(NotRight):
        door.credentials.check("dc.reed", PASSWORD, digits)


def test_the_code_by_which_somebody_enrolled_does_not_sign_them_in(door: Door) -> None:
    door.now -= timedelta(seconds=30)
    with pytest.raises(NotRight):
        door.check("dc.reed")


@pytest.mark.parametrize("off", [-90, -60, 60, 3600])
def test_a_code_of_another_time_is_refused(door: Door, off: int) -> None:
    digits = door.apps["dc.reed"].at(door.now + timedelta(seconds=off))
    with pytest.raises(NotRight):
        door.credentials.check("dc.reed", PASSWORD, digits)


def test_whatever_is_wrong_sounds_the_same(door: Door) -> None:
    door.enrol("dc.lowe")
    door.gone.add("dc.lowe")
    told = set()
    for user, password, digits in (
        ("dc.reed", "copper kettle eighteen", door.digits("dc.reed")),
        ("dc.reed", PASSWORD, "000000"),
        ("dc.lowe", PASSWORD, door.digits("dc.lowe")),
        ("nobody", PASSWORD, "000000"),
        ("nobody", "", "not digits"),
    ):
        with pytest.raises(NotRight) as refused:
            door.credentials.check(user, password, digits)
        told.add(str(refused.value))
    assert told == {"that name, password or code is not right"}


def test_a_password_is_hashed_as_slowly_as_is_advised() -> None:
    """The password hash meets OWASP's minimum for argon2id: 19 MiB of memory and two passes."""
    assert OURS.type is Type.ID
    assert OURS.memory_cost >= 19_456
    assert OURS.time_cost >= 2


class Counted(PasswordHasher):
    """A password hasher that records each call and the call's cost."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.did: list[tuple[str, Parameters]] = []

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        made = super().hash(password, salt=salt)
        self.did.append(("hash", extract_parameters(made)))
        return made

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002
        self.did.append(("verify", extract_parameters(str(hash))))
        return super().verify(hash, password)


@pytest.mark.usually_on("sqlite")
@pytest.mark.parametrize("first", ["dc.reed", "nobody", "dc.lowe"])
def test_a_name_that_nobody_has_costs_what_a_wrong_password_does(
    empty_door: Door, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    """A sign-in with an unknown name costs the server the same work as a wrong password, even if it
    is the first sign-in.
    """
    counted = Counted()
    monkeypatch.setattr(credentials, "_HASHER", counted)
    door = empty_door
    door.enrol("dc.reed")
    door.enrol("dc.lowe")
    door.gone.add("dc.lowe")
    ((_, cost), *_) = counted.did
    tries = [(first, ["hash", "verify"])]
    tries += [(user, ["verify"]) for user in ("dc.reed", "nobody", "dc.lowe", "nobody")]
    for user, work in tries:
        counted.did.clear()
        with pytest.raises(NotRight):
            door.credentials.check(user, "wrong in every way", "123456")
        assert counted.did == [(one, cost) for one in work], user


def test_who_tries_too_often_waits_and_a_right_password_waits_with_them(door: Door) -> None:
    for name in ("dc.reed", "nobody"):
        for _ in range(TRIES):
            with pytest.raises(NotRight):
                door.credentials.check(name, "guess after guess", "123456")
        with pytest.raises(TooMany, match="try again in a minute"):
            door.credentials.check(name, PASSWORD, "123456")
    with pytest.raises(TooMany):
        door.check("dc.reed")
    door.later(SHUT)
    door.check("dc.reed")


def test_an_administrator_ends_the_wait(door: Door) -> None:
    for _ in range(TRIES):
        with pytest.raises(NotRight):
            door.credentials.check("dc.reed", "guess after guess", "123456")
    door.credentials.forgive("dc.reed")
    door.check("dc.reed")


def test_one_address_that_tries_many_names_is_slowed_down(door: Door) -> None:
    for number in range(FREE):
        with pytest.raises(NotRight):
            door.credentials.check(f"user{number}", "spring2026spring", "123456", "192.0.2.7")
    with pytest.raises(TooMany):
        door.check("dc.reed", address="192.0.2.7")
    door.check("dc.reed", address="192.0.2.8")


@pytest.mark.usually_on("sqlite")
def test_brute_force_of_the_six_digits_gets_nowhere(door: Door) -> None:
    """An attacker who knows the password can try at most a hundred of the million possible codes in
    a day.
    """
    tried, began = 0, door.now
    while door.now - began < timedelta(days=1):
        try:
            door.credentials.check("dc.reed", PASSWORD, "123456")
        except NotRight:
            tried += 1
        except TooMany as refused:
            door.later(refused.wait)
    growing = 4  # only the first four waits are shorter than the longest wait
    assert tried <= TRIES + growing + timedelta(days=1) / SHUT


def test_a_device_on_which_somebody_signed_in_has_a_count_of_its_own(door: Door) -> None:
    waits = []
    for _ in range(3 * TRIES):
        try:
            door.credentials.check("dc.reed", "guess after guess", "123456", "192.0.2.7")
        except TooMany as refused:
            waits.append(refused.wait)
            door.later(refused.wait)
        except NotRight:
            pass
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (SLOW, SHUT)
    own = door.digits("dc.reed")
    door.credentials.check("dc.reed", PASSWORD, own, "192.0.2.7", device="their phone")
    door.later(timedelta(seconds=30))
    # the correct sign-in reset only the count of wrong guesses from its own device
    with pytest.raises((NotRight, TooMany)):
        door.credentials.check("dc.reed", "guess after guess", "123456", "192.0.2.7")
    with pytest.raises(TooMany):
        door.check("dc.reed", address="192.0.2.7")
    for _ in range(TRIES):
        with pytest.raises(NotRight):
            door.credentials.check("dc.reed", "guess", "123456", device="their phone")
    with pytest.raises(TooMany):
        door.credentials.check("dc.reed", PASSWORD, "123456", device="their phone")


def test_nobody_at_the_door_stops_a_session_or_a_code_of_enrolment(door: Door) -> None:
    token = door.credentials.sessions.open("dc.reed", "screen")
    code = door.credentials.invite("dc.reed")
    for _ in range(TRIES):
        with pytest.raises(NotRight):
            door.credentials.check("dc.reed", "guess after guess", "123456")
    assert door.credentials.prove(token, door.digits("dc.reed"))
    for _ in range(TRIES):
        with pytest.raises(NotRight):
            door.credentials.begin("dc.reed", "AAAAA")
    with pytest.raises(TooMany):
        door.credentials.begin("dc.reed", code)
    door.later(SLOW)
    assert door.credentials.begin("dc.reed", code).secret


@pytest.mark.parametrize(
    "password",
    [
        *("password1234", "Password1234", "qwertyuiop12", "iloveyou2026", "dc.reed-dc.reed1"),
        *(
            "Engage2026!!",
            "Lancashire2026!",
            "Eng4ge!!2026xx",
            "w1nter2026!!AB",
            "Summer2026Summer",
        ),
    ],
)
def test_a_common_password_is_refused(door: Door, password: str) -> None:
    with pytest.raises(Refused, match="easily guessed"):
        door.credentials.change_password("dc.reed", PASSWORD, password, door.digits("dc.reed"))
    door.check("dc.reed")


@pytest.mark.parametrize(
    "password",
    [
        # longer than 72 characters, after which bcrypt would ignore the password
        "kettle " * 9 + "of copper and a green bicycle",
        "zwölf grüne Fahrräder im Kupferkessel",
        "  onlysmalllettersandspacesaround  ",
        "8264 9137 5520 7719 3046",
        "🐝🐢🦊 walk to the mill",
    ],
)
def test_a_password_of_whatever_signs_counts_as_it_was_typed(door: Door, password: str) -> None:
    door.credentials.change_password("dc.reed", PASSWORD, password, door.digits("dc.reed"))
    for other in (password[:-1], password + " ", password.upper(), password.lower(), password[:72]):
        if other != password:
            door.later(timedelta(hours=1))
            with pytest.raises(NotRight):
                door.check("dc.reed", other)
    door.later(timedelta(days=2 * 365))
    door.check("dc.reed", password)  # a password never expires, so it is still accepted


# --- enrolling ----------------------------------------------------------------------------------


def test_an_enrolment_code_is_good_once_and_for_a_week(door: Door) -> None:
    code = door.credentials.invite("psw.ellis")
    door.later(CODE_LASTS)
    app = pyotp.TOTP(door.credentials.begin("psw.ellis", code).secret)
    with pytest.raises(NotRight):
        door.credentials.redeem("psw.ellis", code, PASSWORD, "000000")
    door.credentials.redeem("psw.ellis", code.lower(), PASSWORD, app.at(door.now))
    with pytest.raises(NotRight):
        door.credentials.begin("psw.ellis", code)
    late = door.credentials.invite("psw.ellis")
    door.later(CODE_LASTS + timedelta(seconds=1))
    with pytest.raises(NotRight):
        door.credentials.begin("psw.ellis", late)


def test_a_code_is_good_for_its_own_name_and_the_newest_alone(door: Door) -> None:
    older, newer = door.credentials.invite("psw.ellis"), door.credentials.invite("psw.ellis")
    for user, code in (("dc.reed", newer), ("psw.ellis", older), ("nobody", "")):
        with pytest.raises(NotRight):
            door.credentials.begin(user, code)
    door.credentials.begin("psw.ellis", newer)


def test_who_enrols_anew_ends_what_was_open(door: Door) -> None:
    token = door.credentials.sessions.open("dc.reed", "screen")
    door.enrol("dc.reed", "another kettle of copper")
    assert door.credentials.sessions.check(token) is None
    with pytest.raises(NotRight):
        door.check("dc.reed")
    door.check("dc.reed", "another kettle of copper")


@pytest.mark.parametrize("password", ["short", "dc.reed dc.reed", "aaaaaaaaaaaaaa", "x" * 300])
def test_a_password_that_is_easily_guessed_is_refused_and_the_code_stays(
    door: Door, password: str
) -> None:
    code = door.credentials.invite("psw.ellis")
    app = pyotp.TOTP(door.credentials.begin("psw.ellis", code).secret)
    digits = app.at(door.now)
    with pytest.raises(Refused, match="three random words"):
        door.credentials.redeem("psw.ellis", code, password.replace("dc.reed", "psw.ellis"), digits)
    door.credentials.redeem("psw.ellis", code, PASSWORD, digits)


def test_another_password_needs_the_old_one_and_ends_other_sessions(door: Door) -> None:
    token = door.credentials.sessions.open("dc.reed", "command")
    with pytest.raises(NotRight):
        door.credentials.change_password(
            "dc.reed", "not the old one", "green bicycle forty", door.digits("dc.reed")
        )
    door.credentials.change_password(
        "dc.reed", PASSWORD, "green bicycle forty", door.digits("dc.reed")
    )
    assert door.credentials.sessions.check(token) is None
    door.later(timedelta(seconds=30))
    door.check("dc.reed", "green bicycle forty")


def test_a_token_has_256_bits_and_a_code_a_hundred(door: Door) -> None:
    tokens = [door.credentials.sessions.open("dc.reed", "screen") for _ in range(20)]
    codes = [door.credentials.invite("psw.ellis") for _ in range(20)]
    for many, signs, length in ((tokens, 64, 43), (codes, 32, 20)):
        plain = [one.replace("-", "") if many is codes else one for one in many]
        assert len(set(plain)) == len(plain)
        assert {len(one) for one in plain} == {length}
        assert len({sign for one in plain for sign in one}) <= signs
        for at in range(length):
            assert len({one[at] for one in plain}) > 3, "each sign of it is drawn"


# --- sessions -----------------------------------------------------------------------------------


def test_a_session_ends_with_idleness_with_the_day_and_when_it_is_closed(door: Door) -> None:
    sessions = door.credentials.sessions
    token = sessions.open("dc.reed", "screen", "Firefox")
    for _ in range(int(LONGEST / IDLE)):
        door.later(IDLE)
        found = sessions.check(token)
        assert found
        assert (found.user, found.device) == ("dc.reed", "Firefox")
    door.later(timedelta(seconds=1))
    assert sessions.check(token) is None, "after ten hours at work"
    idle = sessions.open("dc.reed", "screen")
    door.later(IDLE + timedelta(seconds=1))
    assert sessions.check(idle) is None
    closed = sessions.open("dc.reed", "screen")
    sessions.close(closed)
    assert sessions.check(closed) is None


def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(door: Door) -> None:
    token = door.credentials.sessions.open("dc.reed", "screen")
    door.later(IDLE)
    assert door.credentials.sessions.check(token, staying=False)
    door.later(timedelta(seconds=1))
    assert door.credentials.sessions.check(token) is None


def test_the_token_of_an_account_that_was_locked_is_worth_nothing(door: Door) -> None:
    token = door.credentials.sessions.open("dc.reed", "command")
    door.gone.add("dc.reed")
    assert door.credentials.sessions.check(token) is None
    door.gone.clear()
    assert door.credentials.sessions.check(token) is None, "nor after the account is unlocked"


def test_a_second_factor_is_fresh_for_five_minutes_and_changes_the_token(door: Door) -> None:
    sessions = door.credentials.sessions
    token = sessions.open("dc.reed", "screen")
    door.later(FRESH + timedelta(seconds=1))
    found = sessions.check(token)
    assert found
    assert not found.fresh
    with pytest.raises(NotRight):
        door.credentials.prove(token, "000000")
    proved = door.credentials.prove(token, door.digits("dc.reed"))
    again = sessions.check(proved)
    assert again
    assert again.fresh
    assert again.opened == found.opened, "ten hours stay ten hours"
    assert sessions.check(token) is None, "who stole the older one has nothing"


@pytest.mark.usually_on("sqlite", "postgres")
def test_a_lost_phone_is_signed_out_by_itself(door: Door) -> None:
    sessions = door.credentials.sessions
    phone, desk = sessions.open("dc.reed", "screen", "phone"), sessions.open("dc.reed", "screen")
    (lost,) = [
        session for session in sessions.list_sessions("dc.reed") if session.device == "phone"
    ]
    sessions.end("dc.lowe", lost.id)
    assert sessions.check(phone), "nobody ends another's"
    sessions.end("dc.reed", lost.id)
    assert sessions.check(phone) is None
    assert sessions.check(desk)


def test_who_left_and_comes_back_begins_with_a_new_password(door: Door) -> None:
    door.credentials.revoke("dc.reed")
    door.check("dc.reed")
    door.later(timedelta(seconds=30))
    door.credentials.revoke("dc.reed", for_good=True)
    with pytest.raises(NotRight):
        door.check("dc.reed")
    assert not door.credentials.anybody()
