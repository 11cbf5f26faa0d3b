"""A store with the work of two teams and with a user in each role, made once for all tests.

The first family belongs to the team Engage and has assigned users: a worker, a social worker, a
support worker and a disclosure officer. The second family belongs to the same team and has no
assigned users; the third belongs to another team.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from domain.families.referral import CaseOpened
from domain.information.observation import ObservationRecorded
from domain.kernel.values import ROLES, Role
from tests.console.conftest import Line, Said
from tests.made import Made

DAY = "2011-03-18"
#: One user for each role; the user is in the team Engage, unless users of the role have no team.
ASKERS: dict[Role, str] = {role: f"in.{role}" for role in ROLES}


@dataclass
class Full:
    """A store full of the work of two teams, with the ids of its items by name."""

    line: Line
    ids: dict[str, str] = field(default_factory=dict)

    def ask(self, role: Role, *asked: str, text: str = "") -> Said:
        """Run the command `asked` as the user who has this role; return the answer."""
        told = [part.format(**self.ids) for part in asked]
        return self.line(*told, "--user", ASKERS[role], "--clock", f"{DAY}T20:00", text=text)

    def tell(self, name: str, who: str, *asked: str, text: str = "") -> None:
        """Run a command as the user `who`, and save the id of the item that it makes in `ids` under
        `name`.
        """
        told = [part.format(**self.ids) for part in asked]
        team = "Freedom" if who.startswith("far.") else "Engage"
        at = ("--user", who, "--team", team, "--clock", f"{DAY}T{9 + len(self.ids) // 6:02}:00")
        said = self.line(*told, *at, "--id", text=text)
        assert said.code == 0, (name, asked, said.err)
        self.ids[name] = said.out.strip()


def _make(home: Path, url: str | None) -> dict[str, str]:
    """Record on a new store all the work of the two teams; return the ids of its items by name."""
    line = Line(url or str(home / "store"), home)
    assert line("init", "--synthetic", "--clock", f"{DAY}T08:00").code == 0
    here = Full(line)
    tell = here.tell
    for role, name in ASKERS.items():
        add = ("user", "add", name, "--role", role)
        tell(f"u {name}", "administrator", *add, "--team", "Engage")
    for name, role in (("dc.else", "detective"), ("psw.else", "psw")):
        tell(f"u {name}", "administrator", "user", "add", name, "--role", role, "--team", "Engage")
    for name, role in (("far.dc", "detective"), ("far.psw", "psw"), ("far.m", "manager")):
        tell(f"u {name}", "administrator", "user", "add", name, "--role", role, "--team", "Freedom")
    _families(here)
    _words(here)
    _network(here)
    assert line.kept.system
    whose = {here.ids[f"{one} case"]: f"{one} child" for one in ("own", "team", "far")}
    for fact in line.kept.system.logs["evidence"].read(0, 10_000):
        match fact.event:
            case CaseOpened(child=child):
                here.ids[whose[str(fact.stream)]] = str(child)
            case ObservationRecorded(entry=entry, root=root) if entry:
                name = "far " * (fact.team == "Freedom")
                here.ids |= {f"{name}entry": str(entry), f"{name}token": str(root)}
    state = str(line.home / "signer")
    assert line("signer", "init", "--state", state).code == 0
    assert line("signer", "run", "--state", state).code == 0
    line.close()
    return here.ids


FULL = Made("full_store", _make)


@contextmanager
def full(home: Path, url: str | None) -> Iterator[Full]:
    """Yield a copy of the full store, in a directory or in the database at `url`."""
    ids = dict(FULL.copied(home, url))
    line = Line(url or str(home / "store"), home)
    yield Full(line, ids)
    line.close()


def _families(here: Full) -> None:
    tell = here.tell
    tell("own case", "dc.else", "refer", "--child", "Kayleigh Marlow", "--concern", "out at night")
    tell("team case", "dc.else", "refer", "--child", "Ellie Stone", "--concern", "a new phone")
    tell("far case", "far.dc", "refer", "--child", "Tilly Marsh", "--concern", "missing lessons")
    for whom, who in (("parents", "psw"), ("child", "childrens-support-worker")):
        tell(f"a {who}", "in.manager", "allocate", "{own case}", f"in.{who}", "--for", whom)
    for role in (
        *("social-worker", "disclosure-officer"),
        *("missing-coordinator", "health-worker", "charity-worker"),
    ):
        tell(f"a {role}", "in.manager", "user", "assign", f"in.{role}", "{own case}")
    tell("a else", "in.manager", "allocate", "{team case}", "psw.else", "--for", "parents")
    tell("far a", "far.m", "allocate", "{far case}", "far.psw", "--for", "parents")
    note = ("support", "note", "{own case}", "--kind", "note", "--about", "parents")
    tell("own note", "in.psw", *note, text="They need a rest.")
    tell("far note", "far.psw", "support", "note", "{far case}", text="Their boiler broke.")
    health = ("health", "note", "{own case}", "--category", "allergy")
    tell("health", "in.social-worker", *health, text="Nuts, and a pen for it.")
    placed = ("placement", "made", "{own case}", "--kind", "foster-care")
    tell("placed", "in.social-worker", *placed, text="12 Canal Road, Town B")


def _words(here: Full) -> None:
    tell = here.tell
    heard = ("--heard-from", "Carol Marlow")
    told = "Kayleigh got into a silver Corsa."
    tell("own words", "in.psw", "record", "--case", "{own case}", *heard, text=told)
    told = "Ellie has two phones now."
    tell("team words", "psw.else", "record", "--case", "{team case}", *heard, text=told)
    told = "He waits at the arcade for her."
    tell("taken words", "psw.else", "record", "--case", "{team case}", text=told)
    told = "Tilly was seen with an older lad."
    tell("far words", "far.psw", "record", "--case", "{far case}", *heard, text=told)
    told = "A lad rings her at night."
    tell("far taken words", "far.psw", "record", "--case", "{far case}", text=told)
    for report, item, who in (
        ("report", "taken words", "dc.else"),
        ("far report", "far taken words", "far.dc"),
    ):
        graded = ("--source", "2", "--information", "A", "--handling", "P")
        tell(report, who, "assess", f"{{{item}}}", *graded)
        tell(f"{report} said", who, "sanitise", f"{{{item}}}", text="Somebody waits for a child.")
    hold = ("hold", "place", "{taken words}", "--reason", "an inquest was opened")
    tell("hold", "dc.else", *hold)


def _network(here: Full) -> None:
    tell = here.tell
    suspect = ("--category", "suspect", "--grounds", "named in words")
    tell("suspect", "dc.else", "person", "add", "--nickname", "Baz", *suspect)
    tell("far suspect", "far.dc", "person", "add", "--nickname", "Zed", *suspect)
    tell("mother", "dc.else", "person", "add", "--name", "Jo Marlow")
    tell("far mother", "far.dc", "person", "add", "--name", "Ann Marsh")
    for name, who, basis, a, b, kind in (
        ("link", "dc.else", "report", "{suspect}", "vehicle:PK95 ABC", "uses"),
        ("childs link", "dc.else", "report", "{suspect}", "Ellie Stone", "association"),
        ("far link", "far.dc", "far report", "{far suspect}", "vehicle:PK95 ABD", "uses"),
        ("far bare link", "far.dc", "far words", "{far suspect}", "{suspect}", "associate"),
        ("far childs link", "far.dc", "far report", "{far suspect}", "Tilly Marsh", "association"),
    ):
        tell(name, who, "link", f"{{{basis}}}", a, b, "--kind", kind)
    for name, who, case in (
        ("exhibit", "dc.else", "own case"),
        ("far exhibit", "far.dc", "far case"),
    ):
        tell(name, who, "evidence", "add", "exhibit", "--mark", "X1", "--case", f"{{{case}}}")
    for name, who, case, person in (
        ("arrest", "dc.else", "team case", "suspect"),
        ("far arrest", "far.dc", "far case", "far suspect"),
    ):
        arrest = ("outcome", "arrest", f"{{{person}}}", "--case", f"{{{case}}}")
        tell(name, who, *arrest, "--because-of", "none-known")


@pytest.fixture(
    scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Full]:
    """Yield a copy of the full store; the tests run once with each database. All tests of a module
    share this copy and change little in it."""
    home = tmp_path_factory.mktemp("full")
    postgres = request.param == "postgres"
    url = request.getfixturevalue("named_database")() if postgres else None
    with full(home, url) as made:
        yield made
