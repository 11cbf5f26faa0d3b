"""A sergeant and an auditor do their daily work in a real browser."""

import re
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from commands.information import observation
from commands.intelligence import links
from domain.information.observation import ObservationRecorded, ObservationTaken, ObservationTriaged
from domain.information.shared_mentions import JoinConfirmed, JoinDismissed
from domain.intelligence.identity import IdentityJudged
from domain.intelligence.intelligence_report import ItemGraded
from domain.kernel.values import LinkKind, Mention
from tests.support.web.browser_desk import CHOOSE, SEEN
from tests.support.web.map import world
from tests.web.chromium import DESKTOP, seat
from tests.web.conftest import Served

PLATE = (Mention(0, 7, "vrm", "PK95ABC", 0.9),)


def test_the_queue_by_single_keys_and_live(served: Served, chromium: Any) -> None:
    office = served.house.office
    for number in range(3):
        office.words(f"number {number} of three")
    with seat(chromium, served.url, DESKTOP) as sergeant:
        page = sergeant.sign_in("ds.hale").go("/queue")
        sergeant.check()
        ready = page.locator("#queue[data-ready]")
        expect(ready).to_be_attached()
        page.keyboard.press("j")
        page.keyboard.press("j")
        expect(page.locator(".c-row--current")).to_contain_text("number 1")
        page.keyboard.press("t")
        expect(page.locator(".c-item", has_text="number 1")).to_contain_text(
            "ds.hale has taken this entry"
        )
        expect(ready).to_be_attached()
        expect(page.locator(".c-row--current")).to_contain_text("number 1")
        page.keyboard.press("j")
        page.keyboard.press("s")
        expect(page.locator("#outcome-safeguard")).to_be_checked()
        expect(page.locator("#decide-reason")).to_be_focused()
        sergeant.check()
        # the accessibility check may have moved the focus elsewhere
        page.locator("#decide-reason").focus()
        # in a text field, letters are text and not shortcuts
        page.keyboard.type("he waits outside; jkts")
        page.keyboard.press("Enter")
        expect(page.locator(".c-notice")).to_contain_text("Decided")
        expect(page.locator(".c-item")).to_have_count(2)

        expect(ready).to_be_attached()
        page.locator("#keys-on").uncheck()
        page.keyboard.press("s")
        expect(page.get_by_role("dialog")).to_be_hidden()

        observation.record(office.desk, office.somebody("psw.ellis"), words="told just now")
        expect(page.locator(".c-item")).to_have_count(3)
        expect(page.locator("#told")).to_contain_text("The queue has changed")
        sergeant.check()
    events = [fact.event for fact in office.facts()]
    assert sum(isinstance(event, ObservationTaken) for event in events) == 1
    assert [e.outcome for e in events if isinstance(e, ObservationTriaged)] == ["safeguard"]


def test_entries_are_graded_one_after_another_beside_the_list(
    served: Served, chromium: Any
) -> None:
    """A sergeant grades one entry after another beside the list, with four keys for each. The keys
    y and n answer whether another entry corroborates it."""
    office = served.house.office
    for number in range(4):
        observation.record(
            office.desk, office.reader, words=f"PK95ABC again, {number} of four", mentions=PLATE
        )
    with seat(chromium, served.url, DESKTOP) as sergeant:
        page = sergeant.sign_in("ds.hale").go("/queue")
        expect(page.locator("#queue[data-ready]")).to_be_attached()
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        for number in range(4):
            expect(page.locator("#words")).to_contain_text(f"{number} of four")
            for key in ("2", "c", "p", "Control+Enter"):
                page.keyboard.press(key)
            shown = "No entry waits" if number == 3 else f"{number + 1} of four"
            # the pane shows the next entry; the cards of the previous entry also contain the names
            expect(page.locator("#work" if number == 3 else "#words")).to_contain_text(shown)
            expect(page.locator("#graded")).to_contain_text("Graded 2C")
            if number == 1:
                sergeant.check()
                expect(page.locator("#graded [data-state=open]")).to_have_count(3)
                page.keyboard.press("y")
                expect(page.locator("#graded")).to_contain_text("Same subject ds.hale")
                page.keyboard.press("n")
                page.keyboard.type("another night")
                page.keyboard.press("Enter")
                expect(page.locator("#graded")).to_contain_text("Not the same subject ds.hale")
        expect(page.locator("#work")).to_contain_text("No entry waits")
        # the browser did not load the page again
        expect(page.locator("h1")).to_have_text("Inbox")
        # the page of a graded entry also shows its possible corroboration, where the user can
        # reverse a judgement
        page = sergeant.go(f"/others/{office.events(JoinDismissed)[0].b}")
        expect(page.locator("h1")).to_have_text("Grade again")
        card = page.locator("#graded li", has_text="another night")
        card.get_by_role("button", name="Same subject").click()
        expect(page.locator("#graded")).to_contain_text("Same subject ds.hale")
        expect(page.locator("#graded")).not_to_contain_text("another night")
        sergeant.check()
        assert sergeant.complaints == []
    assert [e.grade.label for e in office.events(ItemGraded)] == ["2C"] * 4
    assert (len(office.events(JoinConfirmed)), len(office.events(JoinDismissed))) == (2, 1)


