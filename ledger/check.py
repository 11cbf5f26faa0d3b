"""Does what was handed out hold? The program's own reader of proofs, receipts, packs and notes.

    python -m ledger.check FILE --policy POLICY [--receipt FILE] [--copy CHECKPOINT]

It is a third verifier beside `verify.py` and `verify.html`, and takes no line from either: notes
are read as the signer and a witness read them (checkpoint.py, policy.py), signatures and words are
opened by the `cryptography` library, trees are followed by the definitions of RFC 9162 themselves,
and each file is held to its form as a whole before anything of it is believed (docs/formats.md).
With the program it shares how a leaf, a head and an envelope are hashed. An auditor who trusts none
of that takes one of the others along. Exit codes: 0 it holds, 4 it does not, 6 too few witnesses
signed it. Longer than other files, so that a verifier is read as one.
"""

import argparse
import json
import re
import struct
import sys
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from msgspec import UNSET, Meta, Struct, UnsetType

from domain.kernel.decoded import convert
from domain.kernel.envelope import LogName
from ledger.keys import envelope
from ledger.keys.keys import SealBroken
from ledger.proof import heads, leaf, policy
from ledger.proof.checkpoint import BadCheckpoint, Checkpoint, WrongKey, cosigners
from ledger.proof.merkle import node_hash
from ledger.proof.policy import BadPolicy, Pinned

T = TypeVar("T")
DEEPEST, MOST_FILES, MOST_BYTES = 32, 5_000, 64 << 20
#: What stands in a .zip before each file, and at its end.
MEMBER, END = struct.Struct("<4s5H3I2H"), struct.Struct("<4s4H2IH")
TLOG = "c2sp.org/tlog-proof@v1\n"
NOTICE = "This is one reader's view. Steps may be closed to its reader: what was is not in it."
_ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_MEMBER = re.compile(
    rf"(README|trail|words)\.txt|(pack|made)\.json|log\.checkpoint|proofs/{_ID}\.json"
)
#: The fields in which an event names what it rests on, besides what its header tells.
RESTS_ON = {
    "report.item_graded": ("observation",),
    "report.corroboration_judged": ("observations",),
    "link.asserted": ("observation", "report", "exhibit"),
    "evidence.gathered": ("observations",),
    "notice.breached": ("notice", "item"),
    "notice.service_told": ("photograph", "statement"),
}

Number = Annotated[int, Meta(ge=0, lt=1 << 53)]
Hash = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
Id = Annotated[str, Meta(pattern=rf"\A{_ID}\Z")]


class DoesNotHold(Exception):
    """It is not what was signed, or not in its one right form; the message says what failed."""


class Unproven(Exception):
    """It is signed, and not by the witnesses that the policy asks for."""


class Record(Struct):
    """A record of a log as a proof shows it."""

    seq: Number
    stream: Id
    version: Number
    topic: str
    recorded: Number
    state_sha256: Hash
    leaf: Hash
    path: list[Hash]
    state: str | UnsetType = UNSET
    opens: Hash | UnsetType | None = UNSET


class Head(Struct):
    """The last record of an item, and the way to the root of heads."""

    version: Number
    seq: Number
    path: list[tuple[Annotated[int, Meta(ge=0, lt=256)], Hash]]


class Receipt(Struct):
    """What was acknowledged when something was recorded."""

    log: str
    seq: Number
    leaf: Hash
    first: Number | UnsetType = UNSET
    root: Hash | UnsetType = UNSET


class Item(Struct, tag="continuum-proof/2", tag_field="format"):
    """All events of an item."""

    log: str
    stream: Id
    checkpoint: str
    records: Annotated[list[Record], Meta(min_length=1)]
    head: Head
    unsigned: Number


class Grown(Struct, tag="continuum-consistency/1", tag_field="format"):
    """A later checkpoint continues an earlier one."""

    log: str
    first: str
    second: str
    path: list[Hash]


class Received(Struct, tag="continuum-receipt/1", tag_field="format"):
    """The records of a receipt are signed."""

    log: str
    checkpoint: str
    receipt: Receipt
    leaves: list[Hash]
    beside: list[Hash]


class List(Struct, tag="continuum-pack/2", tag_field="format"):
    """The list of a pack."""

    log: str
    item: Id
    fact: Id
    files: dict[str, Hash]
    facts: dict[str, list[Id]]
    notice: str | UnsetType = UNSET
    left_out: list[dict[str, Any]] | UnsetType = UNSET


# --- trees, by the definitions of RFC 9162, section 2.1 ------------------------------------------


