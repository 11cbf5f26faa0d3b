"""What is wrong with an installation, or has to be known of it, and what to do."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from console.session import Session, stamp

if TYPE_CHECKING:
    from notifying.message import Kind
    from system import System

#: Names of what is told at most, of one kind.
MOST = 20
#: What is published for everybody, under a store's home.
PUBLISHED = "checkpoints"


@dataclass(frozen=True)
class Finding:
    """One thing: what it is in a word, what was found, where, and what to do about it."""

    what: str
    found: str
    where: tuple[str, ...]
    do: str


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(doctor)


def doctor(context: typer.Context) -> None:
    """What is wrong with this installation or has to be known of it, each with what to do."""
    session: Session = context.obj
    session.duty("verify")
    system = session.open()
    findings = [
        *_at_rest(system),
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
    else:
        yield Finding(
            "not encrypted",
            "the views hold every text as it is, for every program that reads this account's files",
            (str(Path(system.settings.store) / "views-*.db"),),
            disk,
        )


def _modes(system: "System") -> Iterator[Finding]:
    """Files of the home that others than its owner may read or write."""
    if os.name == "nt":
        return
    places = {system.home, *([] if "://" in system.shown else [Path(system.settings.store)])}
    found: dict[Path, None] = {}
    for place in sorted(places):
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
            f"chmod -R go= {' '.join(map(str, sorted(places)))}",
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
    channels, wrong = system.channels()
    for one in wrong:
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
