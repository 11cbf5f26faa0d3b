"""Standard output and standard error of a program whose reader may go away, as `head` does.

That is no fault of the command: it does what it does to the end and exits with its own code. It
does not die of the signal, as small filters do: a record would be left half told, and a script that
stops at the first failing pipe (`set -o pipefail`) would take 141 for one.
"""

import os
import sys
from io import BufferedWriter, FileIO, TextIOWrapper
from pathlib import Path
from typing import TextIO


class _Forgiving(FileIO):
    """The file of a stream, to which nothing is written any more once its reader is gone."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream.fileno(), "wb", closefd=False)
        self._stream = stream  # which closes the file when it goes

    def write(self, data: object, /) -> int:
        try:
            return super().write(data)  # type: ignore[arg-type]
        except BrokenPipeError:
            _point_nowhere(self.fileno())
            return super().write(data)  # type: ignore[arg-type]


def forgive_closed_pipes() -> None:
    """Let this process go on where nobody reads what it writes, or where it was started without
    standard output or standard error: a file that it opens would else be taken for them."""
    if sys.stdin is None:
        sys.stdin = Path(os.devnull).open()  # noqa: SIM115 (open until the end)
    sys.stdout = _forgiving(sys.stdout)
    sys.stderr = _forgiving(sys.stderr)


def _forgiving(stream: TextIO | None) -> TextIO:
    """The stream, with characters that its encoding lacks escaped."""
    if stream is None:
        return Path(os.devnull).open("w")
    if not isinstance(stream, TextIOWrapper):
        return stream
    stream.flush()
    return TextIOWrapper(
        BufferedWriter(_Forgiving(stream)),
        stream.encoding,
        "backslashreplace",
        # unbuffered (PYTHONUNBUFFERED): a reader waits for lines, at most
        line_buffering=stream.line_buffering or stream.write_through,
    )


def unwritten() -> OSError | None:
    """What is in the way of the rest of standard output; None if it is written. It is given up:
    Python would try again when it ends, and tell of it with a traceback."""
    try:
        sys.stdout.flush()
    except OSError as error:
        _point_nowhere(sys.stdout.fileno())
        return OSError(f"standard output cannot be written: {error.strerror}")
    return None


def _point_nowhere(file: int) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, file)
    os.close(nowhere)
