"""Passages in a sanitised text that may reveal the source are marked, and counted by the source's
household. They never block a release."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.words.hints import FEW, Hint, hints
from tests.commands.office import START, Office, opened

FILE = Path(__file__).parents[2] / "data" / "sanitised.jsonl"
LABELLED = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
CAR = "A silver Corsa PK95 ABC collects children."


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.chdir(tmp_path)
    place = opened(tmp_path / "store")
    yield place
    place.system.close()


def marks(office: Office, text: str, *raw: str, family: tuple[str, ...] = ()) -> list[Hint]:
    with office.system.reading() as db:
        return hints(db, office.reader, text, written_at=START, raw=raw, family=family)


def record_entry(office: Office, words: str, **how: object) -> None:
    from ingest import reading

    mentions = reading.read(words, written_at=START)
    office.words(words, mentions=mentions, grammar="rules/1", **how)


def test_precision_and_recall_on_labelled_texts(office: Office) -> None:
    """Hints at a source in labelled texts are marked with enough precision and recall. The texts
    were written for this test, so the result does not show how well real texts are read."""
    for row in LABELLED:
        record_entry(office, row["raw"], heard_from=f"mother of {row['text']}")
    right = found = wanted = 0
    for row in LABELLED:
        kinds = Counter(
            mark.kind
            for mark in marks(office, row["text"], row["raw"], family=("Kayleigh Marlow",))
        )
        right += (kinds & Counter(row["kinds"])).total()
        found += kinds.total()
        wanted += len(row["kinds"])
    assert right / found >= 0.8
    assert right / wanted >= 0.9


def test_a_fact_that_many_households_tell_points_to_none(office: Office) -> None:
    for number in range(FEW):
        assert {mark.kind for mark in marks(office, CAR)} == ({"rare-fact"} if number else set())
        case = office.case(f"Child {number}")
        record_entry(office, "Silver Corsa PK95 ABC again", case=str(case), heard_from="Mum")
    assert marks(office, CAR) == []


def test_two_tellers_of_one_family_are_one_household(office: Office) -> None:
    case = office.case()
    for who in ("Mum", "Dad", "Gran", "Brother", "Aunt", "Cousin"):
        record_entry(office, "Silver Corsa PK95 ABC again", case=str(case), heard_from=who)
    assert {mark.households for mark in marks(office, CAR)} == {1}


def test_households_of_every_team_are_counted(office: Office) -> None:
    for number in range(FEW):
        reference = str(office.case(f"Child {number}"))
        record_entry(office, "Silver Corsa PK95 ABC again", case=reference)
    other = office.somebody("psw.moss")
    with office.system.reading() as db:
        assert hints(db, other, CAR, written_at=START) == []


def test_words_of_nobody_known_hide_nobody(office: Office) -> None:
    case = office.case()
    record_entry(office, "Silver Corsa PK95 ABC again", case=str(case))
    for _ in range(FEW):
        record_entry(office, "Silver Corsa PK95 ABC again")
    assert {mark.households for mark in marks(office, CAR)} == {1}
