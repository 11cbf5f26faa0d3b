"""The arrests that a reader sees, with the person arrested if the reader sees the person."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from msgspec import Struct

from domain.forms import tokens
from domain.kernel.values import Reader
from projections.families import cases
from projections.intelligence import people
from projections.justice import outcomes
from projections.kernel.columns import Column
from projections.kernel.database import Db


class Arrested(Struct, frozen=True):
    """An arrest. The person and the case are None if the reader may not see them. `at` is the time
    of the arrest or, if that is unknown, the time of recording.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("label", "person"),
        Column("offence", "offence"),
        Column("happened", "arrested", "moment"),
        Column("recorded", "recorded", "moment"),
        Column("item", "id", "id"),
        Column("case", "case", "id"),
    )
    order: ClassVar[tuple[str, ...]] = ("-at", "item")
    item: UUID
    label: str | None
    person: UUID | None
    offence: str | None
    happened: datetime | None
    recorded: datetime
    case: UUID | None

    @property
    def at(self) -> datetime:
        """Return when the arrest was made or, if that is unknown, when it was recorded."""
        return self.happened or self.recorded


def list_arrests(db: Db, reader: Reader, words: str = "") -> list[Arrested]:
    """Return all arrests, the latest first; with `words`, only arrests where each of these words
    begins a word of the person's names or of the offence.
    """
    found_rows = outcomes.list_outcomes(db, reader, "arrest")
    names = people.visible_names(db, reader, {row.person for row in found_rows if row.person})
    own = cases.of(db, reader, {row.case for row in found_rows if row.case})
    seen = {row.case for row in own}
    wanted = tokens(words)
    if words.strip() and not wanted:
        return []  # the searched words are only punctuation
    rows: list[Arrested] = []
    for row in found_rows:
        who = names.get(row.person) if row.person else None
        texts = (*(who.names if who else ()), row.offence or "")
        text_words = [word for text in texts for word in tokens(text)]
        if all(any(word.startswith(word_start) for word in text_words) for word_start in wanted):
            rows.append(
                Arrested(
                    item=row.item,
                    label=who.label if who else None,
                    person=row.person if who else None,
                    offence=row.offence,
                    happened=row.happened,
                    recorded=row.known_from,
                    case=row.case if row.case in seen else None,
                )
            )
    return sorted(rows, key=lambda row: (row.at, row.item), reverse=True)
