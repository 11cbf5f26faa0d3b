"""On a phone, the strip about missing children shows how many they are, and their names after a
tap. On a desk it shows the names at once."""

from typing import Any

from playwright.sync_api import expect

from commands.families import casework
from domain.families.referral import MissingReported
from tests.web.chromium import DESKTOP, PHONE, seat
from tests.web.conftest import Served


def test_a_phone_shows_a_count_until_it_is_tapped_and_paper_nothing(
    served: Served, chromium: Any
) -> None:
    office = served.house.office
    for child in ("Kayleigh Marlow", "Ann Field", "Tilly Marsh", "Jo Reed"):
        told = MissingReported(risk="high")
        casework.report_missing(office.desk, office.reader, str(office.case(child)), told)
    with seat(chromium, served.url, PHONE, "light") as worker:
        page = worker.sign_in("psw.ellis").go("/")
        hers, count = (
            page.get_by_text("Ann Field").first,
            page.get_by_text("4 children are missing"),
        )
        expect(count).to_be_visible()
        expect(hers).not_to_be_visible()
        count.click()
        expect(hers).to_be_visible()
        worker.check_day_and_night()
        page.emulate_media(media="print")
        expect(page.locator("#called")).not_to_be_visible()
        page.emulate_media(media="screen")
    with seat(chromium, served.url, DESKTOP, "light") as worker:
        page = worker.sign_in("psw.ellis").go("/")
        expect(page.get_by_text("Ann Field").first).to_be_visible()
        expect(page.get_by_text("4 children are missing")).not_to_be_visible()
