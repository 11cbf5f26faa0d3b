"""Every command prints its answers for people and for programs in the documented form, on both
databases.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from cli import OF_TEAMS
from domain.data_protection.copies import CopyFingerprinted
from network.export.export import FORMATS
from tests.console.conftest import Line
from tests.support.console.contract import written
from usecases.kernel import registry
from usecases.kernel.fields import fields_of

NETWORK = {"nodes", "links"}
TIE = {"source", "target", "kind", "stage", "grade", "weight", "evidence", "ids"} | {
    "valid_from",
    "valid_to",
    "known_from",
}
QUEUE = {"id", "told", "learned", "age_hours", "due", "overdue", "urgent", "taken_by"}
PERSON = {"id", "label", "degree", "betweenness", "closeness", "eigenvector", "fragmentation"}
STEP = {"id", "event", "stage", "occurred", "learned", "by", "because_of"}

#: Questions, each with the keys of its JSON document and the keys of the rows in the document's
#: lists.
QUESTIONS: list[tuple[str, set[str], dict[str, set[str]]]] = [
    ("network|ego|{BAZ}|--hops|2", NETWORK, {"nodes": {"id", "kind", "label"}, "links": TIE}),
    ("network|ego|Baz|--min-grade|any|--as-known|2011-12-31", NETWORK, {"links": TIE}),
    ("network|path|Baz|PK95ABC", NETWORK, {"links": TIE}),
    ("network|groups|--layer|all", NETWORK, {}),
    ("network|key-people|--by|degree", set(), {"": PERSON}),
    ("network|hotspots", set(), {"": {"id", "label"}}),
    ("network|victims", set(), {"": {"id", "label"}}),
    ("trail|{ARREST}", {"id", "steps"}, {"steps": STEP}),
    ("trail|{WORDS}|--forward", {"id", "steps"}, {"steps": STEP}),
    ("trail|{LINK}|--back", {"id", "steps"}, {"steps": STEP}),
    ("queue", set(), {"": QUEUE}),
    ("queue|--overdue", set(), {"": QUEUE}),
    ("show|{WORDS}", {"id", "events", "links"}, {"events": {"ref", "event", "recorded", "by"}}),
    ("show|{REPORT}", {"id", "events", "links"}, {}),
    ("person|show|{BAZ}", {"id", "label", "names", "categories", "links"}, {}),
    ("mine", set(), {}),
    ("releases", set(), {}),
    ("brief", {"new", "changed", "undecided"}, {}),
    ("brief|--since|2011-03-18", {"new", "changed", "undecided"}, {}),
    ("triage|--next", set(), {}),
    ("suggestions", set(), {}),
    ("search|Bazz", set(), {"": {"id", "kind", "label"}}),
    ("search|PK95", set(), {"": {"id", "kind", "label"}}),
    ("replay", {"hash", "position", "counts", "queue"}, {"queue": QUEUE}),
    ("replay|--until|2011-03-18T12:00", {"hash", "position"}, {}),
    ("replay|--position|evidence:9", {"hash", "position"}, {}),
    ("replay|{WORDS}|--step", {"id", "steps"}, {"steps": {"ref", "event", "stage"}}),
    ("views|status", {"views", "set_aside"}, {"views": {"view", "log", "position", "behind"}}),
    ("views|compare", {"equal", "differences"}, {}),
    ("views|rebuild", {"rebuilt"}, {}),
    ("cases", set(), {}),
    ("stages", {"counts", "dwell"}, {}),
]


@pytest.mark.in_turn("contract")
def test_the_whole_contract(either: Line) -> None:
    """The JSON of all commands is checked on both databases. Tables for people are checked on files
    only, because they do not depend on the database.
    """
    made = written(either)
    for question, keys, lists in QUESTIONS:
        asked = [part.format(**made) for part in question.split("|")]
        answer = either(*asked, "--json").json
        if isinstance(answer, dict):
            assert answer.keys() >= keys, question
        if question == "views|compare":
            assert answer == {"equal": True, "differences": []}
        for name, row_keys in lists.items():
            rows: list[dict[str, Any]] = answer[name] if name else answer
            assert isinstance(rows, list), question
            assert all(row.keys() >= row_keys for row in rows), question
        if "://" not in either.store:
            plain = either(*asked)
            assert plain.code == 0, plain.err
            assert plain.out.strip(), question
    ego = either("network", "ego", "Baz", "--json").json
    # a second person must still confirm that the suspect's link is retracted
    assert [tie["grade"] for tie in ego["links"]] == ["2A", "2C"]
    assert made["WORDS"] in ego["links"][0]["evidence"]
    assert ego["links"][0]["ids"] == [made["LINK"]]
    steps = either("trail", made["ARREST"], "--json").json["steps"]
    assert made["WORDS"] in {step["id"] for step in steps}
    assert made["INFO"] == made["LINK"]


def test_every_export_is_a_file_and_is_recorded(line: Line, tmp_path: Path) -> None:
    line("person", "add", "--nickname", "Baz", "--category", "suspect", "--grounds", "seen")
    item = line("record", "--id", text="Baz drives PK95 ABC").out.strip()
    line("link", item, "Baz", "vehicle:PK95ABC", "--kind", "uses")
    line("assess", item, "--source", "2", "--information", "A", "--handling", "P")
    for form in FORMATS:
        out = tmp_path / f"baz.{form}"
        asked = ("network", "export", "--format", form, "--min-grade", "any", "--out", str(out))
        answer = line(*asked, "--json").json
        assert answer.keys() >= {"file", "format", "sha256", "bytes"}, form
        assert out.stat().st_size == answer["bytes"] > 0, form
        assert line.kept.system
        log = line.kept.system.logs["access"]
        event = log.read(log.last() - 1, 1)[0].event
        assert isinstance(event, CopyFingerprinted), form
        assert event.sha256 == (answer["sha256"],), form
    for form in FORMATS:
        if form not in ("svg", "png", "pdf"):
            dataset = ("--dataset", f"theirs-{form}")
            again = line("import", str(tmp_path / f"baz.{form}"), *dataset, "--json").json
            assert (again["recorded"], again["rejected"]) == (1, 0), form


def test_read_shows_what_would_be_read(line: Line, tmp_path: Path) -> None:
    text = "Baz had PK95 ABC on Friday"
    found = line("read", text, "--written-at", "2011-03-19T09:00", "--json").json
    assert {"start", "end", "kind", "normalised", "confidence"} <= found[0].keys()
    assert {"vrm", "when"} <= {mention["kind"] for mention in found}
    assert all(0 <= one["start"] < one["end"] <= len(text) for one in found)
    rows = [{"id": n, "written_at": "2011-03-19T09:00", "text": text} for n in (1, 2)]
    many = tmp_path / "texts.jsonl"
    many.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    lines = line("read", "--jsonl", str(many)).out.splitlines()
    expected = [{"id": n, "mentions": found, "urgency_signs": [], "noticed": []} for n in (1, 2)]
    assert [json.loads(one) for one in lines] == expected


def test_read_says_what_it_would_propose(line: Line, tmp_path: Path) -> None:
    text = "he got out of prison on Friday and has been on her facebook"
    assert "Proposed as urgent: somebody out of prison" in line("read", text).out
    answer = line("read", text, "--json")
    assert isinstance(answer.json, list)
    assert "Proposed as urgent" in answer.err
    many = tmp_path / "texts.jsonl"
    many.write_text(json.dumps({"id": 1, "written_at": "2011-03-19T09:00", "text": text}))
    (row,) = line("read", "--jsonl", str(many)).out.splitlines()
    assert json.loads(row)["urgency_signs"] == ["released"]
    assert "Proposed" not in line("read", "she likes her new school").out
    assert line("queue", "--json").json == []
    assert line("record", "--json", text=text).json["urgency_signs"] == ["released"]
    assert [row["urgent"] for row in line("queue", "--json").json] == [True]
    signs = "three baths a day, stopped school, new phone, older lads"
    assert "Signs that parents notice: baths" in line("read", signs).out
    assert line("record", "--json", text=signs).json["noticed"] == [
        "often-bathing", "stopped-school", "unexplained-things", "older-company",
    ]  # fmt: skip


def test_a_receipt_tells_what_was_read_and_who_has_it(line: Line) -> None:
    urgent = line("record", "--urgent", "still out", text="Baz, PK95 ABC")
    assert "No assessor has read this entry yet. If a person is in danger, ring 999." in urgent.out
    assert "PK95ABC" in urgent.out
    answer = line("record", "--urgent", "still out", "--json", text="Baz, PK95 ABC").json
    assert (answer["urgent"], answer["taken_by"]) == (True, None)
    assert (
        answer["notice"]
        == "No assessor has read this entry yet. If a person is in danger, ring 999."
    )
    calm = line("record", text="She bought a dress.").out
    assert "Nobody has read" not in calm
    assert "Child in danger now: 999. Nobody is on call now." in calm
    assert answer["on_call"]["now"] is None


def test_a_receipt_says_what_was_odd(line: Line) -> None:
    """An entry with an unknown case and an unreadable time is recorded, and the receipt names both
    problems."""
    odd = ("record", "--case", "77", "--when", "you know when")
    said = line(*odd, text="A man in a van.")
    assert said.code == 0
    assert "No case '77' is known here" in said.err
    assert "No date could be read in 'you know when'" in said.err
    flags: Any = line("--json", *odd, text="A man in a van.").json["flags"]
    assert {(flag["code"], flag["field"], flag["raw"]) for flag in flags} == {
        ("case-unknown", "case", "77"),
        ("date-unresolved", "when", "you know when"),
    }
    assert line("record", text="A man in a van.").err == ""


def test_an_import_twice_changes_nothing(line: Line, tmp_path: Path) -> None:
    form = tmp_path / "links.csv"
    form.write_text("source,target\nN1,N2\nN2,N3\n", encoding="utf-8")
    dry = line("import", str(form), "--form", "links", "--dry-run", "--json")
    assert dry.code == 0
    first = line("import", str(form), "--form", "links", "--json").json
    assert line.kept.system
    count = line.kept.system.logs["evidence"].last()
    assert first
    again = line("import", str(form), "--form", "links").out
    assert "links.csv: source = 'source', target = 'target'" in again
    assert line.kept.system.logs["evidence"].last() == count


def test_the_team_of_a_card_is_that_of_its_figures(line: Line) -> None:
    """`--team` after the command names the teams of a report card's figures; `--team` before the
    command names the user's own team.
    """
    fields = [(one.named.command, one.fields) for one in registry.USE_CASES.values()]
    fields += [(one.named.command, fields_of(one)) for one in registry.QUESTIONS.values()]
    own = {
        command
        for command, some in fields
        if any((each.option, each.form) == ("--team", "texts") for each in some)
    }
    assert own == set(OF_TEAMS)
    for team in ("Deter", "Engage", "Freedom"):
        at = ("--clock", "2011-06-01T09:00", "--team", team)
        line("refer", "--child", f"Child of {team}", *at)
    card = ("card", "--from", "2011-01-01", "--until", "2011-12-31", "--edition", "team")
    asked = (*card, "--used-for", "the board", "--json", "--clock", "2011-12-31T09:00")
    for teams in ({"Deter"}, {"Deter", "Freedom"}, set[str]()):
        given = [word for team in sorted(teams) for word in ("--team", team)]
        rows = line("--team", "Engage", *asked, *given).json["period"]
        assert {row["team"] for row in rows} == (teams or {"Deter", "Engage", "Freedom"})


def test_a_card_without_figures_says_so_once(line: Line) -> None:
    period = ("card", "--from", "2011-01-01", "--until", "2011-03-31", "--edition", "published")
    assert line(*period).out.count("No figures") == 1


def test_global_options_stand_anywhere(line: Line) -> None:
    at = "2011-03-19T09:00:00+00:00"
    answer = line("record", "--json", "--clock", at, "--user=ann", "--team", "West", text="words")
    assert answer.json["recorded"] == "2011-03-19T09:00:00Z"
    (event, *_) = line("show", answer.json["id"], "--json").json["events"]
    assert (event["by"], event["team"]) == ("ann", "West")
    assert line("--", "queue").code in {0, 2}
    assert "needs a value" in line.refused("queue", "--clock")
