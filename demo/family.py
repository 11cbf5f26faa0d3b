"""The tour of one family of the demo in twelve sentences, each with the command to type and the
page to open.
"""

import re
import shlex
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

_LABEL = re.compile(r"{([\w.]+)}")
TEXT = Path(__file__).with_name("family.txt")


class FamilySentence(Struct, frozen=True):
    """A sentence of the tour, with the command and the address of the page that show the facts in
    it.
    """

    words: str
    command: tuple[str, ...]
    page: str


def family(id_of: Callable[[str], str]) -> list[FamilySentence]:
    """Return the sentences of the tour. `id_of` returns the id of the item that a label in the
    demo's stories names."""
    lines = (line for line in TEXT.read_text(encoding="utf-8").splitlines() if line[:1] != "#")
    sentences = []
    for line in lines:
        words, command, page = (
            _LABEL.sub(lambda label: id_of(label[1]), part.strip()) for part in line.split(" | ")
        )
        sentences.append(FamilySentence(words, tuple(shlex.split(command)), page))
    return sentences
