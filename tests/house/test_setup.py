"""`make` finds a Python that really works, whatever else a machine calls one."""

import subprocess
import sys
from pathlib import Path

from tests.house.tree import ROOT

# Each stands for what machines have been seen to hold.
SHIM_WITHOUT_A_PYTHON = "#!/bin/sh\necho 'command not found' >&2\nexit 127\n"
TOO_OLD = "#!/bin/sh\nexit 1\n"
WITHOUT_ENSUREPIP = '#!/bin/sh\n[ "$2" = venv ] && { mkdir -p "$4/bin"; exit 1; }\nexit 0\n'
WITHOUT_PIP = (
    '#!/bin/sh\n[ "$2" = venv ] && mkdir -p "$4/bin" && '
    'printf \'#!/bin/sh\\nexit 1\\n\' > "$4/bin/python" && chmod +x "$4/bin/python"\nexit 0\n'
)


def make(venv: Path, *candidates: Path | str) -> subprocess.CompletedProcess[str]:
    chosen = " ".join(map(str, candidates))
    return subprocess.run(
        ["make", f"VENV={venv}", f"CANDIDATES={chosen}", str(venv / "bin" / "python")],
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


def test_broken_pythons_are_passed_over(tmp_path: Path) -> None:
    venv = tmp_path / "venv"
    made = make(venv, "python-that-is-nowhere", *broken(tmp_path), sys.executable)
    assert made.returncode == 0, made.stderr
    assert f"from {sys.executable}" in made.stdout
    subprocess.run([venv / "bin" / "python", "-m", "pip", "--version"], check=True)


def test_without_a_working_python_it_says_what_to_do(tmp_path: Path) -> None:
    venv = tmp_path / "venv"
    made = make(venv, *broken(tmp_path))
    assert made.returncode != 0
    assert "python3-venv" in made.stderr
    assert not venv.exists()
