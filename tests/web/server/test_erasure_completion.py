"""A server answers an approval when the keys are destroyed, and completes the erasure later."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from access.database import reading
from commands.erasure import erasure
from domain.data_protection.erasure import ErasureApproved, ErasureCertified, KeysDestroyed
from projections.all_views import VIEWS
from projections.generations import making
from projections.intelligence import people
from tests.commands.office import Office, opened
from tests.processes import until
from tests.support.projections.generations import another, rows_of
from web.server.erasure_completion import complete, complete_erasures

SECOND = "di.okoro"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """Yield a store without a server; the tests call the server's background task themselves."""
    url = request.getfixturevalue("named_database")() if request.param == "postgres" else None
    office = opened(tmp_path / "store", url)
    yield office
    office.system.close()


def approved(office: Office, *items: UUID) -> erasure.Progress:
    """Return the progress of an erasure of these items directly after its approval."""
    one, _ = erasure.propose(office.desk, office.reader, list(items), "part-3-s47")
    office.system.complete_later = lambda: None
    return erasure.approve(office.desk, office.somebody(SECOND), one.id, office.system)


def in_views(office: Office, text: str) -> list[str]:
    """Return the rows of all views that contain a text."""
    with reading(office.system.views.engine) as db:
        rows = [str(tuple(row)) for view in VIEWS for row in rows_of(db, view)]
    return [row for row in rows if text in row]


def on_disk(office: Office, text: str) -> list[str]:
    """Return the names of the files of the store in which the bytes of a text are."""
    files = [path for path in office.system.home.rglob("views*") if path.is_file()]
    return [path.name for path in files if text.encode() in path.read_bytes()]


def test_an_approval_is_answered_before_the_views_are_made_again(
    served: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Directly after the approval no page shows the erased item; the certificate follows."""
    gone, stays = served.person("Fluxmarrow Quibb"), served.person("Nat Corey")
    served.system.keep_up()
    assert in_views(served, "Fluxmarrow")
    made: list[int] = []
    make: Callable[..., bool] = making.make

    def counted(*given: Any, **more: Any) -> bool:
        made.append(1)
        return make(*given, **more)

    monkeypatch.setattr(making, "make", counted)
    done = approved(served, gone)
    assert (made, done.state, done.certificate) == ([], "approved", None)
    assert served.events(KeysDestroyed)
    assert done.cleared == served.facts()[-2].recorded
    assert erasure.cleared(served.desk) == erasure.unfinished(served.desk) == [done.id]
    assert in_views(served, "Fluxmarrow") == []
    with served.system.reading() as db:
        assert set(people.entities(db, served.reader)) == {stays}
    assert complete(served.system)
    assert made == [1]
    last = served.facts()[-1]
    assert isinstance(last.event, ErasureCertified)
    assert (last.by, last.event.approved_by) == (SECOND, SECOND)
    assert erasure.progress(served.desk, done.id).state == "certified"
    assert erasure.cleared(served.desk) == []
    assert (served.system.views.compare(), on_disk(served, "Fluxmarrow")) == ([], [])


def test_a_second_erasure_in_between_is_completed_too(
    served: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If an erasure is approved while the views are rebuilt for an earlier erasure, the views are
    rebuilt once more, and only then is the later erasure certified.
    """
    first, second, stays = (
        served.person(name) for name in ("Ann Fluxmarrow", "Bo Fluxmarrow", "Nat")
    )
    one = approved(served, first)
    found: list[erasure.Progress] = []
    certified: list[list[bool]] = []
    renew = served.system.views.renew

    def renewed(*arguments: Any) -> None:
        if not found:
            found.append(approved(served, second))
        certified.append([bool(erasure.progress(served.desk, one.id).certificate)])
        renew(*arguments)

    monkeypatch.setattr(served.system.views, "renew", renewed)
    assert complete(served.system)
    assert certified == [[False], [True]]
    assert [fact.by for fact in served.facts() if isinstance(fact.event, ErasureCertified)] == [
        SECOND,
        SECOND,
    ]
    with served.system.reading() as db:
        assert set(people.entities(db, served.reader)) == {stays}
    assert served.system.views.compare() == []
    assert on_disk(served, "Fluxmarrow") == []


class Killed(Exception):
    """The exception with which a test ends a step, as if the process had been killed."""


@dataclass
class Dying:
    """A server that dies at the step `where` while it completes an erasure."""

    office: Office
    where: str
    steps: list[str] = field(default_factory=list)

    def at(self, here: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def done(*given: Any, **more: Any) -> Any:
            self.steps.append(here)
            if here == self.where:
                raise Killed
            return work(*given, **more)

        return done


@pytest.mark.parametrize("where", ["originals", "views", "certificate"])
def test_the_next_server_completes_what_a_killed_one_left(
    served: Office, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = served.person("Fluxmarrow Quibb")
    done = approved(served, gone)
    dying = Dying(served, where)
    views = served.system.views
    with monkeypatch.context() as patch:
        patch.setattr(erasure, "_originals", dying.at("originals", erasure._originals))
        patch.setattr(views, "renew", dying.at("views", views.renew))
        patch.setattr(erasure, "_certify", dying.at("certificate", erasure._certify))
        with pytest.raises(Killed):
            complete(served.system)
    assert dying.steps[-1] == where
    assert erasure.progress(served.desk, done.id).certificate is None
    served.again()
    assert in_views(served, "Fluxmarrow") == []
    complete_erasures(served.system, again=0.01)
    until(lambda: not erasure.unfinished(served.desk), "the erasure is not completed")
    assert len(served.events(ErasureCertified)) == 1
    assert served.system.views.compare() == []
    assert on_disk(served, "Fluxmarrow") == []


def test_an_approval_that_was_killed_before_its_end_waits_for_a_person(served: Office) -> None:
    """The background task destroys no keys. If an approved erasure was stopped before its keys were
    destroyed, it waits until a person continues it.
    """

    class Stopped:
        def __getattr__(self, name: str) -> Any:
            if name == "shred":
                raise Killed
            return getattr(served.system, name)

    one, _ = erasure.propose(served.desk, served.reader, [served.person("Baz")], "part-3-s47")
    with pytest.raises(Killed):
        erasure.approve(served.desk, served.somebody(SECOND), one.id, Stopped())
    assert complete(served.system)
    assert erasure.cleared(served.desk) == []
    assert served.events(ErasureApproved)
    assert served.events(ErasureCertified) == []
    assert erasure.unfinished(served.desk) == [one.id]


@pytest.mark.usually_on("sqlite", "postgres")
def test_two_servers_complete_an_erasure_once(served: Office) -> None:
    """Two servers complete an erasure only once. While one of them completes erasures, or a program
    reads the older views, a server leaves the erasure for a later attempt.
    """
    approved(served, served.person("Baz"))
    with served.system.views.renewing():
        assert not complete(served.system)
    assert served.events(ErasureCertified) == []
    assert complete(served.system)
    assert complete(served.system)
    assert len(served.events(ErasureCertified)) == 1


@pytest.mark.usually_on("sqlite", "postgres")
def test_while_a_program_reads_the_older_views_no_certificate_is_written(
    served: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.upkeep.LAST_READERS", 0.01)
    approved(served, served.person("Baz"))
    other = another(served)
    with other.reading():
        assert not complete(served.system)
    assert served.events(ErasureCertified) == []
    assert complete(served.system)
    assert len(served.events(ErasureCertified)) == 1
    other.close()
