"""After an erasure at the command line, no file contains an erased word."""

import json
from pathlib import Path

import psycopg
import pytest

from tests.console.conftest import Line
from tests.support.console.erasing import BY, approved, wrote

#: Invented words that occur nowhere else; each text about the subject contains one of them.
CANARIES = ("Zyxwora", "Quibblethorne", "Fluxmarrow", "Vorpalwick", "Jabberholt", "Snarkfield")


def everything(line: Line, since: str) -> bytes:
    """Return all bytes of the store and of its home directory. On a server, these are the
    database's tables and the files of the write-ahead log from the file `since` on."""
    places = {line.home} | ({Path(line.store)} if not line.store.startswith("postgres") else set())
    found = [
        path.read_bytes() for place in places for path in sorted(place.rglob("*")) if path.is_file()
    ]
    if line.store.startswith("postgres"):
        with psycopg.connect(line.store, autocommit=True) as db:
            db.execute("CHECKPOINT")
            (directory,) = db.execute("SHOW data_directory").fetchone() or ("",)
            (base,) = db.execute(
                "SELECT oid FROM pg_database WHERE datname = current_database()"
            ).fetchone() or (0,)
        logged = (Path(directory) / "pg_wal" / name for name in _written(line, since))
        tables = (Path(directory) / "base" / str(base)).iterdir()
        found += [path.read_bytes() for path in (*tables, *logged) if path.is_file()]
    return b"".join(found)


def _written(line: Line, since: str) -> list[str]:
    """Return the files of the write-ahead log that were written since the file `since`. Older
    files are left out, because the server uses them again, with old contents of other databases.
    """
    with psycopg.connect(line.store) as db:
        rows = db.execute("SELECT name FROM pg_ls_waldir() ORDER BY name").fetchall()
        names = [name for (name,) in rows]
    return [name for name in names if since <= name <= _logging(line)]


def _logging(line: Line) -> str:
    """Return the name of the write-ahead log's current file, or an empty name for a store on
    files.
    """
    if not line.store.startswith("postgres"):
        return ""
    with psycopg.connect(line.store) as db:
        row = db.execute("SELECT pg_walfile_name(pg_current_wal_lsn())").fetchone()
        return str(row[0]) if row else ""


#: SQL that rewrites each table that has rows. Without it, some changes would be only in the
#: server's memory, where the test cannot see them.
FULL = """
    SELECT 'VACUUM (FULL, ANALYZE) ' || string_agg(oid::regclass::text, ', ')
    FROM pg_class WHERE relkind = 'r' AND relnamespace::regnamespace::text !~ '^(pg_|information)'
    AND pg_relation_size(oid) > 0
"""


READS = (
    ("queue",),
    ("brief", "--peek"),
    ("mine",),
    ("cases", "--all"),
    ("stages",),
    ("suggestions",),
    ("network", "groups", "--min-grade", "any"),
    ("network", "key-people", "--min-grade", "any"),
    ("replay",),
    ("retention", "--all"),
    ("erase", "--status"),
    ("views", "status"),
)


