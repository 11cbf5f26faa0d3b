"""An imported file may name records that its sender may not see. The result is the same as if these
records did not exist. A file that only another team has imported is imported as new."""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from commands.families import referral
from commands.information import observation
from commands.people_and_teams import team
from domain.families.referral import CaseOpened
from domain.information.observation import ObservationRecorded
from domain.intelligence.entity import PersonRecorded
from domain.intelligence.link import LinkAsserted
from domain.kernel.values import Denied, Reader
from ingest.files.report import ImportReport
from ingest.importing import read_and_record
from ingest.importing.load import import_files
from ingest.importing.read_and_record import ImportProgress
from projections.kernel import runner
from tests.access.staff import Staff
from tests.commands.office import Office, Place, prepared
from tests.ingest.conftest import as_csv

REFERRALS = ("Reference", "Child's name", "Team", "Concern", "Threshold")
LINKS = ("source", "source_kind", "target", "target_kind", "information", "source_grade")
LOG = ("Date", "What happened / what was said", "Case")


def _two_teams(office: Office) -> None:
    """Record the cases and users of two teams: Deter has the cases D-1, which is
    closed, and D-2.
    """
    deter = msgspec.structs.replace(office.reader, team="Deter")
    for reference in ("D-1", "D-2"):
        case = referral.receive(office.desk, deter, child="Kayleigh Marlow", reference=reference).id
        if reference == "D-1":
            office.closed(case, "no longer at risk")
    staff = Staff(office)
    staff.hire("psw.own", "psw", teams=["Deter"])
    staff.hire("psw.far", "psw", teams=["Freedom"])
    staff.hire("dc.own", "detective", teams=["Deter"])
    staff.hire("dc.far", "detective", teams=["Freedom"])


TWO_TEAMS = prepared("two_teams", _two_teams)


@pytest.fixture
def staff(place: Place) -> Iterator[Staff]:
    with TWO_TEAMS(*place) as (office, _):
        yield Staff(office)


def bring_in(staff: Staff, reader: Reader, path: Path, dataset: str = "default") -> ImportReport:
    system = staff.office.system
    return import_files(
        *(system.desk, reader, [path]),
        originals=system.originals,
        now=system.clock(),
        dataset=dataset,
    )


def report_text(report: ImportReport, *typed: str) -> str:
    """Return the report of an import as text, without the file's hash, the file's name, and the
    values that the file's author typed.
    """
    text = repr(report.as_json())
    own = (one for file in report.files for one in (file.sha256, file.kept) if one)
    for one in (*typed, *own):
        text = text.replace(one, "TYPED")
    return text


@pytest.mark.parametrize("name", ["psw.far", "dc.far", "psw.own"])
@pytest.mark.usually_on("sqlite")
def test_words_that_name_a_hidden_case_come_in_as_those_that_name_none(
    staff: Staff, tmp_path: Path, name: str
) -> None:
    reader = staff.now(name)
    answers = []
    for case in ("D-2", "D-9"):
        log = as_csv(tmp_path / "log.csv", LOG, ("19/03/2011", "He was there again", case))
        answers.append(report_text(bring_in(staff, reader, log), case))
    assert answers[0] == answers[1]
    words = [f.event for f in staff.office.facts() if isinstance(f.event, ObservationRecorded)]
    assert [word.case for word in words] == [None, None]
    assert [word.case_told for word in words] == ["D-2", "D-9"]


@pytest.mark.parametrize("known", ["D-1", "D-2"])
@pytest.mark.usually_on("sqlite")
def test_a_referral_joins_a_case_of_ones_own_team_and_does_not_say_so(
    staff: Staff, tmp_path: Path, known: str
) -> None:
    reader = staff.now("psw.own")
    answers = []
    for reference in (known, "D-9"):
        row = (reference, "Kayleigh Marlow", "", "worried again", "high")
        answers.append(
            report_text(
                bring_in(staff, reader, as_csv(tmp_path / "r.csv", REFERRALS, row)), reference
            )
        )
    assert answers[0] == answers[1]
    opened = [f.event for f in staff.office.facts() if isinstance(f.event, CaseOpened)]
    assert [one.reference for one in opened] == ["D-1", "D-2", "D-9"]
    one, two = (
        referral.receive(staff.office.desk, reader, child="Kayleigh Marlow", reference=each)
        for each in (known, "D-8")
    )
    assert one.ref.rpartition(":")[2] == two.ref.rpartition(":")[2] == "1"


