"""Make a chosen call to the disk or to PostgreSQL fail, and check the store afterwards.

The library `calls.c` makes the calls fail. It is loaded into the working process (work.py), never
into the checking process.
"""

import json
import os
import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from enum import IntEnum
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

import cli
from console.engine.session import OpenStore
from domain.data_protection.erasure import ErasureCertified
from domain.information.observation import ObservationRecorded
from installation.auditing import open_office
from installation.settings import Settings
from tests.console.conftest import APART, Said
from tests.faults.conftest import ALONE
from tests.faults.killing import Killer, check_whole, facts
from tests.ingest.conftest import entry, log_csv
from tests.processes import LIMIT, until
from tests.web.conftest import free_port

Told = tuple[list[str], str]
"""The words of a command line without its store, and the command's standard input."""

#: Exit codes of a command after a fault: done in spite of the fault, unavailable, or damage
#: detected.
ENDS = (0, 4, 5)
WORDS = "Number {}: lads call him Baz, silver Corsa PK95 ABC."


class How(IntEnum):
    """The ways in which a system call fails; the numbers are the numbers in calls.c."""

    COUNT = 0
    KILL = 1
    IO = 2
    FULL = 3


def library(place: Path) -> Path:
    """Compile the library that makes calls fail, and return its path; skip the test with a reason
    if there is no compiler.
    """
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler: the library that spoils calls cannot be made (install gcc)")
    made = place / "calls.so"
    source = Path(__file__).with_name("calls.c")
    told = subprocess.run(
        [compiler, "-shared", "-fPIC", "-O1", "-o", made, source, "-ldl"],
        capture_output=True,
        text=True,
        check=False,
    )
    if told.returncode:
        pytest.skip(f"calls.c cannot be compiled here: {told.stderr[:200]}")
    return made


def ran(*arguments: str, text: str = "") -> Said:
    """Run a command line in this process, and close its store afterwards; return the result."""
    with closing(OpenStore()) as kept:
        return Said(*cli.captured(arguments, text, kept))


@dataclass
class Bed:
    """A synthetic store below `place`, and a process that works on it until one of the process's
    system calls fails."""

    killer: Killer
    place: Path
    fresh: Callable[[], str] | None
    acknowledged: dict[str, str] = field(default_factory=dict)
    """Texts of acknowledged entries, which may never be lost, by the id of the command that
    recorded them.
    """
    erased: set[str] = field(default_factory=set)
    number: int = 0

    @property
    def store(self) -> list[str]:
        settings = self.killer.settings
        return ["--store", settings.store, "--home", str(settings.home)]

    def line(self, *arguments: str, text: str = "") -> Said:
        """Run a command line in which no call fails; return its result."""
        return ran(*self.store, *arguments, text=text)

    def done(self, told: Told) -> Said:
        """Run a command that must succeed; it may have to wait until the server ends the session of
        a killed process.
        """
        said: list[Said] = []

        def succeeds() -> bool:
            said.append(self.line(*told[0], text=told[1]))
            assert said[-1].code in (0, 5), said[-1]
            return said[-1].code == 0

        until(succeeds, f"{told[0]} is never done")
        return said[-1]

    def next(self) -> int:
        self.number += 1
        return self.number

    def recorded(self) -> str:
        """Record a new entry with no failing call; return the entry's id."""
        told, command = self.telling()
        item = str(json.loads(self.done(told).out)["id"])
        self.acknowledged[command] = told[1]
        return item

    def telling(self) -> tuple[Told, str]:
        """Return a command line that records a new entry, and its command id."""
        command, words = str(uuid4()), WORDS.format(self.next())
        line = ["--json", "record", "--command-id", command, "--case", "1", "--heard-from", "mum"]
        return (line, words), command

    def spoilt(self, told: Told, at: int, how: How) -> tuple[Said | None, int]:
        """Run a command of which system call number `at` fails. Return the command's output (None
        if the process was killed) and the number of system calls that it made. The number is
        below `at` if the command ended before a call failed."""
        given = [[[*self.store, *told[0]], told[1]]]
        spoil = {"at": at, "how": int(how), "below": str(self.place)}
        acks = self.killer.kill("saying", given, None, spoil=spoil)
        if not acks:
            return None, at
        said, calls = Said(*json.loads(acks[0])), int(acks[1])
        assert said.code in (ENDS if calls >= at else (0,)), (
            f"{told[0]}, {how.name} at {at}: {said}"
        )
        assert "Traceback" not in said.err
        return said, calls

    def calls(self, told: Told) -> int:
        """Return how many system calls a command makes if none fails."""
        given = [[[*self.store, *told[0]], told[1]]]
        spoil = {"at": 0, "how": int(How.COUNT), "below": str(self.place)}
        said, count = self.killer.kill("saying", given, None, spoil=spoil)
        assert json.loads(said)[0] == 0, said
        return int(count)

    def check(self) -> None:
        """Check that no acknowledged fact is lost or doubled, that `verify` accepts the logs, and
        that rebuilt views equal the stored views.
        """
        with self.killer.system() as system:
            told = facts(system)
            first = [fact for fact in told if fact.version == 1]
            times = Counter(str(fact.command_id) for fact in first)
            assert not [one for one in self.acknowledged if times[one] != 1], "lost, or twice"
            words = {
                str(fact.command_id): fact.event.words
                for fact in first
                if isinstance(fact.event, ObservationRecorded)
            }
            for command, said in self.acknowledged.items():
                if command not in self.erased:
                    assert words[command] == said
            system.keep_up()
            check_whole(system)


