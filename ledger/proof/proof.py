"""Make proof files (JSON) that anyone can check without this program.

`continuum-proof/2` shows that all events of one item are in a signed log. Such a proof has for each
event its position, the hash of its stored state and its path to the checkpoint's root. It also has
the path from the item's last record to the root of heads, which shows that the checkpoint signs no
further events of the item. To include the text, the proof also has each state and the secret that
decrypts only this state (null for an erased one). `continuum-consistency/1` shows that a later
checkpoint continues an earlier one, `continuum-receipt/1` that the records of a receipt are signed;
a C2SP tlog-proof shows one event. `ledger/verify.py` checks them; docs/formats.md describes every
field. The file is long because the kinds of proof share their parts.
"""

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol, TypeVar
from uuid import UUID

from msgspec import Struct

from domain.kernel.envelope import IntegrityFailure, LogName, Unprovable
from ledger.database.batch import RawRow
from ledger.proof.checkpoint import BadCheckpoint, Checkpoint, parse
from ledger.proof.head_map import NoHead, find_head
from ledger.proof.heads import Collected, Head, Step, key_of, path, root_from
from ledger.proof.leaf import SealedRow, leaf_of, leaves_of, prefix
from ledger.proof.leaf_scan import LeafSource, pages
from ledger.proof.merkle import Peaks, Tree
from ledger.proof.receipt import Receipt, is_unchanged
from ledger.proof.tiles import NoTile, Tiles, Writer
from ledger.verify import (
    TLOG,
    Proof,
    Record,
    consistent,
    leaf_data,
    root_from_inclusion,
    root_from_range,
)

PROOF = "continuum-proof/2"
CONSISTENCY = "continuum-consistency/1"
RECEIPT = "continuum-receipt/1"

Opens = Callable[[UUID], Mapping[int, str | None]]
"""A function that returns, for a stream, the secrets of those records whose text is included, by
seq; None for a record that is not encrypted, or was erased."""

T = TypeVar("T")


class Records(LeafSource, Protocol):
    """The database of a log that also returns the records of a stream, each with its seq first."""

    def select_stream(self, stream: UUID) -> Sequence[RawRow]: ...


class Proven(Struct, frozen=True):
    """A log about which proofs are made: its records, and the paths of its tiles and of its map of
    heads."""

    store: Records
    log: LogName
    tiles: Path
    heads: Path


def prove(of: Proven, stream: UUID, note: str, *, opens: Opens | None = None) -> Proof:
    """Return the proof of one item's events under a signed note, with their text if `opens` is
    given.

    Events after the checkpoint are counted as `unsigned`. Raises Unprovable if all events are
    unsigned, IntegrityFailure if the log does not give the checkpoint's root, BadCheckpoint.
    """
    checkpoint = parse(note)
    start = prefix(checkpoint.origin)
    seqs = [seq for seq, *_ in of.store.select_stream(stream)]
    signed = [
        row
        for seq in seqs
        if seq <= checkpoint.size
        for row in of.store.select_sealed(seq, 1)
        if row.sound
    ]

    def paths(tree: Tree) -> list[list[bytes]] | None:
        inclusion_paths = [tree.inclusion(row.seq - 1, checkpoint.size) for row in signed]
        roots = (
            root_from_inclusion(row.seq - 1, checkpoint.size, leaf_of(start, row), path)
            for row, path in zip(signed, inclusion_paths, strict=True)
        )
        whole = all(root == checkpoint.root for root in roots)
        return (
            inclusion_paths
            if whole and (inclusion_paths or tree.root(checkpoint.size) == checkpoint.root)
            else None
        )

    proven = from_tiles(of, checkpoint, paths)
    if not signed:
        raise Unprovable(
            f"the checkpoint signs {checkpoint.size} records, and none of this item's is "
            "among them: wait for the next checkpoint"
        )
    if checkpoint.heads is None:
        raise Unprovable(
            "this checkpoint has an older form, which does not prove that no later event exists: "
            "run the signer"
        )
    head, steps = _head(of, checkpoint, stream)
    secrets = opens(stream) if opens else None
    return {
        "format": PROOF,
        "log": of.log,
        "checkpoint": note,
        "stream": str(stream),
        "unsigned": sum(seq > checkpoint.size for seq in seqs),
        "head": {
            "version": head.version,
            "seq": head.seq,
            "path": [(bit, beside.hex()) for bit, beside in steps],
        },
        "records": [
            _make_record(row, start, path, secrets)
            for row, path in zip(signed, proven, strict=True)
        ],
    }


