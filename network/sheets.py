"""Exports as sheets: the links form, which imports again, and i2's entities and links.

A cell that a spreadsheet would take for a formula is quoted with an apostrophe (OWASP, CSV
injection).
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime

from domain.values import LINK_KINDS, Grade
from network.outgoing import Node, Outgoing, Tie
from network.stamp import Stamp, as_of

FORM = ["source", "source_kind", "target", "target_kind", "link", "valid_from", "valid_to"]
FORM += ["weight", "reference", "information", "source_grade", "handling"]
#: What the form does not ask for, but a reader of the export needs.
MORE = ["source_id", "target_id", "stage", "roots", "strength", "undermined", "known_from"]
MORE += ["observations", "links", "evidence", "marking"]


def links_form(out: Outgoing, stamp: Stamp) -> bytes:
    """One row a pair, in the links form's columns and some more; the note stands in the last."""
    mark = f"{stamp.marking} · {as_of(out.picture, stamp)}"
    mark += " · SYNTHETIC" if stamp.synthetic else ""
    return _sheet([*FORM, *MORE], ([*_row(tie, out.inside), mark] for tie in out.ties))


def i2_entities(out: Outgoing) -> bytes:
    """One row an entity: identity, label, type."""
    head = ["Identity", "Label", "Type", "Role", "Masked", "Eliminated or acquitted"]
    return _sheet(
        head,
        ([n.id, n.label, n.kind, n.role or "", _yes(n.masked), _yes(n.cleared)] for n in out.nodes),
    )


def i2_links(out: Outgoing) -> bytes:
    """One row a link: both identities, type, direction, i2's strength words, dates."""
    head = ["From", "To", "Type", "Direction", "Strength", "Stage", "Grade", "Handling"]
    head += ["Start", "End", "Known from", "Independent roots", "Undermined", "Links"]
    return _sheet(head, (_i2_row(tie, out.inside) for tie in out.ties))


def sureness(tie: Tie) -> str:
    """i2's three words for a link: evidence is confirmed, graded intelligence unconfirmed, and
    what is ungraded, suspected false or undermined is tentative."""
    pair = tie.pair
    if pair.undermined or pair.stage == "information" or not pair.grade or pair.grade[1] == "E":
        return "Tentative"
    return "Confirmed" if pair.stage == "evidence" else "Unconfirmed"


def _row(tie: Tie, inside: bool) -> list[str]:
    pair = tie.pair
    grade = Grade.parse(pair.grade) if pair.grade else None
    return [
        tie.source.label,
        _kind(tie.source),
        tie.target.label,
        _kind(tie.target),
        pair.kind,
        _time(pair.valid_from),
        _time(pair.valid_to),
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
        _yes(pair.undermined),
        _time(pair.known_from),
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
        _time(pair.valid_from),
        _time(pair.valid_to),
        _time(pair.known_from),
        str(pair.roots) if inside else "",
        _yes(pair.undermined),
        " ".join(tie.ids),
    ]


def _kind(node: Node) -> str:
    """The form's kind. Any child is vulnerable (POLE); nobody becomes a suspect by an export."""
    if node.kind != "person":
        return node.kind
    if node.cleared:
        return "person/eliminated"
    if node.role == "child":
        return "person/suspect" if node.suspect else "person/vulnerable-child"
    return f"person/{node.role}" if node.role != "person" else "person/involved-party"


def _time(at: datetime | None) -> str:
    return at.isoformat() if at else ""


def _yes(true: bool) -> str:
    return "yes" if true else ""


def _sheet(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return written.getvalue().encode("utf-8")


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
