"""Lists as dense tables, each made from a declared question.

The file is long because every list is made by the same steps.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode

import msgspec
from fastapi import APIRouter
from fastapi.responses import Response
from msgspec import Struct
from msgspec.structs import replace

from access.who_may.decide import decide
from commands.kernel.unit_of_work import Desk
from domain.kernel.values import Denied, Hidden, Reader, Refused
from projections.kernel.columns import Listed
from projections.kernel.queries import COUNTED
from usecases.kernel.csv_tables import ending
from usecases.kernel.fields import Field, fields_of, find_silent_hits, values_of
from usecases.kernel.numbered_copy import printed
from usecases.kernel.paper import PaperPicture
from usecases.kernel.question import Answer, Question, document, tables_to_show
from usecases.kernel.registry import QUESTIONS
from usecases.kernel.usecase import FieldErrors
from usecases.kernel.workbook import export_workbook
from web.site.field_parsing import day, reads
from web.site.forms import Filter
from web.site.lists import FORMER, LISTS, PLAIN, address
from web.site.navigation import opens
from web.site.paging import Turns, turned
from web.site.request_context import Looking, NotThere, Sending, Visit, address_query
from web.site.tables import PageTable, Sorting, make_table, sorted_rows

router = APIRouter()
_QUESTIONS = {one.named.slug: one for one in QUESTIONS.values()}
#: Number of rows on one page of a list; forty of them fit on an analyst's screen.
PAGE = 100
#: The parameter of an address that says how the list is sorted.
SORTED = "sorted"
#: The largest page number of a list: no list is longer, and databases refuse larger numbers.
FURTHEST = 10**9
#: The types of files with CSV, by their endings.
CSV = {"csv": "text/csv", "zip": "application/zip"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def question_of(visit: Visit, name: str) -> type[Question]:
    """Return the question of this name. Raises NotThere if there is none, or if it is not for this
    reader."""
    question = _QUESTIONS.get(name)
    acts = question.named.acts if question else ()
    if question is None or (acts and not any(decide(visit.reader, act).allowed for act in acts)):
        raise NotThere("page")
    visit.asks = question.named.command
    return question


class _Answer(Struct, frozen=True):
    """A question with its answer, or with one page of the answer. `turns` are the values with which
    the template shows the page number; `read` are the tables with all rows that were read."""

    question: Question
    answer: Answer
    turns: Turns
    read: tuple[Sequence[Listed], ...]

    @property
    def charts(self) -> Sequence[PaperPicture]:
        """Return the charts of the answer, drawn from the rows that were read."""
        return self.question.charts(replace(self.answer, tables=self.read))


def _rows(
    visit: Visit, question: type[Question], given: Mapping[str, Any], number: int | None = None
) -> _Answer:
    """Return the answer to a question, or one page of it. Raises FieldErrors for wrong values. If a
    name matches no visible item or several, raises Refused after the owners of hidden items with
    this name were notified."""
    query = question(**values_of(fields_of(question), given, reads(visit)))
    told_to = (visit.desk, visit.reader, visit.now)
    sorting = _sorting(visit)
    try:
        if number is not None and question.named.shown and not sorting.by:
            return _part(query, *told_to, number=min(max(number, 1), FURTHEST))
        answer = query.told(*told_to)
    except Refused:
        visit.consulted(b"", find_silent_hits(query, visit.desk, visit.reader))
        raise
    if number is None:
        return _Answer(query, answer, {}, answer.tables)
    if sorting.by:
        answer = _sorted(visit, question, answer, sorting)
    skip, turns = turned(max(map(len, answer.tables), default=0), number, PAGE)
    tables = tuple(rows[skip : skip + PAGE] for rows in answer.tables)
    return _Answer(query, replace(answer, tables=tables), turns, answer.tables)


def _part(question: Question, desk: Desk, reader: Reader, now: datetime, *, number: int) -> _Answer:
    """Return one page of the answer to a question that is read page by page. If the page does not
    exist, return the last page."""
    rows, total = question.part(desk, reader, now, (number - 1) * PAGE, PAGE)
    skip, turns = turned(total, number, PAGE)
    if total and not rows:
        rows, total = question.part(desk, reader, now, skip, PAGE)
    counted = {"counted": total <= max(COUNTED, number * PAGE)}
    return _Answer(question, Answer((rows,)), turns | counted, (rows,))


def _sorted(visit: Visit, question: type[Question], answer: Answer, sorting: Sorting) -> Answer:
    """Return an answer with one of its tables sorted by a column."""
    with visit.reading() as db:
        tables = [
            sorted_rows(
                make_table(visit, db, question, table, rows), column, downward=sorting.downward
            )
            if (column := sorting.column_of(table))
            else rows
            for table, rows in zip(question.tables(), answer.tables, strict=True)
        ]
    return replace(answer, tables=tuple(tables))


def _sorting(visit: Visit) -> Sorting:
    """Return the sorting of the list that the user has chosen."""
    sent = visit.given if visit.request.method == "POST" else visit.request.query_params
    return Sorting(sent.get(SORTED, ""), _address(visit, SORTED, "page"))


def further(visit: Visit) -> str:
    """Return the requested address with its query, ending with "page=". A page's number is appended
    to it."""
    return _address(visit, "page")


def _address(visit: Visit, changed: str, *left_out: str) -> str:
    """Return the address of this page without the parameters in `left_out`, and with "PARAMETER="
    at its end for the parameter `changed`, so that a new value can be appended. Words of the query
    stay encrypted."""
    parameters = parse_qsl(address_query(visit.request))
    same = [(name, text) for name, text in parameters if name not in (changed, *left_out)]
    return f"{visit.request.url.path}?{urlencode([*same, (changed, '')])}"


@router.get("/list/{name}")
def listed(visit: Looking, name: str, page: int = 1) -> Response:
    """Show one page of a list, below its filter and the errors in the filter."""
    question = question_of(visit, name)
    fields = fields_of(question)
    typed_values = typed(visit, fields)
    required = {field.name for field in fields if field.required}
    if required and (
        required - visit.request.query_params.keys() or not any(typed_values.values())
    ):
        # the user has not filled in all required fields
        return _page(visit, question, Filter(fields, typed_values))
    try:
        answer = _rows(visit, question, typed_values, page)
    except FieldErrors as mistold:
        return _page(
            visit, question, Filter(fields, typed_values, faults=mistold.faults), status=422
        )
    except Refused as refused:
        if isinstance(refused, Denied) and not isinstance(refused, Hidden):
            raise
        if isinstance(refused, Hidden) and visit.system.lacking:
            raise
        status = 404 if isinstance(refused, Hidden) else 422
        faults = {refused.field or "": str(refused)}
        return _page(visit, question, Filter(fields, typed_values, faults=faults), status=status)
    values = {field.name: getattr(answer.question, field.name) for field in fields}
    return _page(visit, question, Filter(fields, values), answer)


def lead(visit: Looking) -> Response:
    """Redirect from the former address of a list, with its query. If several lists replaced it,
    redirect to the first of them that the reader may open."""
    lists = [address(command) for command in FORMER[visit.request.url.path]]
    return visit.lead(
        next((list_name for list_name in lists if opens(visit.reader, list_name)), lists[0])
    )


for former in FORMER:
    router.add_api_route(former, lead, methods=["GET"])


def typed(visit: Visit, fields: Iterable[Field]) -> dict[str, Any]:
    """Return the values that the requested address has for these fields."""
    return {field.name: _typed(visit, field) for field in fields}


def _typed(visit: Visit, field: Field) -> list[str] | str | None:
    several = visit.request.query_params.getlist(field.name)
    return several if field.form == "texts" else next(iter(several), None)


def template_values(
    visit: Visit, question: type[Question], page: int, *, only: str | None = None, **told: object
) -> dict[str, Any]:
    """Return the values for a template that contains a list, which are those of the list's own
    page. `told` are the values that the page gives to fields of the query. With `only`, only the
    table of this name is shown. Raises FieldErrors, and the errors of the question."""
    fields = fields_of(question)
    answer = _rows(visit, question, typed(visit, fields) | told, page)
    values = {field.name: getattr(answer.question, field.name) for field in fields}
    return _values(visit, question, Filter(fields, values, told=frozenset(told)), answer, only)


def _page(
    visit: Visit,
    question: type[Question],
    query: Filter,
    answer: _Answer | None = None,
    *,
    status: int = 200,
) -> Response:
    """Show the page of a list: its filter and, if `answer` is given, the rows."""
    return visit.page(
        "site/list.html",
        status=status,
        touched=answer.answer.touched if answer else None,
        title=question.named.title,
        beside=LISTS.get(question.named.command, PLAIN),
        **_values(visit, question, query, answer),
    )


def _values(
    visit: Visit,
    question: type[Question],
    query: Filter,
    answer: _Answer | None,
    only: str | None = None,
) -> dict[str, Any]:
    """Return the values for the templates of a list."""
    answer_tables = answer.answer.tables if answer else ()
    turns: Turns = {"counted": True} | (answer.turns if answer else {})
    with visit.reading() as db:
        tables = [
            make_table(visit, db, question, table, rows)
            for table, rows in (tables_to_show(question, answer_tables) if answer else ())
            if only in (None, table.name)
        ]
    if turns.get("pages", 1) == 1:
        tables = [table.without_empty_marks() for table in tables]
    return {
        "tables": tables,
        "read": answer.read if answer else (),
        "notes": answer.answer.notes if answer else (),
        "chart_pictures": answer.charts if answer else (),
        "asked": query,
        "at_once": PAGE,
        "slug": question.named.slug,
        "further": further(visit),
        "sorting": _sorting(visit),
        "export": visit.may_ever("export"),
        "as_csv": question.named.csv,
        "printed": any(map(visit.may_ever, question.named.printed)),
        **turns,
    }


def of_page(visit: Visit, question: type[Question], table: str, page: int) -> PageTable:
    """Return a table of a list as the reader sees it on this page now. The fields of the sent form
    are its query. Raises the errors of the question, and NotThere if there is no such table."""
    answer = _rows(visit, question, visit.given, page)
    tables = zip(question.tables(), answer.answer.tables, strict=True)
    with visit.reading() as db:
        for shown_table, rows in tables:
            if shown_table.name == table:
                return make_table(visit, db, question, shown_table, rows)
    raise NotThere("table")


@router.post("/list/{name}.xlsx")
def workbook(visit: Sending, name: str) -> Response:
    """Return the tables of a list as a workbook, after recording this as an export."""
    content = _exported(visit, question_of(visit, name), "xlsx")
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return Response(content, media_type=XLSX, headers=headers)


@router.post("/list/{name}.csv")
def csv_file(visit: Sending, name: str) -> Response:
    """Return the table of a list as CSV, or several tables as a ZIP archive, after recording this
    as an export.
    """
    question = question_of(visit, name)
    if not question.named.csv:
        raise NotThere("page")
    content = _exported(visit, question, "csv")
    end = ending(question)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{end}"'}
    return Response(content, media_type=CSV[end], headers=headers)


def _exported(visit: Visit, question: type[Question], form: Literal["xlsx", "csv"]) -> bytes:
    visit.prove()
    answer = _rows(visit, question, visit.given)
    visit.consulted(msgspec.json.encode(document(question, answer.answer)), answer.answer.touched)
    return export_workbook(answer.question, answer.answer, visit.desk, visit.reader, form=form)


@router.post("/list/{name}.pdf")
def paper(visit: Sending, name: str) -> Response:
    """Return the table of a list as a numbered PDF for a colleague, after recording it as a
    copy."""
    question = question_of(visit, name)
    if not question.named.printed:
        raise NotThere("page")
    visit.prove()
    parameters = visit.given
    question_values = question(**values_of(fields_of(question), parameters, reads(visit)))
    try:
        content = printed(
            question_values,
            visit.desk,
            visit.reader,
            visit.now,
            lambda ids: visit.consulted("\n".join(map(str, ids)).encode()),
            recipient=parameters.get("recipient"),
            destroy_by=day(parameters.get("destroy_by", ""), visit.today),
            synthetic=visit.system.synthetic,
        )
    except Refused:
        visit.consulted(b"", find_silent_hits(question_values, visit.desk, visit.reader))
        raise
    headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"'}
    return Response(content, media_type="application/pdf", headers=headers)
