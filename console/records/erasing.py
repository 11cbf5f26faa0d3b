"""The command for lawful erasure: dry run, proposal, approval by a second person, and certificate.

The file is long because the steps of one erasure follow each other.
"""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

import typer

from commands.data_protection import copies
from commands.erasure import erasure as erasure_commands
from commands.people_and_teams import confirming
from console.engine.options import CommandId
from console.engine.parsing import BadInput, hand_over, parse_uuid, require_room
from console.engine.session import CommandSession, Making, note, short, stamp
from console.engine.table import table
from console.records.retention import subject
from domain.data_protection import erasure
from domain.kernel import decoding
from installation import auditing, certificates
from projections import all_views
from projections.data_protection import erasures
from questions.data_protection import certificate

if TYPE_CHECKING:
    from commands.erasure.erasure_plan import Plan
    from domain.data_protection.erasure import Redaction

BasisName = Literal[
    "part-3-s47", "uk-gdpr-art17", "mopi-disposal", "court-order", "recorded-in-error"
]


def register(app: typer.Typer) -> None:
    """Add this module's commands to the command line."""
    app.command()(erase)


def erase(
    context: typer.Context,
    who: Annotated[
        str | None,
        typer.Argument(
            metavar="[SUBJECT]", help="A person, case, source, observation or file; address:NAME."
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the effect; nothing is written.")
    ] = False,
    basis: Annotated[BasisName | None, typer.Option(help="On which basis in law.")] = None,
    redactions: Annotated[
        Path | None,
        typer.Option(help='Redactions as JSON lines: {"id": …, "words": …}.', dir_okay=False),
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", help="A file with one subject a line.", dir_okay=False)
    ] = None,
    approve: Annotated[str | None, typer.Option(help="Approve another person's proposal.")] = None,
    refuse: Annotated[str | None, typer.Option(help="Refuse another person's proposal.")] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Finish an interrupted erasure.")
    ] = False,
    status: Annotated[
        bool, typer.Option("--status", help="List erasures and their progress.")
    ] = False,
    certificates: Annotated[
        Path | None,
        typer.Option(
            help="Write all certificates, signed, to a new file: for `restore --erasures`."
        ),
    ] = None,
    command_id: CommandId = None,
) -> None:
    """Propose or approve an erasure. One person proposes it, another approves it, and a certificate
    remains."""
    session: CommandSession = context.obj
    ways = [bool(who or file), bool(approve), bool(refuse), resume, status, bool(certificates)]
    if sum(ways) != 1:
        raise BadInput(
            "give exactly one of these: erase SUBJECT (or --file LIST), --approve ID, --refuse "
            "ID, --resume, "
            "--status, --certificates FILE"
        )
    if approve:
        _approve(session, approve)
    elif refuse:
        _refuse(session, refuse)
    elif resume:
        _resume(session)
    elif status:
        _status(session)
    elif certificates:
        _certificates(session, certificates)
    else:
        found_items = _subjects(session, who, file)
        written = _written(redactions)
        if dry_run:
            _dry_run(session, found_items, written)
        else:
            _propose(session, found_items, basis, written, command_id)


def _subjects(session: CommandSession, who: str | None, file: Path | None) -> list[UUID]:
    if file is None:
        return [subject(session, who or "")]
    lines = _lines(file)
    found_items = []
    for number, line in lines:
        try:
            found_items.append(UUID(line))
        except ValueError as error:
            raise BadInput(f"{file.name}, line {number}: {line!r} is not an id") from error
    if who:
        found_items.append(subject(session, who))
    return found_items


def _lines(file: Path) -> list[tuple[int, str]]:
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{file.name} cannot be read: it must be text in UTF-8") from error
    lines = ((number, line.strip()) for number, line in enumerate(text.splitlines(), start=1))
    return [(number, line) for number, line in lines if line]


def _written(file: Path | None) -> "list[Redaction]":
    """Return the replacement texts (redactions) in a file that a person wrote. Raises BadInput,
    which names the line.
    """
    import msgspec

    redactions = []
    for number, line in _lines(file) if file else []:
        try:
            redactions.append(decoding.decoder(erasure.Redaction)(line))
        except (msgspec.ValidationError, msgspec.DecodeError) as error:
            raise BadInput(
                f'line {number} is not a redaction: write {{"id": ID, "words": WORDS}}; '
                '"words": null destroys the text, "another": true says that the words name another '
                "person"
            ) from error
    return redactions


def _dry_run(session: CommandSession, subjects: list[UUID], written: "list[Redaction]") -> None:
    plan = erasure_commands.plan(session.desk, session.reader, subjects, written)
    views = [view.name for view in all_views.VIEWS]
    lines = _plan_lines(plan)
    lines.append(f"Rebuilt without it: all {len(views)} views, with their search indexes.")
    session.answer({**_plan_data(plan), "views": views}, lines)
    note("Dry run: nothing was written.")


def _plan_data(plan: "Plan") -> dict[str, Any]:
    return {
        "subjects": plan.subjects,
        "items": plan.items,
        "counts": _counts(plan.items),
        "originals": plan.originals,
        "regraded": plan.regraded,
        "needed": plan.needed,
        "refused": plan.refused,
        "exports": plan.exports,
        "stays": plan.stays,
        "perhaps": plan.perhaps,
        "held": sorted(plan.held),
        "why": plan.why,
    }


def _counts(items: Any) -> dict[str, int]:
    return dict(sorted(Counter(item.fate for item in items).items()))


