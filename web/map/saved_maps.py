"""Saved maps: opening a map that was saved under a name, with its settings."""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from fastapi import APIRouter, Form
from fastapi.responses import Response
from pydantic import BaseModel, Field

from domain.intelligence.saved_map import ChartSaved
from network.query.safe_text import lines, single_line
from projections.intelligence import links, people, saved_maps
from projections.intelligence.saved_maps import OpenedMap
from projections.kernel.database import Db
from usecases.intelligence.saved_maps import NoteOnChart
from usecases.kernel.usecase import perform
from web.site.request_context import Looking, NotThere, Sending, Visit

router = APIRouter()


@router.get("/charts/{chart}")
def show(
    visit: Looking, chart: UUID, version: int | None = None, as_known: str | None = None
) -> Response:
    """Redirect to the map with a saved map's settings. Its query runs again, so readers see only
    what they may see. `version` selects an earlier version. With `as_known`, the map shows what
    was known at that moment, for example when an operation was decided."""
    with visit.reading() as db:
        opened_map = _opened(db, visit, chart)
        focus, also, shows = opened_map.chart.focus, opened_map.chart.also, opened_map.shows
        if version is not None:
            earlier = _version(visit, chart, version)
            seen = saved_maps.placed(db, visit.reader, earlier)
            focus, shows = earlier.focus, earlier.shows
            also = tuple(item for item in earlier.also if item in seen)
    values = msgspec.to_builtins(shows)
    stages, kind = values.pop("stages"), values.pop("kind")
    if as_known:
        values["as_known"] = as_known
    parameters = [(name, str(value)) for name, value in values.items() if value is not None]
    parameters += [("stage", stage) for stage in stages] + ([("kind", kind)] if kind else [])
    parameters += [("also", str(item)) for item in also] + [("chart", str(chart))]
    around = f"/map/{focus}" if focus else "/map"
    return visit.go(f"{around}?{urlencode(parameters)}")


def _version(visit: Visit, chart: UUID, version: int) -> ChartSaved:
    """Return the version of a saved map with this number. Raises NotThere."""
    history = visit.desk.logs["evidence"].history(chart)
    saved = [fact.event for fact in history if isinstance(fact.event, ChartSaved)]
    if not 0 < version <= len(saved):
        raise NotThere("chart")
    return saved[version - 1]


class MapNote(BaseModel):
    """A note on a map, as the map's script sends it."""

    command_id: UUID
    of: str = Field(max_length=2_000)
    words: str = Field("", max_length=20_000)


@router.post("/charts/{chart}/notes")
def note(visit: Sending, chart: UUID, noted: Annotated[MapNote, Form()]) -> Response:
    """Save a note on an open map. Raises the errors of the command."""
    visit.asks = NoteOnChart.named.command
    use = NoteOnChart(str(chart), noted.of, noted.words.strip() or None)
    perform(use, visit.desk, visit.reader, noted.command_id)
    return Response(status_code=204)


def _opened(db: Db, visit: Visit, chart: UUID) -> OpenedMap:
    opened_map = saved_maps.opened(db, visit.reader, chart)
    if opened_map is None:
        raise NotThere("chart")
    return opened_map


def brought(db: Db, visit: Visit, chart: UUID, as_known: datetime | None) -> dict[str, Any]:
    """Return a saved map's settings. If records were judged the same by the moment `as_known`,
    their ids are replaced by the one id that the map shows. Raises NotThere."""
    opened_map = _opened(db, visit, chart)
    row = opened_map.chart
    noted = [one.of for one in opened_map.notes]
    ids = {*row.hidden, *row.opened, *row.pinned, *noted}
    lead = people.leaders(db, visit.reader, ids, as_known=as_known)
    entities = people.entities(db, visit.reader, lead.keys())
    # people and things that the reader may not see, for example because they are restricted
    closed = {lead[one] for one in lead if one not in entities}
    items = {item_id for item_id in ids if lead[item_id] not in closed}
    items |= _ties(db, visit, set(noted) - items, as_known)
    pins = dict[str, tuple[float, float]]()
    for item, where in sorted(zip(row.pinned, row.spots, strict=True)):
        if item in items:
            # if several records of a person have a position, the oldest position is used
            pins.setdefault(str(lead[item]), where)
    return {
        "id": str(chart),
        "name": single_line(row.name),
        "pins": pins,
        "hidden": sorted({str(lead[one]) for one in row.hidden if one in items}),
        "opened": sorted({str(lead[one]) for one in row.opened if one in items}),
        "notes": [
            {
                "of": str(lead[one.of]),
                "on": str(one.of),
                "words": lines(one.words),
                "by": single_line(one.by),
                "at": one.noted.isoformat(),
            }
            for one in opened_map.notes
            if one.of in items
        ],
    }


def _ties(db: Db, visit: Visit, ids: Collection[UUID], as_known: datetime | None) -> set[UUID]:
    """Return which of the items `ids` are links that the reader may see, as known at the moment
    `as_known`."""
    rows = [row for item in ids for row in links.versions(db, visit.reader, item)]
    ends = sorted({end for row in rows for end in (row.a, row.b)})
    link_filter = links.LinkFilter(as_known=as_known, min_rank=None)
    return {tie.link for tie in links.touching(db, visit.reader, ends, link_filter)} & set(ids)
