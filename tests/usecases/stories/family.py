"""Test inputs for commands about news for a family, promises, invitations and feedback."""

from datetime import date

from commands.families import family_contact, interview
from commands.intelligence import links
from commands.kernel import entity
from commands.kernel.item_references import UNNAMED
from domain.families.family_contact import PromiseMade
from domain.families.interview import InterviewRequested
from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject


def _family(office: Office) -> dict[str, str]:
    """Record a child and her mother, the mother's entry, a promise, and a suspect's phone; return
    ids by name.
    """
    case = office.case("Kayleigh Marlow")
    words = office.words("She was out until four again", case=str(case))
    mum = entity.record_person(office.desk, office.reader, name="Dawn Marlow", known=True)
    baz = entity.record_person(office.desk, office.reader, name="Baz", known=False)
    entity.classify(office.desk, office.reader, str(baz.id), "suspect", "seen")
    links.assert_link(office.desk, office.reader, words, str(baz.id), "phone:07700 900461", "uses")
    made = PromiseMade(UNNAMED, "parent", "ring her on Friday", date(2011, 3, 25))
    promised = family_contact.promise(office.desk, office.reader, made, str(case))
    wish = InterviewRequested(UNNAMED, "Parents as partners", "parent", date(2011, 3, 14))
    requested = interview.request(office.desk, office.reader, wish, str(case))
    return {
        "case": str(case),
        "words": str(words),
        "mum": str(mum.id),
        "promise": str(promised.id),
        "interview": str(requested.id),
    }


FAMILY = Subject(
    _family,
    {
        "family told": Story(
            {
                "case": "{case}",
                "became": "step",
                "steps": ["arrest", "verdict"],
                "whom": "parent",
                "carer": "{mum}",
                "channel": "text",
                "words": "Dawn, thank you for what you told us about Kayleigh.",
                "rests_on": ["child-told"],
                "childs_view": "objects",
                "weighed": "she is safe with her mother, who asked twice",
                "to": "phone:07700 900461",
                "done": True,
                "happened": "2011-03-17T22:40:00+00:00",
                "because_of": ["{words}"],
            },
            (
                {"done": False},
                {"childs_view": None},
                {"weighed": " "},
                {"steps": []},
                {"steps": ["tea"]},
                {"became": "other", "words": None, "rests_on": [], "to": None},
                {"became": "spoken", "channel": "smoke"},
                {"words": "Baz drives PK95ABC", "to": None, "done": False},
                {"carer": "Nan Unknown"},
            ),
        ),
        "family promise": Story(
            {
                "case": "{case}",
                "words": "news of the hearing",
                "by": "2011-03-25",
                "whom": "carer",
                "because_of": ["{words}"],
            },
            ({"by": "2011-03-01"}, {"words": " "}, {"by": "Friday"}, {"whom": "cat"}),
        ),
        "family kept": Story(
            {"promise": "{promise}", "kept": "not-kept", "words": "she was ill; rang on Monday"},
            ({"words": None}, {"kept": "perhaps"}, {"kept": ""}),
        ),
        "family invited": Story(
            {
                "case": "{case}",
                "offer": "grooming-session",
                "came": "did-not-come",
                "whom": "parents",
                "invited_by": "letter",
                "held": "2011-03-16",
                "words": "on a weekday morning",
            },
            ({"came": "came", "held": "2011-12-01"}, {"offer": "tea"}, {"held": "soon"}),
        ),
        "family asked": Story(
            {
                "case": "{case}",
                "answered": "answered",
                "whom": "parents",
                "felt": ["believed", "calls-returned"],
                "not_felt": ["kept-updated"],
                "words": "you are the first who listened",
            },
            (
                {"answered": "declined"},
                {"felt": [], "not_felt": [], "words": None},
                {"felt": ["kept-updated"]},
                {"felt": ["happy"]},
            ),
        ),
        "interview request": Story(
            {
                "case": "{case}",
                "study": "Parents as partners",
                "day": "2011-03-17",
                "whom": "parents",
            },
            ({"study": " "}, {"day": "2031-01-01"}, {"whom": "cat"}),
        ),
        "interview step": Story(
            {
                "interview": "{interview}",
                "step": "consented",
                "day": "2011-03-17",
                "informed": True,
                "words": "in writing",
            },
            (
                {"informed": False},
                {"step": "held"},
                {"step": "withdrawn"},
                {"day": "2031-01-01"},
                {"day": "2011-03-01"},
            ),
        ),
    },
)
