"""What a release consists of, into dist/: `python -m tests.release` (`make release`).

The wheel, the same bytes from the same commit; a bill of materials (CycloneDX) of what it runs
with, the licence of each part, the SHA-256 of the two offline verifiers, and of all of these files.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

from packaging.requirements import Requirement

from ledger.policy import VERIFIERS

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "requirements.lock"


def build(into: Path, moment: str) -> Path:
    """The wheel, as of a moment (seconds since 1970)."""
    program = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
    _run([*program, "--directory", str(into)], {"SOURCE_DATE_EPOCH": moment})
    (wheel,) = into.glob("*.whl")
    return wheel


def materials(into: Path, moment: str) -> Path:
    """The bill of materials of what the lock pins, with its hashes."""
    told = into / "continuum.cdx.json"
    program = [str(Path(sys.executable).with_name("cyclonedx-py")), "requirements", str(LOCK)]
    more = ["--pyproject", str(ROOT / "pyproject.toml"), "--mc-type", "application"]
    named = ["--output-reproducible", "--of", "JSON", "-o", str(told)]
    _run([*program, *more, *named], {"SOURCE_DATE_EPOCH": moment})
    return told


def licences() -> str:
    """Of each package that the lock names and that is installed here, the licence that it tells."""
    lines = []
    for name in sorted(_locked()):
        try:
            about = metadata(name)
        except PackageNotFoundError:  # for another system or an older Python
            lines.append(f"{name}: not installed here")
            continue
        classified = [
            one.rpartition(" :: ")[2]
            for one in about.get_all("Classifier") or ()
            if one.startswith("License ::")
        ]
        spelled = [about.get_all(one, [""])[0] for one in ("License-Expression", "License")]
        told = spelled[0] or ", ".join(classified) or spelled[1] or "not told"
        lines.append(f"{name} {about['Version']}: {told.splitlines()[0]}")
    return "".join(f"{line}\n" for line in lines)


def sums(files: Sequence[Path]) -> str:
    """As `sha256sum` writes and checks them."""
    return "".join(f"{sha256(one.read_bytes()).hexdigest()}  {one.name}\n" for one in files)


def _locked() -> set[str]:
    text = LOCK.read_text("utf-8").replace("\\\n", " ")
    lines = (line for line in text.splitlines() if line and not line.lstrip().startswith("#"))
    return {Requirement(line.split("--hash")[0]).name for line in lines}


def _run(command: Sequence[str], more: dict[str, str]) -> None:
    subprocess.run(command, cwd=ROOT, env={**os.environ, **more}, check=True, capture_output=True)


def uncommitted(root: Path) -> str:
    """Which files are not as the commit has them, as git tells them; nothing where all are."""
    asked = ["git", "status", "--porcelain"]
    return subprocess.run(asked, cwd=root, capture_output=True, text=True, check=True).stdout


def main() -> None:
    if changed := uncommitted(ROOT):
        raise SystemExit(f"this is no commit, and nothing is released; it differs in:\n{changed}")
    into = ROOT / "dist"
    again = into / "again"
    for place in (again, into):
        place.mkdir(parents=True, exist_ok=True)
        for one in place.glob("*.*"):
            one.unlink()
    asked = ["git", "log", "-1", "--format=%ct"]
    moment = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    wheel, other = (build(place, moment.strip()) for place in (into, again))
    if wheel.read_bytes() != other.read_bytes():
        raise SystemExit("two builds of one commit differ: nothing is released")
    other.unlink()
    again.rmdir()
    bill = materials(into, moment.strip())
    listed = into / "licences.txt"
    listed.write_text(licences(), "utf-8")
    verifiers = into / "verifiers.sha256"
    verifiers.write_text(sums([ROOT / "ledger" / one for one in VERIFIERS]), "utf-8")
    files = [wheel, bill, listed, verifiers]
    (into / "SHA256SUMS").write_text(sums(files), "utf-8")
    parts = len(json.loads(bill.read_bytes())["components"])
    sys.stdout.write(f"{wheel.name}, and {parts} parts that it runs with: {into}\n")


if __name__ == "__main__":
    main()
