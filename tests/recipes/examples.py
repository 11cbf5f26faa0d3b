"""An example for each recipe of CONTRIBUTING, written as a developer who follows the recipe would
write it.

The file is long because it contains the new files and edits of eight examples.
"""

from dataclasses import dataclass

from tests.recipes.planting import Edit, NewFile, Recipe

#: The beginning of the line in `meaning.jsonl` before which other lines are added.
_NEXT = '{"event": "press.checked@1"'


def opinion(line: str) -> Edit:
    """Return the edit that adds this line to `meaning.jsonl`, in which people write what the
    product does with each event."""
    return Edit("tests/domain/meaning.jsonl", _NEXT, f"{line}\n{_NEXT}", instead=True)


BOOKLET_LINE = (
    '{"event": "booklet.given@1", "log": "evidence", "key": "record", "sealed": ["words"], '
    '"acts": ["support", "work"], "commands": ["booklet.give"], "about": ["case"], '
    '"owner": ["case"], "written": ["words"], "enters": ["booklet", "given", "case"], '
    '"reach": ["member"], "journey": "booklets were given", "given": ["copies", "words"], '
    '"kind": "family"}'
)
NOTED_LINE = (
    '{"event": "publication.noted@2", "log": "evidence", "key": "record", '
    '"sealed": ["kind", "words"], "acts": ["support", "work", "outcome"], '
    '"commands": ["publication.note"], "files": true, "about": ["case"], "owner": ["case"], '
    '"written": ["words"], "enters": ["publication", "open", "case"], "reach": ["member"], '
    '"journey": "published about them: article", "given": ["kind", "identifies", '
    '"words"]}'
)
FOLLOWED_LINE = (
    '{"event": "publication.followed@1", "log": "evidence", "key": "record", '
    '"sealed": ["words"], "acts": ["support", "work"], "commands": ["publication.follow"], '
    '"written": ["words"], "journey": "it was looked at again", "given": ["words"]}'
)

