"""In an access request, other teams decide about their own records, and the officer who answers the
request learns how many decisions are missing.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.console.conftest import Line

EAST = "Baz Croft waits for Kayleigh at the arcade."
WEST = "Baz Croft and Gary Stone use the flat over the bakery."
CLEAN = "Baz Croft and Gary Stone use one flat."


@dataclass
class Asked:
    """A store of two teams with Baz Croft's access request, which Engage's disclosure officer
    answers.
    """

    line: Line
    made: dict[str, str]

    def __call__(self, who: str, *command: str, day: str = "04-02", text: str = "") -> Any:
        at = ("--user", who, "--clock", f"2011-{day}T09:00")
        return self.line(*command, *at, "--json", text=text)

    def refused(self, who: str, *command: str, day: str = "04-02", code: int = 2) -> str:
        at = ("--user", who, "--clock", f"2011-{day}T09:00")
        return self.line.refused(*command, *at, code=code)

    def decide(self, who: str, item: str, day: str = "04-02", text: str = "") -> int:
        given = ("redact", "--text") if text else ("withhold",)
        why = ("--exemption", "others-rights", "--reason", "names others")
        code: int = self(
            who, "request", "decide", self.made["REQUEST"], item, *given, *why, day=day, text=text
        ).code
        return code


def record_request(line: Line, *, west: bool) -> Asked:
    made: dict[str, str] = {}

    def do(name: str, *command: str, text: str = "") -> None:
        told = line(*command, "--clock", f"2011-03-{len(made) + 1:02}T09:00", "--json", text=text)
        made[name] = told.json["id"]

    engage, deter = (("--user", f"dc.{t.lower()}", "--team", t) for t in ("Engage", "Deter"))
    do("CASE", "refer", "--child", "Kayleigh Marlow", *engage)
    do("EAST", "record", "--case", made["CASE"], *engage, text=EAST)
    person = ("person", "add", "--category", "suspect", "--grounds", "named", "--name")
    do("BAZ", *person, "Baz Croft", *engage)
    do("GARY", *person, "Gary Stone", *deter)
    said = WEST if west else "Gary Stone uses the flat over the bakery."
    do("WEST", "record", *deter, text=said)
    grade = ("--source", "2", "--information", "A", "--handling", "P")
    do("REPORT", "assess", made["WEST"], *grade, *deter)
    clean = CLEAN if west else "Gary Stone uses one flat."
    line("sanitise", made["REPORT"], *deter, "--clock", "2011-03-07", text=clean)
    for name, role, team in (
        ("dc.engage", "detective", "Engage"),
        ("dc.deter", "detective", "Deter"),
        ("do.marsh", "disclosure-officer", "Engage"),
        ("aud.reed", "auditor", "Engage"),
    ):
        add = ("user", "add", name, "--role", role, "--team", team, "--user", "administrator")
        assert line(*add, "--clock", "2011-03-30").code == 0
    give = ("user", "assign", "do.marsh", made["CASE"], "--user", "administrator")
    assert line(*give, "--clock", "2011-03-31").code == 0
    asked = Asked(line, made)
    who = ("access-request", made["BAZ"], "--by", "the subject, passport seen")
    made["REQUEST"] = asked("do.marsh", *who, day="04-01").json["id"]
    return asked


@pytest.fixture
def access_request(either: Line) -> Asked:
    return record_request(either, west=True)


def test_the_answer_waits_for_the_other_team_and_holds_what_it_gives(
    access_request: Asked, tmp_path: Path
) -> None:
    made, one = access_request.made, access_request.made["REQUEST"]
    shown = access_request("do.marsh", "request", "show", one).json
    assert shown["waiting"] == 1
    assert {item["item"] for item in shown["items"]} == {made["EAST"], made["BAZ"]}
    access_request.decide("do.marsh", made["EAST"])
    access_request.decide("do.marsh", made["BAZ"], text="You are recorded as a suspect.")
    assert "1 team has still to answer" in access_request.refused(
        "do.marsh", "request", "answer", one
    )

    (part,) = access_request("dc.deter", "request", "parts").json
    assert (part["id"], part["team"], part["overdue"]) == (one, "Deter", False)
    assert part["due"].startswith("2011-05-01")
    theirs = access_request("dc.deter", "request", "show", one).json
    assert {item["item"] for item in theirs["items"]} == {made["WEST"], made["REPORT"]}
    assert "waiting" not in theirs
    texts = " ".join(item["text"] for item in theirs["items"])
    assert "Baz Croft" in texts
    assert "Stone" not in texts
    assert "2 items of your team are not" in access_request.refused(
        "dc.deter", "request", "complete", one
    )
    assert access_request.decide("dc.deter", made["WEST"]) == 0
    assert access_request.decide("dc.deter", made["REPORT"], text="You use a flat.") == 0
    assert access_request("dc.deter", "request", "complete", one).code == 0
    assert access_request("dc.deter", "request", "parts").json == []

    (row,) = access_request("do.marsh", "access-request", "list").json
    assert (row["waiting"], set(row["decided"])) == (0, {made["EAST"], made["BAZ"]})
    file = tmp_path / "answer.json"
    access_request("do.marsh", "request", "answer", one, "--out", str(file))
    given = {item["text"] for item in json.loads(file.read_bytes())["items"]}
    assert given == {"You are recorded as a suspect.", "You use a flat."}
    shared = access_request("do.marsh", "disclosure", "list").out
    assert made["BAZ"] in shared
    assert made["REPORT"] not in shared


@pytest.mark.usually_on("sqlite")
def test_who_answers_learns_how_many_teams_and_nothing_else(
    access_request: Asked, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The officer who answers an access request sees only how many teams have to decide. The number
    is the same, whether or not the other team has records of the requester."""
    home = tmp_path_factory.mktemp("other")
    other = record_request(_fresh(home), west=False)
    commands = (
        ("request", "show", "{REQUEST}"),
        ("access-request", "list"),
        ("request", "parts"),
        ("show", "{WEST}"),
        ("search", "bakery"),
        ("request", "decide", "{REQUEST}", "{WEST}", "give"),
        ("request", "complete", "{REQUEST}"),
    )
    waiting = []
    for command in commands:
        said = []
        for world in (access_request, other):
            line = [part.format(**world.made) for part in command]
            answer = world("do.marsh", *line)
            whole = f"{answer.code} {answer.out} {answer.err}"
            for name, one in world.made.items():
                whole = whole.replace(one, name).replace(one[-8:], name)
            said.append(whole)
        if said[0] != said[1]:
            waiting.append((command, said[0].replace('"waiting": 1', '"waiting": 0') == said[1]))
    assert waiting == [(commands[0], True), (commands[1], True)]
    other.line.close()