@contextmanager
def bed(
    url: str | None,
    fresh: Callable[[], str] | None,
    place: Path,
    server: "subprocess.Popen[str]",
) -> Iterator[Bed]:
    """Yield a store with a case and a signer, and with a working process into which the library is
    loaded.
    """
    (under := place / "bed").mkdir()
    store, home = url or str(under / "store"), under / "home"
    APART.copied(under, url)
    settings = Settings(store=store, home=home)
    made = Bed(Killer(settings, place, 0, server), under, fresh)
    assert made.line("refer", "--child", "Kayleigh Marlow", "--concern", "out late").code == 0
    policy = made.line("signer", "init", "--state", str(under / "signer"))
    (under / "policy.json").write_text(policy.out, "utf-8")
    yield made


# --- each act returns the failing command, and a function that repairs and checks the store ------

Act = Callable[[Bed], tuple[Told, Callable[[Said | None], None]]]


def record(bed: Bed) -> tuple[Told, Callable[[Said | None], None]]:
    told, command = bed.telling()

    def after(said: Said | None) -> None:
        first = json.loads(said.out)["id"] if said and said.code == 0 else None
        bed.acknowledged[command] = told[1]
        assert json.loads(bed.done(told).out)["id"] == (
            first or json.loads(bed.done(told).out)["id"]
        )

    return told, after


def import_(bed: Bed) -> tuple[Told, Callable[[Said | None], None]]:
    number = bed.next()
    sheet = bed.place.parent / f"sheet-{number}.csv"
    sheet.write_bytes(
        log_csv(sheet, *(entry(f"At gate {number}-{n}") for n in range(3))).read_bytes()
    )
    told: Told = (["--json", "import", str(sheet), "--form", "provenance-log"], "")

    def after(said: Said | None) -> None:
        bed.done(told)
        with bed.killer.system() as system:
            texts = [
                fact.event.words
                for fact in facts(system)
                if isinstance(fact.event, ObservationRecorded) and f" {number}-" in fact.event.words
            ]
        assert len(texts) == len(set(texts)) == 3

    return told, after


def assess(bed: Bed) -> tuple[Told, Callable[[Said | None], None]]:
    item = bed.recorded()
    grade = ["--source", "2", "--information", "A", "--handling", "P"]
    told: Told = (["--json", "assess", item, *grade, "--command-id", str(uuid4())], "")

    def after(said: Said | None) -> None:
        assert bed.done(told).out == bed.done(told).out
        assert _count_facts(bed, item, "observation.assessed") == 1

    return told, after


def propose(bed: Bed) -> tuple[Told, Callable[[Said | None], None]]:
    item = bed.recorded()
    line = ["--json", "erase", item, "--basis", "part-3-s47", "--command-id", str(uuid4())]

    def after(said: Said | None) -> None:
        assert (
            json.loads(bed.done((line, "")).out)["id"] == json.loads(bed.done((line, "")).out)["id"]
        )
        assert not _erased(bed, item), "one person alone destroyed words"

    return (line, ""), after


