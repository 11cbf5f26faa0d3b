"""Commands with results that can be checked without trust in this installation. They verify a log,
write proofs, and sign checkpoints.

The file is long because the auditor's and the signer's commands read the same records.
"""

import math
import sys
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

import typer

from access.who_may import telling
from commands.data_protection import copies
from commands.intelligence import release
from console.engine.options import Purpose, Recipient
from console.engine.parsing import BadInput
from console.engine.session import CommandSession, note, stamp
from domain.kernel import envelope
from installation import auditing, stores
from projections.intelligence import releases

signer_app = typer.Typer(no_args_is_help=True)
Name = Literal["evidence", "sources", "product", "access"]
Checkpoints = Annotated[
    Path | None,
    typer.Option(
        "--checkpoints", help="The directory of published checkpoints (HOME/checkpoints)."
    ),
]
Passphrase = Annotated[
    Path | None,
    typer.Option("--passphrase-file", help="A file of yours with the passphrase of the keys."),
]
State = Annotated[Path, typer.Option("--state", help="The signer's own directory.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands to the command line."""
    for command in (verify, proof, receipt, anchor):
        app.command()(command)
    app.add_typer(signer_app, name="signer")


def verify(
    context: typer.Context,
    log: Annotated[Name | None, typer.Option("--log", help="One log. Default: all four.")] = None,
    policy: Annotated[
        Path | None, typer.Option(help="Your own policy: the pinned origins and keys.")
    ] = None,
    copy: Annotated[
        list[Path] | None, typer.Option("--copy", help="A checkpoint that you saved; repeatable.")
    ] = None,
    receipt: Annotated[
        list[Path] | None,
        typer.Option("--receipt", help="A receipt that you received; repeatable."),
    ] = None,
    checkpoints: Checkpoints = None,
    state: Annotated[
        Path | None, typer.Option(help="The signer's own directory, if you may read it.")
    ] = None,
    opening: Annotated[
        bool, typer.Option("--open", help="Open every live data key, with the store's own keys.")
    ] = False,
    stamp_roots: Annotated[
        Path | None,
        typer.Option(help="Root certificates (PEM): check the time stamps that are published."),
    ] = None,
    allow_unproven: Annotated[
        bool,
        typer.Option("--allow-unproven", help="Exit with 0 if nothing is wrong but unproven."),
    ] = False,
) -> None:
    """Verify that the logs are intact and complete. It compares them with their checkpoints, your
    copy of one, and your receipts. There are two verdicts: integrity (all is as it was written) and
    completeness (nothing is gone, and no words were destroyed without an erasure). Exit code 0 if
    both are proven, 4 if one is broken, 6 if something is not proven."""
    session: CommandSession = context.obj
    # without the log of accounts, roles cannot be checked; the command then reports that it is
    # missing
    with suppress(envelope.LogMissing):
        session.duty("verify")
    settings = session.settings()
    with auditing.open_office(settings, checkpoints) as office:
        keys = stores.key_store_of(settings) if opening else None
        logs = (log,) if log else ()
        reports = office.verify(logs, policy, copy or (), receipt or (), state, keys, stamp_roots)
    findings = [finding for report in reports for finding in report.findings]
    verdict = office.worst([report.verdict for report in reports])
    data = {
        "ok": verdict == "proven" or (verdict == "unproven" and allow_unproven),
        "verdict": verdict,
        "size": sum(report.size for report in reports),
        "root": reports[0].root.hex() if log else office.over(reports).hex(),
        "integrity": office.worst([report.integrity for report in reports]),
        "completeness": office.worst([report.completeness for report in reports]),
        "logs": [_report_data(report) for report in reports],
        "findings": findings,
    }
    session.print_message(data, list(_lines(reports)))
    if policy is None:
        note(
            "No --policy was given: keys that the server itself shows prove little. Give your own."
        )
    if verdict == "broken":
        raise typer.Exit(4)
    if not data["ok"]:
        raise typer.Exit(6)


def _report_data(report: Any) -> dict[str, Any]:
    return {
        "log": report.log,
        "origin": report.origin,
        "size": report.size,
        "root": report.root.hex(),
        "signed": report.signed,
        "integrity": report.integrity,
        "completeness": report.completeness,
        "doubts": report.doubts,
        "former": report.former and _former(report.former),
        "succeeded": report.succeeded,
        "witnessed": report.witnessed,
        "unwitnessed": report.unwitnessed,
        "stamped": report.stamped
        and {"size": report.stamped[0], "time": report.stamped[1].isoformat()},
        "tiles": report.tiles,
    }


def _former(previous: Any) -> dict[str, Any]:
    return {
        "origin": previous.origin,
        "size": previous.size,
        "root": previous.root.hex(),
        "checkpoint": previous.checkpoint,
        "rewritten": sorted(previous.leaves),
    }


def _lines(reports: list[Any]) -> list[str]:
    lines = []
    for report in reports:
        lines.append(
            f"{report.log}: {report.size} records, the first {report.signed} as signed; "
            f"integrity {report.integrity}, completeness {report.completeness}"
        )
        for finding in report.findings:
            where = f" {finding.seq}" if finding.seq is not None else ""
            ref = f" ({finding.ref})" if finding.ref else ""
            lines.append(f"  {finding.what.upper()} {finding.log}{where}{ref}: {finding.words}")
        lines += [f"  UNPROVEN {report.log}: {doubt}" for doubt in report.doubts]
        if report.size > report.signed and not report.findings:
            lines.append(f"  {report.size - report.signed} records are not signed yet: unproven")
        if finding := report.former:
            lines.append(
                f"  the first {finding.size} were copied from {finding.origin}, "
                f"{len(finding.leaves)} of them rewritten; its last checkpoint is "
                + ("named" if finding.checkpoint else "not known: none was published")
            )
        if report.succeeded:
            lines.append(f"  it takes no more records: it continues as {report.succeeded}")
        if report.stamped:
            size, when = report.stamped
            lines.append(f"  the first {size} existed before {stamp(when)}, by a time stamp")
        if report.unwitnessed:
            lines.append(
                "  no witness was asked: the policy names none, and only the log's key counts"
            )
        if report.witnessed:
            lines.append("  this witness has the records only: the keys are verified elsewhere")
        if report.tiles == "wrong":
            lines.append(
                "  its tiles are wrong or missing: proofs are made from the records until the "
                "signer starts again and writes them again"
            )
    return lines


def proof(
    context: typer.Context,
    item: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="The item whose events are proven.")
    ] = None,
    since: Annotated[
        Path | None,
        typer.Option(help="A checkpoint that you saved: prove that the log continues it."),
    ] = None,
    with_words: Annotated[
        bool, typer.Option("--with-words", help="Include the words: personal data.")
    ] = False,
    tlog: Annotated[
        int | None,
        typer.Option(help="One event of the item, by its version, as a C2SP tlog-proof.", min=1),
    ] = None,
    released: Annotated[
        bool,
        typer.Option(
            "--released",
            help="For the recipient: prove the copy of a report that was released last.",
        ),
    ] = False,
    recipient: Recipient = None,
    purpose: Purpose = None,
    checkpoints: Checkpoints = None,
) -> None:
    """Write a proof that anybody can check offline. Check it with: python -m ledger.verify FILE
    --policy POLICY."""
    session: CommandSession = context.obj
    if (item is None) == (since is None):
        raise BadInput("give either an ID, or --since CHECKPOINT")
    if tlog is not None and (since is not None or with_words):
        raise BadInput(
            "--tlog proves one event of the item ID, without its text: leave out --since and "
            "--with-words"
        )
    if released and item is not None and tlog is None:
        _released(session, item, checkpoints, with_words=with_words)
        return
    if released:
        raise BadInput("--released needs the ID of an intelligence report")
    found_item = provable(session, item) if item is not None else None
    if found_item is None:
        session.duty("verify")
    with auditing.open_office(session.settings(), checkpoints) as office:
        if found_item is not None and tlog is not None:
            sys.stdout.write(office.prove_event("evidence", found_item, tlog))
            return
        if found_item is not None:
            opens = RecordOpener(session) if with_words else None
            proof_document = office.prove("evidence", found_item, opens)
            if opens:
                opens.print_withheld()
            if proof_document["unsigned"]:
                note(
                    f"{proof_document['unsigned']} of its events are not signed yet, so this "
                    "proof leaves "
                    "them out."
                )
        elif since is not None:
            proof_document = office.prove_consistency(since)
    if with_words and found_item is not None:
        session.consulted(str(found_item).encode())
        copies.record_proof(
            session.desk, session.reader, [found_item], recipient=recipient, purpose=purpose
        )
    _write(proof_document)


