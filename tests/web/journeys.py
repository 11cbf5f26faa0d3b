"""Journeys of users, made in a browser and counted in taps and loaded pages.

A tap is a click, a tap into a field, or a key with a function; letters typed into a field are not
counted. Each journey begins on the first page of a signed-in user. The journeys are made in this
order, because later ones use the records of earlier ones. A test asserts the numbers of taps below;
`python -m tests.web.journeys` prints them with the loaded pages. With a number (`5000`), it makes
the journeys that are possible in any store, in a team's store of this many facts.
"""

import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from threading import Event
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

import bench.pages
import bench.years
from commands.kernel import item_references
from tests.commands.office import Office
from tests.web.chromium import DESKTOP, EXECUTABLE, MISSING, PHONE, launch, seat
from tests.web.conftest import House, Served, free_port
from tests.web.screens import AUDITOR, MANAGER, SERGEANT, WORKER
from tests.web.showcase import Showcase, told
from web.app import make_app
from web.server.erasure_completion import complete
from web.site.rendering import stamp

WORDS = "Mum says Baz was at the gate again in the silver Corsa, PK95 something."
SANITISED = "A man called Baz was seen at a gate in a silver Corsa."

#: A script that returns the place on the screen of the node with the most links on a map.
BEST_TIED = """() => {
  const map = document.getElementById("map");
  const { x, y } = map._cyreg.cy.nodes().max((one) => one.degree()).ele.renderedPosition();
  const box = map.getBoundingClientRect();
  return [box.x + x, box.y + y];
}"""


@dataclass(frozen=True)
class Ground:
    """A store in which users' journeys are measured. It has the journeys' users, the entry that is
    graded in them, with the person and vehicle to link, and a day in the middle of its records."""

    office: Office
    ids: Mapping[str, str]
    worker: str = WORKER
    detective: str = SERGEANT
    auditor: str = AUDITOR
    manager: str = MANAGER
    entry: str = "main a[href^='/assess/']"
    ends: tuple[str, str] = (".c-chip__tie >> nth=0", ".c-chip__tie >> nth=1")
    day: str = "1 March 2011"
    #: Words in the option for the journey's family, in the form's list of families; if empty, the
    #: last family is chosen.
    family: str = ""


def demo(shown: Showcase) -> Ground:
    """Return the demo's store as the place of the journeys, with their users."""
    return Ground(
        shown.office,
        shown.ids,
        entry=f"main a[href='/assess/{shown.ids['sent']}']",
        ends=(".c-chip__tie:has-text('Baz')", ".c-chip__tie:has-text('PK95')"),
        family="Leah Brack",
    )


def years(home: Path, facts: int) -> Ground:
    """Make a store with this many facts, as a team records them over years. Nothing in it was
    prepared for a journey."""
    system = bench.years.at_work(home, facts)
    middle = bench.pages.NOW + (system.clock() - bench.pages.NOW) / 2
    return Ground(
        Office(system, system.settings),
        {},
        detective=bench.years.DETECTIVE,
        day=f"{middle.day} {middle:%B %Y}",
    )


@dataclass
class Hands:
    """The user of a journey (a user's way to a result), whose taps and keys are counted. `look`
    opens a page as another user, without counting."""

    page: Page
    ground: Ground
    look: Callable[[str, str], AbstractContextManager[Page]]
    taps: int = 0
    loads: int = 0

    def __post_init__(self) -> None:
        self.page.on("framenavigated", self._loaded)

    def _loaded(self, frame: Any) -> None:
        self.loads += frame == self.page.main_frame

    def tap(self, what: str | Locator, within: float = 60_000) -> None:
        """Click an element once the scripts of its page are ready. The next page must arrive within
        this many milliseconds."""
        where = self.page.locator(what).first if isinstance(what, str) else what
        where.wait_for()
        self.page.wait_for_load_state()
        where.click(timeout=within)
        self.taps += 1

    def into(self, what: str, text: str) -> None:
        """Tap into a field and type a text."""
        self.page.locator(what).first.fill(text)
        self.taps += 1

    def key(self, name: str) -> None:
        """Press a key that has a function, once the scripts of the page are ready."""
        self.page.wait_for_load_state()
        self.page.keyboard.press(name)
        self.taps += 1

    def onto(self, x: float, y: float) -> None:
        """Tap on a point of a drawing; the point is given in pixels from the corner of the
        window.
        """
        self.page.mouse.click(x, y)
        self.taps += 1

    def choose(self, what: str, label: str) -> None:
        """Open a list and choose one of its options, which counts as two taps."""
        self.page.locator(what).first.select_option(label)
        self.taps += 2

    def sees(self, what: str, text: str | re.Pattern[str] = re.compile(".")) -> None:
        """Wait until the page has an element `what` that contains this text."""
        expect(self.page.locator(what).first).to_contain_text(text)


