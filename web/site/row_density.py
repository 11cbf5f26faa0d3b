"""How close together the rows of lists stand: roomy for a finger, compact for an analyst's screen.

Chosen once and kept by the browser, in a cookie that says nothing of anybody; until then by role.
"""

from typing import Literal, TypeAlias, get_args

from fastapi import Request
from fastapi.responses import Response

from domain.kernel.values import Reader, Role
from web.site import browser_tokens
from web.site.app_state import House

Density: TypeAlias = Literal["roomy", "compact"]
DENSITIES: tuple[Density, ...] = get_args(Density)
#: Who works at a door or on a ward; all others sit at a desk.
ON_THEIR_FEET: frozenset[Role] = frozenset(
    {"psw", "social-worker", "childrens-support-worker", "health-worker", "charity-worker"}
)
#: Seconds that a browser keeps it.
LASTS = 365 * 24 * 3600


def of(house: House, request: Request, reader: Reader) -> Density:
    """As this browser was told last; else roomy for the person who works on their feet alone, and
    for a store without accounts, where nobody has a role."""
    told = browser_tokens.plainly_kept(house, request, "density")
    for one in DENSITIES:
        if one == told:
            return one
    return "roomy" if on_their_feet(reader) else "compact"


def on_their_feet(reader: Reader) -> bool:
    """Whether this person works on their feet alone, as far as their roles say."""
    return not reader.roles - ON_THEIR_FEET


def keep(house: House, answer: Response, density: Density) -> None:
    """From now on this browser shows rows so."""
    browser_tokens.keep_plainly(house, answer, "density", density, LASTS)