def _plan_lines(plan: "Plan") -> list[str]:
    """Return the printed lines of the plan of an erasure."""
    lines = table(
        ("what happens to it", "kind", "id", "log", "why"),
        [
            (item.fate, item.kind, str(item.id), item.log, plan.why.get(item.id))
            for item in plan.items
        ],
        "Nothing would change.",
    )
    lines += [
        (
            f"LINK {short(place_row.a)} - {short(place_row.b)} ({place_row.kind}): best grade "
            f"{place_row.before or 'ungraded'} -> {place_row.after or 'ungraded'}"
        )
        for place_row in plan.regraded
    ]
    lines += [f"ORIGINAL deleted: {original}" for original in plan.originals]
    lines += [
        f"EXPORT {export}: it was handed over and cannot be recalled; inform its recipient"
        for export in plan.exports
    ]
    lines += [
        f"NEEDS A REDACTION: {_place(place_row)}: {place_row.why}" for place_row in plan.needed
    ]
    lines += [f"NOT ERASED: {_place(stay)}: {stay.why}; correct it there" for stay in plan.stays]
    lines += [f"CHECK {place_row}: it contains a part of the name" for place_row in plan.perhaps]
    lines += [f"HELD: {item}: a legal hold covers it, so it is restricted" for item in plan.held]
    lines += [f"REFUSED: {place_row}" for place_row in plan.refused]
    return lines


def _place(place: Any) -> str:
    return f"{place.kind} {place.id}" + (f" item {place.item}" if place.item else "")


def _propose(
    session: CommandSession,
    subjects: list[UUID],
    basis: BasisName | None,
    written: "list[Redaction]",
    command_id: str | None,
) -> None:
    if basis is None:
        from typing import get_args

        raise BadInput(f"a lawful basis is needed: --basis {' | '.join(get_args(BasisName))}")
    receipt, plan = erasure_commands.propose(
        session.desk, session.reader, subjects, basis, written, command_id=parse_uuid(command_id)
    )
    counts = ", ".join(f"{number} {fate}" for fate, number in _counts(plan.items).items())
    following = f"continuum --user SECOND-PERSON erase --approve {receipt.id}"
    confirmers = confirming.describe_confirmers(session.desk, receipt)
    session.print_message(
        {
            "id": receipt.id,
            "ref": receipt.ref,
            "recorded": receipt.recorded,
            "counts": _counts(plan.items),
            "next": following,
            "confirmers": confirmers,
        },
        [
            f"Erasure proposed: {receipt.id}",
            f"  {counts}",
            "Nothing is erased yet. A second person types:",
            f"  {following}",
            *([confirmers] if confirmers else []),
        ],
    )
    session.follow_up()


def _erasure(session: CommandSession, text: str) -> UUID:
    with session.reading() as db:
        found_items = erasures.find(db, session.reader, text)
    if len(found_items) != 1:
        raise BadInput(
            f"there is no erasure {text!r}: erase --status lists them"
            if not found_items
            else f"{text!r} fits several erasures: give more of the id"
        )
    return found_items[0]


def _approve(session: CommandSession, text: str) -> None:
    item, system = _erasure(session, text), session.open()
    system.renewal_progress = Making()
    progress = erasure_commands.approve(session.desk, session.reader, item, system)
    session.print_message(_certified(session, progress), _certificate(session, progress))


def _certified(session: CommandSession, done: Any) -> dict[str, Any]:
    return {
        "id": done.id,
        "state": done.state,
        "basis": done.basis,
        "proposed_by": done.proposed_by,
        "approved_by": done.approved_by,
        "counts": _counts(done.items),
        "outcome": done.outcome,
        "certificate": done.certificate,
        "held_back": done.held_back,
        "copies": copies.copies_in_certificate(session.desk, done.certificate.copies),
    }


def _certificate(session: CommandSession, done: Any) -> list[str]:
    lines = [str(line) for line in certificate.certified(session.desk, done.id)]
    if done.certificate.copies:
        lines.append("Once a copy is destroyed: continuum copies destroyed ID; copies lists them")
    return lines


def _refuse(session: CommandSession, text: str) -> None:
    item = _erasure(session, text)
    receipt = erasure_commands.refuse(session.desk, session.reader, item)
    session.print_message(receipt, [f"Refused: {item}. Nothing was changed."])


def _resume(session: CommandSession) -> None:
    system = session.open()
    system.renewal_progress = Making()
    resumed = [
        erasure_commands.carry_out(session.desk, session.reader, item, system)
        for item in erasure_commands.unfinished(session.desk)
    ]
    lines = [line for progress in resumed for line in _certificate(session, progress)]
    session.print_message(
        [_certified(session, progress) for progress in resumed],
        lines or ["No erasure was interrupted."],
    )


def _certificates(session: CommandSession, file: Path) -> None:
    session.duty("verify")
    require_room(file, new=True)
    with auditing.open_office(session.settings(), None) as office:
        content = certificates.certificates(session.open(), office)
    hand_over(file, content, new=True)
    session.print_message({"file": str(file)}, [f"{file}: store it where you store checkpoints"])


def _status(session: CommandSession) -> None:
    with session.reading() as db:
        rows = erasures.list_erasures(db, session.reader)
    lines = table(
        ("id", "state", "basis", "subjects", "proposed", "by", "decided by", "certified"),
        [
            (
                short(row.erasure),
                row.state,
                row.basis,
                row.subjects,
                stamp(row.proposed),
                row.proposed_by,
                row.decided_by,
                stamp(row.certified),
            )
            for row in rows
        ],
        "No erasures.",
    )
    session.answer(rows, lines)
    if any(row.state == "approved" for row in rows):
        note("An approved erasure has not finished. Run: continuum erase --resume")
