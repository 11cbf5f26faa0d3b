"""Accounts and teams: who comes in, in which roles and teams, and whose a family is."""

from commands import account, team
from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject


def _accounts(office: Office) -> dict[str, str]:
    """A closed store, whose maker keeps the accounts."""
    case = office.case("Kayleigh Marlow")
    desk, reader = office.desk, office.reader
    account.add(
        desk,
        reader,
        "psw.ellis",
        roles=["psw"],
        teams=["Engage", "Cherish"],
        controller="pace",
    )
    account.add(desk, reader, "dc.reed", roles=["detective"], teams=["Deter"])
    team.make_team(desk, reader, "South")
    return {"case": str(case)}


#: Nobody has this account.
NOBODY = {"user": "psw.ellsi"}
ACCOUNTS = Subject(
    _accounts,
    {
        "user role give": Story(
            {"user": "dc.reed", "role": "manager"},
            ({"role": "administrator"}, {"role": "chief"}, {"user": " ", "role": None}, NOBODY),
        ),
        "user role take": Story(
            {"user": "dc.reed", "role": "manager"},
            (NOBODY, {"user": "ds.hart", "role": "administrator"}),
        ),
        "user team join": Story(
            {"user": "dc.reed", "team": "South"}, ({"team": "Nowhere"}, {"team": ""})
        ),
        "user team leave": Story({"user": "psw.ellis", "team": "Cherish"}, (NOBODY,)),
        "user assign": Story(
            {"user": "psw.ellis", "family": "{case}"},
            (
                {"family": "018f0000-0000-7000-8000-00000000ffff"},
                {"user": "psw.elis"},
                {"family": None},
            ),
        ),
        "user unassign": Story(
            {"user": "psw.ellis", "family": "{case}"},
            ({"family": "018f0000-0000-7000-8000-00000000ffff"},),
        ),
        "user reach": Story(
            {"user": "psw.ellis", "email": "psw.ellis@charity.example"},
            ({"email": "psw.ellis"}, {"email": None}, NOBODY),
        ),
        "user unreach": Story({"user": "psw.ellis"}, ({"user": "dc.reed"}, NOBODY)),
        "user lock": Story(
            {"user": "psw.ellis", "reason": "a lost phone"},
            ({"reason": " "}, {"user": "ds.hart"}, NOBODY),
        ),
        "user unlock": Story({"user": "psw.ellis"}, (NOBODY,)),
        "user leave": Story({"user": "psw.ellis"}, ({"user": "ds.hart"}, NOBODY)),
        "team charity": Story(
            {"controller": "pace"},
            ({"controller": "pacce"}, {"controller": "police"}, {"controller": ""}),
        ),
        "team make": Story({"team": "North"}, ({"team": "Engage"}, {"team": ""})),
        "team rename": Story(
            {"team": "North", "new": "Northern"}, ({"new": "Deter"}, {"team": "Nowhere"})
        ),
        "team merge": Story(
            {"team": "South", "into": "Northern"}, ({"into": "Nowhere"}, {"into": "South"})
        ),
    },
)
