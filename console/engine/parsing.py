"""What a person typed: text, times, grades, ids. Raises BadInput, saying what to type instead."""

import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime, tzinfo
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

if TYPE_CHECKING:
    import typer

    from domain.forms.typed import Today
    from domain.kernel.values import Grade

#: Settings of a command that takes words from standard input: words that are typed behind its name
#: reach `refuse_typed_words`, which says how to give them.
TAKES_WORDS = {"allow_extra_args": True}

#: What stands for a time and for a day in a command's help: each option that takes one bears it.
WHEN, DAY = "WHEN", "DAY"
#: Bytes of standard input that are read as one text; a form on a screen takes as many.
LONGEST_TEXT = 2_000_000


class BadInput(Exception):
    """What was typed cannot be used; the message says what to type instead, and `fields` does so
    for each field of a use case that cannot be."""

    def __init__(self, words: str = "", fields: Mapping[str, str] | None = None) -> None:
        super().__init__(words)
        self.fields = fields or {}


def piped_text(prompt: str) -> str:
    """Text from standard input, or asked for where somebody types."""
    if sys.stdin.isatty():
        sys.stderr.write(f"{prompt} (end with Ctrl-D):\n")
    told = sys.stdin.buffer if hasattr(sys.stdin, "buffer") else BytesIO(sys.stdin.read().encode())
    data = told.read(LONGEST_TEXT + 1)
    if len(data) > LONGEST_TEXT:
        raise BadInput(
            f"standard input is longer than {LONGEST_TEXT:,} bytes: give it in parts, or bring it "
            "in as a file"
        )
    try:
        text = data.decode("utf-8").strip()
    except UnicodeDecodeError as error:
        raise BadInput(f"standard input is not UTF-8 (byte {error.start + 1})") from error
    if "\0" in text:
        raise BadInput("standard input holds a NUL character, which is no text: take it out")
    return text


def refuse_typed_words(context: "typer.Context") -> None:
    """Raises BadInput for words behind the command's name, which a shell keeps in its history."""
    if context.args:
        command = _without_words(context)
        raise BadInput(
            f"nothing was recorded: type no words behind {command}, where the shell keeps them. "
            f"Run it without them and it asks, or give a file: {command} < FILE"
        )


def needed_text(context: "typer.Context", prompt: str) -> str:
    """Text from standard input, or asked for where somebody types. Raises BadInput where it is
    empty."""
    if not (text := piped_text(prompt)):
        raise BadInput(f"nothing was recorded: {no_words(context)}")
    return text


def no_words(context: "typer.Context") -> str:
    """That standard input was empty, and how words are given to this command."""
    command = _without_words(context)
    return (
        f"standard input held no words. Run {command} at a terminal and it asks for them, or give "
        f"a file: {command} < FILE"
    )


def _without_words(context: "typer.Context") -> str:
    """The command as it is typed, but for its words."""
    places = any(one.param_type_name == "argument" for one in context.command.params)
    return f"continuum {context.obj.query}{' …' if places else ''}"


def parse_times(
    text: str,
    zone: tzinfo,
    *,
    last: bool = False,
    mark: bool = False,
    today: "Today | None" = None,
) -> tuple[datetime, ...]:
    """The moments that a typed time may mean; without a zone of its own it is `zone`'s. A bare
    date is its first moment, or its last; with `mark` it stays that day for every reader."""
    from domain.forms.typed import typed

    try:
        return typed(text, zone, last=last, stays=mark, today=today)
    except ValueError as error:
        raise BadInput(str(error)) from error


def typed_by_a_person() -> bool:
    """Whether somebody sits at a terminal who may be asked."""
    return sys.stdin.isatty()


def chosen(text: str, found: tuple[datetime, ...]) -> datetime | None:
    """Which of two moments is meant, asked where somebody types; None: not answered."""
    from domain.forms import local

    if not typed_by_a_person():
        return None
    sys.stderr.write(f"{local.which(text, found)}\n1, 2, or Enter if it is not known: ")
    sys.stderr.flush()
    answer = sys.stdin.readline().strip()
    return found[int(answer) - 1] if answer in ("1", "2") else None


def parse_day(text: str, today: "Today | None" = None) -> date:
    """The day that is typed."""
    from domain.forms.typed import typed_day

    try:
        return typed_day(text, today=today)
    except ValueError as error:
        raise BadInput(str(error)) from error


def parse_month(text: str) -> date:
    """The first day of a month: 2011-03, 3/2011 or March 2011."""
    for written in (f"{text.strip()}-01", f"1/{text.strip()}", f"1 {text.strip()}"):
        with suppress(BadInput):
            return parse_day(written)
    raise BadInput(f'Month not understood: "{text}". Write 2011-03, 3/2011 or March 2011.')


def parse_grade(text: str) -> "Grade":
    """A 3x5x2 grade, as 2C."""
    from domain.kernel.values import Grade

    try:
        return Grade.parse(text)
    except ValueError as error:
        raise BadInput(str(error)) from error


def parse_uuid(text: str | None) -> UUID:
    """A command id; a new one where none was given."""
    if text is None:
        return uuid4()
    try:
        return UUID(text)
    except ValueError as error:
        raise BadInput(f"{text!r} is no UUID: a command id looks like {uuid4()}") from error


def told_plainly(faults: Iterable[Mapping[str, object]]) -> str:
    """What is wrong with values, in plain words; `faults` are pydantic's errors."""
    from installation.settings import plainly

    return "; ".join(map(plainly, faults))


def require_room(path: Path, *, new: bool = False) -> None:
    """A file can be written there: asked before it is written down that something leaves. Raises
    BadInput where its folder is not there, and with `new` where the file is."""
    if new and path.exists():
        raise BadInput(f"{path} is there already: name a new file")
    if not path.parent.is_dir():
        raise BadInput(f"{path} cannot be written: there is no folder {path.parent}")
    if path.is_dir():
        raise BadInput(f"{path} cannot be written: it is a folder")


def hand_over(path: Path, content: bytes, *, new: bool = False) -> None:
    """Write what leaves into a file for its owner alone, whatever the umask; `new` refuses one that
    is there. Raises BadInput."""
    way = os.O_CREAT | os.O_WRONLY | (os.O_EXCL if new else os.O_TRUNC)
    try:
        with os.fdopen(os.open(path, way | getattr(os, "O_BINARY", 0), 0o600), "wb") as out:
            if path.is_file():
                path.chmod(0o600)
            out.write(content)
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}") from error


def group_of(app: "typer.Typer", word: str) -> "typer.Typer | None":
    """The group of this word."""
    groups = (one for one in app.registered_groups if one.name == word)
    return next((one.typer_instance for one in groups if one.typer_instance), None)
