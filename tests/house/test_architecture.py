"""docs/architecture.md names all packages of the product, and names no package or file that does
not exist."""

import ast
import re

import pytest

from tests.architecture_page import PAGE, arrows, page
from tests.house.tree import ROOT, modules, packages

TEXT = PAGE.read_text("utf-8")
#: Files and folders that the page names, and names that the page says are in a file ("`name` in
#: `file.py`").
PLACES = sorted(set(re.findall(r"`([\w./-]+(?:/|\.(?:py|md|toml|html)))`", TEXT)))
#: More lines than this need a reason in the file's docstring.
LONG = 300
REASON = re.compile(r"file\s+is\s+long\s+because|one\s+file,\s+however\s+long", re.IGNORECASE)
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


def test_a_long_file_says_why_it_is_long() -> None:
    files = [ROOT / f"{name}.py" for name in modules()]
    files += [file for name in packages() for file in (ROOT / name).rglob("*.py")]
    without_reason = [
        str(file.relative_to(ROOT))
        for file in files
        if (text := file.read_text("utf-8")).count("\n") > LONG
        and not REASON.search(ast.get_docstring(ast.parse(text)) or "")
    ]
    assert not without_reason, f"divide these files, or say why they have over {LONG} lines"


def test_no_arrow_runs_in_a_circle() -> None:
    found = arrows()
    while found:
        ground = {name for name, below in found.items() if not below & found.keys()}
        assert ground, f"these import each other: {sorted(found)}"
        found = {name: below for name, below in found.items() if name not in ground}
