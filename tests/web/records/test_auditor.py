"""The auditor's screens show what led to a record and what followed from it, the record as known
earlier, the result of verification, and proofs.
"""

import re
import sqlite3
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from domain.data_protection.access_log import RecordConsulted
from domain.kernel.envelope import LogUnavailable
from installation.auditing import open_office
from installation.system import System
from tests.processes import LIMIT
from tests.support.web.parts import parts_of
from tests.support.web.sergeant import WORDS, linked
from tests.web.conftest import House
from web.site.request_context import Visit


def test_the_trail_leads_from_a_link_to_its_first_words_and_on(house: House) -> None:
    item, _, link = linked(house)
    auditor = house.somebody("auditor.vane")
    page = auditor.get(f"/trail/{link}").text
    assert WORDS in page
    onward = auditor.get(f"/trail/{item}").text.partition("What this item led to")[2]
    assert "Link recorded" in onward
    assert auditor.get("/trail", params={"of": str(link)[-8:]}).url.path == f"/trail/{link}"
    assert auditor.get("/trail", params={"of": "no such thing"}).status_code == 422


def test_an_items_story_is_reported_step_by_step(house: House) -> None:
    item, _, _ = linked(house)
    house.office.assessed(item, "2C")
    page = house.somebody("auditor.vane").get(f"/items/{item}").text
    steps = [
        page.index(f"<strong>{name}</strong>")
        for name in ("Log entry received", "Became intelligence")
    ]
    assert steps == sorted(steps)


def test_a_day_is_rebuilt_from_the_log_on_the_page_of_that_day(house: House) -> None:
    office = house.office
    office.words("the first words")
    then = office.later(24)
    office.later(24)
    office.words("words that came later")
    auditor = house.somebody("auditor.vane")
    page = auditor.get("/replay", params={"until": then.isoformat()})
    assert page.url.path == "/then"
    assert "the first words" in page.text
    assert "words that came later" not in page.text
    rebuilt = page.text.partition("State on that day, rebuilt from the log")[2]
    assert 'class="c-hash"' in rebuilt
    assert 'class="c-hash"' not in house.somebody("ds.hale").get("/then?day=17/3/2011").text


def test_a_day_that_is_not_understood_is_said_at_the_field_and_changes_nothing(
    house: House,
) -> None:
    house.office.words("the first words")
    then = house.office.later(24)
    house.office.later(24)
    sergeant = house.somebody("ds.hale")
    shown = {"was": then.isoformat(), "day": "13/13/2011"}
    answer = sergeant.get("/then", params=shown)
    assert answer.status_code == 422
    assert 'aria-describedby="day-error"' in answer.text
    assert 'value="13/13/2011"' in answer.text
    assert "the first words" in answer.text, "the day that was shown is still shown"


def test_who_looked_is_reported_by_person_reason_and_night(house: House) -> None:
    one = house.office.words(WORDS)
    house.office.system.consulted("show", [one], "a review")
    house.office.later(16)
    house.office.system.consulted("show", [one], "a call at night")
    somebody = house.somebody("ds.hart")

    def listed(**asked: str) -> str:
        page: str = somebody.get("/looked", params={"of": str(one)} | asked).text
        assert "Access by person and purpose" in page
        return page.partition('id="each"')[2]

    page = somebody.get("/looked", params={"of": str(one)}).text
    heading = re.sub("<.*?>", "", page.partition("<h1")[2].partition(">")[2].partition("</h1>")[0])
    assert re.fullmatch(r"Access log: Log entry of \d+ \w+ \d{4}", heading.strip())
    assert f"<bdi>{WORDS}</bdi>" in page.partition("</h1>")[2]
    assert "a review" in listed()
    assert "a call at night" in listed()
    assert "a call at night" not in listed(when="day")
    assert "a review" not in listed(when="night")
    assert "No access matches these filters." in listed(reason="not-given")
    assert "No access matches these filters." in listed(who="nobody.else")


