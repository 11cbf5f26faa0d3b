"""What is wrong with an installation, or has to be known of it, and what to do."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from console import database, machine, site_findings
from console.finding import Finding
from console.session import Session, stamp

if TYPE_CHECKING:
    from installation.system import System
    from notifying.message import Kind

#: Names of what is told at most, of one kind.
MOST = 20
#: What is published for everybody, under a store's home.
PUBLISHED = "checkpoints"
#: How settings are called that name a file with a secret.
SECRETS = ("_secret_file", "_password_file", "_passphrase_file")


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(doctor)


def doctor(context: typer.Context) -> None:
    """List what needs action in this installation. What endangers most stands first; each finding
    says what is wrong, where, and what to do."""
    session: Session = context.obj
    session.duty("verify")
    system = session.open()
    findings = [
        *_logs(system),
        *_at_rest(system),
        *_machine(system),
        *_server(system),
        *_views(system),
        *_signer(system),
        *_modes(system),
        *_originals(system),
        *_records(system),
        *_succession(system),
        *_erasures(system),
        *_telling(system),
    ]
    lines = []
    for one in findings:
        shown = ", ".join(one.where[:MOST])
        more = f" and {len(one.where) - MOST} more" if len(one.where) > MOST else ""
        lines += [f"{one.what.upper()}: {one.found}", f"  where: {shown}{more}", f"  do: {one.do}"]
    session.tell({"findings": findings}, lines or ["Nothing was found."])


def _logs(system: "System") -> Iterator[Finding]:
    """Logs that do not answer; without the evidence log nothing is opened at all."""
    from domain.envelope import LogUnavailable

    for name, log in sorted(system.logs.items()):
        try:
            log.last()
        except LogUnavailable as error:
            yield Finding(
                "no answer",
                f"{str(error)[:1].lower()}{str(error)[1:]}".rstrip("."),
                (f"{system.shown}, {name}",),
                "say where it is, start its server, or bring it back from the newest backup "
                "(continuum restore). People's words are taken meanwhile; who told them stays "
                "sealed with the words until the source register is back",
            )


def _at_rest(system: "System") -> Iterator[Finding]:
    """What holds words and is not sealed by us: the views always."""
    disk = (
        "keep it on a disk that is encrypted as a whole (LUKS, BitLocker, the cloud's own), swap "
        "included, and count it as a copy of the words"
    )
    if "://" in system.shown:
        yield Finding(
            "not encrypted",
            "the views on the server hold every text as it is, and its memory, temporary files and "
            "dumps of that schema do",
            (f"{system.shown}, schemas views and views_*",),
            f"{disk}; back up the logs' schemas alone (continuum backup does)",
        )
        return
    place = Path(system.settings.store)
    if not machine.encrypted(place):
        yield Finding(
            "not encrypted",
            "the views hold every text as it is, for every program that reads this account's "
            "files, and this machine does not say that their disk is encrypted",
            (str(place / "views-*.db"),),
            disk,
        )


def _places(system: "System") -> list[Path]:
    """The directories that hold what belongs to the store."""
    return sorted({system.home, *([] if "://" in system.shown else [Path(system.settings.store)])})


def _machine(system: "System") -> Iterator[Finding]:
    yield from machine.room(_places(system))
    told = system.settings.model_dump()
    files = [one for name, one in told.items() if one and name.endswith(SECRETS)]
    yield from machine.secrets(files)
    if not system.synthetic:
        evidence = system.logs["evidence"]
        last = evidence.read(evidence.last() - 1, 1, lambda *_: None)
        yield from machine.clock(system.clock(), last[0].recorded if last else None)


def _server(system: "System") -> Iterator[Finding]:
    """The server under the store, where there is one."""
    told = system.server()
    if told is not None:
        now = None if system.synthetic else system.clock()
        yield from database.findings(told, now, live=not system.synthetic, where=system.shown)
        yield from _sites(system)


def _sites(system: "System") -> Iterator[Finding]:
    """The store's other sites; a store of before there were any has none."""
    from domain.values import Refused
    from installation.sites import standing

    with suppress(Refused):
        told = standing(system.settings)
        yield from site_findings.findings(told, system.settings, system.shown)


