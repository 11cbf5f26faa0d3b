"""Bad input is answered with a sentence and never with a traceback, and no command records half of
its facts.
"""

import io
import json
import os
import socket
import subprocess
import sys
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

import cli
from console.engine import streams
from console.engine.failures import FAULT
from tests.console.conftest import CODES, Line, shell
from tests.forked import programs
from tests.fuzz import SHARED, TIMES
from tests.processes import LIMIT
from tests.support.domain.told_json import BAD

HOSTILE = [
    "Baz\x01 was there",
    "Baz \x1b[31mred\x1b[0m \x1b]0;title\x07",
    "Baz \u202egnp.exe\u2066 \u200f",
    "\N{PILE OF POO}" * 50 + " Baz \N{FAMILY}\N{ZERO WIDTH JOINER}\N{BOY}",
    "a" * 10_000,
    "Baz " * 2_500,
    "'; DROP TABLE items; -- %s {} \\x00 ${HOME} $(id)",
    "<script>alert(1)</script> =HYPERLINK(1)",
    '{"_type_": "x", "_data_": 1}',
    "ZZ99 " + "\u0301" * 300,
]


@pytest.mark.parametrize("words", HOSTILE, ids=lambda words: repr(words[:20]))
def test_hostile_words_are_kept_and_harm_nobody(either: Line, words: str) -> None:
    """A text with control characters or markup is recorded and shown in the queue, and cannot
    control the terminal.
    """
    said = either("record", text=words)
    assert said.code == 0, said.err
    for asked in (("queue",), ("mine",), ("brief",), ("replay",), ("triage", "--next")):
        shown = either(*asked)
        assert shown.code == 0, shown.err
        assert all(char.isprintable() or char in "\n\t" for char in shown.out)
        assert not set(shown.out) & set("\u202e\u2066\u200f")
    (row,) = either("queue", "--json").json
    assert row["words"][:3].strip() == words[:3].strip()
    assert either("views", "status", "--json").json["set_aside"] == []


def test_control_characters_are_flagged_not_swallowed_in_silence(line: Line) -> None:
    item = line("record", "--json", text="Baz\x01 was\x07 there").json["id"]
    events = line("show", item, "--json").json["events"]
    assert {"control-characters"} == {e["code"] for e in events if "code" in e}
    (words,) = [e["words"] for e in events if "words" in e]
    assert words == "Baz was there"


def test_what_is_no_text_or_has_no_end_is_refused_and_nothing_is_stored(
    line: Line, tmp_path: Path
) -> None:
    assert "NUL" in line.refused("record", text="Baz\0 was there")
    assert "longer than" in line.refused("record", text="a" * 10_000_000)
    assert "at most 500,000" in line.refused("record", text="a " * 300_000)
    wide = tmp_path / "wide.csv"
    wide.write_text(",".join(f"c{n}" for n in range(1_000_000)) + "\n")
    assert "2,000 columns" in line.refused("import", str(wide))
    lines = tmp_path / "texts.jsonl"
    for body in BAD.values():
        if body:
            lines.write_bytes(body + b"\n")
            assert "line 1" in line.refused("read", "--jsonl", str(lines))
    assert line("queue", "--json").json == []


