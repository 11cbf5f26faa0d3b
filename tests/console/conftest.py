"""Fixtures: the command line, run in this process or in a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import cli
from console.engine.session import OpenStore
from tests.forked import programs
from tests.made import Made
from tests.processes import LIMIT

CONTINUUM = str(Path(sys.executable).with_name("continuum"))
CODES = {0, 2, 3, 4, 5, 6}
#: The fields of a problem document (RFC 9457).
PROBLEM = {"type", "title", "status", "detail"}


@dataclass(frozen=True)
class Said:
    """The result of running a command: its exit code and its output."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        assert self.code == 0, self.err
        return json.loads(self.out)


def problem(said: Said) -> Any:
    """Return the problem document (RFC 9457) that a command printed as the last line of standard
    error.
    """
    told = json.loads(said.err.splitlines()[-1])
    assert PROBLEM <= told.keys() <= {*PROBLEM, "errors"}
    assert told["type"].startswith("urn:continuum:")
    return told


@dataclass
class Line:
    """A store that a test uses through the command line. Commands run in this process, and the
    store stays open between commands, as in the demo.
    """

    store: str
    home: Path
    kept: OpenStore = field(default_factory=OpenStore)

    def __call__(self, *arguments: str, text: str = "") -> Said:
        where = ("--store", self.store, "--home", str(self.home))
        return Said(*cli.captured([*where, *arguments], text, self.kept))

    def refused(self, *arguments: str, text: str = "", code: int = 2) -> str:
        """Return the sentence with which a command is refused (with --json, the detail of the
        problem document). Fail if the command prints to standard output.
        """
        said = self(*arguments, text=text)
        assert said.code == code, said
        if "--json" in arguments:
            assert said.out == ""
            return str(problem(said)["detail"])
        told = [line for line in said.err.splitlines() if line.startswith("continuum: ")]
        assert len(told) == 1, said.err
        assert said.out == ""
        assert "Traceback" not in said.err
        return told[0].removeprefix("continuum: ")

    def close(self) -> None:
        self.kept.close()


def shell(
    *arguments: str,
    text: bytes = b"",
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Run `continuum` in a separate process, without the settings in this process's environment;
    return the result.
    """
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CONTINUUM_")}
    return subprocess.run(
        [programs() / "continuum", *arguments],
        input=text,
        cwd=cwd,
        env=clean | dict(env or {}),
        capture_output=True,
        timeout=LIMIT,
        check=False,
    )


def _together(home: Path, url: str | None) -> None:
    _init(Line(url or str(home), home))


def _apart(place: Path, url: str | None) -> None:
    _init(Line(url or str(place / "store"), place / "home"))


def _init(made: Line) -> None:
    assert made("init", "--synthetic").code == 0
    made.close()


#: Two synthetic stores on files: one with everything in one directory, and one with its logs in a
#: separate directory.
TOGETHER, APART = Made("together", _together), Made("apart", _apart)


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    """Yield a synthetic store on files, in an empty working directory."""
    monkeypatch.chdir(tmp_path)
    TOGETHER.copied(tmp_path / "store")
    made = Line(str(tmp_path / "store"), tmp_path / "store")
    yield made
    made.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def either(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Line]:
    """Yield a synthetic store; the tests run once with each database."""
    monkeypatch.chdir(tmp_path)
    url: str | None = None
    if request.param == "postgres":
        url = request.getfixturevalue("copy_url")
    APART.copied(tmp_path, url)
    made = Line(url or str(tmp_path / "store"), tmp_path / "home")
    yield made
    made.close()
