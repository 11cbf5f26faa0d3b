"""With --json, an error of any command is printed as one problem document (RFC 9457), like an error
of the API.
"""

import json
from pathlib import Path
from typing import Any

import pytest

import cli
from commands.information import observation
from console.engine.failures import exit_code
from console.engine.session import OpenStore
from domain.kernel.envelope import IntegrityFailure, LogUnavailable
from installation.problems import problem_of, problems
from tests.console.conftest import Line, Said, problem
from web.error_pages import describe_error


def failed(*arguments: str) -> Said:
    """Run a command line that must fail, with a store of its own; return the result."""
    kept = OpenStore()
    try:
        return Said(*cli.captured(arguments, "", kept))
    finally:
        kept.close()


@pytest.mark.parametrize(
    ("arguments", "kind", "detail"),
    [
        ("", "invalid", "Missing command."),
        ("network", "invalid", "name a command: -h lists them"),
        ("frobnicate", "invalid", "there is no command 'frobnicate'"),
        ("queue|--frobnicate", "invalid", "No such option: --frobnicate"),
        ("queue|one|two", "invalid", "Got unexpected extra argument"),
        ("queue|--user", "invalid", "--user needs a value"),
        ("search|a\0b", "invalid", "is not valid text: write it in UTF-8"),
        ("network|ego|Baz|--hops|many", "invalid", "--hops: has to be a whole number"),
        ("escalate|--outside-line", "invalid", "Missing option '--reason'"),
        ("record", "invalid", "standard input was empty"),
        ("record|He waits", "invalid", "do not type words after continuum record"),
        ("show|zz", "not-there", "there is no item 'zz'"),
        ("threshold|99|high", "refused", "there is no case '99'"),
        ("backup|/proc/none", "out-of-reach", "/proc/none: No such file"),
    ],
)
def test_what_cannot_be_done(line: Line, arguments: str, kind: str, detail: str) -> None:
    said = line("--json", *arguments.split("|")) if arguments else failed("--json")
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    told = problem(said)
    assert told["type"] == f"urn:continuum:{kind}"
    assert detail in told["detail"]
    assert said.code == (5 if kind == "out-of-reach" else 2)


def test_each_field_that_cannot_be_is_named_as_the_api_names_it(line: Line) -> None:
    line("refer", "--child", "Kayleigh Marlow")
    told = problem(line("--json", "threshold", "1", "dreadful"))
    assert list(told["errors"]) == ["level"]
    assert told["detail"].startswith("LEVEL: ")
    assert list(problem(line("threshold", "99", "high", "--json"))["errors"]) == ["case"]


@pytest.mark.parametrize(
    ("arguments", "code", "kind", "status"),
    [
        ("--store|nowhere|queue", 5, "unavailable", 503),
        ("--store|postgresql://localhost:1/none|queue", 5, "unavailable", 503),
        ("--store|mysql://localhost/none|init", 2, "refused", 422),
    ],
)
def test_a_store_that_is_not_there(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: str,
    code: int,
    kind: str,
    status: int,
) -> None:
    monkeypatch.chdir(tmp_path)
    said = failed("--json", "--home", "home", *arguments.split("|"))
    assert (said.code, said.out) == (code, "")
    told = problem(said)
    assert (told["type"], told["status"]) == (f"urn:continuum:{kind}", status)


def test_settings_that_cannot_be_used(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONTINUUM_URGENT_HOURS", "-1")
    said = line("queue", "--json")
    assert said.code == 2
    assert problem(said)["type"] == "urn:continuum:invalid"


def test_who_is_denied(line: Line) -> None:
    line("user", "add", "ds.hart", "--role", "detective", "--team", "Engage")
    said = line("--user", "somebody.else", "queue", "--json")
    assert (said.code, said.out) == (3, "")
    assert (problem(said)["type"], problem(said)["status"]) == ("urn:continuum:denied", 403)


@pytest.mark.parametrize(
    ("raised", "code", "kind"),
    [
        (KeyError("Kayleigh"), 1, "fault"),
        (IntegrityFailure("record 7 is not the one that was signed"), 4, "integrity"),
        (LogUnavailable("the evidence log does not answer"), 5, "unavailable"),
    ],
    ids=["fault", "integrity", "unavailable"],
)
def test_what_breaks_in_the_middle(
    line: Line, monkeypatch: pytest.MonkeyPatch, raised: Exception, code: int, kind: str
) -> None:
    def breaks(*given: Any, **told: Any) -> None:
        raise raised

    monkeypatch.setattr(observation, "record", breaks)
    said = line("record", "--json", text="words")
    assert (said.code, said.out) == (code, "")
    told = problem(said)
    assert told["type"] == f"urn:continuum:{kind}"
    assert "Kayleigh" not in json.dumps(told)


def test_the_api_tells_the_same_of_each_error() -> None:
    """An error has the same kind, status and title in the API as on the command line. On the
    command line, its exit code is 2, 3, 4 or 5."""
    for kind in problems():
        # the error is made without arguments, because the arguments differ from kind to kind
        error = kind.__new__(kind)
        error.args = ("words",)
        ours, theirs = problem_of(error), describe_error(error)
        assert ours
        assert theirs
        assert (ours.kind, ours.status, ours.title) == (theirs.kind, theirs.status, theirs.title)
        assert exit_code(error) in {2, 3, 4, 5}
