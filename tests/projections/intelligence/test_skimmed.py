"""If a view reads events of the access log and uses none of them, it writes nothing."""

from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa

from access.database import reading
from domain.data_protection.access_log import SearchTouched
from domain.kernel.values import Role
from projections import due
from projections.data_protection import access_log
from projections.due.rows import LookedRow
from projections.intelligence import silent_hits
from projections.intelligence.silent_hits import HitRow
from projections.kernel import runner, shown
from projections.kernel.schema import View
from projections.people_and_teams import accounts
from tests.access.staff import Staff
from tests.commands.office import Office, opened


def reached(office: Office, view: View = accounts.VIEW) -> int:
    with reading(office.system.views.engine) as db:
        return runner.positions(db)[view.name, "access"]


def look(office: Office) -> None:
    met = SearchTouched(uuid4(), uuid4(), "Engage", ("psw.ellis",))
    office.system.consulted("show", [uuid4()], "a name", [met])
    with office.system.reading():
        pass


def test_looking_moves_no_view_and_hides_no_account(tmp_path: Path) -> None:
    office = opened(tmp_path / "store")
    staff = Staff(office)
    role: Role = "detective"
    staff.hire("dc.east", role)
    with office.system.reading():
        before = reached(office)
    for _ in range(5):
        look(office)
    assert reached(office) == before < office.system.logs["access"].last()
    staff.hire("dc.west", role)
    with office.system.reading() as db:
        found = accounts.reader(db, office.somebody("dc.west"), office.system.clock())
    assert found.roles == {role}
    assert reached(office) == office.system.logs["access"].last()
    office.system.close()


def test_what_is_due_and_who_searched_wait_for_no_looks(tmp_path: Path) -> None:
    office = opened(tmp_path / "store")
    every = (access_log.VIEW, shown.VIEW, silent_hits.VIEW, due.LOOKED_VIEW)
    with office.system.reading_with_access_log():
        before = [reached(office, view) for view in every]
    for _ in range(5):
        office.system.consulted("show", [uuid4()], "a name")
    for view in (due.LOOKED_VIEW, silent_hits.VIEW):
        with office.system.reading_with_access_log(view):
            assert [reached(office, one) for one in every] == before
    look(office)
    with office.system.reading_with_access_log(due.LOOKED_VIEW, silent_hits.VIEW) as db:
        for row in (HitRow, LookedRow):
            told = db.scalar(sa.select(sa.func.count()).select_from(row.table))
            assert told == 1, "what was searched is due at once"
    assert [reached(office, view) for view in every[:2]] == before[:2]
    office.system.close()


def test_another_process_that_made_the_views_anew_is_noticed(tmp_path: Path) -> None:
    office = opened(tmp_path / "store")
    Staff(office).hire("dc.east", "detective")
    for _ in range(3):
        look(office)
    runner.clear(office.system.views.engine, [accounts.VIEW])
    with office.system.reading() as db:
        assert accounts.reader(db, office.somebody("dc.east"), office.system.clock()).roles
    office.system.close()
