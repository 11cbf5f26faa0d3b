"""The product shows who lives with a child, cares for a child or is a parent, from a role that a
worker recorded or from a graded link.
"""

from datetime import date
from uuid import UUID

import pytest

from commands.families import charity_support, family_contact, family_member, safe_contact
from commands.intelligence import links
from commands.justice import arrest_to_result
from commands.kernel import entity
from commands.kernel.item_references import UNNAMED
from domain.families.family_contact import FamilyTold
from domain.families.family_member import CareTold, MemberNamed
from domain.families.protection import AlertKind
from network.people.alerts import alerts
from tests.commands.office import Office


@pytest.fixture
def case(either: Office) -> UUID:
    """Record a case of a child, and as a worker that a man is the child's father; no graded link
    says so. Return the case's id.
    """
    case = either.case("Kayleigh Marlow")
    person = either.person("Dan Marlow")
    one = MemberNamed(UNNAMED, UNNAMED, "father")
    family_member.name(either.desk, either.reader, one, str(case), str(person))
    return case


def cares(office: Office, case: UUID, state: str = "cares") -> None:
    told = CareTold(UNNAMED, UNNAMED, state, date(2011, 3, 1))  # type: ignore[arg-type]
    family_member.tell_care(office.desk, office.reader, told, str(case), "Dan Marlow")


def suspected(office: Office) -> None:
    entity.classify(office.desk, office.reader, "Dan Marlow", "suspect", "named by two girls")


def kinds(office: Office) -> list[AlertKind]:
    with office.system.reading() as db:
        return [alert.kind for alert in alerts(db, office.reader)]


def contact_warning(
    office: Office, case: UUID, carer: str | None, whom: str = "parent"
) -> str | None:
    one = FamilyTold(UNNAMED, whom, "received", "visit")  # type: ignore[arg-type]
    made = family_contact.record_feedback(
        office.desk, office.reader, one, str(case), carer=carer
    ).id
    return charity_support.warning(office.desk, office.reader, made)


def test_a_suspect_who_cares_for_the_child_is_an_alert(either: Office, case: UUID) -> None:
    cares(either, case)
    assert kinds(either) == []
    suspected(either)
    assert kinds(either) == ["co-resident"]
    cares(either, case, "no-longer")
    assert kinds(either) == ["co-resident"], "it stays until it is answered"


def test_one_who_cared_before_he_was_suspected_is_none(either: Office, case: UUID) -> None:
    cares(either, case)
    cares(either, case, "no-longer")
    suspected(either)
    assert kinds(either) == []


def test_the_arrest_of_a_father_by_role_is_an_alert(either: Office, case: UUID) -> None:
    father = arrest_to_result.OutcomeSubject("Dan Marlow")
    why = ("none-known",)
    arrest_to_result.record_against(either.desk, either.reader, "arrest", father, because_of=why)
    assert kinds(either) == ["arrest-of-parent"]


def test_what_is_shown_to_a_suspect_or_before_one_raises_an_alert(
    either: Office, case: UUID
) -> None:
    assert contact_warning(either, case, "Dan Marlow") is None
    assert contact_warning(either, case, None, "parents") is None
    assert kinds(either) == []
    suspected(either)
    assert kinds(either) == ["unsafe-contact"], "once, of both that he heard before"
    assert "may harm the child" in (contact_warning(either, case, "Dan Marlow") or "")
    assert "may harm the child" in (contact_warning(either, case, None, "parents") or "")
    assert contact_warning(either, case, None) is None
    assert kinds(either) == ["unsafe-contact"] * 3


def test_a_suspect_in_the_family_makes_the_ways_to_it_unsafe(either: Office, case: UUID) -> None:
    phone, words = "phone:07700 900123", either.words("his number")
    links.assert_link(either.desk, either.reader, words, "Dan Marlow", phone, "uses")
    suspected(either)
    one = FamilyTold(UNNAMED, "parent", "received", "text")
    made = family_contact.record_feedback(either.desk, either.reader, one, str(case)).id
    assert "may harm the child" in (charity_support.warning(either.desk, either.reader, made) or "")


def test_a_phone_of_a_mother_beside_a_suspect_who_cares_is_queried_first(
    either: Office, case: UUID
) -> None:
    mother = either.person("Dawn Marlow")
    one = MemberNamed(UNNAMED, UNNAMED, "mother")
    family_member.name(either.desk, either.reader, one, str(case), str(mother))
    phone, words = "phone:07700 900124", either.words("her number")
    links.assert_link(either.desk, either.reader, words, str(mother), phone, "uses")
    found = charity_support.channel(either.desk, phone)
    assert found
    with either.system.reading() as db:
        assert safe_contact.check(db, either.reader, found).verdict == "safe"
    cares(either, case)
    suspected(either)
    with either.system.reading() as db:
        assert safe_contact.check(db, either.reader, found).verdict == "ask-first"
