"""For each role, action and relation to an item, the access function allows what the role table
allows.

This module contains the table a second time, written by hand from the access design, with the items
that each width of access covers. The test calls the access function with every role, action and
relation to an item.
"""

from collections.abc import Iterator
from itertools import product
from uuid import UUID

import msgspec
import pytest

from access.who_may.decide import SEEING, SORTS, Thing, ceiling, decide, require, see
from access.who_may.table import ACTS, AUDIT, DISCLOSURE, GLASS, MAY, SAID
from domain.families.charity_support import CONTROLLER
from domain.kernel.acts import Act
from domain.kernel.values import ROLES, Denied, HandlingCode, Reader, Role

#: The width of access for each role and action. The roles are in this order: psw, detective,
#: intelligence officer, source handler, social worker, children's support worker, manager,
#: disclosure officer, auditor, administrator, supervisor, DCI, missing-from-home coordinator,
#: health worker, charity worker, evaluator; "-" means never.
TABLE = """
see-words        own queue  any -   own own -    own    -   -   queue  any own    own own -
see-clock        own team   any -   own own team own    any -   team   any own    own own -
see-case         own team   any -   own own team own    any -   team   any team   own own -
see-child        own team   any -   own own -    own    -   -   team   any team   own own -
see-person       own team   any -   own own -    own    -   -   team   any own    own own -
see-network      -   shared any -   -   -   -    shared any -   shared any shared -   -   -
see-link         -   shared any -   -   -   -    own    any -   shared any shared -   -   -
see-report       -   team   any -   -   -   -    own    any -   team   any -      -   -   -
see-outcome      -   team   any -   -   -   -    own    any -   team   any -      -   -   -
see-source       own -      -   any -   -   -    -      -   -   -      -   -      -   own -
see-conflict     -   team   any any -   -   -    -      -   -   team   any -      -   -   -
see-health       -   -      -   -   own own -    -      -   -   -      -   -      own -   -
see-placement    -   -      any -   own own -    -      -   -   -      -   own    -   -   -
see-support      own -      -   -   -   -   -    -      -   -   -      -   -      -   own -
see-parent-risk  own -      -   -   -   -   -    -      -   -   team   -   -      -   own -
see-identifier   -   -      -   -   own -   -    own    -   -   team   any -      own -   -
see-risk         -   team   any -   own -   -    -      -   -   team   any -      -   -   -
see-counts       -   team   any -   -   -   team -      any -   team   any -      -   -   -
see-card         -   -      -   -   -   -   team -      any -   team   any -      -   -   team
see-alerts       -   -      -   any -   -   team -      any -   team   any team   -   -   -
see-meeting      team team  any -   team team team -     any -   team   any team   team team -
analyse          -   -      any -   -   -   -    -      -   -   -      any -      -   -   -
see-trail-words  -   -      any -   -   -   -    own    -   -   -      -   -      -   -   -
see-trail-items  -   team   any -   -   -   -    own    any -   team   any -      -   -   -
record           any any    any any any any any  any    any any any    any any    any any any
correct          own team   any -   own own -    -      -   -   team   any own    own own -
refile           own team   any -   own own -    -      -   -   team   any -      own own -
import           any team   any -   any -   -    -      -   -   team   any any    -   any -
triage           -   team   any -   -   -   -    -      -   -   team   any -      -   -   -
assess           -   team   any -   -   -   -    -      -   -   team   any -      -   -   -
sanitise         -   team   any -   -   -   -    -      -   -   team   any -      -   -   -
disseminate      -   team   any -   -   -   -    -      -   -   team   any -      -   -   -
offer            -   -      any -   -   -   -    -      -   -   -      any -      -   -   -
name             -   shared any -   -   -   -    -      -   -   shared any -      -   -   -
link             -   team   any -   -   -   -    -      -   -   team   any -      -   -   -
judge            -   shared any -   -   -   -    -      -   -   shared any -      -   -   -
refer            own team   any -   own own -    -      -   -   team   any own    own own -
rate             -   team   any -   own -   team -      -   -   team   any -      -   -   -
allocate         -   -      -   -   -   -   team -      -   -   team   any -      -   -   -
work             own team   any -   own own -    -      -   -   team   any -      own own -
find             -   -      -   -   -   -   -    -      -   -   -      -   team   -   -   -
close            -   team   any -   -   -   -    -      -   -   team   any -      -   -   -
confirm          -   team   any -   -   -   team -      -   -   team   any -      -   -   -
oversee          -   -      -   -   -   -   -    -      -   -   team   any -      -   -   -
evidence         -   team   any -   -   -   -    -      -   -   team   any -      -   -   -
outcome          -   team   any -   -   -   -    -      -   -   team   any -      -   -   -
brief            -   team   any -   -   -   team -      -   -   team   any -      -   -   -
meet             team team  any -   team team team -     -   -   team   any team   team team -
support          own -      -   -   -   -   -    -      -   -   -      -   -      -   own -
grade-source     -   -      -   any -   -   -    -      -   -   -      -   -      -   -   -
join-roots       -   -      -   any -   -   -    -      -   -   -      -   -      -   -   -
carry-over       -   -      -   any -   -   -    -      -   -   -      -   -      -   -   -
export           -   shared any -   -   -   -    own    -   -   shared any -      -   -   -
disclose         -   -      -   -   -   -   -    own    -   -   -      -   -      -   -   -
answer-subject   own team   any -   own own -    own    -   -   team   any -      own own -
find-subject     -   -      any -   -   -   -    -      -   -   -      any -      -   -   -
schedule         -   -      -   -   -   -   -    own    -   -   -      -   -      -   -   -
erase            -   team   any -   -   -   -    own    -   -   team   any -      -   -   -
approve-erasure  -   -      any -   -   -   any  -      -   -   -      any -      -   -   -
break-glass      any any    any -   any any -    -      -   -   any    any any    any any -
review-glass     -   -      any any -   -   team -      any -   team   any -      -   -   -
give-authority   -   -      any -   -   -   any  -      -   -   -      any -      -   -   -
open-entry       any any    any -   any any -    -      -   -   any    any any    any any -
open-alone       -   -      -   -   -   -   -    -      -   -   any    any -      -   -   -
escalate         any any    any any any any any  any    any any any    any any    any any any
manage-accounts  -   -      -   -   -   -   -    -      -   any -      -   -      -   -   -
confirm-access   -   -      -   -   -   -   any  -      -   -   -      any -      -   -   -
run-store        -   -      -   -   -   -   -    -      -   any -      -   -      -   -   -
verify           -   -      -   -   -   -   -    -      any any -      -   -      -   -   -
replay           -   -      -   -   -   -   -    -      any -   -      -   -      -   -   -
supervise        own -      -   -   own own team -      -   -   -      -   -      own own -
identify         -   -      -   -   own -   -    -      -   -   team   any -      own -   -
"""

