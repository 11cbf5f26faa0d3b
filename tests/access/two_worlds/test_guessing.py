"""A user who guesses an id in a command learns nothing from the answer: a hidden item gets the same
answer as an item that does not exist.

Every command of the command line is in one of the lists of this module, so that a new command
cannot be forgotten. If a declared command names one item, its command line is made from its story.
Each command gives the same answer about a hidden item as about an item that does not exist, byte
for byte except the typed text. The only exception is `glass break`, which opens a hidden case.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

import cli
from domain.families.referral import CaseOpened
from domain.information.observation import ObservationRecorded
from domain.kernel.values import Role
from tests.console.conftest import Line, Said
from tests.fuzz import TIMES
from tests.made import Made
from tests.rotation import ONE_IN, todays
from tests.support.console.contract import written
from tests.support.console.looking import commands
from tests.support.usecases import typed as at_line
from tests.usecases.stories import SUBJECTS
from usecases.kernel.fields import Field, fields_of
from usecases.kernel.registry import QUESTIONS, USE_CASES

GRADE = "--source|2|--information|A|--handling|P"
NO_CHARGE = (
    "no-charge|--by|police|--evidential|not-met|--public-interest|not-reached"
    "|--offence|x|--reasons|x|--childs-view|x|--parents-view|x"
)
DECIDE = "--what|see her|--task|contact-family|--owner|dc.far|--by|2030-01-01|--because-of"
#: Command lines of the commands that are not declared, or that name several items; `_derived` makes
#: the command lines of all others. {ID} is the guessed id; `|` separates the arguments. A text for
#: standard input follows `<`.
GUESSES: dict[str, tuple[str, ...]] = {
    "access-request": ("{ID}|--by|the subject, by letter",),
    "alerts": ("--answer|{ID}|--reason|seen",),
    "assess": (f"{{ID}}|{GRADE}", f"{{ID}}|{GRADE}|--regrade|so"),
    "authority give": ("au.far|{ID}|--for|audit|--until|2011-06-01|--reason|asked by the court",),
    "close": ("{ID}|--reason|done", "{ID}|--confirm", "{ID}|--refuse|--reason|no"),
    "compartment show": ("{ID}|placement",),
    "confirm": ("{ID}|phone:07700 900999", "{OWN}|{ID}"),
    "consider": ("{ID}",),
    "different": ("{ID}|{MINE}|--reason|two",),
    "disclose": ("{ID}|--purpose|p|--basis|vital-interests|--to|X|--checked|yes",),
    "disclosure list": ("--of|{ID}",),
    "disseminate": ("{ID}|--to|X|--purpose|p",),
    "erase": ("{ID}|--dry-run|--basis|mopi-disposal", "--status|{ID}", "--approve|{ID}"),
    "evidence add": ("exhibit|--mark|X1|--from|{ID}", "exhibit|--mark|X1|--case|{ID}"),
    "exit": ("{ID}|--outcome|protected|--reason|moved", "{ID}|--confirm"),
    "hold lift": ("{ID}|--reason|over", "{ID}|--confirm"),
    "hold place": ("{ID}|--reason|inquiry",),
    "hold prove": ("{ID}",),
    "link": (
        "{ID}|{MINE}|vehicle:PK95ABX|--kind|uses",
        "{OWN}|{ID}|vehicle:PK95ABX|--kind|uses",
        "{OWN}|{MINE}|{ID}|--kind|associate",
    ),
    "said-before": ("{ID}", "{ID}|--deciding"),
    "search-list": ("{ID}|PK95ABC",),
    "chart save": ("arcade|--around|{ID}", "arcade|--chart|{ID}", "arcade|--pins|{ID} 1 1"),
    "chart note": ("{ID}|--of|{MINE}|--words|seen",),
    "judge": ("{ID}|{MINE}|same|--reason|one", "{MINE}|{ID}|unsure|--reason|one"),
    "lint": ("He waits at the arcade|--of|{ID}",),
    "material review": (
        "{ID}|{ID}|--relevance|relevant|--description|a note",
    ),
    "network ego": ("{ID}|--min-grade|any",),
    "network export": ("--format|csv|--min-grade|any|--around|{ID}",),
    "network path": ("{ID}|{MINE}|--min-grade|any", "{MINE}|{ID}|--min-grade|any"),
    "network shared": ("{ID}|{OWN}", "{OWN}|{ID}"),
    "network ways": ("{ID}|{OWN}", "{OWN}|{ID}"),
    "network joins": ("{ID}|Town A",),
    "network victims": ("{ID}|--min-grade|any",),
    "network near": ("{ID}|--min-grade|any", "{MINE}|--and|{ID}|--min-grade|any"),
    "incident add": ("{ID}|a party|--sort|party|--where|place:Mill Lane",),
    "network counts": ("{ID}|--min-grade|any", "{MINE}|{ID}|--min-grade|any"),
    "network timeline": ("{ID}|--min-grade|any", "{MINE}|{ID}|--min-grade|any"),
    "network frames": ("{ID}|--min-grade|any",),
    "network changes": ("{ID}|--known|--from|2011-01-01|--min-grade|any",),
    "network moves": ("{ID}|--min-grade|any",),
    "original": ("{ID}|--out|{FILE}",),
    "log-photo": ("{ID}|--out|{FILE}",),
    "outcome arrest": ("{ID}|--because-of|none-known", "{MINE}|--case|{ID}|--because-of|{OWN}"),
    "outcome charge": ("{ID}|--because-of|none-known", "{MINE}|--because-of|{ID}"),
    "outcome notice": ("{MINE}|--child|{ID}|--because-of|none-known",),
    "outcome result": ("convicted|--who|{ID}|--because-of|none-known",),
    "pack": ("{ID}|{FILE}|--wait|0",),
    "person add": ("--nickname|Zed|--because-of|{ID}",),
    "person show": ("{ID}",),
    "proof": ("{ID}", "{ID}|--with-words"),
    "record": ("--case|{ID}<He was there.", "--because-of|{ID}<He was there."),
    "rectify": ("{ID}|--reason|not so<It was not me.",),
    "refer": ("--child|Zed Blank|{ID}",),
    "refile": ("{ID}|--case|{CASE}", "{OWN}|--case|{ID}"),
    "replay": ("{ID}|--step",),
    "report add": (f"{{ID}}|{{OWN}}|{GRADE}", f"{{ID}}|{{ID}}|{GRADE}"),
    "request answer": ("{ID}",),
    "request decide": ("{ID}|{OWN}|give", "{ID}|{ID}|give"),
    "request find": ("{ID}|{OWN}",),
    "request show": ("{ID}",),
    "restrict": ("{ID}|--ground|part-3-s47-2|--reason|disputed",),
    "restriction refuse": ("{ID}|--reason|disputed",),
    "restriction request": ("{ID}|--requester|his solicitor|--reason|disputed",),
    "roots join": ("{ID}|{TOKEN}|--reason|one",),
    "roots part": ("{ID}|{TOKEN}|--reason|two",),
    "same": ("{ID}|{MINE}|--reason|one",),
    "same-person": ("{ID}|{MINE}", "{MINE}|{ID}"),
    "sanitise": ("{ID}<Somebody was there.",),
    "schedule": ("{ID}|--form|MG6C|--trial|S3",),
    "search": ("{ID}",),
    "show": ("{ID}",),
    "source drift decide": ("{ID}|{ID}|not-covert|--until|2011-09-01|--reason|no",),
    "source drift due": (
        "{ID}|{MINE}|--grounds|direction|--reason|asked to",
        "{OWN}|{ID}|--grounds|direction|--reason|asked to",
    ),
    "source show": ("{ID}",),
    "charging decided": (f"{{ID}}|{{MINE}}|{NO_CHARGE}", f"{{CASE}}|{{ID}}|{NO_CHARGE}"),
    "court appeal": ("{ID}|{MINE}|sentence", "{CASE}|{ID}|sentence"),
    "court order": ("{ID}|{MINE}|restraining|--terms|x", "{CASE}|{ID}|restraining|--terms|x"),
    "court bail": ("{ID}|{MINE}|--conditions|none", "{CASE}|{ID}|--conditions|none"),
    "court hearing": (
        "{ID}|trial|--at|2011-05-09T09:30Z",
        "{CASE}|trial|--at|2011-05-09T09:30Z|--who|{ID}",
    ),
    "court plea": ("{ID}|{MINE}|guilty", "{CASE}|{ID}|guilty"),
    "family at-risk": (
        "{ID}|{MINE}|friend|--sign|trouble|--basis|seen",
        "{CASE}|{ID}|friend|--sign|trouble|--basis|seen",
    ),
    "family cares": ("{ID}|{MINE}|cares|--from|2011-03-01", "{CASE}|{ID}|cares|--from|2011-03-01"),
    "family decided": ("{ID}|ended|--reason|no", "{RISK}|own-case|--case|{ID}"),
    "family engaged": ("{ID}|{MINE}|engaged", "{CASE}|{ID}|engaged"),
    "family member": ("{ID}|{MINE}|father", "{CASE}|{ID}|father"),
    "family relation": (
        "{ID}|{MINE}|broken|--basis|seen|--review|2030-01-01",
        "{CASE}|{ID}|broken|--basis|seen|--review|2030-01-01",
    ),
    "notice breach": ("{ID}|--item|{OWN}|--seen-by|x|--where|y|--at|2011-05-09T09:30Z",),
    "notice service": ("{ID}|--by|x|--at|y", "{ID}|--by|x|--at|y|--photograph|{OWN}"),
    "meeting item": ("{ID}|--what|her", "{MEETING}|--what|her|--case|{ID}"),
    "meeting decide": (
        f"{{ID}}|{DECIDE}|none-known",
        f"{{MEETING}}|{DECIDE}|{{ID}}",
        f"{{MEETING}}|{DECIDE}|none-known|--about|{{ID}}",
        f"{{MEETING}}|{DECIDE}|none-known|--chart|{{ID}}",
    ),
    "meeting board": (
        "{ID}|map|--title|them|--shown|{OWN}",
        "{MEETING}|map|--title|them|--shown|{ID}",
    ),
    "meeting people": ("{ID}|--to|dc.rowe", "{MEETING}|--to|dc.rowe|--case|{ID}"),
    "meeting decisions": ("--about|{ID}",),
    "family told": ("{ID}|received", "{MINE}|received|--carer|{ID}"),
    "family ethnicity": ("{ID}|{MINE}|white-irish", "{CASE}|{ID}|white-irish"),
    "parent risk": (
        "{ID}|{MINE}|drink|--words|seen|--review|2030-01-01",
        "{CASE}|{ID}|drink|--words|seen|--review|2030-01-01",
    ),
    "complaint received": ("--by|Jo|--words|so|--subject|{ID}",),
    "victim-request decide": ("{ID}|refused|--reason|no", "{ID}|whole|--item|{ID}"),
    "victim-request hand-over": ("{ID}",),
    "threshold": ("{ID}|high|--definition|lmh-2013/1", "{ID}|--confirm"),
    "trail": ("{ID}", "{ID}|--back", "{ID}|--forward"),
    "triage": ("{ID}|--outcome|no-value|--reason|nothing in it",),
    "unrestrict": ("{ID}|--reason|settled",),
    "unsure": ("{ID}|{MINE}|--reason|cannot tell",),
    "urgency": ("{ID}|up|--reason|now", "{ID}|down|--reason|later"),
    "user assign": ("psw.far|{ID}",),
    "user unassign": ("psw.far|{ID}",),
    "who-looked": ("{ID}",),
    "standing-pattern set": ("{ID}|connected|--about|Baz|--about|Gaz|--reason|seen",),
    "victim-request ask": (
        "{ID}|--for|all|--enquiry|x|--purpose|detecting|--necessary|x|--proportionate|x|--notice|given",
    ),
    "network connections": ("{ID}|Town A",),
    "material bundle": ("{ID}|S3",),
}  # fmt: skip
#: Commands that need no id of an item.
NO_ID = {
    "team capacity", "team define", "team letters", "cost set", "service set",
    "analyse", "anchor", "backup", "brief", "card families", "card protection", "card publish",
    "checkpoint compare", "contact check", "demo",
    "doctor", "drill", "signer revoke", "signer rotate", "new-origin confirm",
    "new-origin propose", "new-origin refuse", "clock confirm", "clock propose",
    "clock refuse", "escalate", "import", "init", "keys rotate", "keys status", "login",
    "logout", "mine", "identifier known", "meeting call", "queue", "read", "receipt",
    "request note", "restore", "rota add", "rota end", "serve", "watch", "setup postgres",
    "signer init", "signer run", "source drift digest", "site follow", "site forget",
    "site hand-over", "site heed", "site promote", "site publish", "site status",
    "exchange publish", "exchange send", "exchange take", "exchange renew", "team charity",
    "team make", "train-weights", "team merge", "team rename", "unusual-access review",
    "user add", "user enrol", "user key end", "user key list", "user key make", "user leave",
    "user lock", "user reach", "user role give", "user role take", "user show",
    "user team join", "user role alone", "user role confirm", "user role lend",
    "user role refuse", "user team confirm", "user team refuse", "keys open", "keys pair",
    "user team leave", "user unlock", "user unreach", "verify", "views compare",
    "views rebuild", "views status", "charter acknowledge", "target set", "supervision told",
    "help", "search-help", "whoami", "signer witness", "witness init", "witness serve",
    "witness sign",
}  # fmt: skip
TELLS = {"glass break"}
#: Commands with which an administrator assigns a family to a worker by its whole id, and so learns
#: whether the family exists.
ASSIGNING = {"user assign", "user unassign"}
#: Names of the hidden items whose ids every role guesses. The detective, who has the most rights,
#: guesses the ids of all hidden items.
FEW = ("CASE", "WORDS", "CHILD")
#: Names of the hidden items whose ids are guessed in a command, by the command's first word.
ABOUT: dict[str, tuple[str, ...]] = {
    "access-request": ("MOTHER", "REQUEST"),
    "alerts": ("CASE",),
    "assess": ("WORDS", "MORE"),
    "complaint": ("COMPLAINT", "CASE"),
    "consent": ("WORDS",),
    "court": ("CASE",),
    "charging": ("CASE",),
    "different": ("MOTHER", "CHILD"),
    "disclosure": ("WORDS", "REPORT"),
    "disclose": ("REPORT",),
    "disseminate": ("REPORT",),
    "due": ("WORDS", "DECISION"),
    "entry": ("ENTRY", "WORDS"),
    "erase": ("ERASURE", "WORDS"),
    "evidence": ("EXHIBIT", "WORDS", "CASE"),
    "family": ("CASE", "MOTHER", "FAMILY"),
    "hold": ("HELD", "WORDS"),
    "judge": ("MOTHER", "CHILD"),
    "link": ("WORDS", "REPORT", "MOTHER"),
    "material": ("CASE", "WORDS"),
    "meeting": ("MEETING", "DECISION", "CASE"),
    "missing": ("CASE",),
    "network": ("MOTHER", "CHILD"),
    "notice": ("ARREST", "CASE"),
    "outcome": ("ARREST", "CASE", "CHILD"),
    "parent": ("CASE", "MOTHER"),
    "person": ("MOTHER", "CHILD"),
    "placement": ("CASE", "CHILD"),
    "proof": ("WORDS",),
    "record": ("CASE", "WORDS"),
    "rectify": ("WORDS", "MOTHER"),
    "refer": ("CHILD", "CASE"),
    "report": ("REPORT", "WORDS"),
    "reporting": ("DUTY", "CASE"),
    "request": ("REQUEST", "WORDS"),
    "restrict": ("WORDS", "MOTHER"),
    "retention": ("WORDS", "MOTHER"),
    "retract": ("FAMILY",),
    "roots": ("TOKEN", "WORDS"),
    "same": ("MOTHER", "CHILD"),
    "sanitise": ("WORDS", "REPORT"),
    "show": ("WORDS", "CASE", "MOTHER", "MEETING", "COMPLAINT", "DUTY", "ASKED", "HELD"),
    "source": ("TOKEN", "WORDS", "ENTRY"),
    "split": ("MOTHER", "FAMILY"),
    "support": ("CASE", "NOTE"),
    "lanes": ("WORDS", "FAMILY", "ARREST", "NOTE"),
    "trail": ("WORDS", "FAMILY", "ARREST", "NOTE"),
    "unrestrict": ("WORDS", "MOTHER"),
    "unsure": ("MOTHER", "CHILD"),
    "victim-request": ("ASKED", "CASE"),
    "who-looked": ("WORDS", "CASE", "MOTHER"),
    "withdraw": ("WORDS", "NOTE"),
}
#: Names of the hidden items whose ids are guessed in commands that `ABOUT` does not list.
ELSE = ("CASE", "WORDS", "MORE")
DAY, LATER = "2011-06-01", "2011-06-02"
NOWHERE = UUID("012ec831-5680-7637-8ee8-b2be421e42c7")
#: For each role that does not see all teams, a user of another team with this role.
STRANGERS: dict[str, Role] = {
    "dc.far": "detective",
    "psw.far": "psw",
    "sw.far": "social-worker",
    "m.far": "manager",
    "do.far": "disclosure-officer",
    "a.min": "administrator",
}


def _derived() -> Iterator[tuple[str, str]]:
    """Yield a command line for each declared use case and question that names one item. It has a
    placeholder for the guessed id of the item."""
    stories = {name: story for one in SUBJECTS.values() for name, story in one.stories.items()}
    for command, declared in USE_CASES.items():
        needed = [field for field in declared.fields if field.name != "because_of"]
        told = stories[command].told if command in stories else {}
        if [field.required for field in needed if field.ref] == [True]:
            yield command, _line(needed, told)
    for command, question in QUESTIONS.items():
        needed = [field for field in fields_of(question) if field.required]
        if len(needed) == 1 and needed[0].ref:
            yield command, _line(needed, {})


def _line(fields: Sequence[Field], told: Mapping[str, Any]) -> str:
    given = {name: value for name, value in told.items() if "{" not in str(value)}
    given |= {field.name: "{ID}" for field in fields if field.ref}
    words, text = at_line.typed(fields, given)
    return "|".join(words) + (f"<{text}" if text else "")


DERIVED = {name: (line,) for name, line in _derived() if name not in {*GUESSES, *NO_ID, *TELLS}}
EVERY = DERIVED | GUESSES
#: A pattern of messages about an id that the command looked up.
LOOKED_UP = re.compile("there is no|is recorded as ID")
#: The questions (queries that users can ask) for which a user has to name no item and to fill in no
#: field.
BARE = {
    name
    for name, one in QUESTIONS.items()
    if not any(field.ref or field.required for field in fields_of(one))
}


def test_every_command_is_guessed_at() -> None:
    listed = [*EVERY, *NO_ID, *TELLS]
    assert len(listed) == len(set(listed))
    lacking = commands(cli.command()) - set(listed) - BARE
    assert not lacking, f"write in GUESSES how an id stands on its line, or in NO_ID: {lacking}"
    assert set(listed) <= commands(cli.command())


@dataclass
class Houses:
    """A store with the records of two teams, for tests in which a user guesses ids. The ids in
    `hidden` belong to a team that the user may not see; the ids in `own` belong to the user's
    own team."""

    line: Line
    hidden: dict[str, str]
    own: dict[str, str]

    def ask(self, user: str, asked: str, guess: str, file: Path) -> Said:
        """Return a command's answer to this user, without the guessed text that the user typed."""
        told, _, text = asked.partition("<")
        given = {**self.own, "ID": guess, "FILE": str(file)}
        said = self.line(
            *[part.format(**given) for part in told.split("|")],
            *("--user", user, "--team", "Freedom", "--clock", LATER),
            text=text,
        )
        return Said(said.code, _bare(said.out, guess), _bare(said.err, guess))


