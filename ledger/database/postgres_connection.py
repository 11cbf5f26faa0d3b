"""How does a log ask the server what is asked with each record?

A record is two questions: what was recorded lately, and whether this may be written. With a cursor
for each the driver took a third of a writer's time, most of it to find out again how to say what it
had said a thousand times. Those two, and how far a log goes, are prepared by name; their values
stand in the server's own binary form already, and the recorder reads what comes back.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, cast

import psycopg
from psycopg.pq import ConnStatus, ExecStatus, Format
from psycopg.pq.abc import PGresult


class LogConnection(psycopg.Connection[Any]):
    """A connection that keeps by their names the statements that it was asked."""

    @cached_property
    def _names(self) -> dict[bytes, bytes]:
        return {}

    def ask(self, statement: bytes, values: Sequence[bytes | None]) -> PGresult:
        """Ask with values, and for an answer, in the server's binary form. Raises as a cursor."""
        name = self._names.get(statement)
        if name is None:
            name = b"log_%d" % len(self._names)
            self._sound(self.pgconn.prepare(name, statement))
            self._names[statement] = name
        told = cast("Sequence[bytes]", values)  # the driver's types forget that None is NULL
        formats = [Format.BINARY] * len(told)
        return self._sound(self.pgconn.exec_prepared(name, told, formats, Format.BINARY))

    def _sound(self, answer: PGresult) -> PGresult:
        if answer.status != ExecStatus.FATAL_ERROR:
            return answer
        if self.pgconn.status == ConnStatus.BAD:
            raise psycopg.OperationalError(answer.get_error_message())
        raise psycopg.errors.error_from_result(answer)
