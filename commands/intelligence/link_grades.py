"""Give the links of a log entry the grade of the entry.

A link always has the grade of its entry, even a link to a person whom the grader may not see, or a
link added after the grading. The grade of the entry for an imported network goes to the links of
the network's rows, to all of them or only to links of some kinds.
"""

from collections import Counter
from uuid import UUID, uuid5

from msgspec import Struct, structs

from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Desk, LostRace, facts
from domain.information import observation
from domain.information.observation import Observation
from domain.intelligence import intelligence_report, link
from domain.intelligence.intelligence_report import Report
from domain.intelligence.link import Link, LinkAsserted
from domain.kernel.envelope import Submission
from domain.kernel.values import Grade, HandlingCode, LinkKind, Reader, Refused
from projections.information import queue
from projections.intelligence import links as links_view

#: The number of attempts to grade links while other users change them.
TRIES = 3
#: The largest number of links saved in one transaction, because other writers have to wait until it
#: ends.
BATCH = 50


class LinkGrade(Struct, frozen=True):
    """The grade of a log entry, with the report and item that give this grade. `kinds` are the
    kinds of links of an imported network that get the grade; if empty, all links get it.
    """

    words: UUID
    report: UUID
    item: int
    grade: Grade
    handling: HandlingCode
    root: UUID | None
    kinds: tuple[LinkKind, ...] = ()


def kinds_in_file(desk: Desk, words: UUID) -> Counter[LinkKind]:
    """Return how many ungraded links of each kind an imported network has, if this is the network's
    log entry; otherwise an empty count."""
    with desk.deciding() as db:
        rows = queue.rows_of_file(db, words)
        return (
            Counter(row.kind for row in links_view.list_ungraded_links(db, rows))
            if rows
            else Counter()
        )


def prepare(desk: Desk, reader: Reader, graded: LinkGrade, command_id: UUID) -> list[Prepared]:
    """Return the commands that give this grade to each ungraded link of the entry."""
    with desk.deciding() as db:
        found_rows = links_view.list_ungraded_links(db, [graded.words])
        rows = queue.rows_of_file(db, graded.words)
        in_file = links_view.list_ungraded_links(db, rows) if rows else []
        found_rows += [row for row in in_file if not graded.kinds or row.kind in graded.kinds]
    # the grade also goes to links that the grader may not see
    either = structs.replace(reader, closed=False)
    made = []
    for row in found_rows:
        draft = LinkAsserted(
            row.a,
            row.b,
            row.kind,
            "intelligence",
            observation=row.observation,
            report=graded.report,
            item=graded.item,
            grade=graded.grade,
            handling=graded.handling,
            root=graded.root,
        )
        bare = row.exhibit is None or row.undermined
        try:
            state, version = desk.fold(row.link, Link(), link.evolve)
        except Refused:  # no link: it was erased
            continue
        if events := link.take_grade(state, draft, without_exhibit=bare):
            new_facts = facts(either, row.link, version, events)
            digest = desk.digest("link.take_grade", [graded.report, graded.item, row.link])
            submission = Submission(uuid5(command_id, str(row.link)), digest, new_facts)
            made.append(Prepared(row.link, {"evidence": submission}, either))
    return made


def grade_new_links(desk: Desk, reader: Reader, words: UUID) -> None:
    """Grade links that were added to a log entry while the entry was being graded. Raises LostRace
    if other users change these links in every attempt.
    """
    for left in reversed(range(TRIES)):
        graded = _grade_of(desk, words)
        made = prepare(desk, reader, graded, desk.new_random_id()) if graded else []
        if not made:
            return
        try:
            for start in range(0, len(made), BATCH):
                desk.save(made[start : start + BATCH])
        except LostRace:
            if not left:
                raise


def _grade_of(desk: Desk, words: UUID) -> LinkGrade | None:
    """Return the grade of a log entry, if neither it nor its report is withdrawn or erased."""
    try:
        state, _ = desk.fold(words, Observation(), observation.evolve)
        if not state.assessed or state.withdrawn:
            return None
        report, number = state.assessed[-1]
        known_report, _ = desk.fold(report, Report(), intelligence_report.evolve)
    except Refused:  # no report: it was erased
        return None
    item = None if known_report.withdrawn else known_report.items.get(number)
    if item is None:
        return None
    return LinkGrade(words, report, number, item.grade, item.handling.code, item.root, item.links)
