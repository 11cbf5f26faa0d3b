"""Finds names in texts: whole names and aliases, word by word, in any encrypted text."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from uuid import UUID

from commands.kernel.references import References
from domain import forms

#: Kinds of streams that a search for names leaves out: the source register, and erased streams.
SOURCES = ("sources", "gone")


class Names:
    """Names to search for in texts, each as a sequence of words."""

    def __init__(self, names: Iterable[str]) -> None:
        self._whole: dict[str, set[tuple[str, ...]]] = defaultdict(set)
        self._parts: set[str] = set()
        for name in names:
            if words := forms.tokens(name):
                self._whole[words[0]].add(words)
                self._parts |= {word for word in words if len(words) > 1 and len(word) > 2}

    def __bool__(self) -> bool:
        return bool(self._whole)

    def contains_whole_name(self, text: str) -> bool:
        """Return whether a text contains one of the whole names."""
        words = forms.tokens(text)
        return any(
            words[at : at + len(name)] == name
            for at, word in enumerate(words)
            if word in self._whole
            for name in self._whole[word]
        )

    def part(self, text: str) -> bool:
        """Return whether the text contains a single word of a searched name of several words. The
        word may belong to a different person's name.
        """
        return not self._parts.isdisjoint(forms.tokens(text))


#: A place where a name occurs: a stream and, in an intelligence report, the number of the item in
#: the report.
Place = tuple[UUID, int | None]


def find_names(
    references: References, names: Names, leaving: Collection[UUID]
) -> tuple[set[Place], set[Place]]:
    """Return two sets of places: first those whose text contains a whole searched name, then those
    whose text contains only a part of one. A place is a stream and, in a report, the number of the
    report's item. The streams in `leaving` and the source register are not searched.
    """
    whole, part = set[Place](), set[Place]()
    for stream, texts in references.texts.items() if names else ():
        if stream not in leaving and references.kinds.get(stream, SOURCES)[0] != SOURCES[0]:
            whole |= {(stream, item) for item, text in texts if names.contains_whole_name(text)}
            part |= {(stream, item) for item, text in texts if names.part(text)}
    return whole, part - whole
