"""Each reader sees only those parts of a family's page that the reader may see."""

from collections.abc import Iterator
from uuid import UUID

import msgspec
import pytest

from domain.kernel.values import Role
from questions.families import case as whole
from questions.families.case import Family
from tests.commands.office import Office, opened


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    made = opened(tmp_path_factory.mktemp("case") / "store")
    yield made
    made.system.close()


@pytest.fixture(scope="module")
def case(office: Office) -> UUID:
    return office.case("Paige Holt")


def family_shown(office: Office, case: UUID, *roles: Role) -> Family | None:
    reader = office.reader
    if roles:
        reader = msgspec.structs.replace(reader, closed=True, roles=frozenset(roles))
    with office.system.reading() as db:
        return whole.shown(office.desk, db, reader, case, office.desk.clock())


def test_a_family_has_its_child_and_its_empty_lists(office: Office, case: UUID) -> None:
    found = family_shown(office, case)
    assert found is not None
    assert found.child is not None
    assert (found.row.case, found.child.label) == (case, "Paige Holt")
    assert not any((found.contacts, found.heard.hearings, found.lives.needs, found.waits))


@pytest.mark.parametrize(
    ("role", "told"),
    [("dci", True), ("auditor", False)],
)
def test_what_is_for_some_alone_is_cut_here(
    office: Office, case: UUID, role: Role, told: bool
) -> None:
    found = family_shown(office, case, role)
    assert found is not None
    assert (found.told is not None, found.stands is not None) == (told, told)


def test_who_does_not_see_the_case_is_shown_nothing(office: Office, case: UUID) -> None:
    assert family_shown(office, case, "administrator") is None
