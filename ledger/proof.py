"""What can somebody carry away and check without us? Proof files, as JSON.

`continuum-proof/1` shows that all events of one item stand in a signed log: of each its place, the
hash of its stored state (and the state itself, if the words are to go along) and its path to the
checkpoint's root. `continuum-consistency/1` shows that a later checkpoint continues an earlier one.
`ledger/verify.py` checks both.
"""

from base64 import b64encode
from hashlib import sha256
from typing import Any
from uuid import UUID

from domain.envelope import IntegrityFailure, LogName, Unprovable
from ledger.checkpoint import Checkpoint, parse
from ledger.examine import rows
from ledger.leaf import leaf_of, prefix
from ledger.merkle import Tree
from ledger.recorder import LogRecorder

PROOF = "continuum-proof/1"
CONSISTENCY = "continuum-consistency/1"


def prove(
    store: LogRecorder, log: LogName, stream: UUID, note: str, *, with_words: bool = False
) -> dict[str, Any]:
    """The proof of one item's events under a signed note.

    Events that came after the checkpoint are counted as `unsigned`. Raises Unprovable if all
    did, IntegrityFailure if the log does not give the checkpoint's root, BadCheckpoint.
    """
    checkpoint = parse(note)
    tree = _tree(store, checkpoint)
    start, path = prefix(checkpoint.origin), tree.inclusion
    proofs, unsigned = [], 0
    for seq, *_ in store.select_stream(stream):
        if seq > checkpoint.size:
            unsigned += 1
            continue
        (row,) = store.select_sealed(seq, 1)
        state = {"state": b64encode(row.state).decode()} if with_words else {}
        proofs.append(
            {
                "seq": row.seq,
                "stream": str(UUID(bytes=row.stream)),
                "version": row.version,
                "topic": row.topic,
                "recorded": row.recorded,
                "state_sha256": sha256(row.state).hexdigest(),
                **state,
                "leaf": leaf_of(start, row).hex(),
                "path": [node.hex() for node in path(seq - 1, checkpoint.size)],
            }
        )
    if not proofs:
        raise Unprovable(
            f"the checkpoint signs {checkpoint.size} records, and none of this item's is among "
            "them: wait for the next"
        )
    return {
        "format": PROOF,
        "log": log,
        "checkpoint": note,
        "stream": str(stream),
        "unsigned": unsigned,
        "records": proofs,
    }


def prove_consistency(store: LogRecorder, log: LogName, first: str, second: str) -> dict[str, Any]:
    """The proof that the note `second` continues the note `first`. Raises as `prove`."""
    older, newer = parse(first), parse(second)
    if not 0 < older.size <= newer.size:
        raise Unprovable("give the older checkpoint, of at least one record")
    path = _tree(store, newer).consistency(older.size, newer.size)
    return {
        "format": CONSISTENCY,
        "log": log,
        "first": first,
        "second": second,
        "path": [node.hex() for node in path],
    }


def _tree(store: LogRecorder, checkpoint: Checkpoint) -> Tree:
    start = prefix(checkpoint.origin)
    tree = Tree()
    for row in rows(store, 1):
        if row.seq > checkpoint.size:
            break
        if row.seq != tree.size + 1 or not row.sound:
            break
        tree.add(leaf_of(start, row))
    if tree.size < checkpoint.size or tree.root(checkpoint.size) != checkpoint.root:
        raise IntegrityFailure(
            "the log does not give the root that this checkpoint signs: run continuum verify"
        )
    return tree
