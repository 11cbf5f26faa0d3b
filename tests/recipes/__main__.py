"""Follow the recipes of CONTRIBUTING (how to add a command, an event and so on) in a copy of the
tree, and run the tests that could fail: `python -m tests.recipes [--every] [NAME ...]`.

Without a name, all eight recipes are followed in the same copy. With `--every` all tests run, and
not only the tests that fail until a recipe is complete.
"""

import sys
import tempfile
from pathlib import Path

from tests.recipes.examples import RECIPES
from tests.recipes.planting import copied, follow, run

#: Tests that fail until a new event, version, step, use case, question, form, role or alert is
#: complete.
OBJECT = (
    *(
        "tests/domain/test_catalogue.py",
        "tests/domain/test_meaning.py",
        "tests/domain/test_rules.py",
    ),
    *("tests/access/who_may", "tests/access/two_worlds/test_guessing.py"),
    *("tests/access/two_worlds/test_alerts.py", "tests/access/two_worlds/test_noninterference.py"),
    *("tests/commands/kernel/test_readings.py", "tests/commands/kernel/test_twice.py"),
    *("tests/commands/erasure/test_hold_reach.py", "tests/console/help"),
    *("tests/console/records/test_looking.py", "tests/console/test_contract.py"),
    *("tests/house/test_unchanged.py", "tests/house/test_words.py", "tests/house/test_links.py"),
    *("tests/ingest/forms", "tests/kept/test_kept.py", "tests/projections/test_all_views.py"),
    *("tests/projections/generations", "tests/usecases", "tests/web/api/test_examples.py"),
    *("tests/web/api/test_schema.py", "tests/web/api/test_use_cases.py"),
)


def main() -> None:
    """Follow the recipes, run the tests, and exit with their status."""
    names = [one for one in sys.argv[1:] if one != "--every"]
    known = {recipe.name: recipe for recipe in RECIPES}
    if unknown := [name for name in names if name not in known]:
        sys.exit(f"{', '.join(unknown)}: no such recipe; there are {', '.join(known)}")
    chosen = [known[name] for name in names] or [*RECIPES]
    for recipe in chosen:
        product, tests = len(recipe.product), len(recipe.tests)
        sys.stdout.write(f"{recipe.name}: {product} files of the product, {tests} of the tests\n")
    sys.stdout.flush()
    with tempfile.TemporaryDirectory() as scratch:
        tree = copied(Path(scratch) / "tree")
        follow(chosen, tree)
        checked = run(tree, "-m", "mypy", "--num-workers", "2", shown=True).returncode
        where = ["tests", "--ignore=tests/recipes"] if "--every" in sys.argv else OBJECT
        how = ("-q", "-n", "2", "--dist", "worksteal", "--day=all")
        tried = run(tree, "-m", "pytest", *how, *where, shown=True)
    sys.exit(checked or tried.returncode)


if __name__ == "__main__":
    main()
