"""Three kinds of users each reach their result without a mouse, on the demo's store."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from domain.information.observation import ObservationRecorded
from domain.intelligence.identity import IdentityJudged
from domain.intelligence.intelligence_report import ItemGraded
from domain.intelligence.link import LinkAsserted
from ledger import verify
from projections.intelligence import people
from tests.rotation import todays
from tests.told import run_of
from tests.web.chromium import DESKTOP, PHONE, Seat, seat
from tests.web.conftest import Served
from tests.web.journeys import ANYWHERE, JOURNEYS, demo, walked, with_needed, years
from tests.web.keyboard import press, walk_to, write
from tests.web.showcase import Showcase, copied, signed
from usecases.kernel.registry import USE_CASES

NIGHT_WORDS = "Nan rang: a man they call Gaz parked the grey Astra, YK91 ABC, by the school again."


def signs_in(somebody: Seat, name: str) -> Page:
    page = somebody.go("/sign-in")
    write(page, "#name", name)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{somebody.url}/")
    return page


def test_the_worker_at_night(open_house: Served, shown: Showcase, chromium: Any) -> None:
    with seat(chromium, open_house.url, PHONE, "dark") as worker:
        page = signs_in(worker, "psw.ellis")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "govuk-skip-link"
        page.keyboard.press("Enter")
        write(page, "#words", NIGHT_WORDS)
        walk_to(page, "#urgent")
        page.keyboard.press("Space")
        write(page, "#urgent_reason", "he is there now")
        passed = walk_to(page, "[name=how_known]")
        assert len(passed) == 1
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowDown")
        press(page, "#more > summary")
        write(page, "#heard_from", "the grandmother")
        write(page, "#when", "today about ten")
        press(page, "#entry button[type=submit]")
        page.wait_for_url("**/receipt/*")
        expect(page.get_by_role("alert")).to_contain_text("in danger, ring 999")
        press(page, "button.c-mention")
        expect(page.locator(".c-mention--yes")).to_have_count(1)
        worker.check()
    told = last_event(shown, ObservationRecorded)
    assert (told.words, told.urgent_reason) == (NIGHT_WORDS, "he is there now")


def last_event(shown: Showcase, kind: type[Any]) -> Any:
    """Return the last recorded event of this class."""
    return [fact.event for fact in shown.office.facts() if isinstance(fact.event, kind)][-1]


def test_the_sergeant_from_the_queue_to_the_map(
    open_house: Served, shown: Showcase, chromium: Any, tmp_path: Path
) -> None:
    with seat(chromium, open_house.url, DESKTOP) as sergeant:
        page = signs_in(sergeant, "ds.hale")
        press(page, "main a[href='/queue']")
        expect(page.locator("#queue[data-ready]")).to_be_attached()
        page.keyboard.press("j")
        first = page.locator(".c-row--current").get_attribute("data-id")
        page.keyboard.press("t")
        expect(page.locator(f"#item-{first}")).to_contain_text("ds.hale has taken this entry")
        expect(page.locator("#queue[data-ready]")).to_be_attached()
        page.keyboard.press("a")
        page.wait_for_url(f"**/assess/{first}")
        expect(page.locator("#as-told")).to_be_visible()
        assert "Hidden" in page.locator(".c-facts").inner_text()

        walk_to(page, "[name=source_grade]")
        # the first option has the focus before this key, which moves the focus to the second option
        page.keyboard.press("ArrowDown")
        walk_to(page, "[name=information]")
        page.keyboard.press("Space")
        walk_to(page, "[name=handling]")
        page.keyboard.press("Space")
        write(page, "#text", "A man was seen near the school in a grey Astra, the mother said.")
        expect(page.locator("#hints mark").first).to_be_visible()
        sergeant.check()
        press(page, "main form button[type=submit]")
        expect(page.locator("#graded")).to_contain_text("Graded 2")
        page = sergeant.go(f"/items/{first}")
        assert last_event(shown, ItemGraded).grade.source == "2"

        press(page, "[data-opens=add]")
        expect(page.locator("#add-filter")).to_be_focused()
        page.keyboard.type(USE_CASES["link"].named.title)
        page.keyboard.press("Enter")
        page.wait_for_url("**/do/link")
        write(page, "#a-link", "Darren Pike")
        write(page, "#b-link", "place:Mill Lane School, Town A")
        walk_to(page, "#kind-link")
        page.keyboard.type("seen")
        press(page, "#link button[type=submit]")
        expect(page.locator(".c-notice")).to_contain_text("Link added")
        assert last_event(shown, LinkAsserted).kind == "seen-at"

        on_the_map(sergeant, shown, tmp_path)
        page = sergeant.go("/path")
        write(page, "#a", "Leah Brack")
        write(page, "#b", "Barry Sleight")
        page.keyboard.press("Enter")
        expect(page.locator("#answer li")).to_have_count(2)


def on_the_map(sergeant: Seat, shown: Showcase, tmp_path: Path) -> None:
    """As the sergeant, change the date of the links and the date of knowledge on the map by arrow
    keys, follow links, and export the map as a picture."""
    page = sergeant.go(shown.address("/map/{suspect}"))
    canvas = page.locator("#map")
    expect(canvas).to_have_attribute("data-shown", re.compile(r"[1-9]"))
    everything = int(canvas.get_attribute("data-shown") or "0")
    walk_to(page, "#known")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    expect(canvas).not_to_have_attribute("data-shown", str(everything))
    expect(page).to_have_url(re.compile("as_known=20"))
    page.keyboard.press("End")
    expect(canvas).to_have_attribute("data-shown", str(everything))
    walk_to(page, "#map")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#panel h2")).to_be_visible()
    sergeant.check()
    press(page, "details:has(#export) summary")
    page.locator("#form").select_option("svg")
    page.locator("#conditions_met").fill("for the team alone")
    with page.expect_download() as taken:
        page.locator("#export button").click()
    taken.value.save_as(tmp_path / "map.svg")
    drawn = (tmp_path / "map.svg").read_text("utf-8")
    for said in ("OFFICIAL-SENSITIVE", "SYNTHETIC", "Child 1", "as known", "ungraded"):
        assert said in drawn, said
    assert "Leah Brack" not in drawn


def test_printing_the_map_prints_the_map(
    open_house: Served, shown: Showcase, chromium: Any
) -> None:
    """Printing the page of the map prints the map. (A bug had printed only a table, with the
    children's names.)
    """
    with seat(chromium, open_house.url, DESKTOP, "dark") as sergeant:
        page = sergeant.sign_in("ds.hale").go(shown.address("/map/{suspect}?hops=2"))
        expect(page.locator("#map")).to_have_attribute("data-shown", re.compile(r"[1-9]"))
        paper = page.pdf(prefer_css_page_size=True)
        (size,) = set(re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", paper))
        assert [round(float(side)) for side in size] == [842, 595], "A4, landscape"
        assert page.locator("#paper *").count() == 0, "it was drawn for the paper alone"

        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        expect(page.locator("#map")).to_be_hidden()
        picture = page.locator("#paper svg")
        box, legend = picture.bounding_box(), page.locator(".c-legend").bounding_box()
        assert box
        assert legend
        assert box["height"] > 300
        assert legend["y"] + legend["height"] < 190 / 25.4 * 96, "the legend is on the first sheet"
        said = page.locator("body").inner_text() + (picture.text_content() or "")
        for told in ("OFFICIAL-SENSITIVE", "SYNTHETIC", "Darren Pike", "Child 1", "Evidence"):
            assert told in said, told
        for told in ("Darren Pike", "Child 1"):
            expect(page.locator("#table")).to_contain_text(told, use_inner_text=True)
        for child in ("Leah", "Brack", "Ellie", "Crane"):
            assert child not in said, child
        assert "Darren" not in page.title()
        assert picture.locator("text").first.get_attribute("fill") == "#1b2733", "dark on white"
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert "Darren" in page.title()
        assert sergeant.complaints == []


def test_the_auditor_holds_the_record_against_what_was_signed(
    open_house: Served,
    shown: Showcase,
    chromium: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = Path(shown.office.settings.store)
    state = store.with_name(f"{store.name}-signer")
    signed(shown.office, state)
    monkeypatch.setattr("web.records.proof_pack.sleep", lambda _: signed(shown.office, state))
    with seat(chromium, open_house.url, DESKTOP) as auditor:
        page = signs_in(auditor, "auditor.wray")
        press(page, ".c-rail a[href='/trail']")
        page.wait_for_url("**/trail")
        write(page, "#of", shown.ids["tie"][-8:])
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/trail/{shown.ids['tie']}")
        expect(page.locator("ol[aria-labelledby=back] li").first).to_contain_text("received by")
        press(page, "main details summary")
        with page.expect_download() as taken:
            press(page, "main details button")
        taken.value.save_as(tmp_path / "proofs.zip")

        page = auditor.go("/")
        press(page, ".c-rail a[href='/trail']")
        page.wait_for_url("**/trail")
        write(page, "#day", "20 May 2011")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("Known on 20 May 2011")
        expect(page.locator("main")).to_contain_text("Changes since that day")
        press(page, "main a[href*='rebuilt=true']")
        expect(page.locator(".c-hash")).to_be_visible()
        auditor.check()

        page = auditor.go("/verify")
        press(page, "main form button")
        expect(page.locator(".c-verdict")).to_contain_text(
            "Yes, the record is complete and unchanged up to the last signature"
        )
        expect(page.locator("main")).to_contain_text("What this check does not prove")
        auditor.check()

        page = auditor.go("/looked")
        write(page, "#of", shown.ids["tie"][-8:])
        page.keyboard.press("Enter")
        expect(
            page.get_by_role("region", name="Access log").locator("tbody tr").first
        ).to_contain_text("auditor.wray")

    assert verify.main([str(tmp_path / "proofs.zip"), "--policy", str(state / "policy.json")]) == 0


def test_somebody_is_meant_by_the_one_that_was_chosen(
    open_house: Served, shown: Showcase, chromium: Any
) -> None:
    """If a user chooses a person from the list below a field, the field shows the person's name,
    and the form records a judgement about this person."""
    with seat(chromium, open_house.url, DESKTOP) as sergeant:
        page = sergeant.go("/sign-in")
        page.select_option("#chosen", "ds.hale")
        page.get_by_role("button", name="Continue").click()
        page.wait_for_url(f"{sergeant.url}/")
        page = sergeant.go(shown.address("/people/{suspect}/do/judge"))
        named = page.locator("#judge input[data-pick]")
        named.press_sequentially("barr")
        expect(page.locator("#judge [role=option]")).to_contain_text(["Barry Sleight"])
        page.keyboard.press("ArrowDown")
        sergeant.check()
        page.keyboard.press("Enter")
        expect(named).to_have_value("Barry Sleight")
        page.locator("#judge select").select_option("different")
        page.locator("#judge [name=reason]").fill("they were seen side by side")
        page.locator("#judge button[type=submit]").click()
        expect(page.locator(".c-notice")).to_be_visible()
    judged = last_event(shown, IdentityJudged)
    with shown.office.system.reading() as db:
        both = people.visible_names(db, shown.office.reader, [judged.a, judged.b])
    assert {one.label for one in both.values()} == {"Darren Pike", "Barry Sleight"}


#: The number of tests that take turns to make journeys.
TWO = 2


@pytest.mark.in_turn("journeys")
def test_no_journey_takes_more_taps_than_is_written_down(
    tmp_path_factory: pytest.TempPathFactory, chromium: Any
) -> None:
    """No journey (a user's way to a result) needs more taps than `tests/web/journeys.py` allows for
    it. Each run makes a third of the journeys."""
    told = copied(run_of(tmp_path_factory), tmp_path_factory.mktemp("journeys"))
    journeys = with_needed(todays(JOURNEYS, days=TWO))
    taken = {one.journey.name: one.taps for one in walked(chromium, demo(told), journeys)}
    assert taken == {journey.name: journey.taps for journey in journeys}
    assert all(journey.taps <= (journey.before or journey.taps) for journey in JOURNEYS)


@pytest.mark.in_turn("journeys")
@pytest.mark.parametrize(
    "facts", [5_000, pytest.param(100_000, marks=pytest.mark.seldom)], ids="{:,} facts".format
)
def test_journeys_take_as_many_taps_in_a_store_that_nobody_prepared(
    tmp_path: Path, chromium: Any, facts: int
) -> None:
    """Each journey (a user's way to a result) needs as many taps in a store that was not prepared
    for it as in one that was. At the end of a journey, the test checks the record that the journey
    changed. Each run makes a third of the journeys."""
    journeys = todays(ANYWHERE, days=TWO)
    taken = {
        one.journey.name: one.taps
        for one in walked(chromium, years(tmp_path / "store", facts), journeys)
    }
    assert taken == {one.name: one.taps for one in journeys}
