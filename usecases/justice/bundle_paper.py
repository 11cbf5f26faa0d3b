"""The bundle of documents for the prosecutor, as a printable paper with its marking."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from domain.forms.intervals import LONDON
from domain.kernel.codes import in_words
from usecases.kernel.paper import Heading, Paper, Paragraph, Part, Row, Rows

if TYPE_CHECKING:
    from projections.justice.unused_material import LogRow
    from questions.justice.bundle import Bundle, OpenLine, Revealed


def bundle(found_bundle: "Bundle", revealed: "Sequence[Revealed]") -> Paper:
    """Return the prosecutor's bundle as a paper: who received it, then the forms MG6C, MG6D and
    MG6E.
    """
    from network.picture.footer import MARKING

    parts: list[Part] = [
        *(Paragraph(_received(revealed_bundle)) for revealed_bundle in revealed),
        Paragraph(f"SHA-256 of the contents: {found_bundle.sha256}."),
        *(Paragraph(f"Handling condition: {condition}") for condition in found_bundle.conditions),
        Heading("MG6C: relevant material that is not sensitive"),
        _rows([_open(line) for line in found_bundle.mg6c]),
        Heading("MG6D: relevant material that is sensitive"),
        Paragraph("The sensitive material itself is not attached."),
        _rows(
            [
                Row(f"{line.number} {line.description}", line.reason or "")
                for line in found_bundle.mg6d
            ]
        ),
        Heading("MG6E: the disclosure officer's report"),
        Paragraph(f"Items without a decision, in neither schedule: {found_bundle.undecided}."),
        Heading("Material presumed to be disclosed", level=2),
        _rows(
            [
                Row(f"{line.number} {line.description}", in_words(line.presumed))
                for line in found_bundle.presumed
            ]
        ),
        Heading("All decisions about material, in order", level=2),
        _rows([_decision(decision) for decision in found_bundle.decisions]),
    ]
    title = f"Material for the prosecutor, trial {found_bundle.trial}"
    return Paper(title, MARKING, tuple(parts), found_bundle.items, told=(found_bundle.sha256,))


def _received(disclosure: "Revealed") -> str:
    at = disclosure.at.astimezone(LONDON)
    return (
        f"For {', '.join(disclosure.recipients)}. Revealed by {disclosure.by} "
        f"on {at:%d/%m/%Y} at {at:%H:%M}, "
        f"record {disclosure.id}."
    )


def _rows(rows: list[Row]) -> Part:
    return Rows(tuple(rows)) if rows else Paragraph("NIL.")


def _open(line: "OpenLine") -> Row:
    graded = ", ".join(part for part in (line.what, line.grade or "ungraded") if part)
    side = line.why_not or "; ".join((graded, *line.notes, f"SHA-256 {line.sha256}"))
    words = f"{line.number} {line.description}" + (f": {line.text}" if line.text else "")
    return Row(words, side)


def _decision(row: "LogRow") -> Row:
    at = row.at.astimezone(LONDON)
    terms = [in_words(row.relevance), in_words(row.sensitivity)]
    terms += ["used"] if row.used else []
    return Row(row.description, f"{at:%d/%m/%Y %H:%M}, {row.by}: {', '.join(terms)}")
