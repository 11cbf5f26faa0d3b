"""The map of the network around one person, with the links of one date, as known at a date.
Everything on the map is also in a table.

The file is long because the routes of one screen share their state.
"""

from base64 import b64encode
from datetime import date, datetime
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import Response
from jinja2.utils import htmlsafe_json_dumps
from msgspec.structs import replace
from pydantic import BaseModel, Field

from commands.kernel import entity
from domain.forms.local import LONDON
from domain.intelligence.saved_map import FURTHER, GRADES
from domain.kernel.codes import Layer
from domain.kernel.values import (
    ENTITY_KINDS,
    LINK_KINDS,
    STAGES,
    LinkKind,
    Refused,
    Stage,
)
from network.export import record_export
from network.export.export import CONSENTS, Format
from network.picture.area_map import area_boxes
from network.picture.footer import MARKING
from network.picture.line_styles import LOOKS
from network.picture.symbols import NAMES
from network.query import layers
from network.query.view import Extent
from projections.intelligence import saved_maps
from projections.intelligence.links import LinkFilter, least
from usecases.intelligence.network import ListAreas
from web.made import listing
from web.map.connection import Connection, connection
from web.map.saved_maps import brought
from web.map_data import (
    MOST,
    WHOLE,
    MapData,
    MapQuery,
    chart,
    describe_dates,
    describe_left_out,
    map_for_browser,
    stated,
)
from web.site.app_state import House
from web.site.field_parsing import Unclear, moment
from web.site.paging import paged
from web.site.request_context import Looking, Sending, Visit

router = APIRouter()
#: Number of links on one page of the table.
PAGE = 25


def whole_map_query(
    request: Request,
    hops: Annotated[int, Query(ge=1, le=4)] = 1,
    as_at: str = "",
    since: str = "",
    until: str = "",
    as_known: str = "",
    min_grade: str = "graded",
    stage: Annotated[list[Stage] | None, Query()] = None,
    kind: Annotated[list[LinkKind] | None, Query()] = None,
    layer: Layer = "all",
    team: str = "",
    most: Annotated[int, Query(ge=1, le=WHOLE)] = MOST,
    also: Annotated[list[UUID] | None, Query(max_length=FURTHER)] = None,
) -> MapQuery:
    """Return the query of the whole map. Raises Refused for an invalid grade or day."""
    if min_grade not in GRADES:
        raise Refused(f"{min_grade!r} is not a grade: write graded, any, or a grade like 2C")
    house: House = request.app.state.house

    def today() -> date:
        return house.system.clock().astimezone(LONDON).date()

    def day(field: str, text: str, *, last: bool = True) -> datetime | None:
        try:
            return moment(text, last=last, today=today)
        except Unclear:
            raise
        except Refused as refused:
            raise Refused(str(refused), field=field) from None

    link_filter = LinkFilter(
        as_at=day("as_at", as_at),
        since=day("since", since, last=False),
        until=day("until", until),
        as_known=day("as_known", as_known),
        min_rank=least(min_grade, stage or ()),
        stages=frozenset(stage) if stage and set(stage) != set(STAGES) else None,
        kinds=frozenset(kind) if kind else None,
    )
    part = Extent(None, hops, tuple(dict.fromkeys(also or ())), team or None)
    return MapQuery(part, link_filter, layer, most)


Whole = Annotated[MapQuery, Depends(whole_map_query)]


def question(who: UUID, query: Whole) -> MapQuery:
    """Return the query of the map around a person or item."""
    return msgspec.structs.replace(query, part=replace(query.part, who=who))


Asking = Annotated[MapQuery, Depends(question)]


def _chart(visit: Visit, query: MapQuery) -> MapData:
    if query.part.who:
        visit.require_kind(query.part.who, *ENTITY_KINDS)
    with visit.reading() as db:
        return chart(db, visit.reader, query, visit.house.atlas)


@router.get("/map")
def network(
    visit: Looking,
    asked: Whole,
    q: str = "",
    a: str = "",
    b: str = "",
    page: int = 1,
    chart: UUID | None = None,
) -> Response:
    """Show the map of the whole network that this reader may see, in its own layout or in the
    layout of a saved map. If `q` names a person or item, redirect to its map. With `a` and `b`,
    also show the connection of these two areas or things."""
    if q.strip():
        with visit.reading() as db:
            found_item, _ = entity.resolve_entity(visit.desk, db, visit.reader, q.strip())
        return visit.go(f"/map/{found_item}")
    answer = connection(visit, a, b, asked.link_filter)
    visit.asks = "network path" if answer else ""
    return _shown(visit, asked, page, chart, answer)


@router.get("/path")
@router.get("/map/whole")
def former(visit: Looking) -> Response:
    """Redirect a former address of the map to its present address. An encrypted query stays
    encrypted."""
    return visit.lead("/map")


@router.get("/map/areas")
def areas(visit: Looking, page: int = 1) -> Response:
    """Show places by town as boxes, and below them as a table, a page at a time."""
    area_question = listing.question_of(visit, ListAreas.named.slug)
    values = listing.template_values(visit, area_question, page, only="places")
    places, (_, joined) = [row.row for row in values["tables"][0].rows], values["read"]
    return visit.page(
        "map/map_areas.html", areas=area_boxes(places, joined), **_bar(visit), **values
    )


