"""Answering what is due: done, or again on another day; an audit agrees or sends words back.

Long because every kind of answer meets the same checks.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from access.who_may.decide import decide
from access.who_may.scope import not_there
from commands.data_protection import copies
from commands.families import safe_contact
from commands.intelligence import standing_pattern
from commands.kernel.colleague import working
from commands.kernel.display_names import Name, names_with_children
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Desk, Receipt, facts
from domain.clocks import CLOCKS, CONTACTING, NOT_THERE
from domain.data_protection import legal_hold
from domain.data_protection.legal_hold import Hold
from domain.families import supervision
from domain.information import observation
from domain.information.observation import Audit, Observation, ObservationTriaged
from domain.intelligence import release
from domain.intelligence.release import Release
from domain.kernel.codes import Clock, DueAnswer
from domain.kernel.envelope import Fact, Submission
from domain.kernel.values import Denied, Reader, Refused
from domain.people_and_teams import deadline
from projections import due as view
from projections.due import DueFilter, DueItem
from projections.due.looked import COPY
from projections.due.patterns import CAME_TRUE
from projections.due.rows import AUDIT, HOLD, REVIEW, SILENCE, URGENT, WORDS, DueRow
from projections.families import cases
from projections.families import supervision as supervisions
from projections.kernel.database import Db
from projections.kernel.queries import COUNTED
from projections.people_and_teams import accounts


def listed(desk: Desk, reader: Reader, now: datetime, asked: DueFilter) -> list[DueItem]:
    """All that is due and asked for, soonest first. Raises LogUnavailable."""
    return page(desk, reader, now, asked, most=None)[0]


def page(
    desk: Desk,
    reader: Reader,
    now: datetime,
    asked: DueFilter,
    *,
    skip: int = 0,
    most: int | None,
) -> tuple[list[DueItem], int]:
    """So many of what is due behind so many others, soonest first, each called by its name; and how
    many there are, exact as far as one further than is shown, and up to `COUNTED`. Raises
    LogUnavailable."""
    asked = by_policy(desk, asked)
    with desk.looked(view.LOOKED_VIEW) as db:
        asked = with_lost(db, asked)
        rows = view.page(db, reader, now, asked, skip=skip, most=most)
        total = len(rows)
        if most is not None:
            total = view.count(db, reader, now, asked, most=max(COUNTED, skip + most))
        return _told(desk, db, reader, rows), total


def count(desk: Desk, reader: Reader, now: datetime, asked: DueFilter) -> int:
    """How much is due of what is asked for, exact up to `COUNTED`. Raises LogUnavailable."""
    with desk.looked(view.LOOKED_VIEW) as db:
        return view.count(db, reader, now, with_lost(db, by_policy(desk, asked)))


def with_lost(db: Db, asked: DueFilter) -> DueFilter:
    """The same, with those whose clocks pass to others."""
    return replace(asked, lost=accounts.clocks_lost(db)) if asked.mine else asked


def _told(desk: Desk, db: Db, reader: Reader, rows: list[DueItem]) -> list[DueItem]:
    """The rows, each called by its name and in its words."""
    return _worded(db, reader, _named(desk, db, reader, rows))


def _worded(db: Db, reader: Reader, named: list[DueItem]) -> list[DueItem]:
    """The rows, each in the words that its reader may act on: a worker is not prompted to contact a
    silent family that a suspect may hear, whether that was known when they were contacted last or
    came out since; and of a pattern it is said what came true."""
    prompting = {row.case for row in named if row.clock == SILENCE or row.clock in CONTACTING}
    unsafe = unsafe_among(db, reader, {case for case in prompting if case})
    true = {row.item for row in named if row.clock == CAME_TRUE}
    lines = standing_pattern.said(db, reader, true) if true else {}

    def told(row: DueItem) -> DueItem:
        if row.item in lines:
            return replace(row, what=lines[row.item])
        if row.case not in unsafe:
            return row
        if row.clock == SILENCE:
            return view.unsafe(row)
        return replace(row, what=f"{row.what}; {NOT_THERE}") if row.clock in CONTACTING else row

    return [told(row) for row in named]


def _named(desk: Desk, db: Db, reader: Reader, rows: list[DueItem]) -> list[DueItem]:
    """The rows with what each is about, and of which family."""
    names = names_with_children(db, reader, {row.item for row in rows})
    if papers := {row.item for row in rows if row.clock == COPY}:
        names |= {one.id: Name(one.called) for one in copies.named(desk, papers)}
    if of_workers := {row.item for row in rows if row.clock in OF_WORKERS}:
        live = working(db)
        workers = cases.workers(db) if live is None else live
        known = {supervision.stream(worker): worker for worker in workers}
        known |= supervisions.workers(db, reader, of_workers)  # also who left since
        known |= {row.item: row.owner for row in rows if row.clock == "charter" and row.owner}
        names |= {one: Name(known[one]) for one in of_workers if one in known}
    return [
        replace(row, about=name.said, case=name.case, shown=name.of)
        if (name := names.get(row.item))
        else row
        for row in rows
    ]


def unsafe_among(db: Db, reader: Reader, families: Collection[UUID]) -> set[UUID]:
    """Those of these families whom a suspect may hear or read."""
    return safe_contact.unsafe(db, reader, cases.children_among(db, reader, (), families))


def went_past(
    desk: Desk, db: Db, reader: Reader, since: datetime | None, now: datetime, most: int | None
) -> tuple[list[DueItem], int]:
    """What went past after a moment (None: ever) and is not answered, the oldest first, so many of
    it; and how much there is, as `counted` says it."""
    asked = by_policy(desk, DueFilter(past=True, past_since=since))
    rows = view.page(db, reader, now, asked, most=most)
    total = len(rows) if most is None else view.count(db, reader, now, asked)
    return _told(desk, db, reader, rows), total


#: What is due about a worker, and of no family.
OF_WORKERS: tuple[Clock, ...] = ("supervision", "charter")
#: What has no page of its own as an item.
OF_NO_ITEM: tuple[Clock, ...] = (*OF_WORKERS, COPY)
#: What is decided about for as long as it waits, however long it is past.
WAITING: tuple[Clock, ...] = (
    "danger-now",
    "missing-child",
    "urgent-words",
    "words-waiting",
    "unallocated-child",
)


def between(
    desk: Desk,
    db: Db,
    reader: Reader,
    since: datetime | None,
    until: datetime,
    now: datetime,
    most: int,
    but: frozenset[Clock],
) -> tuple[list[DueItem], bool]:
    """What was or is due between two moments (since ever: None), `but` by these clocks, and all
    that waits for a decision, soonest first; so many of each, called by nothing yet
    (`of_families`); and whether there is more of any."""
    parts = [
        DueFilter(past_since=since, but=but),
        *(DueFilter(clock=one) for one in WAITING if since),
    ]
    asked = [by_policy(desk, part) for part in parts]
    found = view.pages(db, reader, now, asked, most + 1)
    each = [[row for row in some if row.due <= until] for some in found]
    rows = {row.id: row for some in each for row in some[:most]}
    in_order = sorted(rows.values(), key=lambda row: (row.due, row.since, row.id))
    return in_order, any(len(some) > most for some in each)


def of_families(
    desk: Desk, db: Db, reader: Reader, rows: list[DueItem], filed: Mapping[UUID, UUID]
) -> list[DueItem]:
    """The rows in their words: those whose item is `filed` in a case, of that case; and the others
    called by their names."""
    others = [row for row in rows if row.item not in filed]
    named = {row.id: row for row in _named(desk, db, reader, others)}
    each = [named.get(row.id) or replace(row, case=filed[row.item]) for row in rows]
    return _worded(db, reader, each)


def by_policy(desk: Desk, asked: DueFilter) -> DueFilter:
    """The same, words by the time that the force gives them."""
    return replace(asked, after={URGENT: desk.policy.urgent, WORDS: desk.policy.other})


def answer(
    desk: Desk,
    reader: Reader,
    which: UUID | str,
    said: DueAnswer,
    reason: str,
    *,
    until: datetime | None = None,
    command_id: UUID | None = None,
) -> Receipt:
    """Answer what is due, named by its id or the end of it. An audited "no value" is agreed with,
    or should have been assessed: then the words wait in the queue again; what was shared at once
    was right (what was wrong is said where it was shared: `commands.intelligence.release.review`).
    The receipt is that of the words, or of the answer.

    Raises Hidden where nothing of that id is due, Refused for an answer that its clock does not
    take, and where the person who decided would audit their own decision.
    """
    command_id = command_id or desk.new_random_id()
    body = [which, said, reason, until]
    if again := desk.repeated(
        command_id,
        "due.answer",
        body,
        former=lambda: [_found(desk, reader, str(which)), said, reason, until],
    ):
        return again
    row = named(desk, reader, str(which))
    stream, made = _decided(desk, reader, row, said, reason, until)
    submission = Submission(command_id, desk.digest("due.answer", body), made)
    return desk.save([Prepared(stream, {"evidence": submission}, reader)])[0]


def named(desk: Desk, reader: Reader, which: str) -> DueRow:
    """What is due under this id, or the end of one. Raises Hidden."""
    one = _found(desk, reader, which)
    with desk.deciding() as db:
        row = view.get(db, reader, one)
    if row is None:
        raise not_there("thing due", which)
    return row


def _found(desk: Desk, reader: Reader, which: str) -> UUID:
    """The id of what is due, or was. Raises Hidden."""
    with desk.deciding() as db:
        found = view.named(db, reader, which)
    if len(found) != 1:
        raise not_there("thing due", which)
    return found[0]


def _decided(
    desk: Desk,
    reader: Reader,
    row: DueRow,
    said: DueAnswer,
    reason: str,
    until: datetime | None,
) -> tuple[UUID, tuple[Fact, ...]]:
    if row.clock == AUDIT:
        state, version = desk.fold(row.item, Observation(), observation.evolve)
        answers: dict[str, Audit] = {"agree": "agree", "assess": "assess"}
        audited = observation.audit(
            state, answers.get(said), reason, by=reader.name, decider=_decider(desk, row.item)
        )
        return row.item, facts(reader, row.item, version, audited)
    if row.clock == REVIEW:
        if said != "done":
            raise Refused(
                "it is looked at within its day: done, with what was found", field="answer"
            )
        shared, version = desk.fold(row.item, Release(), release.evolve)
        reviewed = release.review(shared, reader.name, "right", reason)
        return row.item, facts(reader, row.item, version, reviewed)
    _may(reader, row, said)
    if row.clock == HOLD:
        held, version = desk.fold(row.item, Hold(), legal_hold.evolve)
        if held.query:  # today's, and none that an earlier release recorded beside its item
            if said != "again" or until is None:
                raise Refused(
                    "a hold that stands comes again: say when, or propose to lift it",
                    field="until" if said == "again" else "answer",
                )
            events = legal_hold.review(held, until, reason, reference=None, now=desk.clock())
            return row.item, facts(reader, row.item, version, events)
    log = desk.logs["evidence"]
    events = deadline.answer(row.item, row.clock, said, reason, until, desk.clock())
    return row.id, facts(reader, row.id, len(log.history(row.id)), events)


def answers(reader: Reader, one: DueRow | DueItem) -> tuple[DueAnswer, ...]:
    """What this reader may answer here; nothing where another command ends it."""
    if one.clock == AUDIT:
        return ("agree", "assess") if decide(reader, "triage").allowed else ()
    if one.clock == REVIEW:
        return ("done",) if decide(reader, "disseminate").allowed else ()
    either: tuple[DueAnswer, ...] = ("done", "again")
    return tuple(said for said in either if _against(reader, one, said) is None)


def _may(reader: Reader, row: DueRow, said: DueAnswer) -> None:
    """Raises Refused for what another command ends, for a date that nobody puts off, and for those
    who neither have to answer it nor may put it off."""
    if against := _against(reader, row, said):
        raise against


def _against(reader: Reader, one: DueRow | DueItem, said: DueAnswer) -> Refused | None:
    rule = CLOCKS[one.clock]
    if rule.done_by and (said != "again" or not rule.extends):
        return Refused(f"it is answered by {rule.done_by.format(item=one.item)}", field="answer")
    if said == "again" and not rule.extends:
        return Refused(f"nobody puts this off: {rule.says}", field="answer")
    theirs = rule.extends if said == "again" else (rule.role, *rule.chain, *rule.extends)
    if not reader.closed or reader.roles & set(theirs):
        return None
    if said != "again" and one.owner == reader.name:
        return None
    what = "put off" if said == "again" else "answered"
    return Denied(f"this is {what} by: {', '.join(theirs)}")


def _decider(desk: Desk, item: UUID) -> str:
    """Who decided last that these words have no value."""
    history = desk.logs["evidence"].history(item)
    return [fact.by for fact in history if isinstance(fact.event, ObservationTriaged)][-1]
