"""The help commands, and the message for an unknown command."""

from collections.abc import Sequence
from itertools import chain, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from console.engine.parsing import BadInput
from console.engine.session import CommandSession
from console.help import help_search
from console.help.groups import GROUPS, place_of
from console.help.plain_names import plain_word, stored_words

if TYPE_CHECKING:
    from console.help.help_search import HelpEntry

#: The text that `continuum -h` prints.
OVERVIEW = Path(__file__).with_name("overview.txt")
#: The number of commands in the result of a search, and the number of commands that are suggested
#: for an unknown command.
SHOWN, OFFERED = 10, 3


def register(app: typer.Typer) -> None:
    """Add this module's commands to the command line."""
    app.command("help")(show_help)
    app.command()(search_help)


def show_help(
    context: typer.Context,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[COMMAND]", help="For example: network ego.")
    ] = None,
) -> None:
    """Explain a command, or list them all. It prints what COMMAND -h prints."""
    session: CommandSession = context.obj
    names = stored_words(" ".join(words or ()).split())
    here = context.find_root()
    command: Any = here.command
    for place, name in enumerate(names):
        below = getattr(command, "commands", {}).get(name)
        if below is None:
            raise BadInput(unknown(here, names[place:]))
        command = below
        shown = plain_word(names[:place], name)
        here = command.make_context(shown, [], parent=here, resilient_parsing=True)
    text = command.get_help(here)
    session.print_message({"command": " ".join(names), "help": text}, text.splitlines())


def search_help(
    context: typer.Context,
    words: Annotated[list[str], typer.Argument(help="What you want to do, or a word of it.")],
) -> None:
    """Find commands by words. It looks in their names, help and options, and knows other words of
    the field; the best match comes first."""
    session: CommandSession = context.obj
    text = " ".join(words)
    entries = help_search.fitting(context.find_root().command, text)[:SHOWN]
    if not entries:
        raise BadInput(
            f"no command fits {text!r}: try another word, or list all commands: continuum -h"
        )
    rows = [
        {
            "command": entry.plain,
            "sentence": entry.sentence,
            "group": GROUPS[place_of(entry.name)[0]].title,
        }
        for entry in entries
    ]
    session.print_message(
        rows, [*_aligned(entries), "", "Explain a command: continuum help COMMAND"]
    )


def unknown(context: Any, arguments: Sequence[str]) -> str:
    """Return the message for an unknown command, with the commands nearest in spelling and in
    meaning, alternately.
    """
    root = context.find_root()
    above: list[str] = []
    while context is not root:
        above.insert(0, context.info_name)
        context = context.parent
    words = [*above, *(word for word in arguments if not word.startswith("-"))]
    name = " ".join((*above, arguments[0]))
    spelt = help_search.spelt_like(root.command, words, matched=len(above))
    pairs = zip_longest(spelt, help_search.fitting(root.command, " ".join(words)))
    nearest = list(dict.fromkeys(entry for entry in chain.from_iterable(pairs) if entry))
    if not nearest:
        return f"there is no command {name!r}: continuum -h lists them all"
    return "\n".join(
        (
            f"there is no command {name!r}. The nearest are:",
            *_aligned(nearest[:OFFERED]),
            f"Find others: continuum search-help {arguments[0]}",
        )
    )


def _aligned(entries: Sequence["HelpEntry"]) -> list[str]:
    """Return a line for each of the help entries: the command's name and its sentence of help, in
    columns."""
    width = max(len(entry.plain) for entry in entries)
    return [f"  {entry.plain:{width}}  {entry.sentence}" for entry in entries]
