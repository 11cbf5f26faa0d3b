"""Maps that are saved under a name, so that colleagues open the same."""

from typing import TYPE_CHECKING, Annotated, TypeAlias, Unpack

from msgspec import Meta

from domain.kernel.codes import Layer
from domain.kernel.values import LinkKind, Stage
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
    Reference, Ref("chart"), Ask("Which chart?", "Its id or its ending (chart list).")
]
Some: TypeAlias = Annotated[tuple[ItemRef, ...], Meta(max_length=1_000)]
_IDS = "Ids, with commas between"


class SaveChart(UseCase, frozen=True):
    """Save a map under a name. It saves the query and the arrangement. Your team opens the same
    map, and each person sees in it only what they may see. If you name an existing chart, the map
    replaces it."""

    named = UseCaseText(
        command="chart save",
        records="chart.saved",
        title="Save this map",
        send="Save it",
        success_message="Saved: {name}",
        then="/charts/{id}",
    )
    name: Annotated[Line, Ask("Under which name?", "Your team reads it.")]
    around: Annotated[ItemRef | None, Ask("Around whom, or what?", "Empty: the whole network.")] = (
        None
    )
    chart: Annotated[
        ChartRef | None, Ask("In place of which chart?", "Empty: a new one.", option="--chart")
    ] = None
    hops: Annotated[int, Meta(ge=1, le=4), Ask("How many ties far?", rare=True)] = 1
    most: Annotated[int, Meta(ge=1, le=5_000), Ask("Of how many at most?", rare=True)] = 300
    min_grade: Annotated[
        Line, Ask("The worst grade?", "graded, any, or one like 2C", rare=True)
    ] = "graded"
    stage: Annotated[
        tuple[Stage, ...], Ask("Which stages?", "With commas between; empty: all", rare=True)
    ] = ()
    kind: Annotated[LinkKind | None, Ask("Which kind of tie?", rare=True)] = None
    layer: Annotated[Layer, Ask("Who with whom?", rare=True)] = "all"
    team: Annotated[
        Line | None, Ask("Asserted by which team alone?", option="--by-team", rare=True)
    ] = None
    as_at: Annotated[Line | None, Ask("As it was on which day?", rare=True)] = None
    since: Annotated[Line | None, Ask("True from which day on?", rare=True)] = None
    until: Annotated[Line | None, Ask("True until which day?", rare=True)] = None
    as_known: Annotated[Line | None, Ask("As known on which day?", rare=True)] = None
    also: Annotated[Some, Ask("From whom does it go further?", _IDS, rare=True)] = ()
    hidden: Annotated[Some, Ask("Who is hidden?", _IDS, rare=True)] = ()
    opened: Annotated[Some, Ask("Whose leaves are unfolded?", _IDS, rare=True)] = ()
    pins: Annotated[
        tuple[Line, ...],
        Meta(max_length=1_000),
        Ask("Positions on the map", "An id and two numbers each, with commas between", rare=True),
    ] = ()
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands.intelligence import saved_maps as charts
        from domain.intelligence.saved_map import Shows

        shows = Shows(
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
        return charts.save(
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
    """Put a note on a person, item or link of a chart. A later note replaces it; an empty one
    removes it."""

    named = UseCaseText(
        command="chart note",
        records="chart.noted",
        about="chart",
        title="A note on the chart",
        send="Keep it",
        success_message="Kept",
        address="notes",
    )
    chart: ChartRef
    of: Annotated[ItemRef, Ask("On whom, what, or which link?", "An id.", option="--of")]
    words: Annotated[Text | None, Ask("The note", option="--words", rows=3)] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands.intelligence import saved_maps as charts

        return charts.note(desk, reader, self.chart, self.of, self.words, **command)


class WithdrawChart(UseCase, frozen=True):
    """Withdraw a saved map, so that nobody can open it. Its content stays on record."""

    named = UseCaseText(
        command="chart withdraw",
        records="chart.withdrawn",
        about="chart",
        title="Withdraw this chart",
        send="Withdraw it",
        success_message="It is opened no more",
        address="withdraw",
        warns=True,
    )
    chart: ChartRef
    because_of: Causes = ()

    def gives(self) -> "Declared":
        from commands.intelligence.saved_maps import withdraw

        return withdraw


class ListCharts(Question, frozen=True):
    """List the saved maps that you may open."""

    named = QuestionText(
        command="chart list",
        title="Charts",
        empty="No chart is saved.",
        acts=("see-network",),
        address="charts",
    )

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Saved]":
        from projections.intelligence import saved_maps as charts

        with desk.asking() as db:
            return charts.listed(db, reader)

    @classmethod
    def row(cls) -> "type[Saved]":
        from projections.intelligence.saved_maps import Saved

        return Saved
