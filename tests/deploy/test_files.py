"""The files for deployment make sure that no process runs as root, that a service writes only to
named directories, and that every version is pinned.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT, pyproject
from tests.support.deploy.files import COMPOSE, DEPLOY, SERVICES, needs

CONTAINERFILE = (DEPLOY / "Containerfile").read_text("utf-8")
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
#: The highest allowed exposure of a systemd unit, on a scale up to 10, as
#: `systemd-analyze security` computes it.
EXPOSED = 2.0


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_can_do_more_than_it_needs(name: str) -> None:
    one = SERVICES[name]
    assert one["read_only"] is True
    assert one["cap_drop"] == ["ALL"]
    assert one.get("cap_add", []) == (["NET_BIND_SERVICE"] if name == "proxy" else [])
    assert one["security_opt"] == ["no-new-privileges:true"]
    user, _, group = one["user"].partition(":")
    assert int(user) > 0
    assert int(group) > 0
    assert re.fullmatch(r"\$\{[A-Z]+_IMAGE:\?.*digest.*\}", one["image"])
    assert not {"privileged", "devices", "pid", "ipc", "build", "env_file"} & one.keys()
    assert bool(one.get("ports")) == (name == "proxy"), "only the proxy is reached from outside"
    assert "docker.sock" not in str(one.get("volumes"))


def test_words_cross_no_network_on_their_way_to_the_database() -> None:
    assert SERVICES["postgres"]["network_mode"] == "none"
    for name, one in SERVICES.items():
        store = one.get("environment", {}).get("CONTINUUM_STORE")
        if store:
            assert store.endswith("@/record?host=/var/run/postgresql"), name


def test_each_process_has_the_role_of_its_duty_and_no_other_secret() -> None:
    roles = {
        "serve1": "app",
        "serve2": "app",
        "watch": "app",
        "signer": "signer",
        "signer-keys": "signer",
        "backup": "eraser",
        "store": "owner",
        "accounts": "app",
    }
    for name, role in roles.items():
        one = SERVICES[name]
        assert f"continuum_{role}@" in one["environment"]["CONTINUUM_STORE"]
        assert one["secrets"] == [f"{role}_pgpass"]
    signer = SERVICES["signer"]
    assert signer["user"] != SERVICES["serve1"]["user"]
    assert not [one for one in signer["volumes"] if one.startswith("home:")], "no key of the store"
    assert "checkpoints:/srv/continuum/checkpoints:ro" in SERVICES["serve1"]["volumes"]


def test_every_name_that_is_used_is_declared() -> None:
    for one in SERVICES.values():
        assert set(one.get("secrets", ())) <= COMPOSE["secrets"].keys()
        assert set(one.get("networks", ())) <= COMPOSE["networks"].keys()
        assert set(one.get("depends_on", ())) <= SERVICES.keys()
        for volume in one.get("volumes", ()):
            source = re.sub(r"^\$\{[^}]*\}", "./given", volume).partition(":")[0]
            assert source.startswith("./") or source in COMPOSE["volumes"]
    asked = set(re.findall(r"\$\{([A-Z_]+):\?", (DEPLOY / "compose.yaml").read_text("utf-8")))
    told = set(
        re.findall(r"^([A-Z_]+)=", (DEPLOY / "env.example").read_text("utf-8"), re.MULTILINE)
    )
    assert asked <= told
    served = {one["file"].removeprefix("./secrets/") for one in COMPOSE["secrets"].values()}
    duties = ("postgres", "owner", "app", "signer", "eraser")
    assert served == {f"{duty}{end}" for duty in duties for end in ("_password", ".pgpass")}


def test_the_image_is_pinned_slim_and_nobodys() -> None:
    whole = re.sub(r"\\\n", " ", CONTAINERFILE)
    steps = [line for line in whole.splitlines() if line and not line.startswith("#")]
    bases = [step.split()[1] for step in steps if step.startswith("FROM")]
    assert bases == ["${PYTHON_IMAGE}", "${PYTHON_IMAGE}"], "two stages, by a digest that is given"
    assert not [step for step in steps if step.startswith(("ADD", "VOLUME"))]
    installs = [step for step in steps if "pip install" in step]
    assert all("--require-hashes" in install or "--no-index" in install for install in installs)
    assert [step for step in steps if step.startswith("USER")] == ["USER 10001:10001"]
    assert steps.index("USER 10001:10001") > max(
        number for number, one in enumerate(steps) if one.startswith(("RUN", "COPY"))
    )
    assert not re.search(r"curl|wget|apt-get|:latest", CONTAINERFILE)


def test_what_goes_into_the_image_is_the_product() -> None:
    """The container image contains the whole product, and contains neither a store nor the git
    history.
    """
    lines = (ROOT / ".containerignore").read_text("utf-8").splitlines()
    let_in = {line[1:] for line in lines if line.startswith("!")}
    built = set(pyproject()["tool"]["hatch"]["build"]["only-include"])
    assert {one for one in built if not one.endswith(".py")} <= let_in
    assert "*" in lines
    assert not let_in & {".git", "tests", "demo-store", "."}
    copied = re.findall(r"^COPY (requirements.*) \./$", CONTAINERFILE, re.MULTILINE)
    assert set(copied[0].split()) == {"requirements.lock", "requirements-build.lock"} <= let_in


@needs("hadolint")
def test_hadolint_finds_nothing() -> None:
    ran = subprocess.run(
        ["hadolint", str(DEPLOY / "Containerfile")], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout) == (0, "")


@pytest.mark.parametrize("name", ["continuum-backup", "make-secrets", "roles.sh"])
def test_its_scripts_are_scripts(name: str) -> None:
    file = DEPLOY / name
    assert os.access(file, os.X_OK)
    subprocess.run(["sh", "-n", str(file)], check=True)
    assert "set -eu" in file.read_text("utf-8")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Make a git repository with the files for deployment, as if the product had been cloned."""
    clone = tmp_path / "clone"
    shutil.copytree(DEPLOY, clone / "deploy", ignore=shutil.ignore_patterns("secrets", ".env"))
    shutil.copy(ROOT / ".gitignore", clone)
    subprocess.run(["git", "init", "--quiet"], cwd=clone, check=True)
    return clone


