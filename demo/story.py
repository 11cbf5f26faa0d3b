"""Reads the demo's stories and runs their commands in the order of their times. Each line of a
story is a command with its time and its user.

A step is one line, `DATE TIME USER [LABEL =] COMMAND …`, in UTC; indented lines below it are its
standard input, a `\\` at the end continues a line, `#` begins a comment. A repeated step is `DATE
TIME USER every N days until DATE: COMMAND …`. A LABEL names the id that the command returns (of a
search, the id of the best match). Later steps write `{LABEL}` for this id, and steps of other
stories `{s03.LABEL}`. `{LABEL/CLOCK}` is the id of the item's deadline of the type CLOCK, `{DAY}`
the day of the step, `{FILES}` the folder of the sample files.
"""

import json
import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from uuid import UUID, uuid5

from msgspec import Struct

HERE = Path(__file__).parent
FILES = HERE / "files"
COMMANDS = UUID("6d0a9c52-3f6b-5b0e-9f57-9f6d54c1f0aa")
#: Commands of a story that only look something up. If a story is continued, such a command runs
#: again only if a later step needs its label.
QUESTIONS = frozenset({"search"})
#: Commands of a story that take no command id, or several. Their steps share their minute with no
#: other step: the time then shows whether they have run.
UNNUMBERED = frozenset({"import", "brief", "split"})
MINUTE = timedelta(minutes=1)
_STEP = re.compile(
    r"(?P<at>\d{4}-\d\d-\d\d \d\d:\d\d) +(?P<user>\S+) +"
    r"(?:(?P<label>[A-Z][A-Z0-9_]*) = "
    r"|every (?P<days>[1-9]\d*) days until (?P<until>\d{4}-\d\d-\d\d): )?(?P<rest>.+)"
)
_PLACE = re.compile(r"\{((?:s\d\d\.)?[A-Z][A-Z0-9_]*)(?:/([a-z-]+))?\}")


class StoryFault(Exception):
    """Raised if a story cannot be read, or a step of it failed; the message names the file and the
    line.
    """


class CastMember(Struct, frozen=True):
    """A user in the stories, with their team and the controller of their records."""

    user: str
    team: str
    controller: str


class StoryStep(Struct, frozen=True):
    """One command of a story, with its time and its user. `number` is its number in the story, from
    which its command id is made."""

    story: str
    line: int
    number: int
    at: datetime
    by: CastMember
    label: str | None
    command: tuple[str, ...]
    text: str

    @property
    def place(self) -> str:
        return f"{self.story}.txt, line {self.line}"

    @property
    def command_id(self) -> UUID:
        return uuid5(COMMANDS, f"{self.story}/{self.number}")


class CommandResult(Struct, frozen=True):
    """The result of a story's command: its exit code, its standard output and its standard
    error."""

    code: int
    out: str
    err: str


#: A function that runs one command line with a text for its standard input.
Run = Callable[[Sequence[str], str], CommandResult]
#: A function that returns the id that a command first returned; None if the store does not have the
#: command.
Recorded = Callable[[UUID], UUID | None]


def cast(text: str) -> dict[str, CastMember]:
    """Return the users of the stories by name: each line is `USER TEAM CONTROLLER` and a
    description.
    """
    lines = (line.split() for line in text.splitlines() if line.strip() and line[0] != "#")
    return {user: CastMember(user, team, controller) for user, team, controller, *_ in lines}


def stories(folder: Path = HERE / "stories") -> list[StoryStep]:
    """Return the commands of all stories in a folder, in the order of their times. Raises
    StoryFault for an invalid story, and for two steps in the same minute if one of them has a
    command of `UNNUMBERED`."""
    people = cast((folder / "cast.txt").read_text(encoding="utf-8"))
    steps: list[StoryStep] = []
    for file in sorted(folder.glob("s*.txt")):
        steps += read(file.stem, file.read_text(encoding="utf-8"), people)
    steps.sort(key=lambda step: step.at)
    for before, step in pairwise(steps):
        if before.at == step.at and {before.command[0], step.command[0]} & UNNUMBERED:
            raise StoryFault(
                f"{step.place}: {before.place} has a step in the same minute. Give each step a "
                "minute of its own"
            )
    return steps


def read(story: str, text: str, people: Mapping[str, CastMember]) -> list[StoryStep]:
    """Return the steps of one story, in order. Raises StoryFault naming an invalid line."""
    steps: list[StoryStep] = []
    begun: datetime | None = None
    for line, step_text, input_text in _lines(text):
        match = _STEP.fullmatch(step_text)
        if match is None:
            raise StoryFault(
                f"{story}.txt, line {line}: this line is not a step of a story: {step_text!r}"
            )
        if match["user"] not in people:
            raise StoryFault(f"{story}.txt, line {line}: {match['user']} is not in the cast")
        try:
            command = tuple(shlex.split(match["rest"]))
        except ValueError as error:
            raise StoryFault(f"{story}.txt, line {line}: {error}") from error
        at = datetime.fromisoformat(match["at"]).replace(tzinfo=UTC)
        if begun and at < begun:
            raise StoryFault(
                f"{story}.txt, line {line}: the time of this step is before that of the step above"
            )
        by = people[match["user"]]
        for when in _times(at, match["days"], match["until"]):
            number = len(steps) + 1
            steps.append(
                StoryStep(story, line, number, when, by, match["label"], command, input_text)
            )
        begun = at
    steps.sort(key=lambda step: step.at)
    return steps


