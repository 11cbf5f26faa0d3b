"""Parse what a user types at the command line: text, times, grades, ids. The error BadInput says
what to type instead.
"""

import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime, tzinfo
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from domain.forms import local, typed
from domain.kernel import values
from installation import settings

if TYPE_CHECKING:
    import typer

    from domain.forms.typed import Today
    from domain.kernel.values import Grade

#: Settings of a command that reads an entry's words from standard input. Words typed after the
#: command's name are not used: `refuse_typed_words` gets them and explains how to enter them.
TAKES_WORDS = {"allow_extra_args": True}

#: Placeholders for a time and for a day in a command's help.
WHEN, DAY = "WHEN", "DAY"
#: The largest number of bytes of standard input that are read as one text. Forms on screens have
#: the same limit.
LONGEST_TEXT = 2_000_000


class BadInput(Exception):
    """Raised if the user's input cannot be used. The message says which input is needed instead;
    `fields` has a message for each wrong field of a use case.
    """

    def __init__(self, words: str = "", fields: Mapping[str, str] | None = None) -> None:
        super().__init__(words)
        self.fields = fields or {}


def piped_text(prompt: str) -> str:
    """Return the text from standard input, after a prompt if it is a terminal. Raises BadInput if
    the text is too long, not UTF-8 or contains a NUL character."""
    if sys.stdin.isatty():
        sys.stderr.write(f"{prompt} (end with Ctrl-D):\n")
    stream = (
        sys.stdin.buffer if hasattr(sys.stdin, "buffer") else BytesIO(sys.stdin.read().encode())
    )
    data = stream.read(LONGEST_TEXT + 1)
    if len(data) > LONGEST_TEXT:
        raise BadInput(
            f"standard input is longer than {LONGEST_TEXT:,} bytes: give the text in parts, or "
            "import it as a file"
        )
    try:
        text = data.decode("utf-8").strip()
    except UnicodeDecodeError as error:
        raise BadInput(
            f"standard input is not UTF-8 (at byte {error.start + 1}): save the text as UTF-8"
        ) from error
    if "\0" in text:
        raise BadInput("standard input contains a NUL character: remove the character")
    return text


def refuse_typed_words(context: "typer.Context") -> None:
    """Raise BadInput if the text of an entry was typed as arguments of the command, because the
    shell would store it in its history."""
    if context.args:
        command = _without_words(context)
        raise BadInput(
            f"nothing was recorded: do not type words after {command}, because the shell stores "
            f"them. Run it without words and type them at the prompt, or give a file: {command} "
            "< FILE"
        )


def needed_text(context: "typer.Context", prompt: str) -> str:
    """Return the text that a command reads from standard input; the prompt is shown first if
    standard input is a terminal. Raises BadInput if the text is empty."""
    if not (text := piped_text(prompt)):
        raise BadInput(f"nothing was recorded: {no_words(context)}")
    return text


def no_words(context: "typer.Context") -> str:
    """Return a message that says that standard input was empty, and how to enter the text for this
    command.
    """
    command = _without_words(context)
    return (
        f"standard input was empty. Run {command} at a terminal and type at the prompt, or give "
        f"a file: {command} < FILE"
    )


def _without_words(context: "typer.Context") -> str:
    """Return the command line as it was typed, without the words of an entry."""
    places = any(parameter.param_type_name == "argument" for parameter in context.command.params)
    return f"continuum {context.obj.query}{' …' if places else ''}"


def parse_times(
    text: str,
    zone: tzinfo,
    *,
    last: bool = False,
    mark: bool = False,
    today: "Today | None" = None,
) -> tuple[datetime, ...]:
    """Return the moments that a typed time may mean. `zone` is its time zone, if the text names
    none.

    A date alone means its first moment or, with `last`, its last moment. With `mark`, a date means
    the same day for readers in every time zone. Raises BadInput.
    """
    try:
        return typed.parse_moments(text, zone, last=last, stays=mark, today=today)
    except ValueError as error:
        raise BadInput(str(error)) from error


def typed_by_a_person() -> bool:
    """Return whether standard input is a terminal, so that the program can ask questions."""
    return sys.stdin.isatty()


def choose_moment(text: str, moments: tuple[datetime, ...]) -> datetime | None:
    """Let the user choose at the terminal which of two moments they mean. Return that moment, or
    None if the user does not choose.
    """
    if not typed_by_a_person():
        return None
    sys.stderr.write(
        f"{local.ambiguity_question(text, moments)}\n1, 2, or Enter if it is not known: "
    )
    sys.stderr.flush()
    answer = sys.stdin.readline().strip()
    return moments[int(answer) - 1] if answer in ("1", "2") else None


def parse_day(text: str, today: "Today | None" = None) -> date:
    """Return the day that a typed text means. Raises BadInput."""
    try:
        return typed.parse_day(text, today=today)
    except ValueError as error:
        raise BadInput(str(error)) from error


def parse_month(text: str) -> date:
    """Return the first day of a month, written as 2011-03, 3/2011 or March 2011. Raises
    BadInput."""
    for written in (f"{text.strip()}-01", f"1/{text.strip()}", f"1 {text.strip()}"):
        with suppress(BadInput):
            return parse_day(written)
    raise BadInput(f'Month not understood: "{text}". Write 2011-03, 3/2011 or March 2011.')


def parse_grade(text: str) -> "Grade":
    """Return the 3x5x2 grade that a text means, such as 2C. Raises BadInput."""
    try:
        return values.Grade.parse(text)
    except ValueError as error:
        raise BadInput(str(error)) from error


def parse_uuid(text: str | None) -> UUID:
    """Return a command id, or a new one if none was given. Raises BadInput."""
    if text is None:
        return uuid4()
    try:
        return UUID(text)
    except ValueError as error:
        raise BadInput(f"{text!r} is not a UUID: write a command id such as {uuid4()}") from error


def describe_faults(faults: Iterable[Mapping[str, object]]) -> str:
    """Return in plain words what is wrong with typed values; `faults` are pydantic's errors."""
    return "; ".join(map(settings.plainly, faults))


def require_room(path: Path, *, new: bool = False) -> None:
    """Raise BadInput if no file can be written at `path`; with `new`, also if a file exists there.
    Commands call this before they record a disclosure."""
    if new and path.exists():
        raise BadInput(f"{path} exists already: name a new file")
    if not path.parent.is_dir():
        raise BadInput(f"{path} cannot be written: there is no folder {path.parent}")
    if path.is_dir():
        raise BadInput(f"{path} cannot be written: it is a folder")


def hand_over(path: Path, content: bytes, *, new: bool = False) -> None:
    """Write disclosed content to a file that only its owner may read, whatever the umask. Raises
    BadInput if the file cannot be written, and with `new` also if it exists."""
    way = os.O_CREAT | os.O_WRONLY | (os.O_EXCL if new else os.O_TRUNC)
    try:
        with os.fdopen(os.open(path, way | getattr(os, "O_BINARY", 0), 0o600), "wb") as out:
            if path.is_file():
                path.chmod(0o600)
            out.write(content)
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}") from error


def group_of(app: "typer.Typer", word: str) -> "typer.Typer | None":
    """Return the command group of this name; None if there is none."""
    groups = (group for group in app.registered_groups if group.name == word)
    return next((group.typer_instance for group in groups if group.typer_instance), None)
