"""Malformed proofs that every verifier refuses, one row for each field and each kind of damage.

A row is made from a valid published vector by damaging one field. `FIELDS` gives the kind of each
field of each document, and `DAMAGE` the ways to damage a field of each kind. The file is long
because it is one table.
"""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from domain.people_and_teams.store_admin import PackMade
from ledger import verify
from ledger.proof import proof
from tests.ledger.events import submission
from tests.ledger.packing import Packer, zipped
from tests.ledger.vectors import VECTORS

ABSENT = object()
STRANGER = "00000000-0000-0000-0000-00000000000f"
Spoil = Callable[[Any], Any]
Way = tuple[str | int, ...]

#: Kinds of damage to any field: the field is absent, is null, or has a value of another type. A
#: kind is left out if the field already has this value.
ANY: dict[str, Spoil] = {
    "absent": lambda _: ABSENT,
    "null": lambda _: None,
    "true": lambda _: True,
    "a number": lambda _: 7,
    "a text": lambda _: "x",
    "empty": lambda _: "",
    "a list": lambda told: [told],
    "an empty list": lambda _: [],
    "an object": lambda told: {"told": told},
    "an empty object": lambda _: {},
}
TEXT: dict[str, Spoil] = {
    "with a line's end": lambda told: told + "\n",
    "with a space": lambda told: " " + told,
    "with a NUL": lambda told: told + "\0",
    "half a character": lambda told: told + "\ud800",
}
DIGITS: dict[str, Spoil] = TEXT | {
    "in capitals": lambda told: told.upper(),
    "shorter": lambda told: told[:-2],
    "one digit shorter": lambda told: told[:-1],
    "longer": lambda told: told + "00",
    "another digit": lambda told: told[:-1] + ("0" if told[-1] != "0" else "1"),
    "no digit": lambda told: told[:-1] + "g",
    "a digit of another script": lambda told: told[:-1] + "\u0661",
    "with a sign": lambda told: "0x" + told[2:],
}
DAMAGE: dict[str, dict[str, Spoil]] = {
    "any": ANY,
    "text": ANY | TEXT,
    "note": ANY
    | TEXT
    | {
        "cut": lambda told: told[:-2],
        "without signatures": lambda told: told.partition("\n\n")[0] + "\n",
        "with carriage returns": lambda told: told.replace("\n", "\r\n"),
        "a larger size": lambda told: told.replace("\n12\n", "\n13\n").replace("\n8\n", "\n9\n"),
        "a size with a zero before it": lambda told: told.replace("\n12\n", "\n012\n"),
        "a size with a sign": lambda told: told.replace("\n12\n", "\n+12\n"),
        "a size in other digits": lambda told: told.replace("\n12\n", "\n1\u0662\n"),
        "another origin": lambda told: "x" + told,
        "one more line": lambda told: told.replace("\n\n", "\nmore\n\n"),
        "no heads": lambda told: "\n".join(
            line for line in told.split("\n") if not line.startswith("heads ")
        ),
        "heads twice": lambda told: told.replace("\nkeys", "\nheads " + "A" * 43 + "=\nkeys"),
    },
    "number": ANY
    | {
        "negative": lambda _: -1,
        "zero": lambda told: 0 if told else 1 << 53,
        "one more": lambda told: told + 1,
        "too large": lambda told: told + (1 << 53),
        "beyond 64 bits": lambda told: told + (1 << 64),
        "of the log is not complete": lambda told: told + 0.5,
        "with a point": float,
        "a text of digits": str,
        "false": lambda _: False,
        "infinite": lambda _: float("inf"),
    },
    "hash": ANY | DIGITS,
    "id": ANY
    | DIGITS
    | {
        "without hyphens": lambda told: told.replace("-", ""),
        "in braces": lambda told: f"{{{told}}}",
        "as a URN": lambda told: f"urn:uuid:{told}",
    },
    "base64": ANY
    | TEXT
    | {
        "shorter": lambda told: told[:-4],
        "without padding": lambda told: told.rstrip("="),
        "more padding": lambda told: told + "=",
        "another alphabet": lambda told: "-_" + told[2:],
        "other bits behind": lambda told: (
            told[:-2] + chr(ord(told[-2]) + 1) + "="
            if told.endswith("=")
            else told + "AB=="
        ),
    },
    "hashes": ANY
    | {
        "reversed": lambda told: told[::-1] if len(told) > 1 else [*told, *told],
        "one fewer": lambda told: told[:-1],
        "one more": lambda told: [*told, "00" * 32],
        "a null among them": lambda told: [*told[:-1], None],
        "a number among them": lambda told: [*told[:-1], 7],
        "a list among them": lambda told: [*told[:-1], [told[-1]]],
        "in one text": "".join,
        "as an object": lambda told: {str(at): one for at, one in enumerate(told)},
    },
    "steps": ANY
    | {
        "reversed": lambda told: told[::-1],
        "one fewer": lambda told: told[:-1],
        "one twice": lambda told: [told[0], *told],
        "without its bit": lambda told: [[told[0][1]], *told[1:]],
        "with more": lambda told: [[*told[0], 0], *told[1:]],
        "a negative bit": lambda told: [[-1, told[0][1]], *told[1:]],
        "a bit too large": lambda told: [[256, told[0][1]], *told[1:]],
        "a bit as a text": lambda told: [[str(told[0][0]), told[0][1]], *told[1:]],
        "a bit that is true": lambda told: [*told[:1], [True, told[1][1]], *told[2:]],
        "no hash": lambda told: [[told[0][0], None], *told[1:]],
        "a short hash": lambda told: [[told[0][0], told[0][1][2:]], *told[1:]],
        "an object": lambda told: [{"0": told[0][0], "1": told[0][1]}, *told[1:]],
        "a text of two": lambda told: ["ab", *told[1:]],
    },
    "records": ANY
    | {
        "reversed": lambda told: told[::-1],
        "one fewer": lambda told: told[:-1],
        "one twice": lambda told: [*told, told[-1]],
        "a null among them": lambda told: [None, *told[1:]],
        "a list among them": lambda told: [[told[0]], *told[1:]],
        "as an object": lambda told: {str(at): one for at, one in enumerate(told)},
    },
    "named hashes": ANY
    | {
        "one fewer": lambda told: dict(list(told.items())[1:]),
        "one more": lambda told: told | {"words.txt": "00" * 32},
        "a null among them": lambda told: told | dict.fromkeys(list(told)[:1]),
        "a list among them": lambda told: told | {name: [told[name]] for name in list(told)[:1]},
        "in capitals": lambda told: {name: one.upper() for name, one in told.items()},
        "as pairs": lambda told: [[name, one] for name, one in told.items()],
    },
    "named lists": ANY
    | {
        "one fewer": lambda told: dict(list(told.items())[1:]),
        "one more": lambda told: told | {f"{uuid4()}:1": []},
        "a null among them": lambda told: told | dict.fromkeys(list(told)[:1]),
        "a text among them": lambda told: told | dict.fromkeys(list(told)[:1], ""),
        "an object among them": lambda told: told | {key: {} for key in list(told)[:1]},
        "a number as a cause": lambda told: told | {key: [7] for key in list(told)[:1]},
        "a cause beyond the pack": lambda told: told | {key: [STRANGER] for key in list(told)[:1]},
        "in capitals": lambda told: {
            name: [cause.upper() + "A" for cause in causes] for name, causes in told.items()
        },
    },
    "gaps": ANY | {"a text among them": lambda told: [*told, "a step"]},
}  # fmt: skip


