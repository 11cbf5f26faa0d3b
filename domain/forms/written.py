"""Days and times written into a field as a user types them."""

from datetime import UTC, date, datetime, tzinfo

from domain.forms.typed import parse_moments


def as_typed(value: date, zone: tzinfo, *, last: bool = False, stays: bool = False) -> str:
    """Return a day or a time in the shortest spelling that the program reads back as the same day
    or time: "18 Mar 2011", "18 Mar 2011, 21:40"."""
    if not isinstance(value, datetime):
        return f"{value.day} {value:%b %Y}"
    day = as_typed(value.astimezone(UTC if stays else zone).date(), zone)
    there = value.astimezone(zone)
    hour = f"{as_typed(there.date(), zone)}, {there:%H:%M}"
    spellings = (day, hour, f"{hour} {there:%Z}")
    same = (
        text for text in spellings if parse_moments(text, zone, last=last, stays=stays) == (value,)
    )
    return next(same, value.isoformat())
