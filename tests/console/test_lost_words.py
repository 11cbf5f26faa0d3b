"""`verify` reports text that became unreadable without an erasure by two people."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Store
from tests.console.conftest import Line
from tests.support.ledger.trouble import tamper

BY = ("--basis", "part-3-s47")
OF = "WHERE stream IN (SELECT originator_id FROM evidence_events WHERE seq = {seq})"


@pytest.fixture
def words(either: Line) -> Callable[[str], tuple[str, int]]:
    """Return a function that records an entry and returns the entry's id and the number of its
    event in the log.
    """

    def told(text: str) -> tuple[str, int]:
        receipt: Any = either("--json", "record", text=text).json
        return receipt["id"], receipt["receipt"]["seq"]

    return told


def run_sql(line: Line, statement: str) -> None:
    """Run an SQL statement directly on the database, without a command of the product."""
    url = line.store if "://" in line.store else None
    tamper(Store(Path(line.store), url), statement)


def audit_findings(line: Line, code: int = 4) -> list[tuple[str, int, str]]:
    said = line("--json", "verify", "--allow-unproven", "--log", "evidence")
    assert said.code == code, said
    told: Any = json.loads(said.out)
    assert (told["completeness"] == "broken") == bool(told["findings"])
    assert told["integrity"] != "broken"
    return [(one["what"], one["seq"], one["words"]) for one in told["findings"]]


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE evidence_keys SET wrapped = NULL, destroyed = 1 ", "no erasure in the log"),
        ("DELETE FROM evidence_keys ", "the key of its text is missing"),
    ],
)
def test_words_suppressed_behind_our_back(
    either: Line, words: Callable[[str], tuple[str, int]], statement: str, says: str
) -> None:
    words("another's words")
    _, seq = words("Baz waits by the arcade")
    run_sql(either, statement + OF.format(seq=seq))
    missing = audit_findings(either)
    assert missing
    assert seq in {one[1] for one in missing}
    assert all(what == "missing" and says in told for what, _, told in missing)


def test_words_that_two_people_erased_are_accounted_for(
    either: Line, words: Callable[[str], tuple[str, int]]
) -> None:
    item, _ = words("a car")
    _, other = words("another car")
    proposed = either("--id", "erase", item, *BY).out.strip()
    assert either("--user", "di.okoro", "erase", "--approve", proposed).code == 0
    assert audit_findings(either, 0) == []
    run_sql(
        either, "UPDATE evidence_keys SET wrapped = NULL, destroyed = 1 " + OF.format(seq=other)
    )
    assert other in {seq for _, seq, _ in audit_findings(either)}