@pytest.mark.in_turn("erased words")
def test_the_erased_words_are_found_nowhere(either: Line, tmp_path: Path) -> None:
    """After two people erase a case, no word of the case's entry, sheet, referral, person, report
    or link is in any file.
    """
    line, since = either, _logging(either)
    line(
        "--clock",
        "2011-03-18T09:00",
        "refer",
        "--child",
        "Zyxwora Quibblethorne",
        "--concern",
        "Fluxmarrow",
    )
    words = wrote(
        line,
        "record",
        "--case",
        "1",
        "--heard-from",
        "her mother",
        text="Vorpalwick waits for Zyxwora by the bus",
    )
    other = wrote(line, "record", text="a van in Town B, PK95 ABC")
    sheet = tmp_path / "links.csv"
    sheet.write_text("source,target\nSnarkfield,Somebody Else\n", "utf-8")
    assert line("import", str(sheet), "--form", "links").code == 0
    sheet.unlink()
    report = wrote(line, "assess", words, "--source", "2", "--information", "A", "--handling", "P")
    assert line("sanitise", words, text="A man called Jabberholt waits").code == 0
    if line.store.startswith("postgres"):
        with psycopg.connect(line.store, autocommit=True) as db:
            (statement,) = db.execute(FULL).fetchone() or ("",)
            # the server collects statistics with samples of values, as it also does by itself
            db.execute(statement)
    before = everything(line, since)
    assert b"Zyxwora" in before  # this shows that the test can find a word that is in the views

    hit = line("--json", "search", "Snarkfield").json[0]["id"]
    named = [one["id"] for one in line("--json", "erase", hit, "--dry-run").json["needed"]]
    redactions = tmp_path / "redactions.jsonl"
    redactions.write_text(
        "".join(json.dumps({"id": one, "words": None}) + "\n" for one in named), "utf-8"
    )
    subjects = tmp_path / "subjects.txt"
    case = line("--json", "cases").json[0]["case"]
    subjects.write_text(f"{case}\n{hit}\n", "utf-8")
    dry = line(
        "--json", "erase", "--file", str(subjects), "--dry-run", "--redactions", str(redactions)
    ).json
    assert (dry["needed"], dry["refused"]) == ([], [])
    assert {words, report, case, hit} <= {item["id"] for item in dry["items"]}
    assert len(dry["originals"]) == 1
    proposed = wrote(line, "erase", "--file", str(subjects), "--redactions", str(redactions), *BY)
    assert "two people" in line.refused("erase", "--approve", proposed)
    done = approved(line, proposed)
    assert done["state"] == "certified"
    assert done["certificate"]["keys"] > 0
    assert done["counts"]["destroyed"] == done["certificate"]["items"]["destroyed"]

    after = everything(line, since)
    for canary in CANARIES:
        for form in (canary, canary.lower(), canary.upper()):
            assert form.encode() not in after, form
        assert form.encode("utf-16-le") not in after
    for arguments in (
        *READS,
        ("show", words),
        ("show", case),
        ("trail", words),
        ("search", "van"),
        ("search", "Vorpalwick"),
        ("replay", words, "--step"),
    ):
        said = line("--json", *arguments)
        assert said.code in (0, 2), (arguments, said)
        assert not any(c.lower() in (said.out + said.err).lower() for c in CANARIES), arguments
    assert line("--json", "search", "Vorpalwick").json == []
    assert line("--json", "show", words).json["state"] == "erased"
    assert line("--json", "views", "compare").json["equal"]
    assert line("--json", "verify", "--allow-unproven").json["ok"]
    assert [row["id"] for row in line("--json", "queue").json] == [other]


def test_the_sequence_takes_two_people_and_can_be_refused(line: Line) -> None:
    words = wrote(line, "record", text="a car")
    proposed = wrote(line, "erase", words, *BY)
    assert "two people" in line.refused("erase", "--refuse", proposed)
    assert line("--user", "di.okoro", "erase", "--refuse", proposed).code == 0
    assert "was refused" in line.refused("--user", "di.okoro", "erase", "--approve", proposed)
    assert line("--json", "erase", "--status").json[0]["state"] == "refused"
    assert line("--json", "queue").json[0]["id"] == words


def test_an_approval_says_on_standard_error_that_the_views_are_made_again(line: Line) -> None:
    """While the views are rebuilt after an approved erasure, a message on standard error says so. A
    program that reads the standard output gets only the certificate."""
    line("refer", "--child", "Kayleigh Marlow")
    case = line("--json", "cases").json[0]["case"]
    proposed = wrote(line, "erase", case, *BY)
    done = line("--json", "--user", "di.okoro", "erase", "--approve", proposed)
    assert done.json["state"] == "certified"
    assert done.err.count("The views are being rebuilt; no record is lost: ") == 1
    assert done.err.count("\n") == 1


def test_what_has_changed_since_is_proposed_anew(line: Line) -> None:
    line("refer", "--child", "Kayleigh Marlow")
    case = line("--json", "cases").json[0]["case"]
    proposed = wrote(line, "erase", case, *BY)
    wrote(line, "record", "--case", "1", text="out again")
    assert "have changed since" in line.refused(
        "--user", "di.okoro", "erase", "--approve", proposed
    )
    assert approved(line, wrote(line, "erase", case, *BY))["state"] == "certified"


