"""What somebody may not see changes nothing of what they get: no byte, no count, no error.

Two worlds are told the same; in the second another team records more. Everybody of the first team
then asks everything that the command line answers, about what is theirs, about what exists in the
second world alone, and about what exists nowhere, and gets the same in both.
"""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from random import Random
from shutil import copytree

import pytest
import typer
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import cli
from domain.values import Role
from tests.access.worlds import (
    ADMINISTRATOR,
    ENGAGE,
    EXTRAS,
    READERS,
    Drawn,
    Reads,
    World,
    common,
    drawn,  # noqa: F401 (a fixture)
    hidden_from,
    staffed,
    told,
)
from tests.console.conftest import Line

#: So many questions are asked of both worlds in one example.
ASKED = 45
NOWHERE = "00000000-0000-4000-8000-000000000099"
#: What is asked about: everything that both worlds have, of either team, by what it is called.
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

#: Every command that answers something and records nothing, and how it is asked. "{one}" stands for
#: each id in turn, "{who}" for each name.
READS: dict[str, Reads] = {
    "queue": [(), ("--overdue",), ("--json",), ("--limit", "1"), ("--after", "{one}", "--json")],
    "cases": [(), ("--all", "--json"), ("--unallocated",)],
    "proposals": [(), ("--json",)],
    "due escalated": [(), ("--json",)],
    "missing": [(), ("--json",)],
    "patterns": [(), ("--all", "--json")],
    "hold list": [(), ("--json",)],
    "mine": [(), ("--json",)],
    "stages": [(), ("--json",)],
    "brief": [(), ("--json",), ("--since", "2011-03-01"), ("--limit", "1", "--json")],
    "search": [("{words}",), ("{words}", "--json", "--limit", "3")],
    "suggestions": [("--json",), ("--limit", "2")],
    "show": [("{one}",), ("{one}", "--json")],
    "trail": [("{one}", "--json"), ("{one}", "--forward", "--json")],
    "replay": [("{one}", "--step", "--json")],
    "person list": [(), ("--json",)],
    "person show": [("{who}", "--json"), ("{one}",)],
    "network ego": [
        ("{who}", "--min-grade", "any", "--json"),
        ("{one}", "--hops", "2"),
        ("Baz", "--as-known", "2011-03-18T10:00", "--json"),
    ],
    "network path": [("Baz", "{who}", "--min-grade", "any", "--json"), ("Baz", "{one}")],
    "network groups": [("--json",), ("--min-grade", "any")],
    "network key-people": [("--json",), ("--min-grade", "any", "--layer", "all", "--json")],
    "network hotspots": [("--json",), ("--min-grade", "any")],
    "network victims": [("--json",), ("{who}",), ("--min-grade", "any")],
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
    "journey": [("{one}",)],
    "victim-request list": [(), ("--all",)],
    "complaint list": [(), ("--all",)],
    "reporting list": [(), ("--all",)],
    "voices": [(), ("--json",)],
    "proceedings": [("{one}",)],
    "family steps": [("{one}",)],
    "evidence stands": [("{one}",)],
    "material report": [("{one}",)],
    "notices": [(), ("--json",), ("--state", "live", "--json")],
    "meeting list": [(), ("--json",)],
    "week": [(), ("--json",)],
    "workload": [(), ("--json",)],
    "supervision list": [()],
    "meeting agenda": [("{one}",)],
    "meeting minutes": [("{one}",)],
    "meeting decisions": [(), ("--all", "--json"), ("--about", "{one}")],
    "health list": [("{one}",)],
    "placement list": [("{one}",)],
    "compartment show": [("{one}", "placement")],
    "glass list": [(), ("--json",)],
    "authority list": [()],
    "entry list": [()],
    "disclosure list": [(), ("--of", "{one}")],
    "access-request": [()],
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
    "user show": [("dc.reed",), ("dc.stone",), ("nobody.known",)],
    "whoami": [()],
    "views compare": [()],
    "read": [("Baz drives PK95 ABC",)],
}

