"""If a store is changed in any way, the audit detects the change, unless no record was altered. The
test tries ten thousand changes."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.audit.audit import audit
from ledger.audit.report import ExternalNotes, LogReport
from ledger.proof.leaf import SealedRow, leaf_of, prefix
from ledger.store.recorder_sqlite import SQLiteLogRecorder
from tests.conftest import Store, now
from tests.fuzz import TIMES, dice
from tests.ledger.sealing import Sealed, seal
from tests.support.ledger.seal_fuzz import InMemory

MUTATIONS = 4_000 if TIMES == 1 else 10_000 * TIMES
RECORDS = "SELECT * FROM evidence_events ORDER BY seq"


class Copy:
    """A log in memory, with the data that a forger needs, and the note of an auditor about the
    log."""

    def __init__(self, sealed: Sealed) -> None:
        self.data = InMemory(sealed.store.home / "log.db")
        self.db = self.data.connection
        self.records = SQLiteLogRecorder(self.data, "evidence", now)
        self.prefix = prefix(sealed.pinned.origin)
        self.pinned, self.newest, self.older = sealed.pinned, sealed.newest, sealed.older
        self.note = self.newest

    def audit(self) -> LogReport:
        notes = [("published", self.note), ("mine", self.older)]
        return audit(self.records, "evidence", ExternalNotes(self.pinned, notes))


Mutation = Callable[[Copy, random.Random], None]


def _seq(r: random.Random) -> int:
    return r.randint(1, 12)


def _flip(blob: bytes, r: random.Random) -> bytes:
    changed = bytearray(blob)
    changed[r.randrange(len(changed))] ^= 1 << r.randrange(8)
    return bytes(changed)


def _set(copy: Copy, column: str, value: object, seq: int) -> None:
    statement = f"UPDATE OR IGNORE evidence_events SET {column} = ? WHERE seq = ?"
    copy.db.execute(statement, (value, seq))


def _get(copy: Copy, column: str, seq: int) -> Any:
    statement = f"SELECT {column} FROM evidence_events WHERE seq = ?"
    return copy.db.execute(statement, (seq,)).fetchone()[0]


def payload(copy: Copy, r: random.Random) -> None:
    seq = _seq(r)
    _set(copy, "state", _flip(_get(copy, "state", seq), r), seq)


def payload_cut(copy: Copy, r: random.Random) -> None:
    seq = _seq(r)
    state = _get(copy, "state", seq)
    _set(copy, "state", state[: r.randrange(len(state))], seq)


def payload_moved(copy: Copy, r: random.Random) -> None:
    _set(copy, "state", _get(copy, "state", _seq(r)), _seq(r))


def payloads_swapped(copy: Copy, r: random.Random) -> None:
    a, b = _seq(r), _seq(r)
    one, other = _get(copy, "state", a), _get(copy, "state", b)
    _set(copy, "state", other, a)
    _set(copy, "state", one, b)


def topic(copy: Copy, r: random.Random) -> None:
    new = r.choice(["note.noted@1", "note.closed@1", "antigravity:fly", "x", "note.noted@1 "])
    _set(copy, "topic", new, _seq(r))


def recorded(copy: Copy, r: random.Random) -> None:
    seq = _seq(r)
    _set(copy, "recorded", _get(copy, "recorded", seq) + r.choice([-(10**10), -1, 1, 10**9]), seq)


def version(copy: Copy, r: random.Random) -> None:
    _set(copy, "originator_version", r.randint(-2, 20), _seq(r))


def stream(copy: Copy, r: random.Random) -> None:
    _set(copy, "originator_id", r.choice([r.randbytes(16), r.randbytes(15), b""]), _seq(r))


def command(copy: Copy, r: random.Random) -> None:
    other = r.choice([r.randbytes(16), _get(copy, "command_id", _seq(r))])
    _set(copy, "command_id", other, _seq(r))


def leaf(copy: Copy, r: random.Random) -> None:
    seq = _seq(r)
    _set(copy, "leaf", r.choice([_flip(_get(copy, "leaf", seq), r), bytes(32), b""]), seq)


def deleted(copy: Copy, r: random.Random) -> None:
    copy.db.execute("DELETE FROM evidence_events WHERE seq = ?", (_seq(r),))


def deleted_and_renumbered(copy: Copy, r: random.Random) -> None:
    seq = _seq(r)
    copy.db.execute("DELETE FROM evidence_events WHERE seq = ?", (seq,))
    for n in range(seq + 1, 13):
        copy.db.execute("UPDATE evidence_events SET seq = ? WHERE seq = ?", (n - 1, n))
    if r.random() < 0.5:
        copy.db.execute("UPDATE evidence_head SET seq = 11")
    if r.random() < 0.5:
        forge(copy)


def truncated(copy: Copy, r: random.Random) -> None:
    seq = _seq(r)
    copy.db.execute("DELETE FROM evidence_events WHERE seq >= ?", (seq,))
    if r.random() < 0.7:
        copy.db.execute("UPDATE evidence_head SET seq = ?", (seq - 1,))
        copy.db.execute("DELETE FROM evidence_commands WHERE first_seq >= ?", (seq,))


def reordered(copy: Copy, r: random.Random) -> None:
    order = list(range(1, 13))
    a, b = sorted(r.sample(range(13), 2))
    part = order[a:b]
    r.shuffle(part)
    order[a:b] = part
    for seq, new in enumerate(order, start=1):
        copy.db.execute("UPDATE evidence_events SET seq = ? WHERE seq = ?", (1000 + new, seq))
    copy.db.execute("UPDATE evidence_events SET seq = seq - 1000")
    if r.random() < 0.3:
        forge(copy)


def inserted(copy: Copy, r: random.Random) -> None:
    seq, model = r.choice([13, 14, 100, 0, -3, _seq(r)]), _seq(r)
    if 1 <= seq <= 12:
        for n in range(12, seq - 1, -1):
            copy.db.execute("UPDATE evidence_events SET seq = ? WHERE seq = ?", (n + 1, n))
        model = model if model < seq else model + 1
    copy.db.execute(
        "INSERT INTO evidence_events SELECT ?, ?, 1, topic, state, recorded + ?, command_id, leaf "
        "FROM evidence_events WHERE seq = ?",
        (seq, r.randbytes(16), r.randint(-5, 10**7), model),
    )
    if r.random() < 0.5:
        copy.db.execute("UPDATE evidence_head SET seq = (SELECT max(seq) FROM evidence_events)")
    if r.random() < 0.3:
        forge(copy)


def forged(copy: Copy, r: random.Random) -> None:
    r.choice([payload, topic, version, payload_moved, payloads_swapped, recorded])(copy, r)
    forge(copy)


def forge(copy: Copy) -> None:
    """Compute all leaf hashes again, as a forger who has read this code can."""
    columns = "seq, originator_id, originator_version, topic, state, recorded, leaf"
    for raw in copy.db.execute(f"SELECT {columns} FROM evidence_events").fetchall():
        row = SealedRow._make(raw)
        _set(copy, "leaf", leaf_of(copy.prefix, row), row.seq)


def origin(copy: Copy, r: random.Random) -> None:
    new = r.choice(["", "continuum/x/evidence", copy.pinned.origin + " "])
    copy.db.execute("UPDATE evidence_origin SET origin = ?", (new,))
    if r.random() < 0.2:
        copy.db.execute("DELETE FROM evidence_origin")
    copy.note = copy.newest.replace(copy.pinned.origin, new) if r.random() < 0.5 else copy.note


def head(copy: Copy, r: random.Random) -> None:
    column, value = r.choice([("seq", r.randint(-3, 30)), ("recorded", r.randint(0, 2**52))])
    copy.db.execute(f"UPDATE evidence_head SET {column} = ?", (value,))


def commands(copy: Copy, r: random.Random) -> None:
    column = r.choice(["count", "first_seq"])
    copy.db.execute(
        f"UPDATE evidence_commands SET {column} = ? WHERE first_seq = ?",
        (r.randint(0, 14), _seq(r)),
    )
    if r.random() < 0.2:
        copy.db.execute("DELETE FROM evidence_commands WHERE first_seq = ?", (_seq(r),))


def checkpoint(copy: Copy, r: random.Random) -> None:
    at = r.randrange(len(copy.newest))
    copy.note = r.choice(
        [
            copy.newest[:at],
            copy.newest[:at] + r.choice("0aZ/+\n") + copy.newest[at + 1 :],
            copy.newest.replace("\n12\n", f"\n{r.randint(0, 13)}\n"),
            copy.older.partition("\n\n")[0] + "\n\n" + copy.newest.partition("\n\n")[2],
        ]
    )


EVERY: list[Mutation] = [
    payload, payload_cut, payload_moved, payloads_swapped, topic, recorded, version, stream,
    command, leaf, deleted, deleted_and_renumbered, truncated, reordered, inserted, forged, origin,
    head, commands, checkpoint,
]  # fmt: skip


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Copy]:
    sealed = seal(Store(tmp_path, None))
    sealed.log.close()
    one = Copy(sealed)
    yield one
    one.db.close()
    sealed.records.close()


def test_every_mutation_is_found_or_has_changed_nothing(copy: Copy) -> None:
    r = dice()
    untouched = copy.db.execute(RECORDS).fetchall()
    covered = copy.db.execute("SELECT first_seq, count FROM evidence_commands").fetchall()
    found = dict.fromkeys((mutation.__name__ for mutation in EVERY), 0)
    for number in range(MUTATIONS):
        mutate = EVERY[number % len(EVERY)]
        copy.note = copy.newest
        copy.db.execute("BEGIN")
        mutate(copy, r)
        report = copy.audit()
        if report.findings:
            found[mutate.__name__] += 1
            assert "broken" in (report.integrity, report.completeness)
        else:
            assert copy.db.execute(RECORDS).fetchall() == untouched, (number, mutate.__name__)
            assert (
                copy.db.execute("SELECT first_seq, count FROM evidence_commands").fetchall()
                == covered
            ), number
            assert copy.note == copy.newest or _says_the_same(copy), number
        copy.db.execute("ROLLBACK")
    copy.note = copy.newest
    assert copy.audit().findings == []
    assert min(found.values()) > MUTATIONS / len(EVERY) / 4, found


def _says_the_same(copy: Copy) -> bool:
    """Return whether the changed note in this copy still says the same as the newest checkpoint,
    apart from the signatures."""
    return copy.note.partition("\n\n")[0] == copy.newest.partition("\n\n")[0]
