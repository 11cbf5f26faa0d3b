"""The page of a team's meeting. Its tabs are: the people about whom a decision is due, each with a
paragraph to read aloud; the changes since the last brief; the agenda or the minutes; and all
meetings. Readers see only the records that they may see.

The file is long because the tabs of one page share their state.
"""

from base64 import b64encode
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence, Sized
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import Response

from access.who_may import scope
from access.who_may.decide import require
from commands.kernel.colleague import colleagues
from commands.kernel.display_names import visible_names_with_children
from commands.people_and_teams import store_admin
from domain.forms.local import LONDON, format_day
from projections.intelligence import brief, meetings
from projections.intelligence.meetings import DecisionRow, MeetingRow
from projections.kernel.database import Db
from questions.intelligence import agenda, for_decision, news_sentences, spoken_people
from questions.intelligence import brief as by_item
from questions.intelligence.brief_aloud import MOST as READ_OUT
from questions.intelligence.brief_aloud import read_out
from questions.intelligence.for_decision import Row
from web.desk import act_pages
from web.site.field_parsing import moment as moment_of
from web.site.object_acts import Acts
from web.site.request_context import Looking, NotThere, Sending, Visit

router = APIRouter()
#: Number of rows of a list that the page shows at first; with `every` it shows all rows.
FIRST = 10
#: Number of lines of a part of the agenda, of meetings and of decisions that the page shows at
#: first.
LINES = 5
#: The largest number of meetings, and of decisions, that are listed.
MOST = 50
#: For each section of the page, the tab to which the user returns after an act in this section.
_TAB_OF = {"mine": "all", "decisions": "minutes", "agenda": "minutes", "to-decide": "decide"}
#: Parts of the agenda that are not on the tab of the agenda, because other tabs of the page show
#: them.
ON_OTHER_TABS = frozenset({"people for decision", "came in", "changed"})
NEW = timedelta(days=28)


@router.get("/meetings")
def current(visit: Looking, tab: str = "", days: int = 0, every: bool = False) -> Response:
    """Show the next meeting, or the last one if its minutes are not recorded yet. Without either,
    show the people about whom a decision is due."""
    with visit.reading() as db:
        rows = meetings.list_meetings(db, visit.reader)
    return _page(visit, _current(rows, visit), "/meetings", tab, days, every)


@router.get("/meetings/{meeting}")
def show_meeting(
    visit: Looking, meeting: UUID, tab: str = "", days: int = 0, every: bool = False
) -> Response:
    """Show the page of one meeting."""
    visit.require_kind(meeting, "meeting")
    with visit.reading() as db:
        row = meetings.get(db, visit.reader, meeting)
    if row is None:
        raise NotThere("meeting")
    return _page(visit, row, f"/meetings/{meeting}", tab, days, every)


@router.get("/meetings/do/{act}")
def act_form_of_all(visit: Looking, act: str, row: str = "") -> Response:
    """Show the form of an action that the reader chose on the page of all meetings. `row` is the id
    of the decision that the action is about."""
    with visit.desk.deciding() as db:
        owed = meetings.decisions(db, visit.reader, only_open=True)
    return act_pages.form(visit, _acts(visit, None, owed), "Meetings", act, row)


@router.get("/meetings/{meeting}/do/{act}")
def act_form(visit: Looking, meeting: UUID, act: str, row: str = "") -> Response:
    """Show the form of an action on a meeting, on one of its decisions, or on a person about whom
    it decides."""
    reader = visit.reader
    with visit.desk.deciding() as db:
        found_row = meetings.get(db, reader, meeting)
        if found_row is None:
            raise NotThere("meeting")
        decided = meetings.decisions(db, reader, meeting=meeting)
        person = _for_decision(db, visit, row)
    acts = _acts(visit, found_row, decided, [person] if person else [])
    return act_pages.form(visit, acts, f"Meeting of {format_day(found_row.starts)}", act, row)


def _for_decision(db: Db, visit: Visit, row: str) -> Row | None:
    """Return the person with the id `row`, if a decision about this person is due; otherwise
    None."""
    try:
        return for_decision.of_person(db, visit.reader, UUID(row), visit.now)
    except ValueError:
        return None


def _acts(
    visit: Visit,
    row: MeetingRow | None,
    decisions: Iterable[DecisionRow] = (),
    people: Iterable[Row] = (),
) -> Acts:
    """Return the actions that the reader may do on the page of the meeting `row` or, if it is None,
    on the page of all meetings. They include actions on `decisions`, and on `people` about whom a
    decision is due."""
    reader, address = visit.reader, f"/meetings/{row.id}" if row else "/meetings"
    acts = Acts(reader, address, section=lambda at: f"{address}?tab={_TAB_OF[at]}#{at}")
    if row is None:
        acts.add("meeting call", chair=visit.signed.name, team=reader.team)
    for decision in decisions:
        if decision.is_open:
            about: dict[str, Any] = {
                "decision": decision.id,
                "row": decision.id,
                "of": decision.words,
            }
            acts.add("meeting result", "decisions" if row else "mine", **about)
    if row is None or row.off is not None:
        return acts
    if not row.held and _has_begun(visit, row):
        owners = colleagues(visit.desk, reader, "meet", team=row.team)
        values = {"doer": "owner", "case": ""}
        for who in people:
            about = {"subject": who.id, "because_of": who.why, "row": who.id, "of": who.label}
            offers = {"owner": owners}
            acts.add(
                "meeting decide", "to-decide", meeting=row.id, told=values, offers=offers, **about
            )
    attending = {"owner": colleagues(visit.desk, reader, "see-meeting", team=row.team)}
    acts.add("meeting decide", "decisions", meeting=row.id, offers=attending)
    acts.add("meeting item", "agenda", meeting=row.id)
    for name in ("people", "board", *(() if row.held else ("held", "off"))):
        acts.add(f"meeting {name}", "decisions", meeting=row.id)
    return acts


