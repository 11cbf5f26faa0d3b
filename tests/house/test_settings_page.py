"""docs/settings.md lists exactly the settings that the program reads."""

from installation.settings import Settings
from tests.settings_page import PAGE, page


def test_the_page_is_that_of_this_program() -> None:
    assert PAGE.read_text("utf-8") == page(), "make it again: python -m tests.settings_page"


def test_each_setting_says_what_it_is() -> None:
    silent = [name for name, one in Settings.model_fields.items() if not one.description]
    assert not silent
