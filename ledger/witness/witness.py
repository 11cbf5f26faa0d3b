"""A witness, run by another organisation, signs that a log is the same for everyone.

A witness needs no store. It signs a checkpoint if a trusted key signed the checkpoint and if the
checkpoint continues the last one that the witness saw of the same log. It stores the checkpoint
before it signs (C2SP tlog-witness). One transaction reads the last checkpoint, decides and stores
the new one, so that the larger checkpoint remains if two requests come at once. If a log's policy
requires a quorum of witnesses, a thief of the log's key cannot rewrite the log.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct

from domain.kernel.envelope import IntegrityFailure, Unprovable
from ledger import verify
from ledger.database.durable_files import closed_file, read_file, replace_file
from ledger.keys.keys import KeyFault, read_key, write_key
from ledger.proof import auditor_policy
from ledger.proof.checkpoint import (
    WITNESS,
    BadCheckpoint,
    Checkpoint,
    VerifierKey,
    WrongKey,
    cosignature,
    parse,
)

_KEY = "witness.key"
_NAME = "witness.name"
_SEEN = "seen.db"


class WitnessRefusal(Exception):
    """Raised for a checkpoint that a witness does not sign; the message says why. `size` is the
    number of records in the last checkpoint that the witness saw.
    """

    def __init__(self, words: str, size: int = 0) -> None:
        super().__init__(words)
        self.size = size


class UnknownLog(WitnessRefusal):
    """Raised for a checkpoint of a log that is not in the witness's policies."""


class UnknownKey(WitnessRefusal):
    """Raised if no valid key of the log signed the checkpoint."""


class CheckpointConflict(WitnessRefusal):
    """Raised if a checkpoint cannot follow the one that the witness saw last."""


class Unconnected(WitnessRefusal):
    """Raised if no proof shows that a checkpoint continues the one that the witness saw last."""