def _fresh(home: Path) -> Line:
    made = Line(str(home / "store"), home / "store")
    assert made("init", "--synthetic").code == 0
    return made


@pytest.mark.usually_on("sqlite")
def test_others_find_no_request_and_decide_nothing(access_request: Asked) -> None:
    made, one = access_request.made, access_request.made["REQUEST"]
    assert access_request("dc.engage", "request", "parts").json == []
    for command in ("show", "complete"):
        assert "there is no request with this id" in access_request.refused(
            "dc.engage", "request", command, one
        )
    decide = ("request", "decide", one, made["EAST"], "withhold")
    assert "there is no request with this id" in access_request.refused("dc.engage", *decide)
    assert "there is no account" in access_request("nobody.known", "request", "parts").err
    # the team does not see the first item, and shares the second, so neither belongs to its part
    for item in (made["EAST"], made["BAZ"]):
        decide = ("request", "decide", one, item, "withhold")
        assert "one item of this subject access request" in access_request.refused(
            "dc.deter", *decide
        )
    theirs = ("request", "decide", one, made["REPORT"], "withhold")
    assert "one item of this subject access request" in access_request.refused("do.marsh", *theirs)
    assert "one subject access request" in access_request.refused(
        "dc.deter", "request", "answer", one
    )


@pytest.mark.usually_on("sqlite")
def test_what_is_there_goes_out_on_its_day_and_who_is_late_is_informed(
    access_request: Asked, tmp_path: Path
) -> None:
    made, one = access_request.made, access_request.made["REQUEST"]
    access_request.decide("do.marsh", made["EAST"])
    access_request.decide("do.marsh", made["BAZ"], text="You are recorded as a suspect.")
    assert access_request("aud.reed", "request", "parts", "--overdue").json == []
    late = access_request("aud.reed", "request", "parts", "--overdue", day="05-02").json
    assert [(row["team"], row["overdue"]) for row in late] == [("Deter", True)]
    first, rest = tmp_path / "first.json", tmp_path / "rest.json"
    answer = ("request", "answer", one, "--out")
    assert access_request("do.marsh", *answer, str(first), day="05-02").code == 0
    (row,) = access_request("do.marsh", "access-request", "list", day="05-02").json
    assert row["in_part"]
    assert not row["answered"]
    assert "no new part" in access_request.refused("do.marsh", *answer, str(rest), day="05-02")
    access_request.decide("dc.deter", made["WEST"], day="05-03")
    access_request.decide("dc.deter", made["REPORT"], day="05-03", text="You use a flat.")
    access_request("dc.deter", "request", "complete", one, day="05-03")
    assert access_request("do.marsh", *answer, str(rest), day="05-04").code == 0
    given = [
        [item["text"] for item in json.loads(file.read_bytes())["items"]] for file in (first, rest)
    ]
    assert given == [["You are recorded as a suspect."], ["You use a flat."]]
    (row,) = access_request("do.marsh", "access-request", "list", day="05-04").json
    assert row["answered"]


