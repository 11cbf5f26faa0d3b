"""Test inputs for commands about workers and their supervision."""

from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject


def _worker(office: Office) -> dict[str, str]:
    office.case()  # a report card needs a team that has a family
    return {}


WORKERS = Subject(
    _worker,
    {
        "supervision told": Story(
            {
                "worker": "psw.ellis",
                "kind": "line",
                "state": "held",
                "day": "2011-03-17",
                "agreed": "one family fewer until May",
            },
            (
                {"kind": "therapeutic"},
                {"day": "2011-04-17"},
                {"state": "perhaps"},
                {"worker": "ds.hart"},
            ),
        ),
        "target set": Story(
            {
                "measure": "came-to-learn",
                "year": 2011,
                "number": 30,
                "funder": "Town A Children's Fund",
            },
            (
                {"year": 2010},
                {"year": 2031},
                {"number": 4},
                {"funder": " "},
                {"measure": "happiness"},
            ),
        ),
        "team capacity": Story(
            {"families": 12, "load": 30},
            ({"families": 0}, {"load": 0}),
        ),
        "team define": Story(
            {
                "version": "engage/2",
                "low": "early signs",
                "medium": "groomed",
                "high": "exploited, or going to court",
                "since": "2011-03-01",
            },
            (
                {"low": " "},
                {"version": "not a version"},
                {"version": "lmh-2013/1"},
                {"since": "2031-01-01"},
            ),
        ),
        "team letters": Story(
            {"days": 14, "low_rated": True, "after_raid": True},
            ({"days": 0}, {"days": 61}),
        ),
        "service set": Story(
            {
                "activity": "training",
                "state": "offered",
                "since": "2010-10-01",
                "whom": "Schools, foster carers, residential carers",
            },
            (
                {"since": "2031-01-01"},
                {"state": "not-offered"},
                {"activity": "tea"},
                {"state": "perhaps"},
            ),
        ),
        "cost set": Story(
            {
                "cost": "missing-night",
                "pounds": 2450,
                "period": "2012/13",
                "source": "Town A police, annual accounts",
            },
            ({"pounds": 0}, {"period": " "}, {"source": " "}, {"cost": "everything"}),
        ),
        "card protection": Story(
            {"protection": "rounding", "reason": "One team has five families"},
            ({"reason": " "}, {"protection": "hiding"}),
        ),
        "card publish": Story(
            {"since": "2010-01-01", "until": "2010-12-31", "by": "quarter"},
            (
                {"until": "2009-12-31"},
                {"until": "2011-12-31"},
                {"since": "1980-01-01"},
                {"by": "month"},
            ),
        ),
        "charter acknowledge": Story({"version": "psw-2026/1"}, ({"version": "psw-2010/1"},)),
    },
)
