"""Two stores that differ only in records that a reader may not see, and all queries of the command
line. Both stores must give the reader the same answers."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from random import Random
from shutil import copytree

import pytest

from console.engine.failures import FAULT
from domain.kernel.values import Role
from tests.access.worlds import Drawn, Reads, World, common, drawing, staffed, told
from tests.console.conftest import Line
from tests.fuzz import TIMES
from tests.made import Made
from usecases.kernel.fields import fields_of
from usecases.kernel.registry import QUESTIONS

#: How many queries one random example sends to both stores; `make changed` sends more.
ASKED = 40 if TIMES == 1 else 45
NOWHERE = "00000000-0000-4000-8000-000000000099"
#: Names that queries search for: people of both stores, and names similar to theirs.
NAMED = ("Kayleigh Marlow", "Baz", "Barry Field", "Ellie Stone", "Jade Marlow", "Kaylee Marlo")
SEARCHED = (
    *NAMED,
    "Marlow",
    "Bazza",
    "Kaylee",
    "PK95",
    "PK95 ABC",
    "07700 900123",
    "silver",
    "park",
)
#: The arguments of each reading command. "{one}" is replaced by each id in turn, and "{who}" by
#: each name.
READS: dict[str, Reads] = {
    "queue": [(), ("--overdue",), ("--json",), ("--limit", "1"), ("--after", "{one}", "--json")],
    "cases": [(), ("--all", "--json"), ("--unallocated",)],
    "proposals": [(), ("--json",)],
    "due escalated": [(), ("--json",)],
    "missing": [(), ("--json",)],
    "missing now": [(), ("--json",)],
    "patterns": [(), ("--all", "--json")],
    "hold list": [(), ("--json",)],
    "mine": [(), ("--json",)],
    "stages": [(), ("--json",)],
    "brief": [(), ("--json",), ("--since", "2011-03-01"), ("--limit", "1", "--json")],
    "read-out": [(), ("--json",), ("--since", "2011-03-01", "--json")],
    "search": [("{words}",), ("{words}", "--json", "--limit", "3")],
    "search-list": [("{words}", "{who}", "--json")],
    "said-before": [("{one}", "--deciding"), ("{one}", "--json")],
    "standing-search list": [(), ("--json",)],
    "chart list": [(), ("--json",)],
    "standing-pattern list": [(), ("--json",)],
    "offers": [(), ("--every", "--json")],
    "matches": [(), ("--every", "--json")],
    "suggestions": [("--json",), ("--limit", "2")],
    "same-person": [("Baz", "{who}", "--json"), ("{one}", "{who}"), ("Kaylee Marlo", "{who}")],
    "show": [("{one}",), ("{one}", "--json")],
    "trail": [("{one}", "--json"), ("{one}", "--forward", "--json")],
    "replay": [("{one}", "--step", "--json")],
    "person list": [(), ("--json",)],
    "vehicle list": [(), ("--json",)],
    "phone list": [(), ("--json",)],
    "place list": [(), ("--json",)],
    "arrest list": [(), ("--json",)],
    "network areas": [("--json", "--min-grade", "any")],
    "network connections": [("Town A", "Town B", "--json", "--min-grade", "any")],
    "person show": [("{who}", "--json"), ("{one}",)],
    "network ego": [
        ("{who}", "--min-grade", "any", "--json"),
        ("{one}", "--hops", "2"),
        ("Baz", "--as-known", "2011-03-18T10:00", "--json"),
    ],
    "network path": [("Baz", "{who}", "--min-grade", "any", "--json"), ("Baz", "{one}")],
    "network groups": [("--json",), ("--min-grade", "any")],
    "network key-people": [("--json",), ("--min-grade", "any", "--layer", "all", "--json")],
    "network hotspots": [
        ("--json",),
        ("--min-grade", "any"),
        ("--from", "2011-02-01", "--to", "2011-03-18", "--json"),
    ],
    "network counts": [("--json",), ("{who}", "Baz", "--min-grade", "any", "--json")],
    "network timeline": [("{who}", "--min-grade", "any", "--json"), ("Baz", "{one}")],
    "network frames": [("--min-grade", "any", "--json"), ("{one}", "--per", "day")],
    "network changes": [
        ("--from", "2011-03-01", "--min-grade", "any", "--json"),
        ("{who}", "--from", "2011-03-10", "--known", "--min-grade", "any", "--json"),
        ("--from", "2011-03-10", "--to", "2011-03-18", "--window", "5"),
    ],
    "network moves": [("--min-grade", "any", "--json"), ("{who}",)],
    "network near": [("{who}", "--and", "Baz", "--min-grade", "any", "--json"), ("{one}",)],
    "network victims": [("--json",), ("{who}",), ("--min-grade", "any")],
    "network through": [("--json",), ("--min-grade", "any", "--all", "--json")],
    "network key-players": [("--json",), ("--min-grade", "any", "--layer", "all", "--by", "reach")],
    "network bridges": [("--json",), ("--min-grade", "any", "--layer", "all", "--json")],
    "network shared": [("Baz", "{who}", "--min-grade", "any", "--json"), ("Baz", "{one}")],
    "network joins": [("Baz", "{who}", "--min-grade", "any"), ("Deter", "Engage", "--json")],
    "network ways": [("Baz", "{who}", "--min-grade", "any", "--json"), ("Baz", "{one}")],
    "network for-decision": [(), ("--json",)],
    "network apart": [(), ("--json",)],
    "network computed": [("components",), ("pagerank", "--layer", "all", "--json")],
    "network export": [
        (*("--format", form), "--min-grade", "any", "--layer", "all")
        for form in ("graphml", "csv", "svg")
    ],
    "support list": [("{one}",)],
    "family list": [("{one}",)],
    "family people": [("{one}",)],
    "parent list": [("{one}",)],
    "parents-ethnicity": [(), ("--json",)],
    "exploitation list": [("{one}",)],
    "ethnicity": [("{one}",), ("{who}", "--json")],
    "court list": [("{one}",)],
    "charter show": [(), ("--json",)],
    "prevention": [(), ("--json",)],
    "card": [(), ("--year", "2010", "--json")],
    "card families": [("referred", "Engage", "--from", "2011-01-01", "--until", "2011-03-31")],
    "figures": [("--json",)],
    "nationality": [("{one}",), ("{who}", "--json")],
    "costs": [("{one}",)],
    "identifier show": [("{one}",), ("{who}", "--json")],
    "identifier known": [("9990001138",), ("9990001146", "--json")],
    "family needs": [("{one}",)],
    "marac list": [("{one}",)],
    "media list": [("{one}",)],
    "waiting list": [(), ("--all", "--json")],
    "journey": [("{one}",)],
    "victim-request list": [(), ("--all",)],
    "complaint list": [(), ("--all",)],
    "reporting list": [(), ("--all",)],
    "voices": [(), ("--json",)],
    "proceedings": [("{one}",)],
    "family steps": [("{one}",)],
    "evidence stands": [("{one}",)],
    "material list": [("{one}",), ("{one}", "--only", "undecided", "--json")],
    "material report": [("{one}",)],
    "material bundle": [("{one}", "S3"), ("{one}", "S3", "--json")],
    "retention": [(), ("--all",), ("--all", "--json"), ("--due", "2100-01-01", "--json")],
    "notices": [(), ("--json",), ("--state", "live", "--json")],
    "meeting list": [(), ("--json",)],
    "week": [(), ("--json",)],
    "workload": [(), ("--json",)],
    "supervision list": [()],
    "meeting agenda": [("{one}",)],
    "meeting minutes": [("{one}",)],
    "certificate": [("{one}",)],
    "lanes": [("{one}",), ("{one}", "--json")],
    "meeting shown": [("{one}",)],
    "meeting decisions": [(), ("--all", "--json"), ("--about", "{one}")],
    "health list": [("{one}",)],
    "placement list": [("{one}",)],
    "compartment show": [("{one}", "placement")],
    "glass list": [(), ("--json",)],
    "authority list": [()],
    "entry list": [()],
    "disclosure list": [(), ("--of", "{one}")],
    "access-request": [()],
    "request list": [(), ("--all", "--json")],
    "request unidentified": [(), ("--all", "--json")],
    "request letter": [("{one}",)],
    "request parts": [(), ("--overdue",)],
    "request show": [("{one}",)],
    "escalations": [()],
    "source drift list": [(), ("--late",)],
    "source drift digest": [("2011-03",)],
    "source show": [("{one}",)],
    "hits": [(), ("--json",)],
    "who-looked": [("{one}", "--json"), ("--by", "dc.reed"), ("--by", "dc.stone")],
    "unusual-access": [(), ("--since", "2011-03-01")],
    "releases": [()],
    "schedule": [("{one}", "--form", "mg6c", "--trial", "T1")],
    "team list": [()],
    "flags": [()],
    "due": [(), ("--past",), ("--mine",), ("--team", "Deter"), ("--json",), ("--tier", "danger")],
    "rota list": [()],
    "rules": [(), ("--verify",)],
    "user key list": [()],
    "user list": [()],
    "user waiting": [()],
    "user show": [("dc.reed",), ("dc.stone",), ("nobody.known",)],
    "whoami": [()],
    "help": [("search",)],
    "search-help": [("who was she seen with",)],
    "views compare": [()],
    "read": [("Baz drives PK95 ABC",)],
}
#: Questions that are left out here, because other tests in tests/access/two_worlds test them.
APART = frozenset({"alert list", "copies"})


def _declared() -> Iterator[tuple[str, Reads]]:
    """Yield the command lines of the questions that the lists READS and APART leave out, each with
    and without `--json`. Questions that need more than one item are skipped."""
    for command, question in QUESTIONS.items():
        needed = [field for field in fields_of(question) if field.required]
        if command in READS or command in APART or not all(field.ref for field in needed):
            continue
        if len(needed) <= 1:
            item = ("{one}",) * len(needed)
            yield command, [item, (*item, "--json")]


READS |= dict(_declared())


def questions(ids: list[str]) -> Iterator[tuple[str, ...]]:
    """Yield the command line of every reading command with all its arguments, once for each
    item.
    """
    for command, forms in READS.items():
        for form in forms:
            values = (
                ids if "{one}" in form else NAMED if "{who}" in form else SEARCHED
                if "{words}" in form else ("",)
            )  # fmt: skip
            for value in values:
                filled = (value if one in ("{one}", "{who}", "{words}") else one for one in form)
                yield (*command.split(), *filled)


def answers(world: World, who: str, asked: list[tuple[str, ...]]) -> list[tuple[int, str, str]]:
    """Run these commands in one of the two stores, a minute apart on its clock; return the
    answers."""
    return [told(world.do(5000 + n, who, *one)) for n, one in enumerate(asked)]


def _common(home: Path, url: str | None) -> dict[str, str]:
    """Record the items that both stores contain; return their ids by name."""
    with pytest.MonkeyPatch.context() as patched:
        first = staffed(Line(url or str(home), home), drawing(patched))
        common(first)
        first.line.close()
    return first.ids


#: The items that both stores contain are recorded once, and copied to both stores.
COMMON = Made("common", _common)


class Pair:
    """Makes pairs of equal stores from one prepared store, on files or on a server. `another` makes
    a copy of a database."""

    def __init__(
        self,
        home: Path,
        source: Drawn,
        url: str | None = None,
        another: Callable[[str], str] | None = None,
    ) -> None:
        self.home, self.drawn, self.number = home, source, count()
        self.url, self.another = url, another
        self.ids = COMMON.copied(home / "first", url)

    def world(self) -> World:
        place = self.home / f"world-{next(self.number)}"
        copytree(self.home / "first", place)
        store = self.another(self.url) if self.url and self.another else str(place)
        return World(Line(store, place), self.drawn, dict(self.ids))

    def copied(self, world: World) -> World:
        """Return a copy of this closed store on files."""
        place = self.home / f"world-{next(self.number)}"
        copytree(world.line.home, place)
        return World(Line(str(place), place), self.drawn, dict(world.ids))


@pytest.fixture
def pair(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, drawn: Drawn) -> Pair:
    monkeypatch.chdir(tmp_path)
    return Pair(tmp_path, drawn)


@pytest.fixture
def database_pair(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    drawn: Drawn,
    copy_url: str,
    copied_database: Callable[[str], str],
) -> Pair:
    monkeypatch.chdir(tmp_path)
    return Pair(tmp_path, drawn, copy_url, copied_database)


def assert_same(first: World, second: World, who: str, seed: int) -> None:
    """Assert that both stores give this user the same answers. Each command is tried with three
    items, which the seed selects."""
    draw = Random(seed)
    every = list(questions([*dict.fromkeys([*second.ids.values(), NOWHERE])]))
    some = [*draw.sample(every, min(len(every), ASKED))]
    for one, here, there in zip(
        some, answers(first, who, some), answers(second, who, some), strict=True
    ):
        assert here == there, (who, one)
        assert here[0] != FAULT, here


GROUPS: tuple[tuple[Role, ...], ...] = (
    (
        "psw",
        "detective",
        "social-worker",
        "childrens-support-worker",
        "disclosure-officer",
        "administrator",
    ),
    ("manager",),
    ("auditor",),
    ("source-handler",),
    ("intelligence-officer",),
)
NAMES = ["families and police", "manager", "auditor", "handler", "officer"]
