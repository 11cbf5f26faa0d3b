"""A user may mark words of a text as a mention, and the mark is saved at the right position."""

import pytest

from domain.kernel.values import Mention, Refused
from web.worker import add_mention

WORDS = "Lads call him Baz, he's at Mill Lane."


def spans(read: tuple[tuple[int, int], ...] = ()) -> dict[str, str]:
    return {piece.text: piece.span for piece in add_mention.pieces(WORDS, read) if piece.span}


def test_every_word_may_be_tapped_but_what_was_read_already() -> None:
    assert list(spans()) == ["Lads", "call", "him", "Baz", "he's", "at", "Mill", "Lane"]
    assert "".join(piece.text for piece in add_mention.pieces(WORDS, ())) == WORDS.rstrip(".")
    assert not {"Mill", "Lane"} & spans(((27, 36),)).keys()
    assert len(add_mention.pieces("a " * 1_000, ())) <= 2 * add_mention.MOST


def test_a_mark_runs_from_the_first_word_to_the_last() -> None:
    at = spans()
    one = add_mention.mention(WORDS, [at["Lane"], at["Mill"]], "place")
    assert one == Mention(27, 36, "place", None, 1.0)
    assert WORDS[one.start : one.end] == "Mill Lane"


@pytest.mark.parametrize("at", [(), ("x",), ("0-99",), ("3-3",), ("-1-3",), ("0-4", "3000-3004")])
def test_what_is_no_word_of_them_is_refused(at: tuple[str, ...]) -> None:
    with pytest.raises(Refused, match="tap"):
        add_mention.mention(WORDS, at, "person")
