"""Test inputs for commands about legal holds, retention reviews and deadlines."""

from datetime import date, timedelta

from commands.erasure import legal_hold, retention
from commands.families import charity_support
from commands.justice import arrest_to_result
from commands.justice.arrest_to_result import OutcomeSubject
from commands.kernel.item_references import UNNAMED
from commands.people_and_teams import rota
from domain.data_protection.legal_hold import Query
from domain.families.charity_support import NoteWritten
from domain.families.protection import alert_stream
from domain.justice.arrest_to_result import ArrestMade
from domain.people_and_teams.deadline import stream
from domain.people_and_teams.rota import DutyGiven
from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject

MAY = date(2011, 5, 1)


def _stage(office: Office) -> dict[str, str]:
    desk, reader = office.desk, office.reader
    case, now = office.case("Kayleigh Marlow"), office.system.clock()
    order = "Rule 9, 2011/4"
    store = legal_hold.place(
        desk, office.somebody("di.moss"), Query("store"), "inquiry", "its terms", reference=order
    )
    mine = legal_hold.place(desk, reader, Query("store"), "inquiry", "its terms", reference=order)
    duty = rota.give(
        desk, reader, DutyGiven("insp.moss", "07700 900123", now, now + timedelta(hours=8))
    )
    view = NoteWritten(case, "parent", "view", "opinion", "worn out", "psw", "visits", MAY)
    noted = charity_support.write_note(desk, reader, view)
    arrested = arrest_to_result.record(
        desk,
        reader,
        ArrestMade(UNNAMED),
        because_of=("none-known",),
        named=OutcomeSubject(person="Kayleigh Marlow"),
    )
    contested, wished = office.words("He was seen there."), office.words("She was seen there.")
    retention.request_restriction(desk, reader, str(wished), "her solicitor", "she objects")
    told = {
        "case": case,
        "contested": contested,
        "wished": wished,
        "store": store.id,
        "mine": mine.id,
        "duty": duty.id,
        "review": stream(store.id, "hold-review"),
        "opinion": stream(noted.id, "opinion-review"),
        "alert": alert_stream(case, "arrest-of-victim", arrested.id),
    }
    return {name: str(one) for name, one in told.items()}


KEEPING = Subject(
    _stage,
    {
        "rota end": Story(
            {"duty": "{duty}"},
            ({"duty": "018f0000-0000-7000-8000-00000000ffff"}, {"duty": "{case}"}),
        ),
        "rota add": Story(
            {
                "user": "insp.moss",
                "phone": "07700 900123",
                "since": "2011-03-18T09:00:00+00:00",
                "until": "2011-03-18T17:00:00+00:00",
                "place": 2,
            },
            (
                {"phone": "ring me", "user": None},
                {"phone": "ring me"},
                {"until": "2011-03-17T09:00:00+00:00"},
                {"until": "2012-03-18T09:00:00+00:00"},
                {"place": 0},
                {"place": "first", "since": "at nine"},
                {"team": "Deter", "all_teams": True},
            ),
        ),
        "due answer": Story(
            {"which": "{opinion}", "answer": "done", "reason": "she is better"},
            (
                {"which": "018f0000-0000-7000-8000-00000000ffff"},
                {"answer": "agree"},
                {"answer": "perhaps", "reason": " "},
                {"answer": "again"},
                {"answer": "again", "until": "1999-01-01T00:00:00+00:00"},
                {"until": "2012-01-01T00:00:00+00:00"},
                {"which": "{review}"},
            ),
        ),
        "alert answer": Story(
            {"alert": "{alert}", "answer": "acted", "reason": "she was released"},
            (
                {"alert": "018f0000-0000-7000-8000-00000000ffff"},
                {"answer": "agree", "reason": " "},
                {"reason": " "},
            ),
        ),
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
        "hold lift": Story(
            {"hold": "{mine}", "reason": "the inquiry is over"},
            (
                {"reason": " "},
                {"hold": "018f0000-0000-7000-8000-00000000ffff"},
                {"ground": "whim"},
            ),
        ),
        "restriction request": Story(
            {
                "item": "{contested}",
                "requester": "his solicitor, by letter",
                "reason": "he says that it was another man",
            },
            (
                {"item": "{wished}"},
                {"requester": " "},
                {"reason": " "},
            ),
        ),
        "restriction refuse": Story(
            {"item": "{wished}", "reason": "to object is no ground under Part 3"},
            ({"item": "{case}"}, {"reason": " "}),
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
