"""The map of heads (the last record of each stream), which is stored as the log grows, so that the
path of one head can be read without all heads.

The first two bytes of a key choose one of 65,536 buckets, the first byte one of 256 groups: a new
record changes one bucket, one group and the root. The signer has the map in memory, because it
trusts no file, and writes it to an SQLite file beside the tiles. A proof reads one bucket of the
file. If the path from this bucket does not lead to the signed root, the file is wrong or out of
date, and the proof is made from the records (proof.py).
"""

import sqlite3
import struct
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from domain.kernel.envelope import LogName
from ledger.proof.heads import Head, Step, key_of, leaf, path, root

_ENTRY = struct.Struct(">32sqq")
_PATIENCE = 5
"""Seconds to wait for the signer, while it writes."""

_TABLES = """
CREATE TABLE IF NOT EXISTS buckets (prefix INTEGER PRIMARY KEY, heads BLOB, root BLOB) STRICT;
CREATE TABLE IF NOT EXISTS groups (prefix INTEGER PRIMARY KEY, root BLOB) STRICT;
"""

Buckets = dict[int, dict[bytes, Head]]


class NoHead(Exception):
    """Raised if the requested head is not in the file of the map."""


def heads_of(public: Path, log: LogName) -> Path:
    """Return the path of a log's map of heads, beside its published checkpoint."""
    return public / f"{log}.heads"


@dataclass
class HeadMap:
    """The map of heads (the last record of each stream) of one log, as the signer computed it."""

    origin: str
    _buckets: dict[int, bytes] = field(default_factory=dict)
    """For each value of the first two bytes of a key: the entries with such keys, in the order of
    their keys."""
    _roots: dict[int, bytes] = field(default_factory=dict)
    _groups: dict[int, bytes] = field(default_factory=dict)
    _untold: set[int] = field(default_factory=set)
    """Buckets that changed since the map was last written."""

    def update(self, heads: Iterable[tuple[bytes, Head]]) -> None:
        """Update the map with the last records of these streams."""
        name = self.origin.encode()
        changed: Buckets = defaultdict(dict)
        for stream, head in heads:
            key = key_of(name, stream)
            changed[int.from_bytes(key[:2])][key] = head
        for prefix, changed_heads in changed.items():
            held_heads = dict(_unpacked(self._buckets.get(prefix, b""))) | changed_heads
            ordered = sorted(held_heads.items())
            self._buckets[prefix] = b"".join(_ENTRY.pack(k, h.version, h.seq) for k, h in ordered)
            self._roots[prefix] = root([(key, leaf(key, head)) for key, head in ordered])
        for group in {prefix >> 8 for prefix in changed}:
            inside = (p for p in range(group << 8, (group + 1) << 8) if p in self._roots)
            self._groups[group] = root([(p.to_bytes(2), self._roots[p]) for p in inside])
        self._untold |= set(changed)

    def root(self) -> bytes:
        """Return the root over all heads of the log."""
        return root([(group.to_bytes(1), self._groups[group]) for group in sorted(self._groups)])

    def write(self, file: Path, *, whole: bool) -> None:
        """Write the changed buckets of the map to its file, or all buckets with `whole`, in one
        transaction. A damaged file is made again. Raises OSError.
        """
        if not (whole or self._untold):
            return
        file.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        try:
            self._write(file, whole=whole)
        except sqlite3.DatabaseError:
            file.unlink(missing_ok=True)
            try:
                self._write(file, whole=True)
            except sqlite3.Error as error:
                raise OSError(f"{file} cannot be written: {error}") from None
        self._untold.clear()

    def _write(self, file: Path, *, whole: bool) -> None:
        prefixes: Collection[int] = self._buckets.keys() if whole else self._untold
        buckets = ((p, self._buckets[p], self._roots[p]) for p in prefixes)
        groups = ((g, self._groups[g]) for g in {p >> 8 for p in prefixes})
        with closing(sqlite3.connect(file, timeout=_PATIENCE)) as db:
            # writing need not wait for the disk: after a crash the map is made again from the
            # records
            db.execute("PRAGMA synchronous=OFF")
            db.executescript(_TABLES)
            with db:
                if whole:
                    db.execute("DELETE FROM buckets")
                    db.execute("DELETE FROM groups")
                db.executemany("INSERT OR REPLACE INTO buckets VALUES (?,?,?)", buckets)
                db.executemany("INSERT OR REPLACE INTO groups VALUES (?,?)", groups)


def find_head(file: Path, key: bytes) -> tuple[Head, list[Step]]:
    """Return the head of a stream from the map's file, and its path to the root. Raises NoHead if
    the file does not have it, or is damaged."""
    prefix = int.from_bytes(key[:2])
    group = prefix >> 8
    try:
        if not file.is_file():
            raise NoHead(f"the file {file} is missing")
        with closing(_reading(file)) as db:
            # the rows are read in one transaction, because only rows of one moment lead to the
            # signed root
            row = db.execute("SELECT heads FROM buckets WHERE prefix = ?", (prefix,)).fetchone()
            inside = db.execute(
                "SELECT prefix, root FROM buckets WHERE prefix BETWEEN ? AND ? ORDER BY prefix",
                (group << 8, (group << 8) + 255),
            ).fetchall()
            around = db.execute("SELECT prefix, root FROM groups ORDER BY prefix").fetchall()
        heads = dict(_unpacked(row[0]))
        entries = [(other, leaf(other, head)) for other, head in heads.items()]
        steps = path(entries, key)
        steps += path([(p.to_bytes(2), r) for p, r in inside], key[:2])
        steps += path([(g.to_bytes(1), r) for g, r in around], key[:1])
        return heads[key], steps
    except (sqlite3.Error, KeyError, TypeError, ValueError, OverflowError, struct.error) as error:
        raise NoHead(
            f"{file} does not contain the head of this item ({type(error).__name__})"
        ) from None


def _reading(file: Path) -> sqlite3.Connection:
    address = f"{file.resolve().as_uri()}?mode=ro"
    return sqlite3.connect(address, timeout=_PATIENCE, uri=True)


def _unpacked(packed: bytes) -> Iterator[tuple[bytes, Head]]:
    for key, version, seq in _ENTRY.iter_unpack(packed):
        yield key, Head(version, seq)
