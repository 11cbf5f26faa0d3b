"""The result of an analysis is stored for users who see the whole network, and is erased together
with the items on which it is based.
"""

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from access.who_may.decide import ENDS, JOINS, SEEING
from access.who_may.table import MAY
from analytics import job, spark
from analytics.engine import Engine
from analytics.job import JobRequest
from analytics.local import Local
from commands.erasure import retention
from commands.intelligence import links
from domain.kernel.codes import Analysis
from domain.kernel.envelope import LogUnavailable
from domain.kernel.values import ROLES, Denied, Reader, Refused, Role
from ledger.backup.temporary_files import staying
from projections.intelligence import computed
from tests.commands.office import Office
from tests.support.analytics.job import called, read, suspects
from tests.support.commands.erasure_carried_out import erase

WHATS: tuple[Analysis, ...] = (
    "components",
    "pagerank",
    "label-propagation",
    "triangles",
    "k-core",
)


def compute(office: Office, what: Analysis = "components", **told: Any) -> Any:
    wanted = JobRequest(what, layer="all", least=None, **told)
    return job.compute(office.desk, office.system, office.reader, wanted)


def test_each_question_is_computed_and_read(either: Office) -> None:
    suspects(either)
    for what in WHATS:
        row = compute(either, what)
        assert (row.people, row.ties, row.engine) == (5, 4, "local")
    groups = read(either)
    assert called(groups) == [{"Ash", "Birch", "Cedar"}, {"Dale", "Elm"}]
    assert [one.people for one in groups.rows] == [3, 2]
    assert [one.people for one in read(either, "label-propagation").rows] == [3, 2]
    assert [one.figure for one in read(either, "triangles").rows] == ["1", "1", "1", "0", "0"]
    assert [one.figure for one in read(either, "k-core").rows] == ["2", "2", "2", "1", "1"]
    ranks = read(either, "pagerank")
    assert {one.figure for one in ranks.rows} == {"1.00 × the average"}
    assert ranks.notes[0].startswith(
        "Based on 5 people and 4 links (all), as known on 2011-03-18 09:00"
    )
    # the result of an analysis is in no view and in no log
    assert either.system.views.compare() == []


def test_who_does_not_see_the_whole_network_neither_computes_nor_reads(office: Office) -> None:
    suspects(office)
    compute(office)
    for role in ROLES:
        reader = in_role(office, role)
        if role in ("intelligence-officer", "dci"):
            assert read(office, reader=reader).rows
            wanted = JobRequest("components", layer="all", least=None)
            assert job.compute(office.desk, office.system, reader, wanted).people == 5
            continue
        with pytest.raises(Denied, match="does not allow you to analyse the whole network"):
            read(office, reader=reader)
        with pytest.raises(Denied):
            job.compute(office.desk, office.system, reader, JobRequest("components"))


def in_role(office: Office, role: Role) -> Reader:
    return msgspec.structs.replace(
        office.reader, closed=True, roles=frozenset({role}), teams=frozenset({"Engage"})
    )


def test_whose_role_computes_sees_all_that_it_rests_on() -> None:
    """A role that may compute analyses sees all items on which a result is based, of every team."""
    for acts in MAY.values():
        if "analyse" in acts:
            assert {acts.get(SEEING[sort]) for sort in (*ENDS, *JOINS) if sort != "tasking"} == {
                "any"
            }


def test_what_is_restricted_since_takes_all_of_it_out_of_sight(office: Office) -> None:
    ash, *_ = suspects(office)
    compute(office)
    retention.restrict(office.desk, office.reader, [ash], "a live matter", ground="part-3-s47-2")
    assert read(office).rows == ()
    assert "compute it again" in read(office).notes[0]
    compute(office)
    assert sorted(map(sorted, called(read(office)))) == [["Birch", "Cedar"], ["Dale", "Elm"]]


def test_an_erasure_takes_what_was_computed_with_it(either: Office) -> None:
    *_, told = suspects(either)
    compute(either)
    erase(either, told)
    assert read(either).rows == ()
    assert "not computed: run" in read(either).notes[0]


def test_a_job_that_an_erasure_overtakes_keeps_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    *_, told = suspects(office)

    def overtaken(engine: Engine, what: Analysis) -> Any:
        erase(office, told)
        return engine.components()

    monkeypatch.setattr(job, "run_analysis", overtaken)
    with pytest.raises(LogUnavailable, match="its result was discarded"):
        compute(office)
    assert read(office).rows == ()


