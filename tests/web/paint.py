"""How soon a screen can be read, and a map be used, in the machine's own Chromium."""

import statistics
from pathlib import Path
from typing import Any

from tests.bench.network import fill
from tests.commands.office import Office, opened

#: Milliseconds from asking for a page: its first words and its largest part are painted.
PAINTED = """() => new Promise((done) => {
  const told = {};
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) told[one.name || one.entryType] = one.startTime;
  }).observe({ type: "paint", buffered: true });
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) told.largest = one.startTime;
  }).observe({ type: "largest-contentful-paint", buffered: true });
  const wait = () => "first-contentful-paint" in told && "largest" in told
    ? setTimeout(() => done([told["first-contentful-paint"], told.largest]), 100)
    : setTimeout(wait, 20);
  wait();
})"""
#: The map was drawn, and has answered a key: it is nearer.
USED = """() => new Promise((done) => {
  const wait = () => {
    const [mark] = performance.getEntriesByName("map");
    if (!mark) return setTimeout(wait, 20);
    const map = document.getElementById("map");
    map.dispatchEvent(new KeyboardEvent("keydown", { key: "+", bubbles: true }));
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())));
  };
  wait();
})"""


def painted(page: Any, url: str, times: int = 3) -> tuple[float, float]:
    """When a page's first words stand, and its largest part: medians, in milliseconds."""
    found = []
    for _ in range(times):
        page.goto(url)
        found.append(page.evaluate(PAINTED))
    first, largest = zip(*found, strict=True)
    return statistics.median(first), statistics.median(largest)


def usable(page: Any, url: str) -> float:
    """When a map answers its first key, in milliseconds from asking for it."""
    page.goto(url)
    found: float = page.evaluate(USED)
    return found


def grown(home: Path, people: int) -> Office:
    """A store with a network of about so many, and twice as many ties."""
    office = opened(home)
    with office.system.reading():  # the tables are there
        fill(office.system.views.engine, people, 2 * people)
    return office
