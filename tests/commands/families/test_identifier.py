"""A child's single number (an identifier that agencies share) is shown only for a stated duty. A
search for it finds only children whom the user may see, and the number stays with the child
after a merge."""

from datetime import date
from uuid import UUID

import msgspec
import pytest
import sqlalchemy as sa

from commands.data_protection.subject_search import Search
from commands.erasure import erasure, legal_hold
from commands.erasure.hold_reach import Reckoning
from commands.families import identifier, profile
from commands.intelligence import identity
from commands.kernel import entity
from commands.kernel.item_references import UNNAMED
from domain.families import identifier as rule
from domain.families.nationality import NationalityTold
from domain.kernel.values import Denied, Hidden, Reader, Refused, Role
from projections.all_views import VIEWS
from tests.access.rights import Rights
from tests.commands.office import Office
from tests.support.commands.erasure_carried_out import erase

NUMBER, OTHER, NOBODYS = "9990001138", "9990001146", "9990001154"
DAY = date(2011, 3, 17)
WHO = "Kayleigh Marlow"


def record(office: Office, number: str = NUMBER, who: str = WHO, why: str | None = None) -> None:
    told = (who, "nhs-number", number, "the school nurse", DAY)
    identifier.record_number(office.desk, office.reader, *told, why=why)  # type: ignore[arg-type]


def numbers(office: Office, reader: Reader) -> list[str]:
    """Return the numbers of the child that this reader sees."""
    child = entity.find(office.desk, office.reader, WHO)[0]
    with office.system.reading() as db:
        rows = identifier.visible_numbers(office.desk, db, reader, child, office.desk.clock())
    return [row.number for row in rows]


def search_by_number(office: Office, reader: Reader, number: str = NUMBER) -> tuple[list[str], int]:
    """Return the children that this reader finds by a number, and how many workers are alerted to
    the search.
    """
    with office.system.reading() as db:
        rows, touched = identifier.find_children(office.desk, db, reader, "nhs-number", number)
    return [row.label for row in rows], len(touched)


SEES: tuple[tuple[Role, bool, bool], ...] = (
    ("social-worker", True, True),
    ("social-worker", False, False),
    ("health-worker", True, True),
    ("supervisor", False, True),
    ("dci", False, True),
    ("disclosure-officer", True, True),
    ("psw", True, False),
    ("charity-worker", True, False),
    ("detective", True, False),
    ("intelligence-officer", False, False),
    ("childrens-support-worker", True, False),
    ("missing-coordinator", True, False),
    ("manager", True, False),
    ("auditor", True, False),
    ("administrator", True, False),
    ("evaluator", True, False),
)


def test_it_is_shown_covered_and_only_where_a_duty_needs_it(either: Office) -> None:
    case = either.case(WHO)
    record(either)
    for role, own, sees in SEES:
        rights = Rights((role,), (either.reader.team,), (case,) if own else ())
        reader = rights.of(either.somebody("some.one"))
        assert numbers(either, reader) == (["ends in 138"] if sees else []), role
        assert search_by_number(either, reader)[0] == ([WHO] if sees else []), role


def test_the_number_is_in_no_view_no_hash_of_it_and_no_record_of_who_looked(
    office: Office,
) -> None:
    office.case(WHO)
    record(office)
    assert search_by_number(office, office.reader) == ([WHO], 0)
    rows = [kind.table for view in VIEWS for kind in view.rows]  # type: ignore[attr-defined]
    with office.system.reading() as db:
        every = "\n".join(repr(tuple(row)) for one in rows for row in db.execute(sa.select(one)))
    assert WHO in every
    assert NUMBER not in every
    looks = msgspec.json.encode([fact.event for fact in office.facts("access")]).decode()
    assert NUMBER not in looks
    with pytest.raises(Refused) as refused:
        record(office, "9990001139")
    assert "9990001139" not in str(refused.value)


def test_it_is_read_for_a_quarter_of_an_hour_by_the_one_who_opened_it(office: Office) -> None:
    office.case(WHO)
    record(office)
    another = office.somebody("di.moss")
    identifier.unseal(office.desk, office.reader, WHO, "nhs-number", "enquiry")
    assert numbers(office, office.reader) == [NUMBER]
    assert numbers(office, another) == ["ends in 138"]
    (opened,) = office.events(rule.IdentifierOpened)
    assert (opened.duty, opened.agency) == ("enquiry", None)
    record(office, OTHER, why="a figure was off")
    assert numbers(office, office.reader) == ["ends in 146"], "another one is not open"
    assert search_by_number(office, office.reader) == ([], 0), "the wrong one finds nobody"
    assert search_by_number(office, office.reader, OTHER) == ([WHO], 0)
    identifier.unseal(office.desk, office.reader, WHO, "nhs-number", "enquiry")
    office.later(0.26)
    assert numbers(office, office.reader) == ["ends in 146"]


