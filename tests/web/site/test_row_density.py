"""The density of table rows follows from the user's role, until the user chooses another density in
this browser."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from starlette.requests import Request

from domain.kernel.values import Reader, Role
from tests.web.conftest import House
from web.site import row_density


def density_for(*roles: Role, cookie: str = "") -> row_density.Density:
    """Return the density of rows for a user with these roles, whose browser has this cookie."""
    headers = [(b"cookie", f"continuum-density={cookie}".encode())] if cookie else []
    reader = Reader("x.y", "Engage", "Charity", closed=True, roles=frozenset(roles))
    house = cast(Any, SimpleNamespace(cookie="continuum"))
    return row_density.read_density(house, Request({"type": "http", "headers": headers}), reader)


@pytest.mark.parametrize("role", ["detective", "disclosure-officer", "manager", "administrator"])
def test_a_desk_begins_with_compact_rows(role: Role) -> None:
    assert density_for(role) == "compact"
    assert density_for(role, cookie="roomy") == "roomy"


@pytest.mark.parametrize("role", ["psw", "social-worker", "health-worker"])
def test_who_works_on_their_feet_begins_with_roomy_rows(role: Role) -> None:
    assert density_for(role) == "roomy"
    assert density_for(role, cookie="compact") == "compact"
    assert density_for(role, "detective") == "compact"


def test_what_a_browser_makes_up_counts_for_nothing() -> None:
    assert density_for("psw", cookie="tiny") == density_for() == "roomy"


def test_the_wish_outlives_the_session_and_names_nobody(house: House) -> None:
    officer = house.somebody("do.marsh")
    page = officer.get("/list/cases").text
    assert "c-compact" not in page
    officer.send("/me/density", density="compact", back="/list/cases")
    assert "c-compact" in officer.get("/list/cases").text
    assert officer.send("/me/density", density="tiny").status_code == 422
    officer.send("/sign-out")
    assert officer.client.cookies["continuum-density"] == "compact"
    assert "c-compact" in officer.sign_in().get("/list/cases").text
