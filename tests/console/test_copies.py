"""The command line records copies with a purpose, lists them, records that they were destroyed, and
names them in a certificate of erasure.
"""

from pathlib import Path
from typing import Any
from uuid import UUID

from domain.data_protection.access_log import RecordConsulted
from domain.data_protection.copies import BackupMade, ProofTaken
from domain.people_and_teams.store_admin import ExportMade, FileReceived
from tests.console.conftest import Line, line
from tests.ingest.conftest import log_csv
from tests.support.ingest.photograph import photo

__all__ = ["line"]


def copies_taken(line: Line, kind: type[Any]) -> list[tuple[str, str]]:
    """Return the recipient and the purpose of each copy of this kind."""
    assert line.kept.system
    events: list[Any] = [one.event for one in line.kept.system.logs["access"].read(0, 10_000)]
    return [(event.recipient, event.purpose) for event in events if isinstance(event, kind)]


def test_what_is_taken_along_with_words_says_for_whom_and_for_what(line: Line) -> None:
    words = line("--json", "record", text="Lads call him Baz.").json["id"]
    state = str(line.home.parent / "signer")
    assert line("signer", "init", "--state", state).code == 0
    assert line("signer", "run", "--state", state).code == 0
    assert line("proof", words).code == 0
    assert copies_taken(line, ProofTaken) == []
    whom = ("--for", "the court", "--purpose", "the trial of R v X")
    assert line("proof", words, "--with-words", *whom).code == 0
    assert copies_taken(line, ProofTaken) == [("the court", "the trial of R v X")]
    assert line("pack", words, "pack.zip", "--with-words", "--wait", "0", *whom).code == 0
    assert line("network", "export", "--format", "csv", "--out", "net.csv", *whom).code == 0
    assert copies_taken(line, ExportMade) == [("the court", "the trial of R v X")] * 2
    assert line("backup", "friday", *whom).code == 0
    assert copies_taken(line, BackupMade) == [("the court", "the trial of R v X")]
    listed = line("--json", "copies").json
    assert [one["kind"] for one in listed] == ["proof with words", "pack", "csv", "backup"]


def test_a_copy_that_is_destroyed_is_no_longer_listed(line: Line) -> None:
    assert line("backup", "friday").code == 0
    (held,) = line("--json", "copies").json
    assert "there is no copy" in line.refused("copies", "destroyed", "abc", "--how", "shredded")
    assert line("copies", "destroyed", held["id"][-8:], "--how", "shredded").code == 0
    assert line("--json", "copies").json == []
    assert line("--json", "copies", "--all").json[0]["destroyed"]


def test_a_certificate_says_what_was_only_restricted_and_what_may_still_open_it(line: Line) -> None:
    words = line("--json", "record", text="Lads call him Baz.").json["id"]
    held = line("--json", "record", text="Another one.").json["id"]
    assert line("backup", "friday", "--for", "the vault").code == 0
    assert line("hold", "place", held, "--reason", "an inquiry").code == 0
    dry = line("--json", "erase", held, "--dry-run").json
    assert "a legal hold covers it" in dry["why"][held]
    assert "a legal hold covers it" in line("erase", held, "--dry-run").out
    for item, outcome in (
        (held, "only restricted"),
        (words, "erased"),
    ):
        one = line("--json", "erase", item, "--basis", "recorded-in-error").json["id"]
        done = line("--user", "di.moss", "--json", "erase", "--approve", one).json
        assert done["outcome"] == outcome
        assert [each["holders"] for each in done["copies"]] == (
            [["the vault"]] if outcome == "erased" else []
        )


def test_a_photograph_of_a_paper_log_is_laid_beside_words_and_taken_out_on_record(
    line: Line, tmp_path: Path
) -> None:
    words = line("--json", "record", text="Baz waits there").json["id"]
    (tmp_path / "log.jpg").write_bytes(photo())
    lay = ("log-photo", words, "log.jpg")
    assert "do not photograph or forward" in line.refused(*lay)
    assert "give the photograph's FILE" in line.refused("log-photo", words)
    assert "cannot be read" in line.refused("log-photo", words, "no.jpg", "--paper")
    (tmp_path / "no.jpg").write_bytes(b"GIF89a")
    assert "this is not a photograph" in line.refused("log-photo", words, "no.jpg", "--paper")
    assert line(*lay, "--paper").code == 0
    assert line("log-photo", words, "--out", "shown.jpg", "--for", "the court").code == 0
    assert b"CANARY" not in (tmp_path / "shown.jpg").read_bytes()
    assert line("log-photo", words, "--out", "whole.jpg", "--as-it-came").code == 0
    assert (tmp_path / "whole.jpg").read_bytes() == photo()
    assert "exists already" in line.refused("log-photo", words, "--out", "whole.jpg")
    assert line.refused("log-photo", words, "--out", "x.jpg", "--number", "2")
    assert copies_taken(line, ExportMade)[0][0] == "the court"
    events = line("--json", "show", words).json["events"]
    assert "secret" not in str(events[-1])


def test_an_original_is_taken_out_through_its_key_and_on_record(line: Line, tmp_path: Path) -> None:
    path = log_csv(tmp_path / "log.csv")
    assert line("import", str(path)).code == 0
    assert line.kept.system
    facts = line.kept.system.logs["evidence"].read(0, 1_000)
    (file,) = [str(fact.stream) for fact in facts if isinstance(fact.event, FileReceived)]
    assert "give either a file's ID" in line.refused("original", file)
    assert line("original", file, "--out", "out.csv", "--for", "the court").code == 0
    access = line.kept.system.logs["access"].read(0, 1_000)
    looks = [each.event.ids for each in access if isinstance(each.event, RecordConsulted)]
    assert UUID(file).bytes in looks, "that it was taken out is a look at it"
    assert "there is no file 'log'" in line.refused("original", "log", "--out", "other.csv")
    assert (tmp_path / "out.csv").read_bytes() == path.read_bytes()
    assert "exists already" in line.refused("original", file, "--out", "out.csv")
    assert copies_taken(line, ExportMade)[0][0] == "the court"
    assert line("--json", "original", "--seal").json == {"sealed": 0}