def _released(
    session: CommandSession, text: str, checkpoints: Path | None, *, with_words: bool
) -> None:
    """Print the proof of a report's released copy from the product log. The evidence log would
    reveal when the report was made, and together with which records."""
    report = session.item(text, "report")
    with session.reading() as db:
        copies = releases.copies(db, session.reader, report)
    if not copies:
        raise BadInput(
            f"you may share no released copy of the report {text!r}: only disseminated reports "
            "have released copies"
        )
    if not copies[-1].left:
        release.send_due_copies(session.desk)
    log = session.open().logs["product"]
    if not log.history(copies[-1].product):
        raise BadInput(
            f"the copy of this item is released at {stamp(copies[-1].due)}, together with other "
            "copies: try again after that time"
        )
    with auditing.open_office(session.settings(), checkpoints) as office:
        proof_document = office.prove(
            "product", copies[-1].product, log.event_secrets if with_words else None
        )
    session.consulted(str(report).encode())
    _write(proof_document)


def provable(session: CommandSession, text: str) -> UUID:
    """Return the item that a text names. Raises BadInput if the reader may not have a proof of the
    item, and Denied for a role that has no access to audit trails."""
    found_item = session.item(text)
    history = session.open().logs["evidence"].history(found_item)
    with session.reading() as db:
        if not telling.provable(db, session.reader, [history]):
            raise BadInput(f"there is no item {text!r} that you may see")
    return found_item


