"""Names of towns are read as places and not as people, and a force adds its own names of places."""

from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from domain.kernel.values import Refused
from ingest.reading import read
from ingest.reading.gazetteer import of_file, towns

TOLD = datetime(2026, 11, 19, 22, 40, tzinfo=UTC)


def mentions_in(text: str, known: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
    found = read(text, written_at=TOLD, known=known)
    return [(m.kind, text[m.start : m.end]) for m in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The man lives in Chester, works nights", [("place", "Chester")]),
        ("her dad lives in wells", [("place", "wells")]),
        ("took her to Milton Keynes on the train", [("place", "Milton Keynes")]),
        ("shes in doncaster with him", [("place", "doncaster")]),
        ("living with Barry in Barry", [("person", "Barry"), ("place", "Barry")]),
        ("Chester came round", [("person", "Chester")]),
        ("text from Chester saying hi", [("person", "Chester")]),
        ("Wayne Bolton rang", [("person", "Wayne Bolton")]),
        ("his mate Kendal drove", [("person", "Kendal")]),
        ("she was reading in bath", []),
        ("they all live in fear", []),
        ("send her in", []),
    ],
)
def test_a_town_or_somebody(text: str, found: list[tuple[str, str]]) -> None:
    assert [(kind.replace("nickname", "person"), told) for kind, told in mentions_in(text)] == found


def test_an_unknown_place_is_requested_before_a_nickname() -> None:
    """A name that is in the list of towns is read as a place, and not as a nickname."""
    known = [" ".join(words) for first in towns()._names.values() for words in first]
    drawn = Random(7).sample(sorted(known), 60)
    told = {place: mentions_in(f"she moved to {place.title()} with Ste") for place in drawn}
    assert not [place for place, found in told.items() if found[0] != ("place", place.title())]


@pytest.mark.parametrize("text", ["he lifted her in the lad's arms", "an underscore in it"])
def test_limbs_and_marks_are_no_place_and_no_name(text: str) -> None:
    assert mentions_in(text) == []


def test_a_force_knows_places_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "places.csv"
    file.write_text('# ours\n"Nether Sedgewell",area 4\nThe Bog\n')
    own = of_file(file)
    assert mentions_in("she was at nether sedgewell w them") == []
    assert mentions_in("she was at nether sedgewell w them", own) == [("place", "nether sedgewell")]


def test_a_list_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="places\\.csv cannot be read"):
        of_file(tmp_path / "places.csv")
