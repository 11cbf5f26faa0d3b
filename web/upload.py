"""A file on its way in: the columns, a preview, rows to mend, and then the import itself.

The steps are those of the command `import`: nothing is stored before its sender says so, and the
same file twice changes nothing.
"""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, File, Form, UploadFile
from fastapi.responses import Response

from commands import source
from domain.values import Refused
from ingest import blank_log, opening
from ingest.columns import find
from ingest.context import Context
from ingest.drafts import ObservationDraft, Read, Rejected
from ingest.load import import_files
from ingest.mapping import Mapping
from ingest.plan import FORMS, plans
from ingest.problems import BadFile, BadRow, Place
from ingest.recording import DeskIntake
from ingest.rejects import Rejects, carried_id
from ingest.report import ImportReport
from projections import cases, people
from web import labels
from web.tray import MOST, Mended, Sent, Tray, new_name, plain_name
from web.visit import Looking, NotThere, Sending, Visit

router = APIRouter()
FormName = Literal["auto", "provenance-log", "referrals", "links"]
#: Rows shown of what was read, and rows to mend on one page.
PREVIEW, PAGE = 10, 20
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def tray_of(visit: Visit) -> Tray:
    """The files that wait in this store."""
    return Tray(visit.system.home / "arriving", visit.system.keys)


@dataclass(frozen=True)
class Bad:
    """A row that cannot be taken in, and why; `id` is that under which it is recorded once."""

    id: str
    place: Place
    form: str
    reason: str
    cells: dict[str, str]


