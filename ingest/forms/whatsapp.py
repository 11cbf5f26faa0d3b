"""Read a chat that WhatsApp exported as text, on an Android phone or an iPhone.

Each message begins with its date, time and author; further lines belong to the message above. The
settings of the phone decide the order of day and month, and the form of the time. The user can
state the order of day and month; otherwise it is inferred from the dates in the file. If the dates
do not show the order, the user has to state it. Lines that WhatsApp itself writes have no author,
or begin with an invisible mark.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import pairwise

from msgspec import Struct

from domain.forms.patterns import lazy_regex
from domain.kernel.codes import DateOrder
from ingest.files import times
from ingest.files.problems import BadFile, FilePosition, Unanswered
from ingest.forms.messages import DELETED, EDITED, Author, ChatMessage, key

_Numbers = tuple[int, int, int]

_MARKS = "\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"
_HEADER = lazy_regex(
    rf"[{_MARKS}]*(?P<open>\[)?(?P<date>\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{1,4}})\.?,?\s+"
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?"
    r"(?:\s*(?P<half>[AaPp])\.?\s?[Mm]\.?)?(?(open)\]|\s+[-\u2013\u2014])\s(?P<rest>.*)"
)
#: The author of a message, a name or a number, is the text before the first colon. A line that
#: WhatsApp itself writes has no colon, except within quotes.
_AUTHOR = lazy_regex(r"(?P<author>[^:\"\u201c\u201d]{1,100}):\s(?P<text>.*)", re.DOTALL)
_EDITED = lazy_regex(rf"[{_MARKS}\s]*<This message was edited>\s*\Z")
_DELETED = lazy_regex(
    r"(?:This message was deleted|You deleted this message)(?: by admin [^\n]{1,100})?\.?"
)
#: An iPhone's line about a call that was not taken; its author is the caller.
_CALL = lazy_regex(
    r"(?P<call>Missed (?:group )?(?:voice|video) call|(?:Voice|Video) call, No answer)"
    r"(?:, [^\n]{1,40})?\.?",
    re.IGNORECASE,
)
#: The text that an export writes instead of a picture or another file. If the export includes the
#: file, the text has the file's name.
_MEDIA = lazy_regex(
    rf"[{_MARKS}]*(?:<attached: (?P<one>[^<>\n]{{1,200}})>"
    rf"|(?P<two>[^\n\u200e]{{1,200}}\.\w{{2,5}}) \((?:file attached|attached file)\)"
    r"|(?P<kind>image|video|audio|sticker|GIF|document|Contact card|video note) omitted"
    r"|\A<(?P<left>[^<>\n]{3,40})>\Z)"
)
_GROUP = lazy_regex('["\u201c](?P<name>[^"\u201c\u201d\n]{1,100})["\u201d]')
Stands = Callable[[str, str | None], str]


class _Line(Struct, frozen=True):
    """The first line of a message in a WhatsApp chat: the message's number in the file, its date,
    its time, and the text after the time."""

    number: int
    date: _Numbers
    clock: _Numbers
    written: str
    rest: str


@dataclass
class WhatsAppChat:
    """The messages of a WhatsApp chat; and how many lines were left out of it, by reason."""

    messages: list[ChatMessage] = field(default_factory=list)
    order: str = "year first"
    twelve_hours: bool = False
    left: Counter[str] = field(default_factory=Counter)


def begins(text: str) -> bool:
    """Return whether a text begins as a WhatsApp chat does."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return _HEADER.match(first) is not None


def read(
    text: str, place: FilePosition, now: datetime, order: DateOrder | None, stands: Stands
) -> WhatsAppChat:
    """Return the messages of a WhatsApp chat. `stands(kind, name)` returns the line that replaces
    an attached file. `order` is the order of day and month, if the user gave it. Raises BadFile if
    the order is neither given nor clear from the file, and if the dates do not fit the given order.
    """
    chat = WhatsAppChat()
    lines = list(_headers(text))
    chat.order = order_of([line.date for _, line in lines], place, now, order)
    authors: set[Author] = set()
    group: str | None = None
    for line, body in _whole(text, lines, chat.order):
        chat.twelve_hours = chat.twelve_hours or _is_twelve(line.written)
        text_of, by = _authored(body)
        if by is None:
            chat.left["lines by WhatsApp itself"] += 1
            named = _GROUP.search(text_of)
            group = named["name"] if named else group
            continue
        if message := _message(line, by, text_of, chat, place, now, stands):
            authors.add(Author(message.key, by))
            chat.messages.append(message)
    chat.messages = _addressed(chat.messages, authors, group)
    return chat


def _addressed(
    messages: Iterable[ChatMessage], authors: set[Author], group: str | None
) -> list[ChatMessage]:
    """Return the messages with the recipient added to each: the group or, if there is none and the
    chat has two authors, the author who did not write the message.
    """
    if group is None and len(authors) > 2:
        group = "a group"
    return [message.sent_to(authors, group) for message in messages]


def _headers(text: str) -> Iterator[tuple[int, _Line]]:
    """Yield the first line of each message of the chat, with its position in the text."""
    at = 0
    for number, line in enumerate(text.split("\n"), 1):
        match = _HEADER.match(line)
        if match and (clock := _clock(match)):
            day: _Numbers = tuple(int(part) for part in re.split("[./-]", match["date"]))  # type: ignore[assignment]
            written = line[: match.start("rest")].strip(" []-\u2013\u2014")
            yield at, _Line(number, day, clock, re.sub(f"[{_MARKS}]", "", written), match["rest"])
        at += len(line) + 1


