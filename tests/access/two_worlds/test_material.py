"""Every item of a disclosure schedule has a permanent number, and a schedule lists only items about
which a disclosure officer decided.
"""

from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from tests.console.conftest import Line
from tests.support.usecases.paper import text


@pytest.fixture
def case(either: Line) -> tuple[Line, list[str]]:
    either("refer", "--child", "Kayleigh Marlow")
    texts = ("He waits at the arcade.", "A silver car.", "He has a flat.")
    return either, [
        either("record", "--case", "1", "--json", text=text).json["id"] for text in texts
    ]


def review(line: Line, item: str, sensitivity: str, *more: str) -> None:
    words = ("--relevance", "relevant", "--description", f"An account of {item[-4:]}")
    said = line("material", "review", "1", item, "--sensitivity", sensitivity, *words, *more)
    assert said.code == 0, said.err


def schedule(line: Line, form: str, trial: str = "S3") -> Any:
    return line("schedule", "1", "--form", form, "--trial", trial, "--json").json


@pytest.mark.usually_on("sqlite")
def test_nothing_is_scheduled_without_a_decision(case: tuple[Line, list[str]]) -> None:
    line, items = case
    assert schedule(line, "MG6C") == {
        "case": schedule(line, "MG6C")["case"],
        "trial": "S3",
        "form": "MG6C",
        "lines": [],
        "undecided": sorted(items),
        "nil": True,
    }
    assert "NIL" in line("schedule", "1", "--form", "MG6D").out


def test_numbers_run_on_within_a_trial_and_never_change(case: tuple[Line, list[str]]) -> None:
    line, (one, other, third) = case
    review(line, other, "not-sensitive")
    first = schedule(line, "MG6C")
    assert [(row["number"], row["item"]) for row in first["lines"]] == [("S3/1", other)]
    review(line, one, "not-sensitive")
    review(line, third, "sensitive", "--reason", "it tells who told us")
    again = schedule(line, "MG6C")
    assert [(row["number"], row["item"]) for row in again["lines"]] == [
        ("S3/1", other),
        ("S3/2", one),
    ]
    assert [row["number"] for row in schedule(line, "MG6C", "S4")["lines"]] == ["S4/1", "S4/2"]
    secret = schedule(line, "MG6D")
    assert [(row["number"], row["reason"]) for row in secret["lines"]] == [
        ("S3/1", "it tells who told us")
    ]
    assert secret["undecided"] == []
    review(line, other, "sensitive", "--reason", "it tells who told us")
    struck = schedule(line, "MG6C")["lines"]
    assert [row["number"] for row in struck] == ["S3/1", "S3/2"]
    assert struck[0]["description"].startswith("withdrawn: ")
    assert all(row["reason"] is None for row in struck), "the MG6C goes to the defence"
    assert line.kept.system
    assert line.kept.system.views.compare() == []


@pytest.mark.usually_on("sqlite")
def test_what_is_sensitive_says_why_and_what_is_used_is_on_neither(
    case: tuple[Line, list[str]],
) -> None:
    line, (one, other, third) = case
    words = ("--relevance", "relevant", "--description", "An account")
    sensitive = ("material", "review", "1", one, "--sensitivity", "sensitive", *words)
    assert "why it is sensitive" in line.refused(*sensitive)
    review(line, other, "not-sensitive", "--used")
    aside = ("--relevance", "not-relevant", "--description", "A duplicate")
    line("material", "review", "1", third, *aside)
    made = schedule(line, "MG6C")
    assert (made["lines"], made["undecided"]) == ([], [one])


@pytest.mark.usually_on("sqlite")
def test_what_is_presumed_to_be_disclosed_is_listed_apart_with_every_decision(
    case: tuple[Line, list[str]],
) -> None:
    line, (one, other, third) = case
    review(line, one, "not-sensitive", "--presumed", "previous-account")
    review(line, other, "not-sensitive")
    review(line, other, "sensitive", "--reason", "it tells who told us")
    told = line("material", "report", "1", "--json").json
    assert [row["item"] for row in told["presumed"]] == [one]
    assert [(row["item"], row["sensitivity"]) for row in told["decisions"]] == [
        (one, "not-sensitive"),
        (other, "not-sensitive"),
        (other, "sensitive"),
    ]
    assert "1 item is not decided yet" in line("material", "report", "1").out
    words = ("--relevance", "not-relevant", "--description", "An account", "--presumed")
    refused = line.refused("material", "review", "1", third, *words, "crime-report")
    assert "relevant and unused" in refused


