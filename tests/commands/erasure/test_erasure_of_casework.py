"""After the erasure of a child no text about them is left in the store."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from uuid import UUID

import psycopg
import pytest
import sqlalchemy as sa
from psycopg.sql import SQL, Identifier

from commands.erasure import erasure, retention
from commands.families import charity_support, compartment, marac, need
from commands.intelligence import meeting, saved_maps
from commands.justice import court, duty_to_report
from commands.kernel.item_references import UNNAMED
from commands.people_and_teams import due
from domain.families.charity_support import ContactMade, NoteWritten
from domain.families.marac import MaracReferred
from domain.families.need import NeedTold, ThreatTold
from domain.families.referral import CaseOpened
from domain.families.waiting_family import WaitingTold
from domain.intelligence.meeting import BoardKept, Decided, MeetingCalled
from domain.intelligence.saved_map import Shows
from domain.justice.court import BailSet
from domain.justice.duty_to_report import DutyArose
from projections.due import DueFilter
from projections.kernel import shown
from tests.commands.conftest import either
from tests.commands.office import Office

__all__ = ["either"]


def recorded(office: Office) -> tuple[UUID, int]:
    """Record many facts about a child. Return the child's id, and how many invented words (qzx001w,
    qzx002w …) the facts contain.
    """
    told, numbers = (office.desk, office.reader), count(1)
    desk, reader = told

    def words() -> str:
        return f"told qzx{next(numbers):03d}w then"

    case, man = office.case("Zoqua Dalefinch"), str(office.person("Dale Crane"))
    (child,) = (event.child for event in office.events(CaseOpened))
    day, its = office.system.clock().date() + timedelta(days=7), str(case)
    office.words(words(), case=its)
    made = ContactMade(case, "emotional-support", "visit", "parent", words=words())
    charity_support.make_contact(*told, made)
    written = NoteWritten(case, "parent", "note", "fact", words())
    note = charity_support.write_note(*told, written).id
    need.tell(*told, NeedTold(case, "parent", "money", words(), day), its)
    need.threaten(*told, ThreatTold(case, "parent", "followed", words()), its)
    need.wait(*told, WaitingTold(case, "waiting", words(), day), its)
    marac.refer(*told, MaracReferred(case, ("judgement",), day, words()), its)
    duty_to_report.arise(*told, DutyArose(case, words()), its)
    bail = court.set_bail(*told, BailSet(case, UNNAMED, words(), day), its, man).id
    compartment.note_health(*told, its, "medication", words())
    compartment.place(*told, its, "foster-care", words())
    at = str(meeting.call(*told, MeetingCalled("weekly-brief", desk.clock(), "", "ds.hart")).id)
    taken = Decided(UNNAMED, words(), "watch", "ds.hart", day)
    meeting.take(*told, at, taken, case=its, because_of=("none-known",))
    meeting.add_item(*told, at, words(), case=its)
    meeting.keep_board(*told, at, BoardKept(UNNAMED, "map", words(), ()), [str(child)], case=its)
    around = str(saved_maps.save(*told, words(), Shows(), around=str(child)).id)
    saved_maps.note(*told, around, man, words())
    why = words()
    retention.restrict(*told, [bail], why, ground="part-3-s47-2")
    retention.restrict(*told, [note], why, ground="uk-gdpr-art18-1-d")
    today = office.system.clock().date()
    retention.unrestrict(*told, [note], words(), told_on=today, told=words())
    office.later(24 * 200)
    (owed,) = due.list_due(desk, reader, desk.clock(), DueFilter(clock="restriction-review"))
    due.answer(*told, owed.id, "done", words())
    return child, next(numbers) - 1


def stored(office: Office) -> Iterator[str]:
    """Yield all data in the store, and all text that can be decrypted from its logs."""
    for path in office.system.home.rglob("*"):
        if path.is_file():
            yield path.read_bytes().decode("latin-1")
    for log in office.system.logs:
        yield from map(repr, office.facts(log))
    if "://" not in office.settings.store:
        return
    tables = (
        "SELECT schemaname, tablename FROM pg_tables "
        "WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
    )
    with psycopg.connect(office.settings.store) as db:
        for names in db.execute(tables).fetchall():
            rows = SQL("SELECT t::text FROM {}.{} t").format(*map(Identifier, names))
            yield from (row for (row,) in db.execute(rows))


def remaining_words(office: Office, number: int) -> set[str]:
    """Return the invented words and names of the erased child that are still in the store. They are
    searched also in the form in which PostgreSQL writes bytes.
    """
    sought = {f"qzx{one:03d}w" for one in range(1, number + 1)} | {"zoqua", "dalefinch"}
    forms = {form: one for one in sought for form in (one, one.encode().hex())}
    forms |= {one.title().encode().hex(): one for one in ("zoqua", "dalefinch")}
    return {
        one
        for text in map(str.lower, stored(office))
        for form, one in forms.items()
        if form in text
    }


@pytest.mark.usually_on("sqlite")
def test_no_word_of_a_childs_casework_is_left(either: Office) -> None:
    child, number = recorded(either)
    with either.system.reading_with_access_log() as db:  # the access log's table contains names too
        assert "zoqua" in db.execute(sa.select(shown.WordRow.table.c.word)).scalars().all()
    assert len(remaining_words(either, number)) == number + 2, "it is looked for where it was"
    one, _ = erasure.propose(either.desk, either.reader, [child], "part-3-s47", [])
    erasure.approve(either.desk, either.somebody("di.okoro"), one.id, either.system)
    with either.system.reading_with_access_log():
        assert remaining_words(either, number) == set()