@dataclass
class RecordOpener:
    """A function that returns decrypted records of an item for a proof: the records that the reader
    may see in full. Other records, such as entries that identify their source, are proven without
    their text; `withheld` is the number of these."""

    session: CommandSession
    withheld: int = 0

    def __call__(self, item: UUID) -> Mapping[int, str | None]:
        log = self.session.open().logs["evidence"]
        history = log.history(item)
        with self.session.reading() as db:
            readable_facts = telling.readable_facts(db, self.session.reader, history)
        whole = {fact.seq for fact in history if readable_facts.is_fully_readable(fact)}
        self.withheld += len(history) - len(whole)
        return {seq: secret for seq, secret in log.event_secrets(item).items() if seq in whole}

    def print_withheld(self) -> None:
        """Print how many records of the item are proven without their text."""
        if self.withheld:
            note(
                f"Events proven without their words, which you may not see in full: {self.withheld}"
            )


def receipt(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A receipt, or the output of record or import.")],
    checkpoints: Checkpoints = None,
) -> None:
    """Print a receipt, with its proof if one exists. The proof exists once a checkpoint covers the
    record; it is checked offline like any proof."""
    session: CommandSession = context.obj
    with auditing.open_office(session.settings(), checkpoints) as office:
        _write(office.prove_receipt(file))


def anchor(context: typer.Context) -> None:
    """Write each log's root into another log. It refuses if a log no longer begins with the records
    anchored before. Run it every hour: then the access log cannot be rewritten without rewriting
    the evidence log as well, nor the evidence log cut without cutting the access log."""
    session: CommandSession = context.obj
    session.receipt(auditing.anchor(session.open()), "Anchored")


