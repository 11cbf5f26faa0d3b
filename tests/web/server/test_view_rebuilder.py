"""A separate process builds new generations of the views while the server runs."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from commands.erasure import erasure
from domain.data_protection.erasure import ErasureCertified
from projections.generations import making
from projections.information import queue
from projections.intelligence import people
from tests.commands.office import Office, opened
from tests.support.projections.generations import forget
from web.server.view_rebuilder import ViewRebuilder


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """Serve a store, a day after it was made; another process rebuilds its views."""
    url = request.getfixturevalue("named_database")() if request.param == "postgres" else None
    office = opened(tmp_path / "store", url)
    office.later(24)
    office.system.views.beside = ViewRebuilder(office.settings, office.system.synthetic)
    yield office
    office.system.close()


@pytest.fixture
def made_here(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that grows by one element for each generation of the views that this process
    builds. It stays empty if another process builds them."""
    made: list[int] = []
    make: Callable[..., bool] = making.make

    def counted(*told: Any, **more: Any) -> bool:
        made.append(1)
        return make(*told, **more)

    monkeypatch.setattr(making, "make", counted)
    return made


@pytest.mark.usually_on("sqlite")
def test_the_clock_of_a_story_has_gone_on(served: Office, made_here: list[int]) -> None:
    item = served.words()
    served.system.keep_up()
    forget(served.system, "queue", "search")
    views = served.again().system.views
    assert views.outdated
    ViewRebuilder(served.settings, served.system.synthetic).make()
    views._current.let_go()
    assert (views.outdated, made_here) == (False, [])
    with served.system.reading() as db:
        assert queue.get(db, served.reader, item)


def test_an_erasure_makes_its_generation_beside(served: Office, made_here: list[int]) -> None:
    """After an erasure, another process builds the new views, so that serving processes are not
    delayed."""
    baz, other = served.person("Baz"), served.person("Nat Corey")
    one, _ = erasure.propose(served.desk, served.reader, [baz], "part-3-s47", [])
    erasure.approve(served.desk, served.somebody("di.okoro"), one.id, served.system)
    assert len(served.events(ErasureCertified)) == 1
    assert made_here == []
    with served.system.reading() as db:
        assert set(people.entities(db, served.reader)) == {other}
    assert served.system.views.compare() == []
