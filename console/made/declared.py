"""Makes commands from declared use cases: arguments, help, errors, the receipt."""

import inspect
import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Annotated, Any
from uuid import UUID

import typer

from commands.people_and_teams import two_person
from console.engine.options import CommandId
from console.engine.parsing import (
    DAY,
    TAKES_WORDS,
    WHEN,
    BadInput,
    group_of,
    no_words,
    parse_uuid,
    piped_text,
    refuse_typed_words,
)
from console.engine.proposing import Confirm, Refuse, decided, note_confirmers
from console.engine.session import CommandSession, note
from console.help.groups import first_sentence
from console.help.plain_names import plain_name
from console.made.lazy_commands import LazyCommand
from domain.kernel.values import Refused
from usecases.kernel import registry
from usecases.kernel.fields import Declaration, Field, TimeParsers, find_silent_hits, make_use_case
from usecases.kernel.old_names import OPTIONS
from usecases.kernel.usecase import Bare, FieldErrors, perform


def register(app: typer.Typer) -> None:
    """Add a command for each declared use case to the command line. The first words of the name are
    command groups: "network ego" is added to the group "network"."""
    for name in registry.USE_CASES.values():
        add(app, name)


def add(app: typer.Typer, name: Declaration) -> None:
    """Add the command of this use case to the command line. The first words of the name are command
    groups: "network ego" is added to the group "network"."""
    group, last = placed(app, name.named.command, name.use.__module__)
    piped = any(field.ask.piped for field in name.fields)
    group.command(last, context_settings=TAKES_WORDS if piped else None)(command(name))


def placed(app: typer.Typer, command: str, module: str) -> tuple[typer.Typer, str]:
    """Return the group to which a command belongs, and the last word of the command's name. If the
    group does not exist, it is added; its help is the first sentence of the docstring of `module`.
    """
    *words, last = command.split()
    for word in words:
        within = group_of(app, word)
        if within is None:
            sentence = first_sentence(sys.modules[module].__doc__)
            within = typer.Typer(no_args_is_help=True, help=sentence)
            app.add_typer(within, name=word)
        app = within
    return app, last


def command(name: Declaration) -> LazyCommand:
    """Return the command that runs this use case."""

    def run(**given: Any) -> None:
        context: typer.Context = given.pop("context")
        session: CommandSession = context.obj
        refuse_typed_words(context)
        command_id = parse_uuid(given.pop("command_id"))
        if name.named.proposes and _is_decided(session, name, given, command_id):
            return
        piped = [piped_field for piped_field in name.fields if piped_field.ask.piped]
        given |= {piped_field.name: piped_text(piped_field.label) for piped_field in piped}
        try:
            use = make_use_case(name, given, reads(session))
        except FieldErrors as mistold:
            called = {field.name: typed_as(name, field) for field in name.fields}
            words = as_typed(called, mistold)
            if any(
                piped_field.name in mistold.faults and not given[piped_field.name]
                for piped_field in piped
            ):
                words = f"{words}; {no_words(context)}"
            raise BadInput(words, mistold.faults) from None
        try:
            receipt = perform(use, session.desk, session.reader, command_id)
        except Refused as refused:
            session.consulted(b"", find_silent_hits(use, session.desk, session.reader) or ())
            if field := name.where(use, refused):
                refused.field = field.name
                refused.args = (f"{typed_as(name, field)}: {refused}",)
            raise
        success = name.success_message(use)
        if receipt.proposed and not name.named.proposes:
            session.receipt(receipt, f"Proposed, it waits for a second person ({success.lower()})")
        elif receipt.proposed:
            about = given[_decided_by(name).name]
            following = f"{plain_name(name.named.command)} {about}"
            session.receipt(
                receipt,
                f"Proposed, it waits for a second person ({success.lower()})",
                f"Another person confirms it: continuum --user SECOND-PERSON {following} --confirm",
            )
        else:
            session.receipt(receipt, success)
        if warning := use.warning(session.desk, session.reader, receipt):
            note(warning)
        note_confirmers(session, receipt)

    return LazyCommand(run, name.sentence, partial(_parameters, name))


