"""Records that a reader may not see change no byte, no count and no error in any answer to the
reader.

Two stores get the same records, and in the second store another team records more. Each user of the
first team then runs every query of the command line in both stores: about the team's own items,
about items that exist only in the second store, and about unknown items. The answers from both
stores must be the same.
"""

from collections.abc import Iterator
from datetime import date

import pytest
import typer
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import cli
from access.who_may.scope import HIDDEN
from domain.families.referral import RatingReopened
from domain.kernel.values import Role
from tests.access.worlds import (
    ADMINISTRATOR,
    ENGAGE,
    EXTRAS,
    READERS,
    START,
    Reads,
    World,
    hidden_from,
)
from tests.fuzz import TIMES
from tests.support.access.noninterference import GROUPS, NAMES, READS, Pair, answers, assert_same
from usecases.kernel.registry import USE_CASES

#: Commands that record facts or administer the store. `test_attacks` and the tests of the roles try
#: those of them that take an id. All declared use cases are added to these commands below.
OTHERS = frozenset(
    {
        "analyse", "anchor", "assess", "backup", "checkpoint compare", "clock confirm",
        "clock propose", "clock refuse", "consider", "demo", "disclose", "disseminate",
        "drill", "erase", "escalate", "exchange publish", "exchange renew", "exchange send",
        "exchange take", "hold lift", "hold place", "hold prove", "import", "init",
        "keys open", "keys pair", "keys rotate", "keys status", "log-photo", "login",
        "logout", "new-origin confirm", "new-origin propose", "new-origin refuse", "original",
        "outcome result", "pack", "proof", "receipt", "record", "rectify", "report add",
        "request answer", "request decide", "restore", "restrict", "sanitise", "serve",
        "setup postgres", "signer init", "signer revoke", "signer rotate", "signer run",
        "signer witness", "site follow", "site forget", "site hand-over", "site heed",
        "site promote", "site publish", "site status", "triage", "unrestrict", "user add",
        "user enrol", "user key end", "user key make", "victim-request hand-over",
        "views rebuild", "watch", "witness init", "witness serve", "witness sign",
    }
) | frozenset(USE_CASES)  # fmt: skip
#: Queries whose answers may differ between the stores, each with the reason.
EXCEPTIONS = {
    "alerts": "a warning knows all and tells little: its own test below",
    "alert list": "the same warnings",
    "copies": "who runs the store has to find every copy of it: no content, and no item by name",
    "doctor": "the person who has the files may look at them",
    "contact check": "doubt protects: its own test below",
    "lint": "households are counted over every team: its own test below",
    "verify": "the person who has the files may prove their length",
    "views status": "the administrator's and the auditor's: how far the log has come",
}


def every_command() -> Iterator[str]:
    def walk(command: object, path: tuple[str, ...]) -> Iterator[str]:
        below = getattr(command, "commands", None)
        if below is None or getattr(command, "invoke_without_command", False):
            yield " ".join(path)
        for name, one in (below or {}).items():
            yield from walk(one, (*path, name))

    yield from walk(typer.main.get_command(cli.program()), ())


def test_no_command_is_forgotten() -> None:
    known = [*READS, *OTHERS, *EXCEPTIONS]
    assert len(known) == len(set(known))
    lacking = set(every_command()) - set(known)
    assert not lacking, (
        f"write {lacking} in READS (tests/support/access/noninterference.py), or here in OTHERS if "
        "they record something, or in EXCEPTIONS with a test of their own"
    )
    assert set(known) <= set(every_command())


