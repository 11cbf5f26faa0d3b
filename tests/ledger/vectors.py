"""Make the published test vectors of the verifiers: `python -m tests.ledger.vectors`. Keys and ids
are new each time. The vectors in the repository are replaced only if a format changes, so that
authors of other verifiers can rely on them.
"""

import io
import json
import shutil
import struct
import tempfile
import zipfile
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace

from ledger import verify
from ledger.keys.keys import read_key
from ledger.proof import proof
from ledger.proof.checkpoint import WITNESS, VerifierKey, cosignature, parse, sign
from ledger.store.shred import Shredder
from tests.conftest import Store
from tests.ledger.packing import FACTS, Files, Packer, packer, relisted, zipped
from tests.ledger.sealing import STREAMS, another_home
from tests.pages import HOUSE

VECTORS = HOUSE / "docs" / "vectors"
HOLDS, BAD_INPUT, FAILS, UNPROVEN = 0, 2, 4, 6
SECOND = 1_300_000_000
#: A text that would clear a screen, reverse the writing, end the line and hide a letter.
HOSTILE = "\x1b[2Jnoted\u202edeton\nIt holds.\r\x9b31m\u200b\u2066"
Spoil = Callable[[Any], object]


@dataclass(frozen=True)
class Vector:
    """A test vector: a file, the file against which it is checked, and the exit code of a correct
    verifier.
    """

    name: str
    content: bytes
    exit: int
    what: str
    policy: str = "policy.json"
    receipt: str | None = None
    copy: str | None = None


def said(told: object) -> bytes:
    return (json.dumps(told, indent=1, ensure_ascii=False) + "\n").encode()


def record(number: int, **changed: object) -> Spoil:
    return lambda told: told["records"][number].update(changed)


def head(**changed: object) -> Spoil:
    return lambda told: told["head"].update(changed)


def note(old: str, new: str) -> Spoil:
    return lambda told: told.update(checkpoint=told["checkpoint"].replace(old, new))


#: For each kind of damaged proof of an item: the function that damages the proof, the exit code,
#: and the reason.
SPOILT: dict[str, tuple[Spoil, int, str]] = {
    "topic": (record(0, topic="note.closed@1"), FAILS, "an event was given another name"),
    "time": (record(1, recorded=5), FAILS, "an event was given another time"),
    "place": (record(1, seq=6), FAILS, "an event stands at another place"),
    "state-hash": (record(2, state_sha256="00" * 32), FAILS, "the hash of the stored bytes"),
    "other-item": (record(0, stream=str(STREAMS[1])), FAILS, "an event of another item"),
    "last-cut": (lambda told: told["records"].pop(), FAILS, "a retraction was cut off the end"),
    "middle-cut": (lambda told: told["records"].pop(1), FAILS, "a version is left out"),
    "first-cut": (lambda told: told["records"].pop(0), FAILS, "the first version is left out"),
    "all-cut": (lambda told: told["records"].clear(), FAILS, "no record is left"),
    "order": (lambda told: told["records"].reverse(), FAILS, "the events in another order"),
    "no-head": (lambda told: told.pop("head"), FAILS, "the head was cut away"),
    "head-earlier": (head(version=2, seq=7), FAILS, "an earlier head"),
    "head-path": (lambda told: told["head"]["path"].pop(), FAILS, "the head's way is shorter"),
    "path-cut": (lambda told: told["records"][0]["path"].pop(), FAILS, "a path is shorter"),
    "path-longer": (
        lambda told: told["records"][0]["path"].append("00" * 32), FAILS, "a path is longer",
    ),
    "size": (note("\n12\n", "\n13\n"), FAILS, "the checkpoint's size, not signed so"),
    "size-zeros": (note("\n12\n", "\n012\n"), FAILS, "a size with a zero before it"),
    "no-signature": (
        lambda told: told.update(checkpoint=told["checkpoint"].partition("\u2014")[0]),
        FAILS, "nobody signed the checkpoint",
    ),
    "control": (note("\n12\n", "\n12\x1b\n"), BAD_INPUT, "a control character in the checkpoint"),
    "hex-case": (
        lambda told: told["records"][0].update(leaf=told["records"][0]["leaf"].upper()),
        BAD_INPUT, "hexadecimal digits in capitals",
    ),
    "id-form": (
        lambda told: told.update(stream=told["stream"].replace("-", "")),
        FAILS, "an id without its hyphens",
    ),
    "seq-text": (record(0, seq="6"), BAD_INPUT, "a number written as a text"),
    "format": (lambda told: told.update(format="continuum-proof/1"), BAD_INPUT, "an older form"),
    "other-log": (lambda told: told.update(log="product"), BAD_INPUT, "a log nobody pinned"),
    "no-unsigned": (lambda told: told.pop("unsigned"), BAD_INPUT, "a field is wanting"),
}  # fmt: skip


