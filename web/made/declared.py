"""Receives the forms of declared use cases. All faults are reported at once, beside their fields,
with the typed values.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from msgspec.structs import replace

from access.signing_in.sessions import GRAVE
from commands.kernel.unit_of_work import LostRace
from commands.people_and_teams.confirming import describe_confirmers, proposed
from domain.kernel.values import Denied, Hidden, Refused
from usecases.kernel.fields import Declaration, find_silent_hits, make_use_case
from usecases.kernel.registry import USE_CASES
from usecases.kernel.usecase import Bare, FieldErrors, UseCase, perform
from web.site import labels
from web.site.field_parsing import Unclear, reads
from web.site.forms import PageForm
from web.site.request_context import NotThere, Sending, Visit, safe_path, typed

router = APIRouter()


@router.post("/do/{name}")
def do(visit: Sending, name: str) -> Response:
    """Run the command of a form. If fields are invalid, show the form again with the errors beside
    the fields."""
    use = use_of(visit, name)
    fields = given_of(visit, use)
    try:
        command_id = UUID(visit.given.get("command_id", ""))
    except ValueError:
        raise Refused("this form is no longer valid: open its page again") from None
    command_id = visit.desk.own_command(command_id, visit.reader.name)
    unclear: list[Unclear] = []

    reading = reads(visit)

    def read(text: str, bare: Bare) -> datetime:
        try:
            return reading.moment(text, bare)
        except Unclear as either:
            unclear.append(either)
            raise

    try:
        case = make_use_case(use, fields, replace(reading, moment=read))
        receipt = perform(case, visit.desk, visit.reader, command_id)
    except FieldErrors as mistold:
        if unclear and len(mistold.faults) == 1:
            raise unclear[0] from None
        return _form_again(visit, PageForm(use, fields, faults=mistold.faults))
    except Refused as refused:
        visit.consulted(b"", find_silent_hits(case, visit.desk, visit.reader))
        if isinstance(refused, Denied | LostRace) and not isinstance(refused, Hidden):
            raise
        if isinstance(refused, Hidden) and visit.system.lacking:
            raise
        status = 404 if isinstance(refused, Hidden) else 422
        return _form_again(visit, PageForm(use, fields, faults=_where(use, case, refused)), status)
    message = f"{use.success_message(case)}."
    warning = case.warning(visit.desk, visit.reader, receipt)
    if action := proposed(visit.desk, receipt):
        called = labels.PROPOSED[action].lower()
        waits = f"Proposed: {called}. The proposal waits for a second person."
        confirms = describe_confirmers(visit.desk, receipt)
        message = " ".join(part for part in (waits, confirms, warning) if part)
    elif warning:
        message = f"{message} {warning}"
    then = use.named.then.format(id=receipt.id) if use.named.then else visit.given.get("back")
    return visit.go(safe_path(then), message)


def use_of(visit: Visit, name: str) -> Declaration:
    """Return the use case of this name, after checking that this user may run it. Raises NotThere,
    and NeedsProof for a use case that needs a second factor.
    """
    use = next(
        (declaration for declaration in USE_CASES.values() if declaration.named.slug == name), None
    )
    if use is None:
        raise NotThere("page")
    visit.asks = use.named.command
    if visit.asks in GRAVE:
        visit.prove()
    return use


def _where(name: Declaration, case: UseCase, refused: Refused) -> dict[str, str]:
    """Return the message of a refusal by the name of the form field that it is about. The name is
    empty if the refusal is about no field."""
    field = name.where(case, refused)
    return {field.name if field else "": str(refused)}


def given_of(visit: Visit, use: Declaration) -> dict[str, Any]:
    """Return the values that a form sent, by the names of the use case's fields."""
    several = {field.name for field in use.fields if field.form == "texts"}
    sent = typed(visit.request)
    return {
        field.name: [text for name, text in sent if name == field.name]
        if field.name in several
        else visit.given.get(field.name)
        for field in use.fields
    }


def _form_again(visit: Visit, again: PageForm, status: int = 422) -> Response:
    """Show a refused form again, with the typed values and the errors."""
    return visit.page(
        "site/act.html",
        status=status,
        form=again,
        back=safe_path(visit.given.get("back")),
        sent=visit.given["command_id"],
    )