def test_an_entry_is_graded_and_linked_and_seen_on_the_map_in_four_acts(
    served: Served, chromium: Any
) -> None:
    """A sergeant sees a log entry on the map after four actions from the first page: open the
    entry, grade it, link two of its mentions, and open the map. Filling in fields is not
    counted."""
    office = served.house.office
    words = "Baz rang from 07700 900461 and said he was outside."
    served.house.somebody().send("/record", words=words)
    (item,) = (f.stream for f in office.facts() if isinstance(f.event, ObservationRecorded))
    for text in ("Baz", "07700 900461"):
        start = words.index(text)
        said = {"span": f"{start}-{start + len(text)}", "who": "new", "command_id": uuid4().hex}
        served.house.somebody("ds.hale").send(f"/assess/{item}/chips", **said)
    with seat(chromium, served.url, DESKTOP) as sergeant:
        page = sergeant.sign_in("ds.hale").go("/")
        page.locator(f"main a[href='/assess/{item}']").first.click()
        for text in ("Baz", "07700"):
            page.locator(".c-chip__tie", has_text=text).first.click()
        page.keyboard.press("u")
        expect(page.locator("#tied")).to_contain_text("Added:")
        for key in ("2", "c", "p", "Control+Enter"):
            page.keyboard.press(key)
        page.locator("#graded a", has_text="on the map").click()
        expect(page.locator("#map")).to_have_attribute("data-shown", re.compile("[1-9]"))
        assert sergeant.complaints == []
    assert [event.grade.label for event in office.events(ItemGraded)] == ["2C"]


def test_pairs_are_judged_by_single_keys(served: Served, chromium: Any) -> None:
    office = served.house.office
    for name in ("Ann Quill", "Anne Quill", "Barry Vole", "Barry Volle"):
        office.person(name)
    with seat(chromium, served.url, DESKTOP) as sergeant:
        page = sergeant.sign_in("ds.hale").go("/inbox/duplicates")
        expect(page.locator("#pairs[data-ready]")).to_be_attached()
        sergeant.check()
        second = page.locator("#pairs .c-item").nth(1)
        names = second.get_attribute("aria-label") or ""
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("2")
        expect(second.locator("[value=different]")).to_be_checked()
        # in a text field, digits are text and not shortcuts
        page.keyboard.type("2 birthdays, 1 school")
        page.keyboard.press("Enter")
        expect(page.locator(".c-notice")).to_contain_text("Judged: different")
        expect(page.get_by_label(names, exact=True)).to_have_count(0)
    (judged,) = office.events(IdentityJudged)
    assert (judged.judgement, judged.reason) == ("different", "2 birthdays, 1 school")


STANDS = """(id) => {
  const { x, y } = document.getElementById("map")._cyreg.cy.getElementById(id).renderedPosition();
  return [x, y];
}"""


def test_the_map_in_a_browser(served: Served, chromium: Any) -> None:
    people = world(served.house)
    with seat(chromium, served.url, DESKTOP) as sergeant:
        page = sergeant.sign_in("ds.hale").go(f"/map/{people['baz']}")
        canvas = page.locator("#map")
        expect(canvas).to_have_attribute("data-shown", "3")
        sergeant.check()
        page.select_option("#min_grade", "any")
        expect(canvas).to_have_attribute("data-shown", "4")
        expect(page.locator("#counts")).to_contain_text("0 ungraded not shown")
        canvas.focus()
        page.keyboard.press("ArrowRight")
        expect(page.locator("#panel h2")).to_have_text("Baz")
        for way in ("Left", "Right", "Up", "Down"):
            page.keyboard.press(f"Arrow{way}")
        page.keyboard.press("Enter")
        expect(page.locator("#panel a").first).to_be_focused()
        sergeant.check()
        page.select_option("#min_grade", "graded")
        expect(canvas).to_have_attribute("data-shown", "3")
        page.select_option("#min_grade", "any")
        expect(canvas).to_have_attribute("data-shown", "4")
        page.locator("#known").fill("0")
        expect(canvas).to_have_attribute("data-shown", "2")
        expect(page.locator("#as_known")).to_have_value("18 Mar 2011")
        expect(page.locator("#as-of")).to_contain_text("known as at 18 Mar 2011")
        expect(page).to_have_url(re.compile("as_known="))
        with page.expect_download() as taken:
            page.locator("summary", has_text="Export as a picture").click()
            page.get_by_role("button", name="Export", exact=True).click()
        assert taken.value.suggested_filename == "network.png"


