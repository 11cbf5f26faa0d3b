"""Two people carry out an erasure in a real browser, each with a second factor. No typed text is
lost, and a legal hold prevents the erasure."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from commands.information import observation
from commands.kernel import entity
from commands.people_and_teams import two_person
from domain.information.observation import ObservationRedacted
from tests.web.chromium import DESKTOP, PHONE, Seat, seat
from tests.web.conftest import Served, free_port
from tests.web.live import PASSWORD, Live, live

__all__ = ["live"]
WORDS = "Baz waits by the bus station, in a silver car."
INSTEAD = "Somebody waits by the bus station,\nin a silver car."


@pytest.fixture
def door(live: Live) -> Iterator[Served]:
    live.hire("io.one", "intelligence-officer")
    live.hire("mgr.two", "manager")
    house: Any = type("Behind", (), {"office": live, "app": None})()
    made = Served(house, free_port(), asks=False).start()
    yield made
    made.stop()


def come_in(live: Live, somebody: Seat, name: str) -> Seat:
    page = somebody.go("/sign-in")
    for field, text in (("name", name), ("password", PASSWORD), ("digits", live.digits(name))):
        page.fill(f"#{field}", text)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{somebody.url}/")
    return somebody


def once_more(live: Live, somebody: Seat, name: str) -> None:
    """Prove the user's identity again with a six-digit code, as the page requests. The browser then
    repeats the user's action."""
    page = somebody.page
    expect(page.locator("h1")).to_have_text("Sign in again")
    somebody.check()
    page.fill("#digits", live.digits(name))
    page.get_by_role("button", name="Continue").click()


def choose(somebody: Seat, act: str) -> None:
    """Open the form of an action from the menu "Add…"."""
    somebody.page.get_by_role("link", name="Add…").click()
    somebody.page.get_by_role("link", name=act).click()
    somebody.check()


def test_two_people_erase_and_nothing_typed_is_lost(
    live: Live, door: Served, chromium: Any
) -> None:
    reader = live.reader("io.one")
    item = observation.record(live.desk, reader, words=WORDS).id
    baz = entity.record_person(live.desk, reader, name="Baz", known=False).id
    with (
        seat(chromium, door.url, DESKTOP) as one,
        seat(chromium, door.url, PHONE, "dark") as two,
    ):
        page = come_in(live, one, "io.one").go("/erasures")
        page.get_by_label("Person, case or item").fill("Baz")
        page.get_by_role("button", name="Preview the erasure").click()
        choose(one, "Place a legal hold")
        page.get_by_label("Why is the hold needed?").fill("an appeal is listed")
        page.get_by_role("button", name="Place the hold").click()
        expect(page.locator("main")).to_contain_text("Baz")
        page = one.go(f"/erasures/new?of={baz}")
        expect(page.locator(".c-figure")).to_have_text("1 restricted")
        one.check()
        page = one.go("/holds")
        page.locator("table a[href^='/records/holds/']", has_text="Baz").click()
        choose(one, "Lift a legal hold")
        page.get_by_label("Why is the legal hold no longer needed?").fill("dismissed")
        page.get_by_role("button", name="Propose to lift the hold").click()
        expect(page.locator(".c-notice")).to_be_visible()
        two_person.confirm(live.desk, live.reader("mgr.two"), baz, "lift-hold")

        page = one.go(f"/erasures/new?of={baz}")
        page.get_by_label("What happens to this text?").select_option("write")
        page.get_by_label("Replacement text").fill(INSTEAD)
        page.get_by_role("button", name="Preview the erasure with these replacement texts").click()
        page.get_by_label("On which lawful basis is the item erased?").select_option(
            "uk-gdpr-art17"
        )
        one.check()
        live.later(minutes=6)
        page.get_by_role("button", name="Propose the erasure").click()
        once_more(live, one, "io.one")
        expect(page.locator("#why + p")).to_contain_text("You proposed this erasure")
        one.check()
        proposed = page.url.removeprefix(door.url)

        page = come_in(live, two, "mgr.two").go("/erasures")
        page.get_by_role("link", name="waits for a second person").click()
        expect(page.get_by_role("button", name="Approve")).to_be_visible()
        two.check()
        live.later(minutes=6)
        page.get_by_role("button", name="Approve").click()
        once_more(live, two, "mgr.two")
        expect(page.locator(".c-band__status")).to_contain_text("Erased and certified")
        two.check()
        with page.expect_download() as told:
            page.get_by_role("link", name="Download the certificate").click()
        assert "Outcome: Erased and certified" in told.value.path().read_text()

        expect(one.go(proposed).locator(".c-band__status")).to_contain_text("Erased and certified")
        assert one.go(f"/people/{baz}").title().startswith("The page does not exist")
    last = live.desk.logs["evidence"].history(item)
    written = [fact.event.words for fact in last if isinstance(fact.event, ObservationRedacted)]
    assert [text.replace("\r\n", "\n") for text in written] == [INSTEAD]