def record_at_night(one: Hands) -> None:
    """Record an entry, and how its facts are known."""
    one.into("#words", WORDS)
    one.tap("label[for=how-saw-or-heard]")
    one.tap("#entry button[type=submit]")
    one.page.wait_for_url(re.compile("/receipt/"))
    one.sees("h1", "Log entry recorded")


def confirm_what_was_read(one: Hands) -> None:
    """Confirm all mentions that the program suggests in tonight's entry."""
    one.sees("main", "Baz")
    one.tap("button:has-text('Confirm all')")
    expect(one.page.locator("button.c-mention")).to_have_count(0)


def assess_one_item(one: Hands) -> None:
    """Grade an entry and write its sanitised text."""
    one.tap(f"main a[href='/assess/{one.ground.ids['waiting']}']")
    one.sees("#as-told")
    for key in ("2", "a", "p"):
        one.key(key)
    one.page.keyboard.type(SANITISED)  # the last key moved the focus to the field for this text
    one.key("Control+Enter")
    one.page.wait_for_url(re.compile("/assess/(?!{})|/queue".format(one.ground.ids["waiting"])))
    one.sees("#graded", "Graded 2A")


def go_to(one: Hands, text: str, found: str) -> None:
    """Open the page of an item by the search box."""
    one.key("Control+k")
    one.page.keyboard.type(text)
    expect(one.page.locator("#go-to-found li[aria-selected=true]")).to_contain_text(found)
    one.key("Enter")


def _pick_family(one: Hands) -> str:
    """Choose the family of this journey's store in the field of the open form; return the family's
    number.
    """
    families = one.page.locator("main [name=case]")
    offered = one.page.locator("main :is(select[name=case], datalist) option")
    number = offered.filter(has_text=one.ground.family).last.get_attribute("value")
    assert number
    if families.evaluate("(field) => field.matches('select')"):
        families.select_option(number)
    else:
        families.fill(number)
    return number


def report_missing(one: Hands) -> None:
    """Report a child missing: open the form, choose the family and the risk, and send it. Then
    check that the child is in the detective's list.
    """
    one.tap("main a[href='/do/missing-reported']")
    number = _pick_family(one)
    one.page.locator("main [name=risk]").select_option("high")
    one.tap("main form [type=submit]")
    one.sees(".c-notice", "Reported missing")
    with one.look(one.ground.detective, "/today/missing") as page:
        expect(page.locator("main")).to_contain_text(f"Case {number},")


def record_a_contact(one: Hands) -> None:
    """Record a contact with a family: open the form, fill in its fields, and send it. Then check
    that the contact is on the family's page.
    """
    one.tap("main a[href='/do/support-contact']")
    number = _pick_family(one)
    for select in one.page.locator("main form select[required]:not([name=case])").all():
        select.select_option(index=1)
    one.tap("main form [type=submit]")
    one.sees(".c-notice", "ecorded")
    own = one.ground.office.system.briefly(one.ground.worker)
    with own.reading() as db:
        case = item_references.item(own.desk, db, own.reader, number, "case")
    with one.look(one.ground.worker, f"/cases/{case}?tab=contacts") as page:
        day = stamp(own.clock()).striptags()
        recorded = re.compile(rf"visit.*{day} by {one.ground.worker}")
        expect(page.locator("main")).to_contain_text(recorded)


def link_two(one: Hands) -> None:
    """Link a man and his telephone number in tonight's entry; the worker has confirmed both
    mentions.
    """
    one.tap(one.ground.entry)
    one.tap(".c-chip__tie:has-text('Baz')")
    one.tap(".c-chip__tie:has-text('07700')")
    one.key("u")
    one.sees("#tied", "Added:")


