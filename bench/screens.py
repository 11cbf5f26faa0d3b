"""Measures how soon each main screen of the demo can be read, and how soon a large map can be used,
in the machine's own Chromium. Run it alone with `python -m bench.screens`.
"""

import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from bench.paint import (
    FRAMES,
    MAIN,
    MAPS,
    PAINT,
    PANNED,
    WIDE,
    grown,
    in_work,
    painted,
    usable,
)
from tests.web.chromium import DESKTOP, EXECUTABLE, MISSING, launch, seat
from tests.web.conftest import House, Served, free_port
from tests.web.showcase import told
from web.app import make_app
from web.serving import settle

TIMES = 5


def report() -> Iterator[str]:
    """Yield the lines with the times until each screen can be read."""
    if not EXECUTABLE.exists():
        yield MISSING
        return
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as home:
        browser = launch(playwright.chromium)
        demo = told(Path(home) / "demo")
        settle()  # `settle` is called because the server does so too
        served = Served(House(demo.office, make_app(demo.office.system)), free_port()).start()
        yield f"main screens: first words, largest part (ms; aim {PAINT:.0f})"
        for screen in MAIN:
            with seat(browser, served.url, DESKTOP) as somebody:
                page = somebody.sign_in(screen.who).go("/")
                first, largest = painted(page, served.url + demo.address(screen.at), TIMES)
            yield f"  {screen.name:<14}{first:>7.0f}{largest:>7.0f}"
        served.stop()
        demo.office.system.close()
        for people, aim in MAPS.items():
            yield from _map(browser, Path(home) / str(people), people, aim)
        browser.close()


def _map(browser: Browser, home: Path, people: int, aim: float) -> Iterator[str]:
    office = grown(home, people)
    served = Served(House(office, make_app(office.system)), free_port()).start()
    with seat(browser, served.url, WIDE) as sergeant:
        page = sergeant.sign_in("ds.hale").go("/")
        first = in_work(page, lambda: usable(page, served.url, people))
        more = [in_work(page, lambda: usable(page, served.url, people)) for _ in range(TIMES)]
        frames = statistics.median(page.evaluate(PANNED) for _ in range(3))
    served.stop()
    office.system.close()
    work, took = (statistics.median(figures) for figures in zip(*more, strict=True))
    yield (
        f"map of {people:,}: first look {first[1]:,.0f} ms by the clock, {first[0]:,.0f} of work; "
        f"again {took:,.0f} and {work:,.0f} (aim {aim:,.0f}); "
        f"moved at {frames:.0f} frames a second (aim {FRAMES:.0f})"
    )


def main() -> None:
    for line in report():
        print(line, flush=True)


if __name__ == "__main__":
    main()
