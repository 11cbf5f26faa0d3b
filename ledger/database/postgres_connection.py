"""A database connection that prepares the statements that a log runs for each record.

Recording needs two queries: one for the newest records, and one that writes. If each ran in a
cursor of its own, the driver would take a third of a writer's time, mostly for preparing the same
statement again. So these two queries, and the query for the end of a log, are prepared under a
name. Their values are sent in the server's binary form, and the recorder decodes the results.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, cast

import psycopg
from psycopg.pq import ConnStatus, ExecStatus, Format
from psycopg.pq.abc import PGresult


class LogConnection(psycopg.Connection[Any]):
    """A database connection that prepares each statement once."""

    @cached_property
    def _names(self) -> dict[bytes, bytes]:
        return {}

    def query(self, statement: bytes, values: Sequence[bytes | None]) -> PGresult:
        """Run a statement whose values and result are in the server's binary form, and return the
        result. Raises psycopg's errors."""
        name = self._names.get(statement)
        if name is None:
            name = b"log_%d" % len(self._names)
            self._sound(self.pgconn.prepare(name, statement))
            self._names[statement] = name
        # the driver's types do not allow None, which stands for NULL
        raw_values = cast("Sequence[bytes]", values)
        formats = [Format.BINARY] * len(raw_values)
        return self._sound(self.pgconn.exec_prepared(name, raw_values, formats, Format.BINARY))

    def _sound(self, answer: PGresult) -> PGresult:
        if answer.status != ExecStatus.FATAL_ERROR:
            return answer
        if self.pgconn.status == ConnStatus.BAD:
            raise psycopg.OperationalError(answer.get_error_message())
        raise psycopg.errors.error_from_result(answer)
