"""A real Chromium that is installed on the machine; the tests download no browser."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zlib import crc32

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import (
    Browser,
    BrowserContext,
    BrowserType,
    Page,
    Request,
    expect,
)

from tests.processes import LIMIT
from tests.rotation import ONE_IN, todays

#: The browser engine without windows, which needs half of the processor time, and the whole
#: browser.
SHELL, WHOLE = Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium")
EXECUTABLE = Path(os.environ.get("CHROMIUM", SHELL if SHELL.exists() else WHOLE))
MISSING = f"no Chromium at {SHELL} or {WHOLE}: apt-get install chromium-headless-shell"
#: Features of the browser that tests do not need. Examples are the suggestions of its address bar,
#: which use two pages in a process of their own for each context, and a process that is ready for
#: the next page. Only the last such flag counts, so it also lists the features that Playwright
#: leaves out.
LEFT_OUT = (
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup"),
    *("SpareRendererForSitePerProcess", "AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect"),
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades"),
    *("HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "OptimizationHints"),
    *("NetworkTimeServiceQuerying", "PaintHolding", "PreconnectToSearch"),
    *("TcpPortRandomizationWin", "ThirdPartyStoragePartitioning"),
)
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(LEFT_OUT)}",
]
PHONE = {"width": 390, "height": 844}
NARROW = {"width": 320, "height": 640}
DESKTOP = {"width": 1280, "height": 860}
#: Kinds of results that axe returns with all their places. For passed rules, axe returns only one
#: place, because listing all took as long as the check.
FAULTS = ["violations", "incomplete"]
#: The accessibility rules to check: those of WCAG 2.2, levels A and AA.
RULES = {
    "resultTypes": FAULTS,
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
}
#: Rules whose result can change with the window's size or colour scheme; they are checked again on
#: a page that has passed all rules.
LOOKS = {
    "resultTypes": FAULTS,
    "runOnly": {
        "type": "rule",
        "values": [
            "color-contrast",
            "target-size",
            "scrollable-region-focusable",
            "link-in-text-block",
        ],
    },
}
#: A script that marks the parts of a page that need no check, and returns keys of the other parts.
#: It marks folded parts and parts of the frame around the page that equal parts checked before,
#: apart from ids and values. Unless `all` is set, it also marks similar rows of a table or list,
#: except the first two (rows may be striped). Invisible parts are skipped.
JUDGED = """([known, all]) => {
  const seen = new Set(known);
  const marked = (one) => one.setAttribute("data-judged", "");
  document.querySelectorAll("[data-judged]").forEach((one) => one.removeAttribute("data-judged"));
  const parts = "main details, body > header, .c-side > nav, #called, footer";
  const fresh = [...document.querySelectorAll(parts)].flatMap((one) => {
    if (!one.checkVisibility()) return [];
    const shape = one.parentElement.className + one.outerHTML
      .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "")
      .replace(/ (id|for|name|value|aria-(?!current)\\w+)="[^"]*"/g, "");
    let told = 7;
    for (let at = 0; at < shape.length; at += 1) told = (31 * told + shape.charCodeAt(at)) | 0;
    const key = `${shape.length} ${told}`;
    if (seen.has(key)) marked(one);
    if (seen.has(key)) return [];
    seen.add(key);
    return [key];
  });
  const alike = new Map();
  for (const one of all ? [] : document.querySelectorAll("main tbody > tr, main li")) {
    if (one.closest("[data-judged]") || !one.checkVisibility()) continue;
    const shape = one.outerHTML
      .replace(/ (?!class=|style=|role=|type=)[\\w-]+="[^"]*"/g, "")
      .replace(/>[^<]*[^<\\s][^<]*</g, ">.<");
    const kept = alike.get(one.parentElement) ?? new Map();
    alike.set(one.parentElement, kept.set(shape, (kept.get(shape) ?? 0) + 1));
    if (kept.get(shape) > 2) marked(one);
  }
  return fresh;
}"""
#: A script that returns the letters that are painted in a colour and size for the first time:
#: `PAINTED([known, all])`.
PAINTED = (Path(__file__).parent / "painted.js").read_text("utf-8")
#: A script that runs axe's check of contrast on these letters only, because contrast takes longer
#: than all other rules.
AXE = f"""() => {{
  {AXE_SCRIPT}
  axe.configure({{ rules: [
    {{ id: "color-contrast", selector: "[data-painted]" }},
    {{ id: "link-in-text-block", selector: "a[href][data-painted]" }},
  ] }});
}}"""
#: A script that sets each element's fill colour, which axe reads, to its text colour: Chromium
#: reports the fill colour wrongly while the machine forces its own colours.
FILLED = """() => {
  const forced = matchMedia("(forced-colors: active)").matches;
  for (const one of document.querySelectorAll("[style*=text-fill]")) {
    one.style.webkitTextFillColor = "";
  }
  const letters = forced ? [...document.querySelectorAll("[data-painted]")] : [];
  const colours = letters.map((one) => getComputedStyle(one).color);
  letters.forEach((one, at) => { one.style.webkitTextFillColor = colours[at]; });
}"""
#: A script that runs `JUDGED`, `PAINTED` and `FILLED` in one call, and also returns whether axe is
#: loaded already. A call costs three processes more than the scripts' own work, and axe has half a
#: megabyte.
FRESH = f"""([judged, painted, all]) => {{
  const forms = ({JUDGED})([judged, all]);
  const letters = ({PAINTED})([painted, all]);
  ({FILLED})();
  return [forms, letters, Boolean(window.axe)];
}}"""
#: A script that returns axe's findings on parts that are not checked yet; they are text, because
#: the browser would copy objects one by one.
FOUND = """(rules) => axe.run({ exclude: [["[data-judged]"]] }, rules)
  .then(({ violations, incomplete }) => JSON.stringify({ violations, incomplete }))"""
#: Chromium's messages if a server does not answer, or ends while it answers.
UNANSWERED = ("Failed to fetch", "network error")
#: A script that returns how far parts of the page have moved without a user's action (0 means not
#: at all), and for each part its old and new place.
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
  // What has moved already is heard before the next frame but one is drawn.
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done([sum, what]))));
})"""
#: A script that computes the contrast of text that axe could not judge, because something covers
#: the text or shines through. It compares the colour of the letters with the colours painted behind
#: them, from the element outwards.
FAINT = (Path(__file__).parent / "faint.js").read_text("utf-8")


