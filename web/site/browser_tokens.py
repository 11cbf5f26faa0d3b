"""Cookies: the session's token, and small values encrypted under the store's keys."""

import base64
import json
import secrets
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from installation.system import INTEGRITY
from web.site.app_state import House

#: Seconds for which a browser remembers its device's cookie, and the largest number of users that
#: are remembered on a shared device.
DEVICE_LASTS, SHARED = 180 * 24 * 3600, 8


def send_token(house: House, answer: Response, token: str, name: str) -> None:
    """Set the cookie with a session's token, and a second cookie with the encrypted name of the
    user, which remains when the session has ended.
    """
    _set(house, answer, house.cookie, token)
    _set(house, answer, f"{house.cookie}-who", seal(house, "who", name))


def device_of(house: House, request: Request, name: str) -> str:
    """Return the device's id, if this person signed in on it before, also after signing out; ""
    otherwise."""
    device = read_cookie(house, request, "device")
    return device["id"] if device and name in device["of"] else ""


def remember_device(house: House, request: Request, answer: Response, name: str) -> None:
    """Remember that this person signed in on this device. The cookie gives no access: with it,
    wrong passwords from this device are counted apart from those of other devices."""
    device = read_cookie(house, request, "device") or {"id": secrets.token_hex(16), "of": []}
    of = [name, *(user_name for user_name in device["of"] if user_name != name)][:SHARED]
    text = seal(house, "device", device | {"of": of})
    _set(house, answer, f"{house.cookie}-device", text, DEVICE_LASTS)


def forget(house: House, answer: Response) -> None:
    """Delete the cookies of the session that has ended."""
    for part in ("", "-who", "-said", "-why", "-there"):
        drop(house, answer, part)


def set_sealed_cookie(house: House, answer: Response, part: str, value: object) -> None:
    """Set a cookie that only this server can read."""
    _set(house, answer, f"{house.cookie}-{part}", seal(house, part, value))


def read_cookie(house: House, request: Request, part: str) -> Any:
    """Return a cookie's value; None if there is none, or if this server did not set it."""
    return unseal(house, part, request.cookies.get(f"{house.cookie}-{part}"))


def set_plain_cookie(house: House, answer: Response, part: str, value: str, lasts: int) -> None:
    """Set a cookie with a preference that says nothing about a person, and that stays after the
    session has ended.
    """
    _set(house, answer, f"{house.cookie}-{part}", value, lasts)


def read_plain_cookie(house: House, request: Request, part: str) -> str | None:
    """Return a preference from the browser, whose user may have changed it."""
    return request.cookies.get(f"{house.cookie}-{part}")


def drop(house: House, answer: Response, part: str) -> None:
    """Delete a cookie; `part` is the end of the cookie's name."""
    name = f"{house.cookie}{part}"
    answer.delete_cookie(name, path="/", secure=house.secure, httponly=True, samesite="strict")


def seal(house: House, name: str, value: object) -> str:
    """Return a JSON value in encrypted form. Only this server can decrypt it, and only under the
    same name `name`, which says what the value is for."""
    sealed = house.system.keys.seal(
        json.dumps(value, ensure_ascii=False).encode(), f"browser/{name}".encode()
    )
    return base64.urlsafe_b64encode(sealed).decode()


def unseal(house: House, name: str, text: str | None) -> Any:
    """Return the value that was encrypted under the name `name`; None if this store did not encrypt
    the text, or encrypted it under another name.
    """
    try:
        sealed = base64.urlsafe_b64decode((text or "").encode())
        return json.loads(house.system.keys.unseal(sealed, f"browser/{name}".encode()))
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