@dataclass
class Checked:
    """What would become of a file. `error` says why none of it can be taken in."""

    form: str = "provenance-log"
    headings: list[str] = field(default_factory=list)
    mapping: dict[str, str] = field(default_factory=dict)
    rows: list[ObservationDraft | Any] = field(default_factory=list)
    urgent: int = 0
    report: ImportReport | None = None
    bad: list[Bad] = field(default_factory=list)
    mended: int = 0
    error: str | None = None

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The fields of the form, each as it is asked."""
        return [(each.name, each.headings[0]) for each in FORMS[self.form].fields]

    @property
    def left(self) -> int:
        """Rows that stay outside."""
        return self.report.rejections - self.mended if self.report else 0


@router.get("/log")
def blank(visit: Looking) -> Response:
    """The provenance log to be filled in by hand: one sheet of A4."""
    return visit.page("log.html", asked=blank_log.ASKED, headings=blank_log.HEADINGS, rows=7)


@router.get("/log.xlsx")
def blank_sheet(visit: Looking) -> Response:
    """The same log to be typed into."""
    name = 'attachment; filename="provenance-log.xlsx"'
    made = blank_log.workbook(list(labels.HOW_KNOWN.values()))
    return Response(made, media_type=SHEET, headers={"Content-Disposition": name})


@router.get("/import")
def ask(visit: Looking) -> Response:
    """Which file, and whose is it?"""
    return _asked(visit, {})


def _asked(visit: Visit, given: dict[str, Any], error: str | None = None) -> Response:
    with visit.reading() as db:
        rows = cases.worked_by(db, visit.reader, visit.reader.name)
        known = people.entities(db, visit.reader, [row.child for row in rows])
    return visit.page(
        "upload.html",
        status=422 if error else 200,
        given=given,
        error=error,
        families=[(row.number, known[row.child].label) for row in rows if row.child in known],
        waiting=tray_of(visit).of(visit.reader.name),
    )


@router.post("/import")
def receive(
    visit: Sending,
    file: Annotated[UploadFile | None, File()] = None,
    form: Annotated[FormName, Form()] = "auto",
    case: Annotated[str, Form(max_length=200)] = "",
    heard_from: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """A file came: it waits, sealed, until its sender has looked at what was read in it."""
    tray, owner = tray_of(visit), visit.reader.name
    content = file.file.read() if file else b""
    given = {"form": form, "case": case, "heard_from": heard_from}
    if not file or not content:
        return _asked(visit, given, "Choose a file that has something in it.")
    if len(tray.of(owner)) >= MOST:
        return _asked(visit, given, f"{MOST} of your files wait already: bring them in first.")
    sent = Sent(
        new_name(),
        owner,
        plain_name(file.filename),
        visit.now,
        form,
        case.strip() or None,
        heard_from.strip() or None,
    )
    tray.put(sent, content)
    return visit.go(f"/import/{sent.id}")


def _mine(visit: Visit, one: str) -> Sent:
    sent = tray_of(visit).get(visit.reader.name, one)
    if sent is None:
        raise NotThere("file")
    return sent


@router.get("/import/{one}")
def check(visit: Looking, one: str, page: int = 1) -> Response:
    """What was read, what each column was taken for, and which rows have to be mended."""
    return _shown(visit, _mine(visit, one), page)


def _shown(visit: Visit, sent: Sent, page: int = 1, error: str | None = None) -> Response:
    with tray_of(visit).opened(sent) as path:
        checked = _checked(visit, sent, path)
    pages = max(1, -(-len(checked.bad) // PAGE))
    page = min(max(page, 1), pages)
    return visit.page(
        "upload_check.html",
        status=422 if error else 200,
        sent=sent,
        checked=checked,
        error=error,
        bad=checked.bad[(page - 1) * PAGE : page * PAGE],
        page_number=page,
        pages=pages,
    )


def _context(visit: Visit, sent: Sent) -> Context:
    fixed = {"heard_from": sent.heard_from} if sent.heard_from else {}
    mapping = Mapping(sent.columns, fixed)
    return Context(visit.now, sent.form, mapping, case=sent.case)


def _checked(visit: Visit, sent: Sent, path: Path) -> Checked:
    """A dry run, with the rows that were mended on the screen put to it apart."""
    found = Checked(form=sent.form if sent.form != "auto" else "provenance-log")
    context = _context(visit, sent)
    try:
        planned = plans(path, context)
        found.form = planned[0].form
        found.mapping = {f: h for sheet in planned[0].mapping.values() for f, h in sheet.items()}
        for plan in planned:
            for read in plan.reads():
                _count(found, read)
        found.report = _import(visit, sent, [path], dry_run=True)
        found.bad = [_bad(visit, one) for one in found.report.rejected]
        _put_mended(visit, sent, path, found)
    except BadFile as wrong:
        found.error = str(wrong)
    _name_headings(found, path, context)
    return found


def _count(found: Checked, read: Read | Rejected) -> None:
    if isinstance(read, Read):
        if len(found.rows) < PREVIEW:
            found.rows.append(read.draft)
        found.urgent += bool(getattr(read.draft, "urgent_reason", None))


def _name_headings(found: Checked, path: Path, context: Context) -> None:
    """The headings of the file, to choose from; none where it is no table."""
    if found.form not in FORMS:
        return
    try:
        if opening.content(path) != "table":
            return
        sheets = opening.open_book(path).sheets
    except BadFile:
        return
    for sheet in sheets:
        columns = find(sheet, FORMS[found.form], context.mapping.columns, context.mapping.fixed)
        if columns:
            found.headings += [one for one in columns.headings if one not in found.headings]
            found.mapping = columns.mapping | found.mapping


def _bad(visit: Visit, one: Rejected) -> Bad:
    told = DeskIntake(visit.desk, visit.reader, visit.now, "default").identify(one.identity)
    if one.carried_id:
        with suppress(BadRow):  # where its identity was changed the row stands for itself
            told = carried_id(one.carried_id)
    return Bad(told.hex, one.place, one.form, one.reason, one.cells)


def _put_mended(visit: Visit, sent: Sent, path: Path, found: Checked) -> None:
    """Which of the mended rows would be taken in now; the others say anew what is wrong."""
    if not sent.mended:
        return
    with_why: dict[str, str] = {}
    mended = _mended_file(sent, path.parent)
    again = _import(visit, sent, [mended], dry_run=True)
    for one in again.rejected:
        with_why[_bad(visit, one).id] = one.reason
    shown = [
        replace(
            one,
            cells=sent.mended[one.id].cells if one.id in sent.mended else one.cells,
            reason=with_why.get(one.id, one.reason),
        )
        for one in found.bad
        if one.id not in sent.mended or one.id in with_why
    ]
    found.mended, found.bad = len(found.bad) - len(shown), shown


def _mended_file(sent: Sent, folder: Path) -> Path:
    """The mended rows as a file of rejects, which carries the ids of the rows they mend."""
    path = folder / f"{Path(sent.name).stem}-mended.csv"
    kept = Rejects(path)
    for one, row in sent.mended.items():
        place = Place(sent.name, row.sheet, row.row)
        kept.add(Rejected(place, row.form, "mended", (), row.cells), UUID(one))
    kept.write()
    return path


def _import(
    visit: Visit, sent: Sent, paths: list[Path], *, dry_run: bool, rejects: Path | None = None
) -> ImportReport:
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
        dry_run=dry_run,
        rejects=rejects,
    )


@router.post("/import/{one}/columns")
def columns(visit: Sending, one: str) -> Response:
    """Which column means what, and what holds for every row."""
    sent, told = _mine(visit, one), visit.given
    form = told.get("form", sent.form)
    if form not in ("auto", *FORMS):
        raise Refused(f"{form!r} is no form")
    sent.form = form
    sent.case = told.get("case", "").strip()[:200] or None
    sent.heard_from = told.get("heard_from", "").strip()[:200] or None
    known = {each.name for each in FORMS[form].fields} if form in FORMS else set()
    sent.columns = {
        name: told[f"column-{name}"] for name in sorted(known) if f"column-{name}" in told
    }
    tray_of(visit).say(sent)
    return visit.go(f"/import/{sent.id}", "Read again with these columns.")


@router.post("/import/{one}/mend")
def mend(visit: Sending, one: str) -> Response:
    """A row as it should have been; its cells come back as they were called in the file."""
    sent, told = _mine(visit, one), visit.given
    try:
        row_id = UUID(told.get("row", "")).hex
        number = int(told.get("number") or 0) or None
    except ValueError as wrong:
        raise Refused("this row is not known: open the page again") from wrong
    cells = {
        told.get(f"heading-{place}", "")[:200]: told.get(f"cell-{place}", "")
        for place in range(200)
        if f"cell-{place}" in told
    }
    sheet = told.get("sheet") or None
    sent.mended[row_id] = Mended(told.get("form", "provenance-log"), sheet, number, cells)
    tray_of(visit).say(sent)
    return visit.go(f"/import/{sent.id}#rows", f"Row {number or ''} was read again.")


@router.get("/import/{one}/rejects")
def rejects(visit: Looking, one: str) -> Response:
    """The rows that are not taken in, with why, as a file to be mended elsewhere and sent."""
    sent = _mine(visit, one)
    with tray_of(visit).opened(sent) as path:
        report = _import(visit, sent, [path], dry_run=True, rejects=path.parent / "rejects.csv")
        if report.rejects_file is None:
            raise NotThere("row to mend")
        content = report.rejects_file.read_bytes()
    name = f"{Path(sent.name).stem}-to-mend.csv".encode("ascii", "replace").decode()
    return Response(
        content,
        media_type="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name.replace("?", "_")}"'},
    )


@router.post("/import/{one}/take")
def take(visit: Sending, one: str) -> Response:
    """Bring it in: what was mended first, so that those rows are known when the file comes."""
    sent, tray = _mine(visit, one), tray_of(visit)
    before = visit.system.logs["evidence"].last()
    with tray.opened(sent) as path:
        paths = [_mended_file(sent, path.parent)] if sent.mended else []
        try:
            done = [_import(visit, sent, [each], dry_run=False) for each in (*paths, path)]
        except BadFile as wrong:
            return _shown(visit, sent, error=str(wrong))
        checked = _checked(visit, sent, path)
    source.transfer_held(visit.desk, visit.reader)
    if not checked.bad:
        tray.drop(sent)
    return visit.page(
        "upload_done.html",
        sent=sent,
        recorded=sum(each.recorded for each in done),
        known=done[-1].known - (done[0].recorded if paths else 0),
        left=done[-1].rejections,
        files=[each for report in done for each in report.files],
        kept=visit.system.receipt(before),
        urgent=checked.urgent,
    )


@router.post("/import/{one}/drop")
def drop(visit: Sending, one: str) -> Response:
    """Not wanted after all: nothing of it was stored."""
    tray_of(visit).drop(_mine(visit, one))
    return visit.go("/import", "The file was deleted here; nothing of it was recorded.")
