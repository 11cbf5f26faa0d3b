"""The key service of the exchange: it evaluates blinded elements for registered police forces,
within a daily quota.

An organisation other than the hub's runs it. It receives only blinded elements and stores none of
them; for each request it logs the force, the purpose and the number of elements. A person with its
key could make the token of every possible plate, and so find out which plates are offered.
Therefore each use of the key is counted and logged, and docs/hub.md says so.

Its directory has a seed for each key (`key-1`, `key-2` …), and `service.db`. The key with the
highest number is in use; requests with an earlier key are still answered until that key is deleted.
"""

import base64
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes, token_urlsafe
from typing import Annotated, Literal

import msgspec

from domain.kernel.decoding import decoder
from domain.kernel.values import Refused
from exchange.tokens import ELEMENT, SEED, TokenKey

Purpose = Literal["single", "bulk"]
#: Number of tokens that a force may request by hand in a day: enough for daily work, and too few to
#: try all possible number plates.
A_DAY = 200
#: Number of tokens that a force may request by hand at once.
AT_ONCE = 20

_TABLES = """
CREATE TABLE IF NOT EXISTS forces (
    force TEXT PRIMARY KEY, secret TEXT NOT NULL, a_day INTEGER NOT NULL,
    bulk INTEGER NOT NULL DEFAULT 0, bulk_until TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE IF NOT EXISTS used (
    at TEXT NOT NULL, force TEXT NOT NULL, purpose TEXT NOT NULL, epoch INTEGER NOT NULL,
    elements INTEGER NOT NULL, answered INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS used_by ON used (force, purpose, at);
"""


class NotGiven(Exception):
    """Raised for a request that the key service refuses; `status` is the HTTP status of the
    answer."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class BlindedRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A force's request to the key service; `elements` are the blinded elements in base64."""

    epoch: Annotated[int, msgspec.Meta(ge=1, lt=2**31)]
    purpose: Purpose
    elements: str


class Evaluation(msgspec.Struct, frozen=True):
    """The key service's answer, in base64: the evaluated elements, and the proof that the right key
    was used."""

    epoch: int
    evaluated: str


class PublicKeys(msgspec.Struct, frozen=True):
    """The number of the key in use; and the public key, in hexadecimal digits, of each key that
    answers."""

    epoch: int
    public: dict[int, str]


class Use(msgspec.Struct, frozen=True):
    """A line of the log in which the key service records each request for tokens, without the
    content of the request."""

    at: str
    force: str
    purpose: str
    epoch: int
    elements: int
    answered: bool


