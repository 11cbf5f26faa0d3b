"""The demo's stories can be read, repeated and interrupted, and all their data are invented."""

import json
import re
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from cli import captured, run
from console.engine.parsing import BadInput
from console.engine.session import OpenStore
from console.running.demo import tell
from console.running.demo_store import DemoStore
from demo import story
from demo.story import FILES, CommandResult, StoryFault, Telling, cast, read, stories

PEOPLE = cast("# who\npsw.ellis Engage pace a worker\nds.hale Engage police a sergeant\n")
TWO = """\
# A comment, and an empty line.

2010-03-01 09:00 psw.ellis WORDS = record --case 1
    She said so,
    twice.
2010-03-01 09:05 ds.hale triage {WORDS} --outcome assess \\
  --reason "names a car"
"""


class World:
    """A stand-in for a store that writes down commands instead of running them."""

    def __init__(self) -> None:
        self.ran: list[tuple[list[str], str]] = []
        self.ids: dict[UUID, UUID] = {}
        self.fails = ""

    def run(self, arguments: Sequence[str], text: str) -> CommandResult:
        if self.fails and self.fails in arguments:
            return CommandResult(2, "", "continuum: that is refused")
        self.ran.append((list(arguments), text))
        if "--command-id" not in arguments:
            return CommandResult(0, "{}", "")
        command = UUID(arguments[arguments.index("--command-id") + 1])
        self.ids[command] = uuid4()
        return CommandResult(0, json.dumps({"id": str(self.ids[command])}), "")

    def tell(self, text: str, reached: str | None = None) -> int:
        at = datetime.fromisoformat(reached).replace(tzinfo=UTC) if reached else None
        return Telling(read("s01", text, PEOPLE), self.run, self.ids.get, at).run_steps()


# --- reading the file of a story -----------------------------------------------------------------


def test_a_step_has_a_time_a_teller_a_label_a_command_and_a_text() -> None:
    words, triage = read("s01", TWO, PEOPLE)
    assert words.at == datetime(2010, 3, 1, 9, tzinfo=UTC)
    assert (words.by.user, words.by.team, words.by.controller) == ("psw.ellis", "Engage", "pace")
    assert (words.label, words.command) == ("WORDS", ("record", "--case", "1"))
    assert words.text == "She said so,\ntwice."
    assert triage.command[-2:] == ("--reason", "names a car")
    assert triage.place == "s01.txt, line 6"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tomorrow psw.ellis record", "s01.txt, line 1: this line is not a step"),
        ("2010-03-01 09:00 nobody record", "nobody is not in the cast"),
        ('2010-03-01 09:00 ds.hale record "unclosed', "line 1"),
        (
            "2010-03-02 09:00 ds.hale queue\n2010-03-01 09:00 ds.hale queue",
            "line 2: the time of this step is before that of the step above",
        ),
    ],
)
def test_a_line_that_is_no_step_is_named(text: str, said: str) -> None:
    with pytest.raises(StoryFault, match=re.escape(said)):
        read("s01", text, PEOPLE)


def test_an_import_has_a_minute_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "cast.txt").write_text("a Engage pace x\n", encoding="utf-8")
    (tmp_path / "s01.txt").write_text("2010-03-01 09:00 a import x.csv\n", encoding="utf-8")
    (tmp_path / "s02.txt").write_text("2010-03-01 09:00 a record\n", encoding="utf-8")
    with pytest.raises(StoryFault, match="has a step in the same minute"):
        stories(tmp_path)


def test_stories_are_reported_in_the_order_of_time() -> None:
    steps = stories()
    assert len({step.story for step in steps}) == 15
    assert [step.at for step in steps] == sorted(step.at for step in steps)
    assert len({step.command_id for step in steps}) == len(steps)


# --- recording a story ---------------------------------------------------------------------------


def test_a_later_step_names_the_id_that_an_earlier_one_answered() -> None:
    world = World()
    assert world.tell(TWO) == 2
    (first, text), (second, _) = world.ran
    assert text == "She said so,\ntwice."
    assert first[first.index("--clock") + 1] == "2010-03-01T09:00:00+00:00"
    assert second[second.index("triage") + 1] in {str(one) for one in world.ids.values()}


def test_sent_again_nothing_is_run() -> None:
    world = World()
    world.tell(TWO)
    world.ran.clear()
    assert world.tell(TWO, reached="2010-03-01T09:05") == 0
    assert world.ran == []


