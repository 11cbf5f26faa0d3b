"""`make` selects a Python that works, even if other programs named python are broken."""

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.house.tree import ROOT

# Broken programs named python, as there were on real machines.
SHIM_WITHOUT_A_PYTHON = "#!/bin/sh\necho 'command not found' >&2\nexit 127\n"
TOO_OLD = "#!/bin/sh\nexit 1\n"
WITHOUT_ENSUREPIP = '#!/bin/sh\n[ "$2" = venv ] && { mkdir -p "$4/bin"; exit 1; }\nexit 0\n'
WITHOUT_PIP = (
    '#!/bin/sh\n[ "$2" = venv ] && mkdir -p "$4/bin" && '
    'printf \'#!/bin/sh\\nexit 1\\n\' > "$4/bin/python" && chmod +x "$4/bin/python"\nexit 0\n'
)


def make(venv: Path, *candidates: Path | str, target: str = "") -> subprocess.CompletedProcess[str]:
    chosen = " ".join(map(str, candidates))
    return subprocess.run(
        ["make", f"VENV={venv}", f"CANDIDATES={chosen}", target or str(venv / "bin" / "python")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def broken(folder: Path) -> list[Path]:
    scripts = [SHIM_WITHOUT_A_PYTHON, TOO_OLD, WITHOUT_ENSUREPIP, WITHOUT_PIP]
    paths = []
    for number, script in enumerate(scripts):
        path = folder / f"python-{number}"
        path.write_text(script, encoding="utf-8")
        path.chmod(0o755)
        paths.append(path)
    return paths


@pytest.fixture(scope="module")
def venv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an environment with `make`, which must find the only working one of five programs named
    python.
    """
    place = tmp_path_factory.mktemp("setup")
    venv = place / "venv"
    made = make(venv, "python-that-is-nowhere", *broken(place), sys.executable)
    assert made.returncode == 0, made.stderr
    assert f"from {sys.executable}" in made.stdout
    return venv


def test_broken_pythons_are_passed_over(venv: Path) -> None:
    subprocess.run([venv / "bin" / "python", "-m", "pip", "--version"], check=True)


def test_a_server_is_set_up_with_the_wheel_and_not_with_the_clone(venv: Path) -> None:
    """The product is set up on a server with the wheel and not with the clone. (The locked packages
    are not installed again: they are in the environment of these tests.)
    """
    (own,) = (venv / "lib").glob("python*/site-packages")
    (own / "libraries.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
    (venv / ".installed-locked").touch()
    (venv / ".installed-runtime").touch()
    made = make(venv, target="setup")
    assert made.returncode == 0, made.stderr
    assert f"{venv}/bin/continuum: continuum " in made.stdout
    first = [
        str(venv / "bin" / "python"),
        "-c",
        "import cli, web; print(cli.__file__, web.__file__)",
    ]
    ran = subprocess.run(first, cwd=venv, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == [str(own / "cli.py"), str(own / "web" / "__init__.py")]
    assert not [one for one in own.glob("*.pth") if str(ROOT) in one.read_text("utf-8").split("\n")]
    assert not (venv / ".installed-runtime").exists(), "`make demo` here installs the clone again"


def test_without_a_working_python_it_says_what_to_do(tmp_path: Path) -> None:
    venv = tmp_path / "venv"
    made = make(venv, *broken(tmp_path))
    assert made.returncode != 0
    assert "python3-venv" in made.stderr
    assert not venv.exists()
