"""When the phone's signal returns, the browser sends waiting entries without a tap, and no page
shows an old state.
"""

from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from commands.information import observation
from domain.information.observation import PAPER_ONLY, LogPhotographed
from ingest.words import record_words
from tests.processes import LIMIT
from tests.support.ingest.photograph import photo
from tests.support.web.browser_worker import WORDS, ready, recorded
from tests.web.chromium import PHONE, seat
from tests.web.conftest import Served, served_to_phones

served = served_to_phones


def send(page: Page, words: str) -> None:
    page.fill("#words", words)
    page.get_by_role("button", name="Send").click()


def silent(page: Page) -> None:
    """Assert that the page no longer mentions a missing signal or an entry that waits."""
    for lie in ("Not sent yet", "No signal"):
        expect(page.get_by_text(lie).filter(visible=True)).to_have_count(0)


def test_a_kept_entry_turns_into_its_receipt_by_itself(served: Served, chromium: Any) -> None:
    with seat(chromium, served.url, PHONE, "dark", offline=True) as worker:
        page = worker.sign_in("psw.ellis").go("/record")
        ready(page)
        served.stop()
        send(page, WORDS)
        expect(page.locator("#kept")).to_be_visible()
        worker.check_day_and_night()
        served.start()
        page.wait_for_url("**/receipt/*")
        expect(page.locator("h1")).to_have_text("Log entry recorded")
        silent(page)
        worker.check_day_and_night()
    assert [one.words for one in recorded(served)] == [WORDS]


def test_the_page_that_the_phone_keeps_turns_into_what_was_requested(
    served: Served, chromium: Any
) -> None:
    with seat(chromium, served.url, offline=True) as worker:
        page = worker.sign_in("psw.ellis").go("/record")
        ready(page)
        served.stop()
        worker.go("/mine")
        expect(page.get_by_text("No signal")).to_be_visible()
        served.start()
        expect(page.locator("h1")).to_have_text("Sent")

        served.stop()
        worker.go("/mine")
        send(page, WORDS)
        expect(page.locator("#kept")).to_be_visible()
        served.start()
        page.wait_for_url("**/receipt/*")
        silent(page)


def test_where_a_proxy_answers_for_a_dead_server_words_can_be_written(
    served: Served, chromium: Any
) -> None:
    with seat(chromium, served.url, offline=True) as worker:
        page = worker.sign_in("psw.ellis").go("/record")
        ready(page)
        worker.context.route("**/*", lambda route: route.fulfill(status=502, body="Bad gateway"))
        worker.go("/mine")
        expect(page.get_by_text("No signal")).to_be_visible()
        send(page, WORDS)
        expect(page.locator("#kept")).to_be_visible()
        worker.context.unroute_all()
        page.wait_for_url("**/receipt/*")
    assert [one.words for one in recorded(served)] == [WORDS]


def test_what_is_being_written_stays_and_the_receipt_is_beside_it(
    served: Served, chromium: Any
) -> None:
    with seat(chromium, served.url, offline=True) as worker:
        page = worker.sign_in("psw.ellis").go("/record")
        ready(page)
        served.stop()
        worker.go("/mine")
        send(page, "the first words")
        expect(page.locator("#kept")).to_be_visible()
        page.fill("#words", "half a sent")
        another = worker.context.new_page()
        another.goto(f"{served.url}/record")
        expect(another.locator("#outbox")).to_contain_text("1 not sent yet")
        served.start()
        expect(page.locator("#sent")).to_contain_text("sent and recorded")
        expect(page.locator("#words")).to_have_value("half a sent")
        silent(page)
        worker.check()
        expect(another.locator("#outbox")).to_contain_text("sent and recorded")
        silent(another)
        another.locator("#outbox a").click()
        another.wait_for_url("**/receipt/*")
    assert [one.words for one in recorded(served)] == ["the first words"]


