"""Test inputs for the operations that have none in `tests/usecases/stories`: questions, and
operations that are written by hand. They run in one store, in the order of their operation ids."""

from typing import Any
from uuid import UUID

from commands.data_protection import request_intake
from commands.erasure import erasure, legal_hold, retention
from commands.information.photograph import take
from commands.intelligence import intelligence_report, links, meeting, release
from commands.kernel import entity
from commands.people_and_teams import two_person
from domain.data_protection.legal_hold import Query
from domain.intelligence.meeting import MeetingCalled
from ingest.words import photograph
from installation.auditing import open_office
from tests.commands.office import START, Office
from tests.support.ingest.photograph import photo
from tests.usecases.fronts import Story, Subject
from usecases.kernel.registry import QUESTIONS
from web.api.asked import ApiQuestion, operation

#: The content of a file of links, as an analyst exports it.
LINKS = """source,source_kind,target,target_kind,link,valid_from,weight,reference,information,\
source_grade,handling
Darren Pike,person/suspect,07700 900311,phone,uses,2009-11-01,1,OB-02,A,1,C
"""
#: Values of the required parameters of questions, by the parameter's name.
NEEDED: dict[str, Any] = {
    "a": "{baz}",
    "area": "Town A",
    "b": "{bazza}",
    "case": "{case}",
    "erasure": "{erasure}",
    "item": "{words}",
    "measure": "referred",
    "meeting": "{meeting}",
    "number": "9990001138",
    "request": "{unknown}",
    "since": "2011-01-01",
    "team": "Engage",
    "until": "2011-03-31",
    "one": "{baz}",
    "other": "{bazza}",
    "other_area": "Town B",
    "trial": "S3",
    "terms": ["Baz", "PK95 ABC"],
    "which": "health",
    "who": "{baz}",
}
#: Values of optional parameters that filter a question's rows, by the parameter's name.
OPTIONAL: dict[str, Any] = {
    "as_known": "2011-03-18T12:00:00+00:00",
    "day": "2011-03-18",
    "due": "2012-03-18T09:00:00+00:00",
    "limit": 20,
    "min_grade": "2C",
    "owner": "ds.hart",
    "per": "month",
    "stage": ["intelligence", "evidence"],
    "window": 30,
    "worker": "psw.ellis",
    "year": 2010,
}
#: Values of parameters for the questions with these commands; they replace the values above.
OTHERWISE: dict[str, dict[str, Any]] = {
    "network changes": {"since": "2010-10-01T00:00:00+00:00", "until": "2011-03-18T12:00:00+00:00"},
    "network joins": {"other": "{gaz}"},
    "card": {"year": None, "since": "2011-01-01", "until": "2011-03-31", "edition": "team"}
    | {"as_known": "2011-03-31", "used_for": "a bid for the next year"},
    "card families": {"as_known": "2011-03-31"},
}


def _story_of(asking: ApiQuestion) -> Story:
    """Return an example call of this question, with its required parameters and its filters. A
    filter that can only be true or false is true.
    """
    needed = {n: NEEDED[n] for n, field in asking.parameters.items() if field.required}
    optional = {
        n: True if field.form == "tick" else OPTIONAL[n]
        for n, field in asking.parameters.items()
        if n in OPTIONAL
    }
    given = optional | needed | OTHERWISE.get(asking.command, {})
    return Story({name: value for name, value in given.items() if value is not None})


def _stage(office: Office) -> dict[str, str]:
    """Record a family, a report and a network, and proposals by other people; return ids by
    name.
    """
    desk, reader, system = office.desk, office.reader, office.system
    case, quiet, loud = (office.case(name) for name in ("Kayleigh Marlow", "Ann Field", "Amber"))
    for other in (quiet, loud):
        two_person.close(desk, office.somebody("di.okoro"), str(other), "quiet since May")
    why = "seen by two parents"
    baz, bazza, gaz, moss = (
        entity.add_person(desk, reader, None, [name], categories=["suspect"], grounds=why).id
        for name in ("Baz", "Bazza", "Gaz", "Mossy")
    )
    words = office.words("Baz waits at the gate", case=str(case))
    report = office.assessed(words).id
    for one, other in ((baz, bazza), (gaz, moss)):
        links.assert_link(desk, reader, report, str(one), str(other), "associate", item=1)
    photographed = photograph.read(photo())
    take(desk, reader, system.originals, words, photographed, paper=True)
    mistaken = office.person("Mistaken Once")
    erased = erasure.propose(desk, reader, [mistaken], "recorded-in-error")[0].id
    erasure.approve(desk, office.somebody("di.okoro"), erased, system)
    unknown = request_intake.note(desk, reader, "a letter from Town A", "about my late uncle").id
    request_intake.answer_nil(desk, reader, str(unknown), "that name, and three spellings")
    contested, granted = (office.words(f"He was seen there, {n}") for n in range(2))
    retention.restrict(desk, reader, [granted], "he contests it", ground="part-3-s47-3")
    weekly = MeetingCalled("weekly-brief", START, "", "ds.hart")
    made: dict[str, UUID] = {
        "case": case,
        "quiet": quiet,
        "loud": loud,
        "baz": baz,
        "bazza": bazza,
        "gaz": gaz,
        "words": words,
        "more": office.words("A silver car was there again"),
        "doubtful": office.words("I think it was on a Tuesday"),
        "erasure": erased,
        "unknown": unknown,
        "contested": contested,
        "granted": granted,
        "meeting": meeting.call(desk, reader, weekly).id,
        "held": legal_hold.place(
            desk, reader, Query("case", quiet), "inquiry", "the inquiry asked"
        ).id,
        **{name: _reported(office, name) for name in ("clean", "marked", "refused", "urgent")},
    }
    with open_office(office.settings, None) as signing:
        state = office.system.home / "signer"
        signing.init_signer(state)
        for signer in signing.signers(state):
            signing.sign(signer)
    return {name: str(one) for name, one in made.items()}


