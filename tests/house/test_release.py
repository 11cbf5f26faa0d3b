"""A release has the same bytes each time it is built from the same commit, lists its contents with
their hashes, and is installed without a package index. The test runs `make release VERSION=` in a
clone.
"""

import json
import os
import subprocess
import sys
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
from packaging.version import Version

from tests import release, version
from tests.house.tree import ROOT
from tests.release import licences, materials, uncommitted

MOMENT = "1795000000"
TRIAL = Version("9.9.0")
CHANGES = "# Changelog\n\n## [9.9.0] - unreleased\n\n- A trial.\n\n## [0.1.0] - 2026-01-01\n"


def git(where: Path, *words: str) -> str:
    ran = subprocess.run(["git", *words], cwd=where, capture_output=True, text=True, check=True)
    return ran.stdout.strip()


def piece(into: Path) -> str:
    """Build a small wheel in this directory; return the line of a lock file that names the
    wheel.
    """
    wheel = into / "piece-1.0-py3-none-any.whl"
    about = "piece-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("piece.py", "")
        archive.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: piece\nVersion: 1.0\n")
        tag = "Root-Is-Purelib: true\nTag: py3-none-any\n"
        archive.writestr(f"{about}/WHEEL", f"Wheel-Version: 1.0\n{tag}")
        archive.writestr(f"{about}/RECORD", "")
    return f"piece==1.0 \\\n    --hash=sha256:{sha256(wheel.read_bytes()).hexdigest()}\n"


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a clone of this repository, in which version 9.9.0 can be made. The clone's lock file
    names only one small wheel.
    """
    place = tmp_path_factory.mktemp("release")
    root = place / "clone"
    git(place, "clone", "--quiet", "--shared", str(ROOT), str(root))
    for name, value in (("name", "A Maker"), ("email", "maker@localhost")):
        git(root, "config", f"user.{name}", value)
    (root / release.LOCK).write_text(piece(place), "utf-8")
    (root / version.CHANGELOG).write_text(CHANGES, "utf-8")
    git(root, "commit", "--quiet", "--all", "--message", "Before the trial")
    return root


#: A script that prints the program's version and the places of its modules.
WHICH = """
import domain
from importlib.metadata import version
print(version("continuum-safeguarding"), domain.__file__)
"""


def keep(tree: Path) -> None:
    """Make the version in this tree as a release does (`version.keep`), but without the store of
    the release, which tests/kept/test_make.py tests."""
    told = subprocess.run(
        [sys.executable, "-c", WHICH],
        cwd=tree,
        env=os.environ | {"PYTHONPATH": str(version.installed(tree))},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split() == [str(TRIAL), str(tree / "domain" / "__init__.py")]
    (tree / "tests" / "kept" / str(TRIAL)).mkdir()
    (tree / "tests" / "kept" / str(TRIAL) / "sqlite.json").write_text("{}", "utf-8")


@pytest.fixture(scope="module")
def made(clone: Path) -> Path:
    """Return the clone in which the version was made."""
    version.make(clone, TRIAL, keep)
    return clone


@pytest.fixture(scope="module")
def dist(made: Path) -> Path:
    """Return the directory of a release that was built from the clone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PIP_NO_INDEX", "1")
        patch.setenv("PIP_FIND_LINKS", str(made.parent))
        release.main(made)
    return made / "dist"


def test_where_a_step_fails_nothing_was_changed(clone: Path) -> None:
    before = git(clone, "rev-parse", "HEAD")

    def fails(tree: Path) -> None:
        raise SystemExit("the store cannot be kept")

    with pytest.raises(SystemExit, match="cannot be kept"):
        version.make(clone, TRIAL, fails)
    assert git(clone, "rev-parse", "HEAD") == before
    assert git(clone, "tag", "--list", "v9*") == ""
    assert git(clone, "worktree", "list").count("\n") == 0
    assert uncommitted(clone) == ""


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("0.1.0", "does not come after"),
        ("9.9.0.dev1", "does not come after"),
        ("9.8.0", "has no section"),
    ],
)
def test_what_is_no_next_version_is_refused(clone: Path, asked: str, said: str) -> None:
    with pytest.raises(SystemExit, match=said):
        version.make(clone, Version(asked), keep)


def test_a_version_is_a_commit_with_its_day_its_store_and_its_tag(made: Path) -> None:
    assert git(made, "rev-parse", "v9.9.0^{commit}") == git(made, "rev-parse", "HEAD")
    assert git(made, "log", "-1", "--format=%s") == "Version 9.9.0"
    assert uncommitted(made) == ""
    changed = git(made, "show", "--name-only", "--format=", "HEAD").splitlines()
    assert changed == ["CHANGELOG.md", "pyproject.toml", "tests/kept/9.9.0/sqlite.json"]
    assert 'version = "9.9.0"' in (made / version.PYPROJECT).read_text("utf-8")
    assert "## [9.9.0] - 2" in (made / version.CHANGELOG).read_text("utf-8")
    head = git(made, "rev-parse", "HEAD")
    version.make(made, TRIAL, keep)
    assert git(made, "rev-parse", "HEAD") == head, "it is made once"


