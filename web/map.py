"""The sergeant's map: around one person, on both axes of time, with everything in a table too."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import Response

from commands import entity
from domain.values import (
    INFORMATION_GRADES,
    LINK_KINDS,
    SOURCE_GRADES,
    STAGES,
    Grade,
    LinkKind,
    Refused,
    Stage,
)
from network import groups, handover, hotspots, layers, measures, paths
from network.export import Format
from network.layers import Layer
from network.symbols import NAMES, draw
from projections.links import Asked, rank
from web.chart import Chart, Question, as_of, chart, drawn, left_out
from web.visit import Looking, Sending, Visit

router = APIRouter()
#: "graded" is the default: ungraded links are counted and not shown.
GRADES = ("graded", "any", *(s + i for i in INFORMATION_GRADES for s in SOURCE_GRADES))
LISTED = 15


def _moment(text: str) -> datetime | None:
    """A day is meant as a whole: its last moment. Raises Refused."""
    if not text.strip():
        return None
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise Refused(f"{text!r} is no day; write one like 2011-03-19") from error
    if len(text.strip()) == len("2011-03-19"):
        at += timedelta(days=1, microseconds=-1)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def question(
    who: UUID,
    hops: Annotated[int, Query(ge=1, le=4)] = 1,
    as_at: str = "",
    as_known: str = "",
    min_grade: str = "graded",
    stage: Annotated[list[Stage] | None, Query()] = None,
    kind: Annotated[list[LinkKind] | None, Query()] = None,
    layer: Layer = "all",
    team: str = "",
) -> Question:
    """What is asked of the map. Raises Refused for a grade or a day that is none."""
    if min_grade not in GRADES:
        raise Refused(f"{min_grade!r} is no grade: graded, any, or one like 2C")
    lowest = Asked().min_rank
    if min_grade == "any":
        lowest = None
    elif min_grade != "graded":
        lowest = rank(Grade.parse(min_grade))
    asked = Asked(
        as_at=_moment(as_at),
        as_known=_moment(as_known),
        min_rank=lowest,
        stages=frozenset(stage) if stage and set(stage) != set(STAGES) else None,
        kinds=frozenset(kind) if kind else None,
    )
    return Question(who, hops, asked, layer, team or None)


Asking = Annotated[Question, Depends(question)]


def _chart(visit: Visit, asked: Question) -> Chart:
    visit.kind_of(asked.who, "person", "vehicle", "phone", "place", "handle")
    with visit.reading() as db:
        return chart(db, visit.reader, asked, visit.house.atlas)


@router.get("/map")
def overview(visit: Looking, q: str = "") -> Response:
    """Where to begin: who hangs together, who is how central, what many share."""
    if q.strip():
        return visit.go(f"/map/{entity.find(visit.desk, visit.reader, q.strip())[0]}")
    with visit.reading() as db:
        together = groups.groups(db, visit.reader)
        central = measures.key_people(db, visit.reader, limit=LISTED)
        shared = hotspots.hotspots(db, visit.reader, limit=LISTED)
    return visit.page(
        "map_overview.html",
        groups=together.groups[:LISTED],
        picture=together.picture,
        key_people=central,
        hotspots=shared,
        caution=measures.CAUTION,
    )


@router.get("/map/{who}")
def around(visit: Looking, asked: Asking) -> Response:
    """The map around one person or thing."""
    made = _chart(visit, asked)
    return visit.page(
        "map.html",
        who=asked.who,
        asked=asked,
        chart=made,
        focus=made.picture.entity(made.picture.focus[0]),
        entity=made.picture.entity,
        left_out=left_out(made),
        as_of=as_of(asked),
        query=visit.request.url.query,
        given=visit.request.query_params,
        grades=GRADES,
        kinds=list(LINK_KINDS),
        stages=STAGES,
        layers=layers.LAYERS,
        symbols={name: _picture(name) for name in NAMES},
        legend=NAMES | {"child": "Child", "victim": "Victim of full age"},
    )


@router.get("/map/{who}/data")
def data(visit: Looking, asked: Asking) -> Response:
    """The same map for the browser to draw."""
    return visit.data(drawn(_chart(visit, asked), asked))


@router.get("/map/{who}/table")
def table(visit: Looking, asked: Asking) -> Response:
    """The same map as a table."""
    made = _chart(visit, asked)
    return visit.part(
        "map_table.html", chart=made, entity=made.picture.entity, left_out=left_out(made)
    )


def _picture(symbol: str) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-30 -30 60 60" width="60" height="60">'
        f"{draw(symbol, 24)}</svg>"
    )


@router.post("/map/{who}/export")
def export(
    visit: Sending,
    asked: Asking,
    form: Annotated[Format, Form()],
    recipient: Annotated[str, Form(max_length=500)] = "",
    conditions_met: Annotated[str, Form(max_length=20_000)] = "",
) -> Response:
    """A picture or file to take along: masked, marked, and written down first."""
    visit.prove()
    made = handover.handed_over(
        visit.desk,
        visit.reader,
        form,
        asked.asked,
        focus=asked.who,
        hops=asked.hops,
        layer=asked.layer,
        recipient=recipient.strip() or None,
        now=visit.now,
        synthetic=visit.system.synthetic,
        consulted=lambda ids: visit.consulted("\n".join(map(str, ids)).encode()),
        conditions_met=conditions_met.strip() or None,
    )
    return Response(
        made.content,
        media_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="network{made.suffix}"'},
    )


@router.get("/path")
def path(
    visit: Looking, a: str = "", b: str = "", min_grade: Literal["graded", "any"] = "graded"
) -> Response:
    """The shortest way between two, with the evidence of each step."""
    found, ends = None, False
    if a.strip() and b.strip():
        one, other = (entity.find(visit.desk, visit.reader, end.strip())[0] for end in (a, b))
        asked = Asked(min_rank=None) if min_grade == "any" else Asked()
        with visit.reading() as db:
            found = paths.path(db, visit.reader, one, other, asked=asked)
        ends = True
    other_way = urlencode({"a": a, "b": b, "min_grade": "any"})
    return visit.page(
        "path.html", a=a, b=b, found=found, asked=ends, min_grade=min_grade, other_way=other_way
    )
