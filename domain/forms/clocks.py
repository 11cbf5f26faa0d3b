"""Read hours as people write them: "half 11", "ten to midnight", "9ish"; and words for a part of
the day, such as "teatime".
"""

import re
from datetime import datetime, timedelta
from typing import NamedTuple

from domain.forms.intervals import midnight
from domain.forms.patterns import lazy_regex
from domain.forms.phrases import Atom
from domain.forms.time_words import APPROXIMATE, HOURS, MINUTES, MISHEARD

_PLAIN_HOUR = lazy_regex(r"(?:mer|oclock|ish|span|bare)_hour")

# a part of the day: its first hour, its last hour (over 24 for the next day), and the hour that the
# words mean, or None if they mean no single hour
Part = tuple[float, float, int | None]
PARTS: dict[str, Part] = {
    "hours": (0, 5, None), "morn": (6, 12, None), "afternoon": (12, 18, None),
    "aft": (12, 18, None), "eve": (17, 23, None), "nig": (19, 27, None), "nit": (19, 27, None),
    "nyt": (19, 27, None), "tea": (16, 18.5, 17), "dinner": (11.5, 14, 12),
    "lunch": (11.5, 14, 12), "bed": (20, 23, 21), "breakfast": (7, 9.5, 8), "home": (15, 16.5, 15),
}  # fmt: skip


class WrittenHour(NamedTuple):
    """An hour as a person wrote it, which may leave open whether morning or evening is meant.
    `half` is "am" or "pm"; "24" if the hour is on the 24-hour clock; "" if it may be in the morning
    or the evening.
    """

    hour: int
    minute: int
    half: str
    exact: bool


def clock_in(atom: Atom) -> WrittenHour:
    """Return the hour that a piece of text such as "half 11" names. For a range of hours, return
    the hour at which it begins.
    """
    parts_of_time = atom.match.groupdict()
    words = (
        re.split(r"\s(?:-|–|to|till?|until|and)\s", atom.words)[0]
        if atom.kind != "past"
        else atom.words
    )
    half = _half(words) or (_half(atom.words) if atom.kind in ("meridiem", "digits") else "")
    exact = APPROXIMATE.search(words) is None
    match atom.kind:
        case "half":
            return WrittenHour(_hour(parts_of_time["half_hour"]), 30, half, exact)
        case "past":
            minutes, hour = _minutes(parts_of_time["past_min"]), _hour(parts_of_time["past_hour"])
            after = parts_of_time["past_dir"].lower() in ("past", "pst")
            if parts_of_time["past_hour"].lower() in ("midnight", "midday", "noon"):
                half = "24" if after else "pm" if hour == 0 else "am"
            if after:
                return WrittenHour(hour, minutes, half, exact)
            return WrittenHour((hour - 2) % 12 + 1, 60 - minutes, half, exact)
        case "digits":
            hour, minutes = (int(n) for n in re.split(r"[:.;]", parts_of_time["clock_digits"]))
            sure = (
                "24"
                if hour > 12 or hour == 0 or parts_of_time["clock_digits"].startswith("0")
                else ""
            )
            return WrittenHour(hour, minutes, half or sure, exact)
        case "military":
            digits = re.sub(r"\D", "", atom.words)
            return WrittenHour(int(digits[:2]), int(digits[2:]), "24", exact)
        case "named":
            return WrittenHour(0 if "mid" in words and "day" not in words else 12, 0, "24", exact)
        case _:
            hours = (
                word for group, word in parts_of_time.items() if word and _PLAIN_HOUR.match(group)
            )
            return WrittenHour(_hour(next(hours)), 0, half, exact)


def _half(words: str) -> str:
    match = re.search(r"([ap])\.?m\b|in the (morn|afte|even)|at (night)", words)
    if match is None:
        return ""
    if match[1]:
        return f"{match[1]}m"
    return "am" if match[2] == "morn" else "pm"


def _hour(words: str) -> int:
    """Return the hour (0 to 23) that is written in words or figures; midnight is 0."""
    low = words.lower()
    if low in ("midnight", "midday", "noon"):
        return 0 if low == "midnight" else 12
    return HOURS.get(low) or MISHEARD.get(low) or int(low)


def _minutes(minute_words: str) -> int:
    """Return the minutes that are written in words or figures: "quarter" is 15."""
    words = minute_words.lower().replace("-", " ")
    return MINUTES[words] if words in MINUTES else int(words)


def part_of(words: str) -> Part | None:
    """Return the part of a day that these words name, for example for "teatime" or "last night";
    None if they name no part.
    """
    return next(
        (PARTS[key] for key in PARTS if re.search(rf"\b{key}|(?<=last){key}", words)), None
    ) or (PARTS["hours"] if "hours" in words else None)


def resolve_hour(clock: WrittenHour, part: Part | None) -> tuple[int, bool]:
    """Return the hour of `clock` as a number from 0 to 23, and whether it belongs to the next day:
    "2 on Friday night" is on Saturday. `part` is the part of the day ("night") that is written
    beside the hour.
    """
    night = part is not None and part[1] > 24
    hour = clock.hour
    if clock.half == "am":
        hour %= 12
    elif clock.half == "pm":
        hour = hour % 12 + 12
    elif not clock.half and part is not None and hour <= 12:
        if part[1] <= 12:
            hour %= 12
        elif night:
            hour = 0 if hour == 12 else hour if hour < 6 else hour + 12
        elif hour < 12:
            hour += 12
    elif not clock.half and 1 <= hour < 12:
        hour += 12
    return hour, night and hour < 6


def latest(clock: WrittenHour, now: datetime, planned: bool) -> datetime:
    """Return the last time before `now` at which the clock showed this hour; if `planned` is True,
    the next time after `now` at which it will.
    """
    hours = {clock.hour % 24}
    if clock.half in ("am", "pm"):
        hours = {clock.hour % 12 + (12 if clock.half == "pm" else 0)}
    elif not clock.half and clock.hour <= 12:
        hours = {clock.hour % 12, clock.hour % 12 + 12}
    today = midnight(now.date())
    at = [
        today + timedelta(days=shift, hours=hour, minutes=clock.minute)
        for shift in (-1, 0, 1)
        for hour in hours
    ]
    return min(t for t in at if t > now) if planned else max(t for t in at if t <= now)
