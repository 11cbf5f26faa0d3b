"""Who looked makes no reader a writer: a view does not move for facts that pass it by."""

from pathlib import Path
from uuid import uuid4

from access.database import reading
from domain.consultation import SearchTouched
from domain.values import Role
from projections import accounts, runner
from tests.access.staff import Staff
from tests.commands.office import Office, opened


def reached(office: Office) -> int:
    with reading(office.system.views.engine) as db:
        return runner.positions(db)["accounts", "access"]


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


def test_another_process_that_made_the_views_anew_is_noticed(tmp_path: Path) -> None:
    office = opened(tmp_path / "store")
    Staff(office).hire("dc.east", "detective")
    for _ in range(3):
        look(office)
    runner.clear(office.system.views.engine, [accounts.VIEW])
    with office.system.reading() as db:
        assert accounts.reader(db, office.somebody("dc.east"), office.system.clock()).roles
    office.system.close()
