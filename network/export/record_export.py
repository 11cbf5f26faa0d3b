"""Make an export: query the network, mask it, and record the export before it is handed over."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from access.who_may import scope
from access.who_may.decide import ceiling, require
from commands.data_protection import exporting
from commands.kernel.unit_of_work import Desk
from domain.intelligence import intelligence_report
from domain.intelligence.intelligence_report import Report
from domain.kernel.codes import Layer
from domain.kernel.values import Reader
from network.export import export, export_rules
from network.picture.footer import Stamp, describe_left_out
from network.picture.terminal_map import describe_link
from network.query import masked_export, view
from projections.intelligence.links import LinkFilter, LinkRow
from projections.kernel.database import Db


def handed_over(
    desk: Desk,
    reader: Reader,
    form: export.Format,
    link_filter: LinkFilter,
    *,
    part: view.Extent,
    layer: Layer,
    recipient: str | None,
    now: datetime,
    synthetic: bool,
    consulted: Callable[[Sequence[UUID]], None],
    conditions_met: str | None = None,
    purpose: str | None = None,
) -> export.Export:
    """Return an export after recording it in the access log.

    `consulted` is a function that records that the network was read (Data Protection Act 2018,
    s.62); it is called before the export itself is recorded. `conditions_met` says how the
    conditions of items with handling code C are met. A recipient outside the team gets an export
    without counts (`export_rules`) and without links whose originator has not consented. For the
    exporter, the result lists those links and everything else that was left out.

    Raises Denied if the reader may not export, Refused if the export is not allowed, LogUnavailable
    if it cannot be recorded.
    """
    require(reader, "export")
    recipient = (recipient or "").strip() or None
    beyond = recipient is not None and recipient.casefold() != reader.team.casefold()
    with desk.deciding() as db:
        seen = view.extent(db, reader, part, link_filter=link_filter, layer=layer)
        withheld: list[export.Withheld] = []
        while beyond and (bound := list(_unconsented(desk, db, reader, seen))):
            withheld += bound
            part = replace(part, without=frozenset(omission.link for omission in withheld))
            seen = view.extent(db, reader, part, link_filter=link_filter, layer=layer)
        leaving = masked_export.outgoing(db, reader, seen)
    not_shown = tuple(
        omission for omission in describe_left_out(leaving) if not omission.startswith("0 ")
    )
    if beyond:
        leaving = export_rules.beyond_team(leaving)
    made = export.export(leaving, form, Stamp(made=now, synthetic=synthetic))
    consulted(
        [
            *made.ids,
            *(
                item
                for withheld_link in withheld
                for item in (withheld_link.link, withheld_link.ask)
                if item
            ),
        ]
    )
    exporting.record_export(
        desk,
        reader,
        form=form,
        sha256=made.sha256,
        ids=made.ids,
        filters=made.filters | _describe_extent(part),
        recipient=recipient,
        purpose=purpose,
        handling=ceiling(*(row.handling for row in _rows(leaving.picture, leaving.exported))),
        conditions_met=conditions_met,
    )
    return replace(made, withheld=tuple(withheld), not_shown=not_shown)


def _describe_extent(part: view.Extent) -> dict[str, str]:
    """Return in words which part of the network was exported, for the record of the export."""
    values = {
        "hops": str(part.hops) if part.who else "",
        "also": " ".join(map(str, part.also)),
        "team": part.team or "",
        "without": " ".join(sorted(map(str, part.without))),
    }
    return {name: value for name, value in values.items() if value}


def _rows(picture: view.NetworkAnswer, links: Iterable[UUID]) -> list[LinkRow]:
    """Return the rows of those links in the picture whose ids are in `links`."""
    wanted = set(links)
    held_view: Iterable[tuple[UUID, UUID, UUID, LinkRow]]
    held_view = picture.graph.edges(keys=True, data="row")
    return [row for _, _, link, row in held_view if link in wanted]


def _unconsented(
    desk: Desk, db: Db, reader: Reader, picture: view.NetworkAnswer
) -> Iterator[export.Withheld]:
    """Yield the links that may be exported only after their originator's consent. Each export to
    another team needs a new consent, even if the same export was made before.
    """
    reports: dict[UUID, Report] = {}
    pairs = {link: pair for pair in picture.pairs for link in pair.links}
    rows = [row for row in _rows(picture, pairs) if row.report and row.item]
    bases = {base for row in rows for base in (row.observation, row.report) if base}
    seen = scope.visible_items(db, reader, bases)
    for row in rows:
        assert row.report  # noqa: S101 (`rows` has only links with a report)
        assert row.item  # noqa: S101 (and with an item number)
        if row.report not in reports:
            reports[row.report], _ = desk.fold(row.report, Report(), intelligence_report.evolve)
        item = reports[row.report].items.get(row.item)
        if item and not item.needs_consent:
            continue
        several = len(reports[row.report].items) > 1
        ask = row.observation if several else row.report
        yield export.Withheld(
            row.link,
            describe_link(picture, pairs[row.link]),
            item.consent if item else "none",
            ask if ask in seen else None,
        )
