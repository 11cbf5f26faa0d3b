"""Code that several tests share is in tests/support or in a conftest, and no file imports a test
module.
"""

import ast
from pathlib import Path

from tests.house.tree import ROOT, import_statements


def imports_of_tests(root: Path) -> list[str]:
    """Return each import of a `test_*.py` in tests or bench, with its file and line."""
    found = []
    files = [file for name in ("tests", "bench") for file in (root / name).rglob("*.py")]
    for file in sorted(files):
        for node in import_statements(file):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            else:
                whole = node.module or ""
                names = [f"{whole}.{alias.name}" for alias in node.names]
            for name in names:
                parts = name.split(".")
                # "tests.x.test_y" names a module; in "tests.x.y.test_z", the last part may be a
                # function
                modules = [part for part in parts[:-1] if part.startswith("test_")]
                if (root / Path(*parts).with_suffix(".py")).is_file():
                    modules += [part for part in parts[-1:] if part.startswith("test_")]
                if modules:
                    found.append(f"{file.relative_to(root).as_posix()}:{node.lineno}: {name}")
    return found


def test_no_module_imports_from_a_module_of_tests() -> None:
    assert imports_of_tests(ROOT) == []


def test_an_import_from_a_module_of_tests_is_found_in_each_spelling(tmp_path: Path) -> None:
    folder = tmp_path / "tests" / "rooms"
    folder.mkdir(parents=True)
    (folder / "test_one.py").write_text("PLATE = 1\n", "utf-8")
    (folder / "shared.py").write_text("def test_of() -> None: ...\n", "utf-8")
    (folder / "test_two.py").write_text(
        "from tests.rooms.shared import test_of\n"
        "from tests.rooms.test_one import PLATE\n"
        "from tests.rooms import test_one\n"
        "import tests.rooms.test_one\n"
        "def late() -> None:\n"
        "    from .test_one import PLATE\n",
        "utf-8",
    )
    assert imports_of_tests(tmp_path) == [
        "tests/rooms/test_two.py:2: tests.rooms.test_one.PLATE",
        "tests/rooms/test_two.py:3: tests.rooms.test_one",
        "tests/rooms/test_two.py:4: tests.rooms.test_one",
        "tests/rooms/test_two.py:6: test_one.PLATE",
    ]