def open_a_suspect(one: Hands) -> None:
    """Open the page of a suspect about whom there is new information."""
    one.tap("section[aria-labelledby=news] a:has-text('Darren Pike')")
    one.sees("h1", "Darren Pike")


def the_whole_map(one: Hands) -> None:
    """Open the map of all visible people, and the card of one of the people."""
    one.tap(".c-rail a[href='/map']")
    expect(one.page.locator("#map")).to_have_attribute("data-shown", re.compile("[1-9]"))
    one.onto(*one.page.evaluate(BEST_TIED))
    one.sees("#panel h2")


def the_brief(one: Hands) -> None:
    """Open the week's brief, and the basis of one of its lines."""
    one.tap("main a[href='/meetings?tab=changed']")
    one.tap("main .c-list a[href^='/items/']")
    one.sees("h1")


def a_trail(one: Hands) -> None:
    """Follow the trail of a suspect's link back to the first log entry."""
    open_a_suspect(one)
    one.sees("section[aria-labelledby=why] .c-came li")


def on_the_map(one: Hands) -> None:
    """Link two mentions in an entry, grade the entry, and see the link on the map. Filling in the
    grades and choosing the two mentions is not counted."""
    one.tap(one.ground.entry)
    unmatched = one.page.locator("button:has-text('new record'):visible")
    while one.ground.entry == Ground.entry and (many := unmatched.count()):
        unmatched.first.click()
        expect(unmatched).to_have_count(many - 1)
    for end in one.ground.ends:
        one.page.locator(end).first.click()
    one.key("d")
    one.sees("#tied", "Added:")
    for key in ("2", "c", "p"):
        one.page.keyboard.press(key)
    one.key("Control+Enter")
    one.tap("#graded a:has-text('on the map')")
    expect(one.page.locator("#map")).to_have_attribute("data-shown", re.compile("[1-9]"))


def a_car_in_two_towns(one: Hands) -> None:
    """Find the vehicles and people that link two towns. The best graded come first."""
    one.tap(".c-rail a[href='/map']")
    for field, town in (("#a", "Town A"), ("#b", "Town B")):
        one.page.locator(field).fill(town)
    one.key("Enter")
    one.sees("#answer li:has-text('Vehicle, ')")


def whom_first(one: Hands) -> None:
    """Read which person needs a decision first, and why."""
    one.tap("main a[href='/meetings']")
    one.sees("main", re.compile("1[.] .+: decide"))


def approve_an_erasure(one: Hands) -> None:
    """Read which items an erasure would destroy, and approve it. A server destroys the keys, and
    certifies the erasure after the answer.
    """
    one.tap("main a[href^='/records/erasures/']")
    one.tap("main button:has-text('Approve')", within=60_000)
    one.sees("main", re.compile("Keys destroyed|Erased and certified"))


def what_was_known_then(one: Hands) -> None:
    """Open the map as it was known on a day."""
    go_to(one, one.ground.day, f"Known as at {one.ground.day}")
    one.sees("main h2", "Changes since that day")


def who_looked(one: Hands) -> None:
    """Read which items were shown to a detective."""
    one.tap(f"main a[href='/looked?by={SERGEANT}']")
    one.sees("main table")


@dataclass(frozen=True)
class Journey:
    """A journey: its user in the demo, its window and its steps. `before` is how many taps its
    result needed before the first measurement (None: it was impossible), and `taps` is how many
    it may need. With `anywhere`, it is possible in any store. In the demo's store it `needs` the
    earlier journeys with these names."""

    name: str
    who: str
    window: dict[str, int]
    walk: Callable[[Hands], None]
    before: int | None
    taps: int
    anywhere: bool = False
    needs: tuple[str, ...] = ()

    def user(self, ground: Ground) -> str:
        """Return the name of the journey's user in this store."""
        users = {WORKER: ground.worker, SERGEANT: ground.detective, AUDITOR: ground.auditor}
        return users.get(self.who, ground.manager)


