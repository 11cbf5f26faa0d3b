"""A team's page shows its capacity beside its workload, its definitions of risk by version, and its
letters.
"""

from datetime import date
from uuid import UUID

import pytest

from commands.families import casework, family_contact, raid
from commands.kernel import entity
from commands.kernel.item_references import UNNAMED
from commands.people_and_teams import team_practice
from domain.families.family_contact import FamilyTold
from domain.families.raid import FoundInRaid
from domain.families.referral import ThresholdAssessed
from domain.kernel.values import Denied, Refused
from domain.people_and_teams.team_practice import CapacitySet, LettersRuled, ThresholdsDefined
from projections.people_and_teams import team_practice as view
from questions.families import letters
from questions.people_and_teams import workload
from tests.access.rights import Rights
from tests.commands.office import Office

DEFINED = ThresholdsDefined("", "engage/2", "early signs", "groomed", "exploited", date(2011, 3, 1))


def due_letters(office: Office) -> list[tuple[UUID, str, bool]]:
    with office.system.reading() as db:
        found = letters.list_owed(office.desk, db, office.reader, office.desk.clock())
    return [(row.case, row.why, row.overdue) for row in found]


def rated_low(office: Office, name: str) -> UUID:
    case = office.case(name)
    entity.record_age(office.desk, office.reader, name, None, None, "15")
    casework.assess_threshold(office.desk, office.reader, str(case), "low")
    return case


def test_a_workers_load_is_beside_what_one_worker_carries(either: Office) -> None:
    """Requirement A8: a worker's load is shown beside the greatest load that a worker should
    carry."""
    desk, reader = either.desk, either.reader
    for name in ("Holly Ashby", "Jade Stone"):
        casework.allocate(desk, reader, str(either.case(name)), "psw.ellis", "parents")

    def load() -> workload.Load:
        with either.system.reading() as db:
            (row,) = workload.loads(desk, db, reader, desk.clock(), None)
        return row

    assert (load().most_families, load().over) == (None, False)
    team_practice.record(desk, reader, CapacitySet("", 2, 100))
    assert (load().families, load().most_families, load().over) == (2, 2, False)
    team_practice.record(desk, reader, CapacitySet("", 1, 100))
    assert (load().most_families, load().over) == (1, True)


@pytest.mark.usually_on("sqlite")
def test_a_team_defines_low_medium_and_high_by_version_and_rates_by_it(office: Office) -> None:
    """Requirement A2: a team writes its definitions of low, medium and high risk with a version and
    a date, and rates cases by these definitions.
    """
    desk, reader = office.desk, office.reader
    case = str(office.case())
    with pytest.raises(Refused, match="no definition 'engage/2'"):
        casework.assess_threshold(desk, reader, case, "high", definition="engage/2")
    team_practice.record(desk, reader, DEFINED)
    casework.assess_threshold(desk, reader, case, "high", definition="engage/2")
    assert office.events(ThresholdAssessed)[-1].definition == "engage/2"
    with pytest.raises(Refused, match="exists already"):
        team_practice.record(desk, reader, DEFINED)
    with office.system.reading() as db:
        (row,) = view.definitions(db, [reader.team])
    texts = ("early signs", "groomed", "exploited")
    assert (row.version, row.low, row.medium, row.high) == ("engage/2", *texts)
    assert (row.since, row.by) == (date(2011, 3, 1), reader.name)


@pytest.mark.usually_on("sqlite")
def test_only_a_manager_of_the_team_sets_it(office: Office) -> None:
    managers = Rights(("manager",), ("Deter",)).of(office.somebody("mgr.hill"))
    with pytest.raises(Denied, match="only a manager of the team"):
        team_practice.record(office.desk, managers, CapacitySet("Engage", 12, 30))
    worker = Rights(("psw",), ("Engage",)).of(office.somebody("psw.ellis"))
    with pytest.raises(Denied):
        team_practice.record(office.desk, worker, CapacitySet("Engage", 12, 30))


def test_letters_to_low_rated_families_and_after_a_raid_follow_the_teams_rule(
    either: Office,
) -> None:
    """Requirement W18: if the team has a rule for letters, a letter to a family with a low rating,
    or to a family that was met in a raid, is due; sending the letter ends the deadline.
    """
    desk, reader = either.desk, either.reader
    low, raided = rated_low(either, "Holly Ashby"), either.case("Jade Stone")
    raid.found_in_raid(desk, reader, FoundInRaid(UNNAMED, date(2011, 3, 12)), str(raided))
    assert due_letters(either) == []
    team_practice.record(desk, reader, LettersRuled("", True, False, 14))
    assert due_letters(either) == [(low, "rated low", False)]
    team_practice.record(desk, reader, LettersRuled("", True, True, 14))
    assert {row[:2] for row in due_letters(either)} == {
        (low, "rated low"),
        (raided, "found in a raid"),
    }
    either.later(24 * 15)
    assert {row[2] for row in due_letters(either)} == {True}
    letter = FamilyTold(UNNAMED, "parent", "kept", "letter", words="Ring us at any time.")
    family_contact.record_feedback(desk, reader, letter, str(low))
    assert [row[0] for row in due_letters(either)] == [raided]


@pytest.mark.usually_on("sqlite")
def test_a_letter_names_a_safe_address_or_says_that_none_is_known(office: Office) -> None:
    """A due letter names a safe address, or says that there is no safe address; a user who may not
    see the case sees no letter.
    """
    rated_low(office, "Holly Ashby")
    team_practice.record(office.desk, office.reader, LettersRuled("", True, True, 14))
    other = Rights(("psw",), ("Deter",)).of(office.somebody("psw.far"))
    with office.system.reading() as db:
        (row,) = letters.list_owed(office.desk, db, office.reader, office.desk.clock())
        assert letters.list_owed(office.desk, db, other, office.desk.clock()) == []
    assert row.address == "no safe address is known: do not write"
