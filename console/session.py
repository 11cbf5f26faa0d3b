"""One command's session: the store it opened, and how it answers.

Data goes to standard output, everything else to standard error; with `--json` the data is one JSON
document. Exit codes: 0 ok, 2 bad input, 3 denied, 4 integrity failure, 5 unavailable.
"""

import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

if TYPE_CHECKING:
    from commands.desk import Desk, Receipt
    from domain.values import Grade, Reader
    from projections.schema import Db
    from system import System


class BadInput(Exception):
    """What was typed cannot be used; the message says what to type instead."""


def exit_code(error: Exception) -> int | None:
    """The exit code of an error that is told in a sentence; None for a fault of the program."""
    from domain.envelope import CommandReused, LogUnavailable
    from domain.values import Refused
    from system import INTEGRITY, BadSettings

    codes: tuple[tuple[type[Exception] | tuple[type[Exception], ...], int], ...] = (
        (BadInput, 2),
        (Refused, 2),
        (CommandReused, 2),
        (BadSettings, 2),
        (INTEGRITY, 4),
        (LogUnavailable, 5),
        (OSError, 5),
    )
    return next((code for kind, code in codes if isinstance(error, kind)), None)


@dataclass
class Kept:
    """A store that stays open while one process runs several commands."""

    system: "System | None" = None

    def close(self) -> None:
        """Let go of the store."""
        if self.system:
            self.system.close()
            self.system = None


#: Runs a command line with a text for its standard input, on a store that stays open; its exit
#: code, what it wrote to standard output, and to standard error.
Run = Callable[[Sequence[str], str, Kept], tuple[int, str, str]]


@dataclass
class Session:
    """The global options of one call, and the store behind them once it is needed. `run` runs
    further commands; `kept` is the store that they share."""

    store: str | None = None
    home: str | None = None
    user: str | None = None
    team: str | None = None
    controller: str | None = None
    clock: str | None = None
    json: bool = False
    id_only: bool = False
    run: Run | None = field(default=None, repr=False)
    kept: Kept | None = field(default=None, repr=False)
    _system: "System | None" = field(default=None, repr=False)

    def settings(self) -> Any:
        """The settings in force for this call."""
        from system import load_settings, start_logging

        given = load_settings(
            store=self.store,
            home=self.home,
            user=self.user,
            team=self.team,
            controller=self.controller,
        )
        start_logging(given.log_level)
        return given

    def open(self, *, create: bool = False, synthetic: bool = False) -> "System":
        """The open store."""
        if self._system is None:
            from system import open_system

            now = parse_time(self.clock) if self.clock else None
            settings = self.settings()
            if self.kept and self.kept.system:
                self._system = self.kept.system.serving(settings, now)
            else:
                self._system = open_system(settings, create=create, synthetic=synthetic, now=now)
            if self.kept:
                self.kept.system = self._system
        return self._system

    @property
    def desk(self) -> "Desk":
        return self.open().desk

    @property
    def reader(self) -> "Reader":
        return self.open().reader

    def reading(self) -> "AbstractContextManager[Db]":
        """The views, for a query."""
        return self.open().reading()

    def wall_clock(self) -> datetime:
        """What time it is, for a command that needs no store and so does not load one."""
        return parse_time(self.clock) if self.clock else datetime.now(UTC)  # noqa: TID251

    def now(self) -> datetime:
        return self.open().clock()

    def close(self) -> None:
        if self._system and not self.kept:
            self._system.close()
            self._system = None

    # --- answering -------------------------------------------------------------------------------

    def answer(self, data: Any, lines: Iterable[str]) -> None:
        """The data as JSON, its id alone, or the lines for a person."""
        if self.id_only and (one := _id_of(data)):
            sys.stdout.write(f"{one}\n")
        elif self.json:
            import msgspec

            sys.stdout.write(msgspec.json.format(msgspec.json.encode(data), indent=2).decode())
            sys.stdout.write("\n")
        else:
            for line in lines:
                sys.stdout.write(clean(line) + "\n")

    def receipt(self, receipt: "Receipt", what: str, *more: str) -> None:
        """What a write answers."""
        self.answer(receipt, [f"{what}: {receipt.id}", *more])
        self.say_if_behind()

    def say_if_behind(self) -> None:
        """What was recorded is safe, even where the views cannot show it yet."""
        if self.open().behind:
            note("Recorded. The views are behind: see continuum views status, or views rebuild.")

    # --- finding ---------------------------------------------------------------------------------

    def causes(self, refs: Sequence[str] | None) -> tuple[str, ...]:
        """What led to it, as told. Raises BadInput for what is neither known nor "none-known":
        causes stand in the clear, where no words may stray."""
        return tuple(ref if ref == "none-known" else str(self.item(ref)) for ref in refs or ())

    def case(self, text: str | None) -> UUID | None:
        """The case that a number, a reference or an id names. Raises BadInput for an unknown
        one."""
        if text is None:
            return None
        from projections import cases

        with self.reading() as db:
            found = cases.find(db, self.reader, text)
        if found is None:
            raise BadInput(f"there is no case {text!r}")
        return found

    def item(self, text: str, *kinds: str) -> UUID:
        """The one item that an id, its ending or an event's reference names, or a case's number
        or reference.

        Raises BadInput where nothing or several fit, or it is of another kind.
        """
        from projections import cases, register

        with self.reading() as db:
            found = [
                row
                for row in register.resolve(db, self.reader, text)
                if not kinds or row.kind in kinds
            ]
            case = (
                None
                if found or (kinds and "case" not in kinds)
                else cases.find(db, self.reader, text)
            )
        if case:
            return case
        if len(found) == 1:
            return found[0].id
        wanted = " or ".join(kinds) or "item"
        if not found:
            raise BadInput(f"there is no {wanted} {text!r}")
        listed = ", ".join(str(row.id) for row in found[:5])
        raise BadInput(f"{text!r} fits several: {listed}. Give more of the id.")


