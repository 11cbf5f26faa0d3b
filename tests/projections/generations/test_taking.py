"""An erasure removes its items from the current views in one transaction, and does not delay new
records.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from uuid import UUID

import pytest
import sqlalchemy as sa

from access.database import reading, schema_of, writing
from commands.erasure import erasure
from commands.information import observation
from commands.kernel.unit_of_work import LostRace, save_alone
from domain.intelligence.entity import ThingRecorded
from installation.opening import read_erased
from installation.system import System
from projections import upkeep
from projections.all_views import VIEWS, knowledge
from projections.generations import current, removing, taking
from projections.information import queue
from projections.information.queue import QueueRow
from projections.intelligence import computed
from projections.kernel import runner, shown, trail
from projections.kernel.database import Db, Engine
from projections.kernel.schema import View
from projections.search.index import PartRow, TrigramRow
from tests.commands.conftest import either
from tests.commands.office import Office
from tests.support.projections.generations import another, forget, number, rows_of, waiting
from tests.support.projections.taking import Broken, Stopped, approved, broken_off

__all__ = ["either"]


def rows_as_text(system: System, views: Sequence[View] = VIEWS) -> str:
    with reading(system.views.engine) as db:
        return " ".join(str(row) for view in views for row in rows_of(db, view))


def test_where_nothing_is_found_no_writer_is_waited_for(either: Office) -> None:
    one = either.system
    item, stays = either.words("Fluxmarrow waits"), either.words("a red van")
    assert waiting(one, either) == {item, stays}
    taking.strike(one.views.engine, VIEWS, {item})
    assert "Fluxmarrow" not in rows_as_text(one)
    begun: list[bool] = []

    def begins(db: sa.Connection) -> None:
        begun.append(bool(db.get_execution_options().get("writing")))

    sa.event.listen(one.views.engine, "begin", begins)
    taking.strike(one.views.engine, VIEWS, {item})
    sa.event.remove(one.views.engine, "begin", begins)
    assert not any(begun)
    with reading(one.views.engine) as db:
        assert {row.observation for row in db.execute(sa.select(QueueRow.table))} == {stays}


@pytest.mark.usually_on("sqlite")
def test_a_question_that_waits_for_no_view_shows_nothing_erased(either: Office) -> None:
    item, stays = either.words("Fluxmarrow waits"), either.words("a red van")
    other = another(either)
    assert waiting(other, either) == {item, stays}
    approved(either, item)
    with other.views.asking(knowledge(), 0) as (db, _):
        assert {row.observation for row in db.execute(sa.select(QueueRow.table))} == {stays}
    other.close()


@pytest.mark.usually_on("sqlite")
def test_a_name_goes_out_of_what_tells_who_looked_as_well(either: Office) -> None:
    """An erased name also disappears from the tables of the access log, although these are updated
    only when a user queries them."""
    item, other = either.person("Zoqua Fluxmarrow"), another(either)
    other.views.keep_up(VIEWS)
    assert "fluxmarrow" in rows_as_text(other, [shown.VIEW])
    approved(either, item)
    with other.views.asking(knowledge(), 0):
        assert rows_as_text(other, [shown.VIEW]) == ""
    other.close()


def test_no_three_letters_of_an_erased_name_stay(either: Office) -> None:
    """No trigram (sequence of three letters) of an erased name remains in the search index. (The
    index stores no ids, so such trigrams once remained until the next rebuild.)"""
    item = either.person("Zoqua Fluxmarrow")
    either.person("Zoqua Blank")
    other = another(either)
    other.views.keep_up(VIEWS)

    def words() -> set[str]:
        with reading(other.views.engine) as db:
            return set(db.scalars(sa.select(TrigramRow.table.c.word)))

    assert {"fluxmarrow", "zoqua", "blank"} <= words()
    approved(either, item)
    with other.views.asking(knowledge(), 0):
        pass
    assert "fluxmarrow" not in words()
    assert {"zoqua", "blank"} <= words()
    other.close()


def test_no_part_of_an_erased_number_stays(either: Office) -> None:
    """No part of an erased plate or number remains in the search index. Parts are stored without
    ids, and are removed with the event that mentions the number."""
    desk, reader = either.desk, either.reader
    phone = ThingRecorded("phone", "07700 900654", "+447700900654")
    car = ThingRecorded("vehicle", "PK95 ABC", "PK95ABC")
    item, stays = desk.new_id(), desk.new_id()
    for stream, event in ((item, phone), (stays, car)):
        save_alone(desk, reader, "evidence", stream, event, desk.new_id())
    other = another(either)
    other.views.keep_up(VIEWS)

    def parts() -> set[str]:
        with reading(other.views.engine) as db:
            return set(db.scalars(sa.select(PartRow.table.c.part)))

    before = parts()
    assert {"#654", "95A"} <= before
    approved(either, item)
    with other.views.asking(knowledge(), 0):
        pass
    assert parts() == before - {"#654"}
    other.close()


def searched_views(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that gets the name of each view that is searched for an erased item, during the
    test.
    """
    looked: list[str] = []
    within = taking.strike_within

    def told(db: Db, views: Sequence[View], items: Collection[UUID]) -> None:
        looked.extend(view.name for view in views)
        within(db, views, items)

    monkeypatch.setattr(taking, "strike_within", told)
    apart = taking.strike

    def struck(engine: Engine, views: Sequence[View], items: Collection[UUID]) -> None:
        looked.extend(view.name for view in views if items)
        apart(engine, views, items)

    monkeypatch.setattr(taking, "strike", struck)
    return looked