def tlog(proof: Proof, version: int) -> str:
    """Return a C2SP tlog-proof of one event of the item in `proof`: the event with the number
    `version` in the item's stream. The line `extra` of the tlog-proof has the data from which the
    event's leaf (hash) is computed. Raises Unprovable if `proof` has no such event.
    """
    if not 0 < version <= len(proof["records"]):
        raise Unprovable(f"the checkpoint signs no version {version} of this item")
    record, note = proof["records"][version - 1], proof["checkpoint"]
    data = leaf_data(parse(note).origin, record)
    lines = [
        TLOG,
        f"extra {b64encode(data).decode()}",
        f"index {record['seq'] - 1}",
        *(b64encode(bytes.fromhex(node)).decode() for node in record["path"]),
    ]
    return "\n".join(lines) + f"\n\n{note}"


def _head(of: Proven, checkpoint: Checkpoint, stream: UUID) -> tuple[Head, list[Step]]:
    """Return the head (last record) of a stream and its path to the signed root: from the signer's
    map of heads or, if the map does not lead to the root, from all records. Raises IntegrityFailure
    if the path from the records does not lead to the signed root either.
    """
    key = key_of(checkpoint.origin.encode(), stream.bytes)
    with suppress(NoHead):
        head, steps = find_head(of.heads, key)
        if root_from(key, head, steps) == checkpoint.heads:
            return head, steps
    collected = Collected()
    for page in pages(of.store, 1, checkpoint.size):
        if not all(row.sound for row in page):
            break
        collected.take(page)
    with suppress(KeyError, ValueError):
        head = dict(collected.heads(checkpoint.size))[stream.bytes]
        steps = path(collected.entries(checkpoint.origin, checkpoint.size), key)
        if root_from(key, head, steps) == checkpoint.heads:
            return head, steps
    raise IntegrityFailure(
        "the heads of the log differ from those that this checkpoint signs: run continuum verify"
    )


def _make_record(
    row: SealedRow, start: bytes, path: list[bytes], secrets: Mapping[int, str | None] | None
) -> Record:
    record: Record = {
        "seq": row.seq,
        "stream": str(UUID(bytes=row.stream)),
        "version": row.version,
        "topic": row.topic,
        "recorded": row.recorded,
        "state_sha256": sha256(row.state).hexdigest(),
        "leaf": leaf_of(start, row).hex(),
        "path": [node.hex() for node in path],
    }
    if secrets is not None and row.seq in secrets:
        record |= {"state": b64encode(row.state).decode(), "opens": secrets[row.seq]}
    return record


def prove_consistency(of: Proven, first: str, second: str) -> Proof:
    """Return the proof that the checkpoint `second` continues the checkpoint `first`. Raises
    Unprovable if the checkpoint `first` is not the older one or signs no record, IntegrityFailure
    if the log does not give both roots, BadCheckpoint.
    """
    older, newer = parse(first), parse(second)
    if not 0 < older.size <= newer.size:
        raise Unprovable("give an older checkpoint, which signs at least one record")
    path = growth(of, older.size, newer)
    if not consistent(older.size, older.root, newer.size, newer.root, path):
        raise IntegrityFailure(
            "the root of the log differs from the one that this checkpoint signs: run "
            "continuum verify"
        )
    return {
        "format": CONSISTENCY,
        "log": of.log,
        "first": first,
        "second": second,
        "path": [node.hex() for node in path],
    }


def growth(of: Proven, size: int, newer: Checkpoint) -> list[bytes]:
    """Return the path (hashes) that shows that the checkpoint `newer` continues the first `size`
    records of a log. `size` is at least one, and not larger than the number of records that the
    checkpoint signs. Raises IntegrityFailure if the log does not give the checkpoint's root.
    """
    return _growth(of, size, newer)[1]


def _growth(of: Proven, size: int, newer: Checkpoint) -> tuple[bytes, list[bytes]]:
    """Return the root over the log's first `size` records, and the path that proves that the
    checkpoint `newer` continues these records."""

    def path(tree: Tree) -> tuple[bytes, list[bytes]] | None:
        root, consistency_path = tree.root(size), tree.consistency(size, newer.size)
        return (
            (root, consistency_path)
            if consistent(size, root, newer.size, newer.root, consistency_path)
            else None
        )

    return from_tiles(of, newer, path)


