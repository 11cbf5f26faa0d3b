"""Pairs that may be one are kept as names, ties and judgements come, in whatever order."""

from uuid import UUID

import pytest

from domain.entity import AliasAdded
from domain.identity import IdentityJudged, IdentityRevoked, pair_stream
from domain.link import LinkAsserted
from domain.observation import MentionConfirmed, ObservationWithdrawn
from domain.values import Reader
from projections import alike, mentions
from tests.projections.tale import Tale, Views

READER = Reader("ds.hale", "Engage", "police")


def kept(views: Views, tale: Tale) -> dict[frozenset[UUID], float]:
    with views.of(tale) as db:
        found = alike.pairs(db, READER)
    worth = [pair.worth for pair in found]
    assert worth == sorted(worth)
    return {frozenset((pair.a, pair.b)): -pair.worth for pair in found}


def test_a_judgement_hides_a_pair_and_taken_back_it_stands_again(views: Views, tale: Tale) -> None:
    one, other, third = (tale.person(name) for name in ("Sharon Vole", "Sharron Vole", "Jo Hill"))
    judged = IdentityJudged(one, other, "different", "two schools")
    tale.tell(judged, about=pair_stream(one, other))
    far = IdentityJudged(one, third, "different", "an adult")
    tale.tell(far, about=pair_stream(one, third))
    tale.tell(AliasAdded("nickname", "Sharon Vole"), about=third)
    assert set(kept(views, tale)) == {frozenset((other, third))}
    tale.tell(IdentityRevoked(one, other, "one school"), about=pair_stream(one, other))
    tale.tell(IdentityRevoked(one, third, "no adult"), about=pair_stream(one, third))
    assert len(kept(views, tale)) == 3


@pytest.mark.parametrize("ties_first", [True, False])
def test_ties_count_whenever_they_come(views: Views, tale: Tale, ties_first: bool) -> None:
    one, other = tale.person("Kay"), tale.person("Kayleigh")
    car = tale.thing("vehicle", "AB95 CDE")
    for who in (one, other) if ties_first else ():
        tale.tell(LinkAsserted(who, car, "uses", "information"))
    tale.tell(AliasAdded("nickname", "Sharon Vole"), about=one)
    tale.tell(AliasAdded("nickname", "Sharon Voles"), about=other)
    for who in () if ties_first else (one, other):
        tale.tell(LinkAsserted(who, car, "uses", "information"))
        tale.tell(LinkAsserted(who, car, "owns", "information"))
    (worth,) = kept(views, tale).values()
    assert worth == 1.0
    tale.person("Sharon Vole")
    assert len(kept(views, tale)) == 3


def test_what_one_team_recorded_keeps_no_other_team_s_from_being_compared(
    views: Views, tale: Tale, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alike, "CROWD", 2)
    for _ in range(4):
        tale.person("Kayleigh Marlow")
    before = set(kept(views, tale))
    assert len(before) == 1, "of a crowd the first are compared"
    names = [tale.tell(AliasAdded("nickname", "Kayleigh Marlow"), team="Freedom") for _ in "ab"]
    assert frozenset(names) in set(kept(views, tale))


def test_who_is_named_together_is_counted_by_the_words_that_stand(views: Views, tale: Tale) -> None:
    people = [tale.person(name) for name in ("Ann", "Bea", "Cid")]
    first, second = tale.words(), tale.words()
    for words, named in ((first, people), (second, people[:2])):
        for one in named:
            tale.tell(MentionConfirmed(one), about=words)
    tale.tell(MentionConfirmed(people[0]), about=first)
    with views.of(tale) as db:
        found = {(row.a, row.b): row.words for row in mentions.together(db, READER)}
    ann, bea, cid = people
    assert found == {(ann, bea): 2, (ann, cid): 1, (bea, cid): 1}
    tale.tell(ObservationWithdrawn("a mistake"), about=first)
    with views.of(tale) as db:
        assert [(row.a, row.b, row.words) for row in mentions.together(db, READER)] == [
            (ann, bea, 1)
        ]