def _bare(text: str, guess: str) -> str:
    """Return an answer with "ID" in place of the guess and of all random ids, so that the answers
    to two guesses can be compared."""
    for typed in (repr(guess), guess, guess[-8:]) if len(guess) > 5 else (repr(guess),):
        text = text.replace(typed, "ID")
    text = re.sub(rf"(?<=named ){re.escape(guess)}\b", "ID", text)
    echoed = re.compile(rf"^(?:ID|{re.escape(guess)})(?=  )", re.MULTILINE)
    if echoed.search(text):  # a table that repeats the typed text is wider for a longer text
        text = re.sub(r"-{2,}", "--", re.sub(r" {2,}", "  ", echoed.sub("ID", text)))
    text = re.sub(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID", text)
    return re.sub(r"\b[0-9a-f]{8}\b", "ID", text)


def _make(place: Path, url: str | None) -> tuple[dict[str, str], dict[str, str]]:
    line = Line(url or str(place / "store"), place / "home")
    assert line("init", "--synthetic").code == 0
    made = housed(line)
    line.close()
    return made.hidden, made.own


#: The store is made once for all tests, because its story takes hundreds of commands.
HOUSES = Made("houses", _make)


@pytest.fixture
def houses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Houses]:
    monkeypatch.chdir(tmp_path)
    hidden, own = HOUSES.copied(tmp_path)
    line = Line(str(tmp_path / "store"), tmp_path / "home")
    yield Houses(line, hidden, own)
    line.close()


