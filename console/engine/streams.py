"""Keep standard output and standard error usable after the program that reads them has ended, as
`head` does.

The command then runs to its end and exits with its own code. Small filters are ended by a signal
instead. But a command that is ended in this way would leave a record half written, and a script
that stops at the first failing pipe (`set -o pipefail`) would see its exit code 141 as an error.
"""

import os
import sys
from io import BufferedWriter, FileIO, TextIOWrapper
from pathlib import Path
from typing import Any, TextIO

MOST_REFUSED = 1_000_000
"""Largest number of bytes that are buffered when standard output refuses them."""


class _Forgiving(FileIO):
    """The file behind standard output or standard error. If the program that reads from it has
    ended, written text is discarded. Text that a full disk does not accept is collected in
    `refused`, up to a limit, so that the command can still end.
    """

    def __init__(self, stream: TextIO, *, closed: bool = False) -> None:
        super().__init__(stream.fileno(), "wb", closefd=False)
        # refer to the stream, because Python closes the file of a stream that is garbage collected
        self._stream = stream
        self._closed = closed
        self.error: OSError | None = None
        self.refused = bytearray()

    def close(self) -> None:
        super().close()
        if self._closed:
            self._stream.close()

    def write(self, data: Any, /) -> int:
        try:
            if not (self._closed or self.error):
                return super().write(data)
        except BrokenPipeError:
            _point_nowhere(self.fileno())
            return super().write(data)
        except OSError as error:
            self.error = error
        room = MOST_REFUSED - len(self.refused)
        self.refused += bytes(data[:room])
        return len(data)


def forgive_closed_pipes() -> None:
    """Let this process continue if the reader of its output has ended, or if it was started without
    standard output or standard error. A missing stream is replaced, because otherwise the next file
    that the process opens would get the stream's file descriptor and receive the output."""
    if sys.stdin is None:
        sys.stdin = Path(os.devnull).open()  # noqa: SIM115 (the file stays open until the program ends)
    sys.stdout = _with_escapes(sys.stdout)
    sys.stderr = _with_escapes(sys.stderr)


def _with_escapes(stream: TextIO | None) -> TextIO:
    """Return a stream that replaces `stream`. It writes a character that its encoding lacks as an
    escape, and still works if `stream` is None, or if the reader of the output has ended."""
    closed = stream is None
    stream = Path(os.devnull).open("w") if stream is None else stream  # noqa: SIM115 (the file stays open until the program ends)
    if not isinstance(stream, TextIOWrapper):
        return stream
    stream.flush()
    return TextIOWrapper(
        BufferedWriter(_Forgiving(stream, closed=closed)),
        stream.encoding,
        "backslashreplace",
        # flush after each line if PYTHONUNBUFFERED is set
        line_buffering=stream.line_buffering or stream.write_through,
    )


def write_error() -> OSError | None:
    """Return the error that prevented text from being written to standard output; None if all text
    was written."""
    sys.stdout.flush()
    raw = _raw()
    if raw is None or raw.error is None or not raw.refused:
        return None
    return OSError(f"standard output cannot be written: {raw.error.strerror}")


def give_receipt() -> None:
    """Write the text that standard output did not accept to standard error, because it says what
    was recorded."""
    sys.stdout.flush()
    raw = _raw()
    if raw is not None and raw.refused:
        sys.stderr.write(raw.refused.decode(sys.stdout.encoding, "replace"))
        sys.stderr.flush()
        raw.refused.clear()


def _raw() -> _Forgiving | None:
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    return raw if isinstance(raw, _Forgiving) else None


def _point_nowhere(file: int) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, file)
    os.close(nowhere)
