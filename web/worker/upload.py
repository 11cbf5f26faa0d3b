"""Screens to import a file: the columns, a preview, rows to correct, and the import itself.

The steps are the same as in the command `import`: nothing is stored before the user confirms it,
and importing a file a second time changes nothing.
"""

from pathlib import Path
from typing import Annotated, Any, get_args
from uuid import UUID

from fastapi import APIRouter, File, Form, UploadFile
from fastapi.responses import Response

from commands.information import source
from domain.kernel.codes import DateOrder, FileForm
from domain.kernel.values import Refused
from ingest.files.problems import BadFile
from ingest.forms import blank_log
from ingest.importing.plan import FORMS
from projections.families import cases
from projections.intelligence import people
from web.made.tab_pages import Values, tab
from web.site import labels
from web.site.paging import paged
from web.site.request_context import Looking, NotThere, Sending, Visit
from web.worker.upload_preview import bring_in, checked, mended_file
from web.worker.uploads import MOST, CorrectedRow, UploadDetails, UploadStore, new_name, plain_name

router = APIRouter()
#: Number of rows to correct on one page, and the largest number of conversations that one file may
#: have.
PAGE, CONVERSATIONS = 20, 2000
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def tray_of(visit: Visit) -> UploadStore:
    """Return the store of uploaded files."""
    return UploadStore(visit.system.home / "arriving", visit.system.keys, visit.system.passing)


@tab(router, "/import/log", "worker/log.html", before="/log", script="print.js")
def blank(visit: Looking) -> Values:
    """Show the blank provenance log, one sheet of A4, to be filled in by hand."""
    return {"asked": blank_log.ASKED, "headings": blank_log.HEADINGS, "rows": 7}


@router.get("/log.xlsx")
def blank_sheet(visit: Looking) -> Response:
    """Return the blank provenance log as a sheet for typing."""
    name = 'attachment; filename="provenance-log.xlsx"'
    made = blank_log.workbook(list(labels.HOW_KNOWN.values()))
    return Response(made, media_type=SHEET, headers={"Content-Disposition": name})


@router.get("/import")
def ask(visit: Looking) -> Response:
    """Show the form that asks for the file and its case."""
    return _upload_page(visit, {})


def _upload_page(visit: Visit, given: dict[str, Any], error: str | None = None) -> Response:
    with visit.reading() as db:
        rows = cases.worked_by(db, visit.reader, visit.reader.name)
        entities = people.entities(db, visit.reader, [row.child for row in rows])
    return visit.page(
        "worker/upload.html",
        status=422 if error else 200,
        given=given,
        error=error,
        families=[(row.number, entities[row.child].label) for row in rows if row.child in entities],
        waiting=tray_of(visit).list_files(visit.reader.name),
    )


