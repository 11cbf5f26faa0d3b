"""The API's operations that are made from declared questions: address, parameters, pages."""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar, cast, get_type_hints

import msgspec
from msgspec import Meta, Struct

from domain.kernel.values import Refused
from projections.kernel.columns import order_of
from usecases.kernel import old_names
from usecases.kernel.fields import Field, fields_of, find_silent_hits
from usecases.kernel.question import Question, Table, document
from usecases.kernel.registry import QUESTIONS
from web.api.call import ApiCall
from web.api.operation import Operation
from web.api.pages import Cursor, Limit, Page, page, place_after
from web.api.schema import PREFIX

A = TypeVar("A")


class ApiQuestion(Struct, frozen=True):
    """A declared question in the API: the names of its parameters, and the class of its rows."""

    question: type[Question]

    @property
    def command(self) -> str:
        return self.question.named.command

    @property
    def path(self) -> str:
        """Return the address of the operation that answers this question."""
        return f"/{self.question.named.address or self.question.named.slug}"

    @property
    def answers_all_at_once(self) -> bool:
        """Return whether the API gives all rows in one answer and not in pages. This applies to
        answers with several tables or with values beside the rows, to questions with a parameter
        `limit`, and to the questions in `old_names.WHOLE`."""
        several = bool(self.question.tables()[0].name)
        return (
            several
            or self.has_further_values
            or self.command in old_names.WHOLE
            or "limit" in self.parameters
        )

    @property
    def has_further_values(self) -> bool:
        """Return whether the answer has other values beside its single table. In the JSON, this
        table then has the name `rows`."""
        return not self.question.tables()[0].name and bool(self.question.more())

    @property
    def parameters(self) -> dict[str, Field]:
        """Return the fields of the question, by the names of their parameters in the API."""
        return {
            old_names.PARAMETERS.get((self.command, field.name), field.name): field
            for field in fields_of(self.question)
        }

    def parameters_class(self) -> type[msgspec.Struct]:
        """Return the class of the operation's parameters, from which their schema is made."""
        fields = [_described(name, field) for name, field in self.parameters.items()]
        own: list[Any] = (
            [] if self.answers_all_at_once else [("limit", Limit, 50), ("cursor", Cursor, None)]
        )
        return msgspec.defstruct(
            self.question.__name__,
            [*sorted(fields, key=len), *own],
            frozen=True,
            forbid_unknown_fields=True,
            namespace={"__doc__": " ".join((self.question.__doc__ or "").split())},
        )

    def answer(self) -> Any:
        """Return the class of the answer, from which the answer's schema is made."""
        tables, of = self.question.tables(), cast(Any, list if self.answers_all_at_once else Page)
        if not (tables[0].name or self.has_further_values):
            return of[self.row()]
        named = {table.name or "rows": self._read(table) for table in tables} | dict(
            self.question.more()
        )
        fields = list(named.items())
        about = {"__doc__": " ".join((self.question.__doc__ or "").split())}
        return msgspec.defstruct(f"{self.question.__name__}Answer", fields, namespace=about)

    def _read(self, table: Table) -> Any:
        """Return the type of a table in the JSON answer: a list of rows. Some questions have had
        another form since earlier versions of the API: a list of single values, or a dictionary."""
        which, hints = (self.command, table.name), get_type_hints(table.row)
        of, pairs = cast(Any, list), cast(Any, dict)
        if plain_name := old_names.PLAIN.get(which):
            return of[hints[plain_name]]
        if pair := old_names.PAIRS.get(which):
            return pairs[hints[pair[0]], hints[pair[1]]]
        return of[table.row]

    def row(self) -> Any:
        """Return the class of a row in the JSON answer. For the questions in `old_names.KEYS`, this
        class has other field names than the question's own class: those of earlier versions of the
        API."""
        kind = self.question.row()
        if self.command not in old_names.KEYS:
            return kind
        hints = get_type_hints(kind, include_extras=True)
        return msgspec.defstruct(
            kind.__name__,
            [(key, hints[name]) for key, name in old_names.KEYS[self.command].items()],
            frozen=True,
            namespace={"__doc__": kind.__doc__},
        )


def operation(question: type[Question]) -> Operation:
    """Return the operation of the API that answers this question."""
    asking = ApiQuestion(question)
    does = _whole(asking) if asking.answers_all_at_once else _paged(asking)
    does.__doc__ = question.__doc__
    return Operation(
        method="GET",
        path=asking.path,
        name=question.named.slug.replace("-", "_"),
        asks=asking.command,
        does=does,
        parts=(),
        asked=asking.parameters_class(),
        given=None,
        answer=asking.answer(),
        takes="application/json",
        gives="application/json",
        repeatable=True,
    )


def _whole(asking: ApiQuestion) -> Callable[..., Any]:
    def whole(call: ApiCall, asked: Any = None) -> Any:
        answer = _answer_call(
            asking, call, asked, lambda question: question.told(call.desk, call.reader, call.now)
        )
        call.touched = answer.touched
        rows = document(asking.question, answer)
        return {"rows": rows, **answer.more} if asking.has_further_values else rows

    return whole


def _paged(asking: ApiQuestion) -> Callable[..., Any]:
    kind, keys = asking.row(), old_names.KEYS.get(asking.command, {}).values()
    place = order_of(asking.question.row())

    def paged(call: ApiCall, asked: Any) -> Page[Any]:
        after = place_after(call, asked.cursor, place.kind)
        at = call.desk, call.reader, call.now
        answer = _answer_call(
            asking, call, asked, lambda question: question.some(*at, after, asked.limit)
        )
        rows, last, call.touched = answer
        values = {name: getattr(asked, name) for name in asking.parameters}
        parameters = {
            name: _sent(value) for name, value in values.items() if value not in (None, False, ())
        }
        read = [kind(*(getattr(row, own) for own in keys)) for row in rows] if keys else rows
        return page(call, read, last, PREFIX + asking.path, limit=asked.limit, **parameters)

    return paged


def _answer_call(
    asking: ApiQuestion, call: ApiCall, query: Any, answers: Callable[[Question], A]
) -> A:
    """Return the answer to the question. If the question is refused, save in `call` which hidden
    records its search terms match, because these matches are recorded in the access log."""
    parameters = {field.name: getattr(query, name) for name, field in asking.parameters.items()}
    question = asking.question(**parameters)
    try:
        return answers(question)
    except Refused:
        call.touched = find_silent_hits(question, call.desk, call.reader)
        raise


def _described(name: str, field: Field) -> tuple[str, Any] | tuple[str, Any, Any]:
    annotated: Any = Annotated
    kind = annotated[field.type, Meta(description=f"{field.ask.label} {field.ask.hint}".strip())]
    return (name, kind) if field.required else (name, kind, field.default)


def _sent(value: Any) -> str | list[str]:
    """Return the value of a parameter as text for an address; several values as a list of texts."""
    if isinstance(value, tuple):
        return [str(msgspec.to_builtins(part)) for part in value]
    return "true" if value is True else str(msgspec.to_builtins(value))


OPERATIONS = tuple(map(operation, QUESTIONS.values()))
