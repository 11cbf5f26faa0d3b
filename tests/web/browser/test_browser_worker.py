"""A worker can record entries in a real browser, with and without a signal, and even if the server
or the tab crashes."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from commands.families import casework
from tests.processes import until
from tests.support.web.browser_worker import WORDS, emptied, ready, recorded
from tests.web.chromium import PHONE, seat
from tests.web.conftest import Served, served_to_phones
from web.worker import entry_form

served = served_to_phones

#: A script that returns how far the second of two chips may move before its second button appears,
#: because a busy machine may paint the page between the two buttons.
LATE = """() => {
  const first = document.querySelector(".c-mention--no").closest("li");
  const second = first.cloneNode(true);
  first.parentElement.replaceChildren(first, second);
  const no = second.querySelector(".c-mention--no");
  no.remove();
  const { x, y } = second.getBoundingClientRect();
  second.querySelector("form").append(no);
  const after = second.getBoundingClientRect();
  return [after.x - x, after.y - y];
}"""


def test_a_chip_stays_where_it_is_while_its_buttons_come_in(served: Served, chromium: Any) -> None:
    with seat(chromium, served.url) as worker:
        page = worker.sign_in("psw.ellis").go("/record")
        page.fill("#words", WORDS)
        page.get_by_role("button", name="Send").click()
        expect(page.locator(".c-mention--no").first).to_be_visible()
        assert page.evaluate(LATE) == [0, 0]


def test_an_entry_takes_three_taps(served: Served, chromium: Any) -> None:
    """A worker records an entry with three taps. Each state of the entry is checked by day and by
    night; `test_browser_screens.py` checks the pages around it.
    """
    with seat(chromium, served.url, PHONE, "dark", offline=True) as worker:
        page = worker.sign_in("psw.ellis").go("/record")
        worker.check_day_and_night()
        page.fill("#words", WORDS)
        page.locator("label[for=urgent]").click()
        worker.check_day_and_night()
        page.get_by_role("button", name="Send").click()
        expect(page.locator("#state [role=alert]")).to_contain_text("in danger, ring 999")
        worker.check_day_and_night()
        page.locator(".c-mention", has_text="Baz").click()
        expect(page.locator(".c-mention--yes")).to_contain_text("confirmed")
        worker.check_day_and_night()
    assert [one.words for one in recorded(served)] == [WORDS]


def test_a_quick_hand_is_led_to_the_receipt_too(served: Served, chromium: Any) -> None:
    """A worker who types before the page's script has loaded still gets to the receipt. The text is
    not taken for another user's entry."""
    with seat(chromium, served.url, offline=True) as worker:
        page = worker.sign_in("psw.ellis").page
        slow: list[Any] = []

        def hold(route: Any) -> None:
            slow.append(route)

        def asked_for() -> bool:
            page.evaluate("1")  # the browser's messages arrive during this call
            return len(slow) == 1

        page.route("**/static/js/record.js*", hold)
        page.goto(f"{served.url}/record", wait_until="commit")
        page.fill("#words", WORDS)
        until(asked_for, "the script was not asked for")
        slow.pop().continue_()
        page.wait_for_load_state()
        page.get_by_role("button", name="Send").click()
        page.wait_for_url("**/receipt/*")
    assert [one.words for one in recorded(served)] == [WORDS]


def test_words_alone_are_requested(served: Served, chromium: Any) -> None:
    with seat(chromium, served.url, offline=True) as worker:
        page = worker.sign_in("psw.ellis").go("/record")
        page.get_by_role("button", name="Send").click()
        expect(page.locator("#words-error")).to_be_visible()
        expect(page.locator("#words")).to_be_focused()
        worker.check()
    assert recorded(served) == []


