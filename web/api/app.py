"""All operations of the API, and the API's own description."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse, Response
from starlette.routing import Match, Route

from web.api import (
    asked,
    auditing,
    casework,
    changes,
    declared,
    files,
    grading,
    holding,
    looking,
    network,
    photographs,
    recording,
    restricting,
    schema,
    watching,
)
from web.api.call import calling
from web.api.operation import Operation
from web.api.running import endpoint
from web.site.request_context import NotThere, page, session_of


def distinct(operations: Iterable[Operation]) -> tuple[Operation, ...]:
    """Return all operations of the API. Raises ValueError if two operations have the same id or
    address, because clients name their methods by the id."""
    taken: dict[object, Operation] = {}
    found_operations = tuple(operations)
    for operation in found_operations:
        for key in (operation.name, (operation.method, operation.path)):
            earlier = taken.setdefault(key, operation)
            if earlier is not operation:
                raise ValueError(
                    f"two operations have the same key {key}: {earlier.path} and {operation.path}"
                )
    return found_operations


OPERATIONS: tuple[Operation, ...] = distinct(
    declared.OPERATIONS
    + asked.OPERATIONS
    + tuple(
        operation
        for module in (
            recording,
            grading,
            casework,
            changes,
            looking,
            network,
            watching,
            auditing,
            holding,
            restricting,
            files,
            photographs,
        )
        for operation in vars(module).values()
        if isinstance(operation, Operation)
    )
)
router = APIRouter(prefix=schema.PREFIX)


@cache
def document() -> dict[str, Any]:
    """Return the description of all operations. It is made when it is first read, so that a
    server's first page does not wait for it.
    """
    return schema.document(OPERATIONS)


def _require_caller(request: Request) -> None:
    """Raise NotSignedIn for a caller who is not identified: neither a user with a session nor a
    caller with a token."""
    if session_of(request) is None:
        calling(request, request.app.state.house, "api")


@router.get("/openapi.json")
def described(request: Request) -> Response:
    """Return the description of the API for programs (OpenAPI)."""
    _require_caller(request)
    return JSONResponse(document())


@router.get("")
def explained(request: Request) -> Response:
    """Return the description of the API for people, as a page."""
    _require_caller(request)
    return page(request, "site/api.html", operations=OPERATIONS, api=document(), signed=None)


for _path in dict.fromkeys(operation.path for operation in OPERATIONS):
    _here: dict[str, Operation] = {
        operation.method: operation for operation in OPERATIONS if operation.path == _path
    }
    router.add_api_route(_path, endpoint(_here), methods=list(_here), name=_path)


@router.api_route("", methods=["POST", "PUT", "PATCH", "DELETE"])
@router.api_route("/{elsewhere:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
def nothing(request: Request, elsewhere: str = "") -> Response:
    """Answer a request to an address that the API does not have. An unidentified caller is refused
    before that, and so does not learn which addresses exist. If the address exists for another
    HTTP method, the answer is 405."""
    _require_caller(request)
    for route in router.routes:
        match, _ = route.matches(request.scope)
        if match is Match.PARTIAL and isinstance(route, Route) and route.methods:
            raise HTTPException(405, headers={"Allow": ", ".join(sorted(route.methods))})
    raise NotThere("address")
