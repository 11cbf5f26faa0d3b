"""Receipts with which a person who recorded an entry can check later that it is still in the log.

A receipt has the log and seq of a record, and its leaf. The receipt of an import covers all records
from `first` to `seq`, by the root over their leaves.
"""

import json
from collections.abc import Iterator
from typing import get_args

from msgspec import Struct

from domain.kernel.envelope import LogName
from ledger.proof.leaf import SealedRow, leaf_of, prefix
from ledger.proof.leaf_scan import LeafSource, rows
from ledger.proof.merkle import Peaks
from ledger.verify import Receipt as Told


class Receipt(Struct, frozen=True):
    """The receipt of an entry: the root of the records from `first` to `seq`, and the leaf of the
    record `seq`.
    """

    log: LogName
    seq: int
    leaf: bytes
    first: int
    root: bytes

    def as_json(self) -> Told:
        """Return the receipt as a JSON object."""
        alone: Told = {"log": self.log, "seq": self.seq, "leaf": self.leaf.hex()}
        if self.first == self.seq:
            return alone
        return alone | {"first": self.first, "root": self.root.hex()}


def give(store: LeafSource, log: LogName, first: int, seq: int) -> Receipt:
    """Return a receipt for records that were just written."""
    tree, leaf = Peaks(), b""
    for row in _between(store, first, seq):
        leaf = row.leaf
        tree.add(leaf)
    return Receipt(log, seq, leaf, first, tree.root())


def parse(text: str) -> Receipt:
    """Return the receipt in a text. The text is a receipt, or it is the output of `record --json`
    or `import --json`, which contains a receipt.

    Raises ValueError.
    """
    try:
        fields = json.loads(text)
        fields = fields.get("receipt", fields)
        leaf = bytes.fromhex(fields["leaf"])
        root = bytes.fromhex(fields.get("root", fields["leaf"]))
        receipt = Receipt(
            fields["log"], fields["seq"], leaf, fields.get("first", fields["seq"]), root
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{error!r} is missing or wrong in the receipt") from None
    numbers = type(receipt.seq) is int and type(receipt.first) is int
    if receipt.log not in get_args(LogName) or not numbers or not 0 < receipt.first <= receipt.seq:
        raise ValueError("the receipt names a log or a record number that cannot exist")
    if len(leaf) != 32 or len(root) != 32:
        raise ValueError("the leaf or the root in the receipt is not a SHA-256")
    return receipt


def is_unchanged(store: LeafSource, origin: str, receipt: Receipt) -> bool:
    """Return whether the records that a receipt covers have not changed since; their leaves are
    computed again."""
    tree, leaf, start = Peaks(), b"", prefix(origin)
    for expected, row in enumerate(_between(store, receipt.first, receipt.seq), receipt.first):
        if row.seq != expected or not row.sound:
            return False
        leaf = leaf_of(start, row)
        tree.add(leaf)
    whole = receipt.root == (leaf if receipt.first == receipt.seq else tree.root())
    return whole and leaf == receipt.leaf


def _between(store: LeafSource, first: int, last: int) -> Iterator[SealedRow]:
    for row in rows(store, first):
        if row.seq > last:
            break
        yield row