def test_a_redacted_text_keeps_its_grade_and_links(line: Line) -> None:
    baz = wrote(
        line,
        "person",
        "add",
        "--nickname",
        "Baz",
        "--category",
        "person-of-interest",
        "--grounds",
        "named by a parent",
    )
    ginge = wrote(
        line,
        "person",
        "add",
        "--nickname",
        "Ginge",
        "--category",
        "person-of-interest",
        "--grounds",
        "named by a parent",
    )
    lee = wrote(
        line,
        "person",
        "add",
        "--nickname",
        "Leebo",
        "--category",
        "person-of-interest",
        "--grounds",
        "named by a parent",
    )
    words = wrote(line, "record", text="Baz, Ginge and Leebo share a flat")
    report = wrote(line, "assess", words, "--source", "2", "--information", "C", "--handling", "P")
    kept = wrote(line, "link", report, ginge, lee, "--kind", "associate")
    gone = wrote(line, "link", report, baz, lee, "--kind", "associate")
    said = line.refused("erase", baz, *BY)
    assert words in said
    Path("words.jsonl").write_text(
        json.dumps({"id": words, "words": "Ginge and Leebo share a flat"}) + "\n", "utf-8"
    )
    proposed = wrote(line, "erase", baz, *BY, "--redactions", "words.jsonl")
    assert approved(line, proposed)["counts"] == {"destroyed": 1, "disappears": 1, "redacted": 1}
    ego = line("--json", "network", "ego", ginge).json
    assert [(one["grade"], one["evidence"]) for one in ego["links"]] == [("2C", [words, report])]
    assert line("--json", "show", kept).json["state"] == "live"
    assert line("--json", "show", gone).json["state"] == "erased"
    assert (
        line("--json", "search", "share a flat").json[0]["label"] == "Ginge and Leebo share a flat"
    )
    assert line("--json", "search", "Baz").json == []
    told = line("show", words).out
    assert "Baz" not in told
    assert "observation.redacted" in told
    assert line("--json", "views", "compare").json["equal"]


def test_a_repeat_of_what_was_erased_says_so(line: Line) -> None:
    command = ("record", "--command-id", "01896d1e-0000-4000-8000-000000000001")
    words = wrote(line, *command, text="a car")
    approved(line, wrote(line, "erase", words, *BY))
    assert "erased" in line.refused(*command, text="a car")
    assert "was erased" in line.refused("correct", words, text="a van")


def test_an_answer_about_the_past_lists_the_erasures(line: Line) -> None:
    words = wrote(line, "--clock", "2011-03-18T09:00", "record", text="a car")
    proposed = wrote(line, "--clock", "2011-03-19T09:00", "erase", words, *BY)
    line("--clock", "2011-03-19T10:00", "--user", "di.okoro", "erase", "--approve", proposed)
    first = line("--json", "replay", "--until", "2011-03-18").json
    assert [one["erasure"] for one in first["erasures"]] == [proposed]
    assert first["queue"] == []
    assert line("--json", "replay", "--until", "2011-03-18").json["hash"] == first["hash"]


@pytest.mark.parametrize(
    ("text", "said"),
    [("not json", "line 1 is not a redaction"), ('{"words": "x"}', "line 1 is not a redaction")],
)
def test_redactions_that_cannot_be_used(line: Line, text: str, said: str) -> None:
    words = wrote(line, "record", text="a car")
    Path("r.jsonl").write_text(text, "utf-8")
    assert said in line.refused("erase", words, "--dry-run", "--redactions", "r.jsonl")


def test_an_impossible_question_is_reported(line: Line) -> None:
    assert "give exactly one of these" in line.refused("erase")
    assert "no item" in line.refused("erase", "ffffffffffff", "--dry-run")
    words = wrote(line, "record", text="a car")
    assert "a lawful basis is needed" in line.refused("erase", words)
    assert "no erasure" in line.refused("erase", "--approve", words)
    Path("list.txt").write_text("nobody\n", "utf-8")
    assert "line 1" in line.refused("erase", "--file", "list.txt", "--dry-run")
    assert line("erase", "--resume").out == "No erasure was interrupted.\n"
