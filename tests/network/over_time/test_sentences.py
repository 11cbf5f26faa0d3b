"""Each link, and each event of a brief, can be read aloud as a sentence."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from domain.kernel.values import LINK_KINDS, EntityKind, PoleCategory
from network.over_time import sentences
from network.query.link_pairs import LinkPair
from projections.intelligence.brief import TOLD
from projections.intelligence.people import Entity

AT = datetime(2011, 3, 14, 12, tzinfo=UTC)
SEEN = LinkPair(
    *(UUID(int=1), UUID(int=2), "seen-at", (UUID(int=3),), "intelligence", "2B", "P", 1),
    *(1.0, 0.5, False, (), AT, AT + timedelta(hours=1), AT),
)


def test_a_tie_is_a_sentence_with_when_it_was_so() -> None:
    said = sentences.tie(SEEN, "Vince Tarrow", "Mill Lane,\nTown B\u202e")
    assert said == "Vince Tarrow was seen at Mill Lane, Town B\ufffd on Monday 14 March 2011."
    open_end = replace(SEEN, kind="driver-of", valid_to=None)
    assert sentences.tie(open_end, "Vince", "PK95ABC").endswith(
        "drives PK95ABC from Monday 14 March 2011 on."
    )
    assert sentences.TIES.keys() == LINK_KINDS.keys()


@pytest.mark.parametrize(
    ("kind", "label", "identified", "opens"),
    [
        ("person", "the man with the dog", False, "The man with the dog"),
        ("vehicle", "red Fiesta", False, "Red Fiesta"),
        ("place", "the garages behind Mill Lane", True, "The garages behind Mill Lane"),
        ("person", "iDave", False, "iDave"),
        ("person", "bel hart", True, "bel hart"),
        ("handle", "baz_1", True, "baz_1"),
        ("phone", "07700 900123", True, "07700 900123"),
    ],
)
def test_a_sentence_begins_with_a_capital_but_for_a_name_as_it_is_written(
    kind: EntityKind, label: str, identified: bool, opens: str
) -> None:
    told = (UUID(int=1), kind, label, (), frozenset[PoleCategory](), False, identified)
    assert sentences.opening(Entity(*told, None, None, (), AT)) == opens


def test_its_grade_is_beside_it_with_what_speaks_against_it() -> None:
    assert sentences.describe_grade(SEEN) == "2B, 1 independent source"
    bare = replace(SEEN, grade=None, roots=0, undermined=True)
    assert sentences.describe_grade(bare) == "ungraded, source not known, UNDERMINED"


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"grade": "1A"}, "surer"),
        ({"stage": "evidence"}, "surer"),
        ({"roots": 2}, "surer"),
        ({"grade": "2D"}, "less sure"),
        ({"undermined": True, "grade": "1A"}, "less sure"),
        ({"links": (UUID(int=3), UUID(int=4))}, "told again"),
        ({"strength": 0.4}, None),
    ],
)
def test_what_became_of_a_tie(changes: dict[str, object], what: str | None) -> None:
    assert sentences.fresh(replace(SEEN, **changes), SEEN) == what


def test_a_tie_comes_and_goes() -> None:
    assert sentences.fresh(SEEN, None) == "new"
    assert sentences.fresh(None, SEEN) == "no longer so"


def test_since_the_last_brief_is_reported_by_its_day() -> None:
    assert sentences.since("new", AT, AT + timedelta(days=3)) == "new since Monday"
    assert sentences.since("new", AT, AT + timedelta(days=9)) == "new since Monday 14 March 2011"
    assert sentences.since("new", None, AT) == "new"


def test_every_event_of_a_brief_is_a_sentence() -> None:
    for name, (verb, _) in TOLD.items():
        for what in (verb, f"{verb}: something"):
            said = sentences.event(name, verb, what, "Vince")
            assert said[0].isupper(), said
            assert said[-1] in ".”", said
            assert "{" not in said
    assert sentences.event("person.classified", "category", "category: suspect", "Vince") == (
        "Vince was recorded as suspect."
    )
    bare = sentences.event("observation.recorded", "came in", "came in", None)
    assert bare == "Came in.", "its reader is told that there is something, and no more"
