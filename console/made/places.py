"""Find the module of each command, so that a process imports only the module of its own command. If
the typed words name no command, for example only a group, all commands are loaded."""

from collections.abc import Sequence
from importlib import import_module

import typer

from console.help.listed import places
from console.made import declared, questions
from usecases.kernel import declarations

#: The beginning of the names of modules whose commands are made from declarations.
MADE = "usecases."
#: The number of words in the longest name of a command.
_LONGEST = 3


def find_command(words: Sequence[str]) -> str | None:
    """Return the command that a command line begins with; None if `places.txt`, the list of
    commands, does not have it."""
    names = (" ".join(words[:count]) for count in range(_LONGEST, 0, -1))
    return next((name for name in names if name in places()), None)


def register(app: typer.Typer, name: str) -> None:
    """Add the command `name` to the command line. If it is not made from a declaration, all other
    commands of its module are added, too."""
    module = import_module(places()[name])
    if not module.__name__.startswith(MADE):
        module.register(app)
    elif use := declarations.use_cases_in(module).get(name):
        declared.add(app, use)
    else:
        questions.add(app, declarations.questions_in(module)[name])