@router.get("/meetings/{meeting}/people")
def people(visit: Looking, meeting: UUID) -> Response:
    """Redirect to the tab of the meeting's page that lists the people about whom a decision is
    due."""
    require(visit.reader, "see-network")
    return visit.go(f"/meetings/{meeting}?tab=decide")


@router.get("/brief")
@router.get("/brief/items")
def old_brief(visit: Looking, days: int = 0) -> Response:
    """Redirect from the former address of the brief to the tab with the changes on the meeting's
    page."""
    items = "&every=true" if visit.route == "/brief/items" else ""
    return visit.go(f"/meetings?tab=changed{f'&days={days}' if days else ''}{items}")


@router.post("/brief")
def hold_brief(visit: Sending, until: Annotated[str, Form()]) -> Response:
    """Record that the team has held its brief. The next brief begins at the moment `until`, up to
    which this page showed changes."""
    moment = moment_of(until) or visit.now
    store_admin.hold_brief(visit.desk, visit.reader, min(moment, visit.now))
    return visit.go(
        "/meetings?tab=changed", "Brief recorded as held. The next brief shows later changes."
    )


def _current(rows: Sequence[MeetingRow], visit: Visit) -> MeetingRow | None:
    """Return the meeting that the page shows: the latest one that has begun and has no minutes, or
    else the next one. Other teams' meetings count only if the reader's own team has none."""
    waiting = [row for row in rows if row.state == "to come"]
    own = [row for row in waiting if row.team == visit.reader.team] or waiting
    begun = [row for row in own if _day(row.starts) <= visit.today()]
    return begun[0] if begun else own[-1] if own else None


def _has_begun(visit: Visit, row: MeetingRow) -> bool:
    """Return whether decisions of this meeting can already be recorded, which is possible from its
    day on."""
    return _day(row.starts) <= visit.today()


def _day(moment: datetime) -> date:
    return moment.astimezone(LONDON).date()


def _page(
    visit: Visit, row: MeetingRow | None, address: str, tab: str, days: int, include_all: bool
) -> Response:
    """Show one tab of a meeting's page. Raises NotThere for a tab that the reader does not have."""
    tabs = {}
    if visit.may_ever("see-network") and not (row and (row.held or row.off is not None)):
        tabs["decide"] = "To decide"
    if row:
        tabs["minutes"] = "Minutes" if row.held else "Agenda and decisions"
    if visit.may_ever("brief"):
        tabs["changed"] = "What changed"
    tabs["all"] = "All meetings"
    tab = tab or next(iter(tabs))
    if tab == "decide" and row and row.held:
        tab = "minutes"
    if tab not in tabs:
        raise NotThere("page")
    show = {"decide": _decide, "minutes": _minutes, "changed": _changed, "all": _all}[tab]
    return visit.page(
        "desk/meeting.html",
        row=row,
        tabs=tabs,
        tab=tab,
        address=address,
        days=days,
        every=include_all,
        first=FIRST,
        today=visit.today(),
        begun=bool(row and _has_begun(visit, row)),
        **show(visit, row, days, include_all),
    )


def _decide(visit: Visit, row: MeetingRow | None, days: int, include_all: bool) -> dict[str, Any]:
    """Return the values of the tab with the people about whom a decision is due, with the
    paragraphs to read aloud, the decisions about them and the news."""
    visit.asks = "network for-decision"
    reader = visit.reader
    with visit.desk.deciding() as db:
        if include_all:
            people = for_decision.list_people(db, reader, visit.now).rows
            number = len(people)
        else:
            people, number = for_decision.list_first(db, reader, visit.now, FIRST)
        spoken = spoken_people.read_aloud(visit.desk, db, [reader], people, visit.now)
        decided = meetings.decisions(db, reader, meeting=row.id) if row else []
        since = brief.read_last_held(db, reader) or visit.now - NEW
        news = news_sentences.news(db, reader, since, visit.now)
        names = _names(db, visit, decided)
    of_whom = defaultdict(list)
    for decision in decided:
        of_whom[decision.about].append(decision)
    waiting = {person.row.id for person in spoken}
    team = row.team if row else reader.team
    return {
        "people": spoken,
        "more": number - len(people),
        "order": spoken_people.order(people),
        "of_whom": of_whom,
        "done": [decision_row for decision_row in decided if decision_row.about not in waiting],
        "names": names,
        "since": since,
        "news": news,
        "acts": _acts(visit, row, people=[person.row for person in spoken]),
        "attending": colleagues(visit.desk, reader, "see-meeting", team=team),
    }


