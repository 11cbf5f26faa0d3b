"""List due items, and record answers to them: done, or postponed. An audit is answered by agreeing,
or by sending the entry back.

The file is long because every kind of answer meets the same checks.
"""

import dataclasses
from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from access.who_may.decide import decide
from access.who_may.scope import hidden_error
from commands.data_protection import copies
from commands.families import safe_contact
from commands.intelligence import standing_watch
from commands.kernel.colleague import open_accounts
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
from projections.due.rows import AUDIT, HOLD, REVIEW, SILENCE, URGENT, WORDS, DueRow
from projections.due.standing_watches import CAME_TRUE
from projections.families import cases
from projections.families import supervision as supervisions
from projections.kernel.database import Db
from projections.kernel.queries import COUNTED
from projections.people_and_teams import accounts


def list_due(desk: Desk, reader: Reader, now: datetime, due_filter: DueFilter) -> list[DueItem]:
    """Return all due items that match the filter, soonest first. Raises LogUnavailable."""
    return page(desk, reader, now, due_filter, most=None)[0]


def page(
    desk: Desk,
    reader: Reader,
    now: datetime,
    due_filter: DueFilter,
    *,
    skip: int = 0,
    most: int | None,
) -> tuple[list[DueItem], int]:
    """Return at most `most` due items with their names, soonest first, after the first `skip`
    items; and the number of all due items. The number is exact up to the constant `COUNTED`, or up
    to `skip + most` if this is more, because counting stops above it. Raises LogUnavailable.
    """
    due_filter = with_policy(desk, due_filter)
    with desk.looked(view.LOOKED_VIEW) as db:
        due_filter = with_lost(db, due_filter)
        rows = view.page(db, reader, now, due_filter, skip=skip, most=most)
        total = len(rows)
        if most is not None:
            total = view.count(db, reader, now, due_filter, most=max(COUNTED, skip + most))
        return _complete(desk, db, reader, rows), total


def without_names(
    desk: Desk, reader: Reader, now: datetime, due_filter: DueFilter, most: int
) -> list[DueItem]:
    """Return at most `most` due items without names, soonest first; `with_names` adds the names to
    the items that are shown. Raises LogUnavailable.
    """
    due_filter = with_policy(desk, due_filter)
    with desk.looked(view.LOOKED_VIEW) as db:
        return view.page(db, reader, now, with_lost(db, due_filter), most=most)


def with_names(desk: Desk, reader: Reader, rows: list[DueItem]) -> list[DueItem]:
    """Return due items with their names and wording added. Raises LogUnavailable."""
    with desk.asking() as db:
        return _complete(desk, db, reader, rows)


def next_of_cases(
    desk: Desk, db: Db, reader: Reader, now: datetime, cases: Collection[UUID]
) -> dict[UUID, DueItem]:
    """Return the soonest due item of each of these cases, with its wording."""
    found_items = view.next_of_cases(db, reader, now, with_policy(desk, DueFilter()), cases)
    worded = _with_wording(db, reader, list(found_items.values()))
    return {row.case: row for row in worded if row.case}


def count(desk: Desk, reader: Reader, now: datetime, due_filter: DueFilter) -> int:
    """Return the number of due items that match the filter. The number is exact up to the constant
    `COUNTED`, because counting stops above it. Raises LogUnavailable.
    """
    with desk.looked(view.LOOKED_VIEW) as db:
        return view.count(db, reader, now, with_lost(db, with_policy(desk, due_filter)))


def with_lost(db: Db, due_filter: DueFilter) -> DueFilter:
    """Return the filter of due items. A filter for the reader's own items also gets the items of
    users who left or lost their role, because other people have to meet their deadlines.
    """
    return (
        dataclasses.replace(due_filter, lost=accounts.clocks_lost(db))
        if due_filter.mine
        else due_filter
    )


def _complete(desk: Desk, db: Db, reader: Reader, rows: list[DueItem]) -> list[DueItem]:
    """Return these due items with the names of their subjects, and with the sentences that tell
    workers what to do.
    """
    return _with_wording(db, reader, _with_item_names(desk, db, reader, rows))


def _with_wording(db: Db, reader: Reader, named: list[DueItem]) -> list[DueItem]:
    """Return due items, each with a sentence for the worker that says what to do. If a suspect may
    hear a call to the family, even a suspect recorded after the last contact, the sentence does not
    prompt the worker to call. The sentence about a standing pattern gives the links that matched.
    """
    prompting = {row.case for row in named if row.clock == SILENCE or row.clock in CONTACTING}
    unsafe = unsafe_among(db, reader, {case for case in prompting if case})
    true = {row.item for row in named if row.clock == CAME_TRUE}
    lines = standing_watch.describe_matches(db, reader, true) if true else {}

    def told(row: DueItem) -> DueItem:
        if row.item in lines:
            return replace(row, what=lines[row.item])
        if row.case not in unsafe:
            return row
        if row.clock == SILENCE:
            return view.unsafe(row)
        return replace(row, what=f"{row.what}; {NOT_THERE}") if row.clock in CONTACTING else row

    return [told(row) for row in named]