def included(index: int, size: int, one: bytes, path: Sequence[bytes]) -> bytes:
    """The root to which a leaf's path leads (PATH)."""
    if size <= 1:
        _hold(not path and index == 0 and size == 1, "a path does not fit its place")
        return one
    _hold(bool(path) and 0 <= index < size, "a path does not fit its place")
    *rest, last = path
    left = _left(size)
    if index < left:
        return node_hash(included(index, left, one, rest), last)
    return node_hash(last, included(index - left, size - left, one, rest))


def grown(
    first: int, second: int, path: Sequence[bytes], known: bytes | None
) -> tuple[bytes, bytes]:
    """The roots of both sizes to which a proof of consistency leads (SUBPROOF); `known` is the
    first one's, where it is a subtree of the second."""
    if first == second:
        _hold(len(path) == (known is None), "the way between the checkpoints does not fit them")
        return (known or path[0],) * 2
    _hold(bool(path) and 0 < first < second, "the way between the checkpoints does not fit them")
    *rest, last = path
    left = _left(second)
    if first <= left:
        old, new = grown(first, left, rest, known)
        return old, node_hash(new, last)
    old, new = grown(first - left, second - left, rest, None)
    return node_hash(last, old), node_hash(last, new)


def covered(
    start: int, size: int, first: int, leaves: Sequence[bytes], beside: Iterator[bytes]
) -> bytes:
    """The root over `size` leaves from `start` on, of which some from `first` on are given and the
    hashes beside them, from left to right."""
    if start + size <= first or first + len(leaves) <= start:
        return next(beside)
    if size == 1:
        return leaves[start - first]
    left = _left(size)
    before = covered(start, left, first, leaves, beside)
    return node_hash(before, covered(start + left, size - left, first, leaves, beside))


def _left(size: int) -> int:
    """How many leaves are on the left: the largest power of two below all of them."""
    return 1 << (size - 1).bit_length() - 1


# --- what the files say, in their one right form -------------------------------------------------


def _hold(so: bool, otherwise: str) -> None:
    if not so:
        raise DoesNotHold(otherwise)


def _read(content: bytes, kind: type[T]) -> T:
    """What a file in JSON says, if it is of this form and names it. Raises DoesNotHold."""
    told = _json(content)
    _hold(isinstance(told, dict) and "format" in told, "a file names no format")
    return convert(told, kind)


