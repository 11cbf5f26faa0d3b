"""An item of several teams is visible to these teams and to no other. The access rules in SQL and
those for single records agree about this."""

from collections.abc import Callable
from uuid import UUID

import msgspec
import pytest

from access.who_may import scope
from commands.families import casework, referral
from commands.information import observation
from commands.intelligence import intelligence_report, links
from commands.kernel import entity
from commands.people_and_teams import team, two_person
from domain.families.referral import Case, evolve
from domain.kernel.values import Grade, Handling, PoleCategory, Reader, Refused
from network.query import view
from projections.intelligence import people
from projections.intelligence.links import LinkFilter
from projections.people_and_teams.item_access import ReachRow
from tests.access.staff import Staff
from tests.commands.office import Office

UNDER_CONDITIONS = Handling("C", "A1", "S2", "Ask the originator first.")
TEAMS = ("Deter", "Freedom", "Cherish")


@pytest.fixture
def staff(office: Office) -> Staff:
    """Add a detective and a manager in each of three teams, and an officer who sees all teams."""
    found = Staff(office)
    for one in TEAMS:
        found.hire(f"dc.{one}", "detective", teams=[one])
        found.hire(f"m.{one}", "manager", teams=[one])
    found.hire("io.park", "intelligence-officer", teams=["Cherish"])
    return found


def teams_that_see(staff: Staff, item: UUID) -> set[str]:
    """Return the teams whose detective sees this item, after checking that the access rules in SQL
    and those for single records agree.
    """
    found = set()
    c = ReachRow.table.c
    for one in TEAMS:
        reader = staff.now(f"dc.{one}")
        with staff.office.system.reading() as db:
            decided = item in scope.visible_items(db, reader, [item])
            where = c.id == item
            rows = db.execute(ReachRow.table.select().where(where, scope.sees(reader, c.id))).all()
            assert bool(rows) == decided
            order = c.id, c.number
            assert decided == any(
                scope.read(db, reader, c.id, [where], order, joins=joins) for joins in (True, False)
            )
            assert decided == bool(scope.read_few(db, reader, c.id, [where], order))
        found |= {one} if decided else set()
    return found


def child_of(staff: Staff, case: UUID) -> UUID:
    child = staff.office.desk.fold(case, Case(), evolve)[0].child
    assert child
    return child


def record_entry(staff: Staff, name: str, words: str = "He rings at night.") -> UUID:
    return observation.record(staff.office.desk, staff.now(name), words=words).id


@pytest.mark.usually_on("sqlite")
def test_a_child_with_cases_in_two_teams_is_both_teams(staff: Staff) -> None:
    desk = staff.office.desk
    child = entity.record_person(desk, staff.now("dc.Deter"), name="Kayleigh", under_18=True).id
    assert teams_that_see(staff, child) == {"Deter"}
    first = referral.receive(desk, staff.now("io.park"), who=str(child), team="Freedom").id
    assert teams_that_see(staff, first) == {"Freedom"}
    assert teams_that_see(staff, child) == {"Deter", "Freedom"}
    second = referral.receive(desk, staff.now("dc.Deter"), who=str(child)).id
    assert second != first, "the other team's case is hidden from them"
    assert teams_that_see(staff, second) == {"Deter"}
    assert teams_that_see(staff, child) == {"Deter", "Freedom"}
    entity.add_alias(desk, staff.now("dc.Freedom"), str(child), "nickname", "Kay")
    for name in ("dc.Deter", "dc.Freedom"):
        with staff.office.system.reading() as db:
            assert people.entities(db, staff.now(name), [child])[child].is_child


