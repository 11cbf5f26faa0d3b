"""Time stamps (RFC 3161), which prove by the clock of an independent authority that a checkpoint
existed at a time.

A time stamp covers the text of the checkpoint without its signatures. The signer requests a time
stamp from time to time and publishes it as `LOG.tsr`, with the stamped checkpoint as `LOG.stamped`,
because the newest checkpoint changes. Anyone can check a time stamp offline with a root certificate
of their choice, by `continuum verify --stamp-roots ROOT` or `openssl ts -verify`.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import httpx
from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from domain.kernel.envelope import LogName, Unprovable
from ledger.database.durable_files import PUBLIC, read_file, replace_bytes, replace_file
from ledger.proof.checkpoint import parse
from ledger.witness.http_post import NotAnswered, post

_REQUEST, _GRANTED = "application/timestamp-query", 0


class BadStamp(ValueError):
    """Raised for an invalid time stamp; the message says why."""


def stamped(public: Path, log: LogName) -> Path:
    """Return the path of the published checkpoint of a log for which a time stamp was last
    requested and received.
    """
    return public / f"{log}.stamped"


def stamp_of(public: Path, log: LogName) -> Path:
    """Return the path of the time stamp of a log's checkpoint."""
    return public / f"{log}.tsr"


def ask_stamp(http: httpx.Client, address: str, note: str, limit: float) -> bytes:
    """Return the answer of a time-stamping authority for this checkpoint. Raises NotAnswered,
    BadStamp. The authority's signature is not checked here, because that needs a root
    certificate."""
    text = parse(note).text().encode()
    builder = TimestampRequestBuilder().data(text).hash_algorithm(HashAlgorithm.SHA256)
    request = builder.nonce(nonce=True).cert_request(cert_request=True).build()
    answer = post(http, address, _REQUEST, request.as_bytes(), limit)
    if answer.status != 200:
        raise NotAnswered(f"the time-stamping service answers with {answer.status}")
    if _of(answer.body, note).tst_info.nonce != request.nonce:
        raise BadStamp("the time stamp is of another request")
    return answer.body


def put(public: Path, log: LogName, note: str, stamp: bytes) -> None:
    """Publish a time stamp with its checkpoint. Raises OSError."""
    replace_file(stamped(public, log), note, PUBLIC)
    replace_bytes(stamp_of(public, log), stamp, PUBLIC)


def has_stamp(public: Path, log: LogName, note: str) -> bool:
    """Return whether the published time stamp covers this checkpoint."""
    with suppress(OSError, BadStamp):
        _of(stamp_of(public, log).read_bytes(), note)
        return parse(stamped(public, log).read_text("utf-8")).text() == parse(note).text()
    return False


def time_of(stamp: bytes, note: str, roots: Sequence[x509.Certificate]) -> datetime:
    """Return the time in a time stamp, if it was signed by an authority with one of these root
    certificates. Raises BadStamp."""
    answer, text = _of(stamp, note), parse(note).text().encode()
    reason = "no root was named"
    for root in roots:
        try:
            VerifierBuilder(roots=[root]).build().verify_message(answer, text)
        except (VerificationError, ValueError) as error:
            reason = str(error)
        else:
            return answer.tst_info.gen_time.astimezone(UTC)
    raise BadStamp(f"the certificate of the time stamp leads to none of the given roots ({reason})")


def read_roots(file: Path) -> list[x509.Certificate]:
    """Return the certificates in a PEM file. Raises Unprovable."""
    try:
        return x509.load_pem_x509_certificates(read_file(file).encode())
    except ValueError:
        raise Unprovable(f"{file} contains no certificate (PEM)") from None


def _of(stamp: bytes, note: str) -> TimeStampResponse:
    """Decode and return the answer of a time-stamping authority in the bytes `stamp`. Raises
    BadStamp if the answer does not contain a time stamp of the checkpoint in `note`. The signature
    of the authority is not checked.
    """
    try:
        answer = decode_timestamp_response(stamp)
        granted = answer.status == _GRANTED
        imprint = answer.tst_info.message_imprint.message if granted else b""
    except ValueError as error:
        raise BadStamp(f"this file is not a time stamp ({error})") from None
    if not granted:
        raise BadStamp(f"the service granted no time stamp ({answer.status})")
    if imprint != sha256(parse(note).text().encode()).digest():
        raise BadStamp("the time stamp is of another checkpoint")
    return answer
