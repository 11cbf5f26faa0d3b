"""An auditor's policy: the logs that the auditor trusts, with their pinned origins and keys, and
the witnesses.

A policy is a JSON file that the auditor stores where the server cannot write:

    {"format": "continuum-policy/1",
     "logs": {"evidence": {"origin": "continuum/…/evidence", "keys": ["continuum/…+hash+key"]}},
     "witnesses": {"quorum": 2, "keys": ["name+hash+key", …],
                   "addresses": {"name": "https://…"}}}

A log may have `"changes": [note, …]`, the notes about changes of its signer's keys
(signer_keys.py). Without `witnesses`, the log's key alone is trusted. A quorum of 0 means that
witnesses should sign, but none does yet: every signed record counts as unproven. A signer requests
signatures from the witnesses that have an address (witness_requests.py). Verifiers ignore the
addresses, and also `"verifiers"`: the SHA-256 of the two offline verifiers of the release that
wrote the policy, with which an auditor can compare a verifier.
"""

import json
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from hashlib import sha256
from importlib.resources import files
from typing import Any, get_args

from msgspec import Struct, field
from msgspec.structs import replace

from domain.kernel.envelope import LogName
from ledger.proof.checkpoint import (
    WITNESS,
    Checkpoint,
    VerifierKey,
    WrongKey,
    opened,
    parse,
    signers_of,
)
from ledger.proof.signer_keys import KeyChange, believed

FORMAT = "continuum-policy/1"
#: The programs that check proofs without the store: one file each, in the folder `ledger`.
VERIFIERS = ("verify.py", "verify.html")
_ADDRESS = re.compile(r"https?://[^\s/?#@]+(/[^\s?#]*)?")


class BadPolicy(ValueError):
    """Raised for a policy that cannot be used; the message says what is wrong."""


class Pinned(Struct, frozen=True):
    """One log of a policy: its origin, the keys with which its checkpoints may be
    signed, and its witnesses."""

    origin: str
    keys: tuple[VerifierKey, ...]
    witnesses: tuple[VerifierKey, ...] = ()
    quorum: int | None = None
    """Number of witnesses who must have signed a checkpoint for it to prove anything; None for a
    policy without witnesses."""
    changes: tuple[str, ...] = ()
    """Notes in which the signer's keys name their successors."""
    addresses: Mapping[str, str] = field(default_factory=dict)
    """The HTTP addresses of witnesses, by name."""

    def opened(self, note: str) -> Checkpoint:
        """Return the content of a checkpoint, if it is signed with a key that is valid for the
        checkpoint's number of records. Raises BadCheckpoint or WrongKey.
        """
        size, until = parse(note).size, believed(self.keys, self.changes)
        keys = [key for key, last in until.items() if size <= last]
        if not signers_of(note, keys) and signers_of(note, list(until)):
            raise WrongKey(
                f"the key of this checkpoint is not valid for {size} records, because it "
                "was revoked or replaced"
            )
        return opened(note, keys)

    def knowing(self, notes: Iterable[str]) -> "Pinned":
        """Return this log's policy with those of the `notes` added that are about the keys of the
        log's signer.
        """
        changes = dict.fromkeys(self.changes)
        for note in notes:
            with suppress(ValueError):
                if KeyChange.parse(note).origin == self.origin:
                    changes[note] = None
        return replace(self, changes=tuple(changes))


def written(logs: Mapping[LogName, Pinned]) -> str:
    """Return an auditor's policy as the text of a file."""
    policies_by_log = {
        name: {"origin": pinned.origin, "keys": [str(key) for key in pinned.keys]}
        | ({"changes": list(pinned.changes)} if pinned.changes else {})
        for name, pinned in logs.items()
    }
    outside = next(
        ({"witnesses": _outside(pinned)} for pinned in logs.values() if pinned.quorum is not None),
        {},
    )
    verifiers = {"verifiers": {name: _sha256(name) for name in VERIFIERS}}
    return (
        json.dumps({"format": FORMAT, "logs": policies_by_log} | outside | verifiers, indent=2)
        + "\n"
    )


def _sha256(name: str) -> str:
    return sha256(files("ledger").joinpath(name).read_bytes()).hexdigest()


def _outside(pinned: Pinned) -> dict[str, Any]:
    witnesses = {"quorum": pinned.quorum, "keys": [str(key) for key in pinned.witnesses]}
    return witnesses | ({"addresses": dict(pinned.addresses)} if pinned.addresses else {})


def read(text: str) -> dict[LogName, Pinned]:
    """Return the auditor's policy in the text of a file. Raises BadPolicy."""
    try:
        policy: Any = json.loads(text)
        if policy["format"] != FORMAT:
            raise BadPolicy(f"the format of the policy is {policy['format']!r}, not {FORMAT!r}")
        outside = policy.get("witnesses", {"quorum": None, "keys": []})
        quorum = outside["quorum"]
        witnesses = tuple(VerifierKey.parse(key, WITNESS) for key in outside["keys"])
        witness_count = len({key.name for key in witnesses})
        if "witnesses" in policy and not (type(quorum) is int and 0 <= quorum <= witness_count):
            raise BadPolicy(f"the policy asks for {quorum!r} witnesses and names {len(witnesses)}")
        addresses = _addresses(outside.get("addresses", {}), {key.name for key in witnesses})
        logs = {
            name: Pinned(
                str(pinned["origin"]),
                tuple(map(VerifierKey.parse, pinned["keys"])),
                witnesses,
                quorum,
                tuple(pinned.get("changes", ())),
                addresses,
            )
            for name, pinned in policy["logs"].items()
        }
    except BadPolicy:
        raise
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        raise BadPolicy(f"this is not a policy: {error}") from None
    if strange := set(logs) - set(get_args(LogName)):
        raise BadPolicy(f"the policy names logs that do not exist: {', '.join(sorted(strange))}")
    for name, pinned in logs.items():
        if not pinned.keys or any(key.name != pinned.origin for key in pinned.keys):
            raise BadPolicy(f"the log {name} needs a key with the origin of the log as its name")
        try:
            believed(pinned.keys, pinned.changes)
        except (WrongKey, ValueError, AttributeError) as error:
            raise BadPolicy(
                f"the keys of the log {name} do not follow one another: {error}"
            ) from None
    return logs


def with_witness(
    logs: Mapping[LogName, Pinned], key: VerifierKey, address: str | None, quorum: int | None
) -> dict[LogName, Pinned]:
    """Return the logs of a policy, each with this witness added; an earlier entry of a witness with
    the same name is replaced. `quorum` is the new quorum; without it the quorum stays as it is, but
    becomes 1 if it was 0. Raises BadPolicy.
    """

    def added(pinned: Pinned) -> Pinned:
        others = tuple(witness for witness in pinned.witnesses if witness.name != key.name)
        addresses = {name: text for name, text in pinned.addresses.items() if name != key.name}
        return replace(
            pinned,
            witnesses=(*others, key),
            addresses=addresses | ({key.name: address} if address else {}),
            quorum=quorum if quorum is not None else max(pinned.quorum or 0, 1),
        )

    return read(written({log: added(log_policy) for log, log_policy in logs.items()}))


def _addresses(addresses_by_name: Mapping[str, str], names: set[str]) -> dict[str, str]:
    """Return the addresses of the witnesses with these names. Raises BadPolicy."""
    for name, address in addresses_by_name.items():
        if name not in names:
            raise BadPolicy(f"the policy gives an address of the witness {name}, but no key")
        if not _ADDRESS.fullmatch(address):
            raise BadPolicy(f"{address!r} is not the address of a witness: write https://…")
    return dict(addresses_by_name)
