"""Functions with which a test records, sends and reads entries in a worker's browser."""

from typing import Any

from playwright.sync_api import Page

from domain.information.observation import ObservationRecorded
from tests.processes import until
from tests.web.conftest import Served

WORDS = "Lads call him Baz, he drives PK95 ABC."


def recorded(served: Served) -> list[Any]:
    facts = served.house.office.facts()
    return [fact.event for fact in facts if isinstance(fact.event, ObservationRecorded)]


def emptied(page: Page) -> None:
    """Wait until all entries are sent, when the line above the page is hidden."""
    left = "import('/static/js/outbox.js').then((box) => box.waiting()).then((all) => all.length)"
    until(lambda: page.evaluate(left) == 0, "the outbox is not empty")


def ready(page: Page) -> None:
    """Wait until the service worker has cached the page, which then opens without a connection."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    assert page.evaluate("Boolean(navigator.serviceWorker.controller)")