def test_who_may_not_see_the_child_learns_nothing_and_who_holds_them_does(office: Office) -> None:
    """A reader who may not see a child gets the same answer to a search for the child's number as
    for an unknown number. The child's own worker is alerted to the search."""
    office.case(WHO)
    record(office)
    theirs = Rights(("social-worker",), ("Deter",)).of(office.somebody("sw.elsewhere"))
    assert search_by_number(office, theirs) == ([], 1)
    assert search_by_number(office, theirs, NOBODYS) == ([], 0)
    for who in (WHO, "Nobody Atall"):
        with pytest.raises(Hidden) as refused:
            identifier.unseal(office.desk, theirs, who, "nhs-number", "enquiry")
        assert str(refused.value).replace(who, "") == "there is no person ''"
    worker = Rights(("psw",), (office.reader.team,)).of(office.somebody("psw.ellis"))
    with pytest.raises(Denied, match="your role does not allow you to see a child's number"):
        identifier.unseal(office.desk, worker, WHO, "nhs-number", "enquiry")


def test_two_children_of_one_number_are_not_joined(office: Office) -> None:
    office.case(WHO)
    office.case("Kaylee Marlo")
    record(office)
    record(office, who="Kaylee Marlo")
    assert sorted(search_by_number(office, office.reader)[0]) == ["Kaylee Marlo", WHO]


def test_who_was_judged_the_child_is_told_of_under_any_of_their_ids(office: Office) -> None:
    """If two records were judged to be the same child, users can read, correct and withdraw the
    child's number under the id of either record."""
    office.case(WHO)
    first = entity.find(office.desk, office.reader, WHO)[0]
    office.later()
    office.case("Kaylee Marlo")
    second = entity.find(office.desk, office.reader, "Kaylee Marlo")[0]
    record(office, who=str(second))
    identity.judge(office.desk, office.reader, str(first), str(second), "same", "she says so")
    assert numbers(office, office.reader) == ["ends in 138"]
    identifier.unseal(office.desk, office.reader, WHO, "nhs-number", "enquiry")
    assert numbers(office, office.reader) == [NUMBER]
    with pytest.raises(Refused, match="another number on record"):
        record(office, OTHER)
    record(office, OTHER, why="a figure was off")
    assert numbers(office, office.reader) == ["ends in 146"]
    identifier.withdraw(office.desk, office.reader, WHO, "nhs-number", "her sister's")
    assert numbers(office, office.reader) == []


def test_it_goes_with_the_child_and_stays_under_a_hold(office: Office) -> None:
    case = office.case(WHO)
    child = entity.find(office.desk, office.reader, WHO)[0]
    record(office)
    kept = rule.stream(child, "nhs-number")

    def erased_items() -> set[UUID]:
        items = erasure.plan(office.desk, office.reader, [child, case]).items
        return {item.id for item in items if item.fate in ("destroyed", "disappears")}

    placed = legal_hold.place(
        office.desk,
        office.reader,
        legal_hold.items_under_hold(office.desk, child),
        "inquiry",
        "asked",
        reference="7",
    ).id
    assert kept in Reckoning(office.system.logs).reached(), "a hold reaches it"
    assert kept not in erased_items()
    legal_hold.lift(office.desk, office.reader, placed, "over")
    office.agreed(placed, "lift-hold")
    assert kept in erased_items()
    erase(office, child, case)
    assert search_by_number(office, office.reader) == ([], 0)
    (told, *_) = office.system.logs["evidence"].history(kept)
    assert told.erased


def test_a_subject_is_informed_of_it_by_who_may_see_it(office: Office) -> None:
    case = office.case(WHO)
    child = entity.find(office.desk, office.reader, WHO)[0]
    record(office)
    nationality = NationalityTold(UNNAMED, "age-assessment", "Danish")
    profile.record_nationality(office.desk, office.reader, nationality, WHO)
    team = (office.reader.team,)
    told: dict[Role, str] = {}
    roles: tuple[Role, ...] = ("disclosure-officer", "psw")
    for role in roles:
        reader = Rights((role,), team, (case,), (child,)).of(office.somebody("some.one"))
        with office.system.reading() as db:
            held = Search(office.desk, db, reader, child).own()
        told[role] = "\n".join(one.text for one in held)
    assert "Number: ends in 138" in told["disclosure-officer"]
    assert "Nationality: Danish" in told["disclosure-officer"]
    assert "138" not in told["psw"]
    assert NUMBER not in "".join(told.values())


def test_its_own_key_alone_opens_it(office: Office) -> None:
    office.case(WHO)
    record(office)
    child: UUID = entity.find(office.desk, office.reader, WHO)[0]
    assert rule.stream(child, "nhs-number") != child
    (told,) = office.system.logs["evidence"].history(rule.stream(child, "nhs-number"))
    assert told.event.stored.sealed == ("number", "mark", "source", "why")
