"""Users who sign in to the product at an identity provider."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.access.provider import CLIENT, Idp, running
from tests.web.live import Live


@pytest.fixture
def idp() -> Iterator[Idp]:
    with running() as made:
        yield made


@pytest.fixture
def staff(live: Live, idp: Idp) -> Live:
    live.hire("dc.reed", "detective")
    told = {"oidc_issuer": idp.issuer, "oidc_client": CLIENT}
    live.system.settings = live.system.settings.model_copy(update=told)

    def of_now(claims: dict[str, Any]) -> dict[str, Any]:
        now = int(live.now.timestamp())
        return claims | {"iat": now, "auth_time": now, "exp": now + 300}

    idp.lie = of_now  # with this, the provider's clock shows the same time as the store's
    return live


def there_and_back(client: Any, to: str = "/queue", **asked: str) -> Any:
    """Sign in as a browser does: follow the redirect to the identity provider and the redirect
    back, and then open the page `to`."""
    there = client.get("/sign-in/elsewhere", params={"next": to} | asked)
    assert there.status_code == 303
    back = httpx.get(there.headers["location"]).headers["location"]
    place = urlsplit(back)
    assert (place.hostname, place.path) == ("127.0.0.1", "/sign-in/back")
    landed = client.get(f"{place.path}?{place.query}")
    assert landed.status_code == 200
    assert "set-cookie" not in landed.headers
    on = landed.text.partition('content="0; url=')[2].partition('"')[0].replace("&amp;", "&")
    return client.get(on)
