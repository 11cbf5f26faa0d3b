"""How a command reports a failure: its exit code, and a sentence on standard error or, with
`--json`, the problem document (RFC 9457) that the API would return.
"""

import errno
import re
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from msgspec.structs import replace

from console.engine import parsing
from console.engine.parsing import BadInput
from console.engine.session import note
from domain.kernel import envelope, values
from installation import problems, settings, system

if TYPE_CHECKING:
    from installation.problems import Problem

HERE = Path(__file__).parents[2]
#: The folders of this program's own code.
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
#: Errors of a full disk, or of an account that has used up its quota.
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
#: Exit codes of a fault of the program, a wrong command line, and an interrupted command.
FAULT, USAGE, STOPPED = 1, 2, 130


def exit_code(error: Exception) -> int | None:
    """Return the exit code of an error that is reported as a sentence; None if the error is a fault
    of the program.
    """
    codes: tuple[tuple[type[Exception] | tuple[type[Exception], ...], int], ...] = (
        (BadInput, 2),
        (values.Hidden, 2),  # a hidden item has the same exit code as an unknown item
        (values.Denied, 3),
        (values.Refused, 2),
        (envelope.CommandReused, 2),
        (envelope.Erased, 2),
        (settings.BadSettings, 2),
        (envelope.Unprovable, 2),
        (system.INTEGRITY, 4),
        (envelope.LogUnavailable, 5),
        (OSError, 5),
    )
    return next((code for kind, code in codes if isinstance(error, kind)), None)


def failed(error: BaseException, *, as_json: bool) -> int:
    """Print an error on standard error and return its exit code."""
    code, detail = _describe(error)
    if as_json:
        import msgspec

        note(msgspec.json.encode(_problem(error, code, detail).document()).decode())
    else:
        note(f"continuum: {detail}")
    return code


def _describe(error: BaseException) -> tuple[int, str]:
    """Return the exit code of an error and the sentence that reports it to the user."""
    if isinstance(error, typer.TyperException):
        return USAGE, _plain_message(error)
    if isinstance(error, KeyboardInterrupt | typer.Abort):
        return STOPPED, "stopped"
    if isinstance(error, Exception) and (code := exit_code(error)):
        return code, _reason(error)
    return FAULT, _fault(error)


def _problem(error: BaseException, code: int, detail: str) -> "Problem":
    if code == STOPPED:
        return problems.Problem("stopped", 499, "The command was stopped", detail)
    if code == FAULT:
        return problems.broken(detail)
    if isinstance(error, BadInput):
        return problems.invalid(detail, error.fields)
    if isinstance(error, typer.TyperException):
        listed = "name a command: -h lists them" if detail.startswith("Usage: ") else detail
        return problems.invalid(listed)
    assert isinstance(error, Exception)  # noqa: S101 (errors with an exit code are Exceptions)
    if problem := problems.problem_of(error):
        return replace(problem, detail=detail)
    return _of_the_command_line(error, detail)


def _of_the_command_line(error: Exception, detail: str) -> "Problem":
    """Return the problem document of an error that only the command line reports."""
    if isinstance(error, envelope.Erased):
        return problems.Problem("erased", 410, "It was erased", detail)
    if isinstance(error, OSError):
        return problems.Problem(
            "out-of-reach", 503, "A file or a connection cannot be used", detail
        )
    return problems.invalid(detail)  # this error means that the settings contain an error


def _plain_message(error: typer.TyperException) -> str:
    """Return a sentence in plain words about the user's typing error, instead of the library's
    message.
    """
    if faults := getattr(error.__cause__, "errors", None):
        error.message = parsing.describe_faults(faults())
    message = error.format_message()
    return re.sub(r"^Invalid value for '(\S+)': (?:cannot be: )?", r"\1: ", message)


def _reason(error: Exception) -> str:
    """Return a sentence for the user about an error: the reason, the path of the file if the error
    has one, and a remedy.
    """
    if not (isinstance(error, OSError) and error.strerror):
        return str(error)
    if error.errno in FULL:
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}the disk is full ({error.strerror}). Free some room, then try again"
    if not error.filename:
        return error.strerror
    return (
        f"{error.filename}: {error.strerror}; check the path, and that this account may "
        "read and write there"
    )


def _is_own(file: Path) -> bool:
    """Return whether a file belongs to this program and not to a library."""
    return file.parent == HERE or any(file.is_relative_to(folder) for folder in FOLDERS)


def _fault(error: BaseException) -> str:
    """Return the place in the code where the program failed, without any values, because values may
    be a person's words or names.
    """
    steps = [(Path(f.filename), f.lineno) for f in traceback.extract_tb(error.__traceback__)]
    own = [f"{file.name}:{line}" for file, line in steps if _is_own(file)]
    where = ", ".join([*own[-3:], f"{steps[-1][0].name}:{steps[-1][1]}"])
    return f"a fault of the program ({type(error).__name__} at {where}); please report it"