@pytest.mark.usually_on("sqlite")
def test_a_team_that_holds_more_by_now_is_queried_again(access_request: Asked) -> None:
    made, one = access_request.made, access_request.made["REQUEST"]
    for item in (made["WEST"], made["REPORT"]):
        access_request.decide("dc.deter", item)
    access_request("dc.deter", "request", "complete", one)
    for item in (made["EAST"], made["BAZ"]):
        access_request.decide("do.marsh", item)
    more = access_request("dc.deter", "record", day="04-03", text="Baz Croft has a new van.").json[
        "id"
    ]
    answer = ("request", "answer", one)
    assert "still to answer" in access_request.refused("do.marsh", *answer, day="04-03")
    access_request.decide("dc.deter", more, day="04-03")
    access_request("dc.deter", "request", "complete", one, day="04-03")
    assert access_request("do.marsh", *answer, day="04-03").code == 0


@pytest.mark.usually_on("sqlite")
def test_a_support_note_is_decided_about_by_whose_it_is(access_request: Asked) -> None:
    """Only the worker who wrote a support note decides whether the answer to an access request
    includes it. Until then, the worker's team cannot complete its part of the request; a
    detective of the team does not see the note."""
    made, one = access_request.made, access_request.made["REQUEST"]
    hire = ("user", "add", "psw.ellis", "--role", "psw", "--team", "Deter")
    assert access_request("administrator", *hire).code == 0
    case = access_request("dc.deter", "refer", "--child", "Amy Vale").json["id"]
    assert access_request("administrator", "user", "assign", "psw.ellis", case).code == 0
    said = "Baz Croft rang her mother again."
    note = access_request("psw.ellis", "support", "note", case, text=said).json["id"]
    for item in (made["WEST"], made["REPORT"]):
        access_request.decide("dc.deter", item)
    shown = access_request("dc.deter", "request", "show", one).json["items"]
    assert note not in {item["item"] for item in shown}
    assert "one item of this subject access request" in access_request.refused(
        "dc.deter", "request", "decide", one, note, "give"
    )
    assert "1 item of your team is not" in access_request.refused(
        "dc.deter", "request", "complete", one
    )
    (theirs,) = access_request("psw.ellis", "request", "show", one).json["items"]
    assert (theirs["item"], said in theirs["text"]) == (note, True)
    assert access_request.decide("psw.ellis", note) == 0
    assert access_request("dc.deter", "request", "complete", one).code == 0


@pytest.mark.usually_on("sqlite")
def test_a_part_goes_with_its_team_into_a_hub(access_request: Asked) -> None:
    made, one = access_request.made, access_request.made["REQUEST"]
    assert access_request("administrator", "team", "merge", "Deter", "--into", "Freedom").code == 0
    complete = ("request", "complete", one)
    assert "not decided yet" in access_request.refused("dc.deter", *complete)
    for item in (made["WEST"], made["REPORT"]):
        assert access_request.decide("dc.deter", item) == 0
    assert access_request("dc.deter", *complete).code == 0
    (row,) = access_request("do.marsh", "access-request", "list").json
    assert row["waiting"] == 0


@pytest.mark.usually_on("sqlite")
def test_what_a_team_gave_and_was_wrong_is_put_right_after_the_answer(
    access_request: Asked, tmp_path: Path
) -> None:
    made, one = access_request.made, access_request.made["REQUEST"]
    for item in (made["EAST"], made["BAZ"]):
        access_request.decide("do.marsh", item)
    access_request.decide("dc.deter", made["WEST"])
    access_request.decide("dc.deter", made["REPORT"], text="You use a flat.")
    access_request("dc.deter", "request", "complete", one)
    assert access_request("do.marsh", "request", "answer", one).code == 0
    assert "answered already" in access_request.refused("do.marsh", "request", "answer", one)
    rectify = ("rectify", made["REPORT"], "--reason", "he showed his lease")
    told = access_request("dc.deter", *rectify, day="04-10", text="It is another man's flat.").json
    assert told["to_tell"] == [{"request": one, "recipients": ["the person who asked"]}]
    withheld = ("rectify", made["WEST"], "--reason", "misheard")
    told = access_request("dc.deter", *withheld, day="04-10", text="It is another man's flat.").json
    assert told["to_tell"] == [], "nobody was given anything of it"
    assert (
        access_request.decide("dc.deter", made["REPORT"], day="04-10", text="No flat is yours.")
        == 0
    )
    others = ("request", "decide", one, made["EAST"], "give")
    assert "one item of this subject access request" in access_request.refused(
        "dc.deter", *others, day="04-10"
    )
    (row,) = access_request("do.marsh", "access-request", "list", day="04-11").json
    assert row["right"] == [one], "that there is something, and not what"
    file = tmp_path / "right.json"
    assert (
        access_request("do.marsh", "request", "answer", one, "--out", str(file), day="04-11").code
        == 0
    )
    given = [item["text"] for item in json.loads(file.read_bytes())["items"]]
    assert given == ["No flat is yours."]
    (row,) = access_request("do.marsh", "access-request", "list", day="04-11").json
    assert row["right"] == []
    assert "answered already" in access_request.refused(
        "do.marsh", "request", "answer", one, day="04-11"
    )
