"""A disclosure needs an approval, is recorded exactly, and can be recalled from every recipient."""

import hashlib
import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from domain.data_protection.copies import CopyFingerprinted, fingerprints_of
from domain.data_protection.disclosure import DisclosureMade
from tests.console.conftest import Line

TO = ("--to", "Town B children's services", "--to", "Deter")
WHY = ("--purpose", "a strategy discussion", "--checked", "read against the first words")
SECRET = "my neighbour told me he has the keys"


def at(hour: str) -> tuple[str, str]:
    return "--clock", f"2011-03-18T{hour}"


@pytest.fixture
def report(either: Line) -> tuple[Line, str, str]:
    """Record a log entry and assess it as a report, with handling code C and sanitisation code S2.
    Return the store, and the ids of the entry and of the report."""
    words = either("record", "--json", *at("09:00"), text=f"Baz has a flat, {SECRET}.").json["id"]
    codes = ("--handling", "C", "--action", "A2", "--sanitisation", "S2")
    graded = ("--source", "2", "--information", "A", *codes, "--conditions", "not to the family")
    made = either("assess", words, *graded, "--json", *at("09:10")).json["id"]
    return either, words, made


def consented(line: Line, item: str, hour: str = "09") -> None:
    asked = ("consent", "ask", item, "--for", "a meeting")
    assert line(*asked, "--user", "ds.hart", *at(f"{hour}:40")).code == 0
    assert line("consent", "give", item, "--user", "di.frost", *at(f"{hour}:45")).code == 0


def share(
    line: Line, item: str, *more: str, basis: str = "law-enforcement", when: str = "10:00"
) -> Any:
    return line("disclose", item, "--basis", basis, *TO, *WHY, *more, *at(when), "--json")


def made(line: Line) -> list[DisclosureMade]:
    assert line.kept.system
    facts = line.kept.system.logs["access"].read(0, 1_000)
    return [fact.event for fact in facts if isinstance(fact.event, DisclosureMade)]


def test_handling_is_cleared_or_nothing_leaves(report: tuple[Line, str, str]) -> None:
    line, words, item = report
    assert "sanitised text" in share(line, item).err
    line("sanitise", words, *at("09:20"), text="A named man has a flat.")
    assert "consent" in share(line, item).err
    urgent = share(line, item, "--urgent", "she is with him now").json["document"]
    assert (urgent["handling"], urgent["conditions"]) == ("C", ["not to the family"])
    consented(line, item, "10")
    assert "not to the family" in share(line, item, when="11:00").err, "the conditions are told"
    met = ("--conditions-met", "the meeting is without them")
    said = share(line, item, *met, when="11:00")
    assert said.code == 0, said.err
    event = made(line)[-1]
    assert (event.handling, event.marking) == ("C", "OFFICIAL-SENSITIVE")


@pytest.mark.usually_on("sqlite")
def test_dissemination_and_export_go_through_the_same_check(report: tuple[Line, str, str]) -> None:
    line, words, item = report
    line("sanitise", words, *at("09:20"), text="A named man has a flat.")
    line("person", "add", "--nickname", "Baz", *at("09:21"))
    line("link", item, "Baz", "place:Mill Lane, Town B", "--kind", "frequents", *at("09:22"))
    send = ("disseminate", item, "--to", "Deter", "--purpose", "a warrant", *at("10:00"))
    consented(line, item)
    assert "handling code C" in line.refused(*send)
    assert line(*send, "--conditions-met", "told to them").code == 0
    out = ("network", "export", "--format", "csv", *at("10:01"))
    assert "handling code C" in line.refused(*out)
    assert line(*out, "--conditions-met", "for the briefing only").code == 0


