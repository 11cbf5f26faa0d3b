"""Every option for a date or time accepts it as people in Britain write it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

import cli
from console.engine.parsing import DAY, WHEN
from tests.console.conftest import Line
from usecases.kernel.fields import fields_of
from usecases.kernel.registry import QUESTIONS, USE_CASES

WANTED = 'Date not understood: "1/13/2011". Write 13/1/2011 or 13 January 2011.'
#: Names and help texts of options that take a time.
CALLED = {"--at", "--since", "--until", "--born", "--when", "--expires", "--as-at", "--as-known"}
EXPLAINED = re.compile(
    r"((since|until|from|to|by|on|as known on|as it was on)? ?(when|which day)\b.*)|.*last day.*",
    re.IGNORECASE,
)
#: Options that take no time although they have such a name or help text, each with the reason.
OTHERS = {
    ("record", "--when"): "a parent's own words, which are never refused",
    ("proof", "--since"): "a file",
    ("signer witness", "--at"): "an address",
    ("notice service", "--at"): "a place",
    (
        "chart save",
        "--as-at",
    ): "stored as typed, or as the day it means; read by the same rule",
    ("chart save", "--as-known"): "as above",
    ("chart save", "--since"): "as above",
    ("chart save", "--until"): "as above",
}
HEARING = ("court", "hearing", "1", "trial", "--at")
#: Arguments that a command requires besides the time.
BESIDE = {
    "": ("queue",),
    "access-request": ("Baz", "--by", "Baz, by passport"),
    "disclose": ("x",),
    "hold place": ("--reason", "x"),
    "network ego": ("Baz",),
    "network export": ("--format", "csv"),
    "network path": ("Baz", "Baz"),
    "outcome result": ("convicted",),
    "unrestrict": ("Baz", "--reason", "x"),
    "user key make": ("x",),
}
BESIDE |= dict.fromkeys(("certificate", "lanes", "meeting minutes"), ("Baz", "--pdf", "paper.pdf"))
BESIDE["material bundle"] = ("Baz", "S3", "--pdf", "paper.pdf")
BESIDE |= dict.fromkeys(("read-out", "network for-decision", "card"), ("--pdf", "paper.pdf"))


def options() -> Iterator[tuple[str, str, Any]]:
    """Yield each option of each command, with the words of the command."""

    def within(command: Any, words: tuple[str, ...]) -> Iterator[tuple[str, str, Any]]:
        for name, further in getattr(command, "commands", {}).items():
            yield from within(further, (*words, name))
        for parameter in command.params:
            for called in getattr(parameter, "opts", ()):
                if called.startswith("--"):
                    yield " ".join(words), called, parameter

    yield from within(cli.command(), ())


def timed() -> list[tuple[str, str]]:
    return [(name, called) for name, called, one in options() if one.metavar in (WHEN, DAY)]


def test_every_option_that_takes_a_time_says_so() -> None:
    found = set(timed())
    assert len(found) > 150
    asks = [(one.named.command, one.fields) for one in USE_CASES.values()]
    asks += [(one.named.command, fields_of(one)) for one in QUESTIONS.values()]
    for name, fields in asks:
        for field in fields:
            assert (field.form in ("moment", "day")) == ((name, field.option) in found), (
                name,
                field.name,
            )
    silent = {
        (name, called)
        for name, called, one in options()
        if one.metavar not in (WHEN, DAY)
        and (called in CALLED or EXPLAINED.fullmatch(one.help or ""))
    }
    assert silent == OTHERS.keys()


def test_every_one_of_them_reads_a_day_as_it_is_written_in_britain(line: Line) -> None:
    line("person", "add", "--nickname", "Baz")
    faults = []
    for name, called in timed():
        said = line(
            *name.split(), *BESIDE.get(name, ()), called, "1/13/2011", text="He was seen there."
        )
        if said.code != 2 or WANTED not in said.err:
            faults.append((name, called, said.code, said.err))
    assert not faults, "\n".join(map(str, faults))


def test_words_count_from_the_commands_own_clock_and_it_says_how_it_read_them(line: Line) -> None:
    line("--clock", "18 March 2011 9am", "refer", "--child", "Jade")
    said = line("--clock", "18/3/2011 23:50", *HEARING, "tomorrow at 10am")
    assert said.code == 0, said.err
    assert "Read as 19 Mar 2011, 10:00 UTC." in said.err
    assert "2011-03-19T10:00:00Z" in line("--json", "court", "list", "1").out
    said = line(
        "--clock", "2011-03-19T09:00", "person", "add", "--name", "X", "--born", "yesterday"
    )
    assert "Read as Friday 18 March 2011." in said.err
    assert "Date not understood" in line.refused("--clock", "yesterday", "queue")


def test_a_command_that_is_given_again_on_the_next_day_is_the_same(line: Line) -> None:
    line("--clock", "18 March 2011 9am", "refer", "--child", "Jade")
    again = ("--command-id", str(uuid4()))
    first = line("--json", "--clock", "2011-03-18T23:50", *HEARING, "tomorrow 10am", *again).json
    later = ("--json", "--clock", "2011-03-19T00:10")
    assert line(*later, *HEARING, "tomorrow 10am", *again).json["id"] == first["id"]
    assert "already used for something else" in line.refused(
        *later, *HEARING, "tomorrow 11am", *again
    )
    other = line(*later, *HEARING, "tomorrow 10am", "--command-id", str(uuid4())).json
    assert other["id"] != first["id"]
    shown = line(*later, "court", "list", "1").out
    assert (shown.count("2011-03-19T10:00"), shown.count("2011-03-20T10:00")) == (1, 1)


def test_the_hour_that_came_twice_is_queried_however_it_is_typed(tmp_path: Path) -> None:
    live = Line(str(tmp_path / "live"), tmp_path / "live")
    live("init")
    live("refer", "--child", "Jade")
    said = live.refused(*HEARING, "25 October 2026 at 1.30am")
    assert "Add the time zone to the time" in said
    heard = live(*HEARING, "25 Oct 2026, 01:30 GMT")
    assert "Read as 25 Oct 2026, 01:30 GMT" in heard.err
    summer = live("--json", "record", "--told", "18/6/2026 11.10pm", text="Baz rang").json["id"]
    assert "2026-06-18T22:10:00Z" in live("--json", "show", summer).out
    live.close()


@pytest.mark.parametrize("month", ["2011-03", "3/2011", "March 2011"])
def test_a_month_is_read(line: Line, month: str) -> None:
    assert line("source", "drift", "digest", month).code == 0
    assert "Month not understood" in line.refused("source", "drift", "digest", "13/2011")


def test_a_saved_map_keeps_the_day_that_was_meant(line: Line) -> None:
    """A saved map stores the date that "yesterday" meant when the map was saved, because on a later
    day the word would mean another date.
    """
    today = ("--clock", "2011-03-19T09:00", "--json")
    saved = ("chart", "save", "The arcade", "--as-at", "yesterday")
    more = ("--since", "last Monday", "--as-known", "yesterday 9pm", "--until", "18/3/2011")
    made = line(*today, *saved, *more).json
    (event,) = line(*today, "show", made["id"]).json["events"]
    shows = {when: event["shows"][when] for when in ("as_at", "since", "as_known", "until")}
    assert shows == {
        "as_at": "2011-03-18",
        "since": "2011-03-14",
        "as_known": "2011-03-18T21:00",
        "until": "18/3/2011",
    }
    assert "Date not understood" in line.refused(*today[:2], *saved[:-1], "one of these days")
