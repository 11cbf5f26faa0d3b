"""On a store without proof of identity, the server answers only requests to its own host names."""

from pathlib import Path

import pytest

from tests.commands.office import opened
from tests.web.client import Client
from web.app import make_app


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8000", 200),
        ("127.0.0.1", 200),
        ("[::1]:8000", 200),
        ("192.0.2.7:8000", 200),
        ("screens.example", 200),
        ("rebound.example:8000", 421),
        ("127.0.0.1.rebound.example", 421),
        ("", 421),
    ],
)
def test_a_page_of_another_site_reaches_no_store_that_is_open(
    tmp_path: Path, host: str, status: int
) -> None:
    """A page of another site cannot reach a store without accounts through the user's browser. (DNS
    rebinding had made this possible.)"""
    office = opened(tmp_path / "store")
    office.system.settings = office.system.settings.model_copy(
        update={"screens_url": "https://screens.example/"}
    )
    client = Client(make_app(office.system))
    assert client.get("/sign-in", headers={"Host": host}).status_code == status
    office.system.close()