def _write(value: object) -> None:
    import msgspec

    sys.stdout.write(msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n")


@signer_app.command("init")
def signer_init(
    context: typer.Context,
    state: State,
    passphrase_file: Passphrase = None,
    checkpoints: Checkpoints = None,
) -> None:
    """Make a signer, with a key for each log. It also makes the policy that auditors hold."""
    session: CommandSession = context.obj
    with auditing.open_office(session.settings(), checkpoints) as office:
        policy = office.init_signer(state, passphrase_file)
    sys.stdout.write(policy)
    note(f"The keys are in {state}: for the signer alone. Hand this policy to your auditors.")


@signer_app.command("rotate")
def signer_rotate(
    context: typer.Context,
    state: State,
    passphrase_file: Passphrase = None,
    checkpoints: Checkpoints = None,
) -> None:
    """Replace the signer's keys with new ones. The old key of each log signs the new one and is
    destroyed."""
    session: CommandSession = context.obj
    with auditing.open_office(session.settings(), checkpoints) as office:
        sys.stdout.write(office.rotate_signer(state, passphrase_file))
    note("Hand this policy to your auditors; continuum anchor writes the change into the record.")


@signer_app.command("revoke")
def signer_revoke(
    context: typer.Context,
    state: State,
    key: Annotated[
        str, typer.Argument(help="The stolen key, as policies write it: name+hash+key.")
    ],
    log: Annotated[Name, typer.Option(help="The log whose key it was.")],
    size: Annotated[
        int,
        typer.Option(
            "--from", help="The number of records after which it no longer counts.", min=0
        ),
    ],
    passphrase_file: Passphrase = None,
    checkpoints: Checkpoints = None,
) -> None:
    """Revoke a stolen signer key. It counts no more from a given record on. Rotate first: the next
    key signs the revocation."""
    session: CommandSession = context.obj
    with auditing.open_office(session.settings(), checkpoints) as office:
        sys.stdout.write(office.revoke_key(state, log, key, size, passphrase_file))
    note("Hand this policy to your auditors; continuum anchor writes the change into the record.")


@signer_app.command("witness")
def signer_witness(
    context: typer.Context,
    state: State,
    key: Annotated[
        str, typer.Argument(help="The witness's key, as printed by witness init: name+hash+key.")
    ],
    at: Annotated[
        str | None,
        typer.Option(help="Its address, asked after each round: https://… Without: by files."),
    ] = None,
    quorum: Annotated[
        int | None,
        typer.Option(help="How many witnesses must sign a checkpoint.", min=1),
    ] = None,
    checkpoints: Checkpoints = None,
) -> None:
    """Name a witness in the signer's policy. It also changes a witness's key or address."""
    session: CommandSession = context.obj
    with auditing.open_office(session.settings(), checkpoints) as office:
        sys.stdout.write(office.name_witness(state, key, at, quorum))
    note("Hand this policy to your auditors, and start a signer that runs again.")


@signer_app.command("run")
def signer_run(
    context: typer.Context,
    state: State,
    every: Annotated[
        float | None,
        typer.Option(
            help="Seconds between rounds, fewer after 256 new records; without it, one round.",
            min=0.1,
            max=86_400,
        ),
    ] = None,
    passphrase_file: Passphrase = None,
    checkpoints: Checkpoints = None,
    stamps: Annotated[
        str | None,
        typer.Option(
            help="A time-stamping authority (RFC 3161): https://… With --every, once an hour."
        ),
    ] = None,
) -> None:
    """Sign the logs' checkpoints. It refuses if a log has shrunk or was changed. It asks the
    witnesses whose addresses are in the policy for their signatures, and does not wait for one that
    does not answer."""
    if every is not None and math.isnan(every):
        raise BadInput("--every needs a number of seconds above 0")
    session: CommandSession = context.obj
    with (
        auditing.open_office(session.settings(), checkpoints) as office,
        closing(office.asking(stamps)) as witnesses,
    ):
        refused = False
        signed_notes: dict[str, str] = {}
        signers = office.signers(state, passphrase_file)
        clock = time.monotonic, time.sleep
        for signer in signers if every is None else office.rounds(signers, every, *clock):
            try:
                signed = office.sign(signer)
            except envelope.IntegrityFailure as error:
                refused = True
                note(f"REFUSED {signer.log}: {error}")
            except envelope.LogUnavailable as error:
                if every is None:
                    raise
                note(f"{signer.log}: {error}")
            else:
                if signed_notes.get(signer.log) != signed:
                    sys.stdout.write(signed + "\n")
                    sys.stdout.flush()
                signed_notes[signer.log] = signed
                witnesses.send_requests(signer, signed)
            for heard in witnesses.new_results():
                note(str(heard))
    for heard in witnesses.new_results():  # wait for the last answers of witnesses
        note(str(heard))
    if refused:
        raise typer.Exit(4)
