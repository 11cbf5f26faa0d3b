"""Texts that a role may never read are in no answer, whichever question a user of the role asks a
full store.
"""

import json
import re
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID
from zipfile import ZipFile

import pytest

from access.who_may import scope
from domain.kernel.values import ROLES, Role
from ledger import verify
from tests.access.engage import Full, store
from tests.console.conftest import Line
from tests.fuzz import TIMES
from tests.ingest.conftest import as_csv

__all__ = ["store"]
OWN, TEAM, TAKEN = ("silver Corsa",), ("two phones",), ("at the arcade",)
FAR = ("older lad", "rings her at night")
SANITISED = ("Somebody waits for a child",)
OWN_FAMILY, TEAM_FAMILY = ("Kayleigh", "Jo Marlow"), ("Ellie",)
FAR_FAMILY = ("Tilly", "Ann Marsh")
SOURCE, HEALTH, PLACED = ("Carol",), ("Nuts, and a pen",), ("12 Canal Road",)
NOTES, FAR_NOTE, HELD = ("need a rest",), ("boiler",), ("inquest",)
WORDS = (*OWN, *TEAM, *TAKEN, *FAR)
FAMILIES = (*OWN_FAMILY, *TEAM_FAMILY, *FAR_FAMILY)
CARE = (*HEALTH, *PLACED, *NOTES, *FAR_NOTE)
#: Texts that no answer to a user of this role may contain, even about a family or a team of the
#: role.
NEVER: dict[Role, tuple[str, ...]] = {
    "psw": (*TEAM, *TAKEN, *FAR, *SANITISED, *TEAM_FAMILY, *FAR_FAMILY, *HEALTH, *PLACED, *HELD),
    "detective": (*TAKEN, *FAR, *FAR_FAMILY, *SOURCE, *CARE),
    "intelligence-officer": (*SOURCE, *CARE),
    "source-handler": (*WORDS, *SANITISED, *FAMILIES, *CARE, *HELD),
    "social-worker": (
        *(*TEAM, *TAKEN, *FAR, *SANITISED, *TEAM_FAMILY, *FAR_FAMILY),
        *(*SOURCE, *NOTES, *FAR_NOTE, *HELD),
    ),
    "childrens-support-worker": (
        *(*TEAM, *TAKEN, *FAR, *SANITISED, *TEAM_FAMILY, *FAR_FAMILY),
        *(*SOURCE, *CARE, *HELD),
    ),
    "manager": (*WORDS, *SANITISED, *FAMILIES, *SOURCE, *CARE),
    "disclosure-officer": (
        *(*TEAM, *TAKEN, *FAR, *SANITISED, *TEAM_FAMILY, *FAR_FAMILY),
        *(*SOURCE, *CARE, *HELD),
    ),
    "auditor": (*WORDS, *FAMILIES, *SOURCE, *CARE),
    "administrator": (*WORDS, *SANITISED, *FAMILIES, *SOURCE, *CARE, *HELD),
    "supervisor": (*TAKEN, *FAR, *FAR_FAMILY, *SOURCE, *CARE),
    "dci": (*SOURCE, *CARE),
    "missing-coordinator": (
        *(*TEAM, *TAKEN, *FAR, *SANITISED, *FAR_FAMILY),
        *(*SOURCE, *CARE, *HELD),
    ),
    "health-worker": (
        *(*TEAM, *TAKEN, *FAR, *SANITISED, *TEAM_FAMILY, *FAR_FAMILY),
        *(*SOURCE, *CARE, *HELD),
    ),
    "charity-worker": (
        *(*TEAM, *TAKEN, *FAR, *SANITISED, *TEAM_FAMILY, *FAR_FAMILY),
        *(*HEALTH, *PLACED, *HELD),
    ),
    "evaluator": (*WORDS, *SANITISED, *FAMILIES, *SOURCE, *CARE, *HELD),
}
#: Questions that need no item, and questions about each item of a kind.
ASKED = (
    "queue", "queue|--overdue", "triage|--next", "brief", "read-out", "mine", "stages",
    "cases|--all",
    "suggestions", "search|Kayleigh", "search|Ellie Stone", "search|Tilly", "search|Carol Marlow",
    "search|Canal Road", "search|boiler", "search|lad", "search|arcade",
    "network|groups|--min-grade|any|--layer|all", "network|key-people|--min-grade|any",
    "network|hotspots|--min-grade|any", "network|victims|--min-grade|any",
    "network|counts|--min-grade|any", "network|frames|--min-grade|any",
    "network|changes|--known|--from|2011-01-01|--min-grade|any", "network|moves|--min-grade|any",
    "network|timeline|Baz|--min-grade|any",
    "network|path|Baz|Zed|--min-grade|any", "lint|Two men in a red Fiesta wait near the pier.",
    "alerts", "hits", "glass|list", "authority|list", "entry|list", "disclosure|list",
    "access-request|list", "escalations", "source|drift|list", "source|drift|digest|2011-03",
    "unusual-access", "retention|--due|2100-01-01", "who-looked|--by|dc.else", "user|list",
    "user|show|psw.else", "team|list", "replay", "views|status", "views|compare", "verify",
    "contact|check|phone:07700 900456", "person|list",
)  # fmt: skip
ABOUT: dict[str, tuple[str, ...]] = {
    "show|{ONE}": (),
    "trail|{ONE}": ("report", "far report", "link", "far link", "arrest", "exhibit", "own note"),
    "trail|{ONE}|--forward": ("own words", "team words", "taken words", "far words", "suspect"),
    "replay|{ONE}|--step": ("own case", "own words", "taken words", "report", "far link", "mother"),
    "who-looked|{ONE}": ("own case", "far case", "own child", "taken words"),
    "source|show|{ONE}": ("own words", "team words", "far words", "entry", "token", "far token"),
    "person|show|{ONE}": ("own child", "team child", "far child", "suspect", "mother"),
    "network|ego|{ONE}|--min-grade|any": ("suspect", "far suspect", "team child", "mother"),
    "disclosure|list|--of|{ONE}": ("own words", "report", "far report"),
    "support|list|{ONE}": ("own case", "team case", "far case"),
    "health|list|{ONE}": ("own case", "far case"),
    "placement|list|{ONE}": ("own case", "far case"),
    "compartment|show|{ONE}|placement": ("own case", "far case"),
    "schedule|{ONE}|--form|MG6D|--trial|S1": ("own case", "team case"),
    "proof|{ONE}|--with-words": ("own words", "taken words", "report", "arrest", "own case"),
}
IDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
THINGS = (
    *("own case", "team case", "far case", "own child", "far child", "own words", "team words"),
    *("taken words", "far words", "report", "far report", "suspect", "far suspect", "mother"),
    *("link", "childs link", "far link", "exhibit", "arrest", "far arrest", "own note", "far note"),
    *("entry", "token"),
)


