"""The command lines of writing commands, in an order in which each command finds the records that
it needs."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from tests.console.conftest import Line

RECEIPT = {"id", "ref", "recorded"}
START = datetime(2011, 3, 18, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Step:
    """A writing command with its label, its arguments, and its text on standard input."""

    label: str
    arguments: str
    text: str = ""


#: Writing commands that together record a story. {LABEL} is the id that the command with this label
#: returned; `|` separates the arguments.
WRITES = [
    Step("CASE", "refer|--child|Kayleigh Marlow|--concern|out at night"),
    Step("THRESHOLD", "threshold|1|high|--definition|lmh-2013/1"),
    Step("WORKER", "allocate|1|Ann Field|--for|parents"),
    Step("MISSING", "missing|reported|1|--at|2011-03-18T21:00"),
    Step(
        "WORDS",
        "record|--case|1|--how-known|saw-or-heard|--when|about 9ish|--urgent|still out"
        "|--heard-from|mum|--told-by|Gran|--words|verbatim",
        "Lads call him Baz, drives a silver Corsa PK95 ABC. Picked Kayleigh up.",
    ),
    Step("MORE", "record", "He waits at the arcade."),
    Step("TAKEN", "take|{WORDS}"),
    Step("UP", "urgency|{MORE}|up|--reason|she is with him"),
    Step("DOWN", "urgency|{MORE}|down|--reason|home again"),
    Step("CORRECTED", "correct|{MORE}", "He waits at the station."),
    Step("REFILED", "refile|{MORE}|--case|1"),
    Step("TRIAGED", "triage|{WORDS}|--outcome|assess|--reason|names a car"),
    Step("FOUND", "missing|found|1|--where|Town A"),
    Step("BAZ", "person|add|--nickname|Baz|--category|person-of-interest|--grounds|named"),
    Step("BAZZA", "person|add|--nickname|Bazza|--category|person-of-interest|--grounds|named"),
    Step("ALIAS", "person|alias|{BAZ}|The Baz"),
    Step("AGE", "person|age|{BAZ}|--born|1985-02-03"),
    Step("CONFIRMED", "confirm|{WORDS}|{BAZ}|--words|Baz"),
    Step("INFO", "link|{WORDS}|{BAZ}|vehicle:PK95ABC|--kind|uses"),
    Step("REPORT", "assess|{WORDS}|--source|2|--information|A|--handling|P"),
    Step("ITEM", "report|add|{REPORT}|{MORE}|--source|2|--information|C|--handling|P"),
    Step("LINK", "link|{REPORT}|{BAZ}|PK95ABC|--kind|uses|--item|1"),
    Step("TIE", "link|{REPORT}|{BAZ}|{BAZZA}|--kind|associate|--item|2"),
    Step("SANITISED", "sanitise|{WORDS}|--because-of|{WORDS}", "A named man uses a car."),
    Step("SANITISED2", "sanitise|{MORE}|--because-of|none-known", "He is seen at a station."),
    Step("OUT", "disseminate|{REPORT}|--to|Team B|--purpose|safeguarding"),
    Step("EXHIBIT", "evidence|add|exhibit|--mark|AB1|--from|{WORDS}|--produced-by|DC Bell"),
    Step("MOVED", "evidence|transfer|{EXHIBIT}|--to|Store|--by|DC Bell|--because-of|none-known"),
    Step("ARREST", "outcome|arrest|{BAZ}|--offence|s.15|--because-of|{EXHIBIT}"),
    Step("CHARGE", "outcome|charge|{BAZ}|--offence|s.15|--because-of|{ARREST}"),
    Step("NOTICE", "outcome|notice|{BAZ}|--child|Kayleigh Marlow|--because-of|{WORDS}"),
    Step("RESULT", "outcome|result|convicted|--who|{BAZ}|--months|24|--because-of|{CHARGE}"),
    Step("UNSURE", "unsure|{BAZ}|{BAZZA}|--reason|cannot tell"),
    Step("SAME", "same|{BAZ}|{BAZZA}|--reason|one phone"),
    Step("SPLIT", "split|{BAZ}|--reason|two men"),
    Step("DIFFERENT", "different|{BAZ}|{BAZZA}|--reason|two men"),
    Step("RETRACTED", "retract|{TIE}|--reason|mistaken"),
    Step("UNDERMINED", "evidence|undermine|{EXHIBIT}|--reason|a gap"),
    Step("EXCLUDED", "evidence|exclude|{EXHIBIT}|--reason|unlawful search"),
    Step("LAST", "record", "Said in error."),
    Step("WITHDRAWN", "withdraw|{LAST}|--reason|said in error|--ground|recorded-in-error"),
]


def written(line: Line) -> dict[str, str]:
    """Run the command lines of `WRITES`; return the ids that they print, by label. Check that each
    prints a receipt, and that a repeated command prints the same receipt."""
    made: dict[str, str] = {}
    for number, step in enumerate(WRITES):
        at = (START + timedelta(minutes=30 * number)).isoformat()
        asked = [part.format(**made) for part in step.arguments.split("|")]
        told = [*asked, "--command-id", str(uuid4()), "--clock", at]
        answer = line("--json", *told, text=step.text).json
        assert answer.keys() >= RECEIPT, step.label
        stream, _, version = answer["ref"].rpartition(":")
        assert str(UUID(stream)) == stream
        assert int(version) > 0
        assert datetime.fromisoformat(answer["recorded"]).utcoffset() == timedelta(0)
        if "://" not in line.store:
            plain = line(*told, text=step.text)
            assert plain.code == 0
            assert answer["id"] in plain.out, step.label
        made[step.label] = answer["id"]
    return made