#: The fields of an unencrypted record, of an encrypted record, and of an encrypted record without
#: its text.
RECORD = {
    "seq": "number",
    "stream": "id",
    "version": "number",
    "topic": "text",
    "recorded": "number",
    "state_sha256": "hash",
    "leaf": "hash",
    "path": "hashes",
}
WORDS = {"state": "base64", "opens": "hash"}
ITEM: dict[Way, str] = {
    ("format",): "text",
    ("log",): "text",
    ("stream",): "id",
    ("checkpoint",): "note",
    ("unsigned",): "number",
    ("head",): "any",
    ("head", "version"): "number",
    ("head", "seq"): "number",
    ("head", "path"): "steps",
    ("records",): "records",
}
FIELDS: dict[str, dict[Way, str]] = {
    "item.json": ITEM | {("records", 0, name): sort for name, sort in RECORD.items()},
    "item-words.json": {
        ("records", at, name): sort for at in (0, 2) for name, sort in (RECORD | WORDS).items()
    },
    "consistency.json": {
        ("format",): "text",
        ("log",): "text",
        ("first",): "note",
        ("second",): "note",
        ("path",): "hashes",
    },
    "receipt.json": {
        ("format",): "text",
        ("log",): "text",
        ("checkpoint",): "note",
        ("receipt",): "any",
        ("receipt", "log"): "text",
        ("receipt", "seq"): "number",
        ("receipt", "leaf"): "hash",
        ("receipt", "first"): "number",
        ("receipt", "root"): "hash",
        ("leaves",): "hashes",
        ("beside",): "hashes",
    },
}
RECEIPT: dict[Way, str] = {
    ("log",): "text",
    ("seq",): "number",
    ("leaf",): "hash",
}
LIST: dict[Way, str] = {
    ("format",): "text",
    ("log",): "text",
    ("item",): "id",
    ("fact",): "id",
    ("files",): "named hashes",
    ("facts",): "named lists",
    ("notice",): "text",
}
#: The field with the left-out steps, which some documents have in place of a notice, with the kind
#: of the field.
LEFT_OUT: dict[Way, str] = {("left_out",): "gaps"}
GAP = {"step": 2, "event": "note.noted", "stage": None, "reason": "closed to its reader"}
#: Published documents that are parsed line by line. `LINE` has the ways to damage one of their
#: lines.
TEXTS = ("event.tlog-proof", "note.checkpoint")
LINE: dict[str, Callable[[str], list[str]]] = {
    "absent": lambda _: [],
    "twice": lambda line: [line, line],
    "empty": lambda _: [""],
    "with a space behind": lambda line: [f"{line} "],
    "with a space before": lambda line: [f" {line}"],
    "with a carriage return": lambda line: [f"{line}\r"],
    "shorter": lambda line: [line[:-1]],
    "longer": lambda line: [f"{line}A"],
    "in capitals": lambda line: [line.upper()],
    "with a NUL": lambda line: [f"{line}\0"],
}
#: Rows whose damage is harmless: a field that may be missing, or a number that may differ.
HARMLESS = {
    ("item.json", ("unsigned",), "a number"),
    ("item.json", ("unsigned",), "one more"),
    ("item-words.json", ("records", 2, "opens"), "null"),
    ("item-words.json", ("records", 0, "state"), "absent"),
    ("item-words.json", ("records", 2, "state"), "absent"),
    ("event.tlog-proof", (14,), "twice"),  # a signature may be in the document twice
    ("note.checkpoint", (6,), "twice"),
    ("pack.json", ("left_out",), "an empty list"),
}