def questions() -> Iterator[str]:
    yield from ASKED
    for question, things in ABOUT.items():
        yield from (question.replace("ONE", one) for one in things or THINGS)


@pytest.mark.in_turn
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.usually_on("sqlite")
def test_no_question_brings_what_the_role_never_reads(store: Full, role: Role) -> None:
    """No question shows a user a text that the user's role may never read. A run tries a part of
    the pairs of role and question; `make changed` tries all pairs."""
    assert role in NEVER, (
        f"tests/access/who_may/test_attacks.py: write in NEVER what a {role} is never shown"
    )
    told = []
    turns = 4 if "://" in store.line.store else 3 if TIMES == 1 else 1
    for question in list(questions())[ROLES.index(role) % turns :: turns]:
        asked = question.split("|")
        said = store.ask(role, *asked, "--json")
        assert said.code in (0, 2, 3), (question, said)
        text = said.out + said.err + opened(said.out)
        for typed in asked:
            text = text.replace(typed.format(**store.ids), "")
        told += [f"{question}: {one}" for one in NEVER[role] if one in text]
        # the auditor reads the deadlines and cases of every team, by their ids only
        if role != "auditor":
            told += [f"{question}: {one}" for one in foreign(store, set(IDS.findall(text)))]
    assert not told, "\n".join(told)


def foreign(store: Full, ids: set[str]) -> set[UUID]:
    """Return those of these ids that the current user may not see because their items belong to
    other teams only."""
    assert store.line.kept.system
    with store.line.kept.system.reading() as db:
        reader = store.line.kept.system.reader
        known = scope.find_items(db, {UUID(item_id) for item_id in ids})
        seen = scope.visible_items(db, reader, known)
    return {
        one
        for one, held in known.items()
        if one not in seen and not any(thing.team in reader.teams for thing in held)
    }


def opened(out: str) -> str:
    """Return the texts that a reader of this proof (an answer as JSON) can read in it."""
    if '"records"' not in out:
        return ""
    records = [one for one in json.loads(out)["records"] if "state" in one]
    return "".join(verify.words_of(record, b64decode(record["state"])) or "" for record in records)


@pytest.mark.usually_on("sqlite")
def test_a_proof_says_what_its_reader_may_see(store: Full) -> None:
    """A proof shows a user only the records that the user may see. An entry that would reveal its
    source is encrypted, and steps inside the police team are hidden from a family's worker."""
    closed = store.ask("detective", "proof", "{team words}", "--with-words")
    assert closed.code == 0
    assert "which you may not see in full: 1" in closed.err
    assert store.ids["entry"] not in closed.out + opened(closed.out)
    first = json.loads(closed.out)["records"][0]
    assert "state" not in first
    assert "opens" not in first
    whole = store.ask("detective", "proof", "{report}", "--with-words")
    assert whole.code == 0
    assert SANITISED[0] in opened(whole.out)
    assert store.ids["taken words"] not in whole.out + opened(whole.out), "what it grades is hidden"
    nobodys: tuple[Role, ...] = ("psw", "manager", "social-worker")
    for role in nobodys:
        assert store.ask(role, "proof", "{own case}").code == 3
    assert store.ask("auditor", "proof", "{taken words}").code == 2


