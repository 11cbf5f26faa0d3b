"""Requirement W47: signs of exploitation that parents notice have a fixed list of codes; they are
read from the parents' words and counted.
"""

import pytest

from commands.information import observation
from questions.families import signs
from tests.access.rights import Rights
from tests.commands.office import Office


def listed(office: Office, case: object, reader: object = None) -> list[tuple[str, int, int]]:
    with office.system.reading() as db:
        found = signs.list_signs(office.desk, db, reader or office.reader, case)  # type: ignore[arg-type]
    return sorted((row.sign, row.number, row.ticked) for row in found)


def test_signs_are_read_from_words_and_counted_with_those_that_were_ticked(either: Office) -> None:
    case = either.case("Holly Ashby")
    either.words("She has three baths a day and stopped going to school", case=str(case))
    tell = observation.record
    ticked = ("often-bathing", "out-at-night")
    tell(either.desk, either.reader, words="Not herself", case=str(case), noticed=ticked)
    either.words("She has three baths a day", case=str(either.case("Jade Stone")))
    assert listed(either, case) == [
        ("changed-mood", 1, 0),
        ("often-bathing", 2, 1),
        ("out-at-night", 1, 1),
        ("stopped-school", 1, 0),
    ]


@pytest.mark.usually_on("sqlite")
def test_who_may_not_read_the_words_sees_no_sign(office: Office) -> None:
    case = office.case("Holly Ashby")
    office.words("She has three baths a day", case=str(case))
    for roles in (("manager",), ("evaluator",)):
        other = Rights(roles, (office.reader.team,)).of(office.somebody("no.one"))
        assert listed(office, case, other) == []
