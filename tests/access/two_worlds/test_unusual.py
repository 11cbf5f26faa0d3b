"""Unusual access to the record is reported to a reviewer, with the reasons in plain words."""

from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from commands.data_protection import access_log
from commands.data_protection.access_log import AccessRecord
from commands.information import observation
from commands.intelligence import identity, links
from commands.people_and_teams import two_person
from commands.people_and_teams.team import make_team, merge_team
from domain.kernel.values import Reader
from projections.families import cases
from projections.people_and_teams import accounts
from questions.people_and_teams import unusual_access
from questions.people_and_teams.probing import BUSY, GUESSES, PROBES
from questions.people_and_teams.unusual_access import Unusual
from tests.access.staff import Staff
from tests.commands.office import Office

ASKS = "which may be an attempt to learn where a child is placed"


def look(
    office: Office, user: str, ids: Sequence[UUID], query: str = "show", why: str | None = None
) -> None:
    assert office.system.consultations
    wanted = office.system.wants_why(query)
    office.system.consultations.consulted(
        AccessRecord(office.somebody(user), query, ids, why, wanted=wanted)
    )


def unusual_users(office: Office) -> dict[str, Unusual]:
    with office.system.reading_with_access_log() as db:
        return {one.user: one for one in unusual_access.unusual(db, office.reader, None)}


@pytest.mark.usually_on("sqlite")
def test_ordinary_work_is_flagged_in_nothing(office: Office) -> None:
    case = office.case()
    for user in ("psw.ellis", "dc.moss"):
        look(office, user, [case], "network ego", "tonight's briefing")
    assert unusual_users(office) == {}


def test_each_reason_is_reported_and_none_is_a_verdict(office: Office) -> None:
    own_name = office.person("Darren Ellis")
    closed, elsewhere = office.case("Ann Other"), office.case("Bea Other")
    office.closed(closed, "moved away")
    for _ in range(3):
        look(office, "dc.moss", [uuid4()])
        look(office, "dc.calm", [uuid4()])
        office.later(24)
    look(office, "psw.ellis", [own_name])
    look(office, "ds.past", [closed])
    look(office, "dc.moss", [uuid4() for _ in range(60)])
    look(office, "dc.silent", [uuid4()], "network victims")
    assert office.system.consultations
    stranger = office.somebody("dc.away")
    away = AccessRecord(replace(stranger, team="Deter"), "show", [elsewhere])
    office.system.consultations.consulted(away)
    office.later(17.5)  # it is now half past two at night
    look(office, "dc.owl", [uuid4()])
    told = {user: " / ".join(one.reasons) for user, one in unusual_users(office).items()}
    assert told == {
        "psw.ellis": "was shown 1 of the user's own name",
        "ds.past": "was shown 1 closed case",
        "dc.moss": "was shown 60 items on 2011-03-21, on the user's median day 1",
        "dc.silent": "gave no reason once where one is asked for",
        "dc.away": "was shown 1 case of other teams",
        "dc.owl": "looked once at night, unlike most others",
    }


@pytest.mark.usually_on("sqlite")
def test_a_short_name_is_a_name(office: Office) -> None:
    look(office, "dc.fox", [office.person("Gary Fox")])
    assert unusual_users(office)["dc.fox"].reasons == ("was shown 1 of the user's own name",)


