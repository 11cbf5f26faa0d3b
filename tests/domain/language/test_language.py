"""Blaming words are reported with better words; in a quotation they are only noted."""

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.language import find_blame
from domain.language.rules import RULES

FILE = Path(__file__).parents[2] / "data" / "language.jsonl"
LABELLED = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


def test_precision_and_recall_on_the_labelled_phrases() -> None:
    """Precision and recall on our own labelled phrases do not fall; they do not show how well new
    texts would do.
    """
    right = found = wanted = 0
    for row in LABELLED:
        told = Counter(one.rule for one in find_blame(row["text"]))
        right += (told & Counter(row["rules"])).total()
        found += told.total()
        wanted += len(row["rules"])
    assert right / found >= 0.95
    assert right / wanted >= 0.95


TASKS = [row for row in LABELLED if "parent-task" in row["rules"]]


@pytest.mark.parametrize("row", TASKS, ids=lambda row: row["text"])
def test_words_that_task_a_parent_are_found(row: dict[str, str]) -> None:
    (finding,) = (one for one in find_blame(row["text"]) if one.rule == "parent-task")
    assert finding.instead


@pytest.mark.parametrize(
    "row", [row for row in LABELLED if row not in TASKS], ids=lambda row: row["text"]
)
def test_words_that_ask_nobody_are_no_task(row: dict[str, str]) -> None:
    assert "parent-task" not in {one.rule for one in find_blame(row["text"])}


@pytest.mark.parametrize("row", [row for row in LABELLED if row.get("quoted")])
def test_a_quotation_is_noted_and_no_more(row: dict[str, str]) -> None:
    assert all(one.quoted for one in find_blame(row["text"]))


def test_verbatim_words_are_their_speakers() -> None:
    (one,) = find_blame("It takes two to tango", verbatim=True)
    assert one.quoted


def test_every_rule_offers_something_to_write_instead() -> None:
    assert all(rule.why and rule.instead for rule in RULES)
    assert len({rule.code for rule in RULES}) == len(RULES)


@given(st.text(max_size=200))
def test_what_is_found_is_in_the_text(text: str) -> None:
    end = 0
    for one in find_blame(text):
        assert text[one.start : one.end] == one.words
        assert one.start >= end
        end = one.end