def _clock(match: re.Match[str]) -> _Numbers | None:
    hour, minute, second = (int(match[name] or 0) for name in ("hour", "minute", "second"))
    if match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match["half"].lower() == "p" else 0)
    return (hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def _is_twelve(written: str) -> bool:
    return re.search(r"[AaPp]\.?\s?[Mm]\.?\]?$", written) is not None


def _whole(text: str, lines: list[tuple[int, _Line]], order: str) -> Iterator[tuple[_Line, str]]:
    """Yield each message of the chat with all its lines. `order` is the order of day and month. A
    line that begins with a date which is impossible in this order does not begin a message: it was
    pasted into the message above."""
    own = [(at, line) for at, line in lines if _day(line.date, order) is not None]
    ends = [*(at for at, _ in own[1:]), len(text)]
    for (at, line), end in zip(own, ends, strict=False):
        more = text[at:end].partition("\n")[2]
        yield line, f"{line.rest}\n{more}".strip("\n\r ") if more else line.rest.rstrip("\r ")


def _authored(body: str) -> tuple[str, str | None]:
    """Return the text and the author of a line. The author is None if WhatsApp itself wrote the
    line."""
    match = _AUTHOR.match(body)
    if match is None:
        return body, None
    text = match["text"]
    marked = text.startswith("\u200e")
    plain = _plain(text)
    ours = _MEDIA.search(text) or _DELETED.fullmatch(plain) or _EDITED.search(text)
    if marked and not ours and not _CALL.fullmatch(plain):
        return body, None
    author = re.sub(rf"[{_MARKS}]", "", match["author"]).strip()
    return text, author.removeprefix("~").strip()


def _plain(text: str) -> str:
    return re.sub(r"\u200e", "", text).strip()


def _message(
    line: _Line,
    author: str,
    text: str,
    chat: WhatsAppChat,
    place: FilePosition,
    now: datetime,
    stands: Stands,
) -> ChatMessage | None:
    edited = _EDITED.search(text) is not None
    text = _EDITED.sub("", text)
    if _plain(text) in ("", "null"):
        chat.left["messages without words"] += 1
        return None
    parts: list[str] = []
    if _DELETED.fullmatch(_plain(text)):
        parts, text = [DELETED], ""

    def withhold(match: re.Match[str]) -> str:
        name = match["one"] or match["two"]
        parts.append(stands(match["kind"] or "file", name))
        return ""

    words = _plain(_MEDIA.sub(withhold, text))
    if call := _CALL.fullmatch(words):
        words = f"[{call['call']}]"
    day = _day(line.date, chat.order)
    # this cannot happen: `_whole` yields only lines whose date is possible in the chat's order of
    # day and month
    if day is None:
        return None
    at, flags = times.instant(datetime.combine(day, time(*line.clock)), "date", now)
    return ChatMessage(
        place=place.at(row=line.number),
        key=key(author),
        name=author,
        incoming=True,
        at=at,
        at_words=line.written,
        text=words,
        channel="whatsapp",
        sender=author,
        parts=(*parts, *([EDITED] if edited else [])),
        flags=flags,
    )


def order_of(
    days: list[_Numbers], place: FilePosition, now: datetime, given: DateOrder | None
) -> str:
    """Return the order of day, month and year in the file's dates. It is "year first" if all dates
    begin with the year; otherwise the order that the user gave (`given`). If the user gave none, it
    is the order in which more of the dates are possible, or which keeps the messages in sequence,
    or which gives no date in the future. Raises BadFile if the dates do not fit the given order,
    and Unanswered if the order is still unclear.
    """
    if all(first > 31 for first, _, _ in days):
        return "year first"
    orders: tuple[DateOrder, ...] = ("day-first", "month-first")
    if given:
        if not any(_day(day_text, given) for day_text in days):
            raise BadFile(
                place, f"the dates in the chat are not written {given}", "choose the other order"
            )
        return given
    fits = {order: sum(_day(day_text, order) is not None for day_text in days) for order in orders}
    if fits["day-first"] != fits["month-first"]:
        return max(orders, key=fits.__getitem__)
    read = {order: [day for day_text in days if (day := _day(day_text, order))] for order in orders}
    if read["day-first"] == read["month-first"]:
        return "day-first"
    back = {order: sum(b < a for a, b in pairwise(read[order])) for order in orders}
    if 0 in back.values() and any(back.values()):
        return min(orders, key=back.__getitem__)
    future = {order: any(day > now.date() for day in read[order]) for order in orders}
    if len(set(future.values())) == 2:
        return min(orders, key=future.__getitem__)
    example = "/".join(map(str, days[0]))
    raise Unanswered(
        place,
        f"the dates in the chat, such as {example}, can be read with the day or the month first",
        "look at the phone, and choose the order with --dates day-first or --dates month-first",
        "dates",
    )


def _day(numbers: _Numbers, order: str) -> date | None:
    """Return the day that the numbers mean in this order; None if there is no such day."""
    year, month, day = numbers
    if year <= 31:
        first, second, year = numbers
        day, month = (second, first) if order == "month-first" else (first, second)
        year += 2000 if year < 100 else 0
    try:
        return date(year, month, day)
    except ValueError:
        return None
