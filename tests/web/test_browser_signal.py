"""When the signal returns, in a real browser: nobody has to touch the page, and no page lies."""

import time
from typing import Any

from playwright.sync_api import Page, expect

from commands import observation
from tests.web.chromium import NARROW, PHONE, seat
from tests.web.conftest import Served
from tests.web.test_browser_worker import WORDS, ready, recorded

#: Milliseconds: the outbox asks every four seconds at most, and the machine may be busy.
SOON = 60_000


def send(page: Page, words: str) -> None:
    page.fill("#words", words)
    page.get_by_role("button", name="Send").click()


def silent(page: Page) -> None:
    """Nothing on the page says any more that there is no signal, or that something waits."""
    for lie in ("Not sent yet", "No signal"):
        expect(page.get_by_text(lie).filter(visible=True)).to_have_count(0, timeout=SOON)


def test_a_kept_entry_turns_into_its_receipt_by_itself(served: Served, chromium: Any) -> None:
    for viewport in (PHONE, NARROW):
        with seat(chromium, served.url, viewport, "dark") as worker:
            page = worker.sign_in("psw.ellis").go("/record")
            ready(page)
            served.stop()
            send(page, WORDS)
            expect(page.locator("#kept")).to_be_visible()
            worker.check()
            served.start()
            page.wait_for_url("**/receipt/*", timeout=SOON)
            expect(page.locator("h1")).to_have_text("Recorded")
            silent(page)
            worker.check()
    assert [one.words for one in recorded(served)] == [WORDS, WORDS]


def test_the_page_that_the_phone_keeps_turns_into_what_was_asked_for(
    served: Served, chromium: Any
) -> None:
    with seat(chromium, served.url) as worker:
        page = worker.sign_in("psw.ellis").go("/record")
        ready(page)
        served.stop()
        worker.go("/mine")
        expect(page.get_by_text("No signal")).to_be_visible()
        served.start()
        expect(page.locator("h1")).to_have_text("What became of what I sent", timeout=SOON)

        served.stop()
        worker.go("/mine")
        send(page, WORDS)
        expect(page.locator("#kept")).to_be_visible()
        served.start()
        page.wait_for_url("**/receipt/*", timeout=SOON)
        silent(page)


def test_where_a_proxy_answers_for_a_dead_server_words_can_be_written(
    served: Served, chromium: Any
) -> None:
    with seat(chromium, served.url) as worker:
        page = worker.sign_in("psw.ellis").go("/record")
        ready(page)
        worker.context.route("**/*", lambda route: route.fulfill(status=502, body="Bad gateway"))
        worker.go("/mine")
        expect(page.get_by_text("No signal")).to_be_visible()
        send(page, WORDS)
        expect(page.locator("#kept")).to_be_visible()
        worker.context.unroute_all()
        page.wait_for_url("**/receipt/*", timeout=SOON)
    assert [one.words for one in recorded(served)] == [WORDS]


def test_what_is_being_written_stays_and_the_receipt_stands_beside_it(
    served: Served, chromium: Any
) -> None:
    with seat(chromium, served.url) as worker:
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
        expect(page.locator("#sent")).to_contain_text("Sent and recorded", timeout=SOON)
        expect(page.locator("#words")).to_have_value("half a sent")
        silent(page)
        worker.check()
        expect(another.locator("#outbox")).to_contain_text("Sent and recorded", timeout=SOON)
        silent(another)
        another.locator("#outbox a").click()
        another.wait_for_url("**/receipt/*")
    assert [one.words for one in recorded(served)] == ["the first words"]


def test_words_that_the_server_refuses_hold_up_no_others(served: Served, chromium: Any) -> None:
    with seat(chromium, served.url) as worker:
        page = worker.sign_in("psw.ellis").go("/record")
        page.route("**/session", lambda route: route.abort())
        send(page, "x" * 600_000)
        expect(page.locator("#outbox")).to_contain_text("1 not sent yet")
        expect(page.locator("#kept")).to_be_visible()
        send(page, "short enough")
        expect(page.locator("#outbox")).to_contain_text("2 not sent yet")
        page.unroute_all()
        expect(page.locator("#outbox")).to_contain_text("Not recorded", timeout=SOON)
        expect(page.locator("#kept")).to_be_hidden()
    assert [one.words for one in recorded(served)] == ["short enough"]


def test_a_receipt_learns_by_itself_who_has_taken_it(served: Served, chromium: Any) -> None:
    office = served.house.office
    with seat(chromium, served.url) as worker:
        page = worker.sign_in("psw.ellis").go("/record")
        page.fill("#words", WORDS)
        page.locator("label[for=urgent]").click()
        page.get_by_role("button", name="Send").click()
        page.wait_for_url("**/receipt/*")
        alert = page.locator("#state [role=alert]")
        expect(alert).to_contain_text("Nobody has read this yet")
        expect(page.locator("#called")).to_contain_text("nobody has taken it")
        page.fill("#correction", "It was Gaz")
        (item,) = (fact.stream for fact in office.facts() if fact.event in recorded(served))
        observation.take(office.desk, office.somebody("ds.hale"), item)
        expect(page.locator("h1")).to_have_text("ds.hale has it", timeout=SOON)
        expect(alert).to_have_count(0)
        expect(page.locator("#called")).not_to_contain_text("nobody has taken it")
        assert page.title().startswith("ds.hale has it")
        expect(page.locator("#correction")).to_have_value("It was Gaz")
        worker.check()


def test_a_receipt_asks_where_the_channel_is_cut_and_says_when_it_hears_nothing(
    served: Served, chromium: Any
) -> None:
    office = served.house.office
    with seat(chromium, served.url) as worker:
        worker.context.route("**/live", lambda route: route.abort())
        page = worker.sign_in("psw.ellis").go("/record")
        ready(page)
        send(page, WORDS)
        page.wait_for_url("**/receipt/*")
        served.stop()
        expect(page.locator("#unheard")).to_contain_text("No signal", timeout=SOON)
        expect(page.locator("h1")).to_have_text("Recorded")
        worker.check()
        (item,) = (fact.stream for fact in office.facts() if fact.event in recorded(served))
        observation.take(office.desk, office.somebody("ds.hale"), item)
        served.start()
        expect(page.locator("h1")).to_have_text("ds.hale has it", timeout=3 * SOON)
        silent(page)


def test_a_server_that_comes_back_is_not_asked_without_end(served: Served, chromium: Any) -> None:
    """Once nothing waits, and once somebody has to sign in first, the phone is quiet."""
    with seat(chromium, served.url) as worker:
        page = worker.sign_in("psw.ellis").go("/record")
        asked: list[float] = []
        page.on(
            "request",
            lambda one: asked.append(time.monotonic()) if one.url.endswith("/session") else None,
        )
        served.house.office.later(2)
        send(page, WORDS)
        expect(page.locator("#outbox")).to_contain_text("Sign in to send")
        asked.clear()
        page.wait_for_timeout(6_000)
        assert asked == []
