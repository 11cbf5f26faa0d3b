"""Check whether a proof holds, without the store. Anyone can do this on any machine, without a
network.

    python -m ledger.verify FILE --policy POLICY [--receipt FILE] [--copy CHECKPOINT] [--keys FILE]
    python -I verify.py FILE --policy POLICY …       (this one file, copied to another machine)

FILE is the output of `continuum proof`, `continuum receipt` or `continuum pack`: the proof of an
item, of consistency or of a receipt, or an archive with the proofs of an item and of everything on
which it is based. POLICY has the origins and public keys that you got from a person you trust, and
not from the server. With --receipt, the record of your receipt must be among the proven records.
With --copy, your own checkpoint must agree with the proof's checkpoint if both have the same size.
--keys adds the signer's published notes about changes of its keys, if your policy lacks them.

It is one file, however long, so that it can be copied; it needs only Python 3.11. It uses none of
the product's code: leaves and trees are hashed here as in RFC 9162, Ed25519 signatures are checked
as in RFC 8032, section 5.1.7, and included text is decrypted as in RFC 5869 (HKDF) and NIST SP
800-38D (AES-GCM). Read it before you trust it. Exit codes: 0 the proof holds; 2 bad input; 4 the
proof does not hold; 6 unproven: it is signed, but not by the witnesses that the policy requires, or
the policy requires none (quorum 0). With --allow-unproven the code is then 0 as well, and the
output says so.
"""

import argparse
import base64
import functools
import hashlib
import hmac
import io
import json
import os
import re
import struct
import sys
import uuid
import zipfile
import zlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TextIO, TypedDict


class DoesNotHold(Exception):
    """Raised if a proof does not hold; the message says what failed."""


class BadInput(Exception):
    """Raised for a file that is not of the expected form."""


class Unproven(Exception):
    """Raised if a claim is neither refuted nor proven; the message says why."""


MALFORMED = (
    KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError, struct.error,
)  # fmt: skip
"""Errors that may occur when a file that somebody else made is read."""


# --- reading: one permitted form for everything, so that all verifiers agree ----------------------

DEEPEST = 32
"""Largest number of levels in a JSON file; the files described here have four."""
MOST = 1 << 53
"""Numbers are smaller than this, so that every programming language represents them exactly."""


# --- the contents of the files --------------------------------------------------------------------


class Record(TypedDict, total=False):
    """A record of a log as a proof shows it; `state` is in base64, hashes are in hexadecimal."""

    seq: int
    stream: str
    version: int
    topic: str
    recorded: int
    state_sha256: str
    state: str
    opens: str | None
    leaf: str
    path: list[str]


class Head(TypedDict):
    """The last record of an item, and the path from it to the root of heads."""

    version: int
    seq: int
    path: list[tuple[int, str]]


class Receipt(TypedDict, total=False):
    """The receipt of a recorded entry, by itself or within a file."""

    log: str
    seq: int
    leaf: str
    first: int
    root: str
    receipt: "Receipt"


class Proof(TypedDict, total=False):
    """A proof file: of an item, of consistency, or of a receipt."""

    format: str
    log: str
    stream: str
    checkpoint: str
    records: list[Record]
    head: Head
    unsigned: int
    first: str
    second: str
    path: list[str]
    receipt: Receipt
    leaves: list[str]
    beside: list[str]


class Outside(TypedDict):
    """The witnesses of a log, and how many of them have to sign."""

    keys: list[str]
    quorum: int


class Log(TypedDict, total=False):
    """The part of a policy about one log."""

    origin: str
    keys: list[str]
    changes: list[str]
    witnesses: Outside


class Policy(TypedDict, total=False):
    """The logs, keys and witnesses that an auditor trusts."""

    format: str
    logs: dict[str, Log]
    witnesses: Outside


