"""Exports as sheets: the links form, which imports again, and i2's entities and links.

A cell that a spreadsheet would take for a formula is quoted with an apostrophe (OWASP, CSV
injection); i2's identities and directions are no words of anybody and stay as they are.
"""

import csv
import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from domain import forms
from domain.values import LINK_KINDS, Grade
from network.outgoing import Node, Outgoing, Tie
from network.stamp import Stamp, as_of

FORM = ["source", "source_kind", "target", "target_kind", "link", "valid_from", "valid_to"]
FORM += ["weight", "reference", "information", "source_grade", "handling"]
#: What the form does not ask for, but a reader of the export needs.
MORE = ["source_id", "target_id", "stage", "roots", "strength", "undermined", "known_from"]
MORE += ["observations", "links", "evidence", "marking"]


def links_form(out: Outgoing, stamp: Stamp) -> bytes:
    """One row a pair, in the links form's columns and some more; the note stands in the last. Where
    two people are called the same, their ids stand behind their names."""
    mark = f"{stamp.marking} · {as_of(out.picture, stamp)}"
    mark += " · SYNTHETIC" if stamp.synthetic else ""
    called = forms.told_apart({node.id: (node.kind, node.label) for node in out.nodes})
    return sheet([*FORM, *MORE], ([*_row(tie, called, out.inside), mark] for tie in out.ties))


def i2_entities(out: Outgoing) -> bytes:
    """One row an entity: identity, label, type."""
    head = ["Identity", "Label", "Type", "Role", "Masked", "Eliminated or acquitted"]
    return sheet(
        head,
        ([n.id, n.label, n.kind, n.role or "", yes(n.masked), yes(n.cleared)] for n in out.nodes),
        codes=("Identity",),
    )


def i2_links(out: Outgoing) -> bytes:
    """One row a link: both identities, type, direction, i2's strength words, dates."""
    head = ["From", "To", "Type", "Direction", "Strength", "Stage", "Grade", "Handling"]
    head += ["Start", "End", "Known from", "Independent roots", "Undermined", "Links"]
    rows = (_i2_row(tie, out.inside) for tie in out.ties)
    return sheet(head, rows, codes=("From", "To", "Direction"))


def sureness(tie: Tie) -> str:
    """i2's three words for a link: evidence is confirmed, graded intelligence unconfirmed, and
    what is ungraded, suspected false or undermined is tentative."""
    pair = tie.pair
    if pair.undermined or pair.stage == "information" or not pair.grade or pair.grade[1] == "E":
        return "Tentative"
    return "Confirmed" if pair.stage == "evidence" else "Unconfirmed"


def _row(tie: Tie, called: Mapping[str, str], inside: bool) -> list[str]:
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
        f"{pair.weight:g}" if inside else "",
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


def _i2_row(tie: Tie, inside: bool) -> list[str]:
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
    ]


def kind_of(node: Node) -> str:
    """The form's kind. Any child is vulnerable (POLE), whatever else they are; nobody becomes a
    suspect by an export."""
    if node.kind != "person":
        return node.kind
    also = "eliminated" if node.cleared else "suspect" if node.suspect else ""
    if node.role == "child":
        return "person/vulnerable-child" + (f"/{also}" if also else "")
    if node.cleared:
        return "person/eliminated"
    return f"person/{node.role}" if node.role != "person" else "person/involved-party"


def time_of(at: datetime | None) -> str:
    """A time in ISO 8601; empty where it is open."""
    return at.isoformat() if at else ""


def yes(true: bool) -> str:
    """What stands where something is so."""
    return "yes" if true else ""


def sheet(head: Sequence[str], rows: Iterable[Sequence[str]], codes: Collection[str] = ()) -> bytes:
    """The rows under their headings, as CSV. What stands under one of the `codes` is an identity or
    a sign of another program's, and is left as it is."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(head)
    kept = [name in codes for name in head]
    writer.writerows(
        [cell if keep else safe(cell) for cell, keep in zip(row, kept, strict=True)] for row in rows
    )
    return written.getvalue().encode("utf-8")


def safe(cell: str) -> str:
    """A cell that no program takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
