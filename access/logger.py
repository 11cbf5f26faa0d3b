"""The program's own log, for machines; `installation.log_lines` configures its form.

structlog is imported when the first line is logged: structlog loads code for colouring a terminal,
which takes longer than most commands, and most commands log nothing.
"""

from collections.abc import Callable
from threading import Lock
from typing import Any


class Logger:
    """A logger of structlog, which is configured before its first line."""

    def __init__(self) -> None:
        self._configure: Callable[[], None] | None = None
        self._lock = Lock()

    def start(self, configure: Callable[[], None]) -> None:
        """Configure structlog with this function before the next line is logged."""
        with self._lock:
            self._configure = configure

    def __getattr__(self, name: str) -> Any:
        import structlog

        with self._lock:
            configure, self._configure = self._configure, None
            if configure:
                configure()
        return getattr(structlog.get_logger("continuum"), name)


log = Logger()
