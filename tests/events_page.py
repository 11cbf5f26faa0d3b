"""Write the pages about all event classes in `domain/`: `python -m tests.events_page`.

`docs/events.md` is a table of all event classes. `docs/events/` has a page for each subject, with
the effects of each of its events. The script also writes `domain/event_topics.py`, from which the
program gets an event's data without importing its class.
"""

import inspect
import sys
from functools import cache
from pathlib import Path

from access.who_may.table import EVERYBODY, MAY
from domain.kernel.acts import Act
from domain.kernel.deadline_effects import Begins, DeadlineEffect, Ends, Postpones
from domain.kernel.envelope import AccessRequest, Event
from domain.kernel.fields import Access, Life, Marker, Text, marked
from tests.house.tree import ROOT
from tests.kept import folds
from tests.support.domain.listed import declared, place_of

PAGE = ROOT / "docs" / "events.md"
ROOMS = PAGE.with_suffix("")
TOPICS = ROOT / "domain" / "event_topics.py"
TOPICS_HEAD = '''"""The table of all event classes: the topic, log, class name and commands of each.

`python -m tests.events_page` writes this file. A line without indent names a source file; the lines
below it are the events of that file. The file is long because it is one table.
"""

'''
#: Names of the streams that are not the first word of their events' stored names.
STREAMS = {
    "roots": "pair of root tokens",
    "product": "released copy",
    "release": "report, or disclosure",
    "thing": "vehicle, phone, place or handle",
    "identity": "pair of entities",
    "join": "pair of items",
    "supervision": "a worker's supervision",
    "target": "one target of a team",
    "charter": "a worker's supervision",
    "calendar": "calendar export",
    "meeting": "meeting, or a decision of it",
    "missing": "pattern, or the plan of a case",
    "evidence": "item of evidence",
    "justice": "arrest, charge, notice or result",
    "store": "the store",
    "pack": "pack of proofs",
    "copy": "beside a copy",
    "log": "anchors",
    "origin": "anchors",
    "keys": "the keys",
    "signer": "the signer's keys",
    "loss": "the store",
    "succession": "the store",
    "clock": "the clock",
    "user": "account",
    "charity": "the charity",
    "outbox": "outbox of a phone",
    "glass": "emergency access",
    "entry": "opening of a source entry",
    "consultation": "sitting of one user",
    "record": "sitting of one user",
    "search": "search that met a hidden record",
    "request": "subject's request",
    "complaint": "complaint about data",
    "material": "item of unused material",
    "schedule": "schedule of a case",
    "access": "review of a user's consultations",
    "support": "contact, or note, of support",
    "reporting": "duty to report",
    "notice": "breach of a notice, or the notice itself",
    "charging": "charging decision",
    "verdict": "order, or appeal",
    "victim_request": "request for information about a victim",
    "court": "hearing, bail, plea, measure, account or step",
    "family": "contact with a family, or a member of it",
    "exploitation": "opinion of a case",
    "identifier": "a child's number across agencies",
    "need": "need of a family",
    "threat": "threat against a family",
    "waiting": "family without a worker",
    "marac": "referral to a MARAC",
    "publication": "publication about a child",
    "press": "text for the press",
    "parent": "risk to a parent",
    "danger": "person in danger",
    "health": "compartment of a case",
    "placement": "compartment of a case",
    "proposal": "case, person, or beside an item",
    "compartment": "compartment of a case",
    "referral": "suspect and child",
    "hold": "beside an item",
    "restriction": "beside an item",
    "review": "beside an item",
    "item": "any item",
    "rota": "duty",
    "weights": "the weights for matching people",
    "due": "item and deadline",
    "note": "the erased note",
}
ROOM_HEAD = """What follows from each event, made from its class and the markers of its fields
(`domain/kernel/fields.py`) by `python -m tests.events_page`. All are in [events.md](../events.md).
"""
#: Headings for the markers of fields on the page.
HEADINGS: tuple[tuple[str, Marker] | tuple[str, Marker, Marker], ...] = (
    ("About (one of the acts must reach it)", Access.ABOUT),
    ("Names (its recorder must see it)", Access.NAMED),
    ("Erased and held with", Life.OWNER),
    ("Held with", Life.MENTION),
    ("Filed in", Life.FILED),
    ("Confirms", Life.CONFIRMED),
    ("Its child", Life.CHILD),
    ("Register entry of the informant", Life.ENTRY),
    ("Informant who knew", Life.KNOWER),
    ("Reported by", Life.TOLD_BY),
    ("Rests on", Life.BASIS),
    ("Released as", Life.PRODUCT),
    ("Links", Life.END),
    ("Judges", Life.JUDGED),
    ("An outcome for", Life.OUTCOME),
    ("Shared", Life.LEFT),
    ("Retention of", Life.RETENTION),
    ("Was shown", Life.SHOWN),
    ("A person's own words, never changed", Text.SAID),
    ("A professional's words, checked for victim-blaming language", Text.WRITTEN),
    ("Identifies a person, a place or a thing", Text.IDENTIFYING),
)
REQUESTED: dict[AccessRequest, str] = {
    "never": "it is never given",
    "others-rights": "proposed to be redacted for the rights of others",
    "serious-harm": "proposed to be withheld, since it could lead to serious harm",
    "beside-person": "given where its person is",
}
HEAD = """# The events

This page lists every kind of fact that may be recorded. The table is made from the program
(`python -m tests.events_page`), and a test compares the two. A stored name never changes its
meaning. A breaking change is a new version, and a stored sample of each version must still load
(`tests/data/events/`).

The column *key* says whose key encrypts the sealed fields of an event: the record's, a data
subject's, a source's, or no key. The clear fields (ids, versions, times, workflow codes) stay
readable when that key is destroyed. Every event has a header with the fields by, team, controller,
regime and because_of, and with the clock's reading if the log's time differs from it.

| stored name | version | log | stream | key | clear fields | sealed fields | meaning |
|---|---|---|---|---|---|---|---|
"""