@pytest.mark.usually_on("sqlite")
def test_all_teams_of_somebody_are_theirs_also_after_a_merger(office: Office) -> None:
    case = office.case()  # this case belongs to the team Engage
    staff = Staff(office)
    staff.hire("psw.ellis", "psw", teams=["Deter", "Engage"])
    staff.hire("psw.stone", "psw", teams=["Freedom"])
    keeper = staff.now("ds.hart")
    make_team(office.desk, keeper, "Hub")
    merge_team(office.desk, keeper, "Engage", "Hub")
    auditor = staff.hire("aud.reed", "auditor", teams=["Hub"])
    assert office.system.consultations
    for name in ("psw.ellis", "psw.stone"):
        office.system.consultations.consulted(AccessRecord(staff.now(name), "show", [case]))
    with office.system.reading_with_access_log() as db:
        told = unusual_access.unusual(db, auditor, None)
        every = {account.user: account for account in accounts.list_accounts(db)}
        reach = accounts.reach(db, every)
    assert reach == {user: one.reach for user, one in every.items() if one.reach}
    assert reach["psw.ellis"] == ("Deter", "Engage", "Hub")
    assert [(one.user, one.reasons) for one in told] == [
        ("psw.stone", ("was shown 1 case of other teams",))
    ]


@pytest.mark.usually_on("sqlite")
def test_a_person_looks_into_it_and_says_what_was_found(office: Office) -> None:
    look(office, "psw.ellis", [office.person("Darren Ellis")])
    finding = "a namesake, no relation"
    access_log.review_access(office.desk, office.reader, "psw.ellis", finding)
    one = unusual_users(office)["psw.ellis"]
    assert (one.finding, bool(one.reviewed)) == (finding, True)


@pytest.mark.usually_on("sqlite", "postgres")
def test_who_ties_a_suspect_to_one_address_after_another_is_flagged(office: Office) -> None:
    """A user who links a suspect to one address after another, to see which link causes an alert,
    is reported as an unusual user.
    """
    probing, calm = office.somebody("dc.probe"), office.somebody("dc.calm")
    man = suspect(office, "Baz")
    car = "vehicle:PK95 ABC"
    words = office.words("he was there")
    links.assert_link(office.desk, office.reader, words, str(man), car, "driver-of")
    for number in range(4):
        link_to_place(office, calm, str(man), 50 + number)
        link_to_place(office, probing, car, number)
    assert unusual_users(office) == {}
    link_to_place(office, probing, car, 4)
    told = {user: one.reasons for user, one in unusual_users(office).items()}
    assert told == {"dc.probe": (f"linked one suspect to 5 places, {ASKS}",)}


def suspect(office: Office, name: str) -> UUID:
    return office.person(name, categories=(("suspect", "named"),))


def link_to_place(
    office: Office, by: Reader, one: str, number: int, words: UUID | None = None
) -> UUID:
    place = f"place:{number} Mill Lane, Town A"
    on = words or office.words("he was there")
    return links.assert_link(office.desk, by, on, one, place, "seen-at").id


def reasons(office: Office) -> dict[str, tuple[str, ...]]:
    return {user: one.reasons for user, one in unusual_users(office).items()}


def test_who_takes_a_suspect_each_time_and_takes_the_tie_back_is_flagged(office: Office) -> None:
    probing = office.somebody("dc.probe")
    for number in range(PROBES):
        assert unusual_users(office) == {}
        man = suspect(office, f"Baz {number}")
        link = link_to_place(office, probing, str(man), number)
        links.retract(office.desk, probing, link, "mistaken")
        office.later(20)
    assert reasons(office) == {
        "dc.probe": (f"retracted links of suspects with 5 places in a week, {ASKS}",)
    }


@pytest.mark.usually_on("sqlite")
def test_who_proposes_to_take_ties_near_a_placement_back_is_flagged(office: Office) -> None:
    """If a user proposes to retract links near the places where a child is placed, this user is
    reported as unusual, and not the user who confirms the proposals.
    """
    probing, second = office.somebody("dc.probe"), office.somebody("ds.sure")
    case = office.case()
    with office.system.reading() as db:
        child = cases.children(db, office.reader, case)[case]
    for number in range(PROBES):
        man = suspect(office, f"Baz {number}")
        placed = office.words("she is placed there")
        place = f"place:{number} Mill Lane, Town A"
        links.assert_link(office.desk, office.reader, placed, str(child), place, "placed-at")
        link = link_to_place(office, office.reader, str(man), number)
        assert links.retract(office.desk, probing, link, "mistaken").proposed
        two_person.confirm(office.desk, second, link, "retract-link")
    assert reasons(office).keys() == {"dc.probe"}


