"""In every state (empty, wrong input, refused, too late, overdue), a screen has messages that every
user can read.
"""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from commands.information import observation
from domain.intelligence.intelligence_report import ItemGraded
from tests.commands.office import Office
from tests.rotation import todays
from tests.web.chromium import DESKTOP, PHONE, Seat, seat
from tests.web.conftest import House, Served, free_port
from tests.web.live import PASSWORD, Live
from tests.web.live import live as live_store
from tests.web.showcase import signed

live = live_store

EMPTY = (
    "/", "/mine", "/cases/mine", "/import", "/queue", "/queue?overdue=true", "/search?q=nobody",
    "/map", "/path?a=&b=", "/inbox/duplicates", "/brief", "/trail", "/then", "/manage",
    "/today/alerts", "/cases/at-risk", "/inbox/search-alerts", "/exchange", "/looked", "/material",
    "/disclosures", "/requests", "/unusual", "/escalations",
)  # fmt: skip
WRONG = (
    ("/then?day=soon", "not understood"),
    ("/map?q=Nobody at all", "Nobody at all"),
    ("/trail?of=nothing", "there is no item"),
    ("/path?a=Nobody&b=Noone", "Nobody"),
    ("/nowhere", "The page does not exist"),
)


def test_what_is_empty_says_so(served: Served, chromium: Any) -> None:
    """A page of a list without rows says in a sentence that there are none."""
    with seat(chromium, served.url, PHONE, "dark") as somebody:
        somebody.sign_in("ds.hale")
        for path in todays(EMPTY):
            page = somebody.go(path)
            assert page.locator("main").inner_text().strip().count("\n") >= 1, f"{path} is bare"
            somebody.check()


def test_what_is_wrong_is_said_where_it_is(served: Served, chromium: Any) -> None:
    item = served.house.office.words("Lads call him Baz.")
    with seat(chromium, served.url, PHONE, "dark") as somebody:
        page = somebody.go("/sign-in")
        page.get_by_role("button", name="Continue").click()
        expect(page.locator("main")).to_contain_text("Enter your name")
        somebody.check()
        somebody.sign_in("ds.hale")
        for path, said in WRONG:
            page = somebody.go(path)
            expect(page.locator("main")).to_contain_text(said)
            somebody.check()
        for path, button, said in (
            (f"/assess/{item}", "Grade", "Give both grades"),
            (f"/items/{item}/do/refer", "Refer the child", "this field is empty"),
        ):
            page = somebody.go(path)
            # only here, the browser itself allows the user to send an empty form
            if button == "Refer the child":
                page.get_by_label("Which child do you refer?").fill(" ")
            page.locator("main").get_by_role("button", name=button, exact=True).click()
            expect(page.get_by_role("alert")).to_contain_text(said)
            somebody.check()


def test_a_changed_record_is_reported_in_red(served: Served, chromium: Any, tmp_path: Path) -> None:
    office = served.house.office
    office.words("what was told")
    office.words("what was told later")
    signed(office, tmp_path / "signer")
    with sqlite3.connect(Path(office.settings.store) / "log.db") as changing:
        changing.execute("UPDATE evidence_events SET state = zeroblob(40) WHERE seq = 2")
    changing.close()
    with seat(chromium, served.url, PHONE, "dark") as auditor:
        page = auditor.sign_in("auditor.wray").go("/verify")
        page.get_by_role("button", name="Verify the record").click()
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text(re.compile("not as (it was|they were) written"))
        expect(alert).to_contain_text("Change nothing")
        expect(page.locator("main li", has_text="evidence").first).to_be_visible()
        expect(page.locator("main")).to_contain_text("What this check does not prove")
        auditor.check()


# --- with accounts: sign-in, refusals, a form that is sent after signing out ----------------------


@pytest.fixture
def guarded(live: Live) -> Iterator[Served]:
    """Serve a live store that has a worker and a sergeant."""
    live.hire("psw.ellis", "psw")
    live.hire("ds.hale", "detective")
    office = Office(live.system, live.system.settings)
    made = Served(House(office, live.app), free_port(), asks=False).start()
    yield made
    made.stop()


def enters(somebody: Seat, live: Live, name: str, password: str = PASSWORD) -> Page:
    page = somebody.page
    page.fill("#name", name)
    page.fill("#password", password)
    page.fill("#digits", live.digits(name))
    page.locator("main form").first.get_by_role("button").first.click()
    return page


def test_the_door_and_what_is_behind_no_door(guarded: Served, live: Live, chromium: Any) -> None:
    told = observation.record(live.desk, live.reader("ds.hale"), words="not for the worker").id
    with seat(chromium, guarded.url, PHONE, "dark") as worker:
        worker.go("/sign-in")
        worker.check()
        page = enters(worker, live, "psw.ellis", "wrong words")
        expect(page.get_by_role("alert").first).to_be_visible()
        worker.check()
        page = enters(worker, live, "psw.ellis")
        page.wait_for_url(f"{guarded.url}/")
        worker.check()
        assert page.locator("nav a[href='/map']").count() == 0
        shown = set()
        for path in ("/map", f"/items/{told}", "/items/00000000-0000-4000-8000-000000000000"):
            page = worker.go(path)
            shown.add(page.locator("main h1").inner_text())
            worker.check()
        assert shown == {"The page does not exist"}


def test_a_session_that_ends_while_somebody_grades_loses_nothing(
    guarded: Served, live: Live, chromium: Any
) -> None:
    item = observation.record(live.desk, live.reader("ds.hale"), words="A white van.").id
    with seat(chromium, guarded.url, DESKTOP) as sergeant:
        sergeant.go("/sign-in")
        enters(sergeant, live, "ds.hale").wait_for_url(f"{guarded.url}/")
        page = sergeant.go(f"/assess/{item}")
        page.locator("label[for=source_grade-2]").click()
        page.locator("label[for=information-C]").click()
        page.locator("label[for=handling-P]").click()
        page.fill("#text", "A white van was seen, and this took ten minutes to write.")
        live.later(minutes=20)
        page.get_by_role("button", name="Grade", exact=True).click()
        expect(page.locator("main")).to_contain_text("What you typed is saved")
        assert "ten minutes" not in page.content()
        sergeant.check()
        enters(sergeant, live, "ds.hale")
        expect(page.locator(".c-panel [name=text]")).to_have_value(
            "A white van was seen, and this took ten minutes to write."
        )
        sergeant.check()
        page.get_by_role("button", name="Send the text").click()
        page.wait_for_url(f"**/assess/{item}")
    graded = [
        fact.event
        for fact in live.system.logs["evidence"].read(0, 1000)
        if isinstance(fact.event, ItemGraded)
    ]
    assert [one.grade.label for one in graded] == ["2C"]
