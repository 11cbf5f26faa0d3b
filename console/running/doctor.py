"""The command `doctor`. It lists the problems of an installation that need action, each with its
remedy; checks without a problem are left out.

The file is long because every finding is gathered here.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from commands.kernel import right_time
from commands.people_and_teams import succession
from console.engine.session import CommandSession
from console.running import (
    access_findings,
    erasure_findings,
    machine_checks,
    postgres_checks,
    site_findings,
    telling_findings,
)
from console.running.finding import Danger, Finding, by_danger, documents, lines
from domain.kernel import envelope, values
from installation import auditing, clock_standing, sites
from projections.kernel import runner

if TYPE_CHECKING:
    from installation.sites import SiteStatus
    from installation.system import System

#: The directory of published checkpoints under a store's home.
PUBLISHED = "checkpoints"
#: Endings of the names of settings for files with a secret.
SECRETS = ("_secret_file", "_password_file", "_passphrase_file")


def register(app: typer.Typer) -> None:
    """Add this module's commands to the command line."""
    app.command()(doctor)


def doctor(context: typer.Context) -> None:
    """List what needs action in this installation. The greatest dangers come first; each finding
    says what is wrong, where, and what to do."""
    session: CommandSession = context.obj
    session.duty("verify")
    system = session.open()
    findings = by_danger(
        [
            *_logs(system),
            *_foreign(system),
            *_at_rest(system),
            *_machine(system),
            *_server(system),
            *_views(system),
            *_signer(system),
            *_modes(system),
            *access_findings.findings(system),
            *erasure_findings.findings(system),
            *_succession(system),
            *_clock_proposed(system),
            *telling_findings.findings(system),
        ]
    )
    session.print_message(
        {"findings": documents(findings)}, list(lines(findings)) or ["Nothing needs action."]
    )


def _logs(system: "System") -> Iterator[Finding]:
    """Yield a finding for each log that does not answer. Without the evidence log the store cannot
    be opened.
    """
    for name, log in sorted(system.logs.items()):
        try:
            log.last()
            log.require_turn()
        except envelope.LogHeld as error:
            yield Finding(
                Danger.WORDS,
                "recording waits",
                f"{str(error)[:1].lower()}{str(error)[1:]}".partition(";")[0],
                (f"{system.printable_address}, {name}",),
                "find out what that session does; if it does not end, end it as an administrator: "
                "SELECT pg_terminate_backend(PROCESS)",
            )
        except envelope.LogUnavailable as error:
            yield Finding(
                Danger.WORDS,
                "no answer",
                f"{str(error)[:1].lower()}{str(error)[1:]}".rstrip("."),
                (f"{system.printable_address}, {name}",),
                "start its server, correct its address, or restore the newest backup (continuum "
                "restore). Recording goes on meanwhile; sources stay encrypted with the log "
                "entries until the source register is back",
            )


def _foreign(system: "System") -> Iterator[Finding]:
    """Yield findings about tables or functions in a log's file or schema that are missing, or that
    differ from those that this program makes.
    """
    ours, others = auditing.foreign(system.settings)
    if ours:
        yield Finding(
            Danger.PROOF,
            "changed tables",
            "the logs' tables or functions differ from those that this program makes: an "
            "intruder may "
            "change or suppress records",
            tuple(ours),
            "find out who did it, run continuum verify, then continuum init as the owner",
        )
    if others:
        yield Finding(
            Danger.SERVICE,
            "another release's tables",
            "another release made the tables and functions of logs",
            tuple(others),
            "run continuum init once as the owner of the store (docs/upgrading.md)",
        )


def _at_rest(system: "System") -> Iterator[Finding]:
    """Yield a finding about unencrypted text on disk, such as text in the views, unless the
    settings state that the disks are encrypted."""
    if system.settings.disks_encrypted:
        return
    disk = (
        "use disks that are encrypted as a whole (LUKS, BitLocker, the cloud's own), swap "
        "included; then set disks_encrypted = true"
    )
    if "://" in system.printable_address:
        yield Finding(
            Danger.EXPOSURE,
            "not encrypted",
            "the views on the server hold every text unencrypted, and so do its memory, its "
            "temporary files and dumps of that schema",
            (f"{system.printable_address}, schemas views and views_*",),
            f"{disk}. Back up the logs' schemas only (continuum backup does)",
        )
        return
    place = Path(system.settings.store)
    if not machine_checks.encrypted(place):
        yield Finding(
            Danger.EXPOSURE,
            "not encrypted",
            "the views hold every text unencrypted, and this machine does not say that their disk "
            "is encrypted",
            (str(place / "views-*.db"),),
            disk,
        )


def _places(system: "System") -> list[Path]:
    """Return the directories with files of the store."""
    return sorted(
        {system.home, *([] if "://" in system.printable_address else [Path(system.settings.store)])}
    )


def _machine(system: "System") -> Iterator[Finding]:
    yield from machine_checks.room(_places(system))
    settings = system.settings.model_dump()
    files = [path for name, path in settings.items() if path and name.endswith(SECRETS)]
    yield from machine_checks.secrets(files)
    if not system.synthetic:
        evidence = system.logs["evidence"]
        yield from machine_checks.clock(evidence.now(), clock_standing.jump(system))


def _server(system: "System") -> Iterator[Finding]:
    """Yield findings about the database server, if there is one."""
    server = system.server()
    if server is not None:
        yield from _promoted(system)
        now = None if system.synthetic else system.clock()
        sites = _sites(system)
        followed = any(follower.gets == "all" for follower in sites.followers) if sites else False
        yield from postgres_checks.findings(
            server,
            now,
            live=not system.synthetic,
            where=system.printable_address,
            replicated=followed,
        )
        if sites:
            yield from site_findings.findings(sites, system.settings, system.printable_address)


