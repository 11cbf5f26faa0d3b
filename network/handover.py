"""An export on its way out: drawn, masked, and written down before anybody has it."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from access.decide import ceiling, require
from commands import governance
from commands.desk import Desk
from domain import intelligence
from domain.intelligence import Report
from domain.values import Reader, Refused
from network import export, outgoing, release, view
from network.layers import Layer
from network.stamp import Stamp
from projections.links import Asked, LinkRow


def handed_over(
    desk: Desk,
    reader: Reader,
    form: export.Format,
    asked: Asked,
    *,
    part: view.Extent,
    layer: Layer,
    recipient: str | None,
    now: datetime,
    synthetic: bool,
    consulted: Callable[[Sequence[UUID]], None],
    conditions_met: str | None = None,
) -> export.Export:
    """What leaves, with the access log having it on record.

    `consulted` writes down who looks (s.62), before the export itself is written down;
    `conditions_met` says how the conditions of what is at handling C are kept. A recipient beyond
    the team gets what counts nobody.

    Raises Denied for who never exports, Refused where it may not leave, LogUnavailable where it
    cannot be written down.
    """
    require(reader, "export")
    with desk.reading() as db:
        seen = view.extent(db, reader, part, asked=asked, layer=layer)
        leaving = outgoing.outgoing(db, reader, seen)
    if recipient and recipient.strip().casefold() != reader.team.casefold():
        _consented(desk, leaving)
        leaving = release.beyond_team(leaving)
    made = export.export(leaving, form, Stamp(made=now, synthetic=synthetic))
    consulted(made.ids)
    governance.export_made(
        desk,
        reader,
        form=form,
        sha256=made.sha256,
        ids=made.ids,
        filters=made.filters | _said(part),
        recipient=recipient,
        handling=ceiling(*(row.handling for row in _rows(leaving))),
        conditions_met=conditions_met,
    )
    return made


def _said(part: view.Extent) -> dict[str, str]:
    """How much of the network it was, for the record of the export."""
    said = {
        "hops": str(part.hops) if part.who else "",
        "also": " ".join(map(str, part.also)),
        "team": part.team or "",
    }
    return {name: value for name, value in said.items() if value}


def _rows(leaving: outgoing.Outgoing) -> list[LinkRow]:
    """The links that leave."""
    links = set(leaving.exported)
    held: Iterable[tuple[UUID, UUID, UUID, LinkRow]]
    held = leaving.picture.graph.edges(keys=True, data="row")
    return [row for _, _, link, row in held if link in links]


def _consented(desk: Desk, leaving: outgoing.Outgoing) -> None:
    """Raises Refused where a link rests on what its originator has to be asked about first: an
    export to others is a use like any other, the second time too."""
    known: dict[UUID, Report] = {}
    for row in _rows(leaving):
        if row.report is None or row.item is None:
            continue
        if row.report not in known:
            known[row.report], _ = desk.fold(row.report, Report(), intelligence.evolve)
        if known[row.report].items[row.item].needs_consent:
            raise Refused(
                f"a link rests on {row.report}, item {row.item}, which is not used without its "
                "originator's consent: ask for their consent, or export what it is not in"
            )
