"""Make the published test vectors of certificates, backups and envelopes:
`python -m tests.faults.vectors`. `tests.ledger.vectors` makes the vectors of proofs and packs.
"""

import json
import shutil
import tempfile
from base64 import b64encode
from collections.abc import Callable
from copy import deepcopy
from hashlib import sha256
from pathlib import Path
from typing import Any

from ledger.keys import sealing
from ledger.keys.sealing import DataKey, seal
from tests.console.conftest import Line
from tests.ledger.vectors import BAD_INPUT, FAILS, HOLDS, VECTORS, said

CLOCK = ("--clock", "2011-03-18T09:00")
Spoil = Callable[[Any], object]


def records(proof: int, **changed: object) -> Spoil:
    return lambda told: told["proofs"][proof]["records"][0].update(changed)


#: Ways to damage a bundle of certificates, each with the exit code and the message of
#: `restore --erasures`.
SPOILT: dict[str, tuple[Spoil, int, str]] = {
    "cut": (lambda told: told["proofs"].pop(), FAILS, "an erasure's certificate was cut away"),
    "headless": (lambda told: told["proofs"].pop(0), BAD_INPUT, "no register of erasures"),
    "edited": (records(1, recorded=5), FAILS, "a record was given another time"),
    "no-head": (lambda told: told["proofs"][1].pop("head"), FAILS, "a proof without its head"),
    "silent": (
        lambda told: [one.pop("state", None) for one in told["proofs"][0]["records"]],
        BAD_INPUT, "the records came without what they say",
    ),
    "older": (lambda told: told.update(format="continuum-erasures/0"), BAD_INPUT, "another form"),
    "other-log": (lambda told: told["proofs"][1].update(log="access"), FAILS, "of another log"),
}  # fmt: skip


def erasures(place: Path) -> None:
    """Write the certificates of two erasures, as an officer gets them, and damaged copies of the
    certificates.
    """
    with tempfile.TemporaryDirectory() as scratch:
        line = Line(f"{scratch}/store", Path(scratch) / "store")
        line("init", "--synthetic", *CLOCK)
        for number, text in enumerate(("He waits at the gate.", "A silver Corsa.")):
            item = line("record", "--id", *CLOCK, text=text).out.strip()
            asked = ("erase", item, "--basis", "recorded-in-error", "--id", *CLOCK)
            one = line("--user", "ds.hart", *asked).out.strip()
            done = line("--user", "di.moss", "erase", "--approve", one, *CLOCK)
            assert done.code == 0, (number, done)
        state = ("--state", f"{scratch}/signer")
        policy = line("signer", "init", *state).out
        assert line("signer", "run", *state).code == 0
        file = Path(scratch) / "certified.json"
        assert line("erase", "--certificates", str(file), *CLOCK).code == 0
        good = json.loads(file.read_text("utf-8"))
        line.close()
    index = [{"file": "certified.json", "exit": HOLDS, "what": "of two erasures"}]
    (place / "certified.json").write_bytes(said(good))
    for name, (spoil, code, what) in SPOILT.items():
        told = deepcopy(good)
        spoil(told)
        (place / f"bad-{name}.json").write_bytes(said(told))
        index.append({"file": f"bad-{name}.json", "exit": code, "what": what})
    (place / "policy.json").write_text(policy, "utf-8")
    (place / "index.json").write_bytes(said(index))


def backups(place: Path) -> None:
    """Write backup directories, each with a manifest and with the message that a restore gives
    before it reads the logs.
    """
    content = b"what a log would be\n"
    file = {"name": "log.bin", "size": len(content), "sha256": sha256(content).hexdigest()}
    log = {"origin": "continuum/one/evidence", "size": 0, "root": sha256(b"").hexdigest()}
    good = {
        "format": "continuum-backup/1",
        "kind": "store",
        "made": "2011-03-18T09:00:00Z",
        "product": "0.2.0",
        "synthetic": True,
        "logs": {"evidence": log},
        "files": [file],
    }
    made: dict[str, tuple[dict[str, object] | None, bytes | None, int, str]] = {
        "whole": (good, content, HOLDS, "all that the manifest names"),
        "bad-changed": (good, content.upper(), FAILS, "a file is not what it was"),
        "bad-short": (good, content[:-1], FAILS, "a file is shorter"),
        "bad-wanting": (good, None, FAILS, "a file is wanting"),
        "bad-none": (None, content, BAD_INPUT, "interrupted: there is no manifest"),
        "bad-keys": (good | {"kind": "keys"}, content, BAD_INPUT, "a backup of keys"),
        "bad-older": (good | {"format": "continuum-backup/0"}, content, BAD_INPUT, "another form"),
        "bad-further": (good | {"further": 1}, content, BAD_INPUT, "a field that nobody knows"),
    }
    index = []
    for name, (told, held, code, what) in made.items():
        (place / name).mkdir()
        if told is not None:
            (place / name / "manifest.json").write_bytes(said(told))
        if held is not None:
            (place / name / "log.bin").write_bytes(held)
        index.append({"directory": name, "exit": code, "what": what})
    (place / "index.json").write_bytes(said(index))


def envelopes() -> list[dict[str, object]]:
    """Return stored envelopes, each with the key that opens it and the record to which it
    belongs.
    """
    key = DataKey(bytes(range(16)), bytes(range(32)))
    stream, clear, body = bytes(range(16, 32)), b'{"by":"psw-1"', b',"words":"in Mill Lane"}}'
    where = {"stream": stream.hex(), "version": 1, "topic": "note.noted@1", "clear": clear.decode()}
    good = seal(key, bytes(range(32, 64)), sealing.place(stream, 1, "note.noted@1", clear), body)

    def flipped(at: int) -> bytes:
        return good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :]

    cases: list[tuple[bytes, dict[str, object], str]] = [
        (good, {"body": body.decode()}, "it opens"),
        (flipped(0), {}, "another version of envelope"),
        (flipped(17), {}, "another salt"),
        (flipped(49), {}, "another commitment"),
        (flipped(81), {}, "another ciphertext"),
        (flipped(len(good) - 1), {}, "another tag"),
        (good[:-1], {}, "cut short"),
        (good, {"version": 2}, "beside another version of its item"),
        (good, {"topic": "note.closed@1"}, "of an event of another name"),
        (good, {"clear": '{"by":"psw-2"'}, "with another clear part"),
        (good, {"stream": bytes(16).hex()}, "beside another item"),
        (good, {"secret": bytes(32).hex()}, "the given key is not the key of this record"),
    ]
    return [
        {"what": what, "envelope": b64encode(one).decode(), **where, "body": None}
        | {"secret": key.secret.hex()}
        | told
        for one, told, what in cases
    ]


def make() -> None:
    """Write all vectors again, in place of the old files."""
    for name, maker in (("erasures", erasures), ("backups", backups)):
        shutil.rmtree(VECTORS / name, ignore_errors=True)
        (VECTORS / name).mkdir()
        maker(VECTORS / name)
    (VECTORS / "envelopes.json").write_bytes(said(envelopes()))


if __name__ == "__main__":
    make()
