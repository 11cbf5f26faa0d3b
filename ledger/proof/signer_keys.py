"""Find the valid keys of a log's signer, which follow one another, and the last record that each of
them may sign.

A pinned key names its successor in a signed note: the note has the next key, and the number of the
last record that the pinned key signs. A stolen key is revoked by a note that a later key signs: the
note has the number of records after which a signature of the stolen key no longer counts. Anyone
may pass these notes on. Each note is also a fact in the evidence log, and is published in the
policy and beside the checkpoint:

    continuum-key/1
    ORIGIN
    succeeded SIZE        (or: revoked SIZE)
    KEY                   (the next one, or the one that is revoked: name+hash+key)

    — ORIGIN signature
"""

import re
from base64 import b64encode
from collections.abc import Sequence
from typing import Literal, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct

from ledger.proof.checkpoint import VerifierKey, WrongKey, signature_lines, signers_of

FORMAT = "continuum-key/1"
ALWAYS = 2**63 - 1
_ACT = re.compile(r"(succeeded|revoked) (0|[1-9][0-9]{0,17})", re.ASCII)

Act = Literal["succeeded", "revoked"]


class KeyChange(Struct, frozen=True):
    """A note about a signer's keys. Either `key` succeeds the key that signed the note, or `key` is
    revoked. The succeeded or revoked key is not valid for records after the first `size` records.
    """

    origin: str
    act: Act
    size: int
    key: VerifierKey

    def signed(self, key: Ed25519PrivateKey) -> str:
        """Return the note about a change of keys, signed with this key."""
        text = f"{FORMAT}\n{self.origin}\n{self.act} {self.size}\n{self.key}\n"
        name = VerifierKey(self.origin, key.public_key().public_bytes_raw())
        signature = b64encode(name.hash + key.sign(text.encode())).decode()
        return f"{text}\n\N{EM DASH} {self.origin} {signature}\n"

    @classmethod
    def parse(cls, note: str) -> Self:
        """Return the change of keys that a note describes. Raises ValueError for an invalid
        note."""
        text, _, _ = note.partition("\n\n")
        format_line, origin, act, key = text.split("\n")
        match = _ACT.fullmatch(act) if format_line == FORMAT else None
        if match is None:
            raise ValueError("this text is not a note of a signer's key")
        signature_lines(note)
        kind: Act = "succeeded" if match[1] == "succeeded" else "revoked"
        return cls(origin, kind, int(match[2]), VerifierKey.parse(key))


def believed(pinned: Sequence[VerifierKey], notes: Sequence[str]) -> dict[VerifierKey, int]:
    """Return the valid keys of a signer, each with the number of the last record that it may sign.
    A note that no valid key signed is ignored. Raises WrongKey if a key has two successors and
    neither is in the policy.
    """
    until = dict.fromkeys(pinned, ALWAYS)
    after: dict[VerifierKey, VerifierKey] = {}
    changes = [(KeyChange.parse(note), note) for note in notes]
    # if a key has two successors, the successor in the policy counts
    changes.sort(key=lambda one: one[0].key not in pinned)
    for _ in changes:  # the notes may be in any order
        for change, note in changes:
            for by in signers_of(note, [key for key in until if key.name == change.origin]):
                if change.act == "succeeded" and change.key != by:
                    _succeed(after, by, change.key, pinned)
                    if after[by] == change.key:
                        until.setdefault(change.key, ALWAYS)
                        until[by] = min(until[by], change.size)
                elif change.key in until and _came_after(after, change.key, by):
                    until[change.key] = min(until[change.key], change.size)
    return until


def _succeed(
    after: dict[VerifierKey, VerifierKey],
    by: VerifierKey,
    key: VerifierKey,
    pinned: Sequence[VerifierKey],
) -> None:
    known_key = after.setdefault(by, key)
    if known_key != key and (known_key not in pinned or key in pinned):
        raise WrongKey(
            f"the key {by} has two successors, {known_key} and {key}, and one of them belongs "
            "to a thief: ask in person which is right, and put that key into your policy"
        )


def _came_after(after: dict[VerifierKey, VerifierKey], old: VerifierKey, new: VerifierKey) -> bool:
    seen = {old}
    while (old := after.get(old, old)) not in seen:
        if old == new:
            return True
        seen.add(old)
    return False
