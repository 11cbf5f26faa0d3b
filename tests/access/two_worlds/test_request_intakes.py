"""A disclosure officer who finds no records about the person in an access request learns nothing of
hidden ones. The test compares two stores, of which one has hidden records about the person.
"""

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.console.conftest import Line

WORDS = "Kayleigh waits at the arcade."
LETTER = "We hold no information about you that we can give you."


@dataclass
class World:
    """A store in which the team Engage has a child's case, which Engage's disclosure officer may
    not see.
    """

    line: Line
    child: str
    made: dict[str, str] = field(default_factory=dict)

    def __call__(self, who: str, *command: str, day: str = "04-02", text: str = "") -> Any:
        at = ("--user", who, "--clock", f"2011-{day}T09:00")
        return self.line(*command, *at, "--json", text=text)

    def told(self, who: str, *command: str, day: str = "04-02") -> str:
        """Run this command as the user `who` on this day, and return its answer as text, without
        the ids of this store.
        """
        answer = self(who, *(part.format(**self.made) for part in command), day=day)
        whole = f"{answer.code} {answer.out} {answer.err}"
        for name, one in self.made.items():
            whole = whole.replace(one, name).replace(one[-8:], name)
        return whole

    def owed(self, who: str, day: str) -> set[tuple[str, str]]:
        """Return the deadlines of access requests that the user `who` sees on this day, as pairs of
        the deadline's kind and its due day.
        """
        rows = [(row["clock"], row["due"][:10]) for row in self(who, "due", day=day).json]
        return {row for row in rows if row[0].startswith("access-request")}


def opened(line: Line, child: str) -> World:
    world = World(line, child)
    world.made["CASE"] = world("administrator", "refer", "--child", child, day="03-01").json["id"]
    words = ("record", "--case", world.made["CASE"])
    world.made["WORDS"] = world("administrator", *words, day="03-02", text=WORDS).json["id"]
    for name, role, team in (
        ("do.marsh", "disclosure-officer", "Engage"),
        ("dc.reed", "detective", "Engage"),
        ("di.okoro", "intelligence-officer", "Freedom"),
        ("dci.moss", "dci", "Freedom"),
    ):
        add = ("user", "add", name, "--role", role, "--team", team)
        assert world("administrator", *add, day="03-30").code == 0
    note = ("request", "note", "--by", "Ms Marlow, by letter", "--words", "my girl Kayleigh Marlow")
    world.made["NOTED"] = world("do.marsh", *note, day="04-01").json["id"]
    return world


@pytest.fixture
def hidden(either: Line) -> World:
    return opened(either, "Kayleigh Marlow")


def find_subject(world: World, day: str = "04-03") -> None:
    answer = world("di.okoro", "request", "find", world.made["NOTED"], world.child, day=day)
    assert answer.code == 0, answer.err
    (row,) = world("di.okoro", "request", "unidentified", "--all", day=day).json
    assert row["stands"] == "1 found, 0 answered"


def nil(world: World, day: str = "04-03") -> None:
    searched = ("--searched", "that name, and three spellings")
    assert world("di.okoro", "request", "nil", world.made["NOTED"], *searched, day=day).code == 0