def test_nothing_is_lost_when_the_server_dies_and_nothing_is_sent_twice(
    served: Served, chromium: Any
) -> None:
    with seat(chromium, served.url, offline=True) as worker:
        page = worker.sign_in("psw.ellis").go("/")
        ready(page)
        served.stop()

        page.fill("#words", "first, while the server was dead")
        page.get_by_role("button", name="Send").click()
        expect(page.locator("#kept")).to_be_visible()
        expect(page.locator("#words")).to_have_value("")
        expect(page.locator("#outbox")).to_contain_text("1 not sent yet")
        page.goto(f"{served.url}/mine")
        expect(page.locator("h1")).to_have_text("What was said or seen?")
        page.fill("#words", "second, on the page that the phone keeps")
        page.get_by_role("button", name="Send").click()
        expect(page.locator("#outbox")).to_contain_text("2 not sent yet")
        assert "while the server" not in stored(page)
        another = worker.context.new_page()
        another.goto(f"{served.url}/record")
        expect(another.locator("#outbox")).to_contain_text("2 not sent yet")

        served.house.office.later(1)
        served.start()  # the server is started an hour later, when the session has ended, too
        for tab in (page, another):
            tab.evaluate("dispatchEvent(new Event('online'))")
        expect(page.locator("#outbox")).to_contain_text("Sign in to send")
        assert recorded(served) == []
        worker.sign_in("psw.ellis").go("/")
        emptied(page)
        for tab in (page, another):
            tab.evaluate("dispatchEvent(new Event('online'))")
        expect(another.locator("#outbox")).to_contain_text("sent and recorded")
        emptied(page)
        assert worker.complaints == []
    told = [one.words for one in recorded(served)]
    assert told == [
        "first, while the server was dead",
        "second, on the page that the phone keeps",
    ]


def stored(page: Page) -> str:
    """Return the stored content of the outbox as text; encrypted text in it cannot be read."""
    told: str = page.evaluate(
        """async () => {
          const opening = indexedDB.open('continuum');
          const got = (asked) => new Promise((done) => {
            asked.onsuccess = () => done(asked.result);
          });
          const db = await got(opening);
          const all = await got(db.transaction('entries').objectStore('entries').getAll());
          const held = await got(db.transaction('keys').objectStore('keys').get('outbox'));
          if (held.extractable) throw new Error('the key can be read out');
          return all.map((one) => new TextDecoder().decode(one.data) + JSON.stringify(one)).join();
        }"""
    )
    assert told
    return told


def test_words_whose_answer_was_lost_are_not_recorded_twice(served: Served, chromium: Any) -> None:
    with seat(chromium, served.url, offline=True) as worker:
        page = worker.sign_in("psw.ellis").go("/record")
        lost = []

        def lose(route: Any) -> None:
            route.fetch()
            lost.append(route.request.url)
            route.abort()

        page.route(
            "**/record",
            lambda route: lose(route) if route.request.method == "POST" else route.continue_(),
        )
        page.fill("#words", WORDS)
        # the entry counts as not sent until this request has failed
        with page.expect_event("requestfailed"):
            page.get_by_role("button", name="Send").click()
        expect(page.locator("#outbox")).to_contain_text("1 not sent yet")
        page.unroute_all()
        page.evaluate("dispatchEvent(new Event('online'))")
        page.wait_for_url("**/receipt/*")
        emptied(page)
    assert lost
    assert len(recorded(served)) == 1


def test_an_answer_that_breaks_off_is_requested_again(served: Served, chromium: Any) -> None:
    """If the server's answer to an entry is cut off, the phone sends the entry again, because it
    does not know whether the entry was recorded."""
    with seat(chromium, served.url, offline=True) as worker:
        page = worker.sign_in("psw.ellis").go("/record")
        page.evaluate(
            """() => {
              const asked = window.fetch;
              window.fetch = async (to, how) => {
                const answer = await asked(to, how);
                if (to !== "/record") return answer;
                const broken = new ReadableStream({ start: (one) => one.error(new TypeError()) });
                return new Response(broken, { status: answer.status });
              };
              window.whole = () => { window.fetch = asked; };
            }"""
        )
        page.fill("#words", WORDS)
        page.get_by_role("button", name="Send").click()
        expect(page.locator("#outbox")).to_contain_text("1 not sent yet")
        page.evaluate("window.whole()")
        page.evaluate("dispatchEvent(new Event('online'))")
        page.wait_for_url("**/receipt/*")
        emptied(page)
        assert worker.complaints == []
    assert [one.words for one in recorded(served)] == [WORDS]


def test_a_session_that_ends_in_mid_form_loses_nothing(served: Served, chromium: Any) -> None:
    with seat(chromium, served.url, offline=True) as worker:
        page = worker.sign_in("psw.ellis").go("/record")
        page.fill("#words", WORDS)
        served.house.office.later(2)
        page.get_by_role("button", name="Send").click()
        expect(page.locator("#outbox")).to_contain_text("Sign in to send")
        worker.check()
        page.locator("#outbox").get_by_role("link", name="Sign in").click()
        # the entry of one user is not sent under the name of another user
        page.fill("#name", "psw.frost")
        page.get_by_role("button", name="Continue").click()
        expect(page.locator("#outbox")).to_contain_text("the person who wrote them")
        assert recorded(served) == []
        worker.sign_in("psw.ellis").go("/")
        emptied(page)
    assert [one.words for one in recorded(served)] == [WORDS]


