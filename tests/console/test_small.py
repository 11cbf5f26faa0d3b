"""Small promises of the command line. Each holds at a point where a new user once made a
mistake."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.console.conftest import CONTINUUM, Line, shell


def test_each_look_bears_the_time_that_the_store_was_told(line: Line) -> None:
    """Each record in the access log has the time of --clock. (A bug had given one record this
    machine's time, so that all later records had a later time than --clock.)
    """
    item = line("record", "--id", "--clock", "2011-03-18T23:40", text="Baz drives PK95 ABC").out
    item = item.strip()
    assert line("show", item).code == 0
    for hour in ("07", "08", "09"):
        assert line("show", item, "--clock", f"2011-03-19T{hour}:30").code == 0
    looks = line("who-looked", item, "--json", "--clock", "2011-03-19T10:00").json
    assert [look["at"][:16] for look in looks[:3]] == [
        "2011-03-19T09:30",
        "2011-03-19T08:30",
        "2011-03-19T07:30",
    ]


def test_the_date_of_a_referral_is_the_one_on_its_sheet(line: Line, tmp_path: Path) -> None:
    """A referral has the date on its sheet, even in British summer time, in which a day begins an
    hour earlier than in UTC.
    """
    sheet = tmp_path / "referrals.csv"
    sheet.write_text("child,date of referral\nErin Vale,12/06/2011\n", "utf-8")
    assert (
        line("import", str(sheet), "--form", "referrals", "--clock", "2011-06-14T10:00").code == 0
    )
    at = ("--clock", "2011-06-14T11:00")
    assert "received: 2011-06-12\n" in line("show", "1", *at).out
    trail = line("trail", "1", *at).out
    assert "2011-06-12" in trail
    assert "2011-06-11" not in trail
    assert line("show", "1", "--json", *at).json["events"][1]["received"] == "2011-06-11T23:00:00Z"


def test_a_person_is_found_by_name_wherever_one_may_be_meant(line: Line) -> None:
    line("person", "add", "--name", "Barry Sleight")
    line("person", "add", "--nickname", "Two", "--grounds", "a")
    line("person", "add", "--nickname", "Two", "--grounds", "b")
    who = line("person", "show", "Barry Sleight", "--json").json["id"]
    kept = line(
        "retention", "decide", "Barry Sleight", "retain", "--reason", "still at large", "--json"
    )
    assert kept.json["id"] == who
    for asked in (("show",), ("trail",), ("who-looked",), ("replay", "--step")):
        assert line(*asked, "Barry Sleight").code == 0, asked
    assert line("retention", "decide", "barry sleight", "retain", "--reason", "x").code == 0
    assert "there is no person or case 'Barry Slight Other'" in line.refused(
        "retention", "decide", "Barry Slight Other", "retain", "--reason", "x"
    )
    assert "fits 2" in line.refused("show", "Two")
    assert "there is no link 'Barry Sleight'" in line.refused(
        "retract", "Barry Sleight", "--reason", "x"
    )


@pytest.mark.parametrize(
    "command",
    [
        ("--store", "mysql://u:secret@h/d", "cases"),
        ("--store", "mysql://u:secret@h/d", "init"),
        ("demo", "sqlite:///x"),
        ("--store", "PostgreSQL://u:secret@h/d", "init"),
    ],
)
def test_the_address_of_another_database_is_no_directory(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    said = shell(*command, cwd=tmp_path)
    assert said.returncode == 2
    assert b"is not the address of a store: give a directory" in said.stderr
    assert b"secret" not in said.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_mistyped_name_is_refused_where_names_are_believed(line: Line) -> None:
    line(
        "--user", "admin.reed", "user", "add", "ds.hart", "--role", "detective", "--team", "Engage"
    )
    told = line.refused("--user", "ds.hatr", "cases", code=3)
    assert told == "there is no account 'ds.hatr' in this store: did you mean ds.hart?"
    assert "ask who keeps the accounts" in line.refused("--user", "x", "queue", code=3)
    assert line("verify").code == 6, "at night you are not signed in"
    words = line("--user", "ds.hatr", "record", text="Baz waits outside")
    assert words.code == 0, "words are taken in the person who brings them"
    assert "did you mean ds.hart? Recorded under this name all the same." in words.err


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("assess|x|--source|9|--information|A", "--source: '9' is not one of '1', '2', '3'."),
        ("network|ego|Baz|--hops|99", "--hops: has to be 6 or less"),
        ("network|key-people|--limit|many", "--limit: has to be a whole number"),
        ("network|key-people|--limit|0", "--limit: has to be 1 or more"),
        ("serve|--port|x", "--port: has to be a whole number"),
    ],
)
def test_what_was_typed_wrong_is_reported_in_plain_words(line: Line, wrong: str, told: str) -> None:
    assert line.refused(*wrong.split("|")) == told


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("URGENT_HOURS", "soon", "urgent_hours has to be a number"),
        ("URGENT_HOURS", "-1", "urgent_hours has to be more than 0"),
        ("LOG_LEVEL", "x", "log_level has to be 'debug', 'info', 'warning' or 'error'"),
        ("ASSESSOR", "perhaps", "assessor has to be true or false"),
    ],
)
def test_a_setting_that_cannot_be_is_reported_in_plain_words(
    name: str, value: str, told: str
) -> None:
    said = shell("cases", env={f"CONTINUUM_{name}": value})
    assert said.returncode == 2
    assert told in said.stderr.decode()


def complete_word(*asked: str, **environment: str) -> bytes:
    """Run the installed program as a shell does to complete a word; return its output."""
    around = os.environ | environment
    said = subprocess.run([CONTINUUM, *asked], env=around, capture_output=True, check=False)
    return said.stdout


def test_it_says_its_version_helps_with_h_and_completes() -> None:
    assert shell("--version").stdout.startswith(b"continuum 0.")
    for asked in (("-h",), ("network", "-h"), ("network", "export", "-h")):
        said = shell(*asked)
        assert (said.returncode, said.stdout[:6]) == (0, b"Usage:"), asked
    for words, wanted in (("continuum net", b"network"), ("continuum network exp", b"export")):
        typed = {"COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
        told = complete_word(**typed, _CONTINUUM_COMPLETE="complete_bash")
        assert told.split() == [wanted], told
    # otherwise the type of the parent shell decides the answer
    plain = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    assert b"complete" in complete_word("--show-completion", "bash", **plain)


def test_an_export_says_what_is_not_in_it_and_how_to_ask(line: Line, tmp_path: Path) -> None:
    """An export names the links that it leaves out and says how to ask for the originator's
    consent. (A bug had refused the export with a raw id.)
    """
    line("person", "add", "--nickname", "Baz", "--category", "suspect", "--grounds", "seen")
    free = line("record", "--id", text="Baz drives PK95 ABC").out.strip()
    line("link", free, "Baz", "vehicle:PK95ABC", "--kind", "uses")
    line("assess", free, "--source", "2", "--information", "A", "--handling", "P")
    held = line("record", "--id", text="Baz drives PK95 ABX").out.strip()
    codes = ("--handling", "C", "--action", "A1", "--sanitisation", "S2", "--conditions", "ask")
    report = line("assess", "--id", held, "--source", "2", "--information", "A", *codes).out.strip()
    line("link", report, "Baz", "vehicle:PK95ABX", "--kind", "uses")
    out = tmp_path / "baz.csv"
    asked = ("network", "export", "--format", "csv", "--around", "Baz", "--min-grade", "any")
    made = line(*asked, "--for", "the CPS", "--out", str(out))
    assert made.code == 0, made.err
    assert "1 link is left out until the originator consents" in made.err
    assert "Baz uses PK95ABX: not asked yet" in made.err
    assert f"continuum consent ask {report[-8:]} --for 'a map for the CPS'" in made.err
    assert report not in made.err
    assert "PK95ABX" not in out.read_text("utf-8")
    assert line("consent", "ask", report[-8:], "--for", "a map for the CPS").code == 0
    told = line(*asked, "--for", "the CPS", "--out", str(out), "--json").json["withheld"]
    assert [one["consent"] for one in told] == ["asked"]


def test_an_export_without_a_tie_says_why(line: Line, tmp_path: Path) -> None:
    """If a map has only ungraded links, its export is empty, and a message says why."""
    line("person", "add", "--nickname", "Baz", "--category", "suspect", "--grounds", "seen")
    told = line("record", "--id", text="Baz drives PK95 ABC").out.strip()
    line("link", told, "Baz", "vehicle:PK95ABC", "--kind", "uses")
    asked = ("network", "export", "--format", "csv", "--out", str(tmp_path / "out.csv"))
    made = line(*asked)
    assert (made.code, made.err) == (0, "It contains no link; 1 ungraded not shown.\n")
    also = line(*asked[:-1], str(tmp_path / "all.csv"), "--min-grade", "any", "--json")
    assert also.json["ties"] == 1
    assert also.err == ""


def test_views_that_0_1_0_left_go_when_they_are_made_again(line: Line) -> None:
    """The next rebuild of the views deletes views that release 0.1.0 left behind
    (docs/upgrading.md).
    """
    left = Path(line.store) / "views.db"
    left.write_bytes(b"words in the clear")
    assert line("views", "rebuild").code == 0
    assert not left.exists()
    assert line("views", "compare", "--json").json["equal"]


def test_people_and_their_links_come_in_as_two_tables_with_ids(line: Line, tmp_path: Path) -> None:
    """People and links are imported from two tables with ids, in either order. Two people with the
    same name stay two people."""
    people, links = tmp_path / "people.csv", tmp_path / "links.csv"
    people.write_text("person id,full name\nN1,John Smith\nN2,John Smith\nN3,Barry Field\n")
    links.write_text(
        "source,source_id,target,target_id\n"
        "John Smith,N1,Barry Field,N3\nJohn Smith,N2,John Smith,N1\n"
    )
    for name, files in (("one", (people, links)), ("other", (links, people))):
        for file in files:
            assert line("import", str(file), "--dataset", name).code == 0
    found = line("person", "list", "--json").json
    assert sorted(one["names"][0] for one in found) == 2 * ["Barry Field"] + 4 * ["John Smith"]
    assert line("import", str(links), "--dataset", "one").code == 0
    assert len(line("person", "list", "--json").json) == len(found)


def test_an_import_of_which_no_row_fits_ends_with_the_code_of_bad_input(
    line: Line, tmp_path: Path
) -> None:
    """If every row is rejected, the exit code is 2; if a row was recorded, now or before, it is 0.
    A dry run ends with the same code.
    """
    head, bad, good = "source,target\n", "John Smith,\n", "John Smith,Barry Field\n"
    sheet = tmp_path / "links.csv"
    for rows, code in ((bad, 2), (bad + good, 0), (good, 0), (bad + good, 0)):
        sheet.write_text(head + rows)
        assert line("import", str(sheet), "--dry-run").code == code
        done = line("import", str(sheet))
        assert (done.code, "REJECTED" in done.out) == (code, bad in rows)
    sheet.write_text(head + bad)
    said = line("import", str(sheet), "--json")
    assert (said.code, json.loads(said.out)["rejected"]) == (2, 1)


def test_a_chat_and_a_phones_calls_come_in_as_they_are(line: Line) -> None:
    """A chat and a phone's calls are imported in their original form: the user must say whose phone
    it is, and the report names what the program recognised.
    """
    chats = Path(__file__).parents[1] / "data" / "chats"
    chat, calls = str(chats / "whatsapp-iphone.txt"), str(chats / "calls.xml")
    assert "several people's messages" in line.refused("import", chat)
    given = ("--conversation", "Mum O", "--heard-from", "Marion Oakes")
    first = line("import", chat, *given).out
    assert "recognised as a WhatsApp chat, dates month first, 12-hour clock" in first
    assert line("import", chat, *given, "--json").json["already_known"] == 5
    assert "--phone" in line.refused("import", calls, "--conversation", "all")
    taken = line("import", calls, "--conversation", "Baz", "--phone", "07700 900111", "--json")
    assert taken.json["recorded"] == 3
