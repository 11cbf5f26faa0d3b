"""Every link between the repository's pages leads to a file, a folder or a heading that exists."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.house.tree import ROOT, modules, packages

PAGES = [
    *(page for page in sorted(ROOT.glob("*.md")) if page.name != "CHANGELOG.md"),
    *sorted((ROOT / "docs").rglob("*.md")),
]
LINK = re.compile(
    r"\]\((?![a-z]+:)([^)#\s]*)(?:#([^)\s]+))?\)|<img [^>]*src=\"(?!https?:)([^\"]+)\""
)
#: A pattern that matches the path of a page which a comment, an error message or another page names
#: without a link.
NAMED = re.compile(r"(?<![\w/.-])docs/[\w/.-]+\.md\b|(?<![\w/])(?:CONTRIBUTING|SECURITY)\.md\b")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def test_every_link_leads_somewhere() -> None:
    broken = [f"{page.relative_to(ROOT)}: {link}" for page in PAGES for link in _broken(page)]
    assert broken == []


def test_every_page_that_code_and_pages_name_exists() -> None:
    sources = [ROOT / f"{name}.py" for name in modules()]
    sources += [
        file for folder in packages() | {"tests", "bench"} for file in (ROOT / folder).rglob("*.py")
    ]
    missing = [
        f"{file.relative_to(ROOT)}: {name}"
        for file in (*PAGES, *sources)
        for name in NAMED.findall(file.read_text("utf-8"))
        if not (ROOT / name).is_file()
    ]
    assert missing == []


def _broken(page: Path) -> Iterator[str]:
    """Yield each link of a page to a file or a heading that does not exist."""
    for path, heading, picture in LINK.findall(CODE.sub("", page.read_text("utf-8"))):
        target = page.parent / (path or picture) if path or picture else page
        if not target.exists() or (heading and heading not in _headings(target)):
            yield f"{path or picture}{'#' if heading else ''}{heading}"


@cache
def _headings(page: Path) -> frozenset[str]:
    """Return the anchors of a page's headings in the form in which GitHub makes them."""
    titles = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.MULTILINE)
    return frozenset(re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles)
