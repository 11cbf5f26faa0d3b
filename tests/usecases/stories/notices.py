"""Test inputs for commands about abduction warning notices after they were issued."""

from datetime import UTC, date, datetime

from commands.justice import abduction_notices, arrest_to_result, evidence
from commands.kernel import entity
from commands.kernel.item_references import UNNAMED
from domain.justice.abduction_notice import NoticeBreached
from domain.justice.arrest_to_result import NoticeServed
from domain.justice.evidence import EvidenceGathered
from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject


def _warned(office: Office) -> dict[str, str]:
    """Record a man who was warned about a child, a breach of the notice, and an arrest that the
    response to the breach may name; return ids by name.
    """
    told = desk, reader = office.desk, office.reader
    child = entity.record_person(*told, name="Kay Moss", born=date(1997, 5, 6)).id
    man, case, words = office.person("Baz"), office.case("Kay Moss"), office.words("He was there")
    served = NoticeServed(man, child, "s2-caa-1984", case, datetime(2011, 3, 1, tzinfo=UTC))
    one = arrest_to_result.serve_notice(*told, served, because_of=("none-known",)).id
    seen = NoticeBreached(
        UNNAMED, UNNAMED, UNNAMED, "a neighbour", "the arcade", datetime(2011, 3, 9, tzinfo=UTC)
    )
    gathered = {
        "photograph": EvidenceGathered("exhibit", "PL1", produced_by="PC Lane"),
        "statement": EvidenceGathered("statement", "PL2", produced_by="PC Lane"),
    }
    items = {name: evidence.gather(desk, reader, each).id for name, each in gathered.items()}
    breach = abduction_notices.breach(*told, str(one), str(words), seen).id
    found = items | {"notice": one, "breach": breach, "words": words}
    return {name: str(each) for name, each in found.items()}


NOTICES = Subject(
    _warned,
    {
        "notice service": Story(
            {
                "notice": "{notice}",
                "served_by": "PC Lane",
                "place": "his mother's house, Town A",
                "photograph": "{photograph}",
                "statement": "{statement}",
                "note": "he said that he understood",
                "because_of": ["{words}"],
            },
            (
                {"served_by": " "},
                {"place": " "},
                {"photograph": "no such exhibit"},
                {"statement": "no such statement"},
            ),
        ),
        "notice breach": Story(
            {
                "notice": "{notice}",
                "item": "{words}",
                "seen_by": "her aunt",
                "place": "outside the school",
                "happened": "2011-03-16T15:30:00+00:00",
                "note": "they left in his car",
            },
            (
                {"item": "no such words"},
                {"seen_by": " "},
                {"happened": "2011-02-01T15:30:00+00:00"},
                {"happened": "2031-02-01T15:30:00+00:00"},
                {"happened": None},
            ),
        ),
        "notice followed": Story(
            {"breach": "{breach}", "did": "arrested", "words": "for taking her, s.2"},
            ({"did": "shouted at"}, {"words": " "}),
        ),
    },
)
