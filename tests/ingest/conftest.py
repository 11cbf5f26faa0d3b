"""Fixtures: imports into a store in memory, and files like those that people have, which the test
makes.
"""

import csv
import hashlib
import io
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import xlsxwriter

from commands.kernel.submission import Prepared
from domain.kernel.envelope import LogUnavailable
from domain.kernel.values import Reader, Refused
from domain.people_and_teams.store_admin import FileReceived
from ingest.files.report import ImportReport
from ingest.importing.load import run
from ingest.importing.read_and_record import ImportProgress
from ingest.words.context import Context
from ingest.words.drafts import Draft, FileDraft, LinkDraft, ObservationDraft, Read, ReferralDraft
from ingest.words.recording import PreparedCommand
from installation.opening import open_system
from installation.settings import load_settings
from installation.system import System
from ledger.store.originals import Originals
from tests.made import Made

NOW = datetime(2011, 6, 1, 12, tzinfo=UTC)
#: The time at which the tests make the stores for imports.
MADE = datetime(2012, 1, 1, tzinfo=UTC)


def _make(home: Path, url: str | None) -> None:
    settings = load_settings(store=url or str(home), home=home, user="importer")
    open_system(settings, create=True, synthetic=True, now=MADE).close()


EMPTY = Made("empty", _make)


def opened(home: Path, url: str | None, user: str) -> System:
    """Return an empty store, opened by this user to import files."""
    EMPTY.copied(home, url)
    return open_system(load_settings(store=url or str(home), home=home, user=user), now=MADE)


HEADINGS = (
    "Date",
    "Time",
    "What happened / what was said",
    "Who told you / who saw it",
    "How do you know it is true?",
    "Car / registration",
    "Urgent?",
    "Child / case",
    "Your name",
)
ENTRY = (
    "14/02/2011",
    "22:15",
    "He picked her up outside the chip shop",
    "me",
    "I saw it myself",
    "silver Corsa PK95 ABC",
    "no",
    "C-1",
    "Marion Oakes",
)


class Interrupted(Exception):
    """The exception with which a test simulates a power failure."""


@dataclass
class FakeIntake:
    """A stand-in for the store to which imports send drafts. It stores the drafts in memory by
    command id. If one draft of a batch fails, no draft of the batch is stored."""

    recorded: dict[UUID, Read] = field(default_factory=dict)
    files: dict[UUID, FileReceived] = field(default_factory=dict)
    batches: list[int] = field(default_factory=list)
    fails_after: int | None = None
    register_down: bool = False
    asked_register: bool = True
    ahead: int = 0
    refuses: Callable[[Draft], str | None] = lambda draft: None
    _waiting: dict[UUID, tuple[UUID, Read | FileReceived]] = field(default_factory=dict)

    def identify(self, identity: Sequence[str]) -> UUID:
        digest = hashlib.sha256("\x1f".join(identity).encode("utf-8", "replace")).digest()
        return UUID(bytes=digest[:16])

    def already_recorded(self, ids: Collection[UUID]) -> set[UUID]:
        return {item_id for item_id in ids if item_id in self.recorded or item_id in self.files}

    def read_ahead(self, drafts: Sequence[Draft], more: int = 0) -> int:
        return self.ahead

    @contextmanager
    def deciding(
        self, register_answers: bool, drafts: Mapping[UUID, Draft]
    ) -> Iterator["FakeIntake"]:
        self.asked_register = register_answers
        yield self

    def prepare(self, draft: Read, command_id: UUID) -> PreparedCommand:
        if reason := self.refuses(draft.draft):
            raise Refused(reason)
        flags = tuple(code for code, _, _ in draft.draft.flags)
        return PreparedCommand(self._prepared(command_id, draft), flags)

    def receive(self, file: FileReceived, command_id: UUID) -> Prepared:
        return self._prepared(command_id, file)

    def received(self, command_id: UUID) -> FileReceived | None:
        return self.files.get(command_id)

    def datasets(self, sha256: str, form: str) -> list[str]:
        """Return the data sets into which a file with this hash was imported as this kind of
        file."""
        same = (one for one in self.files.values() if (one.sha256, one.form) == (sha256, form))
        return [one.dataset or "default" for one in same]

    def _prepared(self, command_id: UUID, item: Read | FileReceived) -> Prepared:
        prepared = Prepared(uuid4(), {}, Reader("somebody", "Engage", "police"))
        self._waiting[prepared.item] = (command_id, item)
        return prepared

    def save(self, prepared: Sequence[Prepared]) -> None:
        batch = [self._waiting.pop(each.item) for each in prepared]
        self._waiting.clear()
        rows = [item for _, item in batch if isinstance(item, Read)]
        if rows and self.register_down and self.asked_register:
            raise LogUnavailable("the source register does not answer")
        if rows and self.fails_after is not None and len(self.batches) >= self.fails_after:
            raise Interrupted
        for command_id, item in batch:
            if isinstance(item, Read):
                assert command_id not in self.recorded
                self.recorded[command_id] = item
            else:
                self.files[command_id] = item
        if rows:
            self.batches.append(len(rows))

    @property
    def drafts(self) -> list[Draft]:
        """Return the drafts of rows, without the drafts about whole files."""
        found = (read.draft for read in self.recorded.values())
        return [draft for draft in found if not isinstance(draft, FileDraft)]

    @property
    def observations(self) -> list[ObservationDraft]:
        return [draft for draft in self.drafts if isinstance(draft, ObservationDraft)]

    @property
    def referrals(self) -> list[ReferralDraft]:
        return [draft for draft in self.drafts if isinstance(draft, ReferralDraft)]

    @property
    def links(self) -> list[LinkDraft]:
        return [draft for draft in self.drafts if isinstance(draft, LinkDraft)]