#: A script that returns as text everything that the browser stores in its own databases.
KEPT = """async () => {
  let found = "";
  const whole = (one) => new Promise((done) => { one.onsuccess = () => done(one.result); });
  for (const { name } of await indexedDB.databases()) {
    const db = await whole(indexedDB.open(name));
    for (const store of db.objectStoreNames) {
      for (const row of await whole(db.transaction(store).objectStore(store).getAll())) {
        found += JSON.stringify(row);
        if (row.data) found += new TextDecoder("latin1").decode(row.data);
      }
    }
    db.close();
  }
  return found;
}"""


#: A script that returns how many photographs the browser stores on the phone.
PICTURES = """async () => {
  const whole = (one) => new Promise((done) => { one.onsuccess = () => done(one.result); });
  const db = await whole(indexedDB.open("continuum-pictures"));
  const many = await whole(db.transaction("pictures").objectStore("pictures").count());
  db.close();
  return many;
}"""
#: A script that makes the phone's storage full after one photograph, until a test calls the
#: function `emptied`.
FULL = """() => {
  const put = IDBObjectStore.prototype.put;
  let kept = 0;
  IDBObjectStore.prototype.put = function (...row) {
    if (this.name === "pictures" && kept++) throw new DOMException("full", "QuotaExceededError");
    return put.apply(this, row);
  };
  window.emptied = () => { IDBObjectStore.prototype.put = put; };
}"""


def photograph(page: Page, content: bytes = b"") -> None:
    """Add a photograph as a worker does, after the warning that appears each time. The file's
    content determines its format, and not its name.
    """
    page.get_by_role("button", name="Photograph the paper log").click()
    expect(page.get_by_role("dialog")).to_contain_text(PAPER_ONLY)
    with page.expect_file_chooser() as asked:
        page.get_by_role(
            "button", name="The photograph will show only paper: open the camera"
        ).click()
    asked.value.set_files(
        {"name": "log.jpg", "mimeType": "image/jpeg", "buffer": content or photo()}
    )


def test_a_photograph_of_the_paper_log_waits_sealed_on_the_phone_and_follows_its_words(
    served: Served, chromium: Any
) -> None:
    with seat(chromium, served.url, PHONE, "dark", offline=True) as worker:
        page = worker.sign_in("psw.ellis").go("/record")
        ready(page)
        served.stop()
        page.get_by_role("button", name="Photograph the paper log").click()
        worker.check()
        page.get_by_role("button", name="Cancel").click()
        for _ in range(2):
            photograph(page)
        expect(page.locator("#taken")).to_contain_text("2 photographs of the paper log")
        page.evaluate(FULL)
        send(page, WORDS)
        expect(page.locator("#taken")).to_contain_text("no room")
        expect(page.locator("#words")).to_have_value(WORDS)
        assert page.evaluate(PICTURES) == 0, "none lies there without words that name it"
        page.evaluate("emptied()")
        page.get_by_role("button", name="Remove the photographs").click()
        photograph(page)
        expect(page.locator("#taken")).to_contain_text("1 photograph of the paper log")
        send(page, WORDS)
        expect(page.locator("#kept")).to_be_visible()
        expect(page.locator("#taken")).to_be_empty()
        kept = page.evaluate(KEPT)
        assert "papers" in kept
        assert "CANARY" not in kept
        assert WORDS not in kept
        served.start()
        page.wait_for_url("**/receipt/*")
        shown = page.get_by_role("img", name="Photograph 1 of the paper log")
        expect(shown).to_be_visible()
        worker.check()
        with page.expect_response("**/photographs") as answer:
            photograph(page)  # the same photograph, added twice, is stored once
        assert answer.value.status == 201
        assert len(served.house.office.events(LogPhotographed)) == 1
        # this browser cannot display such a file
        photograph(page, b"\0\0\0\x18ftypheic" + bytes(20))
        expect(page.get_by_role("alert")).to_contain_text("Most Compatible")
        worker.check()
        with page.expect_response("**/photographs") as answer:
            photograph(page, photo("AVIF"))  # the browser converts this file to a JPEG
        assert answer.value.status == 201
        expect(page.get_by_role("img", name="Photograph 2 of the paper log")).to_be_visible()
    *_, last = served.house.office.events(LogPhotographed)
    assert (last.form, len(served.house.office.events(LogPhotographed))) == ("jpeg", 2)
    assert [one.words for one in recorded(served)] == [WORDS]