#: Whether every row of a page is checked, and not only two of similar rows; the option `--every`
#: sets this.
every_row = False
#: For each kind of window: the parts that were checked by all rules or by `LOOKS`, and the letters
#: whose contrast was checked.
_JUDGED: dict[tuple[int, str, bool], set[str]] = {}
_PAINTED: dict[tuple[int, str], set[str]] = {}


def launch(kind: BrowserType, **more: str) -> Browser:
    """Start the machine's browser with a changed environment; the time limit is long, because the
    machine may be busy.
    """
    expect.set_options(timeout=LIMIT * 500)
    return kind.launch(executable_path=EXECUTABLE, args=FLAGS, env={**os.environ, **more})


@dataclass
class Seat:
    """A user of the screens with a browser of their own. It collects three kinds of faults of the
    opened pages: logged errors, requests to other servers, and a wrong content policy."""

    context: BrowserContext
    page: Page
    url: str
    viewport: dict[str, int] = field(default_factory=lambda: PHONE)
    scheme: str = "light"
    policies: dict[str, str] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    checks: int = 0

    def watch(self) -> "Seat":
        self.context.on("request", self._asked)
        self.context.on("page", self._listen)
        self._listen(self.page)
        return self

    @contextmanager
    def without_server(self) -> Iterator[None]:
        """Within the block, ignore the page's errors about a server that does not answer, but no
        other error. Afterwards a new page is open."""
        before, self.complaints = self.complaints, []
        yield
        left, self.page = self.page, self.context.new_page()
        left.remove_listener("console", self._said)
        left.close(run_before_unload=True)
        told, self.complaints = self.complaints, before
        self.complaints += [one for one in told if not any(word in one for word in UNANSWERED)]

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
        """Sign in by sending the sign-in form directly, without loading a page."""
        answer = self.context.request.post(
            f"{self.url}/sign-in", form={"name": name}, max_redirects=0
        )
        assert answer.status == HTTPStatus.SEE_OTHER, answer.text()
        return self

    def go(self, path: str) -> Page:
        answer = self.page.goto(self.url + path)
        if answer:  # there is no answer if the address is a place on the same page
            self.policies[answer.url] = answer.headers.get("content-security-policy", "")
        return self.page

    def check(self) -> None:
        """Assert that the open page is no wider than the screen, logs no error and requests nothing
        from another server, and on every third day that it is accessible."""
        self.page.wait_for_load_state()
        if self._is_judged_today():
            self.judge()
        else:
            self.harmless()

    def _is_judged_today(self) -> bool:
        """Return whether this check of the running test is one of the third that is judged
        today."""
        self.checks += 1
        test = os.environ["PYTEST_CURRENT_TEST"].partition(" ")[0]
        return 0 in todays(range(ONE_IN), shift=self.checks + crc32(test.encode()))

    def judge(self, rules: dict[str, Any] = RULES) -> None:
        """Assert that the open page is accessible, is no wider than the screen, logs no error and
        requests nothing from another server. Forms that were checked before in the same window
        are skipped, and so are all but two of similar rows."""
        self.page.wait_for_load_state()
        window = self.viewport["width"], self.scheme
        judged = _JUDGED.setdefault((*window, rules is RULES), set())
        painted = _PAINTED.setdefault(window, set())
        asked = [sorted(judged), sorted(painted), every_row]
        forms, letters, ready = self.page.evaluate(FRESH, asked)
        judged |= {*forms}
        if not ready:
            self.page.evaluate(AXE)
        found = AxeResults(json.loads(self.page.evaluate(FOUND, rules)))
        assert not found.violations_count, f"{self.page.url}\n{found.generate_report()}"
        unsure = [
            node["target"][0]
            for rule in found.response["incomplete"]
            if rule["id"] == "color-contrast"
            for node in rule["nodes"]
        ]
        faint = self.page.evaluate(FAINT, unsure) if unsure else []
        assert faint == [], (self.page.url, faint)
        painted |= {*letters}
        self.harmless()

    def check_day_and_night(self) -> None:
        """Check the page as `check` does. On the smallest phone, check it again by day with the
        rules that depend on colours or width."""
        self.page.wait_for_load_state()
        judged = self._is_judged_today()
        if judged:
            self.judge()
        before = self.viewport, self.scheme
        self.looks(NARROW, "light")
        if judged:
            self.judge(LOOKS)
        self.harmless()
        self.looks(*before)

    def looks(self, viewport: dict[str, int], scheme: Any) -> None:
        """From now on, show the same page in a window of this size, by day, by night, or in the
        machine's own colours ("forced").
        """
        if (viewport, scheme) == (self.viewport, self.scheme):
            return
        self.page.set_viewport_size(viewport)  # type: ignore[arg-type]
        if scheme != self.scheme:
            forced = scheme == "forced"
            self.page.emulate_media(
                color_scheme="light" if forced else scheme,
                forced_colors="active" if forced else "none",
            )
        self.viewport, self.scheme = viewport, scheme
        self.page.wait_for_function("(wide) => innerWidth === wide", arg=viewport["width"])

    def harmless(self) -> None:
        """Assert that the page is no wider than the screen, logs no error and requests nothing from
        another server.
        """
        self.fits()
        assert self.complaints == []
        assert self.elsewhere == []

    def fits(self) -> None:
        """Assert that no part of the open page is so wide that a reader must scroll it sideways."""
        wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{self.page.url} is {wide} px too wide"

    def stays(self) -> None:
        """Assert that no part of the open page moved while the browser built the page."""
        moved, what = self.page.evaluate(SHIFTED)
        told = "\n".join(what)
        assert round(moved, 3) == 0, f"{self.page.url} moved by {moved:.4f}:\n{told}"


@contextmanager
def seat(
    browser: Browser,
    url: str,
    viewport: dict[str, int] = PHONE,
    scheme: Any = "light",
    *,
    offline: bool = False,
) -> Iterator[Seat]:
    """Yield a user with their own browser, which shares no storage with other users. With
    `offline`, the browser runs the service worker, which each new browser must load and start.
    """
    context = browser.new_context(
        viewport=viewport,  # type: ignore[arg-type]
        color_scheme=scheme,
        locale="en-GB",
        service_workers="allow" if offline else "block",
    )
    context.set_default_timeout(LIMIT * 500)
    try:
        yield Seat(context, context.new_page(), url, viewport, scheme).watch()
    finally:
        context.close()