def _json(content: bytes, fractions: bool = False) -> Any:
    """What a file in JSON says: each name once, whole numbers alone unless there may be others, not
    too deep. Raises DoesNotHold."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        _hold(len(dict(pairs)) == len(pairs), "a file in JSON says a name twice")
        return dict(pairs)

    def whole(told: str) -> NoReturn:
        raise DoesNotHold(f"{told[:20]} is no whole number")

    try:
        told = json.loads(
            content.decode(),
            object_pairs_hook=once,
            parse_float=float if fractions else whole,
            parse_constant=whole,
        )
        _hold(_deep(told) <= DEEPEST, "a file in JSON is nested too deep")
        return told
    except (ValueError, RecursionError) as error:
        raise DoesNotHold(f"a file is not what it should be ({str(error)[:200]})") from None


def _deep(told: object) -> int:
    within = told.values() if isinstance(told, dict) else told if isinstance(told, list) else None
    return 0 if within is None else 1 + max(map(_deep, within), default=0)


def _bytes(told: str) -> bytes:
    found = b64decode(told, validate=True)
    _hold(b64encode(found).decode() == told, "a text in base64 is not in its one right form")
    return found


def _hashes(told: Sequence[str]) -> list[bytes]:
    return [bytes.fromhex(one) for one in told]


# --- what is checked -----------------------------------------------------------------------------


@dataclass
class Checking:
    """One file under one policy. `doubts` are said where all the rest holds."""

    logs: Mapping[LogName, Pinned]
    doubts: list[str] = field(default_factory=list)

    def pinned(self, log: str) -> Pinned:
        """What the policy pins of a log. Raises DoesNotHold."""
        known = {str(name): one for name, one in self.logs.items()}
        _hold(log in known, f"the policy pins no log {log!r}")
        return known[log]

    def of(self, note: str) -> str:
        """Of which log a note is."""
        origin = note.partition("\n")[0]
        found = [name for name, one in self.logs.items() if one.origin == origin]
        _hold(len(found) == 1, "it is of no log that the policy pins")
        return found[0]

    def note(self, note: str, log: str) -> Checkpoint:
        """What a note says that a key of this log signed. Raises DoesNotHold."""
        one = self.pinned(log)
        found = one.opened(note)
        _hold(found.origin == one.origin, "the checkpoint is of another log")
        if one.quorum is not None:
            seen = cosigners(note, one.witnesses)
            if not one.quorum or len(seen) < one.quorum:
                self.doubts.append(f"{len(seen)} of {one.quorum} witnesses signed it")
        return found

    def item(self, proof: Item) -> list[Record]:
        """The records of an item, all that there are. Raises DoesNotHold."""
        told = self.note(proof.checkpoint, proof.log)
        origin = told.origin
        for version, record in enumerate(proof.records, start=1):
            _hold(record.stream == proof.stream, f"record {record.seq} is of another item")
            _hold(record.version == version, f"version {version} is not in the proof")
            one = _leaf(origin, record)
            _hold(one.hex() == record.leaf, f"record {record.seq} has another leaf")
            _under(told, included(record.seq - 1, told.size, one, _hashes(record.path)))
            words(record)
        head, last = proof.head, proof.records[-1]
        bits = [bit for bit, _ in head.path]
        _hold(all(a > b for a, b in pairwise(bits)), "the head's way is none")
        key = heads.key_of(origin.encode(), UUID(proof.stream).bytes)
        steps = [(bit, bytes.fromhex(one)) for bit, one in head.path]
        tip = heads.root_from(key, heads.Head(head.version, head.seq), steps)
        _hold(tip == told.heads, "the item's head is not under the signed root of heads")
        _hold(
            (last.version, last.seq) == (head.version, head.seq), "the item's last event is missing"
        )
        return proof.records

    def grown(self, proof: Grown) -> list[Record]:
        """Raises DoesNotHold where the second checkpoint does not continue the first."""
        one, two = self.note(proof.first, proof.log), self.note(proof.second, proof.log)
        _hold(0 < one.size <= two.size, "the second checkpoint is no later one")
        roots = grown(one.size, two.size, _hashes(proof.path), one.root)
        _hold(roots == (one.root, two.root), "the second checkpoint does not continue the first")
        return []

    def received(self, proof: Received) -> list[Record]:
        """Raises DoesNotHold where the records of a receipt are not under its checkpoint."""
        told, given, leaves = self.note(proof.checkpoint, proof.log), proof.receipt, proof.leaves
        first = given.seq if given.first is UNSET else given.first
        fits = given.log == proof.log and 0 < first <= given.seq <= told.size
        _hold(fits and len(leaves) == given.seq - first + 1, "it is not of this receipt's records")
        ones = _hashes(leaves)
        whole = covered(0, len(ones), 0, ones, iter(()))
        fits = leaves[-1] == given.leaf and whole.hex() == (
            given.leaf if given.root is UNSET else given.root
        )
        _hold(fits, "the leaves are not those of the receipt")
        beside = iter(_hashes(proof.beside))
        _under(told, covered(0, told.size, first - 1, ones, beside))
        _hold(next(beside, None) is None, "there are more hashes than are needed")
        return []

    def tlog(self, text: str) -> list[Record]:
        """Raises DoesNotHold where one record of C2SP tlog-proof is not under its note."""
        top, _, note = text.partition("\n\n")
        _, extra, index, *path = top.split("\n")
        told = self.note(note, self.of(note))
        place = re.fullmatch("index (0|[1-9][0-9]{0,15})", index)
        _hold(extra.startswith("extra ") and place is not None, "it is no proof of a record")
        data, at = _bytes(extra.removeprefix("extra ")), int(index.removeprefix("index "))
        steps = [_bytes(one) for one in path]
        _hold(all(len(one) == sha256().digest_size for one in steps), "a hash is none")
        _under(told, included(at, told.size, sha256(b"\0" + data).digest(), steps))
        here = leaf.prefix(told.origin)[1:] + (8).to_bytes(4) + (at + 1).to_bytes(8)
        _hold(data.startswith(here), f"the entry is not record {at + 1} of this log")
        return []

    def pack(self, files: Mapping[str, bytes]) -> list[Record]:
        """The records of a pack. Raises DoesNotHold."""
        told, made = _read(files["pack.json"], List), _read(files["made.json"], Item)
        _hold(made.log == "access" and made.stream == told.fact, "made.json is of another fact")
        (recorded,) = self.item(made)
        _hold(recorded.topic == "pack.made@1", "made.json is of another fact")
        listed = sha256(files["pack.json"]).hexdigest()
        _hold(_clear(recorded)["event"]["manifest"] == listed, "its list is not the recorded one")
        hashes = {name: sha256(content).hexdigest() for name, content in files.items()}
        own = {"pack.json", "made.json"}
        _hold({n: h for n, h in hashes.items() if n not in own} == told.files, "its files changed")
        note, found = files["log.checkpoint"].decode(), list[Record]()
        for name in sorted(one for one in files if one.startswith("proofs/")):
            proof = _read(files[name], Item)
            _hold(name == f"proofs/{proof.stream}.json", f"{name} is another proof")
            _hold(
                (proof.log, proof.checkpoint) == (told.log, note), f"{name} is under another note"
            )
            found += self.item(proof)
        items = {one.stream for one in found}
        _hold(told.item in items, "the proof of the item itself is missing")
        facts = {f"{one.stream}:{one.version}": one for one in found}
        _hold(facts.keys() == told.facts.keys(), "its list names other facts than are proven")
        for ref, record in facts.items():
            causes = set(told.facts[ref])
            _hold(causes <= items, f"{ref} rests on what is not in the pack")
            _hold(record.state is UNSET or _causes(record) == causes, f"{ref} names other causes")
        said = (told.notice == NOTICE) != (told.left_out is not UNSET)
        _hold(said and told.notice in (NOTICE, UNSET), "it does not say what may be closed")
        return found

    def kept(self, copy: str, log: str, notes: Sequence[str]) -> None:
        """Raises DoesNotHold where a checkpoint that was kept is not one of these."""
        mine = self.note(copy, log)
        same = [one for note in notes if (one := self.note(note, log)).size == mine.size]
        agree = all(one.root == mine.root and mine.heads in (None, one.heads) for one in same)
        _hold(bool(same) and agree, f"your checkpoint of {mine.size} records is not shown to be so")

    def receipt(self, given: Receipt, log: str, records: Sequence[Record]) -> None:
        """Raises DoesNotHold where a receipt's record is not among these."""
        found = [one.leaf for one in records if one.seq == given.seq and log == given.log]
        _hold(found == [given.leaf], f"record {given.seq} of the receipt is not in it")


