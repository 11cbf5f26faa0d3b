"""An export on its way out: drawn, masked, and written down before anybody has it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from commands import governance
from commands.desk import Desk
from domain.values import Reader
from network import export, outgoing, release, view
from network.layers import Layer
from network.stamp import Stamp
from projections.links import Asked


def handed_over(
    desk: Desk,
    reader: Reader,
    form: export.Format,
    asked: Asked,
    *,
    focus: UUID | None,
    hops: int,
    layer: Layer,
    recipient: str | None,
    now: datetime,
    synthetic: bool,
    consulted: Callable[[Sequence[UUID]], None],
    conditions_met: str | None = None,
) -> export.Export:
    """What leaves, around one person or (`focus` None) whole; the access log has it on record.

    `consulted` writes down who looks (s.62), before the export itself is written down;
    `conditions_met` says how the conditions of what is at handling C are kept. A recipient beyond
    the team gets what counts nobody.

    Raises Refused where it may not leave, LogUnavailable where it cannot be written down.
    """
    with desk.reading() as db:
        seen = (
            view.ego(db, reader, focus, hops, asked=asked, layer=layer)
            if focus
            else view.whole(db, reader, asked=asked, layer=layer)
        )
        leaving = outgoing.outgoing(db, reader, seen)
    if recipient and recipient.strip().casefold() != reader.team.casefold():
        leaving = release.beyond_team(leaving)
    made = export.export(leaving, form, Stamp(made=now, synthetic=synthetic))
    consulted(made.ids)
    governance.export_made(
        desk,
        reader,
        form=form,
        sha256=made.sha256,
        ids=made.ids,
        filters=made.filters,
        recipient=recipient,
        handling="C" if any(tie.pair.handling == "C" for tie in leaving.ties) else "P",
        conditions_met=conditions_met,
    )
    return made
