"""Reads JSON from this server's own scripts. Input that does not fit the model of the route is
refused."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from domain.kernel.strict_json import read_json
from domain.kernel.values import Refused

M = TypeVar("M", bound=BaseModel)


def json_of(kind: type[M]) -> Any:
    """Return a dependency with which a route receives a request's JSON body, parsed as the model
    `kind`. Raises Refused and RequestValidationError."""

    async def read(request: Request) -> M:
        if not request.headers.get("content-type", "").startswith("application/json"):
            raise Refused("send this as JSON, with the type application/json")
        try:
            return kind.model_validate(read_json(await request.body()))
        except ValidationError as error:
            wrong = [fault | {"loc": ("body", *fault["loc"])} for fault in error.errors()]
            raise RequestValidationError(wrong) from None

    reads: Callable[[Request], Awaitable[M]] = read
    return Depends(reads)
