"""All that the API answers, and its own description."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from web.api import (
    auditing,
    casework,
    files,
    grading,
    looking,
    network,
    recording,
    schema,
    watching,
)
from web.api.operation import Operation
from web.api.running import endpoint
from web.visit import page

OPERATIONS: tuple[Operation, ...] = tuple(
    one
    for module in (recording, grading, casework, looking, network, watching, auditing, files)
    for one in vars(module).values()
    if isinstance(one, Operation)
)
DOCUMENT = schema.document(OPERATIONS)
router = APIRouter(prefix=schema.PREFIX)


@router.get("/openapi.json")
def described() -> Response:
    """The description for programs."""
    return JSONResponse(DOCUMENT)


@router.get("")
def explained(request: Request) -> Response:
    """The description for people."""
    return page(request, "api.html", operations=OPERATIONS, api=DOCUMENT, signed=None)


for _path in dict.fromkeys(one.path for one in OPERATIONS):
    _here: dict[str, Operation] = {one.method: one for one in OPERATIONS if one.path == _path}
    router.add_api_route(_path, endpoint(_here), methods=list(_here), name=_path)