def _promoted(system: "System") -> Iterator[Finding]:
    """Yield a finding if the database server was promoted or restored, so that its timeline is
    higher than the one that the owner has accepted."""
    accepted, seen = sites.timelines(system.settings, system.home)
    if seen > accepted:
        yield Finding(
            Danger.WORDS,
            "promoted or restored",
            f"the server runs under timeline {seen}, and timeline {accepted} was accepted: a "
            "replica was promoted, or the server was restored from an archive",
            (system.printable_address,),
            "compare the logs with saved checkpoints and receipts (continuum verify "
            "--copy), then accept it as the owner: continuum init",
        )


def _sites(system: "System") -> "SiteStatus | None":
    """Return the status of the store's sites. Return None for a store of a release that had no
    sites."""
    with suppress(values.Refused):
        return sites.read_status(system.settings)
    return None


def _views(system: "System") -> Iterator[Finding]:
    """Yield a finding for views (tables computed from the log) that cannot be rebuilt or that lack
    a record. While another process rebuilds them, there is no finding."""
    with system.views.asking() as (db, _):
        try:
            runner.require_not_ahead(db, system.logs)
        except envelope.IntegrityFailure as error:
            sentence = str(error).split(". Run:", maxsplit=1)[0]
            yield Finding(
                Danger.WORDS,
                "log went back",
                f"{sentence[0].lower()}{sentence[1:]}",
                (system.printable_address,),
                "find the newest log and put it back. If this one is the right one, run: "
                "continuum views rebuild",
            )
    try:
        if system.views.outdated:
            system.views.make()
    except envelope.LogUnavailable as error:
        yield Finding(
            Danger.SERVICE,
            "older views",
            f"an earlier release made these views, and they cannot be made again: {error}",
            (system.printable_address,),
            "remove the cause, then run: continuum views rebuild",
        )
    with system.views.asking() as (db, _):
        aside = runner.set_aside(db)
    if aside:
        yield Finding(
            Danger.SERVICE,
            "set aside",
            f"{len(aside)} records could not be applied to a view, and are missing there",
            tuple(
                f"{set_aside.view}: {set_aside.log} {set_aside.seq} ({set_aside.reason})"
                for set_aside in aside
            ),
            "check that the record is intact (continuum verify), report the fault, then run: "
            "continuum views rebuild",
        )


def _signer(system: "System") -> Iterator[Finding]:
    """Yield a finding if the logs' signer does not sign new records. A synthetic store may have no
    signer.
    """
    lags = auditing.unsigned(system)
    if not lags and not system.synthetic:
        yield Finding(
            Danger.PROOF,
            "not signed",
            "no signer has published a checkpoint: a person with access to the database can change "
            "the record without a trace",
            (str(system.home / PUBLISHED),),
            "set up a signer under a user of its own (docs/auditor.md, Setting it up)",
        )
    patience = timedelta(minutes=system.settings.unsigned_minutes)
    late = {
        name: system.clock() - lag.since
        for name, lag in lags.items()
        if lag.since and system.clock() - lag.since > patience
    }
    if late:
        minutes = max(late.values()) / timedelta(minutes=1)
        yield Finding(
            Danger.PROOF,
            "the signer stopped",
            f"records have waited for a signature for up to {minutes:.0f} minutes",
            tuple(f"{name}: {lags[name].many} records" for name in late),
            "read its messages, and restart it: continuum signer run --state DIR --every 5",
        )


def _modes(system: "System") -> Iterator[Finding]:
    """Yield a finding if users other than the owner may read or write files of the store, other
    than published checkpoints."""
    if os.name == "nt":
        return
    places = _places(system)
    open_paths: dict[Path, None] = {}
    for place in places:
        for path in (place, *sorted(place.rglob("*"))):
            published = PUBLISHED in path.relative_to(place).parts
            if not published and stat.S_IMODE(path.lstat().st_mode) & 0o077:
                open_paths[path] = None
    if open_paths:
        yield Finding(
            Danger.EXPOSURE,
            "open to others",
            f"files or directories that other users may read or write: {len(open_paths)}",
            tuple(map(str, open_paths)),
            "write down who could read them, then close them: "
            f"chmod -R go= {' '.join(map(str, places))}",
        )


def _clock_proposed(system: "System") -> Iterator[Finding]:
    if by := right_time.current_state(system.desk).proposed_by:
        yield Finding(
            Danger.HOUSEKEEPING,
            "waits for a second person",
            f"{by} proposed that the clock is right after it jumped",
            (system.printable_address,),
            "as another person, compare the clock with another one and confirm it (continuum clock "
            "confirm) or refuse it (continuum clock refuse)",
        )


def _succession(system: "System") -> Iterator[Finding]:
    succession_state = succession.current_state(system.desk)
    if succession_state.store:
        yield Finding(
            Danger.HOUSEKEEPING,
            "goes on elsewhere",
            f"{succession_state.proposed_by} and {succession_state.confirmed_by} had the record "
            "copied into a new origin: "
            "this store takes no more records",
            (f"continuum/{succession_state.store}",),
            "destroy this store, its keys and its backups once they are not needed; if there is no "
            "copy, make it (continuum new-origin confirm) or cancel it (continuum new-origin "
            "refuse)",
        )
    elif succession_state.proposed_by:
        yield Finding(
            Danger.HOUSEKEEPING,
            "waits for a second person",
            f"{succession_state.proposed_by} proposed to copy the record into a new origin",
            (system.printable_address,),
            "as another person, confirm it (continuum new-origin confirm) or refuse it (continuum "
            "new-origin refuse)",
        )
