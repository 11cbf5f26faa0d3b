"""What somebody means by what they typed into a field: an item, a day, a time."""

from datetime import date, datetime
from functools import partial
from uuid import UUID

from commands.kernel import item_references
from domain.forms import local
from domain.forms.typed import Today, names_day, typed, typed_day
from domain.kernel.values import Hidden, Refused
from usecases.kernel.fields import Reads
from usecases.kernel.usecase import Bare
from web.site.request_context import Visit


def one(visit: Visit, text: str, *kinds: str) -> UUID:
    """The one item that somebody names in a field. Raises Refused, so that what they typed is given
    back to them."""
    try:
        with visit.reading() as db:
            return item_references.item(visit.desk, db, visit.reader, text.strip(), *kinds)
    except Hidden as hidden:
        raise Refused(str(hidden)) from None


def day(text: str, today: Today | None = None) -> date | None:
    """A day that was typed; None for an empty field. Raises Refused."""
    return _day(text, today) if text.strip() else None


def _day(text: str, today: Today | None) -> date:
    try:
        return typed_day(text, today=today)
    except ValueError as error:
        raise Refused(str(error)) from error


class Unclear(Refused):
    """A time that may mean two moments: which one is asked, and each is there to be chosen."""

    def __init__(self, text: str, found: tuple[datetime, ...]) -> None:
        super().__init__(local.which(text, found))
        self.text = text
        self.choices = tuple((local.zoned(one), local.spoken(one)) for one in found)


def moment(text: str, *, last: bool = True, today: Today | None = None) -> datetime | None:
    """A time by the clock on the wall, as the screens show them; of a day alone its end, or its
    beginning. None for an empty field. Raises as `typed_time`."""
    return typed_time(text, Bare(last), today) if text.strip() else None


def reads(visit: Visit, today: Today | None = None) -> Reads:
    """How the times and days of a form are read."""
    today = today or visit.today
    return Reads(partial(typed_time, today=today), partial(_day, today=today))


def day_shown(text: str, today: Today | None = None) -> str:
    """What somebody typed, a day as a field for days takes it."""
    return typed_day(text, today=today).isoformat() if names_day(text) else text.strip()


def typed_time(text: str, bare: Bare, today: Today | None = None) -> datetime:
    """A time that was typed. Raises Refused, and Unclear in an hour that comes twice or never."""
    try:
        found = typed(text, local.LONDON, last=bare.last, stays=bare.stays, today=today)
    except ValueError as error:
        raise Refused(str(error)) from error
    if len(found) > 1:
        raise Unclear(text, found)
    return found[0]


def said(text: str) -> str | None:
    """The words of a field; None where it is empty."""
    return text.strip() or None