steps = st.lists(
    st.tuples(st.sampled_from(sorted(EXTRAS)), st.integers(0, 29)), min_size=3, max_size=6
)
FEW = settings(
    max_examples=TIMES,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def between(first: World, second: World, done: list[tuple[str, int]], roles: set[Role]) -> None:
    """Record items of the kinds in `done` in the second store. Kinds that some of these roles may
    see are recorded in the first store, too. Both stores also get the same log entry before each
    item."""
    hidden = set.intersection(*(set(hidden_from(role)) for role in roles))
    for number, (name, draw) in enumerate(done):
        minute = 100 + 10 * number
        for world in (first, second):
            text = "She says he waited at Mill Lane again."
            world.did(minute, "psw.ellis", "record", "--case", "{case}", text=text)
        if name in hidden:
            EXTRAS[name].do(second, minute + 5, draw)
    for world in (first, second):
        world.follow()


#: The queries about the network over time, and about people who were near a place.
OVER_TIME = (
    *("network counts", "network timeline", "network frames", "network changes"),
    *("network moves", "network near", "network ego"),
)
#: On a server, every `ON_A_SERVER`th group of roles is tried.
ON_A_SERVER = 1 if TIMES == 1 else 5


@pytest.mark.in_turn
@pytest.mark.parametrize("roles", GROUPS, ids=NAMES)
@FEW
@given(done=steps, which=st.integers(0, 9), seed=st.integers(0, 9999))
def test_what_is_hidden_changes_nothing(
    pair: Pair, roles: tuple[Role, ...], done: list[tuple[str, int]], which: int, seed: int
) -> None:
    nothing_changes(pair, roles, done, which, seed)


@pytest.mark.seldom  # test_noninterference_http tries the pages and the API on a server
@pytest.mark.postgres
@pytest.mark.parametrize("roles", GROUPS[:ON_A_SERVER:4], ids=NAMES[:ON_A_SERVER:4])
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
    """Record items of these kinds as `between` does, and assert that a user of each of these roles
    gets the same answers from both stores."""
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


def test_an_incident_of_another_team_is_in_no_answer_about_the_network(pair: Pair) -> None:
    """An incident that another team recorded is in no answer. The reader sees neither its name, nor
    its place, nor that a suspect was there."""
    first, second = pair.world(), pair.world()
    between(first, second, [("an_incident", 3), ("an_incident", 2)], {"detective", "psw"})
    asked: list[tuple[str, ...]] = [
        *(("network", *one.split()[1:], *more) for one in OVER_TIME for more in READS[one]),
        ("search", "party", "--json"),
        ("search", "Pier Road", "--json"),
        ("network", "near", "Baz", "--from", "2011-01-01", "--min-grade", "any", "--json"),
    ]
    named = [tuple(part.format(one="Baz", who="Baz") for part in one) for one in asked]
    try:
        for who in (name for name, role in ENGAGE.items() if role in ("detective", "psw")):
            for one, here, there in zip(
                named, answers(first, who, named), answers(second, who, named), strict=True
            ):
                assert here == there, (who, one)
    finally:
        first.line.close()
        second.line.close()


#: Names of functions that record facts of the team Deter. The last fact of each reopens an earlier
#: decision.
LATER = ("a_rating_that_a_later_age_reopens", "no_further_action", "an_exit")


def test_what_a_later_fact_does_to_anothers_decision_is_in_no_answer(pair: Pair) -> None:
    """If a later fact of another team reopens a rating, a no-further-action decision or an exit, no
    answer shows it: no notification, deadline, flag or count.
    """
    first, second = pair.world(), pair.world()
    roles: set[Role] = {"psw", "detective", "social-worker"}
    between(first, second, [(name, 1) for name in LATER], roles)
    asked: list[tuple[str, ...]] = [
        *((*one.split(), *more) for one in ("due", "flags", "alerts", "cases", "missing now")
          for more in ((), ("--json",))),
        *(("person", "show", who, "--json") for who in ("Baz", "Barry Field")),
        ("network", "for-decision", "--json"), ("notices", "--json"), ("workload", "--json"),
        ("stages", "--json"), ("retention", "--all", "--json"), ("mine", "--json"),
    ]  # fmt: skip
    try:
        assert second.line.kept.system
        kinds = [kind for _, kind in second.line.kept.system.logs["evidence"].kinds(0, 1000)]
        assert RatingReopened in kinds
        for who in (name for name, role in ENGAGE.items() if role in roles):
            for one, here, there in zip(
                asked, answers(first, who, asked), answers(second, who, asked), strict=True
            ):
                assert here == there, (who, one)
    finally:
        first.line.close()
        second.line.close()


# --- answers that may differ between the stores in exactly one way ---------------------------


@pytest.fixture
def differing_worlds(pair: Pair) -> Iterator[tuple[World, World]]:
    """Yield two stores. In the second store, the team Deter has also recorded an ungraded link, an
    arrest, a link to a child and a log entry.
    """
    first, second = pair.world(), pair.world()
    for number, name in enumerate(("an_ungraded_link", "an_arrest", "a_childs_link", "words")):
        EXTRAS[name].do(second, 100 + number, 3)
    yield first, second
    first.line.close()
    second.line.close()


def test_a_way_to_reach_a_family_tells_the_verdict_alone(
    differing_worlds: tuple[World, World],
) -> None:
    """If the team Deter knows that a suspect uses a phone number, Engage's worker is warned not to
    use the number. The worker learns nothing else about the suspect."""
    _, second = differing_worlds
    for world in differing_worlds:
        told = ("link", "{waiting}", "{barry}", "phone:07700 900456", "--kind", "uses")
        world.did(200, "dc.reed", *told)
    theirs = ("link", "{their_words}", "{baz}", "phone:07700 900789", "--kind", "uses")
    second.did(201, "dc.stone", *theirs)
    for number, verdicts in (("07700 900456", 1), ("07700 900789", 2), ("07700 900999", 1)):
        asked = ("contact", "check", f"phone:{number}")
        said = [one.do(300, "psw.ellis", *asked) for one in differing_worlds]
        assert len({one.out for one in said}) == verdicts, said
        for one in said:
            assert not any(name in one.out + one.err for name in ("Baz", "Barry", "Stone"))


def test_households_are_counted_over_every_team_and_nothing_else_is_reported(
    differing_worlds: tuple[World, World],
) -> None:
    text = "A named man uses a silver Corsa near Mill Lane."
    marks = [
        world.do(300, "dc.reed", "lint", "--json", text).json["marks"] for world in differing_worlds
    ]
    assert marks[0] != marks[1]
    for one in marks:
        for mark in one:
            mark["households"] = None
    assert marks[0] == marks[1]


def test_a_review_is_due_by_what_one_sees_and_nothing_hidden_is_disposed_of(
    differing_worlds: tuple[World, World],
) -> None:
    """A hidden arrest by the team Deter changes no review date in Engage's list, but prevents
    Engage from erasing the arrested person.
    """
    first, second = differing_worlds
    day, asked = 24 * 60, ("retention", "--all", "--json")
    arrest = ("outcome", "arrest", "{baz}", "--because-of", "{their_words}")
    second.did(3 * day, "dc.stone", *arrest)
    due = [world.do(4 * day, "dc.reed", *asked).json["due"] for world in differing_worlds]
    assert due[0] == due[1]
    assert all(item[one].endswith("T00:00:00Z") for item in due[0] for one in ("due", "since"))
    (mine,) = (item for item in due[0] if item["id"] == first.ids["baz"])
    assert mine not in second.do(5 * day, "io.park", *asked).json["due"]
    later = day * ((date.fromisoformat(mine["due"][:10]) - START.date()).days + 1)
    decide = ("retention", "decide", "{baz}", "dispose", "--reason", "nothing since")
    here, there = (world.do(later, "dc.reed", *decide) for world in differing_worlds)
    assert here.code == 0, here.err
    assert there.code == 2
    assert HIDDEN in there.err
    retain = ("retention", "decide", "{baz}", "retain", "--reason", "in use")
    second.did(later + 1, "dc.reed", *retain)


def test_an_alert_tells_that_there_is_something_and_not_what(
    differing_worlds: tuple[World, World],
) -> None:
    for world in differing_worlds:
        tie = ("link", "{words}", "Kayleigh Marlow", "place:3 Mill Lane, Town A")
        world.did(200, "dc.reed", *tie, "--kind", "lives-at")
    _, second = differing_worlds
    hers = ("link", "{their_words}", "{baz}", "place:3 Mill Lane, Town A", "--kind", "lives-at")
    second.did(201, "dc.stone", *hers)
    here, there = (one.do(300, "csw.moss", "alerts", "--json").json for one in differing_worlds)
    assert here == []
    (alert,) = there
    assert alert["kind"] == "co-resident"
    assert "Baz" not in str(there)
    assert second.ids["baz"] not in str(there)


ADDRESS = "5 Elm Road, Town A"
#: Queries about the address {there}, where {jo}, who is no suspect, was seen.
OF_AN_ADDRESS: Reads = [
    ("search", "{there}"),
    ("search", "Elm Road"),
    ("person", "show", "place:{there}"),
    ("contact", "check", "place:{there}"),
    ("said-before", "{elm}"),
    ("said-before", "{elm}", "--deciding"),
    ("show", "{elm}"),
    ("trail", "{elm}"),
    ("alerts",),
    ("due",),
    ("consistency",),
    ("network", "near", "place:{there}", "--min-grade", "any"),
    ("network", "ego", "place:{there}", "--min-grade", "any"),
    ("network", "hotspots", "--min-grade", "any"),
    ("network", "shared", "{jo}", "{barry}"),
    ("network", "timeline", "{jo}", "--min-grade", "any"),
    ("network", "export", "--format", "csv", "--min-grade", "any"),
    ("lint", "She is at {there}"),
    ("media", "check", "{case}", "--for", "a paper", "--text", "She is at {there}."),
    ("placement", "list", "{case}"),
    ("family", "told", "{case}", "received", "--words", "we heard of {there}"),
    ("link", "{elm}", "{jo}", "place:{there}", "--kind", "frequents"),
]


@pytest.mark.in_turn
@pytest.mark.parametrize("who", ["dc.reed", "psw.ellis", "mgr.lund"])
def test_nothing_that_is_asked_of_an_address_tells_that_a_child_is_placed_there(
    pair: Pair, who: str
) -> None:
    """Answers about an address do not depend on whether a child of the team Engage is placed there.
    The only exceptions are an alert about a suspect with a link to the address, and the report
    of users who record such links as a trick."""
    apart = pair.world(), pair.world()
    try:
        for place, world in ((ADDRESS, apart[0]), ("9 Oak Road, Town A", apart[1])):
            world.ids["there"] = ADDRESS
            made = ("placement", "made", "{case}", "--kind", "residential")
            world.did(100, "sw.lane", *made, text=place)
            world.do(101, "psw.ellis", "record", text="Jo was at {there}", name="elm")
            world.do(102, "dc.reed", "person", "add", "--nickname", "Jo", name="jo")
            seen = ("link", "{elm}", "{jo}", "place:{there}", "--kind", "seen-at")
            world.did(103, "dc.reed", *seen)
            world.follow()
        answered = 0
        for number, asked in enumerate(OF_AN_ADDRESS):
            here, there = (world.do(200 + number, who, *asked) for world in apart)
            assert (here.code, here.out, here.err) == (there.code, there.out, there.err), asked
            answered += here.code == 0
        assert answered >= 5
        for world in apart:
            suspected = ("link", "{elm}", "{baz}", "place:{there}", "--kind", "seen-at")
            world.did(300, "dc.reed", *suspected)
        here, there = (world.do(301, "dc.reed", "alerts", "--json").json for world in apart)
        assert [one["kind"] for one in here] == ["near-placement"]
        assert there == []
    finally:
        for world in apart:
            world.line.close()


#: Queries about a suspect or entry that Engage wants to erase, with a record of another team about
#: it that prevents the erasure, and words that would reveal this record in an answer.
PREVENTS: dict[str, tuple[Reads, str, tuple[str, ...]]] = {
    "an arrest": (
        [("outcome", "arrest", "{barry}", "--case", "{theirs}", "--because-of", "{their_words}")],
        "{barry}",
        ("arrest", "charge", "live matter"),
    ),
    "an appeal": (
        [("court", "appeal", "{theirs}", "{barry}", "sentence")],
        "{barry}",
        ("appeal", "arrest", "live matter"),
    ),
    "a hold": (
        [("hold", "place", "{theirs}", "--reason", "an inquiry")],
        "{barry}",
        ("hold", "inquiry"),
    ),
}


@pytest.mark.parametrize("what", PREVENTS)
def test_a_plan_to_erase_names_nothing_hidden_that_prevents_it(pair: Pair, what: str) -> None:
    """The plan of an erasure says that hidden records prevent it, and says nothing else about these
    records. A user who may see the records reads which records they are.
    """
    acts, subject, known_by = PREVENTS[what]
    first, second = pair.world(), pair.world()
    try:
        if what == "a hold":  # the plan includes people named in entries of the case with the hold
            second.did(
                90, "dc.stone", "link", "{their_words}", "{barry}", "{baz}", "--kind", "contact"
            )
        for number, act in enumerate(acts):
            second.did(100 + number, "dc.stone", *act)
        said = [one.do(200, "dc.reed", "erase", subject, "--dry-run") for one in (first, second)]
        here, there = (one.out + one.err for one in said)
        assert HIDDEN not in here
        assert HIDDEN in there, there
        for word in known_by:
            assert word not in there.lower(), (word, there)
        hidden = {name: one for name, one in second.ids.items() if name not in first.ids}
        assert not any(one in there for one in hidden.values())
        officer = second.do(201, "io.park", "erase", subject, "--dry-run")
        assert officer.code == 0
        assert HIDDEN not in officer.out
        assert any(word in officer.out for word in known_by)
    finally:
        first.line.close()
        second.line.close()