def _with_item_names(desk: Desk, db: Db, reader: Reader, rows: list[DueItem]) -> list[DueItem]:
    """Return due items with the names of their subject and family."""
    names = names_with_children(db, reader, {row.item for row in rows})
    if papers := {row.item for row in rows if row.clock == COPY}:
        names |= {
            copied.id: Name(copied.printed_name)
            for copied in copies.copies_in_certificate(desk, papers)
        }
    if of_workers := {row.item for row in rows if row.clock in OF_WORKERS}:
        live = open_accounts(db)
        workers = cases.workers(db) if live is None else live
        owners_by_item = {supervision.stream(worker): worker for worker in workers}
        owners_by_item |= supervisions.workers(
            db, reader, of_workers
        )  # include the items of workers who left
        owners_by_item |= {
            row.item: row.owner for row in rows if row.clock == "charter" and row.owner
        }
        names |= {
            worker: Name(owners_by_item[worker])
            for worker in of_workers
            if worker in owners_by_item
        }
    return [
        replace(row, about=name.said, case=name.case, shown=name.of)
        if (name := names.get(row.item))
        else row
        for row in rows
    ]


def unsafe_among(db: Db, reader: Reader, families: Collection[UUID]) -> set[UUID]:
    """Return the families whose calls a suspect may hear, or whose messages a suspect may read."""
    return safe_contact.unsafe_cases(db, reader, cases.children_among(db, reader, (), families))


def list_overdue(
    desk: Desk, db: Db, reader: Reader, since: datetime | None, now: datetime, most: int | None
) -> tuple[list[DueItem], int]:
    """Return at most `most` overdue, unanswered items, oldest first; with `since`, only items that
    became overdue after that moment. Also return the number of all such items. Without a limit
    (`most` is None) this number is exact; otherwise counting stops above the constant `COUNTED`.
    """
    due_filter = with_policy(desk, DueFilter(past=True, past_since=since))
    rows = view.page(db, reader, now, due_filter, most=most)
    total = len(rows) if most is None else view.count(db, reader, now, due_filter)
    return _complete(desk, db, reader, rows), total


#: Types of deadline that concern a worker and no family.
OF_WORKERS: tuple[Clock, ...] = ("supervision", "charter")
#: Types of deadline for items that have no page of their own.
OF_NO_ITEM: tuple[Clock, ...] = (*OF_WORKERS, COPY)
#: Types of deadline for items that need a decision, and so stay in the list however long they are
#: overdue.
WAITING: tuple[Clock, ...] = (
    "danger-now",
    "missing-child",
    "urgent-words",
    "words-waiting",
    "unallocated-child",
)


def list_between(
    desk: Desk,
    db: Db,
    reader: Reader,
    since: datetime | None,
    until: datetime,
    now: datetime,
    most: int,
    but: frozenset[Clock],
) -> tuple[list[DueItem], bool]:
    """Return due items together in due order, and whether there are more. They are, first, at most
    `most` items that became due after `since` and up to `until`, without the types of deadline in
    `but`; and, second, at most `most` items of each type in `WAITING`, which need a decision,
    however long they are overdue. If `since` is None, only the first kind is returned, with all
    items due up to `until`. The items have no names; `with_family_names` adds them.
    """
    parts = [
        DueFilter(past_since=since, but=but),
        *(DueFilter(clock=clock) for clock in WAITING if since),
    ]
    filters = [with_policy(desk, part) for part in parts]
    pages = view.pages(db, reader, now, filters, most + 1)
    due_pages = [[row for row in some if row.due <= until] for some in pages]
    rows = {row.id: row for some in due_pages for row in some[:most]}
    in_order = sorted(rows.values(), key=lambda row: (row.due, row.since, row.id))
    return in_order, any(len(some) > most for some in due_pages)


def with_family_names(
    desk: Desk, db: Db, reader: Reader, rows: list[DueItem], filed: Mapping[UUID, UUID]
) -> list[DueItem]:
    """Return due items with their names and wording. `filed` gives the case for some of the items:
    these get the name of their case, all others their own name.
    """
    others = [row for row in rows if row.item not in filed]
    named = {row.id: row for row in _with_item_names(desk, db, reader, others)}
    filed_rows = [named.get(row.id) or replace(row, case=filed[row.item]) for row in rows]
    return _with_wording(db, reader, filed_rows)


def with_policy(desk: Desk, due_filter: DueFilter) -> DueFilter:
    """Return the filter of due items with the force's own deadlines for log entries."""
    return dataclasses.replace(
        due_filter, after={URGENT: desk.policy.urgent, WORDS: desk.policy.other}
    )


