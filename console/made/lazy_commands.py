"""Commands whose options are made only when the command is run or its help is shown. Before that, a
process loads only the names and first sentences of commands, so that it starts fast.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, cast

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_command_from_info, get_command_name
from typer.models import CommandInfo

from console.engine.session import note
from console.help import helping
from console.help.groups import SUBJECTS, first_sentence
from console.help.plain_names import plain_word, stored_word, stored_words


class LazyCommand:
    """A command whose options are made only when it is run or its help is shown."""

    def __init__(
        self,
        run: Callable[..., None],
        sentence: str | None,
        parameters: Callable[[], Sequence[inspect.Parameter]],
    ) -> None:
        self._run, self._parameters = run, parameters
        self.__doc__ = sentence

    def __call__(self, *context: typer.Context, **given: Any) -> None:
        self._run(*context, **given)

    @property
    def __signature__(self) -> inspect.Signature:
        return inspect.Signature(self._parameters())

    @property
    def __annotations__(self) -> Mapping[str, object]:  # type: ignore[override]
        return {parameter.name: parameter.annotation for parameter in self._parameters()}


class Later(TyperCommand):
    """A command that has only its name and help until it is run or its options are read."""

    def __init__(self, info: CommandInfo) -> None:
        called = getattr(info.callback, "__name__", "")
        text = info.help or inspect.getdoc(info.callback)
        super().__init__(
            info.name or get_command_name(called),
            help=text,
            short_help=first_sentence(text),
            hidden=info.hidden,
            rich_markup_mode=None,
        )
        self._info = info
        del self.params  # a deleted `params` is computed by `__getattr__` when it is first read

    @cached_property
    def made(self) -> Any:
        """Return the complete command, with its options."""
        return get_command_from_info(
            self._info, pretty_exceptions_short=False, rich_markup_mode=None
        )

    def __getattr__(self, name: str) -> Any:
        if name != "params":
            raise AttributeError(name)
        return self.made.params

    def make_context(self, *given: Any, **extra: Any) -> Any:
        """Return typer's context for a run of the complete command, including its options."""
        return self.made.make_context(*given, **extra)


class CommandGroup(TyperGroup):
    """A group of commands that begin with the same word, such as "network". For an unknown command
    it suggests the most similar name, and without a command it prints the help. It shows plain
    names of commands, and also accepts stored names."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the plain names of the group's commands, in alphabetical order."""
        above = stored_path(ctx)
        return sorted(plain_word(above, name) for name in self.commands)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return the group's command of this plain or stored name, or None."""
        return super().get_command(ctx, stored_word(stored_path(ctx), cmd_name))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Return the arguments that follow the group's own options on the command line. Raises Exit
        if a command is required but missing."""
        wanted = self.no_args_is_help and not (args or ctx.resilient_parsing)
        if wanted and not getattr(ctx.obj, "json", False):
            note(self.get_help(ctx))
            raise typer.Exit(2)
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that the first argument names, with its plain name and the other
        arguments. Raises UsageError for an unknown name."""
        valid = self.get_command(ctx, args[0]) or args[0].startswith("-")
        if not (valid or ctx.resilient_parsing):
            ctx.fail(helping.unknown(ctx, args))
        name, command, rest = super().resolve_command(ctx, args)
        above = stored_path(ctx)
        return name and plain_word(above, stored_word(above, name)), command, rest


def stored_path(context: Any) -> list[str]:
    """Return the words of the command line that lead to the command of this typer context, as
    stored names."""
    names: list[str] = []
    while context.parent:
        names.insert(0, context.info_name)
        context = context.parent
    return stored_words(names)


def tree(app: typer.Typer) -> TyperGroup:
    """Return the tree of all groups of the command line, with their commands."""
    removed = _take_commands(app)
    # typer adds the options for shell completion to this top group
    top = cast(TyperGroup, get_command(app))
    _given(app, top, removed)
    return top


def _take_commands(app: typer.Typer, words: tuple[str, ...] = ()) -> dict[int, list[CommandInfo]]:
    """Remove the commands from all groups, and return them by the id of their group. Otherwise
    typer would build each command at the start."""
    commands_by_app = {id(app): app.registered_commands}
    app.registered_commands = []
    for group in app.registered_groups:
        name = (*words, str(group.name))
        group.cls = CommandGroup
        if subject := SUBJECTS.get(" ".join(name)):
            group.help = subject
        if group.typer_instance:
            commands_by_app |= _take_commands(group.typer_instance, name)
    return commands_by_app


def _given(
    app: typer.Typer, group: TyperGroup, commands_by_app: Mapping[int, list[CommandInfo]]
) -> None:
    app.registered_commands = commands_by_app[id(app)]
    own = {str(command.name): command for command in map(Later, app.registered_commands)}
    for within in app.registered_groups:
        below = group.commands[str(within.name)]
        below.short_help = first_sentence(below.help)
        if within.typer_instance and isinstance(below, TyperGroup):
            _given(within.typer_instance, below, commands_by_app)
    group.commands = dict(sorted((own | dict(group.commands)).items()))
