"""Whole data sets are imported and queried: call records with a group that changes its phones, as
in docs/network.md, and a police data set of the usual shape.
"""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.console.conftest import Line, Said
from tests.network.calls import records
from tests.network.pole import Size, write
from tests.pages import HOUSE

AT = "2011-06-01T12:00"
TOLD = (HOUSE / "docs" / "network.md").read_text("utf-8")
COMMANDS = re.findall(r"^\$ continuum (.+)$", TOLD, re.MULTILINE)


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """Yield a command line for one store with both data sets."""
    home = tmp_path_factory.mktemp("operations") / "store"
    made = Line(str(home), home)
    assert made("init", "--synthetic", "--clock", AT).code == 0
    (home / "calls.csv").write_text(records(1, phones=100, calls=1_400).csv())
    yield made
    made.close()


@pytest.fixture(scope="module")
def page_outputs(line: Line) -> list[Said]:
    """Return the output of the commands in docs/network.md, one after another."""
    told = [command.replace("calls.csv", str(line.home / "calls.csv")) for command in COMMANDS]
    answers = [line("--clock", AT, *shlex.split(command)) for command in told]
    assert [answer.code for answer in answers] == [0] * len(COMMANDS), answers
    return answers


def test_the_few_commands_of_the_page_find_the_circle(page_outputs: list[Said]) -> None:
    moved = records(1, phones=100, calls=1_400).moved
    imported, moves, circle, counts, changes, timeline, frames = page_outputs
    assert "1,400" in imported.out or "1400" in imported.out
    phones = [one.replace(" ", "") for pair in moved.items() for one in pair]
    assert all(phone[-6:] in moves.out for phone in phones)
    rows = circle.json
    assert {(row["old_label"][-6:], row["new_label"][-6:]) for row in rows} == {
        (old[-6:], new[-6:]) for old, new in moved.items()
    }
    assert {row["on"] for row in rows} == {"2010-06-08"}
    assert all(row["kept"] + row["moved_with"] >= 2 and row["links"] for row in rows)
    assert "2010-06-07" in counts.out
    assert "2010-06-08" not in counts.out
    assert "900020" in changes.out
    assert timeline.out.count("contact") >= 2
    assert "2010-06-01" in frames.out


@pytest.fixture(scope="module")
def pole(line: Line, page_outputs: list[Said]) -> Line:
    files = write(line.home, Size().part(120))
    told = [str(path) for path in (files.people, files.incidents, files.links)]
    answer = line("--clock", AT, "import", *told, "--dataset", "pole", "--json")
    assert answer.code == 0, answer
    found = answer.json["files"]
    assert [(one["form"], one["rejected"]) for one in found] == [
        ("people", 0),
        ("incidents", 0),
        ("links", 0),
    ]
    return line


def test_a_police_data_set_comes_in_whole_and_its_questions_are_answered(pole: Line) -> None:
    def asked(*words: str) -> list[dict[str, object]]:
        answer = pole("--clock", AT, "network", "near", *words, "--min-grade", "any", "--json")
        assert answer.code == 0, answer
        found: list[dict[str, object]] = answer.json
        return found

    in_area = asked("place:Area 0")
    other = asked("place:Area 1")
    both = asked("place:Area 0", "--and", "place:Area 1")
    assert {one["id"] for one in both} == {one["id"] for one in in_area} & {
        one["id"] for one in other
    }
    officers = [one for one in both if str(one["label"]).startswith("Officer ")]
    assert officers, "who dealt with crimes in both areas"
    assert all("dealt-with" in str(officer["how"]) for officer in officers)
    crimes = [one for one in in_area if one["kind"] == "incident"]
    near_one = asked(str(crimes[0]["id"]))
    assert any(one["kind"] == "person" for one in near_one), "the officer of a crime"


def test_two_of_one_name_stay_two_and_a_second_row_of_one_id_is_refused(
    line: Line, tmp_path: Path
) -> None:
    head = "person id,name,category\n"
    (tmp_path / "two.csv").write_text(f"{head}A1,Ash Amber,suspect\nA2,Ash Amber,witness\n")
    (tmp_path / "more.csv").write_text(f"{head}A1,Ash Amber,convicted\n")
    first = line("--clock", AT, "import", str(tmp_path / "two.csv"), "--dataset", "x", "--json")
    again = line("--clock", AT, "import", str(tmp_path / "two.csv"), "--dataset", "x", "--json")
    more = line("--clock", AT, "import", str(tmp_path / "more.csv"), "--dataset", "x", "--json")
    assert [one.json["files"][0]["recorded"] for one in (first, again)] == [2, 0]
    refused = json.loads(more.out)["files"][0]
    assert (more.code, refused["recorded"], refused["rejected"]) == (2, 0, 1)
