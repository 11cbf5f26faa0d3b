"""A team's meeting: calling and holding it, what it decides, and what came of that.

Who sees neither the family nor the person that something is about learns nothing of it, and nobody
is given a task about what they may not see.

Long because a meeting has many steps.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar, Unpack
from uuid import UUID

from msgspec import structs, to_builtins

from access.who_may import scope
from access.who_may.decide import Thing, decide
from access.who_may.event_rules import require_command
from commands.kernel.case_filing import keep
from commands.kernel.colleague import colleague
from commands.kernel.declared import OnItem, plain
from commands.kernel.item_references import UNNAMED, about, act_on, case_named
from commands.kernel.unit_of_work import Command, Desk, Receipt
from domain.intelligence import meeting
from domain.intelligence.for_decision import Facts
from domain.intelligence.meeting import (
    BoardKept,
    Decided,
    ItemAdded,
    Meeting,
    MeetingCalled,
    MeetingCalledOff,
    MeetingDecision,
    MeetingHeld,
    ResultTold,
)
from domain.kernel.acts import Act
from domain.kernel.codes import TaskState
from domain.kernel.envelope import Event
from domain.kernel.values import ENTITY_KINDS, Denied, Reader, Refused, Role
from projections.people_and_teams import accounts

Said = TypeVar("Said", ItemAdded, Decided, BoardKept)
#: A decision is about a family, or about one of these.
SUBJECTS = ENTITY_KINDS
ATTENDING: tuple[Act, ...] = ("see-meeting",)


def call(
    desk: Desk,
    reader: Reader,
    called: MeetingCalled,
    *,
    command_id: UUID | None = None,
    because_of: Sequence[str] = (),
) -> Receipt:
    """A team meets. Raises Denied for another team, Refused for a chair who is no live account that
    leads meetings there."""
    command_id, causes = command_id or desk.new_random_id(), tuple(because_of)
    body = [called, causes]
    if again := desk.repeated(command_id, "meeting.call", body):
        return again
    require_command(reader, "meeting.call")
    called = structs.replace(called, team=called.team.strip() or reader.team)
    there = Thing("meeting", UUID(int=0), called.team, "")
    if not decide(reader, "brief", there).allowed:
        raise Denied(f"the meetings of {called.team} are not yours to call")
    _known_team(desk, reader, called.team)
    chair = colleague(desk, reader, called.chair, "brief", team=called.team)
    if not chair:
        raise Refused("say who leads it")
    made = structs.replace(called, chair=chair)
    return keep(desk, reader, "meeting.call", (made,), command_id, causes, body)


#: Record that a meeting does not take place.
call_off = OnItem(
    MeetingCalledOff,
    "meeting",
    Meeting(),
    meeting.evolve,
    plain(meeting.call_off),
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
    """It was held: `came` are colleagues by their accounts, `others` are the rest, in words;
    `agenda` tells what stood on it for the person who records this. Raises Hidden, and Refused for
    a name that is no live account of the team, and as `domain.intelligence.meeting.hold`."""

    def found(state: Meeting) -> tuple[Event, ...]:
        team = state.called.team if state.called else reader.team
        there = [colleague(desk, reader, one, *ATTENDING, team=team) for one in came]
        held = MeetingHeld(tuple(dict.fromkeys(there)), (), others)
        meeting.hold(state, held, desk.clock())
        stood = tuple(dict.fromkeys(agenda(about(desk, reader, which, "meeting"))))
        return (structs.replace(held, agenda=stood),)

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
    """Put something on its agenda. Raises Hidden, and Refused as
    `domain.intelligence.meeting.add_item`."""
    added = ItemAdded(UUID(int=0), words)
    return _say(
        desk, reader, "meeting.add_item", added, which, meeting.add_item, case, subject, **command
    )


def take(
    desk: Desk,
    reader: Reader,
    which: str,
    decided: Decided,
    *,
    case: str | None = None,
    subject: str | None = None,
    because_of: Sequence[str] = (),
    command_id: UUID | None = None,
) -> Receipt:
    """Record what it decided. Raises Hidden, and Refused for an owner who is no live account or
    does not see what it is about, and as `domain.intelligence.meeting.decide`."""

    def found(state: Meeting, told: Decided) -> tuple[Event, ...]:
        team = state.called.team if state.called else reader.team
        owner, roles = _owner(desk, reader, told, team)
        own = structs.replace(told, owner=owner)
        return meeting.decide(state, own, because_of, roles, desk.clock().date())

    return _say(
        desk,
        reader,
        "meeting.decide",
        decided,
        which,
        found,
        case,
        subject,
        because_of=because_of,
        command_id=command_id,
    )


def tell_result(
    desk: Desk,
    reader: Reader,
    which: UUID | str,
    state: TaskState,
    words: str,
    became: Sequence[str] = (),
    **command: Unpack[Command],
) -> Receipt:
    """How a decision stands, or what came of it. Its owner tells it, or who leads such meetings.
    Raises Hidden, Denied, and Refused as `domain.intelligence.meeting.tell_result`."""

    def found(before: MeetingDecision) -> tuple[Event, ...]:
        owner = before.taken.owner if before.taken else None
        if owner and reader.name != owner and not decide(reader, "brief").allowed:
            raise Denied(f"{owner} says what came of it, or who leads the meeting")
        led_to = tuple(dict.fromkeys(about(desk, reader, one) for one in became))
        return meeting.tell_result(before, ResultTold(state, words, led_to))

    return act_on(
        desk,
        reader,
        "meeting.result",
        which,
        "decision",
        MeetingDecision(),
        meeting.decision,
        found,
        [state, words, list(became)],
        **command,
    )


def keep_board(
    desk: Desk,
    reader: Reader,
    which: str,
    board: BoardKept,
    shown: Sequence[str],
    *,
    case: str | None = None,
    **command: Unpack[Command],
) -> Receipt:
    """Keep what was shown at it. Raises Hidden, and Refused as
    `domain.intelligence.meeting.keep_board`."""

    def found(state: Meeting, told: BoardKept) -> tuple[Event, ...]:
        items = tuple(dict.fromkeys(about(desk, reader, one) for one in shown))
        return meeting.keep_board(state, structs.replace(told, shown=items))

    return _say(
        desk,
        reader,
        "meeting.keep_board",
        board,
        which,
        found,
        case,
        None,
        told=[list(shown)],
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
    """Keep the people for decision as they are shown at it: `to` are colleagues by their accounts,
    `facts` tells what the board follows from, as far as who shows it sees it. Raises Hidden, and
    Refused for a name that is no live account of the team, and as
    `domain.intelligence.meeting.show_people`."""
    board = BoardKept(UNNAMED, "list", "People for decision", ())

    def found(state: Meeting, told: BoardKept) -> tuple[Event, ...]:
        team = state.called.team if state.called else reader.team
        there = [colleague(desk, reader, one, *ATTENDING, team=team) for one in to]
        shown = structs.replace(told, to=tuple(dict.fromkeys(there)), facts=facts())
        return meeting.show_people(state, shown, desk.clock())

    return _say(
        desk,
        reader,
        "meeting.show_people",
        board,
        which,
        found,
        case,
        None,
        told=[list(to)],
        **command,
    )


def warning(desk: Desk, made: UUID) -> str | None:
    """What is said to the person who gave a task of support in words that ask for more; None where
    nothing is."""
    first = desk.logs["evidence"].history(made)[0].event
    asks = meeting.reads_as_police(first) if isinstance(first, Decided) else None
    if asks is None:
        return None
    return (
        f"{asks!r} asks for what no Parent Support Worker, parent or child is given to do. Meant "
        "so, it is a task of the police; where somebody does it already: source drift due"
    )


def _of_meeting(
    desk: Desk,
    reader: Reader,
    name: str,
    which: UUID | str,
    found: Callable[[Meeting], tuple[Event, ...]],
    body: object,
    **command: Unpack[Command],
) -> Receipt:
    return act_on(
        desk,
        reader,
        name,
        which,
        "meeting",
        Meeting(),
        meeting.evolve,
        found,
        body,
        **command,
    )


def _say(
    desk: Desk,
    reader: Reader,
    name: str,
    said: Said,
    which: str,
    found: Callable[[Meeting, Said], tuple[Event, ...]],
    case: str | None,
    subject: str | None,
    *,
    told: Sequence[object] = (),
    command_id: UUID | None = None,
    because_of: Sequence[str] = (),
) -> Receipt:
    """Record what is said at a meeting, in a stream of its own; the meeting and what it is about
    are looked up where the command is new."""
    command_id, causes = command_id or desk.new_random_id(), tuple(because_of)
    named = {"meeting": which, "case": case, "about": subject}
    body = [to_builtins(said) | named, *told, causes]
    if again := desk.repeated(command_id, name, body):
        return again
    require_command(reader, name)
    at = about(desk, reader, which, "meeting")
    fields: dict[str, UUID | None] = {"meeting": at}
    if case:
        fields["case"] = case_named(desk, reader, case)
    if subject:
        fields["about"] = about(desk, reader, subject, *SUBJECTS)
    state, _ = desk.standing(reader, at, Meeting(), meeting.evolve)
    events = found(state, structs.replace(said, **fields))
    return keep(desk, reader, name, events, command_id, causes, body)


def _known_team(desk: Desk, reader: Reader, team: str) -> None:
    """Raises Refused for a team that there is not, on a store whose teams are known."""
    if not reader.closed or team in reader.teams:
        return
    with desk.deciding() as db:
        names = [one.team for one in accounts.teams(db)]
    if team not in names:
        raise Refused(f"there is no team {team!r}: {', '.join(names)}", field="team")


def _owner(desk: Desk, reader: Reader, decided: Decided, team: str) -> tuple[str, frozenset[Role]]:
    """Whose a decision is, and their roles (none where nobody's are known)."""
    name = colleague(desk, reader, decided.owner, "meet", team=team)
    with desk.deciding() as db:
        if not accounts.is_closed(db):
            return name, frozenset()
        theirs = accounts.reader(db, Reader(name, "", ""), desk.clock())
        subject = decided.case or decided.about
        if subject and not scope.one_seen(db, theirs, subject):
            raise Refused(
                f"{name} does not see what this is about: give it to somebody who does, or give "
                "them the family first (allocate)",
                field="owner",
            )
    return name, theirs.roles
