"""Commands for team meetings: call a meeting, record that it took place, and record its decisions
and their results.

A reader does not learn of an agenda item whose family and person they may not see, and no worker is
given a task about records that they may not see.

The file is long because a meeting has many steps.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, Unpack
from uuid import UUID

from msgspec import structs, to_builtins

from access.who_may import scope
from access.who_may.decide import Thing, decide
from access.who_may.event_rules import require_command
from commands.kernel.case_filing import keep
from commands.kernel.colleague import colleague
from commands.kernel.declared import FromFields, OnItem, ignoring_desk
from commands.kernel.item_references import UNNAMED, about, act_on_item, resolve_case
from commands.kernel.unit_of_work import Command, Desk, Receipt
from domain.intelligence import meeting as rules
from domain.intelligence.for_decision import Facts
from domain.intelligence.meeting import (
    BoardKept,
    Decided,
    ItemAdded,
    Meeting,
    MeetingCalled,
    MeetingDecision,
    MeetingHeld,
    ResultTold,
)
from domain.intelligence.saved_map import ChartSaved
from domain.kernel.acts import Act
from domain.kernel.codes import TaskState
from domain.kernel.envelope import Event
from domain.kernel.values import ENTITY_KINDS, Denied, Reader, Refused, Role
from projections.people_and_teams import accounts

Said = TypeVar("Said", ItemAdded, Decided, BoardKept)
#: Kinds of item that a meeting's decision may be about, besides a family.
SUBJECTS = ENTITY_KINDS
ATTENDING: tuple[Act, ...] = ("see-meeting",)


@FromFields
def call(
    desk: Desk,
    reader: Reader,
    made: MeetingCalled,
    *,
    command_id: UUID | None = None,
    because_of: Sequence[str] = (),
) -> Receipt:
    """Call a meeting of a team. Raises Denied if the reader may not call meetings of this team;
    Refused if the team does not exist, or if the chair has no active account that leads meetings of
    the team.
    """
    command_id, causes = command_id or desk.new_random_id(), tuple(because_of)
    body = [made, causes]
    if again := desk.repeated(command_id, "meeting.call", body):
        return again
    require_command(reader, "meeting.call")
    team = made.team.strip() or reader.team
    if not decide(reader, "brief", Thing("meeting", UUID(int=0), team, "")).allowed:
        raise Denied(f"your role cannot call meetings of {team}")
    _require_team(desk, reader, team)
    chair = colleague(desk, reader, made.chair, "brief", team=team)
    if not chair:
        raise Refused("say who leads the meeting")
    called = structs.replace(made, team=team, chair=chair)
    return keep(desk, reader, "meeting.call", (called,), command_id, causes, body)


#: Cancel a meeting that was called.
call_off = OnItem(
    "meeting",
    Meeting(),
    rules.evolve,
    ignoring_desk(rules.call_off),
    body=lambda off: off.reason,
)


def hold(
    desk: Desk,
    reader: Reader,
    which: UUID | str,
    came: Sequence[str],
    others: str | None,
    agenda: Callable[[UUID], Sequence[UUID]],
    **command: Unpack[Command],
) -> Receipt:
    """Record that a meeting took place, with its attendees and agenda. `came` are the attendees
    with an account, `others` the other attendees in words; `agenda` returns the agenda items that
    the reader may see. Raises Hidden. Raises Refused if a name in `came` is no active account of
    the team. Also raises what `domain.intelligence.meeting.hold` raises.
    """

    def found(state: Meeting) -> tuple[Event, ...]:
        team = state.called.team if state.called else reader.team
        there = [colleague(desk, reader, text, *ATTENDING, team=team) for text in came]
        event = MeetingHeld(tuple(dict.fromkeys(there)), (), others)
        rules.hold(state, event, desk.clock())
        stood = tuple(dict.fromkeys(agenda(about(desk, reader, which, "meeting"))))
        return (structs.replace(event, agenda=stood),)

    return _of_meeting(desk, reader, "meeting.hold", which, found, [list(came), others], **command)


def add_item(
    desk: Desk,
    reader: Reader,
    which: str,
    words: str,
    *,
    case: str | None = None,
    subject: str | None = None,
    **command: Unpack[Command],
) -> Receipt:
    """Add an item to a meeting's agenda. Raises Hidden, and Refused if
    `domain.intelligence.meeting.add_item` does.
    """
    added = ItemAdded(UUID(int=0), words)
    return _record_of_meeting(
        desk, reader, "meeting.add_item", added, which, rules.add_item, case, subject, **command
    )


@FromFields
def take(
    desk: Desk,
    reader: Reader,
    meeting: str,
    made: Decided,
    *,
    case: str | None = None,
    subject: str | None = None,
    chart: str | None = None,
    because_of: Sequence[str] = (),
    command_id: UUID | None = None,
) -> Receipt:
    """Record a decision of a meeting. `chart` is the saved map on which the decision is based,
    recorded in its present version. Raises Hidden. Raises Refused if the owner of the decision has
    no active account or may not see the subject of the decision. Also raises what
    `domain.intelligence.meeting.decide` raises.
    """

    def found(state: Meeting, event: Decided) -> tuple[Event, ...]:
        team = state.called.team if state.called else reader.team
        owner, roles = _owner(desk, reader, event, team)
        own = structs.replace(event, owner=owner, **(_chart(desk, reader, chart) if chart else {}))
        return rules.decide(state, own, because_of, roles, desk.clock().date())

    return _record_of_meeting(
        desk,
        reader,
        "meeting.decide",
        made,
        meeting,
        found,
        case,
        subject,
        arguments=[chart] if chart else (),
        because_of=because_of,
        command_id=command_id,
    )


def _chart(desk: Desk, reader: Reader, which: str) -> dict[str, Any]:
    """Return the saved map on which a decision is based, its version, and the moment of the
    decision, so that the map can later be shown as it was known at that moment."""
    chart = about(desk, reader, which, "chart")
    history = desk.logs["evidence"].history(chart)
    version = sum(isinstance(fact.event, ChartSaved) for fact in history)
    return {"chart": chart, "chart_version": version, "chart_as_known": desk.clock()}


def record_result(
    desk: Desk,
    reader: Reader,
    which: UUID | str,
    state: TaskState,
    words: str,
    became: Sequence[str] = (),
    **command: Unpack[Command],
) -> Receipt:
    """Record the progress or the result of a meeting's decision. Only the owner of the decision, or
    a person who leads meetings of this kind, may do so. Raises Hidden, Denied, and Refused if
    `domain.intelligence.meeting.tell_result` does.
    """

    def found(before: MeetingDecision) -> tuple[Event, ...]:
        owner = before.taken.owner if before.taken else None
        if owner and reader.name != owner and not decide(reader, "brief").allowed:
            raise Denied(
                f"only {owner} or the chair of the meeting can record the result of this decision"
            )
        led_to = tuple(dict.fromkeys(about(desk, reader, text) for text in became))
        return rules.tell_result(before, ResultTold(state, words, led_to))

    return act_on_item(
        desk,
        reader,
        "meeting.result",
        which,
        "decision",
        MeetingDecision(),
        rules.decision,
        found,
        [state, words, list(became)],
        **command,
    )


@FromFields
def keep_board(
    desk: Desk,
    reader: Reader,
    meeting: str,
    made: BoardKept,
    shown: Sequence[str],
    *,
    case: str | None = None,
    **command: Unpack[Command],
) -> Receipt:
    """Record the map, list or picture (board) that was shown at a meeting. Raises Hidden, and
    Refused if `domain.intelligence.meeting.keep_board` does.
    """

    def found(state: Meeting, event: BoardKept) -> tuple[Event, ...]:
        items = tuple(dict.fromkeys(about(desk, reader, text) for text in shown))
        return rules.keep_board(state, structs.replace(event, shown=items))

    return _record_of_meeting(
        desk,
        reader,
        "meeting.keep_board",
        made,
        meeting,
        found,
        case,
        None,
        arguments=[list(shown)],
        **command,
    )


def show_people(
    desk: Desk,
    reader: Reader,
    which: str,
    to: Sequence[str],
    facts: Callable[[], Facts],
    *,
    case: str | None = None,
    **command: Unpack[Command],
) -> Receipt:
    """Record that a list of people was shown at a meeting, which decides about them. `to` are
    colleagues by their accounts; `facts` returns the facts behind the list that the presenter sees.
    Raises Hidden. Raises Refused if a name in `to` is no active account of the team. Also raises
    what `domain.intelligence.meeting.show_people` raises.
    """
    board = BoardKept(UNNAMED, "list", "People for decision", ())

    def found(state: Meeting, event: BoardKept) -> tuple[Event, ...]:
        team = state.called.team if state.called else reader.team
        there = [colleague(desk, reader, text, *ATTENDING, team=team) for text in to]
        shown = structs.replace(event, to=tuple(dict.fromkeys(there)), facts=facts())
        return rules.show_people(state, shown, desk.clock())

    return _record_of_meeting(
        desk,
        reader,
        "meeting.show_people",
        board,
        which,
        found,
        case,
        None,
        arguments=[list(to)],
        **command,
    )


def warning(desk: Desk, made: UUID) -> str | None:
    """Return a warning for a user who gave a support worker a task that reads like police work;
    otherwise None.
    """
    first = desk.logs["evidence"].history(made)[0].event
    asks = rules.reads_as_police(first) if isinstance(first, Decided) else None
    if asks is None:
        return None
    return (
        f"{asks!r} reads like police work, which no Parent Support Worker, parent or child may be "
        "given: give it to an officer. If a person does this already: source drift due"
    )


def _of_meeting(
    desk: Desk,
    reader: Reader,
    name: str,
    which: UUID | str,
    decide: Callable[[Meeting], tuple[Event, ...]],
    body: object,
    **command: Unpack[Command],
) -> Receipt:
    return act_on_item(
        desk,
        reader,
        name,
        which,
        "meeting",
        Meeting(),
        rules.evolve,
        decide,
        body,
        **command,
    )


#: Fields of a meeting's decision that older releases did not have. They are left out of the digest
#: if they are empty, so that a repeated command of an older release is recognised.
_LATER = ("chart", "chart_version", "chart_as_known")


def _record_of_meeting(
    desk: Desk,
    reader: Reader,
    name: str,
    statement: Said,
    which: str,
    decide: Callable[[Meeting, Said], tuple[Event, ...]],
    case: str | None,
    subject: str | None,
    *,
    arguments: Sequence[object] = (),
    command_id: UUID | None = None,
    because_of: Sequence[str] = (),
) -> Receipt:
    """Record an event about a meeting, in a new stream. The meeting and the subject are looked up
    only if the command is not a repetition."""
    command_id, causes = command_id or desk.new_random_id(), tuple(because_of)
    named = {"meeting": which, "case": case, "about": subject}
    said_now = {name: value for name, value in to_builtins(statement).items() if name not in _LATER}
    body = [said_now | named, *arguments, causes]
    if again := desk.repeated(command_id, name, body):
        return again
    require_command(reader, name)
    at = about(desk, reader, which, "meeting")
    fields: dict[str, UUID | None] = {"meeting": at}
    if case:
        fields["case"] = resolve_case(desk, reader, case)
    if subject:
        fields["about"] = about(desk, reader, subject, *SUBJECTS)
    state, _ = desk.current_state(reader, at, Meeting(), rules.evolve)
    events = decide(state, structs.replace(statement, **fields))
    return keep(desk, reader, name, events, command_id, causes, body)


def _require_team(desk: Desk, reader: Reader, team: str) -> None:
    """Raise Refused for a team that does not exist, unless the store has no recorded teams."""
    if not reader.closed or team in reader.teams:
        return
    with desk.deciding() as db:
        names = [team_row.team for team_row in accounts.teams(db)]
    if team not in names:
        raise Refused(f"there is no team {team!r}. Teams: {', '.join(names)}", field="team")


def _owner(desk: Desk, reader: Reader, decided: Decided, team: str) -> tuple[str, frozenset[Role]]:
    """Return the owner of a meeting's decision and their roles. In a store without accounts there
    are no roles.
    """
    name = colleague(desk, reader, decided.owner, "meet", team=team)
    with desk.deciding() as db:
        if not accounts.is_closed(db):
            return name, frozenset()
        theirs = accounts.reader(db, Reader(name, "", ""), desk.clock())
        subject = decided.case or decided.about
        if subject and not scope.is_item_visible(db, theirs, subject):
            raise Refused(
                f"{name} has no access to the subject of the decision: name another owner, or "
                f"allocate {name} to the family first (allocate)",
                field="owner",
            )
    return name, theirs.roles
