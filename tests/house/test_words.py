"""Seven words that often make a sentence hard to understand may become rarer and never more
frequent in a folder's docstrings, comments and docs: told, asked, kept, stands, known, found,
nobody.

`words.json` holds for each folder how often a word may occur in 10,000.
`python -m tests.house.test_words` lowers the ceilings of words that became rarer and raises none.
"""

import json
import re
import tokenize
from collections import Counter
from collections.abc import Iterator
from functools import cache
from io import StringIO
from math import ceil
from pathlib import Path

from tests.house.tree import ROOT, modules, packages

CEILINGS = Path(__file__).with_name("words.json")
WATCHED = ("told", "asked", "kept", "stands", "known", "found", "nobody")
#: Pages that are not counted: those generated from the code, where their words are counted already,
#: and the changelog.
NOT_COUNTED = {"docs/commands", "docs/events", "docs/events.md", "docs/settings.md", "CHANGELOG.md"}
#: A pattern of text that is not prose: blocks of code, names in backticks, addresses of links.
CODE = re.compile(r"```.*?```|`[^`\n]*`|\]\([^)\s]*\)", re.DOTALL)
WORD = re.compile(r"[a-z][a-z'’]*", re.IGNORECASE)
#: How far a rate may rise above its ceiling. (A rate also rises if other sentences of the folder
#: are removed.)
ROOM = 1
#: A ceiling must be lowered if it is higher than `SLACK` times the present rate, plus 5.
SLACK = 1.5
LOWER = "python -m tests.house.test_words"


def test_no_folder_rises_above_its_ceiling() -> None:
    counted, allowed = rates(), ceilings()
    risen = [
        f"{folder}: {word} {rate:.1f} in 10,000 words, at most {most}"
        for folder, counts in counted.items()
        for word, rate in counts.items()
        if rate > (most := allowed.get(folder, {}).get(word, 0)) + ROOM
    ]
    assert not risen, "write these sentences with subject, verb and object:\n" + "\n".join(risen)


def test_the_ceilings_are_lowered_when_words_fell() -> None:
    counted = rates()
    fallen = [
        f"{folder}: {word} {counted[folder][word]:.1f} in 10,000 words, ceiling {most}"
        for folder, words in ceilings().items()
        for word, most in words.items()
        if folder not in counted or most > counted[folder][word] * SLACK + 5
    ]
    assert not fallen, f"run {LOWER}\n" + "\n".join(fallen)


def test_docstrings_and_comments_are_counted_and_code_is_not() -> None:
    module = 'def told():\n    """It was told `kept`."""\n    x = "asked"  # Known, and found.\n'
    text = "\n".join(prose(module))
    assert list(words(text)) == ["it", "was", "told", "known", "and", "found"]


@cache
def rates() -> dict[str, dict[str, float]]:
    """Return for each folder how often each watched word occurs in 10,000 words."""
    every: dict[str, Counter[str]] = {}
    for folder, text in texts():
        every.setdefault(folder, Counter()).update(words(text))
    return {
        folder: {word: 10_000 * counts[word] / counts.total() for word in WATCHED}
        for folder, counts in sorted(every.items())
        if counts
    }


def texts() -> Iterator[tuple[str, str]]:
    """Yield the name of each folder with the prose of each of its files."""
    for folder in sorted(packages() | {"tests", "bench"}):
        for file in (ROOT / folder).rglob("*.py"):
            # bench was a folder of tests, and still shares its ceilings
            name = "tests" if folder == "bench" else folder
            yield name, "\n".join(prose(file.read_text("utf-8")))
    for name in sorted(modules()):
        yield ".", "\n".join(prose((ROOT / f"{name}.py").read_text("utf-8")))
    for page in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")):
        path = page.relative_to(ROOT)
        if not {path.as_posix(), path.parent.as_posix()} & NOT_COUNTED:
            yield path.parent.as_posix(), page.read_text("utf-8")


def prose(module: str) -> Iterator[str]:
    """Yield each comment of a module and each docstring (a string that is a statement of its
    own)."""
    begins = True
    for token in tokenize.generate_tokens(StringIO(module).readline):
        if token.type == tokenize.COMMENT:
            yield token.string.lstrip("#: ")
        elif token.type == tokenize.STRING and begins:
            yield token.string
        elif token.type in (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.NL):
            begins = begins or token.type != tokenize.NL
            continue
        begins = begins and token.type == tokenize.COMMENT


def words(text: str) -> Iterator[str]:
    """Yield the words of a text in small letters, without words that are code."""
    return (word.lower() for word in WORD.findall(CODE.sub(" ", text)))


def ceilings() -> dict[str, dict[str, int]]:
    """Return for each folder the highest rate in `words.json` of each watched word."""
    allowed: dict[str, dict[str, int]] = json.loads(CEILINGS.read_text("utf-8"))
    return allowed


def lower() -> None:
    """Write new ceilings to `words.json`. No ceiling is raised, and a new folder gets its current
    rates.
    """
    before = ceilings() if CEILINGS.exists() else {}
    lines = []
    for folder, counted in rates().items():
        most = {
            word: min(ceil(rate), before.get(folder, {}).get(word, ceil(rate)))
            for word, rate in counted.items()
        }
        lines.append(f"{json.dumps(folder)}: {json.dumps(most)}")
    CEILINGS.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


if __name__ == "__main__":
    lower()
