"""Every screen of the demo's filled store looks right to its user: on a phone at night, and on a
desk by day.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from bench import pages, years
from network.picture.typeface import FOLDER, width
from tests.commands.office import Office
from tests.rotation import ONE_IN, todays
from tests.web.chromium import DESKTOP, FAINT, LOOKS, NARROW, PHONE, RULES, Seat, launch, seat
from tests.web.conftest import House, Served, free_port
from tests.web.screens import EVERY, PEOPLE, SERGEANT
from tests.web.screenshots import settled
from tests.web.showcase import Showcase
from web.app import make_app
from web.site.navigation import opens, rooms_of

#: The size of a desk's screen at a zoom of 200 %, at which letters are twice as large.
ZOOMED = {"width": DESKTOP["width"] // 2, "height": DESKTOP["height"] // 2}
#: The size of an analyst's screen.
ANALYST = {"width": 1920, "height": 1080}


#: A script that returns the table cells that, on a phone, have no room for their heading beside
#: them.
UNTOLD = """() => [...document.querySelectorAll(".c-cards td[data-is]")]
  .filter((one) => parseFloat(getComputedStyle(one).paddingLeft) < 100).length"""
#: A script that opens every folded part of the page, because a folded part is not checked.
UNFOLDED = "() => document.querySelectorAll('main details').forEach((one) => { one.open = true; })"


#: A script that returns the height of the header on a desk, and the height at which the page's own
#: content begins.
BEGINS = """() => {
  const first = [...document.querySelectorAll("main *")].find((one) => one.checkVisibility() && one.getBoundingClientRect().height > 0);
  return [document.querySelector("header").offsetHeight, first.getBoundingClientRect().top + scrollY];
}"""  # noqa: E501
HEADER, CONTENT = 56, 100
#: The greatest allowed height of a page's first part on a desk, in pixels.
FIRST_READ = 2_000
#: The beginnings of the addresses of reference pages, in which a reader looks up a word: the
#: reference of the API, and the glossary.
REFERENCES = ("/api/v1", "/help")
#: A script that returns the fields, and the lines of text, that are wider than allowed.
WIDE = """([field, line]) => {
  const wide = (one, most) => one.checkVisibility() && one.getBoundingClientRect().width > most;
  const fields = [...document.querySelectorAll("main :is(input.govuk-input, textarea, select)")];
  const texts = [...document.querySelectorAll("main :is(p, dd)")].filter((one) => !one.closest("table, .c-line-item"));
  const lines = texts.filter((one) => {
    const range = document.createRange();
    range.selectNodeContents(one);
    const size = parseFloat(getComputedStyle(one).fontSize);
    return one.checkVisibility() && [...range.getClientRects()].some((box) => box.width > line * size);
  });
  return [...fields.filter((one) => wide(one, field)).map((one) => one.name), ...lines.map((one) => one.textContent.trim().slice(0, 60))];
}"""  # noqa: E501
#: The greatest allowed width of a field in pixels, and the longest allowed line of text in
#: multiples of the letter size (about a hundred letters).
FIELD, LINE = 760, 52


@dataclass(frozen=True)
class Window:
    """Two sizes and colour schemes of a browser window in which a screen is checked."""

    viewport: dict[str, int]
    scheme: str
    rules: dict[str, Any]
    other: dict[str, int]
    other_scheme: str


#: The windows of all tests; a desk's window at a zoom of 400 % is as narrow as the smallest
#: phone's.
WINDOWS = (
    Window(NARROW, "dark", RULES, PHONE, "dark"),
    Window(DESKTOP, "light", LOOKS, ZOOMED, "forced"),
)


def check_screen(
    somebody: Seat, address: str, windows: Sequence[Window], *, all_windows: bool
) -> None:
    """Load a screen in the first of these windows, and check it in the first size and colours of
    each window. With `all_windows`, check it also in each window's second size and colours."""
    somebody.looks(windows[0].viewport, windows[0].scheme)
    page = somebody.go(address)
    settled(page)
    somebody.stays()
    assert "The program has a fault" not in page.locator("main").inner_text(), address
    if page.locator(".c-rail").count():
        on_call = page.get_attribute("#oncall", "data-at")
        assert on_call, f"who is on call is missing on {address}"
    for window in windows:
        somebody.looks(window.viewport, window.scheme)
        assert window.viewport != NARROW or page.evaluate(UNTOLD) == 0, address
        if window.viewport == DESKTOP and page.locator(".c-rail").count():
            header, content = page.evaluate(BEGINS)
            assert header <= HEADER, (address, header)
            assert content <= CONTENT, (address, content)
        if window is windows[0] and window.viewport == DESKTOP and address not in REFERENCES:
            height = page.evaluate("() => document.documentElement.scrollHeight")
            assert height <= FIRST_READ, (address, height)
            somebody.looks(ANALYST, window.scheme)
            assert page.evaluate(WIDE, [FIELD, LINE]) == [], address
            somebody.looks(window.viewport, window.scheme)
        page.evaluate(UNFOLDED)
        somebody.judge(window.rules)
        if not all_windows:
            continue
        somebody.looks(window.other, window.other_scheme)
        if window.other_scheme != window.scheme:
            somebody.judge(window.rules)
        else:
            somebody.fits()


