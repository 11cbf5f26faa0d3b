"""Where the command starts: nothing of ours is used before it is known to be ours.

Our packages have plain names, and Python takes the first of a name that it finds: one that lies
about on its path would be imported in the place of ours.
"""

import os
import sys
from contextlib import suppress
from importlib.machinery import PathFinder
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
#: What this program consists of.
NAMES = (
    "access",
    "analytics",
    "cli",
    "commands",
    "console",
    "demo",
    "domain",
    "exchange",
    "ingest",
    "installation",
    "ledger",
    "network",
    "notifying",
    "projections",
    "usecases",
    "web",
)


def strays() -> list[Path]:
    """What stands in the way of a part of this program."""
    found = []
    for name in NAMES:
        spec = PathFinder.find_spec(name)
        if spec and spec.origin:
            place = Path(spec.origin).resolve()
            if place not in (HERE / f"{name}.py", HERE / name / "__init__.py"):
                found.append(place)
    return found


#: What asks for the list of all commands, which is printed without loading one of them.
HELP = (["-h"], ["--help"], ["help"])


def main() -> None:
    """The entry point of `continuum`."""
    if stray := strays():
        places = ", ".join(map(str, stray))
        sys.stderr.write(
            f"continuum: another program's {places} is found before a part of this one: take its "
            "directory out of PYTHONPATH, or move it away\n"
        )
        sys.exit(1)
    if sys.argv[1:] in HELP:
        _print_overview()
        return
    import cli

    cli.main()


def _print_overview() -> None:
    """Print what `console.helping.OVERVIEW` holds."""
    text = (HERE / "console" / "overview.txt").read_text("utf-8")
    with suppress(BrokenPipeError):  # of a reader who has seen enough
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
