"""Lists that people work from, as dense tables: each is made from a declared question."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

import msgspec
from fastapi import APIRouter
from fastapi.responses import Response

from access.decide import decide
from commands.desk import Desk
from domain.values import Denied, Hidden, Reader, Refused
from projections.columns import cells
from projections.schema import COUNTED
from usecases.every import QUESTIONS
from usecases.fields import Field, fields_of, values_of
from usecases.question import Answer, Question, document
from usecases.usecase import Mistold, met
from usecases.workbook import taken_along
from web.asking import typed_time
from web.forms import Filter
from web.paging import Turns, turned
from web.visit import Looking, NotThere, Sending, Visit

router = APIRouter()
_QUESTIONS = {one.asked_as.slug: one for one in QUESTIONS.values()}
#: Rows at once: a screen of an analyst's shows forty.
PAGE = 100
#: No list is longer, and a larger number is none that a database takes.
FURTHEST = 10**9
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _question(visit: Visit, name: str) -> type[Question]:
    """Raises NotThere for no question, or none of this person's."""
    found = _QUESTIONS.get(name)
    acts = found.asked_as.acts if found else ()
    if found is None or (acts and not any(decide(visit.reader, act).allowed for act in acts)):
        raise NotThere("page")
    visit.asks = found.asked_as.command
    return found


@dataclass(frozen=True)
class _Answer:
    """What was asked, what is answered (all of it, or a page), and which page that is."""

    asked: Question
    told: Answer
    turns: Turns


def _rows(
    visit: Visit, question: type[Question], given: Mapping[str, Any], number: int | None = None
) -> _Answer:
    """What is answered, or one page of it. Raises Mistold; for what names nothing that the reader
    sees, or several, Refused, once it was told to those who hold it."""
    asked = question(**values_of(fields_of(question), given, typed_time))
    told_to = (visit.desk, visit.reader, visit.now)
    try:
        if number is not None and question.asked_as.shown:
            return _part(asked, *told_to, number=min(max(number, 1), FURTHEST))
        told = asked.told(*told_to)
    except Refused:
        visit.consulted(b"", met(asked, visit.desk, visit.reader))
        raise
    if number is None:
        return _Answer(asked, told, {})
    skip, turns = turned(max(map(len, told.tables), default=0), number, PAGE)
    tables = tuple(rows[skip : skip + PAGE] for rows in told.tables)
    return _Answer(asked, replace(told, tables=tables), turns)


def _part(asked: Question, desk: Desk, reader: Reader, now: datetime, *, number: int) -> _Answer:
    """A page of a question that is read a part at a time, or the last one there is."""
    rows, total = asked.part(desk, reader, now, (number - 1) * PAGE, PAGE)
    skip, turns = turned(total, number, PAGE)
    if total and not rows:
        rows, total = asked.part(desk, reader, now, skip, PAGE)
    counted = {"counted": total <= max(COUNTED, number * PAGE)}
    return _Answer(asked, Answer((rows,)), turns | counted)


def _further(visit: Visit) -> str:
    """The address of another page of the same list: words in it stay sealed."""
    address = getattr(visit.request.state, "address", visit.request.url.query)
    kept = [(name, text) for name, text in parse_qsl(address) if name != "page"]
    return f"{visit.request.url.path}?{urlencode([*kept, ('page', '')])}"


@router.get("/list/{name}")
def listed(visit: Looking, name: str, page: int = 1) -> Response:
    """The rows, a page at a time; what was asked stands over them, and what of it cannot be."""
    question = _question(visit, name)
    fields = fields_of(question)
    given = {one.name: _typed(visit, one) for one in fields}
    if any(one.required for one in fields) and not any(given.values()):
        return _page(visit, question, Filter(fields, {}))
    try:
        answer = _rows(visit, question, given, page)
    except Mistold as mistold:
        return _page(visit, question, Filter(fields, given, faults=mistold.faults), status=422)
    except Refused as refused:
        if isinstance(refused, Denied) and not isinstance(refused, Hidden):
            raise
        status = 404 if isinstance(refused, Hidden) else 422
        faults = {refused.field or "": str(refused)}
        return _page(visit, question, Filter(fields, given, faults=faults), status=status)
    told = {one.name: getattr(answer.asked, one.name) for one in fields}
    return _page(visit, question, Filter(fields, told), answer)


def _typed(visit: Visit, one: Field) -> list[str] | str | None:
    """What stands in the address for a field."""
    several = visit.request.query_params.getlist(one.name)
    return several if one.form == "texts" else next(iter(several), None)


def _page(
    visit: Visit,
    question: type[Question],
    asked: Filter,
    answer: _Answer | None = None,
    *,
    status: int = 200,
) -> Response:
    """The filter, and the rows once something was asked."""
    found = answer.told.tables if answer else ()
    turns: Turns = {"counted": True} | (answer.turns if answer else {})
    tables = [
        (table, table.row.columns, [cells(row, table.row.columns) for row in rows])
        for table, rows in zip(question.tables(), found, strict=answer is not None)
    ]
    return visit.page(
        "list.html",
        status=status,
        title=question.asked_as.title,
        tables=tables,
        notes=answer.told.notes if answer else (),
        asked=asked,
        further=_further(visit),
        export=visit.may("export"),
        **turns,
    )


@router.post("/list/{name}.xlsx")
def workbook(visit: Sending, name: str) -> Response:
    """The same table as a workbook, recorded as an export before it leaves."""
    question = _question(visit, name)
    visit.prove()
    answer = _rows(visit, question, visit.given)
    visit.consulted(msgspec.json.encode(document(question, answer.told)))
    content = taken_along(answer.asked, answer.told, visit.desk, visit.reader)
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return Response(content, media_type=XLSX, headers=headers)
