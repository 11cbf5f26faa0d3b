"""Write the program's log to standard error: lines for machines, without text of the record."""

import contextlib
import logging
import sys
from functools import partial
from typing import TextIO

from access.logger import log


class Libraries(logging.Handler):
    """Logs the warnings of libraries only by name and place, because a message or traceback may
    have text of the record."""

    def emit(self, record: logging.LogRecord) -> None:
        kind = record.exc_info[0] if record.exc_info else None
        place = f"{record.module}:{record.lineno}"
        reason = kind.__name__ if kind else None
        # these errors mean that standard error was closed
        with contextlib.suppress(OSError, ValueError):
            log.log(
                record.levelno, "a library tells", library=record.name, place=place, reason=reason
            )


def start_logging(level: str) -> None:
    """Log JSON lines in ASCII to standard error from now on; no line has a text or a name of the
    record."""
    libraries = logging.getLogger()
    if not any(isinstance(handler, Libraries) for handler in libraries.handlers):
        libraries.addHandler(Libraries())
    log.start(partial(_configure, logging.getLevelNamesMapping()[level.upper()], sys.stderr))


def _configure(level: int, stream: TextIO) -> None:
    import structlog

    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(stream),
    )
