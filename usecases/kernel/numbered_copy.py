"""Paper copies: each copy has a number and belongs to one colleague until a day. A copy is recorded
before it is printed."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from access.who_may import decide, scope
from commands.data_protection import copies as copy_commands
from commands.data_protection import exporting
from commands.kernel import colleague
from domain.data_protection import copies
from domain.forms.intervals import LONDON
from domain.kernel.envelope import CommandReused
from domain.kernel.values import Reader, Refused
from projections.people_and_teams import accounts
from usecases.kernel.paper import CopyMark, Paper, typeset
from usecases.kernel.question import Question
from usecases.kernel.workbook import describe_question

if TYPE_CHECKING:
    from commands.kernel.unit_of_work import Desk

#: How often a paper copy is made again because another copy has taken its number meanwhile.
TRIES = 20


def printed(
    question: Question,
    desk: "Desk",
    reader: Reader,
    now: datetime,
    consulted: Callable[[Sequence[UUID]], None],
    *,
    recipient: str | None = None,
    destroy_by: date | None = None,
    purpose: str | None = None,
    synthetic: bool = False,
) -> bytes:
    """Return the answer to a question as a numbered PDF for a colleague (by default the reader).
    The recipient has to destroy it by a day (by default in 28 days). `consulted` records the items
    in the access log before the copy itself is recorded.

    Raises Denied if the reader's role may not print this answer. Raises Refused if the day is in
    the past, if the colleague has no live account that may see meetings of the team, or if the
    colleague may not see everything in the answer. Raises LogUnavailable if the copy cannot be
    recorded.
    """
    decide.require_any(reader, *question.named.printed)
    last = copies.destroyed_by(destroy_by, now.astimezone(LONDON).date())
    named = (recipient or "").strip() or reader.name
    who = named
    if named != reader.name:
        who = colleague.colleague(desk, reader, named, "see-meeting", team=reader.team)
    paper = question.paper(desk, reader, now)
    _sees_all(question, desk, reader, now, who, paper)
    consulted(paper.ids)
    return _numbered(question, desk, reader, now, who, last, paper, purpose, synthetic=synthetic)


def printed_for_each(
    question: Question,
    paper_of: Callable[[Sequence[Reader]], Paper],
    desk: "Desk",
    reader: Reader,
    now: datetime,
    consulted: Callable[[Sequence[UUID]], None],
    attendees: Sequence[str],
    *,
    synthetic: bool = False,
) -> dict[str, bytes]:
    """Return a meeting's paper as a numbered PDF for each attendee, with only the facts that both
    the reader and that attendee may see; `paper_of` makes the paper for these two readers. Each
    copy is recorded first, with its recipient.

    Raises the errors of `printed`.
    """
    decide.require_any(reader, *question.named.printed)
    last = copies.destroyed_by(None, now.astimezone(LONDON).date())
    named = dict.fromkeys(
        colleague.colleague(desk, reader, attendee, "see-meeting", team=reader.team)
        for attendee in attendees
    )
    papers: dict[str, Paper] = {}
    for who in named:
        readers = [reader]
        with desk.deciding() as db:
            if who != reader.name and accounts.is_closed(db):
                readers.append(accounts.reader(db, Reader(who, "", ""), desk.clock()))
        papers[who] = paper_of(readers)
    consulted([item for paper in papers.values() for item in paper.ids])
    purpose = "the minutes of a meeting that they attended"
    return {
        who: _numbered(question, desk, reader, now, who, last, paper, purpose, synthetic=synthetic)
        for who, paper in papers.items()
    }


def _numbered(
    question: Question,
    desk: "Desk",
    reader: Reader,
    now: datetime,
    who: str,
    last: date,
    paper: Paper,
    purpose: str | None,
    *,
    synthetic: bool,
) -> bytes:
    """Return a paper as a PDF that has the next number of the reader's team, after recording the
    copy."""
    for _ in range(TRIES):
        number = copy_commands.next_number(desk, reader.team)
        copy = CopyMark(number, reader.team, who, last, reader.name, now, synthetic)
        content = typeset(paper, copy)
        try:
            exporting.record_export(
                desk,
                reader,
                form="paper",
                sha256=hashlib.sha256(content).hexdigest(),
                ids=paper.ids,
                filters=describe_question(question),
                recipient=who,
                purpose=purpose,
                number=number,
                destroy_by=last,
            )
        except CommandReused:
            continue
        return content
    raise Refused("other copies are being made at this moment: make this copy again in a moment")


def _sees_all(
    question: Question, desk: "Desk", reader: Reader, now: datetime, who: str, paper: Paper
) -> None:
    """Raise Refused if the colleague `who` may not have the paper. They may not if they do not see
    every item on the paper, if they may not know of an item or deadline that the paper mentions, or
    if a paper made for them would say less.
    """
    from projections import due

    if who == reader.name:
        return
    with desk.deciding() as db:
        if not accounts.is_closed(db):
            return
        theirs = accounts.reader(db, Reader(who, "", ""), desk.clock())
        shown = scope.visible_items(db, reader, paper.ids)
        there = scope.reached(db, theirs, "see-clock", paper.unseen)
        hidden = {
            *(shown - scope.visible_items(db, theirs, shown)),
            *(set(paper.unseen) - there - scope.visible_items(db, theirs, paper.unseen)),
            *(set(paper.dues) - due.visible_ids(db, theirs, paper.dues)),
        }
    if hidden or (paper.told and not set(paper.told) <= _full_answer(question, desk, theirs, now)):
        raise Refused(
            f"{who} does not have access to everything in this copy: let them print their own copy",
            field="recipient",
        )


def _full_answer(question: Question, desk: "Desk", theirs: Reader, now: datetime) -> set[str]:
    """Return the unique names of the statements in a paper that is made for the colleague `theirs`;
    an empty set if the colleague may get no such paper."""
    try:
        return set(question.paper(desk, theirs, now).told)
    except Refused:
        return set()
