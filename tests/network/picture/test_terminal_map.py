"""The network is drawn on a text terminal."""

from unicodedata import category

from network.picture.terminal_map import lines
from network.query.safe_text import BIDI, single_line
from network.query.view import ego
from tests.network.world import READER, World


def test_each_pair_says_how_surely_since_when_and_on_what(world: World) -> None:
    world.put("Ash", "suspect", aliases=("Ashy",))
    world.put("Birch", "suspect", "eliminated")
    world.child("Clover")
    world.put("AB91 ABC", kind="vehicle")
    world.link("Ash", "Birch", grade="2C", valid=(3, None), known=9)
    world.link("Ash", "AB91 ABC", "driver-of", stage="evidence", undermined=True, handling="C")
    world.link("Clover", "AB91 ABC", "passenger-of")
    world.link("Ash", "Clover", "association", grade=None)
    with world.db() as db:
        said = lines(ego(db, READER, world["Ash"], 2))
    text = "\n".join(said)
    assert said[0] == "Ash [suspect]"
    assert (
        "Ash -associate- Birch [eliminated, suspect]: intelligence, grade 2C, "
        "since 2010-01-04 (known 2010-01-10), 1 observation, source not known" in text
    )
    assert "Ash -driver-of-> AB91 ABC [vehicle]: evidence, grade 2B, handling C" in text
    assert "UNDERMINED" in text
    assert "Clover [victim, under 18]" in text
    assert said[-1] == "1 ungraded not shown"


def test_hostile_names_cannot_move_the_cursor_or_turn_the_text() -> None:
    assert single_line("Ash\x1b[2J\u202eBirch\nCedar") == "Ash\ufffd[2J\ufffdBirch Cedar"
    assert single_line("a long name", limit=6) == "a lon…"


def test_no_character_hides_in_words_that_need_no_mark() -> None:
    hidden = {one for one in map(chr, range(0x11000)) if category(one) in {"Cc", "Cs", "Co", "Cn"}}
    for one in (hidden | BIDI | {"\u2028", "\u2029"}) - set("\t\n\r"):
        assert single_line(f"Ash{one}") == "Ash\ufffd", hex(ord(one))