def test_a_tab_that_dies_keeps_unfinished_words_for_their_writer(
    served: Served, chromium: Any
) -> None:
    """If a browser tab crashes, an unfinished entry is saved for its writer. Another user who signs
    in on the same phone does not see it."""
    office = served.house.office
    for child in ("Kayleigh Marlow", "Leah Brack"):
        casework.allocate(
            office.desk, office.reader, str(office.case(child)), "psw.ellis", "parents"
        )
    kept = (
        "(who) => import('/static/js/outbox.js')"
        ".then((box) => box.drafts(who)).then((all) => all.length)"
    )
    with seat(chromium, served.url, offline=True) as worker:
        page = worker.sign_in("psw.ellis").go("/")
        page.get_by_role("button", name="Leah Brack").click()
        page.get_by_text("Who told you, when it happened, and signs").click()
        page.get_by_label("Out at night").check()
        page.fill("#words", "half a sent")
        until(lambda: page.evaluate(kept, "psw.ellis") == 1, "unfinished words are not kept")
        page = worker.sign_in("psw.frost").go("/")
        expect(page.locator("#words")).to_have_value("")
        page.fill("#words", "the words of another")
        until(lambda: page.evaluate(kept, "psw.frost") == 1, "they are not kept")
        expect(page.locator("#found")).to_be_hidden()
        page.close()
        worker.page = worker.context.new_page()
        page = worker.sign_in("psw.ellis").go("/record")
        page.get_by_role("button", name="Continue the entry").click()
        expect(page.locator("#words")).to_have_value("half a sent")
        expect(page.locator("[data-case][aria-pressed=true]")).to_contain_text("Leah Brack")
        expect(page.locator("#found")).to_be_hidden()
        expect(page.get_by_label("Out at night")).to_be_checked()
        worker.check()
        page.get_by_role("button", name="Send").click()
        expect(page.locator("dt", has_text="Signs that the parents noticed")).to_be_visible()
    assert [one.noticed for one in recorded(served)] == [("out-at-night",)]


def test_an_id_used_for_other_words_is_shown_and_can_be_sent_anew(
    served: Served, chromium: Any
) -> None:
    with seat(chromium, served.url, offline=True) as worker:
        page = worker.sign_in("psw.ellis").go("/record")
        same = page.locator("input[name=command_id]").get_attribute("value")
        page.fill("#words", "the first words")
        page.get_by_role("button", name="Send").click()
        page.wait_for_url("**/receipt/*")
        worker.go("/record")
        page.evaluate(
            "id => { document.querySelector('[name=command_id]').value = id; }",
            same,
        )
        page.fill("#words", "other words")
        page.get_by_role("button", name="Send").click()
        expect(page.locator("#outbox")).to_contain_text("already used for something else")
        expect(page.locator("#outbox")).to_contain_text("other words")
        worker.check()
        page.get_by_role("button", name="Send as a new entry").click()
        expect(page.locator("#outbox")).to_contain_text("sent and recorded")
        emptied(page)
    assert [one.words for one in recorded(served)] == ["the first words", "other words"]


def test_a_new_service_worker_takes_over_and_keeps_what_waits(
    served: Served, chromium: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with seat(chromium, served.url, offline=True) as worker:
        page = worker.sign_in("psw.ellis").go("/record")
        ready(page)
        page.route("**/record", lambda route: route.abort())
        page.fill("#words", WORDS)
        page.get_by_role("button", name="Send").click()
        expect(page.locator("#outbox")).to_contain_text("1 not sent yet")

        newer = entry_form.SERVICE_WORKER.read_text("utf-8")
        newer = newer.replace('SHELL = "continuum-', 'SHELL = "continuum-next-')
        (tmp_path / "sw.js").write_text(newer, "utf-8")
        monkeypatch.setattr(entry_form, "SERVICE_WORKER", tmp_path / "sw.js")
        page.evaluate("navigator.serviceWorker.ready.then((one) => one.update())")
        until(
            lambda: [one[:15] for one in page.evaluate("caches.keys()")] == ["continuum-next-"],
            "the new service worker does not take over",
        )
        page.unroute_all()
        # the page opens this address by itself; if the test opened it too, the two requests could
        # conflict
        page.wait_for_url("**/receipt/*")
        emptied(page)
        assert worker.complaints == []
    assert [one.words for one in recorded(served)] == [WORDS]