EVENT = Recipe(
    "event",
    (
        NewFile(
            "domain/families/booklet.py",
            '''
"""Booklets that a family was given."""

from typing import Annotated, ClassVar
from uuid import UUID

from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import ABOUT, OWNER, WRITTEN
from domain.kernel.values import Refused


class BookletGiven(Event, frozen=True):
    """A family was given booklets."""

    stored: ClassVar = Stored("booklet.given", "evidence", "record", ("words",))
    meaning: ClassVar = Meaning(
        ("support", "work"),
        commands=("booklet.give",),
        kind="family",
        enters=("booklet", "given"),
        reach="member",
        journey=("booklets were given",),
    )
    case: Annotated[UUID, ABOUT, OWNER]
    copies: int
    words: Annotated[str, WRITTEN]


EVENTS = (BookletGiven,)


def give(given: BookletGiven) -> tuple[Event, ...]:
    """Record booklets. Raises Refused where none were given."""
    if given.copies < 1:
        raise Refused("say how many booklets they were given", field="copies")
    return (given,)
''',
        ),
        NewFile(
            "commands/families/booklet.py",
            '''
"""Booklets for families."""

from commands.kernel.declared import InCase, ignoring_desk
from domain.families import booklet

#: Record booklets that a family was given.
give = InCase(ignoring_desk(booklet.give))
''',
        ),
        NewFile(
            "projections/families/booklets.py",
            '''
"""Booklets that each family was given."""

from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from access.who_may import scope
from domain.families.booklet import BookletGiven
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.event_rows import row_of
from projections.kernel.schema import View, rows


@rows("booklets", key=("id",), index=(("case",),))
class BookletRow(Struct, frozen=True):
    """Booklets that a family was given."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("copies", "copies", "figure"),
        Column("words", "note"),
        Column("by", "recorded by"),
        Column("id", "id", "key"),
    )
    order: ClassVar[tuple[str, ...]] = ("copies", "id")
    table: ClassVar[sa.Table]
    id: UUID
    case: UUID
    copies: int
    words: str
    by: str


def apply(fact: Recorded, batch: RowBatch) -> None:
    match fact.event:
        case BookletGiven():
            batch.put(row_of(BookletRow, fact))


VIEW = View("booklets", (BookletRow,), apply)


def given(db: Db, reader: Reader, case: UUID) -> list[BookletRow]:
    """Return the booklets that a family was given."""
    c = BookletRow.table.c
    found = scope.read(db, reader, c.id, [c.case == case, scope.in_use(c.id)], (c.copies, c.id))
    return [BookletRow(*row) for row in found]
''',
        ),
        NewFile(
            "usecases/families/booklets.py",
            '''
"""Record booklets that a family was given."""

from typing import TYPE_CHECKING, Annotated

from msgspec import Meta

from usecases.kernel.question import Question, QuestionText, of_case
from usecases.kernel.usecase import Ask, CaseRef, Causes, Text, UseCase, UseCaseText

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from commands.kernel.declared import Declared
    from commands.kernel.unit_of_work import Desk
    from domain.kernel.values import Reader
    from projections.families.booklets import BookletRow


class GiveBooklets(UseCase, frozen=True):
    """Record booklets that a family was given."""

    named = UseCaseText(
        command="booklet give",
        records="booklet.given",
        about="case",
        title="They were given booklets",
        send="Record it",
        success_message="Recorded: {copies}",
        address="booklets",
    )
    case: CaseRef
    copies: Annotated[int, Meta(ge=1, le=20), Ask("How many?", option="--copies")]
    words: Annotated[Text, Ask("Which ones?", option="--which", rows=2)]
    because_of: Causes = ()

    def gives(self) -> "Declared":
        from commands.families.booklet import give

        return give


class ListBooklets(Question, frozen=True):
    """List booklets that a family was given."""

    named = QuestionText(
        command="booklet list",
        title="Booklets",
        empty="They were given no booklets.",
        acts=("see-case",),
    )
    case: CaseRef

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[BookletRow]":
        from projections.families import booklets

        with of_case(desk, reader, self.case) as found:
            return booklets.given(*found)

    @classmethod
    def row(cls) -> "type[BookletRow]":
        from projections.families.booklets import BookletRow

        return BookletRow
''',
        ),
        NewFile(
            "tests/data/events/booklet.given@1.json",
            """{
  "name": "booklet.given",
  "version": 1,
  "event": {
    "case": "018bcfe5-687b-7000-8000-000000000001",
    "copies": 2,
    "words": "one for her nan"
  }
}
""",
        ),
        opinion(BOOKLET_LINE),
        NewFile(
            "tests/usecases/stories/booklets.py",
            '''
"""Booklets that a family was given."""

from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject


def _family(office: Office) -> dict[str, str]:
    return {"case": str(office.case("Kayleigh Marlow"))}


BOOKLETS = Subject(
    _family,
    {
        "booklet give": Story(
            {"case": "{case}", "copies": 2, "words": "one for her nan"},
            ({"copies": 0}, {"words": None}),
        ),
    },
)
''',
        ),
        Edit("tests/usecases/test_questions.py", "NOTHING |= {\n", '    "booklet list",\n'),
    ),
)
CHANGE = Recipe(
    "change",
    (
        Edit(
            "domain/families/publication.py",
            'Stored("publication.noted", "evidence", "record", ("words",))',
            """Stored(
        "publication.noted", "evidence", "record", ("kind", "words"), version=2
    )""",
            instead=True,
        ),
        Edit(
            "domain/families/publication.py",
            "    happened: datetime | None = None\n",
            '''

class PublicationNoted1(PublicationNoted, frozen=True):
    """Something was published, as stored before 0.3: `kind` in the clear."""

    stored: ClassVar = Stored("publication.noted", "evidence", "record", ("words",))
''',
        ),
        Edit(
            "domain/families/publication.py",
            "EVENTS = (PublicationNoted,",
            "EVENTS = (PublicationNoted1, PublicationNoted,",
            instead=True,
        ),
        NewFile(
            "tests/data/events/publication.noted@2.json",
            """{
  "name": "publication.noted",
  "version": 2,
  "event": {
    "case": "018bcfe5-687b-7000-8000-000000000001",
    "kind": "article",
    "identifies": true,
    "words": "the evening paper names her school",
    "happened": null
  }
}
""",
        ),
        opinion(NOTED_LINE),
    ),
)
STEP = Recipe(
    "step",
    (
        Edit(
            "domain/families/publication.py",
            "    did: MediaDone\n    words: Annotated[str, WRITTEN]\n",
            '''

class PublicationFollowed(Event, frozen=True):
    """Somebody looked again whether a publication is still there."""

    stored: ClassVar = Stored("publication.followed", "evidence", "record", ("words",))
    meaning: ClassVar = Meaning(
        ("support", "work"),
        commands=("publication.follow",),
        journey=("it was looked at again",),
    )
    words: Annotated[str, WRITTEN]
''',
        ),
        Edit(
            "domain/families/publication.py",
            "PublicationAnswered, PressChecked)",
            "PublicationAnswered, PublicationFollowed, PressChecked)",
            instead=True,
        ),
        Edit(
            "domain/families/publication.py",
            "    return (noted,)\n",
            '''

def follow(state: Publication, followed: PublicationFollowed) -> tuple[Event, ...]:
    """Record that somebody looked again. Raises Refused where there is no publication."""
    if state.noted is None:
        raise Refused("there is no such publication")
    return (followed,)
''',
        ),
        Edit(
            "commands/families/publication.py",
            "    ignoring_desk(publication.answer),\n)\n",
            """#: Record that somebody looked again.
follow = OnItem(
    "publication",
    Publication(),
    publication.evolve,
    ignoring_desk(publication.follow),
)
""",
        ),
        Edit(
            "usecases/families/publications.py",
            """    def gives(self) -> "Declared":
        return publication.note
""",
            '''

class FollowPublication(UseCase, frozen=True):
    """Record that somebody looked again at a publication."""

    named = UseCaseText(
        command="media followed",
        records="publication.followed",
        about="publication",
        title="Is it still there?",
        send="Record it",
        success_message="Recorded",
    )
    publication: PublicationRef
    words: Annotated[Text, Ask("What is there now?", option="--words", rows=2)]
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return publication.follow
''',
        ),
        NewFile(
            "tests/data/events/publication.followed@1.json",
            """{
  "name": "publication.followed",
  "version": 1,
  "event": {
    "words": "it is gone"
  }
}
""",
        ),
        opinion(FOLLOWED_LINE),
        Edit(
            "tests/usecases/stories/publications.py",
            '        "media check": Story(\n',
            """        "media followed": Story(
            {"publication": "{publication}", "words": "it is gone"}, ({"words": None},)
        ),
        "media check": Story(
""",
            instead=True,
        ),
    ),
)
USE_CASE = Recipe(
    "use case",
    (
        NewFile(
            "usecases/families/leaflets.py",
            '''
"""What a family asks for."""

from typing import TYPE_CHECKING, Annotated, Unpack

from msgspec import Meta

from usecases.kernel.usecase import Ask, CaseRef, Causes, Line, UseCase, UseCaseText

if TYPE_CHECKING:
    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from domain.kernel.values import Reader


class AskForLeaflets(UseCase, frozen=True):
    """Record that a family asks for leaflets."""

    named = UseCaseText(
        command="family leaflets",
        records="case.flagged",
        about="case",
        title="They ask for leaflets",
        send="Record it",
        success_message="{copies} asked for",
    )
    case: CaseRef
    copies: Annotated[int, Meta(ge=1, le=20), Ask("How many?", option="--copies")]
    words: Annotated[Line | None, Ask("What did they say?")] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands.families import casework

        said = f"{self.copies}: {self.words}"
        return casework.flag(desk, reader, self.case, "other", "leaflets", said, **command)
''',
        ),
        NewFile(
            "tests/usecases/stories/leaflets.py",
            '''
"""What a family asks for."""

from tests.commands.office import Office
from tests.usecases.fronts import Story, Subject


def _family(office: Office) -> dict[str, str]:
    return {"case": str(office.case("Kayleigh Marlow"))}


LEAFLETS = Subject(
    _family,
    {
        "family leaflets": Story(
            {"case": "{case}", "copies": 2, "words": "one for her nan"}, ({"copies": 0},)
        ),
    },
)
''',
        ),
    ),
)
QUESTION = Recipe(
    "question",
    (
        NewFile(
            "usecases/families/moves.py",
            '''
"""Where a family had to move."""

from typing import TYPE_CHECKING

from usecases.kernel.question import Question, QuestionText, of_case
from usecases.kernel.usecase import CaseRef

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from commands.kernel.unit_of_work import Desk
    from domain.kernel.values import Reader
    from projections.families.needs import MoveRow


class ListMoves(Question, frozen=True):
    """List a family's moves."""

    named = QuestionText(
        command="family moves",
        title="Moves",
        empty="They did not move.",
        acts=("see-case",),
    )
    case: CaseRef

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[MoveRow]":
        from projections.families import needs

        with of_case(desk, reader, self.case) as found:
            return needs.moves(*found)

    @classmethod
    def row(cls) -> "type[MoveRow]":
        from projections.families.needs import MoveRow

        return MoveRow
''',
        ),
        Edit("tests/usecases/test_questions.py", "NOTHING |= {\n", '    "family moves",\n'),
    ),
)
FORM = Recipe(
    "import form",
    (
        NewFile(
            "ingest/forms/sightings.py",
            '''
"""Sightings of a child who was missing: a sheet that a transport company keeps."""

from datetime import datetime

from domain.families.referral import MissingReported
from ingest.files import times
from ingest.files.columns import FormField, ImportForm
from ingest.files.problems import BadRow
from ingest.files.rows import FileRow
from ingest.words.drafts import MissingDraft

FORM = ImportForm(
    "sightings",
    (
        FormField("reference", ("Case seen",)),
        FormField("since", ("Boarded at",)),
        FormField("stop", ("Bus stop",)),
    ),
    required=(("reference",), ("since",), ("stop",)),
)


def draft(row: FileRow, now: datetime) -> MissingDraft:
    """Return the row as a missing episode. Raises BadRow without a time."""
    since, odd = times.instant(row.cell("since"), row.heading("since"), now)
    row.flags += odd
    if since is None or since > now:
        raise BadRow("write a past time like 2011-02-14 23:40", row.heading("since"))
    return MissingDraft(
        since=since,
        report=MissingReported(since, None, None, None, None, None, since, row.text("stop")),
        reference=row.text("reference"),
        child=None,
        found=None,
        interview=None,
        flags=tuple(row.flags),
    )
''',
        ),
        Edit("ingest/forms/table_plan.py", "    referrals,\n", "    sightings,\n"),
        Edit(
            "ingest/forms/table_plan.py",
            "    (missing.FORM, missing.draft),\n",
            "    (sightings.FORM, sightings.draft),\n",
        ),
        NewFile(
            "tests/ingest/forms/test_sightings.py",
            '''
"""A sheet of sightings: each row is a missing child."""

from pathlib import Path

from commands.families import referral
from ingest.importing.load import import_files
from tests.ingest.conftest import as_csv, opened

SHEET = (("Case seen", "Boarded at", "Bus stop"), ("E-1", "2011-03-01 22:30", "the pier"))


def test_a_row_is_a_missing_child(tmp_path: Path) -> None:
    system = opened(tmp_path / "store", None, "mfh.quill")
    referral.receive(system.desk, system.reader, child="Tilly Marsh", reference="E-1")
    sheet = as_csv(tmp_path / "sheet.csv", *SHEET)
    now, originals = system.clock(), system.originals
    report = import_files(system.desk, system.reader, [sheet], originals=originals, now=now)
    system.close()
    assert (report.files[0].form, report.recorded, report.rejections) == ("sightings", 1, 0)
''',
        ),
    ),
)


