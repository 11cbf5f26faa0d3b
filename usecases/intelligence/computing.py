"""Stored results of analyses over the whole network."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from domain.kernel.codes import Analysis, DirectLayer
from domain.kernel.values import Refused
from projections.intelligence import links
from usecases.intelligence.network import AtMost
from usecases.kernel.question import Answer, Question, QuestionText
from usecases.kernel.usecase import Ask, Line

if TYPE_CHECKING:
    from datetime import datetime

    from commands.kernel.unit_of_work import Desk
    from domain.kernel.values import Reader
    from questions.intelligence.analysis_results import ResultLine


class ListComputed(Question, frozen=True):
    """Show results of whole-network analyses. The results are shown as the network was known at the
    time of the analysis, to people who may see the whole network."""

    named = QuestionText(
        command="network computed",
        address="network/computed",
        title="Whole-network analyses",
        empty="This analysis has no stored results.",
        acts=("analyse",),
    )
    what: Annotated[Analysis, Ask("Which analysis is shown?", placed=True)] = "pagerank"
    layer: Annotated[DirectLayer, Ask("Between which people are the links?")] = "offender-offender"
    min_grade: Annotated[
        Line | None,
        Ask("Minimum grade of the links", "For example 2C, or any to include ungraded links."),
    ] = None
    limit: AtMost = 20

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        from questions.intelligence.analysis_results import shown

        try:
            lowest = links.least(self.min_grade, ())
        except ValueError as error:
            raise Refused(str(error), field="min_grade") from None
        with desk.asking() as db:
            result = shown(db, reader, self.what, layer=self.layer, least=lowest, limit=self.limit)
        return Answer((result.rows,), result.notes, {"begun": result.of and result.of.begun})

    @classmethod
    def more(cls) -> Mapping[str, Any]:
        from datetime import datetime

        return {"begun": datetime | None}

    @classmethod
    def row(cls) -> "type[ResultLine]":
        from questions.intelligence.analysis_results import ResultLine

        return ResultLine
