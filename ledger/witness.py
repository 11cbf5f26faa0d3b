"""Who says that a log shows everybody the same? A witness, a command that others than we run.

It needs no store. It signs a checkpoint that a pinned key signed, if that continues the last one
it saw of that log, and remembers what it saw before it signs (C2SP tlog-witness). A log whose
policy asks for a quorum of witnesses cannot be rewritten with its own stolen key.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.envelope import IntegrityFailure, Unprovable
from ledger import policy, verify
from ledger.checkpoint import (
    WITNESS,
    BadCheckpoint,
    Checkpoint,
    VerifierKey,
    WrongKey,
    cosign,
    opened,
    parse,
)
from ledger.files import read_file, replace_file
from ledger.keys import KeyFault, read_key, write_key

_KEY = "witness.key"
_NAME = "witness.name"


@dataclass(frozen=True)
class Witness:
    """`directory` is its own: its key, its name, and the last checkpoint of each log it saw."""

    directory: Path

    def init(self, name: str) -> str:
        """Makes a key; gives the verifier key for policies. Raises Unprovable, OSError."""
        if not name or set(name) & set("+ \n\t"):
            raise Unprovable(f"{name!r} is no name for a witness: write it without space and plus")
        try:
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_key(self.directory / _KEY)
        except FileExistsError:
            raise Unprovable(f"there is a witness in {self.directory} already") from None
        replace_file(self.directory / _NAME, name)
        return str(VerifierKey(name, self._key().public_key().public_bytes_raw(), WITNESS))

    def sign_files(
        self, checkpoint: Path, policy_file: Path, proof: Path | None, second: int
    ) -> str:
        """As `sign`, of files. Raises Unprovable also for those that cannot be read."""
        texts = read_file(checkpoint), read_file(policy_file)
        return self.sign(*texts, read_file(proof) if proof else None, second)

    def sign(self, note: str, policy_text: str, proof: str | None, second: int) -> str:
        """The note with this witness's line.

        `proof` is the proof of consistency with the checkpoint seen last, if one was seen. Raises
        Unprovable for what cannot be judged, IntegrityFailure for a log that does not continue.
        """
        try:
            found = parse(note)
            known = policy.read(policy_text).values()
            keys = [key for one in known if one.origin == found.origin for key in one.keys]
            opened(note, keys)
        except (BadCheckpoint, policy.BadPolicy) as error:
            raise Unprovable(f"nothing to sign: {error}") from None
        except WrongKey as error:
            raise IntegrityFailure(f"Not signed: {error}.") from None
        seen = self.directory / f"{found.origin.replace('/', '.')}.seen"
        if seen.exists():
            _continues(parse(seen.read_text("utf-8")), found, proof)
        key, name = self._key(), (self.directory / _NAME).read_text("utf-8")
        replace_file(seen, found.text() + "\n" + note.partition("\n\n")[2])
        return cosign(note, name, key, second)

    def _key(self) -> Ed25519PrivateKey:
        try:
            return Ed25519PrivateKey.from_private_bytes(read_key(self.directory / _KEY))
        except KeyFault as error:
            raise Unprovable(f"{error} (continuum witness init makes one)") from None


def _continues(last: Checkpoint, now: Checkpoint, proof: str | None) -> None:
    if now.size < last.size:
        raise IntegrityFailure(
            f"Not signed: {last.size} records were seen, this checkpoint has {now.size}."
        )
    if now.size == last.size or not last.size:
        holds = now.root == last.root or not last.size
    else:
        if proof is None:
            raise Unprovable(
                f"{last.size} records were seen: bring the proof that this continues them "
                "(continuum proof --since)"
            )
        try:
            told: Any = json.loads(proof)
            path = [bytes.fromhex(node) for node in told["path"]]
        except (ValueError, KeyError, TypeError) as error:
            raise Unprovable(f"the proof cannot be read: {error!r}") from None
        holds = verify.consistent(last.size, last.root, now.size, now.root, path)
    if not holds:
        raise IntegrityFailure(
            f"Not signed: the log of {now.size} records does not begin with the {last.size} that "
            "were seen. It is forked, or the proof is of other checkpoints."
        )
