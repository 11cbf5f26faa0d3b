"""The erasure of a child removes all records of when the child was missing: episodes, patterns that
the child is part of, the plan for finding the child, and imported rows."""

from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

from commands.families import casework, missing
from domain.families.missing import pattern_id, plan_stream
from domain.families.referral import CaseOpened, MissingFound, MissingReported
from ingest.importing.load import import_files
from projections import missing as view
from projections.kernel.database import Db
from tests.commands.office import Office
from tests.ingest.conftest import as_csv
from tests.support.commands.erasure_carried_out import erase, unexplained

HOTEL = "Station Hotel, Town B"


def record_episode(office: Office, case: UUID) -> None:
    casework.report_missing(office.desk, office.reader, str(case), MissingReported(note="no coat"))
    office.later(30)
    casework.record_found(office.desk, office.reader, str(case), MissingFound(where=HOTEL))


def rows(db: Db) -> str:
    """Return all rows of the view of missing children as text."""
    tables = [row.table for row in view.VIEW.rows]  # type: ignore[attr-defined]
    return "\n".join(str(one) for table in tables for one in db.execute(sa.select(table)))


def test_what_is_erased_leaves_nothing_among_the_missing(either: Office, tmp_path: Path) -> None:
    office = either
    gone, stays = office.case("Zyxwora Quibblethorne"), office.case("Ann Field")
    for case in (gone, stays):
        record_episode(office, case)
    pattern = pattern_id("same-place", gone, stays)
    missing.judge(office.desk, office.reader, str(pattern), "confirmed", "one car took both")
    missing.write_plan(office.desk, office.reader, str(gone), "her aunt Zyx", date(2031, 1, 1))
    before = (office.desk.clock() - timedelta(days=40)).isoformat()
    sheet = as_csv(
        tmp_path / "missing.csv",
        ("Child's name", "Missing since", "Found", "Found where"),
        ("Zyxwora Quibblethorne", before, "", "the Zyx arcade"),
    )
    told = {"originals": office.system.originals, "now": office.desk.clock()}
    report = import_files(office.desk, office.reader, [sheet], **told)  # type: ignore[arg-type]
    assert report.recorded == 1
    child = next(event.child for event in office.events(CaseOpened))
    with office.system.reading() as db:
        assert view.patterns(db, office.reader, include_all=True)
        assert str(gone) in rows(db)
    done = erase(office, gone, child)
    assert done.state == "certified"
    destroyed = {item.id for item in done.items}
    assert {gone, child, pattern, plan_stream(gone)} <= destroyed
    assert report.files[0].kept
    assert not [one for one in tmp_path.rglob("*") if one.name == report.files[0].kept]
    with office.system.reading() as db:
        text = rows(db)
        assert [one.case for one in view.of_case(db, office.reader, stays)] == [stays]
        assert view.patterns(db, office.reader, include_all=True) == []
    for said in (str(gone), gone.hex, str(child), child.hex, "Zyx", "one car took both"):
        assert said not in text, said
    assert office.system.views.compare() == []
    assert unexplained(office) == []
