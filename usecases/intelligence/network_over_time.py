"""The network over time: frequency of contact, changes, timelines, and new phones."""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta

from domain.kernel.codes import Period
from domain.kernel.values import Refused
from network.over_time import changes
from usecases.intelligence.network import OfSome, OverLinks, describe_left_out, resolve_entities
from usecases.kernel.question import Answer, QuestionText, Table
from usecases.kernel.usecase import Ask, Bare, ItemRef, Moment

if TYPE_CHECKING:
    from datetime import datetime

    from commands.kernel.unit_of_work import Desk
    from domain.kernel.values import Reader
    from network.over_time.changes import TieChange
    from network.over_time.frames import PeriodFigures
    from network.over_time.periods import Happened, PairCount
    from network.people.phone_changes import Move

WEEK = timedelta(days=7)
Per = Annotated[Period, Ask("Length of each period")]


def _undated(many: int) -> tuple[str, ...]:
    return (f"{many} links without a date not counted",) if many else ()


class ListCounts(OfSome, frozen=True):
    """Count each pair's links in each period. It counts calls a day, or sightings a week."""

    named = QuestionText(
        command="network counts",
        address="network/counts",
        title="Links per period",
        empty="None of the selected links has a date.",
        acts=("see-network",),
    )
    whom: Annotated[
        ItemRef | None,
        Ask(
            "With which other person or item are links counted?",
            "Only links between the two are counted.",
            placed=True,
        ),
    ] = None
    per: Per = "week"

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        from network.over_time import periods

        with desk.asking() as db:
            who = self.centre(desk, db, reader)
            whom = resolve_entities(desk, db, reader, self.whom)[0] if self.whom else None
            counts = periods.counts(db, reader, who, whom, link_filter=self.links(), per=self.per)
        return Answer((counts.rows,), (*_undated(counts.undated), *describe_left_out(counts)))

    @classmethod
    def row(cls) -> "type[PairCount]":
        from network.over_time.periods import PairCount

        return PairCount


class ListTimeline(OverLinks, frozen=True, kw_only=True):
    """Show a person's events in date order. It also shows the events of two people together."""

    named = QuestionText(
        command="network timeline",
        address="network/timeline",
        title="Timeline",
        empty="No events on the selected links.",
        acts=("see-network",),
    )
    who: Annotated[ItemRef, Ask("Whose timeline do you want?")]
    whom: Annotated[ItemRef | None, Ask("Only events with which other person?", placed=True)] = None

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        from network.over_time import periods

        with desk.asking() as db:
            first_item, *second_items = resolve_entities(
                desk, db, reader, self.who, *filter(None, [self.whom])
            )
            timeline = periods.timeline(
                db, reader, first_item, *second_items, link_filter=self.links()
            )
        return Answer((timeline.rows,), describe_left_out(timeline))

    @classmethod
    def row(cls) -> "type[Happened]":
        from network.over_time.periods import Happened

        return Happened


class ListFrames(OfSome, frozen=True):
    """Show the network period by period. Each period shows new links and links that are gone; with
    --json, each period shows all its links."""

    named = QuestionText(
        command="network frames",
        address="network/frames",
        title="The network, period by period",
        within="frames",
        empty="None of the selected links has a date.",
        acts=("see-network",),
    )
    per: Per = "week"

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        from network.over_time import frames

        with desk.asking() as db:
            who = self.centre(desk, db, reader)
            found_frames = frames.frames(db, reader, who, link_filter=self.links(), per=self.per)
        return Answer(
            (found_frames.rows,),
            (*_undated(found_frames.undated), *describe_left_out(found_frames)),
            {"nodes": found_frames.nodes, "pictures": found_frames.documents},
        )

    @classmethod
    def more(cls) -> Mapping[str, Any]:
        from network.over_time.frames import FrameDocument
        from network.picture.picture_data import Node

        return {"nodes": tuple[Node, ...], "pictures": tuple[FrameDocument, ...]}

    @classmethod
    def row(cls) -> "type[PeriodFigures]":
        from network.over_time.frames import PeriodFigures

        return PeriodFigures


class ListChanges(OfSome, frozen=True):
    """Show what changed between two dates. It compares two moments or two windows, and shows links
    that appeared, strengthened, faded or became known; or it compares what was known then with what
    is known now."""

    named = QuestionText(
        command="network changes",
        address="network/changes",
        title="Changes",
        empty="No changes.",
        acts=("see-network",),
    )
    since: Annotated[
        Moment | None,
        Bare(last=True),
        Ask(
            "Since when are changes shown?",
            "A date means the end of that day. Empty: seven days ago.",
            option="--from",
        ),
    ] = None
    known: Annotated[
        bool,
        Ask(
            "Compare what was known at two times",
            "Compare what Continuum knew at each time, not the links that existed then.",
        ),
    ] = False
    window: Annotated[
        Annotated[int, Meta(ge=1, le=3660)] | None,
        Ask(
            "Length of the windows in days",
            "One window ends at each time. Empty: compare the two moments.",
        ),
    ] = None

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        from msgspec import structs

        if self.known and (self.window or self.as_known):
            raise Refused(
                "the option known compares what was known at two times: leave out windows and "
                "as-known"
            )
        link_filter = structs.replace(self, since=None, until=None).links()
        until = self.until or now
        with desk.asking() as db:
            found_changes = changes.changes(
                db,
                reader,
                self.since or until - WEEK,
                until,
                self.centre(desk, db, reader),
                link_filter=link_filter,
                window=timedelta(days=self.window) if self.window else None,
                known=self.known,
            )
        tables = (
            found_changes.appeared,
            found_changes.strengthened,
            found_changes.faded,
            found_changes.learned,
            found_changes.stood,
        )
        return Answer(tables, describe_left_out(found_changes))

    @classmethod
    def tables(cls) -> tuple[Table, ...]:
        row = cls.row()
        return (
            Table("appeared", "Links that appeared", "No links appeared.", row),
            Table("strengthened", "Links that became stronger", "No links became stronger.", row),
            Table("faded", "Links that faded or ended", "No links faded or ended.", row),
            Table("learned", "Links that became known", "No links became known.", row),
            Table("stood", "Links known then", "Filled only when you compare what was known.", row),
        )

    @classmethod
    def row(cls) -> "type[TieChange]":
        return changes.TieChange


class ListMoves(OfSome, frozen=True):
    """Find people who may have a new phone or account. It shows since when a person may have it,
    and what suggests that it replaced an older one. The result is a lead to check, never a finding.
    """

    named = QuestionText(
        command="network moves",
        address="network/moves",
        title="Possible new phones or accounts",
        empty="No phone or account seems to have replaced another.",
        acts=("see-network",),
    )
    per: Per = "day"

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        from network.people import phone_changes

        with desk.asking() as db:
            who = self.centre(desk, db, reader)
            moves = phone_changes.moves(db, reader, who, link_filter=self.links(), per=self.per)
        notes = (*_undated(moves.undated), *describe_left_out(moves), phone_changes.CAUTION)
        return Answer((moves.rows,), notes)

    @classmethod
    def row(cls) -> "type[Move]":
        from network.people.phone_changes import Move

        return Move
