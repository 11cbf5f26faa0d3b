"""Questions about links between people, and their evidence.

The file is long because each command is declared here with its texts.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Protocol, get_type_hints

from msgspec import Meta

from commands.kernel import entity
from domain.kernel.codes import Grouping, Layer, Measure
from domain.kernel.values import LinkKind, Refused, Stage
from network.people import suggestions
from projections.intelligence import links
from projections.kernel import queries
from usecases.kernel.question import Answer, Question, QuestionText, Table
from usecases.kernel.usecase import Ask, Bare, ItemRef, Line, Moment

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from commands.kernel.unit_of_work import Desk
    from domain.kernel.values import Reader
    from network.measures.groups import GroupLine
    from network.measures.measures import KeyPerson
    from network.people.risk import AtRisk
    from network.people.suggestions import Suggestion
    from network.picture.connecting import Connection
    from network.query.hotspots import Hotspot
    from projections.intelligence import links
    from projections.kernel.database import Db

LAYERS = "“Through” links offenders by the victims, places, vehicles and phones that they share."
AtMost = Annotated[
    int, Meta(ge=1), Ask("How many people or items are listed at most?", option="--limit")
]


class OverLinks(Question, frozen=True):
    """A query with filters for links: by the time at which they existed, by the time up to which
    they were recorded, by minimum grade, by stage and by kind. By default, only graded links are
    used. They include links graded E (suspected to be false), which add no strength.
    """

    as_at: Annotated[Moment | None, Bare(last=True), Ask("Show the links as of which time?")] = None
    since: Annotated[
        Moment | None,
        Bare(),
        Ask(
            "From when were the links active?",
            "Links that were active at some time in the period.",
            option="--from",
        ),
    ] = None
    until: Annotated[
        Moment | None, Bare(last=True), Ask("Until when were the links active?", option="--to")
    ] = None
    as_known: Annotated[
        Moment | None, Bare(last=True), Ask("Show the links as known at which time?")
    ] = None
    min_grade: Annotated[
        Line | None,
        Ask("Minimum grade of the links", "For example 2C, or any to include ungraded links."),
    ] = None
    stage: Annotated[tuple[Stage, ...], Ask("Only links of these stages")] = ()
    kind: Annotated[tuple[LinkKind, ...], Ask("Only links of these kinds")] = ()

    def links(self) -> "links.LinkFilter":
        """Return the same filters in the form that the views accept. Raises Refused for an
        invalid grade."""
        try:
            lowest = links.least(self.min_grade, self.stage)
        except ValueError as error:
            raise Refused(str(error), field="min_grade") from None
        return links.LinkFilter(
            as_at=self.as_at,
            since=self.since,
            until=self.until,
            as_known=self.as_known,
            min_rank=lowest,
            stages=frozenset(self.stage) or None,
            kinds=frozenset(self.kind) or None,
        )


class Graded(Protocol):
    """An answer that uses only links with a minimum grade, and has the number of links left out."""

    @property
    def ungraded(self) -> int: ...

    @property
    def weaker(self) -> int: ...


def describe_left_out(graded: Graded, figure: Callable[[int], str] = str) -> tuple[str, ...]:
    """Return in words how many ungraded links, and how many links below the minimum grade, are left
    out; `figure` formats a number."""
    weaker = f"{figure(graded.weaker)} links below the minimum grade not shown"
    return (
        f"{figure(graded.ungraded)} ungraded not shown",
        *((weaker,) if graded.weaker else ()),
    )


def innocent(cleared: int) -> tuple[str, ...]:
    """Return the sentence that says how many people are left out because they were cleared; () if
    there are none."""
    return (f"{cleared} eliminated or acquitted left out",) if cleared else ()


def beyond(number: int) -> tuple[str, ...]:
    """Return a sentence that says how many rows were left out because the answer has a limit; () if
    there are none."""
    return (f"{number} more not shown (--limit)",) if number else ()


def resolve_entities(desk: "Desk", db: "Db", reader: "Reader", *told: str) -> "list[UUID]":
    """Return the ids of the named people and things. Raises what
    `commands.kernel.entity.resolve_entity` raises."""
    return [entity.resolve_entity(desk, db, reader, text)[0] for text in told]


class OfSome(OverLinks, frozen=True):
    """A question about the whole network, or about one person or item."""

    who: Annotated[
        ItemRef | None,
        Ask(
            "Around which person or item is the network shown?",
            "Empty: the whole network.",
            placed=True,
        ),
    ] = None

    def centre(self, desk: "Desk", db: "Db", reader: "Reader") -> "UUID | None":
        """Return the id of the person or thing around which the network is shown; None for the
        whole network. Raises the errors of `resolve_entities`."""
        return resolve_entities(desk, db, reader, self.who)[0] if self.who else None


def _types_beside_rows(answer_type: type) -> Mapping[str, Any]:
    """Return the types of the values that an answer has beside its rows, by the names of the
    values; `answer_type` is the class of the answer."""
    return {name: kind for name, kind in get_type_hints(answer_type).items() if name != "rows"}


class ListGroups(OverLinks, frozen=True):
    """List the groups of linked people. Two people make a group, identified or not."""

    named = QuestionText(
        command="network groups",
        address="network/groups",
        title="Groups",
        within="groups",
        empty="The selected links connect no two people.",
        acts=("see-network",),
    )
    layer: Annotated[Layer, Ask("Which people are grouped?", LAYERS)] = "all"
    method: Annotated[
        Grouping,
        Ask(
            "How are people divided into groups?",
            "leiden: many links inside a group; k-core: each member has at least k links inside.",
        ),
    ] = "components"
    k: Annotated[
        int, Meta(ge=1), Ask("k-core: minimum number of links to other members", rare=True)
    ] = 2
    since: Annotated[
        Moment | None, Ask("Compare the groups with those known at which time?", rare=True)
    ] = None
    limit: AtMost = 200

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        from network.measures import groups
        from network.picture import picture_data

        with desk.asking() as db:
            found_groups = groups.groups(
                db,
                reader,
                link_filter=self.links(),
                layer=self.layer,
                method=self.method,
                k=self.k,
                since=self.since,
                limit=self.limit,
            )
            answer = groups.draw_groups(
                db, reader, found_groups, link_filter=self.links(), layer=self.layer
            )
        notes = (*beyond(found_groups.more), *describe_left_out(found_groups))
        document = picture_data.document(answer) | {"groups": found_groups.groups}
        return Answer((found_groups.lines,), notes, document)

    @classmethod
    def more(cls) -> Mapping[str, Any]:
        from network.measures.groups import Group
        from network.picture.picture_data import Document

        return get_type_hints(Document) | {"groups": tuple[Group, ...]}

    @classmethod
    def row(cls) -> "type[GroupLine]":
        from network.measures.groups import GroupLine

        return GroupLine


class ListKeyPeople(OverLinks, frozen=True):
    """List the most connected people. It uses centrality measures. The result is a lead to check,
    never a finding."""

    named = QuestionText(
        command="network key-people",
        address="network/key-people",
        title="Most connected",
        empty="The selected links connect no two people.",
        acts=("see-network",),
    )
    by: Annotated[Measure, Ask("Order people by which measure?")] = "degree"
    limit: AtMost = 20
    layer: Annotated[Layer, Ask("Between which people are the links?", LAYERS)] = (
        "offender-offender"
    )
    weighted: Annotated[bool, Ask("Count each link by its weight")] = False

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        from network.measures import measures

        with desk.asking() as db:
            people = measures.key_people(
                db,
                reader,
                link_filter=self.links(),
                by=self.by,
                limit=self.limit,
                layer=self.layer,
                weighted=self.weighted,
            )
        notes = (*innocent(people.cleared), *describe_left_out(people), measures.CAUTION)
        return Answer((people.rows,), notes, {name: getattr(people, name) for name in self.more()})

    @classmethod
    def more(cls) -> Mapping[str, Any]:
        from network.measures.measures import KeyPeople

        return _types_beside_rows(KeyPeople)

    @classmethod
    def row(cls) -> "type[KeyPerson]":
        from network.measures.measures import KeyPerson

        return KeyPerson


class ListHotspots(OverLinks, frozen=True):
    """List places and vehicles that people share. It shows places and vehicles of several suspects
    or victims, but never a home."""

    named = QuestionText(
        command="network hotspots",
        address="network/hotspots",
        title="Shared places and vehicles",
        empty="No place or vehicle is shared by several suspects or victims.",
        acts=("see-network",),
    )
    limit: AtMost = 20

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        from network.query import hotspots

        with desk.asking() as db:
            found_hotspots = hotspots.hotspots(
                db, reader, link_filter=self.links(), limit=self.limit
            )
        notes = (*beyond(found_hotspots.more), *describe_left_out(found_hotspots, queries.figure))
        return Answer(
            (found_hotspots.rows,),
            notes,
            {name: getattr(found_hotspots, name) for name in self.more()},
        )

    @classmethod
    def more(cls) -> Mapping[str, Any]:
        from network.query.hotspots import Hotspots

        return _types_beside_rows(Hotspots)

    @classmethod
    def row(cls) -> "type[Hotspot]":
        from network.query.hotspots import Hotspot

        return Hotspot


class ListAreas(OverLinks, frozen=True):
    """List places by area, with shared vehicles. It orders them by the number of independent
    accounts, and shows the vehicles that link two areas; never the home of a child or a family."""

    named = QuestionText(
        command="network areas",
        address="network/areas",
        title="Areas",
        empty="No place is named in any log entry.",
        acts=("see-network",),
    )

    @classmethod
    def tables(cls) -> tuple[Table, ...]:
        from network.picture.areas import AreaPlace, Joined

        return (
            Table("places", "Places", cls.named.empty, AreaPlace),
            Table(
                "joined", "Areas joined by vehicles", "No vehicle was seen in two areas.", Joined
            ),
        )

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        from network.picture import areas

        with desk.asking() as db:
            found_areas = areas.areas(db, reader, link_filter=self.links())
        return Answer((found_areas.places, found_areas.joined), describe_left_out(found_areas))


class ListConnections(OverLinks, frozen=True, kw_only=True):
    """List what connects two areas. Vehicles, phones, accounts and people seen in both areas come
    first. Then come things that people from one area share with people from the other. Within each
    part, the best graded come first."""

    named = QuestionText(
        command="network connections",
        address="network/connections",
        title="Connections between two areas",
        empty="No graded link connects the two areas.",
        acts=("see-network",),
    )
    area: Annotated[
        Line, Ask("First of the two areas", "A town or an area, for example Town A.", placed=True)
    ]
    other_area: Annotated[Line, Ask("Second of the two areas", placed=True)]

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        from network.picture import connecting

        with desk.asking() as db:
            connections = connecting.connections(
                db, reader, self.area, self.other_area, link_filter=self.links()
            )
        area_names = ", ".join(connections.areas[:8]) or "none"
        unknown = (f"No area is named {name}. Areas: {area_names}" for name in connections.unknown)
        return Answer((connections.rows,), (*unknown, *describe_left_out(connections)))

    @classmethod
    def row(cls) -> "type[Connection]":
        from network.picture.connecting import Connection

        return Connection


class ListVictims(OfSome, frozen=True):
    """List children possibly at risk from suspects. Consider a referral of each child."""

    named = QuestionText(
        command="network victims",
        address="network/victims",
        title="Children at possible risk",
        empty="No children at possible risk.",
        acts=("see-risk",),
    )
    who: Annotated[
        ItemRef | None,
        Ask("From which suspect may the children be at risk?", "Empty: any suspect.", placed=True),
    ] = None

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        from network.people import risk

        with desk.asking() as db:
            suspect = self.centre(desk, db, reader)
            through = risk.children_at_risk(db, reader, suspect, link_filter=self.links())
        hubs = (
            f"Too many links to follow: {hub.label}, linked to {hub.links}" for hub in through.hubs
        )
        return Answer((through.rows,), (*hubs, *describe_left_out(through)))

    @classmethod
    def row(cls) -> "type[AtRisk]":
        from network.people.risk import AtRisk

        return AtRisk


class ListSuggestions(Question, frozen=True):
    """List pairs that may be the same person or item. Each pair shows the reasons. The program
    merges none of them; a person judges."""

    named = QuestionText(
        command="suggestions",
        title="Possible duplicates",
        empty="No possible duplicates.",
        acts=("judge",),
    )
    limit: AtMost = 20

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        with desk.asking() as db:
            found_suggestions = suggestions.suggestions(db, reader, limit=self.limit)
            return Answer((found_suggestions,), suggestions.describe_left_out(db, reader))

    @classmethod
    def row(cls) -> "type[Suggestion]":
        return suggestions.Suggestion
