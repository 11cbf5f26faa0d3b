"""Measure how soon a screen can be read, and how soon a map can be used, in the machine's own
Chromium.
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.network import fill
from tests.commands.office import Office, opened
from tests.web.screens import EVERY

#: The aims in milliseconds: `PAINT` is for a page until it is painted; `MAPS` is for a map, by its
#: number of people, until it is drawn and reacts to a key.
PAINT = 300.0
MAPS = {300: 2_500.0, 1_000: 1_500.0, 5_000: 8_000.0}
#: The aim in frames a second while a user moves a map, in the window in which maps are measured.
FRAMES = 50.0
WIDE = {"width": 1920, "height": 1000}
#: Screens that users open all day.
DAILY = (
    "first",
    "record",
    "mine",
    "families",
    "queue",
    "assess",
    "item",
    "search",
    "person",
    "same",
    "brief",
    "map-whole",
    "map",
    "trail",
    "then",
    "manage",
    "material",
)
MAIN = tuple(state for state in EVERY if state.name in DAILY)
#: JavaScript that returns the milliseconds from requesting a page until its first words were
#: painted.
PAINTED = """() => new Promise((done) => {
  new PerformanceObserver((list) => {
    const [first] = list.getEntriesByName("first-contentful-paint");
    if (first) done(first.startTime);
  }).observe({ type: "paint", buffered: true });
})"""
#: JavaScript that returns the milliseconds until the map was drawn and reacted to a key by zooming
#: in.
USED = """() => new Promise((done) => {
  const wait = () => {
    if (!performance.getEntriesByName("map").length) return setTimeout(wait, 20);
    const map = document.getElementById("map");
    map.dispatchEvent(new KeyboardEvent("keydown", { key: "+", bubbles: true }));
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())));
  };
  wait();
})"""


#: JavaScript that returns how many frames of the map a second are drawn while a pointer moves the
#: map for two seconds. The pointer presses where no person is near; otherwise it would move the
#: person and not the map.
PANNED = """() => new Promise((done) => {
  const map = document.getElementById("map");
  const { cy } = map._cyreg;
  const box = map.getBoundingClientRect();
  const spots = cy.nodes().map((one) => one.renderedPosition());
  const clear = (x, y) => spots.every((one) => Math.hypot(one.x - x, one.y - y) > 45);
  let [x, y] = [100, 100];
  while (!clear(x, y) && x < box.width - 100) y < box.height - 100 ? y += 20 : (x += 20, y = 100);
  const fire = (type, on, aside, down) => on.dispatchEvent(new MouseEvent(type, {
    bubbles: true, clientX: box.x + x + aside, clientY: box.y + y + down, buttons: 1,
  }));
  let frames = 0;
  cy.on("render", () => { frames += 1; });
  fire("mousedown", document.elementFromPoint(box.x + x, box.y + y), 0, 0);
  const began = performance.now();
  const step = (now) => {
    if (now - began > 2000) {
      fire("mouseup", window, 0, 0);
      return done((1000 * frames) / (now - began));
    }
    fire("mousemove", window, Math.sin(now / 200) * 120, Math.cos(now / 300) * 80);
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})"""


@dataclass(frozen=True)
class FirstPaint:
    """The median milliseconds until the first words of a page are painted when the page is opened
    again, and the milliseconds of processor time in which the server made the page."""

    page: str
    who: str
    paint: float
    work: float


def first_paint(page: Any, url: str, name: str, who: str, times: int = 3) -> FirstPaint:
    """Open a page once, and then `times` more. Return the medians of the later times: the
    milliseconds until the first words are painted, and the server's processor time."""
    page.goto(url)
    samples = []
    for _ in range(times):
        before = time.process_time()
        page.goto(url, wait_until="commit")
        work = (time.process_time() - before) * 1000
        page.wait_for_load_state()
        samples.append((page.evaluate(PAINTED), work))
    paint, work = (statistics.median(figures) for figures in zip(*samples, strict=True))
    return FirstPaint(name, who, paint, work)


def usable(page: Any, url: str, people: int) -> float:
    """Return the milliseconds from requesting a map of all people until it reacts to the user's
    first key press. The map includes ungraded links."""
    page.goto(f"{url}/map?min_grade=any&most={people}", timeout=120_000)
    usable_ms: float = page.evaluate(USED)
    return usable_ms


def in_work(page: Any, doing: Callable[[], float]) -> tuple[float, float]:
    """Call `doing`. Return two numbers: the milliseconds of processor time that this process (the
    server) and the page's main thread used together during the call, and the result of the call."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = time.process_time()
    took = doing()
    served = time.process_time() - before
    tasks = {
        metric["name"]: metric["value"]
        for metric in devtools.send("Performance.getMetrics")["metrics"]
    }
    devtools.detach()
    return (served + tasks["TaskDuration"]) * 1000, took


def grown(home: Path, people: int) -> Office:
    """Make a store with a network of about this many people, and with twice as many links."""
    office = opened(home)
    with office.system.reading():  # opening the views creates their tables
        fill(office.system.views.engine, people, 2 * people)
    return office
