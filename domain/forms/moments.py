"""Times as parents tell them: "last Tuesday about 9ish" becomes an interval with a precision.

The words are Europe/London local time; a `Moment` is UTC. Whatever is ambiguous is resolved
to the nearest past (or planned) reading and shown for confirmation, with the words kept.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import msgspec

from domain.forms import time_words as tw
from domain.forms.resolving import (
    LONDON,
    PARTS,
    Clock,
    Interval,
    Part,
    Precision,
    Span,
    around,
    clock_of,
    day_of,
    hour_of,
    hour_on,
    latest,
    minute,
    one_day,
    part_of,
)

_EXCEL_DAY_ZERO = datetime(1899, 12, 30)
_SERIAL = re.compile(r"[1-9]\d{4}(?:\.\d{1,12})?")
_EARLIEST_YEAR = 1900
_CONTEXT = 80  # letters to either side in which a sign of a plan counts


class Moment(msgspec.Struct, frozen=True):
    """When something happened, as told: `[start, end)` in UTC, with the raw `words`.

    `normalised` is local: "2011-02-14T22:15", "2011-02-14", with "~" when it is only about
    then ("2011-02-14T~": some time that evening or night). `flags`: "future", "before-1900"
    (told so; a person decides), "from-serial" (a spreadsheet's day number).
    """

    words: str
    start: datetime
    end: datetime
    precision: Precision
    normalised: str
    flags: tuple[str, ...] = ()


class Told(NamedTuple):
    """A time found in a text: its span, and the moment unless the words name none ("after school")."""

    start: int
    end: int
    moment: Moment | None
    sure: bool


class _Atom(NamedTuple):
    kind: str
    start: int
    end: int
    words: str
    match: re.Match[str]


class _Frame(NamedTuple):
    """The day, and the night if it was one, that an hour told later in a text belongs to."""

    day: Span | None
    part: Part | None


_NIGHTS = (PARTS["nig"],)


def moment(words: str, told: datetime) -> Moment | None:
    """The time that `words`, heard at `told`, mean; None if they name none.

    A naive `told` is local. Several times in the words count as one: the day of the first
    goes with the hour of the next ("Tuesday, she came in at 9").
    """
    now = _local(told)
    bare = words.strip()
    if _SERIAL.fullmatch(bare):
        return _serial(bare, now)
    text = f"at {bare}" if re.fullmatch(r"\d{1,2}", bare) else words
    found = [t.moment for t in moments_in(text, told) if t.moment is not None]
    if not found:
        return None
    clocked = (m for m in found if "T" in m.normalised)
    return msgspec.structs.replace(next(clocked, found[0]), words=words)


def moments_in(text: str, told: datetime) -> list[Told]:
    """Every time told in `text`, in order and without overlap; an hour takes the day before it."""
    now = _local(told)
    found: list[Told] = []
    frame = _Frame(None, None)
    for phrase in _phrases(text):
        start, end = _bounds(text, phrase)
        interval, frame = _resolve(text, phrase, (start, end), now, frame)
        sure = any(a.kind in tw.DAYS for a in phrase) or phrase[0].kind not in ("bare", "part")
        told_at = None if interval is None else _moment(text[start:end], interval, now)
        found.append(Told(start, end, told_at, sure))
    return found


def _local(told: datetime) -> datetime:
    return told if told.tzinfo is None else told.astimezone(LONDON).replace(tzinfo=None)


def _utc(local: datetime) -> datetime:
    return local.replace(tzinfo=LONDON).astimezone(UTC)


def _moment(words: str, of: Interval, now: datetime) -> Moment:
    flags = ("future",) if of.start > now else ()
    if of.start.year < _EARLIEST_YEAR:
        flags = (*flags, "before-1900")
    return Moment(words, _utc(of.start), _utc(of.end), of.precision, of.normalised, flags)


def _serial(words: str, now: datetime) -> Moment:
    at = _EXCEL_DAY_ZERO + timedelta(days=float(words))
    at = (at + timedelta(seconds=30)).replace(second=0, microsecond=0)
    whole = "." not in words
    found = _moment(words, _days(one_day(at.date())) if whole else minute(at), now)
    return msgspec.structs.replace(found, flags=(*found.flags, "from-serial"))


def _atoms(text: str) -> list[_Atom]:
    found = []
    for match in tw.ATOM.finditer(text):
        kind = next(k for k in tw.KINDS if match[k] is not None)
        if not _is_verb(text, kind, match):
            found.append(_Atom(kind, match.start(), match.end(), match.group().lower(), match))
    return found


_SAT = re.compile(
    r"(?:in|on|at|with|w|outside|there|down|next to|by|waiting|up|beside|behind|inside|off|opposite|under|for"
    r"|talking|watching|like|alone|together|round|out|back|near|across|here|and|smoking|drinking|eating|his|her)\b",
    re.IGNORECASE,
)
_SITTER = re.compile(
    r"\b(?:he|she|they|was|were|just|who|been|is|all|i|we|lads?|them|bloke|men|girls?|always|still|car|van|the|in the)\s$",
    re.IGNORECASE,
)


def _is_verb(text: str, kind: str, match: re.Match[str]) -> bool:
    """Whether "sat", "sun" or "mar" is no day: "he sat in the car", "out in the sun"."""
    words = match.group().lower()
    if kind != "weekday" or words not in ("sat", "sun", "wed", "mon", "fri"):
        return False
    before, after = text[max(0, match.start() - 12) : match.start()], text[match.end() :][:12].lstrip()
    if _SITTER.search(before):
        return True
    return words == "sat" and match.start() > 0 and match.group() == "sat" and _SAT.match(after) is not None


def _phrases(text: str) -> list[list[_Atom]]:
    """Neighbouring atoms that tell one time: at most one clock, one part, and days that agree."""
    phrases: list[list[_Atom]] = []
    for atom in _atoms(text):
        if phrases and _joins(text, phrases[-1], atom):
            phrases[-1].append(atom)
        elif atom.kind != "part" or _stands_alone(atom):
            phrases.append([atom])
        elif _before_day(text, atom):
            phrases.append([atom])
    return [p for p in phrases if not all(a.kind == "part" and not _stands_alone(a) for a in p)]


def _stands_alone(atom: _Atom) -> bool:
    if atom.words.startswith("that "):
        return False
    return re.search(r"hours|time", atom.words) is not None


def _before_day(text: str, atom: _Atom) -> bool:
    """A part told before its day: "late evening on Tuesday"."""
    return re.match(r"\s?(?:on |of |last |, )", text[atom.end :][:6]) is not None


def _joins(text: str, phrase: list[_Atom], atom: _Atom) -> bool:
    if tw.JOINT.fullmatch(text, phrase[-1].end, atom.start) is None:
        return False
    kinds = {a.kind for a in phrase}
    if atom.kind in tw.CLOCKS:
        return not kinds & tw.CLOCKS and "undated" not in kinds
    if atom.kind == "part":
        return "part" not in kinds and "halfday" not in kinds and "undated" not in kinds
    if atom.kind in tw.DAYS:
        days = kinds & tw.DAYS
        dated = {"slashed", "daymonth", "monthday", "ordinal", "week", "iso"}
        return not days or (days == {"weekday"} and atom.kind in dated)
    return False


def _bounds(text: str, phrase: list[_Atom]) -> tuple[int, int]:
    start, end = phrase[0].start, phrase[-1].end
    if lead := tw.LEAD.search(text[max(0, start - 24) : start]):
        start = max(0, start - 24) + lead.start()
    if tail := tw.LOOSE_TAIL.match(text, end):
        end = tail.end()
    return start, end


def _resolve(
    text: str, phrase: list[_Atom], bounds: tuple[int, int], now: datetime, before: _Frame
) -> tuple[Interval | None, _Frame]:
    """The interval of a phrase, and the frame for later hours in the same text."""
    start, end = bounds
    planned = tw.PLANNED.search(text, max(0, start - _CONTEXT), end + _CONTEXT) is not None
    clock_atom = next((a for a in phrase if a.kind in tw.CLOCKS), None)
    part_atom = next((a for a in phrase if a.kind in ("part", "halfday")), None)
    clock = _clock(clock_atom) if clock_atom else None
    part = part_of(part_atom.words) if part_atom else None
    day = _day(phrase, now, planned, clock)
    if isinstance(day, Interval):
        return day, before
    named = any(a.kind in tw.DAYS or a.kind == "undated" for a in phrase)
    if named and day is None:
        return None, before
    if clock is not None and clock_atom is not None:
        beside = text[start : clock_atom.start] + text[clock_atom.end : end]
        frame = _Frame(day, part) if day else _Frame(before.day, part or before.part)
        return _timed(clock, frame, beside, now, planned), frame
    if day is None and part is not None:
        day = before.day or one_day(now.date() - timedelta(days=part[0] > now.hour))
    if day is None:
        return None, before
    frame = _Frame(day if day.precision == "day" else None, part if part in _NIGHTS else None)
    return (_days(day) if part is None else _parted(day, part)), frame


def _day(
    phrase: list[_Atom], now: datetime, planned: bool, clock: Clock | None
) -> Span | Interval | None:
    """The day of the phrase: a date is surer than a weekday, a weekday is one within its week."""
    days = [a for a in phrase if a.kind in tw.DAYS]
    if not days:
        return None
    later = clock is not None and clock.half in ("pm", "24") and hour_on(clock, None)[0] > now.hour
    found = [day_of(a.kind, a.words, now, planned, later) for a in days]
    if len(found) > 1 and days[1].kind == "week" and isinstance(found[0], Span) and found[1]:
        week = found[1]
        if isinstance(week, Span) and week.precision == "week":
            return one_day(week.start + timedelta(days=found[0].start.weekday()))
    return found[-1] if found[-1] is not None else found[0]


def _clock(atom: _Atom) -> Clock:
    """The hour that a clock atom tells; of a range, its beginning."""
    told = atom.match.groupdict()
    words = re.split(r"\s(?:-|–|to|till?|until|and)\s", atom.words)[0] if atom.kind != "past" else atom.words
    half = _half(words) or (_half(atom.words) if atom.kind in ("meridiem", "digits") else "")
    exact = tw.APPROXIMATE.search(words) is None
    match atom.kind:
        case "half":
            return Clock(hour_of(told["half_hour"]), 30, half, exact)
        case "past":
            minutes, hour = clock_of(told["past_min"]), hour_of(told["past_hour"])
            if told["past_dir"].lower() in ("past", "pst"):
                return Clock(hour, minutes, half, exact)
            return Clock((hour - 2) % 12 + 1, 60 - minutes, half, exact)
        case "digits":
            hour, minutes = (int(n) for n in re.split(r"[:.;]", told["clock_digits"]))
            sure = "24" if hour > 12 or hour == 0 or told["clock_digits"].startswith("0") else ""
            return Clock(hour, minutes, half or sure, exact)
        case "military":
            digits = re.sub(r"\D", "", atom.words)
            return Clock(int(digits[:2]), int(digits[2:]), "24", exact)
        case "named":
            return Clock(0 if "mid" in words and "day" not in words else 12, 0, "24", exact)
        case _:
            key = next(k for k in ("mer_hour", "oclock_hour", "ish_hour", "span_hour", "span_hour2", "bare_hour", "bare_hour2") if told[k])
            return Clock(hour_of(told[key]), 0, half, exact)


def _half(words: str) -> str:
    found = re.search(r"([ap])\.?m\b|in the (morn|afte|even)|at (night)", words)
    if found is None:
        return ""
    if found[1]:
        return f"{found[1]}m"
    return "am" if found[2] == "morn" else "pm"


def _timed(
    clock: Clock, frame: _Frame, words: str, now: datetime, planned: bool
) -> Interval:
    day, part = frame
    about = not clock.exact or tw.APPROXIMATE.search(words) is not None
    hour, night = hour_on(clock, part)
    if day is None:
        at = latest(clock, now, planned and clock.half != "")
    elif day.start == now.date() and part is None and not planned:
        at = latest(clock, now, False)
        at = at if at.date() == day.start else datetime.combine(day.start, at.time())
    else:
        at = datetime.combine(day.start, datetime.min.time()) + timedelta(hours=hour, minutes=clock.minute)
        midnight = clock.half == "24" and hour == 0 and clock.minute == 0
        at += timedelta(days=1) if night or midnight else timedelta()
    if tw.JUST_BEFORE.search(words):
        return around(at - timedelta(minutes=15))
    if about:
        return around(at)
    if clock.minute:
        return minute(at)
    return Interval(at, at + timedelta(hours=1), "hour", f"{at:%Y-%m-%dT%H:%M}")


def _days(day: Span) -> Interval:
    start, end = (datetime.combine(d, datetime.min.time()) for d in (day.start, day.end))
    mark = "" if day.precision == "day" else "~"
    return Interval(start, end, day.precision, f"{day.start:%Y-%m-%d}{mark}")


def _parted(day: Span, part: Part) -> Interval:
    midnight = datetime.combine(day.start, datetime.min.time())
    first, last, usual = part
    hour = "" if usual is None else f"{usual:02}:00"
    return Interval(
        midnight + timedelta(hours=first),
        midnight + timedelta(hours=last),
        "around",
        f"{day.start:%Y-%m-%d}T{hour}~",
    )