@pytest.mark.usually_on("sqlite")
def test_what_was_shared_is_written_down_exactly(
    report: tuple[Line, str, str], tmp_path: Path
) -> None:
    line, words, item = report
    line("sanitise", words, *at("09:20"), text="A named man has a flat.")
    consented(line, item)
    cleared = ("--conditions-met", "without them")
    file = tmp_path / "shared.json"
    answer = share(line, item, *cleared, "--out", str(file)).json
    document = json.loads(file.read_bytes())
    assert document == answer["document"]
    assert SECRET not in file.read_text("utf-8")
    assert words not in file.read_text("utf-8")
    assert item not in file.read_text("utf-8"), "no id leads back"
    (one,) = document["items"]
    assert one["sha256"] == hashlib.sha256(b"A named man has a flat.").hexdigest()
    (event,) = made(line)
    assert line.kept.system
    beside = line.kept.system.logs["access"].history(fingerprints_of(UUID(answer["id"])))
    (hashes,) = [fact.event for fact in beside if isinstance(fact.event, CopyFingerprinted)]
    assert hashes.sha256 == (one["sha256"], answer["sha256"])
    assert [str(i) for i in event.items] == [item]
    looked = line("who-looked", item, "--json").json
    assert "disclose" in {row["query"] for row in looked}


@pytest.mark.usually_on("sqlite")
def test_words_that_keep_a_child_safe_do_not_wait_to_be_sanitised(either: Line) -> None:
    words = either("record", "--json", *at("09:00"), text="He waits at the arcade.").json["id"]
    assert "no sanitised text" in share(either, words).err
    (one,) = share(either, words, basis="safeguarding").json["document"]["items"]
    assert (one["grade"], one["text"]) == (None, "He waits at the arcade.")
    assert "first words, ungraded" in one["notes"]
    wishes = ("--ground", "parent-wishes", "--threatened", "no")
    either("withdraw", words, "--reason", "mistaken", *wishes, *at("10:00"))
    either("withdraw", words, "--confirm", "--user", "di.moss", *at("10:00"))
    assert "withdrawn" in share(either, words, basis="safeguarding").err


@pytest.mark.usually_on("sqlite")
def test_a_recall_names_everyone_until_each_was_informed(either: Line) -> None:
    words = either("record", "--json", *at("09:00"), text="He waits at the arcade.").json["id"]
    one = share(either, words, "--needed", "2011-03-18T08:00", basis="safeguarding").json["id"]
    recalled = either(
        "disclosure", "recall", one, "--reason", "another man", "--json", *at("11:00")
    ).json
    assert recalled["to_tell"] == ["Town B children's services", "Deter"]
    either("disclosure", "told", one[-8:], "Deter", *at("11:10"))
    listed = either("disclosure", "list", "--of", words, "--json").json
    assert listed["disclosures"][0]["to_tell"] == ["Town B children's services"]
    assert listed["hours_to_share"] == 2.0
    again = ("disclosure", "recall", one, "--reason", "again")
    assert "recalled already" in either.refused(*again)
    assert "did not receive" in either.refused("disclosure", "told", one, "Engage")
    assert either.kept.system
    assert either.kept.system.views.compare() == []


@pytest.mark.usually_on("sqlite")
def test_a_basis_a_purpose_recipients_and_a_check_are_requested(either: Line) -> None:
    words = either("record", "--json", *at("09:00"), text="He waits at the arcade.").json["id"]
    assert "is not a lawful basis" in either.refused("disclose", words, "--basis", "curiosity")
    assert "On which lawful basis" in either.refused("disclose", words)
    legal = ("--basis", "safeguarding")
    assert "purpose" in either.refused("disclose", words, *legal)
    assert "checked" in either.refused(
        "disclose", words, *legal, "--to", "Deter", "--purpose", "x", "--checked", " "
    )
    same = ("--command-id", "2f1d3c52-5b86-4f3c-8b8a-0c6f1f0d2e01")
    first, again = (share(either, words, *same, basis="safeguarding").json for _ in range(2))
    assert first["id"] == again["id"]
    assert len(made(either)) == 1