def approve(bed: Bed) -> tuple[Told, Callable[[Said | None], None]]:
    item = bed.recorded()
    command = list(bed.acknowledged)[-1]
    line = ["--json", "erase", item, "--basis", "part-3-s47", "--command-id", str(uuid4())]
    erasure = json.loads(bed.done((line, "")).out)["id"]
    told: Told = (["--json", "--user", "di.okoro", "erase", "--approve", erasure], "")
    bed.erased.add(command)

    def after(said: Said | None) -> None:
        if said and said.code == 0:
            assert _erased(bed, item), "certified, and still there"
        bed.done((["--user", "di.okoro", "erase", "--resume"], ""))
        if not _erased(bed, item):
            bed.done(told)
        assert _erased(bed, item)
        with bed.killer.system() as system:
            stream = system.logs["evidence"].history(UUID(erasure))
        assert sum(isinstance(fact.event, ErasureCertified) for fact in stream) == 1

    return told, after


def rotate(bed: Bed) -> tuple[Told, Callable[[Said | None], None]]:
    told: Told = (["keys", "rotate"], "")
    return told, lambda said: _again(bed, told)


def rebuild(bed: Bed) -> tuple[Told, Callable[[Said | None], None]]:
    told: Told = (["views", "rebuild"], "")
    return told, lambda said: _again(bed, told)


def sign(bed: Bed) -> tuple[Told, Callable[[Said | None], None]]:
    bed.recorded()
    told: Told = (["signer", "run", "--state", str(bed.place / "signer")], "")

    def after(said: Said | None) -> None:
        bed.done(told)
        with open_office(bed.killer.settings, None) as office:
            reports = office.verify((), bed.place / "policy.json", (), ())
        assert [finding for report in reports for finding in report.findings] == []
        assert {(one.integrity, one.completeness) for one in reports} == {("proven", "proven")}

    return told, after


def backup(bed: Bed) -> tuple[Told, Callable[[Said | None], None]]:
    into = bed.place / f"backup-{bed.next()}"

    def after(said: Said | None) -> None:
        if said and said.code == 0:
            _assert_restored(bed, into)
        else:
            # a failed backup leaves nothing, or a complete backup without its keys, and never a
            # part of a store
            if into.exists():
                assert _restored(bed, into).code in (0, 2, 4, 5)
            shutil.rmtree(into, ignore_errors=True)
            shutil.rmtree(f"{into}-keys", ignore_errors=True)
            bed.done((["backup", str(into), "--keys", f"{into}-keys"], ""))
        shutil.rmtree(into)
        shutil.rmtree(f"{into}-keys")

    return (["backup", str(into), "--keys", f"{into}-keys"], ""), after


def restore(bed: Bed) -> tuple[Told, Callable[[Said | None], None]]:
    saved = bed.place / "saved"
    if not saved.exists():
        bed.done((["backup", str(saved), "--keys", f"{saved}-keys"], ""))
    home = bed.place / f"again-{bed.next()}"
    store = bed.fresh() if bed.fresh else str(home)
    line = ["restore", str(saved), "--into", store, "--keys", f"{saved}-keys", *ALONE]

    def after(said: Said | None) -> None:
        found = ran(*_store_options(store, home), "--json", "verify")
        if said and said.code == 0:
            assert found.code in (0, 6), found
        else:  # the new place is either not a store yet, or a complete store
            assert found.code != 1, found
        _assert_restored(bed, saved)
        shutil.rmtree(home, ignore_errors=True)

    return ([*_store_options(store, home), *line], ""), after


def copy(bed: Bed) -> tuple[Told, Callable[[Said | None], None]]:
    """Return a command that copies the store into a new origin, and a function that abandons the
    copy, so that the next test can make another."""
    who = ["--user", "di.moss", "new-origin"]
    bed.done((["--user", "ds.hart", "new-origin", "propose", "--reason", "it can be guessed"], ""))

    def place() -> tuple[str, Path]:
        home = bed.place / f"copy-{bed.next()}"
        return (bed.fresh() if bed.fresh else str(home)), home

    def confirm(store: str, home: Path) -> Told:
        return [*who, "confirm", "--into", store, "--into-home", str(home)], ""

    first = place()

    def after(said: Said | None) -> None:
        found = ran(*_store_options(*first), "--json", "verify")
        if said and said.code == 0:
            assert found.code in (0, 6), found
        else:  # the new place is either not a store yet, or a complete store
            assert found.code != 1, found
        again = place()
        bed.done(confirm(*again))
        found = ran(*_store_options(*again), "--json", "verify")
        assert found.code in (0, 6), found
        bed.done(([*who, "refuse", "--reason", "one was enough"], ""))
        for _, home in (first, again):
            shutil.rmtree(home, ignore_errors=True)

    return confirm(*first), after


ACTS: dict[str, Act] = {
    "record": record,
    "import": import_,
    "assess": assess,
    "propose": propose,
    "approve": approve,
    "rotate": rotate,
    "rebuild": rebuild,
    "sign": sign,
    "backup": backup,
    "restore": restore,
    "copy": copy,
}


