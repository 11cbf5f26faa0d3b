"""One operation of the API: its parameters, body and answer, which are derived from the function
that implements the operation.

The domain's own classes describe the JSON, so that no class is written twice.
"""

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, Literal, get_type_hints
from uuid import UUID

import msgspec
from msgspec import Struct

from web.api.call import ApiCall

Method = Literal["GET", "POST"]
_SUMMARY = re.compile(r"\A(.+?)(?:\n\n|\Z)", re.DOTALL)


class Operation(Struct, frozen=True, dict=True):
    """One operation of the API, with the function that carries it out. `asks` is the name of the
    command of the command line that does the same; the access log stores it (Data Protection Act
    2018, s.62). `asked` are the parameters of the query, `given` the fields of the body. `takes` is
    the content type of the body, `gives` that of the answer, if it is not JSON. If the operation is
    a use case (`declared`), the fields of its body are read one by one, so that all faults are
    reported at once."""

    method: Method
    path: str
    name: str
    asks: str
    does: Callable[..., Any]
    parts: tuple[str, ...]
    asked: type[msgspec.Struct] | None
    given: type[msgspec.Struct] | None
    answer: Any
    takes: str
    gives: str
    repeatable: bool
    declared: bool = False

    @property
    def summary(self) -> str:
        match = _SUMMARY.search(self.does.__doc__ or "")
        return " ".join(match[1].split()) if match else self.name

    @property
    def description(self) -> str:
        return " ".join((self.does.__doc__ or "").split())

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the names of the operation's parameters and body fields."""
        kinds = [kind for kind in (self.asked, self.given) if kind]
        return tuple(field.name for kind in kinds for field in msgspec.structs.fields(kind))

    @cached_property
    def several(self) -> frozenset[str]:
        """Return the names of the query's parameters that may occur several times in a request."""
        return self._asked_as(msgspec.inspect.VarTupleType, msgspec.inspect.ListType)

    @cached_property
    def times(self) -> frozenset[str]:
        """Return the names of the query's parameters whose values are times."""
        return self._asked_as(msgspec.inspect.DateTimeType)

    def _asked_as(self, *kinds: type[msgspec.inspect.Type]) -> frozenset[str]:
        """Return the names of the query's parameters whose values may be of one of these types."""
        fields = msgspec.structs.fields(self.asked) if self.asked else ()
        return frozenset(
            field.name
            for field in fields
            for alternative in _alternatives(msgspec.inspect.type_info(field.type))
            if isinstance(alternative, kinds)
        )

    @property
    def bodiless(self) -> bool:
        """Return whether the operation takes no body. The body of a request is then not read."""
        return self.method == "GET" or (self.given is None and self.takes == "application/json")

    @property
    def status(self) -> int:
        """Return the status of a successful answer: 201 if the operation records something,
        otherwise 200."""
        return 201 if self.keyed else 200

    @property
    def keyed(self) -> bool:
        """Return whether a call of the operation has a command id, so that a repeated call is
        carried out once."""
        return self.method == "POST" and self.repeatable


def _alternatives(kind: msgspec.inspect.Type) -> Iterator[msgspec.inspect.Type]:
    """Yield each type that a value of this type may have, without metadata: the members of a union
    one by one."""
    match kind:
        case msgspec.inspect.Metadata():
            yield from _alternatives(kind.type)
        case msgspec.inspect.UnionType():
            for type_ in kind.types:
                yield from _alternatives(type_)
        case _:
            yield kind


Makes = Callable[[Callable[..., Any]], Operation]


def get(path: str, asks: str, *, gives: str = "application/json") -> Makes:
    """Return a decorator that makes a function a GET operation."""
    return _operation("GET", path, asks, gives=gives)


def post(
    path: str,
    asks: str,
    *,
    takes: str = "application/json",
    gives: str = "application/json",
    repeatable: bool = True,
) -> Makes:
    """Return a decorator that makes a function a POST operation; if it is `repeatable`, requests
    have an Idempotency-Key.
    """
    return _operation("POST", path, asks, takes=takes, gives=gives, repeatable=repeatable)


def _operation(
    method: Method,
    path: str,
    asks: str,
    *,
    takes: str = "application/json",
    gives: str = "application/json",
    repeatable: bool = True,
) -> Makes:
    def made(does: Callable[..., object]) -> Operation:
        hints = get_type_hints(does, include_extras=True)
        parts = tuple(re.findall(r"{(\w+)}", path))
        own = {"call": ApiCall, **dict.fromkeys(parts, UUID)}
        strange = {k for k, kind in own.items() if hints.get(k) is not kind}
        if strange:
            raise TypeError(
                f"{does.__name__} has no parameters of these names: {', '.join(sorted(strange))}"
            )
        return Operation(
            method,
            path,
            does.__name__,
            asks,
            does,
            parts,
            hints.get("asked"),
            hints.get("given"),
            hints["return"],
            takes,
            gives,
            repeatable,
        )

    return made