@pytest.mark.parametrize("reference", ["D-2", "D-9"])
@pytest.mark.usually_on("sqlite")
def test_another_teams_case_is_opened_by_that_team(staff: Staff, reference: str) -> None:
    with pytest.raises(Denied, match="only members of Deter can open a case of that team"):
        referral.receive(
            staff.office.desk,
            staff.now("psw.far"),
            child="Kayleigh Marlow",
            team="Deter",
            reference=reference,
        )


@pytest.mark.usually_on("sqlite")
def test_two_teams_data_sets_of_one_name_share_nobody(staff: Staff, tmp_path: Path) -> None:
    row = ("N1", "person/victim", "N2", "person/suspect", "A", "2")
    sheet = as_csv(tmp_path / "links.csv", LINKS, row)
    again = as_csv(tmp_path / "again.csv", LINKS, row, (*row[:4], "B", "2"))
    first = report_text(bring_in(staff, staff.now("dc.own"), sheet))
    second = report_text(
        bring_in(staff, staff.now("dc.far"), as_csv(tmp_path / "l.csv", LINKS, row))
    )
    assert first.replace("links.csv", "l.csv") == second
    made = [f for f in staff.office.facts() if isinstance(f.event, LinkAsserted)]
    ends = [{fact.event.a, fact.event.b} for fact in made]  # type: ignore[attr-defined]
    assert len(ends) == 2
    assert ends[0].isdisjoint(ends[1])
    bring_in(staff, staff.now("dc.own"), again)
    people = [f for f in staff.office.facts() if isinstance(f.event, PersonRecorded)]
    assert len(people) == 2 + 4, "two children, and two people for each of two teams"


FILES: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "provenance-log": (
        ("Date", "What happened / what was said", "Your name"),
        ("19/03/2011", "He was there again", "Marion Oakes"),
        ("20/03/2011", "  ", "Marion Oakes"),
    ),
    "messages": (
        ("date", "from", "body"),
        ("2011-03-19 21:04", "07700 900456", "He was there again"),
        ("2011-03-19 21:05", "07700 900456", ""),
    ),
    "referrals": (
        REFERRALS,
        ("R-1", "Ellie Stone", "", "worried", "high"),
        ("R-2", "", "", "worried", "high"),
    ),
    "links": (
        LINKS,
        ("N1", "person/victim", "N2", "person/suspect", "A", "2"),
        ("N1", "a ghost", "N2", "person/suspect", "A", "2"),
    ),
}


def file_of(form: str, path: Path) -> Path:
    return as_csv(path, *FILES[form])


def figures(report: ImportReport) -> tuple[int, int, int]:
    return report.recorded, report.already_recorded, report.rejections


@pytest.mark.parametrize("form", FILES)
@pytest.mark.usually_on("sqlite")
def test_a_file_is_known_to_the_team_that_brought_it_and_to_no_other(
    staff: Staff, tmp_path: Path, form: str
) -> None:
    """If two users of one team upload the same file, its rows are imported once. If a user of
    another team uploads it, they are imported again for that team."""
    sheet = file_of(form, tmp_path / "sheet.csv")
    staff.hire("sgt.own", "detective", teams=["Freedom", "Deter"])
    far = bring_in(staff, staff.now("dc.far"), sheet)
    first = "dc.own" if form == "links" else "psw.own"  # a worker may not grade links
    own = bring_in(staff, staff.now(first), sheet)
    assert report_text(own) == report_text(far)
    assert figures(own) == (1, 0, 1)
    before = staff.office.count()
    for name in ("psw.own", "dc.own", "sgt.own", "psw.far"):
        again = bring_in(staff, staff.now(name), sheet)
        assert figures(again) == (0, 1, 1), name
    assert staff.office.count() == before, "the file itself is known too"


