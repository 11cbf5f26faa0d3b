"""A paper to hand over: a tagged PDF (PDF/UA-1), with its marking and whose copy it is on every
page (paper.typ)."""

from datetime import date, datetime
from pathlib import Path
from typing import TypeAlias
from uuid import UUID

import msgspec

from domain.forms.intervals import LONDON
from network.picture.typesetting import pdf

HOW_IT_IS_SET = Path(__file__).with_suffix(".typ")


class Heading(msgspec.Struct, frozen=True, tag="heading"):
    """What stands over what follows; of level 1 to 3."""

    words: str
    level: int = 1


class Paragraph(msgspec.Struct, frozen=True, tag="words"):
    """A paragraph."""

    words: str


class Row(msgspec.Struct, frozen=True):
    """One of several things that are said; `side` stands small below it. What is `hatched` is
    closed to its reader, and says so in its words, too."""

    words: str
    side: str = ""
    hatched: bool = False


class Rows(msgspec.Struct, frozen=True, tag="rows"):
    """Things that are said one after another."""

    rows: tuple[Row, ...]


class PaperPicture(msgspec.Struct, frozen=True):
    """A picture as SVG. `alt` says in words what is in it, for those who do not see it."""

    svg: str
    alt: str
    caption: str


class Pictures(msgspec.Struct, frozen=True, tag="pictures"):
    """Pictures side by side."""

    pictures: tuple[PaperPicture, ...]


Part: TypeAlias = Heading | Paragraph | Rows | Pictures


class Paper(msgspec.Struct, frozen=True):
    """What a paper says, in the order in which it is read. `ids` are all the items in it; `unseen`
    those of which it says only that they are there; `dues` the ids of what it says is due; `told`
    what it says, each by a name of its own, where a reader who sees the items may not be told all
    of it."""

    title: str
    marking: str
    parts: tuple[Part, ...]
    ids: tuple[UUID, ...] = ()
    unseen: tuple[UUID, ...] = ()
    dues: tuple[UUID, ...] = ()
    told: tuple[str, ...] = ()


class CopyMark(msgspec.Struct, frozen=True):
    """Which copy it is: its number among those of its team, who has it, and until when."""

    number: int
    team: str
    recipient: str
    destroy_by: date
    by: str
    made: datetime
    synthetic: bool = False

    def __str__(self) -> str:
        made = self.made.astimezone(LONDON)
        said = (
            f"Copy {self.number} of {self.team}, for {self.recipient}. Made by {self.by} on "
            f"{spoken(made.date())} at {made:%H:%M}. Destroy it by {spoken(self.destroy_by)}."
        )
        return f"{said} SYNTHETIC: no real person or place." if self.synthetic else said


def spoken(day: date) -> str:
    """A day as it is read out."""
    return f"{day.day} {day:%B %Y}"


def typeset(paper: Paper, copy: CopyMark) -> bytes:
    """The paper as a PDF: the same bytes for the same input, where its letters are all in the
    typeface that comes with Continuum."""
    parts = msgspec.to_builtins(paper.parts)
    told = {"title": paper.title, "marking": paper.marking, "copy": str(copy), "parts": parts}
    return pdf(HOW_IT_IS_SET, {name: _plain(one) for name, one in told.items()}, copy.made)


def _plain(told: object) -> object:
    """Every text without controls and tricks of direction, on one line."""
    from network.query.safe_text import plain

    match told:
        case str():
            return plain(told)
        case dict():
            return {name: _plain(one) for name, one in told.items()}
        case list() | tuple():
            return [_plain(one) for one in told]
    return told