def read_json(content: bytes, fractions: bool = False) -> Any:
    """Return the content of a JSON text (UTF-8), with each name once and only whole numbers, unless
    there may be `fractions`. Raises BadInput.
    """

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            raise BadInput("a file in JSON contains a name twice")
        return found

    def refused(told: str) -> Any:
        raise BadInput(f"a file in JSON contains {told[:20]}, which is not a whole number")

    text = content.decode()
    depth = deepest = 0
    for mark in re.findall(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', text, re.DOTALL):
        depth += (mark in "[{") - (mark in "]}")
        deepest = max(deepest, depth)
    if deepest > DEEPEST:
        raise BadInput("a file in JSON is nested too deep")
    other = float if fractions else refused
    return json.loads(text, object_pairs_hook=once, parse_float=other, parse_constant=refused)


def _number(told: object) -> int:
    """Return a whole number of at least 0. Raises BadInput for any other value."""
    if type(told) is not int or not 0 <= told < MOST:
        raise BadInput(f"{str(told)[:20]!r} is not a number")
    return told


def _hex(text: str, size: int | None = None) -> bytes:
    """Return the bytes that these lower-case hexadecimal digits encode. Raises BadInput."""
    if not re.fullmatch("(?:[0-9a-f]{2})*", text) or size not in (None, len(text) // 2):
        raise BadInput("a hash or a key in hexadecimal is not written in the only allowed form")
    return bytes.fromhex(text)


def _id(text: str) -> bytes:
    """Return the 16 bytes of an id. Raises BadInput."""
    if not re.fullmatch("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text):
        raise BadInput("an id is not written in the only allowed form")
    return bytes.fromhex(text.replace("-", ""))


OPENS = "null, or the secret of one record"
RECORD = {
    "seq": int,
    "stream": str,
    "version": int,
    "topic": str,
    "recorded": int,
    "state_sha256": str,
    "leaf": str,
    "path": [str],
    "state?": str,
    "opens?": OPENS,
}
RECEIPT = {"log": str, "seq": int, "leaf": str, "first?": int, "root?": str}
FORMS: dict[str, Any] = {
    "continuum-proof/2": {
        "log": str,
        "stream": str,
        "checkpoint": str,
        "unsigned": int,
        "head?": {"version": int, "seq": int, "path": [(int, str)]},
        "records": [RECORD],
    },
    "continuum-consistency/1": {"log": str, "first": str, "second": str, "path": [str]},
    "continuum-receipt/1": {
        "log": str,
        "checkpoint": str,
        "receipt": RECEIPT,
        "leaves": [str],
        "beside": [str],
    },
    "continuum-pack/2": {
        "log": str,
        "item": str,
        "fact": str,
        "files": {"*": str},
        "facts": {"*": [str]},
        "notice?": str,
        "left_out?": [{"*": None}],
        "elsewhere?": [{"fact": str, "event": str}],
    },
}
"""For each kind of file, its fields and the type of each: a list has elements of one type, a pair
has two types, an object has named fields ("?": the field may be absent, "*": any name). Further
fields have no meaning."""


def _formed(told: Any, form: Any) -> None:
    """Raise BadInput if the content of a file does not have this form; this is checked before the
    content is used."""
    if form is int:
        _number(told)
    elif form is str:
        _sort(told, str)
    elif form is OPENS and told is not None:
        _sort(told, str)
        _hex(told, 32)
    elif isinstance(form, dict):
        _sort(told, dict)
        for name, sort in form.items():
            field = name.removesuffix("?")
            if field == name != "*" and name not in told:
                raise BadInput(f"a file lacks the field {name!r}")
            for one in told.values() if name == "*" else [told[field]] if field in told else []:
                _formed(one, sort)
    elif isinstance(form, list | tuple):
        _sort(told, (list, tuple))
        if isinstance(form, tuple) and len(told) != len(form):
            raise BadInput(
                f"a file contains a list of {len(told)} values, which must have {len(form)}"
            )
        for one, sort in zip(
            told, form if isinstance(form, tuple) else form * len(told), strict=True
        ):
            _formed(one, sort)


def _sort(told: object, sort: type | tuple[type, ...]) -> None:
    """Raise BadInput if a value is not of this type."""
    if not isinstance(told, sort):
        raise BadInput(
            f"a file contains {str(told)[:20]!r} where another type of value is required"
        )


# --- Ed25519 (RFC 8032): the curve -x² + y² = 1 + d x² y² over the integers modulo P -------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)

Point = tuple[int, int, int, int]
"""x = X/Z, y = Y/Z, x y = T/Z."""


def _plus(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(number: int, p: Point) -> Point:
    result: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            result = _plus(result, p)
        p = _plus(p, p)
        number >>= 1
    return result


def _point(encoded: bytes) -> Point | None:
    """Return the point of the curve that 32 bytes encode, or None."""
    number = int.from_bytes(encoded, "little")
    y, sign = number & (1 << 255) - 1, number >> 255
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = _point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


@functools.lru_cache(64)
def signed_by(public: bytes, message: bytes, signature: bytes) -> bool:
    """Return whether this is the Ed25519 signature of a message by this public key."""
    if len(public) != 32 or len(signature) != 64 or BASE is None:
        return False
    key, r = _point(public), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if key is None or r is None or s >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    k = int.from_bytes(digest, "little") % ORDER
    left, right = _times(s, BASE), _plus(r, _times(k, key))
    return not (left[0] * right[2] - right[0] * left[2]) % P and not (
        (left[1] * right[2] - right[1] * left[2]) % P
    )


# --- the Merkle tree (RFC 9162, sections 2.1.3.2 and 2.1.4.2) -------------------------------------


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def root_from_inclusion(index: int, size: int, leaf: bytes, path: list[bytes]) -> bytes | None:
    """Return the root to which a leaf's path leads; None if the path does not fit the leaf's
    position."""
    if not 0 <= index < size:
        return None
    fn, sn, root = index, size - 1, leaf
    for node in path:
        if sn == 0:
            return None
        if fn & 1 or fn == sn:
            root = _node(node, root)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            root = _node(root, node)
        fn, sn = fn >> 1, sn >> 1
    return root if sn == 0 else None


def root_from_range(
    first: int, size: int, leaves: list[bytes], beside: list[bytes]
) -> bytes | None:
    """Return the root over `size` leaves, from some leaves (given from `first` on) and the hashes
    beside them, from left to right; None if the number of these hashes is not the one that the
    position needs."""
    last, left, right = first + len(leaves), iter(leaves), iter(beside)
    if not 0 <= first < last <= size:
        return None

    def root(start: int, end: int) -> bytes:
        if end <= first or last <= start:
            return next(right)
        if end - start == 1:
            return next(left)
        middle = start + (1 << (end - start - 1).bit_length() - 1)
        return _node(root(start, middle), root(middle, end))

    try:
        found = root(0, size)
    except StopIteration:
        return None
    return found if next(right, None) is None else None


def consistent(first: int, root: bytes, second: int, root2: bytes, path: list[bytes]) -> bool:
    """Return whether the tree of `second` leaves begins with the tree of `first`."""
    if not 0 < first <= second:
        return False
    if first == second:
        return root == root2 and not path
    path = [root, *path] if first & (first - 1) == 0 else path
    if not path:
        return False
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    old = new = path[0]
    for node in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            old, new = _node(node, old), _node(node, new)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            new = _node(new, node)
        fn, sn = fn >> 1, sn >> 1
    return old == root and new == root2 and sn == 0


# --- decryption of included text: AES-256 (FIPS 197), GCM (SP 800-38D), HKDF (RFC 5869) ----------

# the parts before the ciphertext: version, id of the key, salt, commitment
_SEALED = struct.Struct(">B16s32s32s")
_INFO = b"continuum/envelope/1"


def _doubled(byte: int) -> int:
    return byte << 1 ^ (0x11B if byte & 0x80 else 0)


def _s_box() -> bytes:
    """Return the AES substitution table: inverses in the field of 256 elements, each then
    transformed as FIPS 197 says.
    """
    box, p, q = bytearray(256), 1, 1
    while True:
        p ^= _doubled(p)  # p times 3, a generator of the field; q is its inverse
        for shift in (1, 2, 4):
            q ^= q << shift & 0xFF
        q ^= 0x09 if q & 0x80 else 0
        turned = q
        for shift in range(1, 5):
            turned ^= (q << shift | q >> (8 - shift)) & 0xFF
        box[p] = turned ^ 0x63
        if p == 1:
            box[0] = 0x63
            return bytes(box)


S_BOX = _s_box()
# for each byte, the position from which ShiftRows takes it
_MOVED = bytes(5 * i % 16 for i in range(16))


def _round_keys(key: bytes) -> list[bytes]:
    words = [key[i : i + 4] for i in range(0, 32, 4)]
    constant = 1
    for i in range(8, 60):
        word = words[-1]
        if i % 8 == 0:
            word = bytes(S_BOX[b] for b in word[1:] + word[:1])
            word, constant = bytes((word[0] ^ constant, *word[1:])), _doubled(constant)
        elif i % 8 == 4:
            word = bytes(S_BOX[b] for b in word)
        words.append(bytes(a ^ b for a, b in zip(words[-8], word, strict=True)))
    return [b"".join(words[i : i + 4]) for i in range(0, 60, 4)]


def _encrypted(keys: list[bytes], block: bytes) -> bytes:
    """Return one block of 16 bytes encrypted with AES-256."""
    state = bytes(a ^ b for a, b in zip(block, keys[0], strict=True))
    for key in keys[1:]:
        state = bytes(S_BOX[state[i]] for i in _MOVED)
        if key is not keys[-1]:
            mixed = bytearray()
            for c in range(0, 16, 4):
                a = state[c : c + 4]
                every = a[0] ^ a[1] ^ a[2] ^ a[3]
                mixed += bytes(a[i] ^ every ^ _doubled(a[i] ^ a[(i + 1) % 4]) for i in range(4))
            state = bytes(mixed)
        state = bytes(a ^ b for a, b in zip(state, key, strict=True))
    return state


def _ghash(h: int, data: bytes) -> int:
    """Return the GHASH of whole blocks, whose bits are in reverse order, modulo x^128 + x^7 + x^2 +
    x + 1.
    """
    powers = []
    for _ in range(128):
        powers.append(h)
        h = h >> 1 ^ (0xE1 << 120 if h & 1 else 0)
    total = 0
    for at in range(0, len(data), 16):
        total ^= int.from_bytes(data[at : at + 16], "big")
        product = 0
        while total:
            top = total.bit_length()
            product ^= powers[128 - top]
            total ^= 1 << top - 1
        total = product
    return total


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 16)


def gcm_opened(key: bytes, nonce: bytes, sealed: bytes, beside: bytes) -> bytes | None:
    """Return the plain text of an AES-256-GCM ciphertext followed by its tag, with `beside` as
    associated data; None if any part is wrong.
    """
    keys = _round_keys(key)
    text, tag = sealed[:-16], sealed[-16:]
    lengths = struct.pack(">QQ", 8 * len(beside), 8 * len(text))
    h = int.from_bytes(_encrypted(keys, bytes(16)), "big")
    mask = int.from_bytes(_encrypted(keys, nonce + struct.pack(">I", 1)), "big")
    expected = _ghash(h, _padded(beside) + _padded(text) + lengths) ^ mask
    if expected.to_bytes(16, "big") != tag:
        return None
    blocks = range(2, 2 + -(-len(text) // 16))
    stream = b"".join(_encrypted(keys, nonce + struct.pack(">I", n)) for n in blocks)
    return bytes(a ^ b for a, b in zip(text, stream, strict=False))


def words_of(record: Record, state: bytes) -> str | None:
    """Return the content of a record as JSON, decrypted with the secret of this record if it is
    encrypted; None if its key was destroyed. Raises DoesNotHold if the secret belongs to another
    record."""
    kind, length = struct.unpack_from(">BI", state)
    clear, body, opens = state[5 : 5 + length], state[5 + length :], record["opens"]
    if kind == 2:
        if opens is None:
            return None
        version, _, _, commitment = _SEALED.unpack_from(body)
        if version != 1:
            raise DoesNotHold("its text is not sealed in a form that this program reads")
        own = _hex(opens, 32)
        key = hmac.digest(own, _INFO + b"\x01", "sha256")
        if hmac.digest(own, key + _INFO + b"\x02", "sha256") != commitment:
            raise DoesNotHold("the given key is not the key of this record")
        beside = struct.pack(
            ">16sq32s",
            _id(record["stream"]),
            record["version"],
            hashlib.sha256(clear).digest(),
        )
        sealed = body[_SEALED.size :]
        opened = gcm_opened(key, bytes(12), sealed, beside + record["topic"].encode())
        if opened is None:
            raise DoesNotHold("its text was sealed for another record")
        body = opened
    return (clear + body).decode()


# --- leaves, checkpoints, policies ---------------------------------------------------------------


def leaf_of(origin: str, record: Record) -> bytes:
    """Return the hash of a record's leaf: of a zero byte, and then each part with its length before
    it."""
    return hashlib.sha256(b"\0" + leaf_data(origin, record)).digest()


def leaf_data(origin: str, record: Record) -> bytes:
    """Return the data of a record's leaf, which are hashed after the zero byte."""
    number = struct.Struct(">q").pack
    parts = (
        b"EV1",
        origin.encode(),
        number(_number(record["seq"])),
        _id(record["stream"]),
        number(_number(record["version"])),
        record["topic"].encode(),
        number(_number(record["recorded"])),
        _hex(record["state_sha256"], 32),
    )
    return b"".join(struct.pack(">I", len(part)) + part for part in parts)


Signed = tuple[int, bytes, bytes | None]
"""Size, root, and root of heads; older checkpoints have no heads."""


def read_checkpoint(note: str, log: Log) -> Signed:
    """Return the content of a checkpoint's signed note.

    Raises DoesNotHold unless a key in the policy signed it, and Unproven unless as many witnesses
    signed it as the policy requires.
    """
    if re.search(r"[\x00-\x09\x0b-\x1f]", note):
        raise BadInput("a checkpoint contains a control character")
    text, _, _ = note.partition("\n\n")
    origin, size, root, *more = text.split("\n")
    if more and more[-1].startswith("keys "):  # the root of the key table, which is not used here
        _, moved, keys = more.pop().split(" ")
        _count(moved), _hash(keys)
    if len(more) > 1 or any(not line.startswith("heads ") for line in more):
        raise BadInput("a checkpoint has more lines than this program reads")
    if origin != log["origin"]:
        raise DoesNotHold(f"the checkpoint is of {origin}, not of {log['origin']}")
    until = keys_until(log)
    if origin not in _signers(note, list(until), 1):
        raise DoesNotHold("wrong key: no pinned key signed this checkpoint")
    if origin not in _signers(note, [key for key in until if _count(size) <= until[key]], 1):
        raise DoesNotHold(
            f"wrong key: the key of this checkpoint is not valid for {size} records: it was "
            "revoked or replaced"
        )
    if "witnesses" in log:
        check_witnesses(note, log["witnesses"])
    heads = [_hash(line.removeprefix("heads ")) for line in more]
    return _count(size), _hash(root), heads[0] if heads else None


ALWAYS = 2**63 - 1


def keys_until(log: Log) -> dict[str, int]:
    """Return the valid keys of a log's signer, each with its last record: the keys in the policy,
    and those named by the notes in its `changes`. A valid key signs a note that the next key
    succeeds it; or a later key signs that an earlier one is revoked. Raises DoesNotHold if a key
    has two successors and neither is in the policy."""
    pinned, changes = log["keys"], log.get("changes", [])
    until, after = dict.fromkeys(pinned, ALWAYS), dict[str, str]()
    changes = sorted(changes, key=lambda note: note.split("\n")[3] not in pinned)
    # the notes may be in any order; of two successors the one in the policy counts
    for note in changes * len(changes):
        said, origin, act, key = note.partition("\n\n")[0].split("\n")
        kind, _, size = act.partition(" ")
        if said != "continuum-key/1" or origin != log["origin"]:
            raise BadInput("a note on the signer's keys has another form, or is of another log")
        for by in [one for one in until if _signed_note(note, one)]:
            if kind == "succeeded" and key != by:
                known = after.setdefault(by, key)
                if known != key and (known not in pinned or key in pinned):
                    raise DoesNotHold(
                        "wrong key: a key has two successors, and one belongs to a thief"
                    )
                if known == key:
                    until.setdefault(key, ALWAYS)
                    until[by] = min(until[by], _count(size))
            elif kind == "revoked" and key in until and _came_after(after, key, by):
                until[key] = min(until[key], _count(size))
    return until


def _signed_note(note: str, key: str) -> bool:
    try:
        return bool(_signers(note, [key], 1))
    except DoesNotHold:
        return False


def _came_after(after: dict[str, str], old: str, new: str) -> bool:
    seen = {old}
    while (old := after.get(old, old)) not in seen:
        if old == new:
            return True
        seen.add(old)
    return False


def check_witnesses(note: str, outside: Outside) -> None:
    """Check that as many witnesses signed a checkpoint as the policy requires. Raises Unproven, and
    DoesNotHold if a line in the name of a witness was not signed by that witness."""
    seen, quorum = _signers(note, outside["keys"], 4), outside["quorum"]
    if type(quorum) is not int or quorum < 0:
        raise BadInput("the policy's quorum is not a number")
    if not quorum:
        raise Unproven("signed but not witnessed: the policy asks for a quorum of 0 witnesses")
    if len(seen) < quorum:
        raise Unproven(f"signed but not witnessed: {len(seen)} of {quorum} witnesses signed it")


def _count(text: str) -> int:
    """Return a number that is written as in a checkpoint. Raises BadInput if it is written in
    another way."""
    if not re.fullmatch("0|[1-9][0-9]{0,18}", text, re.ASCII):
        raise BadInput(f"a checkpoint's size is not a number: {text!r}")
    return int(text)


def _hash(text: str) -> bytes:
    """Return a hash of 32 bytes from its only permitted form in base64. Raises BadInput."""
    found = _bytes(text)
    if len(found) != 32:
        raise BadInput("a checkpoint's root is not a SHA-256")
    return found


SPACES = r"\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""Unicode's white space, which no name of a key may contain."""


def _bytes(text: str) -> bytes:
    """Return the bytes of a base64 text in its only permitted form. Raises BadInput."""
    found = base64.b64decode(text, validate=True)
    if base64.b64encode(found).decode() != text:
        raise BadInput("a text in base64 is not written in the only allowed form")
    return found


def _signatures(note: str) -> list[tuple[str, bytes]]:
    """Return the signature lines of a note: the name, and the signature, whose first four bytes
    identify the key. Raises BadInput for a line that is not in the only correct form, whoever
    signed it."""
    *lines, last = note.partition("\n\n")[2].split("\n")
    if last:
        raise BadInput("the last line of a checkpoint has no line break")
    found = []
    for line in lines:
        told = re.fullmatch(f"\N{EM DASH} ([^+{SPACES}]+) ([A-Za-z0-9+/]+={{0,2}})", line)
        if told is None or len(raw := _bytes(told[2])) < 5:
            raise BadInput("a line below a checkpoint is not a signature")
        found.append((told[1], raw))
    return found


def _signers(note: str, keys: list[str], kind: int) -> dict[str, int]:
    """Return the keys that signed a note: keys of a log (kind 1) or of witnesses (kind 4), each
    with the earliest second at which it signed."""
    text, lines = note.partition("\n\n")[0], _signatures(note)
    found = dict[str, int]()
    for pinned in keys:
        name, told, body = pinned.split("+", 2)
        key = _bytes(body)
        key_hash = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
        if key[0] != kind or key_hash.hex() != told:
            raise BadInput(f"the policy's key {pinned!r} is damaged or of another kind")
        for signer, raw in lines:
            if signer != name or raw[:4] != key_hash:
                continue
            message, signature, second = f"{text}\n", raw[4:], 0
            if kind == 4:
                second, signature = int.from_bytes(raw[4:12], "big"), raw[12:]
                message = f"cosignature/v1\ntime {second}\n{message}"
            if not signed_by(key[1:], message.encode(), signature):
                raise DoesNotHold(f"wrong key: the signature of {name} belongs to another text")
            found[name] = min(found.get(name, second), second)
    return found


def existed(note: str, policy: Policy) -> list[str]:
    """Return sentences that say when the policy's witnesses signed a checkpoint, so that it existed
    by then. The signatures were checked before."""
    log = _log_of(note, policy)
    times = _signers(note, log["witnesses"]["keys"], 4) if "witnesses" in log else {}
    return [
        f"Its checkpoint existed before {_second(second)}: {name} signed it then."
        for second, name in sorted((second, name) for name, second in times.items())
    ]


def _second(told: int) -> str:
    if told >= 253_402_300_800:  # a time in the year 10000 or later
        return f"second {told} since 1970"
    return moment(told * 1_000_000)[:-8] + "Z"


# --- the map of heads: which record of an item is the last? ---------------------------------------


def check_head(proof: Proof, log: Log, heads: bytes | None) -> None:
    """Check that the proof's last record is the last of its item under the checkpoint, by the path
    from its head to the signed root of heads. Raises DoesNotHold.

    The key is SHA-256 of origin and stream, the leaf SHA-256 of 2, key, version and seq; a node is
    SHA-256 of 3, the first bit in which the keys below it differ, and both sides, first the one
    where this bit is 0.
    """
    if "head" not in proof:
        raise DoesNotHold("missing: the proof does not show that these are all events of the item")
    if heads is None:
        raise DoesNotHold("missing: the checkpoint does not sign the newest event of each item")
    head, last = proof["head"], proof["records"][-1]
    version, seq = _number(head["version"]), _number(head["seq"])
    key = hashlib.sha256(log["origin"].encode() + _id(proof["stream"])).digest()
    tip = hashlib.sha256(b"\2" + key + struct.pack(">qq", version, seq)).digest()
    above = 256
    for bit, told in head["path"]:
        beside = _hex(told)
        if type(bit) is not int or not 0 <= bit < above or len(beside) != 32:
            raise DoesNotHold("edited: the path from the item's head is not valid")
        above = bit
        right = key[bit // 8] >> (7 - bit % 8) & 1
        pair = beside + tip if right else tip + beside
        tip = hashlib.sha256(b"\3" + bytes([bit]) + pair).digest()
    if tip != heads:
        raise DoesNotHold("edited: the signed root of heads does not cover the item's newest event")
    if (last["version"], last["seq"]) != (version, seq):
        raise DoesNotHold(
            f"missing: the item's last event is version {version}, record {seq}, and the proof "
            f"ends with version {last['version']}, record {last['seq']}"
        )


def _hashes(path: list[str]) -> list[bytes]:
    return [_hex(node, 32) for node in path]


def records_of(proof: Proof, log: Log) -> tuple[int, list[tuple[Record, str | None]]]:
    """Check the proof of an item; return how many records were signed, and the proof's records in
    order, each with its text, or None if the text is not included or was erased. Raises
    DoesNotHold."""
    _formed(proof, FORMS["continuum-proof/2"])
    size, root, heads = read_checkpoint(proof["checkpoint"], log)
    records = proof["records"]
    if not records:
        raise DoesNotHold("the proof contains no record")
    found = []
    for number, record in enumerate(records, start=1):
        name = f"record {record['seq']}"
        if record["stream"] != proof["stream"]:
            raise DoesNotHold(f"{name} belongs to another item")
        if record["version"] != number:
            raise DoesNotHold(f"missing: version {number} of the item is not in the proof")
        words = None
        if "state" in record:
            state = _bytes(record["state"])
            if hashlib.sha256(state).hexdigest() != record["state_sha256"]:
                raise DoesNotHold(f"edited: the words of {name} are not those that were sealed")
            try:
                words = words_of(record, state)
            except DoesNotHold as fault:
                raise DoesNotHold(f"edited: {name}: {fault}") from None
        leaf = leaf_of(log["origin"], record)
        path = _hashes(record["path"])
        data = _hex(record["leaf"], 32)
        if leaf != data or root_from_inclusion(record["seq"] - 1, size, leaf, path) != root:
            raise DoesNotHold(f"edited: the signed root does not cover {name}")
        found.append((record, words))
    check_head(proof, log, heads)
    return size, found


def check_item(proof: Proof, log: Log) -> list[str]:
    """Check the proof of an item; return sentences with what it proves. Raises DoesNotHold."""
    size, found = records_of(proof, log)
    lines = []
    for record, words in found:
        name = f"record {record['seq']}: {record['topic']}, version {record['version']}"
        lines.append(f"{name}, recorded {record['recorded']}")
        if "state" in record:
            lines.append(f"  {words}" if words is not None else "  its words were erased")
    if _number(proof["unsigned"]):
        lines.append(f"{proof['unsigned']} later records are not signed yet and not proven")
    return [*lines, f"These are all events of the item among the {size} records that were signed."]


def check_consistency(proof: Proof, log: Log) -> list[str]:
    """Check that one checkpoint continues another; return sentences with what that proves. Raises
    DoesNotHold.
    """
    first, root, _ = read_checkpoint(proof["first"], log)
    second, root2, _ = read_checkpoint(proof["second"], log)
    if not consistent(first, root, second, root2, _hashes(proof["path"])):
        raise DoesNotHold(
            f"forked: the log of {second} records does not begin with that of {first}"
        )
    return [f"The log of {second} records begins with the log of {first} records."]


def check_signed_receipt(proof: Proof, log: Log) -> list[str]:
    """Check that the records of a receipt are under a checkpoint; return sentences with what that
    proves. Raises DoesNotHold.
    """
    size, root, _ = read_checkpoint(proof["checkpoint"], log)
    receipt, leaves = proof["receipt"], _hashes(proof["leaves"])
    seq, last = _number(receipt["seq"]), _hex(receipt["leaf"], 32)
    first = _number(receipt.get("first", seq))
    whole = _hex(receipt.get("root", receipt["leaf"]), 32)
    if receipt["log"] != proof["log"] or not 0 < first <= seq or len(leaves) != seq - first + 1:
        raise DoesNotHold("the proof is about other records than the receipt")
    if leaves[-1] != last or root_from_range(0, len(leaves), leaves, []) != whole:
        raise DoesNotHold("edited: the leaves are not the leaves of the receipt")
    if root_from_range(first - 1, size, leaves, _hashes(proof["beside"])) != root:
        raise DoesNotHold("edited: the signed root does not cover the receipt's records")
    which = f"record {seq} is" if first == seq else f"records {first} to {seq} are"
    return [f"The receipt's {which} among the {size} records that were signed."]


def check_receipt(receipt: Receipt, proof: Proof, origin: str) -> list[str]:
    """Check that the record of a receipt is among the records in the proof. Raises DoesNotHold."""
    _formed(receipt, RECEIPT)
    for record in proof.get("records", ()):
        if (proof["log"], record["seq"]) == (receipt["log"], receipt["seq"]):
            if leaf_of(origin, record).hex() != receipt["leaf"]:
                raise DoesNotHold(
                    f"edited: record {record['seq']} differs from the record of the receipt"
                )
            return [f"The receipt's record {record['seq']} is among them."]
    raise DoesNotHold(f"missing: record {receipt['seq']} of the receipt is not in this proof")


def check_copy(note: str, proof: Proof, log: Log) -> list[str]:
    """Compare the user's checkpoint with the checkpoint in the proof. Raises DoesNotHold."""
    kept, kept_root, kept_heads = read_checkpoint(note, log)
    told = [proof[name] for name in ("checkpoint", "first", "second") if name in proof]
    found = [read_checkpoint(one, log) for one in told]
    same = [one for one in found if one[0] == kept]
    if any(root != kept_root or kept_heads not in (None, heads) for _, root, heads in same):
        raise DoesNotHold(f"forked: your checkpoint of {kept} records has another root")
    if all(size < kept for size, _, _ in found):
        raise DoesNotHold(f"truncated: your checkpoint signs {kept} records, this proof fewer")
    if same:
        return [f"Your checkpoint of {kept} records is the same."]
    raise DoesNotHold(
        f"not proven: your checkpoint is of {kept} records, and nothing here shows that this log "
        "continues it. Ask for a proof of consistency (continuum proof --since), and give that one "
        "instead"
    )


def pinned_log(policy: Policy, name: str) -> Log:
    """Return what the policy states about a log, with its witnesses. Raises BadInput."""
    log = policy["logs"].get(name)
    if policy["format"] != "continuum-policy/1" or log is None:
        raise BadInput(f"the policy names no {name} log")
    return log | {"witnesses": policy["witnesses"]} if "witnesses" in policy else log


def check(
    proof: Proof, policy: Policy, receipt: Receipt | None = None, copy: str | None = None
) -> list[str]:
    """Check a proof file; return sentences with what it proves.

    Raises DoesNotHold, and BadInput for a file that is no proof or no policy.
    """
    try:
        kinds = {
            "continuum-proof/2": check_item,
            "continuum-consistency/1": check_consistency,
            "continuum-receipt/1": check_signed_receipt,
        }
        if proof["format"] == "continuum-proof/1":
            raise BadInput(
                "this proof has an older form, which does not show whether later events exist: "
                "ask for a new proof"
            )
        if proof["format"] not in kinds:
            raise BadInput(f"{proof['format']!r} is not a format that this program checks")
        _formed(proof, FORMS[proof["format"]])
        log = pinned_log(policy, proof["log"])
        lines = kinds[proof["format"]](proof, log)
        if receipt is not None:
            lines += check_receipt(receipt.get("receipt", receipt), proof, log["origin"])
        if copy is not None:
            lines += check_copy(copy, proof, log)
    except MALFORMED as error:
        raise BadInput(f"a file does not have the expected form ({error!r})") from None
    return lines


# --- one record, as a C2SP tlog-proof -------------------------------------------------------------

TLOG = "c2sp.org/tlog-proof@v1"


def check_tlog(text: str, policy: Policy) -> list[str]:
    """Check a C2SP tlog-proof of one record, whose `extra` is the data of the leaf; return
    sentences with what it proves. Raises DoesNotHold and BadInput.
    """
    top, _, note = text.partition("\n\n")
    try:
        _, extra, index, *path = top.split("\n")
        log = _log_of(note, policy)
        if extra[:6] != "extra " or index[:6] != "index ":
            raise BadInput("this file is not a proof of a record")
        place, data = _count(index[6:]), _bytes(extra[6:])
        size, root, _ = read_checkpoint(note, log)
        leaf = hashlib.sha256(b"\0" + data).digest()
        if root_from_inclusion(place, size, leaf, [_hash(one) for one in path]) != root:
            raise DoesNotHold(f"edited: the signed root does not cover record {place + 1}")
        record = _record_of(data)
        if leaf_data(log["origin"], record) != data or record["seq"] != place + 1:
            raise DoesNotHold(f"edited: the entry is not record {place + 1} of this log")
    except MALFORMED as error:
        raise BadInput(f"a file does not have the expected form ({error!r})") from None
    when = moment(record["recorded"])
    what = f"{record['topic']}, item {record['stream']}, version {record['version']}"
    return [
        f"record {record['seq']}, {when}: {what}",
        f"It is among the {size} records that were signed.",
        "That nothing came after it in its item: not proven here. Ask for the item's proof.",
    ]


def check_note(note: str, policy: Policy, copy: str | None = None) -> list[str]:
    """Check a checkpoint by itself; return sentences with what it proves. Raises DoesNotHold and
    BadInput.
    """
    try:
        log = _log_of(note, policy)
        size, root, _ = read_checkpoint(note, log)
        lines = [f"{log['origin']} signed {size} records, root {root.hex()}"]
        if copy is not None:
            lines += check_copy(copy, {"checkpoint": note}, log)
    except MALFORMED as error:
        raise BadInput(f"a file does not have the expected form ({error!r})") from None
    return lines


def _log_of(note: str, policy: Policy) -> Log:
    """Return what the policy states about the log of a checkpoint. Raises BadInput."""
    origin = note.partition("\n")[0]
    for name, one in policy["logs"].items():
        if one["origin"] == origin:
            return pinned_log(policy, name)
    raise BadInput("the file is not from a log that the policy names")


def _record_of(data: bytes) -> Record:
    """Return the record in the data of its leaf, in which each part has its length before it."""
    parts = []
    while data:
        (length,) = struct.unpack_from(">I", data)
        parts.append(data[4 : 4 + length])
        data = data[4 + length :]
    _, _, seq, stream, version, topic, recorded, state = parts
    numbers = [struct.unpack(">q", one)[0] for one in (seq, version, recorded)]
    return {
        "seq": numbers[0],
        "stream": str(uuid.UUID(bytes=stream)),
        "version": numbers[1],
        "topic": topic.decode(),
        "recorded": numbers[2],
        "state_sha256": state.hex(),
    }


# --- packs ---------------------------------------------------------------------------------------

PACK = "continuum-pack/2"
MOST_FILES = 5_000
MOST_BYTES = 64 << 20
"""Largest size of all files together when unpacked, in bytes; and largest size of the archive."""

NOTICE = "This is one reader's view. Steps may be closed to its reader: what was is not in it."
"""The statement in every pack that is not an auditor's, whether or not a step is closed."""

RESTS_ON = {
    "report.item_graded": ("observation",),
    "report.corroboration_judged": ("observations",),
    "link.asserted": ("observation", "report", "exhibit"),
    "evidence.gathered": ("observations",),
    "notice.breached": ("notice", "item"),
    "notice.service_told": ("photograph", "statement"),
}
"""The fields in which an event names the items on which it rests, besides the causes in its
header."""

_MEMBER = re.compile(
    r"(README|trail|words)\.txt|(pack|made)\.json|log\.checkpoint|proofs/[0-9a-f-]{36}\.json"
)


def unpack(content: bytes) -> dict[str, bytes]:
    """Return the files of a pack by name; nothing is written to the disk.

    Raises BadInput for an archive that is damaged, too large, or contains anything other than a
    pack.
    """
    if len(content) > MOST_BYTES:
        raise BadInput("the archive is larger than a pack can be")
    files: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) > MOST_FILES or sum(one.file_size for one in members) > MOST_BYTES:
                raise BadInput("the archive contains more files than a pack may have")
            for one in members:
                if one.extra or one.comment:
                    raise BadInput(
                        "the archive is ambiguous: two programs could read different files from it"
                    )
                if one.filename in files:
                    raise BadInput("the archive contains two files of one name")
                plain = one.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
                if not _MEMBER.fullmatch(one.filename) or not plain or one.flag_bits & 1:
                    raise BadInput("the archive contains a file that belongs to no pack")
                # reads no more than the size in the archive's list, and counts it
                with archive.open(one) as member:
                    files[one.filename] = member.read(one.file_size)
            _require_one_reading(content, members)
    except _NO_ARCHIVE as error:
        raise BadInput(f"the archive is damaged ({type(error).__name__})") from None
    return files


_NO_ARCHIVE = (
    *(zipfile.BadZipFile, zlib.error, struct.error),
    *(EOFError, NotImplementedError, ValueError),
)


def _require_one_reading(content: bytes, members: list[zipfile.ZipInfo]) -> None:
    """Raise BadInput if a program that reads the archive from its beginning would find other files
    than one that uses the list at its end: if there is anything before, between or after the files,
    or next to the name of a file."""
    at = 0
    for member in members:
        told = (
            member.flag_bits,
            member.compress_type,
            member.CRC,
            member.compress_size,
            member.file_size,
        )
        flags, packing, _, crc, *sizes, name, more = struct.unpack_from(
            "<HHLLLLHH", content, at + 6
        )
        if more or member.header_offset != at or (flags, packing, crc, *sizes) != told:
            raise BadInput(
                "the archive is ambiguous: two programs could read different files from it"
            )
        at += 30 + name + member.compress_size
    size, start, comment = struct.unpack_from("<LLH", content, len(content) - 10)
    if (start, start + size + 22, comment) != (at, len(content), 0):
        raise BadInput("the archive is ambiguous: two programs could read different files from it")


def manifest_of(proof: Proof) -> tuple[str, str]:
    """Return the SHA-256 of a pack's list as the access log recorded it, and the user who recorded
    it. Raises DoesNotHold for a proof of anything else."""
    records = proof["records"]
    if proof["log"] != "access" or [one["topic"] for one in records] != ["pack.made@1"]:
        raise DoesNotHold("made.json does not prove the list of a pack")
    (record,) = records
    told = _clear_part(_bytes(record["state"]))
    who = f"{told['by']} ({told['team']}, {told['controller']})"
    return told["event"]["manifest"], f"record {record['seq']} of the access log, by {who}"


def _clear_part(state: bytes) -> dict[str, Any]:
    """Return the unencrypted part of a stored event: its header, and the fields that are not
    encrypted.
    """
    _, length = struct.unpack_from(">BI", state)
    found: dict[str, Any] = json.loads(state[5 : 5 + length] + b"}}") if state[0] == 2 else {}
    return found or json.loads(state[5:])


def causes_of(record: Record) -> set[str]:
    """Return the items that caused a record, as its stored bytes name them."""
    told = _clear_part(_bytes(record["state"]))
    named = [one.partition(":")[0] for one in told["because_of"]]
    for field in RESTS_ON.get(record["topic"].partition("@")[0], ()):
        value = told["event"].get(field)
        named += value if isinstance(value, list) else [value] if value else []
    return {one for one in named if re.fullmatch("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", one)}


def moment(recorded: int) -> str:
    """Return a recorded time (µs since 1970) as text, in UTC."""
    try:
        told = datetime(1970, 1, 1) + timedelta(microseconds=recorded)  # noqa: DTZ001 (UTC)
    except OverflowError:
        return f"{recorded} µs since 1970"
    return told.isoformat(timespec="microseconds") + "Z"


def check_pack(
    files: dict[str, bytes], policy: Policy, receipt: Receipt | None = None, copy: str | None = None
) -> list[str]:
    """Check a pack; return sentences with the proven records as they are, whatever the pack's pages
    say. Raises DoesNotHold and BadInput."""
    try:
        told = read_json(files["pack.json"])
        if told["format"] == "continuum-pack/1":
            raise BadInput(
                "this pack has an older form, from which items could be removed unnoticed: ask "
                "for a new pack"
            )
        if told["format"] != PACK:
            raise BadInput(f"{told['format']!r} is not a format that this program checks")
        _formed(told, FORMS[PACK])
        made = _check_list(files, told, policy)
        log, note = pinned_log(policy, told["log"]), files["log.checkpoint"].decode()
        proven: list[tuple[Record, str | None]] = []
        for name in sorted(files):
            if not name.startswith("proofs/"):
                continue
            proof = read_json(files[name])
            if proof["format"] != "continuum-proof/2" or name != f"proofs/{proof['stream']}.json":
                raise DoesNotHold(f"{name} is not a proof of the item that its name gives")
            if proof["log"] != told["log"] or proof["checkpoint"] != note:
                raise DoesNotHold(f"{name} has another checkpoint than the pack")
            size, found = records_of(proof, log)
            proven += found
        if f"proofs/{told['item']}.json" not in files:
            raise DoesNotHold("missing: the pack contains no proof of the item itself")
        _check_closed(told["facts"], [record for record, _ in proven])
        proven.sort(key=lambda one: one[0]["seq"])
        lines = [line for one in proven for line in _shown(*one, told["facts"])]
        items = len({record["stream"] for record, _ in proven})
        lines += [
            f"These are all events of {items} items among the {size} records that were signed.",
            "The list of this pack is the one that was recorded: " + made,
            *_left_out(told),
            *_elsewhere(told),
        ]
        lines += [
            f"{name} is the page that was recorded. What it says beyond the records: not proven."
            for name in sorted(files)
            if name.endswith(".txt")
        ]
        whole: Proof = {
            "log": told["log"],
            "checkpoint": note,
            "records": [record for record, _ in proven],
        }
        if receipt is not None:
            lines += check_receipt(receipt.get("receipt", receipt), whole, log["origin"])
        if copy is not None:
            access = pinned_log(policy, "access")
            of_access = copy.startswith(access["origin"] + "\n")
            held: Proof = read_json(files["made.json"]) if of_access else whole
            lines += check_copy(copy, held, access if of_access else log)
        lines.append("Anything else that is said of this pack: not proven.")
    except MALFORMED as error:
        raise BadInput(f"a file does not have the expected form ({error!r})") from None
    return lines


def _check_list(files: dict[str, bytes], told: dict[str, Any], policy: Policy) -> str:
    """Check that the pack's list is the recorded one and that it names each of the files; return
    who recorded the list, and when. Raises DoesNotHold.
    """
    if "made.json" not in files:
        raise DoesNotHold("missing: nothing shows that the list of this pack was recorded")
    made = read_json(files["made.json"])
    if made["format"] != "continuum-proof/2" or made["stream"] != told["fact"]:
        raise DoesNotHold("made.json is not the proof of this pack's list")
    records_of(made, pinned_log(policy, made["log"]))
    recorded, who = manifest_of(made)
    if recorded != hashlib.sha256(files["pack.json"]).hexdigest():
        raise DoesNotHold("edited: the list of this pack is not the one that was recorded")
    listed = told["files"]
    for name in sorted(set(listed) | set(files) - {"pack.json", "made.json"}):
        if name not in files:
            raise DoesNotHold(f"missing: {name} is in the list but not in the pack")
        if listed.get(name) != hashlib.sha256(files[name]).hexdigest():
            raise DoesNotHold(f"edited: {name} differs from the file in the list")
    return f"{who}, recorded {moment(made['records'][0]['recorded'])}"


def _check_closed(facts: dict[str, list[str]], records: list[Record]) -> None:
    """Check that the pack is complete: its list names exactly these records, their causes are items
    of the pack, and no record names other causes. Raises DoesNotHold."""
    refs = {f"{one['stream']}:{one['version']}": one for one in records}
    if set(facts) != set(refs):
        odd = min(set(facts) ^ set(refs))
        raise DoesNotHold(f"missing: {odd} is only in the list, or only in the proofs")
    items = {one["stream"] for one in records}
    for ref, record in refs.items():
        if wanting := set(facts[ref]) - items:
            raise DoesNotHold(
                f"missing: {ref} is based on {min(wanting)}, which is not in the pack"
            )
        if "state" in record and causes_of(record) != set(facts[ref]):
            raise DoesNotHold(f"missing: {ref} has other causes in its proof than in the list")


def _shown(record: Record, words: str | None, facts: dict[str, list[str]]) -> list[str]:
    """Return the lines that show a proven record, the same for every pack."""
    item, version = record["stream"], record["version"]
    place = f"record {record['seq']}, {moment(record['recorded'])}"
    lines = [f"{place}: {record['topic']}, item {item}, version {version}"]
    lines += [f"  because of {cause}" for cause in facts[f"{item}:{version}"]]
    if "state" in record:
        lines.append(f"  {words}" if words is not None else "  its words were erased")
    return lines


def _left_out(told: dict[str, Any]) -> list[str]:
    """Return the lines about items that the pack leaves out. Raises DoesNotHold if the pack has no
    such statement.
    """
    if "left_out" in told and "notice" not in told:
        return [
            "Left out: " + ", ".join(f"{key} {value}" for key, value in one.items() if value)
            for one in told["left_out"]
        ]
    if told.get("notice") != NOTICE or "left_out" in told:
        raise DoesNotHold(
            "missing: the pack does not say that some steps may be hidden from its reader"
        )
    return [NOTICE]


def _elsewhere(told: dict[str, Any]) -> list[str]:
    """Return the lines about facts of other items that are based on this item, as the pack's list
    names them.
    """
    return [
        f"Named elsewhere, and not proven here: {one['fact']}, {one['event']}"
        for one in told.get("elsewhere", ())
    ]


def check_file(
    content: bytes, policy: Policy, receipt: Receipt | None = None, copy: str | None = None
) -> list[str]:
    """Check a proof, a receipt, a checkpoint or a pack; return sentences with what it proves.
    Raises DoesNotHold and BadInput.
    """
    if content[:2] == b"PK":
        files = unpack(content)
        lines = check_pack(files, policy, receipt, copy)
        return lines + existed(files["log.checkpoint"].decode(), policy)
    text = content.decode()
    if text.startswith(f"{TLOG}\n"):
        return check_tlog(text, policy) + existed(text.partition("\n\n")[2], policy)
    if re.match(r"[^{\[\s]", text) and "\n\n" in text:
        return check_note(text, policy, copy) + existed(text, policy)
    proof = read_json(content)
    lines = check(proof, policy, receipt, copy)
    signed = "second" if proof["format"] == "continuum-consistency/1" else "checkpoint"
    return lines + existed(proof[signed], policy)


def main(arguments: list[str] | None = None) -> int:
    """Check a file and print what it proves; return the exit code."""
    parser = argparse.ArgumentParser(description="Does a proof hold?")
    parser.add_argument("file", type=Path)
    parser.add_argument("--policy", type=Path, required=True)
    parser.add_argument("--receipt", type=Path)
    parser.add_argument("--copy", type=Path, help="a checkpoint that you kept")
    parser.add_argument("--keys", type=Path, help="notes on how the signer's keys changed")
    parser.add_argument("--allow-unproven", action="store_true")
    given = parser.parse_args(arguments)
    try:
        content, policy = given.file.read_bytes(), read_json(given.policy.read_bytes())
        # the output of a command has more than the receipt, and may have numbers of any kind
        receipt = read_json(given.receipt.read_bytes(), fractions=True) if given.receipt else None
        copy = given.copy.read_bytes().decode() if given.copy else None
        if given.keys:
            _add_changes(policy, read_json(given.keys.read_bytes()))
        try:
            lines = check_file(content, policy, receipt, copy)
            _write(sys.stderr, _unasked(policy))
        except Unproven as doubt:
            lines = check_file(content, _unwitnessed(policy), receipt, copy)
            _write(sys.stderr, [f"UNPROVEN: {doubt}"])
            if not given.allow_unproven:
                return 6
    except DoesNotHold as fault:
        _write(sys.stderr, [f"IT DOES NOT HOLD: {fault}"])
        return 4
    except (BadInput, OSError, ValueError, RecursionError) as fault:
        _write(sys.stderr, [f"cannot check: {fault}"])
        return 2
    _write(sys.stdout, [*lines, "It holds."])
    return 0


def _unasked(policy: Policy) -> list[str]:
    """Return the lines about the logs for which the policy names no witness."""
    names = [name for name, log in policy["logs"].items() if "witnesses" not in log]
    text = "No witness was asked, and the log's key alone counts: the policy names none for"
    return [f"{text} {', '.join(names)}."] if names else []


def _unwitnessed(policy: Policy) -> Any:
    """Return the policy without its requirements on witnesses."""
    logs = {
        name: {key: value for key, value in log.items() if key != "witnesses"}
        for name, log in policy["logs"].items()
    }
    return {key: value for key, value in policy.items() if key != "witnesses"} | {"logs": logs}


def _add_changes(policy: Policy, notes: Any) -> None:
    """Add notes about changes of a signer's keys to the policy, each to its log."""
    try:
        for log in policy["logs"].values():
            mine = [note for note in notes if note.split("\n")[1] == log["origin"]]
            log["changes"] = [*log.get("changes", []), *mine]
    except (*MALFORMED, IndexError) as error:
        raise BadInput(f"the notes on keys do not have the expected form ({error!r})") from None


def _write(stream: TextIO, lines: list[str]) -> None:
    """Write these lines to a stream. If the reader stops reading (`| head -1`), the remaining lines
    are dropped and the exit code stays the same."""
    if not lines:
        return
    try:
        stream.write("\n".join(map(_plain, lines)) + "\n")
        stream.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _plain(line: str) -> str:
    """Return a line in which unprintable characters are escaped, so that a terminal does not
    execute them."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in line)


if __name__ == "__main__":
    sys.exit(main())
