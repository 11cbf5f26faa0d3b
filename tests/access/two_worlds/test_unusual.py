"""Whose consultations stand out: reasons in words, and a person who looks into them."""

from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from commands.data_protection import consultation
from commands.data_protection.consultation import Look
from commands.intelligence import links
from commands.people_and_teams.team import make_team, merge_team
from domain.kernel.values import Reader
from projections.people_and_teams import accounts
from questions.people_and_teams import unusual
from questions.people_and_teams.unusual import Unusual
from tests.access.staff import Staff
from tests.commands.office import Office


def look(
    office: Office, user: str, ids: Sequence[UUID], query: str = "show", why: str | None = None
) -> None:
    assert office.system.consultations
    wanted = office.system.wants_why(query)
    office.system.consultations.consulted(
        Look(office.somebody(user), query, ids, why, wanted=wanted)
    )


def found(office: Office) -> dict[str, Unusual]:
    with office.system.looked() as db:
        return {one.user: one for one in unusual.unusual(db, office.reader, None)}


@pytest.mark.usually_on("sqlite")
def test_ordinary_work_stands_out_in_nothing(office: Office) -> None:
    case = office.case()
    for user in ("psw.ellis", "dc.moss"):
        look(office, user, [case], "network ego", "tonight's briefing")
    assert found(office) == {}


def test_each_reason_is_told_and_none_is_a_verdict(office: Office) -> None:
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
    away = Look(replace(stranger, team="Deter"), "show", [elsewhere])
    office.system.consultations.consulted(away)
    office.later(17.5)  # half past two at night
    look(office, "dc.owl", [uuid4()])
    told = {user: " / ".join(one.reasons) for user, one in found(office).items()}
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
    assert found(office)["dc.fox"].reasons == ("was shown 1 of the user's own name",)


@pytest.mark.usually_on("sqlite")
def test_all_teams_of_somebody_are_theirs_also_after_a_merger(office: Office) -> None:
    case = office.case()  # of Engage
    staff = Staff(office)
    staff.hire("psw.ellis", "psw", teams=["Deter", "Engage"])
    staff.hire("psw.stone", "psw", teams=["Freedom"])
    keeper = staff.now("ds.hart")
    make_team(office.desk, keeper, "Hub")
    merge_team(office.desk, keeper, "Engage", "Hub")
    auditor = staff.hire("aud.reed", "auditor", teams=["Hub"])
    assert office.system.consultations
    for name in ("psw.ellis", "psw.stone"):
        office.system.consultations.consulted(Look(staff.now(name), "show", [case]))
    with office.system.looked() as db:
        told = unusual.unusual(db, auditor, None)
        every = {one.user: one for one in accounts.listed(db)}
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
    consultation.review_access(office.desk, office.reader, "psw.ellis", finding)
    one = found(office)["psw.ellis"]
    assert (one.finding, bool(one.reviewed)) == (finding, True)


def test_who_ties_a_suspect_to_one_address_after_another_stands_out(office: Office) -> None:
    """The alert near a placement answers whoever guesses the address."""
    probing, calm = office.somebody("dc.probe"), office.somebody("dc.calm")
    man = office.person("Baz", categories=(("suspect", "named"),))
    car = "vehicle:PK95 ABC"
    words = office.words("he was there")
    links.assert_link(office.desk, office.reader, words, str(man), car, "driver-of")

    def tie(reader: Reader, one: str, number: int) -> UUID:
        place = f"place:{number} Mill Lane, Town A"
        return links.assert_link(office.desk, reader, words, one, place, "seen-at").id

    for number in range(4):
        tie(calm, str(man), 50 + number)
        link = tie(probing, car, number)
        links.retract(office.desk, probing, link, "mistaken")
    assert found(office) == {}
    tie(probing, car, 4)
    told = {user: one.reasons for user, one in found(office).items()}
    assert told == {
        "dc.probe": ("tied one suspect to 5 places, which may ask where a child is placed",)
    }


@pytest.mark.usually_on("sqlite")
def test_who_ties_somebody_whom_nobody_suspects_stands_out_in_nothing(office: Office) -> None:
    child, words = office.person("Kayleigh"), office.words("she goes there")
    for number in range(6):
        place = f"place:{number} Mill Lane, Town A"
        links.assert_link(office.desk, office.reader, words, str(child), place, "frequents")
    assert found(office) == {}
