"""Previews an uploaded file by an import that records nothing. The rows that were corrected on the
screen are imported as a second file."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from ingest.files.columns import find
from ingest.files.mapping import Mapping
from ingest.files.problems import BadFile, BadRow, FilePosition, Rejected, Unanswered
from ingest.files.rejects import Rejects, carried_id
from ingest.files.report import ImportReport
from ingest.forms.messages import Conversation
from ingest.importing import opening
from ingest.importing.load import import_files
from ingest.importing.plan import FORMS, conversations, plans
from ingest.reading import urgency_signs
from ingest.words.context import Context
from ingest.words.drafts import ObservationDraft, Read
from ingest.words.recording import DeskIntake
from web.site.request_context import Visit
from web.worker.uploads import UploadDetails

#: Number of rows that the preview shows.
PREVIEW = 10


class RejectedRow(Struct, frozen=True):
    """A row that cannot be imported, with the reason. `id` is the command id with which it would be
    recorded."""

    id: str
    place: FilePosition
    form: str
    reason: str
    cells: dict[str, str]


@dataclass
class UploadPreview:
    """The preview of a file. `error` says why none of it can be imported."""

    form: str = "provenance-log"
    headings: list[str] = field(default_factory=list)
    mapping: dict[str, str] = field(default_factory=dict)
    rows: list[ObservationDraft | Any] = field(default_factory=list)
    urgent: int = 0
    proposed: int = 0
    report: ImportReport | None = None
    bad: list[RejectedRow] = field(default_factory=list)
    mended: int = 0
    error: str | None = None
    #: A question about the file that the sender has to answer, and the reason for it.
    question: str | None = None
    open_point: str | None = None
    conversations: list[Conversation] = field(default_factory=list)
    picked: frozenset[str] = frozenset()

    @property
    def to_pick(self) -> bool:
        """Return whether the user still has to choose conversations: the file has several, and none
        was chosen."""
        return len(self.conversations) > 1 and not self.picked

    @property
    def fields(self) -> list[tuple[str, str]]:
        """Return the fields of the file's form that the user can match to columns, each with its
        usual heading."""
        fields = (
            form_field
            for form_field in FORMS[self.form].fields
            if not form_field.rare or form_field.name in self.mapping
        )
        return [(column.name, column.headings[0]) for column in fields]

    @property
    def left(self) -> int:
        """Return how many rows of the file would not be imported, even with the user's
        corrections."""
        return self.report.rejections - self.mended if self.report else 0


def checked(visit: Visit, sent: UploadDetails, path: Path) -> UploadPreview:
    """Return the preview of this uploaded file."""
    preview = UploadPreview(form=sent.form if sent.form != "auto" else "provenance-log")
    context = _context(visit, sent)
    try:
        planned = plans(path, context)
        preview.form = planned[0].form
        preview.mapping = {f: h for sheet in planned[0].mapping.values() for f, h in sheet.items()}
        for plan in planned:
            _count(preview, plan.reads())
        preview.report = bring_in(visit, sent, [path], dry_run=True)
        preview.bad = list(_bad(visit, preview.report.rejected))
        _put_mended(visit, sent, path, preview)
    except Unanswered as asked:
        preview.question, preview.open_point = asked.question, asked.wrong
    except BadFile as wrong:
        preview.error = str(wrong)
    _name_conversations(preview, sent, path, context)
    _name_headings(preview, path, context)
    return preview


def bring_in(
    visit: Visit,
    sent: UploadDetails,
    paths: list[Path],
    *,
    dry_run: bool,
    rejects: Path | None = None,
) -> ImportReport:
    """Import these files as the command `import` does, and return its report. Raises BadFile."""
    context = _context(visit, sent)
    return import_files(
        visit.desk,
        visit.reader,
        paths,
        originals=visit.system.originals,
        now=visit.now,
        form=sent.form,
        mapping=context.mapping,
        case=sent.case,
        conversations=context.conversations,
        dates=context.dates,
        phone=context.phone,
        dry_run=dry_run,
        rejects=rejects,
        shown=None,
    )


def mended_file(sent: UploadDetails, folder: Path) -> Path:
    """Return the corrected rows as a file of rejects, with the ids of the rows that they
    replace."""
    path = folder / f"{Path(sent.name).stem}-corrected.csv"
    rejects = Rejects(path)
    for item_text, row in sent.mended.items():
        place = FilePosition(sent.name, row.sheet, row.row)
        rejects.add(Rejected(place, row.form, "mended", (), row.cells), UUID(item_text))
    rejects.write()
    return path


def _context(visit: Visit, sent: UploadDetails) -> Context:
    values = {"heard_from": sent.heard_from, "relation": sent.relation}
    fixed = {name: words for name, words in values.items() if words}
    mapping = Mapping(sent.columns, fixed)
    picked = tuple(sent.picked) or None
    return Context(
        visit.now,
        sent.form,
        mapping,
        case=sent.case,
        conversations=picked,
        dates=sent.dates,
        phone=sent.phone,
    )


def _count(preview: UploadPreview, reads: Iterable[Read | Rejected]) -> None:
    for read in reads:
        if isinstance(read, Read):
            if len(preview.rows) < PREVIEW:
                preview.rows.append(read.draft)
            if isinstance(read.draft, ObservationDraft):
                draft = read.draft
                preview.urgent += draft.urgent_reason is not None
                preview.proposed += draft.urgent_reason is None and bool(urgency_signs(draft.words))


def _name_conversations(
    preview: UploadPreview, sent: UploadDetails, path: Path, context: Context
) -> None:
    """Add the conversations of the file to the preview, so that the user can choose which to
    import. A file of messages has conversations. A table is searched for conversations if it is not
    recognised as another form of file."""
    no_table = opening.is_messages(path)
    if preview.form != "messages" and not preview.error and not no_table:
        return
    with suppress(BadFile):
        preview.conversations = conversations(path, context)
    preview.picked = frozenset(sent.picked) & {
        conversation.key for conversation in preview.conversations
    }
    if preview.to_pick:
        preview.form, preview.error = sent.form if no_table else "messages", None


def _name_headings(preview: UploadPreview, path: Path, context: Context) -> None:
    """Add the headings of an uploaded table to the preview, so that the user can say what each
    column means. If the file is no table, add no headings."""
    if preview.form not in FORMS:
        return
    try:
        if opening.content(path) != "table":
            return
        sheets = opening.open_book(path).sheets
    except BadFile:
        return
    for sheet in sheets:
        columns = find(sheet, FORMS[preview.form], context.mapping.columns, context.mapping.fixed)
        if columns:
            preview.headings += [
                heading for heading in columns.headings if heading not in preview.headings
            ]
            preview.mapping = columns.mapping | preview.mapping


def _bad(visit: Visit, rejected: Iterable[Rejected]) -> Iterator[RejectedRow]:
    intake = DeskIntake(visit.desk, visit.reader, visit.now, "default")
    for reject in rejected:
        item = intake.identify(reject.identity)
        if reject.carried_id:
            # an id that was changed is ignored, and the row keeps its own id
            with suppress(BadRow):
                item = carried_id(reject.carried_id)
        yield RejectedRow(item.hex, reject.place, reject.form, reject.reason, reject.cells)


def _put_mended(visit: Visit, sent: UploadDetails, path: Path, preview: UploadPreview) -> None:
    """Add to the preview the number of corrected rows that could be imported now. Corrected rows
    that still have an error are listed with their corrected cells and the present error."""
    if not sent.mended:
        return
    again = bring_in(visit, sent, [mended_file(sent, path.parent)], dry_run=True)
    with_why = {row.id: row.reason for row in _bad(visit, again.rejected)}
    shown = [
        replace(
            row,
            cells=sent.mended[row.id].cells if row.id in sent.mended else row.cells,
            reason=with_why.get(row.id, row.reason),
        )
        for row in preview.bad
        if row.id not in sent.mended or row.id in with_why
    ]
    preview.mended, preview.bad = len(preview.bad) - len(shown), shown
