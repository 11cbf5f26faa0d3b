"""A command that is sent twice is done once, even if commands are repeated in another order. Its
key (the header Idempotency-Key) is valid for this command only."""

import tempfile
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, rule

from installation.opening import UnavailableRegister
from tests.commands.office import opened
from tests.web.api.conftest import Program, client_of


@dataclass(frozen=True)
class Sent:
    """A command that a program sent, and the first answer to it."""

    path: str
    key: UUID
    given: dict[str, Any]
    status: int
    content: bytes
    item: str


class Calls(RuleBasedStateMachine):
    """A program on a bad connection, which sends commands again, in another order, and sometimes
    with a wrong key.
    """

    sent: Bundle[Sent] = Bundle("sent")

    def __init__(self) -> None:
        super().__init__()
        self.directory = tempfile.TemporaryDirectory()
        self.office = opened(Path(self.directory.name) / "store")
        self.program = Program(self.office, client_of(self.office))
        self.keys = (UUID(int=number, version=4) for number in count(1))

    def facts(self) -> int:
        return self.office.count()["evidence"]

    def send(self, path: str, given: dict[str, Any], item: str | None = None) -> Sent:
        key, before = next(self.keys), self.facts()
        answer = self.program.post(path, key, **given)
        assert answer.status_code in (201, 422), answer.text
        assert (self.facts() > before) == (answer.status_code == 201)
        return Sent(
            path, key, given, answer.status_code, answer.content, item or answer.json()["id"]
        )

    @rule(target=sent, words=st.sampled_from(["Baz was here", "a silver Corsa", "he rings her"]))
    def record(self, words: str) -> Sent:
        return self.send("/observations", {"words": words})

    @rule(target=sent, one=sent, outcome=st.sampled_from(["assess", "no-value", "more-needed"]))
    def decide(self, one: Sent, outcome: str) -> Sent:
        given = {"outcome": outcome, "reason": "as it is"}
        return self.send(f"/observations/{one.item}/triage", given, one.item)

    @rule(one=sent)
    def again(self, one: Sent) -> None:
        before = self.facts()
        answer = self.program.post(one.path, one.key, **one.given)
        if one.status == 201:
            assert (answer.status_code, answer.content) == (one.status, one.content)
            assert self.facts() == before

    @rule(one=sent)
    def with_another_body(self, one: Sent) -> None:
        if one.status != 201:
            return
        before, field = self.facts(), "words" if "words" in one.given else "reason"
        answer = self.program.post(one.path, one.key, **one.given | {field: "something else"})
        assert answer.status_code == 409
        assert self.facts() == before

    def teardown(self) -> None:
        self.office.system.close()
        self.directory.cleanup()


TestCalls = Calls.TestCase
TestCalls.settings = settings(
    max_examples=8,
    stateful_step_count=20,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def test_a_key_that_somebody_else_used_records_the_second_account_too(tmp_path: Path) -> None:
    """If two workers use the same key for a command, the second worker's entry is recorded, too.
    (Before, the second worker got the first worker's receipt, and the second entry was lost.)"""
    office = opened(tmp_path / "store")
    client = client_of(office)
    key, words = str(UUID(int=7, version=4)), {"words": "He waits at the arcade"}

    def told(name: str) -> str:
        headers = {"Idempotency-Key": key, "X-Continuum-User": name}
        answer = client.post("/api/v1/observations", json=words, headers=headers)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    first, second = told("psw.ellis"), told("psw.frost")
    assert first != second
    assert (told("psw.ellis"), told("psw.frost")) == (first, second)
    recorded = [fact.by for fact in office.facts() if fact.stream in {UUID(first), UUID(second)}]
    assert set(recorded) == {"psw.ellis", "psw.frost"}
    office.system.close()


def test_words_are_recorded_while_the_source_register_does_not_answer(tmp_path: Path) -> None:
    """An entry is recorded while the source register does not answer. The program looks for the
    entry's key only in the logs that answer."""
    office = opened(tmp_path / "store")
    client = client_of(office)
    sources = office.system.logs["sources"]
    office.system.logs["sources"] = UnavailableRegister("its server is gone")  # type: ignore[assignment]
    try:
        headers = {"Idempotency-Key": str(UUID(int=8, version=4)), "X-Continuum-User": "psw.ellis"}
        answer = client.post("/api/v1/observations", json={"words": "He is here"}, headers=headers)
        assert answer.status_code == 201, answer.text
    finally:
        office.system.logs["sources"] = sources
        office.system.close()
