"""Compare two checkpoints of one log: two signed roots for the same size prove that the signer
lied."""

import json
from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct

from domain.kernel.envelope import LogName, Unprovable
from ledger import verify
from ledger.proof.auditor_policy import Pinned
from ledger.proof.checkpoint import BadCheckpoint, Checkpoint, WrongKey, parse

Verdict = Literal["consistent", "lie", "undecided"]


class CheckpointComparison(Struct, frozen=True):
    """The comparison of two checkpoints of one log, the checkpoint with fewer records first: the
    verdict, and in words the reason for it, or what is missing for a verdict.
    """

    log: LogName
    first: Checkpoint
    second: Checkpoint
    verdict: Verdict
    words: str


def compare(
    first_text: str, second_text: str, pinned: Mapping[LogName, Pinned], proof: str | None = None
) -> CheckpointComparison:
    """Compare two signed checkpoints of a log. If they sign different numbers of records, the
    comparison needs `proof`, a proof of consistency.

    Raises Unprovable if no trusted key signed one of the notes, or if the notes belong to two logs,
    which cannot be compared.
    """
    opened_notes = sorted(
        (_opened(note, pinned) for note in (first_text, second_text)), key=lambda each: each[1].size
    )
    (log, first), (other_log, second) = opened_notes
    if log != other_log:
        raise Unprovable(
            f"one checkpoint is of the {log} log, the other of {other_log}: compare two of "
            "the same log"
        )
    if first.size == second.size:
        if first.agrees(second):
            return CheckpointComparison(log, first, second, "consistent", "they say the same")
        difference = "roots" if first.root != second.root else "heads"
        return CheckpointComparison(
            log, first, second, "lie",
            f"two signed {difference} of one log at one size cannot both be true: who holds its "
            "key lied to one of the two who kept them. Keep both; each is the proof",
        )  # fmt: skip
    if not first.size or (proof and _continues(first, second, proof)):
        words = f"the log of {second.size} records begins with that of {first.size}"
        return CheckpointComparison(log, first, second, "consistent", words)
    reason = "the proof given is not of these two" if proof else "they are of two sizes"
    return CheckpointComparison(
        log, first, second, "undecided",
        f"{reason}: a proof that the log of {second.size} records begins with that of {first.size} "
        "decides it (continuum proof --since OLDER, where the log is), or another checkpoint of "
        "one of the two sizes",
    )  # fmt: skip


def _opened(note: str, pinned: Mapping[LogName, Pinned]) -> tuple[LogName, Checkpoint]:
    try:
        origin = parse(note).origin
        for log, log_policy in pinned.items():
            if log_policy.origin == origin:
                return log, log_policy.opened(note)
    except (BadCheckpoint, WrongKey) as error:
        raise Unprovable(f"there is no checkpoint to compare: {error}") from None
    raise Unprovable(f"the policy names no log called {origin}")


def _continues(first: Checkpoint, second: Checkpoint, proof: str) -> bool:
    """Return whether a proof of consistency leads from the first checkpoint's root to the other's.
    Raises Unprovable.
    """
    try:
        proof_fields: Any = json.loads(proof)
        path = [bytes.fromhex(node) for node in proof_fields["path"]]
    except (ValueError, RecursionError, KeyError, TypeError) as error:
        raise Unprovable(f"the proof cannot be read: {error!r}") from None
    return verify.consistent(first.size, first.root, second.size, second.root, path)
