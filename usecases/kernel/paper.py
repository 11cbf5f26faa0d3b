"""Papers to hand over: a tagged PDF (PDF/UA-1), with its marking and its holder on every page
(paper.typ).
"""

from datetime import date, datetime
from pathlib import Path
from typing import TypeAlias
from uuid import UUID

import msgspec

from domain.forms.intervals import LONDON
from network.picture.typesetting import pdf
from network.query import safe_text

HOW_IT_IS_SET = Path(__file__).with_suffix(".typ")


class Heading(msgspec.Struct, frozen=True, tag="heading"):
    """A heading of level 1 to 3."""

    words: str
    level: int = 1


class Paragraph(msgspec.Struct, frozen=True, tag="words"):
    """A paragraph."""

    words: str


class Row(msgspec.Struct, frozen=True):
    """A row of a list in a paper; the text in `side` is set in small type below the row. A
    `hatched` row represents a step that the reader may not see: it is drawn hatched, and its text
    says so."""

    words: str
    side: str = ""
    hatched: bool = False


class Rows(msgspec.Struct, frozen=True, tag="rows"):
    """A list of rows in a paper."""

    rows: tuple[Row, ...]


class PaperPicture(msgspec.Struct, frozen=True):
    """A picture as SVG. `alt` describes it in words for those who cannot see it."""

    svg: str
    alt: str
    caption: str


class Pictures(msgspec.Struct, frozen=True, tag="pictures"):
    """Pictures side by side in a paper."""

    pictures: tuple[PaperPicture, ...]


class PaperTable(msgspec.Struct, frozen=True, tag="table"):
    """A table in a paper, with its caption. `bars` are the lengths of bars drawn beside the rows,
    as shares from 0 to 1 (negative: no bar); the row also contains the number itself.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    bars: tuple[float, ...] = ()


Part: TypeAlias = Heading | Paragraph | Rows | Pictures | PaperTable


class Paper(msgspec.Struct, frozen=True):
    """The contents of a paper, in reading order. `ids` are all items in the paper; `unseen` are the
    items that it only mentions as existing; `dues` are the ids of its deadlines.

    `told` are the unique names of further statements in the paper. A person may be allowed to see
    all items and still not one of these statements, so each is checked, too.
    """

    title: str
    marking: str
    parts: tuple[Part, ...]
    ids: tuple[UUID, ...] = ()
    unseen: tuple[UUID, ...] = ()
    dues: tuple[UUID, ...] = ()
    told: tuple[str, ...] = ()


class CopyMark(msgspec.Struct, frozen=True):
    """The mark of a copy: its number within its team, its holder, and its last day."""

    number: int
    team: str
    recipient: str
    destroy_by: date
    by: str
    made: datetime
    synthetic: bool = False

    def __str__(self) -> str:
        made = self.made.astimezone(LONDON)
        text = (
            f"Copy {self.number} of {self.team}, for {self.recipient}. Made by {self.by} on "
            f"{format_day(made.date())} at {made:%H:%M}. "
            f"Destroy it by {format_day(self.destroy_by)}."
        )
        return f"{text} SYNTHETIC: no real person or place." if self.synthetic else text


def format_day(day: date) -> str:
    """Return a day in words, such as "3 March 2011"."""
    return f"{day.day} {day:%B %Y}"


def typeset(paper: Paper, copy: CopyMark) -> bytes:
    """Return the paper as a PDF. The same paper gives the same bytes, if the bundled typeface has
    all its letters.
    """
    parts = msgspec.to_builtins(paper.parts)
    texts_by_name = {
        "title": paper.title,
        "marking": paper.marking,
        "copy": str(copy),
        "parts": parts,
    }
    return pdf(
        HOW_IT_IS_SET,
        {name: _plain(text_value) for name, text_value in texts_by_name.items()},
        copy.made,
    )


def _plain(text: object) -> object:
    """Return the value with every text on one line, without control characters or direction
    overrides.
    """
    match text:
        case str():
            return safe_text.single_line(text)
        case dict():
            return {name: _plain(part) for name, part in text.items()}
        case list() | tuple():
            return [_plain(part) for part in text]
    return text