def test_what_a_hand_does_to_the_map_is_taken_back(served: Served, chromium: Any) -> None:
    """A user can undo and redo each change of the map (hiding, showing, filtering), by buttons and
    by keys. Each change says which nodes appeared and disappeared, and an empty map says what is
    hidden."""
    people = world(served.house)
    with seat(chromium, served.url, DESKTOP) as sergeant:
        page = sergeant.sign_in("ds.hale").go(f"/map/{people['baz']}")
        canvas = page.locator("#map")
        # the panel shows the person in the centre, because nothing is selected yet
        expect(page.locator("#panel h2")).to_have_text("Baz")
        page.evaluate(CHOOSE, str(people["kay"]))
        canvas.press("h")
        page.wait_for_function(SEEN, arg=2)
        expect(page.locator("#unhide")).to_have_text("Show 1 hidden")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        expect(page.locator("#paper image")).to_have_count(2)
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        canvas.press("Escape")
        # this is the person in the centre of the map
        expect(page.locator("#panel h2")).to_have_text("Baz")
        sergeant.check()
        canvas.press("Control+z")
        page.wait_for_function(SEEN, arg=3)
        page.locator("#redo").click()
        page.wait_for_function(SEEN, arg=2)
        page.locator("#unhide").click()
        page.wait_for_function(SEEN, arg=3)
        page.select_option("#min_grade", "any")
        expect(page.locator("#told")).to_have_text("1 link came")
        page.locator("#undo").click()
        expect(page.locator("#told")).to_have_text("1 link went")
        expect(page.locator("#min_grade")).to_have_value("graded")
        expect(canvas).to_have_attribute("data-shown", "3")
        page = sergeant.go(f"/map/{people['gaz']}")
        expect(page.locator("#empty")).to_contain_text("1 ungraded link is hidden.")
        sergeant.check()
        page.get_by_role("button", name="Show it").click()
        expect(page.locator("#empty")).to_be_hidden()
        expect(canvas).to_have_attribute("data-shown", "2")


def test_the_day_in_the_field_is_always_the_day_of_the_map(served: Served, chromium: Any) -> None:
    """The date field beside the map always shows the day that the map shows. If the user types an
    invalid day, neither the field nor the map changes."""
    people = world(served.house)
    with seat(chromium, served.url, DESKTOP) as sergeant:
        page = sergeant.sign_in("ds.hale").go(f"/map/{people['baz']}?min_grade=any")
        canvas, day = page.locator("#map"), page.locator("#as_known")
        states = page.locator("#as-of")
        expect(canvas).to_have_attribute("data-shown", "4")
        day.fill("31/31/2011")
        day.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text('Date not understood: "31/31/2011"')
        expect(day).to_have_value("")
        expect(states).to_contain_text("known as at now")
        sergeant.check()
        day.fill("18/3/2011")
        day.press("Enter")
        expect(canvas).to_have_attribute("data-shown", "2")
        expect(day).to_have_value("18 Mar 2011")
        expect(states).to_contain_text("known as at 18 Mar 2011")
        expect(page.get_by_label("Then")).to_be_checked()
        expect(page.get_by_role("alert")).to_have_count(0)
        day.fill("soon")
        day.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text('"soon"')
        expect(day).to_have_value("18 Mar 2011")
        expect(canvas).to_have_attribute("data-shown", "2")
        expect(states).to_contain_text("known as at 18 Mar 2011")
        page.locator(".c-segments").get_by_text("Difference").click()
        expect(page.locator("#told")).to_have_text("2 links came since 18 Mar 2011")
        expect(states).to_contain_text("known as at now, compared with 18 Mar 2011")
        expect(canvas).to_have_attribute("data-shown", "4")
        sergeant.check()
        page.get_by_text("Now", exact=True).click()
        expect(day).to_have_value("")
        expect(states).to_contain_text("known as at now.")
        page.get_by_text("Then", exact=True).click()
        expect(day).to_have_value("18 Mar 2011")
        expect(canvas).to_have_attribute("data-shown", "2")
        page.locator("#undo").click()
        expect(day).to_have_value("")
        expect(canvas).to_have_attribute("data-shown", "4")
        page.get_by_text("Event dates").click()
        page.locator("#until").fill("some day")
        page.locator("#until").press("Enter")
        expect(page.locator("#until-fault")).to_contain_text("some day")
        expect(page.locator("#until")).to_have_value("")


