"""Test inputs for commands about requests by police or prosecutors for information about a
victim."""

from commands.families import charity_support
from commands.justice import victim_request
from commands.kernel.item_references import UNNAMED
from domain.families.charity_support import ContactMade, NoteWritten
from domain.justice.victim_request import InformationAsked
from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject

ASKED = InformationAsked(
    UNNAMED,
    True,
    "investigating",
    "the notes of March 2011 that name the flat",
    "whether she was held in the flat",
    "nobody else wrote it down at the time",
    "two notes, not her whole support",
    probative="they were written on the day, before anybody was arrested",
    rebutted="the landlord denies what only these notes tell",
    asker="DC Rowe, Town A police",
    notice="to-follow",
    notice_reason="her mother is in hospital",
)


def _stage(office: Office) -> dict[str, str]:
    """Record a family with a note and a contact, and three requests from other organisations;
    return ids by name.
    """
    desk, reader = office.desk, office.reader
    case, other = office.case("Kayleigh Marlow"), office.case("Ruby Vale")
    note = NoteWritten(case, "child", "note", "fact", "She named the flat.")
    made = ContactMade(case, "emotional-support", "visit", "child", words="She was frightened.")
    theirs = NoteWritten(other, "child", "note", "fact", "She is at her aunt's.")
    return {
        "case": str(case),
        "words": str(office.words("She said that he has a flat.")),
        "note": str(charity_support.write_note(desk, reader, note).id),
        "contact": str(charity_support.make_contact(desk, reader, made).id),
        "theirs": str(charity_support.write_note(desk, reader, theirs).id),
        "first": str(victim_request.request_information(desk, reader, ASKED, str(case)).id),
        "second": str(victim_request.request_information(desk, reader, ASKED, str(case)).id),
    }


VICTIM_REQUEST = Subject(
    _stage,
    {
        "victim-request ask": Story(
            {
                "case": "{case}",
                "sought": "the notes of March 2011 that name the flat",
                "enquiry": "whether she was held in the flat",
                "purpose": "prosecuting",
                "necessary": "nobody else wrote it down at the time",
                "proportionate": "two notes, not her whole support",
                "notice": "not-given",
                "support_notes": True,
                "probative": "they were written on the day",
                "rebutted": "the landlord denies it",
                "exception": "risks-serious-harm",
                "notice_reason": "he reads her letters",
                "received": "2011-03-17T11:00:00+00:00",
                "answer_by": "2011-04-01",
                "because_of": ["{words}"],
            },
            (
                {"sought": " "},
                {"enquiry": " "},
                {"necessary": " "},
                {"proportionate": " "},
                {"probative": None},
                {"rebutted": None},
                {"exception": None},
                {"notice": "to-follow", "notice_reason": None},
                {"notice": "given"},
                {"purpose": "curiosity"},
            ),
        ),
        "victim-request notice": Story(
            {"request": "{first}", "notice": "given", "told": "parent"},
            ({"told": None}, {"notice": "to-follow"}, {"notice": "not-given", "told": None}),
        ),
        "victim-request decide": Story(
            {
                "request": "{first}",
                "decision": "part",
                "items": ["{note}", "{contact}"],
                "reason": "the rest is about her mother",
                "because_of": ["{words}"],
            },
            (
                {"reason": None},
                {"items": []},
                {"items": ["{theirs}"]},
                {"decision": "refused"},
                {"request": "{second}"},
            ),
        ),
        "victim-request withdraw": Story(
            {"request": "{second}", "reason": "the suspect admits it"},
            ({"reason": " "},),
        ),
    },
)