def _id_of(data: Any) -> Any:
    return data.get("id") if isinstance(data, dict) else getattr(data, "id", None)


def short(one: UUID | str | None) -> str:
    """The last eight digits of an id: enough to name it again."""
    return str(one)[-8:] if one else "-"


def clean(text: str) -> str:
    """The text without what could move the cursor or turn the reading order of a terminal."""
    return "".join(
        char
        if char in "\t\n" or (char.isprintable() and char not in _TURNING)
        else "\N{REPLACEMENT CHARACTER}"
        for char in text
    )


_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


def note(text: str) -> None:
    """Something for the person at the keyboard, not for the program behind the pipe."""
    sys.stderr.write(clean(text) + "\n")


def piped_text(prompt: str) -> str:
    """Text from standard input, or asked for where somebody types."""
    if sys.stdin.isatty():
        note(f"{prompt} (end with Ctrl-D):")
    data = sys.stdin.buffer.read() if hasattr(sys.stdin, "buffer") else sys.stdin.read().encode()
    try:
        return data.decode("utf-8").strip()
    except UnicodeDecodeError as error:
        raise BadInput(f"standard input is not UTF-8 (byte {error.start + 1})") from error


def parse_time(text: str) -> datetime:
    """An ISO 8601 time; without a zone it is UTC, a bare date is its first moment."""
    try:
        moment = datetime.fromisoformat(text.strip())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadInput(
            f"{text!r} is no time; write 2011-03-19T23:40, 2011-03-19T23:40+00:00 or 2011-03-19"
        ) from error


def parse_day(text: str | None) -> date | None:
    """An ISO 8601 date; None where none was given."""
    try:
        return date.fromisoformat(text.strip()) if text else None
    except ValueError as error:
        raise BadInput(f"{text!r} is no date; write one like 1996-05-04") from error


def parse_grade(text: str) -> "Grade":
    """A 3x5x2 grade, as 2C."""
    from domain.values import Grade

    try:
        return Grade.parse(text)
    except ValueError as error:
        raise BadInput(str(error)) from error


def parse_end(text: str) -> datetime:
    """As `parse_time`, but a bare date is its last moment: the whole day is meant."""
    moment = parse_time(text)
    if len(text.strip()) == len("2011-03-19"):
        return moment.replace(hour=23, minute=59, second=59, microsecond=999_999)
    return moment


def parse_uuid(text: str | None) -> UUID:
    """A command id; a new one where none was given."""
    if text is None:
        return uuid4()
    try:
        return UUID(text)
    except ValueError as error:
        raise BadInput(f"{text!r} is no UUID: a command id looks like {uuid4()}") from error


def stamp(moment: datetime | None) -> str:
    """A time for people, to the minute, in UTC."""
    return moment.strftime("%Y-%m-%d %H:%M") if moment else "-"


def table(head: Sequence[str], rows: Iterable[Sequence[Any]], empty: str) -> list[str]:
    """Aligned columns; `empty` where there are no rows."""
    cells = [[("-" if c is None else str(c)) for c in row] for row in rows]
    if not cells:
        return [empty]
    widths = [max(len(row[i]) for row in [list(head), *cells]) for i in range(len(head))]
    lines = [list(head), ["-" * width for width in widths], *cells]
    return [
        "  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in lines
    ]
