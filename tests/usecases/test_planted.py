"""If a developer adds a use case with one new file and its test inputs, as CONTRIBUTING says, all
three fronts offer it."""

import shutil
import subprocess
import sys
from pathlib import Path

from tests.house.tree import ROOT
from tests.processes import LIMIT

#: The content of the new file with the use case.
BOOKLETS = '''
"""What a family asks for."""

from typing import TYPE_CHECKING, Annotated, Unpack

from msgspec import Meta

from usecases.kernel.usecase import Ask, CaseRef, Causes, Line, UseCase, UseCaseText

if TYPE_CHECKING:
    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from domain.kernel.values import Reader


class AskForBooklets(UseCase, frozen=True):
    """A family asks for booklets."""

    named = UseCaseText(
        command="booklet ask",
        records="case.flagged",
        about="case",
        title="They ask for booklets",
        send="Note it",
        success_message="{copies} asked for",
    )
    case: CaseRef
    copies: Annotated[int, Meta(ge=1, le=20), Ask("How many?", option="--copies")]
    words: Annotated[Line | None, Ask("What did they say?")] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands.families import casework

        told = f"{self.copies}: {self.words}"
        return casework.flag(desk, reader, self.case, "other", "booklets", told, **command)
'''
#: The content of the file with the new use case's story, which runs through every front.
TOLD = """
from pathlib import Path
import sys

from installation.log_lines import start_logging
from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject
from tests.usecases.test_fronts import run_alike

start_logging("warning")
story = Story({"case": "{case}", "copies": 2, "words": "one for her nan"}, ({"copies": 0},))
stage = lambda office: {"case": str(office.case("Kayleigh Marlow"))}
run_alike(Path(sys.argv[1]), None, Subject(stage, {"booklet ask": story}))
print("recorded alike")
"""


def test_a_new_use_case_is_one_file_and_its_story(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "usecases", tmp_path / "usecases")
    (tmp_path / "usecases" / "families" / "booklets.py").write_text(BOOKLETS, encoding="utf-8")
    told = tmp_path / "told.py"
    told.write_text(TOLD, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(told), str(tmp_path)],
        cwd=ROOT,
        env={"PYTHONPATH": f"{tmp_path}:{ROOT}", "PATH": ""},
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    assert done.stdout == "recorded alike\n", done.stderr
