"""A device that its owner unlocks signs in with its passkey. A copied device, a passkey for another
site and an answer that was used before are refused."""

import copy
from datetime import timedelta

import pytest

from access.signing_in.attempts import TRIES
from access.signing_in.passkeys import LASTS
from access.signing_in.sessions import FRESH
from access.signing_in.vault import NotRight, TooMany
from domain.kernel.values import Refused
from tests.access.authenticator import Phone
from tests.access.door import Door
from tests.support.access.passkeys import SITE


@pytest.fixture
def door(empty_door: Door) -> Door:
    return empty_door


def registered(door: Door, user: str = "dc.reed") -> Phone:
    phone, keys = Phone(SITE.origin), door.credentials.passkeys
    asked = keys.registration_challenge(user, SITE)
    keys.register(user, asked.handle, phone.make(asked.options), "my phone", SITE)
    return phone


def signs_in(door: Door, phone: Phone) -> str:
    asked = door.credentials.passkeys.sign_in_challenge(SITE)
    return door.credentials.passkeys.check(asked.handle, phone.sign(asked.options), SITE)


def test_a_registered_device_signs_its_owner_in(door: Door) -> None:
    phone = registered(door)
    assert signs_in(door, phone) == "dc.reed"
    assert signs_in(door, phone) == "dc.reed"
    (shown,) = door.credentials.passkeys.list_devices("dc.reed")
    assert (shown.name, shown.used) == ("my phone", door.now)


def test_a_device_that_nobody_unlocks_is_no_proof(door: Door) -> None:
    keys = door.credentials.passkeys
    asked = keys.registration_challenge("dc.reed", SITE)
    locked = Phone(SITE.origin, verifies=False)
    with pytest.raises(Refused, match="belongs to another registration"):
        keys.register("dc.reed", asked.handle, locked.make(asked.options), "a phone", SITE)
    phone = registered(door)
    phone.verifies = False
    with pytest.raises(NotRight):
        signs_in(door, phone)


def test_an_answer_counts_once_and_for_five_minutes(door: Door) -> None:
    phone, keys = registered(door), door.credentials.passkeys
    asked = keys.sign_in_challenge(SITE)
    answer = phone.sign(asked.options)
    assert keys.check(asked.handle, answer, SITE) == "dc.reed"
    with pytest.raises(NotRight):
        keys.check(asked.handle, answer, SITE)
    late = keys.sign_in_challenge(SITE)
    answer = phone.sign(late.options)
    door.later(LASTS + timedelta(seconds=1))
    with pytest.raises(NotRight):
        keys.check(late.handle, answer, SITE)
    other = keys.sign_in_challenge(SITE)
    with pytest.raises(NotRight):
        keys.check(other.handle, answer, SITE)


def test_wrong_passwords_do_not_count_against_a_passkey(door: Door) -> None:
    phone = registered(door)
    for _ in range(TRIES):
        with pytest.raises(NotRight):
            door.credentials.check("dc.reed", "guess after guess", "123456")
    with pytest.raises(TooMany):
        door.credentials.check("dc.reed", "guess after guess", "123456")
    assert signs_in(door, phone) == "dc.reed"


def test_a_site_that_looks_like_ours_gets_nothing(door: Door) -> None:
    phone = registered(door)
    phone.origin = "https://continuum.force.example.evil.example"
    with pytest.raises(NotRight):
        signs_in(door, phone)


def test_a_copied_device_is_noticed(door: Door) -> None:
    """A copied device is refused, because its counter of sign-ins is lower than the counter of the
    original device."""
    phone = registered(door)
    stolen = copy.copy(phone)
    signs_in(door, phone)
    signs_in(door, phone)
    with pytest.raises(NotRight):
        signs_in(door, stolen)


def test_a_device_of_nobody_or_of_somebody_locked_signs_nobody_in(door: Door) -> None:
    with pytest.raises(NotRight):
        signs_in(door, Phone(SITE.origin))
    phone = registered(door)
    door.gone.add("dc.reed")
    with pytest.raises(NotRight):
        signs_in(door, phone)
    keys = door.credentials.passkeys
    for answer in ("", "[]", "{}", '{"rawId": 3}', '{"rawId": "*"}'):
        with pytest.raises(NotRight):
            keys.check(keys.sign_in_challenge(SITE).handle, answer, SITE)


def test_another_key_under_the_same_id_signs_nobody_in(door: Door) -> None:
    phone = registered(door)
    with pytest.raises(NotRight):
        signs_in(door, Phone(SITE.origin, id=phone.id))


def test_nobody_registers_a_device_for_somebody_else(door: Door) -> None:
    keys = door.credentials.passkeys
    asked = keys.registration_challenge("dc.reed", SITE)
    with pytest.raises(Refused, match="begin again"):
        keys.register("psw.ellis", asked.handle, Phone(SITE.origin).make(asked.options), "x", SITE)
    assert keys.list_devices("psw.ellis") == keys.list_devices("dc.reed") == []


def test_a_device_proves_anew_for_its_own_session_alone(door: Door) -> None:
    mine, other = registered(door), registered(door, "dc.lowe")
    credentials = door.credentials
    token = credentials.sessions.open("dc.reed", "screen")
    door.later(FRESH + timedelta(seconds=1))
    asked = credentials.passkeys.sign_in_challenge(SITE)
    with pytest.raises(NotRight):
        credentials.prove_with(token, asked.handle, other.sign(asked.options), SITE)
    asked = credentials.passkeys.sign_in_challenge(SITE, "dc.reed")
    fresh = credentials.prove_with(token, asked.handle, mine.sign(asked.options), SITE)
    session = credentials.sessions.check(fresh)
    assert session
    assert session.fresh
    assert credentials.sessions.check(token) is None


def test_a_lost_device_is_forgotten_by_its_owner_and_by_who_shuts_them_out(door: Door) -> None:
    phone, keys = registered(door), door.credentials.passkeys
    (shown,) = keys.list_devices("dc.reed")
    keys.forget("dc.lowe", shown.id)
    assert signs_in(door, phone) == "dc.reed"
    keys.forget("dc.reed", shown.id)
    with pytest.raises(NotRight):
        signs_in(door, phone)
    again = registered(door)
    door.credentials.revoke("dc.reed")
    with pytest.raises(NotRight):
        signs_in(door, again)