def _again(bed: Bed, told: Told) -> None:
    bed.done(told)


def _store_options(store: str, home: Path) -> list[str]:
    return ["--store", store, "--home", str(home)]


def _restored(bed: Bed, saved: Path) -> Said:
    """Restore a backup to a new place; return the command's result."""
    home = bed.place.parent / f"back-{bed.next()}"
    store = bed.fresh() if bed.fresh else str(home)
    line = ["restore", str(saved), "--into", store, "--keys", f"{saved}-keys", *ALONE]
    said = ran(*_store_options(store, home), *line)
    if said.code == 0:
        told = ran(*_store_options(store, home), "--json", "verify")
        assert told.code in (0, 6), told
    shutil.rmtree(home, ignore_errors=True)
    return said


def _assert_restored(bed: Bed, saved: Path) -> None:
    assert (said := _restored(bed, saved)).code == 0, said


def _count_facts(bed: Bed, item: str, name: str) -> int:
    """Return how many facts whose event has this stored name were recorded about an item."""
    with bed.killer.system() as system:
        return sum(f.event.stored.name == name for f in system.logs["evidence"].history(UUID(item)))


def _erased(bed: Bed, item: str) -> bool:
    with bed.killer.system() as system:
        return system.logs["evidence"].history(UUID(item))[0].erased


# --- faults of the server ------------------------------------------------------------------------

PEOPLE = 4


def served(bed: Bed, at: int, how: How) -> None:
    """Let several users send entries to the server until the server's system call number `at`
    fails. Then start the server again, and check that each answered entry is stored once when
    all users repeat their entries."""
    sent = {str(uuid4()): WORDS.format(bed.next()) for _ in range(10 * PEOPLE)}
    answered = _load(bed, sent, at, how, [])
    bed.acknowledged.update(answered)
    bed.check()
    again = _load(bed, sent, 0, How.COUNT, ["--no-watch"])
    assert again == sent, "what was sent again is not answered"
    bed.acknowledged.update(again)


def _load(bed: Bed, sent: dict[str, str], at: int, how: How, more: list[str]) -> dict[str, str]:
    """Run the server while several users send the entries in `sent` at the same time. Return the
    answers that they got."""
    port, answered = free_port(), dict[str, str]()
    spoil = {"at": at, "how": int(how), "below": str(bed.place)}
    line = [*bed.store, "serve", "--port", str(port), *more]
    acks = bed.killer.place / f"acks-{bed.killer.killed + 1}"
    ran = Thread(target=lambda: bed.killer.kill("serving", line, None, spoil=spoil))
    ran.start()
    until(lambda: acks.exists() and acks.read_bytes().count(b"\n") > 1, "it does not serve")
    process = int(acks.read_text("utf-8").split("\n")[1])
    parts = [dict(list(sent.items())[n::PEOPLE]) for n in range(PEOPLE)]
    people = [
        Thread(target=_sends, args=(f"psw.{n}", port, part, answered, ran))
        for n, part in enumerate(parts)
    ]
    for person in people:
        person.start()
    for person in people:
        person.join()
    if ran.is_alive():
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGTERM)
    ran.join(LIMIT)
    assert not ran.is_alive(), "it does not end"
    return answered


def _sends(
    name: str, port: int, sent: dict[str, str], answered: dict[str, str], server: Thread
) -> None:
    """Send each entry again until it is answered. Stop if an entry was refused three times because
    the disk is full, or if the server has ended."""
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=LIMIT) as browser:
        csrf: dict[str, str] = {}
        refused: Counter[str] = Counter()

        def settled(command: str, words: str) -> bool:
            """Return True if the server has answered this entry with success, perhaps only at a
            second attempt. A browser then sends the entry no more."""
            try:
                if not csrf:
                    browser.post("/sign-in", data={"name": name})
                    csrf["X-CSRF-Token"] = browser.get("/session").json()["csrf"]
                given: dict[str, Any] = {"words": words, "command_id": command}
                if browser.post("/record", json=given, headers=csrf).is_success:
                    answered[command] = words
                    return True
                refused[command] += 1
            except httpx.TransportError:  # the server does not listen yet, or has ended
                pass
            except (ValueError, KeyError):  # signing in fails as long as the disk is full
                refused[command] += 1
            return refused[command] == 3 or not server.is_alive()

        for command, words in sent.items():
            until(partial(settled, command, words), "it is not answered", pause=0.1)