#: Links of a car that was seen in two towns, and links of two people that make Baz a bridge between
#: them.
TIES: tuple[tuple[str, str, LinkKind], ...] = (
    ("vehicle:AB91 ABC", "place:hotel, Town A", "seen-at"),
    ("vehicle:AB91 ABC", "place:park, Town B", "seen-at"),
    ("kay", "phone:07700900312", "uses"),
    ("vehicle:PK95ABC", "place:Unit 4, Mill Lane", "seen-at"),
)


def test_the_list_and_the_map_choose_the_same(served: Served, chromium: Any) -> None:
    """The same person is selected in the list and on the map, by keys in either. A row of a query's
    answer also selects its person."""
    people, office = world(served.house), served.house.office
    report = office.assessed(office.words("one car in both"), "2B").id
    for one, other, kind in TIES:
        first = str(people.get(one, one))
        links.assert_link(office.desk, office.reader, report, first, other, kind)
    with seat(chromium, served.url, DESKTOP) as sergeant:
        page = sergeant.sign_in("ds.hale").go("/")
        # the test needs two actions to reach its answer, and this is the first
        page.locator(".c-rail a", has_text="Network").click()
        rows = page.locator("#rows li")
        expect(rows.first).to_contain_text("Bridge")
        expect(rows.first).to_be_visible()
        page.keyboard.press("j")
        expect(rows.first).to_be_focused()
        page.select_option("#sort", "links")
        names = rows.locator(".c-node__name").all_inner_texts()
        rows.nth(1).click()
        expect(page.locator("#panel h2")).to_have_text(names[1])
        page.keyboard.press("k")
        expect(page.locator("#panel h2")).to_have_text(names[0])
        page.keyboard.press("Enter")
        expect(page.locator("#panel a").first).to_be_focused()
        page.keyboard.press("Escape")
        expect(rows.first).to_be_focused()
        page.locator("#map").focus()
        page.keyboard.press("ArrowRight")
        chosen = page.locator("#panel h2").inner_text()
        expect(page.locator("#rows .c-row--current .c-node__name")).to_have_text(chosen)
        page.locator("#narrow").fill("hotel")
        expect(rows).to_have_count(1)
        page.fill("#a", "Town A")
        page.fill("#b", "Town B")
        page.keyboard.press("Enter")  # this is the second action
        expect(page.locator("#answer")).to_contain_text("1 connection between Town A and Town B")
        expect(page.locator("#map")).to_have_attribute("data-shown", re.compile("."))
        page.locator("#answer li").click()
        expect(page.locator("#panel h2")).to_have_text("AB91ABC")
        sergeant.check()
        page.locator("#present").click()
        page.wait_for_function("() => document.fullscreenElement?.id === 'net'")
        shown = "(one) => one.checkVisibility() && document.fullscreenElement.contains(one)"
        assert not page.locator("#called").evaluate(shown), "no strip while it is presented"


