"""Rows that are imported into a real store appear in the store's lists."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import networkx as nx
import pytest

from domain.families.referral import CaseFlagged, CaseOpened, ReferralReceived, ThresholdAssessed
from domain.information.observation import ObservationRead, ObservationRecorded
from domain.information.source import SourceEntryMade
from domain.intelligence.entity import AliasAdded, PersonClassified, PersonRecorded, ThingRecorded
from domain.intelligence.intelligence_report import ItemGraded
from domain.intelligence.link import LinkAsserted
from domain.kernel.envelope import LogUnavailable, Recorded, Submission
from domain.people_and_teams.store_admin import FileReceived
from ingest.files.problems import BadFile
from ingest.files.report import ImportReport
from ingest.importing.load import import_files
from installation.system import System
from ledger.store.log import Log
from network.measures.measures import key_people
from projections.information import queue
from projections.intelligence import links as links_view
from projections.intelligence.links import LinkFilter
from tests.ingest.conftest import as_csv, entry, lines, log_csv, opened

REFERRALS = ("Reference", "Child's name", "Date of birth", "Concern", "Threshold")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def system(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[System]:
    url = request.getfixturevalue("copy_url") if request.param == "postgres" else None
    made = opened(tmp_path / "store", url, "importer")
    yield made
    made.close()


def bring_in(
    system: System,
    *paths: Path,
    dry_run: bool = False,
    rejects: Path | None = None,
    dataset: str = "default",
) -> ImportReport:
    return import_files(
        system.desk,
        system.reader,
        paths,
        originals=system.originals,
        now=system.clock(),
        dry_run=dry_run,
        rejects=rejects,
        dataset=dataset,
    )


def facts(system: System, kind: type) -> list[object]:
    log = system.logs["evidence"]
    return [fact.event for fact in log.read(0, 10_000) if isinstance(fact.event, kind)]


def test_words_go_in_with_their_case_mentions_and_origin(system: System, tmp_path: Path) -> None:
    log = log_csv(tmp_path / "log.csv", entry("Baz picked her up"))
    referral = as_csv(tmp_path / "r.csv", REFERRALS, ("C-1", "Tilly Marsh", "", "worried", "high"))
    report = bring_in(system, log, referral)
    (told,) = facts(system, ObservationRecorded)
    (read,) = facts(system, ObservationRead)
    assert isinstance(told, ObservationRecorded)
    assert isinstance(read, ObservationRead)
    assert told.case is not None
    assert told.entry is not None
    assert told.origin is not None
    assert told.origin.row == 2
    assert {"vrm", "vehicle"} <= {mention.kind for mention in read.mentions}
    assert len(facts(system, FileReceived)) == 2
    assert report.flags == {"plate-never-issued": 1}


def test_the_words_of_a_file_come_in_once_in_whichever_data_set(
    system: System, tmp_path: Path
) -> None:
    head = ("Date", "What happened / what was said")
    log = as_csv(tmp_path / "log.csv", head, *2 * (("14/02/2011", "He was there again"),))
    referral = as_csv(tmp_path / "r.csv", REFERRALS, ("", "Tilly Marsh", "", "worried", "high"))
    first = bring_in(system, log, referral)
    for dry_run in (True, False):
        again = bring_in(system, log, referral, dataset="other", dry_run=dry_run)
        assert (again.recorded, again.already_recorded) == (0, first.recorded) == (0, 3)
        notes = [note for file in again.files for note in file.notes]
        assert notes == [
            "1 row came in with this file before, in the data set 'default'",
            "2 rows came in with this file before, in the data set 'default'",
        ]
    like = as_csv(tmp_path / "like.csv", head, ("14/02/2011", "He was there again"), ("", "x"))
    assert bring_in(system, like, dataset="other").recorded == 2, "another file is another telling"
    tied = as_csv(tmp_path / "links.csv", ("source", "target"), ("N1", "N2"))
    bring_in(system, tied)
    report = bring_in(system, tied, dataset="other")
    assert report.recorded == 1, "a data set of its own has people of its own"
    assert "came in before, in the data set 'default'" in report.files[0].notes[-1]


def test_child_1_of_one_export_is_not_child_1_of_another(system: System, tmp_path: Path) -> None:
    """ "child-1" of one export and "child-1" of another are two children, because each export
    numbers anew.
    """
    heads = ("source", "source_id", "source_kind", "target", "target_id", "target_kind", "note")
    for name in ("one.csv", "other.csv"):
        child = ("Child 1", "child-1", "person/vulnerable-child/suspect")
        row = (*child, "Child's phone 1", "childs-phone-1", "phone")
        again = ("Ann", "17", "person", "'=Ann", "18", "person")
        assert not bring_in(
            system, as_csv(tmp_path / name, heads, (*row, name), (*row, name), (*again, name))
        ).rejected
    names = [fact.name for fact in facts(system, PersonRecorded)]  # type: ignore[attr-defined]
    assert [name[:13] for name in names if name[0] == "C"] == ["Child 1 of fi"] * 2
    assert sorted(name for name in names if name[0] != "C") == ["=Ann", "Ann"]
    assert len(facts(system, ThingRecorded)) == 2
    categories = [fact.category for fact in facts(system, PersonClassified)]  # type: ignore[attr-defined]
    assert categories[:2] == ["vulnerable-child", "suspect"]


def test_a_tie_that_was_undermined_elsewhere_says_so_in_its_words(
    system: System, tmp_path: Path
) -> None:
    head = ("source", "target", "undermined")
    bring_in(system, as_csv(tmp_path / "links.csv", head, ("A", "B", "yes"), ("B", "C", "")))
    words = [fact.words for fact in facts(system, ObservationRecorded)]  # type: ignore[attr-defined]
    assert words[1:] == ["A - associate - B (undermined where it comes from)", "B - associate - C"]


def test_who_is_tied_to_nobody_is_recorded_once(system: System, tmp_path: Path) -> None:
    head = ("source", "source_kind", "source_aliases", "source_unnamed", "target", "alone")
    rows = ("tall one", "person/suspect", "Stretch; Lofty", "yes", "", "yes")
    path = as_csv(tmp_path / "links.csv", head, rows, ("Ann", "person", "", "", "", ""))
    report = bring_in(system, path)
    assert [one.reason for one in report.rejected] == [
        "one end of the link is empty: fill in both ends"
    ]
    (person,) = facts(system, PersonRecorded)
    assert isinstance(person, PersonRecorded)
    assert (person.known, person.name) == (False, "tall one")
    assert len(facts(system, AliasAdded)) == 2
    again = as_csv(tmp_path / "again.csv", head, (*rows[:2], "", "", "", "yes"))
    assert "is recorded already" in bring_in(system, again).rejected[0].reason


def test_a_dry_run_leaves_the_log_as_it_was_and_knows_what_would_be(
    system: System, tmp_path: Path
) -> None:
    log = log_csv(tmp_path / "log.csv")
    referral = as_csv(tmp_path / "r.csv", REFERRALS, ("C-1", "Tilly Marsh", "", "worried", "high"))
    before = system.logs["evidence"].last()
    dry = bring_in(system, log, referral, dry_run=True)
    assert system.logs["evidence"].last() == before
    assert "case-unknown" not in dry.flags
    real = bring_in(system, log, referral)
    assert (dry.recorded, dry.flags) == (real.recorded, real.flags)


def test_what_a_row_does_not_say_is_never_taken_for_a_yes(system: System, tmp_path: Path) -> None:
    """A value that a row lacks never means yes. A grade without a handling code gets the code C,
    and a grade of B without its sources counts as a grade from one source.
    """
    head = ("source", "target", "information", "source_grade", "handling")
    rows = (("A", "B", "A", "1", "P"), ("B", "C", "B", "1", ""), ("C", "D", "C", "1", "C"))
    bring_in(system, as_csv(tmp_path / "links.csv", head, *rows))
    graded = [fact for fact in facts(system, ItemGraded) if isinstance(fact, ItemGraded)]
    assert [one.handling.code for one in graded] == ["P", "C", "C"]
    assert "does not say" in (graded[1].handling.conditions or "")
    with system.reading() as db:
        found = links_view.links(db, system.reader, links_view.LinkFilter())
    assert [(row.grade, row.handling, bool(row.one_root)) for row in found] == [
        ("1A", "P", False),
        ("1B", "C", True),
        ("1C", "C", False),
    ]


def test_again_adds_nothing(system: System, tmp_path: Path) -> None:
    paths = (
        log_csv(tmp_path / "log.csv"),
        as_csv(tmp_path / "links.csv", ("source", "target"), ("A", "B"), ("B", "C")),
    )
    bring_in(system, *paths)
    before = system.logs["evidence"].last()
    again = bring_in(system, *paths)
    assert (again.recorded, again.already_recorded) == (0, 3)
    assert system.logs["evidence"].last() == before


def test_one_identifier_is_one_entity_also_across_files(system: System, tmp_path: Path) -> None:
    bring_in(system, as_csv(tmp_path / "a.csv", ("source", "target"), ("A", "B"), ("B", "C")))
    bring_in(system, as_csv(tmp_path / "b.csv", ("source", "target"), ("C", "A")))
    links = facts(system, LinkAsserted)
    ends = {end for link in links if isinstance(link, LinkAsserted) for end in (link.a, link.b)}
    assert (len(links), len(ends)) == (3, 3)


def test_two_referrals_with_one_reference_are_one_case(system: System, tmp_path: Path) -> None:
    rows = [
        ("C-1", "Tilly Marsh", "", "worried", "medium"),
        ("C-2", "Leah Vale", "", "worried", "medium"),
        ("C-1", "Tilly Marsh", "", "worried again", "high"),
    ]
    report = bring_in(system, as_csv(tmp_path / "r.csv", REFERRALS, *rows))
    assert report.recorded == 3
    assert len(facts(system, CaseOpened)) == 2
    assert len(facts(system, ReferralReceived)) == 3


def test_what_is_refused_takes_nothing_else_with_it(system: System, tmp_path: Path) -> None:
    rows = [
        ("C-1", "Tilly Marsh", "", "worried", "medium"),
        ("C-2", "", "03/06/2001", "worried", "medium"),
        ("C-2", "Leah Vale", "03/06/2001", "worried", "medium"),
    ]
    path, rejects = as_csv(tmp_path / "r.csv", REFERRALS, *rows), tmp_path / "rejects.csv"
    report = bring_in(system, path, rejects=rejects)
    assert (report.recorded, report.rejections) == (2, 1)
    assert "needs the child's name" in report.rejected[0].reason
    assert len(facts(system, CaseOpened)) == 2
    (line,) = lines(rejects)
    line["Child's name"] = "Leah Vale"
    bring_in(system, as_csv(tmp_path / "mended.csv", [*line], [*line.values()]))
    assert len(facts(system, ReferralReceived)) == 3
    assert bring_in(system, path).already_recorded == 3


def test_rejected_rows_are_not_written_over_the_file_that_is_imported(
    system: System, tmp_path: Path
) -> None:
    path = as_csv(tmp_path / "r.csv", REFERRALS, ("C-1", "Tilly Marsh", "", "worried", "medium"))
    before = path.read_bytes()
    (linked := tmp_path / "linked.csv").symlink_to(path)
    for rejects in (path, linked, tmp_path / "." / "r.csv"):
        with pytest.raises(BadFile, match="--rejects names the imported file"):
            bring_in(system, path, rejects=rejects)
    assert path.read_bytes() == before
    assert facts(system, CaseOpened) == []


def test_a_pipe_is_refused_and_not_waited_for(system: System, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(BadFile, match="not a file"):
        bring_in(system, tmp_path / "pipe")


@pytest.mark.parametrize("told", ["11", "11 yrs", "11y", "03/06/2001", "", "14.8 months"])
def test_a_low_rating_that_a_child_may_not_have_loses_no_referral(
    system: System, tmp_path: Path, told: str
) -> None:
    """If a referral has a low rating that the child's age forbids, it is imported with a flag, and
    a user must decide about the rating.
    """
    row = ("C-3", "Amy Vale", told, "worried", "low")
    report = bring_in(system, as_csv(tmp_path / "r.csv", REFERRALS, row))
    assert (report.recorded, report.rejections) == (1, 0)
    assert len(facts(system, ReferralReceived)) == 1
    assert not facts(system, ThresholdAssessed)
    codes = [flag.code for flag in facts(system, CaseFlagged) if isinstance(flag, CaseFlagged)]
    assert "rating-not-taken" in codes


def test_a_low_rating_of_an_older_child_is_taken(system: System, tmp_path: Path) -> None:
    row = ("C-3", "Amy Vale", "14 yrs", "worried", "low")
    bring_in(system, as_csv(tmp_path / "r.csv", REFERRALS, row))
    assert len(facts(system, ThresholdAssessed)) == 1


def test_a_network_that_another_program_wrote_is_measured_as_networkx_measures_it(
    system: System, tmp_path: Path
) -> None:
    club = nx.karate_club_graph()
    nx.write_graphml(club, tmp_path / "club.graphml")
    bring_in(system, tmp_path / "club.graphml")
    with system.desk.asking() as db:
        found = key_people(
            db, system.reader, link_filter=LinkFilter(min_rank=None), layer="all", limit=100
        )
    for name, values in {
        "degree": nx.degree_centrality(club),
        "betweenness": nx.betweenness_centrality(club),
        "closeness": nx.closeness_centrality(club),
    }.items():
        told = {row.label: getattr(row, name) for row in found.rows}
        assert told == pytest.approx({str(one): value for one, value in values.items()})


def test_a_message_of_a_year_that_cannot_be_runs_from_when_it_came(
    system: System, tmp_path: Path
) -> None:
    path = as_csv(
        tmp_path / "m.csv",
        ("text", "sender", "at"),
        ("he is outside", "mum", "0001-01-01T00:00:00"),
        ("he came back", "mum", "9999-12-31T23:59:00"),
    )
    assert bring_in(system, path).recorded == 2
    assert bring_in(system, path).already_recorded == 2
    with system.reading() as db:
        now = system.clock()
        rows = queue.queue(db, system.reader, now, queue.Clocks())
    assert len(rows) == 2
    assert all(row.age_hours < 1 for row in rows)
    assert system.views.compare() == []


def test_a_row_looks_up_nothing_that_a_row_before_it_looked_up(
    system: System, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An import looks up the sources of all rows of a batch in one query of the source register,
    and not row by row."""
    referral = as_csv(tmp_path / "r.csv", REFERRALS, ("C-1", "Tilly Marsh", "", "worried", "high"))
    bring_in(system, referral, log_csv(tmp_path / "first.csv", entry("Baz was there")))
    asked = Counter[str]()

    def counted(name: str) -> None:
        ask = getattr(Log, name)

        def counting(self: Log, *given: object) -> object:
            asked[name] += self.name == "sources"
            return ask(self, *given)

        monkeypatch.setattr(Log, name, counting)

    for name in ("find", "command", "known_commands"):
        counted(name)
    many = [entry(f"Baz was there {number} times") for number in range(2, 32)]
    assert bring_in(system, log_csv(tmp_path / "many.csv", *many)).recorded == 30
    assert +asked == {"find": 1, "known_commands": 1}


