"""A user who watches for a pattern in the network is notified of it once, if the user may see the
pattern's links."""

from collections.abc import Iterator, Sequence
from uuid import UUID

import pytest
from msgspec import structs

from commands.families import casework, family_member
from commands.information import observation
from commands.intelligence import identity, links, standing_watch
from commands.kernel import changes, entity
from commands.kernel.item_references import UNNAMED
from commands.people_and_teams import account, due
from domain.families.family_member import MemberNamed
from domain.families.referral import MissingFound, MissingReported
from domain.intelligence.standing_watch import StandingPatternMet
from domain.kernel.codes import Shape
from domain.kernel.values import LinkKind, Reader, Refused
from projections.due import DueFilter, DueItem
from projections.intelligence import people
from tests.access.staff import Staff
from tests.commands.office import Office, Place, prepared

CAR = "vehicle:PK95ABC"
SET, MET = "standing_pattern.set", "standing_pattern.met"
TRUE = DueFilter(clock="standing-pattern")


def link_graded(
    office: Office, a: UUID, b: str, kind: LinkKind = "uses", reader: Reader | None = None
) -> UUID:
    """Record a link from `a` to `b`, based on a log entry, and grade the entry; return the link's
    id. The entry is recorded by `reader` or, if `reader` is not given, by the store's own user."""
    who = reader or office.reader
    words = observation.record(office.desk, who, words=f"seen with {b}").id
    office.assessed(words, "2C")
    return links.assert_link(office.desk, who, words, str(a), b, kind).id


def watch(
    office: Office, about: Sequence[str], shape: Shape = "connected", reader: Reader | None = None
) -> UUID:
    told = (str(office.case()), shape, about, "both were named by Ellie", None)
    return standing_watch.begin_pattern(office.desk, reader or office.reader, *told).id


def due_matches(office: Office, reader: Reader | None = None) -> list[DueItem]:
    return due.list_due(office.desk, reader or office.reader, office.system.clock(), TRUE)


def test_it_is_reported_once_in_one_line_with_its_links(either: Office) -> None:
    baz, gaz = either.person("Baz"), either.person("Gaz")
    link_graded(either, baz, CAR)
    one = watch(either, ["Baz", str(gaz)])
    assert standing_watch.record_matches(either.desk) == 0
    link_graded(either, gaz, CAR)
    assert (
        standing_watch.record_matches(either.desk),
        standing_watch.record_matches(either.desk),
    ) == (1, 0)
    (row,) = due_matches(either)
    assert (row.item, row.owner) == (one, either.reader.name)
    assert row.what == "Baz and Gaz are connected: Baz - PK95ABC: uses; Gaz - PK95ABC: uses"
    (fact,) = (fact for fact in either.facts() if isinstance(fact.event, StandingPatternMet))
    assert fact.by != either.reader.name
    with either.desk.asking() as db:
        (awaited,) = standing_watch.list_patterns(db, either.reader, either.system.clock())
    assert awaited.by == ("Baz - PK95ABC: uses", "Gaz - PK95ABC: uses")
    due.answer(either.desk, either.reader, row.id, "done", "looked at")
    assert due_matches(either) == []
    standing_watch.end_pattern(either.desk, either.reader, str(one), "looked at")
    with either.desk.asking() as db:
        assert standing_watch.list_patterns(db, either.reader, either.system.clock()) == []


def test_what_is_so_already_and_what_is_nobodys_business(office: Office) -> None:
    baz, gaz, mum = office.person("Baz"), office.person("Gaz"), office.person("Tracey Marlow")
    case = office.case()
    office.person("Stone")
    account.add(office.desk, office.reader, "dc.stone", roles=["detective"], teams=["Engage"])
    named = MemberNamed(UNNAMED, UNNAMED, "mother")
    family_member.name(office.desk, office.reader, named, str(case), str(mum))
    for who, said in (
        ("Stone", "colleague"),
        (str(mum), "speak with the parent"),
        ("Kayleigh Marlow", "only"),
    ):
        with pytest.raises(Refused, match=said):
            standing_watch.begin_pattern(
                office.desk, office.reader, str(case), "connected", ["Baz", who], "seen", None
            )
    for one in (baz, gaz):
        link_graded(office, one, CAR)
    with pytest.raises(Refused, match="shows these links already"):
        watch(office, ["Baz", "Gaz"])


