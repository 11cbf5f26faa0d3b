"""Lists that people work from, as dense tables: each is made from a declared question."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

import msgspec
from fastapi import APIRouter
from fastapi.responses import Response

from access.decide import decide
from domain.values import Refused
from projections.columns import cells
from usecases.every import QUESTIONS
from usecases.fields import fields_of, values_of
from usecases.question import Part, Question
from usecases.usecase import Mistold
from usecases.workbook import taken_along
from web.asking import typed_time
from web.forms import Filter
from web.paging import paged
from web.visit import Looking, NotThere, Sending, Visit

router = APIRouter()
#: Rows at once: a screen of an analyst's shows forty.
PAGE = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _question(visit: Visit, name: str) -> type[Question]:
    """Raises NotThere for no question, or none of this person's."""
    found = next((one for one in QUESTIONS.values() if one.asked_as.slug == name), None)
    if found is None or not any(decide(visit.reader, act).allowed for act in found.asked_as.acts):
        raise NotThere("page")
    visit.asks = found.asked_as.command
    return found


def _asked(question: type[Question], given: dict[str, Any]) -> Question:
    fields = fields_of(question)
    known = {one.name: given.get(one.name) for one in fields}
    try:
        return question(**values_of(fields, known, typed_time))
    except Mistold as mistold:
        raise Refused(str(mistold)) from None


def _further(visit: Visit) -> str:
    """The address of another page of the same list: words in it stay sealed."""
    address = getattr(visit.request.state, "address", visit.request.url.query)
    kept = [(name, text) for name, text in parse_qsl(address) if name != "page"]
    return f"{visit.request.url.path}?{urlencode([*kept, ('page', '')])}"


def _part(part: Part) -> dict[str, Any]:
    columns = part.rows[0].columns
    rows = [cells(row, columns) for row in part.rows[:PAGE]]
    more = len(part.rows) - len(rows)
    return {"title": part.title, "columns": columns, "rows": rows, "more": more}


@router.get("/list/{name}")
def listed(visit: Looking, name: str, page: int = 1) -> Response:
    """The rows, a page at a time; what was asked stands over them."""
    question = _question(visit, name)
    asked = _asked(question, dict(visit.request.query_params))
    answer = asked.answer(visit.desk, visit.reader, visit.now)
    rows, turns = paged(answer.rows, page, PAGE)
    columns = asked.columns()
    fields = fields_of(question)
    return visit.page(
        "list.html",
        title=question.asked_as.title,
        empty=question.asked_as.empty,
        name=name,
        columns=columns,
        rows=[cells(row, columns) for row in rows],
        parts=[_part(one) for one in answer.parts if one.rows],
        notes=answer.notes,
        asked=Filter(fields, {one.name: getattr(asked, one.name) for one in fields}),
        further=_further(visit),
        export=visit.may("export"),
        **turns,
    )


@router.post("/list/{name}.xlsx")
def workbook(visit: Sending, name: str) -> Response:
    """The same table as a workbook, recorded as an export before it leaves."""
    question = _question(visit, name)
    visit.prove()
    asked = _asked(question, dict(visit.given))
    answer = asked.answer(visit.desk, visit.reader, visit.now)
    visit.consulted(msgspec.json.encode(answer.data))
    content = taken_along(asked, answer, visit.desk, visit.reader)
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return Response(content, media_type=XLSX, headers=headers)
