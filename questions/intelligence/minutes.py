"""The paper of a meeting: the people about whom it has to decide, with the sentences that are read
aloud about them; the meeting's decisions; and the maps and lists that it was shown. The paper may
be for one reader, or for several readers together.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from access.who_may.decide import decide
from commands.kernel.display_names import Name, shared_names
from commands.kernel.unit_of_work import Desk
from domain.kernel.values import Reader
from projections.intelligence import links, meetings
from projections.intelligence.meetings import BoardRow, DecisionRow, MeetingRow
from projections.kernel.database import Db
from questions.intelligence import for_decision, spoken_people
from questions.intelligence.spoken_people import SpokenPerson


class Minutes(Struct, frozen=True):
    """A meeting, with the facts that all its readers may see. `people` are the people about whom it
    has to decide: as they were shown at the meeting or, if none were shown, as they are now.
    `order` says in words which person comes first, and why.
    """

    row: MeetingRow
    people: tuple[SpokenPerson, ...]
    order: str
    decided: tuple[DecisionRow, ...]
    boards: tuple[BoardRow, ...]
    names: Mapping[UUID, Name]


def read_minutes(
    desk: Desk, db: Db, readers: Sequence[Reader], meeting: UUID, now: datetime
) -> Minutes | None:
    """Return a meeting as all of these readers may see it; None if one of the readers may not see
    the meeting at all.
    """
    rows = [meetings.get(db, reader, meeting) for reader in readers]
    first = rows[0]
    if first is None or None in rows:
        return None
    agenda = _in_all(first.agenda, [row.agenda for row in rows if row])
    decided = _decided(db, readers, meeting)
    boards = _boards(db, readers, meeting)
    named = {*agenda, *(item for board in boards for item in board.shown)}
    for decision in decided:
        named |= {*decision.rests_on, *decision.became}
        named |= {about for about in (decision.case, decision.about) if about}
    names = shared_names(db, readers, named - links.restricted(db, named))
    people, order = _people(desk, db, readers, first, now)
    row = replace(first, agenda=agenda)
    return Minutes(row, people, order, tuple(decided), tuple(boards), names)


def _people(
    desk: Desk, db: Db, readers: Sequence[Reader], row: MeetingRow, now: datetime
) -> tuple[tuple[SpokenPerson, ...], str]:
    """Return the people about whom the meeting has to decide, with the sentences to be read aloud
    about each, and a sentence about their order. There are none if the meeting was cancelled, if it
    took place without showing them, or if one of the readers may not see the network.
    """
    if row.off is not None or not all(decide(reader, "see-network").allowed for reader in readers):
        return (), ""
    saved = for_decision.read_saved(db, readers, row.id)
    if saved is None and row.held:
        return (), ""
    at, board = saved or (now, for_decision.list_for_all(db, readers, now))
    spoken = spoken_people.read_aloud(desk, db, readers, board.rows, at)
    return spoken, spoken_people.order(board.rows)


def _decided(db: Db, readers: Sequence[Reader], meeting: UUID) -> list[DecisionRow]:
    first, *others = (
        {row.id: row for row in meetings.decisions(db, reader, meeting=meeting)}
        for reader in readers
    )
    return [
        replace(
            row,
            rests_on=_in_all(
                row.rests_on, [rows_by_item[item].rests_on for rows_by_item in others]
            ),
            became=_in_all(row.became, [rows_by_item[item].became for rows_by_item in others]),
        )
        for item, row in first.items()
        if all(item in rows_by_item for rows_by_item in others)
    ]


def _boards(db: Db, readers: Sequence[Reader], meeting: UUID) -> list[BoardRow]:
    first, *others = (
        {row.id: row for row in meetings.boards(db, reader, meeting)} for reader in readers
    )
    return [
        replace(
            row, shown=_in_all(row.shown, [rows_by_item[item].shown for rows_by_item in others])
        )
        for item, row in first.items()
        if all(item in rows_by_item for rows_by_item in others)
    ]


def _in_all(ids: Collection[UUID], others: Sequence[Collection[UUID]]) -> tuple[UUID, ...]:
    return tuple(item for item in ids if all(item in reader_items for reader_items in others))