@pytest.mark.usually_on("sqlite")
def test_it_is_taken_out_before_the_approval_so_that_no_question_waits_after_it(
    either: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    item, stays, other = either.words("Fluxmarrow"), either.words("a red van"), another(either)
    # this process approves the erasure, and another process removes the items from the views
    approved(either, either.words("erased before"))
    assert waiting(other, either) == {item, stays}
    looked = searched_views(monkeypatch)
    made, _ = erasure.propose(either.desk, either.reader, [item], "part-3-s47")
    broken_off(either, made.id, Stopped(either.system.taking_out))
    assert waiting(other, either) == {stays}
    assert "Fluxmarrow" not in rows_as_text(other)
    assert set(looked) == {computed.VIEW.name}, "it is made from no log"
    other.close()


def test_what_names_it_meanwhile_goes_as_well(either: Office) -> None:
    """If another process records a new fact about an item while the item is being erased, the fact
    is removed from the views, too."""
    item, stays, other = either.words("Fluxmarrow"), either.words("a red van"), another(either)
    assert waiting(other, either) == {item, stays}
    made, _ = erasure.propose(either.desk, either.reader, [item], "part-3-s47")
    named = taking.names_an_item

    @contextmanager
    def meanwhile(items: Collection[UUID]) -> Iterator[None]:
        with either.system.taking_out(items):
            observation.take(other.desk, other.reader, item)
            late = either.words("Fluxmarrow again", because_of=[f"{item}:1"])
            with other.views._current.using() as now:
                other.views._catch_up(now, [queue.VIEW, trail.VIEW], other.logs)
            assert named(either.desk.logs["evidence"].history(late), [item])
            yield

    broken_off(either, made.id, Stopped(meanwhile))
    assert item not in waiting(other, either)
    assert str(item) not in rows_as_text(other).replace(item.hex, str(item))
    other.close()


@pytest.mark.usually_on("sqlite")
def test_who_looks_at_it_meanwhile_is_taken_out_as_well(either: Office) -> None:
    """If another process records that a user looked at an item while the item is being erased, this
    record of access is removed from the views, too."""
    item, other, tells = either.person("Zoqua Fluxmarrow"), another(either), set[str]()
    other.views.keep_up(VIEWS)
    made, _ = erasure.propose(either.desk, either.reader, [item], "part-3-s47")

    def naming() -> set[str]:
        return {v.name for v in VIEWS if re.search(f"{item}|{item.hex}", rows_as_text(other, [v]))}

    @contextmanager
    def meanwhile(items: Collection[UUID]) -> Iterator[None]:
        with either.system.taking_out(items):
            assert naming() == set()
            other.consulted("show", [item])
            other.views.keep_up(VIEWS)
            tells.update(naming())
            yield

    broken_off(either, made.id, Stopped(meanwhile))
    assert tells == {"consultations", "shown"}
    assert naming() == set()
    other.close()


@pytest.mark.usually_on("sqlite")
def test_what_is_approved_right_behind_it_goes_as_well(
    either: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    # with this setting, the other approval removes its items only after this second approval
    monkeypatch.setattr(removing, "ALONE", 0.2)
    one, two, other = either.person("Fluxmarrow"), either.person("Quillfeather"), another(either)
    other.consulted("show", [one, two])
    other.views.keep_up(VIEWS)
    made, _ = erasure.propose(either.desk, either.reader, [one], "part-3-s47")

    @contextmanager
    def behind(items: Collection[UUID]) -> Iterator[None]:
        with either.system.taking_out(items):
            yield
            approved(either, two)

    broken_off(either, made.id, Stopped(behind))
    assert not re.search(f"{one}|{one.hex}|{two}|{two.hex}", rows_as_text(other))
    assert not re.search("fluxmarrow|quillfeather", rows_as_text(other, [shown.VIEW]))
    other.close()


@pytest.mark.usually_on("sqlite")
def test_an_approval_that_fails_then_leaves_views_that_are_made_again(
    either: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    item, stays, other = either.words("Fluxmarrow"), either.words("a red van"), another(either)
    assert waiting(other, either) == {item, stays}
    with pytest.raises(Broken), either.system.taking_out([item]):
        raise Broken
    assert either.system.views.outdated
    either.system.views.create()
    assert waiting(either.system, either) == {item, stays}
    other.close()


@pytest.mark.usually_on("sqlite")
def test_an_approval_that_comes_after_another_one_takes_nothing_out_before(
    either: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If another erasure is approved while an approval waits for its turn, the waiting approval is
    refused, and removes nothing from the views."""
    item, stays, other = either.words("Fluxmarrow"), either.words("a red van"), another(either)
    assert waiting(other, either) == {item, stays}
    made, _ = erasure.propose(either.desk, either.reader, [item], "part-3-s47")
    first, _ = erasure.propose(other.desk, other.reader, [stays], "part-3-s47")
    alone, second = either.system.views._places.taking, either.somebody("di.okoro")

    @contextmanager
    def waited(seconds: float) -> Iterator[None]:
        with pytest.raises(Broken):
            erasure.approve(other.desk, second, first.id, Stopped())  # type: ignore[arg-type]
        with alone(seconds):
            yield

    monkeypatch.setattr(either.system.views._places, "taking", waited)
    with pytest.raises(LostRace):
        erasure.approve(either.desk, second, made.id, Stopped(either.system.taking_out))  # type: ignore[arg-type]
    assert waiting(other, either) == {item}
    other.close()


def test_one_process_takes_it_out_and_the_others_wait_for_that_one(
    either: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    item, stays = either.words("Fluxmarrow waits"), either.words("a red van")
    first, other = another(either), another(either)
    assert waiting(other, either) == {item, stays}
    approved(either, item)
    looked: list[str] = []
    within = taking.strike_within

    def told(db: Db, views: Sequence[View], items: Collection[UUID]) -> None:
        assert items == {item}
        looked.extend(view.name for view in views)
        within(db, views, items)

    monkeypatch.setattr(taking, "strike_within", told)

    @contextmanager
    def after(seconds: float) -> Iterator[None]:
        """A stand-in for the lock under which items are removed from the views. Another process
        removes the item just before this process gets the lock."""
        assert waiting(first, either) == {stays}
        assert sorted(looked) == sorted({*looked, "queue", "search"})
        yield

    monkeypatch.setattr(other.views._places, "taking", after)
    assert waiting(other, either) == {stays}
    assert len(looked) == len(set(looked)), "each view is looked through once"
    first.close()
    other.close()


def test_one_that_hangs_while_it_takes_it_out_is_not_waited_for_long(
    either: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    item, stays = either.words("Fluxmarrow waits"), either.words("a red van")
    hangs, other = another(either), another(either)
    assert waiting(other, either) == {item, stays}
    approved(either, item)
    monkeypatch.setattr(removing, "ALONE", 0.1)
    with hangs.views._places.taking(0):
        assert waiting(other, either) == {stays}
    assert "Fluxmarrow" not in rows_as_text(other)
    hangs.close()
    other.close()


@pytest.mark.usually_on("sqlite")
def test_what_lags_far_behind_is_not_waited_for(
    either: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    item, stays = either.words("Fluxmarrow waits"), either.words("a red van")
    one = either.system
    assert waiting(one, either) == {item, stays}
    monkeypatch.setattr(removing, "NEAR", 0)
    approved(either, item)
    with one.views._current.using() as now, reading(now.engine) as db:
        before = runner.positions(db)
    one.views._removal.from_followed(now)
    with reading(one.views.engine) as db:
        assert runner.positions(db) == before
    assert "Fluxmarrow" not in rows_as_text(one)
    assert waiting(one, either) == {stays}


@pytest.mark.usually_on("sqlite")
def test_a_view_goes_past_an_approval_only_without_what_is_gone(either: Office) -> None:
    """If another process has written a row about an erased item after the views were searched, a
    view removes this row before it reads past the approval."""
    one = either.system
    item, stays = either.words("Fluxmarrow waits"), either.words("a red van")
    one.keep_up()
    with reading(one.views.engine) as db:
        late = [dict(row._mapping) for row in db.execute(sa.select(QueueRow.table))]
    approved(either, item)
    known = read_erased(one.logs["evidence"])
    taking.strike(one.views.engine, VIEWS, known.streams)
    with writing(one.views.engine) as db:
        db.execute(sa.insert(QueueRow.table), [row for row in late if row["observation"] == item])
    views = [view for view in knowledge() if view.logs == ("evidence",)]
    runner.catch_up(one.views.engine, views, one.logs, gone=known, strike=taking.strike_within)
    with reading(one.views.engine) as db:
        assert {row.observation for row in db.execute(sa.select(QueueRow.table))} == {stays}


def test_views_of_an_earlier_release_lose_it_as_well(either: Office) -> None:
    """An erased item is also removed from views that an earlier release made, even if a table of
    these views lacks a column.
    """
    one = either.system
    item, stays = either.words("Fluxmarrow waits"), either.words("a red van")
    one.keep_up()
    with writing(one.views.engine) as db:
        queue = f"{schema_of(db)}.queue"
        db.exec_driver_sql(f"ALTER TABLE {queue} DROP COLUMN urgent_reason")
    forget(one, "queue")
    assert waiting(one, either) == {item, stays}
    with one.views._current.using() as now:
        assert now.follows is not now.engine
    approved(either, item)
    assert waiting(one, either) == {stays}
    with reading(one.views.engine) as db:
        assert db.exec_driver_sql(f"SELECT count(*) FROM {queue}").scalar() == 1


def lacking_words(system: System, *gone_words: str) -> None:
    """Update only the view of the queue. Assert that the rows of the views contain none of the
    texts in `gone_words`."""
    with system.views._current.using() as now:
        system.views._catch_up(now, [queue.VIEW], system.logs)
    assert not any(word in rows_as_text(system) for word in gone_words)


@pytest.mark.usually_on("sqlite")
def test_an_erasure_that_is_approved_while_another_is_taken_out(
    either: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = either.words("Fluxmarrow waits"), either.words("Grimhollow waits")
    stays, other = either.words("a red van"), another(either)
    assert waiting(other, either) == {first, second, stays}
    approved(either, first)
    taking_alone, left = other.views._places.taking, [second]

    @contextmanager
    def meanwhile(seconds: float) -> Iterator[None]:
        while left:
            approved(either, left.pop())
        with taking_alone(seconds):
            yield

    monkeypatch.setattr(other.views._places, "taking", meanwhile)
    assert waiting(other, either) == {stays}
    lacking_words(other, "Fluxmarrow", "Grimhollow")
    other.close()


@pytest.mark.usually_on("sqlite")
def test_of_two_erasures_both_are_taken_out_at_once(either: Office) -> None:
    first, second = either.words("Fluxmarrow waits"), either.words("Grimhollow waits")
    other = another(either)
    assert waiting(other, either) == {first, second}
    approved(either, first)
    approved(either, second)
    lacking_words(other, "Fluxmarrow", "Grimhollow")
    other.close()


@pytest.mark.usually_on("sqlite")
def test_a_process_that_begins_after_an_approval_takes_it_out_as_well(either: Office) -> None:
    item = either.words("Fluxmarrow waits")
    assert waiting(either.system, either) == {item}
    approved(either, item)
    late = another(either)
    lacking_words(late, "Fluxmarrow")
    late.close()


@dataclass
class Beside:
    """A stand-in for the process that rebuilds the views while a server runs. `begun` counts how
    often this process would have been started."""

    views: upkeep.Upkeep
    begun: list[None] = field(default_factory=list)

    def __call__(self) -> None:
        """Count the call and start no process: the tests make each generation themselves."""
        self.begun.append(None)

    def make(self) -> None:
        self.views.make()


def test_a_generation_that_was_read_before_an_approval_is_made_again(
    either: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If an erasure was approved after a new generation of the views was read from the log, the
    generation is read again before it becomes the current one."""
    item, one = either.words("Fluxmarrow waits"), either.system
    other, third = another(either), another(either)
    assert waiting(one, either) == {item}
    point = other.views._places.point

    def late(made: int) -> None:
        approved(either, item)
        point(made)

    monkeypatch.setattr(other.views._places, "point", late)
    other.views.rebuild()
    shown = number(third)
    one.views.beside = Beside(third.views)
    one.views.renew()
    assert number(third) == shown + 1
    other.close()
    third.close()


@pytest.mark.usually_on("sqlite")
def test_a_generation_that_copied_what_lost_rows_is_begun_again(
    either: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If an erasure removes rows from the current generation of the views while a new generation is
    being copied from it, the copy starts again. This holds even if the erasure then fails."""
    item, stays = either.words("Fluxmarrow"), either.words("a red van")
    one, maker = either.system, another(either)
    assert waiting(one, either) == {item, stays}
    forget(one, "trail")
    copy, left = maker.views._places.copy, [item]

    def late(old: int, new: int, view: View) -> None:
        while left:
            with suppress(Broken), one.taking_out([left.pop()]):
                raise Broken
        copy(old, new, view)

    monkeypatch.setattr(maker.views._places, "copy", late)
    maker.views.make()
    assert waiting(maker, either) == {item, stays}
    maker.close()


@pytest.mark.usually_on("sqlite")
def test_a_server_has_made_again_what_a_process_took_out_that_ended(
    either: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    item, server = either.words("Fluxmarrow"), another(either)
    server.views.beside = beside = Beside(server.views)
    monkeypatch.setattr(current, "AGAIN", float("inf"))
    assert waiting(server, either) == {item}
    with pytest.raises(Broken), either.system.taking_out([item]):
        raise Broken
    assert waiting(server, either) == set()
    assert not beside.begun, "it looks for that every few seconds"
    monkeypatch.setattr(current, "AGAIN", 0)
    waiting(server, either)
    assert len(beside.begun) == 1
    server.views.make()
    assert waiting(server, either) == {item}
    waiting(server, either)
    assert len(beside.begun) == 1
    server.close()