@pytest.mark.usually_on("sqlite")
def test_a_pack_holds_what_its_reader_may_see(store: Full, tmp_path: Path) -> None:
    packers: dict[Role, bool] = {"auditor": False, "detective": True}
    for role, words in packers.items():
        file = tmp_path / f"{role}.pack"
        with_words = ("--with-words",) if words else ()
        said = store.ask(role, "pack", "{arrest}", str(file), "--wait", "0", *with_words)
        assert said.code == 0, said
        with ZipFile(file) as packed:
            inside = "".join(packed.read(name).decode() for name in packed.namelist())
        assert store.ids["arrest"] in inside
        assert not [one for one in (*NEVER[role], store.ids["entry"]) if one in inside]


@pytest.mark.usually_on("sqlite")
def test_the_store_as_a_whole_is_for_those_whose_role_it_is(store: Full, tmp_path: Path) -> None:
    for role in ROLES:
        copied = store.ask(role, "backup", str(tmp_path / role))
        assert copied.code == (0 if role == "administrator" else 3), role
        may = role in ("auditor", "administrator")
        assert store.ask(role, "verify").code == (0 if may else 3), role
    assert store.line("verify", "--user", "nobody.known").code == 0, "they have the records"


def test_words_write_no_line_of_their_own_in_a_list(line: Line) -> None:
    forged = "He waits.\n00000000  2011-03-18 09:00  0 h  forged\r\x1b[2K\u202e"
    assert line("record", "--clock", "2011-06-01", text=forged).code == 0
    said = line("queue", "--clock", "2011-06-01")
    assert len(said.out.splitlines()) == 3, "a head, a rule, one row"
    assert not {"\x1b", "\r", "\u202e"} & set(said.out)


FORGED = "forged"
#: For each field that contains a user's free text: the command that records the text, and a
#: question that shows it.
HOSTILE: dict[str, tuple[str, str]] = {
    "words": ("record<{EVIL}", "show|{ID}"),
    "correction": ("correct|{WORDS}|--reason|{EVIL}<He waits.", "show|{WORDS}"),
    "source": ("record|--heard-from|{EVIL}<He waits.", "source|show|{ID}"),
    "case as told": ("record|--case|{EVIL}<He waits.", "show|{ID}"),
    "name": ("person|add|--name|{EVIL}", "person|show|{ID}"),
    "nickname": ("person|add|--nickname|{EVIL}", "show|{ID}"),
    "plate": ("link|{WORDS}|{WHO}|vehicle:PK95 ABC {EVIL}|--kind|uses", "network|ego|{WHO}"),
    "place": ("link|{WORDS}|{WHO}|place:{EVIL}|--kind|seen-at", "network|ego|{WHO}"),
    "child": ("refer|--child|{EVIL}|--concern|{EVIL}", "cases"),
    "reason": ("triage|{WORDS}|--outcome|more-needed|--reason|{EVIL}", "replay|{WORDS}|--step"),
    "hold": ("hold|place|{WHO}|--reason|{EVIL}", "retention"),
    "file": ("import|{FILE}", "show|{WORDS}"),
    "search": ("record<He waits.", "search|{EVIL}"),
    "why": ("record<He waits.", "who-looked|{WORDS}"),
}  # fmt: skip


def test_no_text_writes_a_line_of_its_own_anywhere(
    line: Line, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    evil = f"A\n{FORGED} 09:00 INFO signed in\r\x1b[2K\u202e"
    file = tmp_path / f"log{evil.replace('/', '')}.csv"
    as_csv(file, ("Date", "What happened", evil), ("", evil, evil))
    given = {"EVIL": evil, "FILE": str(file)}
    given["WORDS"] = line("record", "--id", text="He waits.").out.strip()
    given["WHO"] = line("person", "add", "--nickname", "Baz", "--id").out.strip()
    wrong = []
    for name, (write, ask) in HOSTILE.items():
        told, _, text = write.partition("<")
        asked = [part.format(**given) for part in told.split("|")]
        made = line(*asked, text=text.format(**given))
        receipt = made.out.rpartition(": ")[2].strip()
        shown = line(
            *[part.format(**given, ID=receipt[-36:]) for part in ask.split("|")], "--why", evil
        )
        for said in (made, shown):
            for stream in (said.out, said.err):
                if any(one.startswith(FORGED) for one in stream.splitlines()):
                    wrong.append(f"{name}: a line in {stream!r}")
                if {"\x1b", "\r", "\u202e"} & set(stream):
                    wrong.append(f"{name}: a control in {stream!r}")
    logged = capfd.readouterr()
    assert not [one for one in (logged.out + logged.err).splitlines() if one.startswith(FORGED)]
    assert not wrong, "\n".join(wrong)
