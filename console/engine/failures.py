"""How a command tells that it failed, and with which exit code it ends.

In a sentence on standard error; with `--json` in one problem document (RFC 9457), as the API's.
"""

import errno
import re
import traceback
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from console.engine.parsing import BadInput
from console.engine.session import note

if TYPE_CHECKING:
    from installation.problems import Problem

HERE = Path(__file__).parents[2]
#: The folders of this program's own lines.
FOLDERS = tuple(
    HERE / name
    for name in (
        "installation",
        "console",
        "commands",
        "questions",
        "ingest",
        "network",
        "analytics",
    )
)
#: What a disk says that takes no more, or no more of this account.
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
#: The exit codes of a fault of the program, of a line that cannot be understood, and of a command
#: that somebody stopped.
FAULT, USAGE, STOPPED = 1, 2, 130


def exit_code(error: Exception) -> int | None:
    """The exit code of an error that is told in a sentence; None for a fault of the program."""
    from domain.kernel.envelope import CommandReused, Erased, LogUnavailable, Unprovable
    from domain.kernel.values import Denied, Hidden, Refused
    from installation.settings import BadSettings
    from installation.system import INTEGRITY

    codes: tuple[tuple[type[Exception] | tuple[type[Exception], ...], int], ...] = (
        (BadInput, 2),
        (Hidden, 2),  # as for what does not exist
        (Denied, 3),
        (Refused, 2),
        (CommandReused, 2),
        (Erased, 2),
        (BadSettings, 2),
        (Unprovable, 2),
        (INTEGRITY, 4),
        (LogUnavailable, 5),
        (OSError, 5),
    )
    return next((code for kind, code in codes if isinstance(error, kind)), None)


def failed(error: BaseException, *, as_json: bool) -> int:
    """Tell an error on standard error; its exit code."""
    code, detail = _told(error)
    if as_json:
        import msgspec

        note(msgspec.json.encode(_problem(error, code, detail).document()).decode())
    else:
        note(f"continuum: {detail}")
    return code


def _told(error: BaseException) -> tuple[int, str]:
    """The exit code of an error, and what is told of it."""
    if isinstance(error, typer.TyperException):
        return USAGE, _plainly(error)
    if isinstance(error, KeyboardInterrupt | typer.Abort):
        return STOPPED, "stopped"
    if isinstance(error, Exception) and (code := exit_code(error)):
        return code, _reason(error)
    return FAULT, _fault(error)


def _problem(error: BaseException, code: int, detail: str) -> "Problem":
    from installation import problems
    from installation.problems import Problem

    if code == STOPPED:
        return Problem("stopped", 499, "The command was stopped", detail)
    if code == FAULT:
        return problems.broken(detail)
    if isinstance(error, BadInput):
        return problems.invalid(detail, error.fields)
    if isinstance(error, typer.TyperException):
        listed = "say which command: -h lists them" if detail.startswith("Usage: ") else detail
        return problems.invalid(listed)
    assert isinstance(error, Exception)  # noqa: S101 (it has an exit code)
    if known := problems.problem_of(error):
        return replace(known, detail=detail)
    return _of_the_command_line(error, detail)


def _of_the_command_line(error: Exception, detail: str) -> "Problem":
    """An error that no other front tells so."""
    from domain.kernel.envelope import Erased
    from installation.problems import Problem, invalid

    if isinstance(error, Erased):
        return Problem("erased", 410, "It was erased", detail)
    if isinstance(error, OSError):
        return Problem("out-of-reach", 503, "A file or a connection cannot be used", detail)
    return invalid(detail)  # the settings


def _plainly(error: typer.TyperException) -> str:
    """What was typed wrong; never in the words of the library that found it."""
    if faults := getattr(error.__cause__, "errors", None):
        from console.engine.parsing import told_plainly

        error.message = told_plainly(faults())
    told = error.format_message()
    return re.sub(r"^Invalid value for '(\S+)': (?:cannot be: )?", r"\1: ", told)


def _reason(error: Exception) -> str:
    """What is in the way; of a file as people say it."""
    if not (isinstance(error, OSError) and error.strerror):
        return str(error)
    if error.errno in FULL:
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}the disk is full ({error.strerror}). Free some room, then try again"
    if not error.filename:
        return error.strerror
    return (
        f"{error.filename}: {error.strerror}; see that this path is meant, and that this account "
        "may read and write there"
    )


def _is_own(file: Path) -> bool:
    """Return whether a file is one of this program, and not of a library."""
    return file.parent == HERE or any(file.is_relative_to(folder) for folder in FOLDERS)


def _fault(error: BaseException) -> str:
    """Where the program went wrong: never with values, which may be words or names."""
    steps = [(Path(f.filename), f.lineno) for f in traceback.extract_tb(error.__traceback__)]
    own = [f"{file.name}:{line}" for file, line in steps if _is_own(file)]
    where = ", ".join([*own[-3:], f"{steps[-1][0].name}:{steps[-1][1]}"])
    return f"a fault of the program ({type(error).__name__} at {where}); please report it"
