"""A real Chromium, the machine's own; no browser is downloaded."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Request, expect

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
#: What alone depends on light and dark.
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}


def launch(playwright: Playwright) -> Browser:
    """The machine's browser; patient, because the machine may be busy."""
    expect.set_options(timeout=15_000)
    return playwright.chromium.launch(executable_path=EXECUTABLE, args=FLAGS)


@dataclass
class Seat:
    """Somebody before a browser of their own. What the pages complained of, and whom they asked
    besides this server, is written down."""

    context: BrowserContext
    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def watch(self) -> "Seat":
        self.context.on("request", self._asked)
        self.context.on("page", self._listen)
        self._listen(self.page)
        return self

    def _listen(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._said)

    def _said(self, message: Any) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and (
            f"{address.scheme}://{address.netloc}" != self.url
        ):
            self.elsewhere.append(request.url)

    def sign_in(self, name: str) -> "Seat":
        self.page.goto(f"{self.url}/sign-in")
        self.page.fill("#name", name)
        self.page.get_by_role("button", name="Continue").click()
        self.page.wait_for_url(f"{self.url}/")
        return self

    def go(self, path: str) -> Page:
        self.page.goto(self.url + path)
        return self.page

    def check(self, rules: dict[str, Any] = RULES) -> None:
        """Accessible, no wider than the screen, no complaint, nobody else asked."""
        found = Axe().run(self.page, options=rules)
        assert not found.violations_count, found.generate_report()
        wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{self.page.url} is {wide} px too wide"
        assert self.complaints == []
        assert self.elsewhere == []


@contextmanager
def seat(
    browser: Browser, url: str, viewport: dict[str, int] = PHONE, scheme: Any = "light"
) -> Iterator[Seat]:
    """A browser of one person: its storage is theirs alone."""
    context = browser.new_context(viewport=viewport, color_scheme=scheme)  # type: ignore[arg-type]
    context.set_default_timeout(20_000)
    try:
        yield Seat(context, context.new_page(), url).watch()
    finally:
        context.close()
