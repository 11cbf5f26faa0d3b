"""List the events that each view uses: `python -m tests.kept.folds` writes them to
projections/handled.json.

Each view gets one event of each class whose fields cannot be read. If the view reads any value,
`Looked` is raised, and the event counts as used.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, NoReturn, cast
from unittest import mock

import msgspec

from domain import catalogue
from domain.kernel.envelope import Event, Recorded
from projections.kernel.batch import RowBatch
from projections.kernel.schema import View


class Looked(BaseException):
    """The exception that is raised if a view uses a value. It is no `Exception`, because a view may
    catch those.
    """


def _raise_looked(*_: object, **__: object) -> NoReturn:
    raise Looked


#: The methods that Python calls for an operator, a condition, a call, an attribute or an item.
_OPERATORS = (
    *("bool", "call", "contains", "delitem", "enter", "eq", "float", "format", "fspath", "ge"),
    *("getattribute", "getitem", "gt", "hash", "index", "int", "iter", "le", "len", "lt", "ne"),
    *("next", "repr", "reversed", "setattr", "setitem", "str"),
    *("abs", "add", "and", "divmod", "floordiv", "invert", "lshift", "matmul", "mod", "mul", "neg"),
    *("or", "pos", "pow", "radd", "rand", "ror", "rshift", "rsub", "rxor", "sub", "truediv", "xor"),
)
_Value = type("_Value", (), {f"__{name}__": _raise_looked for name in _OPERATORS})


class _Batch:
    """A batch of rows of which a view may set only the attribute `at`."""

    at: object = None

    def __getattr__(self, name: str) -> NoReturn:
        raise Looked


@contextmanager
def _closed(kind: type[Event]) -> Iterator[Event]:
    """Yield an event of this class whose fields cannot be read."""
    fields = kind.__struct_fields__
    event = kind(**{name: _Value() for name in fields})
    with ExitStack() as stack:
        for name in fields:
            stack.enter_context(mock.patch.object(kind, name, property(_raise_looked)))
        yield event


def _facts(event: Event) -> Iterator[Recorded]:
    values: dict[str, Any] = {name: _Value() for name in Recorded.__struct_fields__}
    for erased in (False, True):
        yield Recorded(**values | {"event": event, "erased": erased})


def handles(view: View, event: Event) -> bool:
    """Return True if the view reads anything of this event apart from its class."""
    if event.stored.log not in view.logs:
        return False
    try:
        for fact in _facts(event):
            view.apply(fact, cast(RowBatch, _Batch()))
    except (Looked, Exception):  # noqa: BLE001 (for example, a value that a row cannot hold)
        return True
    return False


def views(declared: Sequence[View]) -> dict[str, list[str]]:
    """Return, for each event by its topic, the names of the views that handle it."""
    found = {}
    # the field `clock` may be None, and a view could test that without raising `Looked`
    with mock.patch.object(Recorded, "clock", property(_raise_looked)):
        for kind in catalogue.events():
            with _closed(kind) as event:
                found[kind.stored.topic] = [view.name for view in declared if handles(view, event)]
    return found


def listed(declared: Sequence[View]) -> str:
    """Return the content of projections/handled.json, which has one line for each event."""
    found = sorted(views(declared).items())
    lines = (f"  {_json(topic)}: {_json(names)}" for topic, names in found)
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _json(one: object) -> str:
    return msgspec.json.encode(one).decode()