def test_a_missing_child_of_two_records_is_one_who_is_missing(office: Office) -> None:
    case = office.case()
    office.person("Baz")
    other = office.person("Kay M", under_18=True)
    with office.desk.asking() as db:
        (kay,) = people.find_by_exact_name(db, office.reader, "kayleigh marlow")
    identity.judge(office.desk, office.reader, str(kay), str(other), "same", "her own words")
    for one in ("Kay M", "Kayleigh Marlow"):
        with pytest.raises(Refused, match="only while"):
            standing_watch.begin_search(office.desk, office.reader, str(case), one, "near", None)
    casework.report_missing(office.desk, office.reader, str(case), MissingReported())
    for one in ("Kay M", "Kayleigh Marlow"):
        standing_watch.begin_search(office.desk, office.reader, str(case), one, "near", None)
    watch(office, ["Baz", str(other)])


def test_who_turns_out_to_be_a_child_is_watched_for_no_longer(office: Office) -> None:
    baz, gaz = office.person("Baz"), office.person("Gaz")
    link_graded(office, baz, CAR)
    watch(office, ["Baz", "Gaz"])
    child = office.person("Gary", under_18=True)
    identity.judge(office.desk, office.reader, str(gaz), str(child), "same", "one school")
    link_graded(office, gaz, CAR)
    assert standing_watch.record_matches(office.desk) == 0
    assert due_matches(office) == []


def test_a_missing_child_is_watched_for_until_they_are_back(office: Office) -> None:
    case = office.case()
    office.person("Baz")
    casework.report_missing(office.desk, office.reader, str(case), MissingReported())
    standing_watch.begin_pattern(
        office.desk, office.reader, str(case), "connected", ["Baz", "Kayleigh Marlow"], "near", None
    )
    casework.record_found(office.desk, office.reader, str(case), MissingFound())
    with office.desk.asking() as db:
        assert standing_watch.list_patterns(db, office.reader, office.system.clock()) == []


def _record_people(office: Office) -> tuple[UUID, UUID]:
    people = office.person("Baz"), office.person("Gaz")
    office.case()
    link_graded(office, people[0], CAR)
    staff = Staff(office)
    staff.hire("ds.hale", "detective")
    staff.hire("dc.far", "detective", teams=["Deter"])
    return people


HIRED = prepared("standing_pattern", _record_people)


@pytest.fixture
def team(place: Place) -> Iterator[tuple[Office, Staff, UUID, UUID]]:
    with HIRED(*place) as (office, both):
        yield office, Staff(office), *both


@pytest.mark.usually_on("sqlite")
def test_what_its_owner_may_not_see_makes_nothing_true(
    team: tuple[Office, Staff, UUID, UUID],
) -> None:
    """A link that a reader may not see does not complete a pattern for which the reader watches."""
    office, staff, baz, gaz = team
    hale = staff.now("ds.hale")
    two = staff.hire("dc.two", "detective", teams=["Engage", "Deter"])
    watch(office, ["Baz", "Gaz"], reader=hale)
    other = watch(office, ["Baz", "Gaz"], reader=two)
    deter = structs.replace(office.reader, team="Deter")
    man = entity.record_person(office.desk, deter, name="Daz", known=False).id
    for one in (baz, gaz):
        link_graded(office, one, str(man), "associate", deter)
    assert standing_watch.record_matches(office.desk) == 1, "of who belongs to both teams"
    assert due_matches(office, hale) == []
    for who, steps in ((hale, [SET]), (two, [SET, MET])):
        rows = changes.changes_after(office.desk, who, 0, 1000).rows
        assert [row.event for row in rows if row.item == other] == steps
    link_graded(office, gaz, CAR, reader=hale)
    assert standing_watch.record_matches(office.desk) == 1
    (row,) = due_matches(office, hale)
    assert "Gaz - PK95ABC" in row.what
    assert due_matches(office, staff.now("dc.far")) == []
