"""The command line: each use case has one thin subcommand.

Global options may come anywhere in the line. For bad input the program prints an error message, no
traceback, and ends with exit code 2.

The file is long because every command is registered here.
"""

import gc
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout, suppress
from functools import cache
from io import BytesIO, TextIOWrapper
from itertools import pairwise, takewhile
from typing import Annotated, Any
from uuid import UUID

import typer

from console.engine import language_hints
from console.engine.failures import exit_code, failed
from console.engine.parsing import WHEN, BadInput
from console.engine.session import CommandCall, CommandSession, OpenStore
from console.engine.streams import forgive_closed_pipes, write_error
from console.help import helping
from console.help.plain_names import stored_words
from console.made import declared, lazy_commands, places
from console.made import questions as asked
from console.police import (
    analysing,
    files,
    grading,
    outcomes,
    people,
    photographs,
    protection,
    recording,
    sources,
    support,
    triage,
    unused_material,
)
from console.police import network as network_commands
from console.police import trail as trail_commands
from console.records import (
    checkpoints,
    disclosing,
    erasing,
    integrity,
    legal_holds,
    proof_pack,
    rectifying,
    retention,
    subjects,
    victim_requests,
    witnessing,
)
from console.running import (
    accounts,
    clock,
    demo,
    doctor,
    enrolment,
    exchanging,
    keys,
    serve,
    signing,
    sites,
    stores,
    succession,
)

#: The global options of the command line: 1 if a value follows the option, otherwise 0.
HOISTED = {
    "--json": 0,
    "--id": 0,
    "--clock": 1,
    "--store": 1,
    "--home": 1,
    "--user": 1,
    "--team": 1,
    "--controller": 1,
    "--why": 1,
}

#: After `user add`, --team and --controller belong to the new account, which may have several
#: teams. In other commands they belong to the user who runs the command.
NEWCOMERS = "user add"

#: After these commands, --team names the teams whose figures are shown. The user's own team is
#: given by a --team before the command.
OF_TEAMS = ("card", "card publish")

#: Exit codes of errors (2: refused, 3: denied) whose message may contain a person's name.
TOLD = (2, 3)


class Commands(lazy_commands.CommandGroup):
    """The group of all commands. If an error message may name people, for example because a typed
    name fits two of them, the access log records this before the message is printed."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help of all commands, in their groups."""
        formatter.write(helping.OVERVIEW.read_text("utf-8"))

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except (typer.Exit, typer.TyperException):
            raise  # a help text, or the message for an unknown command, contains no person's name
        except Exception as error:
            if exit_code(error) in TOLD and isinstance(ctx.obj, CommandSession):
                ctx.obj.log_ids_in_message(str(error))
            raise


#: The names of the modules that add commands to the command line.
PARTS = (
    recording,
    triage,
    files,
    photographs,
    checkpoints,
    support,
    protection,
    grading,
    language_hints,
    outcomes,
    people,
    sources,
    network_commands,
    trail_commands,
    disclosing,
    subjects,
    rectifying,
    unused_material,
    integrity,
    witnessing,
    proof_pack,
    erasing,
    retention,
    legal_holds,
    keys,
    stores,
    sites,
    exchanging,
    analysing,
    succession,
    clock,
    doctor,
    accounts,
    enrolment,
    signing,
    serve,
    demo,
    declared,
    victim_requests,
    asked,
    helping,
)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        sys.stdout.write(f"continuum {version('continuum-safeguarding')}\n")
        raise typer.Exit


def _options(
    context: typer.Context,
    store: Annotated[
        str | None,
        typer.Option(metavar="STORE", help="A directory or postgresql://...", show_default=False),
    ] = None,
    home: Annotated[
        str | None,
        typer.Option(
            metavar="DIR", help="The directory of keys and original files.", show_default=False
        ),
    ] = None,
    user: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Who you are (not checked).",
            show_default=False,
        ),
    ] = None,
    team: Annotated[
        list[str] | None,
        typer.Option(metavar="TEAM", help="Your team; in user add, theirs.", show_default=False),
    ] = None,
    controller: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The controller of the record.", show_default=False),
    ] = None,
    clock: Annotated[
        str | None,
        typer.Option(metavar=WHEN, help="The time, in a synthetic store.", show_default=False),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Answer with one JSON document.")] = False,
    id_only: Annotated[
        bool, typer.Option("--id", help="After a write, print the item's id alone.")
    ] = False,
    why: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Purpose of access, for the access log.")
    ] = None,
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", callback=_version, is_eager=True),
    ] = False,
) -> None:
    call: CommandCall = context.obj
    teams = team or []
    if len(teams) > 1 and call.query != NEWCOMERS:
        raise BadInput(f"{len(teams)} teams are given: give one --team")
    context.obj = CommandSession(
        store,
        home,
        user,
        teams,
        controller,
        clock,
        json,
        id_only,
        why,
        call.query,
        call.command_id,
        run=captured,
        kept=call.kept,
    )
    context.call_on_close(context.obj.close)