#: Commands that record something or see to the store: `test_attacks` and the roles' own tests ask
#: those of them that take an id.
OTHERS = frozenset(
    """
    allocate|anchor|assess|authority approve|authority end|authority give|backup|close
    copies destroyed|original|signer revoke|signer rotate
    new-origin confirm|new-origin propose|new-origin refuse
    checkpoint compare|compartment close|compartment open|confirm|consent ask|consent give
    consent refuse|consider|correct|charging decided|charging review|court appeal
    court appeal-decided|court order|court account|court bail|court bail-ended|court hearing
    court held|court measure|court moved|court plea|court step|demo|different|disclose
    disclosure recall|disclosure told
    disseminate|drill|due acknowledge|due answer
    engagement|entry alone|entry ask|entry join|entry review|erase|escalate|evidence add
    evidence exclude|evidence withdraw
    evidence transfer|evidence undermine|exit|exploitation assess|family asked
    family at-risk|family cares|family danger|family decided|family engaged|family ethnicity
    family invited|family kept|family member|family promise
    family relation|family told|flag|glass break|glass close|glass review
    health note|hits decide|hold confirm|hold lift|hold place|hold prove|hold review
    import|init|judge|keys rotate|keys status|link|login
    logout|material review|meeting board|meeting call|meeting decide|meeting held|meeting item
    meeting off|meeting result|supervision told|missing found|missing interview|missing judged
    missing plan
    missing reported|missing risk|missing told|missing weighed|outcome arrest
    outcome charge|outcome notice|outcome result|notice breach|notice followed|notice service
    pack|parent risk|parent risk-ended
    person add|person ethnicity|person age|person alias|person class|person name|placement ended
    person learning-disability|person end-class
    placement made|proof|receipt|record|rectify|refer|refile|report add|request answer
    request ask|request complete|request decide|request extend|request heard
    restore|restrict|retention decide|retract
    rota add|rota end|roots join|roots part|same|sanitise|serve|setup postgres|watch
    signer init|signer run|signer witness
    source conflict|source drift decide|source drift due|source grade|split|support contact
    support note|take|team make|team merge|team rename|threshold
    triage|unrestrict|unsure|unusual-access review|urgency|urgent|user add
    user assign|user enrol|user key end|user key make|user leave|user lock|user reach
    user role give
    user role take|user team join|user team leave|user unassign|user unlock|user unreach
    reporting arises|reporting later|reporting reported
    complaint acknowledged|complaint outcome|complaint received|complaint step
    victim-request ask|victim-request decide|victim-request hand-over|victim-request notice
    victim-request withdraw|views rebuild
    withdraw|witness init|witness serve|witness sign
    """.replace("\n", "|")
    .replace("    ", "")
    .strip("|")
    .split("|")
)
#: Whose answers may differ, and why.
EXCEPTIONS = {
    "alerts": "a warning knows all and tells little: its own test below",
    "copies": "who runs the store has to find every copy of it: no content, and no item by name",
    "doctor": "whoever has the files may look at them",
    "contact check": "doubt protects: its own test below",
    "lint": "households are counted over every team: its own test below",
    "retention": "a review is due by all that is known of somebody: its own test below",
    "verify": "whoever has the files may prove their length",
    "views status": "the administrator's and the auditor's: how far the log has come",
}


def every_command() -> Iterator[str]:
    def walk(command: object, path: tuple[str, ...]) -> Iterator[str]:
        below = getattr(command, "commands", None)
        if below is None or getattr(command, "invoke_without_command", False):
            yield " ".join(path)
        for name, one in (below or {}).items():
            yield from walk(one, (*path, name))

    yield from walk(typer.main.get_command(cli.app), ())


def test_no_command_is_forgotten() -> None:
    known = [*READS, *OTHERS, *EXCEPTIONS]
    assert sorted(known) == sorted(every_command())


def questions(ids: list[str]) -> Iterator[tuple[str, ...]]:
    """Every reading command in every form, about everything."""
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
    """Asked minute by minute: the clock tells the same in both worlds."""
    return [told(world.do(5000 + n, who, *one)) for n, one in enumerate(asked)]


class Pair:
    """Makes both worlds of an example out of one store: on files, or in the database that `url`
    names, of which `another` makes copies."""

    def __init__(
        self,
        home: Path,
        source: Drawn,
        url: str | None = None,
        another: Callable[[str], str] | None = None,
    ) -> None:
        self.home, self.drawn, self.number = home, source, count()
        self.url, self.another = url, another
        first = staffed(Line(url or str(home / "first"), home / "first"), source)
        common(first)
        self.ids = dict(first.ids)
        first.line.close()

    def world(self) -> World:
        place = self.home / f"world-{next(self.number)}"
        copytree(self.home / "first", place)
        store = self.another(self.url) if self.url and self.another else str(place)
        return World(Line(store, place), self.drawn, dict(self.ids))


@pytest.fixture
def pair(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, drawn: Drawn) -> Pair:  # noqa: F811
    monkeypatch.chdir(tmp_path)
    return Pair(tmp_path, drawn)


@pytest.fixture
def database_pair(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    drawn: Drawn,  # noqa: F811
    postgres_url: str,
    copied_database: Callable[[str], str],
) -> Pair:
    monkeypatch.chdir(tmp_path)
    return Pair(tmp_path, drawn, postgres_url, copied_database)


