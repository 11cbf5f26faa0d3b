"""The search page gives the reason for each hit in a sentence, and links to a child's case."""

import re

import pytest

from commands.intelligence import links
from projections.families import cases
from tests.web.conftest import House, Somebody
from web.desk.search_reasons import reason


def rows(somebody: Somebody, words: str) -> list[str]:
    page = somebody.ask("/search", q=words).text
    return [row.partition("</li>")[0] for row in page.split('<li class="c-row"')[1:]]


@pytest.mark.parametrize(
    ("why", "sentence"),
    [
        ("name mill; name lane", "The name contains “mill lane”."),
        ("nickname of gary", "The search word is a short form of “gary”."),
        (
            "nickname baz; words",
            "“baz” is a short form of the search word. The text contains the search words.",
        ),
        (
            "spelt bazza; name pike",
            "A name has a similar spelling or sound: “bazza”. The name contains “pike”.",
        ),
        ("plate fits", "The number plate matches the search."),
        ("something new", "something new"),
    ],
)
def test_a_reason_is_a_sentence(why: str, sentence: str) -> None:
    assert reason(why) == sentence


def test_a_place_of_that_name_comes_before_people_who_live_near_it(house: House) -> None:
    office = house.office
    man, friend = office.person("Wayne", description="lives off Mill Lane"), office.person("Baz")
    item = office.words("a van in Mill Lane")
    links.assert_link(office.desk, office.reader, item, str(friend), "place:Mill Lane", "frequents")
    place, next_one = (
        re.findall(r'href="/people/([^"]*)"', row)[0]
        for row in rows(house.somebody("ds.hale"), "Mill Lane")[:2]
    )
    assert place not in (str(man), str(friend))
    assert next_one == str(man)


def test_a_child_is_followed_by_the_case_and_a_number_finds_it(house: House) -> None:
    case = house.office.case("Ellie Crane")
    with house.office.system.reading() as db:
        number = cases.numbers(db, house.office.reader, [case])[case]
    somebody = house.somebody("ds.hale")
    (first, *_) = rows(somebody, "Ellie")
    assert f'href="/cases/{case}">Case {number}</a>' in first
    (first, *_) = rows(somebody, str(number))
    assert 'data-kind="case"' in first
    assert f'href="/cases/{case}"' in first
    assert not any("code" in row for row in rows(somebody, "Ellie")), "no id is shown"
