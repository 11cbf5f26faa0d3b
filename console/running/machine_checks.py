"""Findings of `continuum doctor` about the machine of a store: disks, clock, files."""

import os
import shutil
import stat
import subprocess
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path

from console.running.finding import Danger, Finding

#: The free space of a disk below which it is reported as too small: a share of the disk, and a
#: number of bytes.
PART, BYTES = 0.1, 2 * 1024**3
_DEVICES = Path("/sys/dev/block")


def room(places: Iterable[Path]) -> Iterator[Finding]:
    """Yield a finding for each disk under these directories that is nearly full."""
    disks = groupby(sorted(places, key=_disk), key=_disk)
    for several in (list(paths) for _, paths in disks):
        disk = shutil.disk_usage(several[0])
        if disk.free < BYTES or disk.free < PART * disk.total:
            free = f"{disk.free / 1024**3:.1f} of {disk.total / 1024**3:.0f} GB"
            yield Finding(
                Danger.WORDS,
                "little room",
                f"{free} are free: once the disk is full, nothing more is recorded",
                tuple(map(str, several)),
                "free some room (old backups and the server's logs first), or use a larger disk",
            )


def _disk(place: Path) -> int:
    return place.stat().st_dev


def secrets(files: Iterable[Path]) -> Iterator[Finding]:
    """Yield a finding for each secret file that other users may read, or that is missing."""
    for file in files:
        try:
            mode = stat.S_IMODE(file.stat().st_mode)
        except OSError as error:
            yield Finding(
                Danger.SERVICE,
                "no secret",
                f"a setting names this file, which cannot be read: {error.strerror}",
                (str(file),),
                "put the secret there, or remove the setting",
            )
            continue
        if os.name != "nt" and mode & 0o077:
            yield Finding(
                Danger.EXPOSURE,
                "a secret open to others",
                f"other users of this machine may read or write the secret (mode {mode:03o})",
                (str(file),),
                f"chmod 600 {file}, and change the secret: it may have been read",
            )


_SAY_SO = (
    "compare the clock with another one. If it is wrong, set it (timedatectl). If it is right, one "
    "person says so (continuum clock propose) and another confirms it (continuum clock confirm)"
)


def clock(now: datetime, jump: timedelta | None) -> Iterator[Finding]:
    """Yield a finding if the store's clock jumped by `jump`, or if no time server sets it."""
    if jump:
        last = f"the last record is of {now - jump:%Y-%m-%d %H:%M:%S} (UTC)"
        sentence = f"the clock of the record says {now:%Y-%m-%d %H:%M:%S}, and {last}"
        problem = "the clock is behind" if jump < timedelta() else "the clock leapt ahead"
        runs = "the clock" if jump < timedelta() else "the last record"
        yield Finding(
            Danger.WORDS,
            problem,
            f"{sentence}: records are saved as of an uncertain time, and their deadlines run from "
            f"{runs}. Records made while the clock was wrong may never be overdue",
            ("evidence",),
            _SAY_SO,
        )
    if _set_by_others() is False:
        yield Finding(
            Danger.PROOF,
            "the clock is not set by a time server",
            "records are dated by this machine's clock, which may drift",
            ("timedatectl",),
            "let time servers set it: timedatectl set-ntp true, or chrony",
        )


def _set_by_others() -> bool | None:
    """Return whether time servers set the clock; None if the program cannot determine it, as in a
    container.
    """
    if not Path("/run/systemd/system").is_dir():
        return None
    command = ["timedatectl", "show", "--property=NTPSynchronized", "--value"]
    try:
        answer = subprocess.run(
            command, capture_output=True, text=True, timeout=5, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    return {"yes": True, "no": False}.get(answer.strip())


def encrypted(place: Path, devices: Path = _DEVICES) -> bool | None:
    """Return whether Linux encrypts the whole disk of a directory (dm-crypt, LUKS); None if that is
    unknown. A virtual machine's disk that is not encrypted here may be encrypted by the host.
    """
    try:
        number = place.stat().st_dev
        device = (devices / f"{os.major(number)}:{os.minor(number)}").resolve(strict=True)
    except (OSError, AttributeError):
        return None
    return _crypt(device)


def _crypt(device: Path) -> bool:
    try:
        if (device / "dm" / "uuid").read_text("ascii").startswith("CRYPT-"):
            return True
    except OSError:
        pass
    if (device / "partition").exists():
        return _crypt(device.parent)
    beneath = sorted((device / "slaves").glob("*"))
    return bool(beneath) and all(_crypt(path.resolve()) for path in beneath)
