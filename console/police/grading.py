"""Commands that turn log entries into intelligence and release it: assess, sanitise, report,
disseminate.

The file is long because these commands are written by hand, not made from declarations.
"""

from typing import Annotated, Any, Literal

import typer

from commands.intelligence import intelligence_report, release
from console.engine import language_hints
from console.engine.options import (
    BecauseOf,
    CommandId,
    ConditionsMet,
    Opinion,
)
from console.engine.parsing import (
    TAKES_WORDS,
    BadInput,
    needed_text,
    parse_grade,
    parse_uuid,
    refuse_typed_words,
)
from console.engine.proposing import note_confirmers
from console.engine.session import CommandSession, note
from domain.intelligence import corroboration
from domain.kernel import values

Source = Literal["1", "2", "3"]
Information = Literal["A", "B", "C", "D", "E"]
CHOOSE = (
    "say how it may be shared: --handling P (may be shared lawfully) or C (under "
    "conditions); you choose each time"
)
report_app = typer.Typer(no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add this module's commands to the command line."""
    for command in (assess, disseminate):
        app.command()(command)
    app.command(context_settings=TAKES_WORDS)(sanitise)
    app.add_typer(report_app, name="report")


CorroboratedBy = Annotated[
    list[str] | None,
    typer.Option("--corroborated-by", help="For B: another log entry that says the same."),
]
OneRoot = Annotated[
    str | None,
    typer.Option("--one-root", help="Why it is B with fewer than two independent sources."),
]


def _support(session: CommandSession, by: list[str] | None, one_root: str | None) -> Any:
    return corroboration.Support(
        tuple(session.item(text, "observation") for text in by or ()), one_root
    )


def _handling(
    code: str,
    action: str | None,
    sanitisation: str | None,
    conditions: str | None,
    usage: str | None,
) -> Any:
    return values.Handling(code, action, sanitisation, conditions, usage)  # type: ignore[arg-type]


def _grade(
    context: typer.Context,
    item: str,
    source: str,
    information: str,
    handling: Any,
    report: str | None,
    opinion: Any,
    original: str | None,
    provenance: str | None,
    reason: str | None,
    corroborated_by: list[str] | None,
    one_root: str | None,
    links: list[str] | None,
    command_id: str | None,
    causes: list[str] | None,
) -> None:
    session: CommandSession = context.obj
    found_item = session.item(item, "observation")
    grade = parse_grade(f"{source}{information}")
    fields: dict[str, Any] = {
        "provenance": parse_grade(provenance) if provenance else None,
        "opinion": opinion,
        "original": original,
        "support": _support(session, corroborated_by, one_root),
        "command_id": parse_uuid(command_id),
        "because_of": session.causes(causes),
    }
    if reason:
        receipt = intelligence_report.regrade(
            session.desk, session.reader, found_item, grade, handling, reason, **fields
        )
    else:
        into = session.item(report, "report") if report else None
        receipt = intelligence_report.assess(
            *(session.desk, session.reader, found_item, grade, handling),
            report=into,
            kinds=_kinds(links),
            **fields,
        )
    session.receipt(receipt, f"Graded {grade.label} in report")


def _kinds(links: list[str] | None) -> Any:
    if odd := next((kind for kind in links or () if kind not in values.LINK_KINDS), None):
        raise BadInput(f"{odd!r} is not a kind of link. Kinds: {', '.join(values.LINK_KINDS)}")
    return tuple(links or ())


def assess(
    context: typer.Context,
    item: Annotated[str, typer.Argument(metavar="ID", help="The log entry.")],
    source: Annotated[
        Source | None, typer.Option(help="1 reliable, 2 untested, 3 not reliable.")
    ] = None,
    information: Annotated[
        Information | None,
        typer.Option(help="A directly, B corroborated, C indirectly, D not known, E false?"),
    ] = None,
    handling: Annotated[
        Literal["P", "C"] | None, typer.Option(help="P may be shared, C under conditions.")
    ] = None,
    action: Annotated[
        Literal["A1", "A2", "A3"] | None, typer.Option(help="With handling code C.")
    ] = None,
    sanitisation: Annotated[
        Literal["S1", "S2"] | None, typer.Option(help="With handling code C.")
    ] = None,
    conditions: Annotated[str | None, typer.Option(help="With handling code C: in words.")] = None,
    usage: Annotated[
        str | None, typer.Option(help="With action A3: the permitted overt use.")
    ] = None,
    original: Annotated[
        str | None,
        typer.Option(
            "--from-555", help="A 5x5x5 grading such as B24; the original stays on record."
        ),
    ] = None,
    provenance: Annotated[str | None, typer.Option(help="A grade of its own, such as 2B.")] = None,
    opinion: Annotated[Opinion, typer.Option(help="Fact or opinion.")] = "not-known",
    regrade: Annotated[str | None, typer.Option(help="Why it is graded again.")] = None,
    corroborated_by: CorroboratedBy = None,
    one_root: OneRoot = None,
    links: Annotated[
        list[str] | None,
        typer.Option(help="An imported network: the kind of links to grade; repeatable."),
    ] = None,
    because_of: BecauseOf = None,
    command_id: CommandId = None,
) -> None:
    """Grade a log entry (3x5x2). Information becomes intelligence."""
    if original:
        converted = _converted(original, conditions)
        source = source or converted.grade.source
        information = information or converted.grade.information
        for question in converted.needs_review:
            note(f"To confirm: {question}")
        original = converted.original
    if source is None or information is None:
        raise BadInput("assess needs --source and --information (or --from-555)")
    if original and handling is None:
        handling_given = converted.handling
    elif handling is None and _given_before(context.obj, command_id):
        handling_given = _handling("P", action, sanitisation, conditions, usage)
    elif handling is None:
        raise BadInput(CHOOSE)
    else:
        handling_given = _handling(handling, action, sanitisation, conditions, usage)
    _grade(
        context,
        item,
        source,
        information,
        handling_given,
        None,
        opinion,
        original,
        provenance,
        regrade,
        corroborated_by,
        one_root,
        links,
        command_id,
        because_of,
    )


def _given_before(session: CommandSession, command_id: str | None) -> bool:
    """Return whether a command with this id is already recorded. It may be recorded by an older
    release, in which handling code P was the default; a repetition must have the same result."""
    return command_id is not None and bool(session.desk.known_commands([parse_uuid(command_id)]))


def _converted(original: str, recipients: str | None) -> Any:
    try:
        source, information, handling = tuple(original.strip())
        return values.convert_555(source, information, handling, recipients)
    except ValueError as error:
        raise BadInput(
            f"{original!r} is not a 5x5x5 grading: write one such as B24 (A-E, 1-5, 1-5)"
        ) from error


@report_app.command("add")
def report_add(
    context: typer.Context,
    report: Annotated[str, typer.Argument(metavar="REPORT", help="The report.")],
    item: Annotated[str, typer.Argument(metavar="ID", help="Another log entry.")],
    source: Annotated[Source, typer.Option(help="The source's grade.")],
    information: Annotated[Information, typer.Option(help="The information's grade.")],
    handling: Annotated[
        Literal["P", "C"] | None, typer.Option(help="P may be shared, C under conditions.")
    ] = None,
    action: Annotated[
        Literal["A1", "A2", "A3"] | None, typer.Option(help="With handling code C.")
    ] = None,
    sanitisation: Annotated[
        Literal["S1", "S2"] | None, typer.Option(help="With handling code C.")
    ] = None,
    conditions: Annotated[str | None, typer.Option(help="With handling code C: in words.")] = None,
    usage: Annotated[str | None, typer.Option(help="With action A3.")] = None,
    opinion: Annotated[Opinion, typer.Option(help="Fact or opinion.")] = "not-known",
    corroborated_by: CorroboratedBy = None,
    one_root: OneRoot = None,
    because_of: BecauseOf = None,
    command_id: CommandId = None,
) -> None:
    """Grade another log entry into a report."""
    if handling is None and not _given_before(context.obj, command_id):
        raise BadInput(CHOOSE)
    handling_text = _handling(handling or "P", action, sanitisation, conditions, usage)
    _grade(
        context,
        item,
        source,
        information,
        handling_text,
        report,
        opinion,
        None,
        None,
        None,
        corroborated_by,
        one_root,
        None,
        command_id,
        because_of,
    )


def sanitise(
    context: typer.Context,
    item: Annotated[str, typer.Argument(metavar="ID", help="The log entry or its report.")],
    because_of: BecauseOf = None,
    command_id: CommandId = None,
) -> None:
    """Write the sanitised text of a report. It reads the text from standard input. The text must
    not hint at the source or at tactics."""
    session: CommandSession = context.obj
    refuse_typed_words(context)
    text = needed_text(context, "The sanitised text")
    found_item = session.item(item, "observation", "report")
    receipt = intelligence_report.sanitise(
        session.desk,
        session.reader,
        found_item,
        text,
        because_of=session.causes(because_of),
        command_id=parse_uuid(command_id),
    )
    marks = language_hints.hints(session, text, found_item)
    for line in language_hints.in_text(text, marks):
        note(f"Marked: {line}")
    for mark in marks:
        few = "" if mark["households"] is None else f" ({mark['households']} could know it)"
        note(f"Hint of the source: {mark['words']!r}{few}: {mark['why']}")
    sanitised_fields = {
        "id": receipt.id,
        "ref": receipt.ref,
        "recorded": receipt.recorded,
        "marks": marks,
    }
    session.print_message(sanitised_fields, [f"Sanitised in report: {receipt.id}"])
    session.follow_up()


def disseminate(
    context: typer.Context,
    report: Annotated[str, typer.Argument(metavar="ID", help="The report.")],
    to: Annotated[str | None, typer.Option("--to", help="Who receives it.")] = None,
    purpose: Annotated[str | None, typer.Option(help="For what purpose.")] = None,
    urgent: Annotated[
        str | None,
        typer.Option(help="Why it cannot wait: it is released first and reviewed afterwards."),
    ] = None,
    conditions_met: ConditionsMet = None,
    reason: Annotated[
        str | None,
        typer.Option(
            help=(
                "Why it is released despite a hint at the source; or the reason for --refuse "
                "or --review."
            )
        ),
    ] = None,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Confirm another officer's proposal.")
    ] = False,
    refuse: Annotated[
        bool,
        typer.Option("--refuse", help="Refuse a proposal, or withdraw your own; with --reason."),
    ] = False,
    review: Annotated[
        Literal["right", "wrong"] | None,
        typer.Option(help="Review an urgent release, as another officer; with --reason."),
    ] = None,
    because_of: BecauseOf = None,
    command_id: CommandId = None,
) -> None:
    """Release a sanitised intelligence report. A text that the checker marks needs a second
    officer.
    """
    session: CommandSession = context.obj
    if sum((confirm, refuse, review is not None)) > 1:
        raise BadInput("give only one of --confirm, --refuse and --review")
    desk, reader = session.desk, session.reader
    kinds = () if review else ("report",)
    found_item, given_id = session.item(report, *kinds), parse_uuid(command_id)
    if confirm:
        receipt = release.confirm(desk, reader, found_item, command_id=given_id)
    elif refuse:
        receipt = release.refuse(desk, reader, found_item, reason or "", command_id=given_id)
        session.receipt(receipt, "Refused, nothing was released: report")
        return
    elif review:
        receipt = release.review(
            desk, reader, found_item, review, reason or "", command_id=given_id
        )
        session.receipt(receipt, "Reviewed: report")
        return
    elif to is None or purpose is None:
        raise BadInput("say who receives the report, and for what purpose: --to and --purpose")
    else:
        receipt = release.disseminate(
            desk,
            reader,
            found_item,
            to,
            purpose,
            urgent=urgent,
            conditions_met=conditions_met,
            reason=reason,
            command_id=given_id,
            because_of=session.causes(because_of),
        )
    if receipt.proposed:
        session.receipt(
            receipt,
            "Proposed; another officer has to confirm it: report",
            f"They confirm it with: continuum --user SECOND-OFFICER disseminate {found_item} "
            "--confirm",
        )
        note_confirmers(session, receipt)
        return
    session.receipt(receipt, "Disseminated report")


def leave(
    context: typer.Context,
    leave: Annotated[
        bool,
        typer.Option(
            "--leave",
            help=(
                "Release copies once their 15 minutes are over. Run it every 15 minutes by a "
                "timer if no server runs."
            ),
        ),
    ] = False,
) -> None:
    """Release the copies whose 15 minutes of waiting are over."""
    session: CommandSession = context.obj
    many = release.send_due_copies(session.desk)
    session.print_message({"left": many}, [f"{many} copies were released."])
