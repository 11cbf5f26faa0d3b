"""Make a version of this program: `python -m tests.version 0.2.0` (`make release VERSION=0.2.0`).

The program works in a separate work tree, so that nothing changes in this one unless all steps
succeed. It writes the version into pyproject.toml and its date into CHANGELOG.md, lets the wheel of
that version write the store that tests of later versions open (tests/kept), commits and tags. After
the release was built from the tag, `--next` starts the following version.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from packaging.version import InvalidVersion, Version

from tests.release import ROOT, build, uncommitted

PYPROJECT, CHANGELOG = "pyproject.toml", "CHANGELOG.md"
_VERSION = re.compile(r'^version = "(.+)"$', re.MULTILINE)
_UNRELEASED = "## [{}] - unreleased\n"
#: A function that stores the files that tests of later versions need, in a work tree.
Keep = Callable[[Path], None]


def installed(tree: Path) -> Path:
    """Build and install the wheel of a work tree into a directory whose name is the version; return
    the directory.
    """
    into = tree / "dist"  # git ignores this directory
    wheel = build(into, str(int(datetime.now(UTC).timestamp())), tree)
    pip = [sys.executable, "-m", "pip", "--quiet", "install", "--no-deps", "--no-index"]
    to = ["--no-compile", "--target", str(into / "installed")]
    subprocess.run([*pip, *to, str(wheel)], check=True)
    return into / "installed"


def keep(tree: Path) -> None:
    """Make the store of this version for tests of later versions, and the hashes of its views'
    rows."""
    beside = {**os.environ, "PYTHONPATH": str(installed(tree))}
    for module in ("tests.kept.make", "tests.kept.folds"):
        subprocess.run([sys.executable, "-m", module], cwd=tree, env=beside, check=True)


def make(root: Path, version: Version, keep: Keep = keep) -> None:
    """Commit and tag a version; do nothing if it was just made. Raises SystemExit if the version
    cannot be made.
    """
    tag = f"v{version}"
    if changed := uncommitted(root):
        raise SystemExit(f"commit what is to be released, or put it away:\n{changed}")
    if _git(root, "tag", "--list", tag):
        if _git(root, "rev-parse", f"{tag}^{{commit}}") == _git(root, "rev-parse", "HEAD"):
            # the version was made already; the user repeats the command because a later step had
            # failed
            return
        raise SystemExit(f"{tag} is there: a version is made once")
    _check(root, version)
    with _tree(root) as tree:
        _set(tree, str(version))
        file, head = tree / CHANGELOG, _UNRELEASED.format(version)
        day = f"{datetime.now(UTC):%Y-%m-%d}"
        dated = file.read_text("utf-8").replace(head, head.replace("unreleased", day))
        file.write_text(dated, "utf-8")
        keep(tree)
        _commit(tree, f"Version {version}")
        made = _git(tree, "rev-parse", "HEAD")
        _git(root, "merge", "--quiet", "--ff-only", made)
    _git(root, "tag", "--annotate", "--message", f"Continuum {version}", tag, made)


def go_on(root: Path) -> None:
    """Commit the next version number, after a version was made."""
    made = _current(root)
    if made.is_prerelease:
        raise SystemExit(f"{made} is no version that was made")
    after = f"{made.major}.{made.minor + 1}.0"
    _set(root, f"{after}.dev0")
    file = root / CHANGELOG
    text = file.read_text("utf-8")
    head = f"## [{made}]"
    file.write_text(text.replace(head, f"{_UNRELEASED.format(after)}\n{head}", 1), "utf-8")
    _commit(root, f"Work on {after} begins")


def _check(root: Path, version: Version) -> None:
    """Raise SystemExit if this version does not follow the current one, or if CHANGELOG.md has no
    text about it.
    """
    before = _current(root)
    if version.is_prerelease or version <= before:
        raise SystemExit(f"{version} does not come after {before}")
    text, head = (root / CHANGELOG).read_text("utf-8"), _UNRELEASED.format(version)
    if head not in text:
        raise SystemExit(f"{CHANGELOG} has no section {head.strip()!r}")
    if not text.partition(head)[2].partition("\n## ")[0].strip():
        raise SystemExit(f"{CHANGELOG} says nothing of {version}")


def _current(tree: Path) -> Version:
    found = _VERSION.search((tree / PYPROJECT).read_text("utf-8"))
    assert found
    return Version(found[1])


def _set(tree: Path, version: str) -> None:
    file = tree / PYPROJECT
    file.write_text(_VERSION.sub(f'version = "{version}"', file.read_text("utf-8"), 1), "utf-8")


@contextmanager
def _tree(root: Path) -> Iterator[Path]:
    """Yield a separate work tree with the last commit, which is removed afterwards."""
    with tempfile.TemporaryDirectory() as scratch:
        tree = Path(scratch) / "tree"
        _git(root, "worktree", "add", "--quiet", "--detach", str(tree))
        try:
            yield tree
        finally:
            _git(root, "worktree", "remove", "--force", str(tree))


def _commit(tree: Path, message: str) -> None:
    _git(tree, "add", "--all")
    _git(tree, "commit", "--quiet", "--no-verify", "--message", message)


def _git(where: Path, *words: str) -> str:
    ran = subprocess.run(["git", *words], cwd=where, check=False, capture_output=True, text=True)
    if ran.returncode:
        raise SystemExit(f"git {' '.join(words)}: {ran.stderr.strip()}")
    return ran.stdout.strip()


def main(words: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.version")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("version", nargs="?")
    which.add_argument("--next", action="store_true")
    asked = parser.parse_args(words)
    if asked.next:
        go_on(ROOT)
    else:
        try:
            version = Version(asked.version)
        except InvalidVersion as error:
            raise SystemExit(str(error)) from None
        make(ROOT, version)


if __name__ == "__main__":
    main(sys.argv[1:])
