"""Each command has a plain name and a stored name, which run the same command. The log contains the
stored names; the help lists only the plain names."""

import re
from typing import Any

import cli
from console.help.help_search import entries
from console.help.helping import OVERVIEW
from console.help.plain_names import PLAIN, plain_name, stored_words
from tests.console.conftest import Line

TOP: Any = cli.command()
ENTRIES = {entry.name: entry for entry in entries(TOP)}
#: Stored names of commands whose plain name differs, because the command or its group has another
#: plain name.
RENAMED = [name for name in ENTRIES if plain_name(name) != name]


def test_a_plain_name_belongs_to_one_command() -> None:
    """No command's plain name is the stored name of another command."""
    assert set(PLAIN) <= set(ENTRIES)
    for name, plain in PLAIN.items():
        assert " ".join((*name.split()[:-1], plain)) not in ENTRIES, name
    assert len({plain_name(name) for name in ENTRIES}) == len(ENTRIES)


def test_both_names_run_the_same_command(line: Line) -> None:
    """Both names of a command give the same help, the same answer without arguments, and the same
    refusal of an unknown option.
    """
    for name in RENAMED:
        plain = plain_name(name)
        for rest in (["-h"], ["--json"], ["--no-such-option"]):
            assert line(*plain.split(), *rest) == line(*name.split(), *rest), (plain, rest)
        shown = line(*name.split(), "-h").out
        assert f" {plain} [OPTIONS]" in shown.splitlines()[0], name
        assert line("help", plain).out == line("help", *name.split()).out == shown


def test_a_plain_name_is_recorded_as_the_stored_one(line: Line) -> None:
    """The access log records a command under its stored name, so that a search finds earlier and
    later records together.
    """
    line("person", "add", "--name", "Barry Sleight")
    for name in ("lanes", "trail-by-stage"):
        assert line(name, "Barry Sleight").code == 0
    looked = line("who-looked", "Barry Sleight").out
    assert looked.count("lanes") == 2, looked
    assert "trail-by-stage" not in looked


def test_a_plain_name_is_replaced_only_where_a_command_is() -> None:
    """A plain name is translated only in the place of a command; an argument that looks like a
    plain name stays unchanged.
    """
    assert stored_words(["source-access", "approve", "x"]) == ["entry", "join", "x"]
    assert stored_words(["entry", "approve"]) == ["entry", "join"]
    for words in (["search", "corroboration"], ["record", "sent"], ["approve"]):
        assert stored_words(words) == words


def test_lists_of_commands_show_the_plain_names_alone(line: Line) -> None:
    overview = OVERVIEW.read_text("utf-8")
    for name, plain in PLAIN.items():
        *above, last = name.split()
        shown = line(*above, "-h").out if above else overview
        listed = re.findall(r"^  (\S+)  ", shown, re.MULTILINE)
        assert plain in listed, name
        assert last not in listed, name


def test_an_unknown_word_offers_plain_names(line: Line) -> None:
    assert "  emergency-access open " in line("emergency-access", "opne").err
    assert "  source-access " in line("entri").err
