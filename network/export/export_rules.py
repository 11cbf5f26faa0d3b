"""Change an export for recipients outside the team, so that it does not reveal who informed the
team, when, or how often.

Inside the team, times are exact and items have their names. Outside the team, an export has new ids
and a new order. It has no numbers from which sources or log entries could be counted (independent
sources, strengths, weights, items, links), and no aliases, because an alias may be used by a single
source. Times at which information was received become weeks, times of events become days. No rule
delays an export.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec.structs import replace

from domain.kernel.values import LINK_KINDS
from network.query.link_pairs import LinkPair
from network.query.masked_export import ExportedLink, ExportedNode, MaskedExport


def beyond_team(out: MaskedExport) -> MaskedExport:
    """Return the export in the form for a recipient outside the team: without numbers and times
    from which sources or log entries could be counted. Only the log's record of the export contains
    the real ids.
    """
    named = _renamed(out.nodes, out.ties)
    ties = [_tie(tie, named[tie.source.id], named[tie.target.id]) for tie in out.ties]
    return replace(
        out,
        nodes=tuple(sorted(named.values(), key=lambda node: node.id)),
        ties=tuple(sorted(ties, key=lambda tie: (tie.source.id, tie.target.id, tie.pair.kind))),
        focus=tuple(named[node.id] for node in out.focus),
        inside=False,
    )


def _renamed(
    nodes: Iterable[ExportedNode], ties: Iterable[ExportedLink]
) -> dict[str, ExportedNode]:
    """Return the nodes of the export, each with a new id, as a mapping from the former ids. The new
    ids are numbered in the order of the nodes' labels, and not in the order in which nodes were
    recorded.
    """
    at: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for tie in ties:
        at[tie.source.id].append((tie.pair.kind, _shown(tie.target)))
        at[tie.target.id].append((tie.pair.kind, _shown(tie.source)))
    counts: dict[str, int] = defaultdict(int)
    renamed: dict[str, ExportedNode] = {}
    for node in sorted(
        nodes,
        key=lambda exported_node: (
            exported_node.kind,
            _shown(exported_node),
            sorted(at[exported_node.id]),
        ),
    ):
        base = _shown(node) if node.masked else node.kind
        counts[base] += 1
        number = counts[base]
        label = f"{base} {number}" if node.masked else node.label
        plain = base.lower().replace("'s", "s").replace(" ", "-")
        renamed[node.id] = replace(
            node,
            id=f"{plain}-{number:04d}",
            label=label,
            since=_day(node.since),
            until=_day(node.until),
            aliases=(),
        )
    return renamed


def _shown(node: ExportedNode) -> str:
    """Return the label of a node; the label of a masked node ("Child 2") is returned without its
    number.
    """
    return node.label.rsplit(" ", 1)[0] if node.masked else node.label


def _tie(tie: ExportedLink, source: ExportedNode, target: ExportedNode) -> ExportedLink:
    if not LINK_KINDS[tie.pair.kind].directed and target.id < source.id:
        source, target = target, source
    return ExportedLink(source, target, _blurred(tie.pair), (), ())


def _blurred(pair: LinkPair) -> LinkPair:
    return replace(
        pair,
        links=(),
        evidence=(),
        roots=0,
        observations=0,
        circular=False,
        one_root=(),
        weight=1.0,
        strength=0.0,
        valid_from=_day(pair.valid_from),
        valid_to=_day(pair.valid_to),
        known_from=_week(pair.known_from),
    )


def _day(at: datetime | None) -> datetime | None:
    return at.replace(hour=0, minute=0, second=0, microsecond=0) if at else None


def _week(at: datetime) -> datetime:
    """Return the first moment of the week in which this time is."""
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return day - timedelta(days=day.weekday())
