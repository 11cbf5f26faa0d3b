"""The result of an audit: verdicts, findings and doubts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

from msgspec import Struct

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
"""The verdicts, from the worst to the best."""


class AuditFinding(Struct, frozen=True):
    """One fault that an audit found in a log; `seq` and `ref` name the record, if there is one."""

    log: LogName
    seq: int | None
    ref: str | None
    what: What
    words: str


class ExternalNotes(Struct, frozen=True):
    """Notes about one log that other people have: signed checkpoints, by the name of their source,
    and receipts."""

    pinned: Pinned | None = None
    notes: Sequence[tuple[str, str]] = ()
    receipts: Sequence[Receipt] = ()
    expected: str | None = None
    """The reason why a checkpoint should have been published, if none was."""


class FormerLog(NamedTuple):
    """A log as it was under its old origin: its number of records and their root, its last
    published checkpoint, and the old leaves (hashes) of records that were rewritten later, by
    sequence number.
    """

    origin: str
    size: int
    root: bytes
    checkpoint: str | None
    leaves: Mapping[int, bytes]


@dataclass
class LogReport:
    """The result of auditing one log."""

    log: LogName
    origin: str | None = None
    size: int = 0
    root: bytes = EMPTY
    signed: int = 0
    """Number of records that the largest checkpoint matching the log signs."""
    integrity: Verdict = "unproven"
    completeness: Verdict = "unproven"
    findings: list[AuditFinding] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    """The reasons why not everything is proven, each as a sentence."""
    trees: Mapping[int, Peaks] = field(default_factory=dict)
    """The tree computed from the records, at the size of each checkpoint."""
    checkpoints: Sequence[tuple[str, Checkpoint]] = ()
    """The checkpoints that a trusted key signed, by source."""
    collected: Collected | None = None
    """Streams and keys of all records; None if a record is missing."""
    stamped: tuple[int, datetime] | None = None
    """A number of records, and the time by which they existed, according to a valid time stamp."""
    former: FormerLog | None = None
    """The log from which the first records of this log were copied, according to the evidence
    log."""
    succeeded: str | None = None
    """The origin under which the record continues, if this log gets no new records."""
    gone: bool = False
    """Whether the log's records cannot be read because the file or the table of records is
    missing."""
    lacks: Sequence[str] = ()
    """Names of the log's tables that are missing."""
    witnessed: bool = False
    """Whether this is a witness's copy of the log, which has no keys, so that keys are not
    checked."""
    unwitnessed: bool = False
    """Whether the policy names no witness, so that only the log's own key is trusted."""
    tiles: Tiles | None = None
    """Whether the tiles match the log; None without tiles. No verdict depends on them."""

    def add(self, kind: What, words: str, seq: int | None = None, ref: str | None = None) -> None:
        """Add a finding to the report."""
        self.findings.append(AuditFinding(self.log, seq, ref, kind, words))

    def doubt(self, words: str) -> None:
        """Add to the report a reason why the log is not proven to be unchanged and complete; a
        verdict that is "broken" does not change.
        """
        self.doubts.append(words)
        self.integrity = "unproven" if self.integrity == "proven" else self.integrity
        self.completeness = "unproven" if self.completeness == "proven" else self.completeness

    @property
    def verdict(self) -> Verdict:
        """Return the worse of the two verdicts on the log (on its integrity and on its
        completeness); "broken" if there is any finding.
        """
        return "broken" if self.findings else worst((self.integrity, self.completeness))


def worst(verdicts: Collection[Verdict]) -> Verdict:
    """Return the worst of these verdicts, each on one log: the verdict on a store is that on its
    worst log.
    """
    return next(verdict for verdict in VERDICTS if verdict in verdicts)