@pytest.mark.usually_on("sqlite")
def test_the_dci_sees_and_acts_across_the_teams(staff: Staff) -> None:
    """The DCI of one team sees the cases, people and links of each team and may act on them. The
    DCI's map shows what two teams know of one phone; a detective's map shows only what the
    detective's team knows.
    """
    desk, number = staff.office.desk, "phone:07700 900125"
    staff.hire("dci.moss", "dci", teams=["Cherish"])
    cases, children = {}, {}
    for one in TEAMS:
        detective = staff.now(f"dc.{one}")
        cases[one] = referral.receive(desk, detective, child=f"Child of {one}").id
        children[one] = child_of(staff, cases[one])
        basis = record_entry(staff, f"dc.{one}")
        links.assert_link(desk, detective, basis, str(children[one]), number, "uses")
    dci = staff.now("dci.moss")
    phone, _ = entity.find(desk, dci, number)
    with staff.office.system.reading() as db:
        items = {*cases.values(), *children.values()}
        assert scope.visible_items(db, dci, items) == items
        assert scope.reached(db, dci, "oversee", cases.values()) == {*cases.values()}
        assert set(view.ego(db, dci, phone, 1, link_filter=LinkFilter(min_rank=None)).graph) == {
            phone,
            *children.values(),
        }
        own = {cases["Cherish"], children["Cherish"]}
        assert scope.visible_items(db, staff.now("dc.Cherish"), items) == own


@pytest.mark.usually_on("sqlite")
def test_a_worker_of_either_case_has_the_child(staff: Staff) -> None:
    desk = staff.office.desk
    cases = [referral.receive(desk, staff.now("dc.Deter"), child="Kayleigh Marlow").id]
    child = child_of(staff, cases[0])
    # this user sees the child, but not the child's first case
    hers = msgspec.structs.replace(staff.now("dc.Freedom"), children=frozenset({child}))
    cases.append(referral.receive(desk, hers, who=str(child)).id)
    assert len(set(cases)) == 2
    for one, case in zip(("Deter", "Freedom"), cases, strict=True):
        worker = f"sw.{one}"
        staff.hire(worker, "social-worker", teams=[one])
        casework.allocate(desk, staff.now(f"m.{one}"), str(case), worker, "child")
    for one in ("Deter", "Freedom"):
        with staff.office.system.reading() as db:
            assert scope.is_item_visible(db, staff.now(f"sw.{one}"), child), one


@pytest.mark.usually_on("sqlite")
def test_a_phone_that_two_families_named_is_both_teams_and_neither_learns_of_the_other(
    staff: Staff,
) -> None:
    desk, number = staff.office.desk, "phone:07700 900123"
    children, ties = {}, {}
    for one in ("Deter", "Freedom"):
        reader = staff.now(f"dc.{one}")
        case = referral.receive(desk, reader, child=f"Child of {one}").id
        children[one] = child_of(staff, case)
        basis = record_entry(staff, f"dc.{one}")
        tie = links.assert_link(desk, reader, basis, str(children[one]), number, "uses")
        ties[one] = tie.id
    phone, _ = entity.find(desk, staff.now("dc.Deter"), number)
    assert teams_that_see(staff, phone) == {"Deter", "Freedom"}
    for one in ("Deter", "Freedom"):
        assert teams_that_see(staff, ties[one]) == {one}
        assert teams_that_see(staff, children[one]) == {one}
        with staff.office.system.reading() as db:
            reader = staff.now(f"dc.{one}")
            picture = view.ego(db, reader, phone, 2, link_filter=LinkFilter(min_rank=None))
        assert set(picture.graph) == {phone, children[one]}
        assert [pair.links for pair in picture.pairs] == [(ties[one],)]
    with pytest.raises(Refused, match="no person or item"):
        entity.add_alias(desk, staff.now("dc.Cherish"), str(phone), "name", "Gran's")


@pytest.mark.usually_on("sqlite")
def test_a_phone_that_is_confirmed_in_words_is_their_teams(staff: Staff) -> None:
    desk, number = staff.office.desk, "phone:07700 900124"
    case = referral.receive(desk, staff.now("dc.Deter"), child="Kayleigh Marlow").id
    basis, child = record_entry(staff, "dc.Deter"), str(child_of(staff, case))
    links.assert_link(desk, staff.now("dc.Deter"), basis, child, number, "uses")
    phone, _ = entity.find(desk, staff.now("dc.Deter"), number)
    assert teams_that_see(staff, phone) == {"Deter"}
    theirs = record_entry(staff, "dc.Freedom", "07700 900124 rings her.")
    observation.confirm(desk, staff.now("dc.Freedom"), theirs, number)
    assert teams_that_see(staff, phone) == {"Deter", "Freedom"}


