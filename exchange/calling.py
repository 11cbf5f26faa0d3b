"""Calls the key service of the exchange by HTTPS."""

import ssl
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from domain.kernel.values import Refused
from exchange.keyclient import Call

#: Seconds within which the key service has to answer; a bulk request takes some time.
TIMEOUT = 60.0
_OWN = ("127.0.0.1", "::1", "localhost")


def over_https(address: str, secret: bytes, authorities: Path | None = None) -> Call:
    """Return a function that calls the key service at `address` with this force's secret. Raises
    Refused if the address is unencrypted (not https) and is not an address of this machine.
    """
    parts = urlsplit(address)
    if parts.scheme != "https" and (parts.scheme != "http" or parts.hostname not in _OWN):
        raise Refused("set exchange_key_service to an address that begins with https://")
    headers = {"Authorization": f"Bearer {secret.decode().strip()}"}

    def call(method: str, path: str, body: bytes) -> tuple[int, bytes]:
        try:
            trusted = ssl.create_default_context(cafile=authorities)
            with httpx.Client(
                timeout=TIMEOUT, follow_redirects=False, verify=trusted, trust_env=False
            ) as client:
                answer = client.request(
                    method, address.rstrip("/") + path, content=body, headers=headers
                )
        except httpx.HTTPError as error:
            raise OSError(type(error).__name__) from error
        return answer.status_code, answer.content

    return call
