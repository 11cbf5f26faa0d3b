"""The page of one record, such as an access request, an erasure, a legal hold or an account. All
such pages share a template: the status with its reasons, the contents, the steps so far, and the
actions that the reader can take."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from inspect import signature
from string import Formatter
from typing import Any, Literal, TypeAlias, TypeVar
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from domain.forms.local import format_day, format_moment
from domain.kernel.envelope import Recorded
from web.desk import act_pages
from web.made.tab_pages import Values
from web.site.object_acts import Acts
from web.site.request_context import Looking, Visit

#: Colours of a status: green is good, orange is waiting, red is wrong, blue is a status that is
#: neither good, nor waiting, nor wrong.
Tone = Literal["green", "orange", "red", "blue"]
Which = TypeVar("Which", UUID, str)


@dataclass(frozen=True)
class Button:
    """A button of the status band: it opens the page `href`, or does the act `action`, which has no
    fields to fill in.
    """

    title: str
    href: str = ""
    action: str = ""
    kind: Literal["", "secondary", "warning"] = "secondary"


@dataclass(frozen=True)
class Step:
    """A step in the history of a record."""

    at: datetime
    words: str
    by: str


@dataclass(frozen=True)
class RecordPage:
    """The values of a record's page. `listed` is the address and title of the list of such records;
    `part` is the template of the contents, which receives `values`. If the contents are `wide`,
    they are above the steps, otherwise beside them. With `prints` the page has a button to print
    it."""

    name: str
    status: str
    tone: Tone
    listed: tuple[str, str]
    acts: Acts
    facts: Mapping[str, str]
    why: Sequence[str] = ()
    steps: Sequence[Step] = ()
    buttons: Sequence[Button] = ()
    part: str = ""
    wide: bool = False
    prints: bool = False
    values: Values = field(default_factory=dict)


#: For the address of each kind of record's page, the former address of that page ("" without one).
RECORDS: dict[str, str] = {}
Read: TypeAlias = Callable[[Visit, Which, int], RecordPage]


class _Sentence(Formatter):
    """A format for sentences: it puts each value of an event into words by the function that the
    format names.
    """

    def __init__(self, formats: Mapping[str, Callable[[Any], str]]) -> None:
        common: dict[str, Callable[[Any], str]]
        common = {"day": format_day, "moment": format_moment, "": str}
        self.formats = common | {**formats}

    def format_field(self, value: Any, format_spec: str) -> str:
        return self.formats[format_spec](value)


def steps_of(
    history: Iterable[Recorded], words: Mapping[str, str], **formats: Callable[[Any], str]
) -> list[Step]:
    """Return the steps of a history, the latest first. `words` has a sentence for each name of an
    event, such as "Extended to {due:day}"; events without a sentence are left out. `formats` are
    further functions for values in sentences."""
    sentence, steps = _Sentence(formats), []
    for fact in history:
        if (form := words.get(fact.event.stored.name)) and not fact.erased:
            values = {
                struct_field: getattr(fact.event, struct_field)
                for struct_field in fact.event.__struct_fields__
            }
            steps.append(Step(fact.recorded, sentence.vformat(form, (), values), fact.by))
    return steps[::-1]


def record(
    router: APIRouter, path: str, *, before: str = ""
) -> Callable[[Read[Which]], Read[Which]]:
    """Return a decorator for a function that reads a record, such as an erasure. The decorator adds
    a page for the record at the address `path`, and below it the form of each action. The former
    address `before` redirects to the page."""
    RECORDS[path] = before
    if before:

        @router.get(before)
        def moved(visit: Looking, which: str) -> RedirectResponse:
            return visit.lead(path.format(which=quote(which, safe="")))

    def declare(read: Read[Which]) -> Read[Which]:
        def shown(visit: Looking, which: Which, page: int = 1) -> Response:
            return show(visit, read(visit, which, page))

        def act_form(visit: Looking, which: Which, act: str, row: str = "") -> Response:
            page = read(visit, which, 1)
            return act_pages.form(visit, page.acts, page.name, act, row, **page.values)

        for below, answer in (("", shown), ("/do/{act}", act_form)):
            # `which` gets its type from the decorated function, so that an id in the address is
            # parsed as that type
            answer.__annotations__["which"] = signature(read).parameters["which"].annotation
            router.get(path + below)(answer)
        return read

    return declare


def show(visit: Visit, page: RecordPage, status: int = 200) -> Response:
    """Return the page of a record as an answer."""
    return visit.page(
        "records/record.html", status=status, record=page, acts=page.acts, **page.values
    )
