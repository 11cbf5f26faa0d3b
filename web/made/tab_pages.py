"""Lists that are tabs of one page: each is declared with its address, the one that it had before,
and its part of the page. All have one template."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeAlias

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from web.site.navigation import title_of
from web.site.request_context import Looking, Visit

Values: TypeAlias = Mapping[str, Any]
#: Addresses of before, with the addresses to which they lead.
MOVED: dict[str, str] = {}
P = ParamSpec("P")
Read: TypeAlias = Callable[Concatenate[Visit, P], Values]


def tab(
    router: APIRouter, path: str, part: str, *, before: str, script: str = ""
) -> Callable[[Read[P]], Read[P]]:
    """Return a decorator that shows the values of a function as the tab at this address: `part` is
    its template, `script` its own. The address `before` leads there."""

    MOVED[before] = path

    @router.get(before)
    def moved(visit: Looking) -> RedirectResponse:
        query = getattr(visit.request.state, "address", visit.request.url.query)
        return visit.go(f"{path}?{query}" if query else path)

    def declare(read: Read[P]) -> Read[P]:
        def shown(visit: Visit, *given: P.args, **asked: P.kwargs) -> Response:
            values = read(visit, *given, **asked)
            return visit.page(
                "site/tab.html",
                title=title_of(path),
                part=part,
                script=script,
                table=before.removeprefix("/"),
                **values,
            )

        router.get(path)(wraps(read)(shown))
        return read

    return declare
