"""The structure of a network: shared items, bridges, key players, and paths. The file is long
because each question is declared here with its texts.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta

from domain.kernel.codes import Layer, SetMeasure
from domain.kernel.values import LinkKind
from usecases.intelligence.network import (
    LAYERS,
    AtMost,
    OverLinks,
    beyond,
    describe_left_out,
    innocent,
    resolve_entities,
)
from usecases.kernel.question import Answer, QuestionText, Table
from usecases.kernel.usecase import Ask, ItemRef, Line, Ref, Reference

if TYPE_CHECKING:
    from datetime import datetime

    from commands.kernel.unit_of_work import Desk
    from domain.kernel.values import Reader
    from network.measures.key_players import Player
    from network.measures.shared import Common, Way
    from network.query.through import Through

Days = Annotated[int, Meta(ge=1, le=36_525)]
_END = "An id, a name, a plate, a phone or a place"
FirstEnd = Annotated[Reference, Ref(), Ask("First of the two people or items", _END)]
SecondEnd = Annotated[Reference, Ref(), Ask("Second of the two people or items", _END)]


class ListThrough(OverLinks, frozen=True):
    """List offenders linked by what they share. They share victims, places, vehicles or phones.
    What few offenders share counts more; a child or victim is shown by id only."""

    named = QuestionText(
        command="network through",
        address="network/through",
        title="Offenders linked by shared items",
        within="ties",
        empty="No two offenders share anything on the selected links.",
        acts=("see-network",),
    )
    every: Annotated[bool, Ask("Include links that are not unusual", option="--all")] = False
    half_life: Annotated[
        Days | None,
        Ask(
            "Days in which a link loses half its weight",
            "Empty: the number of days in the force's settings.",
        ),
    ] = None

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        from network.query import through

        days = self.half_life or desk.policy.half_life_days
        with desk.asking() as db:
            offender_map = through.map_of_men(
                db,
                reader,
                link_filter=self.links(),
                include_all=self.every,
                policy=through.fading(days),
                now=now,
            )
        hubs = (
            f"Too widely shared to link offenders: {hub.label}, shared by {hub.shared_by}"
            for hub in offender_map.hubs
        )
        more = (
            (f"{offender_map.more} less unusual links not shown (--all)",)
            if offender_map.more
            else ()
        )
        notes = (*hubs, *more, *describe_left_out(offender_map))
        return Answer(
            (offender_map.ties,), notes, {"hubs": offender_map.hubs, "more": offender_map.more}
        )

    @classmethod
    def more(cls) -> Mapping[str, Any]:
        from network.query.through import Hub

        return {"hubs": tuple[Hub, ...], "more": int}

    @classmethod
    def row(cls) -> "type[Through]":
        from network.query.through import Through

        return Through


class ListKeyPlayers(OverLinks, frozen=True):
    """Find the set of people who matter most together. It is the set whose removal divides the
    network most or, by the other measure, the set that reaches the most people within some steps.
    The result is a lead to check, never a finding."""

    named = QuestionText(
        command="network key-players",
        address="network/key-players",
        title="Key players",
        within="players",
        empty="The selected links connect no two people.",
        acts=("see-network",),
    )
    by: Annotated[SetMeasure, Ask("By which measure is the group chosen?")] = "fragmentation"
    size: Annotated[int, Meta(ge=1, le=20), Ask("How many people are in the group?")] = 3
    steps: Annotated[
        int, Meta(ge=1, le=10), Ask("Within how many links does the group reach other people?")
    ] = 2
    layer: Annotated[Layer, Ask("Between which people are the links?", LAYERS)] = (
        "offender-offender"
    )

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        from network.measures import key_players, measures

        with desk.asking() as db:
            players = key_players.key_players(
                db,
                reader,
                link_filter=self.links(),
                layer=self.layer,
                size=self.size,
                by=self.by,
                steps=self.steps,
            )
        text = key_players.describe_set(players)
        notes = (*innocent(players.cleared), text, *describe_left_out(players), measures.CAUTION)
        more = {
            "value": players.value,
            "exact": players.exact,
            "bound": players.bound,
            "drawn": players.drawn,
        }
        return Answer((players.rows,), notes, more)

    @classmethod
    def more(cls) -> Mapping[str, Any]:
        return {"value": float, "exact": bool, "bound": float, "drawn": int | None}

    @classmethod
    def row(cls) -> "type[Player]":
        from network.measures.key_players import Player

        return Player


class ListThreads(OverLinks, frozen=True):
    """Find the links and people that join groups. Without one of them a group falls apart. The
    result is a lead to check, never a finding."""

    named = QuestionText(
        command="network bridges",
        address="network/bridges",
        title="Bridges and brokers",
        empty="No group depends on one link or one person.",
        acts=("see-network",),
    )
    limit: AtMost = 20
    layer: Annotated[Layer, Ask("Between which people are the links?", LAYERS)] = (
        "offender-offender"
    )

    @classmethod
    def tables(cls) -> tuple[Table, ...]:
        from network.measures.key_players import Bridge, Broker

        return (
            Table("bridges", "Bridges", "No single link holds a group together.", Bridge),
            Table("brokers", "Brokers", "No single person holds a group together.", Broker),
        )

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        from network.measures import key_players, measures

        with desk.asking() as db:
            brokers = key_players.threads(
                db, reader, link_filter=self.links(), layer=self.layer, limit=self.limit
            )
        notes = (*innocent(brokers.cleared), *describe_left_out(brokers), measures.CAUTION)
        return Answer((brokers.bridges, brokers.brokers), notes)


class ListShared(OverLinks, frozen=True, kw_only=True):
    """Show what several people, places or items share. The most certain shared items come first."""

    named = QuestionText(
        command="network shared",
        address="network/shared",
        title="Items shared by several people or things",
        empty="The people or items share no other item on the selected links.",
        acts=("see-network",),
    )
    one: FirstEnd
    other: SecondEnd
    others: Annotated[
        tuple[ItemRef, ...],
        Meta(max_length=50),
        Ask(
            "Which further people or items do you compare?",
            "Names or ids, separated by commas",
            option="--and",
        ),
    ] = ()
    limit: AtMost = 20

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        from network.measures import shared

        with desk.asking() as db:
            ends = resolve_entities(desk, db, reader, self.one, self.other, *self.others)
            shares = shared.shared(db, reader, ends, link_filter=self.links(), limit=self.limit)
        return Answer((shares.rows,), (*beyond(shares.more), *describe_left_out(shares)))

    @classmethod
    def row(cls) -> "type[Common]":
        from network.measures.shared import Common

        return Common


class ListJoining(OverLinks, frozen=True, kw_only=True):
    """Find who links two towns, teams or groups. It finds people or items with links to both, the
    most certain first."""

    named = QuestionText(
        command="network joins",
        address="network/joins",
        title="People and items that link two towns, teams or groups",
        empty="No person or item is linked to both sides on the selected links.",
        acts=("see-network",),
    )
    one: Annotated[Line, Ask("What is on one side: a town, a team, or a person with their group?")]
    other: Annotated[
        Line, Ask("What is on the other side: a town, a team, or a person with their group?")
    ]
    limit: AtMost = 20

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        from network.measures import shared

        with desk.asking() as db:
            shares = shared.joining(
                db, reader, self.one, self.other, link_filter=self.links(), limit=self.limit
            )
        return Answer((shares.rows,), (*beyond(shares.more), *describe_left_out(shares)))

    @classmethod
    def row(cls) -> "type[Common]":
        from network.measures.shared import Common

        return Common


class ListWays(OverLinks, frozen=True, kw_only=True):
    """Show the shortest paths between two people or things. Each path is shown with its weakest
    step."""

    named = QuestionText(
        command="network ways",
        address="network/ways",
        title="Paths between two people or things",
        within="ways",
        empty="The selected links form no path between the two people or items.",
        acts=("see-network",),
    )
    one: FirstEnd
    other: SecondEnd
    avoid: Annotated[tuple[LinkKind, ...], Ask("Leave out links of these kinds")] = ()
    most: Annotated[int, Meta(ge=1, le=20), Ask("How many paths are shown at most?")] = 3
    hops: Annotated[
        int, Meta(ge=1, le=4), Ask("How many links from each end are searched?", rare=True)
    ] = 3

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        from network.measures import shared

        with desk.asking() as db:
            first_item, second_item = resolve_entities(desk, db, reader, self.one, self.other)
            ways = shared.ways(
                db,
                reader,
                first_item,
                second_item,
                link_filter=self.links(),
                most=self.most,
                avoid=self.avoid,
                hops=self.hops,
            )
        return Answer((ways.rows,), describe_left_out(ways))

    @classmethod
    def row(cls) -> "type[Way]":
        from network.measures.shared import Way

        return Way
