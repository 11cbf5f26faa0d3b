"""docs/security.md covers every requirement of ASVS 5.0 at level 2, and names only tests that exist
and assert something.
"""

import re
from pathlib import Path

from tests.support.house.requirements import ROOT, TEST, unproven

DOCS = ROOT / "docs"
PAGE = (DOCS / "security.md").read_text("utf-8")
#: The number of requirements of levels 1 and 2 in each section of ASVS 5.0.0. In a section, the
#: requirements of level 3 come after these.
LEVEL_2 = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2,
    "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1,
    "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2,
    "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
    "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4,
    "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2,
    "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1,
    "9.1": 3, "9.2": 4,
    "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3,
    "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4,
    "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5,
    "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7,
    "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3,
    "17.1": 1, "17.2": 4, "17.3": 2,
}  # fmt: skip
ROW = re.compile(
    r"^\| ([\d.]+?)\.(\d+)(?:–\1\.(\d+))? \| ([^|]+) \| ([^|]+) \| (.+) \|$", re.MULTILINE
)
ROWS = ROW.findall(PAGE)


def test_each_requirement_of_level_2_has_its_row() -> None:
    told = [
        f"{section}.{number}"
        for section, first, last, *_ in ROWS
        for number in range(int(first), int(last or first) + 1)
    ]
    every = [f"{one}.{number + 1}" for one, many in LEVEL_2.items() for number in range(many)]
    assert told == every
    assert len(every) == 253


def test_each_row_says_by_what() -> None:
    odd = []
    for section, first, _, what, standing, by in ROWS:
        right = {
            "met": bool(TEST.search(by)),
            "written": bool(re.fullmatch(r"\[[\w/-]+\.md\]\([\w#./-]+\)", by)),
            "n/a": len(by) > 5,
            "not met": len(by) > 5 and not TEST.search(by),
        }
        if not right.get(standing) or not what.strip():
            odd.append(f"{section}.{first}: {standing}")
    assert odd == []


def test_what_is_counted_at_the_top_is_so() -> None:
    counts = dict.fromkeys(("met", "written", "n/a", "not met"), 0)
    for _, first, last, _, standing, _ in ROWS:
        counts[standing] += int(last or first) - int(first) + 1
    met, written, apart, left = counts.values()
    counted = (
        f"{met} are met, {written} are written, {apart} are not applicable, {left} are not met."
    )
    top = f"Of the 253 requirements of level 1 or 2 of OWASP ASVS 5.0, {counted}"
    assert top in PAGE.replace("\n", " ")


def test_each_test_that_is_named_exists_and_asserts_something() -> None:
    assert unproven(PAGE) == []


def test_each_file_that_is_named_is_there() -> None:
    for path in re.findall(r"`((?:tests|web|ledger|deploy|access)/[\w/.]*)`", PAGE):
        assert Path(ROOT, path).exists(), path
