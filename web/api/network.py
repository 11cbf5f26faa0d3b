"""Operations on the network: links around an item, a path between two, exports."""

from base64 import b64encode
from typing import Annotated
from uuid import UUID

import msgspec
from fastapi.responses import Response
from msgspec import Meta

from domain.kernel.codes import Layer
from domain.kernel.values import ENTITY_KINDS, LinkKind, Stage
from network.export import record_export
from network.export.export import Format
from network.picture import picture_data
from network.query import paths, view
from projections.intelligence.links import LinkFilter, least
from web.api.call import ApiCall
from web.api.operation import get, post
from web.api.recording import Moment, Short

MinGrade = Annotated[
    str,
    Meta(pattern="^(graded|any|[123][ABCDE])$", description="graded, any, or one like 2C"),
]


class Links(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A filter for links: by the time in which they existed (a moment, or a period), by the time at
    which they were recorded, and by grade, stage and kind. Ungraded links are only counted. They
    are included if the request asks for ungraded links, or for links of the stage "information".
    """

    as_at: Moment | None = None
    since: Moment | None = None
    until: Moment | None = None
    as_known: Moment | None = None
    min_grade: MinGrade | None = None
    stage: tuple[Stage, ...] = ()
    kind: tuple[LinkKind, ...] = ()
    layer: Layer = "all"

    @property
    def question(self) -> LinkFilter:
        """Return the filter of links for the queries of the network."""
        return LinkFilter(
            as_at=self.as_at,
            since=self.since,
            until=self.until,
            as_known=self.as_known,
            min_rank=least(self.min_grade, self.stage),
            stages=frozenset(self.stage) or None,
            kinds=frozenset(self.kind) or None,
        )


Hops = Annotated[
    int, Meta(ge=1, le=4, description="How many links from the item the network extends.")
]


class Around(Links, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The parameters of a network around a person or thing: how many links away it extends, and the
    filter for the links.
    """

    hops: Hops = 1


@get("/network/ego/{who}", "network ego")
def ego(call: ApiCall, who: UUID, asked: Around) -> picture_data.Document:
    """Return the people and things around one person or thing."""
    call.require_kind(who, *ENTITY_KINDS)
    with call.reading() as db:
        answer = view.ego(
            db, call.reader, who, asked.hops, link_filter=asked.question, layer=asked.layer
        )
    return picture_data.document(answer)


class Between(Links, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The parameters of a path: its two ends, and the filter for links."""

    a: UUID
    b: UUID


@get("/network/path", "network path")
def path(call: ApiCall, asked: Between) -> picture_data.PathDocument | None:
    """Return the shortest path between two people or things, with the evidence of each step; null
    if there is no path.
    """
    for end in (asked.a, asked.b):
        call.require_kind(end, *ENTITY_KINDS)
    with call.reading() as db:
        found_path = paths.path(
            db, call.reader, asked.a, asked.b, link_filter=asked.question, layer=asked.layer
        )
    return picture_data.path_document(found_path) if found_path else None


class Leaving(Links, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The body of an export: its format, its recipient, and the part of the network that it covers:
    the network around one person or item or, if `around` is null, the whole layer.
    """

    format: Format
    around: UUID | None = None
    hops: Hops = 2
    recipient: Short | None = None
    purpose: Short | None = None
    conditions_met: Short | None = None


@post("/exports", "network export", gives="application/octet-stream", repeatable=False)
def export(call: ApiCall, given: Leaving) -> Response:
    """Export a picture or a file for another program; children appear as "Child n". Every export is
    recorded.

    An export for a recipient outside the team omits links whose originator has not consented: the
    header Continuum-Withheld has their number, and Continuum-Ask names the items for which consent
    has to be requested. The header Continuum-Ties has the number of links in the export, and
    Continuum-Not-Shown says which links the query left out.
    """
    if given.around:
        call.require_kind(given.around, *ENTITY_KINDS)
    made = record_export.handed_over(
        call.desk,
        call.reader,
        given.format,
        given.question,
        part=view.Extent(given.around, given.hops),
        layer=given.layer,
        recipient=given.recipient,
        purpose=given.purpose,
        now=call.now,
        synthetic=call.system.synthetic,
        consulted=lambda ids: call.consulted("\n".join(map(str, ids)).encode()),
        conditions_met=given.conditions_met,
    )
    return Response(
        made.content,
        media_type="application/octet-stream",
        headers={
            "Content-Disposition": f'attachment; filename="network{made.suffix}"',
            "Content-Digest": f"sha-256=:{b64encode(bytes.fromhex(made.sha256)).decode()}:",
            "Continuum-Ties": str(made.ties),
            "Continuum-Not-Shown": "; ".join(made.not_shown).encode("ascii", "replace").decode(),
            "Continuum-Withheld": str(len(made.withheld)),
            "Continuum-Ask": ", ".join(
                str(withheld_link.ask) for withheld_link in made.withheld if withheld_link.ask
            ),
        },
    )