MINE, OTHERS = UUID(int=1), UUID(int=2)
CHILD = UUID(int=3)
READER = Reader(
    "dc.reed",
    "Engage",
    CONTROLLER,
    closed=True,
    # with these rights the reader reads the charity's records, too; another test covers readers
    # without them
    keeps_for=CONTROLLER,
    teams=frozenset({"Engage", "Old Engage"}),
    cases=frozenset({MINE}),
    children=frozenset({CHILD}),
)


def a_thing(**changes: object) -> Thing:
    told: dict[str, object] = {"sort": "words", "id": UUID(int=9), "team": "Deter", "by": "x"}
    return Thing(**(told | changes))  # type: ignore[arg-type]


#: Relations of an item to the reader, and the widths of access that cover each relation.
RELATIONS: dict[str, tuple[Thing, str]] = {
    "my case": (a_thing(case=MINE), "own queue team shared any"),
    "my case, another team's": (a_thing(case=MINE, team="Deter"), "own queue team shared any"),
    "my words, filed nowhere": (a_thing(by="dc.reed"), "own queue team shared any"),
    "my words, another family's now": (a_thing(by="dc.reed", case=OTHERS), "any"),
    "my child": (a_thing(id=CHILD, case=OTHERS), "own queue team shared any"),
    "my team's, waiting": (
        a_thing(team="Engage", case=OTHERS, waiting=True),
        "queue team shared any",
    ),
    "my team's, I assessed it": (
        a_thing(team="Engage", case=OTHERS, assessor="dc.reed"),
        "queue team shared any",
    ),
    "my team's, somebody else did": (
        a_thing(team="Engage", case=OTHERS, assessor="y"),
        "team shared any",
    ),
    "a team's that mine succeeds": (a_thing(team="Old Engage"), "team shared any"),
    "another team's, shared": (a_thing(shared=True, handling="P"), "shared any"),
    "another team's, under conditions": (a_thing(shared=True, handling="C"), "any"),
    "another team's": (a_thing(case=OTHERS), "any"),
    "another team's, waiting": (a_thing(waiting=True, assessor="dc.reed"), "any"),
}


def cells() -> Iterator[tuple[Act, Role, str]]:
    for line in TABLE.strip().splitlines():
        act, *widths = line.split()
        assert len(widths) == len(ROLES), (
            f"tests/access/who_may/test_decide.py: TABLE has {len(widths)} widths for {act}: write "
            f"one for each role, in this order: {', '.join(ROLES)}"
        )
        for role, width in zip(ROLES, widths, strict=True):
            yield act, role, width  # type: ignore[misc]


def test_the_table_names_every_act_once_and_every_role() -> None:
    named = [line.split()[0] for line in TABLE.strip().splitlines()]
    assert named == list(ACTS)
    assert set(SAID) == set(ACTS)
    assert set(MAY) == set(ROLES)


