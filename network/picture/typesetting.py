"""Makes PDF and PNG files with Typst, in the typeface that comes with Continuum.

A PDF is tagged (PDF/UA-1). The content of a page reaches the typesetter as JSON and is never read
as markup. Typst refuses a picture without a description, and letters that it cannot draw. So
letters that Arimo lacks are drawn in the machine's own typefaces, and a letter that none of these
has is written as its number.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from network.picture.typeface import FOLDER, advances

if TYPE_CHECKING:
    from typst import Compiler, Fonts


def pdf(template: Path, content: Mapping[str, object], made: datetime) -> bytes:
    """Return the pages that the typesetter makes from `template` and `content`, as a tagged PDF.
    The same input gives the same bytes if Arimo has all letters.
    """
    return _pdf(_compiler(template, content), made)


def png(template: Path, content: Mapping[str, object], dots_per_inch: float) -> bytes:
    """Return the single page that the typesetter makes from `template` and `content`, as a PNG."""
    return _as_bytes(_compiler(template, content).compile(format="png", ppi=dots_per_inch))


def _compiler(template: Path, content: Mapping[str, object]) -> "Compiler":
    """Return a typesetting compiler that can draw every letter of the content. If Continuum's
    typeface lacks a letter, the machine's own typefaces are used, too. If these also lack a letter,
    the letters that Continuum's typeface lacks are replaced by their numbers.
    """
    content_text = msgspec.json.encode(content).decode()
    foreign = set(content_text) - _letters()
    if foreign and not _draws_all(_made(template, content_text, system=True)):
        return _made(template, _numbered(content_text, foreign))
    return _made(template, content_text, system=bool(foreign))


def _draws_all(compiler: "Compiler") -> bool:
    from typst import TypstError

    try:
        _pdf(compiler, datetime.fromtimestamp(0, UTC))
    except TypstError:
        return False
    return True


def _pdf(compiler: "Compiler", made: datetime) -> bytes:
    when = int(made.timestamp())
    return _as_bytes(compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=when))


def _as_bytes(compiled: Any) -> bytes:
    assert isinstance(compiled, bytes)  # noqa: S101 (a PDF is one file, and the template one page)
    return compiled


def _made(template: Path, text: str, *, system: bool = False) -> "Compiler":
    import typst

    return typst.Compiler(
        template.read_bytes(),
        root=str(template.parent),
        font_paths=_typeface(system=system),
        sys_inputs={"content": text},
    )


@cache
def _typeface(*, system: bool) -> "Fonts":
    """Return the typeface that comes with Continuum; with `system` also the typefaces of the
    machine, for letters that Continuum's typeface lacks.
    """
    import typst

    return typst.Fonts(
        include_system_fonts=system, include_embedded_fonts=False, font_paths=[str(FOLDER)]
    )


@cache
def _letters() -> frozenset[str]:
    """Return the letters that Continuum's typeface has in both weights."""
    return frozenset(advances(False).keys() & advances(True).keys())


def _numbered(text: str, foreign: set[str]) -> str:
    """Return the text with each letter in `foreign`, which no available typeface can draw, replaced
    by its Unicode number, so that nothing is lost."""
    return "".join(
        f"[U+{ord(character):04X}]" if character in foreign else character for character in text
    )
