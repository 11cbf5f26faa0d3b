"""Test inputs for commands about a disclosure that is recalled and whose recipients are informed,
and about a subject's request that gets more time."""

import msgspec

from commands.data_protection import disclosure, subject_request
from commands.families import referral
from commands.information import observation
from commands.kernel import entity
from commands.people_and_teams import account
from domain.data_protection.subject_request import RequestItemDecided
from domain.kernel.values import PoleCategory
from tests.access.staff import Staff
from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject

SCHOOL = "Head of Mill Lane School"


def _shared(office: Office) -> dict[str, str]:
    desk, reader = office.desk, office.reader
    words = office.words("A grey van stood in Mill Lane")
    shared = disclosure.gather(desk, reader, words, "safeguarding")
    made, _ = disclosure.disclose(
        desk,
        reader,
        shared,
        basis="safeguarding",
        purpose="to keep her safe at school",
        recipients=[SCHOOL, "Social worker on call"],
        checked="read against the note",
    )
    person, now = office.person("Baz"), office.system.clock()
    asked = subject_request.receive(desk, reader, person, "himself, passport seen", now)
    return {"made": str(made.id), "asked": str(asked.id)}


DISCLOSING = Subject(
    _shared,
    {
        "disclosure recall": Story(
            {"disclosure": "{made}", "reason": "another street"},
            ({"disclosure": "018f0000-0000-7000-8000-00000000ffff"}, {"reason": " "}),
        ),
        "disclosure told": Story(
            {"disclosure": "{made}", "recipient": SCHOOL}, ({"recipient": "Nobody Atall"},)
        ),
        "request extend": Story(
            {"request": "{asked}", "reason": "much is held"}, ({"reason": " "},)
        ),
        "request ask": Story(
            {"request": "{asked}", "what": "identity", "words": "a copy of a bill"},
            ({"words": " "}, {"what": "money"}, {"on": "2011-01-01"}),
        ),
        "request heard": Story(
            {"request": "{asked}", "what": "identity", "words": "it came", "on": "2011-03-18"},
            ({"what": "clarification"}, {"on": "2011-03-17"}, {"on": "2031-01-01"}),
        ),
    },
)


def _part(office: Office) -> dict[str, str]:
    """Make a store with accounts and an access request about a man whom two teams know. ds.hart's
    team has made all its decisions about the request. Return ids by name.
    """
    desk, staff = office.desk, Staff(office)
    engage = msgspec.structs.replace(office.reader, team="Engage")
    deter = msgspec.structs.replace(office.reader, team="Deter")
    case = referral.receive(desk, engage, child="Kayleigh Marlow").id
    observation.record(desk, engage, words="Baz Croft waits for her", case=str(case))
    seen: list[tuple[PoleCategory, str]] = [("suspect", "named")]
    baz = entity.record_person(desk, engage, name="Baz Croft", known=False, categories=seen).id
    theirs = observation.record(desk, deter, words="Baz Croft uses the flat over the bakery").id
    staff.hire("it.second", "administrator")
    staff.hire("do.marsh", "disclosure-officer")
    account.assign(desk, office.reader, "do.marsh", str(case))
    account.take_role(desk, office.reader, "ds.hart", "administrator")
    account.give_role(desk, office.reader, "ds.hart", "detective")
    account.join(desk, office.reader, "ds.hart", "Deter")
    now = office.system.clock()
    asked = subject_request.receive(desk, staff.now("do.marsh"), baz, "himself", now).id
    withheld = RequestItemDecided(theirs, "withhold", "others-rights", "it names others", None)
    subject_request.decide(desk, staff.now("ds.hart"), asked, withheld)
    return {"asked": str(asked)}


PARTS = Subject(
    _part,
    {
        "request complete": Story(
            {"request": "{asked}"},
            ({"request": "018f0000-0000-7000-8000-00000000ffff"},),
        ),
    },
)