def test_who_records_waits_for_no_job_that_keeps_what_it_computed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    suspects(office)
    monkeypatch.setattr(computed, "SOME", 2)
    kept, fern = job.values, []

    def values(*told: Any) -> Iterator[Any]:
        for some in kept(*told):
            yield some
            # another process records a person between two parts of the log that the job reads
            fern.append(office.person("Fern"))

    monkeypatch.setattr(job, "values", values)
    assert compute(office).people == 5
    assert len(fern) == 3
    assert called(read(office)) == [{"Ash", "Birch", "Cedar"}, {"Dale", "Elm"}]


def test_a_newer_one_takes_the_place_of_the_older(office: Office) -> None:
    ids = suspects(office)
    compute(office)
    office.later(24)
    fern, words = office.person("Fern"), office.words("they meet")
    links.assert_link(office.desk, office.reader, words, str(fern), str(ids[3]), "associate")
    assert sum(row.people or 0 for row in read(office).rows) == 5
    compute(office)
    found = read(office)
    assert sum(row.people or 0 for row in found.rows) == 6
    assert "2011-03-19" in found.notes[0]


# --- which engine computes ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "lacks", "engine", "why"),
    [
        (JobRequest("k-core", threshold=8), None, "local", "7 links are fewer than 8"),
        (JobRequest("k-core", threshold=7), None, "spark", "7 links are 7 or more"),
        (
            JobRequest("k-core", threshold=7),
            "no Java",
            "local",
            "Spark cannot be used on this machine: no Java",
        ),
        (JobRequest("k-core", threshold=7, engine="local"), None, "local", "as was asked"),
        (JobRequest("k-core", engine="spark", master="local[2]"), None, "spark", "at local[2]"),
    ],
)
def test_which_engine_and_why(
    wanted: JobRequest, lacks: str | None, engine: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spark, "missing_requirement", lambda: lacks)
    told = job.choose_engine(wanted, 7)
    assert told[0] == engine
    assert why in told[1]


def test_spark_that_is_requested_and_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spark, "missing_requirement", lambda: "no Java")
    with pytest.raises(Refused, match="Spark cannot be used on this machine: no Java"):
        job.choose_engine(JobRequest("k-core", engine="spark"), 7)


# --- the files from which Spark reads ------------------------------------------------------------


class Cut(Exception):
    """An exception that a test raises in the middle of a job, as if the process ended there."""


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Return a list of the files that Spark would get in each run. One process computes the results
    in place of Spark."""
    pytest.importorskip("pyarrow", reason="the extra [spark] is not installed: make spark")
    from analytics.parts import ties_in

    given: list[list[str]] = []

    @contextmanager
    def started(
        master: str, scratch: Path, people: int, files: Sequence[Path], *more: Any
    ) -> Iterator[Engine]:
        given.append([file.name for file in files])
        assert {stat.S_IMODE(one.parent.stat().st_mode) for one in files} == {0o700}
        assert stat.S_IMODE(scratch.stat().st_mode) == 0o700
        some = [ties_in(str(file)) for file in files]
        a, b = (np.concatenate([one[side] for one in some]) for side in (0, 1))
        yield Local(people, a, b, more[-1])

    monkeypatch.setattr(spark, "missing_requirement", lambda: None)
    monkeypatch.setattr(spark, "started", started)
    monkeypatch.setattr(job, "STRETCH", 8)
    return given


def remaining_files(office: Office) -> list[Path]:
    return sorted((office.system.home / ".passing").rglob("*.parquet"))


def test_it_reads_files_that_go_when_it_is_done(files: list[list[str]], either: Office) -> None:
    suspects(either)
    row = compute(either, engine="spark")
    assert (row.engine, row.why) == ("spark", "as was asked, at local[*]")
    assert len(files[0]) > 2
    assert remaining_files(either) == []
    assert called(read(either)) == [{"Ash", "Birch", "Cedar"}, {"Dale", "Elm"}]


def test_it_goes_on_from_the_files_that_are_whole(
    files: list[list[str]], office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A resumed job reads the complete files of the interrupted job, and counts only records that
    existed when that job began.
    """
    ids = suspects(office)
    interrupt_job(office, monkeypatch)
    before = {file.name: file.stat().st_mtime_ns for file in remaining_files(office)}
    assert before
    # reopening the store deletes no files of the job, because it is not older than an hour
    office.again()
    fern, words = office.person("Fern"), office.words("they meet")
    links.assert_link(office.desk, office.reader, words, str(fern), str(ids[3]), "associate")
    told: list[str] = []
    wanted = JobRequest("components", layer="all", least=None, engine="spark")
    row = job.compute(office.desk, office.system, office.reader, wanted, told.append)
    assert set(before) < set(files[-1])
    assert any(one.startswith("read before") for one in told)
    assert (row.people, row.ties) == (5, 4)
    assert remaining_files(office) == []


