"""Exports as sheets: the form for links, which can be imported again, as CSV and as a workbook; and
i2's sheets of entities and links.

A cell that a spreadsheet would read as a formula is quoted with an apostrophe (OWASP, CSV
injection). The ids and directions that i2 reads are written by this program and are not quoted.
"""

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from domain import forms
from domain.kernel.values import LINK_KINDS, Grade, Refused
from network.picture.footer import Stamp, as_of, marking, sentences
from network.query.masked_export import ExportedLink, ExportedNode, MaskedExport

FORM = ["source", "source_kind", "target", "target_kind", "link", "valid_from", "valid_to"]
FORM += ["weight", "reference", "information", "source_grade", "handling"]
#: Further columns of the exported sheet: the ids of the link's ends, and facts about the link.
MORE = ["source_id", "target_id", "stage", "roots", "strength", "undermined", "known_from"]
MORE += ["observations", "links", "evidence"]
#: Columns for each end of a link: its name if the column `source` or `target` has an id, its
#: aliases, whether it has no name, and the sort and times of an incident.
OWN = ["name", "aliases", "unnamed", "sort", "since", "until"]
LAST = ["alone", "marking"]
HEAD = [*FORM, *MORE, *(f"{end}_{one}" for end in ("source", "target") for one in OWN), *LAST]
#: A spreadsheet would read a cell that begins with one of these characters as a formula (OWASP, CSV
#: injection).
_RISKY = ("=", "+", "-", "@", "\t", "\r")
#: The most rows in a sheet, and the most letters in a cell, that Excel allows.
_MOST_ROWS, _LONGEST = 1_048_576, 32_767


def links_form(out: MaskedExport, stamp: Stamp) -> bytes:
    """Return a sheet in the form for importing links, with some more columns. It has one row for
    each pair of linked items. The last column contains the note of the export: its marking, its
    times and what was left out. If two people have the same name, the id of each follows the name.
    """
    return sheet(HEAD, _links_rows(out, stamp))


def workbook(out: MaskedExport, stamp: Stamp) -> bytes:
    """Return the rows of the function `links_form` as a workbook (xlsx), with the note of the
    export on a separate sheet. Raises Refused if there are more links than a sheet has rows.
    """
    import xlsxwriter

    if len(out.ties) + len(out.nodes) >= _MOST_ROWS:
        raise Refused(f"a sheet can contain fewer than {_MOST_ROWS:,} links: export csv instead")
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": datetime(1980, 1, 1)})  # noqa: DTZ001 (the same bytes each time)
        links, note = book.add_worksheet("links"), book.add_worksheet("about")
        links.freeze_panes(1, 0)
        for number, row in enumerate([HEAD, *_links_rows(out, stamp)]):
            for column, cell in enumerate(row):
                if cell:
                    links.write_string(number, column, safe(_fitting(cell)))
        for number, sentence in enumerate(sentences(out, stamp)):
            note.write_string(number, 0, safe(_fitting(sentence)))
    return written.getvalue()


def _fitting(cell: str) -> str:
    """Return the text of a cell, shortened to fit into a workbook; of very many ids, the first ones
    remain.
    """
    if len(cell) < _LONGEST:
        return cell
    return f"{cell[: _LONGEST - 2].rpartition(' ')[0] or cell[: _LONGEST - 2]} …"


def _links_rows(out: MaskedExport, stamp: Stamp) -> Iterator[list[str]]:
    """Yield a row for each pair of linked items, then a row for each person or thing without a link
    in the export.
    """
    mark = f"{marking(out, stamp)} · {as_of(out.picture, stamp)}"
    mark += " · SYNTHETIC" if stamp.synthetic else ""
    called = forms.distinct_names({node.id: (node.kind, node.label) for node in out.nodes})
    tied = set[str]()
    for tie in out.ties:
        tied |= {tie.source.id, tie.target.id}
        own = (*_own(tie.source, called), *_own(tie.target, called))
        yield [*_row(tie, called, out.inside), *own, "", mark]
    for node in out.nodes:
        if node.id not in tied:
            values_by_name = {
                "source": called[node.id],
                "source_kind": kind_of(node),
                "source_id": node.id,
            }
            own = (*_own(node, called), *("" for _ in OWN))
            yield [*(values_by_name.get(name, "") for name in (*FORM, *MORE)), *own, "yes", mark]


def _own(node: ExportedNode, called: Mapping[str, str]) -> list[str]:
    name = node.label if called[node.id] != node.label else ""
    return [name, aliases(node), yes(node.unnamed), node.sort or "", *happened(node)]


def i2_entities(out: MaskedExport) -> bytes:
    """Return one row for each entity: identity, label, type."""
    head = ["Identity", "Label", "Type", "Role", "Masked", "Eliminated or acquitted", "Suspect"]
    head += ["Unnamed", "Also known as", "Sort", "Start", "End"]
    return sheet(head, map(_i2_entity, out.nodes), codes=("Identity",))


def _i2_entity(node: ExportedNode) -> list[str]:
    marks = (node.masked, node.cleared, node.suspect, node.unnamed)
    cells = [node.id, node.label, node.kind, node.role or "", *map(yes, marks)]
    return [*cells, aliases(node), node.sort or "", *happened(node)]


