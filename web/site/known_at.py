"""The field "Known as at" of a page: the page shows the records up to the end of this day."""

from datetime import datetime

from msgspec import Struct

from domain.kernel.values import Refused
from web.site.field_parsing import moment
from web.site.request_context import Visit

NOT_YET = "nothing was recorded by then: write a later day"


class AskedDay(Struct, frozen=True):
    """The day on which a page shows the records as they were. `at` is the last moment of this day,
    or None for the present records. `typed` is the text that the user typed, and `fault` the error
    if the page cannot show that day."""

    at: datetime | None
    typed: str
    fault: str = ""


def asked_day(visit: Visit, typed: str, was: str) -> AskedDay:
    """Return the day that the user typed. If the text cannot be read, or if that day has not ended
    yet, return the error and the day that the page showed before, `was`."""
    try:
        at = moment(typed, today=visit.today)
        if at is not None and at >= visit.now:
            raise Refused(
                "the day whose records you want to see has not ended: write a day in the past"
            )
    except Refused as refused:
        try:
            before = datetime.fromisoformat(was) if was else None
        except ValueError:
            before = None
        return AskedDay(before if before and before.tzinfo else None, typed, str(refused))
    return AskedDay(at, typed.strip())
