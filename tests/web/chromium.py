"""A real Chromium, the machine's own; no browser is downloaded."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    BrowserType,
    Page,
    Request,
    Response,
    expect,
)

from tests.processes import LIMIT

EXECUTABLE = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
MISSING = f"no Chromium at {EXECUTABLE}: apt-get install chromium, or set CHROMIUM"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 390, "height": 844}
NARROW = {"width": 320, "height": 640}
DESKTOP = {"width": 1280, "height": 860}
#: WCAG 2.2, levels A and AA.
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
#: What another window or another scheme of colours can change of a page that was judged by all.
LOOKS = {
    "runOnly": {
        "type": "rule",
        "values": [
            "color-contrast",
            "target-size",
            "scrollable-region-focusable",
            "link-in-text-block",
        ],
    }
}
#: What Chromium says of a server that does not answer, or dies while it does.
UNANSWERED = ("Failed to fetch", "network error")
#: How far everything on the page has moved without anybody having touched it (0 is not at all), and
#: what moved, from where to where.
SHIFTED = """() => new Promise((done) => {
  let sum = 0;
  const what = [];
  const place = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(" ");
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) {
      if (one.hadRecentInput) continue;
      sum += one.value;
      for (const { node, previousRect, currentRect } of one.sources) {
        const told = node ? (node.outerHTML ?? node.textContent).slice(0, 120) : "what is gone";
        what.push(`${place(previousRect)} -> ${place(currentRect)}: ${told}`);
      }
    }
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done([sum, what]), 50);
})"""
#: The contrast of what axe could not judge, because something lies over it or shines through:
#: the letters' colour against what is painted behind them, from the element outwards.
FAINT = (Path(__file__).parent / "faint.js").read_text("utf-8")


def launch(kind: BrowserType, **more: str) -> Browser:
    """The machine's browser, with more in its environment; patient, because the machine may be
    busy."""
    expect.set_options(timeout=LIMIT * 500)
    return kind.launch(executable_path=EXECUTABLE, args=FLAGS, env={**os.environ, **more})


@dataclass
class Seat:
    """Somebody before a browser of their own. What the pages complained of, whom they asked besides
    this server, and under which policy each page came, is written down."""

    context: BrowserContext
    page: Page
    url: str
    viewport: dict[str, int] = field(default_factory=lambda: PHONE)
    policies: dict[str, str] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def watch(self) -> "Seat":
        self.context.on("request", self._asked)
        self.context.on("response", self._answered)
        self.context.on("page", self._listen)
        self._listen(self.page)
        return self

    @contextmanager
    def without_server(self) -> Iterator[None]:
        """While the server is down a page may say so, and nothing else; afterwards it says nothing
        of it any more, because the page has gone."""
        before, self.complaints = self.complaints, []
        yield
        self.page.goto("about:blank")
        told, self.complaints = self.complaints, before
        self.complaints += [one for one in told if not any(word in one for word in UNANSWERED)]

    def _listen(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._said)

    def _said(self, message: Any) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def _answered(self, response: Response) -> None:
        if response.request.is_navigation_request():
            self.policies[response.url] = response.headers.get("content-security-policy", "")

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and (
            f"{address.scheme}://{address.netloc}" != self.url
        ):
            self.elsewhere.append(request.url)

    def sign_in(self, name: str) -> "Seat":
        self.page.goto(f"{self.url}/sign-in")
        if self.page.locator("#chosen").count():  # a store with accounts offers them
            self.page.select_option("#chosen", name)
        else:
            self.page.fill("#name", name)
        self.page.get_by_role("button", name="Continue").click()
        self.page.wait_for_url(f"{self.url}/")
        return self

    def go(self, path: str) -> Page:
        self.page.goto(self.url + path)
        return self.page

    def check(self, rules: dict[str, Any] = RULES) -> None:
        """Accessible, no wider than the screen, no complaint, nobody else asked."""
        self.page.wait_for_load_state()
        found = Axe().run(self.page, options=rules)
        assert not found.violations_count, f"{self.page.url}\n{found.generate_report()}"
        unsure = [
            node["target"][0]
            for rule in found.response["incomplete"]
            if rule["id"] == "color-contrast"
            for node in rule["nodes"]
        ]
        assert self.page.evaluate(FAINT, unsure) == [], self.page.url
        self.harmless()

    def harmless(self) -> None:
        """No wider than the screen, no complaint, nobody else asked."""
        self.fits()
        assert self.complaints == []
        assert self.elsewhere == []

    def fits(self) -> None:
        """Nothing has to be pushed sideways to be read."""
        wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{self.page.url} is {wide} px too wide"

    def stays(self) -> None:
        """Nothing moved while the page was built."""
        moved, what = self.page.evaluate(SHIFTED)
        told = "\n".join(what)
        assert round(moved, 3) == 0, f"{self.page.url} moved by {moved:.4f}:\n{told}"


@contextmanager
def seat(
    browser: Browser, url: str, viewport: dict[str, int] = PHONE, scheme: Any = "light"
) -> Iterator[Seat]:
    """A browser of one person: its storage is theirs alone."""
    context = browser.new_context(viewport=viewport, color_scheme=scheme, locale="en-GB")  # type: ignore[arg-type]
    context.set_default_timeout(LIMIT * 500)
    try:
        yield Seat(context, context.new_page(), url, viewport).watch()
    finally:
        context.close()
