"""On every front, a contact through a phone or address that a suspect uses is refused until the
user confirms it.
"""

from uuid import UUID, uuid4

import pytest

from commands.kernel import entity
from domain.families.charity_support import ContactMade
from domain.intelligence.entity import PersonClassified
from domain.kernel.codes import Channel
from domain.kernel.values import Refused
from tests.commands.office import Office
from tests.support.commands.safe_ways import HERS, HIS, Family


@pytest.mark.parametrize("by", ["text", "email", "letter", "phone", "visit", "meeting"])
def test_what_is_still_to_be_made_is_refused_and_the_safe_way_is_reported(
    office: Office, by: Channel
) -> None:
    family = Family(office).shared()
    with pytest.raises(Refused, match="send nothing there") as refused:
        family.contact(by, to=HIS)
    if by in ("text", "phone"):
        assert "+447700900124" in str(refused.value)
    assert "Baz" not in str(refused.value)
    assert not office.events(ContactMade)


@pytest.mark.parametrize("spelled", ["phone:+44 7700 900123", "PHONE: 07700900123"])
def test_another_spelling_is_the_same_way(office: Office, spelled: str) -> None:
    with pytest.raises(Refused, match="send nothing there"):
        Family(office).shared().contact(to=spelled)


def test_what_was_sent_already_is_kept_and_an_alert_is_raised(office: Office) -> None:
    family = Family(office).shared()
    made = family.contact(to=HIS, done=True)
    assert family.marks() == ["unsafe"]
    (alert,) = family.alerts()
    assert (alert.case, alert.subject, alert.answer) == (family.case, None, None)
    assert "An alert is raised" in str(family.warning(made.id))
    assert "+447700900124" in str(family.warning(made.id))


def test_a_text_without_a_destination_is_kept_and_marked_where_a_way_is_unsafe(
    office: Office,
) -> None:
    family = Family(office)
    assert family.warning(family.contact().id) is None
    family.shared()
    assert "say where messages go" in str(family.warning(family.contact().id))
    assert family.warning(family.contact("visit").id) is None
    assert len(family.alerts()) == 1


def test_a_safe_way_raises_nothing_until_it_is_known_to_be_shared(office: Office) -> None:
    family = Family(office)
    family.contact(to=HERS)
    assert family.marks() == ["safe"]
    assert not family.alerts()
    family.tie(family.baz, HERS, "uses")
    assert len(family.alerts()) == 1


def test_what_went_to_something_unnamed_is_kept_all_the_same(office: Office) -> None:
    family = Family(office)
    with pytest.raises(Refused, match="phone:NUMBER"):
        family.contact(to="her work phone")
    family.contact(to="her work phone", done=True)
    assert family.marks() == ["ask-first"]


def test_a_contact_sent_twice_is_one_whatever_is_known_of_the_way_by_then(either: Office) -> None:
    family = Family(either)
    command = uuid4()
    first = family.contact(to=HERS, command_id=command)
    family.tie(family.baz, HERS, "uses")
    assert family.contact(to=HERS, command_id=command) == first


def test_a_suspect_who_is_cleared_makes_no_way_unsafe(office: Office) -> None:
    family = Family(office).shared()
    entity.classify(office.desk, office.reader, family.baz, "eliminated", "abroad")
    office.agreed(UUID(family.baz), "clear-person")
    assert len(office.events(PersonClassified)) > 1
    family.contact(to=HIS)
    assert family.marks() == ["safe"]
