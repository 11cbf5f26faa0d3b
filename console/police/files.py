"""The command that imports files: provenance logs, messages, referrals, missing episodes, links."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Self
from uuid import UUID

import typer

from commands.data_protection import exporting
from commands.information import originals, source
from console.engine.options import Purpose, Recipient
from console.engine.parsing import BadInput, hand_over, require_room
from console.engine.session import CommandSession, note
from console.engine.table import table
from domain.kernel.codes import DateOrder, FileForm
from ingest.files import mapping as column_mapping
from ingest.importing import load, plan
from web import follower

if TYPE_CHECKING:
    from ingest.importing.read_and_record import ImportProgress


def register(app: typer.Typer) -> None:
    """Add this module's commands to the command line."""
    app.command(name="import")(bring_in)
    app.command()(original)


def bring_in(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Sheets, backups, mails.")],
    form: Annotated[FileForm, typer.Option(help="What the files are.")] = "auto",
    mapping: Annotated[
        Path | None, typer.Option("--map", help="TOML or JSON: field = column heading.")
    ] = None,
    dataset: Annotated[
        str, typer.Option(help="The same identifier within one data set is one entity (links).")
    ] = "default",
    case: Annotated[str | None, typer.Option(help="The case for rows that name none.")] = None,
    relation: Annotated[
        str | None,
        typer.Option(help="What the source is to the child, if no column says it."),
    ] = None,
    conversation: Annotated[
        list[str] | None, typer.Option(help="Messages: whose to import, or all; repeatable.")
    ] = None,
    heard_from: Annotated[
        str | None,
        typer.Option(help="Who gave you the files: messages of others are what they heard."),
    ] = None,
    dates: Annotated[
        DateOrder | None, typer.Option(help="A chat's dates, if they can be read both ways.")
    ] = None,
    phone: Annotated[
        str | None, typer.Option(help="Calls: the number of the phone that they are from.")
    ] = None,
    encoding: Annotated[str, typer.Option(help="The encoding of text files.")] = "utf-8",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Store nothing; report what would be recorded.")
    ] = False,
    rejects: Annotated[
        Path | None, typer.Option(help="File for rejected rows, to correct.")
    ] = None,
) -> None:
    """Import files as people have them. It reads provenance logs, messages (WhatsApp, SMS backups,
    iMessage tables, Instagram, Snapchat, email), referrals, missing episodes, links, people,
    incidents and calls. Importing a file twice changes nothing. The exit code is 2 if every row was
    rejected."""
    if mapping and rejects and mapping.resolve() == rejects.resolve():
        raise BadInput("--rejects names the mapping file: name another file for the rejected rows")
    session: CommandSession = context.obj
    system = session.open()
    before = system.logs["evidence"].last()
    with _Bar() as bar, follower.following_an_import(system) as follow:

        def progressed(progress: "ImportProgress") -> None:
            bar.show(progress)
            if not dry_run:
                follow(progress.recorded)

        report = load.import_files(
            system.desk,
            system.reader,
            files,
            originals=system.originals,
            now=session.now(),
            form=form,
            mapping=(
                column_mapping.load_mapping(mapping, plan.FIELDS)
                if mapping
                else column_mapping.Mapping()
            ).with_fixed(relation=relation, heard_from=heard_from),
            dataset=dataset,
            case=case,
            conversations=conversation,
            encoding=encoding,
            dates=dates,
            phone=phone,
            dry_run=dry_run,
            rejects=rejects,
            on_progress=progressed,
        )
    if not dry_run:
        source.transfer_held(system.desk, system.reader)
    answer = {**report.as_json(), "receipt": None if dry_run else system.receipt(before)}
    session.print_message(answer, list(_lines(report)))
    if report.rejections and not (report.recorded or report.already_recorded):
        raise typer.Exit(2)


def original(
    context: typer.Context,
    file: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="A file that was imported.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="The new file to write.")] = None,
    seal: Annotated[
        bool, typer.Option("--seal", help="Encrypt originals that version 0.1 did not.")
    ] = False,
    recipient: Recipient = None,
    purpose: Purpose = None,
) -> None:
    """Save an imported original file to disk. It is decrypted, and the access log records that it
    was saved."""
    from hashlib import sha256

    session: CommandSession = context.obj
    system = session.open()
    if seal:
        session.duty("run-store")
        sealed_count = originals.seal(system.desk, session.reader, system.originals)
        session.print_message({"sealed": sealed_count}, [f"{sealed_count} originals sealed"])
        return
    if file is None or out is None:
        raise BadInput("give either a file's ID and --out FILE, or --seal")
    try:
        item = UUID(file.strip())
    except ValueError:
        raise BadInput(f"there is no file {file!r}: give the file's whole id") from None
    require_room(out, new=True)
    content = b"".join(originals.read(system.desk, session.reader, system.originals, item))
    session.consulted(str(item).encode())
    exporting.record_export(
        system.desk,
        session.reader,
        form="original",
        sha256=sha256(content).hexdigest(),
        ids=[item],
        filters={},
        recipient=recipient,
        purpose=purpose,
    )
    hand_over(out, content, new=True)
    session.print_message(
        {"file": str(out), "bytes": len(content)}, [f"{out}: {len(content)} bytes"]
    )


class _Bar:
    """A progress bar of an import, which is shown only at a terminal."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._bar: Any = None
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> Self:
        if self._shown:
            from rich.console import Console
            from rich.progress import Progress

            self._bar = Progress(console=Console(stderr=True))
            self._bar.start()
        return self

    def show(self, progress: Any) -> None:
        """Update the progress bar: `progress` says how much of one file has been imported."""
        if self._bar is None:
            return
        if progress.file not in self._tasks:
            self._tasks[progress.file] = self._bar.add_task(progress.file, total=progress.total)
        self._bar.update(self._tasks[progress.file], completed=progress.done, total=progress.total)

    def __exit__(self, *error: object) -> None:
        if self._bar is not None:
            self._bar.stop()


def _lines(report: Any) -> list[str]:
    """Return the lines of the report on an import."""
    would = "would be recorded" if report.dry_run else "recorded"
    head = ("file", "form", "rows", would, "already recorded", "rejected")
    rows = [
        (file.name, file.form, file.read, file.recorded, file.known, file.rejected)
        for file in report.files
    ]
    lines = table(head, rows, "No file was read.")
    for file_report in report.files:
        for sheet, columns in file_report.mapping.items():
            columns_read = ", ".join(f"{field} = {heading!r}" for field, heading in columns.items())
            where = f"{file_report.name}, {sheet}" if sheet else file_report.name
            lines.append(f"{where}: {columns_read}")
        if file_report.hidden:
            lines.append(
                f"{file_report.name}: hidden sheets not read: {', '.join(file_report.hidden)}"
            )
        lines += [f"{file_report.name}: {note_text}" for note_text in file_report.notes]
    if report.urgent:
        lines.append(
            f"{report.urgent} urgent, or proposed as urgent by their words: continuum queue. "
            "In danger, ring 999."
        )
    if report.flags:
        odd = ", ".join(f"{code} ({count})" for code, count in sorted(report.flags.items()))
        lines.append(f"Inconsistent, stored unchanged and flagged: {odd}")
    for file_report in report.rejected:
        lines.append(f"REJECTED {file_report.place}: {file_report.reason}")
    if report.rejections:
        where = report.rejects_file
        lines.append(
            f"Correct {where} and import it again."
            if where
            else "Give --rejects FILE to write the rejected rows to a file that you can correct."
        )
    if report.dry_run:
        note("Dry run: nothing was stored.")
    return lines
