"""Names, plates, phones, postcodes and places have the right normal forms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import forms


@pytest.mark.parametrize("told", ["AB92 CDE", "ab92cde", "AB92CDE", "ab92-cde", " Ab92  cDe "])
def test_one_plate_however_it_is_written(told: str) -> None:
    plate = forms.plate(told)
    assert plate is not None
    assert (plate.raw, plate.normal, plate.pattern) == (told, "AB92CDE", "current")


@pytest.mark.parametrize(
    ("told", "pattern", "flags"),
    [
        ("AB12 CDE", "current", ()),
        ("YC94 KXT", "current", ("never-issued",)),
        ("AB01 CDE", "current", ("never-issued",)),
        ("AB50 CDE", "current", ("never-issued",)),
        ("AB51 CDE", "current", ()),
        ("IQ12 QII", "current", ("letter-not-used",)),
        ("U483 HBW", "prefix", ("never-issued",)),
        ("M483 HBW", "prefix", ()),
        ("HBW 483M", "suffix", ()),
        ("Q12 ABC", "q", ()),
        ("ABZ 1234", "northern-ireland", ()),
        ("123 D 456", "diplomatic", ()),
        ("12 AB 34", "military", ()),
        ("ABC 123", "dateless", ()),
        ("U7U PLB", "irregular", ("irregular",)),
    ],
)
def test_the_grammar_flags_and_never_refuses(
    told: str, pattern: str, flags: tuple[str, ...]
) -> None:
    plate = forms.plate(told)
    assert plate is not None
    assert (plate.pattern, plate.flags) == (pattern, flags)


@pytest.mark.parametrize("told", ["", "HELLO", "07700900123", "A", "ABCDEFGH12345"])
def test_what_is_no_plate(told: str) -> None:
    assert forms.plate(told) is None


def test_lookalikes_share_a_key_but_not_a_normal_form() -> None:
    first, second = forms.plate("AO91 ISB"), forms.plate("A091 158")
    assert first is not None
    assert second is not None
    assert first.normal != second.normal
    assert first.confusables == second.confusables


@pytest.mark.parametrize(
    ("told", "partial"),
    [
        ("PK95 something", "PK95***"),
        ("ends LXV", "****LXV"),
        ("NV97 ?KL", "NV97*KL"),
        ("FN 92 old", "FN92***"),
        ("started BD7", "BD7*"),
        ("_ _ 93 LMO", "**93LMO"),
        ("?", None),
        ("K", None),
    ],
)
def test_partial_plates(told: str, partial: str | None) -> None:
    assert forms.plate_partial(told.replace(" old", "")) == partial


@pytest.mark.parametrize(
    ("partial", "full", "matches"),
    [
        ("PK95***", "PK95ABC", True),
        ("PK95***", "PK96ABC", False),
        ("****LXV", "AB92LXV", True),
        ("****LXV", "A1LXV", True),
        ("NV97*KL", "NV97XKL", True),
        ("NV97*KL", "NV97KL", False),
        ("BD7*", "BD71ABC", True),
        ("BD7*", "BDE7ABC", False),
    ],
)
def test_a_partial_plate_finds_its_whole(partial: str, full: str, matches: bool) -> None:
    assert forms.plate_matches(partial, full) is matches


@given(st.from_regex(r"[A-Z]{2}9[1-9][A-Z]{3}", fullmatch=True), st.integers(2, 5))
def test_what_was_caught_of_a_plate_always_finds_it(full: str, caught: int) -> None:
    assert forms.plate_matches(full[:caught] + "*", full)
    assert forms.plate_matches("*" + full[-caught:], full)


@pytest.mark.parametrize(
    ("told", "e164", "kind"),
    [
        ("07700 900123", "+447700900123", "mobile"),
        ("+44 7700 900456", "+447700900456", "mobile"),
        ("0044 7700-900-456", "+447700900456", "mobile"),
        ("o77oo 9oo123", "+447700900123", "mobile"),
        ("(01632) 960 445", "+441632960445", "landline"),
    ],
)
def test_phones(told: str, e164: str, kind: str) -> None:
    phone = forms.phone(told)
    assert phone is not None
    assert (phone.e164, phone.country, phone.type) == (e164, "GB", kind)
    assert phone.flags == ("drama-range",)


@pytest.mark.parametrize("told", ["12/11", "0900 654", "", "999", "1" * 40, "call me"])
def test_no_phone_is_invented(told: str) -> None:
    assert forms.phone(told) is None


def test_the_end_of_a_number_is_kept_for_search() -> None:
    assert forms.phone_ending("ends 0900 654") == "0900654"
    assert forms.phone_ending("ends 12") is None


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("zz991qb", "ZZ99 1QB"),
        ("ZZ99", "ZZ99"),
        ("zz99 1", "ZZ99 1"),
        ("gir 0aa", "GIR 0AA"),
        ("BFPO 57", "BFPO 57"),
        ("ZZ99 1CK", None),  # a postcode never ends with the letters C and K
        ("QA1 1AA", None),
        ("hello", None),
    ],
)
def test_postcodes(told: str, code: str | None) -> None:
    assert forms.postcode(told) == code


@pytest.mark.parametrize(
    ("told", "place"),
    [
        ("Canal Rd", "canal road"),
        ("14 Mill St", "14 mill street"),
        ("St Mary's Rd", "saint marys road"),
        ("McDs on Crescent Way", "mcdonalds crescent way"),
        ("Prince of Wales Ave", "prince of wales avenue"),
        ("the rec", "the rec"),
    ],
)
def test_places(told: str, place: str) -> None:
    assert forms.place(told) == place


def test_names_ignore_accents_case_and_marks() -> None:
    assert forms.name("Zoë  O’Brien-Hall") == forms.name("zoe obrien hall") == "zoe obrien hall"
    assert forms.name("Kay\u202eleigh\x00") == "kayleigh"


def test_nicknames_stand_for_given_names() -> None:
    for nick, given_name in {
        "Baz": "barry", "Daz": "darren", "Gaz": "gary", "Shaz": "sharon", "Tel": "terry",
        "Mo": "mohammed", "Jaz": "jaspreet", "Ste": "stephen", "Megs": "megan",
    }.items():  # fmt: skip
        assert given_name in forms.given_names(nick)
    assert forms.given_names("Kayleigh") == ()


def test_handles_lose_their_at_and_keep_their_platform() -> None:
    assert forms.handle("@Lil.Miss_H") == "lil.miss_h"
    assert forms.handle("lilmiss_h@snap") == "snapchat:lilmiss_h"


def test_misspellings_share_trigrams_and_sounds() -> None:
    assert len(forms.trigrams("Kayleigh") & forms.trigrams("Kayliegh")) >= 5
    assert forms.sounds("Sean") == forms.sounds("Shaun")
    assert forms.tokens("Big Mo, off Mill-Lane!") == ("big", "mo", "off", "mill", "lane")


@given(st.text())
def test_every_form_takes_any_text_and_is_its_own_form(text: str) -> None:
    assert forms.name(forms.name(text)) == forms.name(text)
    assert forms.handle(forms.handle(text)) == forms.handle(text)
    assert all(len(gram) == 3 for gram in forms.trigrams(text))
    forms.place(text)
    forms.sounds(text)
    if (plate := forms.plate(text)) is not None:
        again = forms.plate(plate.normal)
        assert again is not None
        assert again.normal == plate.normal
    if (code := forms.postcode(text)) is not None:
        assert forms.postcode(code) == code
    if (phone := forms.phone(text)) is not None:
        assert forms.phone(phone.e164) is not None


@pytest.mark.parametrize(
    ("told", "e164"),
    [
        ("07700 900 1 double 2", "+447700900122"),
        ("oh double seven double oh nine double oh one two three", "+447700900123"),
        ("0044 (0)7700 900 417", "+447700900417"),
        ("+44 (0) 7700 900418", "+447700900418"),
        ("07700 9 triple 0 double 1", "+447700900011"),
        ("zero seven seven zero zero, nine zero zero, five five one", "+447700900551"),
        ("O7700 9OO 553", "+447700900553"),
        ("+33 1 99 00 45 12", "+33199004512"),
    ],
)
def test_a_number_as_it_is_spoken(told: str, e164: str) -> None:
    phone = forms.phone(told)
    assert phone is not None
    assert phone.e164 == e164


@pytest.mark.parametrize(
    ("told", "normal"),
    [
        ("P K nine five A B X", "PK95ABX"),
        ("papa kilo 9 3 tango oscar yankee", "PK93TOY"),
        ("kx nine four, lmb", "KX94LMB"),
        ("V N 91 O P T", "VN91OPT"),
        ("one day", None),
        ("two men", None),
        ("mike one", None),
    ],
)
def test_a_plate_as_it_is_spelt(told: str, normal: str | None) -> None:
    plate = forms.plate(told)
    assert (plate and plate.normal) == normal
