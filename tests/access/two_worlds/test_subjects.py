"""A data subject gets all stored data about themselves, without the name of the source and without
data of other people.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.console.conftest import Line

WORDS = "Baz Croft picked Kayleigh Marlow up, rings her from 07700 900123."


def at(day: str) -> tuple[str, str]:
    return "--clock", f"2011-03-{day}T09:00"


@pytest.fixture
def access_request(either: Line) -> tuple[Line, dict[str, str]]:
    """Record a man about whom a mother gave information, and the man's request to see the data
    about himself. Return the command line of the store, and ids by name.
    """
    made: dict[str, str] = {}
    either("refer", "--child", "Kayleigh Marlow", *at("01"))
    told = ("--heard-from", "Sandra Marlow", "--told-by", "Gran")
    made["WORDS"] = either("record", "--case", "1", *told, *at("02"), "--json", text=WORDS).json[
        "id"
    ]
    person = ("person", "add", "--name", "Baz Croft", "--category", "suspect", "--grounds", "named")
    made["BAZ"] = either(*person, *at("03"), "--json").json["id"]
    other = ("person", "add", "--name", "Gary Stone", "--category", "suspect", "--grounds", "named")
    made["GARY"] = either(*other, *at("03"), "--json").json["id"]
    grade = ("--source", "2", "--information", "A", "--handling", "P")
    made["REPORT"] = either("assess", made["WORDS"], *grade, *at("04"), "--json").json["id"]
    clean = "Baz Croft and Gary Stone use one flat."
    either("sanitise", made["WORDS"], *at("04"), text=clean)
    who = ("access-request", made["BAZ"], "--by", "the subject, passport seen", *at("31"))
    made["REQUEST"] = either(*who, "--json").json["id"]
    return either, made


def items(line: Line, made: dict[str, str]) -> dict[str, Any]:
    shown = line("request", "show", made["REQUEST"], "--json").json["items"]
    return {one["item"]: one for one in shown}


@pytest.mark.usually_on("sqlite")
def test_the_answer_is_due_in_a_month_and_once_in_two_more(
    access_request: tuple[Line, dict[str, str]],
) -> None:
    line, made = access_request
    (row,) = line("access-request", "list", "--json").json
    assert row["due"].startswith("2011-04-30"), "the last day of a shorter month"
    longer = ("request", "extend", made["REQUEST"], "--reason", "much is held")
    assert line(*longer, "--clock", "2011-04-05").code == 0
    (row,) = line("access-request", "list", "--json").json
    assert row["due"].startswith("2011-06-30")
    assert "OVERDUE" in line("access-request", "--clock", "2011-07-01").out
    again = ("request", "extend", made["REQUEST"], "--reason", "more")
    assert "extended already" in line.refused(*again)


@pytest.mark.usually_on("sqlite")
def test_everything_about_the_subject_is_found_and_nobody_else_is_told(
    access_request: tuple[Line, dict[str, str]],
) -> None:
    line, made = access_request
    found = items(line, made)
    assert set(found) == {made["BAZ"], made["WORDS"], made["REPORT"]}
    every = " ".join(one["text"] for one in found.values())
    for hidden in ("Sandra", "Marlow", "Gran", "Kayleigh", "Gary", "Stone", "900123"):
        assert hidden not in every, hidden
    assert "Baz Croft" in found[made["REPORT"]]["text"]
    proposed = {one: (row["proposed"], row["exemption"]) for one, row in found.items()}
    assert proposed[made["WORDS"]] == ("withhold", "source")
    assert proposed[made["REPORT"]] == ("redact", "others-rights")
    assert proposed[made["BAZ"]] == ("give", None)
    assert {one["regime"] for one in found.values()} == {"part-3"}


def test_it_is_answered_once_a_person_decided_every_item(
    access_request: tuple[Line, dict[str, str]], tmp_path: Path
) -> None:
    line, made = access_request
    decide = ("request", "decide", made["REQUEST"])
    why = ("--exemption", "source", "--reason", "it tells who told us")
    assert "not decided yet" in line.refused("request", "answer", made["REQUEST"])
    assert "give the exemption" in line.refused(*decide, made["WORDS"], "withhold")
    line(*decide, made["WORDS"], "withhold", *why)
    line(*decide, made["BAZ"], "give")
    shortened = ("--exemption", "others-rights", "--reason", "names another", "--text")
    line(*decide, made["REPORT"], "redact", *shortened, text="You use a flat.")
    file = tmp_path / "answer.json"
    answer = line("request", "answer", made["REQUEST"], "--out", str(file), "--json").json
    document = json.loads(file.read_bytes())
    assert "You use a flat." in {one["text"] for one in document["items"]}
    assert "picked" not in file.read_text("utf-8")
    assert document["recipients"] == ["the subject, passport seen"]
    (row,) = line("access-request", "list", "--json").json
    assert row["answered"]
    assert row["disclosure"] == answer["id"]
    assert "answered already" in line.refused("request", "answer", made["REQUEST"])
    listed = line("disclosure", "list", "--of", made["REPORT"], "--json").json["disclosures"]
    assert [one["basis"] for one in listed] == ["subject-access"]


@pytest.mark.usually_on("sqlite")
def test_what_is_wrong_is_put_right_beside_it_and_recipients_are_named(
    access_request: tuple[Line, dict[str, str]],
) -> None:
    line, made = access_request
    share = (
        "--basis",
        "safeguarding",
        "--purpose",
        "a meeting",
        "--to",
        "Town B",
        "--checked",
        "read",
    )
    shared = line("disclose", made["WORDS"], *share, "--json").json["id"]
    wrong = ("rectify", made["WORDS"], "--reason", "the subject says so", "--json")
    told = line(*wrong, text="It was on another day.").json
    assert told["to_tell"] == [{"disclosure": shared, "recipients": ["Town B"]}]
    shown = line("show", made["WORDS"], "--json").json["events"]
    assert shown[-1]["event"] == "observation.corrected"
    beside = ("rectify", made["BAZ"], "--reason", "the subject says so")
    assert line(*beside, text="I never lived there.").code == 0
    last = line("show", made["BAZ"], "--json").json["events"][-1]
    assert (last["event"], last["words"]) == ("item.statement_added", "I never lived there.")
    assert line.kept.system
    assert line.kept.system.views.compare() == []
