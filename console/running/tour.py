"""The demo's tour: a few questions, with the commands that answer them and their output."""

import json
import shlex
import textwrap
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from console.engine.parsing import BadInput
from console.engine.table import table
from demo.family import family

if TYPE_CHECKING:
    from console.running.demo_store import DemoStore
    from demo.story import CommandResult, Telling

PICTURE = "darren-pike.svg"
AROUND = ("network", "ego", "Darren Pike")
#: Scenario 1: a week before the child spoke, while reports by her parents were not read.
UNREAD = "2010-11-01"
#: Scenario 6: the day before the mother's mail, and the day after the arrest that it led to.
BEFORE, AFTER = "2011-05-14", "2011-05-20"
WIDTH, MOST = 110, 30
#: The option by which an export states how the handling conditions of its links are met, with the
#: value that the tour gives.
KEPT = ("--conditions-met", "for the team alone, and without the item under conditions")


class TourQuestion(Struct, frozen=True):
    """A question in the demo's tour: what the user should notice, the commands that answer it, and
    the lines below them."""

    title: str
    notice: str
    commands: tuple[tuple[str, ...], ...]
    below: tuple[str, ...] = ()


def walk(store: "DemoStore", telling: "Telling") -> tuple[dict[str, Any], list[str]]:
    """Return the whole tour of the demo, as data and as lines. The first call writes the tour's
    picture to a file.

    Raises BadInput if a command does not answer.
    """
    now = max(telling.steps[-1].at + timedelta(hours=1), store.reached()).isoformat()
    picture = store.system.home / PICTURE
    if not picture.exists():
        around = ("--around", "Darren Pike", "--hops", "2", "--out", str(picture))
        _asked(store, now, "network", "export", "--format", "svg", *around, *KEPT)
    came_in = files(store, telling)
    data: dict[str, Any] = {
        "store": store.printable_options,
        "came_in": came_in,
        "picture": str(picture),
    }
    lines = ["", "1. What came in?", *_file_lines(came_in)]
    words = _words(store, now, telling.id_of("s06.LANDING"))
    parts = _parts(telling.id_of("s06.ARREST"), str(picture), words)
    for number, part in enumerate(parts, start=2):
        lines += ["", f"{number}. {part.title}", *textwrap.wrap(part.notice, WIDTH)]
        for command in part.commands:
            data[shlex.join(command)] = json.loads(_asked(store, now, "--json", *command).out)
            answer = _asked(store, now, *command).out.splitlines()
            lines += ["", f"$ continuum {shlex.join(command)}", *_on_a_screen(answer)]
        lines += part.below
    story = family(telling.id_of)
    data["family"] = [
        {"words": story_line.words, "command": shlex.join(story_line.command)}
        for story_line in story
    ]
    lines += ["", f"{len(parts) + 2}. One family, from the first concern to court and after"]
    for sentence in story:
        lines += [
            *textwrap.wrap(sentence.words, WIDTH),
            f"  $ continuum {shlex.join(sentence.command)}",
        ]
    data["try"] = _tries(store.printable_options, now)
    return data, [
        *lines,
        "",
        "Three to try next:",
        *(f"$ {story_line}" for story_line in data["try"]),
    ]


