"""The notices of third-party software name all files that browsers get. None of these files is
reserved for GOV.UK."""

import hashlib
import json
import re

import pytest

from network.picture.typeface import FOLDER
from tests.web import map_symbols
from tests.web.assets import (
    CHANGES,
    PACKAGES,
    SOURCES,
    STATIC,
    TYPEFACE,
    TYPEFACE_FILES,
    without_gov_uk,
)

LIBRARIES = [name for _, files in PACKAGES.values() for name in files.values()]
NAMES = [*LIBRARIES, *TYPEFACE_FILES]
VERSIONS = {package: version for package, (version, _) in PACKAGES.items()} | dict([TYPEFACE])


def test_every_library_is_on_record_and_nothing_else_is_there() -> None:
    assert sorted(json.loads(SOURCES.read_text())) == sorted(NAMES)
    assert sorted(file.name for file in (STATIC / "vendor").iterdir()) == sorted(LIBRARIES)
    assert sorted(file.name for file in FOLDER.iterdir()) == sorted(TYPEFACE_FILES)


@pytest.mark.parametrize("name", NAMES)
def test_a_library_is_the_one_that_was_recorded(name: str) -> None:
    told = json.loads(SOURCES.read_text())[name]
    file = (FOLDER if name in TYPEFACE_FILES else STATIC / "vendor") / name
    assert hashlib.sha256(file.read_bytes()).hexdigest() == told["sha256"]
    assert VERSIONS[told["package"]] == told["version"]


def test_the_typeface_is_free_and_small() -> None:
    assert "SIL OPEN FONT LICENSE" in (FOLDER / "LICENSE").read_text()
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < 100_000


def test_neither_typeface_nor_crest_of_gov_uk() -> None:
    css = (STATIC / "vendor" / "govuk-frontend.min.css").read_text()
    assert not re.search(r"@font-face|GDS Transport|crest|/assets/", css)
    assert set(CHANGES) == {"govuk-frontend.min.css"}
    assert without_gov_uk(
        "@font-face{src:url(x)}p{font-family:GDS Transport,arial,sans-serif}"
    ) == ("p{font-family:Arimo,arial,sans-serif}")


@pytest.mark.parametrize("file", sorted((STATIC / "js").iterdir()), ids=lambda file: file.name)
def test_our_own_scripts_ask_nobody_else(file: object) -> None:
    text = (STATIC / "js" / str(getattr(file, "name", ""))).read_text()
    # this address is the name of a vocabulary, and no browser requests it
    text = text.replace('"http://www.w3.org/2000/svg"', "")
    assert not re.search(r"https?:|innerHTML|insertAdjacentHTML|eval\(", text)


def test_the_symbols_of_a_map_are_those_of_every_picture() -> None:
    assert map_symbols.FILE.read_text("utf-8") == map_symbols.written()
