"""Save maps under a name, for colleagues to open."""

from typing import TYPE_CHECKING, Annotated, TypeAlias, Unpack

from msgspec import Meta

from commands.intelligence import saved_maps
from domain.intelligence import saved_map
from domain.kernel.codes import Layer
from domain.kernel.values import LinkKind, Stage
from projections.intelligence import saved_maps as saved_maps_view
from usecases.kernel.question import Question, QuestionText
from usecases.kernel.usecase import (
    Ask,
    Causes,
    ItemRef,
    Line,
    Ref,
    Reference,
    Text,
    UseCase,
    UseCaseText,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from commands.kernel.declared import Declared
    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from domain.kernel.values import Reader
    from projections.intelligence.saved_maps import Saved

ChartRef: TypeAlias = Annotated[
    Reference,
    Ref("chart"),
    Ask(
        "Which saved map is it?",
        "The full id or its last eight characters, from the list of saved maps",
    ),
]
Some: TypeAlias = Annotated[tuple[ItemRef, ...], Meta(max_length=1_000)]
_IDS = "Ids, separated by commas"


class SaveChart(UseCase, frozen=True):
    """Save a map under a name. The query and the arrangement are saved. Your team opens the same
    map, and each person sees in it only what they may see. If you name an existing map, the new one
    replaces it."""

    named = UseCaseText(
        command="chart save",
        records="chart.saved",
        title="Save the map",
        send="Save the map",
        success_message="Map saved: {name}",
        then="/charts/{id}",
    )
    name: Annotated[Line, Ask("Under which name is the map saved?", "Your team can read the name.")]
    around: Annotated[
        ItemRef | None,
        Ask("Around which person or item is the map drawn?", "Empty: the whole network."),
    ] = None
    chart: Annotated[
        ChartRef | None,
        Ask(
            "Which saved map does the new map replace?",
            "Empty: no saved map is replaced.",
            option="--chart",
        ),
    ] = None
    hops: Annotated[
        int,
        Meta(ge=1, le=4),
        Ask("Within how many links of the map's centre are people and items shown?", rare=True),
    ] = 1
    most: Annotated[
        int, Meta(ge=1, le=5_000), Ask("How many people and items are shown at most?", rare=True)
    ] = 300
    min_grade: Annotated[
        Line, Ask("Minimum grade of the links", "graded, any, or a grade such as 2C", rare=True)
    ] = "graded"
    stage: Annotated[
        tuple[Stage, ...],
        Ask("Links of which stages are shown?", "Separated by commas; empty: all", rare=True),
    ] = ()
    kind: Annotated[LinkKind | None, Ask("Links of which type are shown?", rare=True)] = None
    layer: Annotated[Layer, Ask("Between which people are the links?", rare=True)] = "all"
    team: Annotated[
        Line | None, Ask("Links recorded by which team are shown?", option="--by-team", rare=True)
    ] = None
    as_at: Annotated[Line | None, Ask("Show the links as of which time?", rare=True)] = None
    since: Annotated[Line | None, Ask("From when were the links active?", rare=True)] = None
    until: Annotated[Line | None, Ask("Until when were the links active?", rare=True)] = None
    as_known: Annotated[Line | None, Ask("Show the links as known at which time?", rare=True)] = (
        None
    )
    also: Annotated[
        Some, Ask("Of which people and items are further links shown?", _IDS, rare=True)
    ] = ()
    hidden: Annotated[Some, Ask("Which people and items are hidden?", _IDS, rare=True)] = ()
    opened: Annotated[
        Some,
        Ask("For which people are neighbours shown that have no other links?", _IDS, rare=True),
    ] = ()
    pins: Annotated[
        tuple[Line, ...],
        Meta(max_length=1_000),
        Ask(
            "Where on the map are people and items placed by hand?",
            "An id and two numbers for each person or item, separated by commas",
            rare=True,
        ),
    ] = ()
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        shows = saved_map.Shows(
            self.hops,
            self.most,
            self.min_grade,
            self.stage,
            self.kind,
            self.layer,
            self.team,
            self.as_at,
            self.since,
            self.until,
            self.as_known,
        )
        return saved_maps.save(
            desk,
            reader,
            self.name,
            shows,
            again=self.chart,
            around=self.around,
            also=self.also,
            hidden=self.hidden,
            opened=self.opened,
            pins=self.pins,
            **command,
        )


class NoteOnChart(UseCase, frozen=True):
    """Put a note on a person, item or link of a map. A later note replaces it; an empty one removes
    it."""

    named = UseCaseText(
        command="chart note",
        records="chart.noted",
        about="chart",
        title="Add a note to the map",
        send="Save the note",
        success_message="Note saved",
        address="notes",
    )
    chart: ChartRef
    of: Annotated[
        ItemRef, Ask("Which person, item or link is the note about?", "Its id.", option="--of")
    ]
    words: Annotated[Text | None, Ask("Text of the note", option="--words", rows=3)] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return saved_maps.note(desk, reader, self.chart, self.of, self.words, **command)


class WithdrawChart(UseCase, frozen=True):
    """Withdraw a saved map, so that it can no longer be opened. Its content stays on record."""

    named = UseCaseText(
        command="chart withdraw",
        records="chart.withdrawn",
        about="chart",
        title="Withdraw a saved map",
        send="Withdraw the map",
        success_message="Map withdrawn. It can no longer be opened",
        address="withdraw",
        warns=True,
    )
    chart: ChartRef
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return saved_maps.withdraw


class ListCharts(Question, frozen=True):
    """List the saved maps that you may open."""

    named = QuestionText(
        command="chart list",
        title="Saved maps",
        empty="No maps are saved.",
        acts=("see-network",),
        address="charts",
    )

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Saved]":
        with desk.asking() as db:
            return saved_maps_view.list_saved_maps(db, reader)

    @classmethod
    def row(cls) -> "type[Saved]":
        return saved_maps_view.Saved
