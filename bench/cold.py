"""Measure a sergeant's questions in two ways: as commands in new processes, and in one process that
has answered questions before (a warm one).

A store of linked people is imported. Each question runs as a separate command, which opens the
store, reads and ends; then all questions run in one warm process, as in a server. Figures are
milliseconds of processor time. Run alone: `python -m bench.cold [LINKS]`.
"""

import compileall
import csv
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import sqlalchemy as sa

import cli
from console.engine.session import OpenStore
from continuum_start import HERE, NAMES
from ingest.importing.load import import_files
from installation.opening import open_system
from installation.settings import load_settings
from projections.intelligence.people import NameRow

NOW = datetime(2012, 1, 1, tzinfo=UTC)
#: The aim in milliseconds for each question that a sergeant asks daily, in a process that has
#: answered questions before.
AIM = 100.0
TIMES = 5
WHO = "adm.stone"
#: The option that includes ungraded links; imported links are ungraded.
EVERY_GRADE = ("--min-grade", "any")
#: The program as an installation runs it: modules are imported on demand.
PROGRAM = (sys.executable, "-c", "from continuum_start import main; main()")
QUESTIONS = {
    "what is found by a name": ("search", "P17"),
    "who is around one": ("network", "ego", "{one}", *EVERY_GRADE),
    "two steps around one": ("network", "ego", "{one}", "--hops", "2", *EVERY_GRADE),
    "the way between two": ("network", "path", "{one}", "{other}", *EVERY_GRADE),
    "groups": ("network", "groups", *EVERY_GRADE),
    "key people, by degree": ("network", "key-people", "--by", "degree", *EVERY_GRADE),
    "what two share": ("network", "shared", "{one}", "{other}", *EVERY_GRADE),
    "the queue": ("queue",),
}


def measure(links: int) -> Iterator[tuple[str, float, float]]:
    """Yield each question with its median milliseconds in a new process and in a warm process."""
    with tempfile.TemporaryDirectory() as place:
        home = Path(place) / "store"
        first, other = imported(home, Path(place) / "ties.csv", links)
        where = ("--store", str(home), "--user", WHO)
        store = OpenStore()
        for question, words in QUESTIONS.items():
            arguments = [*where, *(word.format(one=first, other=other) for word in words)]
            cold = [alone(arguments) for _ in range(TIMES)]
            _, *warm = [_warm(arguments, store) for _ in range(TIMES + 1)]
            yield question, median(cold), median(warm)
        store.close()


def compile_program() -> None:
    """Compile the program's modules, as an installation does. In a clone where Python may not write
    bytecode, compiling takes a quarter of the time of each start.
    """
    for name in NAMES:
        if (HERE / name).is_dir():
            compileall.compile_dir(HERE / name, quiet=1)
        else:
            compileall.compile_file(HERE / f"{name}.py", quiet=1)


def imported(home: Path, file: Path, links: int) -> tuple[str, str]:
    """Import this many links between half as many people into a new store, and compile the program;
    return the ids of two of the people.
    """
    compile_program()
    draw = random.Random(1)
    people = links // 2
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(("source", "target", "valid_from"))
        for _ in range(links):
            first, other = draw.sample(range(people), 2)
            rows.writerow((f"P{int(first * draw.random())}", f"P{other}", "2011-01-01"))
    settings = load_settings(store=str(home), user=WHO)
    system = open_system(settings, create=True, synthetic=True, now=NOW)
    import_files(system.desk, system.reader, [file], originals=system.originals, now=NOW)
    system.keep_up()
    called = NameRow.table.c
    with system.reading() as db:
        named = [
            str(db.scalar(sa.select(called.entity).where(called.name == name)))
            for name in ("P1", "P2")
        ]
    system.close()
    return named[0], named[1]


def alone(arguments: list[str], text: str = "") -> float:
    """Run the command `arguments` in a new process, with `text` as its standard input; return the
    milliseconds from the process's first instruction to its last.
    """
    before = os.times()
    process = subprocess.run(
        [*PROGRAM, *arguments], capture_output=True, check=False, input=text.encode()
    )
    after = os.times()
    assert process.returncode == 0, (arguments, process.stderr.decode())
    return 1000 * (
        after.children_user - before.children_user + after.children_system - before.children_system
    )


def _warm(arguments: list[str], store: OpenStore) -> float:
    began = time.process_time()
    code, out, err = cli.captured(arguments, "", store)
    assert code == 0, (arguments, err)
    assert len(out.splitlines()) > 1, (arguments, out)
    return 1000 * (time.process_time() - began)


def table(links: int = 10_000) -> str:
    lines = [f"ms, {links:,} ties (aim, warm: {AIM:.0f})    cold      warm"]
    lines += [
        f"{question:<28}{cold:>10.0f}{warm:>10.0f}" for question, cold, warm in measure(links)
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    print(table(*map(int, sys.argv[1:2])))