CONFIRMED = "Confirm the mentions that were read"
JOURNEYS = (
    Journey(CONFIRMED, WORKER, PHONE, confirm_what_was_read, 5, 1),
    Journey("Record at night", WORKER, PHONE, record_at_night, 4, 3),
    Journey("Report a child missing", WORKER, PHONE, report_missing, 5, 2, True),
    Journey("Record a contact", WORKER, PHONE, record_a_contact, 4, 2, True),
    Journey("Assess one entry", SERGEANT, DESKTOP, assess_one_item, 7, 5),
    Journey("Link two records", SERGEANT, DESKTOP, link_two, 9, 4, needs=(CONFIRMED,)),
    Journey("Open a suspect", SERGEANT, DESKTOP, open_a_suspect, 3, 1),
    Journey("Open the whole map and a person's card", SERGEANT, DESKTOP, the_whole_map, 4, 2),
    Journey("Open the brief and the basis of one line", SERGEANT, DESKTOP, the_brief, 2, 2),
    Journey("Follow the trail of a suspect's link", SERGEANT, DESKTOP, a_trail, 4, 1),
    Journey(
        "Grade an entry and add a link, until the map shows it",
        SERGEANT,
        DESKTOP,
        on_the_map,
        None,
        4,
        True,
        (CONFIRMED,),
    ),
    Journey(
        "Find a car that links two towns", SERGEANT, DESKTOP, a_car_in_two_towns, None, 2, True
    ),
    Journey("See whom to decide about first, and why", SERGEANT, DESKTOP, whom_first, 3, 1, True),
    Journey("See what was known on a day", AUDITOR, DESKTOP, what_was_known_then, 3, 2, True),
    Journey("See who looked at a record", AUDITOR, DESKTOP, who_looked, 3, 1),
    Journey("Approve an erasure", MANAGER, DESKTOP, approve_an_erasure, None, 2, True),
)


#: The journeys that are possible in any store.
ANYWHERE = tuple(journey for journey in JOURNEYS if journey.anywhere)


def with_needed(journeys: Sequence[Journey]) -> list[Journey]:
    """Return these journeys with the journeys that they need in the demo's store, in the order in
    which they are made."""
    names = {name for one in journeys for name in (one.name, *one.needs)}
    return [journey for journey in JOURNEYS if journey.name in names]


@dataclass(frozen=True)
class Walked:
    """The measured figures of one journey (a user's way to a result): its taps and its loaded
    pages.
    """

    journey: Journey
    taps: int
    loads: int


def walked(browser: Browser, ground: Ground, journeys: Sequence[Journey]) -> Iterator[Walked]:
    """Make each of these journeys once, from the first page; yield its taps and loaded pages. A
    user signs in only once."""
    system = ground.office.system
    approved = Event()
    system.complete_later = approved.set
    served = Served(House(ground.office, make_app(system)), free_port(), asks=False).start()

    @contextmanager
    def look(who: str, path: str) -> Iterator[Page]:
        with seat(browser, served.url, DESKTOP) as another:
            yield another.sign_in(who).go(path)

    try:
        for (who, window), theirs in groupby(journeys, lambda one: (one.user(ground), one.window)):
            with seat(browser, served.url, window) as somebody:
                somebody.sign_in(who)
                for journey in theirs:
                    somebody.page.close()  # the page may still be loading another page
                    somebody.page = somebody.context.new_page()
                    one = Hands(somebody.go("/"), ground, look)
                    journey.walk(one)
                    yield Walked(journey, one.taps, one.loads)
        if approved.is_set():  # a server completes the erasure beside the requests
            assert complete(system)
    finally:
        served.stop()
        system.close()


def table() -> list[str]:
    """Return the table of journeys for docs/screens.md."""
    lines = ["| journey | whose | taps | before |", "|---|---|---|---|"]
    return lines + [
        f"| {journey.name} | `{journey.who}` | {journey.taps} "
        f"| {journey.before or 'not possible'} |"
        for journey in JOURNEYS
    ]


def main() -> None:
    """Make a store, make the journeys in it, and print the table."""
    if not EXECUTABLE.exists():
        raise SystemExit(MISSING)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        home, facts = Path(place) / "store", next(map(int, sys.argv[1:]), 0)
        browser = launch(playwright.chromium)
        ground = years(home, facts) if facts else demo(told(home))
        for one in walked(browser, ground, ANYWHERE if facts else JOURNEYS):
            sys.stdout.write(f"{one.journey.name:40} {one.taps:3} {one.loads:3}\n")
        browser.close()


if __name__ == "__main__":
    main()