def _reported(office: Office, state: str) -> UUID:
    """Make a sanitised report of a log entry; return the report's id. The report is "clean" or, for
    another `state`, quotes its source and needs another officer for its release, which has been
    proposed or made."""
    own = "she gets in his car by the chip shop every single night"
    item = office.words(f"Sandra here, {own}, I saw it.", heard_from="Sandra Marlow")
    report = office.assessed(item, "2C").id
    text = "A child is collected by car." if state == "clean" else f"Told: {own}."
    intelligence_report.sanitise(office.desk, office.reader, item, text)
    if state != "clean":
        urgent, reason = ("she is out now", None) if state == "urgent" else (None, "it is needed")
        told = (office.desk, office.somebody("di.okoro"), report, "Team B", "safeguarding")
        release.disseminate(*told, urgent=urgent, reason=reason)
    return report


BY_HAND: dict[str, dict[str, Any]] = {
    "record": {
        "words": "Baz was at the school gate again in a silver Corsa, PK95 ABC.",
        "case": "{case}",
        "heard_from": "Dawn Marlow",
        "relation": "mother",
        "told_by": ["a neighbour"],
        "when": "yesterday at half past three",
        "told": "2011-03-18T08:30:00+00:00",
        "how_known": "other-told",
        "urgent": "he is there now",
        "because_of": ["{words}"],
    },
    "queue": {"overdue": False, "limit": 20},
    "triage": {
        "item": "{doubtful}",
        "outcome": "no-value",
        "reason": "it names no person, place or day",
        "looked": True,
    },
    "assess": {
        "item": "{more}",
        "grade": {"information": "A", "source": "2"},
        "handling": {"code": "P"},
        "opinion": "fact",
        "because_of": ["{words}"],
    },
    "sanitise": {"item": "{words}", "text": "A man known as Baz waits outside a school."},
    "hints": {"item": "{words}", "text": "Her mother says that Baz waits at the gate."},
    "disseminate": {"item": "{clean}", "to": "Team B", "purpose": "safeguarding"},
    "confirm_release": {"item": "{marked}"},
    "refuse_release": {"item": "{refused}", "reason": "these are the mother's own words"},
    "review_release": {"item": "{urgent}", "finding": "right", "words": "she was found there"},
    "confirm_proposal": {
        "item": "{quiet}",
        "what": "close",
        "reason": "read through with the parent support worker",
    },
    "refuse": {"item": "{loud}", "what": "close", "reason": "a threat is still open"},
    "changes": {"limit": 50},
    "show": {"item": "{words}"},
    "search": {"q": "silver corsa", "limit": 20, "kind": "observation", "period": "2011-03"},
    "person": {"who": "{baz}"},
    "ego": {"who": "{baz}", "hops": 2, "min_grade": "2C", "stage": ["intelligence"]},
    "path": {"a": "{baz}", "b": "{bazza}", "min_grade": "any"},
    "export": {
        "format": "graphml",
        "around": "{baz}",
        "hops": 2,
        "min_grade": "2C",
        "recipient": "Team B",
        "purpose": "a joint operation",
    },
    "take_calendar": {},
    "trail": {"item": "{words}", "direction": "forward"},
    "replay": {"until": "2011-03-18T12:00:00+00:00"},
    "verify": {},
    "proof": {"item": "{words}"},
    "place": {
        "query": {"kind": "case", "item": "{case}"},
        "ground": "inquiry",
        "reason": "the inquiry asks for all records of this family",
        "reference": "INQ/2011/7",
        "review": "2011-09-18T09:00:00+00:00",
    },
    "prove": {"one": "{held}"},
    "restrict": {
        "item": "{contested}",
        "ground": "part-3-s47-2",
        "reason": "it is evidence in a trial",
    },
    "lift_restriction": {
        "item": "{granted}",
        "reason": "what he contests was found accurate",
        "told_on": "2011-03-18",
        "told": "by letter to his solicitor",
    },
    "take_in": {"name": "links.csv", "form": "links", "dataset": "OB", "content": LINKS},
    "lay": {"item": "{more}", "paper": True, "shows_writer": False, "content": photo()},
    "shown": {"item": "{words}", "number": 1},
}

ASKED_AND_BY_HAND = Subject(
    _stage,
    {operation(one).name: _story_of(ApiQuestion(one)) for one in QUESTIONS.values()}
    | {name: Story(told) for name, told in BY_HAND.items()},
)
