"""An imported network is one entry in the queue. An assessor grades all its links together, or
those of one kind; a single link enters the queue only if an assessor decides so."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from commands.erasure import erasure
from commands.information import observation
from commands.intelligence import intelligence_report
from domain.intelligence.entity import PersonRecorded
from domain.kernel.values import Grade, Handling, LinkKind, Refused
from ingest.importing.load import import_files
from ingest.importing.read_and_record import ImportProgress
from installation.system import System
from projections.information import queue
from projections.information.queue import QueueItem
from projections.intelligence import links as links_view
from projections.intelligence.links import LinkFilter
from tests.ingest.conftest import as_csv, opened

HEAD = ("source", "target", "link")
ROWS = (
    ("Baz", "Kaz", "associate"),
    ("Baz", "Naz", "associate"),
    ("Baz", "Kaz", "family"),
    ("Baz", "Kaz", "family"),
)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def system(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[System]:
    url = request.getfixturevalue("copy_url") if request.param == "postgres" else None
    made = opened(tmp_path / "store", url, "importer")
    yield made
    made.close()


def bring_in(system: System, path: Path, *rows: tuple[str, str, str]) -> list[str]:
    """Import these links from a file at this path; return the notes in the report of the import."""
    report = import_files(
        *(system.desk, system.reader, [as_csv(path, HEAD, *(rows or ROWS))]),
        originals=system.originals,
        now=system.clock(),
    )
    assert report.rejections == 0
    return report.files[0].notes


def waiting(system: System) -> list[QueueItem]:
    with system.desk.deciding() as db:
        return queue.queue(db, system.reader, system.clock(), queue.Clocks())


def graded(system: System) -> list[tuple[LinkKind, str]]:
    with system.desk.deciding() as db:
        rows = links_view.links(db, system.reader, LinkFilter(min_rank=None))
    return sorted((row.kind, row.grade or "") for row in rows)


def single_rows(system: System) -> list[queue.QueueRow]:
    (file,) = waiting(system)
    with system.desk.deciding() as db:
        return queue.of(db, system.reader, queue.rows_of_file(db, file.id))


def assess(system: System, item: QueueItem, *kinds: LinkKind) -> None:
    intelligence_report.assess(
        *(system.desk, system.reader, item.id, Grade("C", "2"), Handling("P")), kinds=kinds
    )


def test_a_file_is_one_entry_with_names_in_its_words(system: System, tmp_path: Path) -> None:
    notes = bring_in(system, tmp_path / "net.csv")
    (item,) = waiting(system)
    assert item.words == (
        "Imported file 'net.csv', data set 'default': 4 ungraded links (associate 2, family 2). "
        "They name Baz, Kaz, Naz."
    )
    assert "one entry in the queue" in notes[-1]
    bring_in(system, tmp_path / "net.csv")
    assert waiting(system) == [item], "the same file again changes nothing"
    with system.desk.deciding() as db:
        assert queue.tally(db, system.reader, system.clock(), queue.Clocks()).waiting == 1


def test_a_file_is_graded_as_a_whole(system: System, tmp_path: Path) -> None:
    bring_in(system, tmp_path / "net.csv")
    (item,) = waiting(system)
    assess(system, item)
    assert graded(system) == 2 * [("associate", "2C")] + 2 * [("family", "2C")]
    assert waiting(system) == []


def test_a_file_is_graded_by_kind_and_the_rest_stays_information(
    system: System, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("commands.intelligence.link_grades.BATCH", 1)
    bring_in(system, tmp_path / "net.csv")
    (item,) = waiting(system)
    assess(system, item, "family")
    assert graded(system) == 2 * [("associate", "")] + 2 * [("family", "2C")]
    assert waiting(system) == []


def test_a_file_is_left_as_information(system: System, tmp_path: Path) -> None:
    bring_in(system, tmp_path / "net.csv")
    (item,) = waiting(system)
    observation.triage(system.desk, system.reader, item.id, "no-value", "a study", looked=True)
    assert waiting(system) == []
    assert {grade for _, grade in graded(system)} == {""}


def test_a_single_row_waits_once_an_assessor_says_so(system: System, tmp_path: Path) -> None:
    bring_in(system, tmp_path / "net.csv")
    one, *_ = single_rows(system)
    observation.take(system.desk, system.reader, one.observation)
    assert len(waiting(system)) == 1, "somebody looks at it: it does not wait"
    observation.triage(system.desk, system.reader, one.observation, "assess", "he is a suspect")
    file, row = sorted(waiting(system), key=lambda item: item.told)
    assert row.id == one.observation
    assert row.told > one.told, "its time runs from then"
    assess(system, row)
    assert [grade for _, grade in graded(system) if grade] == ["2C"]
    assess(system, file)
    assert {grade for _, grade in graded(system)} == {"2C"}


def test_kinds_are_only_of_a_network(system: System, tmp_path: Path) -> None:
    bring_in(system, tmp_path / "net.csv")
    one, *_ = single_rows(system)
    with pytest.raises(Refused, match="is not an imported network"):
        intelligence_report.assess(
            *(system.desk, system.reader, one.observation, Grade("C", "2"), Handling("P")),
            kinds=("family",),
        )


def test_an_interrupted_import_has_its_entry_from_the_first_rows_on(
    system: System, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.importing.read_and_record.BATCH", 2)
    path = as_csv(tmp_path / "net.csv", HEAD, *ROWS)

    def stop(progress: ImportProgress) -> None:
        if progress.done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_files(
            *(system.desk, system.reader, [path]),
            originals=system.originals,
            now=system.clock(),
            on_progress=stop,
        )
    (item,) = waiting(system)
    assert "4 ungraded links" in item.words
    assert len(single_rows(system)) == 2
    bring_in(system, path)
    assert waiting(system) == [item]
    assert len(single_rows(system)) == 4


def test_an_erasure_of_a_person_reaches_the_entry_that_names_them(
    system: System, tmp_path: Path
) -> None:
    bring_in(system, tmp_path / "net.csv")
    (item,) = waiting(system)
    people = [
        fact.stream
        for fact in system.logs["evidence"].read(0, 1000)
        if isinstance(fact.event, PersonRecorded) and fact.event.name == "Baz"
    ]
    plan = erasure.plan(system.desk, system.reader, people)
    assert item.id in {text.id for text in plan.needed}


def test_graded_rows_need_no_entry(system: System, tmp_path: Path) -> None:
    path = as_csv(tmp_path / "g.csv", (*HEAD, "information", "source_grade"), (*ROWS[0], "B", "2"))
    import_files(
        *(system.desk, system.reader, [path]), originals=system.originals, now=system.clock()
    )
    assert waiting(system) == []