def test_an_entry_whose_source_came_in_without_its_words_keeps_its_id(
    system: System, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the log of entries fails after the source register was written, the next import gives each
    entry the id that the register stored for it.
    """
    log = log_csv(tmp_path / "log.csv", *(entry(f"Baz was there {n} times") for n in range(2, 6)))
    append = Log.append

    def fails(self: Log, submissions: Sequence[Submission]) -> list[tuple[Recorded, ...]]:
        words = [
            fact
            for submission in submissions
            for fact in submission.facts
            if isinstance(fact.event, ObservationRecorded)
        ]
        if words:
            raise LogUnavailable("the disk is full")
        return append(self, submissions)

    with monkeypatch.context() as broken:
        broken.setattr(Log, "append", fails)
        with pytest.raises(LogUnavailable):
            bring_in(system, log)
    assert facts(system, ObservationRecorded) == []
    assert bring_in(system, log).recorded == 4
    read = [system.logs[name].read(0, 1_000) for name in ("sources", "evidence")]
    entered = [one for fact in read[0] if isinstance(one := fact.event, SourceEntryMade)]
    recorded = [fact for fact in read[1] if isinstance(fact.event, ObservationRecorded)]
    assert [fact.stream for fact in recorded] == [one.observation for one in entered]
    assert len(entered) == 4
