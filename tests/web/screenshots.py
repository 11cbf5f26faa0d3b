"""Write docs/screens.md: every screen as its user sees it, on a phone at night and on a desk by
day.

`make screenshots` runs it. The store is the demo's, recorded again, and no picture shows real data.
"""

import base64
import re
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.web.chromium import DESKTOP, EXECUTABLE, MISSING, PHONE, launch, seat
from tests.web.conftest import House, Served, free_port
from tests.web.journeys import table
from tests.web.screens import EVERY, PEOPLE, SCREENS, Screen, State
from tests.web.showcase import Showcase, told
from web.app import make_app

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "images" / "screens"
PAGE = ROOT / "docs" / "screens.md"
#: The most bytes of one picture, because a page of fifty pictures must also open on a slow
#: connection.
LARGEST = 150_000
#: Qualities of a picture, the best first; if a picture is larger than `LARGEST`, the next quality
#: is used.
QUALITIES = (0.85, 0.7, 0.55, 0.4)
#: A script with which the browser converts a picture to WebP, which has a quarter of the size of a
#: PNG and sharp letters.
TO_WEBP = """async ([png, quality]) => {
  const bitmap = await createImageBitmap(await (await fetch(png)).blob());
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext("2d").drawImage(bitmap, 0, 0);
  const blob = await canvas.convertToBlob({ type: "image/webp", quality });
  return Array.from(new Uint8Array(await blob.arrayBuffer()));
}"""
WAYS = (("phone", PHONE, "dark"), ("desktop", DESKTOP, "light"))


def main() -> None:
    """Record the demo, open every screen, and write the pictures and docs/screens.md."""
    if not EXECUTABLE.exists():
        raise SystemExit(MISSING)
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        shown = told(Path(place) / "store")
        served = Served(House(shown.office, make_app(shown.office.system)), free_port()).start()
        browser = launch(playwright.chromium)
        kept = set(walk(browser, served.url, shown))
        browser.close()
        served.stop()
        shown.office.system.close()
    for old in set(PICTURES.iterdir()) - kept:
        old.unlink()
    PAGE.write_text(written(), "utf-8")


def walk(browser: Browser, url: str, shown: Showcase) -> Iterable[Path]:
    """Open every screen in two windows, a phone and a desk, as its user; yield the paths of the
    pictures."""
    press = browser.new_page()
    for way, viewport, scheme in WAYS:
        for person in PEOPLE:
            with seat(browser, url, viewport, scheme) as somebody:
                for state in (one for one in EVERY if one.name and one.who == person):
                    page = somebody.go(shown.address(state.at))
                    if "/sign-in" in page.url and state.name != "sign-in":
                        page = somebody.sign_in(person).go(shown.address(state.at))
                    settled(page)
                    yield take_picture(page, press, state, way)


def settled(page: Page) -> None:
    """Wait until the page no longer changes: the map is drawn, and requests for hints are
    answered.
    """
    for place, filled in (("#map", "data-shown"), ("#hints > *", "class")):
        if page.locator(place.partition(" ")[0]).count():
            expect(page.locator(place).first).to_have_attribute(filled, re.compile("."))


def take_picture(page: Page, press: Page, state: State, way: str) -> Path:
    """Take a picture of the visible part of the page, which `press` compresses; return the
    picture's path. Raises SystemExit if the picture is too large in the lowest quality.
    """
    png = page.screenshot(animations="disabled", caret="hide", scale="css")
    address = f"data:image/png;base64,{base64.b64encode(png).decode()}"
    path, picture = PICTURES / f"{state.name}-{way}.webp", b""
    for quality in QUALITIES:
        picture = bytes(press.evaluate(TO_WEBP, [address, quality]))
        if len(picture) <= LARGEST:
            path.write_bytes(picture)
            return path
    raise SystemExit(f"{path.name} has {len(picture)} bytes, more than {LARGEST}")


def addresses(screen: Screen) -> str:
    """Return the addresses of a screen as patterns of routes, in one text."""
    return ", ".join(dict.fromkeys(f"`{state.serves}`" for state in screen.states))


def kinds() -> str:
    """Return a text for docs/screens.md that says how many screens there are of each kind."""
    counts = Counter(screen.kind for screen in SCREENS)
    parts = [f"{many} {kind}{'s' if many > 1 else ''}" for kind, many in counts.most_common()]
    return f"There are {len(SCREENS)} screens: {', '.join(parts[:-1])} and {parts[-1]}."


def pictures(state: State) -> str:
    """Return the two pictures of a state as Markdown."""
    return " ".join(
        f'<img alt="{state.title}, on a {way}" '
        f'src="images/screens/{state.name}-{way}.webp" width="{width}">'
        for way, width in (("phone", 240), ("desktop", 620))
    )


def written() -> str:
    """Return the content of docs/screens.md: each screen, its user, its purpose, and the pictures
    of its states.
    """
    lines = [
        "# The screens",
        "",
        "`make screenshots` writes this page about all screens of Continuum, with their pictures.",
        "It opens them in the demo store, in which all people and records are invented, as several",
        "users. Each user sees what their roles allow. Each picture is made for a phone at night",
        "(390 × 844 pixels, dark) and for a desktop by day (1280 × 860).",
        "",
        kinds(),
        "A place is a page of the menu with its tabs. An object is the page of one record, case or",
        "person. A list has rows. An act is a form with its steps. A paper is read or printed.",
        "Some tabs and steps of a screen have pictures, below the picture of the screen.",
    ]
    lines += ["", "## Journeys", ""]
    lines += [
        "A journey is a task of a user, from the first page to the result. The table gives the",
        "taps that it takes now, and those that it took before they were first counted, without",
        "typing.",
        "",
    ]
    lines += table()
    for person, called in PEOPLE.items():
        theirs = [one for one in SCREENS if one.first.who == person]
        if theirs:
            lines += ["", f"## {called}", "", f"The user is `{person}`."]
        for screen in theirs:
            first, *others = screen.pictured
            lines += ["", f"### {first.title}", ""]
            lines += [f"{addresses(screen)} ({screen.kind}): {screen.purpose}"]
            lines += ["", pictures(first)]
            for state in others:
                lines += ["", f"{state.title}:", "", pictures(state)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
