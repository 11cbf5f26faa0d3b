"""Each decision in docs/decisions has all its required parts, and the index lists all decisions."""

import re

from tests.house.tree import ROOT

FOLDER = ROOT / "docs" / "decisions"
INDEX = (FOLDER / "README.md").read_text("utf-8")
DECISIONS = [
    (page.name, decision)
    for page in sorted(FOLDER.glob("*.md"))
    if page.name != "README.md"
    for decision in re.split(r"^## ", page.read_text("utf-8"), flags=re.MULTILINE)[1:]
]
PARTS = re.compile(
    r".+\?\n\n- \*\*Chosen:\*\* .+\n(- \*\*Rejected:\*\* .+\n)?- \*\*Since:\*\* .*\d{4}.*\n+"
)


def test_each_decision_says_what_was_chosen_and_since_when() -> None:
    assert len(DECISIONS) > 50
    assert [title(text) for _, text in DECISIONS if not PARTS.fullmatch(text)] == []


def test_the_index_lists_every_decision_and_no_other() -> None:
    listed = re.findall(r"^- \[(.+)\]\(([\w-]+\.md)#", INDEX, re.MULTILINE)
    assert sorted(listed) == sorted((title(text), page) for page, text in DECISIONS)


def title(decision: str) -> str:
    return decision.partition("\n")[0]
