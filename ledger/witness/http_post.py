"""Send HTTP requests to services outside, with limits on time and size; only the body of the answer
is used."""

import time
from collections.abc import Callable

import httpx

from ledger.witness.tlog_witness import HttpAnswer

MOST = 64_000
"""Largest size of an answer in bytes."""


class NotAnswered(Exception):
    """Raised if no readable answer to an HTTP request came in time; the message says why."""


def client() -> httpx.Client:
    """Return an HTTP client that follows no redirects and decompresses nothing, because a
    decompressed answer could have any size.
    """
    return httpx.Client(headers={"accept-encoding": "identity"}, follow_redirects=False)


def post(
    http: httpx.Client,
    address: str,
    kind: str,
    body: bytes,
    limit: float,
    clock: Callable[[], float] = time.monotonic,
) -> HttpAnswer:
    """Return the answer to an HTTP POST request, if it comes within this many seconds. Raises
    NotAnswered.
    """
    limit = max(limit, 0.001)
    end = clock() + limit
    late = NotAnswered("it does not answer in time")
    headers = {"content-type": kind}
    try:
        with http.stream("POST", address, content=body, headers=headers, timeout=limit) as response:
            came = b""
            for piece in response.iter_raw():
                came += piece
                if len(came) > MOST:
                    raise NotAnswered("the witness answers with more data than allowed")
                if clock() > end:
                    raise late
            return HttpAnswer(response.status_code, response.headers.get("content-type", ""), came)
    except httpx.TimeoutException:
        raise late from None
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, OverflowError) as error:
        # ValueError and OverflowError are raised for impossible names and ports
        raise NotAnswered(f"the witness does not answer ({error})") from None