def _views(system: "System") -> Iterator[Finding]:
    """Views that are of another release, lack facts, or could not apply one."""
    from projections import runner

    if system.views.outdated:
        yield Finding(
            "older views",
            "some views are as an earlier release made them, and are being made again, or must be",
            (system.shown,),
            "wait until it is done (continuum views status), or do it: continuum views rebuild",
        )
    with system.views.asking() as (db, _):
        aside = runner.set_aside(db)
    if aside:
        yield Finding(
            "set aside",
            f"{len(aside)} facts could not be applied by a view, and are missing in what it shows",
            tuple(f"{one.view}: {one.log} {one.seq} ({one.reason})" for one in aside),
            "continuum verify says whether the fact is whole; report it, then: continuum views "
            "rebuild",
        )


def _signer(system: "System") -> Iterator[Finding]:
    """Whether the signer signs. A story is signed where somebody wants to show it."""
    from installation.auditing import unsigned

    lags = unsigned(system)
    if not lags and not system.synthetic:
        yield Finding(
            "not signed",
            "no signer has published a checkpoint: somebody with the database can change what was "
            "recorded without a trace",
            (str(system.home / PUBLISHED),),
            "set up the signer, under a user of its own (docs/auditor.md, Setting it up)",
        )
    patience = timedelta(minutes=system.settings.unsigned_minutes)
    late = {
        name: system.clock() - one.since
        for name, one in lags.items()
        if one.since and system.clock() - one.since > patience
    }
    if late:
        minutes = max(late.values()) / timedelta(minutes=1)
        yield Finding(
            "the signer stopped",
            f"records wait for their signature, the first for {minutes:.0f} minutes",
            tuple(f"{name}: {lags[name].many} records" for name in late),
            "see what it says, and start it again: continuum signer run --state DIR --every 5",
        )


def _modes(system: "System") -> Iterator[Finding]:
    """Files of the home that others than its owner may read or write."""
    if os.name == "nt":
        return
    places = _places(system)
    found: dict[Path, None] = {}
    for place in places:
        for path in (place, *sorted(place.rglob("*"))):
            published = PUBLISHED in path.relative_to(place).parts
            if not published and stat.S_IMODE(path.lstat().st_mode) & 0o077:
                found[path] = None
    if found:
        yield Finding(
            "open to others",
            f"{len(found)} files or directories may be read or written by others",
            tuple(map(str, found)),
            "close them, after the names of those who could read them were written down: "
            f"chmod -R go= {' '.join(map(str, places))}",
        )


def _originals(system: "System") -> Iterator[Finding]:
    """Imported files that an older release kept as they were."""
    if clear := system.originals.in_clear():
        yield Finding(
            "in the clear",
            f"{len(clear)} imported files lie as they came",
            tuple(str(system.home / "originals" / name) for name in clear),
            "seal them: continuum original --seal (a backup does it first). What stays then "
            "belongs to no import: bring the file in again, or delete it",
        )


def _records(system: "System") -> Iterator[Finding]:
    from commands import copies

    if bare := copies.guessable(system.desk):
        yield Finding(
            "guessable",
            f"{len(bare)} records of an older release bear the bare SHA-256 of a file or of what "
            "left: short contents can be guessed back from it, also after their erasure",
            tuple(bare),
            "they are signed and stay. Keep the logs' files and their backups from everybody who "
            "need not have them, or have two people copy the record into a new origin without "
            "them: continuum new-origin propose",
        )


