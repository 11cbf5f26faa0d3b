"""The density of rows in lists: wide rows for a finger, narrow rows for an analyst's screen.

The user chooses the density once, and it is stored in a cookie that says nothing about a person.
Until then it depends on the user's role.
"""

from typing import Literal, TypeAlias, get_args

from fastapi import Request
from fastapi.responses import Response

from domain.kernel.values import Reader, Role
from web.site import browser_tokens
from web.site.app_state import House

Density: TypeAlias = Literal["roomy", "compact"]
DENSITIES: tuple[Density, ...] = get_args(Density)
#: Roles that work away from a desk; all others work at a desk.
ON_THEIR_FEET: frozenset[Role] = frozenset(
    {"psw", "social-worker", "childrens-support-worker", "health-worker", "charity-worker"}
)
#: Seconds for which a browser stores the chosen density of rows.
LASTS = 365 * 24 * 3600


def read_density(house: House, request: Request, reader: Reader) -> Density:
    """Return the density that was last chosen in this browser. Without a choice, rows are wide for
    readers who only work away from a desk, and in a store without accounts, where there are no
    roles.
    """
    text = browser_tokens.read_plain_cookie(house, request, "density")
    for density in DENSITIES:
        if density == text:
            return density
    return "roomy" if on_their_feet(reader) else "compact"


def on_their_feet(reader: Reader) -> bool:
    """Return whether every role of this reader works away from a desk."""
    return not reader.roles - ON_THEIR_FEET


def store_density(house: House, answer: Response, density: Density) -> None:
    """Store the density in this browser."""
    browser_tokens.set_plain_cookie(house, answer, "density", density, LASTS)