steps = st.lists(
    st.tuples(st.sampled_from(sorted(EXTRAS)), st.integers(0, 29)), min_size=3, max_size=6
)
FEW = settings(
    max_examples=3,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def between(first: World, second: World, done: list[tuple[str, int]], roles: set[Role]) -> None:
    """The second world goes on with what none of these roles may see; both with what all do."""
    hidden = set.intersection(*(set(hidden_from(role)) for role in roles))
    for number, (name, draw) in enumerate(done):
        minute = 100 + 10 * number
        for world in (first, second):
            text = "She says he waited at Mill Lane again."
            world.did(minute, "psw.ellis", "record", "--case", "{case}", text=text)
        if name in hidden:
            EXTRAS[name].do(second, minute + 5, draw)


def assert_same(first: World, second: World, who: str, seed: int) -> None:
    """Some of all questions, never the same ones: every command, about three things each."""
    draw = Random(seed)
    every = list(questions([*dict.fromkeys([*second.ids.values(), NOWHERE])]))
    some = [*draw.sample(every, min(len(every), ASKED))]
    for one, here, there in zip(
        some, answers(first, who, some), answers(second, who, some), strict=True
    ):
        assert here == there, (who, one)
        assert here[0] != cli.FAULT, here


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


@pytest.mark.parametrize("roles", GROUPS, ids=NAMES)
@FEW
@given(done=steps, which=st.integers(0, 9), seed=st.integers(0, 9999))
def test_what_is_hidden_changes_nothing(
    pair: Pair, roles: tuple[Role, ...], done: list[tuple[str, int]], which: int, seed: int
) -> None:
    nothing_changes(pair, roles, done, which, seed)


@pytest.mark.postgres
@pytest.mark.parametrize("roles", [GROUPS[0], GROUPS[-1]], ids=[NAMES[0], NAMES[-1]])
@settings(FEW, max_examples=1)
@given(done=steps, which=st.integers(0, 9), seed=st.integers(0, 9999))
def test_what_is_hidden_changes_nothing_on_a_server(
    database_pair: Pair,
    roles: tuple[Role, ...],
    done: list[tuple[str, int]],
    which: int,
    seed: int,
) -> None:
    nothing_changes(database_pair, roles, done, which, seed)


def nothing_changes(
    pair: Pair, roles: tuple[Role, ...], done: list[tuple[str, int]], which: int, seed: int
) -> None:
    """One of these readers is answered alike in both worlds."""
    first, second = pair.world(), pair.world()
    between(first, second, done, set(roles))
    by_role = {**{role: name for name, role in ENGAGE.items()}, "administrator": ADMINISTRATOR}
    readers = [by_role[role] for role in roles]
    if "psw" in roles:
        readers.append("nobody.known")
    assert set(readers) <= set(READERS)
    try:
        assert_same(first, second, readers[which % len(readers)], seed)
    finally:
        first.line.close()
        second.line.close()


# --- what may differ, exactly -------------------------------------------------------------------


@pytest.fixture
def apart(pair: Pair) -> Iterator[tuple[World, World]]:
    """Two worlds: in the second Deter knows that Baz lives with a child of theirs, and was
    arrested."""
    first, second = pair.world(), pair.world()
    for number, name in enumerate(("an_ungraded_link", "an_arrest", "a_childs_link", "words")):
        EXTRAS[name].do(second, 100 + number, 3)
    yield first, second
    first.line.close()
    second.line.close()


def test_a_way_to_reach_a_family_tells_the_verdict_alone(apart: tuple[World, World]) -> None:
    """Deter knows that a suspect uses the number; Engage's worker is told not to use it, and
    nothing more."""
    _, second = apart
    for world in apart:
        told = ("link", "{waiting}", "{barry}", "phone:07700 900456", "--kind", "uses")
        world.did(200, "dc.reed", *told)
    theirs = ("link", "{their_words}", "{baz}", "phone:07700 900789", "--kind", "uses")
    second.did(201, "dc.stone", *theirs)
    for number, verdicts in (("07700 900456", 1), ("07700 900789", 2), ("07700 900999", 1)):
        asked = ("contact", "check", f"phone:{number}")
        said = [one.do(300, "psw.ellis", *asked) for one in apart]
        assert len({one.out for one in said}) == verdicts, said
        for one in said:
            assert not any(name in one.out + one.err for name in ("Baz", "Barry", "Stone"))


def test_households_are_counted_over_every_team_and_nothing_else_is_told(
    apart: tuple[World, World],
) -> None:
    text = "A named man uses a silver Corsa near Mill Lane."
    marks = [one.do(300, "dc.reed", "lint", "--json", text).json["marks"] for one in apart]
    assert marks[0] != marks[1]
    for one in marks:
        for mark in one:
            mark["households"] = None
    assert marks[0] == marks[1]


def test_a_review_is_due_by_all_that_is_known_and_nothing_else_is_told(
    apart: tuple[World, World],
) -> None:
    """Else another team's suspect would be disposed of."""
    asked = ("retention", "--due", "2100-01-01", "--json")
    due = [one.do(300, "dc.reed", *asked).json["due"] for one in apart]
    assert due[0] != due[1]
    for one in due:
        for item in one:
            item["due"] = item["since"] = None
        one.sort(key=lambda item: str(item["id"]))
    assert due[0] == due[1]


def test_an_alert_tells_that_there_is_something_and_not_what(apart: tuple[World, World]) -> None:
    for world in apart:
        tie = ("link", "{words}", "Kayleigh Marlow", "place:3 Mill Lane, Town A")
        world.did(200, "dc.reed", *tie, "--kind", "lives-at")
    _, second = apart
    hers = ("link", "{their_words}", "{baz}", "place:3 Mill Lane, Town A", "--kind", "lives-at")
    second.did(201, "dc.stone", *hers)
    here, there = (one.do(300, "csw.moss", "alerts", "--json").json for one in apart)
    assert here == []
    (alert,) = there
    assert alert["kind"] == "co-resident"
    assert "Baz" not in str(there)
    assert second.ids["baz"] not in str(there)