def housed(line: Line) -> Houses:
    """Return a store with accounts and with the records of one team. The user who guesses belongs
    to another team."""
    made = written(line)

    def then(*asked: str, text: str = "") -> str:
        return str(line(*asked, "--clock", DAY, "--json", text=text).json["id"])

    mother = then("person", "add", "--name", "Jo Marlow")
    then("record", "--case", "1", "--heard-from", "Jo Marlow", text="She is home.")
    hidden = {name: made[name] for name in ("CASE", "WORDS", "MORE", "REPORT", "EXHIBIT", "ARREST")}
    hidden |= {
        "MOTHER": mother,
        "FAMILY": then("link", made["REPORT"], mother, "phone:07700 900111", "--kind", "uses",
                       "--item", "1"),
        "NOTE": then("support", "note", "1", text="She is well."),
        "REQUEST": then("access-request", mother, "--by", "Jo Marlow, by letter"),
        "DUTY": then("reporting", "arises", "1", "--words", "so"),
        "COMPLAINT": then("complaint", "received", "--by", "Jo", "--words", "so"),
        "ASKED": then("victim-request", "ask", "1", "--for", "notes", "--enquiry", "his flat",
                      "--purpose", "detecting", "--necessary", "so", "--proportionate", "so",
                      "--notice", "given", "--told", "parent"),
        "HELD": then("hold", "place", made["WORDS"], "--reason", "an inquiry"),
        "ERASURE": then("erase", made["BAZZA"], "--basis", "mopi-disposal"),
    }  # fmt: skip
    meeting = ("meeting", "call", "weekly-brief", "--at", "2011-05-30T09:00Z", "--chair")
    hidden["MEETING"] = then(*meeting, "ds.hart")
    task = ("--task", "contact-family", "--owner", "ds.hart", "--by", "2030-01-01")
    rests = ("--case", "1", "--because-of", made["WORDS"])
    decide = ("meeting", "decide", hidden["MEETING"], "--what", "see her", *task, *rests)
    hidden["DECISION"] = then(*decide)
    then("placement", "made", "1", "--kind", "foster-care", text="2 Mill Lane, Town A")
    assert line.kept.system
    for fact in line.kept.system.logs["evidence"].read(0, 10_000):
        if isinstance(fact.event, CaseOpened):
            hidden["CHILD"] = str(fact.event.child)
        if isinstance(fact.event, ObservationRecorded) and fact.event.entry:
            hidden |= {"ENTRY": str(fact.event.entry), "TOKEN": str(fact.event.root)}
    for name, role in STRANGERS.items():
        team = () if role == "administrator" else ("--team", "Freedom")
        add = ("user", "add", name, "--role", role, *team, "--clock", DAY)
        said = line(*add, "--user", "administrator")
        assert said.code == 0, said
    theirs = ("--user", "dc.far", "--team", "Freedom")
    words = then("record", "--heard-from", "Ann Field", *theirs, text="Zed waits at the arcade.")
    first = line.kept.system.logs["evidence"].history(UUID(words))[0].event
    assert isinstance(first, ObservationRecorded)
    suspect = ("--category", "suspect", "--grounds", "seen")
    own = {
        "OWN": words,
        "TOKEN": str(first.root),
        "MINE": then("person", "add", "--nickname", "Zed", *suspect, *theirs),
        "CASE": then("refer", "--child", "Ann Field", *theirs),
        "MEETING": then(*meeting, "dc.far", *theirs),
    }
    named = ("friend", "--sign", "trouble", "--basis", "seen", *theirs)
    own["RISK"] = then("family", "at-risk", own["CASE"], own["MINE"], *named)
    return Houses(line, hidden, own)