@pytest.fixture(scope="module")
def refusing(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Line, dict[str, str]]]:
    """Yield a store with a case, an entry and a person. Fail the test if a refused command changes
    the store."""
    home = tmp_path_factory.mktemp("refusing")
    line = Line(str(home / "store"), home / "store")
    line("init", "--synthetic")
    made = {
        "CASE": line("refer", "--child", "Kayleigh Marlow", "--id", "--clock", "2011-03-18"),
        "WORDS": line("record", "--case", "1", "--id", "--clock", "2011-03-19", text="Baz"),
        "BAZ": line("person", "add", "--nickname", "Baz", "--id", "--clock", "2011-03-19"),
    }
    (line.home / "odd.csv").write_text("source,target\nN1,N2\n", encoding="utf-8")
    yield line, {name: said.out.strip() for name, said in made.items()}
    line.close()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("show|zz", "there is no item 'zz'"),
        ("show|00000000", "there is no item"),
        ("show|0e3c701a-cd46-4f28-9bb2-c4614a2cff8e", "there is no item"),
        ("take|{CASE}", "there is no observation"),
        ("trail|garbage", "there is no item"),
        ("assess|{WORDS}", "assess needs --source and --information"),
        ("assess|{WORDS}|--source|9|--information|A", "'9' is not one of"),
        ("assess|{WORDS}|--source|2|--information|A", "say how it may be shared: --handling P"),
        ("assess|{WORDS}|--source|2|--information|B|--handling|P", "two independent sources"),
        (
            "assess|{WORDS}|--source|2|--information|A|--handling|C",
            "handling code C is incomplete: add an action",
        ),
        (
            "assess|{WORDS}|--source|2|--information|A|--handling|P|--conditions|x",
            "handling code P takes no action code",
        ),
        (
            "assess|{WORDS}|--source|2|--information|A|--handling|P|--provenance|Z9",
            "is not a 3x5x2 grade",
        ),
        ("assess|{WORDS}|--from-555|B9", "is not a 5x5x5 grading"),
        ("assess|{WORDS}|--from-555|ZZZ", "is not a 5x5x5 grading"),
        (
            "assess|{WORDS}|--source|2|--information|A|--handling|P|--because-of|Baz said",
            "no item 'Baz said'",
        ),
        ("link|{WORDS}|nobody|vehicle:PK95ABC|--kind|uses", "no person or item is recorded"),
        ("link|{WORDS}|{BAZ}|vehicle:PK95ABC|--kind|loves", "'loves' is not one of"),
        ("link|{WORDS}|{BAZ}|vehicle:PK95ABC|--kind|uses|--from|soon", "not understood"),
        ("sanitise|{WORDS}", "was empty. Run continuum sanitise … at a terminal"),
        ("sanitise|{WORDS}<He waits there", "not assessed yet"),
        ("sanitise|{WORDS}|He said so", "do not type words after continuum sanitise …"),
        ("disseminate|{WORDS}|--to|x|--purpose|y", "there is no report"),
        ("retract|{WORDS}|--reason|x", "there is no link"),
        ("evidence|transfer|{WORDS}|--to|x", "there is no exhibit"),
        ("evidence|add|photo|--mark|AB1", "is not one of"),
        ("outcome|arrest|{BAZ}", "say what led to this step"),
        ("outcome|arrest|{BAZ}|--because-of|rumour", "there is no item 'rumour'"),
        ("outcome|notice|{BAZ}|--child|{BAZ}|--expires|soon", "not understood"),
        ("outcome|result|convicted|--months|many", "has to be a whole number"),
        ("person|add|--name|X|--born|once", "not understood"),
        ("person|add|--name|X|--category|villain|--grounds|y", "'villain' is not one of"),
        ("person|add", "describe the unknown person"),
        ("person|age|{BAZ}", "say what is known"),
        (
            "same|{BAZ}|{BAZ}|--reason|x",
            "these two ids name the same record: give two different records",
        ),
        ("roots|join|a|b|--reason|x", "is not the token of a source"),
        ("refer|--child| ", "--child: this field is empty"),
        ("threshold|99|high", "there is no case '99'"),
        ("threshold|1|dreadful", "is not one of"),
        ("close|1", "--reason: this field is empty"),
        ("close|1|--confirm", "closing the case is not proposed for this item"),
        ("close|1|--confirm|--refuse", "not both"),
        ("close|1|--reason|safe|--second|no.body", "No such option"),
        ("threshold|1", "LEVEL: use one of"),
        ("exit|1|--reason|safe", "--outcome"),
        ("flag|1|odd|--about|exit", "'odd' is not one of"),
        ("triage|{WORDS}", "triage needs an id"),
        ("triage|{WORDS}|--outcome|assess|--reason| ", "give the reason"),
        ("urgency|{WORDS}|sideways|--reason|x", "is not one of up or down"),
        ("record|--told|tomorrow-ish", "not understood"),
        ("record|--command-id|7", "is not a UUID"),
        ("record", "was empty. Run continuum record at a terminal and type at the prompt"),
        ("record", "or give a file: continuum record < FILE"),
        ("record|He has a knife", "do not type words after continuum record, because the shell"),
        ("record|He|has|--urgent|tonight|a|knife", "nothing was recorded: do not type words after"),
        (
            "record|--|-x",
            "and type them at the prompt, or give a file: continuum record < FILE",
        ),
        ("correct|{WORDS}", "was empty. Run continuum correct … at a terminal"),
        ("correct|{WORDS}|He has none", "do not type words after continuum correct …"),
        (
            "escalate|--outside-line|--reason|x|He knows",
            "do not type words after continuum escalate",
        ),
        ("brief|--since|monday", "not understood"),
        ("replay|--until|then", "not understood"),
        ("replay|--until|0001-01-01T00:00+14:00", "not understood"),
        ("replay|--position|evidence:²", "is not a position"),
        ("replay|--position|elsewhere:2", "is not a position"),
        ("replay|--step", "shows the story of one item"),
        ("trail|{WORDS}|--back|--forward", "choose"),
        ("network|ego|nobody", "no person or item"),
        ("network|ego|Baz|--hops|99", "6 or less"),
        ("network|ego|Baz|--min-grade|9Z", "is not a 3x5x2 grade"),
        ("network|ego|Baz|--as-at|once", "not understood"),
        ("network|ego|Baz|--stage|rumour", "is not a stage"),
        ("network|export|--format|csv|--out|/nowhere/x.csv", "cannot be written"),
        ("network|export|--format|gif", "is not one of"),
        ("import|missing.csv", "cannot be read"),
        ("import|odd.csv|--encoding|klingon", "klingon"),
        ("read|--jsonl|missing.jsonl", "cannot be read"),
        ("frobnicate", "there is no command 'frobnicate'"),
        ("queue|--frobnicate", "No such option"),
        ("take", "ID: this field is empty"),
        ("queue|--clock|yesterday", "not understood"),
        ("queue|--clock|2009-01-01", "cannot go back"),
        ("search|bad\udcff", "is not valid text"),
        ("search|bad\0", "is not valid text"),
    ],
)
def test_what_cannot_be_used_is_reported_in_a_sentence(
    refusing: tuple[Line, dict[str, str]],
    arguments: str,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    line, names = refusing
    monkeypatch.chdir(line.home)
    assert line.kept.system
    log = line.kept.system.logs["evidence"]
    before = log.last()
    clock = () if "--clock" in arguments else ("--clock", "2011-03-20")
    typed, _, text = arguments.partition("<")
    asked = [part.format(**names) for part in typed.split("|")]
    assert told in line.refused(*asked, *clock, text=text)
    assert told in line.refused("--json", *asked, *clock, text=text)
    assert log.last() == before


@pytest.mark.parametrize(
    "rows",
    [b"\xff\xfe", b"{}", b"[]", b'{"id": 1, "written_at": 5, "text": "x"}', b"nonsense"],
)
def test_lines_to_read_that_are_none(line: Line, tmp_path: Path, rows: bytes) -> None:
    (tmp_path / "x.jsonl").write_bytes(rows)
    assert "line 1" in line.refused("read", "--jsonl", str(tmp_path / "x.jsonl"))


def test_a_port_that_somebody_has(line: Line) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert "--port" in line.refused("serve", "--port", port, code=5)


# --- random arguments for all commands -----------------------------------------------------------


def leaves(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every command of a group, each with the words that call it."""
    for name, one in group.commands.items():
        if hasattr(one, "commands"):
            yield from leaves(one, (*path, name))
        else:
            yield (*path, name), one


#: Commands that are not tried, because they take long (the demo, which has its own test, and `init`
#: of a new store), never end (a signer that runs in rounds, a server), or close the store to most
#: other commands (adding an account).
LEFT_OUT = {
    ("demo",),
    ("drill",),
    ("init",),
    ("signer", "run"),
    ("serve",),
    ("watch",),
    ("witness", "serve"),
    ("user", "add"),
}
COMMANDS = {path: one for path, one in leaves(cli.command()) if path not in LEFT_OUT}
VALUES = [
    *("1", "0", "-1", "99999999999999999999", "Baz", "", " ", "2C", "any", "saw-or-heard", "last"),
    *("2011-03-19", "2011-03-19T25:00", "9999-12-31T23:59:59-14:00", "evidence:3", "none-known"),
    *("00000000-0000-7000-8000-000000000001", "aaaaaa", "vehicle:PK95ABC", "phone:07700 900123"),
    *("place:", "handle:@", "place:Town A", "Kayleigh Marlow", "uses", "frequents", "co-located"),
    *("\x1b[2J", "\u202e", "é" * 300, "\udcff", "nul\0", "B24", "suspect", "information", "-"),
    *("{WORDS}", "{BAZ}", "{CASE}", "{REPORT}", "{LINK}", "{EXHIBIT}") * 9,
]
values = st.one_of(*[st.sampled_from(VALUES)] * 9, st.text(max_size=8))


@st.composite
def lines(draw: st.DrawFn) -> list[str]:
    """Draw a command line: a command with its required and some optional arguments, each with any
    value.
    """
    path = draw(st.sampled_from(sorted(COMMANDS)))
    said = list(path)
    for parameter in COMMANDS[path].params:
        if not parameter.required and draw(st.integers(0, 4)):
            continue
        kind = parameter.type_descriptor.annotation
        choices = [argument for argument in typing.get_args(kind) if isinstance(argument, str)]
        fits = bool(choices) and draw(st.integers(0, 9)) > 0
        value = draw(st.sampled_from(choices) if fits else values)
        if getattr(parameter, "is_flag", False):
            said.append(draw(st.sampled_from([*parameter.opts, *parameter.secondary_opts])))
        elif parameter.param_type_name == "option":
            said += [parameter.opts[0], str(value)]
        else:
            said.append(str(value))
    return said + draw(
        st.lists(st.sampled_from(["--json", "--id", "--frobnicate", ""]), max_size=1)
    )


@pytest.fixture(scope="module")
def soup(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Line, dict[str, str]]]:
    home = tmp_path_factory.mktemp("soup")
    line = Line(str(home / "store"), home / "store")
    line("init", "--synthetic")
    made: dict[str, str] = {}
    for name, asked, text in (
        ("CASE", "refer|--child|Kayleigh Marlow", ""),
        ("BAZ", "person|add|--nickname|Baz", ""),
        ("WORDS", "record|--case|1", "Baz drives PK95 ABC"),
        ("LINK", "link|{WORDS}|{BAZ}|vehicle:PK95ABC|--kind|uses", ""),
        ("REPORT", "assess|{WORDS}|--source|2|--information|A|--handling|P", ""),
        ("EXHIBIT", "evidence|add|exhibit|--mark|AB1|--from|{WORDS}", ""),
    ):
        told = [part.format(**made) for part in asked.split("|")]
        made[name] = line(*told, "--id", text=text).out.strip()
    yield line, made
    line.close()


@settings(
    max_examples=100 * TIMES,
    suppress_health_check=SHARED,
)
@given(asked=lines(), text=st.text(max_size=30))
def test_any_line_ends_in_a_sentence(
    soup: tuple[Line, dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
    asked: list[str],
    text: str,
) -> None:
    line, made = soup
    monkeypatch.chdir(line.home)
    told = [made.get(word.strip("{}"), word) for word in asked]
    said = line(*told, text=text)
    event(f"exit {said.code}")
    assert said.code in CODES, (told, said.err)
    assert "Traceback" not in said.err
    if said.code:
        assert said.err.strip()


def test_a_fault_of_the_program_shows_a_place_and_no_words(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message about a fault of the program shows the place in the code, and never the values
    that caused the fault.
    """
    from projections.information import queue

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("Kayleigh Marlow")

    monkeypatch.setattr(queue, "page", broken)
    said = line("queue")
    assert said.code == FAULT
    assert "RuntimeError" in said.err
    assert "triage.py:" in said.err
    assert "Kayleigh" not in said.err


# --- commands in a process of their own ------------------------------------------------------


def test_standard_input_that_is_not_utf_8(line: Line) -> None:
    said = shell("--store", line.store, "record", text=b"\xff\xfe words", cwd=line.home)
    assert said.returncode == 2
    assert (
        said.stderr
        == b"continuum: standard input is not UTF-8 (at byte 1): save the text as UTF-8\n"
    )


def test_arguments_that_are_not_utf_8(line: Line) -> None:
    said = shell("--store", line.store, "search", os.fsdecode(b"\xff\xfe"), cwd=line.home)
    assert said.returncode == 2
    assert b"is not valid text" in said.stderr


@pytest.mark.parametrize(
    ("store", "told"),
    [
        ("nowhere", b"continuum init"),
        ("a-file", b"continuum init"),
        ("postgresql://localhost:1/none", b"Connection refused; look whether its server runs"),
        ("postgresql://[bad", b""),
    ],
)
def test_a_store_that_is_not_there(tmp_path: Path, store: str, told: bytes) -> None:
    (tmp_path / "a-file").write_bytes(b"")
    said = shell("--store", store, "--home", str(tmp_path / "home"), "queue", cwd=tmp_path)
    assert said.returncode == 5
    assert said.stderr.startswith(b"continuum: ")
    assert told in said.stderr
    assert b"Traceback" not in said.stderr


@pytest.mark.parametrize("store", ["a-file", "a-file/below", "/proc/none"])
def test_a_store_that_cannot_be_made(tmp_path: Path, store: str) -> None:
    (tmp_path / "a-file").write_bytes(b"")
    said = shell("--store", store, "init", cwd=tmp_path)
    assert said.returncode == 5, said.stderr
    assert said.stderr.startswith(b"continuum: ")
    assert b"Errno" not in said.stderr
    assert b"Traceback" not in said.stderr


def test_no_store_is_made_inside_another_one(
    line: Line, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line("backup", "copy", "--keys", "keys")
    line.close()
    (tmp_path / "link").symlink_to(line.store)
    restored = "restore copy --keys keys --without-erasures --purpose trial --into store/again"
    for command, place, option in (
        ("--store store/inner init", "store/inner", "--store"),
        ("--store store/keys/inner init", "store/keys/inner", "--store"),
        ("--store link/inner init", "link/inner", "--store"),
        ("--store other --home store/home init", "store/home", "--home"),
        ("demo store/demo", "store/demo", "--store"),
        (restored, "store/again", "--store"),
    ):
        assert cli.run(command.split()) == 2
        said = capsys.readouterr()
        assert f"{place} is inside {line.store}, which contains another store" in said.err
        assert f"Name a directory outside it with {option}" in said.err
        assert said.out == ""
    made = {one.parent for one in tmp_path.rglob("log.db")}
    assert made == {tmp_path / one for one in ("store", "copy", "keys/data-keys")}
    # the logs may be inside the store's own home, even when the store is opened again
    apart = ["--store", "whole/logs", "--home", "whole", "init", "--synthetic"]
    assert [cli.run(apart), cli.run(apart)] == [0, 0]


def test_a_store_that_is_there_gets_no_second_keys(either: Line, tmp_path: Path) -> None:
    """`init` refuses to initialise an existing store with another --home directory. The keys of a
    new directory could not decrypt the store."""
    either("record", text="He waits outside.")
    elsewhere = tmp_path / "elsewhere"
    for more in ((), ("--synthetic",), ("--user", "somebody")):
        said = Line(either.store, elsewhere)("init", *more)
        assert (said.code, said.out) == (2, "")
        assert f"is a store already, and {elsewhere} does not contain its keys" in said.err
        assert "Name the directory of its keys with --home" in said.err
    assert not elsewhere.exists()
    assert len(either("queue", "--json").json) == 1
    assert either("init", "--synthetic").code == 0, "with its own keys it is opened as before"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (("queue", "--json"), 0),
        (("user", "list"), 0),
        (("--help",), 0),
        (("network", "--help"), 0),
        (("--version",), 0),
        (("verify",), 6),
        (("frobnicate",), 2),
    ],
    ids=lambda one: one[0] if isinstance(one, tuple) else "",
)
def test_a_reader_that_goes_away_is_no_fault(
    line: Line, command: tuple[str, ...], code: int
) -> None:
    """If the program that reads a command's output ends early, as in `continuum … | head -1`, the
    exit code is still that of the command."""
    for errors_too in (False, True):
        ended, told = unread("--store", line.store, *command, errors_too=errors_too)
        assert ended == code
        assert b"Traceback" not in told
        assert b"Broken" not in told


def test_what_nobody_reads_is_recorded_all_the_same(line: Line) -> None:
    assert unread("--store", line.store, "record", text=b"words") == (0, b"")
    assert len(line("queue", "--json").json) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_takes_no_answer_and_says_so(line: Line) -> None:
    with Path("/dev/full").open("wb") as full:
        said = ran("--store", line.store, "queue", stdout=full)
    assert said.returncode == 5
    assert said.stderr == b"continuum: standard output cannot be written: No space left on device\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_receipt_that_a_full_disk_refuses_goes_to_standard_error(line: Line) -> None:
    with Path("/dev/full").open("wb") as full:
        said = ran("--store", line.store, "--json", "record", text=b"words", stdout=full)
    assert said.returncode == 0
    assert json.loads(said.stderr)["id"]
    assert len(line("queue", "--json").json) == 1


def without_streams(
    line: Line, monkeypatch: pytest.MonkeyPatch, errors: Path, text: bytes | None
) -> tuple[int, str]:
    """Run `record` without standard output and, if `text` is None, also without standard input.
    Return the exit code and what was written to `errors`."""
    with errors.open("w") as file, monkeypatch.context() as patched:
        given = None if text is None else io.TextIOWrapper(io.BytesIO(text))
        patched.setattr(sys, "stdin", given)
        patched.setattr(sys, "stdout", None)
        patched.setattr(sys, "stderr", file)
        streams.forgive_closed_pipes()
        code = cli.run(["--store", line.store, "record"])
        assert streams.write_error() is None
        sys.stderr.flush()
        for opened in {sys.stdin, sys.stdout}:
            opened.close()
    return code, errors.read_text()


def test_a_receipt_without_standard_output_goes_to_standard_error(
    line: Line, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`continuum record >&-` records the entry, and prints the receipt on standard error."""
    code, said = without_streams(line, monkeypatch, tmp_path / "errors", b"words")
    assert (code, said.startswith("Recorded: ")) == (0, True)
    assert len(line("queue", "--json").json) == 1


def test_without_standard_input_nothing_is_recorded(
    line: Line, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`continuum record <&-` records nothing."""
    code, said = without_streams(line, monkeypatch, tmp_path / "errors", None)
    assert (code, "nothing was recorded" in said) == (2, True)


@pytest.mark.parametrize(
    "clock", ["9999-12-31", "9999-12-31T23:59:59Z", "2100-01-01", "0001-01-01"]
)
def test_a_clock_that_cannot_be_is_refused(line: Line, clock: str) -> None:
    said = line("--clock", clock, "record", text="words")
    assert said.code == 2
    assert "1800 to 2199" in said.err or "a synthetic store is 2099" in said.err
    assert line("record", text="words").code == 0
    assert line("--json", "views", "compare").json["equal"]


@pytest.mark.parametrize("time", ["9999-12-31T23:59:59+00:00", "0001-01-01", "2200-01-01T00:00Z"])
def test_a_time_that_cannot_be_is_refused_wherever_one_is_typed(line: Line, time: str) -> None:
    for command in (
        ("network", "groups", "--as-at", time),
        ("network", "groups", "--as-known", time),
        ("replay", "--until", time),
        ("missing", "reported", "C-1", "--at", time),
    ):
        said = line(*command)
        assert said.code == 2, (command, said)


def unread(*arguments: str, text: bytes = b"", errors_too: bool = False) -> tuple[int, bytes]:
    """Run a command while no program reads its standard output or, if `errors_too`, its standard
    error. Return its exit code and its standard error as far as it was read."""
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "wb") as pipe:  # noqa: PTH123 (`writer` is a file descriptor)
        errors = pipe if errors_too else subprocess.PIPE
        done = ran(*arguments, text=text, stdout=pipe, stderr=errors)
    return done.returncode, done.stderr or b""


def ran(
    *arguments: str, text: bytes = b"", stdout: Any, stderr: Any = subprocess.PIPE
) -> subprocess.CompletedProcess[bytes]:
    command = [str(programs() / "continuum"), *arguments]
    return subprocess.run(
        command, input=text, stdout=stdout, stderr=stderr, timeout=LIMIT, check=False
    )
