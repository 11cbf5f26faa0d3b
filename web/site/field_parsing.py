"""Parses what a user typed into a field: an item, a day, a time."""

from datetime import date, datetime
from functools import partial
from uuid import UUID

from commands.kernel import item_references
from domain.forms import local
from domain.forms.typed import Today, parse_day, parse_moments
from domain.kernel.values import Hidden, Refused
from usecases.kernel.fields import TimeParsers
from usecases.kernel.usecase import Bare
from web.site.request_context import Visit


def resolve_item(visit: Visit, text: str, *kinds: str) -> UUID:
    """Return the item that the text of a field names. If `kinds` are given, the item has to be of
    one of these kinds. Raises Refused, so that the form is shown again."""
    try:
        with visit.reading() as db:
            return item_references.item(visit.desk, db, visit.reader, text.strip(), *kinds)
    except Hidden as hidden:
        raise Refused(str(hidden), named=text) from None


def day(text: str, today: Today | None = None) -> date | None:
    """Return the day that was typed; None for an empty field. Raises Refused."""
    return _day(text, today) if text.strip() else None


def _day(text: str, today: Today | None) -> date:
    try:
        return parse_day(text, today=today)
    except ValueError as error:
        raise Refused(str(error)) from error


class Unclear(Refused):
    """Raised for a time that may mean two moments; the form then offers both."""

    def __init__(self, text: str, moments: tuple[datetime, ...]) -> None:
        super().__init__(local.ambiguity_question(text, moments))
        self.text = text
        self.choices = tuple(
            (local.zoned(instant), local.format_moment(instant)) for instant in moments
        )


def moment(text: str, *, last: bool = True, today: Today | None = None) -> datetime | None:
    """Return the moment that a user typed into a field in London time; None for an empty field. A
    day alone means its last moment if `last`, otherwise its first moment. Raises the errors of
    `typed_time`."""
    return typed_time(text, Bare(last), today) if text.strip() else None


def reads(visit: Visit, today: Today | None = None) -> TimeParsers:
    """Return the functions that parse the times and days that a user types into a form's fields."""
    today = today or visit.today
    return TimeParsers(partial(typed_time, today=today), partial(_day, today=today))


def typed_time(text: str, bare: Bare, today: Today | None = None) -> datetime:
    """Return the moment that a user typed in London time; `bare` says which time of the day is
    meant if only a day was typed. Raises Refused for a text that is no time, and Unclear for a
    time that may mean two moments."""
    try:
        moments = parse_moments(text, local.LONDON, last=bare.last, stays=bare.stays, today=today)
    except ValueError as error:
        raise Refused(str(error)) from error
    if len(moments) > 1:
        raise Unclear(text, moments)
    return moments[0]


def format_typed(text: str) -> str | None:
    """Return the text of a field without blanks around it; None if nothing else is in the field."""
    return text.strip() or None
