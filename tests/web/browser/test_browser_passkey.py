"""A user adds a passkey and signs in with it in a real Chromium, whose virtual authenticator is the
device.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.web.chromium import seat
from tests.web.conftest import Served, free_port
from tests.web.live import PASSWORD, Live, live

__all__ = ["live"]
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def door(live: Live) -> Iterator[Served]:
    """Serve the live store on a port; the address has a host name, because a passkey needs one."""
    live.hire("ds.hale", "detective")
    house: Any = type("Behind", (), {"office": live, "app": None})()
    made = Served(house, free_port(), asks=False).start()
    yield made
    made.stop()


def test_a_passkey_is_added_and_signs_in_and_proves(
    live: Live, door: Served, chromium: Any
) -> None:
    url = f"http://localhost:{door.port}"
    with seat(chromium, url) as sergeant:
        page = sergeant.page
        device = sergeant.context.new_cdp_session(page)
        device.send("WebAuthn.enable")
        device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
        page.goto(f"{url}/sign-in")
        sergeant.check()
        page.fill("#name", "ds.hale")
        page.fill("#password", PASSWORD)
        page.fill("#digits", live.digits("ds.hale"))
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{url}/")
        page.goto(f"{url}/me")
        sergeant.check()
        page.fill("#passkey-name", "my <phone>")
        page.get_by_role("button", name="Add this device").click()
        expect(page.locator("main")).to_contain_text("my <phone>")

        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url(f"{url}/sign-in")
        page.goto(f"{url}/sign-in?next=/queue")
        page.get_by_role("button", name="Use a passkey").click()
        page.wait_for_url(f"{url}/queue")
        expect(page.locator(".c-header__me")).to_have_text("ds.hale")

        live.later(minutes=6)
        page.goto(f"{url}/prove?to=/queue")
        sergeant.check()
        page.get_by_role("button", name="Use a passkey").click()
        page.wait_for_url(f"{url}/queue")

        page.goto(f"{url}/me")
        page.get_by_role("button", name="Remove the passkey my <phone>").click()
        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("button", name="Use a passkey").click()
        expect(page.locator("#passkey [role=status]")).to_contain_text("not right")
        assert sergeant.complaints == []
        assert sergeant.elsewhere == []