@router.post("/import")
def receive(
    visit: Sending,
    file: Annotated[UploadFile | None, File()] = None,
    form: Annotated[FileForm, Form()] = "auto",
    case: Annotated[str, Form(max_length=200)] = "",
    heard_from: Annotated[str, Form(max_length=200)] = "",
    relation: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Receive a file, which is stored encrypted until its sender has checked the preview."""
    tray, owner = tray_of(visit), visit.reader.name
    content = file.file.read() if file else b""
    fields = {"form": form, "case": case, "heard_from": heard_from, "relation": relation}
    if not file or not content:
        return _upload_page(visit, fields, "Choose a file that is not empty.")
    if len(tray.list_files(owner)) >= MOST:
        return _upload_page(
            visit,
            fields,
            f"{MOST} of your files wait already: import or delete some of them first.",
        )
    sent = UploadDetails(
        new_name(),
        owner,
        plain_name(file.filename),
        visit.now,
        form,
        case.strip() or None,
        heard_from.strip() or None,
        relation.strip() or None,
    )
    tray.put(sent, content)
    return visit.go(f"/import/{sent.id}")


def _mine(visit: Visit, upload_id: str) -> UploadDetails:
    sent = tray_of(visit).get(visit.reader.name, upload_id)
    if sent is None:
        raise NotThere("file")
    return sent


@router.get("/import/{one}")
def check(visit: Looking, one: str, page: int = 1) -> Response:
    """Show the preview of a file: its columns, and the rows to correct."""
    return _shown(visit, _mine(visit, one), page)


def _shown(visit: Visit, sent: UploadDetails, page: int = 1, error: str | None = None) -> Response:
    with tray_of(visit).opened(sent) as path:
        preview = checked(visit, sent, path)
    page_rows, turns = paged(preview.bad, page, PAGE)
    return visit.page(
        "worker/upload_check.html",
        status=422 if error else 200,
        sent=sent,
        checked=preview,
        error=error,
        most=CONVERSATIONS,
        bad=page_rows,
        **turns,
    )


@router.post("/import/{one}/columns")
def columns(visit: Sending, one: str) -> Response:
    """Store what the user says about an uploaded file: which column has which meaning, the values
    that are the same for all rows, and facts that the file does not contain.
    """
    sent, form_values = _mine(visit, one), visit.given
    form = form_values.get("form", sent.form)
    if form not in ("auto", *FORMS):
        raise Refused(f"{form!r} is not a form of import file: choose one from the list")
    sent.form = form
    for name in ("case", "heard_from", "relation", "phone"):
        if name in form_values:
            setattr(sent, name, form_values[name].strip()[:200] or None)
    if order := form_values.get("dates"):
        if order not in get_args(DateOrder):
            raise Refused(f"{order!r} is not an order of day and month: choose one from the list")
        sent.dates = next(argument for argument in get_args(DateOrder) if argument == order)
    field_names = {field.name for field in FORMS[form].fields} if form in FORMS else set()
    sent.columns = {
        name: form_values[f"column-{name}"]
        for name in sorted(field_names)
        if f"column-{name}" in form_values
    }
    tray_of(visit).say(sent)
    return visit.go(f"/import/{sent.id}", "The file was read again with the chosen columns.")


@router.post("/import/{one}/conversations")
def pick(visit: Sending, one: str) -> Response:
    """Choose the conversations to import; other conversations are neither read nor stored."""
    sent, form_values = _mine(visit, one), visit.given
    names = (f"pick-{number}" for number in range(1, CONVERSATIONS + 1))
    sent.picked = [form_values[name] for name in names if name in form_values]
    if not sent.picked:
        raise Refused("choose at least one conversation to import")
    tray_of(visit).say(sent)
    return visit.go(f"/import/{sent.id}", "Only the chosen conversations of the file were read.")


@router.post("/import/{one}/mend")
def mend(visit: Sending, one: str) -> Response:
    """Store the corrected cells of a row of the uploaded file, and show the preview of the file
    again."""
    sent, form_values = _mine(visit, one), visit.given
    try:
        row_id = UUID(form_values.get("row", "")).hex
        number = int(form_values.get("number") or 0) or None
    except ValueError as wrong:
        raise Refused("this row of the file does not exist: open the page again") from wrong
    cells = {
        form_values.get(f"heading-{place}", "")[:200]: form_values.get(f"cell-{place}", "")
        for place in range(200)
        if f"cell-{place}" in form_values
    }
    sheet = form_values.get("sheet") or None
    sent.mended[row_id] = CorrectedRow(
        form_values.get("form", "provenance-log"), sheet, number, cells
    )
    tray_of(visit).say(sent)
    page = f"?page={form_values['page']}" if form_values.get("page", "").isdecimal() else ""
    return visit.go(f"/import/{sent.id}{page}#rows", f"Row {number or ''} was read again.")


@router.get("/import/{one}/rejects")
def rejects(visit: Looking, one: str) -> Response:
    """Return the rejected rows with the reasons, as a file to correct elsewhere and import."""
    sent = _mine(visit, one)
    with tray_of(visit).opened(sent) as path:
        report = bring_in(visit, sent, [path], dry_run=True, rejects=path.parent / "rejects.csv")
        if report.rejects_file is None:
            raise NotThere("row to correct")
        content = report.rejects_file.read_bytes()
    name = f"{Path(sent.name).stem}-to-correct.csv".encode("ascii", "replace").decode()
    return Response(
        content,
        media_type="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name.replace("?", "_")}"'},
    )


@router.post("/import/{one}/take")
def take(visit: Sending, one: str) -> Response:
    """Import an uploaded file. The rows that were corrected on the screen are imported first, so
    that the faulty rows in the file are recognised as recorded."""
    sent, tray = _mine(visit, one), tray_of(visit)
    before = visit.system.logs["evidence"].last()
    with tray.opened(sent) as path:
        paths = [mended_file(sent, path.parent)] if sent.mended else []
        try:
            reports = [bring_in(visit, sent, [each], dry_run=False) for each in (*paths, path)]
        except BadFile as wrong:
            return _shown(visit, sent, error=str(wrong))
        preview = checked(visit, sent, path)
    source.transfer_held(visit.desk, visit.reader)
    if not preview.bad:
        tray.drop(sent)
    return visit.page(
        "worker/upload_done.html",
        sent=sent,
        recorded=sum(each.recorded for each in reports),
        known=reports[-1].already_recorded - (reports[0].recorded if paths else 0),
        left=reports[-1].rejections,
        files=[file for report in reports for file in report.files],
        kept=visit.system.receipt(before),
        urgent=preview.urgent,
        proposed=preview.proposed,
    )


@router.post("/import/{one}/drop")
def drop(visit: Sending, one: str) -> Response:
    """Delete an uploaded file; nothing of it was recorded."""
    tray_of(visit).drop(_mine(visit, one))
    return visit.go("/import", "The file was deleted. Nothing from it was recorded.")
