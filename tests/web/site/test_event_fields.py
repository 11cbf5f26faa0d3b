"""The timeline of an item shows the fields and codes of its events in words."""

from typing import get_type_hints

from domain import catalogue
from domain.information.observation import ObservationRecorded
from web.site.event_fields import FIELDS, field_label, labelled_fields


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


def test_no_two_fields_of_an_event_have_one_label() -> None:
    for name, event in catalogue.by_name().items():
        fields = get_type_hints(event)
        assert len({field_label(name, field) for field in fields}) == len(fields), name


def test_each_label_is_of_a_field_that_exists() -> None:
    fields = {
        name
        for event in catalogue.by_name().values()
        for field in get_type_hints(event)
        for name in (field, f"{event.stored.name}.{field}")
    }
    assert FIELDS.keys() <= fields
