"""Plain names for commands whose stored name is hard to understand, and synonyms by which the help
search finds commands.

Each line of `words.txt` is about one command, or about the first words of several commands. It
begins with the stored name. After "= " follows the plain name, which replaces the last word. After
": " follow synonyms that are not in the command's help: words of the field, of computing and of
everyday language.

Help, docs/commands/ and completion show the plain name. The stored name still works, and is used in
the access log, in the API and in `places.txt`, so that recorded names do not change.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

WORDS = Path(__file__).with_name("words.txt")
_LINES = [line.partition(": ") for line in WORDS.read_text("utf-8").splitlines()]
_NAMED = [(name.partition(" = "), synonyms) for name, _, synonyms in _LINES]
#: For each command or group of commands with a plain name, by its stored name: the plain last word.
PLAIN = {name: plain for (name, _, plain), _ in _NAMED if plain}
#: The synonyms of each command or group of commands, by its stored name.
SYNONYMS = {name: synonyms for (name, _, _), synonyms in _NAMED if synonyms}
#: The stored last word of a command. The key is the stored words before it and the plain last word.
_STORED = {(tuple(name.split()[:-1]), plain): name.split()[-1] for name, plain in PLAIN.items()}


def plain_word(above: Iterable[str], word: str) -> str:
    """Return the plain name, which the help shows, of the command or group `word`. `above` are the
    stored names of the groups that contain it."""
    return PLAIN.get(" ".join((*above, word)), word)


def stored_word(above: Iterable[str], word: str) -> str:
    """Return the stored name of the command or group `word`, which is given as plain or as stored
    name. `above` are the stored names of the groups that contain it."""
    return _STORED.get((tuple(above), word), word)


def plain_name(command: str) -> str:
    """Return the plain name of a command, as help shows it: "entry join" is "source-access
    approve".
    """
    words = command.split()
    return " ".join(plain_word(words[:place], word) for place, word in enumerate(words))


def stored_words(arguments: Sequence[str]) -> list[str]:
    """Return the arguments of a command line. The plain names of the command at the beginning are
    replaced by stored names.

    Later arguments are not changed, because a plain name is replaced only after the words of its
    group.
    """
    words: list[str] = []
    for word in arguments:
        words.append(stored_word(words, word))
    return words