def test_a_hidden_id_answers_as_one_that_is_not_there(houses: Houses, tmp_path: Path) -> None:
    """A user who types the id of a hidden item gets the same answer as for an unknown id. Each run
    tries a third of the commands."""
    guessed(houses, "dc.far", list(houses.hidden), tmp_path, own=2, others=1)


@pytest.mark.seldom  # the pages and the API are tried on a server in test_noninterference_http
@pytest.mark.postgres
def test_on_a_server_as_well(
    copy_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a database server, too, a user who types the id of a hidden item gets the same answer as
    for an unknown id."""
    monkeypatch.chdir(tmp_path)
    hidden, own = HOUSES.copied(tmp_path / "server", copy_url)
    line = Line(copy_url, tmp_path / "server" / "home")
    try:
        guessed(Houses(line, hidden, own), "dc.far", list(hidden), tmp_path, one_in=12)
    finally:
        line.close()


@pytest.mark.parametrize("user", [stranger for stranger in STRANGERS if stranger != "dc.far"])
def test_in_no_role_either(houses: Houses, user: str, tmp_path: Path) -> None:
    """No role lets a user distinguish the id of a hidden item from an unknown id. Each run tries a
    part of the commands."""
    roles = [stranger for stranger in STRANGERS if stranger != "dc.far"]
    guessed(houses, user, FEW, tmp_path, shift=roles.index(user), one_in=ONE_IN * len(roles))


def guessed(
    houses: Houses,
    user: str,
    sorts: Sequence[str],
    where: Path,
    own: int = 1,
    others: int = 0,
    shift: int = 0,
    one_in: int = ONE_IN,
) -> None:
    """Let this user try commands with ids of hidden items and with unknown ids, and assert that the
    answers are equal. Of all commands, a run tries one in `one_in`; `own` and `others` say how
    many kinds of hidden items each command is tried with."""
    told = []
    turns = cycle(sorts)
    for command, lines in todays(EVERY.items(), one_in, shift=shift):
        if user == "a.min" and command in ASSIGNING:
            continue
        about = [sort for sort in ABOUT.get(command.split()[0], ELSE) if sort in sorts][:own]
        for arguments in lines:
            asked = f"{command.replace(' ', '|')}|{arguments}"
            nothing = houses.ask(user, asked, str(NOWHERE), where / "nothing.pack")
            if command in DERIVED and nothing.code == 2 and not LOOKED_UP.search(nothing.err):
                told.append(f"{asked}: no id is looked up; write its line in GUESSES: {nothing}")
            rest = islice(turns, others if about else max(others, 1))
            for sort in sorts if TIMES > 1 else dict.fromkeys([*about, *rest]):
                answer = houses.ask(user, asked, houses.hidden[sort], where / "nothing.pack")
                if answer != nothing:
                    told.append(f"{asked} {sort}: {answer} / {nothing}")
    assert not told, "\n".join(told)
    # this command is tried last, because it gives a name to a person
    named = houses.ask(user, "refer|--child|{ID}", "Zed", where)
    for guess in (str(NOWHERE), *houses.hidden.values()):
        assert houses.ask(user, "refer|--child|{ID}", guess, where).code == named.code


#: For each way to name an item (number, name, phone number): the name of a hidden item, a name that
#: no item has, and the kinds of item that a command may mean by it.
CALLED = (
    ("1", "77", {"CASE"}),
    ("Kayleigh Marlow", "Quentin Farthingale", {"CHILD", "MOTHER"}),
    ("07700 900111", "07700 900777", {"FAMILY", "MOTHER"}),
)


@pytest.mark.in_turn
@pytest.mark.parametrize("turn", range(len(CALLED)))
def test_a_number_or_a_name_tells_as_little(houses: Houses, turn: int, tmp_path: Path) -> None:
    """A user who names a hidden item by its number or name gets the same answer as for an unknown
    number or name. The user is a detective, who has the most rights; in `make changed`, a worker
    tries, too.
    """
    guess, nothing, sorts = CALLED[turn]
    told = []
    for user in ("dc.far",) if TIMES == 1 else ("dc.far", "psw.far"):
        for number, (command, lines) in enumerate(EVERY.items()):
            about = sorts & {*ABOUT.get(command.split()[0], ELSE)}
            if TIMES == 1 and not about and number % len(CALLED) != turn:
                continue
            for arguments in lines:
                asked = f"{command.replace(' ', '|')}|{arguments}"
                file = tmp_path / "nothing.pack"
                found = houses.ask(user, asked, guess, file)
                absent = houses.ask(user, asked, nothing, file)
                if found != absent:
                    told.append(f"{user} {asked}: {found} / {absent}")
    assert not told, "\n".join(told)
