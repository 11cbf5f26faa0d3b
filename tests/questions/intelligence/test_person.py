"""If a person has several records, every front shows the same combined data. The person's page
shows more than the lists."""

from collections.abc import Iterator
from uuid import UUID

import msgspec
import pytest

from commands.families import referral
from commands.intelligence import identity, links
from domain.kernel.values import Reader, Role
from projections.families import cases
from questions.intelligence import person as whole
from questions.intelligence.person import Person, PersonContext
from tests.commands.office import Office, opened


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    made = opened(tmp_path_factory.mktemp("person") / "store")
    yield made
    made.system.close()


@pytest.fixture(scope="module")
def baz(office: Office) -> tuple[UUID, UUID]:
    """Record two people, Baz, who is a suspect, and Barry, who drives a car, and judge that they
    are the same person; return the ids of both records.
    """
    desk, reader = office.desk, office.reader
    first = office.person("Baz", categories=(("suspect", "named by two parents"),))
    office.later()
    second = office.person("Barry")
    report = office.assessed(office.words("Baz drives PK95 ABC.")).id
    links.assert_link(desk, reader, report, str(second), "vehicle:PK95 ABC", "driver-of")
    identity.judge(desk, reader, str(first), str(second), "same", reason="the photograph has")
    return first, second


def person_shown(office: Office, reader: Reader, who: UUID) -> tuple[Person, PersonContext]:
    with office.system.reading() as db:
        now = office.desk.clock()
        found = whole.read_person(office.desk, db, reader, who, now)
        assert found is not None
        return found, whole.read_context(office.desk, db, reader, found, now)


def test_both_ids_are_one_person(office: Office, baz: tuple[UUID, UUID]) -> None:
    for one in baz:
        found, more = person_shown(office, office.reader, one)
        assert (found.members, found.others) == (baz, ["Barry"])
        assert more.categories == ["involved-party", "suspect"]
        assert [row.judgement for row in more.judged] == ["same"]


def test_the_best_graded_links_say_why(office: Office, baz: tuple[UUID, UUID]) -> None:
    found, more = person_shown(office, office.reader, baz[0])
    (tie,) = found.links
    assert [(one.link, other) for one, other in more.why] == [(tie.link, tie.b)]
    assert more.came_from.keys() == {tie.link}


@pytest.mark.parametrize(("role", "sees"), [("dci", True), ("auditor", False)])
def test_a_childs_case_is_shown_to_those_who_work_with_cases(
    office: Office, role: Role, sees: bool
) -> None:
    case = referral.receive(office.desk, office.reader, child=f"Paige {role}").id
    with office.system.reading() as db:
        (child,) = cases.children(db, office.reader, case).values()
    reader = msgspec.structs.replace(office.reader, closed=True, roles=frozenset({role}))
    with office.system.reading() as db:
        one = whole.read_person(office.desk, db, office.reader, child, office.desk.clock())
        assert one is not None
        more = whole.read_context(office.desk, db, reader, one, office.desk.clock())
    assert (more.case is not None) == sees


def test_who_does_not_see_them_is_shown_nobody(office: Office, baz: tuple[UUID, UUID]) -> None:
    far = Reader("it.khan", "Deter", "police", roles=frozenset({"administrator"}), closed=True)
    with office.system.reading() as db:
        assert whole.read_person(office.desk, db, far, baz[0], office.desk.clock()) is None
