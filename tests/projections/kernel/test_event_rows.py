"""A row can be made from an event: each column gets the field of the same name. This also works for
an erased event."""

import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from domain.catalogue import events
from domain.families.marac import MaracHeard, MaracReferred
from domain.kernel.decoding import convert
from domain.kernel.envelope import Event, Recorded
from ledger.proof.placeholders import substitute
from projections.all_views import VIEWS
from projections.families.marac import MaracRow
from projections.kernel.batch import RowBatch
from projections.kernel.event_rows import row_of
from projections.kernel.schema import View
from tests.projections.tale import Views, hour

SAMPLES = Path(__file__).parents[2] / "data" / "events"
CASE = UUID(int=7)
BY_NAME = [view for view in VIEWS if hasattr(sys.modules[view.apply.__module__], "row_of")]


def recorded(event: Event) -> Recorded:
    told = (hour(0), "psw.ellis", "Engage", "police")
    return Recorded("evidence", 1, UUID(int=9), 1, *told, "part-3", (), UUID(int=8), event)


@dataclass(frozen=True)
class Noted:
    """A row of a table that only this test uses."""

    id: UUID
    meets: date
    by: str
    basis: str = "-"
    seen: bool = False


def test_a_row_takes_what_is_called_the_same() -> None:
    event = MaracReferred(CASE, ("repeat",), date(2011, 6, 1), "he hit her", 3)
    assert row_of(Noted, recorded(event)) == Noted(
        UUID(int=9), date(2011, 6, 1), "psw.ellis", "he hit her"
    )
    told = row_of(Noted, recorded(event), basis="as the worker told it", seen=True)
    assert (told.basis, told.seen) == ("as the worker told it", True)


def test_what_is_missing_or_of_another_type_is_refused() -> None:
    put_off = MaracHeard("put-off", "nobody came", date(2011, 6, 1), date(2011, 7, 1))
    with pytest.raises(msgspec.ValidationError, match="`case`"):
        row_of(MaracRow, recorded(put_off))
    event = MaracReferred(CASE, ("repeat",), date(2011, 6, 1), "he hit her", 3)
    with pytest.raises(msgspec.ValidationError, match="basis"):
        row_of(Noted, recorded(event), basis=3)


@pytest.mark.parametrize("view", BY_NAME, ids=lambda view: view.name)
def test_each_event_makes_its_rows(view: View, sqlite_views: Views) -> None:
    with sqlite_views.engine.begin() as db:
        for kind in events():
            sample = SAMPLES / f"{kind.stored.topic}.json"
            told = msgspec.json.decode(sample.read_bytes())["event"]
            lost = msgspec.json.decode(b"{" + substitute(kind, kind.stored.sealed) + b"}")
            for fields in (told, told | lost):
                batch = RowBatch(db)
                view.apply(recorded(convert(fields, kind)), batch)
