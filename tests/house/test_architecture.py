"""docs/architecture.md names all packages of the product, and names no package or file that does
not exist."""

import ast
import re

import pytest

from tests.architecture_page import PAGE, arrows, page
from tests.house.tree import ROOT

TEXT = PAGE.read_text("utf-8")
#: Files and folders that the page names, and names that the page says are in a file ("`name` in
#: `file.py`").
PLACES = sorted(set(re.findall(r"`([\w./-]+(?:/|\.(?:py|md|toml|html)))`", TEXT)))
NAMES = re.findall(r"`([\w.]+)`(?: in|:| \()\s*\(?`([\w/]+\.py)`", TEXT)


def test_the_picture_is_made_from_todays_imports() -> None:
    assert page() == TEXT, "run: python -m tests.architecture_page"


@pytest.mark.parametrize("place", PLACES)
def test_every_file_and_folder_is_there(place: str) -> None:
    assert (ROOT / place).exists()


@pytest.mark.parametrize(("name", "file"), NAMES)
def test_every_name_is_in_its_file(name: str, file: str) -> None:
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    named = {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef)
    }
    assert set(name.split(".")) <= named


def test_it_gives_names_and_stays_short() -> None:
    assert len(NAMES) > 5
    assert len(TEXT.split()) <= 1_500


def test_no_arrow_runs_in_a_circle() -> None:
    found = arrows()
    while found:
        ground = {name for name, below in found.items() if not below & found.keys()}
        assert ground, f"these import each other: {sorted(found)}"
        found = {name: below for name, below in found.items() if name not in ground}