def hoist(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the global options of a command line, wherever they are in it, and the remaining
    arguments.

    Raises BadInput for an option without its value, and for characters that cannot be stored.
    """
    front: list[str] = []
    rest: list[str] = []
    position = 0
    while position < len(arguments):
        word = arguments[position]
        if "\0" in word or (not word.isascii() and any("\ud800" <= c <= "\udfff" for c in word)):
            raise BadInput(f"argument {position + 1} is not valid text: write it in UTF-8")
        if word == "--":
            rest += arguments[position:]
            break
        name = word.split("=", 1)[0]
        command = " ".join(word for word in rest[:2] if not word.startswith("-"))
        if name in HOISTED and not (name == "--team" and command in OF_TEAMS):
            takes = 0 if "=" in word else HOISTED[name]
            if position + takes >= len(arguments):
                raise BadInput(f"{name} needs a value after it")
            front += arguments[position : position + 1 + takes]
            position += takes
        else:
            rest.append(word)
        position += 1
    return front, rest


def asks_for_json(arguments: Sequence[str]) -> bool:
    """Return whether --json is among the arguments, even if the other arguments are invalid."""
    options = takewhile(lambda word: word != "--", arguments)
    return "--json" in options


def empty() -> typer.Typer:
    """Return the command line program without its commands."""
    app = typer.Typer(
        name="continuum",
        cls=Commands,
        no_args_is_help=True,
        context_settings={"help_option_names": ["-h", "--help"]},
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        help="From a parent's words to graded intelligence, evidence and a map of suspected "
        "offenders.",
    )
    app.callback()(_options)
    return app


@cache
def program() -> typer.Typer:
    """Return the command line program with all its commands."""
    app = empty()
    for part in PARTS:
        part.register(app)
    return app


@cache
def command() -> Callable[..., object]:
    """Return the tree of all commands; it is made once in a process."""
    return lazy_commands.tree(program())


def only(name: str) -> Callable[..., object]:
    """Return a command tree that has only the command `name`, for a process that runs no other
    command."""
    app = empty()
    places.register(app, name)
    return lazy_commands.tree(app)


def named(arguments: Sequence[str], top: object) -> str:
    """Return the name of the command that the arguments call, such as "network ego"."""
    words: list[str] = []
    here: Any = top
    for word in arguments:
        here = getattr(here, "commands", {}).get(word)
        if here is None:
            break
        words.append(word)
    return " ".join(words)


def command_id(arguments: Sequence[str]) -> UUID | None:
    """Return the command id among the arguments; None if there is none, or if it is no UUID."""
    option = "--command-id"
    for word, following in pairwise([*arguments, ""]):
        value = following if word == option else word.removeprefix(f"{option}=")
        if word.startswith(option) and value != word:
            with suppress(ValueError):
                return UUID(value)
    return None


def captured(arguments: Sequence[str], text: str, store: OpenStore) -> tuple[int, str, str]:
    """Run a command in this process, on an open store, which stays open. `text` is the command's
    standard input. Return its exit code, standard output and standard error."""
    out, err = _stream(""), _stream("")
    before, sys.stdin = sys.stdin, _stream(text)
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = run(arguments, store)
    finally:
        sys.stdin = before
    return code, _content(out), _content(err)


def _stream(text: str) -> TextIOWrapper:
    """Return a text stream that is written to and read from memory, like a standard stream of a
    process."""
    buffer = BytesIO(text.encode("utf-8", "surrogateescape"))
    return TextIOWrapper(buffer, "utf-8", "backslashreplace", "\n", write_through=True)


def _content(stream: TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()


def run(arguments: Sequence[str], store: OpenStore | None = None) -> int:
    """Run one command and return its exit code.

    An error is printed on standard error: as a sentence, or with --json as one problem document.
    """
    try:
        front, words = hoist(arguments)
        rest = stored_words(words)
        name = None if store else places.find_command(rest)
        top = only(name) if name else command()
        call = CommandCall(store, named(rest, top), command_id(rest))
        result = top(args=front + rest, standalone_mode=False, obj=call)
    except typer.Exit as ended:
        return ended.exit_code
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 (a traceback could show words of the record)
        return failed(error, as_json=asks_for_json(arguments))
    return result if isinstance(result, int) else 0


def main() -> None:
    """Run the program `continuum`."""
    forgive_closed_pipes()
    code = run(sys.argv[1:])
    if error := write_error():
        code = failed(error, as_json=asks_for_json(sys.argv[1:]))
    # freezing spares the search for garbage among all objects when Python ends, which takes a third
    # of the time of a short command
    gc.freeze()
    sys.exit(code)


if __name__ == "__main__":
    main()
