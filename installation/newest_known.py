"""Find out how many records of the evidence log were signed, from sources other than the store.

A saved checkpoint shows how many records the log had at that time. The signer's own directory shows
its last signature. A checkpoint that a witness signed recently is the newest that the witness has
seen, because a witness never signs an older checkpoint than before.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from domain.kernel.envelope import IntegrityFailure, LogName, Unprovable
from domain.kernel.values import Refused
from ledger.database.durable_files import read_file
from ledger.proof.auditor_policy import BadPolicy, Pinned, read
from ledger.proof.checkpoint import BadCheckpoint, WrongKey, cosigned_at, parse
from ledger.witness.signer import signer_path

EVIDENCE: LogName = "evidence"
#: The largest age of a witness's signature, and how far the witness's clock may be ahead.
LATELY, AHEAD = timedelta(days=1), timedelta(minutes=5)


def read_newest(
    policy: Path | None, copies: Sequence[Path], signer: Path | None, now: datetime
) -> int | None:
    """Return how many records of the evidence log were signed: the largest number in the signer's
    own directory and in the checkpoints in the files `copies`, of which only those count that a
    witness signed recently. Return None if there is no number. Raises Refused, Unprovable,
    IntegrityFailure.
    """
    if policy is None:
        if signer:
            raise Refused(
                "the signer's directory is trusted only with its key: give your own --policy"
            )
        return None
    try:
        pinned = read(read_file(policy))[EVIDENCE]
        sizes = [_signed_last(signer, pinned)] if signer else []
        for path in copies:
            note = read_file(path)
            if parse(note).origin == pinned.origin and _was_witnessed_recently(note, pinned, now):
                sizes.append(pinned.opened(note).size)
    except (BadPolicy, BadCheckpoint, KeyError) as error:
        raise Unprovable(f"the signed checkpoint cannot be read: {error}") from None
    except WrongKey as error:
        raise IntegrityFailure(f"the signed checkpoint is not valid: {error}") from None
    return max(sizes, default=None)


def _signed_last(signer: Path, pinned: Pinned) -> int:
    path = signer_path(signer, EVIDENCE)
    if not path.exists():
        raise Unprovable(
            f"{signer} is not the directory of a signer, or the signer has signed nothing yet"
        )
    return pinned.opened(read_file(path)).size


def _was_witnessed_recently(note: str, pinned: Pinned, now: datetime) -> bool:
    first, last = (now - LATELY).timestamp(), (now + AHEAD).timestamp()
    return any(first <= at <= last for at in cosigned_at(note, pinned.witnesses).values())
