"""Test inputs for commands about access for a limited time: emergency access, an authority, and
access to the source of one entry."""

from datetime import timedelta

from commands.people_and_teams import account, grant
from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject

LIFE = "his threat to kill her"


def _grants(office: Office) -> dict[str, str]:
    """In a store without accounts, record requests, emergency access and shared access by several
    people; return the ids of these records by name."""
    case = office.case("Kayleigh Marlow")
    words = [office.words(text, heard_from="Marion Oakes") for text in ("He has a knife", "Again")]
    desk, other = office.desk, office.somebody("di.moss")
    broken = grant.break_glass(desk, other, str(case), "she is on the bridge")
    mine = grant.break_glass(desk, office.reader, str(case), "he is at her door")
    asked = grant.ask_entry(desk, other, str(words[0]), LIFE)
    alone = grant.ask_entry(desk, office.reader, str(words[1]), LIFE)
    opened = grant.ask_entry(desk, other, str(words[1]), LIFE)
    grant.join_entry(desk, office.somebody("ds.lowe"), str(opened.id))
    office.later(11 / 60)
    told = {"case": case, "words": words[0], "broken": broken.id, "mine": mine.id}
    told |= {"asked": asked.id, "alone": alone.id, "opened": opened.id}
    return {name: str(one) for name, one in told.items()}


def _authorities(office: Office) -> dict[str, str]:
    """Make a store with accounts, in which ds.hart is a manager and another person is the
    administrator; return ids by name.
    """
    case = office.case("Kayleigh Marlow")
    desk, reader = office.desk, office.reader
    account.add(desk, reader, "it.second", roles=["administrator"])
    account.add(desk, reader, "au.dean", roles=["auditor"])
    account.add(desk, reader, "do.marsh", roles=["disclosure-officer"])
    account.take_role(desk, reader, "ds.hart", "administrator")
    account.give_role(desk, reader, "ds.hart", "manager")
    account.join(desk, reader, "ds.hart", reader.team)
    until = office.system.clock() + timedelta(days=7)
    giver = office.somebody("io.shaw")
    waits = grant.give_authority(
        desk, giver, "do.marsh", str(case), "disclosure", until, "trial S1"
    )
    return {"case": str(case), "waits": str(waits.id)}


NOBODY = {"which": "00000000"}
REVIEW = {"judged": "justified", "reason": "it could not wait"}
GRANTS = Subject(
    _grants,
    {
        "glass break": Story(
            {"case": "{case}", "reason": "a child is missing tonight"},
            ({"case": "99"}, {"reason": " "}, {"case": None, "reason": None}),
        ),
        "glass close": Story({"which": "{mine}"}, (NOBODY,)),
        "glass review": Story(
            {"which": "{broken}", **REVIEW},
            ({"which": "{mine}"}, {"judged": "perhaps", "reason": ""}),
        ),
        "entry ask": Story(
            {"item": "{words}", "reason": LIFE}, ({"item": "of her"}, {"reason": ""})
        ),
        "entry join": Story({"which": "{asked}"}, (NOBODY, {"which": "{alone}"})),
        "entry alone": Story({"which": "{alone}"}, (NOBODY,)),
        "entry review": Story({"which": "{opened}", **REVIEW}, (NOBODY,)),
    },
)
UNTIL = "2011-04-01T00:00:00+00:00"
AUTHORITIES = Subject(
    _authorities,
    {
        "authority give": Story(
            {
                "user": "au.dean",
                "case": "{case}",
                "given_for": "audit",
                "until": UNTIL,
                "reason": "the yearly audit",
            },
            (
                {"user": "do.marsh"},
                {"case": "99"},
                {"until": "2019-04-01T00:00:00+00:00"},
                {"given_for": "all", "reason": " "},
            ),
        ),
        "authority approve": Story({"which": "{waits}"}, (NOBODY,)),
        "authority end": Story({"which": "{waits}"}, (NOBODY,)),
    },
)
