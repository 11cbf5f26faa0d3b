"""A command that is sent twice, in another order, or again after its answer was lost is recorded
once.
"""

from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.information import observation, source
from domain.kernel.envelope import CommandReused, LogUnavailable
from domain.people_and_teams.store_admin import STORE
from tests.commands.conftest import either, office
from tests.commands.office import Office
from tests.fuzz import SHARED

__all__ = ["either", "office"]

COMMANDS = range(6)


def send(office: Office, number: int, words: str = "") -> tuple[UUID, str]:
    """Record a log entry with a command id that belongs to `number`. Each later call with this
    number repeats the command, as a client does that got no answer. Return the id and the reference
    in the receipt.
    """
    receipt = observation.record(
        office.desk,
        office.reader,
        words=words or f"{number}: a silver Corsa",
        heard_from=f"parent {number % 2}",
        command_id=uuid5(STORE, str(number)),
    )
    return receipt.id, receipt.ref


def counts(office: Office) -> dict[str, int]:
    return {name: log.last() for name, log in office.system.logs.items() if name != "access"}


@settings(
    max_examples=10,
    suppress_health_check=SHARED,
)
@given(st.lists(st.sampled_from(COMMANDS), min_size=1, max_size=15))
def test_in_any_order_and_however_often(office: Office, order: list[int]) -> None:
    answers: dict[int, Any] = {}
    for number in [*order, *reversed(order)]:
        assert answers.setdefault(number, send(office, number)) == send(office, number)
    before = counts(office)
    for number in set(order):
        with pytest.raises(CommandReused):
            send(office, number, words="another body")
    assert counts(office) == before
    told = [fact for fact in office.facts() if fact.event.stored.name == "observation.recorded"]
    assert len(told) == len({fact.command_id for fact in told})


@pytest.mark.parametrize("log", ["sources", "evidence"])
def test_an_answer_lost_after_commit(
    either: Office, monkeypatch: pytest.MonkeyPatch, log: Any
) -> None:
    """If the connection breaks after the log entry is stored, a client that sends the entry again
    gets the answer that was lost.
    """
    recorder = either.system.logs[log].recorder
    insert: Any = recorder.insert_batch  # type: ignore[attr-defined]

    def insert_and_break(batch: object) -> None:
        insert(batch)
        raise LogUnavailable("the connection broke after commit")

    monkeypatch.setattr(recorder, "insert_batch", insert_and_break)
    try:
        send(either, 1)
    except LogUnavailable:
        # a log entry is recorded even if the source register does not answer
        assert log == "evidence"
    monkeypatch.undo()
    first = send(either, 1)
    source.transfer_held(either.desk, either.reader)
    before = counts(either)
    assert send(either, 1) == first
    assert counts(either) == before
    facts = [
        fact for fact in either.facts("sources") if fact.event.stored.name == "source.entry_made"
    ]
    assert len(facts) <= 1
    assert either.system.views.compare() == []