def vectors(one: Packer) -> Iterator[Vector]:  # noqa: PLR0915 (one line a vector)
    """Yield all vectors, made from the store of `one`, which no other test may use."""
    sealed, pins = one.sealed, one.pins
    key = Ed25519PrivateKey.from_private_bytes(read_key(sealed.signer.directory / "evidence.key"))
    item = proof.prove(sealed.proven, STREAMS[2], sealed.newest)
    opened = proof.prove(sealed.proven, STREAMS[2], sealed.newest, opens=sealed.log.event_secrets)
    grown = proof.prove_consistency(sealed.proven, sealed.older, sealed.newest)
    receipt = sealed.log.receipt(6, 8)
    yield Vector("item.json", said(item), HOLDS, "all events of an item")
    yield Vector("item-words.json", said(opened), HOLDS, "with the words, one of them sealed")
    yield Vector("item-kept.json", said(item), HOLDS, "and a checkpoint that was kept",
                 copy="newest.checkpoint")  # fmt: skip
    yield Vector("item-receipt.json", said(item), HOLDS, "and a receipt",
                 receipt="one.receipt.json")  # fmt: skip
    yield Vector("item-receipt-other.json", said(item), FAILS, "a receipt of another record",
                 receipt="other.receipt.json")  # fmt: skip
    yield Vector("item-kept-other.json", said(item), FAILS, "a kept checkpoint of another root",
                 copy="lie.checkpoint")  # fmt: skip
    yield Vector("item-kept-older.json", said(item), FAILS, "an older one, nothing in between",
                 copy="older.checkpoint")  # fmt: skip
    early = proof.prove(sealed.proven, STREAMS[2], sealed.older)
    yield Vector("item-truncated.json", said(early), FAILS, "a kept checkpoint signs more",
                 copy="newest.checkpoint")  # fmt: skip
    for name, (spoil, code, what) in SPOILT.items():
        told = json.loads(said(item))
        spoil(told)
        yield Vector(f"bad-{name}.json", said(told), code, what)
    told = json.loads(said(opened))
    told["records"][2]["opens"] = "00" * 32
    yield Vector("bad-opens.json", said(told), FAILS, "what is to open the words is not their key")
    told["records"][2]["state"] = b64encode(b"other words").decode()
    yield Vector("bad-state.json", said(told), FAILS, "other words than were sealed")
    text = said(item).decode()
    twice = text.replace('"unsigned": 0', '"unsigned": 0, "unsigned": 0')
    yield Vector("bad-twice.json", twice.encode(), BAD_INPUT, "a name twice in JSON")
    float_ = text.replace('"unsigned": 0', '"unsigned": 0.0')
    yield Vector("bad-float.json", float_.encode(), BAD_INPUT, "a number that is not whole")
    yield Vector("bad-deep.json", b"[" * 100_000, BAD_INPUT, "100,000 levels deep")
    yield Vector("bad-utf8.json", said(item) + b"\xff", BAD_INPUT, "no UTF-8")
    stranger = another_home(sealed, one.sealed.store.home / "stranger").round()
    yield Vector("bad-stranger.json", said(proof.prove(sealed.proven, STREAMS[2], stranger)),
                 FAILS, "a signer whom nobody pinned")  # fmt: skip

    yield Vector("consistency.json", said(grown), HOLDS, "the log only grew")
    yield Vector("consistency-kept.json", said(grown), HOLDS, "since the one that was kept",
                 copy="older.checkpoint")  # fmt: skip
    yield Vector("bad-consistency.json", said(grown | {"path": ["11" * 32, *grown["path"][1:]]}),
                 FAILS, "another path")  # fmt: skip
    signed = proof.prove_receipt(sealed.proven, receipt, sealed.newest)
    yield Vector("receipt.json", said(signed), HOLDS, "the records of a receipt are signed")
    yield Vector("bad-receipt.json", said(signed | {"leaves": signed["leaves"][::-1]}), FAILS,
                 "the leaves of a receipt in another order")  # fmt: skip

    event = proof.tlog(json.loads(said(item)), 2)
    yield Vector("event.tlog-proof", event.encode(), HOLDS, "one event as C2SP tlog-proof has it")
    yield Vector("bad-index.tlog-proof", event.replace("index 6", "index 5").encode(), FAILS,
                 "at another place")  # fmt: skip
    yield Vector("bad-extra.tlog-proof", event.replace("extra AAAA", "extra AAAB").encode(),
                 FAILS, "another entry")  # fmt: skip

    yield Vector("note.checkpoint", sealed.newest.encode(), HOLDS, "a checkpoint by itself")
    yield Vector("bad-note.checkpoint", sealed.newest.replace("\n12\n", "\n11\n").encode(), FAILS,
                 "not signed so")  # fmt: skip
    again = sealed.newest.splitlines()[-1]
    spoilt = again[:-8] + ("A" if again[-8] != "A" else "B") + again[-7:]
    yield Vector("bad-second-signature.checkpoint", f"{sealed.newest}{spoilt}\n".encode(), FAILS,
                 "one bad signature of a known key refuses a note")  # fmt: skip
    for name, (line, what) in lines_of(again).items():
        code = FAILS if name == "line-short" else BAD_INPUT
        yield Vector(f"bad-{name}.checkpoint", f"{sealed.newest}{line}".encode(), code, what)
    short = replace(parse(sealed.newest), root=bytes(12))
    yield Vector("bad-root.checkpoint", sign(short, key).encode(), BAD_INPUT, "a root of 12 bytes")
    loose = sealed.newest.replace("=\nheads", "\nheads")
    yield Vector("bad-base64.checkpoint", loose.encode(), FAILS, "base64 without its padding")
    witnessed = sealed.newest + cosignature(sealed.newest, "council.example", witness(), SECOND)
    yield Vector("witnessed.checkpoint", witnessed.encode(), HOLDS, "a witness signed too",
                 policy="strict.json")  # fmt: skip
    yield Vector("bad-witness.checkpoint", sealed.newest.encode(), UNPROVEN, "no witness signed it",
                 policy="strict.json")  # fmt: skip
    yield from packs(one)
    Shredder({"evidence": sealed.log.key_table}, sealed.store.keys).shred(
        {"evidence": [STREAMS[2]]}
    )
    gone = proof.prove(sealed.proven, STREAMS[2], sealed.newest, opens=sealed.log.event_secrets)
    yield Vector("item-erased.json", said(gone), HOLDS, "words that were erased")
    assert pins == one.pins


