"""Write a release into dist/: `python -m tests.release` (`make release`).

A release contains the wheel, which has the same bytes each time it is built from the same commit;
the wheels of its dependencies for this Python and this system; and requirements.txt, which installs
them without an index, each by its hash. It also contains a bill of materials (CycloneDX), the
licence of each part, the SHA-256 of the two offline verifiers, and the SHA-256 of all of these
files.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import parse_wheel_filename

from ledger.proof.auditor_policy import VERIFIERS

ROOT = Path(__file__).parent.parent
LOCK, SPARK = "requirements.lock", "requirements-spark.lock"
WHEELS = "wheels"
#: The requirements.txt of a release. With --no-index, pip never requests this project from a
#: package index, because no index has it.
INSTALLS = """\
# Continuum {version}, from the files beside this one and from nowhere else:
#   pip install --requirement requirements.txt
--no-index
--find-links .
--find-links {wheels}
--require-hashes
--requirement {lock}
{name}=={version} --hash=sha256:{digest}
"""


def build(into: Path, moment: str, root: Path = ROOT) -> Path:
    """Build the wheel with this moment (seconds since 1970) as its time; return its path."""
    program = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
    _run([*program, "--directory", str(into)], root, {"SOURCE_DATE_EPOCH": moment})
    (wheel,) = into.glob("*.whl")
    return wheel


def materials(into: Path, moment: str, root: Path = ROOT) -> Path:
    """Write a bill of materials, with the packages that the lock file pins and their hashes; return
    its path.
    """
    told = into / "continuum.cdx.json"
    program = [str(Path(sys.executable).with_name("cyclonedx-py")), "requirements", LOCK]
    more = ["--pyproject", "pyproject.toml", "--mc-type", "application"]
    named = ["--output-reproducible", "--of", "JSON", "-o", str(told)]
    _run([*program, *more, *named], root, {"SOURCE_DATE_EPOCH": moment})
    return told


def licences(root: Path = ROOT) -> str:
    """Return the licence of each package that the lock file names and that is installed on this
    machine.
    """
    lines = []
    for name in sorted(_locked(root)):
        try:
            about = metadata(name)
        # the lock file also names packages for other systems and older versions of Python
        except PackageNotFoundError:
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


def gather(into: Path, root: Path = ROOT) -> None:
    """Download the wheels that the lock file names for this Python and this system."""
    asked = ["--no-deps", "--require-hashes", "--only-binary", ":all:", "--requirement", LOCK]
    _run([sys.executable, "-m", "pip", "download", *asked, "--dest", str(into)], root, {})


def requirements(wheel: Path) -> str:
    """Return the requirements of a release with this wheel: the wheel and all packages that the
    lock file names, each with its hash.
    """
    name, version, *_ = parse_wheel_filename(wheel.name)
    digest = sha256(wheel.read_bytes()).hexdigest()
    return INSTALLS.format(name=name, version=version, digest=digest, wheels=WHEELS, lock=LOCK)


def sums(files: Iterable[Path], below: Path) -> str:
    """Return the hashes of these files, with paths relative to `below`, in the format of
    `sha256sum`.
    """
    return "".join(
        f"{sha256(file.read_bytes()).hexdigest()}  {file.relative_to(below).as_posix()}\n"
        for file in files
    )


def _locked(root: Path) -> set[str]:
    text = (root / LOCK).read_text("utf-8").replace("\\\n", " ")
    lines = (line for line in text.splitlines() if line and not line.lstrip().startswith("#"))
    return {Requirement(line.split("--hash")[0]).name for line in lines}


def _run(command: Sequence[str], where: Path, more: dict[str, str]) -> None:
    ran = subprocess.run(
        command, cwd=where, env={**os.environ, **more}, check=False, capture_output=True, text=True
    )
    if ran.returncode:
        raise SystemExit(f"{' '.join(command)}:\n{ran.stdout}{ran.stderr}")


def uncommitted(root: Path) -> str:
    """Return the list of files that differ from the commit, in git's form."""
    asked = ["git", "status", "--porcelain"]
    return subprocess.run(asked, cwd=root, capture_output=True, text=True, check=True).stdout


def main(root: Path = ROOT) -> None:
    """Build dist/ again. Raises SystemExit if files differ from the commit, because the commit
    would then not describe the release.
    """
    if changed := uncommitted(root):
        raise SystemExit(f"this is no commit, and nothing is released; it differs in:\n{changed}")
    into = root / "dist"
    shutil.rmtree(into, ignore_errors=True)
    asked = ["git", "log", "-1", "--format=%ct"]
    ran = subprocess.run(asked, cwd=root, capture_output=True, text=True, check=True)
    moment = ran.stdout.strip()
    wheel, other = (build(place, moment, root) for place in (into, into / "again"))
    if wheel.read_bytes() != other.read_bytes():
        raise SystemExit("two builds of one commit differ: nothing is released")
    shutil.rmtree(other.parent)
    bill = materials(into, moment, root)
    (into / "licences.txt").write_text(licences(root), "utf-8")
    verifiers = sums([root / "ledger" / verifier for verifier in VERIFIERS], root / "ledger")
    (into / "verifiers.sha256").write_text(verifiers, "utf-8")
    for lock in (LOCK, SPARK):
        shutil.copyfile(root / lock, into / lock)
    (into / "requirements.txt").write_text(requirements(wheel), "utf-8")
    gather(into / WHEELS, root)
    files = sorted(one for one in into.rglob("*") if one.is_file())
    (into / "SHA256SUMS").write_text(sums(files, into), "utf-8")
    parts = len(json.loads(bill.read_bytes())["components"])
    sys.stdout.write(f"{wheel.name}, and {parts} parts that it runs with: {into}\n")


if __name__ == "__main__":
    main()
