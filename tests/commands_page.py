"""Writes the page of all commands from the command line itself: `python -m tests.commands_page`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cli

PAGE = Path(__file__).parent.parent / "docs" / "commands.md"
HEAD = """# Every command

Made from the program (`python -m tests.commands_page`), and a test holds the two together.
Global options may stand anywhere: `continuum --help` lists them. A command whose name stands in
*italics* is declared in `usecases/` and is the same on the screens and in the API.

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
    from usecases.every import QUESTIONS, USE_CASES

    parts = [HEAD]
    for name, one in commands(cli.command()):
        title = f"*{name}*" if name in USE_CASES or name in QUESTIONS else name
        parts.append(f"## {title}\n\n{_sentences(one.help)}\n\n{_asked(one)}")
    return "\n".join(parts)


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


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