def test_verify_says_in_words_what_it_found_and_what_it_does_not_prove(house: House) -> None:
    house.office.words(WORDS)
    auditor = house.somebody("auditor.vane")
    asked = auditor.get("/verify").text
    assert "Verify the record" in asked
    assert "What this check does not prove" in asked
    page = auditor.get("/verify?run=true").text
    assert "No error was found, but not all of the record is proven." in page
    assert "What to do" in page

    log = Path(house.office.settings.store) / "log.db"
    with sqlite3.connect(log) as changing:
        changing.execute("DELETE FROM evidence_events WHERE seq = 2")
    changing.close()
    page = auditor.get("/verify?run=true").text
    assert "<strong>No." in page
    assert 'role="alert"' in page


def test_the_page_of_a_verification_is_shown_before_the_record_is_read(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The beginning of the page of a verification, which says nothing about the result, is sent
    before the first record is read. The result follows when all records are read."""
    house.office.words(WORDS)
    auditor = house.somebody("auditor.vane")
    begun, done, parts = Event(), list[str](), list[str]()

    def opened(*arguments: Any) -> Any:
        assert begun.wait(LIMIT), "the record is read before the page is begun"
        done.append("opened")
        return open_office(*arguments)

    def sent(part: str) -> None:
        parts.append(part)
        assert begun.is_set() or not done
        begun.set()

    monkeypatch.setattr("web.records.audit.open_office", opened)
    parts_of(auditor, house.app, "/verify?run=true", sent)
    assert "Reading every record and comparing it with the signed checkpoints" in parts[0]
    assert "Integrity of the record - Continuum" in parts[0]
    for verdict in ("complete and unchanged", "The record is whole", "No error was found", "<h1"):
        assert verdict not in parts[0]
    assert parts[1] == "<p>Evidence, records read: 2</p>"
    assert "No error was found, but not all of the record is proven." in parts[-1]
    assert "".join(parts).count("<h1") == 1


def test_a_verification_that_fails_says_so_and_gives_no_verdict(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unavailable(*_: Any) -> Any:
        raise LogUnavailable("the log does not answer")

    monkeypatch.setattr("web.records.audit.open_office", unavailable)
    page = house.somebody("auditor.vane").get("/verify?run=true").text
    assert "The store does not answer" in page
    assert "the log does not answer" in page
    assert 'class="c-verdict' not in page
    assert "Checked" not in page
    assert page.rstrip().endswith("</html>")


def test_items_in_a_later_part_of_a_page_are_recorded_or_not_shown(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The contents of a page that is sent in parts are recorded in the access log before they are
    sent. If the access log does not answer, the page has an error instead of the contents."""
    item = house.office.words(WORDS)
    contents = f'<h1 class="c"></h1><a href="/items/{item}">'
    rendered = Visit.rendered
    monkeypatch.setattr(
        Visit,
        "rendered",
        lambda self, template, **values: (
            contents if template == "verify.html" else rendered(self, template, **values)
        ),
    )
    auditor = house.somebody("auditor.vane")
    assert str(item) in auditor.get("/verify?run=true").text
    events = [fact.event for fact in house.office.facts("access")]
    shown = [event for event in events if isinstance(event, RecordConsulted)]
    assert shown[-1].ids == item.bytes

    def unavailable(*_: Any) -> Any:
        raise LogUnavailable("the access log does not answer")

    monkeypatch.setattr(System, "consulted", unavailable)
    page = auditor.get("/verify?run=true").text
    assert str(item) not in page


def test_a_proof_is_for_what_was_signed(house: House, tmp_path: Path) -> None:
    item, _, _ = linked(house)
    auditor = house.somebody("auditor.vane")
    unsigned = auditor.get(f"/proof/{item}")
    assert unsigned.status_code == 422
    with open_office(house.office.settings, None) as office:
        office.init_signer(tmp_path / "signer")
        for signer in office.signers(tmp_path / "signer"):
            office.sign(signer)
    proof = auditor.get(f"/proof/{item}")
    assert proof.status_code == 200
    assert "attachment" in proof.headers["content-disposition"]
    assert WORDS not in proof.text
