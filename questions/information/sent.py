"""What became of what I sent, found again by the words in it, by the family, by what became of it.

The words are looked through as the worker may read them today: what was filed with another family
since is found by nothing that stands in it.
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

#: Items that are looked through at once.
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
    """Newest first; each of these words stands in it, whatever its accents, capitals or marks, at
    least as the beginning of one. Raises Hidden for a case that the reader does not see."""
    words = (words or "").strip()
    rows = feedback.mine(db, reader, reader.name, state=became)
    if not (words or case):
        return rows
    wanted = tokens(words)
    if words and not wanted:
        return []  # marks alone are no word
    of = item_references.item(desk, db, reader, case, "case") if case else None
    shown = {row.observation: row for row in _looked_through(db, reader, rows)}
    return [
        row
        for row in rows
        if (found := shown.get(row.id))
        and (of is None or found.case == of)
        and _says(found, wanted)
    ]


def _looked_through(db: Db, reader: Reader, rows: Sequence[Became]) -> Iterator[QueueRow]:
    for first in range(0, len(rows), _PART):
        for row in queue.of(db, reader, [one.id for one in rows[first : first + _PART]]):
            if row.words != NOT_SHOWN:
                yield row


def _says(row: QueueRow, wanted: Sequence[str]) -> bool:
    said = tokens(row.words)
    return all(any(one.startswith(begun) for one in said) for begun in wanted)
