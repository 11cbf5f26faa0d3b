"""Functions that copy the source tree and follow a recipe of CONTRIBUTING in the copy."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.house.tree import ROOT

#: Patterns of files that are not copied.
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv*", "__pycache__", ".*_cache", ".hypothesis", "dist", "build", "*-store", "images"
)
IMAGES = Path("docs") / "images"


#: The modules that generate files from the product, in the order in which they must run.
GENERATED = (
    "tests.events_page",
    "tests.commands_page",
    "tests.kept.folds",
    "tests.web.api.examples",
    "tests.house.unchanged",
)


@dataclass(frozen=True)
class NewFile:
    """A file that a recipe adds."""

    path: str
    text: str

    def make(self, tree: Path) -> None:
        """Write the new file into a copy of the tree. Raises FileExistsError if the file exists."""
        place = tree / self.path
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("x", encoding="utf-8") as file:
            file.write(self.text.lstrip("\n"))


@dataclass(frozen=True)
class Edit:
    """An edit to a file: it adds lines after the text `after`, which occurs once in the file, or
    replaces this text with them."""

    path: str
    after: str
    text: str
    instead: bool = False

    def make(self, tree: Path) -> None:
        """Change the file in a copy of the tree. Raises ValueError if `after` does not occur
        exactly once.
        """
        place = tree / self.path
        place.write_text(self.edited(place.read_text("utf-8")), "utf-8")

    def edited(self, old: str) -> str:
        """Return the changed text of the file. Raises ValueError if `after` does not occur exactly
        once.
        """
        if old.count(self.after) != 1:
            raise ValueError(f"{self.path}: {self.after!r} occurs {old.count(self.after)} times")
        new = self.text if self.instead else self.after + self.text
        return old.replace(self.after, new)


@dataclass(frozen=True)
class Recipe:
    """A recipe, as the changes that a developer makes by hand."""

    name: str
    steps: tuple[NewFile | Edit, ...]

    @property
    def product(self) -> list[str]:
        """Return the paths of the product's files that a developer changes by this recipe."""
        return sorted({step.path for step in self.steps if not step.path.startswith("tests/")})

    @property
    def tests(self) -> list[str]:
        """Return the paths of the tests' files that a developer changes by this recipe."""
        return sorted({step.path for step in self.steps if step.path.startswith("tests/")})


def copied(into: Path) -> Path:
    """Copy the source tree into this folder; return the copy's path."""
    shutil.copytree(ROOT, into, ignore=LEFT_OUT, dirs_exist_ok=True)
    (into / IMAGES).symlink_to(ROOT / IMAGES)
    return into


def follow(recipes: Sequence[Recipe], tree: Path) -> None:
    """Make the changes of these recipes in a copy of the tree, and then write the generated files
    again.
    """
    for recipe in recipes:
        for step in recipe.steps:
            step.make(tree)
    for module in GENERATED:
        ran = run(tree, "-m", module)
        if ran.returncode:
            raise RuntimeError(f"{module}: {ran.stdout}{ran.stderr}")


def run(tree: Path, *words: str, shown: bool = False) -> subprocess.CompletedProcess[str]:
    """Run Python in a copy of the tree, whose modules are imported before those of the
    environment.
    """
    return subprocess.run(
        [sys.executable, *words],
        cwd=tree,
        env=os.environ | {"PYTHONPATH": str(tree)},
        capture_output=not shown,
        text=True,
        check=False,
    )