@pytest.mark.parametrize("person", PEOPLE)
def test_every_screen_can_be_read_by_everybody(
    open_house: Served,
    shown: Showcase,
    chromium: Any,
    person: str,
) -> None:
    """Every user can read every screen, on a phone and on a desk. Each run checks a third of the
    screens; with `--every`, all of them in all windows."""
    mine = todays(screen for screen in EVERY if screen.who == person)
    in_all_windows = todays(mine, days=ONE_IN)
    with seat(chromium, open_house.url) as somebody:
        somebody.sign_in(person)
        for number, screen in enumerate(mine):
            address = shown.address(screen.at)
            for first in todays(WINDOWS, shift=number, days=ONE_IN):
                both = first, *(window for window in WINDOWS if window is not first)
                check_screen(somebody, address, both, all_windows=screen in in_all_windows)
        assert len(somebody.policies) >= len(mine)
        for address, policy in somebody.policies.items():
            assert "default-src 'none'" in policy, address
            assert "unsafe" not in policy, address


#: A script that counts the animated elements: an element's own style animates it, unless a style
#: sheet forbids animation.
MOVING = """() => {
  const box = document.querySelector("main");
  box.style.transition = "all 2s";
  box.style.animation = "turn 2s infinite";
  document.documentElement.style.scrollBehavior = "smooth";
  return [box, document.documentElement, ...document.querySelectorAll("body *")].filter((one) =>
    ["", "::before", "::after"].some((part) => {
      const looks = getComputedStyle(one, part || null);
      return parseFloat(looks.transitionDuration) > 0 || looks.animationName !== "none"
        || looks.scrollBehavior !== "auto";
    })).length;
}"""


#: A script that waits two frames, after which the browser has drawn the requested state.
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def test_nothing_moves_for_those_who_ask_for_no_motion(
    open_house: Served, shown: Showcase, chromium: Any
) -> None:
    with seat(chromium, open_house.url, DESKTOP) as somebody:
        page = somebody.sign_in(SERGEANT).go(shown.address("/map/{suspect}?hops=2"))
        settled(page)
        assert page.evaluate(MOVING) > 0
        page.emulate_media(reduced_motion="reduce")
        assert page.evaluate(MOVING) == 0
        page.locator("#map").focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        page.evaluate(DRAWN)
        shots = [page.locator("#map").screenshot()]
        # a busy machine may draw the page late
        while len(shots) < 20 and shots[-2:-1] != shots[-1:]:
            shots.append(page.locator("#map").screenshot())
        for _ in range(6):
            page.evaluate(DRAWN)
        assert page.locator("#map").screenshot() == shots[-1]


#: A script that returns the symbols and labels on the map that cover other symbols or labels.
OVER = """() => {
  const all = document.getElementById("map")._cyreg.cy.nodes();
  const boxes = all.map((one) => [one.data("label"), one.renderedBoundingBox({ includeEdges: false, includeOverlays: false })]);
  return boxes.flatMap(([one, a], at) => boxes.slice(at + 1)
    .filter(([, b]) => a.x1 < b.x2 - 2 && b.x1 < a.x2 - 2 && a.y1 < b.y2 - 2 && b.y1 < a.y2 - 2)
    .map(([other]) => `${one} and ${other}`));
}"""  # noqa: E501


