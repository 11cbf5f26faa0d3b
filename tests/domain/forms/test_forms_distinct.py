"""Normalising a normal form does not change it, and different things have different normal
forms."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import forms
from domain.forms.things import normal_form
from domain.kernel.values import EntityKind

THINGS: tuple[EntityKind, ...] = ("vehicle", "phone", "handle", "place", "person")
NAMES = st.from_regex(r"[a-z0-9][a-z0-9_.]{1,15}[a-z0-9]", fullmatch=True)
HOSTS = st.from_regex(r"[a-z]{2,8}\.(example|invalid)", fullmatch=True)
PLATFORMS = st.sampled_from(["snapchat", "instagram", "tiktok", "kik", "facebook", "discord"])
#: Texts that people type as the name of a thing, and texts with which normal forms could fail.
TYPED = st.one_of(
    st.text(max_size=30),
    st.text(alphabet="0123456789+() -./ox", max_size=25),
    st.text(alphabet="ABXZ0192 ?*_.…-", max_size=12),
    st.text(alphabet="abs@:. -_,()/snap>=gmail1é", max_size=25),
    st.lists(
        st.sampled_from(["st", "mill", "rd", "on", "in", "of", "ends", "snap", "@", "14", "bk"]),
        max_size=6,
    ).map(" ".join),
)


@pytest.mark.parametrize("kind", THINGS)
@given(TYPED)
def test_every_normal_form_is_its_own_form(kind: EntityKind, told: str) -> None:
    form, _ = normal_form(kind, told)
    assert normal_form(kind, form)[0] == form


@given(TYPED)
def test_plates_postcodes_and_numbers_are_their_own_forms(told: str) -> None:
    if (plate := forms.plate(told)) is not None:
        again = forms.plate(plate.normal)
        assert again is not None
        assert again.normal == plate.normal
    if (part := forms.plate_partial(told)) is not None:
        assert forms.plate_partial(part) == part
        assert "*" not in part or forms.plate(part) is None
    if (code := forms.postcode(told)) is not None:
        assert forms.postcode(code) == code
    if (phone := forms.phone(told)) is not None:
        again_phone = forms.phone(phone.e164)
        assert again_phone is not None
        assert (again_phone.e164, again_phone.country) == (phone.e164, phone.country)


@given(NAMES, HOSTS, HOSTS)
def test_e_mails_are_one_only_with_one_domain(name: str, one: str, other: str) -> None:
    assert forms.handle(f"{name.upper()}@{one}") == forms.handle(f"mailto:{name}@{one}")
    same = forms.handle(f"{name}@{one}") == forms.handle(f"{name}@{other}")
    assert same == (one == other)
    assert forms.handle(f"{name}@{one}") != forms.handle(name)


@given(NAMES, NAMES, PLATFORMS, PLATFORMS)
def test_a_platform_is_part_of_a_handle(name: str, second: str, one: str, other: str) -> None:
    told = forms.handle(f"{one}: {name}")
    assert told == forms.handle(f"{name}@{one}") == forms.handle(f"@{name} on {one.upper()}")
    assert (told == forms.handle(f"{other}: {name}")) == (one == other)
    assert (told == forms.handle(f"{one}: {second}")) == (name == second)
    assert told != forms.handle(name)
    assert forms.handle_name(told) == forms.handle_name(forms.handle(name)) == forms.handle(name)


@given(
    st.from_regex(r"07700900[0-9]{3}", fullmatch=True),
    st.from_regex(r"07700900[0-9]{3}", fullmatch=True),
)
def test_two_numbers_stay_two(one: str, other: str) -> None:
    assert (forms.number(one) == forms.number(other)) == (one == other)
    assert forms.number(one) == forms.number(f"+44 {one[1:5]} {one[5:]}")
    assert forms.number(one) == forms.number(f"0044 (0) {one[1:5]}-{one[5:]}")


@given(
    st.from_regex(r"[1-9][0-9]{9,12}", fullmatch=True),
    st.from_regex(r"[1-9][0-9]{9,12}", fullmatch=True),
)
def test_two_odd_numbers_stay_two(one: str, other: str) -> None:
    same = forms.number(one) == forms.number(other)
    assert same == (re.sub("^44", "0", one) == re.sub("^44", "0", other) or one == other)


@pytest.mark.parametrize(
    ("told", "form", "country"),
    [
        ("0-(000)061-7690", "00000617690", ""),
        ("212 555 0142", "2125550142", ""),
        ("+1 212 555 0142", "+12125550142", "US"),
        ("001 212 555 0142", "+12125550142", "US"),
        ("+999 12 345 678 901", "+99912345678901", ""),
        ("00 000 617 690", "00000617690", ""),
        ("44 7700 900123", "+447700900123", "GB"),
        ("7700 900123", "+447700900123", "GB"),
        ("mum's new 07700 900123", "+447700900123", "GB"),
        ("\uff10\u0667700 900123", "+447700900123", "GB"),
    ],
)
def test_a_foreign_or_odd_number_is_not_called_british(told: str, form: str, country: str) -> None:
    phone = forms.phone(told)
    assert phone is not None
    assert (phone.e164, phone.country) == (form, country)
    assert ("odd" in phone.flags) == (country == "")


@pytest.mark.parametrize(
    ("told", "form"),
    [
        ("snapchat: kimmy_x", "snapchat:kimmy_x"),
        ("Snap @Kimmy_X", "snapchat:kimmy_x"),
        ("kimmy_x (insta)", "instagram:kimmy_x"),
        ("https://www.instagram.com/kimmy_x/?hl=en", "instagram:kimmy_x"),
        ("myspace: kimmy_x", "myspace:kimmy_x"),
        ("@Kimmy_X", "kimmy_x"),
        ("E-mail: Kim@Home.example", "kim@home.example"),
        ("big man taz", "big man taz"),
        ("\u043a\u0438\u043c", "\u043a\u0438\u043c"),
        ("snapchat", "snapchat"),
        (" : ", ""),
    ],
)
def test_handles(told: str, form: str) -> None:
    assert forms.handle(told) == form


@pytest.mark.parametrize(
    "told", ["A\u041292 CDE", "AB\u0969\u0968 CDE", "PK95***", "PK95 ???", "ends 92LXV"]
)
def test_what_is_no_whole_plate_of_ours(told: str) -> None:
    assert forms.plate(told) is None
