"""A team states its activities and targets (Table One of the report) and its own unit costs."""

from datetime import date

import pytest
from msgspec import structs

from commands.families import family_contact
from commands.kernel.item_references import UNNAMED
from commands.people_and_teams import team_statements
from domain.families.family_contact import FamilyInvited
from domain.kernel.codes import Came, Offer, ServiceState, TeamActivity
from domain.kernel.values import Denied, Refused
from domain.people_and_teams.costs import CostStated
from domain.people_and_teams.team_service import ACTIVITIES, ServiceStated
from projections.people_and_teams import team_statements as view
from tests.access.rights import Rights
from tests.commands.office import Office

DAY = date(2010, 10, 1)
#: Table One of the report: for each team, the activities with a tick, and for whom each is meant.
TABLE_ONE: dict[str, dict[TeamActivity, str | None]] = {
    "Engage": {
        "prevention": None,
        "training": "Schools, foster carers, residential carers",
        "ceop-training": None,
        "one-to-one": None,
        "parents-group": None,
        "witness-support": None,
        "peer-support": None,
        "court-debriefing": None,
        "witness-pack": None,
    },
    "Cherish": {
        "prevention": None,
        "training": "Children's Social Care",
        "one-to-one": None,
        "parents-group": None,
        "witness-support": None,
        "court-debriefing": None,
    },
    "Deter": {
        "prevention": None,
        "training": "Children's homes, looked-after children",
        "ceop-training": None,
        "one-to-one": None,
        "witness-support": None,
        "court-debriefing": None,
    },
    "Freedom": {
        "prevention": None,
        "one-to-one": None,
        "witness-support": None,
        "court-debriefing": None,
        "witness-pack": None,
    },
}


def state(
    office: Office,
    activity: TeamActivity,
    offered: ServiceState = "offered",
    *,
    team: str = "Engage",
    since: date = DAY,
    whom: str | None = None,
) -> None:
    stated = ServiceStated(team, activity, offered, since, whom)
    team_statements.state_service(office.desk, office.reader, stated)


def test_table_one_cell_by_cell(either: Office) -> None:
    for team, offered in TABLE_ONE.items():
        for activity in ACTIVITIES:
            if activity in offered:
                state(either, activity, team=team, whom=offered[activity])
            # the report leaves Freedom's cell empty, so nothing is stated for it
            elif team != "Freedom":
                state(either, activity, "not-offered", team=team)
    with either.system.reading() as db:
        found = {(row.team, row.activity): row for row in view.matrix(db, date(2012, 10, 1))}
        before = view.matrix(db, date(2010, 9, 30))
    blank = {"Engage": "no", "Cherish": "no", "Deter": "no", "Freedom": "NK"}
    for team, offered in TABLE_ONE.items():
        for activity in ACTIVITIES:
            cell = found[team, activity]
            ticked = activity in offered
            assert cell.answer == ("yes" if ticked else blank[team]), "NK is kept, and is no 'no'"
            assert cell.whom == (offered[activity] if ticked else None)
    assert not before, "nothing was stated of that day"


@pytest.mark.usually_on("sqlite")
def test_the_last_statement_of_a_day_counts(office: Office) -> None:
    state(office, "peer-support", "not-offered")
    state(office, "peer-support", since=date(2011, 3, 1))
    state(office, "peer-support", "not-offered", since=date(2010, 11, 1))
    with office.system.reading() as db:
        on = [view.states(db, "Engage", day)["peer-support"] for day in (DAY, date(2011, 3, 2))]
    assert on == ["not-offered", "offered"]


@pytest.mark.usually_on("sqlite")
def test_a_family_is_not_invited_to_what_the_team_does_not_offer(office: Office) -> None:
    case = str(office.case("Kayleigh Marlow"))

    def invite(offer: Offer, came: Came) -> None:
        made = FamilyInvited(UNNAMED, offer, "parents", "phone", came)
        family_contact.invite(office.desk, office.reader, made, case)

    # the team has not yet stated whether it offers this activity, so inviting is allowed
    invite("another-parent", "invited")
    state(office, "peer-support", "not-offered")
    with pytest.raises(Refused, match="does not offer Witness support: peer") as refused:
        invite("another-parent", "invited")
    assert refused.value.field == "offer"
    # that a parent came is recorded even if the team does not offer this
    invite("another-parent", "came")
    invite("parents-group", "invited")
    state(office, "peer-support", since=date(2011, 3, 1))
    invite("another-parent", "invited")


@pytest.mark.usually_on("sqlite")
def test_only_those_who_manage_a_team_speak_for_it(office: Office) -> None:
    stated = ServiceStated("Deter", "training", "offered", DAY)
    cost = CostStated("Deter", "missing-night", 2450, "2012/13", "annual accounts")
    for roles, teams in ((("manager",), ("Engage",)), (("psw",), ("Deter",))):
        reader = Rights(roles, teams).of(structs.replace(office.reader, name="somebody"))  # type: ignore[arg-type]
        with pytest.raises(Denied):
            team_statements.state_service(office.desk, reader, stated)
        with pytest.raises(Denied):
            team_statements.state_cost(office.desk, reader, cost)


@pytest.mark.usually_on("sqlite")
def test_a_cost_has_its_period_and_its_source_and_the_last_counts(office: Office) -> None:
    for pounds in (2000, 2450):
        cost = CostStated("Engage", "missing-night", pounds, "2012/13", "annual accounts")
        team_statements.state_cost(office.desk, office.reader, cost)
    with office.system.reading() as db:
        ((key, row),) = view.own_costs(db, {"Engage"}).items()
        assert not view.own_costs(db, {"Deter"})
    assert (key, row.pounds) == (("Engage", "missing-night"), 2450)
    for wrong in ({"pounds": 0}, {"period": " "}, {"source": ""}):
        with pytest.raises(Refused) as refused:
            team_statements.state_cost(office.desk, office.reader, structs.replace(cost, **wrong))
        assert refused.value.field in wrong
