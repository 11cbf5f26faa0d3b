"""A support note whose review becomes due on its review date."""

from datetime import date
from uuid import UUID

from commands.families import charity_support
from domain.families.charity_support import NoteWritten
from tests.commands.office import Office


def a_note(office: Office) -> UUID:
    written = NoteWritten(
        office.case(), "parent", "view", "opinion", "worn out", "psw", "visits", date(2011, 5, 1)
    )
    return charity_support.write_note(office.desk, office.reader, written).id
