"""An encrypted test log that a signer signs, and ways to audit it."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psycopg

from ledger.audit.audit import audit
from ledger.audit.report import ExternalNotes, LogReport
from ledger.proof import auditor_policy
from ledger.proof.auditor_policy import Pinned
from ledger.proof.head_map import heads_of
from ledger.proof.leaf import leaf_of, prefix
from ledger.proof.leaf_scan import rows
from ledger.proof.proof import Proven
from ledger.proof.receipt import Receipt
from ledger.proof.tiles import tiles_of
from ledger.store.log import Log
from ledger.store.recorder import LogRecorder
from ledger.store.setup import open_records
from ledger.witness import signer
from tests.conftest import Store
from tests.ledger.events import CATALOGUE, Closed, Counted, Noted, submission
from tests.made import Made

STREAMS = [UUID(int=n + 1) for n in range(4)]


@dataclass
class Sealed:
    """An encrypted log of twelve records; the checkpoint `older` covers the first eight records,
    `newest` covers all.
    """

    store: Store
    log: Log
    records: LogRecorder
    signer: signer.Signer
    older: str
    newest: str

    @property
    def pinned(self) -> Pinned:
        return self.signer.pinned

    @property
    def proven(self) -> Proven:
        public = self.signer.public
        places = tiles_of(public, "evidence"), heads_of(public, "evidence")
        return Proven(self.records, "evidence", *places)

    def audit(
        self, *notes: str, receipts: Sequence[Receipt] = (), pinned: Pinned | None = None
    ) -> LogReport:
        """Audit the log as an auditor does, with these checkpoints or with the newest one; return
        the report.
        """
        named = [(f"checkpoint {n}", note) for n, note in enumerate(notes or (self.newest,))]
        held = ExternalNotes(pinned or self.pinned, named, receipts)
        return audit(self.records, "evidence", held)

    def tamper(self, *statements: str) -> None:
        """Run SQL on the log directly, as the owner of the database could."""
        if self.store.url is None:
            connection = sqlite3.connect(self.store.home / "log.db", isolation_level=None)
            connection.execute("PRAGMA ignore_check_constraints=ON")
            for statement in statements:
                connection.execute(statement)
            connection.close()
            return
        with psycopg.connect(self.store.url) as server:
            server.execute("SET search_path = evidence")
            server.execute("SET session_replication_role = replica")
            for statement in statements:
                server.execute(statement.encode())


def seal(store: Store) -> Sealed:
    """Make a new encrypted log that a signer signs."""
    log = store.open(CATALOGUE)["evidence"]
    log.append([submission(*(Noted(f"words {n}", n) for n in range(2)), stream=STREAMS[0])])
    log.append([submission(Counted(n), stream=STREAMS[1], version=n) for n in range(1, 4)])
    log.append([submission(Counted(7), Closed(), Noted("last"), stream=STREAMS[2])])
    records: LogRecorder = open_records(store.url or store.home)["evidence"]
    state, public = store.home / "signer", store.home / "checkpoints"
    pinned = auditor_policy.read(signer.init(state, {"evidence": records}))["evidence"]
    one = signer.Signer("evidence", records, pinned, state, public)
    older = one.round()
    log.append([submission(Counted(n), stream=STREAMS[3], version=n) for n in range(1, 5)])
    return Sealed(store, log, records, one, older, one.round())


def _made(home: Path, url: str | None) -> tuple[str, str, str]:
    """Make an encrypted log that a signer signs, and close it. Return the signer's policy and the
    log's two checkpoints."""
    store = Store(home, url)
    one = seal(store)
    one.records.close()
    for log in store.opened:
        log.close()
    return (home / "signer" / signer.POLICY).read_text("utf-8"), one.older, one.newest


#: The log that `seal` makes. Its copies have one origin: a test that needs two logs makes another.
SEALED = Made("sealed", _made)


@contextmanager
def sealed_copy(home: Path, url: str | None = None) -> Iterator[Sealed]:
    """Open a copy of the log that `seal` makes, which costs a fraction of making one."""
    policy, older, newest = SEALED.copied(home, url)
    store = Store(home, url)
    log = store.open(CATALOGUE, create=False)["evidence"]
    records: LogRecorder = open_records(url or home)["evidence"]
    pinned = auditor_policy.read(policy)["evidence"]
    one = signer.Signer("evidence", records, pinned, home / "signer", home / "checkpoints")
    assert one.round() == newest  # the signer works and has read the log
    yield Sealed(store, log, records, one, older, newest)
    records.close()
    for opened in store.opened:
        opened.close()


def another_home(sealed: Sealed, home: Path) -> signer.Signer:
    """Return a second signer for the log of `sealed`, with its state in `home` and with a key of
    its own.
    """
    pinned = auditor_policy.read(signer.init(home, {"evidence": sealed.records}))["evidence"]
    return signer.Signer("evidence", sealed.records, pinned, home, home / "public")


def rewrite(sealed: Sealed) -> None:
    """Change a record and its stored leaf hash, so that the two fit each other."""
    edited = next(rows(sealed.records, 2))._replace(topic="note.closed@1")
    leaf = leaf_of(prefix(sealed.records.origin()), edited).hex()
    blob = f"'\\x{leaf}'" if sealed.store.url else f"x'{leaf}'"
    sealed.tamper(
        f"UPDATE evidence_events SET topic = 'note.closed@1', leaf = {blob} WHERE seq = 2"
    )