def page() -> str:
    """Return the content of docs/events.md: the table of all event classes."""
    return HEAD + "".join(map(_line, declared()))


def pages() -> dict[Path, str]:
    """Return the content of each page, by the path of its file."""
    rooms: dict[str, list[str]] = {}
    for event in declared():
        rooms.setdefault(_room(event), []).append(_section(event))
    found = {PAGE: page()}
    for room, sections in rooms.items():
        head = f"# Events: {room.replace('_', ' ')}\n\n{ROOM_HEAD}"
        found[ROOMS / f"{room}.md"] = head + "".join(sections)
    return found


def _room(event: type[Event]) -> str:
    parts = event.__module__.split(".")
    return parts[1] if len(parts) > 2 else "kernel"


def _line(event: type[Event]) -> str:
    stored = event.stored
    begins = stored.name.partition(".")[0]
    clear = [name for name in event.__struct_fields__ if name not in stored.sealed]
    cells = (
        f"[`{stored.name}`](events/{_room(event)}.md#{_anchor(event)})",
        str(stored.version),
        stored.log,
        STREAMS.get(begins, begins.replace("_", " ")),
        stored.key,
        ", ".join(clear) or "–",
        ", ".join(stored.sealed) or "–",
        _meaning(event),
    )
    return f"| {' | '.join(cells)} |\n"


def _anchor(event: type[Event]) -> str:
    return event.stored.topic.replace(".", "").replace("@", "")


def _section(event: type[Event]) -> str:
    stored, meaning, path = event.stored, event.meaning, place_of(event).partition(":")[0]
    doc = inspect.cleandoc(event.__doc__ or "") if event.__doc__ != Event.__doc__ else ""
    lines = [
        f"Stored in the {stored.log} log; {_sealed(event)}.",
        f"Recorded by: {_recorders(meaning.acts)}.",
        *(_fields(event, heading, *markers) for heading, *markers in HEADINGS),
        f"Register: {_state(event)}." if meaning.enters or meaning.turns else "",
        f"Reached as: {meaning.reach}, with its case." if meaning.reach else "",
        f"Trail: a step, {meaning.step}." if meaning.step else "",
        f'Journey of a family: "{": ".join(meaning.journey)}".' if meaning.journey else "",
        f"It happened at: {meaning.when}." if meaning.when in event.__struct_fields__ else "",
        f"Report card: {', '.join(one.measure for one in meaning.card)}." if meaning.card else "",
        *map(_deadline, meaning.deadlines),
        "Filed under its case." if meaning.files else "",
        "Counts as an activity in its case." if meaning.activity else "",
        "Its item is not shown as it was before." if meaning.hides else "",
        "Shown in its item's history to the investigating team alone." if meaning.inside else "",
        "Changes nothing but its own stream." if meaning.alone else "",
        "Waits for a second person." if meaning.proposes else "",
        "Proposals about its item are reconsidered after it." if meaning.overtakes else "",
        f"Retention begins anew for: {', '.join(meaning.contact)}." if meaning.contact else "",
        f"Decided again after it: {', '.join(meaning.doubts)}." if meaning.doubts else "",
        f"An access request: {REQUESTED[meaning.access_request]}."
        if meaning.access_request
        else "",
        f"Views that read it: {', '.join(_views(event)) or 'none by name'}.",
    ]
    listed = "".join(f"- {line}\n" for line in lines if line)
    about = f"{doc}\n\n" if doc else ""
    return f"\n## {stored.topic}\n\n`{event.__name__}` in `{path}`. {about}{listed}"