@dataclass
class KeyService:
    """The key service with its keys, forces and log in one directory. The function `clock` returns
    the time in UTC. The function `tell` is called with each entry of the log after it is written.
    """

    directory: Path
    clock: Callable[[], datetime]
    tell: Callable[[Use], None] = lambda use: None
    _made: dict[int, TokenKey] = field(default_factory=dict, repr=False)

    # --- operations for the operator of the service -----------------------------------------------

    def set_up(self) -> None:
        """Make the directory of the key service with the first key. Raises Refused if the directory
        has a key.
        """
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.epochs():
            raise Refused(f"{self.directory} contains a key already: make the next one with rotate")
        with self._db() as db:
            db.executescript(_TABLES)
        self.rotate()

    def rotate(self) -> int:
        """Make the next key and return its number. The forces then have to make all their offers
        again with the new key. The previous key still works until it is deleted with `retire`.
        """
        epoch = max(self.epochs(), default=0) + 1
        file = os.open(self.directory / f"key-{epoch}", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(file, "wb") as out:
            out.write(token_bytes(SEED))
            out.flush()
            os.fsync(out.fileno())
        return epoch

    def retire(self, epoch: int) -> None:
        """Delete a key that is no longer in use. Raises Refused if the key is the one in use, and
        if the key does not exist.
        """
        *former, used = self.epochs() or [0]
        if epoch == used:
            raise Refused("this key is in use: make the next one with rotate first")
        if epoch not in former:
            raise Refused(f"this key service has no key {epoch}")
        (self.directory / f"key-{epoch}").unlink()
        self._made.pop(epoch, None)

    def register(self, force: str, a_day: int = A_DAY) -> str:
        """Register a force, or replace the secret of a registered force. Return the new secret,
        which cannot be read again.
        """
        secret = token_urlsafe(32)
        with self._db() as db:
            db.execute(
                "INSERT INTO forces (force, secret, a_day) VALUES (?, ?, ?) ON CONFLICT (force) "
                "DO UPDATE SET secret = excluded.secret, a_day = excluded.a_day",
                (force, _hashed(secret), a_day),
            )
        return secret

    def allow_bulk(self, force: str, elements: int, until: date) -> None:
        """Give a force a larger quota, which is valid until a given day, so that the force can
        renew its offers. Raises Refused if the force is not registered."""
        with self._db() as db:
            changed = db.execute(
                "UPDATE forces SET bulk = ?, bulk_until = ? WHERE force = ?",
                (elements, until.isoformat(), force),
            )
            if not changed.rowcount:
                raise Refused(f"{force} is not registered with this key service")

    def uses(self, after: str = "") -> list[Use]:
        """Return the log of requests to the key service, oldest first."""
        with self._db() as db:
            cursor = db.execute("SELECT * FROM used WHERE at > ? ORDER BY at, rowid", (after,))
            return [
                Use(at, force, purpose, epoch, elements, bool(answered))
                for at, force, purpose, epoch, elements, answered in cursor
            ]

    # --- operations for a police force ------------------------------------------------------------

    def epochs(self) -> list[int]:
        """Return the numbers of the keys that answer, oldest first."""
        epoch_names = (path.name.removeprefix("key-") for path in self.directory.glob("key-*"))
        return sorted(int(epoch_name) for epoch_name in epoch_names if epoch_name.isdecimal())

    def keys(self) -> PublicKeys:
        """Return the key in use, and the public keys by which a force verifies it."""
        public_keys = {epoch: self._key(epoch).public.hex() for epoch in self.epochs()}
        return PublicKeys(max(public_keys), public_keys)

    def evaluate(self, secret: str, request: BlindedRequest) -> Evaluation:
        """Return the elements of a force's request, evaluated with the requested key. Raises
        NotGiven if the secret is unknown, if the request exceeds the force's quota, if the key does
        not exist, and if the elements are invalid. A refused request of a registered force is
        logged, too, unless its elements are not in base64."""
        try:
            elements = base64.b64decode(request.elements, validate=True)
        except ValueError:
            raise NotGiven(400, "the elements of the request are not in base64") from None
        count = len(elements) // ELEMENT
        with self._db() as db:
            # the database is locked, so that two requests at the same time share the quota
            db.execute("BEGIN IMMEDIATE")
            force_row = db.execute(
                "SELECT force, a_day, bulk, bulk_until FROM forces WHERE secret = ?",
                (_hashed(secret),),
            ).fetchone()
            if force_row is None:
                raise NotGiven(401, "no force is registered with the secret of this request")
            force, a_day, bulk, until = force_row
            now = self.clock()
            why = None
            if request.purpose == "bulk":
                if now.date().isoformat() > until or count > bulk:
                    why = "the service does not allow so many tokens at once now: ask its operator"
                else:
                    taken = (count, force)
                    db.execute("UPDATE forces SET bulk = bulk - ? WHERE force = ?", taken)
            elif count > AT_ONCE or self._today(db, force, now) + count > a_day:
                why = f"more than {a_day} tokens in a day, or {AT_ONCE} at once, are not given"
            use = Use(now.isoformat(), force, request.purpose, request.epoch, count, why is None)
            db.execute("INSERT INTO used VALUES (?, ?, ?, ?, ?, ?)", msgspec.structs.astuple(use))
        self.tell(use)
        if why:
            raise NotGiven(429, why)
        if request.epoch not in self.epochs():
            raise NotGiven(
                410, f"key {request.epoch} is not in use: ask the service for the current key"
            )
        try:
            evaluated = self._key(request.epoch).evaluate(elements)
        except ValueError as error:
            raise NotGiven(400, str(error)) from None
        return Evaluation(request.epoch, base64.b64encode(evaluated).decode())

    def _today(self, db: sqlite3.Connection, force: str, now: datetime) -> int:
        (count,) = db.execute(
            "SELECT coalesce(sum(elements), 0) FROM used "
            "WHERE force = ? AND purpose = 'single' AND answered AND at >= ?",
            (force, now.date().isoformat()),
        ).fetchone()
        return int(count)

    def _key(self, epoch: int) -> TokenKey:
        if epoch not in self._made:
            self._made[epoch] = TokenKey((self.directory / f"key-{epoch}").read_bytes())
        return self._made[epoch]

    @contextmanager
    def _db(self) -> Iterator[sqlite3.Connection]:
        file = self.directory / "service.db"
        with closing(sqlite3.connect(file, timeout=10)) as db, db:
            file.chmod(0o600)
            yield db


def _hashed(secret: str) -> str:
    """Return the hash that is stored instead of a force's secret. The secret has 256 random bits,
    so it cannot be guessed from a plain hash."""
    return sha256(secret.encode()).hexdigest()


def answer(
    service: KeyService, method: str, path: str, bearer: str, body: bytes
) -> tuple[int, bytes]:
    """Return the status and the JSON with which the key service answers one HTTP call."""
    if (method, path) == ("GET", "/v1/keys"):
        return 200, msgspec.json.encode(service.keys())
    if (method, path) != ("POST", "/v1/evaluate"):
        return 404, b'{"why":"there is no such call"}'
    try:
        request = decoder(BlindedRequest)(body)
        return 200, msgspec.json.encode(service.evaluate(bearer, request))
    except msgspec.MsgspecError:
        return 400, b'{"why":"this is no request for tokens"}'
    except NotGiven as refused:
        return refused.status, msgspec.json.encode({"why": str(refused)})