@pytest.mark.usually_on("sqlite")
def test_what_was_ruled_out_waits_for_a_decision_and_can_be_scheduled(
    case: tuple[Line, list[str]],
) -> None:
    """A refused identity match and a cleared suspect are listed as unused material that needs a
    decision, because they may help a defence. Both can then be added to a disclosure schedule."""
    line, items = case
    man, other, cleared = (
        line("person", "add", "--nickname", name, "--category", "suspect", "--grounds", "seen",
             "--json").json["id"]
        for name in ("Baz", "Bazza", "Gaz")
    )  # fmt: skip
    for who in (man, cleared):
        line("outcome", "arrest", who, "--case", "1", "--because-of", items[0])
    refused = line("different", man, other, "--reason", "one was abroad", "--json").json["id"]
    line("person", "end-class", cleared, "suspect", "--grounds", "he was at work")
    line("--user", "di.moss", "person", "end-class", cleared, "--confirm")
    waits = set(schedule(line, "MG6C")["undecided"])
    assert {refused, cleared} <= waits
    assert man not in waits
    review(line, refused, "not-sensitive")
    review(line, cleared, "not-sensitive")
    listed = schedule(line, "MG6C")
    assert [row["item"] for row in listed["lines"]] == [refused, cleared]
    line("split", man, "--reason", "looked at again")
    assert line.kept.system
    assert line.kept.system.views.compare() == []


def bundle(line: Line, *more: str) -> Any:
    return line("material", "bundle", "1", "S3", *more, "--json").json


REVEAL = ("material", "reveal", "1", "S3", "--to", "Reviewing prosecutor", "--checked")


def test_the_prosecutor_is_given_the_schedules_and_the_material_as_one_recorded_bundle(
    case: tuple[Line, list[str]], tmp_path: Path
) -> None:
    line, (one, other, third) = case
    review(line, one, "not-sensitive", "--presumed", "previous-account")
    review(line, other, "sensitive", "--reason", "it tells who told us")
    made = bundle(line)
    (attached,) = made["mg6c"]
    assert (attached["number"], attached["text"]) == ("S3/1", "He waits at the arcade.")
    assert "first words, ungraded" in attached["notes"]
    (secret,) = made["mg6d"]
    assert (secret["number"], secret["reason"]) == ("S3/1", "it tells who told us")
    assert "A silver car" not in str(made), "what is sensitive is described and not attached"
    assert [row["number"] for row in made["presumed"]] == ["S3/1"]
    assert [row["item"] for row in made["decisions"]] == [one, other]
    assert made["revealed"] == []
    for item in (one, other):
        looks = line("who-looked", item, "--json").json
        assert [look["query"] for look in looks] == ["material bundle"]

    paper = tmp_path / "bundle.pdf"
    printing = ("material", "bundle", "1", "S3", "--pdf", str(paper))
    assert "material reveal" in line.refused(*printing)
    assert not paper.exists()
    told = line(*REVEAL, "read against the items", "--json").json
    (known,) = bundle(line)["revealed"]
    assert (known["id"], known["recipients"], known["same"]) == (
        told["id"],
        ["Reviewing prosecutor"],
        True,
    )
    (shared,) = line("disclosure", "list", "--of", one, "--json").json["disclosures"]
    assert (shared["id"], shared["marking"]) == (told["id"], "OFFICIAL-SENSITIVE")
    assert line(*printing).code == 0
    words = text(PdfReader(paper))
    for said in (
        "OFFICIAL-SENSITIVE",
        "For Reviewing prosecutor",
        "He waits at the arcade",
        told["id"][-12:],
    ):
        assert said in words
    assert "A silver car" not in words

    review(line, third, "not-sensitive")
    assert [row["same"] for row in bundle(line)["revealed"]] == [False]
    later = (*printing[:-1], str(tmp_path / "later.pdf"))
    assert "material reveal" in line.refused(*later), "the contents are others now"
    assert line.kept.system
    assert line.kept.system.views.compare() == []


@pytest.mark.usually_on("sqlite")
def test_sensitive_material_is_attached_once_it_is_decided_that_it_may_be(
    case: tuple[Line, list[str]],
) -> None:
    line, (one, *_) = case
    review(line, one, "sensitive", "--reason", "it tells who told us")
    line(*REVEAL, "read against the items")
    assert bundle(line)["mg6c"] == []
    review(line, one, "not-sensitive")
    made = bundle(line)
    assert [row["text"] for row in made["mg6c"]] == ["He waits at the arcade."]
    assert made["mg6d"][0]["description"].startswith("withdrawn: ")
    line(*REVEAL, "read again")
    review(line, one, "sensitive", "--reason", "the court upheld the immunity")
    (struck,) = bundle(line)["mg6c"]
    assert (struck["number"], struck["text"]) == ("S3/1", None)
    assert struck["why_not"] == "not attached: a later decision took it off this schedule"


@pytest.mark.usually_on("sqlite")
def test_what_was_withdrawn_is_described_and_not_attached(case: tuple[Line, list[str]]) -> None:
    line, (one, *_) = case
    review(line, one, "not-sensitive")
    wishes = ("--ground", "parent-wishes", "--threatened", "no")
    line("withdraw", one, "--reason", "another child", *wishes)
    line("withdraw", one, "--confirm", "--user", "ds.bell")
    (row,) = bundle(line)["mg6c"]
    assert (row["text"], row["why_not"]) == (
        None,
        "not attached: withdrawn, erased, or without a text of its own",
    )
