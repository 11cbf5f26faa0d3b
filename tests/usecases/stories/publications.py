"""Test inputs for commands about publications about a child, and about texts for the press, which
are checked before their release."""

from commands.families import publication
from commands.intelligence import links
from commands.kernel.item_references import UNNAMED
from domain.families.publication import PublicationNoted
from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject


def _published(office: Office) -> dict[str, str]:
    """Record a child, a suspect with a link to her, and an article about her; return ids by
    name.
    """
    case = str(office.case("Kayleigh Marlow"))
    words = office.words("Baz picks her up", case=case)
    baz = office.person("Baz", categories=(("suspect", "seen"),))
    links.assert_link(office.desk, office.reader, words, str(baz), "Kayleigh Marlow", "association")
    article = PublicationNoted(UNNAMED, "article", True, "the evening paper names her school")
    noted = publication.note(office.desk, office.reader, article, case)
    return {"case": case, "publication": str(noted.id)}


PUBLICATIONS = Subject(
    _published,
    {
        "media noted": Story(
            {
                "case": "{case}",
                "kind": "online",
                "words": "a page that asks who she is",
                "identifies": True,
                "happened": "2011-03-17T22:40:00+00:00",
            },
            ({"words": " "}, {"kind": "gossip"}, {"happened": "2012-01-01T10:00:00+00:00"}),
        ),
        "media answered": Story(
            {"publication": "{publication}", "did": "taken-down", "words": "the editor was rung"},
            ({"words": " "}, {"did": "ignored"}),
        ),
        "media check": Story(
            {
                "case": "{case}",
                "outlet": "the evening paper",
                "words": "A man was sentenced to ten years today for offences against a child.",
            },
            (
                {"words": "Kayleigh was heard today."},
                {"words": "The girl went to a school nearby."},
                {"words": "Her name is MARLOW, it is said."},
                {"words": "He drove PK95ABC."},
                {"words": " "},
                {"outlet": " "},
            ),
        ),
    },
)