def first_records(of: Proven, origin: str, size: int, note: str) -> Receipt:
    """Return the receipt for the first `size` records of a log (at least one), with the log's root
    at this size.

    If `note` has a checkpoint of this log, only records after the checkpoint are read one by one.
    Raises IntegrityFailure if a record is missing, or if the log does not give the checkpoint's
    root.
    """
    start, signed = prefix(origin), _signed(note, origin)
    last = [row for row in of.store.select_sealed(size, 1) if row.seq == size and row.sound]
    if last and signed and size <= signed.size:
        root, _ = _growth(of, size, signed)
        return Receipt(of.log, size, leaf_of(start, last[0]), 1, root)
    tree = from_tiles(of, signed, partial(_peaks, signed)) if signed else Peaks()
    for page in pages(of.store, tree.size + 1, size):
        leaves = leaves_of(start, tree.size + 1, page)
        if leaves is None:
            break
        tree.extend(leaves)
    if not last or tree.size != size:
        raise IntegrityFailure(
            f"the first {size} records of the {of.log} log are not there: run continuum verify"
        )
    return Receipt(of.log, size, leaf_of(start, last[0]), 1, tree.root())


def _signed(note: str, origin: str) -> Checkpoint | None:
    """Return the checkpoint in a note; None for a checkpoint of another log, and for other text."""
    with suppress(BadCheckpoint):
        checkpoint = parse(note)
        return checkpoint if checkpoint.origin == origin else None
    return None


def _peaks(signed: Checkpoint, tree: Tree) -> Peaks | None:
    peaks = tree.peaks(signed.size)
    return peaks if peaks.root() == signed.root else None


def prove_receipt(of: Proven, receipt: Receipt, note: str) -> Proof:
    """Return a receipt with the proof that a signed checkpoint covers its records. Raises
    Unprovable if the checkpoint does not cover them, IntegrityFailure if the log's records differ
    from the receipt or from the checkpoint, BadCheckpoint.
    """
    checkpoint = parse(note)
    if receipt.seq > checkpoint.size:
        raise Unprovable(
            f"the checkpoint signs {checkpoint.size} records, and the receipt is for "
            f"record {receipt.seq}: wait for the next checkpoint"
        )
    if not is_unchanged(of.store, checkpoint.origin, receipt):
        raise IntegrityFailure(
            "the records of the log differ from those of the receipt: run continuum verify"
        )
    first, last = receipt.first - 1, receipt.seq - 1
    leaves = [
        leaf_of(prefix(checkpoint.origin), row)
        for page in pages(of.store, receipt.first, receipt.seq)
        for row in page
    ]

    def beside(tree: Tree) -> list[bytes] | None:
        node_hashes = tree.around(first, last, checkpoint.size)
        root = root_from_range(first, checkpoint.size, leaves, node_hashes)
        return node_hashes if root == checkpoint.root else None

    return {
        "format": RECEIPT,
        "log": of.log,
        "checkpoint": note,
        "receipt": receipt.as_json(),
        "leaves": [leaf.hex() for leaf in leaves],
        "beside": [node.hex() for node in from_tiles(of, checkpoint, beside)],
    }


def from_tiles(of: Proven, checkpoint: Checkpoint, make: Callable[[Tree], T | None]) -> T:
    """Return what `make` computes from the log's Merkle tree, which is read from the published
    tiles. If the tiles are wrong or incomplete, the tree is computed again from all records.

    `make` returns None if its result does not lead to the signed root. Raises IntegrityFailure if
    this happens for the newly computed tree, too.
    """
    start = prefix(checkpoint.origin)

    def leaves(index: int, count: int) -> list[bytes]:
        page = of.store.select_sealed(index + 1, min(count, checkpoint.size - index))
        return (leaves_of(start, index + 1, page) if page else []) or []

    def tried(tiles: Path) -> T | None:
        try:
            return make(Tree(Tiles(tiles, leaves).node))
        except (NoTile, OSError):
            return None

    made = tried(of.tiles)
    if made is None:
        with TemporaryDirectory() as place:
            tiles = Path(place)
            _write(of.store, start, checkpoint.size, tiles)
            made = tried(tiles)
    if made is None:
        raise IntegrityFailure(
            "the root of the log differs from the one that this checkpoint signs: run "
            "continuum verify"
        )
    return made


def _write(store: LeafSource, start: bytes, size: int, tiles: Path) -> None:
    """Write tile files (hashes of the log's Merkle tree) over the first `size` records, up to the
    first record that is not valid.
    """
    writer = Writer(tiles)
    tree = Peaks(report=writer)
    for page in pages(store, 1, size):
        leaves = leaves_of(start, tree.size + 1, page)
        if leaves is None:
            break
        tree.extend(leaves)
    writer.flush("")
