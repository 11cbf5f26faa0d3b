"""Alerts, lists and ways of contact recognise the same house in any spelling of its address."""

from datetime import date

import msgspec
import pytest

from commands.families import charity_support, compartment, need, safe_contact
from commands.intelligence import links
from commands.kernel.item_references import UNNAMED
from domain.families.charity_support import ContactMade
from domain.families.need import FamilyMoved
from domain.forms import door, may_be_same_house, place
from domain.kernel.values import Refused
from network.people import alerts
from network.query.homes import unlisted_places
from projections.intelligence import people
from tests.commands.office import Office

HOUSE = "27 Quiet Road, Town B"
SAME = (
    "Flat 1, 27 Quiet Road",
    "27, Quiet Road",
    "outside 27 Quiet Road",
    "27 quiet rd town b",
    "12 Rose House, 27 Quiet Road, Town B ZZ99 1AB",
)
OTHERS = ("27 Quiet Road, Town A", "28 Quiet Road", "127 Quiet Road", "27a Quiet Road")


@pytest.mark.parametrize("told", SAME)
def test_an_address_is_one_house_however_it_is_written(told: str) -> None:
    assert may_be_same_house(place(told), place(HOUSE))
    assert may_be_same_house(place(HOUSE), place(told))


@pytest.mark.parametrize("told", [*OTHERS, "Quiet Road", "The Arcade, Town B", ""])
def test_another_house_stays_another(told: str) -> None:
    assert not may_be_same_house(place(told), place(HOUSE))


def test_a_place_without_a_number_is_itself_alone() -> None:
    assert door(place("The Arcade, Town B")) is None
    assert may_be_same_house(place("The Arcade, Town B"), place("the arcade town b"))


def seen_at(office: Office, *told: str, how: str = "seen-at") -> str:
    """Record a suspect who has a link of the kind `how` to each of these places; return the
    suspect's id.
    """
    baz = office.person("Baz", categories=(("suspect", "seen"),))
    item = office.words("He rang every bell")
    for one in told:
        links.assert_link(office.desk, office.reader, item, str(baz), f"place:{one}", how)  # type: ignore[arg-type]
    return str(baz)


def placed(office: Office) -> alerts.Alert | None:
    """Record a child's case, and that the child is placed in the house `HOUSE`. Return the alert
    about suspects near the placement, or None if no such alert exists.
    """
    case = office.case("Chantelle Moss")
    compartment.place(office.desk, office.reader, str(case), "residential", HOUSE)
    with office.system.reading() as db:
        found = alerts.alerts(db, office.reader, case)
    return next((one for one in found if one.kind == "near-placement"), None)


@pytest.mark.parametrize("told", SAME)
def test_a_suspect_near_a_placement_raises_the_alert_however_it_is_written(
    office: Office, told: str
) -> None:
    seen_at(office, told)
    assert placed(office)


def test_it_holds_on_either_database_and_of_another_house_nothing_is_raised(either: Office) -> None:
    baz = seen_at(either, *OTHERS)
    assert placed(either) is None
    seen = either.words("He waits outside")
    links.assert_link(either.desk, either.reader, seen, baz, f"place:{SAME[2]}", "seen-at")
    with either.system.reading() as db:
        assert [alert.kind for alert in alerts.alerts(db, either.reader)] == ["near-placement"]
        (outside,) = people.find_things(db, either.reader, "place", place(SAME[2]))
        assert outside in unlisted_places(db, either.reader)


@pytest.mark.parametrize("told", SAME)
def test_a_letter_to_a_house_where_a_suspect_lives_is_stopped(office: Office, told: str) -> None:
    case = office.case()
    seen_at(office, HOUSE, how="lives-at")
    made = ContactMade(case, "advocacy", "letter", "parent")
    with pytest.raises(Refused, match="send nothing there"):
        charity_support.make_contact(office.desk, office.reader, made, to=f"place:{told}")
    with office.system.reading() as db:
        checked = safe_contact.check_entered(db, office.reader, None, f"place:{told}")
        assert (checked.verdict, checked.channel) == ("unsafe", None)
        assert (
            safe_contact.check_entered(db, office.reader, None, f"place:{OTHERS[1]}").verdict
            == "safe"
        )


def test_who_may_not_see_the_place_is_warned_and_shown_no_more(office: Office) -> None:
    """If a suspect has a link to a family's address, a worker who may not see this link is warned
    only that the address is unsafe for letters. The warning names neither the link nor the
    suspect."""
    seen_at(office, HOUSE, how="lives-at")
    worker = msgspec.structs.replace(
        office.reader, closed=True, roles=frozenset({"psw"}), teams=frozenset({"Deter"})
    )
    with office.system.reading() as db:
        assert people.at_address(db, worker, place(SAME[0])) == []
        told = safe_contact.check_entered(db, worker, None, f"place:{SAME[0]}")
    assert (told.verdict, told.why) == ("unsafe", safe_contact.SAID["unsafe"])


@pytest.mark.parametrize("told", [*SAME, "27 quiet road", "flat 1, 27 quiet rd"])
def test_a_move_names_no_house_in_its_words(office: Office, told: str) -> None:
    case = str(office.case())
    moved = FamilyMoved(UNNAMED, date(2011, 3, 1), "threats", f"they are now at {told}")
    with pytest.raises(Refused, match="An address is recorded as a placement"):
        need.move(office.desk, office.reader, moved, case)
    said = msgspec.structs.replace(moved, words="the 2 girls on the road saw it at 9")
    need.move(office.desk, office.reader, said, case)