@pytest.mark.parametrize("relation", RELATIONS)
def test_every_cell_of_the_table(relation: str) -> None:
    thing, covering = RELATIONS[relation]
    for act, role, width in cells():
        reader = msgspec.structs.replace(READER, roles=frozenset({role}))
        expected = width in covering.split()
        assert decide(reader, act, thing).allowed == expected, (role, act, relation)


def test_a_role_that_never_does_it_is_refused_before_anything_is_looked_up() -> None:
    for act, role, width in cells():
        reader = msgspec.structs.replace(READER, roles=frozenset({role}))
        if width == "-":
            with pytest.raises(Denied, match="your role does not"):
                require(reader, act)
        else:
            require(reader, act)


def test_several_roles_together_reach_as_far_as_each_alone() -> None:
    for one, other in product(ROLES, ROLES):
        both = msgspec.structs.replace(READER, roles=frozenset({one, other}))
        alone = [msgspec.structs.replace(READER, roles=frozenset({role})) for role in (one, other)]
        for act, (thing, _) in product(ACTS, RELATIONS.values()):
            reached = any(decide(each, act, thing).allowed for each in alone)
            assert decide(both, act, thing).allowed == reached


def test_without_a_role_only_words_come_in() -> None:
    allowed = {act for act in ACTS if decide(READER, act).allowed}
    assert allowed == {"record", "escalate"}


def test_broken_glass_shows_one_case_and_never_the_source() -> None:
    for role in ROLES:
        reader = msgspec.structs.replace(READER, roles=frozenset({role}), glass=frozenset({OTHERS}))
        for act in ACTS:
            plain = msgspec.structs.replace(reader, glass=frozenset())
            before = decide(plain, act, a_thing(case=OTHERS)).allowed
            assert decide(reader, act, a_thing(case=OTHERS)).allowed == (before or act in GLASS)
            elsewhere = a_thing(case=UUID(int=77))
            assert decide(reader, act, elsewhere) == decide(plain, act, elsewhere)
    assert "see-source" not in GLASS | AUDIT


def test_an_authority_opens_first_words_to_an_auditor_alone() -> None:
    for role in ROLES:
        reader = msgspec.structs.replace(
            READER, roles=frozenset({role}), audited=frozenset({OTHERS})
        )
        seen = decide(reader, "see-words", a_thing(case=OTHERS)).allowed
        assert seen == (role in ("auditor", "intelligence-officer", "dci"))


def test_approved_sensitive_material_is_that_of_its_case() -> None:
    officer = msgspec.structs.replace(
        READER, roles=frozenset({"disclosure-officer"}), disclosed=frozenset({OTHERS})
    )
    for act in (act for act in ACTS if act.startswith("see-")):
        assert decide(officer, act, a_thing(case=OTHERS)).allowed == (act in DISCLOSURE)
    assert not decide(officer, "see-source", a_thing(case=UUID(int=77))).allowed


def test_a_threat_to_life_opens_one_entry() -> None:
    entry = UUID(int=50)
    reader = msgspec.structs.replace(
        READER, roles=frozenset({"detective"}), entries=frozenset({entry})
    )
    assert decide(reader, "see-source", a_thing(sort="source", id=entry)).allowed
    assert not decide(reader, "see-source", a_thing(sort="source")).allowed


def test_an_administrator_sees_no_content_whatever_is_opened() -> None:
    admin = msgspec.structs.replace(READER, roles=frozenset({"administrator"}))
    for sort, (thing, _) in product(SORTS, RELATIONS.values()):
        told = {name: getattr(thing, name) for name in Thing.__struct_fields__} | {"sort": sort}
        assert not see(admin, Thing(**told))
    assert all(MAY["administrator"].get(act) is None for act in ACTS if act.startswith("see-"))


def test_an_error_denies() -> None:
    broken = msgspec.structs.replace(READER, roles=frozenset({"no-such-role"}))
    assert not decide(broken, "see-words", a_thing(case=MINE)).allowed
    assert decide(broken, "see-words", a_thing(case=MINE)).why == "the rules could not be applied"


def test_a_store_without_accounts_is_open() -> None:
    label = Reader("anybody", "Engage", "police")
    assert all(decide(label, act, thing).allowed for act in ACTS for thing, _ in RELATIONS.values())


def test_every_sort_of_thing_is_seen_by_one_act() -> None:
    assert set(SEEING) == set(SORTS)


@pytest.mark.parametrize(
    ("handlings", "whole"),
    [(("P", "P"), "P"), (("P", None), "P"), (("P", "C"), "C"), ((), "P")],
)
def test_a_view_made_of_several_items_carries_the_strictest_handling(
    handlings: tuple[HandlingCode | None, ...], whole: HandlingCode
) -> None:
    assert ceiling(*handlings) == whole
