"""What somebody means who names an item in a field: an id, its ending, a reference, a case."""

from datetime import date, datetime
from uuid import UUID

from domain.forms import local
from domain.values import Refused
from projections import cases, register
from web.visit import NotThere, Visit


def one(visit: Visit, text: str, *kinds: str) -> UUID:
    """The one item that is meant; a case's number or reference names a case. Raises Refused."""
    wanted = text.strip()
    with visit.reading() as db:
        rows = register.resolve(db, visit.reader, wanted) if wanted else []
        found = [row.id for row in rows if not kinds or row.kind in kinds]
        if not found and wanted and (not kinds or "case" in kinds):
            case = cases.find(db, visit.reader, wanted)
            found = [case] if case else []
    if len(found) != 1:
        what = " or ".join(kinds) or "item"
        fits = "fits several items: give more of the id" if found else f"is no {what} here"
        raise Refused(f"{wanted!r} {fits}")
    return found[0]


def ending(text: str, ids: list[UUID], what: str) -> UUID:
    """The one of these that an id or its ending names. Raises NotThere."""
    wanted = text.strip().lower().replace("-", "")
    found = [each for each in ids if wanted and each.hex.endswith(wanted)]
    if len(found) != 1:
        raise NotThere(what)
    return found[0]


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


def moment(text: str, *, last: bool = True, mark: bool = False) -> datetime | None:
    """A time by the clock on the wall, as the screens show them; of a day alone its end, or its
    beginning, and with `mark` it stays that day for every reader. None for an empty field. Raises
    Refused, and Unclear in an hour that comes twice or never."""
    if not text.strip():
        return None
    try:
        found = (local.mark if mark else local.typed)(text, local.LONDON, last=last)
    except ValueError as error:
        raise Refused(str(error)) from error
    if len(found) > 1:
        raise Unclear(text, found)
    return found[0]


def said(text: str) -> str | None:
    """The words of a field; None where it is empty."""
    return text.strip() or None
