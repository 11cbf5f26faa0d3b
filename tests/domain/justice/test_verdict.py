"""After a verdict, users record the orders of a court, and appeals."""

from datetime import UTC, date, datetime, timedelta

from msgspec import structs

from domain.justice import verdict
from domain.justice.verdict import Appeal, AppealDecided, AppealLodged, OrderMade
from tests.domain.given import Given, begin, uid

CASE, MAN = map(uid, range(1, 3))
NOW = datetime(2012, 2, 1, 10, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
LODGED = AppealLodged(CASE, MAN, "sentence", "defence")
nothing = Given(Appeal(), verdict.evolve)


def test_an_order_has_terms() -> None:
    made = OrderMade(CASE, MAN, "restraining", "not to come near the school", date(2017, 2, 1))
    nothing.when(begin(verdict.order), made, NOW).then(made)
    nothing.when(begin(verdict.order), structs.replace(made, terms=" "), NOW).refused(
        "say what the order requires or forbids"
    )
    later = structs.replace(made, happened=LATER)
    nothing.when(begin(verdict.order), later, NOW).refused(
        "the day of this step in the appeal is in the future"
    )


def test_an_appeal_is_decided_once() -> None:
    nothing.when(begin(verdict.lodge), LODGED, NOW).then(LODGED)
    later = structs.replace(LODGED, happened=LATER)
    nothing.when(begin(verdict.lodge), later, NOW).refused(
        "the day of this step in the appeal is in the future"
    )
    dismissed = AppealDecided("dismissed", "nine years stand")
    lodged = nothing.after(LODGED)
    lodged.when(verdict.decide, dismissed, NOW).then(dismissed)
    lodged.after(dismissed).when(verdict.decide, dismissed, NOW).then()
    other = AppealDecided("allowed", "seven years")
    lodged.after(dismissed).when(verdict.decide, other, NOW).refused("decided already")
    lodged.when(verdict.decide, AppealDecided("allowed", " "), NOW).refused("what was decided")
    nothing.when(verdict.decide, dismissed, NOW).refused("no appeal")
