"""Lists that are tabs of one page, with one template for all tabs. Each tab is declared with its
address and its former addresses."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeAlias

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from msgspec import Struct

from web.site.navigation import title_of
from web.site.request_context import Looking, Visit

Values: TypeAlias = Mapping[str, Any]
P = ParamSpec("P")
Read: TypeAlias = Callable[Concatenate[Visit, P], Values]


class Tab(Struct, frozen=True):
    """A tab of a page: `part` is the template of its contents, `before` are its former addresses,
    `script` is the script that it loads. With `rows`, the user can move through its rows by the
    keyboard."""

    part: str
    before: tuple[str, ...]
    script: str
    rows: bool = False


class Part(NamedTuple):
    """One of several lists in a tab: its name, its title and its values. A list that also has a
    page of its own has the same name on that page."""

    name: str
    title: str
    values: Values


#: The tabs, by their addresses.
TABS: dict[str, Tab] = {}


def tab(
    router: APIRouter,
    path: str,
    part: str,
    *,
    before: str | tuple[str, ...],
    script: str = "",
    rows: bool = False,
) -> Callable[[Read[P]], Read[P]]:
    """Return a decorator that turns a function's values into a tab at this address. The former
    addresses in `before` redirect to it."""
    former = (before,) if isinstance(before, str) else before
    TABS[path] = Tab(part, former, script, rows)

    def moved(visit: Looking) -> RedirectResponse:
        return visit.lead(path)

    for former_path in former:
        router.get(former_path)(moved)

    def declare(read: Read[P]) -> Read[P]:
        def shown(visit: Visit, *given: P.args, **asked: P.kwargs) -> Response:
            return show(visit, path, read(visit, *given, **asked))

        router.get(path)(wraps(read)(shown))
        return read

    return declare


def show(visit: Visit, path: str, values: Values) -> Response:
    """Return the page of the tab at this address."""
    tab = TABS[path]
    return visit.page(
        "site/tab.html",
        tab=tab,
        tab_path=path,
        title=title_of(path),
        # a tab with several lists has no table of its own: each of its lists names its table
        table=tab.before[0].removeprefix("/") if len(tab.before) == 1 else "",
        **values,
    )
