"""The brief as sentences to read out."""

from typing import TYPE_CHECKING, Annotated, Any

from domain.kernel.values import Refused
from network.over_time import brief_rows
from projections.intelligence import brief
from usecases.kernel import papers
from usecases.kernel.question import Answer, Question, QuestionText, Table
from usecases.kernel.usecase import Ask, Bare, Moment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from commands.kernel.unit_of_work import Desk
    from domain.kernel.values import Reader
    from questions.intelligence.brief_aloud import ReadOut
    from usecases.kernel.paper import Paper


class ReadOutBrief(Question, frozen=True):
    """Print the brief as sentences to read out. The sentences are sorted by network and child. Each
    says its grade and what is new since the last brief. The decisions to take follow, with their
    owners and dates."""

    named = QuestionText(
        command="read-out",
        title="Brief to read out",
        empty="No records changed since the last brief.",
        acts=("brief",),
        printed=("export",),
    )
    since: Annotated[
        Moment | None,
        Bare(),
        Ask(
            "Since when are changes shown?", "If empty, all changes since the last brief are shown."
        ),
    ] = None

    @classmethod
    def tables(cls) -> tuple[Table, ...]:
        return (
            Table("sentences", "Changes", cls.named.empty, brief_rows.Sentence),
            Table(
                "wanted", "Decisions to take", "No decisions to take.", brief_rows.WantedDecision
            ),
        )

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        brief_read = self.found(desk, reader, now)
        more = {"since": brief_read.since, "until": brief_read.until}
        return Answer((brief_read.sentences, brief_read.wanted), brief_read.notes, more)

    @classmethod
    def more(cls) -> "Mapping[str, Any]":
        from datetime import datetime

        return {"since": datetime | None, "until": datetime}

    def found(self, desk: "Desk", reader: "Reader", now: "datetime") -> "ReadOut":
        """Return the brief that is read out. Raises LogUnavailable, and Refused for a moment in
        the future."""
        from questions.intelligence.brief_aloud import read_out

        if self.since and self.since > now:
            raise Refused("this time is in the future: give a time in the past", field="since")
        # the views are complete, so that the next brief can begin where this one ends
        with desk.deciding() as db:
            since = self.since or brief.read_last_held(db, reader)
            return read_out(desk, db, reader, since, now)

    def paper(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Paper":
        return papers.brief(self.found(desk, reader, now), reader.team)
