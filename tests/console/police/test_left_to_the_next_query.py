"""If no process updates the views, the first query after a log entry updates them."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import cli
from access.database import reading
from console.engine.session import OpenStore
from projections.kernel import runner
from projections.upkeep import FEW


class OpenedStore:
    """A synthetic store that stays open while several commands run."""

    def __init__(self, place: Path) -> None:
        self.open = OpenStore()
        self.options = ("--store", str(place), "--clock", "2011-03-20T21:00Z")
        self("init", "--synthetic")

    def __call__(self, *words: str, text: str = "") -> str:
        code, out, error = cli.captured([*self.options, *words], text, self.open)
        assert code == 0, error
        return out

    def record(self) -> str:
        said = self("record", "--json", text="She was at the arcade again.")
        return str(json.loads(said)["id"])

    def lacking(self) -> int:
        """Return how many new facts the table of the queue does not contain yet."""
        assert self.open.system
        with reading(self.open.system.views.engine) as db:
            read = runner.positions(db).get(("queue", "evidence"), 0)
        return self.open.system.logs["evidence"].last() - read


@pytest.fixture
def store(tmp_path: Path) -> Iterator[OpenedStore]:
    opened = OpenedStore(tmp_path / "store")
    yield opened
    opened.open.close()


def test_a_few_entries_wait_for_the_next_query_and_many_do_not(store: OpenedStore) -> None:
    store("queue")
    item, few = store.record(), store.lacking()
    assert 0 < few <= FEW
    assert item in store("queue", "--json")
    assert store.lacking() == 0
    lacked = [(store.record(), store.lacking())[1] for _ in range(FEW // few + 2)]
    assert max(lacked) <= FEW
    assert 0 in lacked


def test_the_receipt_names_who_is_on_call_at_this_moment(store: OpenedStore) -> None:
    store.record()
    duty = ("--phone", "07700900123", "--from", "2011-03-19", "--until", "2011-03-21")
    store("rota", "add", "insp.moss", *duty)
    assert "insp.moss" in store("record", text="She was at the arcade again.")


def test_a_fact_from_which_an_alert_may_follow_is_read_at_once(store: OpenedStore) -> None:
    store.record()
    store("refer", "--child", "Ann Ash")
    assert store.lacking() == 0