def test_all_that_is_released_is_named_with_its_hash(dist: Path) -> None:
    lines = (dist / "SHA256SUMS").read_text("utf-8").splitlines()
    named = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    files = {one.relative_to(dist).as_posix(): one for one in dist.rglob("*") if one.is_file()}
    assert named == {
        name: sha256(one.read_bytes()).hexdigest()
        for name, one in files.items()
        if name != "SHA256SUMS"
    }
    assert {
        "continuum_safeguarding-9.9.0-py3-none-any.whl",
        "requirements.txt",
        "requirements-spark.lock",
        "continuum.cdx.json",
        "licences.txt",
        "verifiers.sha256",
        "wheels/piece-1.0-py3-none-any.whl",
    } <= named.keys()


def install(dist: Path, into: Path) -> subprocess.CompletedProcess[str]:
    """Install the release as docs/deploying.md says, but without its dependencies, because the
    clone has no lock file for them.
    """
    pip = [*(sys.executable, "-m"), "pip", "install", "--no-deps", "--no-compile", "--target"]
    asked = ["--require-hashes", "--no-index", "--find-links", "dist"]
    return subprocess.run(
        [*pip, str(into), *asked, "--requirement", "dist/requirements.txt"],
        cwd=dist.parent,
        env={name: one for name, one in os.environ.items() if not name.startswith("PIP_")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_is_installed_without_an_index_and_not_where_a_byte_differs(
    dist: Path, tmp_path: Path
) -> None:
    ran = install(dist, tmp_path / "first")
    assert ran.returncode == 0, ran.stderr
    about = {one.name for one in (tmp_path / "first").glob("*.dist-info")}
    assert about == {"continuum_safeguarding-9.9.0.dist-info", "piece-1.0.dist-info"}
    wheel = dist / "wheels" / "piece-1.0-py3-none-any.whl"
    whole = wheel.read_bytes()
    wheel.write_bytes(whole.replace(b"piece.py", b"peace.py"))
    ran = install(dist, tmp_path / "second")
    wheel.write_bytes(whole)
    assert ran.returncode != 0
    assert "HASHES" in ran.stderr


def test_afterwards_the_next_version_is_worked_on(dist: Path) -> None:
    root = dist.parent
    version.go_on(root)
    assert 'version = "9.10.0.dev0"' in (root / version.PYPROJECT).read_text("utf-8")
    told = (root / version.CHANGELOG).read_text("utf-8")
    assert told.index("## [9.10.0] - unreleased") < told.index("## [9.9.0] - 2")
    assert uncommitted(root) == ""
    with pytest.raises(SystemExit, match="is no version that was made"):
        version.go_on(root)
    with pytest.raises(SystemExit, match="a version is made once"):
        version.make(root, TRIAL, keep)
    with pytest.raises(SystemExit, match="says nothing of"):
        version.make(root, Version("9.10.0"), keep)


def test_each_version_that_was_made_is_kept() -> None:
    told = (ROOT / version.CHANGELOG).read_text("utf-8")
    made = [line for line in told.splitlines() if line.startswith("## [")]
    days = [line.split("[")[1].split("]") for line in made if not line.endswith("unreleased")]
    assert {one for one, _ in days} == {one.parent.name for one in ROOT.glob("tests/kept/*/*.json")}


def test_the_bill_names_each_part_with_its_hash_and_no_machine(tmp_path: Path) -> None:
    bill = materials(tmp_path, MOMENT)
    told = json.loads(bill.read_bytes())
    assert told["bomFormat"] == "CycloneDX"
    assert told["metadata"]["component"]["name"] == "continuum-safeguarding"
    parts = {one["name"]: one for one in told["components"]}
    assert {"eventsourcing", "msgspec", "fastapi"} <= parts.keys()
    assert "pytest" not in parts
    assert "SHA-256" in json.dumps(parts["msgspec"])
    assert str(Path.home()) not in bill.read_text("utf-8")


def test_each_licence_is_reported_and_lets_a_force_use_it() -> None:
    lines = licences().splitlines()
    assert any(line.startswith("eventsourcing ") for line in lines)
    assert not [line for line in lines if line.endswith(": not told")]
    assert not [
        line for line in lines if "GPL" in line and "LGPL" not in line and "Lesser" not in line
    ]


def test_what_is_in_no_commit_is_reported(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    assert uncommitted(tmp_path) == ""
    (tmp_path / "stray.py").touch()
    assert "stray.py" in uncommitted(tmp_path)