def i2_links(out: MaskedExport) -> bytes:
    """Return one row for each link: both identities, type, direction, i2's strength words,
    dates."""
    head = ["From", "To", "Type", "Direction", "Strength", "Stage", "Grade", "Handling"]
    head += ["Start", "End", "Known from", "Independent roots", "Undermined", "Links", "Weight"]
    rows = (_i2_row(tie, out.inside) for tie in out.ties)
    return sheet(head, rows, codes=("From", "To", "Direction"))


def sureness(tie: ExportedLink) -> str:
    """Return i2's word for the strength of a link: "confirmed" if it is evidence, "unconfirmed" if
    it is graded intelligence; "tentative" if it is ungraded, suspected to be false, or
    undermined."""
    pair = tie.pair
    if pair.undermined or pair.stage == "information" or not pair.grade or pair.grade[1] == "E":
        return "Tentative"
    return "Confirmed" if pair.stage == "evidence" else "Unconfirmed"


def _row(tie: ExportedLink, called: Mapping[str, str], inside: bool) -> list[str]:
    pair = tie.pair
    grade = Grade.parse(pair.grade) if pair.grade else None
    return [
        called[tie.source.id],
        kind_of(tie.source),
        called[tie.target.id],
        kind_of(tie.target),
        pair.kind,
        time_of(pair.valid_from),
        time_of(pair.valid_to),
        number_of(pair.weight) if inside else "",
        "",
        grade.information if grade else "",
        grade.source if grade else "",
        pair.handling or "",
        tie.source.id,
        tie.target.id,
        pair.stage,
        str(pair.roots) if inside else "",
        f"{pair.strength:.6f}" if inside else "",
        yes(pair.undermined),
        time_of(pair.known_from),
        str(pair.observations) if inside else "",
        " ".join(tie.ids),
        " ".join(tie.evidence),
    ]


def _i2_row(tie: ExportedLink, inside: bool) -> list[str]:
    pair = tie.pair
    return [
        tie.source.id,
        tie.target.id,
        pair.kind,
        "->" if LINK_KINDS[pair.kind].directed else "",
        sureness(tie),
        pair.stage,
        pair.grade or "ungraded",
        pair.handling or "",
        time_of(pair.valid_from),
        time_of(pair.valid_to),
        time_of(pair.known_from),
        str(pair.roots) if inside else "",
        yes(pair.undermined),
        " ".join(tie.ids),
        number_of(pair.weight) if inside else "",
    ]


def kind_of(node: ExportedNode) -> str:
    """Return the kind of a node as the form for links writes it. Every child is "vulnerable"
    (POLE), whatever other roles are recorded; an export never makes a person a suspect.
    """
    if node.kind != "person":
        return node.kind
    also = "eliminated" if node.cleared else "suspect" if node.suspect else ""
    if node.role == "child":
        return "person/vulnerable-child" + (f"/{also}" if also else "")
    if node.cleared:
        return "person/eliminated"
    return f"person/{node.role}" if node.role != "person" else "person/involved-party"


def time_of(at: datetime | None) -> str:
    """Return a time in ISO 8601; "" if the time is None, as the end of a link that continues is."""
    return at.isoformat() if at else ""


def marks(node: ExportedNode) -> list[str]:
    """Return the words for special facts about a node, such as that it is masked. A child who is
    also a suspect gets the word "suspect", because the child's role does not say so.
    """
    flags = {"masked": node.masked, "cleared": node.cleared, "unnamed": node.unnamed}
    flags["suspect"] = node.suspect and node.role == "child"
    return [word for word, so in flags.items() if so]


def happened(node: ExportedNode) -> list[str]:
    """Return two cells with the start and the end of an incident; the cells are empty for other
    items.
    """
    return [time_of(node.since), time_of(node.until)]


def aliases(node: ExportedNode) -> str:
    """Return a person's aliases in one cell."""
    return forms.join_names(node.aliases)


def number_of(weight: float) -> str:
    """Return a weight as text with all its digits."""
    return f"{weight:.0f}" if weight.is_integer() else repr(weight)


def yes(true: bool) -> str:
    """Return "yes" if the value is true, else ""."""
    return "yes" if true else ""


def sheet(head: Sequence[str], rows: Iterable[Sequence[str]], codes: Collection[str] = ()) -> bytes:
    """Return the rows under their headings, as CSV.

    Cells in the columns `codes` (ids and signs that i2 reads) are written unchanged; any other cell
    that looks like a formula is quoted.
    """
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(head)
    unquoted = [name in codes for name in head]
    writer.writerows(
        [cell if keep else safe(cell) for cell, keep in zip(row, unquoted, strict=True)]
        for row in rows
    )
    return written.getvalue().encode("utf-8")


def safe(cell: str) -> str:
    """Return the text of a cell so that no program reads it as a formula; an import restores the
    original text.
    """
    quoted = cell.startswith("'") and cell[1:2] in (*_RISKY, "'")
    return f"'{cell}" if quoted or cell.startswith(_RISKY) else cell
