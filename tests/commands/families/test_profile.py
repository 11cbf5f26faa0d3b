"""A person's own definition of their ethnicity changes no other data. The model of exploitation is
an opinion with a review date, recorded in words that do not blame the child.
"""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from commands.families import family_member, profile
from commands.intelligence import links
from commands.kernel import entity
from commands.kernel.item_references import UNNAMED
from domain.families.ethnicity import EthnicityTold, FamilyEthnicityTold
from domain.families.exploitation import ModelAssessed
from domain.families.family_member import MemberNamed
from domain.families.nationality import NationalityTold
from domain.kernel.codes import EthnicityGroup, NationalityDuty
from domain.kernel.values import Refused
from projections import due
from projections.all_views import VIEWS
from projections.families import profiles
from projections.intelligence import people
from tests.access.rights import Rights
from tests.commands.office import Office

#: The views that contain ethnicity and nationality.
ITSELF = {"ethnicities", "nationalities"}


def suspect(office: Office, name: str = "Baz") -> UUID:
    return office.person(name, categories=(("suspect", "seen"),))


def record_ethnicity(office: Office, who: UUID | str, group: EthnicityGroup | None = None) -> None:
    answer = EthnicityTold(UNNAMED, "told" if group else "not-asked", group)
    profile.record_ethnicity(office.desk, office.reader, answer, str(who))


def everything(office: Office) -> dict[str, list[tuple[object, ...]]]:
    kinds: list[Any] = [row for view in VIEWS for row in view.rows]
    tables = [row.table for row in kinds if row.table.name not in ITSELF]
    with office.system.reading() as db:
        return {
            table.name: sorted((tuple(row) for row in db.execute(sa.select(table))), key=repr)
            for table in tables
        }


@pytest.mark.usually_on("sqlite")
def test_a_changed_ethnicity_or_nationality_moves_nothing_else(either: Office) -> None:
    """A change of a person's ethnicity or nationality changes no other data, such as matches,
    search results, rankings, maps or offers."""
    case = either.case("Kayleigh Marlow")
    words = either.words("Baz fetches her", case=str(case))
    baz, bazza = suspect(either), suspect(either, "Bazza")
    links.assert_link(either.desk, either.reader, words, str(baz), "Kayleigh Marlow", "association")
    links.assert_link(either.desk, either.reader, words, str(baz), str(bazza), "associate")
    before = everything(either)
    assert before["entities"]
    for group in (None, "white-british", "asian-pakistani"):
        for who in (baz, "Kayleigh Marlow"):
            record_ethnicity(either, who, group)
        duty: tuple[tuple[str, NationalityDuty], ...] = (
            (str(baz), "deportation"),
            ("Kayleigh Marlow", "age-assessment"),
        )
        for who, needs_it in duty:
            hers = NationalityTold(UNNAMED, needs_it, f"of {group}")
            profile.record_nationality(either.desk, either.reader, hers, who)
        after = everything(either)
        assert {name for name in before if after[name] != before[name]} <= {"steps"}
    with either.system.reading() as db:
        (row,) = profiles.ethnicity(db, either.reader, baz)
        (of_duty,) = profiles.nationality(db, either.reader, baz)
    assert (row.answer, row.group) == ("told", "asian-pakistani")
    assert (of_duty.duty, of_duty.nationality) == ("deportation", "of asian-pakistani")


@pytest.mark.usually_on("sqlite")
def test_it_is_shown_to_those_who_see_the_person(either: Office) -> None:
    case = either.case("Kayleigh Marlow")
    child = entity.find(either.desk, either.reader, "Kayleigh Marlow")[0]
    record_ethnicity(either, child, "white-irish")
    team = (either.reader.team,)
    worker = Rights(("psw",), team, (case,)).of(either.somebody("psw.ellis"))
    manager = Rights(("manager",), team).of(either.somebody("mgr.lund"))
    with either.system.reading() as db:
        assert len(profiles.ethnicity(db, worker, child)) == 1
        assert profiles.ethnicity(db, manager, child) == []


@pytest.mark.usually_on("sqlite")
def test_a_parents_is_the_charitys_and_of_suspects_an_officers_stands_beside(
    either: Office,
) -> None:
    case = either.case("Kayleigh Marlow")
    mum = either.person("Dawn Marlow")
    with pytest.raises(
        Refused, match="Other people may state theirs, and the charity records it with"
    ):
        record_ethnicity(either, mum)
    named = MemberNamed(UNNAMED, UNNAMED, "mother")
    family_member.name(either.desk, either.reader, named, str(case), str(mum))
    hers = FamilyEthnicityTold(UNNAMED, UNNAMED, "white-british")
    made = profile.tell_family_ethnicity(either.desk, either.reader, hers, str(case), str(mum))
    fact = either.system.logs["evidence"].history(made.id)[0]
    assert (fact.controller, fact.regime) == ("charity", "uk-gdpr")
    seen = EthnicityTold(UNNAMED, "declined", None, "black")
    profile.record_ethnicity(either.desk, either.reader, seen, str(suspect(either)))
    with pytest.raises(Refused, match="suspects only"):
        profile.record_ethnicity(either.desk, either.reader, seen, "Kayleigh Marlow")


def test_parents_are_counted_and_none_of_fewer_than_five(either: Office) -> None:
    def figures() -> list[int | None]:
        with either.system.reading() as db:
            return [one.parents for one in profiles.parents_ethnicity(db, either.reader)]

    for number in range(5):
        case, mum = either.case(f"Child {number}"), str(either.person(f"Mother {number}"))
        named = MemberNamed(UNNAMED, UNNAMED, "mother")
        family_member.name(either.desk, either.reader, named, str(case), mum)
        hers = FamilyEthnicityTold(UNNAMED, UNNAMED, "white-british")
        profile.tell_family_ethnicity(either.desk, either.reader, hers, str(case), mum)
        assert figures() == [5 if number == 4 else None]
    worker = Rights(("psw",), (either.reader.team,)).of(either.somebody("psw.ellis"))
    with either.system.reading() as db:
        assert profiles.parents_ethnicity(db, worker) == []


@pytest.mark.usually_on("sqlite")
def test_the_model_comes_back_and_its_words_blame_nobody(either: Office) -> None:
    """Requirement X8: the model of exploitation is due for review, and words that blame the child
    are flagged.
    """
    case = either.case("Kayleigh Marlow")
    basis = "she chose to go to the parties"
    model = ModelAssessed(UNNAMED, ("parties",), basis, date(2011, 6, 18), ("bereavement",))
    receipt = profile.assess_model(either.desk, either.reader, model, str(case))
    assert receipt.language, "another wording is offered"
    with either.system.reading() as db:
        (row,) = profiles.models(db, either.reader, case)
        rows = due.listed(
            db, either.reader, either.desk.clock(), due.DueFilter(clock="opinion-review")
        )
        child = entity.find(either.desk, either.reader, "Kayleigh Marlow")[0]
        categories = people.entities(db, either.reader, [child])[child].categories
    assert (row.models, row.vulnerabilities, row.by) == (
        ("parties",),
        ("bereavement",),
        either.reader.name,
    )
    assert [one.item for one in rows] == [receipt.id]
    assert not categories & {"suspect"}
