"""Writes what is made of the commands and their groups: docs/commands.md, the README's table and
what `continuum -h` prints; and where each command is made. `python -m tests.commands_page`."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from textwrap import fill
from typing import Any

import cli
from console.help import helping
from console.help.groups import GROUPS, Group, place_of
from console.help.helping import OVERVIEW
from console.made import declared, lazy_commands, questions
from console.made.places import PLACES
from usecases.kernel import registry

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "commands.md"
README = ROOT / "README.md"
HEAD = """# Every command

Made from the program (`python -m tests.commands_page`), and a test holds the two together.
Global options may stand anywhere: `continuum --help` lists them. A command whose name stands in
*italics* is declared in `usecases/` and is the same on the screens and in the API.

"""
#: Columns of a line that `continuum -h` prints.
WIDTH = 70
TABLE = "| for | commands |\n|---|---|\n"
TOP = """Usage: continuum [OPTIONS] COMMAND [ARGS]...

From a parent's words to graded intelligence, evidence and a map of suspected
offenders.
"""
END = """
Find a command:     continuum search-help WORD
Explain a command:  continuum help COMMAND
"""


def commands(here: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Each command by its name, in the order of the alphabet."""
    for name, one in sorted(getattr(here, "commands", {}).items()):
        if hasattr(one, "commands"):
            yield from commands(one, (*words, name))
        if not hasattr(one, "commands") or getattr(one, "invoke_without_command", False):
            yield " ".join((*words, name)), one


def page() -> str:
    """The page."""
    from_declarations = {*registry.USE_CASES, *registry.QUESTIONS}
    made = sorted(commands(cli.command()), key=lambda named: (place_of(named[0]), named[0]))
    titles = [group.title for group in GROUPS]
    links = [f"- [{_title(one)}](#{one.replace(',', '').replace(' ', '-')})" for one in titles]
    parts = [HEAD + "\n".join(links) + "\n"]
    for number, several in groupby(made, key=lambda named: place_of(named[0])[0]):
        parts.append(f"## {_title(titles[number])}\n")
        for name, one in several:
            title = f"*{name}*" if name in from_declarations else name
            parts.append(f"### {title}\n\n{_sentences(one.help)}\n\n{_asked(one)}")
    return "\n".join(parts)


def readme() -> str:
    """Return the README with the table of all groups."""
    before, _, after = README.read_text(encoding="utf-8").partition(TABLE)
    rest = after[after.index("\n\n") :]
    rows = (f"| {one.title} | {' '.join(f'`{name}`' for name in one.commands)} |" for one in GROUPS)
    return before + TABLE + "\n".join(rows) + rest


def overview() -> str:
    """Return what `continuum -h` prints."""
    top: Any = cli.command()
    context = top.make_context("continuum", [], resilient_parsing=True)
    options = (one.get_help_record(context) for one in top.get_params(context))
    parts = [TOP]
    parts += (f"{_title(group.title)}:\n{_lines(_listed(top, group))}" for group in GROUPS)
    parts.append(f"Options, anywhere in the line:\n{_lines([one for one in options if one])}")
    return "\n".join(parts) + END


def listed_places() -> str:
    """Return where each command is made, a line each, but for what answers for a group or looks at
    all commands."""
    found: dict[str, str] = {}
    for part in cli.PARTS:
        if part not in (declared, questions, helping):
            app = cli.empty()
            part.register(app)
            found |= {name: part.__name__ for name, _ in commands(lazy_commands.tree(app))}
    made = {**registry.USE_CASES, **registry.QUESTIONS}
    uses = {name: getattr(one, "use", one).__module__ for name, one in made.items()}
    leaves = {name for name, one in commands(cli.command()) if not hasattr(one, "commands")}
    every = sorted((name, place) for name, place in (found | uses).items() if name in leaves)
    return "".join(f"{name}: {place}\n" for name, place in every)


def _listed(top: Any, group: Group) -> Iterator[tuple[str, str]]:
    """Yield each name of a group with its sentence."""
    for name in group.commands:
        here = top
        for word in name.split():
            here = here.commands[word]
        yield name, here.short_help


def _lines(rows: Iterable[tuple[str, str]]) -> str:
    told = list(rows)
    indent = " " * (max(len(name) for name, _ in told) + 4)
    return "".join(
        fill(f"{f'  {name}':{len(indent)}}{sentence}", WIDTH, subsequent_indent=indent) + "\n"
        for name, sentence in told
    )


def _title(text: str) -> str:
    return text[:1].upper() + text[1:]


def _sentences(text: str | None) -> str:
    return " ".join((text or "").split())


def _asked(one: Any) -> str:
    rows = [
        f"| `{_called(each)}` | {_sentences(each.help).replace('|', '/')} |\n"
        for each in one.params
        if "--help" not in each.opts and "--command-id" not in each.opts
    ]
    return "".join(("| | |\n|---|---|\n", *rows)) if rows else ""


def _called(each: Any) -> str:
    if each.param_type_name == "argument":
        return str(each.metavar or each.name.upper()).replace("|", "/")
    return ", ".join((*each.opts, *each.secondary_opts))


#: What each file has to hold.
MADE = {PAGE: page, README: readme, OVERVIEW: overview, PLACES: listed_places}

if __name__ == "__main__":
    for place, written in MADE.items():
        place.write_text(written(), encoding="utf-8")