def _under(told: Checkpoint, root: bytes) -> None:
    _hold(root == told.root, "a record is not under the signed root")


def _leaf(origin: str, one: Record) -> bytes:
    """The leaf of a record of which the hash of the stored bytes is known, and perhaps no more."""
    topic = one.topic.encode()
    parts = (
        (8, one.seq.to_bytes(8)),
        (16, UUID(one.stream).bytes),
        (8, one.version.to_bytes(8)),
        (len(topic), topic),
        (8, one.recorded.to_bytes(8)),
        (32, bytes.fromhex(one.state_sha256)),
    )
    told = b"".join(size.to_bytes(4) + part for size, part in parts)
    return sha256(leaf.prefix(origin) + told).digest()


def _parts(record: Record) -> tuple[int, bytes, bytes]:
    """How the stored bytes of a record are sealed, its clear part and its body."""
    state = _bytes(str(record.state))
    _hold(sha256(state).hexdigest() == record.state_sha256, "its words are not those sealed")
    _hold(len(state) > 5 and state[0] in (1, 2), "its words are not stored as this file knows it")
    end = 5 + int.from_bytes(state[1:5])
    return state[0], state[5:end], state[end:]


def words(record: Record) -> str | None:
    """What a record says; None where it did not come along, or was erased. Raises DoesNotHold."""
    if record.state is UNSET:
        return None
    _hold(record.opens is not UNSET, "nothing says how its words are opened")
    kind, clear, body = _parts(record)
    if kind == 2 and record.opens is None:
        return None
    if kind == 2:
        place = envelope.place(UUID(record.stream).bytes, record.version, record.topic, clear)
        body = envelope.opened(bytes.fromhex(str(record.opens)), place, body)
    return (clear + body).decode()


def _clear(record: Record) -> dict[str, Any]:
    kind, clear, body = _parts(record)
    told: dict[str, Any] = json.loads(clear + (b"}}" if kind == 2 else body))
    return told


def _causes(record: Record) -> set[str]:
    told = _clear(record)
    named = [one.partition(":")[0] for one in told["because_of"]]
    for name in RESTS_ON.get(record.topic.partition("@")[0], ()):
        value = told["event"].get(name)
        named += value if isinstance(value, list) else [value] if value else []
    return {one for one in named if re.fullmatch(_ID, one)}


