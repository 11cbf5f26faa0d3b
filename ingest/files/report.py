"""The report of an import: how many rows were read, recorded, recorded before, and rejected; for
the screen and `--json`."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypedDict

from ingest.files.problems import Rejected

SHOWN = 100


@dataclass
class FileReport:
    """The report on the import of one file. `mapping` gives, for each sheet, the heading of the
    column that was used for each field; `hidden` are the hidden sheets, which were not read."""

    name: str
    sha256: str
    size: int
    form: str
    kept: str | None = None
    mapping: dict[str, dict[str, str]] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)
    read: int = 0
    recorded: int = 0
    known: int = 0
    rejected: int = 0

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "hidden": list(self.hidden)}


class Summary(TypedDict):
    """The figures of an import, as they are shown in JSON."""

    dry_run: bool
    read: int
    recorded: int
    already_known: int
    rejected: int
    urgent: int
    rejects: list[dict[str, Any]]
    rejects_file: str | None
    flags: dict[str, int]
    files: list[dict[str, Any]]


@dataclass
class ImportReport:
    """The report of all files of one import. In a dry run `recorded` is the number of rows that
    would be recorded. `urgent` is the number of recorded rows that are marked as urgent, or that
    the program proposes as urgent.

    `rejected` has at most `shown` of the rejected rows; the rejects file has all of them.
    """

    dry_run: bool = False
    shown: int | None = SHOWN
    urgent: int = 0
    files: list[FileReport] = field(default_factory=list)
    flags: Counter[str] = field(default_factory=Counter)
    rejected: list[Rejected] = field(default_factory=list)
    rejects_file: Path | None = None
    #: References of the cases that referrals in this import open; a dry run does not open them.
    opened: set[str] = field(default_factory=set)

    @property
    def read(self) -> int:
        return sum(file.read for file in self.files)

    @property
    def recorded(self) -> int:
        return sum(file.recorded for file in self.files)

    @property
    def already_recorded(self) -> int:
        return sum(file.known for file in self.files)

    @property
    def rejections(self) -> int:
        return sum(file.rejected for file in self.files)

    def reject(self, rejected: Rejected) -> None:
        if self.shown is None or len(self.rejected) < self.shown:
            self.rejected.append(rejected)

    def as_json(self) -> Summary:
        """Return the report as JSON values."""
        return {
            "dry_run": self.dry_run,
            "read": self.read,
            "recorded": self.recorded,
            "already_known": self.already_recorded,
            "rejected": self.rejections,
            "urgent": self.urgent,
            "rejects": [
                {
                    "file": rejection.place.file,
                    "sheet": rejection.place.sheet,
                    "row": rejection.place.row,
                    "column": rejection.place.column,
                    "reason": rejection.reason,
                }
                for rejection in self.rejected
            ],
            "rejects_file": str(self.rejects_file) if self.rejects_file else None,
            "flags": dict(sorted(self.flags.items())),
            "files": [file.as_json() for file in self.files],
        }
