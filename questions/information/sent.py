"""A worker's own log entries, each with what became of it, filtered by words, family or result.

Only text that the worker may read today is searched: an entry that was moved to another family is
not returned for its words.
"""

from collections.abc import Iterator, Sequence

from commands.kernel import item_references
from commands.kernel.unit_of_work import Desk
from domain.forms import tokens
from domain.kernel.codes import SentState
from domain.kernel.values import Reader
from projections.information import feedback, queue
from projections.information.feedback import Became
from projections.information.queue import NOT_SHOWN, QueueRow
from projections.kernel.database import Db

#: Number of items that are searched at once.
_PART = 500


def mine(
    desk: Desk,
    db: Db,
    reader: Reader,
    *,
    words: str | None = None,
    case: str | None = None,
    became: SentState | None = None,
) -> list[Became]:
    """Return the reader's own log entries, newest first. With `words`, each word has to occur in
    the entry, as a word or the beginning of one; accents, capitals and marks do not matter. Raises
    Hidden for a case that the reader may not see.
    """
    words = (words or "").strip()
    rows = feedback.list_sent(db, reader, reader.name, state=became)
    if not (words or case):
        return rows
    wanted = tokens(words)
    if words and not wanted:
        return []  # the searched words are only punctuation
    of = item_references.item(desk, db, reader, case, "case") if case else None
    shown = {row.observation: row for row in _looked_through(db, reader, rows)}
    return [
        row
        for row in rows
        if (found_row := shown.get(row.id))
        and (of is None or found_row.case == of)
        and _contains_all(found_row, wanted)
    ]


def _looked_through(db: Db, reader: Reader, rows: Sequence[Became]) -> Iterator[QueueRow]:
    for first in range(0, len(rows), _PART):
        for row in queue.of(db, reader, [entry.id for entry in rows[first : first + _PART]]):
            if row.words != NOT_SHOWN:
                yield row


def _contains_all(row: QueueRow, wanted: Sequence[str]) -> bool:
    words = tokens(row.words)
    return all(any(word.startswith(begun) for word in words) for begun in wanted)
