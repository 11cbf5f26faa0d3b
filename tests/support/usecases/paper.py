"""A function that reads the text of a printed PDF."""

from pypdf import PdfReader


def text(pdf: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