@pytest.mark.usually_on("sqlite")
@pytest.mark.parametrize("own", [True, False])
def test_who_guesses_a_place_for_a_suspect_each_time_is_flagged(office: Office, own: bool) -> None:
    probing = office.somebody("dc.probe")
    for number in range(GUESSES):
        assert unusual_users(office) == {}
        man = suspect(office, f"Baz {number}")
        said = f"he was at {number} Mill Lane" if own else "he was there"
        writer = probing if own else office.reader
        words = observation.record(office.desk, writer, words=said).id
        link_to_place(office, probing, str(man), number, words)
        office.later(10)
    assert reasons(office) == {
        "dc.probe": (
            f"linked suspects to 15 places in a week that no other person's words name, {ASKS}",
        )
    }


@pytest.mark.usually_on("sqlite")
def test_a_sergeant_who_grades_a_days_items_with_their_places_is_flagged_in_nothing(
    office: Office,
) -> None:
    sergeant = office.somebody("ds.sure")
    for day in range(3):
        for number in range(day * 14, day * 14 + 14):
            man = suspect(office, f"Baz {number}")
            words = office.words(f"Baz was seen outside no. {number}, Mill Ln. again")
            office.assessed(words)
            link_to_place(office, sergeant, str(man), number, words)
        office.later(24)
    for number in range(100, 100 + GUESSES - 1):
        link_to_place(office, sergeant, str(suspect(office, f"Gaz {number}")), number)
        office.later(1)
    assert unusual_users(office) == {}


@pytest.mark.usually_on("sqlite")
def test_who_ties_suspects_to_more_places_on_a_day_than_its_items_is_flagged(
    office: Office,
) -> None:
    listing = office.words("; ".join(f"{number} Mill Lane" for number in range(BUSY)))
    probing = office.somebody("dc.probe")
    for number in range(BUSY):
        assert unusual_users(office) == {}
        link_to_place(office, probing, str(suspect(office, f"Baz {number}")), number, listing)
    assert reasons(office) == {"dc.probe": (f"linked suspects to 30 places on one day, {ASKS}",)}


@pytest.mark.usually_on("sqlite")
def test_who_judges_one_address_after_another_to_be_a_suspects_is_flagged(office: Office) -> None:
    probing, calm = office.somebody("dc.probe"), office.somebody("dc.calm")
    link_to_place(office, office.reader, str(suspect(office, "Baz")), 0)

    somebody, words = str(office.person("Jo")), office.words("she was there")

    def place(address: str) -> str:
        there = f"place:{address}"
        links.assert_link(office.desk, office.reader, words, somebody, there, "seen-at")
        return there

    first = "place:0 Mill Lane, Town A"
    for number in range(1, PROBES + 1):
        assert unusual_users(office) == {}
        spelt = place(f"Flat {number}, 0 Mill Lane, Town A")
        identity.judge(office.desk, calm, first, spelt, "same", "one house")
        guessed = place(f"{number} Mill Lane, Town A")
        made = identity.judge(office.desk, probing, first, guessed, "same", "one house")
        assert not made.proposed
        identity.split(office.desk, probing, guessed, "two houses")
    assert reasons(office) == {
        "dc.probe": (f"judged 5 addresses in a week to be another one, {ASKS}",)
    }


@pytest.mark.usually_on("sqlite")
def test_who_ties_somebody_whom_nobody_suspects_is_flagged_in_nothing(office: Office) -> None:
    child, words = office.person("Kayleigh"), office.words("she goes there")
    for number in range(6):
        place = f"place:{number} Mill Lane, Town A"
        links.assert_link(office.desk, office.reader, words, str(child), place, "frequents")
    assert unusual_users(office) == {}
