"""The auditor's screens: the trail both ways, knowledge as it stood, verify, proofs."""

import sqlite3
from datetime import timedelta
from pathlib import Path

from installation.auditing import open_office
from tests.support.web.sergeant import WORDS, linked
from tests.web.conftest import House


def test_the_trail_leads_from_a_link_to_its_first_words_and_on(house: House) -> None:
    item, _, link = linked(house)
    auditor = house.somebody("auditor.vane")
    page = auditor.get(f"/trail/{link}").text
    assert WORDS in page
    onward = auditor.get(f"/trail/{item}").text.partition("What it led to")[2]
    assert "Link recorded" in onward
    assert auditor.get("/trail", params={"of": str(link)[-8:]}).url.path == f"/trail/{link}"
    assert auditor.get("/trail", params={"of": "no such thing"}).status_code == 422


def test_an_items_story_is_told_step_by_step(house: House) -> None:
    item, _, _ = linked(house)
    house.office.assessed(item, "2C")
    page = house.somebody("auditor.vane").get(f"/items/{item}").text
    steps = [
        page.index(f"<strong>{name}</strong>")
        for name in ("Log entry received", "Became intelligence")
    ]
    assert steps == sorted(steps)


def test_replay_shows_what_was_known_then(house: House) -> None:
    office = house.office
    office.words("the first words")
    then = office.later(24)
    office.later(24)
    office.words("words that came later")
    auditor = house.somebody("auditor.vane")
    page = auditor.get("/replay", params={"until": then.isoformat()}).text
    assert "the first words" in page
    assert "words that came later" not in page
    later = auditor.get("/replay", params={"until": (then + timedelta(days=2)).isoformat()}).text
    assert "words that came later" in later
    assert auditor.get("/replay", params={"until": "soon"}).status_code == 422
    assert auditor.get("/replay").text.count('id="slider"') == 1


def test_replay_speaks_the_clock_in_the_uk_in_summer_too(house: House) -> None:
    house.office.words("the first words")
    page = house.somebody("auditor.vane").get("/replay", params={"until": "2011-07-01T09:30Z"}).text
    assert 'value="2011-07-01T10:30:00+01:00"' in page
    assert page.count("1 Jul 2011, 10:30") >= 2
    assert "Z " not in page.partition('data-stops="')[2].partition('"')[0]


def test_who_looked_is_told_by_person_reason_and_night(house: House) -> None:
    one = house.office.words(WORDS)
    house.office.system.consulted("show", [one], "a review")
    house.office.later(16)
    house.office.system.consulted("show", [one], "a call at night")
    somebody = house.somebody("ds.hart")

    def listed(**asked: str) -> str:
        page: str = somebody.get("/looked", params={"of": str(one)} | asked).text
        assert "By person and reason" in page
        return page.partition('id="each"')[2]

    assert "a review" in listed()
    assert "a call at night" in listed()
    assert "a call at night" not in listed(when="day")
    assert "a review" not in listed(when="night")
    assert "None of these." in listed(reason="not-given")
    assert "None of these." in listed(who="nobody.else")


def test_verify_says_in_words_what_it_found_and_what_it_does_not_prove(house: House) -> None:
    house.office.words(WORDS)
    auditor = house.somebody("auditor.vane")
    asked = auditor.get("/verify").text
    assert "Verify now" in asked
    assert "What this does not prove" in asked
    page = auditor.get("/verify?run=true").text
    assert "No error was found, but not all of the record is proven." in page

    log = Path(house.office.settings.store) / "log.db"
    with sqlite3.connect(log) as changing:
        changing.execute("DELETE FROM evidence_events WHERE seq = 2")
    changing.close()
    page = auditor.get("/verify?run=true").text
    assert "<strong>No." in page
    assert 'role="alert"' in page


def test_a_proof_is_for_what_was_signed(house: House, tmp_path: Path) -> None:
    item, _, _ = linked(house)
    auditor = house.somebody("auditor.vane")
    unsigned = auditor.get(f"/proof/{item}")
    assert unsigned.status_code == 422
    with open_office(house.office.settings, None) as office:
        office.init_signer(tmp_path / "signer")
        for one in office.signers(tmp_path / "signer"):
            office.sign(one)
    proof = auditor.get(f"/proof/{item}")
    assert proof.status_code == 200
    assert "attachment" in proof.headers["content-disposition"]
    assert WORDS not in proof.text
