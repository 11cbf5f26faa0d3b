"""The help leads a user who knows no command to the command that they need."""

import json
import re
import sys
from collections import defaultdict
from typing import Any

import pytest

import cli
import continuum_start
from console.engine.session import OpenStore
from console.help.groups import GROUPS, SUBJECTS, first_sentence, place_of
from console.help.help_search import entries, fitting
from console.help.helping import OFFERED, OVERVIEW
from console.help.listed import places
from console.help.plain_names import SYNONYMS, plain_name
from tests.console.conftest import Said

TOP: Any = cli.command()
ENTRIES = {entry.name: entry for entry in entries(TOP)}
#: Commands that have subcommands, by the words that call them.
WORDS = {name: one.command for name, one in ENTRIES.items() if hasattr(one.command, "commands")}
#: The greatest width of a line in a list of commands.
WIDTH = 70


def run_program(*arguments: str) -> Said:
    return Said(*cli.captured(arguments, "", OpenStore()))


def test_each_command_is_in_one_group() -> None:
    named = [name for group in GROUPS for name in group.names]
    assert len(named) == len(set(named)), "two groups name one command"
    assert set(named) <= set(ENTRIES), "a group names what is no command"
    faults = [
        f"-h does not list {name!r}: add it to a group in console/help/groups.py"
        for name in sorted(set(TOP.commands) - set(named))
    ]
    assert not faults, "\n".join(faults)
    for name in ENTRIES:
        place_of(name)


def test_a_word_over_several_commands_says_what_they_are_for() -> None:
    """Every group of commands has a sentence of help: from the table SUBJECTS, or from the file
    that declares the commands of the group."""
    modules = defaultdict[str, set[str]](set)
    words = defaultdict[str, set[str]](set)
    for command, module in places().items():
        *above, _ = command.split()
        words[module].add(command.split()[0])
        for many in range(1, len(above) + 1):
            modules[" ".join(above[:many])].add(module)
    silent = {name for name, one in WORDS.items() if not one.invoke_without_command}
    assert set(SUBJECTS) <= silent
    faults = []
    for name in sorted(silent):
        file, *others = modules[name]
        alone = not others and words[file] == {name} and file.startswith("usecases.")
        if name in SUBJECTS:
            assert WORDS[name].help == SUBJECTS[name]
            if alone:
                faults.append(f"{name!r}: its help is the first sentence of {file}")
        elif not alone:
            faults.append(f"{name!r} has no help: add it to SUBJECTS in console/help/groups.py")
        else:
            assert WORDS[name].help == first_sentence(sys.modules[file].__doc__)
    assert not faults, "\n".join(faults)


def test_each_line_is_a_whole_sentence() -> None:
    """Each line in the list of commands has one whole sentence, from a capital letter to a full
    stop.
    """
    for words, group in [("", TOP), *WORDS.items()]:
        lines = run_program(*words.split(), "-h").out.splitlines()
        for name, command in group.commands.items():
            sentence = command.short_help
            assert re.fullmatch(r"[A-Z][^.]*[^ .]\.", sentence), (words, name, sentence)
            shown = plain_name(f"{words} {name}").split()[-1]
            (line,) = [one for one in lines if re.match(rf"  {shown}  +[A-Z]", one)]
            assert line.split(maxsplit=1)[1] == sentence, (words, name)
            assert len(line) <= WIDTH, (words, line)


