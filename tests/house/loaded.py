"""List the modules that each command loads: `python -m tests.house.loaded` writes loaded.json.

Each command runs in a process of its own, forked from a process that has imported no module of the
product. A lazy module (continuum_start.LazyModules) counts as loaded only if its code ran.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec

import cli
from console.engine.session import OpenStore
from projections.all_views import VIEWS
from tests.house.tree import ROOT, packages

LOADED = Path(__file__).with_name("loaded.json")
#: The command lines that are run; {item} is replaced by the id of a recorded log entry. A server
#: loads no modules of other commands.
LINES: dict[str, str] = {
    "--help": "--help",
    "record --help": "record --help",
    "queue": "--store {store} queue",
    "search": "--store {store} search PK95ABC",
    "show": "--store {store} show {item}",
    "record": "--store {store} record --heard-from parent-1",
    "serve --help": "serve --help",
}
#: A program that runs each line of its standard input as a command, and prints the modules that the
#: command loaded.
PROGRAM = """
import json, os, sys
lines = json.load(sys.stdin)
for line in lines:
    reader, writer = os.pipe()
    if os.fork() == 0:
        given, words = os.pipe()
        os.write(words, b"A grey PK95ABC waited outside.")
        os.close(words)
        os.dup2(given, 0)
        sys.stdin = open(0)
        sys.stdout = sys.stderr = open(os.devnull, "w")
        sys.argv = ["continuum", *line]
        import continuum_start
        try:
            continuum_start.main()
            code = 0
        except SystemExit as ended:
            code = ended.code or 0
        found = [
            (name, getattr(one.__spec__, "origin", None))
            for name, one in [*sys.modules.items()]
            if type(one) is type(sys)
        ]
        with open(writer, "w") as out:
            json.dump([code, found], out)
        os._exit(0)
    os.close(writer)
    with open(reader) as told:
        print(told.read(), flush=True)
    os.wait()
"""


class Loaded(msgspec.Struct, frozen=True):
    """The modules that a command loads: packages of libraries and of the product, and modules of
    views. A library has several packages, such as SQLAlchemy's dialect of each database.
    """

    libraries: frozenset[str]
    rooms: frozenset[str]
    views: frozenset[str]


def loaded() -> dict[str, Loaded]:
    """Return the modules that each command loads today, on a store whose views another process
    updates.
    """
    with tempfile.TemporaryDirectory() as place:
        item = _store(place)
        lines = [line.format(store=place, item=item).split() for line in LINES.values()]
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM],
            input=json.dumps(lines),
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
            env={**os.environ, "CONTINUUM_QUESTION_WAIT": "0"},
        )
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [code for code, _ in told] == [0] * len(LINES), (told, done.stderr)
    return {name: _sorted_modules(found) for name, (_, found) in zip(LINES, told, strict=True)}


def _store(place: str) -> str:
    """Make a store with a log entry, and make it look as if another process updated its views.
    Return the entry's id."""
    kept, said = OpenStore(), ""
    try:
        for line in ("init --synthetic", "record --json", "search PK95ABC", "queue"):
            text = "PK95ABC was outside." if "record" in line else ""
            code, out, error = cli.captured(["--store", place, *line.split()], text, kept)
            assert code == 0, error
            said = out if text else said
        assert kept.system
        kept.system.views.take_parts("another", 3600)
    finally:
        kept.close()
    item: str = json.loads(said)["id"]
    return item


def _sorted_modules(found: list[tuple[str, str | None]]) -> Loaded:
    ours, views = packages(), {view.module: view.name for view in VIEWS}
    names = {
        name
        for name, origin in found
        if name.partition(".")[0] in ours and not (origin or "").endswith("__init__.py")
    }
    libraries = {
        name
        for name, origin in found
        if origin
        and "site-packages" in origin
        and ("." not in name or origin.endswith("__init__.py"))
    }
    return Loaded(
        frozenset(libraries),
        frozenset(".".join(name.split(".")[:2]) for name in names if "." in name),
        frozenset(views[name] for name in names & views.keys()),
    )


def known() -> dict[str, Loaded]:
    """Return the lists of modules in loaded.json."""
    return msgspec.json.decode(LOADED.read_bytes(), type=dict[str, Loaded])


if __name__ == "__main__":
    LOADED.write_bytes(msgspec.json.format(msgspec.json.encode(loaded(), order="sorted")) + b"\n")