def lines_of(good: str) -> dict[str, tuple[str, str]]:
    """Return lines by name, each of which makes a correctly signed checkpoint invalid if it is
    added."""
    mark, name, signed = good.split(" ")
    digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    bits = digits[digits.index(signed.rstrip("=")[-1]) + 1]
    loose = signed.rstrip("=")[:-1] + bits + "=" * signed.count("=")
    return {
        "line-bits": (f"{mark} {name} {loose}\n", "base64 with other bits behind its end"),
        "line-short": (f"{mark} {name} {signed[:8]}\n", "a signature of a known key cut short"),
        "line-none": (f"{mark} {name} {signed[:4]}\n", "not even the hash of a key"),
        "line-garbage": ("garbage\n", "a line that is no signature"),
        "line-stranger": (f"{mark} x!! %%%\n", "a stranger's signature that is no base64"),
        "line-empty": ("\n", "an empty line between the signatures"),
        "line-space": (f"{mark} {name}\u00a0 {signed}\n", "a space in a name"),
        "line-end": (good, "the last line does not end"),
    }


def packs(one: Packer) -> Iterator[Vector]:
    whole = one.pack()
    files = verify.unpack(whole)
    empty: dict[str, Any] = dict.fromkeys(FACTS, ())
    opens = {"facts": empty, "opens": one.sealed.log.event_secrets, "words": "what they say\n"}
    gap = {"step": 2, "event": "note.noted", "stage": None, "reason": "closed to its reader"}
    yield Vector("pack.zip", whole, HOLDS, "an item and what it rests on")
    yield Vector("pack-kept.zip", whole, HOLDS, "and a checkpoint that was kept",
                 copy="newest.checkpoint")  # fmt: skip
    later = {"notice": verify.NOTICE, "elsewhere": [{"fact": f"{STREAMS[3]}:1", "event": "noted"}]}
    yield Vector("pack-elsewhere.zip", one.pack(said=later), HOLDS, "a later fact that names it")
    yield Vector("pack-words.zip", one.pack(**opens), HOLDS, "with the words")
    hostile = later | {"elsewhere": [{"fact": f"{STREAMS[3]}:1", "event": HOSTILE}]}
    yield Vector("pack-escapes.zip", one.pack(said=hostile), HOLDS, "what would move a screen")
    yield Vector("pack-left-out-escapes.zip", one.pack(said={"left_out": [gap | {
        "reason": HOSTILE}]}), HOLDS, "the same in a reason")  # fmt: skip
    yield Vector("pack-left-out.zip", one.pack(said={"left_out": [gap]}), HOLDS, "an auditor's")
    words = f"proofs/{STREAMS[0]}.json"
    told = json.loads(files["pack.json"])
    kept: dict[str, list[str]] = {ref: [] for ref in told["facts"] if str(STREAMS[0]) not in ref}
    fewer: Files = {name: content for name, content in files.items() if name != words}
    forged = relisted(fewer | {"trail.txt": b"another chain\n"}, facts=kept)
    no_cause = {ref: causes for ref, causes in FACTS.items() if str(STREAMS[0]) not in ref}
    lying = dict.fromkeys(FACTS, ()) | {f"{STREAMS[2]}:1": (STREAMS[1],)}
    other = verify.unpack(one.pack())
    bad = {
        "cut": (zipped(forged), "the first words dropped, a page rewritten, the list made again"),
        "no-list": (zipped({n: c for n, c in files.items() if n != "made.json"}), "no made.json"),
        "other-list": (
            zipped(forged | {"made.json": other["made.json"]}), "the list of another pack",
        ),
        "page": (zipped(files | {"trail.txt": b"another chain\n"}), "a page rewritten"),
        "relisted": (
            zipped(relisted(files | {"trail.txt": b"another chain\n"})), "and the list with it",
        ),
        "more": (zipped(files | {"words.txt": b"more\n"}), "a page that nobody recorded"),
        "no-cause": (one.pack(facts=no_cause), "a cause that is not in the pack"),
        "other-cause": (
            one.pack(facts=lying, opens=one.sealed.log.event_secrets),
            "a record that names other causes than the list",
        ),
        "no-notice": (one.pack(said={}), "nothing is said of what may be closed"),
    }  # fmt: skip
    for name, (content, what) in bad.items():
        yield Vector(f"bad-pack-{name}.zip", content, FAILS, what)
    yield Vector("bad-pack-cut-kept.zip", zipped(forged), FAILS, "also against a kept checkpoint",
                 copy="newest.checkpoint")  # fmt: skip
    older = zipped(files | {"pack.json": files["pack.json"].replace(b"pack/2", b"pack/1")})
    yield Vector("bad-pack-older.zip", older, BAD_INPUT, "an older form")
    yield Vector("bad-pack-path.zip", zipped([*files.items(), ("../evil", b"x")]), BAD_INPUT,
                 "a path that belongs to no pack")  # fmt: skip
    for name, content, what in twofold(whole):
        yield Vector(f"bad-pack-{name}.zip", content, BAD_INPUT, what)
    spoilt = bytearray(whole)
    spoilt[len(spoilt) // 2] ^= 1
    yield Vector("bad-pack-damaged.zip", bytes(spoilt), BAD_INPUT, "a damaged archive")


def twofold(whole: bytes) -> Iterator[tuple[str, bytes, str]]:
    """Yield archives from which two programs would read different files, each with its name and the
    reason for its refusal.
    """
    yield "before", zipped({"words.txt": b"other words\n"}) + whole, "another archive before it"
    yield "behind", whole + b"She never said it.\n", "something stands behind its end"
    named = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as true, zipfile.ZipFile(named, "w") as archive:
        for each in true.infolist():
            content = true.read(each)
            # this file gets a second name, which Info-ZIP and other programs use
            if each.filename == "README.txt":
                known = zlib.crc32(each.filename.encode())
                each.extra = struct.pack("<2HBL", 0x7075, 14, 1, known) + b"words.txt"
            archive.writestr(each, content)
    yield "other-name", named.getvalue(), "some programs give a file another name"
    other_size = bytearray(whole)
    other_size[18] ^= 1
    yield "other-size", bytes(other_size), "a file says another size than the list at the end"


def witness() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def files_beside(one: Packer) -> dict[str, bytes]:
    """Return the policies, receipts and checkpoints against which the vectors are checked."""
    sealed = one.sealed
    key = Ed25519PrivateKey.from_private_bytes(read_key(sealed.signer.directory / "evidence.key"))
    public = VerifierKey("council.example", witness().public_key().public_bytes_raw(), WITNESS)
    witnesses = {"quorum": 1, "keys": [str(public)]}
    mine = sealed.log.receipt(7, 7).as_json()
    return {
        "policy.json": said(one.pins),
        "strict.json": said(one.pins | {"witnesses": witnesses}),
        "newest.checkpoint": sealed.newest.encode(),
        "older.checkpoint": sealed.older.encode(),
        "lie.checkpoint": sign(replace(parse(sealed.newest), root=bytes(32)), key).encode(),
        "one.receipt.json": said(mine),
        "other.receipt.json": said(mine | {"leaf": "00" * 32}),
    }


def make(place: Path) -> None:
    """Write all vectors, the files against which they are checked, and the index of the vectors."""
    with tempfile.TemporaryDirectory() as scratch:
        one = packer(Store(Path(scratch), None))
        helpers = files_beside(one)
        found = list(vectors(one))
        one.close()
        one.access.close()
        one.sealed.log.close()
    shutil.rmtree(place / "files", ignore_errors=True)
    (place / "files").mkdir(parents=True)
    for name, content in helpers.items():
        (place / name).write_bytes(content)
    index = []
    for each in found:
        (place / "files" / each.name).write_bytes(each.content)
        told = {
            "file": f"files/{each.name}",
            "policy": each.policy,
            "receipt": each.receipt,
            "copy": each.copy,
            "exit": each.exit,
            "what": each.what,
        }
        index.append({name: value for name, value in told.items() if value is not None})
    (place / "index.json").write_bytes(said(index))


if __name__ == "__main__":
    make(VECTORS)
