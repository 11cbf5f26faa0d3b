"""Does one action for several rows of a list, by running the same command once for each row.

Each row's command is recorded or refused by itself, and the page shows which rows were refused. A
form that is sent twice is carried out once, because each row's command id is derived from the
command id of the form.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Annotated, Any
from uuid import UUID, uuid5

from fastapi import APIRouter, Form
from fastapi.responses import Response
from msgspec import Struct

from commands.kernel.unit_of_work import Receipt
from domain.kernel.envelope import LogUnavailable
from domain.kernel.values import Refused
from usecases.kernel.fields import Declaration, fields_of, find_silent_hits, make_use_case
from usecases.kernel.usecase import FieldErrors, UseCase, perform
from web.made.declared import given_of, use_of
from web.made.listing import PAGE, of_page, question_of
from web.site import forms
from web.site.field_parsing import reads
from web.site.request_context import NotThere, Sending, Visit, new_id, safe_path, typed
from web.site.tables import common_values, offered_values, way_of

router = APIRouter()
Name = Annotated[str, Form(max_length=200)]
Back = Annotated[str, Form(max_length=10_000)]
#: The largest number of rows that are named above the form.
NAMED = 12
UNTRIED = (
    "Not tried: the store did not answer. Send the form again: finished rows are not repeated."
)


class ChosenRow(Struct, frozen=True):
    """A chosen row of a list: how commands name its item, and its label."""

    key: str
    called: str


class RowResult(Struct, frozen=True):
    """The result of an action for one row: the receipt, or the reason of the refusal; and a
    warning, if there is one."""

    chosen: ChosenRow
    receipt: Receipt | None
    said: str


class Act(Struct, frozen=True):
    """An action on rows of a list: its use case, the field that names the row's item, the fields
    that the list fills in, and the address to return to."""

    use: Declaration
    field: str
    told: frozenset[str]
    list: str
    table: str
    back: str


def _act(visit: Visit, act: str, name: str, table: str, back: str) -> Act:
    """Return the action of this name on the rows of this table. Raises NotThere if the action does
    not apply to these rows or the reader may not do it."""
    use, question = use_of(visit, act), question_of(visit, name)
    found_table = next((one for one in question.tables() if one.name == table), None)
    field = way_of(question, found_table).each.get(use.named.command) if found_table else None
    if field is None or not forms.may_ever(visit.reader, use):
        raise NotThere("page")
    reference_fields = {one.name for one in fields_of(question) if one.ref}
    hidden_fields = frozenset(
        {field, *(one.name for one in use.fields if one.name in reference_fields)}
    )
    return Act(use, field, hidden_fields, name, table, safe_path(back))


@router.post("/each")
def ask(
    visit: Sending,
    act: Name,
    list: Name,  # noqa: A002 (`list` is the name of a field of the form)
    table: Name = "",
    back: Back = "/",
    page: Annotated[int, Form()] = 1,
) -> Response:
    """Show the form of an action once, for all chosen rows that are still in the list."""
    doing, question = _act(visit, act, list, table, back), question_of(visit, list)
    shown, wanted = of_page(visit, question, table, page), set(_several(visit, "rows"))
    rows = [row for row in shown.rows if row.key and row.key in wanted]
    if not rows:
        return visit.go(doing.back, "Choose at least one row first.")
    hidden_values = {name: visit.given.get(name) for name in doing.told}
    values = common_values(way_of(question, shown.table), doing.use, rows) | hidden_values
    offers = offered_values(way_of(question, shown.table), rows)
    form = forms.PageForm(doing.use, values, offers, told=doing.told)
    chosen = [ChosenRow(row.key, shown.called(row)) for row in rows]
    ids = dict.fromkeys(item for row in rows for item in row.ids)
    gone = len(wanted) - len(rows)
    return _form(visit, doing, form, chosen, new_id(), ids=ids, gone=gone)


def _form(
    visit: Visit,
    doing: Act,
    form: forms.PageForm,
    chosen: Sequence[ChosenRow],
    sent: str,
    **more: Any,
) -> Response:
    status = 422 if form.faults else 200
    more |= {"doing": doing, "form": form, "chosen": chosen, "sent": sent, "most": NAMED}
    return visit.page("site/each.html", status=status, **more)


@router.post("/each/do")
def do(
    visit: Sending,
    act: Name,
    list: Name,  # noqa: A002 (`list` is the name of a field of the form)
    command_id: Annotated[UUID, Form()],
    table: Name = "",
    back: Back = "/",
) -> Response:
    """Run an action's command once for each chosen row, and show the results."""
    doing = _act(visit, act, list, table, back)
    keys, names = _several(visit, "rows"), _several(visit, "called")
    chosen = [ChosenRow(*key_and_name) for key_and_name in zip(keys[:PAGE], names, strict=False)]
    fields = given_of(visit, doing.use)
    sent = (uuid5(command_id, row.key) for row in chosen)
    reading = reads(visit, partial(visit.today, *sent))
    try:
        uses = [
            make_use_case(doing.use, fields | {doing.field: row.key}, reading) for row in chosen
        ]
    except FieldErrors as mistold:
        form = forms.PageForm(doing.use, fields, faults=mistold.faults, told=doing.told)
        return _form(visit, doing, form, chosen, command_id.hex)
    results = [*_done(visit, doing.use, zip(chosen, uses, strict=True), command_id)]
    left = any(result.said == UNTRIED for result in results)
    return visit.page("site/each_done.html", status=503 if left else 200, doing=doing, done=results)


def _done(
    visit: Visit, use: Declaration, chosen: Iterable[tuple[ChosenRow, UseCase]], command_id: UUID
) -> Iterator[RowResult]:
    """Yield the result for each row. If the store fails to answer for a row, the remaining rows are
    not tried."""
    down = False
    for row, use_case in chosen:
        if down:
            yield RowResult(row, None, UNTRIED)
            continue
        try:
            receipt = perform(use_case, visit.desk, visit.reader, uuid5(command_id, row.key))
        except Refused as refused:
            visit.consulted(b"", find_silent_hits(use_case, visit.desk, visit.reader))
            yield RowResult(row, None, str(refused))
        except LogUnavailable:
            down = True
            yield RowResult(row, None, UNTRIED)
        else:
            yield RowResult(row, receipt, _result_message(visit, use, use_case, receipt))


def _result_message(visit: Visit, use: Declaration, case: UseCase, receipt: Receipt) -> str:
    if receipt.proposed:
        return "Proposed: the change waits for a second person."
    warning = case.warning(visit.desk, visit.reader, receipt)
    return " ".join([f"{use.success_message(case)}.", *([warning] if warning else [])])


def _several(visit: Visit, name: str) -> list[str]:
    """Return all values of one field of the form, in order."""
    return [text for field, text in typed(visit.request) if field == name]
