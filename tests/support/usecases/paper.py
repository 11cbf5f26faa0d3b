"""Reads the text of a printed paper."""

from pypdf import PdfReader


def text(pdf: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