class Witness(Struct, frozen=True):
    """A witness with its own `directory`: its key, its name, and the last checkpoint that it saw of
    each log."""

    directory: Path
    passphrase: bytes | None = None
    """The passphrase of the key, if there is one."""

    def init(self, name: str) -> str:
        """Make a key for the witness; return the verifier key for policies. Raises Unprovable,
        OSError.
        """
        if not name or set(name) & set("+ \n\t"):
            raise Unprovable(
                f"{name!r} is not a name for a witness: write it without spaces and plus signs"
            )
        try:
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_key(self.directory / _KEY, self.passphrase)
        except FileExistsError:
            raise Unprovable(f"there is a witness in {self.directory} already") from None
        replace_file(self.directory / _NAME, name)
        return str(VerifierKey(name, self._key().public_key().public_bytes_raw(), WITNESS))

    def sign_files(
        self, checkpoint: Path, policy_file: Path, proof: Path | None, second: int
    ) -> str:
        """Return the note in the file `checkpoint` with this witness's signature. Raises Unprovable
        also for unreadable files.
        """
        texts = read_file(checkpoint), read_file(policy_file)
        return self.sign(*texts, read_file(proof) if proof else None, second)

    def sign(self, note: str, policy_text: str, proof: str | None, second: int) -> str:
        """Return a checkpoint's note with this witness's signature.

        `proof` is the proof that the checkpoint continues the last one that the witness saw, or
        None. Raises Unprovable if the note cannot be checked or a proof is needed and missing,
        IntegrityFailure if the checkpoint does not continue the last one.
        """
        try:
            logs = auditor_policy.read(policy_text).values()
            return note + self.line(note, logs, second, path=_path(proof) if proof else None)
        except (BadCheckpoint, auditor_policy.BadPolicy) as error:
            raise Unprovable(f"there is no checkpoint to sign: {error}") from None
        except Unconnected as error:
            if proof is None:
                raise Unprovable(
                    f"this witness saw {error.size} records before: give the proof that "
                    "this log continues them (continuum proof --since)"
                ) from None
            raise IntegrityFailure(f"Not signed: {error}") from None
        except WitnessRefusal as error:
            raise IntegrityFailure(f"Not signed: {error}") from None

    def line(
        self,
        note: str,
        logs: Iterable[auditor_policy.Pinned],
        second: int,
        *,
        path: Sequence[bytes] | None = None,
        old: int | None = None,
    ) -> str:
        """Return this witness's signature line for a checkpoint of one of the logs in `logs`.

        `path` is the proof that the checkpoint continues the last one that the witness saw; `old`
        is the number of records in that last checkpoint, if the requester knows it. Raises
        BadCheckpoint or a subclass of WitnessRefusal if the checkpoint is not signed, and
        Unprovable if the witness's own files cannot be read or written.
        """
        checkpoint = parse(note)
        ours = [log for log in logs if log.origin == checkpoint.origin]
        if not ours:
            raise UnknownLog(
                f"no pinned key signed this text: {checkpoint.origin} is not known here."
            )
        try:
            for our in ours:
                our.opened(note)
        except WrongKey as error:
            raise UnknownKey(f"{error}.") from None
        key, name = self._key(), self.name()
        with self._remembering(checkpoint.origin) as (seen, remember):
            _continues(parse(seen) if seen else None, checkpoint, path, old)
            remember(note)
        return cosignature(note, name, key, second)

    def name(self) -> str:
        """Return the name under which the witness signs. Raises Unprovable if there is no
        witness."""
        self._key()
        return read_file(self.directory / _NAME)

    @contextmanager
    def _remembering(self, origin: str) -> Iterator[tuple[str | None, Callable[[str], object]]]:
        """Yield the note of the last checkpoint of a log that the witness saw, and a function that
        stores a new note. Only one caller in all processes can be in this context at a time. Raises
        Unprovable if the witness's files cannot be read or written.
        """
        try:
            closed_file(self.directory / _SEEN)
            with closing(sqlite3.connect(self.directory / _SEEN, isolation_level=None)) as db:
                db.execute("PRAGMA synchronous=EXTRA")
                db.execute("BEGIN EXCLUSIVE")
                db.execute("CREATE TABLE IF NOT EXISTS seen (origin TEXT PRIMARY KEY, note TEXT)")
                row = db.execute("SELECT note FROM seen WHERE origin = ?", (origin,)).fetchone()
                yield (
                    row[0] if row else self._seen_before(origin),
                    lambda note: db.execute(
                        "INSERT OR REPLACE INTO seen VALUES (?, ?)", (origin, note)
                    ),
                )
                db.execute("COMMIT")
        except sqlite3.Error as error:
            where = self.directory / _SEEN
            raise Unprovable(
                f"the checkpoint that was seen cannot be stored in {where}: {error}"
            ) from None

    def _seen_before(self, origin: str) -> str | None:
        """Return the note that a release before 0.2 stored in a file of its own, or None."""
        file = self.directory / f"{origin.replace('/', '.')}.seen"
        return file.read_text("utf-8") if file.exists() else None

    def _key(self) -> Ed25519PrivateKey:
        try:
            return Ed25519PrivateKey.from_private_bytes(
                read_key(self.directory / _KEY, self.passphrase)
            )
        except KeyFault as error:
            raise Unprovable(f"{error}: make a witness with continuum witness init") from None


def _path(proof: str) -> list[bytes]:
    try:
        proof_fields: Any = json.loads(proof)
        return [bytes.fromhex(node) for node in proof_fields["path"]]
    except (ValueError, RecursionError, KeyError, TypeError) as error:
        raise Unprovable(f"the proof cannot be read: {error!r}") from None


def _continues(
    last: Checkpoint | None, now: Checkpoint, path: Sequence[bytes] | None, old: int | None
) -> None:
    """Raise CheckpointConflict or Unconnected if the checkpoint `now` does not continue `last`, the
    last checkpoint of the log that the witness saw.
    """
    seen = last.size if last else 0
    if now.size < seen or old not in (None, seen):
        raise CheckpointConflict(
            f"this witness saw {seen} records before, and this checkpoint has only {now.size}: "
            "the log became shorter.",
            seen,
        )
    if last and now.size == seen and not now.agrees(last):
        raise CheckpointConflict(
            f"this witness saw another log of {seen} records: the log is forked.", seen
        )
    if last is None or not seen or now.size == seen:
        holds = not (path and old is not None)  # for equal sizes there is nothing to prove
    else:
        holds = path is not None and verify.consistent(
            seen, last.root, now.size, now.root, list(path)
        )
    if not holds:
        raise Unconnected(
            f"the log of {now.size} records does not begin with the {seen} records that "
            "this witness saw. The log is forked, or the proof is of other checkpoints.",
            seen,
        )
