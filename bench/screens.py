"""Measure how soon each page of each role can be read, on the demo's store and on a store with a
team's work of years, in the machine's own Chromium. Measure also how soon a large map can be used.
Run it alone: `python -m bench.screens [EVENTS]`.
"""

import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from bench import pages, years
from bench.paint import (
    FRAMES,
    MAPS,
    PAINT,
    PANNED,
    WIDE,
    FirstPaint,
    first_paint,
    grown,
    in_work,
    usable,
)
from installation.system import System
from tests.commands.office import Office
from tests.web.chromium import DESKTOP, EXECUTABLE, MISSING, launch, seat
from tests.web.conftest import House, Served, free_port
from tests.web.screens import EVERY, PEOPLE
from tests.web.showcase import told
from web.app import make_app
from web.serving import settle
from web.site.navigation import rooms_of

TIMES = 5
#: How many pages of each store are printed, beginning with the page that is painted last.
SLOWEST = 12


def report(events: int = 100_000) -> Iterator[str]:
    """Yield lines with the times until each page can be read."""
    if not EXECUTABLE.exists():
        yield MISSING
        return
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as home:
        browser = launch(playwright.chromium)
        demo = told(Path(home) / "demo")
        addresses = {
            who: {page.at: demo.address(page.at) for page in EVERY if page.who == who}
            for who in PEOPLE
        }
        yield from _screens(browser, demo.office, addresses, "the demo")
        system = years.at_work(Path(home) / "years", events)
        # rebuilding a day takes seconds, and would go on while the next pages are measured
        plain = [page.at for page in EVERY if "{" not in page.at and "rebuilt=true" not in page.at]
        of_items = [*pages.item_pages(system).values(), *pages.family_pages(system).values()]
        theirs = {address: address for address in (*plain, *of_items)}
        addresses_by_user = dict.fromkeys((pages.WHO, *years.STAFF), theirs)
        yield from _screens(
            browser, Office(system, system.settings), addresses_by_user, f"{events:,} events"
        )
        for people, aim in MAPS.items():
            yield from _map(browser, Path(home) / str(people), people, aim)
        browser.close()


def _screens(
    browser: Browser, office: Office, addresses: Mapping[str, Mapping[str, str]], store: str
) -> Iterator[str]:
    """Yield a line for each page that these people may open, with the time until it is painted,
    slowest first. Each person's pages are those in `addresses` and the screens in the menu."""
    # load beforehand what the first request of a page would otherwise load, as a server does
    settle()
    served = Served(House(office, make_app(office.system)), free_port()).start()
    paints: list[FirstPaint] = []
    for who, theirs in addresses.items():
        with seat(browser, served.url, DESKTOP) as somebody:
            page = somebody.sign_in(who).go("/")
            for name, address in {**_rooms(office.system, who), **theirs}.items():
                answer = page.request.get(served.url + address)
                if answer.ok:
                    paints.append(first_paint(page, served.url + address, name, who))
    served.stop()
    office.system.close()
    late = sorted((paint for paint in paints if paint.paint > PAINT), key=lambda one: -one.paint)
    middle = statistics.median(paint.paint for paint in paints)
    yield (
        f"{store}: {len(paints)} pages, first paint {middle:.0f} ms (median); "
        f"{len(late)} later than {PAINT:.0f} ms (paint, server's processor time)"
    )
    for paint in sorted(paints, key=lambda one: -one.paint)[: max(SLOWEST, len(late))]:
        yield f"  {paint.who:<14}{paint.page:<48}{paint.paint:>7.0f}{paint.work:>7.0f}"


def _rooms(system: System, who: str) -> dict[str, str]:
    """Return the addresses of the screens in the navigation that this person may open."""
    reader = system.briefly(who).reader
    return {room.path: room.path for room in rooms_of(reader)}


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
    for line in report(*map(int, sys.argv[1:2])):
        print(line, flush=True)


if __name__ == "__main__":
    main()