def test_the_map_goes_further_from_no_matter_who_is_chosen(served: Served, chromium: Any) -> None:
    """A user can expand the map from any person and collapse it again. The selected person does not
    move, and an export contains exactly what is shown."""
    people = world(served.house)
    office = served.house.office
    links.assert_link(
        office.desk, office.reader, office.words("far off"), "Gaz", "vehicle:YC94KXT", "uses"
    )
    office.later(1)
    with seat(chromium, served.url, DESKTOP) as sergeant:
        page = sergeant.sign_in("ds.hale").go(f"/map/{people['baz']}?min_grade=any")
        canvas = page.locator("#map")
        expect(canvas).to_have_attribute("data-shown", "4")
        page.evaluate(CHOOSE, str(people["gaz"]))
        before = page.evaluate(STANDS, str(people["gaz"]))
        page.get_by_role("button", name="Expand").click()
        expect(canvas).to_have_attribute("data-shown", "5")
        back = page.get_by_role("button", name="Collapse")
        expect(back).to_be_focused()
        after = page.evaluate(STANDS, str(people["gaz"]))
        assert max(abs(one - other) for one, other in zip(before, after, strict=True)) < 1
        expect(page).to_have_url(re.compile(f"also={people['gaz']}"))
        assert f"also={people['gaz']}" in str(page.locator("#export").get_attribute("action"))
        sergeant.check()
        page.reload()
        expect(canvas).to_have_attribute("data-shown", "5")
        page.evaluate(CHOOSE, str(people["gaz"]))
        back.click()
        expect(canvas).to_have_attribute("data-shown", "4")
        expect(page).not_to_have_url(re.compile("also="))


def test_the_whole_map_in_a_browser(
    served: Served, chromium: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The map of all people works in a browser. Keys start from the person with the most links, and
    turning a page of the table does not change the map."""
    world(served.house)
    monkeypatch.setattr("web.map.map.PAGE", 2)
    with seat(chromium, served.url, DESKTOP) as sergeant:
        page = sergeant.sign_in("ds.hale").go("/map?min_grade=any&most=5000")
        canvas = page.locator("#map")
        expect(canvas).to_have_attribute("data-shown", "4")
        sergeant.check()
        canvas.focus()
        page.keyboard.press("ArrowRight")
        expect(page.locator("#panel h2")).to_have_text("Baz")
        page.locator("#links summary").click()
        page.get_by_role("link", name="Next").click()
        expect(page.locator("#table")).to_contain_text("Page 2 of 2")
        expect(page.locator("#panel h2")).to_have_text("Baz")
        page.select_option("#kind", "uses")
        expect(canvas).to_have_attribute("data-shown", "2")
        expect(page).to_have_url(re.compile("/map[?]"))
        assert sergeant.complaints == []


def test_search_answers_while_it_is_typed_and_hints_while_it_is_written(
    served: Served, chromium: Any
) -> None:
    served.house.office.person("Barry Sleight")
    item = served.house.office.words("Lads call him Baz.")
    with seat(chromium, served.url, DESKTOP, "dark") as sergeant:
        page = sergeant.sign_in("ds.hale").go("/search")
        page.locator("#q").press_sequentially("slei")
        expect(page.locator("#hits")).to_contain_text("Barry Sleight")
        sergeant.check()
        page = sergeant.go(f"/assess/{item}")
        page.locator("#text").press_sequentially("The mother said so.")
        expect(page.locator("#hints mark").first).to_be_visible()
        page.locator("label[for=handling-C]").click()
        expect(page.locator("#conditions")).to_be_visible()
        sergeant.check()


def test_two_people_at_once_see_each_other_and_nothing_is_done_twice(
    served: Served, chromium: Any
) -> None:
    office = served.house.office
    for number in range(2):
        office.words(f"number {number} of two")
    with (
        seat(chromium, served.url, DESKTOP) as one,
        seat(chromium, served.url, DESKTOP) as other,
    ):
        mine, theirs = one.sign_in("ds.hale").go("/queue"), other.sign_in("dc.rowe").go("/queue")
        for page in (mine, theirs):
            expect(page.locator("#queue[data-ready]")).to_be_attached()
        item = mine.locator(".c-item", has_text="number 0")
        item.focus()
        item.get_by_role("button", name="Take").click()
        expect(theirs.locator(".c-item", has_text="number 0")).to_contain_text(
            "ds.hale has taken this entry"
        )
        expect(theirs.locator("#told")).to_contain_text("The queue has changed")

        # both users decide about the same entry: the second user gets a message, and no decision is
        # recorded twice
        for page, why in ((mine, "first"), (theirs, "second")):
            page.locator(".c-item", has_text="number 1").press("n")
            expect(page.locator("#outcome-no-value")).to_be_checked()
            page.locator("#decide-reason").fill(why)
        mine.locator("#decide").get_by_role("button", name="Decide").click()
        expect(mine.locator(".c-notice")).to_contain_text("Decided")
        theirs.locator("#decide").get_by_role("button", name="Decide").click()
        expect(theirs.locator("h1")).to_be_visible()
        other.check()
    decided = [f.event.reason for f in office.facts() if isinstance(f.event, ObservationTriaged)]
    assert decided[0] == "first"
