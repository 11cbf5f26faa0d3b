"""What an audit found in a log: verdicts, findings and doubts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

from domain.kernel.envelope import LogName
from ledger.proof.auditor_policy import Pinned
from ledger.proof.checkpoint import Checkpoint
from ledger.proof.heads import Collected
from ledger.proof.merkle import EMPTY, Peaks
from ledger.proof.receipt import Receipt

What = Literal[
    "edited",
    "missing",
    "reordered",
    "inserted",
    "back-dated",
    "truncated",
    "forked",
    "wrong key",
    "foreign",
]
Verdict = Literal["proven", "unproven", "broken"]
Tiles = Literal["whole", "wrong"]

VERDICTS: tuple[Verdict, ...] = ("broken", "unproven", "proven")
"""From the worst on."""


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """One thing that is wrong; `seq` and `ref` name the record, where there is one."""

    log: LogName
    seq: int | None
    ref: str | None
    what: What
    words: str


@dataclass(frozen=True, slots=True)
class ExternalNotes:
    """What somebody outside holds of one log: signed notes by the name of where they come from,
    and receipts."""

    pinned: Pinned | None = None
    notes: Sequence[tuple[str, str]] = ()
    receipts: Sequence[Receipt] = ()
    expected: str | None = None
    """What says that a checkpoint is published, where none is."""


class Former(NamedTuple):
    """A log under its old origin: so many records under this root, the last checkpoint that was
    published of it, and the leaves of what was rewritten, by seq."""

    origin: str
    size: int
    root: bytes
    checkpoint: str | None
    leaves: Mapping[int, bytes]


@dataclass
class LogReport:
    """What was found in one log."""

    log: LogName
    origin: str | None = None
    size: int = 0
    root: bytes = EMPTY
    signed: int = 0
    """Records under the largest checkpoint that the log agrees with."""
    integrity: Verdict = "unproven"
    completeness: Verdict = "unproven"
    findings: list[AuditFinding] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    """Why it is not all proven, each in its own words."""
    trees: Mapping[int, Peaks] = field(default_factory=dict)
    """By the sizes of checkpoints: the tree as computed."""
    checkpoints: Sequence[tuple[str, Checkpoint]] = ()
    """Those of them that a pinned key signed, by where they come from."""
    collected: Collected | None = None
    """Streams and keys of the records; None behind a gap."""
    stamped: tuple[int, datetime] | None = None
    """So many records were there at that time, as a time stamp says that holds."""
    former: Former | None = None
    """Where its first records were copied from, as the evidence log says."""
    succeeded: str | None = None
    """The origin under which the record goes on: nothing is recorded here any more."""
    gone: bool = False
    """Its records cannot be read: its file is gone, or a table that they stand in."""
    lacks: Sequence[str] = ()
    """The tables that are gone."""
    witnessed: bool = False
    """It stands at a witness, who has no keys: nothing is said of them."""
    unwitnessed: bool = False
    """No witness was asked: the policy names none, and the log's key alone is believed."""
    tiles: Tiles | None = None
    """Whether the tiles are the log's own; None if there are none. Nothing rests on them."""

    def add(self, what: What, words: str, seq: int | None = None, ref: str | None = None) -> None:
        """Note a finding."""
        self.findings.append(AuditFinding(self.log, seq, ref, what, words))

    def doubt(self, words: str) -> None:
        """Note why something is not proven; what is broken stays so."""
        self.doubts.append(words)
        self.integrity = "unproven" if self.integrity == "proven" else self.integrity
        self.completeness = "unproven" if self.completeness == "proven" else self.completeness

    @property
    def verdict(self) -> Verdict:
        """The worse of both; a finding breaks it in any case."""
        return "broken" if self.findings else worst((self.integrity, self.completeness))


def worst(verdicts: Collection[Verdict]) -> Verdict:
    """The one that counts of several: a chain is as good as its weakest part."""
    return next(one for one in VERDICTS if one in verdicts)