def test_words_that_the_server_refuses_hold_up_no_others(
    served: Served, chromium: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_words, "LONGEST", 100)
    with seat(chromium, served.url, offline=True) as worker:
        page = worker.sign_in("psw.ellis").go("/record")
        page.route("**/session", lambda route: route.abort())
        send(page, "x" * 101)
        expect(page.locator("#outbox")).to_contain_text("1 not sent yet")
        expect(page.locator("#kept")).to_be_visible()
        send(page, "short enough")
        expect(page.locator("#outbox")).to_contain_text("2 not sent yet")
        page.unroute_all()
        expect(page.locator("#outbox")).to_contain_text("Not recorded")
        expect(page.locator("#kept")).to_be_hidden()
    assert [one.words for one in recorded(served)] == ["short enough"]


def test_a_receipt_learns_by_itself_who_has_taken_it(served: Served, chromium: Any) -> None:
    office = served.house.office
    with seat(chromium, served.url, offline=True) as worker:
        page = worker.sign_in("psw.ellis").go("/record")
        page.fill("#words", WORDS)
        page.locator("label[for=urgent]").click()
        page.get_by_role("button", name="Send").click()
        page.wait_for_url("**/receipt/*")
        alert = page.locator("#state [role=alert]")
        expect(alert).to_contain_text("No assessor has read this entry yet")
        expect(page.locator("#called")).to_contain_text("1 urgent log entry not taken")
        page.fill("#correction", "It was Gaz")
        (item,) = (fact.stream for fact in office.facts() if fact.event in recorded(served))
        observation.take(office.desk, office.somebody("ds.hale"), item)
        expect(page.locator("h1")).to_have_text("ds.hale has taken the log entry")
        expect(alert).to_have_count(0)
        expect(page.locator("#called")).not_to_contain_text("1 urgent log entry not taken")
        assert page.title().startswith("ds.hale has taken the log entry")
        expect(page.locator("#correction")).to_have_value("It was Gaz")
        worker.check()


def test_a_receipt_asks_where_the_channel_is_cut_and_says_when_it_hears_nothing(
    served: Served, chromium: Any
) -> None:
    office = served.house.office
    with seat(chromium, served.url, offline=True) as worker:
        worker.context.route("**/live", lambda route: route.abort())
        page = worker.sign_in("psw.ellis").go("/record")
        ready(page)
        send(page, WORDS)
        page.wait_for_url("**/receipt/*")
        served.stop()
        expect(page.locator("#unheard")).to_contain_text("No signal")
        expect(page.locator("h1")).to_have_text("Log entry recorded")
        worker.check()
        (item,) = (fact.stream for fact in office.facts() if fact.event in recorded(served))
        observation.take(office.desk, office.somebody("ds.hale"), item)
        served.start()
        expect(page.locator("h1")).to_have_text(
            "ds.hale has taken the log entry", timeout=LIMIT * 1_500
        )
        silent(page)


def test_a_server_that_comes_back_is_not_asked_without_end(served: Served, chromium: Any) -> None:
    """When a server can be reached again, the phone does not send requests without end. It sends
    none if no entry waits, and none after the server's answer that the user must sign in."""
    with seat(chromium, served.url, offline=True) as worker:
        worker.page.clock.install()
        page = worker.sign_in("psw.ellis").go("/record")
        asked: list[str] = []
        page.on("request", lambda one: asked.append(urlsplit(one.url).path))
        served.house.office.later(2)
        send(page, WORDS)
        expect(page.locator("#outbox")).to_contain_text("Sign in to send")
        asked.clear()
        page.clock.run_for(300_000)
        # the browser answers this request after all earlier ones
        page.evaluate("fetch('/offline').then(() => true)")
        assert "/offline" in asked
        assert "/session" not in asked
