"""The commands of the command line that read, and those among them that need no record in the
access log."""

from collections.abc import Iterator
from typing import Any

from usecases.kernel.fields import fields_of
from usecases.kernel.registry import QUESTIONS

#: Declared questions whose answers contain no content of the record.
FREE_QUESTIONS = {
    "copies", "figures", "rules", "stages", "team list", "user list", "user waiting",
}  # fmt: skip
#: Values of the arguments that a question requires, by the kind of item.
NEEDED = {"case": "1", "person": "Kayleigh Marlow"}
#: Commands that show content of the record, each with a command line that shows some content in the
#: test's store.
BY_HAND = {
    "show": "show|{WORDS}",
    "trail": "trail|{WORDS}|--forward",
    "lanes": "lanes|{WORDS}",
    "certificate": "certificate|{ERASURE}",
    "replay": "replay|--until|2011-03-18T12:00",
    "queue": "queue",
    "triage": "triage|--next",
    "brief": "brief",
    "read-out": "read-out",
    "mine": "mine",
    "cases": "cases|--all",
    "search": "search|Baz",
    "search-list": "search-list|Baz|PK95ABC",
    "said-before": "said-before|{WORDS}|--deciding",
    "same-person": "same-person|{BAZ}|{BAZZA}",
    "person list": "person|list",
    "network areas": "network|areas|--min-grade|any",
    "network connections": "network|connections|Town A|Town B|--min-grade|any",
    "person show": "person|show|{BAZ}",
    "network ego": "network|ego|{BAZ}|--min-grade|any",
    "network path": "network|path|{BAZ}|PK95ABC|--min-grade|any",
    "network groups": "network|groups|--min-grade|any|--layer|all",
    "network key-people": "network|key-people|--min-grade|any",
    "network hotspots": "network|hotspots|--min-grade|any",
    "network victims": "network|victims|--min-grade|any",
    "material bundle": "material|bundle|1|S3",
    "network near": "network|near|{BAZ}|--min-grade|any",
    "network counts": "network|counts|--min-grade|any",
    "network timeline": "network|timeline|{BAZ}|--min-grade|any",
    "network frames": "network|frames|--min-grade|any",
    "network changes": "network|changes|--known|--from|2011-01-01|--min-grade|any",
    "network moves": "network|moves|--min-grade|any",
    "network through": "network|through|--min-grade|any",
    "network key-players": "network|key-players|--min-grade|any",
    "network bridges": "network|bridges|--min-grade|any",
    "network shared": "network|shared|{BAZ}|PK95ABC|--min-grade|any",
    "network joins": "network|joins|{BAZ}|PK95ABC|--min-grade|any",
    "network ways": "network|ways|{BAZ}|PK95ABC|--min-grade|any",
    "network computed": "network|computed|k-core",
    "network export": "network|export|--format|csv|--min-grade|any",
    "proof": "proof|{WORDS}|--with-words",
    "lint": "lint|He waits at the arcade|--of|{WORDS}",
    "who-looked": "who-looked|--by|nobody-in-particular",
    "alerts": "alerts",
    "hold list": "hold|list",
    "hold prove": "hold|prove|{HOLD}",
    "consider": "consider|{BAZ}",
    "contact check": "contact|check|phone:07700 900123",
    "card": "card|--year|2010",
    "card families": "card|families|words|Engage|--from|2011-01-01|--until|2011-04-01",
    "identifier known": "identifier|known|9990001138",
    "evidence stands": "evidence|stands|1",
    "meeting agenda": "meeting|agenda|{MEETING}",
    "meeting minutes": "meeting|minutes|{MEETING}",
    "meeting shown": "meeting|shown|{MEETING}",
    "compartment show": "compartment|show|1|placement",
    "source drift digest": "source|drift|digest|2011-03",
    "pack": "pack|{WORDS}|words.pack|--wait|0",
    "access-request": "access-request|list",
    "request show": "request|show|{REQUEST}",
    "request letter": "request|letter|{UNKNOWN}",
    "request answer": "request|answer|{ANSWERABLE}",
    "schedule": "schedule|1|--form|MG6C",
    "source show": "source|show|{WORDS}",
    "user show": "user|show|administrator",
}


def _derived() -> Iterator[tuple[str, str]]:
    """Yield a command line for each declared question that needs only a case or a person. Questions
    in the lists BY_HAND and FREE_QUESTIONS are left out."""
    for command, question in QUESTIONS.items():
        needed = [
            field.ref.kind if field.ref else None for field in fields_of(question) if field.required
        ]
        if command not in {*BY_HAND, *FREE_QUESTIONS} and all(kind in NEEDED for kind in needed):
            yield command, "|".join([*command.split(), *(NEEDED[kind or ""] for kind in needed)])


DERIVED = dict(_derived())
READS = BY_HAND | DERIVED


def commands(here: Any, above: str = "") -> set[str]:
    """Return the names of all commands below `here`, including groups that are also commands
    themselves.
    """
    found = set()
    for name, command in getattr(here, "commands", {}).items():
        path = f"{above} {name}".strip()
        inner = commands(command, path)
        found |= inner
        if not inner or command.invoke_without_command:
            found.add(path)
    return found
