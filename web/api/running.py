"""Processes an API call: reads and checks it, carries it out, records which items the answer shows,
and answers.

Errors are returned as problem details (RFC 9457) and, if they name items of the record, recorded as
well.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from fastapi import Request
from fastapi.responses import Response
from msgspec.structs import replace
from starlette.concurrency import run_in_threadpool

from commands.kernel.unit_of_work import Receipt
from commands.people_and_teams.confirming import describe_confirmers
from domain.data_protection.access_log import ids_in
from domain.forms.typed import NO_YEAR, YEARS
from domain.kernel.decoding import convert, decoder
from domain.kernel.envelope import LogUnavailable
from domain.kernel.strict_json import read_json
from domain.kernel.values import Refused
from installation.problems import Problem, invalid
from web import error_pages
from web.api.call import ApiCall, calling, key_of
from web.api.operation import Operation
from web.error_pages import ReportedProblem
from web.site.app_state import House
from web.site.request_context import without_ids

encode = msgspec.json.Encoder(order="deterministic").encode


def endpoint(by_method: Mapping[str, Operation]) -> Callable[[Request], Any]:
    """Return the handler of one address, with one operation for each method."""

    async def answer(request: Request) -> Response:
        operation = by_method[request.method]
        try:
            call = await run_in_threadpool(_called, request, operation)
            body = b"" if operation.method == "GET" else await request.body()
            response = await run_in_threadpool(_answered, call, operation, body)
        except Exception as error:
            problem = error_pages.describe_error(error)
            if problem is None:
                raise
            response = error_pages.as_details(problem, _headers(error, problem))
        response.headers.update(getattr(request.state, "allowance", {}))
        return response

    return answer


def _headers(error: Exception, problem: Problem) -> dict[str, str]:
    if isinstance(error, ReportedProblem):
        return error.headers
    return {"WWW-Authenticate": "Bearer"} if problem.status == 401 else {}


def _called(request: Request, operation: Operation) -> ApiCall:
    """Return the call that a request makes, before the request's body is read. Raises what
    `calling` raises, and ReportedProblem for too many calls."""
    house: House = request.app.state.house
    call = calling(request, house, operation.asks)
    proved = "authorization" in request.headers
    take = house.system.credentials.allowance.take if proved else None
    spent = house.meter.spend(call.signed.name, take)
    request.state.allowance = spent.headers
    if not spent.allowed:
        raise ReportedProblem(
            Problem(
                "too-many", 429, "Too many calls", "Wait a second, then send fewer calls at once"
            )
        )
    return call


def _answered(call: ApiCall, operation: Operation, body: bytes) -> Response:
    try:
        return _done(call, operation, body)
    except Exception as error:
        problem = error_pages.describe_error(error)
        # the message of a refusal may name items of the record, which count as shown to the caller
        if problem is not None:
            detail = problem.detail.encode()
            call.consulted(without_ids(detail, (*call.asked, *ids_in(body))), call.touched)
            if problem.kind == "not-there" and call.system.lacking:
                raise ReportedProblem(error_pages.NOT_YET, error_pages.LATER) from None
        raise


def _done(call: ApiCall, operation: Operation, body: bytes) -> Response:
    arguments = _given(call, operation, body)
    receipt = operation.does(call, **arguments)
    if isinstance(receipt, Receipt) and receipt.proposed:
        receipt = replace(receipt, confirmers=describe_confirmers(call.desk, receipt))
    if isinstance(receipt, Response):
        return receipt
    content = encode(receipt)
    if operation.method == "GET":
        call.consulted(content, call.touched)
    elif call.service:
        # the access log is not needed here: the command itself is recorded under the program's name
        with suppress(LogUnavailable):
            call.consulted(content)
    answer = Response(content, operation.status, media_type="application/json")
    if operation.method == "GET":
        call.say_behind(answer)
    elif call.desk.clock_said:
        answer.headers["Continuum-Clock"] = call.desk.clock_said
    return answer


def _given(call: ApiCall, operation: Operation, body: bytes) -> dict[str, Any]:
    """Return the arguments with which the operation's function is called. Raises ReportedProblem
    for unreadable or unsuitable values."""
    request = call.request
    arguments: dict[str, Any] = {
        part: _fitting(partial(_id, request.path_params[part])) for part in operation.parts
    }
    if operation.asked:
        arguments["asked"] = _fitting(partial(_query, request, operation, operation.asked))
    if operation.keyed:
        call.told = key_of(request)
    if operation.bodiless:
        return arguments
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if operation.takes != "application/json":
        arguments["content"] = body
    elif kind != "application/json":
        raise ReportedProblem(
            Problem(
                "not-json", 415, "The content is not JSON", "Send it with the type application/json"
            )
        )
    elif operation.declared:
        arguments["given"] = _fields(body)
    else:
        arguments["given"] = _fitting(partial(_read, body, operation.given))
    return arguments


def _id(text: str) -> UUID:
    """Return the id in an address, which must have its hyphens, as the description of the API
    says.
    """
    found_item = convert(text, UUID)
    if str(found_item) != text.lower():
        raise msgspec.ValidationError("Invalid UUID: an id has hyphens")
    return found_item


def _read(body: bytes, kind: object) -> Any:
    _checked(body)
    return _bounded(decoder(kind)(body))


def _fields(body: bytes) -> dict[str, Any]:
    fields = _checked(body)
    if not isinstance(fields, dict):
        raise ReportedProblem(invalid("Send a JSON object"))
    return fields


def _checked(body: bytes) -> Any:
    try:
        return read_json(body)
    except Refused as refused:
        raise ReportedProblem(
            Problem("unreadable", 400, "The request cannot be read", str(refused))
        ) from None


_NUMBER = re.compile(r"[-+.\deE]+")


def _query(request: Request, operation: Operation, kind: type[msgspec.Struct]) -> Any:
    values_by_name: dict[str, Any] = {}
    for name in request.query_params:
        values = request.query_params.getlist(name)
        values_by_name[name] = values if name in operation.several or len(values) > 1 else values[0]
        # a number of seconds since 1970 is not accepted as a time
        if name in operation.times and _NUMBER.fullmatch(values[0]):
            raise msgspec.ValidationError(f"{_NO_ZONE} - at `$.{name}`")
    return _bounded(convert(values_by_name, kind, strict=False))


def _bounded(body: Any) -> Any:
    """Return the values of a request unchanged, after checking that each date in them has a
    possible year. The time at which an entry was heard is not checked, because an entry with an
    impossible time is recorded with a flag. Raises ValidationError."""
    for name in getattr(body, "__struct_fields__", ()):
        value = getattr(body, name)
        if name != "told" and isinstance(value, date) and value.year not in YEARS:
            raise msgspec.ValidationError(f"{NO_YEAR} - at `$.{name}`")
    return body


#: The message of msgspec for a time without a zone.
_NO_ZONE = "Invalid RFC3339 encoded datetime"


def _fitting(read: Callable[[], object]) -> Any:
    try:
        return read()
    except msgspec.ValidationError as error:
        message = str(error).replace(
            _NO_ZONE, f"{_NO_ZONE}: a time needs its zone, as 2011-06-18T23:40:00+01:00 has"
        )
        raise ReportedProblem(invalid(message)) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ReportedProblem(
            Problem("unreadable", 400, "The request cannot be read", str(error))
        ) from None