def _times(at: datetime, days: str | None, until: str | None) -> Iterator[datetime]:
    yield at
    if days and until:
        last = datetime.fromisoformat(until).replace(tzinfo=UTC)
        while (at := at + timedelta(days=int(days))) <= last:
            yield at


def _lines(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield each command of a story: its line number, the line, and the text below it for standard
    input."""
    start, step_text, input_lines = 0, "", list[str]()
    for number, line in enumerate(text.splitlines(), start=1):
        if step_text.endswith("\\"):
            step_text = step_text[:-1].rstrip() + " " + line.strip()
        elif line.startswith("    "):
            input_lines.append(line.strip())
        elif line.strip() and not line.startswith("#"):
            if step_text:
                yield start, step_text, "\n".join(input_lines)
            start, step_text, input_lines = number, line.rstrip(), []
    if step_text:
        yield start, step_text, "\n".join(input_lines)


@dataclass
class Telling:
    """Runs the commands of the demo's stories on a store. `reached` is the time of the store's last
    fact, if it has any.
    """

    steps: Sequence[StoryStep]
    run: Run
    recorded: Recorded
    reached: datetime | None = None

    def __post_init__(self) -> None:
        self._labels = {f"{s.story}.{s.label}": s for s in self.steps if s.label}
        self._ids: dict[str, str] = {}
        self._words: dict[UUID, list[str]] = {}
        self._at = self.reached

    def run_steps(self, on_step: Callable[[StoryStep], None] = lambda step: None) -> int:
        """Run the steps that the store does not have yet, in order; return the number of steps run.

        A store that has all steps stays unchanged; after an interruption the next call continues.
        Raises StoryFault for the first step that fails.
        """
        steps_run = 0
        for step in self.steps:
            on_step(step)
            if step.command[0] in QUESTIONS or self._is_told(step):
                continue
            answer = self._run(step)
            if step.label:
                self._ids[f"{step.story}.{step.label}"] = answer_id(step, answer)
            steps_run += 1
        return steps_run

    def id_of(self, label: str) -> str:
        """Return the id behind a story's label such as `s01.CONCERN`. Raises StoryFault for an
        unknown label.
        """
        if label not in self._ids:
            step = self._labels.get(label)
            if step is None:
                raise StoryFault(f"no step is labelled {label}")
            first = None if step.command[0] in QUESTIONS else self.recorded(step.command_id)
            self._ids[label] = str(first) if first else answer_id(step, self._run(step))
        return self._ids[label]

    def _is_told(self, step: StoryStep) -> bool:
        """Return whether a step has already run on the store. Steps after the time of the store's
        last fact have not run; steps a minute or more before that time have run. In between, a step
        has run if its command id is recorded, or if its command takes no command id."""
        if self.reached is None or self.reached < step.at:
            return False
        if step.command[0] in UNNUMBERED or self.reached >= step.at + MINUTE:
            return True
        return self.recorded(step.command_id) is not None

    def words(self, step: StoryStep) -> list[str]:
        """Return the arguments of a step's command, with ids and dates in place of the labels in
        braces. The arguments are computed only once, and so stay the same if a deadline moves."""
        if step.command_id not in self._words:
            self._words[step.command_id] = [
                _PLACE.sub(lambda m: self._filled(step, m[1], m[2]), word) for word in step.command
            ]
        return self._words[step.command_id]

    def _run(self, step: StoryStep) -> str:
        # A command that only looks something up may run later than its step. The clock is then the
        # time of the later step that needs the label.
        self._at = max(step.at, self._at or step.at)
        is_question = step.command[0] in QUESTIONS
        words = ["--clock", (self._at if is_question else step.at).isoformat(), "--json"]
        words += self.words(step)
        if step.command[0] not in QUESTIONS | UNNUMBERED:
            words += ["--command-id", str(step.command_id)]
        return self._asked(step, words, step.text).out

    def _filled(self, step: StoryStep, name: str, clock: str | None) -> str:
        if name == "FILES":
            return str(FILES)
        if name == "DAY":
            return f"{step.at:%Y-%m-%d}"
        item_id = self.id_of(name if "." in name else f"{step.story}.{name}")
        if clock is None:
            return item_id
        words = ["--clock", step.at.isoformat(), "--json", "due", "--kind", clock]
        rows = json.loads(self._asked(step, words).out)
        deadline_ids = [str(row["id"]) for row in rows if row["item"] == item_id]
        if len(deadline_ids) != 1:
            raise StoryFault(
                f"{step.place}: {name} has {len(deadline_ids)} deadlines of the kind {clock}, "
                "and the "
                "step needs one"
            )
        return deadline_ids[0]

    def _asked(self, step: StoryStep, words: Sequence[str], text: str = "") -> CommandResult:
        options = [
            "--user",
            step.by.user,
            "--team",
            step.by.team,
            "--controller",
            step.by.controller,
        ]
        answer = self.run([*options, *words], text)
        if answer.code:
            message = answer.err.strip() or f"exit code {answer.code}"
            raise StoryFault(f"{step.place}: continuum {shlex.join(words)}\n{message}")
        return answer


def answer_id(step: StoryStep, out: str) -> str:
    """Return the id in a command's JSON output: the id of the receipt or, for a search, of the log
    entry with the best score. Raises StoryFault if the search finds no entry, or two with the best
    score."""
    data = json.loads(out)
    if isinstance(data, dict):
        return str(data["id"])
    entries = [hit for hit in data if hit["kind"] == "observation"]
    if not entries or (len(entries) > 1 and entries[0]["score"] == entries[1]["score"]):
        raise StoryFault(
            f"{step.place}: {shlex.join(step.command)!r} does not find exactly one log entry"
        )
    return str(entries[0]["id"])