def _sealed(event: type[Event]) -> str:
    if not event.stored.sealed:
        return "nothing is sealed"
    return f"sealed under a key of its {event.stored.key}: {', '.join(event.stored.sealed)}"


def _recorders(acts: tuple[Act, ...]) -> str:
    roles: list[str] = [role for role, may in MAY.items() if any(act in may for act in acts)]
    if any(act in EVERYBODY for act in acts):
        roles = ["every role"]
    return f"{', '.join(roles) or 'the program alone'} ({', '.join(acts)})"


def _state(event: type[Event]) -> str:
    if event.meaning.enters:
        kind, state = event.meaning.enters
        return f"enters as {kind}, {state}"
    return f"turns its item to {event.meaning.turns}"


def _deadline(effect: DeadlineEffect) -> str:
    match effect:
        case Begins():
            due = f", due at {effect.due}" if effect.due else ""
            return f"Begins the deadline {effect.clock} of {effect.of or 'its stream'}{due}."
        case Ends():
            return f"Ends the deadline {effect.clock} of {effect.of or 'its stream'}."
        case Postpones():
            return f"Postpones the deadline {effect.clock} to {effect.due}, or ends it."


def _fields(event: type[Event], heading: str, *markers: Marker) -> str:
    names = [name for marker in markers for name in marked(event, marker)]
    return f"{heading}: {', '.join(names)}." if names else ""


@cache
def _views(event: type[Event]) -> list[str]:
    """Return the names of the views (tables computed from events) that use an event: the views
    whose code names it, and the views for which the event declares an effect."""
    meaning = event.meaning
    declared = {
        "due_looked" if event.stored.log == "access" else "due": meaning.deadlines,
        "retention": meaning.contact,
        "cases": meaning.activity,
        "card": meaning.card,
        "journey": meaning.journey,
        "holders": meaning.files,
        "shown": meaning.files,
    }
    return sorted(
        view.name
        for view in folds.declared()
        if declared.get(view.name)
        or any(one is event for one in vars(sys.modules[view.apply.__module__]).values())
    )


def _meaning(event: type[Event]) -> str:
    """Return the first sentence of the event's docstring, or its name in words."""
    told = " ".join((event.__doc__ or "").split())
    if not told or event.__doc__ == Event.__doc__:
        words = "".join(f" {c.lower()}" if c.isupper() else c for c in event.__name__).strip()
        return words.capitalize()
    first = inspect.cleandoc(told).partition(". ")[0]
    return first.rstrip(".:").replace("|", "\\|")


def topics() -> str:
    """Return the content of domain/event_topics.py: for each event class, the data that the program
    needs before it imports the class's module.
    """
    lines, last, events = [], "", declared()
    for event in events:
        file = event.__module__.removeprefix("domain.")
        lines += [] if file == last else [file]
        last = file
        commands = "".join(f" {command}" for command in event.meaning.commands)
        lines.append(f"  {event.stored.topic} {event.stored.log} {event.__qualname__}{commands}")
    listed = "".join(f"{line}\n" for line in lines)
    alone = [f'        "{one.stored.topic}",' for one in events if one.meaning.alone]
    return (
        f'{TOPICS_HEAD}TOPICS = """\\\n{listed}"""\n'
        "#: The topics of events that change nothing but their own stream (`Meaning.alone`).\n"
        "ALONE = frozenset(\n    {\n" + "\n".join(alone) + "\n    }\n)\n"
    )


if __name__ == "__main__":
    TOPICS.write_text(topics(), encoding="utf-8")
    ROOMS.mkdir(exist_ok=True)
    for file, text in pages().items():
        file.write_text(text, encoding="utf-8")
