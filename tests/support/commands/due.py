"""A note that makes something due."""

from datetime import date
from uuid import UUID

from commands.families import support
from domain.families.support import NoteWritten
from tests.commands.office import Office


def a_note(office: Office) -> UUID:
    written = NoteWritten(
        office.case(), "parent", "view", "opinion", "worn out", "psw", "visits", date(2011, 5, 1)
    )
    return support.write_note(office.desk, office.reader, written).id
