"""Whose consultations stand out: reasons in words, and a person who looks into them."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from msgspec.structs import replace

from commands import consultation, referral, unusual
from commands.consultation import Look
from commands.unusual import Unusual
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


def test_ordinary_work_stands_out_in_nothing(office: Office) -> None:
    case = office.case()
    for user in ("psw.ellis", "dc.moss"):
        look(office, user, [case], "network ego", "tonight's briefing")
    assert found(office) == {}


def test_each_reason_is_told_and_none_is_a_verdict(office: Office) -> None:
    own_name = office.person("Darren Ellis")
    closed, elsewhere = office.case("Ann Other"), office.case("Bea Other")
    referral.close(office.desk, office.reader, str(closed), "moved away", "di.frost")
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


def test_a_person_looks_into_it_and_says_what_was_found(office: Office) -> None:
    look(office, "psw.ellis", [office.person("Darren Ellis")])
    finding = "a namesake, no relation"
    consultation.review_access(office.desk, office.reader, "psw.ellis", finding)
    one = found(office)["psw.ellis"]
    assert (one.finding, bool(one.reviewed)) == (finding, True)