def _parts(arrest: str, picture: str, words: list[str]) -> tuple[TourQuestion, ...]:
    return (
        TourQuestion(
            "Who was waiting, and for how long?",
            "Scenario 1, as known a week before the girl spoke. Her mother had told the school and "
            "her father the police; no worker had it. An overdue entry cannot be hidden later.",
            (("replay", "--until", UNREAD),),
        ),
        TourQuestion(
            "How much is information, intelligence and evidence?",
            "Evidence is a new item beside the log entry that led to it. Withdrawn, "
            "excluded or undermined evidence stays visible and is counted.",
            (("stages",),),
        ),
        TourQuestion(
            "What happened to one family?",
            "Scenario 1 from the first call to nine months after the trial: who told whom, the "
            "visits, the court, and what was done afterwards. It contains none of their words.",
            (("journey", "ENG-101"),),
        ),
        TourQuestion(
            "Who is linked to whom, on what evidence?",
            "A nickname in a mother's log, a telephone under a mattress, a study of calls: judged "
            "to be one man, by a person, for a reason. Only graded links; the others are counted.",
            (AROUND, ("network", "hotspots")),
            ("", f'As a picture, with every child as "Child n": {picture}'),
        ),
        TourQuestion(
            "How did this arrest come about?",
            "Scenario 6, from the arrest back to what a mother saw from her landing.",
            (("trail", arrest),),
            (
                "",
                "And the first words, as they are in the log:",
                *(f"  | {line}" for line in words),
            ),
        ),
        TourQuestion(
            "What was known then?",
            "The same scenario the day before the mother's mail and the day after the "
            "arrest. The hash covers every row of every view: repeat the command and it "
            "is the same.",
            (("replay", "--until", BEFORE), ("replay", "--until", AFTER)),
        ),
    )


def _tries(shown: str, now: str) -> list[str]:
    here = f"continuum {shown}"
    return [
        f"{here} search PK95ABX",
        f"{here} network path 'Leah Brack' 'Jade Haxby'",
        f"{here} queue --clock {now[:16]}",
    ]


def _words(store: "DemoStore", now: str, item: str) -> list[str]:
    shown = json.loads(_asked(store, now, "--json", "show", item).out)
    words: str = shown["events"][0]["words"]
    return [line for line in words.splitlines() if line]


def files(store: "DemoStore", telling: "Telling") -> list[dict[str, Any]]:
    """Return each imported file of the demo, with the number of imported items, and the number of
    their inconsistencies of each kind."""
    imports = {step.at: step for step in telling.steps if step.command[0] == "import"}
    brought = {at: Counter[str]() for at in imports}
    odd = {at: Counter[str]() for at in imports}
    for fact in store.facts():
        at = fact.recorded.replace(second=0, microsecond=0)
        if at not in imports:
            continue
        match fact.event.stored.name:
            case (
                "observation.recorded" | "case.referral_received" | "case.missing_reported" as name
            ):
                brought[at][name.partition(".")[0]] += 1
            case "observation.flagged" | "case.flagged":
                odd[at][fact.event.code] += 1  # type: ignore[attr-defined]
    return [
        {
            "imported": at,
            "by": step.by.user,
            "file": step.command[1].rpartition("/")[2],
            "form": step.command[step.command.index("--form") + 1],
            "facts": brought[at].total(),
            "odd": dict(sorted(odd[at].items())),
        }
        for at, step in imports.items()
    ]


def _file_lines(came_in: list[dict[str, Any]]) -> list[str]:
    rows = [
        (
            file_row["imported"].strftime("%Y-%m-%d"),
            file_row["file"],
            file_row["form"],
            file_row["facts"],
            file_row["by"],
            ", ".join(f"{code} ({number})" for code, number in file_row["odd"].items()),
        )
        for file_row in came_in
    ]
    head = ("imported", "file", "as", "items", "by", "inconsistencies, stored")
    return table(head, rows, "No file was imported.")


def _asked(store: "DemoStore", now: str, *command: str) -> "CommandResult":
    answer = store.command(["--clock", now, *command])
    if answer.code:
        raise BadInput(f"continuum {shlex.join(command)}: {answer.err.strip()}")
    return answer


def _on_a_screen(lines: list[str]) -> list[str]:
    """Return at most `MOST` of these lines. Long lines are wrapped to the screen's width; long rows
    of tables are cut."""
    shown: list[str] = []
    for line in lines[:MOST]:
        if "  " in line.strip() and len(line) > WIDTH:
            shown.append(line[: WIDTH - 1] + "…")
        else:
            shown += textwrap.wrap(line, WIDTH, subsequent_indent=" " * 6) or [""]
    return shown if len(lines) <= MOST else [*shown, f"… and {len(lines) - MOST} lines more"]