def unpacked(content: bytes) -> dict[str, bytes]:
    """The files of a pack. Raises DoesNotHold for what is none."""
    with ZipFile(BytesIO(content)) as archive:
        members = archive.infolist()
        plain = all(one.compress_type in (ZIP_STORED, ZIP_DEFLATED) for one in members)
        names = [one.filename for one in members if _MEMBER.fullmatch(one.filename)]
        _hold(len(set(names)) == len(members) <= MOST_FILES and plain, "it is no pack")
        size = max(len(content), sum(one.file_size for one in members))
        _hold(size <= MOST_BYTES, "it is larger than a pack can be")
        files = {one.filename: archive.read(one) for one in members}
    packed = b"".join(_stored(content[one.header_offset :], one) for one in members)
    end = END.pack(
        b"PK\5\6", 0, 0, len(members), len(members), len(content) - len(packed) - END.size,
        len(packed), 0,
    )  # fmt: skip
    whole = content.startswith(packed) and content.endswith(end)
    _hold(whole, "another program would read other files in it")
    return files


def _stored(rest: bytes, one: ZipInfo) -> bytes:
    """A file as it stands in the archive, if it says of itself what the list at the end says."""
    *told, crc, packed, size, name, more = MEMBER.unpack_from(rest)
    said = told[2], told[3], crc, packed, size
    listed = one.flag_bits, one.compress_type, one.CRC, one.compress_size, one.file_size
    bare = not (more or one.extra or one.comment)  # some programs read another name there
    _hold(bare and said == listed, "a file of it says something else of itself than the list")
    return rest[: MEMBER.size + name + packed]


def check(
    content: bytes, pinned: str, receipt: bytes | None = None, copy: str | None = None
) -> list[Record]:
    """The records that a file proves. Raises DoesNotHold; Unproven where the rest holds."""
    try:
        here = Checking(policy.read(pinned))
        if content.startswith(b"PK"):
            files = unpacked(content)
            records, log = here.pack(files), _read(files["pack.json"], List).log
            notes = [files["log.checkpoint"].decode()]
            if copy and here.of(copy) == "access":
                log, notes = "access", [_read(files["made.json"], Item).checkpoint]
        elif content.lstrip()[:1] in (b"{", b"["):
            proof = _read(content, Item | Grown | Received)  # type: ignore[arg-type]
            checks: dict[type, Any] = {Item: here.item, Grown: here.grown, Received: here.received}
            records, log = checks[type(proof)](proof), proof.log
            two = isinstance(proof, Grown)
            notes = [proof.first, proof.second] if two else [proof.checkpoint]
        elif (text := content.decode()).startswith(TLOG):
            note = text.partition("\n\n")[2]
            records, log, notes = here.tlog(text), here.of(note), [note]
        else:
            records, log, notes = [], here.of(text), [text]
            here.note(text, log)
        if copy:
            here.kept(copy, log, notes)
        if receipt:
            told = _json(receipt, fractions=True)  # a command's answer, more than the receipt
            here.receipt(convert(told.get("receipt", told), Receipt), log, records)
    except (BadCheckpoint, WrongKey, BadPolicy, SealBroken) as error:
        raise DoesNotHold(str(error)) from None
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, KeyError, ValueError) as error:
        raise DoesNotHold(f"it is not what it should be ({error!r})"[:200]) from None
    except (StopIteration, TypeError, IndexError, RuntimeError, struct.error) as error:
        raise DoesNotHold(f"it is not what it should be ({error!r})"[:200]) from None
    if here.doubts:
        raise Unproven(here.doubts[0])
    return records


def main(arguments: list[str] | None = None) -> int:
    """Check a file and say what it shows; the exit code."""
    parser = argparse.ArgumentParser(description="Does what was handed out hold?")
    parser.add_argument("file", type=Path)
    parser.add_argument("--policy", type=Path, required=True)
    parser.add_argument("--receipt", type=Path)
    parser.add_argument("--copy", type=Path, help="a checkpoint that you kept")
    given = parser.parse_args(arguments)
    try:
        more = given.receipt and given.receipt.read_bytes(), given.copy and given.copy.read_text()
        records = check(given.file.read_bytes(), given.policy.read_text(), *more)
    except (DoesNotHold, OSError, UnicodeDecodeError) as fault:
        sys.stderr.write(f"IT DOES NOT HOLD: {str(fault)!a}\n")
        return 4
    except Unproven as doubt:
        sys.stderr.write(f"UNPROVEN: {doubt}\n")
        return 6
    for one in records:
        sys.stdout.write(f"record {one.seq}: {one.topic!a}, item {one.stream}\n")
    sys.stdout.write("It holds.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
