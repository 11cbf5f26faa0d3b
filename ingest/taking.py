"""Taking in one planned file: batch by batch, each saved whole or not at all."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from uuid import UUID

from domain.values import Refused
from ingest import originals
from ingest.context import Context
from ingest.drafts import Draft, ObservationDraft, Read, ReferralDraft, Rejected
from ingest.plan import Plan
from ingest.problems import BadRow
from ingest.recording import Decided, Intake, Received
from ingest.rejects import ID, Rejects, carried_id
from ingest.report import FileReport, ImportReport

#: Commands in one transaction: above it a batch gains no speed, and an interruption costs more.
BATCH = 500


@dataclass(frozen=True)
class Progress:
    """Where an import stands: `total` rows of this file, where that is known."""

    file: str
    done: int
    total: int | None


@dataclass
class Taking:
    """One file on its way in."""

    intake: Intake
    plan: Plan
    context: Context
    report: ImportReport
    rejects: Rejects
    dry_run: bool
    on_progress: Callable[[Progress], None] | None
    file: FileReport = field(init=False)

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

    def take(self, kept_in: Path) -> None:
        """Keep the original, record that it came, then its rows."""
        if not self.dry_run:
            self._receive(kept_in)
        reads = self.plan.reads()
        self._tell()
        while batch := list(islice(reads, BATCH)):
            self._batch(batch)
            self._tell()

    def _tell(self) -> None:
        if self.on_progress:
            self.on_progress(Progress(self.file.name, self.file.read, self.plan.total))

    def _receive(self, kept_in: Path) -> None:
        chunks = self.plan.kept()
        if chunks is None:
            self.file.notes.append(
                "it holds pictures, so only its hash was kept: save it as xlsx to keep the rest"
            )
        self.file.kept = originals.keep(kept_in, chunks) if chunks is not None else None
        received = Received(
            sha256=self.plan.file.sha256,
            form=self.plan.form,
            size=self.plan.file.size,
            kept=self.file.kept or "",
            dataset=self.context.dataset,
            name=self.plan.path.name,
            mapping={
                f"{sheet}: {name}" if sheet else name: heading
                for sheet, columns in self.plan.mapping.items()
                for name, heading in columns.items()
            },
        )
        command_id = self.intake.identify(
            ("file", received.form, received.sha256, received.kept, received.dataset)
        )
        if not self.intake.known([command_id]):
            self.intake.save([self.intake.receive(received, command_id)])

    def _batch(self, batch: list[Read | Rejected]) -> None:
        self.file.read += len(batch)
        items = [self._identified(item) for item in batch]
        known = self.intake.known([command_id for _, command_id in items])
        new: list[tuple[Read, UUID]] = []
        for item, command_id in items:
            if command_id in known:
                self.file.known += 1
                continue
            known.add(command_id)
            if isinstance(item, Rejected):
                self._reject(item, command_id)
            else:
                new.append((item, command_id))
        self._record(new)

    def _identified(self, item: Read | Rejected) -> tuple[Read | Rejected, UUID]:
        """The item with its command id: a mended row carries its original's."""
        command_id = self.intake.identify(item.identity)
        if item.carried_id is None:
            return item, command_id
        try:
            return item, carried_id(item.carried_id)
        except BadRow as bad:
            return _rejected(item, bad.reason, ID), command_id

    def _record(self, new: list[tuple[Read, UUID]]) -> None:
        if not new:
            return
        try:
            self._save(new)
        except Refused:
            # Somebody recorded one of these people or things in between: decide once more.
            self._save(new)

    def _save(self, new: list[tuple[Read, UUID]]) -> None:
        decided: list[Decided] = []
        drafts: list[Draft] = []
        refused: list[tuple[Read, UUID, str]] = []
        with self.intake.deciding() as intake:
            for item, command_id in new:
                try:
                    decided.append(intake.prepare(item, command_id))
                    drafts.append(item.draft)
                except Refused as refusal:
                    refused.append((item, command_id, str(refusal)))
        self.intake.save([] if self.dry_run else [each.prepared for each in decided])
        self.file.recorded += len(decided)
        self.report.flags.update(
            code
            for each, draft in zip(decided, drafts, strict=True)
            for code in each.flags
            if not (code == "case-unknown" and self._would_open(draft))
        )
        if self.dry_run:
            self.report.opened.update(
                each.reference.strip().casefold()
                for each in drafts
                if isinstance(each, ReferralDraft) and each.reference
            )
        for item, command_id, reason in refused:
            self._reject(_rejected(item, reason, None), command_id)

    def _would_open(self, draft: Draft) -> bool:
        """Whether a referral in this dry run opens the case that the draft names."""
        return (
            isinstance(draft, ObservationDraft)
            and (draft.case or "").strip().casefold() in self.report.opened
        )

    def _reject(self, item: Rejected, command_id: UUID) -> None:
        self.file.rejected += 1
        self.report.reject(item)
        self.rejects.add(item, command_id)


def _rejected(item: Read | Rejected, reason: str, column: str | None) -> Rejected:
    if isinstance(item, Rejected):
        return replace(item, reason=f"{item.reason}; {reason}")
    form = item.origin.form
    return Rejected(
        item.place.at(column=column), form, reason, item.identity, item.cells, item.carried_id
    )