@router.get("/map/{who}")
def around(visit: Looking, asked: Asking, page: int = 1, chart: UUID | None = None) -> Response:
    """Show the map around one person or thing."""
    return _shown(visit, asked, page, chart)


@router.get("/map/whole/data")
def all_data(visit: Looking, asked: Whole) -> Response:
    """Return the data of the whole map, which the browser draws."""
    return visit.data(map_for_browser(_chart(visit, asked), asked))


@router.get("/map/{who}/data")
def data(visit: Looking, asked: Asking) -> Response:
    """Return the data of the map around one person or item, which the browser draws."""
    return visit.data(map_for_browser(_chart(visit, asked), asked))


@router.get("/map/whole/table")
def whole_table(visit: Looking, asked: Whole, page: int = 1) -> Response:
    """Show the links of the whole map as a table, page by page."""
    return visit.part("map/map_table.html", **_listed(visit, asked, _chart(visit, asked), page))


@router.get("/map/{who}/table")
def table(visit: Looking, asked: Asking, page: int = 1) -> Response:
    """Show the links of the map around one person or thing as a table."""
    return visit.part("map/map_table.html", **_listed(visit, asked, _chart(visit, asked), page))


def _bar(visit: Visit, answer: Connection | None = None) -> dict[str, Any]:
    """Return the values of the bar above the map: the saved maps of this reader, and the connection
    that the user searched for."""
    with visit.reading() as db:
        return {"saved_maps": saved_maps.list_saved_maps(db, visit.reader), "answer": answer}


def _shown(
    visit: Visit, query: MapQuery, page: int, saved: UUID | None, answer: Connection | None = None
) -> Response:
    """Show the map as a page that already contains the first data, so that no second request is
    needed.
    """
    made = _chart(visit, query)
    with visit.reading() as db:
        brings = brought(db, visit, saved, query.link_filter.as_known) if saved else None
    return visit.page(
        "map/map.html",
        status=422 if answer and answer.faults else 200,
        **_bar(visit, answer),
        **_listed(visit, query, made, page),
        focus=next((made.picture.entity(item) for item in made.picture.focus), None),
        asked=query,
        drawn=htmlsafe_json_dumps(map_for_browser(made, query), dumps=_json),
        saved=brings,
        arranged=htmlsafe_json_dumps(brings or {}, dumps=_json),
        as_of=describe_dates(query),
        stated=stated(query),
        sizes={MOST: f"{MOST} most linked", WHOLE: f"up to {WHOLE:,}"},
        query=visit.request.url.query,
        given=visit.request.query_params,
        grades=GRADES,
        kinds=list(LINK_KINDS),
        stages=STAGES,
        layers=layers.LAYERS,
        lines=LOOKS,
        marking=MARKING,
        legend=NAMES | {"child": "Child", "victim": "Adult victim"},
    )


def _listed(visit: Visit, query: MapQuery, made: MapData, page: int) -> dict[str, Any]:
    """Return one page of the map's table, and the addresses of the other pages."""
    pairs, turns = paged(made.picture.pairs, page, PAGE)
    parameters = visit.request.query_params.multi_items()
    other_query = urlencode(
        [*((name, text) for name, text in parameters if name != "page"), ("page", "")]
    )
    return {
        "who": query.part.who or "whole",
        "chart": made,
        "ties": pairs,
        **turns,
        "other_page": f"{_address(query)}?{other_query}",
        "entity": made.picture.entity,
        "left_out": describe_left_out(made),
    }


def _address(query: MapQuery) -> str:
    """Return the address of the page of a map."""
    return f"/map/{query.part.who}" if query.part.who else "/map"


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


class MapExport(BaseModel):
    """The form that exports a map: its format, its recipient, and how the handling conditions are
    met."""

    form: Format
    recipient: str = Field("", max_length=500)
    purpose: str = Field("", max_length=500)
    conditions_met: str = Field("", max_length=20_000)


@router.post("/map/whole/export")
def whole_export(visit: Sending, asked: Whole, taken: Annotated[MapExport, Form()]) -> Response:
    """Export the whole map as a picture or file. The export is masked, has the protective marking,
    and is recorded before it is sent."""
    return _handed_over(visit, asked, taken)


@router.post("/map/{who}/export")
def export(visit: Sending, asked: Asking, taken: Annotated[MapExport, Form()]) -> Response:
    """Export a picture or a file around one person or thing."""
    return _handed_over(visit, asked, taken)


def _handed_over(visit: Visit, query: MapQuery, taken: MapExport) -> Response:
    visit.prove()
    made = record_export.handed_over(
        visit.desk,
        visit.reader,
        taken.form,
        query.link_filter,
        part=query.part,
        layer=query.layer,
        recipient=taken.recipient.strip() or None,
        purpose=taken.purpose.strip() or None,
        now=visit.now,
        synthetic=visit.system.synthetic,
        consulted=lambda ids: visit.consulted("\n".join(map(str, ids)).encode()),
        conditions_met=taken.conditions_met.strip() or None,
    )
    if made.withheld or not made.ties:
        return visit.page(
            "map/exported.html",
            made=made,
            content=b64encode(made.content).decode(),
            recipient=taken.recipient.strip(),
            consents=CONSENTS,
            back=f"{_address(query)}?{visit.request.url.query}",
        )
    return Response(
        made.content,
        media_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="network{made.suffix}"'},
    )
