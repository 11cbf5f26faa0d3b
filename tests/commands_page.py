"""Write the files that are generated from the commands and their groups:
`python -m tests.commands_page`.

The files are a page in docs/commands/ for each group, the index of these pages, the text that
`continuum -h` prints, and the list of modules that define the commands.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from pathlib import Path
from textwrap import fill
from typing import Any

import cli
from console.help import helping
from console.help.groups import GROUPS, HelpGroup, place_of
from console.help.helping import OVERVIEW
from console.help.listed import PLACES
from console.help.plain_names import plain_name
from console.made import declared, lazy_commands, questions
from usecases.kernel import registry

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "commands"
INDEX = FOLDER / "README.md"
HEAD = """# Commands

A page for each group of commands. They are made from the program (`python -m
tests.commands_page`); a test compares them with it. `continuum -h` lists the commands, `continuum
help COMMAND` explains one, `continuum search-help WORD` finds those that fit a word, and
`continuum --install-completion` lets the Tab key complete what you type.

| group | commands |
|---|---|
"""
#: The text below the table of commands in the index.
EXIT_CODES = """
Global options may be given anywhere in the line: `continuum --help` lists them. Any item can be
named by the last eight digits of its id. `--json` prints one document, `--id` the id alone.

Data goes to standard output, everything else to standard error: with `--json` an error is one
problem document (RFC 9457, as in the API) on its last line. When the reader of the output stops
early (`… | head -1`), the command still finishes, with its own exit code:

| code | meaning |
|---|---|
| 0 | done |
| 1 | a fault of the program |
| 2 | bad input |
| 3 | denied |
| 4 | integrity failure |
| 5 | unavailable |
| 6 | unproven (`verify`) |
"""
GROUP_HEAD = """A command in *italics* is declared in `usecases/`: the screens and the API have it
too. All groups are in the [index](README.md).
"""
#: The greatest width of a line that `continuum -h` prints.
WIDTH = 70
TOP = """Usage: continuum [OPTIONS] COMMAND [ARGS]...

From a parent's words to graded intelligence, evidence and a map of suspected
offenders.
"""
END = """
Find a command:     continuum search-help WORD
Explain a command:  continuum help COMMAND
"""


def commands(here: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Yield each command with its full name, in alphabetical order."""
    for name, one in sorted(getattr(here, "commands", {}).items()):
        if hasattr(one, "commands"):
            yield from commands(one, (*words, name))
        if not hasattr(one, "commands") or getattr(one, "invoke_without_command", False):
            yield " ".join((*words, name)), one


def index() -> str:
    """Return the content of the index: each group with its commands and a link to the group's
    page.
    """
    rows = (f"| [{group.title}]({_page(group).name}) | {_names(group)} |\n" for group in GROUPS)
    return HEAD + "".join(rows) + EXIT_CODES


def _names(group: HelpGroup) -> str:
    return " ".join(f"`{plain_name(name)}`" for name in group.names)


def group_page(group: HelpGroup) -> str:
    """Return the content of the page of one group: the help of each of its commands."""
    from_declarations = {*registry.USE_CASES, *registry.QUESTIONS}
    parts = [f"# Commands: {group.title}\n\n{GROUP_HEAD}"]
    for name, command in _by_group()[group]:
        plain = plain_name(name)
        title = f"*{plain}*" if name in from_declarations else plain
        parts.append(f"## {title}\n\n{_sentences(command.help)}\n\n{_parameters(command)}")
    return "\n".join(parts)


@cache
def _by_group() -> dict[HelpGroup, list[tuple[str, Any]]]:
    """Return the commands of each group, in the order of its page."""
    groups: dict[HelpGroup, list[tuple[str, Any]]] = {group: [] for group in GROUPS}
    for name, command in sorted(
        commands(cli.command()), key=lambda named: (place_of(named[0]), named[0])
    ):
        groups[GROUPS[place_of(name)[0]]].append((name, command))
    return groups


def _page(group: HelpGroup) -> Path:
    """Return the path of a group's page: the group "the network over time" has the page
    network-over-time.md.
    """
    words = group.title.removeprefix("the ").replace(", the ", " ").replace(",", "")
    return FOLDER / f"{words.replace(' ', '-')}.md"


def overview() -> str:
    """Return the text that `continuum -h` prints."""
    top: Any = cli.command()
    context = top.make_context("continuum", [], resilient_parsing=True)
    options = (parameter.get_help_record(context) for parameter in top.get_params(context))
    parts = [TOP]
    parts += (f"{_title(group.title)}:\n{_lines(_listed(top, group))}" for group in GROUPS)
    parts.append(
        f"Options, anywhere in the line:\n{_lines([option for option in options if option])}"
    )
    return "\n".join(parts) + END


def listed_places() -> str:
    """Return one line for each command with the module that defines it. Groups of commands are left
    out, and so are commands that need the list of all commands."""
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


def _listed(top: Any, group: HelpGroup) -> Iterator[tuple[str, str]]:
    """Yield the name of each command in a group, with the first sentence of its help."""
    for name in group.names:
        here = top
        for word in name.split():
            here = here.commands[word]
        yield plain_name(name), here.short_help


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


def _parameters(one: Any) -> str:
    rows = [
        f"| `{_option_names(parameter)}` | {_sentences(parameter.help).replace('|', '/')} |\n"
        for parameter in one.params
        if "--help" not in parameter.opts and "--command-id" not in parameter.opts
    ]
    return "".join(("| | |\n|---|---|\n", *rows)) if rows else ""


def _option_names(each: Any) -> str:
    if each.param_type_name == "argument":
        return str(each.metavar or each.name.upper()).replace("|", "/")
    return ", ".join((*each.opts, *each.secondary_opts))


#: For each generated file, the function that returns its content. The list of commands is first,
#: because the other functions read the groups of commands from it.
MADE: dict[Path, Callable[[], str]] = {
    PLACES: listed_places,
    INDEX: index,
    **{_page(group): partial(group_page, group) for group in GROUPS},
    OVERVIEW: overview,
}

if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for place, written in MADE.items():
        place.write_text(written(), encoding="utf-8")
