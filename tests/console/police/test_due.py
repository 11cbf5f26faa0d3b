"""The command line lists due items, such as a "no value" decision in the sample for the audit, or
an opinion whose review date has come."""

import pytest
from msgspec.structs import replace

from tests.console.conftest import Line, Said
from usecases.people_and_teams.lists import ListDue


def test_a_drawn_decision_is_listed_answered_and_waits_again(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONTINUUM_NO_VALUE_SAMPLE", "1")
    item = line("record", "--id", text="He was at the arcade again.").out.strip()
    line("triage", item, "--outcome", "no-value", "--reason", "nothing", "--user", "ds.hart")
    assert line("queue", "--json").json == []
    (one,) = line("due", "--json").json
    assert {"id", "what", "clock", "since", "due", "overdue", "owner", "escalates_to"} < set(one)
    assert one["because"][0].startswith(item)
    assert line("due", "--mine", "--json", "--user", "ds.hart").json == []
    assert "a detective of Engage" in line("due", "--mine", "--user", "ds.bell").out
    said = ("due", "answer", one["id"][-8:], "assess", "--reason", "the plate is known")
    assert "another person has to audit it" in line.refused(*said, "--user", "ds.hart")
    again = ("--user", "ds.bell", "--command-id", "11111111-2222-4333-8444-555555555555")
    assert line(*said, *again).code == 0
    assert line(*said, *again).code == 0
    assert [row["id"] for row in line("queue", "--json").json] == [item]
    (waits,) = line("due", "--json").json
    assert (waits["clock"], waits["item"]) == ("words-waiting", item)
    wishes = ("--ground", "parent-wishes", "--threatened", "no")
    line("withdraw", item, "--reason", "said in error", *wishes)
    (waits, proposed) = line("due", "--json").json
    assert (waits["clock"], proposed["clock"]) == ("words-waiting", "proposal")
    line("withdraw", item, "--confirm", "--user", "ds.bell")
    assert line("due").out == "Nothing is due.\n"


def test_an_opinions_review_comes_back_on_its_day(line: Line) -> None:
    case = line("refer", "--child", "Chantelle Moss", "--id").out.strip()
    view = ("support", "note", case, "--kind", "view", "--opinion", "opinion", "--of", "psw.ellis")
    line(*view, "--basis", "visits", "--review", "2199-12-01", text="She seems worn out.")
    asked = ("due", "--kind", "opinion-review", "--json")
    (one,) = line(*asked).json
    assert (one["clock"], one["overdue"]) == ("opinion-review", False)
    assert line("due", "--past", "--json").json == []
    assert "later day" in line.refused(
        "due", "answer", one["id"], "again", "--until", "1999-01-01", "--reason", "so"
    )
    assert line("due", "answer", one["id"], "done", "--reason", "she is better").code == 0
    assert line(*asked).json == []


def test_what_was_due_at_a_past_moment_is_due_there_again(line: Line) -> None:
    def at(hour: str, *words: str, text: str = "") -> Said:
        said = line("--clock", f"2011-03-{hour}", *words, text=text)
        assert said.code == 0, said.err
        return said

    item = at("18T09:00", "record", "--id", text="He was at the arcade again.").out.strip()
    at("18T10:00", "record", "--urgent", "now", text="She is there now.")
    at("22T09:00", "triage", item, "--outcome", "safeguard", "--reason", "nothing")
    (now,) = at("22T10:00", "due", "--json").json
    assert now["clock"] == "urgent-words"
    then = at("22T10:00", "replay", "--until", "2011-03-21T12:00", "--json").json["due"]
    assert [(one["clock"], one["overdue"]) for one in then] == [
        ("urgent-words", True),
        ("words-waiting", True),
    ]
    before = at("22T10:00", "replay", "--until", "2011-03-18T09:30", "--json").json["due"]
    assert [(one["item"], one["overdue"]) for one in before] == [(item, False)]
    told = at("22T10:00", "replay", "--until", "2011-03-18T09:30").out
    assert "a detective of Engage" in told


def test_the_brief_tells_what_went_past_since_the_last_one(line: Line) -> None:
    def at(hour: str, *words: str, text: str = "") -> Said:
        said = line("--clock", f"2011-03-{hour}", *words, text=text)
        assert said.code == 0, said.err
        return said

    at("18T09:00", "record", text="He was at the arcade again.")
    assert at("18T10:00", "brief", "--hold", "--json").json["past"] == []
    at("21T09:30", "record", text="He was at the park.")
    past = at("21T10:00", "brief")
    assert "Overdue (1)" in past.out
    assert "a detective of Engage: He was at the arcade again." in past.out
    at("21T11:00", "brief", "--hold")
    assert "Overdue (0)" in at("21T12:00", "brief").out, "it was told in the last one"


def test_a_tier_and_a_kind_are_asked_for_and_a_long_list_says_how_much_more_there_is(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    line("record", "--urgent", "now", text="She is there now.")
    line("record", text="He was at the arcade.")
    (one,) = line("due", "--tier", "danger", "--json").json
    assert one["clock"] == "urgent-words"
    (other,) = line("due", "--kind", "words-waiting", "--json").json
    assert other["tier"] == "practice"
    assert "opinion-review" in line.refused("due", "--kind", "nothing")
    asked = replace(ListDue.named, shown=1)
    monkeypatch.setattr(ListDue, "named", asked)
    said = line("due")
    assert "She is there now." in said.out
    assert "He was at the arcade." not in said.out
    assert "1 of 2 are shown" in said.err
    assert len(line("due", "--json").json) == 2
