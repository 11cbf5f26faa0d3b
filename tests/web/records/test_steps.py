"""The sentences for the steps of a record use only existing events and existing fields of these
events."""

from string import Formatter
from types import ModuleType

import pytest

from domain import catalogue
from web.records import accounts, covert_source_review, legal_holds, requests

PAGES = (accounts, covert_source_review, legal_holds, requests)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.__name__))
def test_each_step_is_an_event_with_the_fields_that_its_words_name(page: ModuleType) -> None:
    for name, words in page.STEPS.items():
        named = {field for _, field, _, _ in Formatter().parse(words) if field}
        assert named <= set(catalogue.by_name()[name].__struct_fields__), name
