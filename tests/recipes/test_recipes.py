"""A developer who follows a recipe of CONTRIBUTING as it is written gets working code:
`make recipes` follows all recipes.
"""

from collections import defaultdict

import pytest

from tests.house.tree import ROOT
from tests.recipes.__main__ import OBJECT
from tests.recipes.examples import RECIPES
from tests.recipes.planting import Edit, NewFile, Recipe

PAGE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
#: For each recipe, the number of files of the product and of the tests that a developer changes by
#: hand.
FILES = {
    "event": (4, 4),
    "change": (1, 2),
    "step": (3, 3),
    "use case": (1, 1),
    "question": (1, 1),
    "import form": (2, 1),
    "role": (2, 3),
    "alert": (3, 1),
}


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_each_file_that_it_changes_is_as_it_expects(recipe: Recipe) -> None:
    texts = defaultdict[str, str](str)
    for step in recipe.steps:
        place = ROOT / step.path
        if isinstance(step, NewFile):
            assert not place.exists()
        else:
            assert isinstance(step, Edit)
            old = texts[step.path] or place.read_text("utf-8")
            texts[step.path] = step.edited(old)
            assert texts[step.path] != old


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_it_takes_so_many_files(recipe: Recipe) -> None:
    assert (len(recipe.product), len(recipe.tests)) == FILES[recipe.name]


def test_the_page_tells_each_recipe() -> None:
    for recipe in RECIPES:
        assert f"`{recipe.name}`" in PAGE


def test_the_tests_that_object_exist() -> None:
    assert [one for one in OBJECT if not (ROOT / one).exists()] == []
