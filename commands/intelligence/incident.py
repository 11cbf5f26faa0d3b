"""Commands that record incidents: their source, kind, time, place and participants."""

from collections.abc import Sequence
from typing import Unpack
from uuid import UUID

from commands.intelligence import links
from commands.kernel import entity as entities
from commands.kernel.item_references import about
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Command, Desk, Receipt, facts
from domain import forms
from domain.intelligence import entity, link
from domain.intelligence.link import Link, LinkAsserted
from domain.kernel.codes import IncidentSort
from domain.kernel.envelope import Submission
from domain.kernel.values import LINK_KINDS, PARTS, EntityKind, LinkKind, Reader, Refused, When

#: A participant of an incident, with the participant's role.
Part = tuple[str, LinkKind]


def record(
    desk: Desk,
    reader: Reader,
    basis: UUID | str,
    what: str,
    sort: IncidentSort,
    *,
    span: links.LinkPeriod = links.ALWAYS,
    where: str | None = None,
    parts: Sequence[Part] = (),
    item: int | None = None,
    **command: Unpack[Command],
) -> Receipt:
    """Record an incident, with its place and participants, based on a log entry, a report or
    evidence.

    Each call records a new incident; if two records turn out to be one incident, a person judges
    them the same. Raises Refused if neither a place nor a participant is given, and what
    `links.assert_link` raises.
    """
    command_id = command.get("command_id") or desk.new_random_id()
    because_of = command.get("because_of", ())
    body = [basis, what, sort, span, where, tuple(parts), item, tuple(because_of)]
    if again := desk.repeated(command_id, "incident.record", body):
        return again
    if not where and not parts:
        raise Refused("say where the incident happened, or who took part in it", field="where")
    if odd := next((kind for _, kind in parts if kind not in PARTS), None):
        raise Refused(f"{odd!r} is not a role in an incident: {', '.join(PARTS)}", field="part")
    on = about(desk, reader, basis, *links.BASES)
    happened = When("", span.start, span.end, "minute") if span != links.ALWAYS else None
    stream = desk.new_id()
    made = facts(
        reader,
        stream,
        0,
        entity.record_incident(what, forms.name(what), sort, happened),
        because_of,
    )
    unique: tuple[tuple[bytes, UUID], ...] = ()
    ends: list[tuple[str, LinkKind]] = list(parts)
    if where:
        ends.append((where, "happened-at"))
    for text, kind in ends:
        end, one_kind, new, index = entities.end(desk, reader, text)
        entities.refuse_same_thing(index, unique)
        _refuse_unfit_role(one_kind, kind)
        tie = order_ends(end, one_kind, stream, kind)
        draft, _ = links.rest_on(
            desk,
            reader,
            on,
            LinkAsserted(*tie[0], kind, "information", valid_from=span.start, valid_to=span.end),
            [],
            item,
        )
        asserted = link.assert_link(Link(), draft, tie[1])
        made += facts(reader, desk.new_id(), 0, asserted, because_of) + new
        unique += index
    submission = Submission(command_id, desk.digest("incident.record", body), made, unique)
    return desk.save([Prepared(stream, {"evidence": submission}, reader)])[0]


def _refuse_unfit_role(kind: EntityKind, how: LinkKind) -> None:
    """Raise Refused if a person or thing of this kind cannot take part in an incident in the role
    `how`.
    """
    if how == "happened-at" and kind != "place":
        raise Refused(
            "an incident happens at a place: name the place, or write place:NAME", field="where"
        )
    if how != "happened-at" and kind not in LINK_KINDS[how].source:
        raise Refused(
            f"{how!r} is not a role that a {kind} can have in an incident: give another role",
            field="part",
        )


def order_ends(
    item: UUID, kind: EntityKind, incident: UUID, how: LinkKind
) -> tuple[tuple[UUID, UUID], tuple[EntityKind, EntityKind]]:
    """Return the two ends of a link between an incident and an item, each with its kind. Links of
    the kind `how` determine which end is first.
    """
    if how == "happened-at":
        return (incident, item), ("incident", kind)
    return (item, incident), (kind, "incident")