def interrupt_job(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start a job and end it in the middle of its reading."""

    def tell(words: str) -> None:
        if words.startswith("read:") and len(remaining_files(office)) == 2:
            raise Cut

    wanted = JobRequest("components", layer="all", least=None, engine="spark")
    with pytest.raises(Cut):
        job.compute(office.desk, office.system, office.reader, wanted, tell)


def hours_old(office: Office) -> Path:
    """Set back the lease of the only job by more than an hour, as if its process had been silent
    for that time; return the job's directory.
    """
    (lease,) = (office.system.home / ".passing").glob("staying-*.lease")
    old = lease.stat().st_mtime - 3601
    os.utime(lease, (old, old))
    return lease


@pytest.mark.usefixtures("files")
def test_an_erasure_deletes_what_was_read_for_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    *_, told = suspects(office)
    interrupt_job(office, monkeypatch)
    assert remaining_files(office)
    erase(office, told)
    assert remaining_files(office) == []
    assert compute(office, engine="spark").people == 3


@pytest.mark.usefixtures("files")
def test_views_made_anew_elsewhere_end_it_and_its_files(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the views are rebuilt elsewhere while a job computes an analysis, the job ends and its
    files are deleted."""
    suspects(office)

    def overtaken(engine: Engine, what: Analysis) -> Any:
        office.system.views.rebuild()
        return engine.ranks()  # the analysis checks the views after each round

    monkeypatch.setattr(job, "run_analysis", overtaken)
    with pytest.raises(LogUnavailable, match="its result was discarded"):
        compute(office, engine="spark")
    assert remaining_files(office) == []


@pytest.mark.usefixtures("files")
def test_what_was_restricted_meanwhile_is_not_gone_on_with(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    ash, *_ = suspects(office)
    interrupt_job(office, monkeypatch)
    retention.restrict(office.desk, office.reader, [ash], "a live matter", ground="part-3-s47-2")
    assert compute(office, engine="spark").people == 4


@pytest.mark.usefixtures("files")
def test_what_was_broken_off_goes_at_a_start_an_hour_later(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    suspects(office)
    interrupt_job(office, monkeypatch)
    lease = hours_old(office)
    office.again()
    assert remaining_files(office) == []
    assert not lease.exists()


@pytest.mark.usefixtures("files")
def test_what_was_at_work_for_hours_goes_on_too(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An interrupted job can be resumed for one hour. The hour begins when the job last wrote a
    file or ended a round, so a job that has run for hours can be resumed too."""
    suspects(office)

    def killed(engine: Engine, what: Analysis) -> Any:
        hours_old(office)
        engine.ranks()
        raise Cut

    monkeypatch.setattr(job, "run_analysis", killed)
    with pytest.raises(Cut):
        compute(office, engine="spark")
    office.again()
    assert remaining_files(office)


def test_two_stores_that_work_in_one_place_do_not_meet(tmp_path: Path) -> None:
    """Jobs of two stores in the same directory do not mix their files. Other users of the directory
    cannot predict the names of files."""
    one, other, shared = (tmp_path / name for name in ("one", "other", "shared"))
    for home in (one, other, shared):
        home.mkdir()
    with suppress(Cut), staying(one, "k-core", shared) as first:
        first.place.joinpath("begun").touch()
        with staying(other, "k-core", shared) as second:
            assert second.place != first.place
            assert list(second.place.iterdir()) == []
        raise Cut
    with staying(one, "k-core", shared) as again:
        assert again.place == first.place
        assert [file.name for file in again.place.iterdir()] == ["begun"]
    assert list(shared.iterdir()) == []


@pytest.mark.usefixtures("files")
def test_the_same_is_not_computed_twice_at_once(office: Office) -> None:
    suspects(office)
    work = JobRequest("components", layer="all", least=None).work
    with (
        office.system.staying(work),
        pytest.raises(OSError, match="another process is doing the same work"),
    ):
        compute(office, engine="spark")
