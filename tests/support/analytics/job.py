"""Suspects with links between them, and the groups of them that an analysis finds."""

from uuid import UUID

from commands.intelligence import links
from domain.kernel.codes import Analysis
from domain.kernel.values import Reader
from questions.intelligence.analysis_results import ShownResult, shown
from tests.commands.office import Office


def suspects(office: Office) -> list[UUID]:
    """Record three suspects with links to each other, and a pair of suspects from another entry;
    return their ids.
    """
    words, others = office.words(), office.words("Two more of them meet.")
    ids = [office.person(name) for name in ("Ash", "Birch", "Cedar", "Dale", "Elm")]
    for basis, a, b in ((words, 0, 1), (words, 1, 2), (words, 0, 2), (others, 3, 4)):
        ends = str(ids[a]), str(ids[b])
        links.assert_link(office.desk, office.reader, basis, *ends, "associate")
    return [*ids, others]


def called(found: ShownResult) -> list[set[str]]:
    """Return the names of the members of each group in the result."""
    return [set(row.who.split(", ")) for row in found.rows]


def read(
    office: Office, what: Analysis = "components", reader: Reader | None = None
) -> ShownResult:
    with office.desk.asking() as db:
        return shown(db, reader or office.reader, what, layer="all", least=None, limit=9)
