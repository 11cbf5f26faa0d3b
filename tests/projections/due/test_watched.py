"""The owner of a standing search or pattern is notified of new matches until the watch ends."""

from datetime import timedelta
from uuid import UUID

from domain.families.referral import MissingFound
from domain.information.observation import ObservationRead
from domain.intelligence.standing_watch import StandingSearchEnded, StandingSearchSet
from domain.kernel.values import Mention, MentionKind, Reader
from domain.people_and_teams.deadline import DueAnswered
from projections import due
from projections.due import DueFilter, DueItem, standing_watches
from tests.projections.tale import START, Tale, Views, hour

OWNER = Reader("ds.hale", "Engage", "police")


def watch(
    tale: Tale, kind: str, normal: str, *, days: int = 28, missing: UUID | None = None
) -> UUID:
    until = START + timedelta(days=days)
    event = StandingSearchSet(tale.case(), kind, normal, normal, until, "seen", missing)  # type: ignore[arg-type]
    return tale.tell(event, by="ds.hale")


def record_mention(tale: Tale, kind: MentionKind, normal: str) -> UUID:
    one = tale.words()
    return tale.tell(ObservationRead("test", (Mention(0, 1, kind, normal, 0.9),)), about=one)


def due_matches(views: Views, tale: Tale) -> list[DueItem]:
    with views.of(tale) as db:
        return due.listed(db, OWNER, hour(90), DueFilter(clock="standing-search"))


def test_a_plate_or_a_name_is_reported_when_it_arrives_and_not_before(
    views: Views, tale: Tale
) -> None:
    record_mention(tale, "vrm", "PK95ABC")
    watch(tale, "vrm_partial", "PK95***")
    watch(tale, "name", "barry vole")
    assert due_matches(views, tale) == []
    car, man = record_mention(tale, "vrm", "PK95ABC"), record_mention(tale, "person", "barry vole")
    record_mention(tale, "vrm", "YC94KXT")
    rows = due_matches(views, tale)
    assert [(row.item, row.owner) for row in rows] == [(car, "ds.hale"), (man, "ds.hale")]
    done = DueAnswered(car, "standing-search", "done", "the day by which the need is met is past")
    tale.tell(done, about=rows[0].id, by="ds.hale")
    assert [row.item for row in due_matches(views, tale)] == [man]


def test_it_ends_with_its_time_by_somebody_s_word_and_with_a_missing_child_s_return(
    views: Views, tale: Tale
) -> None:
    away = tale.case()
    watch(tale, "vrm", "AB95CDE", days=-1)
    ended = watch(tale, "vrm", "YC94KXT")
    tale.tell(StandingSearchEnded("found"), about=ended)
    watch(tale, "name", "kayleigh", missing=away)
    with views.of(tale) as db:
        assert [row.told for row in standing_watches.watching(db, OWNER, hour(90))] == ["kayleigh"]
    tale.tell(MissingFound(), about=away)
    for kind, normal in (("vrm", "AB95CDE"), ("vrm", "YC94KXT"), ("person", "kayleigh")):
        record_mention(tale, kind, normal)  # type: ignore[arg-type]
    assert due_matches(views, tale) == []