@dataclass(frozen=True)
class Widths(Edit):
    """An edit that adds a column for a new role to the table of access rights: each of the table's
    lines gets the role's right for one action."""

    def edited(self, old: str) -> str:
        head, table, rest = (
            old.split(self.after, 1)[0],
            *old.split(self.after, 1)[1].split('"""', 1),
        )
        widths = dict(pair.split() for pair in self.text.splitlines())
        lines = [
            f"{line} {widths.get(line.split()[0], '-')}" if line.strip() else line
            for line in table.splitlines()
        ]
        return head + self.after + "\n".join(lines) + '\n"""' + rest


ROLE = Recipe(
    "role",
    (
        Edit("domain/kernel/values.py", '    "evaluator",\n', '    "youth-worker",\n'),
        Edit(
            "access/who_may/table.py",
            '    "evaluator": {"see-card": "team"},\n',
            '    "youth-worker": {"see-case": "own", "see-meeting": "team", "meet": "team"},\n',
        ),
        Widths(
            "tests/access/who_may/test_decide.py",
            'TABLE = """\n',
            "record any\nescalate any\nsee-case own\nsee-meeting team\nmeet team",
        ),
        Edit(
            "tests/access/who_may/test_roles.py",
            '    "evaluator":                "............ .... ..... .... ....",\n',
            '    "youth-worker":             "............ .... ..... .... ....",\n',
        ),
        Edit(
            "tests/access/who_may/test_roles.py",
            '    "evaluator": set(),\n',
            '    "youth-worker": set(),\n',
        ),
        Edit(
            "tests/access/who_may/test_attacks.py",
            '    "evaluator": (*WORDS, *SANITISED, *FAMILIES, *SOURCE, *CARE, *HELD),\n',
            '    "youth-worker": (*WORDS, *SANITISED, *FAMILIES, *SOURCE, *CARE, *HELD),\n',
        ),
    ),
)
ALERT = Recipe(
    "alert",
    (
        Edit(
            "domain/families/protection.py",
            '    "danger-now",\n    "contact-after-sentence",\n',
            '    "family-moved",\n',
        ),
        Edit(
            "domain/families/protection.py",
            '    "contact-after-sentence": "alert",\n',
            '    "family-moved": "alert",\n',
        ),
        Edit(
            "network/people/alert_signs.py",
            "        alerts += self.hearers()\n",
            "        alerts += self.moved()\n",
        ),
        Edit(
            "network/people/alert_signs.py",
            "    def hearers(self)",
            '''    def moved(self) -> Iterator[Alert]:
        """Yield an alert for each move of a family because of threats."""
        for case, child in self.child_of.items():
            for row in needs.moves(self.db, self.reader, case):
                if row.why == "threats":
                    yield Alert(
                        id=alert_stream(case, "family-moved", row.id),
                        kind="family-moved",
                        case=case,
                        child=child,
                        subject_label="the family",
                        since=datetime(row.on.year, row.on.month, row.on.day, tzinfo=UTC),
                    )

    def hearers(self)''',
            instead=True,
        ),
        Edit(
            "network/people/alert_signs.py",
            "import cases, compartments, family_contact, protection\n",
            "import cases, compartments, family_contact, needs, protection\n",
            instead=True,
        ),
        Edit(
            "web/templates/desk/alerts.html",
            "{% set kinds = {",
            '"family-moved": "A family moved because of threats", ',
        ),
        Edit(
            "tests/access/protected.py",
            '    make("danger", "family danger", case="@case", needs=["officers"])\n',
            """    make("moved", "family moved", case="@case", why="threats", on="2011-03-17")
""",
        ),
    ),
)
RECIPES = (EVENT, CHANGE, STEP, USE_CASE, QUESTION, FORM, ROLE, ALERT)