@dataclass(frozen=True)
class Row:
    """A test vector of which one field is damaged."""

    file: str
    way: Way
    damage: str
    content: bytes
    receipt: bytes | None = None
    policy: bytes = (VECTORS / "policy.json").read_bytes()

    @property
    def holds(self) -> bool:
        return (self.file, self.way, self.damage) in HARMLESS

    def __str__(self) -> str:
        return f"{self.file} {'.'.join(map(str, self.way))}: {self.damage}"


def rows() -> Iterator[Row]:
    """Yield a damaged test vector for each field of each form of document and each kind of
    damage."""
    for file, fields in FIELDS.items():
        good = json.loads((VECTORS / "files" / file).read_text("utf-8"))
        for way, damage, told in _damaged(good, fields):
            yield Row(file, way, damage, said(told))
    item = (VECTORS / "files" / "item.json").read_bytes()
    given = json.loads((VECTORS / "one.receipt.json").read_text("utf-8"))
    for way, damage, told in _damaged(given, RECEIPT):
        yield Row("one.receipt.json", way, damage, item, said(told))
    for file in TEXTS:
        lines = (VECTORS / "files" / file).read_text("utf-8").split("\n")
        for at, line in enumerate(lines):
            for damage, spoil in LINE.items():
                changed = [*lines[:at], *spoil(line), *lines[at + 1 :]]
                if changed != lines:
                    yield Row(file, (at,), damage, "\n".join(changed).encode())


