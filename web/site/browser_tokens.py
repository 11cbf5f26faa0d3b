"""What the browser keeps for us: the session's token, and small things sealed under our keys."""

import base64
import json
import secrets
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from installation.system import INTEGRITY
from web.site.app_state import House

#: Seconds that a device stays known, and how many people a shared one may know.
DEVICE_LASTS, SHARED = 180 * 24 * 3600, 8


def send_token(house: House, answer: Response, token: str, name: str) -> None:
    """Let the browser keep a session's token; whose it was is kept, sealed, beyond its end."""
    _set(house, answer, house.cookie, token)
    _set(house, answer, f"{house.cookie}-who", seal(house, "who", name))


def device_of(house: House, request: Request, name: str) -> str:
    """The device, if this person signed in on it before: it stays when they sign out. Empty for
    any other."""
    known = kept(house, request, "device")
    return known["id"] if known and name in known["of"] else ""


def knows(house: House, request: Request, answer: Response, name: str) -> None:
    """From now on this device is known as one on which this person signed in. It opens nothing: it
    is only told apart from those on which others try their password."""
    known = kept(house, request, "device") or {"id": secrets.token_hex(16), "of": []}
    of = [name, *(one for one in known["of"] if one != name)][:SHARED]
    told = seal(house, "device", known | {"of": of})
    _set(house, answer, f"{house.cookie}-device", told, DEVICE_LASTS)


def forget(house: House, answer: Response) -> None:
    """Sign out: nothing of it stays."""
    for part in ("", "-who", "-said", "-why", "-there"):
        drop(house, answer, part)


def keep(house: House, answer: Response, part: str, value: object) -> None:
    """Let the browser keep something that only we can read."""
    _set(house, answer, f"{house.cookie}-{part}", seal(house, part, value))


def kept(house: House, request: Request, part: str) -> Any:
    """What the browser kept; None where there is nothing, or it is not ours."""
    return unseal(house, part, request.cookies.get(f"{house.cookie}-{part}"))


def keep_plainly(house: House, answer: Response, part: str, value: str, lasts: int) -> None:
    """Let the browser keep a wish that says nothing of anybody, also beyond the session."""
    _set(house, answer, f"{house.cookie}-{part}", value, lasts)


def plainly_kept(house: House, request: Request, part: str) -> str | None:
    """A wish that the browser kept, or what somebody made of it."""
    return request.cookies.get(f"{house.cookie}-{part}")


def drop(house: House, answer: Response, part: str) -> None:
    """What the browser kept is no longer needed; `part` as it ends the cookie's name."""
    name = f"{house.cookie}{part}"
    answer.delete_cookie(name, path="/", secure=house.secure, httponly=True, samesite="strict")


def seal(house: House, what: str, value: object) -> str:
    """Anything that JSON can hold, readable for us alone and under the same name."""
    sealed = house.system.keys.seal(
        json.dumps(value, ensure_ascii=False).encode(), f"browser/{what}".encode()
    )
    return base64.urlsafe_b64encode(sealed).decode()


def unseal(house: House, what: str, text: str | None) -> Any:
    """What was sealed under this name; None for anything else."""
    try:
        sealed = base64.urlsafe_b64decode((text or "").encode())
        return json.loads(house.system.keys.unseal(sealed, f"browser/{what}".encode()))
    except (ValueError, *INTEGRITY):
        return None


def _set(house: House, answer: Response, name: str, value: str, lasts: int | None = None) -> None:
    answer.set_cookie(
        name,
        value,
        httponly=True,
        samesite="strict",
        secure=house.secure,
        path="/",
        max_age=lasts,
    )
