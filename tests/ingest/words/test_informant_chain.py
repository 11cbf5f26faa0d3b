"""The source that a text names is recognised, in any wording and any order of the words."""

import json
from pathlib import Path

import pytest

from ingest.words.informant_chain import tellers
from tests.support.ingest.tellers import LONG

FILE = Path(__file__).parents[2] / "data" / "tellers.jsonl"
LABELLED = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


def sources_in(text: str) -> list[str]:
    return [text[start:end] for start, end in tellers(text)]


def test_recall_and_precision_on_labelled_sentences() -> None:
    """The sources that labelled sentences name are recognised. A source counts as recognised if a
    mark covers a part of its name."""
    right = wanted = marked = true = 0
    wrong: list[str] = []
    for row in LABELLED:
        marks = sources_in(row["text"])
        hit = [one for one in row["tellers"] if any(m in one or one in m for m in marks)]
        right, wanted = right + len(hit), wanted + len(row["tellers"])
        marked += len(marks)
        true += sum(any(m in one or one in m for one in row["tellers"]) for m in marks)
        if len(hit) < len(row["tellers"]) or (marks and not row["tellers"]):
            wrong.append(f"{row['text']} -> {marks}")
    assert right / wanted >= 0.97, wrong
    assert true / marked >= 0.9, wrong


@pytest.mark.parametrize("who", ["mum", "A neighbour", "her teacher", "the foster carer", "a PSW"])
@pytest.mark.parametrize("verb", ["rang", "saw", "has told", "is worried", "wrote", "overheard"])
def test_any_teller_with_any_verb(who: str, verb: str) -> None:
    assert len(sources_in(f"He came back, {who} {verb} about it.")) == 1


@pytest.mark.parametrize("text", LONG)
def test_a_long_text_of_any_shape_is_read_to_its_end(text: str) -> None:
    """A long text of any shape is read to its end; bench/test_growth.py measures how the time grows
    with its length.
    """
    assert all(one in text for one in sources_in(text))


def test_the_issues_own() -> None:
    assert sources_in("when mum rang") == ["mum rang"]
    assert sources_in("Mum rang the school. A neighbour saw it.") == ["Mum rang", "A neighbour saw"]
