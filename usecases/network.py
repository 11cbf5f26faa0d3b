"""Who is tied to whom, on what evidence."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

from msgspec import Meta

from domain.codes import Layer, Measure
from domain.values import LinkKind, Refused, Stage
from usecases.question import Answer, Asked, Question
from usecases.usecase import Ask, Bare, ItemRef, Line, Moment

if TYPE_CHECKING:
    from datetime import datetime

    from commands.desk import Desk
    from domain.values import Reader
    from network.groups import Line as GroupLine
    from network.hotspots import Hotspot
    from network.measures import KeyPerson
    from network.risk import AtRisk
    from network.suggestions import Suggestion
    from projections import links

AtMost = Annotated[int, Meta(ge=1), Ask("At most so many", option="--limit")]


class OverLinks(Question, frozen=True):
    """What is asked over links: as they were, as they were known, how graded, of which stages and
    kinds. By default graded ones only; E is graded and adds no strength."""

    as_at: Annotated[Moment | None, Bare(last=True), Ask("As it was in the world")] = None
    as_known: Annotated[Moment | None, Bare(last=True), Ask("As we knew it")] = None
    min_grade: Annotated[
        Line | None, Ask("At least which grade?", "2C …, or any (ungraded too).")
    ] = None
    stage: Annotated[tuple[Stage, ...], Ask("Only of these stages")] = ()
    kind: Annotated[tuple[LinkKind, ...], Ask("Only of these kinds")] = ()

    def links(self) -> "links.Asked":
        """The same, as the views are asked. Raises Refused for what is no grade."""
        from projections.links import Asked, least

        try:
            lowest = least(self.min_grade, self.stage)
        except ValueError as error:
            raise Refused(str(error), field="min_grade") from None
        return Asked(
            as_at=self.as_at,
            as_known=self.as_known,
            min_rank=lowest,
            stages=frozenset(self.stage) or None,
            kinds=frozenset(self.kind) or None,
        )


def _left(ungraded: int, weaker: int) -> tuple[str, ...]:
    """What an answer does not show, in so many words."""
    below = (f"{weaker} below the minimum grade not shown",) if weaker else ()
    return (f"{ungraded} ungraded not shown", *below)


class ListGroups(OverLinks, frozen=True):
    """People tied to each other; two are a network, identified or not."""

    asked_as = Asked(
        command="network groups",
        address="network/groups",
        title="Groups",
        within="groups",
        empty="No two people are tied on the links asked for.",
        acts=("see-network",),
    )
    layer: Annotated[Layer, Ask("Between whom?")] = "all"

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        from network import document, groups

        with desk.asking() as db:
            found = groups.groups(db, reader, asked=self.links(), layer=self.layer)
        seen = found.picture
        told = document.document(seen) | {"groups": found.groups}
        return Answer((found.lines,), _left(seen.ungraded, seen.weaker), told)

    @classmethod
    def more(cls) -> Mapping[str, Any]:
        from network.document import Document
        from network.groups import Group

        return get_type_hints(Document) | {"groups": tuple[Group, ...]}

    @classmethod
    def row(cls) -> "type[GroupLine]":
        from network.groups import Line

        return Line


class ListKeyPeople(OverLinks, frozen=True):
    """Who is how central: a lead for somebody to look at, never a finding."""

    asked_as = Asked(
        command="network key-people",
        address="network/key-people",
        title="Key people",
        empty="No two people of this layer are tied.",
        acts=("see-network",),
    )
    by: Annotated[Measure, Ask("Which measure orders them?")] = "degree"
    limit: AtMost = 20
    layer: Annotated[Layer, Ask("Between whom?")] = "offender-offender"
    weighted: Annotated[bool, Ask("Count the ties' weights")] = False

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        from network import measures

        with desk.asking() as db:
            found = measures.key_people(
                db,
                reader,
                asked=self.links(),
                by=self.by,
                limit=self.limit,
                layer=self.layer,
                weighted=self.weighted,
            )
        cleared = (f"{found.cleared} eliminated or acquitted left out",) if found.cleared else ()
        left = _left(found.ungraded, found.weaker)
        return Answer((found.rows,), (*cleared, *left, measures.CAUTION))

    @classmethod
    def row(cls) -> "type[KeyPerson]":
        from network.measures import KeyPerson

        return KeyPerson


class ListHotspots(OverLinks, frozen=True):
    """Places and vehicles that several suspects or victims share; never a home."""

    asked_as = Asked(
        command="network hotspots",
        address="network/hotspots",
        title="Hotspots",
        empty="No place or vehicle is shared.",
        acts=("see-network",),
    )
    limit: AtMost = 20

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        from network import hotspots

        with desk.asking() as db:
            found = hotspots.hotspots(db, reader, asked=self.links(), limit=self.limit)
        more = (f"{found.more} more not shown (--limit)",) if found.more else ()
        return Answer((found.rows,), (*more, *_left(found.ungraded, found.weaker)))

    @classmethod
    def row(cls) -> "type[Hotspot]":
        from network.hotspots import Hotspot

        return Hotspot


class ListVictims(OverLinks, frozen=True):
    """Children possibly at risk through a suspect: referrals to consider."""

    asked_as = Asked(
        command="network victims",
        address="network/victims",
        title="Children to consider",
        empty="Nobody is to be considered.",
        acts=("see-risk",),
    )
    who: Annotated[ItemRef | None, Ask("Through which suspect?", "Without, any.", placed=True)] = (
        None
    )

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        from commands import entity
        from network import risk

        with desk.asking() as db:
            suspect = entity.named(desk, db, reader, self.who)[0] if self.who else None
            found = risk.children_at_risk(db, reader, suspect, asked=self.links())
        hubs = (f"Not followed: {hub.label}, tied to {hub.links}" for hub in found.hubs)
        return Answer((found.rows,), (*hubs, *_left(found.ungraded, found.weaker)))

    @classmethod
    def row(cls) -> "type[AtRisk]":
        from network.risk import AtRisk

        return AtRisk


class ListSuggestions(Question, frozen=True):
    """Pairs that may be the same, with the reasons; nothing is merged by machine."""

    asked_as = Asked(
        command="suggestions",
        title="Pairs to look at",
        empty="Nothing to suggest.",
        acts=("judge",),
    )
    limit: AtMost = 20

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Suggestion]":
        from network import suggestions

        with desk.asking() as db:
            return suggestions.suggestions(db, reader, limit=self.limit)

    @classmethod
    def row(cls) -> "type[Suggestion]":
        from network.suggestions import Suggestion

        return Suggestion