@pytest.mark.usually_on("sqlite")
def test_somebody_whom_two_teams_recorded_stays_with_both(staff: Staff) -> None:
    """A person to whom a second team added a fact while the person was shared remains visible to
    both teams.
    """
    desk = staff.office.desk
    grounds: list[tuple[PoleCategory, str]] = [("suspect", "named")]
    baz = str(entity.record_person(desk, staff.now("dc.Deter"), name="Baz", categories=grounds).id)
    assert teams_that_see(staff, UUID(baz)) == set(TEAMS)
    entity.add_alias(desk, staff.now("dc.Freedom"), baz, "nickname", "Bazza")
    entity.end_classification(desk, staff.now("dc.Deter"), baz, "suspect", "it was another")
    second = staff.hire("dc.second", "detective", teams=["Deter"])
    two_person.confirm(desk, second, baz, "end-category")
    assert teams_that_see(staff, UUID(baz)) == {"Deter", "Freedom"}
    entity.classify(desk, staff.now("dc.Deter"), baz, "vulnerable-child", "he is 15")
    assert teams_that_see(staff, UUID(baz)) == {"Deter", "Freedom"}


@pytest.mark.usually_on("sqlite")
def test_who_sees_all_shares_nothing_by_recording_it(staff: Staff) -> None:
    """If an officer who sees all teams records a fact about a team's child, the other users of the
    officer's own team still do not see the child."""
    desk = staff.office.desk
    child = entity.record_person(desk, staff.now("dc.Deter"), name="Kayleigh", under_18=True).id
    entity.add_alias(desk, staff.now("io.park"), str(child), "nickname", "Kay")
    assert teams_that_see(staff, child) == {"Deter"}


def test_a_link_that_two_teams_assert_under_conditions_is_seen_by_both(staff: Staff) -> None:
    desk = staff.office.desk
    grounds: list[tuple[PoleCategory, str]] = [("suspect", "named")]
    ends = [
        str(entity.record_person(desk, staff.now("dc.Deter"), name=name, categories=grounds).id)
        for name in ("Baz", "Ned")
    ]

    def graded(name: str, handling: Handling) -> UUID:
        reader, basis = staff.now(name), record_entry(staff, name)
        report = intelligence_report.assess(desk, reader, basis, Grade("A", "2"), handling).id
        return links.assert_link(desk, reader, report, ends[0], ends[1], "associate").id

    first = graded("dc.Deter", Handling("P"))
    assert teams_that_see(staff, first) == set(TEAMS)
    again = graded("dc.Freedom", UNDER_CONDITIONS)
    if again == first:
        assert teams_that_see(staff, first) == {"Deter", "Freedom"}
    else:
        assert teams_that_see(staff, again) == {"Freedom"}


def test_what_two_teams_held_is_their_hubs(staff: Staff) -> None:
    desk = staff.office.desk
    child = entity.record_person(desk, staff.now("dc.Deter"), name="Kayleigh", under_18=True).id
    referral.receive(desk, staff.now("io.park"), who=str(child), team="Freedom")
    keeps: Callable[[], Reader] = lambda: staff.now(staff.office.reader.name)  # noqa: E731
    team.make_team(desk, keeps(), "Hub")
    for one in ("Deter", "Freedom"):
        team.merge_team(desk, keeps(), one, "Hub")
    staff.hire("dc.Hub", "detective", teams=["Hub"])
    with staff.office.system.reading() as db:
        assert scope.is_item_visible(db, staff.now("dc.Hub"), child)
    assert teams_that_see(staff, child) == {"Deter", "Freedom"}
