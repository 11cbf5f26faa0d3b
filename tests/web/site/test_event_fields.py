"""The timeline of an item shows the fields and codes of its events in words."""

from domain.information.observation import ObservationRecorded
from web.site.event_fields import labelled_fields


def test_fields_and_codes_are_in_words_and_texts_are_as_recorded() -> None:
    event = ObservationRecorded("provenance-entry", "verbatim", "has-item")
    fields = {
        "kind": "provenance-entry",
        "words": "has-item",
        "how_known": "has-item",
        "noticed": ["out-at-night"],
        "urgent": False,
    }
    assert labelled_fields(event, fields) == {
        "Kind": "Provenance entry",
        "Words": "has-item",
        "How do you know it is true?": "The person has kept a phone, a picture or a letter that"
        " shows it",
        "Signs noticed": ["out at night"],
        "Urgent": False,
    }
