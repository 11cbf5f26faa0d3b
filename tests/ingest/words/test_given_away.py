"""In a text for a family, facts that the family must not learn are marked, and the family's own
facts are not.
"""

from datetime import UTC, datetime

import pytest

from ingest.words.given_away import find_disclosures

NOW = datetime(2011, 3, 18, 9, tzinfo=UTC)
OWN = ("Kayleigh Marlow", "Dawn Marlow")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It was a PK95 ABC.", "PK95 ABC"),
        ("We spoke to Darren Holt about it.", "Darren Holt"),
        ("They know him as Baz.", "Baz"),
        ("Ring 07700 900461 if he comes.", "07700 900461"),
        ("Another mother saw the same car.", "Another mother"),
        ("Two girls said so.", "Two girls"),
        ("Our source is sure.", "source"),
        ("They have a search warrant.", "search warrant"),
        ("Operation Harrier is ready.", "Operation Harrier"),
        ("The police are watching him.", "watching him"),
        ("They are going to arrest somebody.", "going to arrest"),
        ("Somebody else rang about it.", "Somebody else rang"),
    ],
)
def test_what_gives_something_away_is_marked(text: str, words: str) -> None:
    assert words in [disclosure.words for disclosure in find_disclosures(text, OWN, NOW)], (
        find_disclosures(text, OWN, NOW)
    )


@pytest.mark.parametrize(
    "text", ["we know of baz", "BAZ was there", "he is called dale  crane", "a pk95abc car"]
)
def test_those_who_are_tied_to_the_child_are_marked_however_they_are_written(text: str) -> None:
    others = ("Baz", "Dale Crane", "PK95ABC")
    assert find_disclosures(text, OWN, NOW, others), text
    assert find_disclosures("the bazaar is closed", OWN, NOW, others) == []


@pytest.mark.parametrize(
    "text",
    [
        "Dawn, thank you for what you told us about Kayleigh.",
        "We have it, and will ring you on Friday at 4pm.",
        "You were right to tell us. It is not your fault.",
        "We keep it. However small it seems, it may help later.",
        "Thank you. Nothing more comes of it for now.",
    ],
)
def test_what_is_theirs_is_not_marked(text: str) -> None:
    assert find_disclosures(text, OWN, NOW) == []
