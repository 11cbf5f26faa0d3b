"""Two processes can rebuild the views together. If one of them is killed at any point, no fact is
lost, and the result equals views that were updated step by step."""

from functools import partial
from multiprocessing import get_context
from pathlib import Path

import psutil
import pytest

from commands.information import observation
from commands.intelligence import links
from commands.kernel import entity
from installation import second_maker
from projections import all_views
from projections.generations import making
from projections.kernel import runner
from tests.commands.conftest import either
from tests.commands.office import Office
from tests.fuzz import TIMES
from tests.processes import gone, until
from tests.support.faults.making import FEW, Death, Dying, Point, first

__all__ = ["either"]

#: More batches than any process commits.
NEVER = 1_000
EVERY: list[tuple[Point, int]] = [
    ("locked", 1),
    ("committed", 2),
    ("begin", 0),
    ("locked", 0),
    ("committed", 1),
]
#: The points at which processes are killed: two points, or all of them with `make changed`.
POINTS = EVERY[:2] if TIMES == 1 else EVERY


@pytest.fixture
def office(either: Office) -> Office:
    """Return a store with several batches of facts and with views that are up to date."""
    desk, reader = either.desk, either.reader
    for number in range(12):
        man = entity.record_person(desk, reader, name=f"Baz Storvin {number}")
        said = observation.record(desk, reader, words=f"Baz {number} drives a Corsa")
        links.assert_link(desk, reader, said.id, str(man.id), "vehicle:PK95ABC", "uses")
    either.system.keep_up()
    assert either.system.logs["evidence"].last() > 2 * FEW
    return either


@pytest.fixture(autouse=True)
def _two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_maker, "processors", lambda: 2)


def rebuilt_beside(office: Office, death: Death, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rebuild the views together with a second process that dies in this way."""
    monkeypatch.setattr(making, "LARGE", 1)
    monkeypatch.setattr(making, "_STRIDE", FEW)
    monkeypatch.setattr(second_maker, "_make", Dying(death))
    views = office.system.views
    views.helper = partial(second_maker.helping, office.system)
    before = views._places.current()
    views.rebuild()
    assert views._places.current() != before


def committed(file: Path) -> int:
    """Return how many batches a process had committed when it ended."""
    return int(file.read_text("ascii").split()[1])


@pytest.mark.usually_on("sqlite", "postgres")
def test_two_processes_make_what_one_keeps_up_to_date(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rebuilt_beside(office, Death(tmp_path / "second", "begin", NEVER), monkeypatch)
    assert committed(tmp_path / "second") > 2
    assert office.system.views.compare() == []


@pytest.mark.usually_on("sqlite")
@pytest.mark.parametrize(("point", "batch"), POINTS)
def test_the_first_process_makes_what_a_killed_second_one_has_not_made(
    point: Point, batch: int, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "second"
    rebuilt_beside(office, Death(file, point, batch), monkeypatch)
    assert committed(file) == batch
    assert office.system.views.compare() == []


@pytest.mark.usually_on("sqlite")
@pytest.mark.parametrize(("point", "batch"), POINTS)
def test_after_the_first_process_is_killed_the_second_ends_and_the_old_views_stay(
    point: Point, batch: int, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, others = tmp_path / "first", tmp_path / "second"
    views = office.system.views
    before = views._places.current()
    deaths = Death(own, point, batch), Death(others, "begin", NEVER)
    process = get_context("spawn").Process(target=first, args=(office.settings, *deaths))
    process.start()
    process.join()
    assert process.exitcode == -9
    assert committed(own) == batch
    if others.exists():
        number = int(others.read_text("ascii").split()[0])
        if psutil.pid_exists(number):
            until(partial(gone, psutil.Process(number)), "the second process goes on alone")
    assert views._places.current() == before
    assert views.compare() == []
    monkeypatch.undo()
    views.rebuild()
    assert views._places.current() != before
    assert views.compare() == []


@pytest.mark.usually_on("sqlite")
def test_a_second_process_stops_when_it_is_alone(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "_STRIDE", FEW)
    looks: list[bool] = []

    def alone() -> bool:
        looks.append(len(looks) == 1)
        return looks[-1]

    places = office.system.views._places
    with places.making():
        number = places.begin()
        engine = places.unfinished(number)
        runner.create(engine, all_views.VIEWS)
        making.let_go(engine)
        office.system.views.help_make(number, ["reach"], alone)
    assert looks == [False, True]


@pytest.mark.usually_on("sqlite")
def test_one_processor_makes_all_views_alone(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(second_maker, "processors", lambda: 1)
    with second_maker.helping(office.system, 1, all_views.VIEWS) as own:
        assert own == all_views.VIEWS


def test_the_halves_are_all_views() -> None:
    one, other = all_views.halves(all_views.VIEWS)
    assert sorted(view.name for view in (*one, *other)) == [view.name for view in all_views.VIEWS]
    assert min(len(one), len(other)) > len(all_views.VIEWS) // 3
