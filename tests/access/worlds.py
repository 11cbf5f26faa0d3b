"""Two test stores (worlds) with the same people, ids and clock. Only the records of another team
differ between them.

A world is a store with a command line. New ids are derived from the name of the command that makes
them, so that a command makes the same ids in both worlds, whatever else was recorded.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

import pytest

from commands.families import rejudging
from commands.intelligence import alerting
from domain.kernel.values import Role
from tests.console.conftest import Line, Said

START = datetime(2011, 3, 18, 9, 0, tzinfo=UTC)
#: The roles of the users of the team Engage. Users of the team Deter record items that Engage may
#: not see.
ENGAGE: Mapping[str, Role] = {
    "psw.ellis": "psw",
    "dc.reed": "detective",
    "io.park": "intelligence-officer",
    "sh.wren": "source-handler",
    "sw.lane": "social-worker",
    "csw.moss": "childrens-support-worker",
    "mgr.lund": "manager",
    "do.grey": "disclosure-officer",
    "au.dunn": "auditor",
}
DETER: Mapping[str, Role] = {
    "dc.stone": "detective",
    "psw.hale": "psw",
    "sw.pope": "social-worker",
    "mgr.bond": "manager",
    "do.hope": "disclosure-officer",
    "sgt.page": "supervisor",
}
ADMINISTRATOR = "adm.keys"
#: All users of the two stores, and a user without an account.
READERS = (*ENGAGE, ADMINISTRATOR, "nobody.known")


class Drawn:
    """A source of ids that looks random: it derives the ids from the name of the command that is
    run, so that both stores get the same ids.
    """

    def __init__(self) -> None:
        self.random = Random(0)

    def for_(self, what: str) -> None:
        self.random.seed(what)

    def urandom(self, size: int) -> bytes:
        return self.random.randbytes(size)

    def uuid4(self) -> UUID:
        return UUID(bytes=self.random.randbytes(16), version=4)

    def token_hex(self, size: int) -> str:
        return self.random.randbytes(size).hex()


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Drawn:
    """During the test, derive the ids of new records from the commands that record them; return the
    source of these ids."""
    return drawing(monkeypatch)


def drawing(monkeypatch: pytest.MonkeyPatch) -> Drawn:
    """Replace the program's sources of random ids by a source that derives ids from the commands;
    return this source."""
    source = Drawn()
    monkeypatch.setattr("installation.clock.urandom", source.urandom)
    monkeypatch.setattr("installation.system.uuid4", source.uuid4)
    monkeypatch.setattr("installation.opening.token_hex", source.token_hex)
    return source


@dataclass
class World:
    """One of two test stores that are compared (worlds), with the ids of its items by name and the
    current minute of its clock.
    """

    line: Line
    drawn: Drawn
    ids: dict[str, str] = field(default_factory=dict)

    def do(
        self, minute: int, who: str, *arguments: str, text: str = "", name: str | None = None
    ) -> Said:
        """Run a command as the user `who` at this minute of the store's clock; return its result.
        With `name`, the command must succeed, and the id that it prints is saved as `ids[name]`.
        """
        self.drawn.for_(f"{minute} {who} {arguments}")
        at = (START + timedelta(minutes=minute)).isoformat()
        filled = [self.fill(argument) for argument in arguments]
        form = ["--id"] if name else []
        said = self.line(*filled, "--user", who, "--clock", at, *form, text=self.fill(text))
        if name:
            assert said.code == 0, (who, filled, said.err)
            self.ids[name] = said.out.strip()
        return said

    def did(self, minute: int, who: str, *arguments: str, text: str = "") -> None:
        """Run a command as the user `who` at this minute of the store's clock, and fail if the
        command is refused.
        """
        said = self.do(minute, who, *arguments, text=text)
        assert said.code == 0, (who, arguments, said.err)

    def follow(self) -> None:
        """Do what a background process does after each event: reopen decisions against which later
        facts speak, and start alerts.
        """
        system = self.line.kept.system
        assert system
        self.drawn.for_("follow")
        rejudging.reopen(system.desk)
        alerting.start_deadlines(system.desk)

    def fill(self, text: str) -> str:
        """Return a text in which each item's name in braces, such as "{car}", is replaced by the
        item's id.
        """
        return text.format_map(self.ids) if "{" in text else text


def staffed(line: Line, drawn: Drawn) -> World:
    """Make one of the two test stores that are compared, with an account for each user."""
    world = World(line, drawn)
    world.drawn.for_("init")
    at = ("--clock", (START - timedelta(days=1)).isoformat())
    assert line("init", "--synthetic", "--user", ADMINISTRATOR, *at).code == 0
    for minute, (team, people) in enumerate((("Engage", ENGAGE), ("Deter", DETER))):
        for name, role in people.items():
            add = ("user", "add", name, "--role", role, "--team", team)
            world.did(-60 + minute, ADMINISTRATOR, *add)
    return world


def common(world: World) -> None:
    """Record the items that both compared stores have: a family, a suspect and a car of the team
    Engage, and a case of the team Deter.
    """
    at = iter(range(1, 60))

    def do(who: str, *arguments: str, text: str = "", name: str | None = None) -> None:
        said = world.do(next(at), who, *arguments, text=text, name=name)
        assert said.code == 0, (who, arguments, said.err)

    do("dc.reed", "refer", "--child", "Kayleigh Marlow", name="case")
    do("mgr.lund", "allocate", "{case}", "psw.ellis", "--for", "parents")
    do("mgr.lund", "allocate", "{case}", "csw.moss", "--for", "child")
    for one in ("sw.lane", "do.grey"):
        do("mgr.lund", "user", "assign", one, "{case}")
    told = "Kayleigh got into a silver Corsa PK95 ABC with Baz near Mill Lane."
    heard = ("--case", "{case}", "--heard-from", "Carol Marlow")
    do("psw.ellis", "record", *heard, text=told, name="words")
    ringing = "Somebody rings her from 07700 900123 at night."
    do("psw.ellis", "record", text=ringing, name="waiting")
    do("dc.reed", "person", "add", "--nickname", "Baz", "--category", "suspect",
       "--grounds", "named in words", name="baz")  # fmt: skip
    do("dc.reed", "person", "add", "--name", "Barry Field", "--category", "suspect",
       "--grounds", "the keeper", name="barry")  # fmt: skip
    do("dc.reed", "link", "{words}", "{baz}", "vehicle:PK95 ABC", "--kind", "uses", name="tie")
    do("dc.reed", "link", "{words}", "{baz}", "{barry}", "--kind", "associate", name="ungraded")
    do("dc.reed", "assess", "{words}", "--source", "2", "--information", "C", "--handling", "P",
       name="report")  # fmt: skip
    do("dc.reed", "sanitise", "{words}", text="A named man uses a silver Corsa.")
    do("dc.reed", "link", "{report}", "{baz}", "vehicle:PK95 ABC", "--kind", "uses")
    do("dc.reed", "link", "{report}", "{baz}", "Kayleigh Marlow", "--kind", "association",
       name="hers")  # fmt: skip
    do("dc.stone", "refer", "--child", "Ellie Stone", name="theirs")
    do("mgr.bond", "allocate", "{theirs}", "psw.hale", "--for", "parents")
    for one in ("sw.pope", "do.hope"):
        do("mgr.bond", "user", "assign", one, "{theirs}")
    do("psw.hale", "record", "--case", "{theirs}", text="Ellie met Baz.", name="their_words")


Extra = Callable[[World, int, int], None]


@dataclass(frozen=True)
class Kind:
    """A kind of record of the team Deter that is added to only one of two compared stores, and the
    roles of the team Engage that may see it."""

    name: str
    do: Extra
    seen_by: frozenset[Role] = frozenset({"intelligence-officer"})


EXTRAS: dict[str, Kind] = {}


def extra(*seen_by: Role, officer: bool = True) -> Callable[[Extra], Extra]:
    """Register a function that adds a kind of record. An intelligence officer may see every kind
    except records that belong to one person.
    """

    def keep(do: Extra) -> Extra:
        seen = frozenset({"intelligence-officer", *seen_by} if officer else seen_by)
        EXTRAS[do.__name__] = Kind(do.__name__, do, seen)
        return do

    return keep


NAMES = ("Kayleigh Marlow", "Kaylee Marlo", "Jade Marlow", "Barry Fields", "Bazza")
CHILDREN = ("Rosie Vale", "Tamsin Hurd", "Ellie Stone")
WORDS = (
    "Kayleigh Marlow is out with Baz in a silver Corsa PK95 ABC near Mill Lane.",
    "A lad called Bazza rings from 07700 900123 in a car PK95 AB something.",
    "He waits at the park.",
)


@extra("auditor")
def a_case(world: World, minute: int, draw: int) -> None:
    """Record a case whose child no reader's team knows by name, so that the case causes no silent
    alert.
    """
    child = ("refer", "--child", CHILDREN[draw % 3], "--concern", "seen with Baz")
    world.do(minute, "dc.stone", *child, name=f"case {minute}")


@extra("auditor")
def words(world: World, minute: int, draw: int) -> None:
    told = WORDS[draw % 3]
    case = ("--case", "{theirs}") if draw % 2 else ()
    urgent = ("--urgent", "she is there now") if draw % 5 == 0 else ()
    world.do(minute, "psw.hale", "record", *case, *urgent, text=told, name=f"words {minute}")


@extra("auditor")
def written_chart(world: World, minute: int, draw: int) -> None:
    told = ("chart", "save", f"who is who {draw}", "--min-grade", "any")
    world.do(minute, "dc.stone", *told, name=f"chart {minute}")


@extra("auditor", "source-handler")
def told_words(world: World, minute: int, draw: int) -> None:
    heard = ("--heard-from", ("Gran", "Carol Marlow", "a teacher")[draw % 3])
    world.do(minute, "psw.hale", "record", *heard, text=WORDS[draw % 3], name=f"words {minute}")


@extra()
def a_person(world: World, minute: int, draw: int) -> None:
    world.do(
        minute,
        "dc.stone",
        *("person", "add", "--name", NAMES[draw % 5], "--nickname", "Baz"),
        name=f"person {minute}",
    )


@extra()
def a_child(world: World, minute: int, draw: int) -> None:
    age = ("--under-18",) if draw % 2 else ("--category", "victim", "--grounds", "told")
    add = ("person", "add", "--name", NAMES[draw % 3], *age)
    world.do(minute, "dc.stone", *add, name=f"person {minute}")


@extra("auditor")
def an_ungraded_link(world: World, minute: int, draw: int) -> None:
    """Record an ungraded link between two suspects whom the teams Deter and Engage share; an entry
    of Deter is the link's basis.
    """
    words(world, minute, draw)
    world.did(
        minute,
        "dc.stone",
        *("link", f"{{words {minute}}}", "{baz}", "{barry}"),
        *("--kind", ("associate", "contact", "co-offender")[draw % 3]),
    )


@extra("auditor")
def an_incident(world: World, minute: int, draw: int) -> None:
    """Record an incident with a suspect whom both teams know, based on an entry of the team Deter.
    If `draw` is odd, the entry is graded first."""
    words(world, minute, draw)
    item = f"{{words {minute}}}"
    if draw % 2:
        graded = ("--source", "1", "--information", "A", "--handling", "P")
        world.did(minute, "dc.stone", "assess", item, *graded)
    told = (f"a party {draw % 3}", "--sort", "party", "--where", "place:Pier Road, Town B")
    world.did(minute, "dc.stone", "incident", "add", item, *told, "--who", "{baz}")


@extra("auditor")
def a_link_under_conditions(world: World, minute: int, draw: int) -> None:
    told = world.do(minute, "psw.hale", "record", text=WORDS[draw % 3], name=f"words {minute}")
    assert told.code == 0
    item = f"{{words {minute}}}"
    world.did(
        minute,
        "dc.stone",
        *("assess", item, "--source", "1", "--information", "A", "--handling", "C"),
        *("--conditions", "ask first", "--action", "A1", "--sanitisation", "S1"),
    )
    world.did(minute, "dc.stone", "link", item, "{baz}", "{barry}", "--kind", "co-offender")


@extra("auditor")
def a_childs_link(world: World, minute: int, draw: int) -> None:
    """Record a graded link without conditions that nevertheless is hidden, because one of its ends
    is a child.
    """
    kind = ("association", "family", "contact")[draw % 3]
    words(world, minute, draw)
    basis = f"{{words {minute}}}"
    world.did(minute, "dc.stone", "link", basis, "{baz}", "Ellie Stone", "--kind", kind)


@extra()
def a_judgement(world: World, minute: int, draw: int) -> None:
    """Record a person, and a judgement whether Baz is this person: the same, different or
    undecided, as `draw` says."""
    a_person(world, minute, draw)
    how = ("same", "different", "unsure")[draw % 3]
    one = f"{{person {minute}}}"
    world.did(minute, "dc.stone", how, "{baz}", one, "--reason", "the same car")


@extra("auditor")
def steps_of_a_case(world: World, minute: int, draw: int) -> None:
    steps: tuple[tuple[str, ...], ...] = (
        ("dc.stone", "threshold", "{theirs}", "high"),
        ("mgr.bond", "allocate", "{theirs}", "sw.pope", "--for", "child"),
        ("sw.pope", "missing", "reported", "{theirs}"),
        ("sw.pope", "engagement", "{theirs}", "child", "engaged"),
        (
            *("sw.pope", "marac", "refer", "{theirs}", "--meets", "2030-01-01"),
            *("--what", "he waits outside", "--ground", "judgement"),
        ),
    )
    who, *step = steps[draw % len(steps)]
    # the command may be refused: a child who is missing cannot be reported missing again
    world.do(minute, who, *step)


@extra("auditor")
def a_rating_that_a_later_age_reopens(world: World, minute: int, draw: int) -> None:
    """Record a low rating of a case, and then an age of the child with which the rules forbid the
    low rating.
    """
    case = f"{{rated {minute}}}"
    world.do(minute, "dc.stone", "refer", "--child", f"Poppy Ashe {minute}", name=f"rated {minute}")
    age = ("person", "age", f"Poppy Ashe {minute}", "--source", "the school")
    world.did(minute, "dc.stone", *age, "--words", "15")
    world.did(minute, "dc.stone", "threshold", case, "low", "--reason", "at home")
    world.did(minute + 1, "dc.stone", *age, "--born", "2000-03-01")


@extra("auditor")
def no_further_action(world: World, minute: int, draw: int) -> None:
    """Record that two people ended work on a shared suspect, and then a fact that speaks against
    their decision.
    """
    led = ("--because-of", "{their_words}")
    world.did(minute, "dc.stone", "outcome", "arrest", "{barry}", "--case", "{theirs}", *led)
    ended = ("outcome", "result", "nfa-other", "--who", "{barry}", "--case", "{theirs}")
    why = ("--rationale", "he was abroad", "--decided-by", "dc.stone")
    world.did(minute, "dc.stone", *ended, *why, *led)
    world.did(minute, "sgt.page", *ended, "--confirm")
    told = f"Ellie says that Barry Field drove her, {draw}."
    world.do(minute, "psw.hale", "record", "--case", "{theirs}", text=told, name=f"after {minute}")
    world.did(minute, "dc.stone", "link", f"{{after {minute}}}", "{barry}", "Ellie Stone",
              "--kind", "association")  # fmt: skip


@extra("auditor")
def an_exit(world: World, minute: int, draw: int) -> None:
    """Record that two people decided that a child left harm's way, and that the child went missing
    afterwards.
    """
    case = f"{{left {minute}}}"
    world.do(minute, "dc.stone", "refer", "--child", f"Isla Byrne {minute}", name=f"left {minute}")
    told = ("--outcome", "protected", "--reason", "she moved in with an aunt")
    world.did(minute, "dc.stone", "exit", case, *told)
    world.did(minute, "sgt.page", "exit", case, "--confirm", "--reason", "seen twice")
    world.did(minute, "dc.stone", "missing", "reported", case)


@extra("auditor")
def evidence(world: World, minute: int, draw: int) -> None:
    mark = ("--mark", f"AB{minute}", "--case", "{theirs}", "--from", "{their_words}")
    world.did(minute, "dc.stone", "evidence", "add", "exhibit", *mark)


@extra("auditor")
def an_arrest(world: World, minute: int, draw: int) -> None:
    case = ("--case", "{theirs}", "--because-of", "{their_words}")
    world.did(minute, "dc.stone", "outcome", "arrest", "{baz}", *case)


@extra(officer=False)
def support(world: World, minute: int, draw: int) -> None:
    note = ("support", "note", "{theirs}", "--kind", "note", "--about", "parents")
    world.did(minute, "psw.hale", *note, text="They need a rest.")


@extra(officer=False)
def health(world: World, minute: int, draw: int) -> None:
    noted = ("health", "note", "{theirs}", "--category", "allergy")
    world.did(minute, "sw.pope", *noted, text="Nuts.")


@extra("source-handler", officer=False)
def a_graded_source(world: World, minute: int, draw: int) -> None:
    """Record a grade of the reliability of the source of a log entry, given by the handler of the
    source register."""
    assert world.line.kept.system
    log = world.line.kept.system.logs["evidence"]
    token = log.history(UUID(world.ids["words"]))[0].event.root  # type: ignore[attr-defined]
    grade = ("source", "grade", str(token), str(1 + draw % 3), "--reason", f"reviewed {minute}")
    world.did(minute, "sh.wren", *grade)


@extra(officer=False)
def a_placement(world: World, minute: int, draw: int) -> None:
    made = ("placement", "made", "{theirs}", "--kind", "residential")
    world.did(minute, "sw.pope", *made, text="12 Canal Road, Town B")


@extra("auditor")
def a_decision(world: World, minute: int, draw: int) -> None:
    outcome = ("assess", "no-value", "safeguard")[draw % 3]
    words(world, minute, draw)
    decide = ("triage", f"{{words {minute}}}", "--outcome", outcome, "--reason", "seen with Baz")
    # the option `--looked` is given, because another entry may corroborate this entry
    world.did(minute, "dc.stone", *decide, "--looked")


@extra("source-handler", "auditor", "manager")
def broken_glass(world: World, minute: int, draw: int) -> None:
    world.did(minute, "sw.pope", "glass", "break", "{theirs}", "--reason", "she is missing")


@extra("auditor", "manager")
def a_hold(world: World, minute: int, draw: int) -> None:
    how = ("hold", "place") if draw % 2 else ("restrict", "--ground", "part-3-s47-2")
    world.did(minute, "dc.stone", *how, "{their_words}", "--reason", "trial")


@extra("auditor", "source-handler")
def looking(world: World, minute: int, draw: int) -> None:
    ask: tuple[tuple[str, ...], ...] = (
        ("show", "{their_words}"),
        ("search", "Ellie"),
        ("network", "ego", "{baz}"),
    )
    world.did(minute, "dc.stone", *ask[draw % 3])


def hidden_from(role: Role | None) -> list[str]:
    """Return the names of the items that a user of this role may not see."""
    return [name for name, kind in EXTRAS.items() if role not in kind.seen_by]


def told(said: Said) -> tuple[int, str, str]:
    return said.code, said.out, said.err


Reads = list[tuple[str, ...]]
