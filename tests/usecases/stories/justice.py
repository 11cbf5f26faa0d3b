"""Test inputs for commands about evidence that is handed over, and about arrests, charges and
notices."""

from datetime import date

from commands.justice import evidence
from commands.kernel import entity
from domain.justice.evidence import EvidenceGathered
from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject


def _exhibits(office: Office) -> dict[str, str]:
    """Record a case, a log entry and three exhibits, whose status the tests change; return ids by
    name."""
    items = {
        name: evidence.gather(
            office.desk,
            office.reader,
            EvidenceGathered("exhibit", mark, produced_by="dc.rowe"),
        ).id
        for name, mark in (("phone", "AB1"), ("coat", "AB2"), ("key", "AB3"))
    }
    case, words = office.case("Kayleigh Marlow"), office.words("She gave me his phone")
    return {name: str(one) for name, one in (items | {"case": case, "words": words}).items()}


def _people(office: Office) -> dict[str, str]:
    """Record a man, a child with a known date of birth, and a case; return ids by name."""
    child = entity.record_person(
        office.desk, office.reader, name="Kay Moss", born=date(1997, 5, 6)
    ).id
    man, case = office.person("Baz"), office.case("Kayleigh Marlow")
    words = office.words("He drives her about")
    return {"man": str(man), "child": str(child), "case": str(case), "words": str(words)}


EVIDENCE = Subject(
    _exhibits,
    {
        "evidence add": Story(
            {
                "kind": "exhibit",
                "mark": "AB1",
                "of": ["{words}"],
                "description": "a black phone",
                "produced_by": "dc.rowe",
                "location": "Store 2",
                "gathered": "2011-03-17T22:40:00+00:00",
                "case": "{case}",
                "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                "because_of": ["{words}"],
            },
            (
                {"kind": "picture"},
                {"mark": " "},
                {"case": "there is no case with this number or id"},
                {"of": ["Nobody we know"]},
                {"gathered": "at night"},
            ),
        ),
        "evidence transfer": Story(
            {
                "item": "{phone}",
                "receiver": "lab",
                "giver": "dc.rowe",
                "place": "Store 2",
                "transferred": "2011-03-18T04:00:00+00:00",
            },
            ({"giver": "dc.other"}, {"receiver": None}, {"transferred": "2011-13-01"}),
        ),
        "evidence exclude": Story(
            {"item": "{phone}", "reason": "an unlawful search", "because_of": ["{words}"]},
            ({"reason": " "},),
        ),
        "evidence undermine": Story(
            {"item": "{coat}", "reason": "the SIM is new"}, ({"reason": None},)
        ),
        "evidence withdraw": Story(
            {"item": "{key}", "reason": "entered twice"}, ({"reason": "x" * 20_001},)
        ),
    },
)
_AGAINST = Story(
    {
        "who": "{man}",
        "offence": "s.9 Sexual Offences Act 2003",
        "happened": "2011-03-17T07:00:00+00:00",
        "case": "{case}",
        "note": "at his flat",
        "because_of": ["{words}"],
    },
    (
        {"because_of": []},
        {"because_of": ["a neighbour told us"]},
        {"happened": "at dawn"},
        {"case": "there is no case with this number or id"},
    ),
)
JUSTICE = Subject(
    _people,
    {
        "outcome arrest": _AGAINST,
        "outcome charge": _AGAINST,
        "outcome notice": Story(
            {
                "who": "{man}",
                "child": "Kay Moss",
                "basis": "s2-caa-1984",
                "care": "accommodated",
                "happened": "2011-03-17T07:00:00+00:00",
                "case": "{case}",
                "rationale": "a supervisor's",
                "recipient_under_18": True,
                "issue": True,
                "note": "his father was there",
                "because_of": ["none-known"],
            },
            (
                {"child": "Nobody"},
                {"child": None},
                {"rationale": None},
                {"basis": "s49-ca-1989"},
                {"basis": "common law", "care": "foster"},
                {"expires": "2013-05-07"},
                {"expires": "one day"},
            ),
        ),
    },
)