def test_an_interrupted_telling_goes_on_with_the_ids_it_had() -> None:
    world = World()
    world.tell(TWO.partition("2010-03-01 09:05")[0])
    (words,) = world.ids.values()
    world.ran.clear()
    assert world.tell(TWO, reached="2010-03-01T09:00") == 1
    assert str(words) in world.ran[0][0]


def test_a_step_that_fails_stops_the_telling_and_is_named() -> None:
    world = World()
    world.fails = "triage"
    with pytest.raises(StoryFault, match=r"s01\.txt, line 6(.|\n)*that is refused"):
        world.tell(TWO)


def test_a_label_that_no_step_bears_is_named() -> None:
    with pytest.raises(StoryFault, match=r"s01\.OTHER"):
        World().tell("2010-03-01 09:00 ds.hale take {OTHER}")


def test_a_search_that_fits_two_texts_alike_gives_no_id() -> None:
    (step,) = read("s01", "2010-03-01 09:00 ds.hale ONE = search lads", PEOPLE)
    hits = [{"id": str(uuid4()), "kind": "observation", "score": 0.6} for _ in range(2)]
    with pytest.raises(StoryFault, match="does not find exactly one log entry"):
        story.answer_id(step, json.dumps(hits))
    hits[1]["score"] = 0.5
    assert story.answer_id(step, json.dumps(hits)) == hits[0]["id"]


# --- stories on a store --------------------------------------------------------------------------


def test_a_live_store_never_gets_stories(tmp_path: Path) -> None:
    store = DemoStore(str(tmp_path / "live"), None, captured)
    assert store.command(["init"]).code == 0
    store.kept.close()
    with pytest.raises(BadInput, match="live store"):
        tell(store, stories())
    store.kept.close()


def test_a_store_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    store = DemoStore(str(tmp_path / "other"), None, captured)
    at = ["--clock", "2011-01-01T09:00"]
    assert store.command([*at, "init", "--synthetic"]).code == 0
    assert store.command([*at, "record"], "Something else.").code == 0
    with pytest.raises(BadInput, match="name a new store for the demo"):
        tell(store, stories())
    store.kept.close()


def test_the_demo_takes_no_clock(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo", str(tmp_path / "store"), "--clock", "2011-01-01"]) == 2
    assert "its own times" in capsys.readouterr().err
    assert not (tmp_path / "store").exists()


def test_what_is_typed_wrong_in_a_step_is_reported_in_a_sentence() -> None:
    code, out, err = captured(["queue", "--no-such-option"], "", OpenStore())
    assert (code, out) == (2, "")
    assert "no-such-option" in err
    assert "Traceback" not in err


# --- stories have synthetic data -----------------------------------------------------------------


def texts() -> dict[str, str]:
    """Return the text of every story and sample file by name."""
    found = {path.name: path.read_text("utf-8") for path in (FILES.parent / "stories").iterdir()}
    for path in FILES.iterdir():
        if path.suffix in (".xlsx", ".ods"):
            with zipfile.ZipFile(path) as opened:
                parts = [opened.read(name).decode("utf-8") for name in opened.namelist()]
            found[path.name] = "\n".join(re.findall(r">([^<>]+)<", " ".join(parts)))
        else:
            found[path.name] = path.read_text("utf-8")
    return found


TEXTS = texts()


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_all_of_it_is_invented(name: str) -> None:
    text = TEXTS[name]
    for number in re.findall(r"\b0\d{2,4} ?\d{3} ?\d{3,4}\b", text):
        digits = number.replace(" ", "")
        assert digits.startswith(("07700900", "01632960")), number
    for plate in re.findall(r"\b[A-Z]{2}(\d\d) ?[A-Z]{3}\b", text, re.IGNORECASE):
        assert 91 <= int(plate) <= 99, plate
    for postcode in re.findall(r"\b[A-Z]{1,2}\d{1,2} \d[A-Z]{2}\b", text):
        assert postcode.startswith("ZZ99"), postcode
    for town in re.findall(r"\bTown (\S+)", text):
        assert re.match(r"[A-D]\b", town), town
    for year in re.findall(r"\b(20\d\d)-\d\d-\d\d\b", re.sub(r"--(?:expires|until) \S+", "", text)):
        assert 2009 <= int(year) <= 2013, year


def test_every_sample_file_is_used() -> None:
    used = {step.command[1].rpartition("/")[2] for step in stories() if step.command[0] == "import"}
    assert used == {path.name for path in FILES.iterdir()}
