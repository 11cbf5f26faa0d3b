"""Cookies: the session's token, and small values encrypted under the store's keys."""

import base64
import json
import secrets
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from installation.system import INTEGRITY
from web.site.app_state import House

#: Seconds for which a browser remembers its device's cookie, and the most users that a shared
#: device remembers.
DEVICE_LASTS, SHARED = 180 * 24 * 3600, 8


def send_token(house: House, answer: Response, token: str, name: str) -> None:
    """Set the cookie with a session's token; the name of its owner is stored, encrypted, beyond its
    end."""
    _set(house, answer, house.cookie, token)
    _set(house, answer, f"{house.cookie}-who", seal(house, "who", name))


def device_of(house: House, request: Request, name: str) -> str:
    """Return the device's id, if this person signed in on it before, also after signing out; ""
    otherwise."""
    known = read_cookie(house, request, "device")
    return known["id"] if known and name in known["of"] else ""


def remember_device(house: House, request: Request, answer: Response, name: str) -> None:
    """Remember that this person signed in on this device. It gives no access: it only distinguishes
    the device from others on which their password is tried."""
    known = read_cookie(house, request, "device") or {"id": secrets.token_hex(16), "of": []}
    of = [name, *(one for one in known["of"] if one != name)][:SHARED]
    text = seal(house, "device", known | {"of": of})
    _set(house, answer, f"{house.cookie}-device", text, DEVICE_LASTS)


def forget(house: House, answer: Response) -> None:
    """Delete the session's cookies."""
    for part in ("", "-who", "-said", "-why", "-there"):
        drop(house, answer, part)


def set_sealed_cookie(house: House, answer: Response, part: str, value: object) -> None:
    """Set a cookie that only this server can read."""
    _set(house, answer, f"{house.cookie}-{part}", seal(house, part, value))


def read_cookie(house: House, request: Request, part: str) -> Any:
    """Return a cookie's value; None if there is none, or if this server did not set it."""
    return unseal(house, part, request.cookies.get(f"{house.cookie}-{part}"))


def set_plain_cookie(house: House, answer: Response, part: str, value: str, lasts: int) -> None:
    """Set a cookie with a preference that says nothing about a person, also beyond the session."""
    _set(house, answer, f"{house.cookie}-{part}", value, lasts)


def read_plain_cookie(house: House, request: Request, part: str) -> str | None:
    """Return a preference from the browser, which may have been changed there."""
    return request.cookies.get(f"{house.cookie}-{part}")


def drop(house: House, answer: Response, part: str) -> None:
    """Delete a cookie; `part` is the end of its name."""
    name = f"{house.cookie}{part}"
    answer.delete_cookie(name, path="/", secure=house.secure, httponly=True, samesite="strict")


def seal(house: House, what: str, value: object) -> str:
    """Return a JSON value encrypted, readable only for this server and under the same name."""
    sealed = house.system.keys.seal(
        json.dumps(value, ensure_ascii=False).encode(), f"browser/{what}".encode()
    )
    return base64.urlsafe_b64encode(sealed).decode()


def unseal(house: House, what: str, text: str | None) -> Any:
    """Return the value that was encrypted under this name; None if the text was not encrypted by
    this store under this name."""
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
