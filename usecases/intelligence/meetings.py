"""Call meetings, and record what they decide.

Team meetings have an agenda, attendees, decisions and their results, and the maps and lists shown
at them.

The file is long because each command is declared here with its texts.
"""

from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, Unpack

from msgspec import Meta

from access.who_may import scope
from commands.intelligence import meeting
from commands.kernel import item_references
from domain.kernel.codes import Board, Doer, MeetingKind, Task, TaskState
from projections.intelligence import meetings
from questions.intelligence import for_decision
from usecases.kernel import papers
from usecases.kernel.question import Answer, Question, QuestionText, Table
from usecases.kernel.usecase import (
    Ask,
    CaseRef,
    Causes,
    Day,
    ItemRef,
    Line,
    Moment,
    Ref,
    Reference,
    Text,
    UseCase,
    UseCaseText,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from commands.kernel.declared import Declared
    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from domain.intelligence.for_decision import Facts
    from domain.kernel.values import Reader
    from projections.intelligence.meetings import DecisionRow, MeetingRow
    from questions.intelligence.agenda import Line as AgendaLine
    from usecases.kernel.paper import Paper

MeetingRef: TypeAlias = Annotated[
    Reference,
    Ref("meeting"),
    Ask("Which meeting is it?", "The full id or its last eight characters."),
]
DecisionRef: TypeAlias = Annotated[
    Reference,
    Ref("decision"),
    Ask("Which decision of a meeting is it?", "The full id or its last eight characters."),
]
FAMILY_READERS = (
    "People with access to the family can read the text. Without a family the whole team can: "
    "write no names."
)
SUBJECTS = "A person, vehicle, phone, place or handle"
Shown: TypeAlias = Annotated[tuple[ItemRef, ...], Meta(max_length=1_000)]
People: TypeAlias = Annotated[tuple[Line, ...], Meta(min_length=1, max_length=100)]


class CallMeeting(UseCase, frozen=True):
    """Call a team meeting. The meeting may be the weekly brief or the monthly working group. The
    agenda is built from the record."""

    named = UseCaseText(
        command="meeting call",
        records="meeting.called",
        title="Call a meeting",
        send="Call the meeting",
        success_message="Meeting called: {kind}",
        address="meetings",
        then="/meetings/{id}",
    )
    kind: Annotated[MeetingKind, Ask("Which kind of meeting is it?")]
    starts: Annotated[Moment, Ask("When does the meeting begin?", option="--at")]
    chair: Annotated[
        Line, Ask("Who chairs the meeting?", "The name of the person's account", option="--chair")
    ]
    team: Annotated[Line, Ask("Which team meets?", "Empty: your own team")] = ""
    place: Annotated[Line | None, Ask("Where does the team meet?")] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return meeting.call


class CallOffMeeting(UseCase, frozen=True):
    """Cancel a meeting. If it takes place on another day, call another one."""

    named = UseCaseText(
        command="meeting off",
        records="meeting.called_off",
        about="meeting",
        title="Cancel the meeting",
        send="Cancel the meeting",
        success_message="Meeting cancelled",
        address="off",
        warns=True,
    )
    meeting: MeetingRef
    reason: Annotated[Text, Ask("Why does the meeting not take place?", option="--reason", rows=2)]

    def gives(self) -> "Declared":
        return meeting.call_off


class HoldMeeting(UseCase, frozen=True):
    """Record who attended a meeting. The agenda is saved with it."""

    named = UseCaseText(
        command="meeting held",
        records="meeting.held",
        about="meeting",
        title="Record the attendees",
        send="Record the attendees",
        success_message="Attendees and agenda recorded",
        address="held",
    )
    meeting: MeetingRef
    came: Annotated[
        People,
        Ask(
            "Which colleagues attended?",
            "The names of their accounts, separated by commas",
            option="--came",
        ),
    ]
    others: Annotated[
        Text | None,
        Ask(
            "Who else attended?",
            "Guests without an account, and people who sent apologies",
            option="--others",
        ),
    ] = None

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from questions.intelligence import agenda

        def stood(item: "UUID") -> "Sequence[UUID]":
            return agenda.items(desk, reader, item, desk.clock())

        return meeting.hold(desk, reader, self.meeting, self.came, self.others, stood, **command)


class AddItem(UseCase, frozen=True):
    """Add an item to a meeting's agenda."""

    named = UseCaseText(
        command="meeting item",
        records="meeting.item_added",
        about="meeting",
        title="Add an agenda item",
        send="Add the agenda item",
        success_message="Item added to the agenda",
        address="items",
    )
    meeting: MeetingRef
    words: Annotated[Text, Ask("What will the meeting discuss?", option="--what", rows=2)]
    case: Annotated[
        CaseRef | None,
        Ask("Which family is the agenda item about?", FAMILY_READERS, option="--case"),
    ] = None
    subject: Annotated[
        ItemRef | None,
        Ask("Which person or item is the agenda item about?", SUBJECTS, option="--about"),
    ] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return meeting.add_item(
            desk,
            reader,
            self.meeting,
            self.words,
            case=self.case,
            subject=self.subject,
            **command,
        )


class Decide(UseCase, frozen=True):
    """Record a decision of a meeting. Say who owns it, by when, and what it is based on. A support
    worker, a parent and a child are never given a police task."""

    named = UseCaseText(
        command="meeting decide",
        records="meeting.decided",
        about="meeting",
        title="Record a decision",
        send="Record the decision",
        success_message="Decision recorded. Owner: {owner}, due {by}",
        address="decisions",
    )
    meeting: MeetingRef
    words: Annotated[Text, Ask("What did the meeting decide?", option="--what", rows=2)]
    task: Annotated[Task, Ask("Which kind of task is it?", option="--task")]
    owner: Annotated[
        Line,
        Ask(
            "Who is responsible for the task?", "The name of the person's account", option="--owner"
        ),
    ]
    by: Annotated[Day, Ask("By which day is the task due?", option="--by")]
    because_of: Annotated[
        tuple[ItemRef, ...],
        Meta(max_length=100),
        Ask(
            "What is the decision based on?",
            "The ids of log entries, reports, links or outcomes, separated by commas; "
            "none-known if the decision is based on no record",
            option="--because-of",
        ),
    ]
    case: Annotated[
        CaseRef | None, Ask("Which family is the decision about?", FAMILY_READERS, option="--case")
    ] = None
    subject: Annotated[
        ItemRef | None,
        Ask("Which person or item is the decision about?", SUBJECTS, option="--about"),
    ] = None
    doer: Annotated[
        Doer,
        Ask(
            "Who carries out the task?", "A family member is asked to carry it out, and may decline"
        ),
    ] = "owner"
    chart: Annotated[
        ItemRef | None,
        Ask(
            "Which saved map is the decision based on?",
            "For an operation. The id is in the list of saved maps.",
            rare=True,
        ),
    ] = None

    def gives(self) -> "Declared":
        return meeting.take

    def warning(self, desk: "Desk", reader: "Reader", receipt: "Receipt") -> str | None:
        return meeting.warning(desk, receipt.id)


class TellResult(UseCase, frozen=True):
    """Record the result of a meeting's decision. The result refers to the items that the decision
    led to."""

    named = UseCaseText(
        command="meeting result",
        records="meeting.result_told",
        about="decision",
        title="Record the result of a decision",
        send="Record the result",
        success_message="Result recorded: {state}",
        address="results",
    )
    decision: DecisionRef
    state: Annotated[TaskState, Ask("What is the status of the decision?")]
    words: Annotated[
        Text,
        Ask(
            "What resulted from the decision?",
            "Or give the reason why there was no result",
            option="--what",
            rows=2,
        ),
    ]
    became: Annotated[
        Shown,
        Ask(
            "Which records resulted from the decision?",
            "The ids of records made since the decision, separated by commas",
            option="--led-to",
        ),
    ] = ()
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return meeting.record_result(
            desk, reader, self.decision, self.state, self.words, self.became, **command
        )


class KeepBoard(UseCase, frozen=True):
    """Save what was shown at a meeting. Save a map, a list or a picture. What you save can go on
    the disclosure schedule like other material."""

    named = UseCaseText(
        command="meeting board",
        records="meeting.board_kept",
        about="meeting",
        title="Save a chart shown at the meeting",
        send="Save the chart",
        success_message="Saved: {kind}",
        address="boards",
    )
    meeting: MeetingRef
    kind: Annotated[Board, Ask("Was the chart a map, a list or a picture?")]
    title: Annotated[Line, Ask("What does the chart show?", option="--title")]
    shown: Annotated[
        Shown,
        Meta(min_length=1),
        Ask(
            "Which people and things did the chart show at the meeting?",
            "Ids or names, separated by commas",
            option="--shown",
        ),
    ]
    case: Annotated[
        CaseRef | None,
        Ask(
            "For which case is the chart disclosure material?",
            "Without a case the whole team can read the chart's title.",
            option="--case",
        ),
    ] = None
    sha256: Annotated[
        Line | None, Ask("SHA-256 of the picture or sheet", option="--sha256", rare=True)
    ] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return meeting.keep_board


class ShowPeople(UseCase, frozen=True):
    """Show the people for decision at a meeting. The list is saved as you see it, with who was
    shown it. The saved list can go on the disclosure schedule like other material."""

    named = UseCaseText(
        command="meeting people",
        records="meeting.board_kept",
        about="meeting",
        title="Show the people for decision",
        send="Show and save the list",
        success_message="List of people for decision saved as shown",
        address="people",
    )
    meeting: MeetingRef
    to: Annotated[
        People,
        Ask(
            "Which colleagues saw the list of people for decision?",
            "The names of their accounts, separated by commas",
            option="--to",
        ),
    ]
    case: Annotated[
        CaseRef | None,
        Ask(
            "For which case is the list disclosure material?",
            "Only people with access to that family can read that the list was saved.",
            option="--case",
            rare=True,
        ),
    ] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        def seen() -> "Facts":
            with desk.deciding() as db:
                return for_decision.facts(db, reader, desk.clock())

        return meeting.show_people(
            desk, reader, self.meeting, self.to, seen, case=self.case, **command
        )


class ListShown(Question, frozen=True):
    """Show the people whom a meeting saw for decision. You see them as far as you may, under their
    current names."""

    named = QuestionText(
        command="meeting shown",
        title="People for decision, as shown at the meeting",
        empty="You have access to none of the people on this list.",
        acts=("see-meeting",),
    )
    meeting: MeetingRef

    @classmethod
    def tables(cls) -> tuple[Table, ...]:
        return tables_of_board()

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        with desk.asking() as db:
            item = item_references.item(desk, db, reader, self.meeting, "meeting")
            saved = for_decision.read_saved(db, [reader], item)
        if saved is None:
            return Answer(((), (), ()), ("No people for decision were shown at this meeting.",))
        at, board = saved
        note = f"The list as shown on {at:%d %B %Y at %H:%M} UTC, without people you may not see."
        return Answer((board.rows, board.decided, board.apart), (note, for_decision.CAUTION))


def tables_of_board(first: str = "board") -> tuple[Table, ...]:
    """Return the declarations of the three tables of a meeting's list of people: those about whom
    it has to decide, those about whom it has decided, and those left off the list. `first` is the
    key of the first table in JSON.
    """
    return (
        Table(first, "People for decision", "No people for decision.", for_decision.Row),
        Table(
            "decided",
            "Decided, with nothing new since",
            "No people with a decision and nothing new since.",
            for_decision.DecidedRow,
        ),
        Table(
            "apart",
            "People left off the list",
            "No people were left off the list.",
            for_decision.ApartRow,
        ),
    )


class ListMeetings(Question, frozen=True):
    """List your teams' meetings, latest first."""

    named = QuestionText(
        command="meeting list",
        title="Meetings",
        empty="No meetings.",
        acts=("see-meeting",),
    )

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[MeetingRow]":
        with desk.asking() as db:
            return meetings.list_meetings(db, reader)

    @classmethod
    def row(cls) -> "type[MeetingRow]":
        return meetings.MeetingRow


class ListAgenda(Question, frozen=True):
    """Show a meeting's agenda. It is built from the record, as far as you may see it."""

    named = QuestionText(
        command="meeting agenda",
        title="Agenda",
        empty="The agenda is empty.",
        acts=("see-meeting",),
    )
    meeting: MeetingRef

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[AgendaLine]":
        from questions.intelligence import agenda

        with desk.asking() as db:
            item = item_references.item(desk, db, reader, self.meeting, "meeting")
            row = meetings.get(db, reader, item)
            return agenda.agenda(desk, db, reader, row, now).lines if row else ()

    @classmethod
    def row(cls) -> "type[AgendaLine]":
        from questions.intelligence.agenda import Line

        return Line


class ListMinutes(Question, frozen=True):
    """Show a meeting's minutes. Minutes hold each decision with its basis and its result, and what
    was shown."""

    named = QuestionText(
        command="meeting minutes",
        title="Minutes",
        empty="No decisions.",
        acts=("see-meeting",),
        printed=("export",),
    )
    meeting: MeetingRef

    @classmethod
    def tables(cls) -> tuple[Table, ...]:
        return (
            Table(
                "meeting",
                "Meeting",
                "The meeting does not exist, or you have no access to it.",
                meetings.MeetingRow,
            ),
            Table("decisions", "Decisions", "No decisions.", meetings.DecisionRow),
            Table(
                "boards",
                "Charts shown at the meeting",
                "No charts were shown at the meeting.",
                meetings.BoardRow,
            ),
        )

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        with desk.asking() as db:
            item = item_references.item(desk, db, reader, self.meeting, "meeting")
            row = meetings.get(db, reader, item)
            tables = (
                [row] if row else [],
                meetings.decisions(db, reader, meeting=item),
                meetings.boards(db, reader, item),
            )
        came = row.came if row else ()
        notes = (f"Attendees: {', '.join(came)}.",) if came else ()
        return Answer(tables, notes, {"came": came, "others": row.others if row else None})

    @classmethod
    def more(cls) -> "Mapping[str, Any]":
        return {"came": tuple[str, ...], "others": str | None}

    def paper(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Paper":
        return self.shared_paper(desk, [reader], now)

    def shared_paper(self, desk: "Desk", readers: "Sequence[Reader]", now: "datetime") -> "Paper":
        """Return the paper of a meeting with only the facts that all of these readers may see.
        Raises Hidden if one of them may not see the meeting.
        """
        from questions.intelligence import minutes

        with desk.deciding() as db:
            item = item_references.item(desk, db, readers[0], self.meeting, "meeting")
            found_minutes = minutes.read_minutes(desk, db, readers, item, now)
            if found_minutes is None:
                raise scope.hidden_error("meeting", self.meeting)
        return papers.minutes(found_minutes)


class ListDecisions(Question, frozen=True):
    """List meetings' decisions, with their owners. It shows what is outstanding, and what the
    results were."""

    named = QuestionText(
        command="meeting decisions",
        title="Decisions",
        empty="No decisions.",
        acts=("see-meeting",),
    )
    owner: Annotated[Line | None, Ask("Only decisions that one person carries out")] = None
    about: Annotated[ItemRef | None, Ask("Only decisions about one family, person or item")] = None
    every: Annotated[bool, Ask("Include completed decisions", option="--all")] = False

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[DecisionRow]":
        with desk.asking() as db:
            about = item_references.item(desk, db, reader, self.about) if self.about else None
            return meetings.decisions(
                db, reader, about=about, owner=self.owner, only_open=not self.every
            )

    @classmethod
    def row(cls) -> "type[DecisionRow]":
        return meetings.DecisionRow
