"""Where each command is made: a program that runs one imports the module of that one.

`python -m tests.commands_page` writes `places.txt`, a line a command. What is not in it, such as a
group's own name or a word that is no command, is looked for among all commands.
"""

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from pathlib import Path

import typer

from console.made import declared, questions
from usecases.kernel import declarations

PLACES = Path(__file__).with_name("places.txt")
#: Where commands are made from declarations.
MADE = "usecases."
#: How many words the longest name of a command has.
_LONGEST = 3


@cache
def places() -> dict[str, str]:
    """The module of each command, by the command's name."""
    lines = PLACES.read_text("utf-8").splitlines()
    return dict(line.split(": ") for line in lines)


def named(words: Sequence[str]) -> str | None:
    """The command that a line begins with; None where that is not known without all commands."""
    names = (" ".join(words[:count]) for count in range(_LONGEST, 0, -1))
    return next((name for name in names if name in places()), None)


def register(app: typer.Typer, name: str) -> None:
    """Add this command, and those that are made with it."""
    module = import_module(places()[name])
    if not module.__name__.startswith(MADE):
        module.register(app)
    elif use := declarations.use_cases_in(module).get(name):
        declared.add(app, use)
    else:
        questions.add(app, declarations.questions_in(module)[name])
