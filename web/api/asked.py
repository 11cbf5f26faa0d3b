"""The API's questions that are made from declared ones: address, parameters, rows in pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, get_type_hints

import msgspec
from msgspec import Meta

from domain.values import Refused
from projections.columns import Listed
from usecases import former
from usecases.every import QUESTIONS
from usecases.fields import Field, fields_of
from usecases.question import Question
from usecases.usecase import met
from web.api.call import Call
from web.api.operation import Operation
from web.api.pages import Cursor, Limit, Page, behind, page
from web.api.schema import PREFIX


@dataclass(frozen=True)
class Asking:
    """A question as programs ask it: what they call its fields, and what a row is to them."""

    question: type[Question]

    @property
    def command(self) -> str:
        return self.question.asked_as.command

    @property
    def path(self) -> str:
        """Where it is asked."""
        return f"/{self.question.asked_as.address or self.question.asked_as.slug}"

    @property
    def whole(self) -> bool:
        """Whether all rows are answered at once: also where the question says how many."""
        return self.command in former.WHOLE or "limit" in self.parameters

    @property
    def parameters(self) -> dict[str, Field]:
        """Its fields, by what programs call them."""
        return {
            former.PARAMETERS.get((self.command, one.name), one.name): one
            for one in fields_of(self.question)
        }

    def asked(self) -> type[msgspec.Struct] | None:
        """What is sent, as the description tells it."""
        fields = [_described(name, one) for name, one in self.parameters.items()]
        own: list[Any] = [] if self.whole else [("limit", Limit, 50), ("cursor", Cursor, None)]
        if not (fields or own):
            return None
        return msgspec.defstruct(
            self.question.__name__,
            [*sorted(fields, key=len), *own],
            frozen=True,
            forbid_unknown_fields=True,
            namespace={"__doc__": " ".join((self.question.__doc__ or "").split())},
        )

    def row(self) -> Any:
        """What a row is: the rows themselves, or what programs of before read in them."""
        kind = self.question.row()
        if self.command not in former.KEYS:
            return kind
        hints = get_type_hints(kind, include_extras=True)
        return msgspec.defstruct(
            kind.__name__,
            [(key, hints[name]) for key, name in former.KEYS[self.command].items()],
            frozen=True,
            namespace={"__doc__": kind.__doc__},
        )


def operation(question: type[Question]) -> Operation:
    """The call of this question."""
    asking = Asking(question)
    kind, parameters, keys = asking.row(), asking.parameters, former.KEYS.get(asking.command)
    place = _place(question.row())

    def given(row: Listed) -> Any:
        return kind(*(getattr(row, name) for name in keys.values())) if keys else row

    def rows_of(call: Call, told: Any) -> Sequence[Listed]:
        asks = question(**{one.name: getattr(told, name) for name, one in parameters.items()})
        try:
            return asks.rows(call.desk, call.reader, call.now)
        except Refused:
            call.touched = met(asks, call.desk, call.reader)
            raise

    def whole(call: Call, asked: Any = None) -> list[Any]:
        return [given(row) for row in rows_of(call, asked)]

    def paged(call: Call, asked: Any) -> Page[Any]:
        after = behind(call, asked.cursor, place.kind)
        found = {place.of(row): row for row in rows_of(call, asked)}
        places = sorted(one for one in found if after is None or one > after)
        some = places[: asked.limit]
        told = {name: getattr(asked, name) for name in parameters}
        kept = {name: _sent(value) for name, value in told.items() if value not in (None, False)}
        last = some[-1] if len(places) > len(some) else None
        rows = [given(found[one]) for one in some]
        return page(call, rows, last, PREFIX + asking.path, limit=asked.limit, **kept)

    of: Any = list if asking.whole else Page
    does = whole if asking.whole else paged
    does.__doc__ = question.__doc__
    return Operation(
        method="GET",
        path=asking.path,
        name=question.asked_as.slug.replace("-", "_"),
        asks=asking.command,
        does=does,
        parts=(),
        asked=asking.asked(),
        given=None,
        answer=of[kind],
        takes="application/json",
        gives="application/json",
        repeatable=True,
    )


@dataclass(frozen=True)
class Place:
    """Where a row stands among the others; `kind` is what that is read as out of a cursor."""

    names: tuple[str, ...]
    kind: Any

    def of(self, row: Listed) -> tuple[Any, ...]:
        return tuple(getattr(row, name) for name in self.names)


def _place(row: type[Listed]) -> Place:
    hints = get_type_hints(row)
    kinds = tuple(
        hints[name] if name in hints else get_type_hints(getattr(row, name).fget)["return"]
        for name in row.order
    )
    several: Any = tuple
    return Place(row.order, several[kinds])


def _described(name: str, field: Field) -> tuple[str, Any] | tuple[str, Any, Any]:
    annotated: Any = Annotated
    kind = annotated[field.type, Meta(description=f"{field.ask.label} {field.ask.hint}".strip())]
    return (name, kind) if field.required else (name, kind, field.default)


def _sent(value: Any) -> str:
    """A value as it stands in an address."""
    return "true" if value is True else str(msgspec.to_builtins(value))


OPERATIONS = tuple(operation(one) for name, one in QUESTIONS.items() if name not in former.BY_HAND)