@pytest.mark.parametrize("form", ["provenance-log", "referrals", "links"])
@pytest.mark.usually_on("sqlite")
def test_another_teams_file_in_another_data_set_says_nothing(
    staff: Staff, tmp_path: Path, form: str
) -> None:
    """The report of an import is the same, whether or not another team has imported an equal file
    before, even under the name of another data set."""
    head, first, _ = FILES[form]
    # a provenance log is cut to two columns; like a file of links, it then has no writer and no
    # case
    shown = 2 if form == "provenance-log" else None
    sheet = as_csv(tmp_path / "sheet.csv", head[:shown], first[:shown])
    answers = []
    for hidden in (False, True):
        if hidden:
            # the file is changed, so that the first import does not count as an import of the same
            # file
            with sheet.open("a") as file:
                file.write("\n")
            bring_in(staff, staff.now("dc.far"), sheet, "theirs")
        answers.append(
            report_text(bring_in(staff, staff.now("dc.own"), sheet, "first" + "x" * hidden))
        )
    size = sheet.stat().st_size
    assert answers[0].replace(str(size - 1), str(size)) == answers[1]
    own = bring_in(staff, staff.now("dc.own"), sheet, "third")
    assert "in the data set" in repr(own.as_json()), "one's own is said"


def test_teams_that_become_one_know_what_either_brought(staff: Staff, tmp_path: Path) -> None:
    sheets = [file_of(form, tmp_path / f"{form}.csv") for form in ("provenance-log", "links")]
    grown = as_csv(tmp_path / "grown.csv", LINKS, FILES["links"][1], ("N2", "", "N1", "", "", ""))
    for sheet in sheets:
        bring_in(staff, staff.now("dc.own"), sheet)
    keeps = staff.office.system.serving(staff.office.settings, staff.office.system.clock.given_time)
    team.merge_team(staff.office.desk, keeps.reader, "Deter", "Freedom")
    for name in ("dc.far", "dc.own"):
        assert [bring_in(staff, staff.now(name), one).already_recorded for one in sheets] == [
            1,
            1,
        ], name
    people = len([f for f in staff.office.facts() if isinstance(f.event, PersonRecorded)])
    bring_in(staff, staff.now("dc.far"), grown)
    recorded = [f for f in staff.office.facts() if isinstance(f.event, PersonRecorded)]
    assert len(recorded) == people, "whom the one team's data set named is whom the hub's names"


@pytest.mark.usually_on("sqlite")
def test_what_came_before_the_accounts_is_its_own_teams(office: Office, tmp_path: Path) -> None:
    sheet = file_of("provenance-log", tmp_path / "log.csv")
    staff = Staff(office)
    own = msgspec.structs.replace(office.reader, team="Deter")
    assert figures(bring_in(staff, own, sheet)) == (1, 0, 1)
    staff.hire("psw.own", "psw", teams=["Deter"])
    staff.hire("psw.far", "psw", teams=["Freedom"])
    assert figures(bring_in(staff, staff.now("psw.own"), sheet)) == (0, 1, 1)
    assert figures(bring_in(staff, staff.now("psw.far"), sheet)) == (1, 0, 1)


@pytest.mark.usually_on("sqlite")
def test_a_mended_row_is_its_teams_wherever_it_was_mended(staff: Staff, tmp_path: Path) -> None:
    """If two teams import the same file and each team corrects the rejected row, each correction is
    imported as if the other team had never imported the file.
    """
    sheet = as_csv(tmp_path / "log.csv", *FILES["provenance-log"])
    system = staff.office.system
    answers = []
    for name in ("psw.own", "psw.far"):
        rejects = tmp_path / f"{name}.csv"
        reader = staff.now(name)
        import_files(
            *(system.desk, reader, [sheet]),
            originals=system.originals,
            now=system.clock(),
            rejects=rejects,
        )
        head, row = rejects.read_text(encoding="utf-8-sig").splitlines()
        rejects.write_text(f"{head}\n{row.replace('  ', 'She came home late')}\n")
        answers.append((figures(bring_in(staff, reader, rejects)), row))
        assert figures(bring_in(staff, reader, sheet)) == (0, 2, 0)
    assert answers[0] == answers[1]
    assert answers[0][0] == (1, 0, 0)