def packs(one: Packer) -> Iterator[Row]:
    """Yield packs of proofs whose list has a damaged field. In each case an attacker who can write
    to the log recorded the damaged list as true."""
    good, made = verify.unpack(one.pack()), list[tuple[Way, str, bytes, UUID]]()
    listing = json.loads(good["pack.json"])
    gaps = {name: told for name, told in listing.items() if name != "notice"}
    gaps["left_out"] = [GAP]
    for way, damage, told in (*_damaged(listing, LIST), *_damaged(gaps, LEFT_OUT)):
        fact = uuid4()
        if way != ("fact",):
            told["fact"] = str(fact)
        made.append((way, damage, said(told), fact))
    one.access.append(
        [
            submission(PackMade(sha256(listed).hexdigest()), stream=fact)
            for _, _, listed, fact in made
        ]
    )
    note, proven = one.signer.round(), one.proven
    for way, damage, listed, fact in made:
        clear = dict.fromkeys((seq for seq, *_ in proven.store.select_stream(fact)), None)
        shown = proof.prove(proven, fact, note, opens=lambda _, clear=clear: clear)  # type: ignore[misc]
        content = zipped(good | {"pack.json": listed, "made.json": said(shown)})
        yield Row("pack.json", way, damage, content, policy=said(one.pins))


def verdict(row: Row) -> int:
    """Return the exit code of verify.py for a damaged vector."""
    try:
        given = verify.read_json(row.receipt, fractions=True) if row.receipt else None
        verify.check_file(row.content, verify.read_json(row.policy), given)
    except verify.DoesNotHold:
        return 4
    # the same exceptions as in verify.py's `main()`
    except (verify.BadInput, ValueError, RecursionError):
        return 2
    return 0


def wanting() -> Iterator[str]:
    """Yield the fields of the test vectors that no row of the table damages."""
    for file, known in (*FIELDS.items(), ("item-words.json", ITEM | FIELDS["item-words.json"])):
        if file == "item-words.json" and known is FIELDS[file]:
            continue  # a proof without its text also has these fields
        good = json.loads((VECTORS / "files" / file).read_text("utf-8"))
        yield from (f"{file} {way}" for way in _ways(good) if way not in known)


def _ways(told: dict[str, Any], above: Way = ()) -> Iterator[Way]:
    for name, value in told.items():
        yield (*above, name)
        if isinstance(value, dict):
            yield from _ways(value, (*above, name))
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            yield from _ways(value[0], (*above, name, 0))


def said(told: object) -> bytes:
    return json.dumps(told).encode()


def _damaged(good: Any, fields: dict[Way, str]) -> Iterator[tuple[Way, str, Any]]:
    for way, sort in fields.items():
        for damage, spoil in DAMAGE[sort].items():
            told = deepcopy(good)
            *above, name = way
            place = told
            for step in above:
                place = place[step]
            old = place[name]
            try:
                new = spoil(old)
            # a field that is null has no text to damage
            except (TypeError, AttributeError, IndexError):
                continue
            if type(new) is type(old) and new == old:
                continue
            if new is ABSENT:
                del place[name]
            else:
                place[name] = new
            yield way, damage, told