@dataclass
class Importing:
    """Imports files into a stand-in for a store (`FakeIntake`), with the settings that the command
    line would pass."""

    intake: FakeIntake
    originals: Path

    def __call__(
        self,
        *paths: Path,
        dry_run: bool = False,
        rejects: Path | None = None,
        on_progress: Callable[[ImportProgress], None] | None = None,
        **told: object,
    ) -> ImportReport:
        context = Context(**{"now": NOW, **told})  # type: ignore[arg-type]
        kept_in = Originals(self.originals)
        return run(self.intake, paths, context, kept_in, dry_run, rejects, on_progress)

    def original(self) -> bytes:
        """Return the stored original of the only file that was received."""
        (received,) = self.intake.files.values()
        return b"".join(Originals(self.originals).read(received.kept, received.secret))


@pytest.fixture
def intake() -> FakeIntake:
    return FakeIntake()


@pytest.fixture
def imports(intake: FakeIntake, tmp_path: Path) -> Importing:
    return Importing(intake, tmp_path / "originals")


Cells = Sequence[object]


def as_csv(path: Path, *rows: Cells, encoding: str = "utf-8", separator: str = ",") -> Path:
    """Write a csv file with these rows; return its path."""
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def as_xlsx(path: Path, *rows: Cells, sheet: str = "Log") -> Path:
    """Write a workbook with these rows on one sheet; return its path."""
    book = xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy"})
    page = book.add_worksheet(sheet)
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    book.close()
    return path


def log_csv(path: Path, *rows: Cells) -> Path:
    """Write a csv file of a provenance log with the usual headings and these rows; return its
    path.
    """
    return as_csv(path, HEADINGS, *(rows or (ENTRY,)))


def entry(words: str, **others: str) -> tuple[str, ...]:
    """Return a row of a provenance log with this text; `others` sets other cells, each by a word of
    its heading.
    """
    row = dict(zip(HEADINGS, ENTRY, strict=True))
    row[HEADINGS[2]] = words
    for name, value in others.items():
        heading = next(each for each in HEADINGS if name in each.casefold())
        row[heading] = value
    return tuple(row.values())


def lines(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)
