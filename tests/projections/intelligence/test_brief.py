"""The weekly brief of the reader's team shows new items, changes, and undecided items."""

from datetime import datetime

import pytest
from msgspec.structs import replace

from domain.families.referral import ThresholdAssessed, WorkerAllocated
from domain.information.observation import ObservationTriaged
from domain.intelligence.identity import IdentityJudged, IdentityRevoked
from domain.intelligence.link import LinkAsserted
from domain.people_and_teams.store_admin import BriefHeld
from projections.intelligence import brief
from projections.intelligence.brief import Brief
from tests.projections.tale import READER, Tale, Views, hour


def make_brief(
    views: Views, tale: Tale, since: datetime | None = None, most: int | None = None
) -> Brief:
    with views.of(tale) as db:
        return brief.brief(db, READER, since, hour(99), most=most)


def test_new_and_changed_since_a_moment(views: Views, tale: Tale) -> None:
    case = tale.case()
    seen = tale.log.facts[-1].recorded
    words = tale.words("a red van")
    tale.tell(ThresholdAssessed("high", "lmh-2013/1"), about=case)
    found = make_brief(views, tale, seen)
    assert [(row.id, row.event, row.what) for row in found.new] == [
        (words, "observation.recorded", "came in: a red van")
    ]
    assert [(row.kind, row.what) for row in found.changed] == [("case", "rated: high")]
    assert len(make_brief(views, tale).new) == 4


def test_a_link_is_new_once(views: Views, tale: Tale) -> None:
    a, b = tale.person("Barry"), tale.person("Sean")
    link = tale.tell(LinkAsserted(a, b, "associate", "information"))
    tale.tell(LinkAsserted(a, b, "associate", "intelligence"), about=link)
    found = make_brief(views, tale)
    assert [row.id for row in found.new if row.kind == "link"] == [link]
    assert [row.id for row in found.changed] == [link]


def test_undecided_until_somebody_decides(views: Views, tale: Tale) -> None:
    case, asked, done = tale.case(), tale.words(), tale.words()
    pair = tale.tell(IdentityJudged(tale.new(), tale.new(), "unsure", "same car"))
    tale.tell(ObservationTriaged("more-needed", "which car?"), about=asked)
    tale.tell(ObservationTriaged("no-value", "gossip"), about=done)
    assert [row.id for row in make_brief(views, tale).undecided] == [case, asked, pair]
    tale.tell(WorkerAllocated("psw.ellis", "parents"), about=case)
    tale.tell(IdentityRevoked(tale.new(), tale.new(), "asked again"), about=pair)
    tale.graded(asked)
    assert make_brief(views, tale).undecided == ()


def test_each_team_has_its_own(views: Views, tale: Tale) -> None:
    tale.words(team="Deter")
    tale.tell(BriefHeld(hour(1)), team="Deter")
    with views.of(tale) as db:
        assert brief.read_last_held(db, READER) is None
        assert brief.brief(db, READER, None, hour(9)).new == ()
    tale.tell(BriefHeld(hour(2)))
    tale.tell(BriefHeld(hour(3)))
    with views.of(tale) as db:
        assert brief.read_last_held(db, READER) == hour(3)


@pytest.mark.parametrize("most", [1, 2, 3, 7])
def test_it_shows_the_oldest_of_each_part_and_says_how_many_more_there_are(
    views: Views, tale: Tale, most: int
) -> None:
    for n in range(3):
        case, words = tale.case(), tale.words(f"number {n}")
        tale.tell(ThresholdAssessed("high", "lmh-2013/1"), about=case)
        tale.tell(ObservationTriaged("more-needed", "which car?"), about=words)
    for since in (None, hour(4)):
        whole, some = make_brief(views, tale, since), make_brief(views, tale, since, most)
        with views.of(tale) as db:
            uncounted = brief.brief(db, READER, since, hour(99), most=most, beyond=0)
        assert whole.more == brief.More(0, 0, 0)
        for part in ("new", "changed", "undecided"):
            every, shown = getattr(whole, part), getattr(some, part)
            assert shown == every[:most]
            assert getattr(some.more, part) == len(every) - len(shown)
            assert getattr(uncounted.more, part) == (len(every) > len(shown))
        assert replace(some, more=uncounted.more) == uncounted


@pytest.mark.parametrize("most", [1, 2, 3, 50])
def test_nothing_is_left_out_between_two_briefs(views: Views, tale: Tale, most: int) -> None:
    """No news is left out between two briefs of a team. If a brief cannot show all news, its period
    ends with the last item shown, and the next brief begins there."""
    case = tale.case()
    for number in range(4):
        tale.words(f"number {number}")
        tale.tell(ThresholdAssessed("high", "lmh-2013/1"), about=case)
        tale.tell(ThresholdAssessed("medium", "lmh-2013/1"), about=case)
    whole = make_brief(views, tale)
    since: datetime | None = None
    new, changed = set(), set()
    while True:
        found = make_brief(views, tale, since, most)
        new |= {row.id for row in found.new}
        changed |= {(row.id, row.recorded) for row in found.changed}
        if not (found.more.new or found.more.changed):
            break
        assert since is None or found.until > since
        since = found.until
    assert found.until == hour(99)
    assert new == {row.id for row in whole.new}
    assert changed == {(row.id, row.recorded) for row in whole.changed}
