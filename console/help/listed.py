"""The list of all commands, with the module that defines each command."""

from functools import cache
from pathlib import Path

#: The file with a line for each command, which `python -m tests.commands_page` writes.
PLACES = Path(__file__).with_name("places.txt")


@cache
def places() -> dict[str, str]:
    """Return the module of each command, by the command's stored name."""
    lines = PLACES.read_text("utf-8").splitlines()
    return dict(line.split(": ") for line in lines)
