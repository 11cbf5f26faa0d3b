"""A worker finds the entries that they sent, by text, family and outcome."""

from uuid import UUID

import pytest

from commands.information import observation
from domain.kernel.values import Hidden
from questions.information import sent
from tests.access.staff import Staff
from tests.commands.office import Office


def sent_entries(office: Office, **asked: str) -> list[UUID]:
    with office.system.reading() as db:
        return [row.id for row in sent.mine(office.desk, db, office.reader, **asked)]  # type: ignore[arg-type]


def test_it_is_found_by_beginnings_of_words_the_family_and_what_became_of_it(
    office: Office,
) -> None:
    case = office.case()
    first = office.words("Zoë was at Mill Lane", case=str(case))
    second = office.words("The car was at the mill")
    observation.take(office.desk, office.reader, second)
    assert sent_entries(office) == [second, first]
    assert sent_entries(office, words="MILL") == [second, first]
    assert sent_entries(office, words="zoe mill") == [first]
    assert sent_entries(office, words="ill") == []
    assert sent_entries(office, case=str(case)) == [first]
    assert sent_entries(office, became="taken") == [second]
    assert sent_entries(office, words="mill", became="received") == [first]
    with pytest.raises(Hidden):
        sent_entries(office, case="there is no waiting family with this id")


def test_marks_beside_a_word_neither_hide_it_nor_find_everything(office: Office) -> None:
    said = office.words("“Baz” (or O’Brien) waits by the pit-head: 100 %, she says")
    for words in ("baz", "o'brien", "OBRIEN", '"Baz" waits', "head", "pit-head", "100%"):
        assert sent_entries(office, words=words) == [said], words
    for words in ("%", "_", ".*", "b_z", "b.z", "[erased]"):
        assert sent_entries(office, words=words) == [], words
    assert sent_entries(office, words=" ") == [said]


def test_nobody_finds_by_words_what_they_may_read_no_more(office: Office) -> None:
    """If an entry was moved to another family, its author still sees it in the list of sent
    entries, but a search of the texts does not find it."""
    case = office.case()
    staff = Staff(office)
    ellis = staff.hire("psw.ellis", "psw")
    item = observation.record(office.desk, ellis, words="Baz waits there").id
    boss = staff.hire("di.moss", "dci")
    observation.refile(office.desk, boss, item, str(case), "their family")
    with office.system.reading() as db:
        ellis = staff.now("psw.ellis")
        told = {words: sent.mine(office.desk, db, ellis, words=words) for words in ("", "Baz")}
    assert ([row.id for row in told[""]], told["Baz"]) == ([item], [])
