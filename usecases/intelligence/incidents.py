"""Incidents, and the people and things that several people, places or towns have in common."""

from typing import TYPE_CHECKING, Annotated, Unpack

from msgspec import Meta

from commands.intelligence import incident, links
from commands.kernel import entity
from domain.kernel.codes import IncidentSort
from domain.kernel.values import LinkKind
from usecases.intelligence.network import OverLinks, describe_left_out
from usecases.kernel.question import Answer, QuestionText
from usecases.kernel.usecase import Ask, Causes, ItemRef, Line, Since, Until, UseCase, UseCaseText

if TYPE_CHECKING:
    from datetime import datetime

    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from domain.kernel.values import Reader
    from network.query.near import Near


class RecordIncident(UseCase, frozen=True):
    """Record an incident. An incident may be a sighting, a party, a call, a journey or a crime."""

    named = UseCaseText(
        command="incident add",
        records="thing.recorded",
        about="item",
        title="Record an incident",
        send="Record the incident",
        success_message="Incident recorded: {what}",
        address="incidents",
        then="/people/{id}",
    )
    basis: Annotated[
        ItemRef,
        Ask("What is the record of the incident based on?", "A log entry, a report or evidence."),
    ]
    what: Annotated[
        Line, Ask("What happened in the incident?", "Write briefly and without names.", placed=True)
    ]
    sort: Annotated[IncidentSort, Ask("Which kind of incident is it?", option="--sort")]
    since: Annotated[
        Since | None, Ask("When did the incident happen, or begin?", option="--from")
    ] = None
    until: Annotated[Until | None, Ask("When did the incident end?", option="--to", rare=True)] = (
        None
    )
    where: Annotated[
        ItemRef | None,
        Ask(
            "Where did the incident happen?",
            "A place, for example place:NAME. The place may be new.",
        ),
    ] = None
    who: Annotated[
        tuple[ItemRef, ...],
        Meta(max_length=100),
        Ask(
            "Which people or items took part in the incident?",
            "Ids, names, or for example vehicle:PLATE, separated by commas.",
        ),
    ] = ()
    part: Annotated[
        LinkKind,
        Ask(
            "In which role did these people or items take part in the incident?",
            "All people and items that you give for this incident get this role.",
        ),
    ] = "involved-in"
    item: Annotated[
        Annotated[int, Meta(ge=1, le=10_000)] | None,
        Ask("On which numbered item of the report is the incident based?", rare=True),
    ] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return incident.record(
            desk,
            reader,
            self.basis,
            self.what,
            self.sort,
            span=links.LinkPeriod(self.since, self.until or self.since),
            where=self.where,
            parts=[(text, self.part) for text in self.who],
            item=self.item,
            **command,
        )


class ListNear(OverLinks, frozen=True, kw_only=True):
    """Find who and what was near several people or places. Give several people, places, towns or
    incidents. It finds who or what was at one place, in one town or in one incident with them, or
    is linked to each."""

    named = QuestionText(
        command="network near",
        address="network/near",
        title="People and items near several people or places",
        empty="No person or item is near all these people and places on the selected links.",
        acts=("see-network",),
    )
    who: Annotated[
        ItemRef,
        Ask(
            "Near which person, place, town or incident do you search?",
            "An id or a name.",
        ),
    ]
    also: Annotated[
        tuple[ItemRef, ...],
        Meta(max_length=20),
        Ask("Near which other people or places do you search, too?", option="--and"),
    ] = ()

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        from network.query import near

        with desk.asking() as db:
            ends = [
                entity.resolve_entity(desk, db, reader, name)[0] for name in (self.who, *self.also)
            ]
            items = near.near(db, reader, ends, link_filter=self.links())
        hubs = (
            f"Too many links to follow: {hub.label}, linked to {hub.ties} more"
            for hub in items.hubs
        )
        return Answer((items.rows,), (*hubs, *describe_left_out(items)))

    @classmethod
    def row(cls) -> "type[Near]":
        from network.query.near import Near

        return Near
