"""What is kept, due, and who is on call: holds, reviews, duties."""

from datetime import timedelta

from commands import hold, rota
from domain.due import stream
from domain.hold import Query
from domain.rota import DutyGiven
from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject


def _kept(office: Office) -> dict[str, str]:
    desk, reader = office.desk, office.reader
    case, now = office.case("Kayleigh Marlow"), office.system.clock()
    order = "Rule 9, 2011/4"
    store = hold.place(
        desk, office.somebody("di.moss"), Query("store"), "inquiry", "its terms", reference=order
    )
    mine = hold.place(desk, reader, Query("store"), "inquiry", "its terms", reference=order)
    duty = rota.give(
        desk, reader, DutyGiven("insp.moss", "07700 900123", now, now + timedelta(hours=8))
    )
    review = stream(store.id, "hold-review")
    told = {"case": case, "store": store.id, "mine": mine.id, "duty": duty.id, "review": review}
    return {name: str(one) for name, one in told.items()}


KEEPING = Subject(
    _kept,
    {
        "rota end": Story({"duty": "{duty}"}),
        "due acknowledge": Story(
            {"which": "{review}"}, ({"which": "018f0000-0000-7000-8000-00000000ffff"},)
        ),
        "hold confirm": Story({"hold": "{store}"}, ({"hold": "{mine}"},)),
        "hold review": Story(
            {
                "hold": "{store}",
                "until": "2011-09-01T00:00:00+00:00",
                "reason": "it still sits",
                "reference": "Rule 9, 2011/5",
            },
            ({"until": "2010-01-01T00:00:00+00:00"}, {"until": "in May", "reason": " "}),
        ),
        "retention decide": Story(
            {
                "item": "{case}",
                "decision": "retain",
                "reason": "still needed",
                "until": "2014-01-01T00:00:00+00:00",
                "group": 2,
            },
            (
                {"decision": "dispose", "until": None},
                {"decision": "keep", "reason": ""},
                {"group": 5},
                {"until": "2010-01-01T00:00:00+00:00"},
                {"item": "Nobody Atall"},
            ),
        ),
    },
)
