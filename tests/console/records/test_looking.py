"""No command is forgotten: each is a read that is written down, a write, or free of content."""

import pytest

import cli
from domain.data_protection.access_log import RecordConsulted
from tests.console.conftest import Line
from tests.support.console.contract import written
from tests.support.console.looking import READS, commands

#: What these show may be nothing at all in that story, and is written down all the same.
MAY_BE_EMPTY = {
    "vehicle list", "phone list", "place list", "arrest list", "network areas",
    "network counts", "network frames", "network moves",
    "network groups", "network key-people", "network hotspots", "network victims", "suggestions",
    "hits", "unusual-access", "alerts", "alert list", "rota list", "consider", "contact check",
    "support list", "health list",
    "placement list", "compartment show", "source drift list", "source drift digest",
    "disclosure list", "releases", "schedule", "escalations", "retention", "due escalated",
    "glass list", "authority list", "entry list", "proposals",
    "user show", "request parts", "flags", "due", "missing", "missing now", "patterns",
    "family people", "parent list", "exploitation list", "ethnicity", "parents-ethnicity",
    "family list", "court list", "voices", "journey",
    "identifier show", "identifier known", "costs",
    "nationality", "family needs", "media list", "waiting list", "charter show", "prevention",
    "marac list", "certificate", "request unidentified", "request letter",
    "card",
    "standing-search list", "standing-pattern list", "chart list", "offers", "matches",
    "notices", "proceedings", "family steps",
    "material list", "request list",
    "material report",
    "victim-request list",
    "complaint list",
    "reporting list",
    "meeting list", "meeting agenda", "meeting minutes", "meeting shown", "network for-decision",
    "network apart", "network computed", "network through", "network key-players",
    "network bridges",
    "network shared", "network joins", "network ways",
    "meeting decisions", "week", "workload", "supervision list",
}  # fmt: skip
#: Words come in, decisions are recorded: their answer is a receipt.
WRITES = {
    "analyse",
    "record", "take", "urgency", "urgent", "correct", "confirm", "misread", "refile",
    "withdraw", "import",
    "refer", "threshold", "allocate", "missing reported", "missing found", "missing interview",
    "missing risk", "missing weighed", "missing told", "missing judged", "missing plan",
    "join confirm", "join dismiss", "standing-search set", "standing-search end",
    "chart save", "chart note", "chart withdraw",
    "standing-pattern set", "standing-pattern end",
    "offer", "withdraw-offer", "decide-match",
    "exchange publish", "exchange send", "exchange take", "exchange renew",
    "engagement", "flag", "exit", "close",
    "assess", "sanitise", "link", "disseminate", "retract", "report add",
    "evidence add", "evidence transfer", "evidence exclude", "evidence undermine",
    "evidence withdraw",
    "outcome arrest", "outcome charge", "outcome notice", "outcome result",
    "person add", "person alias", "person name", "person class", "person age",
    "person learning-disability", "person custody", "person end-class",
    "same", "different", "unsure", "judge", "split", "train-weights",
    "source grade", "source conflict", "roots join", "roots part",
    "consent ask", "consent give", "consent refuse", "support contact", "support note",
    "family told", "family promise", "family kept", "family invited", "family asked",
    "family member", "family cares", "family engaged", "family relation", "family at-risk",
    "family decided", "family danger", "parent risk", "parent risk-ended",
    "identifier record", "identifier withdraw", "identifier open",
    "person ethnicity", "person nationality", "family ethnicity", "exploitation assess",
    "family need", "family need-answered", "family threat", "family threat-answered",
    "family moved", "waiting added", "waiting asked", "waiting ended",
    "media noted", "media answered", "media check", "marac refer", "marac heard",
    "court hearing", "court moved", "court held", "court bail", "court bail-ended", "court plea",
    "court measure", "court account", "court step",
    "charging decided", "charging review", "court order", "court appeal", "court appeal-decided",
    "notice service", "notice breach", "notice followed",
    "victim-request ask", "victim-request notice", "victim-request decide",
    "victim-request withdraw", "victim-request hand-over",
    "meeting call", "meeting off", "meeting held", "meeting item", "meeting decide",
    "meeting result", "meeting board", "meeting people", "supervision told",
    "health note", "placement made", "placement ended", "compartment open", "compartment close",
    "source drift due", "source drift decide",
    "hits decide", "unusual-access review",
    "disclose", "disclosure recall", "disclosure told",
    "request decide", "request complete", "request extend", "request ask", "request heard",
    "request note", "request find", "request nil",
    "reporting arises", "reporting later", "reporting reported",
    "complaint received", "complaint acknowledged", "complaint step", "complaint outcome",
    "rectify", "material review", "escalate",
    "glass break", "glass close", "glass review", "authority give", "authority approve",
    "authority end", "entry ask", "entry join", "entry alone", "entry review",
    "erase", "hold place", "hold lift", "hold confirm", "hold review",
    "restrict", "unrestrict", "retention decide",
    "user add", "user lock", "user unlock", "user leave", "user role give", "user role take",
    "user team join", "user team leave", "user assign", "user unassign",
    "user role alone", "user role confirm", "user role lend", "user role refuse",
    "user team confirm", "user team refuse",
    "incident add", "charter acknowledge", "target set",
    "team charity", "team make", "team rename", "team merge",
    "user reach", "user unreach",
    "rota add", "rota end", "due answer", "alert answer", "due acknowledge", "copies destroyed",
    "log-photo", "original",
    "new-origin propose", "new-origin confirm", "new-origin refuse",
    "clock propose", "clock confirm", "clock refuse",
}  # fmt: skip
#: Nothing of anybody's record is in what these say.
FREE = {
    "init", "demo", "figures", "read", "rules", "stages", "verify", "receipt", "backup",
    "restore", "drill",
    "serve",
    "anchor", "checkpoint compare", "views status", "views rebuild", "views compare",
    "setup postgres", "signer init", "signer run", "signer witness",
    "site follow", "site forget", "site hand-over", "site heed", "site promote", "site publish",
    "site status",
    "witness init", "witness serve", "witness sign",
    "help", "search-help",
    "keys status", "keys rotate", "login", "logout", "whoami", "user enrol", "user key make",
    "user key list", "user key end", "user list", "user waiting", "keys open", "keys pair",
    "team list", "copies", "doctor", "signer rotate", "signer revoke", "watch",
}  # fmt: skip


def test_every_command_is_listed_once() -> None:
    listed = [*READS, *WRITES, *FREE]
    assert len(listed) == len(set(listed))
    assert commands(cli.command()) == set(listed), "is it a read, a write, or free of content?"


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


def looks(line: Line) -> list[RecordConsulted]:
    assert line.kept.system
    log = line.kept.system.logs["access"]
    return [f.event for f in log.read(0, 100_000) if isinstance(f.event, RecordConsulted)]


def test_every_read_is_written_down_with_the_ids_it_shows(
    story: tuple[Line, dict[str, str]], request: pytest.FixtureRequest
) -> None:
    """On files; on a server every fourth of them, with `--every` all."""
    line, made = story
    turns = 4 if "://" in line.store and not request.config.getoption("--every") else 1
    before = len(looks(line))
    assert before == 0, "the story is told in writes"
    for query, arguments in [*READS.items()][::turns]:
        said = line(*[part.format(**made) for part in arguments.split("|")])
        assert said.code == 0, said
        found = looks(line)
        assert [one.query for one in found[before:]] == [query]
        assert found[-1].ids or query in MAY_BE_EMPTY, query
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
