"""Every screen of the filled demo store, as its person sees it: a phone at night, a desk by day."""

from collections.abc import Iterator
from typing import Any

import pytest

from network.typeface import FOLDER, width
from tests.web.chromium import DESKTOP, FAINT, LOOKS, NARROW, PHONE, RULES, Seat, launch, seat
from tests.web.conftest import Served
from tests.web.screens import PEOPLE, SCREENS, SERGEANT
from tests.web.screenshots import settled
from tests.web.showcase import Showcase

#: A desk's screen at twice the size of its letters.
ZOOMED = {"width": DESKTOP["width"] // 2, "height": DESKTOP["height"] // 2}


#: Every form that a line opens stands open: what is folded nobody checks.
UNFOLDED = "() => document.querySelectorAll('main details').forEach((one) => { one.open = true; })"


def walked(somebody: Seat, shown: Showcase, person: str, smaller: dict[str, int]) -> int:
    """Look at every screen of this person, and at each in a smaller window; how many there are."""
    mine = [screen for screen in SCREENS if screen.who == person]
    for screen in mine:
        page = somebody.go(shown.address(screen.at))
        settled(page)
        somebody.stays()
        assert "Something broke" not in page.locator("main").inner_text(), screen.at
        if page.locator(".govuk-service-navigation__item").count():
            on_call = page.get_attribute("#oncall", "data-at")
            assert on_call, f"who is on call is missing on {screen.at}"
        page.evaluate(UNFOLDED)
        somebody.check(RULES if somebody.viewport == PHONE else LOOKS)
        page.set_viewport_size(smaller)  # type: ignore[arg-type]
        somebody.fits()
        page.set_viewport_size(somebody.viewport)  # type: ignore[arg-type]
        page.wait_for_function("(wide) => innerWidth === wide", arg=somebody.viewport["width"])
    return len(mine)


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize(
    ("viewport", "scheme", "smaller"),
    [(PHONE, "dark", NARROW), (DESKTOP, "light", ZOOMED)],
    ids=["phone", "desk"],
)
def test_every_screen_can_be_read_by_everybody(
    open_house: Served,
    shown: Showcase,
    chromium: Any,
    person: str,
    viewport: dict[str, int],
    scheme: str,
    smaller: dict[str, int],
) -> None:
    with seat(chromium, open_house.url, viewport, scheme) as somebody:
        somebody.sign_in(person)
        looked = walked(somebody, shown, person, smaller)
        assert len(somebody.policies) >= looked
        for address, policy in somebody.policies.items():
            assert "default-src 'none'" in policy, address
            assert "unsafe" not in policy, address


#: How many things move, or would: a style of the element itself wins unless a sheet forbids it.
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


#: Two frames later what was asked for is drawn.
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
        first = page.locator("#map").screenshot()
        page.wait_for_timeout(200)
        assert page.locator("#map").screenshot() == first


#: Who on the map stands over whom: symbols with their labels, as they are drawn.
OVER = """() => {
  const all = document.getElementById("map")._cyreg.cy.nodes();
  const boxes = all.map((one) => [one.data("label"), one.renderedBoundingBox({ includeEdges: false, includeOverlays: false })]);
  return boxes.flatMap(([one, a], at) => boxes.slice(at + 1)
    .filter(([, b]) => a.x1 < b.x2 - 2 && b.x1 < a.x2 - 2 && a.y1 < b.y2 - 2 && b.y1 < a.y2 - 2)
    .map(([other]) => `${one} and ${other}`));
}"""  # noqa: E501


#: Typefaces of other machines: none but what Continuum brings, and one whose letters are all wide.
OTHERS = {
    "no others": "<dir>{ours}</dir>",
    "wide ones": """<include>/etc/fonts/fonts.conf</include><match target="pattern"><edit
      name="family" mode="assign" binding="strong"><string>monospace</string></edit></match>""",
}
#: Of words their widths in pixels as the map writes them, letters of 100, plain and bold.
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


@pytest.fixture(scope="module", params=["the machine's", *OTHERS])
def eyes(
    request: pytest.FixtureRequest, chromium: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """A browser on a machine with these typefaces."""
    if request.param not in OTHERS:
        yield chromium
        return
    config = tmp_path_factory.mktemp("typefaces") / "fonts.conf"
    told = OTHERS[request.param].format(ours=FOLDER)
    config.write_text(f"<?xml version='1.0'?><fontconfig>{told}</fontconfig>")
    with launch(chromium.browser_type, FONTCONFIG_FILE=str(config)) as browser:
        yield browser


@pytest.mark.parametrize("address", ["/map/{suspect}?hops=2", "/map/whole?min_grade=any"])
def test_no_name_on_the_map_stands_over_another(
    open_house: Served, shown: Showcase, eyes: Any, address: str
) -> None:
    with seat(eyes, open_house.url, DESKTOP) as somebody:
        page = somebody.sign_in(SERGEANT).go(shown.address(address))
        settled(page)
        assert page.evaluate(OVER) == []
        for word, (plain, bold) in zip(NAMES, page.evaluate(WIDTHS, NAMES), strict=True):
            assert plain == pytest.approx(width(word, 100), rel=0.01)
            assert bold == pytest.approx(width(word, 100, bold=True), rel=0.01)


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
