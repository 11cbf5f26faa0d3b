"""Finds commands for a text that a user typed, by meaning and by spelling."""

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from math import log
from typing import Any, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from console.help.groups import place_of
from console.help.plain_names import SYNONYMS, plain_name

#: The parts of a command's help that are searched, each with the weight of a word in it.
COLUMNS = {"name": 10, "synonyms": 8, "sentence": 6, "text": 2, "options": 1}
#: The smallest similarity at which a typed word counts as a misspelling of another word.
SIMILAR = 0.7
#: The number of words in the longest command name.
LONGEST = 3
_WORD = re.compile(r"[^\W_]+")
#: A pattern of a word, or of several words with hyphens between them, as in an option.
_TERM = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


class HelpEntry(NamedTuple):
    """A command or a group of commands by its stored name, with its sentence of help."""

    name: str
    sentence: str
    command: Any

    @property
    def plain(self) -> str:
        """Return the command's plain name, which help shows."""
        return plain_name(self.name)

    @property
    def synonyms(self) -> str:
        stored = self.name if self.name != self.plain else ""
        return f"{SYNONYMS.get(self.name, '')} {stored}".strip()

    @property
    def options(self) -> str:
        """Return the names of the command's options and arguments, with their help."""
        if hasattr(self.command, "commands"):
            return ""
        return " ".join(
            f"{' '.join(parameter.opts)} {getattr(parameter, 'help', None) or ''}"
            for parameter in self.command.params
            if parameter.name != "help"
        )


def entries(group: Any, above: tuple[str, ...] = ()) -> Iterator[HelpEntry]:
    """Yield every command below a group, and the groups among them."""
    for name, command in group.commands.items():
        words = (*above, name)
        yield HelpEntry(" ".join(words), command.short_help or "", command)
        if hasattr(command, "commands"):
            yield from entries(command, words)


def fitting(top: Any, text: str) -> list[HelpEntry]:
    """Return the commands that fit a text, best first.

    A word of the text counts in any grammatical form. Its weight depends on the part of the help in
    which it occurs, and is greater if few commands contain it. A word that no help contains is
    replaced by the most similar word that occurs. If two commands fit equally well, the one that is
    earlier in the help comes first.
    """
    found_entries = sorted(entries(top), key=lambda entry: place_of(entry.name))
    scores: defaultdict[int, float] = defaultdict(float)
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute(
            "CREATE VIRTUAL TABLE help USING fts5"
            "(name, synonyms, sentence, text, options, tokenize = 'porter')"
        )
        db.executemany(
            "INSERT INTO help VALUES (?, ?, ?, ?, ?)",
            [
                (e.plain, e.synonyms, e.sentence, e.command.help or "", e.options)
                for e in found_entries
            ],
        )
        for term in dict.fromkeys(_TERM.findall(text.lower())):
            for word in [term] if _row_weights(db, term) else _WORD.findall(term):
                fits = _row_weights(db, word) or _row_weights(db, _similar(found_entries, word))
                for row, worth in fits.items():
                    scores[row] += worth * log(len(found_entries) / len(fits))
    return [found_entries[row - 1] for row in sorted(scores, key=lambda row: (-scores[row], row))]


def _row_weights(db: sqlite3.Connection, word: str) -> dict[int, int]:
    """Return each help entry that contains the word, with the weight of the word. The weight
    depends on the part of the entry in which the word occurs."""
    return {
        row: worth
        for column, worth in reversed(COLUMNS.items())
        for (row,) in db.execute(
            "SELECT rowid FROM help WHERE help MATCH ?", (f'{column} : "{word}"',)
        )
    }


def _similar(found_entries: Sequence[HelpEntry], word: str) -> str:
    """Return the most similar word to the typed `word` in the names, sentences or synonyms of all
    commands; `word` itself if none is similar."""
    texts = (f"{entry.plain} {entry.synonyms} {entry.sentence}".lower() for entry in found_entries)
    vocabulary = sorted({word for text in texts for word in _WORD.findall(text)})
    scorer = DamerauLevenshtein.normalized_similarity
    nearest = process.extractOne(word, vocabulary, scorer=scorer, score_cutoff=SIMILAR)
    return nearest[0] if nearest else word


def spelt_like(top: Any, words: Sequence[str], matched: int) -> list[HelpEntry]:
    """Return the commands whose names are spelt like the typed `words`, the most similar first. The
    first `matched` words are correct; the next one is unknown."""
    by_name = {name: entry for entry in entries(top) for name in (entry.name, entry.plain)}
    similarity: dict[str, float] = {}
    for many in range(matched + 1, min(len(words), LONGEST) + 1):
        typed = " ".join(words[:many]).lower()
        for name, score, _ in process.extract(
            typed,
            list(by_name),
            scorer=DamerauLevenshtein.normalized_similarity,
            score_cutoff=SIMILAR,
        ):
            similarity[name] = max(score, similarity.get(name, 0))
    nearest = sorted(similarity, key=lambda name: -similarity[name])
    return list(dict.fromkeys(by_name[name] for name in nearest))