def test_the_list_of_commands_is_printed_without_loading_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The program prints the list of commands without importing the module `cli`, which defines the
    command line.
    """
    # from now on, importing the module `cli` would fail
    monkeypatch.setitem(sys.modules, "cli", None)
    for asked in continuum_start.HELP:
        monkeypatch.setattr(sys, "argv", ["continuum", *asked])
        continuum_start.main()
        told = capsys.readouterr().out
        assert told == OVERVIEW.read_text("utf-8")
        assert run_program(*asked).out.strip() == told.strip()
    assert told.isascii()
    assert run_program("--json", "-h").out.strip() == told.strip()


def test_help_explains_what_its_option_explains() -> None:
    for words in (["network", "ego"], ["court"], ["due"], ["user", "role", "give"]):
        asked = run_program("help", *words)
        assert (asked.code, asked.err) == (0, "")
        assert asked.out == run_program(*words, "-h").out
    assert run_program("help", "network ego").out == run_program("help", "network", "ego").out
    assert run_program("--json", "help", "due").json == {
        "command": "due",
        "help": run_program("due", "-h").out.rstrip("\n"),
    }


#: Words that a user may search for in the help, and the commands of which one must be among the
#: first three results.
FOUND = {
    "absconded": "missing reported",
    "abscond": "missing reported",
    "runaways": "missing reported",
    "car": "search",
    "number plates": "search",
    "vehicle": "vehicle list",
    "mobile": "phone list",
    "duplicates": "suggestions",
    "wrong family": "refile",
    "delete": "erase",
    "GDPR": "access-request",
    "sar": "access-request",
    "cawn": "outcome notice",
    "chain of custody": "evidence transfer",
    "social worker": "allocate",
    "strategy meeting": "meeting call",
    "informant": "source",
    "chis": "source drift decide",
    "redact": "sanitise",
    "upload a spreadsheet": "import",
    "excle": "import",
    "forgot password": "user enrol",
    "who looked at my case": "who-looked",
    "tampering": "verify",
    "ringleader": "network key-people",
    "i2 export": "network export",
    "chronology": "journey",
    "nhs number": "identifier",
    "journalist": "media check",
    "deadlines": "due",
    "night shift": "rota",
    "mopi": "retention",
    "victim blaming": "lint",
    "countersign": "proposals",
    "other police force": "offer",
    "--how-known": "record",
    "how do I report a child missing": "missing reported",
}


def test_a_search_finds_commands_by_other_words() -> None:
    missed = {
        words: found
        for words, wanted in FOUND.items()
        if wanted not in (found := [one.name for one in fitting(TOP, words)[:3]])
    }
    assert missed == {}
    assert set(SYNONYMS) <= set(ENTRIES), "console/help/words.txt has synonyms of no command"


def test_a_search_tells_each_command_with_its_sentence_and_group() -> None:
    found = run_program("search-help", "chain", "of", "custody")
    assert found.out.startswith("  evidence transfer  Record who an exhibit was handed to.\n")
    assert found.out.endswith("\nExplain a command: continuum help COMMAND\n")
    first, *_ = run_program("search-help", "custody chain", "--json").json
    assert first == {
        "command": "evidence transfer",
        "sentence": "Record who an exhibit was handed to.",
        "group": "what follows",
    }
    for nothing in ("qqqq", "", "'\"*", "\N{SNOWMAN}", "AND OR NOT (", "name:"):
        none = run_program("search-help", nothing)
        assert none.code in {0, 2}
        assert "Traceback" not in none.err
    assert "continuum -h" in run_program("search-help", "qqqq").err


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("recrod", "record"),
        ("netwrk", "network"),
        ("absconded", "missing reported"),
        ("delete", "erase"),
        ("network eggo", "network ego"),
        ("person ad Baz", "person add"),
        ("help missing repoted", "missing reported"),
        ("user role remove", "user role take"),
    ],
)
def test_an_unknown_command_offers_the_nearest(typed: str, nearest: str) -> None:
    """The message about an unknown command names the commands with the most similar spelling and
    meaning, each with its sentence of help.
    """
    told = run_program(*typed.split())
    assert (told.code, told.out) == (2, "")
    first, *offered, last = told.err.splitlines()
    unknown = " ".join(typed.removeprefix("help ").removesuffix(" Baz").split())
    assert first == f"continuum: there is no command {unknown!r}. The nearest are:"
    assert len(offered) == OFFERED
    assert f"  {nearest}  {ENTRIES[nearest].sentence}" in [
        re.sub(r"(?<=\w)  +", "  ", one) for one in offered
    ]
    assert last == f"Find others: continuum search-help {unknown.split()[-1]}"


def test_a_word_without_a_command_is_explained() -> None:
    """A group of commands that is called without a subcommand prints its help to standard error, so
    that another program does not read the help as data."""
    for words in ([], ["court"], ["user", "role"]):
        told = run_program(*words)
        assert (told.code, told.out) == (2, "")
        assert told.err == run_program(*words, "-h").out
    assert json.loads(run_program("--json", "court").err)["status"] == 422


def test_where_nothing_is_near_all_are_listed() -> None:
    assert (
        run_program("qqqq").err
        == "continuum: there is no command 'qqqq': continuum -h lists them all\n"
    )
