"""For each role, the command line shows and allows exactly what the role table says, row by row.

A hidden item is refused like an unknown one (exit code 2); an action that the role never has is
refused as forbidden (exit code 3). The first table is written by hand from the access design; the
second test tries every action of the product's own table.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from access.who_may import scope
from access.who_may.table import ACTS, EVERYBODY, MAY
from domain.kernel.acts import Act
from domain.kernel.values import ROLES, Reader, Role
from projections.kernel.database import Db
from projections.people_and_teams import accounts
from tests.access.engage import ASKERS, DAY, Full, full, store
from tests.fuzz import SEED, TIMES
from tests.ingest.conftest import as_csv

__all__ = ["store"]
#: The owners of the items that are shown, in this order: the first family (assigned to the reader,
#: if users of the role have families), the reader's team, another team.
SHOWN = (
    "own case", "team case", "far case", "own child", "team child", "far child",
    "own words", "team words", "taken words", "far words", "report", "far report",
    "suspect", "far suspect", "mother", "far mother",
    "link", "childs link", "far link", "far bare link", "far childs link",
    "exhibit", "arrest", "far exhibit", "far arrest", "own note", "far note", "entry", "token",
)  # fmt: skip
#: For each role, the items that the role sees, in the order of `SHOWN`: x means shown, . means
#: refused like an unknown item.
TABLE: dict[Role, str] = {
    # the columns are: cases, children, log entries, reports | people | links | evidence, outcomes |
    # notes, sources
    "psw":                      "x..x..x..... .... ..... .... x...",
    "detective":                "xx.xx.xx..x. xxx. xxx.. xx.. ....",
    "intelligence-officer":     "xxxxxxxxxxxx xxxx xxxxx xxxx ....",
    "source-handler":           "............ .... ..... .... ....",
    "social-worker":            "x..x..x..... .... ..... .... ....",
    "childrens-support-worker": "x..x..x..... .... ..... .... ....",
    "manager":                  "xx.......... .... ..... .... ....",
    "disclosure-officer":       "x..x..x..... xx.. ..... x... ....",
    "auditor":                  "xxx.......xx xx.. x.xx. xxxx ....",
    "administrator":            "............ .... ..... .... ....",
    "supervisor":               "xx.xx.xx..x. xxx. xxx.. xx.. ....",
    "dci":                      "xxxxxxxxxxxx xxxx xxxxx xxxx ....",
    "missing-coordinator":      "xx.xx.x..... xx.. xxx.. .... ....",
    "health-worker":            "x..x..x..... .... ..... .... ....",
    "charity-worker":           "x..x..x..... .... ..... .... x...",
    "evaluator":                "............ .... ..... .... ....",
}  # fmt: skip
#: Commands that show data that are not items: notes, health, placement, and the source.
ASIDE: dict[str, tuple[tuple[str, ...], str]] = {
    "notes": (("support", "list", "{own case}"), "They need a rest."),
    "health": (("health", "list", "{own case}"), "Nuts, and a pen for it."),
    "placement": (("placement", "list", "{own case}"), "12 Canal Road"),
    "source": (("source", "show", "{own words}"), "Carol Marlow"),
    "another team's source": (("source", "show", "{far words}"), "Carol Marlow"),
}
TOLD: dict[Role, set[str]] = {
    "psw": {"notes", "source"},
    "detective": set(),
    "intelligence-officer": set(),
    "source-handler": {"source", "another team's source"},
    "social-worker": {"health", "placement"},
    "childrens-support-worker": set(),
    "manager": set(),
    "disclosure-officer": set(),
    "auditor": set(),
    "administrator": set(),
    "supervisor": set(),
    "dci": set(),
    "missing-coordinator": set(),
    "health-worker": set(),
    "charity-worker": {"notes", "source"},
    "evaluator": set(),
}


@pytest.mark.in_turn
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.usually_on("sqlite")
def test_a_role_is_shown_its_row_and_no_more(store: Full, role: Role) -> None:
    assert role in TABLE.keys() & TOLD.keys(), (
        f"tests/access/who_may/test_roles.py: write in TABLE and TOLD what a {role} is shown"
    )
    row = TABLE[role].replace(" ", "")
    assert len(row) == len(SHOWN)
    said = {name: store.ask(role, "show", f"{{{name}}}") for name in SHOWN}
    assert "".join({0: "x", 2: "."}[one.code] for one in said.values()) == row
    for name, one in said.items():
        assert one.code == 0 or one.err == f"continuum: there is no item '{store.ids[name]}'\n"
    told = {name: store.ask(role, *asked).out for name, (asked, _) in ASIDE.items()}
    assert {name for name, out in told.items() if ASIDE[name][1] in out} == TOLD[role]


AGREED = ("--until", "2011-09-01", "--agreement", "A", "--assessment", "B", "--reason", "seen")
#: A command line for each action, and the name of the item in this command line, if any.
DOES: dict[Act, tuple[str, str | None]] = {
    "record": ("record<He said so.", None),
    "escalate": ("escalate|--outside-line|--reason|it is about him<My line does not act.", None),
    "correct": ("correct|{team words}|--reason|misheard<He said so.", "team words"),
    "refile": ("refile|{team words}|--case|{team case}", "team words"),
    "import": ("import|{file}|--dry-run", None),
    "triage": ("take|{team words}", "team words"),
    "assess": ("assess|{team words}|--source|2|--information|C|--handling|P", "team words"),
    "sanitise": ("sanitise|{report}<Somebody waits.", "report"),
    "disseminate": ("disseminate|{report}|--to|Cherish|--purpose|safeguarding", "report"),
    "offer": (f"offer|PK95ABC|--to|all|--handling|P|{'|'.join(AGREED)}", None),
    "name": ("person|name|{suspect}|Barry Field", "suspect"),
    "link": ("link|{report}|{suspect}|phone:07700 900456|--kind|uses", "report"),
    "judge": ("unsure|{suspect}|{far suspect}|--reason|both drive a Corsa", "suspect"),
    "refer": ("refer|--child|Amy Vale|{own words}", "own words"),
    "rate": ("threshold|{own case}|high", "own case"),
    "allocate": ("allocate|{own case}|psw.else|--for|parents", "own case"),
    "work": ("exit|{own case}|--outcome|protected|--reason|moved", "own case"),
    "close": ("close|{own case}|--reason|moved", "own case"),
    "evidence": ("evidence|exclude|{exhibit}|--reason|unlawful", "exhibit"),
    "outcome": ("outcome|arrest|{suspect}|--case|{own case}|--because-of|none-known", "suspect"),
    "brief": ("brief|--hold", None),
    "support": ("support|note|{own case}<A better week.", "own case"),
    "grade-source": ("source|grade|{token}|2|--reason|known well", "token"),
    "join-roots": ("roots|join|{token}|{far token}|--reason|one aunt", "token"),
    "export": ("network|export|--format|csv", None),
    "schedule": ("schedule|{own case}|--form|MG6C", "own case"),
    "erase": ("hold|place|{own words}|--reason|an inquiry", "own words"),
    "give-authority": (
        "authority|give|in.auditor|{own case}|--for|audit|--until|2011-06-01|--reason|asked for",
        "own case",
    ),
    "manage-accounts": ("team|make|Hub", None),
    "confirm-access": ("user|role|confirm|psw.else|detective", None),
    "run-store": ("keys|rotate", None),
    "analyse": ("analyse|components", None),
    "verify": ("verify", None),
    "replay": ("replay", None),
}
#: Actions that have tests of their own, because they need more than one command or person.
APART: set[Act] = {
    "meet",
    "supervise",
    "review-glass",
    "answer-subject",
    "find-subject",
    "find",
    "confirm",
    "oversee",
    "open-alone",
    "carry-over",
    "disclose",
    "approve-erasure",
    "break-glass",
    "open-entry",
    "identify",
}


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def own_store(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Full]:
    """Yield a full store for one test, which may change the store, and make an empty directory the
    working directory.
    """
    monkeypatch.chdir(tmp_path)
    url = request.getfixturevalue("copy_url") if request.param == "postgres" else None
    with full(tmp_path, url) as made:
        yield made


@pytest.mark.usually_on("sqlite")
def test_each_act_is_for_those_whose_row_has_it(own_store: Full, tmp_path: Path) -> None:
    store = own_store
    file = as_csv(tmp_path / "log.csv", ("Date", "What happened"), ("", "He waits."))
    store.ids["file"] = str(file)
    told = [
        f"{role} {act}: {wrong}"
        for act in DOES
        for role in _tried(act, store)
        if (wrong := _wrong(store, role, act))
    ]
    assert not told, "\n".join(told)
    assert {*DOES, *APART} == {act for act in ACTS if not act.startswith("see-")}


def test_an_auditor_changes_no_record() -> None:
    """An auditor looks, verifies, replays and judges emergency access, but changes no record. Like
    every user, an auditor may record information that somebody gave them.
    """
    acts = {act for act in MAY["auditor"] if not act.startswith("see-")}
    assert acts == {"verify", "replay", "review-glass"}


def _tried(act: Act, store: Full) -> Iterable[Role]:
    """Yield the roles that try this command: the roles that may run it, and some of the roles that
    may not."""
    does = [role for role in ROLES if act in EVERYBODY or act in MAY[role]]
    others = [role for role in ROLES if role not in does]
    if "://" in store.line.store:
        return [*does[:1], *others[:1]]
    if TIMES == 1:
        others = others[(list(DOES).index(act) + SEED) % 3 :: 3]
    return [*does, *others]


def _wrong(store: Full, role: Role, act: Act) -> str | None:
    """Try this command as a user of this role. Return a sentence that says how the answer differs
    from the role table, or None if it does not differ.
    """
    line, thing = DOES[act]
    sees = reaches = True
    if thing:
        one = UUID(store.ids[thing])
        assert store.line.kept.system
        with store.line.kept.system.reading() as db:
            reader = _reader(store, db, role)
            sees = one in scope.visible_items(db, reader, [one])
            reaches = one in scope.reached(db, reader, act, [one])
    asked, _, text = line.partition("<")
    said = store.ask(role, *asked.split("|"), text=text)
    nothing = said.code == 2 and bool(re.search("there is no|no person or item is", said.err))
    if act in EVERYBODY or act in MAY[role]:
        good = nothing if not (sees and reaches) else said.code in (0, 2) and not nothing
    else:
        good = said.code == 3 or (not sees and nothing)
    return None if good else f"sees {sees}, reaches {reaches}, but {said}"


def _reader(store: Full, db: Db, role: Role) -> Reader:
    """Return a user of this role, with the user's current rights."""
    system = store.line.kept.system
    assert system
    label = msgspec.structs.replace(system.label, name=ASKERS[role])
    return accounts.reader(db, label, datetime.fromisoformat(f"{DAY}T20:00Z"))
