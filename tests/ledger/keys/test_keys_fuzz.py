"""A log's keys are changed in thousands of ways. Each time, no text is decrypted wrongly, and each
unreadable text is reported, or explained by an erasure.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from domain.kernel.envelope import Event, Explained, LogUnavailable, Submission
from ledger.audit.unreadable import lost_words
from ledger.keys.data_keys import DataKeys
from ledger.keys.keystore import FAMILIES, FileKeyStore
from ledger.store.log import Log
from ledger.store.mapper import EventMapper
from ledger.store.recorder_sqlite import SQLiteLogRecorder
from ledger.store.shred import Shredder
from tests.conftest import Store, now
from tests.fuzz import TIMES, dice
from tests.ledger.events import CATALOGUE, Counted, Noted, Whispered, facts, submission
from tests.support.ledger.seal_fuzz import InMemory

MUTATIONS = 3000 * TIMES
COLUMNS = ("stream", "number", "family", "key_id", "epoch", "wrapped", "destroyed")

Read = dict[int, tuple[Event, bool]]
"""The event of each record by its number, and whether it was erased."""


@dataclass
class Copy:
    """A log in memory, its original events, and the erasure that it records."""

    data: InMemory
    keys: FileKeyStore
    explained: Explained
    said: Read

    @property
    def db(self) -> Any:
        return self.data.connection

    def look(self) -> tuple[Read, set[int], bool]:
        """Open the log as a new process does. Return the readable events, the numbers of the
        records that are reported as broken or missing, and whether the log could be read at all."""
        records = SQLiteLogRecorder(self.data, "evidence", now)
        mapper = EventMapper("evidence", CATALOGUE["evidence"], {})
        log = Log(mapper, records, DataKeys("evidence", records.keys, self.keys))
        found = lost_words(records, "evidence", self.explained)
        told = {finding.seq for finding in found if finding.seq is not None}
        try:
            read = log.read(0, 100, lambda seq, reason: told.add(seq))
        except LogUnavailable:
            return {}, told, False
        return {fact.seq: (fact.event, fact.erased) for fact in read}, told, True

    def rows(self) -> list[tuple[Any, ...]]:
        columns = ", ".join(COLUMNS)
        return list(self.db.execute(f"SELECT {columns} FROM evidence_keys"))

    def put(self, row: tuple[Any, ...], column: str, value: object) -> None:
        self.db.execute(
            f"UPDATE OR REPLACE evidence_keys SET {column} = ? WHERE stream = ? AND number = ?",
            (value, row[0], row[1]),
        )


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Copy]:
    """Yield a log with streams that have one key or two keys; the keys of one stream were erased,
    and a certificate says so.
    """
    keys = FileKeyStore(tmp_path / "keys")
    for family in FAMILIES:
        keys.rotate(family)
    store = Store(tmp_path, None, keys=keys)
    log = store.open(CATALOGUE)["evidence"]
    for number in range(6):
        log.append([submission(Noted(f"words {number}"), Whispered("more"), Counted(number))])
    renewed, erased = uuid4(), uuid4()
    log.append([submission(Noted("before"), stream=renewed)])
    log.append([submission(Noted("a secret"), stream=erased)])
    after = facts(Noted("after"), stream=renewed, version=2)
    log.append([Submission(uuid4(), b"", after, renews=(renewed,))])
    (gone,) = Shredder({"evidence": log.key_table}, keys).shred({"evidence": [erased]})
    said = {fact.seq: (fact.event, fact.erased) for fact in log.read(0, 100)}
    log.close()
    data = InMemory(tmp_path / "log.db")
    yield Copy(data, keys, Explained(frozenset(gone.keys), frozenset()), said)
    data.connection.close()


Mutation = Callable[[Copy, random.Random], None]


def swapped(copy: Copy, r: random.Random) -> None:
    """Exchange the values of a random column between two rows of the key table."""
    one, other = r.sample(copy.rows(), 2)
    column = r.choice(["wrapped", "key_id", "family", "epoch"])
    at = COLUMNS.index(column)
    copy.put(one, column, other[at])
    copy.put(other, column, one[at])


def changed(copy: Copy, r: random.Random) -> None:
    row = r.choice(copy.rows())
    column = r.choice(["wrapped", "key_id"])
    held = row[COLUMNS.index(column)] or bytes(60)
    at = r.randrange(len(held))
    copy.put(row, column, held[:at] + bytes([held[at] ^ (1 << r.randrange(8))]) + held[at + 1 :])


def renumbered(copy: Copy, r: random.Random) -> None:
    copy.put(r.choice(copy.rows()), "number", r.randint(1, 4))


def moved(copy: Copy, r: random.Random) -> None:
    one, other = r.sample(copy.rows(), 2)
    copy.put(one, "stream", other[0])


def another_family(copy: Copy, r: random.Random) -> None:
    copy.put(r.choice(copy.rows()), "family", r.choice(["subject", "source", "", "x"]))


def another_epoch(copy: Copy, r: random.Random) -> None:
    copy.put(r.choice(copy.rows()), "epoch", r.randint(0, 5))


def lost(copy: Copy, r: random.Random) -> None:
    row = r.choice(copy.rows())
    copy.db.execute("DELETE FROM evidence_keys WHERE stream = ? AND number = ?", row[:2])


def destroyed(copy: Copy, r: random.Random) -> None:
    row = r.choice(copy.rows())
    copy.put(row, "wrapped", None)
    copy.put(row, "destroyed", 1)


def invented(copy: Copy, r: random.Random) -> None:
    """Add another key to a stream, or move a key to another stream."""
    one, other = r.sample(copy.rows(), 2)
    live = r.random() < 0.5
    key = r.choice([r.randbytes(16), one[3]])
    new = (other[0], r.randint(1, 4), one[2], key, one[4], r.randbytes(60) if live else None)
    copy.db.execute(
        "INSERT OR IGNORE INTO evidence_keys VALUES (?,?,?,?,?,?,?)", (*new, None if live else 1)
    )


def counted(copy: Copy, r: random.Random) -> None:
    copy.db.execute("UPDATE evidence_head SET shreds = ?", (r.randint(-1, 9),))
    copy.db.execute("UPDATE evidence_epochs SET epoch = ?", (r.randint(0, 5),))


EVERY: list[Mutation] = [
    swapped, changed, renumbered, moved, another_family, another_epoch, lost, destroyed, invented,
    counted,
]  # fmt: skip


def test_keys_changed_at_random(copy: Copy) -> None:
    r = dice()
    noticed = dict.fromkeys((mutation.__name__ for mutation in EVERY), 0)
    for number in range(MUTATIONS):
        mutate = EVERY[number % len(EVERY)]
        copy.db.execute("BEGIN")
        mutate(copy, r)
        read, told, answers = copy.look()
        where = number, mutate.__name__
        noticed[mutate.__name__] += bool(told) or not answers
        for seq, (event, erased) in read.items():
            if (event, erased) != copy.said[seq]:
                assert erased, (*where, "other words than were said")
                assert seq in told, (*where, "erased, and nobody misses it")
        if answers:
            assert read.keys() | told == copy.said.keys(), (*where, "not read, and not told")
        copy.db.execute("ROLLBACK")
    assert copy.look() == (copy.said, set(), True)
    # a changed count of keys is harmless: the log then only looks up its keys again
    del noticed["counted"]
    assert min(noticed.values()) > MUTATIONS / len(EVERY) / 4, noticed


def test_the_erased_one_is_accounted_for_by_its_key_alone(copy: Copy) -> None:
    (seq,) = (seq for seq, (_, erased) in copy.said.items() if erased)
    copy.explained = Explained(frozenset({sha256(b"another").hexdigest()}), frozenset())
    assert copy.look()[1] == {seq}