def _parameters(name: Declaration) -> list[inspect.Parameter]:
    own = [parameter("context", typer.Context)]
    fields = sorted(
        (field for field in name.fields if not field.ask.piped),
        key=lambda field: not field.by_place,
    )
    own += [parameter(field.name, _kind(name, field), default_of(field)) for field in fields]
    if name.named.proposes:
        own += [parameter("confirm", Confirm, False), parameter("refuse", Refuse, False)]
    return [*own, parameter("command_id", CommandId, None)]


def parameter(
    name: str, kind: object, default: object = inspect.Parameter.empty
) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)


def default_of(field: Field) -> Any:
    """Return the default value of a field's option: False for a tick box, otherwise None. This is
    None for a required option, too, so that a missing value is reported together with all other
    errors."""
    return False if field.form == "tick" else None


def _kind(name: Declaration, field: Field) -> Any:
    former = OPTIONS.get((name.named.command, field.name), ())
    return kind_of(field, _place(name, field), former)


def kind_of(field: Field, place: str, former: Sequence[str] = ()) -> Any:
    """Return the type annotation from which typer makes a field's option or argument. `place` is
    the name of the argument in the help; `former` are older names of the option."""
    ask = field.ask
    choice = f" ({', '.join(field.codes)})" if field.codes else ""
    label = ask.label if ask.label.endswith("?") else f"{ask.label}."
    words = f"{label}{choice} {ask.hint}".strip()
    if field.by_place:
        kind: Any = list[str] | None if field.form == "texts" else str | None
        return Annotated[kind, typer.Argument(metavar=place, help=words)]
    options = [field.option, *former]
    if field.form == "texts":
        return Annotated[list[str] | None, typer.Option(*options, help=words)]
    if field.form == "tick":
        return Annotated[bool, typer.Option(*options, help=words)]
    if field.form == "maybe":
        no = field.option if "/" in field.option else _yes_or_no(field.option)
        return Annotated[bool | None, typer.Option(no, *options[1:], help=words)]
    metavar = {"moment": WHEN, "day": DAY}.get(field.form)
    return Annotated[str | None, typer.Option(*options, metavar=metavar, help=words)]


def _yes_or_no(option: str) -> str:
    return f"{option}/--no-{option.removeprefix('--')}"


def _place(name: Declaration, field: Field) -> str:
    """Return the name by which help shows a positional argument, such as REF or ID."""
    if field == name.about:
        return "REF" if name.named.about == "case" else "ID"
    return f"{field.name.upper()}…" if field.form == "texts" else field.name.upper()


def reads(session: CommandSession) -> TimeParsers:
    """Return the functions that parse times and days that the user types. For an invalid text they
    raise Refused, so that it is reported with all other errors."""

    def moment(text: str, bare: Bare) -> datetime:
        try:
            return session.time(text, last=bare.last, mark=bare.stays)
        except BadInput as error:
            raise Refused(str(error)) from error

    def day(text: str) -> date:
        try:
            return session.day(text)
        except BadInput as error:
            raise Refused(str(error)) from error

    return TimeParsers(moment, day)


def as_typed(called: Mapping[str, str], mistold: FieldErrors) -> str:
    """Return the errors in a command's fields as one text, each error after its option or
    argument.
    """
    return "; ".join(
        f"{called[field_name]}: {words}" for field_name, words in mistold.faults.items()
    )


def typed_as(name: Declaration, field: Field) -> str:
    """Return how a field is typed: the name of its option or argument, or "standard input"."""
    if field.ask.piped:
        return "standard input"
    return _place(name, field) if field.by_place else field.option


def _decided_by(name: Declaration) -> Field:
    """Return the field of a use case that names the proposal which the second person confirms or
    refuses.
    """
    return name.about or name.fields[0]


def _is_decided(
    session: CommandSession, name: Declaration, given: dict[str, Any], command_id: UUID
) -> bool:
    """If the command was called with --confirm or --refuse, confirm or refuse the proposal and
    return True; otherwise return False.
    """
    confirm, refuse = given.pop("confirm"), given.pop("refuse")
    if not (confirm or refuse):
        return False
    about = _decided_by(name)
    if not given[about.name]:
        raise BadInput(f"{_place(name, about)} is missing: give it")
    proposal = two_person.last_proposed(
        session.desk, session.reader, given[about.name], name.named.proposes
    )
    return decided(
        session,
        proposal,
        given[about.name],
        confirm=confirm,
        refuse=refuse,
        reason=given.get("reason") or given.get("grounds"),
        command_id=str(command_id),
    )
