"""Where do texts name somebody? Whole names and aliases, word by word, in any sealed text."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from uuid import UUID

from commands.kernel.references import References
from domain import forms

#: What is gone is passed by like the register.
SOURCES = ("sources", "gone")


class Names:
    """Names to look for, by their words."""

    def __init__(self, names: Iterable[str]) -> None:
        self._whole: dict[str, set[tuple[str, ...]]] = defaultdict(set)
        self._parts: set[str] = set()
        for name in names:
            if words := forms.tokens(name):
                self._whole[words[0]].add(words)
                self._parts |= {word for word in words if len(words) > 1 and len(word) > 2}

    def __bool__(self) -> bool:
        return bool(self._whole)

    def whole(self, text: str) -> bool:
        """Whether a whole name stands in the text."""
        words = forms.tokens(text)
        return any(
            words[at : at + len(name)] == name
            for at, word in enumerate(words)
            if word in self._whole
            for name in self._whole[word]
        )

    def part(self, text: str) -> bool:
        """Whether a word of a longer name stands in it: perhaps it is meant, perhaps not."""
        return not self._parts.isdisjoint(forms.tokens(text))


#: A stream, and which item of a report its text is of.
Place = tuple[UUID, int | None]


def named(
    references: References, names: Names, leaving: Collection[UUID]
) -> tuple[set[Place], set[Place]]:
    """Where whole names stand, and where only parts of them do, in all streams but `leaving`. The
    source register is not looked through."""
    whole, part = set[Place](), set[Place]()
    for stream, told in references.texts.items() if names else ():
        if stream not in leaving and references.kinds.get(stream, SOURCES)[0] != SOURCES[0]:
            whole |= {(stream, item) for item, text in told if names.whole(text)}
            part |= {(stream, item) for item, text in told if names.part(text)}
    return whole, part - whole
