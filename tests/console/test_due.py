"""What is due at the command line: a decision drawn to be audited, and an opinion's review."""

import pytest

from tests.console.conftest import Line


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
    assert "second person" in line.refused(*said, "--user", "ds.hart")
    again = ("--user", "ds.bell", "--command-id", "11111111-2222-4333-8444-555555555555")
    assert line(*said, *again).code == 0
    assert line(*said, *again).code == 0
    assert [row["id"] for row in line("queue", "--json").json] == [item]
    (waits,) = line("due", "--json").json
    assert (waits["clock"], waits["item"]) == ("words-waiting", item)
    line("withdraw", item, "--reason", "said in error")
    assert line("due").out == "Nothing is due.\n"


def test_an_opinions_review_comes_back_on_its_day(line: Line) -> None:
    case = line("refer", "--child", "Chantelle Moss", "--id").out.strip()
    view = ("support", "note", case, "--kind", "view", "--opinion", "opinion", "--of", "psw.ellis")
    line(*view, "--basis", "visits", "--review", "2999-12-01", text="She seems worn out.")
    asked = ("due", "--kind", "opinion-review", "--json")
    (one,) = line(*asked).json
    assert (one["clock"], one["overdue"]) == ("opinion-review", False)
    assert line("due", "--past", "--json").json == []
    assert "later day" in line.refused(
        "due", "answer", one["id"], "again", "--until", "1999-01-01", "--reason", "so"
    )
    assert line("due", "answer", one["id"], "done", "--reason", "she is better").code == 0
    assert line(*asked).json == []