def answer(
    desk: Desk,
    reader: Reader,
    which: UUID | str,
    reply: DueAnswer,
    reason: str,
    *,
    until: datetime | None = None,
    command_id: UUID | None = None,
) -> Receipt:
    """Answer a due item, which `which` names by its id or the end of the id. The answer to an audit
    agrees with a "no value" decision, or sends the entry back into the queue. The answer to the
    review of an urgent disclosure confirms that the disclosure was right (if it was wrong,
    `commands.intelligence.release.review` records this). The receipt is for the log entry if an
    audit was answered, and otherwise for the answer.

    Raises Hidden if nothing with that id is due. Raises Refused if the deadline does not allow this
    answer, or if a person would audit their own decision.
    """
    command_id = command_id or desk.new_random_id()
    body = [which, reply, reason, until]
    if again := desk.repeated(
        command_id,
        "due.answer",
        body,
        former=lambda: [_resolve_ever_due(desk, reader, str(which)), reply, reason, until],
    ):
        return again
    row = resolve_due(desk, reader, str(which))
    stream, made = _decided(desk, reader, row, reply, reason, until)
    submission = Submission(command_id, desk.digest("due.answer", body), made)
    return desk.save([Prepared(stream, {"evidence": submission}, reader)])[0]


def resolve_due(desk: Desk, reader: Reader, which: str) -> DueRow:
    """Return the due item whose id is or ends with `which`. Raises Hidden if the reader sees no
    such item."""
    item = _resolve_ever_due(desk, reader, which)
    with desk.deciding() as db:
        row = view.get(db, reader, item)
    if row is None:
        raise hidden_error("thing due", which)
    return row


def _resolve_ever_due(desk: Desk, reader: Reader, which: str) -> UUID:
    """Return the id of an item that is or was due, from its id or the end of the id. Raises Hidden
    if there is no such item.
    """
    with desk.deciding() as db:
        found_items = view.named(db, reader, which)
    if len(found_items) != 1:
        raise hidden_error("thing due", which)
    return found_items[0]


def _decided(
    desk: Desk,
    reader: Reader,
    row: DueRow,
    reply: DueAnswer,
    reason: str,
    until: datetime | None,
) -> tuple[UUID, tuple[Fact, ...]]:
    if row.clock == AUDIT:
        state, version = desk.fold(row.item, Observation(), observation.evolve)
        answers: dict[str, Audit] = {"agree": "agree", "assess": "assess"}
        audited = observation.audit(
            state, answers.get(reply), reason, by=reader.name, decider=_decider(desk, row.item)
        )
        return row.item, facts(reader, row.item, version, audited)
    if row.clock == REVIEW:
        if reply != "done":
            raise Refused(
                "an access review cannot be postponed: review the access, answer done, and "
                "write the findings",
                field="answer",
            )
        shared, version = desk.fold(row.item, Release(), release.evolve)
        reviewed = release.review(shared, reader.name, "right", reason)
        return row.item, facts(reader, row.item, version, reviewed)
    _require_answerable(reader, row, reply)
    if row.clock == HOLD:
        hold, version = desk.fold(row.item, Hold(), legal_hold.evolve)
        # the hold has a stream of its own; an earlier release recorded holds in the held item's
        # stream
        if hold.query:
            if reply != "again" or until is None:
                raise Refused(
                    "a legal hold that is not lifted needs a next review: give its day, or "
                    "propose to lift the "
                    "hold",
                    field="until" if reply == "again" else "answer",
                )
            events = legal_hold.review(hold, until, reason, reference=None, now=desk.clock())
            return row.item, facts(reader, row.item, version, events)
    log = desk.logs["evidence"]
    events = deadline.answer(row.item, row.clock, reply, reason, until, desk.clock())
    return row.id, facts(reader, row.id, len(log.history(row.id)), events)


def allowed_answers(reader: Reader, row: DueRow | DueItem) -> tuple[DueAnswer, ...]:
    """Return the answers that this reader may give to a due item; none if another command ends its
    deadline.
    """
    if row.clock == AUDIT:
        return ("agree", "assess") if decide(reader, "triage").allowed else ()
    if row.clock == REVIEW:
        return ("done",) if decide(reader, "disseminate").allowed else ()
    either: tuple[DueAnswer, ...] = ("done", "again")
    return tuple(allowed for allowed in either if _refusal(reader, row, allowed) is None)


def _require_answerable(reader: Reader, row: DueRow, reply: DueAnswer) -> None:
    """Raise Refused if a due item cannot be answered in this way: another command has to end the
    deadline, its date cannot be postponed, or the reader may neither answer nor postpone it.
    """
    if against := _refusal(reader, row, reply):
        raise against


def _refusal(reader: Reader, row: DueRow | DueItem, reply: DueAnswer) -> Refused | None:
    rule = CLOCKS[row.clock]
    if rule.done_by and (reply != "again" or not rule.extends):
        return Refused(f"it is answered by {rule.done_by.format(item=row.item)}", field="answer")
    if reply == "again" and not rule.extends:
        return Refused(f"nobody puts this off: {rule.says}", field="answer")
    theirs = rule.extends if reply == "again" else (rule.role, *rule.chain, *rule.extends)
    if not reader.closed or reader.roles & set(theirs):
        return None
    if reply != "again" and row.owner == reader.name:
        return None
    action = "put off" if reply == "again" else "answered"
    return Denied(f"this is {action} by: {', '.join(theirs)}")


def _decider(desk: Desk, item: UUID) -> str:
    """Return the name of the last person who decided that this log entry has no value."""
    history = desk.logs["evidence"].history(item)
    return [fact.by for fact in history if isinstance(fact.event, ObservationTriaged)][-1]