def _minutes(visit: Visit, row: MeetingRow | None, days: int, include_all: bool) -> dict[str, Any]:
    """Return the values of the tab that shows a meeting's agenda before the meeting and its minutes
    afterwards: the decisions, and the maps that were shown."""
    visit.asks = "meeting minutes"
    if row is None:
        raise NotThere("page")
    reader = visit.reader
    with visit.desk.deciding() as db:
        lines: Sequence[agenda.Line] = ()
        if row.state == "to come":
            full_agenda = agenda.agenda(visit.desk, db, reader, row, visit.now)
            lines = [line for line in full_agenda.lines if line.part not in ON_OTHER_TABS]
        decided = meetings.decisions(db, reader, meeting=row.id)
        boards = meetings.boards(db, reader, row.id)
        items = row.agenda if include_all else row.agenda[:FIRST]
        names = _names(db, visit, decided, *(board.shown for board in boards), items)
    parts = [
        (part, list(part_lines)) for part, part_lines in groupby(lines, lambda line: line.part)
    ]
    return {
        "parts": [
            (part, part_lines if include_all else part_lines[:LINES], len(part_lines))
            for part, part_lines in parts
        ],
        "decided": decided if include_all else decided[:FIRST],
        "more": len(decided) - FIRST,
        "boards": boards,
        "items": [(item, names[item]) for item in items if item in names],
        "names": names,
        "acts": _acts(visit, row, decided),
    }


def _changed(visit: Visit, row: MeetingRow | None, days: int, include_all: bool) -> dict[str, Any]:
    """Return the values of the tab with the brief: the changes since the last meeting that was
    held, or in the last `days`. With `include_all`, all its rows are included."""
    visit.asks = "brief"
    reader = visit.reader
    with visit.desk.deciding() as db:
        since = _since(visit, db, days)
        changes = read_out(visit.desk, db, reader, since, visit.now, maps=include_all)
        items = seen = None
        if include_all:
            items = by_item.by_item(visit.desk, db, reader, since, visit.now, READ_OUT)
            seen = scope.visible_items(
                db, reader, {item.id for _, part_rows, _ in items.parts for item in part_rows}
            )
    parts = changes.parts if include_all else changes.first(FIRST, LINES)
    news, more = changes.brief, changes.brief.more
    return {
        "told": changes,
        "parts": parts,
        "more": len(changes.sentences) - sum(len(part.sentences) for part in parts),
        "counts": (
            f"{_many(news.new, more.new)} new",
            f"{_many(news.changed, more.changed)} changed",
            f"{_many(news.undecided, more.undecided)} undecided",
        ),
        "items": items,
        "seen": seen,
        "drawn": _drawn,
    }


def _many(shown: Sized, more: int) -> str:
    """Return the number of shown rows as text, or "more than" this number if there are more."""
    return f"more than {len(shown)}" if more else str(len(shown))


def _all(visit: Visit, row: MeetingRow | None, days: int, include_all: bool) -> dict[str, Any]:
    """Return the meetings of the reader's teams, and their decisions without a result yet."""
    visit.asks = "meeting list"
    with visit.reading() as db:
        rows = meetings.list_meetings(db, visit.reader)
        owed = meetings.decisions(db, visit.reader, only_open=True)
        names = _names(db, visit, owed)
    most = MOST if include_all else LINES
    mine = [listed_row for listed_row in owed if listed_row.owner == visit.reader.name]
    others = [listed_row for listed_row in owed if listed_row.owner != visit.reader.name]
    coming = [listed_row for listed_row in reversed(rows) if listed_row.state == "to come"]
    past = [listed_row for listed_row in rows if listed_row.held]
    return {
        "coming": coming[:most],
        "past": past[:most],
        "mine": mine[:most],
        "others": others[:most],
        "more": any(len(group) > most for group in (coming, past, mine, others)),
        "acts": _acts(visit, None, mine),
        "names": names,
    }


def _names(
    db: Db, visit: Visit, rows: Collection[DecisionRow], *more: Collection[UUID]
) -> dict[UUID, str]:
    """Return the names of all items that these decisions mention (cases, people, causes and
    results), and of the items in `more`, by id."""
    ids = {
        item
        for row in rows
        for item in (row.case, row.about, *row.rests_on, *row.became)
        if item is not None
    }
    return visible_names_with_children(db, visit.reader, ids.union(*more))


def _since(visit: Visit, db: Db, days: int) -> datetime | None:
    """Return the moment after which a brief begins: `days` ago, or by default the end of the last
    brief that was held. Return None if none was held."""
    if days > 0:
        return visit.now - timedelta(days=min(days, 3650))
    return brief.read_last_held(db, visit.reader)


def _drawn(svg: str) -> str:
    """Return a drawn map (SVG) as a `data:` address for an image. Inside an image, scripts and
    links of the map have no effect."""
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
