"""Import files: plan and check all of them, then record them in batches, each completely or not at
all.

Importing the same file again changes nothing, and an interrupted import continues where it stopped,
because every row has an identity.
"""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from access.who_may.decide import require
from commands.kernel.unit_of_work import Desk
from domain.kernel.codes import DateOrder
from domain.kernel.envelope import LogUnavailable
from domain.kernel.values import Reader
from ingest.files.mapping import Mapping
from ingest.files.originals import OriginalStore
from ingest.files.problems import BadFile, FilePosition
from ingest.files.rejects import Rejects
from ingest.files.report import SHOWN, ImportReport
from ingest.importing.plan import ImportPlan, plans
from ingest.importing.read_and_record import FileImport, ImportProgress
from ingest.words.context import Context
from ingest.words.read_ahead import ReadAhead
from ingest.words.recording import DeskIntake, DraftTarget


def import_files(
    desk: Desk,
    reader: Reader,
    paths: Sequence[Path],
    *,
    originals: OriginalStore,
    now: datetime,
    form: str = "auto",
    mapping: Mapping | None = None,
    dataset: str = "default",
    case: str | None = None,
    conversations: Collection[str] | None = None,
    encoding: str = "utf-8",
    dates: DateOrder | None = None,
    phone: str | None = None,
    dry_run: bool = False,
    rejects: Path | None = None,
    on_progress: Callable[[ImportProgress], None] | None = None,
    shown: int | None = SHOWN,
) -> ImportReport:
    """Import files and return a report of every row.

    `dates` is the order of day and month in a chat, and `phone` is the number of the phone whose
    calls a list of calls contains; a file itself may lack this information. `originals` is the
    store of original files; the report lists at most `shown` rejected rows, or all if `shown` is
    None. Raises Denied if the reader may not import files; BadFile, before anything is stored, if a
    file cannot be imported; LogUnavailable if the log does not answer.
    """
    require(reader, "import")
    context = Context(
        now, form, mapping or Mapping(), dataset, case, conversations, encoding, dates, phone
    )
    with ReadAhead() as ahead:
        intake = DeskIntake(desk, reader, now, dataset, ahead=ahead)
        report = run(intake, paths, context, originals, dry_run, rejects, on_progress, shown)
    with suppress(LogUnavailable), desk.deciding():
        # beginning a decision updates the views, so they now include everything that was imported
        pass
    return report


def run(
    intake: DraftTarget,
    paths: Sequence[Path],
    context: Context,
    kept_in: OriginalStore,
    dry_run: bool = False,
    rejects: Path | None = None,
    on_progress: Callable[[ImportProgress], None] | None = None,
    shown: int | None = SHOWN,
) -> ImportReport:
    """Import files and return a report of every row; `intake` receives the drafts."""
    if rejects and not rejects.parent.is_dir():
        raise BadFile(
            FilePosition(str(rejects)),
            "the folder of the file for rejected rows does not exist: name another",
            "make the folder first",
        )
    for path in paths:
        _refuse_unfit(path, rejects)
    planned = [plan for path in paths for plan in plans(path, context)]
    _refuse_unused(planned, context)
    planned.sort(key=lambda plan: _FIRST.index(plan.form) if plan.form in _FIRST else len(_FIRST))
    report = ImportReport(dry_run=dry_run, shown=shown)
    kept_rejects = Rejects(rejects)
    try:
        while planned:
            plan = planned.pop(0)
            FileImport(intake, plan, context, report, kept_rejects, dry_run, on_progress).take(
                kept_in
            )
    finally:
        report.rejects_file = kept_rejects.write()
    return report


def _refuse_unfit(path: Path, rejects: Path | None) -> None:
    """Raise BadFile for a file that can be read only once, and for a file that the rejects file
    would overwrite."""
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise BadFile(
            FilePosition(path.name),
            "this name is a pipe or a device, not a file",
            "save it as a file, then import",
        )
    if rejects and path.resolve() == rejects.resolve():
        raise BadFile(
            FilePosition(path.name),
            "--rejects names the imported file: name another file for the rejected rows",
            "name another file for rejected rows",
        )


#: Forms that are imported first: referrals open the cases that logs and messages name, and links
#: name people and incidents.
_FIRST = ("referrals", "people", "incidents")


def _refuse_unused(planned: Sequence[ImportPlan], context: Context) -> None:
    """Raise BadFile if the mapping names a column that is in none of the files: it is probably
    misspelt."""
    used = {name for plan in planned for sheet in plan.mapping.values() for name in sheet}
    for name, heading in context.mapping.columns.items():
        if not heading:
            continue
        mapped_headings = {
            sheet.get(name, "") for plan in planned for sheet in plan.mapping.values()
        }
        if name not in used or not any(
            _same(heading, mapped_heading) for mapped_heading in mapped_headings
        ):
            raise BadFile(
                FilePosition("the mapping"),
                f"none of the files has a column {heading!r} for the field {name!r}",
                "check its spelling against the headings in the file",
            )


def _same(heading: str, other: str) -> bool:
    return " ".join(heading.casefold().split()) == " ".join(other.casefold().split())
