"""A printed paper is a PDF that a screen reader reads in the right order, with its protective
marking on every page.
"""

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from pypdf import PdfReader

from tests.support.usecases.paper import text
from usecases.kernel.paper import (
    CopyMark,
    Heading,
    Paper,
    PaperPicture,
    Paragraph,
    Part,
    Pictures,
    Row,
    Rows,
    typeset,
)

COPY = CopyMark(
    *(3, "Engage", "ds.near", date(2011, 4, 15), "ds.hart"),
    datetime(2011, 3, 18, 9, 30, tzinfo=UTC),
)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle r="4"/></svg>'
MAN = PaperPicture(SVG, "One man, alone", "Now")
#: Texts that the typesetter would execute if it read them as markup.
HOSTILE = (
    '#panic("x") $x$ *bold* _thin_ @ref <label> `raw` = \\ #read("/etc/passwd") // gone /* no */'
)


def made(*parts: Part, title: str = "Brief") -> PdfReader:
    return PdfReader(io.BytesIO(typeset(Paper(title, "OFFICIAL-SENSITIVE", parts), COPY)))


def tags(element: Any) -> Iterator[str]:
    """Yield the kinds of elements in a PDF in the order in which a screen reader reads them."""
    element = element.get_object()
    if isinstance(element, list):
        for one in element:
            yield from tags(one)
    elif isinstance(element, dict):
        if "/S" in element:
            yield str(element["/S"])
        if (inner := element.get("/K")) is not None:
            yield from tags(inner)


def test_it_is_tagged_in_the_order_in_which_it_is_read() -> None:
    pdf = made(
        Heading("Network 1"),
        Paragraph("Two men."),
        Rows((Row("He was seen", "2B"),)),
        Pictures((MAN,)),
        title="Brief of Engage",
    )
    root: Any = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata
    assert pdf.metadata.title == "Brief of Engage"
    assert "pdfuaid" in root["/Metadata"].get_data().decode()
    order = list(tags(root["/StructTreeRoot"]))
    wanted = ["Title", "P", "H1", "P", "L", "LBody", "Caption", "Figure"]
    at = iter(order)
    assert all(f"/{one}" in at for one in wanted), order
    whole = Paper("Brief", "OFFICIAL", (Pictures((MAN,)),))
    assert "One man, alone" in typeset(whole, COPY).decode("latin-1")


def test_every_page_bears_its_marking_and_whose_copy_it_is() -> None:
    pdf = made(Rows(tuple(Row(f"Number {n}") for n in range(150))))
    assert len(pdf.pages) > 2
    for page in pdf.pages:
        shown = " ".join(page.extract_text().split())
        assert shown.count("OFFICIAL-SENSITIVE") >= 2, "above and below"
        assert "Copy 3 of Engage, for ds.near. Made by ds.hart on 18 March 2011 at 09:30." in shown
        assert "Destroy it by 15 April 2011." in shown
        assert f"of {len(pdf.pages)}" in shown


def test_words_of_others_are_never_markup() -> None:
    pdf = made(Heading(HOSTILE), Paragraph(HOSTILE), Rows((Row(HOSTILE, HOSTILE),)))
    # spaces are removed, because a line of the PDF may end in the middle of a word
    shown = text(pdf).replace(" ", "")
    assert shown.count(HOSTILE.replace(" ", "")) == 4
    assert "root:" not in shown


def test_no_control_and_no_trick_of_direction_reaches_the_page() -> None:
    shown = text(made(Paragraph("He\u202eDrab\u0000 was\nthere\x1b[2J")))
    assert "He\ufffdDrab\ufffd was there\ufffd[2J" in shown


def test_a_letter_that_no_typeface_has_is_not_left_out_in_silence() -> None:
    shown = text(made(Paragraph("Called \U00012000 there")))
    assert "Called there" not in shown


def test_the_same_paper_is_the_same_bytes() -> None:
    paper = Paper("Brief", "OFFICIAL-SENSITIVE", (Paragraph("Once"),))
    assert typeset(paper, COPY) == typeset(paper, COPY)


def test_a_synthetic_store_says_so_on_every_page() -> None:
    from msgspec import structs

    copy = structs.replace(COPY, synthetic=True)
    pdf = PdfReader(io.BytesIO(typeset(Paper("Brief", "OFFICIAL", (Paragraph("x"),)), copy)))
    assert all("SYNTHETIC" in page.extract_text() for page in pdf.pages)
