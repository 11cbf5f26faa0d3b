"""Test inputs for commands about accounts and teams: who gets an account, with which roles and
teams, and who works with a family."""

from dataclasses import replace

from commands.people_and_teams import account, team
from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject


def _accounts(office: Office) -> dict[str, str]:
    """Make a store with accounts; the user who made it is the administrator. Return ids by name."""
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


#: The name of an account that does not exist.
NOBODY = {"user": "psw.ellsi"}
ACCOUNTS = Subject(
    _accounts,
    {
        "user role give": Story(
            {"user": "dc.reed", "role": "manager"},
            ({"role": "administrator"}, {"role": "chief"}, {"user": " ", "role": None}, NOBODY),
        ),
        "user role lend": Story(
            {"user": "psw.ellis", "role": "social-worker", "reason": "nobody answers tonight"},
            ({"role": "dci"}, {"role": "psw"}, {"reason": " "}, NOBODY),
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


def _proposed(office: Office) -> dict[str, str]:
    """Make a store with accounts, in which ds.hart is a manager and another administrator has made
    proposals; return ids by name.
    """
    desk, reader = office.desk, office.reader
    account.add(desk, reader, "it.second", roles=["administrator"])
    account.add(desk, reader, "dc.reed", roles=["detective"], teams=["Deter"])
    account.take_role(desk, reader, "ds.hart", "administrator")
    account.give_role(desk, reader, "ds.hart", "manager")
    account.join(desk, reader, "ds.hart", reader.team)
    live, second = replace(desk, trial=lambda: False), office.somebody("it.second")
    for role in ("psw", "supervisor"):
        account.give_role(live, second, "dc.reed", role)
    for one in (reader.team, "Freedom"):
        account.join(live, second, "dc.reed", one)
    return {"team": reader.team}


CONFIRMING = Subject(
    _proposed,
    {
        "user role confirm": Story(
            {"user": "dc.reed", "role": "psw"}, ({"role": "dci"}, {"role": "chief"}, NOBODY)
        ),
        "user role refuse": Story(
            {"user": "dc.reed", "role": "supervisor", "reason": "not on this team"},
            ({"role": "dci"}, {"reason": " "}, NOBODY),
        ),
        "user team confirm": Story(
            {"user": "dc.reed", "team": "{team}"}, ({"team": "Cherish"}, NOBODY)
        ),
        "user team refuse": Story(
            {"user": "dc.reed", "team": "Freedom", "reason": "he stays with us"},
            ({"team": "Cherish"}, {"reason": " "}, NOBODY),
        ),
    },
)


def _nobody_left(office: Office) -> dict[str, str]:
    """Make a store with a single account, whose user proposed a day ago to make another user a
    manager; return ids by name."""
    account.add(office.desk, office.reader, "mgr.new")
    live = replace(office.desk, trial=lambda: False)
    account.give_role(live, office.reader, "mgr.new", "manager")
    office.later(25)
    return {}


ALONE = Subject(
    _nobody_left,
    {
        "user role alone": Story(
            {"user": "mgr.new", "role": "manager", "reason": "both managers left"},
            ({"role": "dci"}, {"reason": " "}, NOBODY),
        ),
    },
)
