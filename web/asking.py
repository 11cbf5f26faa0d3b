"""What somebody means by what they typed into a field: an item, a day, a time."""

from datetime import date, datetime
from uuid import UUID

from commands import reference
from domain.forms import local
from domain.values import Hidden, Refused
from usecases.usecase import Bare
from web.visit import Visit


def one(visit: Visit, text: str, *kinds: str) -> UUID:
    """The one item that somebody names in a field. Raises Refused, so that what they typed is given
    back to them."""
    try:
        with visit.reading() as db:
            return reference.item(visit.desk, db, visit.reader, text.strip(), *kinds)
    except Hidden as hidden:
        raise Refused(str(hidden)) from None


def day(text: str) -> date | None:
    """A day as a browser sends it; None for an empty field. Raises Refused."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise Refused(f"{text!r} is no day") from error


class Unclear(Refused):
    """A time that may mean two moments: which one is asked, and each is there to be chosen."""

    def __init__(self, text: str, found: tuple[datetime, ...]) -> None:
        super().__init__(local.which(text, found))
        self.text = text
        self.choices = tuple((local.zoned(one), local.spoken(one)) for one in found)


def moment(text: str, *, last: bool = True) -> datetime | None:
    """A time by the clock on the wall, as the screens show them; of a day alone its end, or its
    beginning. None for an empty field. Raises as `typed_time`."""
    return typed_time(text, Bare(last)) if text.strip() else None


def typed_time(text: str, bare: Bare) -> datetime:
    """A time that was typed. Raises Refused, and Unclear in an hour that comes twice or never."""
    read = local.mark if bare.stays else local.typed
    try:
        found = read(text, local.LONDON, last=bare.last)
    except ValueError as error:
        raise Refused(str(error)) from error
    if len(found) > 1:
        raise Unclear(text, found)
    return found[0]


def said(text: str) -> str | None:
    """The words of a field; None where it is empty."""
    return text.strip() or None
