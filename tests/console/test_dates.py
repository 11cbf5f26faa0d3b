"""Every option that takes a day or a time reads it as people in Britain write it."""

import re
from collections.abc import Iterator
from typing import Any

import cli
from console.entries import DAY, WHEN
from tests.console.conftest import Line
from usecases.every import QUESTIONS, USE_CASES
from usecases.fields import fields_of

WANTED = 'Date not understood: "1/13/2011". Write 13/1/2011 or 13 January 2011.'
#: How an option is called, or explained, that takes a time.
CALLED = {"--at", "--since", "--until", "--born", "--when", "--expires", "--as-at", "--as-known"}
EXPLAINED = re.compile(
    r"((since|until|from|to|by|on|as known on|as it was on)? ?(when|which day)\b.*)|.*last day.*",
    re.IGNORECASE,
)
#: Options that are called or explained so and take something else.
OTHERS = {
    ("record", "--when"): "a parent's own words, which are never refused",
    ("proof", "--since"): "a file",
    ("signer witness", "--at"): "an address",
    ("notice service", "--at"): "a place",
    ("chart save", "--as-at"): "kept as it was typed; read by the same rule when it is saved",
    ("chart save", "--as-known"): "as above",
    ("chart save", "--since"): "as above",
    ("chart save", "--until"): "as above",
}
#: What a command needs before it reads a time.
BESIDE = {
    "": ("queue",),
    "access-request": ("Baz", "--by", "Baz, by passport"),
    "disclose": ("x",),
    "hold place": ("--reason", "x"),
    "network ego": ("Baz",),
    "network export": ("--format", "csv"),
    "network path": ("Baz", "Baz"),
    "outcome result": ("convicted",),
    "user key make": ("x",),
}
BESIDE |= dict.fromkeys(("certificate", "lanes", "meeting minutes"), ("Baz", "--pdf", "paper.pdf"))
BESIDE |= dict.fromkeys(("read-out", "network for-decision"), ("--pdf", "paper.pdf"))


def options() -> Iterator[tuple[str, str, Any]]:
    """Each option of each command."""

    def within(command: Any, words: tuple[str, ...]) -> Iterator[tuple[str, str, Any]]:
        for name, further in getattr(command, "commands", {}).items():
            yield from within(further, (*words, name))
        for one in command.params:
            for called in getattr(one, "opts", ()):
                if called.startswith("--"):
                    yield " ".join(words), called, one

    yield from within(cli.command(), ())


def timed() -> list[tuple[str, str]]:
    return [(name, called) for name, called, one in options() if one.metavar in (WHEN, DAY)]


def test_every_option_that_takes_a_time_says_so() -> None:
    found = set(timed())
    assert len(found) > 150
    asks = [(one.named.command, one.fields) for one in USE_CASES.values()]
    asks += [(one.asked_as.command, fields_of(one)) for one in QUESTIONS.values()]
    for name, fields in asks:
        for one in fields:
            assert (one.form in ("moment", "day")) == ((name, one.option) in found), (
                name,
                one.name,
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
        said = line(*name.split(), *BESIDE.get(name, ()), called, "1/13/2011")
        if said.code != 2 or WANTED not in said.err:
            faults.append((name, called, said.code, said.err))
    assert not faults, "\n".join(map(str, faults))