def added(clone: Path) -> set[str]:
    """Return the files that `git add .` would add in the clone."""
    asked = ["git", "add", "--dry-run", "."]
    ran = subprocess.run(asked, cwd=clone, capture_output=True, text=True, check=True)
    return {line.removeprefix("add ").strip("'") for line in ran.stdout.splitlines()}


def test_secrets_are_made_once_for_their_readers_alone_and_never_committed(
    clone: Path, tmp_path: Path
) -> None:
    before = added(clone)
    assert "deploy/make-secrets" in before
    script = clone / "deploy" / "make-secrets"
    place = clone / "deploy" / "secrets"
    chown = tmp_path / "bin" / "chown"  # with this stand-in for chown, any user can run the script
    chown.parent.mkdir()
    chown.write_text("#!/bin/sh\n", "utf-8")
    chown.chmod(0o755)
    path = {"PATH": f"{chown.parent}:{os.environ['PATH']}"}
    subprocess.run([script], env=path, check=True, capture_output=True)
    made = {one.name: one.read_text() for one in place.iterdir()}
    assert len(made) == 10
    assert all(one.stat().st_mode & 0o077 == 0 for one in place.iterdir())
    assert made["app.pgpass"] == f"*:*:*:continuum_app:{made['app_password']}\n"
    assert len(set(made.values())) == 10
    subprocess.run([script], env=path, check=True, capture_output=True)
    assert made == {one.name: one.read_text() for one in place.iterdir()}
    shutil.copy(clone / "deploy" / "env.example", clone / "deploy" / ".env")
    assert added(clone) == before


@needs("systemd-analyze")
def test_systemd_takes_the_units_and_finds_them_closed(tmp_path: Path) -> None:
    program = str(Path(sys.executable))  # this machine has no directory /opt/continuum
    for unit in (*UNITS, *(DEPLOY / "systemd").glob("*.timer")):
        text = re.sub(r"/opt/continuum/bin/[\w-]+", program, unit.read_text("utf-8"))
        name = unit.name.replace("@.", "@8000.")
        (tmp_path / name).write_text(text, "utf-8")
    made = sorted(map(str, tmp_path.iterdir()))
    ran = subprocess.run(
        ["systemd-analyze", "verify", *made], capture_output=True, text=True, check=False
    )
    said = [
        line for line in ran.stderr.splitlines() if str(tmp_path) in line or "continuum-" in line
    ]
    assert not said, ran.stderr
    for one in made:
        if one.endswith(".service"):
            limit = f"--threshold={EXPOSED * 10:.0f}"
            ask = ["systemd-analyze", "security", "--offline=yes", limit, one]
            told = subprocess.run(ask, capture_output=True, text=True, check=False)
            assert told.returncode == 0, told.stdout[-300:]


@needs("caddy")
def test_the_proxys_file_is_one(tmp_path: Path) -> None:
    text = (DEPLOY / "Caddyfile").read_text("utf-8")
    (tmp_path / "Caddyfile").write_text(re.sub(r"tls /\S+ /\S+ {", "tls internal {", text))
    ran = subprocess.run(
        ["caddy", "validate", "--adapter", "caddyfile", "--config", str(tmp_path / "Caddyfile")],
        env=os.environ | {"CONTINUUM_HOST": "screens.example"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
