"""An officer searches for the records about a person who makes an access request."""

from uuid import UUID

from commands.data_protection.subject_search import Held, Search
from commands.families import charity_support, need
from commands.information import observation
from domain.families.charity_support import ContactMade, NoteWritten
from domain.families.need import ThreatTold
from domain.families.referral import CaseOpened
from tests.commands.office import Office


def _search_results(office: Office, subject: UUID) -> dict[UUID, Held]:
    with office.system.reading() as db:
        search = Search(office.desk, db, office.reader, subject)
        return {one.item: one for one in search.own()}


def test_what_is_filed_in_a_childs_case_is_found_though_it_does_not_name_her(
    office: Office,
) -> None:
    desk, reader = office.desk, office.reader
    case, other = office.case("Zoe Dale"), office.case("Amy Holt")
    zoe, amy = (event.child for event in office.events(CaseOpened))
    words = office.words("she has a new phone", case="1")
    contact = charity_support.make_contact(
        desk, reader, ContactMade(case, "emotional-support", "visit", "parent", words="she cried")
    ).id
    told = ThreatTold(case, "parent", "followed", "a car stood outside the new house")
    threat = need.threaten(desk, reader, told, str(case)).id
    moved = office.words("hers after all", case="1")
    observation.refile(desk, reader, moved, "2", "the wrong family")

    hers = _search_results(office, zoe)
    assert {case, words, contact, threat} <= hers.keys()
    assert not {other, moved} & hers.keys()
    assert {moved, other} <= _search_results(office, amy).keys()
    assert (hers[words].proposed, hers[words].exemption) == ("withhold", "source")
    assert (hers[contact].proposed, hers[contact].exemption) == ("redact", "others-rights")
    assert "she cried" in hers[contact].text
    assert (hers[threat].proposed, hers[threat].exemption) == ("withhold", "serious-harm")


def test_what_is_a_parents_is_not_proposed_to_be_given_because_it_names_the_child(
    office: Office,
) -> None:
    desk, reader, case = office.desk, office.reader, office.case("Zoe Dale")
    (zoe,) = (event.child for event in office.events(CaseOpened))
    told = ThreatTold(case, "parent", "followed", "he asked where Zoe Dale lives now")
    threat = need.threaten(desk, reader, told, str(case)).id
    note = NoteWritten(case, "parent", "note", "fact", "she hides from Zoe Dale what the man did")
    written = charity_support.write_note(desk, reader, note).id
    hers = _search_results(office, zoe)
    assert {hers[one].why for one in (threat, written)} == {"a name"}
    assert (hers[threat].proposed, hers[threat].exemption) == ("withhold", "serious-harm")
    assert (hers[written].proposed, hers[written].exemption) == ("redact", "others-rights")


def test_a_name_at_the_beginning_of_a_line_is_found(office: Office) -> None:
    """The search finds a name at the beginning of a line. (JSON writes a line break as a backslash
    and the letter n, so that this letter is directly before the name.)
    """
    baz = office.person("Quillfeather")
    words = office.words("there were two of them:\nQuillfeather\tMarrowby\nand a car")
    other = office.person("Marrowby")
    assert words in _search_results(office, baz)
    assert words in _search_results(office, other)


def test_a_code_and_the_name_of_a_field_are_no_names(office: Office) -> None:
    """A search for a person whose name is also a code, or the name of a field, does not return all
    events that have this code or field."""
    words = office.words("a car again")
    assert words not in _search_results(office, office.person("Channel"))
    assert words not in _search_results(office, office.person("Verbatim"))
