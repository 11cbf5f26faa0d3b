"""The costs of missing nights and of days in care follow the figures of the evaluation report (S8,
S13).
"""

from datetime import date

from domain.people_and_teams import costs
from domain.people_and_teams.costs import Residence

TODAY = date(2012, 3, 1)


def test_a_night_missing_costs_what_the_report_says() -> None:
    assert [costs.cost_of_nights(n) for n in (0, 1, 2)] == [0, 1_300, 2_600]


def test_care_is_counted_by_days_and_ends_when_the_child_goes_home() -> None:
    home = Residence("residential", date(2011, 3, 1), date(2011, 11, 12))
    assert costs.days_in_care([home], TODAY) == 256
    assert costs.cost_of_days(256) == 26_420
    assert costs.cost_of_days(365) == 37_669
    still = Residence("foster-care", date(2012, 2, 1), None)
    assert costs.days_in_care([home, still], TODAY) == 256 + 29
    twice = Residence("secure", date(2011, 11, 1), date(2011, 11, 12))
    assert costs.days_in_care([home, twice], TODAY) == 256, "a day is counted once"
    kin = Residence("kinship", date(2011, 11, 12), None)
    assert costs.days_in_care([home, kin], TODAY) == 256
    ahead = Residence("residential", date(2012, 2, 1), date(2012, 9, 1))
    assert costs.days_in_care([ahead], TODAY) == 29, "a move that is planned has cost nothing yet"
