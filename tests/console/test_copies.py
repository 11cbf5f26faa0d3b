"""Copies through the command line: taken with words, listed, destroyed, named by a certificate."""

from domain.copies import BackupMade, ProofTaken
from domain.governance import ExportMade
from tests.console.conftest import Line, line

__all__ = ["line"]


def left(line: Line, kind: type) -> list[tuple[str, str]]:
    """For whom and for what something was taken."""
    assert line.kept.system
    facts = line.kept.system.logs["access"].read(0, 10_000)
    return [(f.event.recipient, f.event.purpose) for f in facts if isinstance(f.event, kind)]


def test_what_is_taken_along_with_words_says_for_whom_and_for_what(line: Line) -> None:
    words = line("--json", "record", text="Lads call him Baz.").json["id"]
    state = str(line.home.parent / "signer")
    assert line("signer", "init", "--state", state).code == 0
    assert line("signer", "run", "--state", state).code == 0
    assert line("proof", words).code == 0
    assert left(line, ProofTaken) == []
    whom = ("--for", "the court", "--purpose", "the trial of R v X")
    assert line("proof", words, "--with-words", *whom).code == 0
    assert left(line, ProofTaken) == [("the court", "the trial of R v X")]
    assert line("pack", words, "pack.zip", "--with-words", *whom).code == 0
    assert line("network", "export", "--format", "csv", "--out", "net.csv", *whom).code == 0
    assert left(line, ExportMade) == [("the court", "the trial of R v X")] * 2
    assert line("backup", "friday", *whom).code == 0
    assert left(line, BackupMade) == [("the court", "the trial of R v X")]
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