def _succession(system: "System") -> Iterator[Finding]:
    from commands import succession

    one = succession.standing(system.desk)
    if one.store:
        yield Finding(
            "goes on elsewhere",
            f"{one.confirmed_by} confirmed what {one.proposed_by} proposed: the record was copied "
            "into a new origin, and this store takes no more facts",
            (f"continuum/{one.store}",),
            "have this store, its keys and its backups destroyed once they are not needed; if "
            "there is no copy, make it (continuum new-origin confirm) or give it up (refuse)",
        )
    elif one.proposed_by:
        yield Finding(
            "waits for a second person",
            f"{one.proposed_by} proposed to copy the record into a new origin",
            (system.shown,),
            "confirm it in a session of your own (continuum new-origin confirm), or refuse it",
        )


def _telling(system: "System") -> Iterator[Finding]:
    """How people are told of what is due: of a story it is asked once somebody carries it on."""
    from commands import escalating
    from installation.following import channels_of, feeder_of

    since = system.views.since_beat()
    if system.synthetic and since is None:
        return
    if silence := escalating.silence(system.clock(), since, urgent=True):
        yield Finding(
            "nothing is escalated",
            silence,
            (system.shown,),
            "start it, and have it started again by whatever runs the machine: continuum watch "
            "(continuum serve brings one)",
        )
    channels, wrong = channels_of(system)
    feeder, unfed = feeder_of(system, lambda text: None)
    late = {user: many for user, many in _tries(system).items() if user in feeder.callers and many}
    if late:
        yield Finding(
            "programs not told",
            "programs did not take what changed, and are called again, later each time",
            tuple(f"{user}: {many} times in a row" for user, many in sorted(late.items())),
            "see whether they answer, and take what is signed with the secret of this store",
        )
    for one in (*wrong, *unfed):
        yield Finding("set up wrongly", one, ("continuum.toml",), "set it right, then start watch")
    ways = {one.kind for one in channels}
    if missing := [SETTINGS[way] for way in SETTINGS if way not in ways]:
        yield Finding(
            "not set up",
            "some ways to tell people that something is due for them are not set up",
            tuple(missing),
            "set up what your organisation has (README, Telling people); without any of them "
            "people learn of what is due only by looking",
        )
    if not ways:
        return
    untold, nobody, nowhere = escalating.standing(system.desk, ways)
    if "mail" in ways and nowhere:
        yield Finding(
            "no address",
            f"{len(nowhere)} people have no address to which mail could go",
            nowhere,
            "give it: continuum user reach NAME --email ADDRESS",
        )
    if untold or nobody:
        yield Finding(
            "not told",
            f"{untold} times somebody was not told yet of what is due for them, and of {nobody} "
            "nobody can be told",
            tuple(sorted(ways)),
            "see whether these servers answer, and whether each role has people who can be reached",
        )


def _tries(system: "System") -> dict[str, int]:
    """How often in a row each program was called in vain."""
    return system.credentials.feeds.tries() if system.settings.feeds else {}


#: The ways of telling people, by the setting that each begins with.
SETTINGS: dict["Kind", str] = {
    "mail": "smtp_host",
    "webhook": "webhook_url",
    "pager": "pager_url",
}


def _erasures(system: "System") -> Iterator[Finding]:
    from commands import copies, erasure

    if waiting := erasure.unfinished(system.desk):
        yield Finding(
            "unfinished",
            f"{len(waiting)} erasures were approved and have no certificate",
            tuple(map(str, waiting)),
            "finish them: continuum erase --resume",
        )
    if alone := copies.came_back_alone(system.desk):
        yield Finding(
            "may be readable again",
            "the store came back from a backup without certificates of erasures: what was erased "
            "after that backup was made may be readable again",
            tuple(f"access {one.ref}, of {stamp(one.recorded)}" for one in alone),
            "hold it against the certificates that were handed out, and erase again what they "
            "name; next time bring them: continuum restore … --erasures FILE",
        )
    if held := copies.still_open(system.desk):
        yield Finding(
            "may still open it",
            f"{len(held)} copies may still open what was erased",
            tuple(f"{one.kind} {one.id}, {', '.join(one.holders)}" for one in held),
            "have them destroyed, and say so: continuum copies destroyed ID --how HOW",
        )
