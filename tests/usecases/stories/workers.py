"""Workers and their supervision."""

from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject


def _worker(office: Office) -> dict[str, str]:
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
        "charter acknowledge": Story({"version": "psw-2026/1"}, ({"version": "psw-2010/1"},)),
    },
)