@pytest.mark.usually_on("sqlite")
def test_who_only_names_a_team_learns_nothing_of_its_files(staff: Staff, tmp_path: Path) -> None:
    sheet = file_of("provenance-log", tmp_path / "log.csv")
    bring_in(staff, staff.now("psw.own"), sheet)
    staff.hire("psw.alone", "psw", teams=[])
    alone = msgspec.structs.replace(staff.now("psw.alone"), team="Deter")
    assert figures(bring_in(staff, alone, sheet)) == (1, 0, 1)
    assert figures(bring_in(staff, alone, sheet)) == (0, 1, 1)


@pytest.mark.usually_on("sqlite")
def test_a_manager_imports_referrals_with_a_second_role_that_sees_children(
    staff: Staff, tmp_path: Path
) -> None:
    """A manager cannot import referrals, because this role sees no child. A manager who also works
    with families has a second role for this work, and can import them.
    """
    staff.hire("mgr.alone", "manager", teams=["Deter"])
    staff.hire("mgr.both", "manager", "social-worker", teams=["Deter"])
    sheet = as_csv(tmp_path / "r.csv", REFERRALS, ("D-3", "Jade Haxby", "", "out at night", "high"))
    with pytest.raises(Denied, match="import files"):
        bring_in(staff, staff.now("mgr.alone"), sheet)
    assert bring_in(staff, staff.now("mgr.both"), sheet).recorded == 1
    opened = [f.event for f in staff.office.facts() if isinstance(f.event, CaseOpened)]
    assert [one.reference for one in opened] == ["D-1", "D-2", "D-3"]


def _row_by_row(
    staff: Staff, tmp_path: Path, done: Callable[[int], object]
) -> tuple[ImportReport, int]:
    """Import three links between three people, each in a transaction of its own. Call `done` with
    the number of imported rows after each row. Return the report of the import and, for the last
    row, the log position that the access tables had read."""
    ends = ("Daz", "Shaz"), ("Shaz", "Gaz"), ("Gaz", "Daz")
    rows = [(one, "person", other, "person", "A", "2") for one, other in ends]
    system, read = staff.office.system, list[int]()

    def progress(told: ImportProgress) -> None:
        done(told.done)
        with system.views.engine.connect() as db:
            read.append(runner.positions(db)["reach", "evidence"])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(read_and_record, "BATCH", 1)
        report = import_files(
            *(system.desk, staff.now("dc.own"), [as_csv(tmp_path / "links.csv", LINKS, *rows)]),
            originals=system.originals,
            now=system.clock(),
            on_progress=progress,
        )
    return report, read[-1]


@pytest.mark.usually_on("sqlite")
def test_an_import_decides_about_its_own_rows_before_the_views_have_them(
    staff: Staff, tmp_path: Path
) -> None:
    """A row of an imported file may name people from earlier rows of the file, even if no view
    contains the earlier rows yet."""
    head = staff.office.system.logs["evidence"].last()
    report, read = _row_by_row(staff, tmp_path, lambda done: None)
    assert (report.recorded, report.rejections) == (3, 0)
    assert read <= head
    links = [f.event for f in staff.office.facts() if isinstance(f.event, LinkAsserted)]
    assert len({end for link in links for end in (link.a, link.b)}) == 3
    with staff.office.system.views.engine.connect() as db:
        last = staff.office.system.logs["evidence"].last()
        assert runner.positions(db)["reach", "evidence"] == last
    assert staff.office.system.views.compare() == []


@pytest.mark.usually_on("sqlite")
def test_an_import_decides_by_what_another_user_records_meanwhile(
    staff: Staff, tmp_path: Path
) -> None:
    """If another user records a fact during an import, the import waits with the next row until the
    views contain this fact."""
    other, desk, at = staff.now("psw.own"), staff.office.desk, list[int]()

    def record(done: int) -> None:
        if done == 1:
            observation.record(desk, other, words="He was there again")
            at.append(desk.logs["evidence"].last())

    report, read = _row_by_row(staff, tmp_path, record)
    assert (report.recorded, report.rejections) == (3, 0)
    assert at[0] <= read < desk.logs["evidence"].last()
