"""The routes of the screens. Each module of screens is imported at the first request for one of its
addresses, because importing all of them takes most of the time in which a server starts. `python -m
tests.web.addresses` writes `addresses.txt`, a line per address with its module."""

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from threading import Lock

from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

ADDRESSES = Path(__file__).with_name("addresses.txt")
#: The sign that begins a part of a pattern which matches any text; and the ending of a part which
#: matches several parts of an address.
_ANY, _REST = "{", ":path}"


#: The lock with which one thread at a time imports a screen. If the modules of a library import
#: each other, a second thread would see half-imported modules.
_IMPORTING = Lock()


@cache
def patterns() -> dict[str, tuple[str, ...]]:
    """Return the patterns of addresses of the screens, by the module that has them."""
    patterns_by_module: dict[str, list[str]] = {}
    for line in ADDRESSES.read_text("utf-8").splitlines():
        module, _, pattern = line.partition(": ")
        patterns_by_module.setdefault(module, []).append(pattern)
    return {
        module: tuple(module_patterns) for module, module_patterns in patterns_by_module.items()
    }


class Screen(BaseRoute):
    """The routes of the screens in one module. The module is imported at the first request for one
    of its addresses."""

    def __init__(self, module: str) -> None:
        self.module, self.patterns = module, patterns().get(module, ())
        self._parts = [pattern.split("/")[1:] for pattern in self.patterns]
        self._routes: list[BaseRoute] | None = None

    @property
    def routes(self) -> list[BaseRoute]:
        """Return the module's own routes, which are made when it is imported."""
        if self._routes is None:
            with _IMPORTING:
                self._routes = import_module(self.module).router.routes
        return self._routes

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Return how well the routes of this module match the request: FULL if a route matches it,
        PARTIAL if a route matches its address but not its HTTP method, otherwise NONE. Also return
        the data that the framework needs to call the route."""
        parts = scope.get("path", "").split("/")[1:]
        partly: tuple[Match, Scope] = Match.NONE, {}
        if not self._parts or any(_fits(pattern, parts) for pattern in self._parts):
            for route in self.routes:
                match, child_scope = route.matches(scope)
                if match is Match.FULL:
                    return match, {**child_scope, "route": route}
                if match is Match.PARTIAL and partly[0] is Match.NONE:
                    partly = match, {**child_scope, "route": route}
        return partly

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request with the route that matched it."""
        await scope["route"].handle(scope, receive, send)


def _fits(pattern: Sequence[str], parts: Sequence[str]) -> bool:
    """Return whether an address, split into `parts`, can match a route's pattern. A parameter in
    the pattern matches any part."""
    for wanted, part in zip(pattern, parts, strict=False):
        if wanted.endswith(_REST):
            return True
        if wanted != part and _ANY not in wanted:
            return False
    return len(pattern) == len(parts)