def test_the_officer_learns_nothing_of_what_the_search_found(
    hidden: World, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = tmp_path_factory.mktemp("other")
    line = Line(str(home / "store"), home / "store")
    assert line("init", "--synthetic").code == 0
    nobody = opened(line, "Chloe Marsden")
    find_subject(hidden)
    nil(nobody)
    asked = (
        ("request", "unidentified"),
        ("request", "unidentified", "--all"),
        ("request", "list", "--all"),
        ("request", "parts"),
        ("request", "letter", "{NOTED}"),
        ("request", "show", "{NOTED}"),
        ("request", "nil", "{NOTED}", "--searched", "it"),
        ("request", "find", "{NOTED}", "Kayleigh Marlow"),
        ("request", "find", "{NOTED}", "Nan Unknown"),
        ("access-request", "Kayleigh Marlow", "--by", "her mother"),
        ("search", "Kayleigh"),
        ("show", "{NOTED}"),
        ("due",),
        ("due", "--past"),
        ("disclosure", "list"),
        ("who-looked", "{NOTED}"),
    )
    # the first of these days is before the due date, the second after it
    for day in ("04-04", "05-03"):
        for command in asked:
            worlds = {world.told("do.marsh", *command, day=day) for world in (hidden, nobody)}
            assert len(worlds) == 1, (command, worlds)
    (row,) = hidden("do.marsh", "request", "unidentified", "--all", day="05-03").json
    assert row["stands"] == "a person who may search all teams answers it"
    line.close()


@pytest.mark.usually_on("sqlite", "postgres")
def test_a_subject_who_was_found_is_answered_like_any_other(hidden: World) -> None:
    assert hidden.owed("di.okoro", "04-02") == {("access-request-search", "2011-05-01")}
    find_subject(hidden)
    ours = {("access-request", "2011-05-01"), ("access-request-part", "2011-05-01")}
    assert hidden.owed("dci.moss", "04-04") == ours, "with the day of the words that came in"
    assert hidden.owed("do.marsh", "04-04") == set()
    assert hidden("do.marsh", "request", "list").json == []
    (part,) = hidden("dc.reed", "request", "parts").json
    assert part["team"] == "Engage"
    give = ("user", "assign", "do.marsh", hidden.made["CASE"])
    assert hidden("administrator", *give, day="04-05").code == 0
    (row,) = hidden("do.marsh", "request", "list", day="04-06").json
    assert (row["waiting"], row["due"][:10]) == (1, "2011-05-01")
    (part,) = hidden("do.marsh", "request", "parts", day="04-06").json
    shown = hidden("do.marsh", "request", "show", row["id"], day="04-06").json
    for one in shown["items"]:
        why = ("withhold", "--exemption", "others-rights", "--reason", "names others")
        assert (
            hidden("do.marsh", "request", "decide", row["id"], one["item"], *why, day="04-07").code
            == 0
        )
    assert hidden("do.marsh", "request", "complete", part["id"], day="04-07").code == 0
    answered = hidden("do.marsh", "request", "answer", row["id"], day="04-08")
    assert answered.code == 0, answered.err
    assert [one["text"] for one in answered.json["document"]["items"]] == [LETTER]
    (row,) = hidden("di.okoro", "request", "unidentified", "--all", day="04-09").json
    assert row["stands"] == "1 found, 1 answered"


def test_a_nil_answer_ends_the_clock_and_is_a_letter(hidden: World) -> None:
    assert (
        "was not answered with"
        in hidden.line("request", "letter", hidden.made["NOTED"], "--user", "di.okoro").out
    )
    nil(hidden)
    assert hidden.owed("di.okoro", "06-01") == set()
    letter = hidden("di.okoro", "request", "letter", hidden.made["NOTED"]).json
    told = {row["what"]: row["said"] for row in letter}
    assert (told["To"], told["Our answer"]) == ("Ms Marlow, by letter", LETTER)
    find = ("request", "find", hidden.made["NOTED"], hidden.child)
    assert "nil answer was recorded already" in hidden("di.okoro", *find).err


def test_only_those_who_may_search_everything_search(hidden: World) -> None:
    """A search of all records for the person of an access request is refused, unless the user's
    role may search everything.
    """
    find = ("request", "find", hidden.made["NOTED"], hidden.child)
    for who in ("dc.reed", "do.marsh"):
        answer = hidden(who, *find)
        assert (
            answer.code,
            "your role does not allow you to search all records" in answer.err,
        ) == (3, True)
        assert hidden(who, "request", "nil", hidden.made["NOTED"], "--searched", "it").code == 3
    assert hidden("dc.reed", "request", "unidentified").json == []
    late = hidden("di.okoro", "request", "unidentified", day="05-02").json
    assert [row["overdue"] for row in late] == [True]
    assert hidden("dci.moss", *find).code == 0


def test_it_is_erased_with_its_subject(hidden: World) -> None:
    find_subject(hidden)
    plan = hidden("di.okoro", "erase", hidden.child, "--dry-run", day="04-05").json
    requests = [one["id"] for one in plan["items"] if one["kind"] == "request"]
    assert hidden.made["NOTED"] in requests
    assert len(requests) == 2


def test_it_is_erased_by_itself_where_nobody_was_found(hidden: World) -> None:
    """An access request for which no records were found can be erased alone, because its text has a
    data key of its own."""
    nil(hidden)
    one = hidden.made["NOTED"]
    assert "there is no item" in hidden("do.marsh", "erase", one, "--dry-run").err
    erase = ("erase", one, "--basis", "uk-gdpr-art17")
    proposed = hidden("di.okoro", *erase, day="06-01")
    assert proposed.code == 0, proposed.err
    approve = ("erase", "--approve", proposed.json["id"])
    assert hidden("dci.moss", *approve, day="06-01").code == 0
    told = hidden("di.okoro", "request", "unidentified", "--all", day="06-02")
    assert "Kayleigh" not in told.out
    assert "Ms Marlow" not in told.out
