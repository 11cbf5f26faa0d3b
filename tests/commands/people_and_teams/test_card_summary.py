"""A report card shows the seven objectives of a team with their evidence, and the costs: by the
figures of the published report, and by a force's own figures."""

from datetime import UTC, date, datetime

import pytest

from commands.families import casework, referral
from commands.people_and_teams import card_summary, period_card, publishing_card, team_statements
from commands.people_and_teams.period_card import PeriodCard
from domain.families.referral import MissingFound, MissingReported
from domain.kernel.codes import ServiceState
from domain.people_and_teams.costs import CostStated
from domain.people_and_teams.report_card import OBJECTIVES
from domain.people_and_teams.team_service import ServiceStated
from tests.commands.office import Office

FIRST, LAST = date(2011, 1, 1), date(2011, 3, 31)


def read(office: Office) -> PeriodCard:
    wanted = period_card.requested_card(FIRST, LAST, None, (), None, office.desk.clock())
    return period_card.of_team(office.desk, office.reader, office.desk.clock(), wanted, "the board")


def at(day: int, hour: int = 20) -> datetime:
    return datetime(2011, 3, day, hour, tzinfo=UTC)


def was_missing(office: Office) -> None:
    """Record two children: one who was missing for three nights, for one night and for an
    afternoon, and one who has been missing since the 16th.
    """
    case = str(referral.receive(office.desk, office.reader, child="A child", received=at(1)).id)
    for since, found in ((at(2), at(5)), (at(7), at(8, 6)), (at(10, 14), at(10, 19))):
        casework.report_missing(office.desk, office.reader, case, MissingReported(since=since))
        casework.record_found(office.desk, office.reader, case, MissingFound(found=found))
    casework.report_missing(office.desk, office.reader, case, MissingReported(since=at(16)))


def test_nights_missing_cost_by_the_report_and_by_the_forces_own_figure(either: Office) -> None:
    was_missing(either)
    nights, care = read(either).costs
    assert (nights.number, nights.each, nights.own_each) == (6, 1_300, None), "3 + 1 + 0 + 2"
    assert nights.total == 7_800
    assert (care.number, care.total, care.each) == (None, None, 37_669), "a placement stays hidden"
    stated = CostStated("Engage", "missing-night", 2_450, "2012/13", "annual accounts")
    team_statements.state_cost(either.desk, either.reader, stated)
    card = read(either)
    assert (card.costs[0].own_total, card.costs[0].total) == (14_700, 7_800)
    assert "own: annual accounts, 2012/13" in card.costs[0].sources
    assert "they do not show a cause" in " ".join(card.notes)
    (last,) = [row.evidence for row in card.objectives if row.number == card_summary.SAVINGS]
    assert "nights missing: 6, £7,800 by the report's figure, £14,700 by the team's own" in last


@pytest.mark.usually_on("sqlite")
def test_each_of_the_seven_objectives_has_a_sentence_of_evidence(office: Office) -> None:
    was_missing(office)
    found = {row.objective: row.evidence for row in read(office).objectives}
    assert list(found) == [f"{number}. {says}" for number, says in enumerate(OBJECTIVES, 1)]
    first, second, *_ = found.values()
    assert first.startswith("Families referred to the team: 1")
    assert second == card_summary.NOTHING
    assert not any(word in " ".join(found.values()) for word in ("because", "due to", "led to"))


@pytest.mark.usually_on("sqlite")
def test_a_published_card_gives_evidence_without_a_withheld_figure(office: Office) -> None:
    for number in range(12):
        child = f"Child {number}"
        case = referral.receive(office.desk, office.reader, child=child, received=at(1)).id
        if number < 2:
            casework.allocate(office.desk, office.reader, str(case), "psw.ellis", "parents")
    office.later(24 * 30)
    wanted = period_card.requested_card(FIRST, LAST, None, (), None, office.desk.clock())
    publishing_card.publish(office.desk, office.reader, wanted)
    card = period_card.published(office.desk, office.reader, wanted)
    evidence = card.objectives[0].evidence
    assert "referred to the team: 12; given a worker for the parents: withheld" in evidence
    assert not card.costs
    offered = {(service.team, service.answer) for service in card.services}
    assert offered == {("Engage", "NK")}, "Table One has what the team states, and no figure"


@pytest.mark.usually_on("sqlite")
@pytest.mark.parametrize("state", ["offered", "not-offered", None])
def test_a_figure_of_what_the_team_does_not_offer_is_flagged(
    office: Office, state: ServiceState | None
) -> None:
    was_missing(office)
    if state:
        stated = ServiceStated("Engage", "witness-support", state, FIRST)
        team_statements.state_service(office.desk, office.reader, stated)
    card = read(office)
    (row,) = [row for row in card.figures if row.measure == "court-support"]
    flagged = "the team states no witness support work" in row.flags
    assert flagged == (state == "not-offered")
    answers = {service.activity: service.answer for service in card.services}
    assert answers["witness-support"] == {"offered": "yes", "not-offered": "no", None: "NK"}[state]
    assert answers["prevention"] == "NK"
