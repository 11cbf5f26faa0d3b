"""Import one planned file in batches, each saved completely or not at all.

The file is long because a batch is read, prepared and saved in this order.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from uuid import UUID

from msgspec import Struct, structs

from commands.information.observation import TRIES
from commands.kernel.unit_of_work import LostRace
from domain.kernel.envelope import LogUnavailable
from domain.kernel.values import Refused
from domain.people_and_teams.store_admin import FileReceived
from ingest.files import originals
from ingest.files.problems import BadRow, Rejected
from ingest.files.rejects import ID, Rejects, carried_id
from ingest.files.report import FileReport, ImportReport
from ingest.forms.table_plan import PLACED
from ingest.importing.datasets import OtherDatasets
from ingest.importing.plan import ImportPlan
from ingest.importing.ungraded import file_entry
from ingest.words.context import Context
from ingest.words.drafts import Draft, ObservationDraft, Read, ReferralDraft
from ingest.words.recording import DraftTarget, PreparedCommand

#: Largest number of commands in one transaction. Other users wait until a transaction ends: with
#: 500 commands they waited two seconds. Smaller batches are slower, because the views are updated
#: after each batch: a command costs a sixth less in a batch of 100 than in a batch of 50.
BATCH = 100


ONE_ENTRY = "its ungraded links are one entry in the queue: grade it, or leave it as information"


class ImportProgress(Struct, frozen=True):
    """The progress of the import of a file: `total` is the number of rows in the file, if it is
    known; `done` is the number of rows that were read so far, and `recorded` the number of rows
    that this import recorded."""

    file: str
    done: int
    total: int | None
    recorded: int = 0


@dataclass
class _Batch:
    """A batch of rows, each with its command id; and the command ids of the rows that were already
    recorded when the batch was read."""

    items: list[tuple[Read | Rejected, UUID]]
    known: set[UUID]

    def new(self) -> list[tuple[Read | Rejected, UUID]]:
        """Return the rows of the batch that had not been recorded."""
        return [item for item in self.items if item[1] not in self.known]


@dataclass
class _PreparedBatch:
    """The rows of a batch that can be saved, and the rows that were refused."""

    decided: list[tuple[Read, PreparedCommand]] = field(default_factory=list)
    refused: list[tuple[Read, UUID, str]] = field(default_factory=list)


@dataclass
class FileImport:
    """The import of one file, while it is running."""

    intake: DraftTarget
    plan: ImportPlan
    context: Context
    report: ImportReport
    rejects: Rejects
    dry_run: bool
    on_progress: Callable[[ImportProgress], None] | None
    file: FileReport = field(init=False)
    _mark: str | None = field(init=False, default=None)
    _others: OtherDatasets = field(init=False)
    _entry: Read | None = field(init=False, default=None)
    _entered: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        plan = self.plan
        self.file = FileReport(
            plan.path.name,
            plan.file.sha256,
            plan.file.size,
            plan.form,
            mapping=plan.mapping,
            hidden=plan.hidden,
            notes=list(plan.notes),
        )
        self.report.files.append(self.file)

    def take(self, kept_in: originals.OriginalStore) -> None:
        """Store the original file, record that it was received, and then record its rows."""
        self._others = OtherDatasets(self.intake, self.plan, self.context.dataset)
        if not self.dry_run:
            self._receive(kept_in)
        self._tell()
        for batch in self._read_ahead():
            self._batch(batch)
            self._tell()
        self.file.notes += self._others.notes()

    def _file_entry(self, made: "_PreparedBatch") -> list[PreparedCommand]:
        """Return the log entry about an imported network file. Each file has one such entry: an
        officer who decides about it decides about all ungraded links of the file.

        The entry is saved together with the first rows, so that rows are never without it. If the
        first rows were recorded before, return no entry.
        """
        if self._entered or not made.decided or self.plan.form not in PLACED:
            return []
        if self._entry is None:
            self._entry = file_entry(self.plan, self.context.dataset)
        if self._entry is None:
            self._entered = True
            return []
        command_id = self.intake.identify(self._entry.identity)
        if self.intake.already_recorded([command_id]):
            return []
        return [self.intake.prepare(self._marked(self._entry), command_id)]

    def _read_ahead(self) -> Iterator[_Batch]:
        """Yield the rows of a file in batches; meanwhile, other processes read the text of later
        rows. If the file turns out to be damaged, the rows before the damage are recorded.
        """
        reads, waiting, begun = self.plan.reads(), deque[_Batch](), 0
        try:
            while rows := list(islice(reads, BATCH)):
                items = [self._identified(item) for item in rows]
                batch = _Batch(
                    items, self.intake.already_recorded([command_id for _, command_id in items])
                )
                waiting.append(batch)
                begun += len(rows)
                new = [item.draft for item, _ in batch.new() if isinstance(item, Read)]
                most = self.intake.read_ahead(new, max((self.plan.total or 0) - begun, 0))
                while len(waiting) > most:
                    yield waiting.popleft()
        except Exception:
            yield from waiting
            raise
        yield from waiting

    def _tell(self) -> None:
        if self.on_progress:
            read_count, new = self.file.read, self.file.recorded
            self.on_progress(ImportProgress(self.file.name, read_count, self.plan.total, new))

    def _receive(self, kept_in: originals.OriginalStore) -> None:
        sealing, chunks = kept_in.sealing(), self.plan.stored_parts()
        if chunks is None:
            self.file.notes.append(
                "it contains pictures, so only its hash was stored: remove them to store the file"
            )
        stored_hash = sealing.keep(chunks) if chunks is not None else ""
        received = FileReceived(
            sha256=self.plan.file.sha256,
            form=self.plan.form,
            size=self.plan.file.size,
            kept=sealing.name if stored_hash else "",
            digest=sealing.digest(self.plan.file.sha256),
            secret=sealing.secret,
            dataset=self.context.dataset,
            name=self.plan.path.name,
            mapping={
                f"{sheet}: {name}" if sheet else name: heading
                for sheet, columns in self.plan.mapping.items()
                for name, heading in columns.items()
            },
        )
        command_id = self.intake.identify(
            ("file", received.form, received.sha256, stored_hash, self.context.dataset)
        )
        if not self.intake.already_recorded([command_id]):
            self.intake.save([self.intake.receive(received, command_id)])
        event = self.intake.received(command_id) or received
        # if the file was imported before, or by another process meanwhile, its original is already
        # stored: discard this copy
        if event.kept != received.kept:
            sealing.drop()
        self.file.kept, self._mark = event.kept or None, event.mark

    def _batch(self, batch: _Batch) -> None:
        self.file.read += len(batch.items)
        known_items = batch.known
        # another process may have recorded rows of earlier batches meanwhile
        known_items |= self.intake.already_recorded([command_id for _, command_id in batch.new()])
        new: list[tuple[Read, UUID]] = []
        for item, command_id in batch.items:
            if command_id in known_items:
                self.file.known += 1
                continue
            known_items.add(command_id)
            if isinstance(item, Read) and self._others.have(item):
                self.file.known += 1
            elif isinstance(item, Rejected):
                self._reject(item, command_id)
            else:
                new.append((item, command_id))
        self._record(new)

    def _identified(self, item: Read | Rejected) -> tuple[Read | Rejected, UUID]:
        """Return a row with its command id; a corrected row has the id of the original row."""
        command_id = self.intake.identify(item.identity)
        if item.carried_id is None:
            return item, command_id
        try:
            return item, carried_id(item.carried_id)
        except BadRow as bad:
            return _rejected(item, bad.reason, ID), command_id

    def _record(self, new: list[tuple[Read, UUID]]) -> None:
        """Make the commands of these rows and save the commands together. If the register of
        sources does not answer, the rows are saved nevertheless, each with its source encrypted.
        """
        if not new:
            return
        register_answers = True
        for left in reversed(range(TRIES)):
            made = self._decide(new, register_answers)
            entry = self._file_entry(made)
            saved = [*entry, *(decision for _, decision in made.decided)]
            try:
                self.intake.save([] if self.dry_run else [decision.prepared for decision in saved])
            except LostRace as raced:
                if not left:
                    self._one_by_one(new, str(raced))
                    return
            except LogUnavailable:
                if not register_answers:
                    raise
                register_answers = False
            else:
                self._count(made)
                self._entered = self._entered or bool(made.decided)
                if entry:
                    self.file.notes.append(ONE_ENTRY)
                return

    def _one_by_one(self, new: list[tuple[Read, UUID]], reason: str) -> None:
        """Record the rows one by one, so that only a row that cannot be recorded is rejected."""
        if len(new) == 1:
            ((item, command_id),) = new
            self._reject(_rejected(item, reason, None), command_id)
            return
        for row in new:
            self._record([row])

    def _decide(self, items: list[tuple[Read, UUID]], register_answers: bool) -> "_PreparedBatch":
        made = _PreparedBatch()
        drafts = {command_id: item.draft for item, command_id in items}
        with self.intake.deciding(register_answers, drafts) as intake:
            for item, command_id in items:
                try:
                    made.decided.append((item, intake.prepare(self._marked(item), command_id)))
                except Refused as refusal:
                    made.refused.append((item, command_id, str(refusal)))
                except (ValueError, ArithmeticError) as wrong:
                    made.refused.append((item, command_id, f"it cannot be recorded: {wrong}"))
        return made

    def _marked(self, item: Read) -> Read:
        """Return the row with the keyed digest of its file. A person without the key cannot use the
        digest to check guesses of the file's content.
        """
        if self._mark is None:
            return item
        return structs.replace(item, origin=structs.replace(item.origin, file=self._mark))

    def _count(self, made: "_PreparedBatch") -> None:
        self.file.recorded += len(made.decided)
        opened = self.report.opened
        if self.dry_run:
            opened |= {_case(item.draft) for item, _ in made.decided}
        for item, decided in made.decided:
            self.report.urgent += decided.urgent
            named = _named_case(item.draft)
            self.report.flags.update(
                code for code in decided.flags if code != "case-unknown" or named not in opened
            )
        for item, command_id, reason in made.refused:
            self._reject(_rejected(item, reason, None), command_id)

    def _reject(self, item: Rejected, command_id: UUID) -> None:
        self.file.rejected += 1
        self.report.reject(item)
        self.rejects.add(item, command_id)


def _case(draft: Draft) -> str:
    """Return the reference of the case that a referral opens; "" if it opens none."""
    return _plain(draft.reference) if isinstance(draft, ReferralDraft) else ""


def _named_case(draft: Draft) -> str:
    return _plain(draft.case) if isinstance(draft, ObservationDraft) else ""


def _plain(reference: str | None) -> str:
    return (reference or "").strip().casefold()


def _rejected(item: Read | Rejected, reason: str, column: str | None) -> Rejected:
    if isinstance(item, Rejected):
        return structs.replace(item, reason=f"{item.reason}; {reason}")
    form = item.origin.form
    return Rejected(
        item.place.at(column=column), form, reason, item.identity, item.cells(), item.carried_id
    )