#: Fonts of other machines: a machine with only the fonts of Continuum, and a machine with a font
#: that has very wide letters.
OTHERS = {
    "no others": "<dir>{ours}</dir>",
    "wide ones": """<include>/etc/fonts/fonts.conf</include><match target="pattern"><edit
      name="family" mode="assign" binding="strong"><string>monospace</string></edit></match>""",
}
#: A script that returns the widths of words in pixels, in the map's font at size 100, plain and
#: bold.
WIDTHS = """(words) => {
  const pen = document.createElement("canvas").getContext("2d");
  const wide = (weight, word) => {
    pen.font = `${weight} 100px ContinuumMap`;
    return pen.measureText(word).width;
  };
  return words.map((word) => [wide(400, word), wide(700, word)]);
}"""
NAMES = (
    "Baz Croft",
    "WWW iiil",
    "Siân Ŵyn-Jones",
    "Łukasz Dvořák",
    "Mòrag O’Hara",
    "07700 900456 AV1",
)


@pytest.fixture(scope="module")
def eyes(
    request: pytest.FixtureRequest, chromium: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """Yield a browser on a machine that has only these fonts."""
    if request.param not in OTHERS:
        yield chromium
        return
    config = tmp_path_factory.mktemp("typefaces") / "fonts.conf"
    told = OTHERS[request.param].format(ours=FOLDER)
    config.write_text(f"<?xml version='1.0'?><fontconfig>{told}</fontconfig>")
    with launch(chromium.browser_type, FONTCONFIG_FILE=str(config)) as browser:
        yield browser


#: Addresses of maps on which no name may cover another name; with the fonts of other machines, one
#: map of each kind is drawn.
AROUND, WHOLE = "/map/{suspect}?hops=2", "/map?min_grade=any"
MAPS = (
    ("the machine's", AROUND),
    ("the machine's", WHOLE),
    *zip(OTHERS, (AROUND, WHOLE), strict=True),
)


@pytest.mark.parametrize(("eyes", "address"), MAPS, indirect=["eyes"])
def test_no_name_on_the_map_covers_another(
    open_house: Served, shown: Showcase, eyes: Any, address: str
) -> None:
    with seat(eyes, open_house.url, DESKTOP) as somebody:
        page = somebody.sign_in(SERGEANT).go(shown.address(address))
        settled(page)
        assert page.evaluate(OVER) == []
        for word, (plain, bold) in zip(NAMES, page.evaluate(WIDTHS, NAMES), strict=True):
            assert plain == pytest.approx(width(word, 100), rel=0.01)
            assert bold == pytest.approx(width(word, 100, bold=True), rel=0.01)


#: The HTML of a page with one form.
PLAIN = """<!doctype html><html lang=en><title>t</title><style>* {{ padding: 8px }}</style>
<body><main><h1>T</h1>{}</main></body></html>"""
FORM = "<details open><summary>Say</summary><label{1}>W <input id='{0}'></label></details>"


def test_a_form_is_judged_once_and_another_where_it_differs(chromium: Any) -> None:
    with seat(chromium, "about:blank") as somebody:
        page = somebody.page
        page.set_content(PLAIN.format(FORM.format("a", "") + FORM.format("b", "")))
        somebody.judge()
        assert page.locator("[data-judged]").count() == 1
        page.set_content(PLAIN.format(FORM.format("c", "") + "<input>"))
        # the invalid form is beside a form that was already checked
        with pytest.raises(AssertionError, match="label"):
            somebody.judge()
        page.set_content(PLAIN.format(FORM.format("d", " style='color: #eee'")))
        # the form's text has too little contrast, and no form like it was checked before
        with pytest.raises(AssertionError):
            somebody.judge()
        assert page.locator("[data-judged]").count() == 0


#: Rows of a list that are equal except for their ids, addresses and texts.
ROWS = "".join(f"<tr><td><a href='/{at}' id='r{at}'>Row {at}</a></td></tr>" for at in range(9))


@pytest.mark.parametrize("worse", ["<a href='/x'></a>", "<a style='color: #eee' href='/x'>x</a>"])
def test_of_rows_made_alike_two_are_judged_and_each_that_is_not(
    chromium: Any, monkeypatch: pytest.MonkeyPatch, worse: str
) -> None:
    monkeypatch.setattr("tests.web.chromium.every_row", False)
    with seat(chromium, "about:blank") as somebody:
        somebody.page.set_content(PLAIN.format(f"<table>{ROWS}</table>"))
        somebody.judge()
        assert somebody.page.locator("[data-judged]").count() == 7
        somebody.page.set_content(PLAIN.format(f"<table>{ROWS}<tr><td>{worse}</td></tr></table>"))
        with pytest.raises(AssertionError):
            somebody.judge()
        all_faint = ROWS.replace("<a ", "<a class='faint' ")
        somebody.page.set_content(
            PLAIN.format(f"<style>.faint {{ color: #eee }}</style><table>{all_faint}</table>")
        )
        with pytest.raises(AssertionError, match="contrast"):
            somebody.judge()


#: Ways to give text too little contrast: by its colour, by its background, or by the background of
#: an element around it.
WORSE = (
    "<p style='color: #ddd'>told</p>",
    "<div style='background: #555'><p>told</p></div>",
    "<div style='opacity: 0.3'><div><p>told</p></div></div>",
    "<p>told</p><p><a href='/x' style='color: #eee'>more</a></p>",
)


def test_letters_painted_as_others_are_not_judged_again_and_any_other_are(
    chromium: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.web.chromium.every_row", False)
    with seat(chromium, "about:blank") as somebody:
        somebody.page.set_content(PLAIN.format("<p>told</p>"))
        somebody.judge()
        somebody.page.set_content(PLAIN.format("<p>told again</p>"))
        somebody.judge()
        assert somebody.page.locator("[data-painted]").count() == 0
        for worse in WORSE:
            somebody.page.set_content(PLAIN.format(worse))
            with pytest.raises(AssertionError, match="contrast"):
                somebody.judge()


def test_letters_that_are_too_faint_are_found(chromium: Any) -> None:
    page = chromium.new_page()
    page.set_content(
        "<body><main style='background: #222'><p id='a' style='color: #333'>faint</p>"
        "<p id='b' style='color: #ddd'>plain</p>"
        "<p id='c' style='color: #888; background: #fff9'>veiled</p></main>"
    )
    found = page.evaluate(FAINT, ["#a", "#b", "#c"])
    page.close()
    assert [one.partition(":")[0] for one in found] == ["#a", "#c"]


#: Pages of a large store whose heights are measured beside the menu's pages.
FURTHER = (
    *("/", "/cases/mine", "/today/deadlines", "/map/areas", "/search?q=barry"),
    *("/record", "/inbox/duplicates", "/manage"),
)


def test_a_first_read_in_a_large_store_is_no_higher_than_two_screens(
    chromium: Any, tmp_path: Path
) -> None:
    """In a store with 300 families and 13 workers, none of these pages is higher than two screens:
    the first page, the menu's pages, the deadlines, the search, the areas, the form of a log entry
    and the possible duplicates. Each run opens a third of the pages, each as one of its readers.
    """
    system = years.at_work(tmp_path, 9_000)
    readers = defaultdict[str, list[str]](list)
    for person in (pages.WHO, "psw.ellis", "auditor.wray", "do.marsh"):
        reader = system.briefly(person).reader
        for address in dict.fromkeys([*(room.path for room in rooms_of(reader)), *FURTHER]):
            if address not in REFERENCES:
                readers[address] += [person] * opens(reader, address.partition("?")[0])
    house = House(Office(system, system.settings), make_app(system))
    served = Served(house, free_port(), asks=False).start()
    high = {}
    with seat(chromium, served.url, DESKTOP) as somebody:
        for address, people in todays(readers.items()):
            for person in todays(people, len(people), days=ONE_IN):
                page = somebody.sign_in(person).go(address)
                expect(page.locator("h1")).not_to_have_text("The page does not exist")
                height = page.evaluate("() => document.documentElement.scrollHeight")
                if height > FIRST_READ:
                    high[person, address] = height
    served.stop()
    system.close()
    assert high == {}
