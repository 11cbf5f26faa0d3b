"""The released wheel runs outside the repository, with only the libraries that it requires."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.house.tree import ROOT, modules, packages


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    (built,) = folder.glob("continuum_safeguarding-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "--quiet", "install", "--no-deps", "--no-index"]
    pip.append("--no-compile")  # compiling all modules takes longer than these tests
    subprocess.run([*pip, "--target", target, wheel], capture_output=True, check=True)
    return target


def python(installed: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python with only the wheel and the libraries; return the result.

    The option -S makes Python ignore the path file of the editable installation; otherwise a module
    that the wheel lacks would be imported from the repository.
    """
    path = os.pathsep.join([str(installed), sysconfig.get_path("purelib")])
    return subprocess.run(
        [sys.executable, "-S", *arguments],
        cwd=installed.parent,
        env={**os.environ, "PYTHONPATH": path, "HOME": str(installed.parent)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_wheel_holds_every_file_of_the_product_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = {name for name in archive.namelist() if ".dist-info/" not in name}
    expected = {f"{module}.py" for module in modules()} | {
        file.relative_to(ROOT).as_posix()
        for package in packages()
        for file in (ROOT / package).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    assert inside == expected


@pytest.mark.parametrize("name", sorted(packages() | modules()))
def test_it_is_imported_from_the_wheel(installed: Path, name: str) -> None:
    ran = python(installed, "-c", f"import {name}; print({name}.__file__)")
    assert ran.returncode == 0, ran.stderr
    assert Path(ran.stdout.strip()).is_relative_to(installed)


def test_the_installed_command_explains_itself(installed: Path) -> None:
    ran = python(installed, str(installed / "bin" / "continuum"), "--help")
    assert ran.returncode == 0, ran.stderr
    assert "Usage" in ran.stdout
