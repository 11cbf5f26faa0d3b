"""Each command that shows content of the record is recorded in the access log with the content's
ids. All other commands write, or show no content."""

import pytest

import cli
from domain.data_protection.access_log import RecordConsulted
from tests.console.conftest import Line
from tests.support.console.contract import written
from tests.support.console.looking import DERIVED, FREE_QUESTIONS, READS, commands
from usecases.kernel.registry import USE_CASES

#: Queries that may show nothing in this test's store; the access log records them all the same.
MAY_BE_EMPTY = {
    "card families",
    "network areas", "network connections",
    "network counts", "network frames", "network moves", "network groups",
    "network key-people", "network hotspots", "network victims", "alerts", "consider",
    "contact check", "compartment show", "source drift digest", "schedule", "user show",
    "identifier known", "certificate", "request letter", "card", "meeting agenda",
    "meeting minutes", "meeting shown", "network computed", "network through",
    "network key-players", "network bridges", "network shared", "network joins",
    "network ways", "material bundle",
}  # fmt: skip
#: Commands that record entries and decisions, and print a receipt; the commands of all use cases
#: are added below.
WRITES = {
    "analyse", "record", "import", "exchange publish", "exchange send", "exchange take",
    "exchange renew", "assess", "sanitise", "disseminate", "report add", "outcome result",
    "victim-request hand-over", "disclose", "request decide", "rectify", "escalate", "erase",
    "hold place", "restrict", "unrestrict", "user add", "log-photo", "original",
    "new-origin propose", "new-origin confirm", "new-origin refuse", "clock propose",
    "clock confirm", "clock refuse",
}  # fmt: skip
#: Commands whose answer contains no content of the record.
FREE = {
    "init", "demo", "read", "verify", "receipt", "backup", "restore", "drill", "serve",
    "anchor", "checkpoint compare", "views status", "views rebuild", "views compare",
    "setup postgres", "signer init", "signer run", "signer witness", "site follow",
    "site forget", "site hand-over", "site heed", "site promote", "site publish",
    "site status", "witness init", "witness serve", "witness sign", "help", "search-help",
    "keys status", "keys rotate", "login", "logout", "whoami", "user enrol", "user key make",
    "user key list", "user key end", "keys open", "keys pair", "doctor", "signer rotate",
    "signer revoke", "watch",
}  # fmt: skip


def test_every_command_is_listed_once() -> None:
    listed = [*READS, *WRITES, *USE_CASES, *FREE, *FREE_QUESTIONS]
    assert len(listed) == len(set(listed))
    lacking = commands(cli.command()) - set(listed)
    assert not lacking, (
        f"write {lacking} into READS (tests/support/console/looking.py), or here into WRITES, or "
        "into FREE if nothing of anybody's record is in the answer"
    )
    assert set(listed) <= commands(cli.command())


@pytest.fixture
def story(either: Line) -> tuple[Line, dict[str, str]]:
    made = written(either)
    either("record", "--clock", "2011-06-01", text="Seen at the arcade again.")
    asked = ("--by", "the subject, passport seen", "--clock", "2011-06-02", "--json")
    made["REQUEST"] = either("access-request", made["BAZ"], *asked).json["id"]
    placing = ("hold", "place", made["BAZ"], "--reason", "an appeal", *asked[2:])
    made["HOLD"] = either(*placing).json["hold"]
    at = ("--at", "2011-05-30T09:00Z", "--chair", "ds.hart")
    made["MEETING"] = either("meeting", "call", "weekly-brief", *at, *asked[2:]).json["id"]
    nobody = either("person", "add", "--name", "Nemo Blank", *asked[2:]).json["id"]
    mistaken = either("person", "add", "--name", "Vera Quill", *asked[2:]).json["id"]
    erasing = ("erase", mistaken, "--basis", "recorded-in-error", *asked[2:])
    made["ERASURE"] = either(*erasing).json["id"]
    note = ("request", "note", "--by", "a letter", "--words", "about my uncle", *asked[2:])
    made["UNKNOWN"] = either(*note).json["id"]
    made["ANSWERABLE"] = either("access-request", nobody, *asked).json["id"]
    give = ("request", "decide", made["ANSWERABLE"], nobody, "give", *asked[2:])
    assert either(*give).code == 0
    either("signer", "init", "--state", str(either.home / "signer"))
    either("signer", "run", "--state", str(either.home / "signer"))
    return either, made


def consultations(line: Line) -> list[RecordConsulted]:
    assert line.kept.system
    log = line.kept.system.logs["access"]
    return [f.event for f in log.read(0, 100_000) if isinstance(f.event, RecordConsulted)]


def test_every_read_is_written_down_with_the_ids_it_shows(
    story: tuple[Line, dict[str, str]], request: pytest.FixtureRequest
) -> None:
    """The access log records each query with the ids of the items in its answer."""
    line, made = story
    turns = 4 if "://" in line.store and not request.config.getoption("--every") else 1
    before = len(consultations(line))
    assert before == 0, "the story is told in writes"
    for query, arguments in [*READS.items()][::turns]:
        said = line(*[part.format(**made) for part in arguments.split("|")])
        assert said.code == 0, said
        found = consultations(line)
        assert [one.query for one in found[before:]] == [query]
        assert found[-1].ids or query in {*MAY_BE_EMPTY, *DERIVED}, query
        before = len(found)


@pytest.mark.usually_on("sqlite")
def test_who_looked_tells_who_when_why_and_by_what(story: tuple[Line, dict[str, str]]) -> None:
    line, made = story
    line("show", made["WORDS"], "--user", "ds.hart", "--why", "review", "--clock", "2012-01-01")
    line("network", "ego", "Baz", "--user", "dc.moss", "--min-grade", "any")
    told = line("who-looked", made["WORDS"], "--json").json
    assert [(t["by"], t["query"], t["why"], t["wanted"]) for t in told] == [
        ("dc.moss", "network ego", None, True),
        ("ds.hart", "show", "review", False),
    ]
    plain = line("who-looked", made["WORDS"]).out
    assert "not given" in plain
    case = line("who-looked", "1", "--json").json
    assert {"ds.hart", "dc.moss"} <= {row["by"] for row in case}, "a case with its parts"
