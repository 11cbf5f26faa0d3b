"""The valid evidence of a case without the child's account, and the gaps in it that have to be
closed before the police can act.

"Some cases proceeded on the basis of information from the parents only" (report). The list is for
readers who handle evidence. It creates no task and no deadline, so that nothing is demanded of a
parent or a child.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from msgspec import Struct

from access.who_may import scope
from access.who_may.decide import decide, require
from domain import forms
from domain.kernel.values import Reader
from projections.families import cases
from projections.information import continuum
from projections.intelligence import links, people
from projections.intelligence.links import LinkFilter
from projections.justice import exhibits
from projections.justice.exhibits import ExhibitRow
from projections.kernel.columns import Column
from projections.kernel.database import Db

Kind = Literal["exhibit", "statement", "recorded-interview", "information", "tie"]
Lacking = Literal["exhibit", "statement", "graded-information", "suspect", "tie-on-evidence"]
#: Words for the gaps of a case before action, each with the role that has to close the gap.
LACKS: dict[Lacking, str] = {
    "exhibit": "there is no valid exhibit: the police can seize phones, films, and records of "
    "hotels and taxis",
    "statement": "there is no valid statement of a person other than the child",
    "graded-information": "no information of this case is graded: an assessor grades it",
    "suspect": "no person is linked to the child by a graded link",
    "tie-on-evidence": "no link to the child is based on an exhibit",
}
#: Cautions that are shown together with the evidence.
CAUTION = (
    "This list is for the police and the prosecutor. Never ask a parent or a child about its gaps.",
    "This list does not check sources: graded information may be based on the child's words.",
)


class Stand(Struct, frozen=True):
    """A piece of valid evidence, or a graded link: `item` is its id, `grade` its grade (3x5x2)."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("kind", "kind of evidence"),
        Column("says", "details"),
        Column("grade", "grade"),
        Column("since", "since", "moment"),
        Column("item", "item", "id"),
    )
    order: ClassVar[tuple[str, ...]] = ("kind", "since", "item")
    kind: Kind
    says: str
    grade: str | None
    since: datetime
    item: UUID


class Lack(Struct, frozen=True):
    """A gap in a case that has to be closed before the police can act."""

    columns: ClassVar[tuple[Column, ...]] = (Column("words", "missing evidence"),)
    order: ClassVar[tuple[str, ...]] = ("what",)
    what: Lacking
    words: str


def may_see_evidence(db: Db, reader: Reader, case: UUID) -> bool:
    """Return whether the reader handles the evidence of this case."""
    return case in scope.reached(db, reader, "evidence", {case})


def list_evidence(db: Db, reader: Reader, case: UUID) -> tuple[list[Stand], list[Lack]]:
    """Return the valid evidence without the child's account, as far as the reader sees it, and the
    gaps that have to be closed before the police can act. Raises Denied if the reader's role
    handles no evidence, and Hidden if the reader may not see the case.
    """
    require(reader, "evidence")
    if not may_see_evidence(db, reader, case):
        raise scope.hidden_error("case", str(case))
    child = cases.children(db, reader, case).get(case)
    together = people.all_merged_ids(db, reader, child) if child else []
    stages = {row.item: row for row in continuum.of_case(db, reader, case)}
    alive = {item for item, row in stages.items() if row.status == "live"}
    evidence = [row for row in exhibits.of_case(db, reader, case) if row.item in alive]
    entries = [
        *_evidence(db, reader, together, evidence),
        *(
            Stand("information", "graded information", row.grade, row.entered, row.item)
            for row in stages.values()
            if row.item in alive and row.stage == "intelligence" and row.grade
        ),
    ]
    ties = list(_ties(db, reader, together))
    entries += [entry for entry, _ in ties]
    return sorted(entries, key=lambda one: (one.kind, one.since, one.item)), _lacks(entries, ties)


def gathered(
    db: Db, reader: Reader, children: Mapping[UUID, Sequence[UUID]]
) -> dict[UUID, tuple[tuple[UUID, ...], tuple[UUID, ...]]]:
    """Return, by case, the valid exhibits and the valid statements of people other than the child.
    `children` has, by case, all ids of its child. Cases whose evidence the reader does not
    handle are left out.
    """
    if not decide(reader, "evidence").allowed:
        return {}
    handled = scope.reached(db, reader, "evidence", children.keys())
    rows = exhibits.of_cases(db, reader, handled)
    alive = continuum.alive(db, reader, {row.item for row in rows})
    called = people.visible_names(db, reader, {item for ids in children.values() for item in ids})
    items_by_case: dict[UUID, tuple[list[UUID], list[UUID]]] = {
        case: ([], []) for case in sorted(handled)
    }
    for row in rows:
        if row.item not in alive or row.case is None:
            continue
        names = {
            forms.name(name)
            for item in children[row.case]
            if item in called
            for name in called[item].names
        }
        if row.kind == "exhibit":
            items_by_case[row.case][0].append(row.item)
        elif row.kind == "statement" and not _is_own(row, names):
            items_by_case[row.case][1].append(row.item)
    return {
        case: (tuple(things), tuple(entries)) for case, (things, entries) in items_by_case.items()
    }


def _is_own(row: ExhibitRow, names: set[str]) -> bool:
    """Return whether the child, whose names these are, produced an exhibit."""
    return row.produced_by is not None and forms.name(row.produced_by) in names


def _evidence(
    db: Db, reader: Reader, child: Sequence[UUID], gathered: Sequence[ExhibitRow]
) -> Iterator[Stand]:
    """Yield the evidence that is not an account by the child: without interviews recorded for a
    court and without the child's own statements."""
    names = {forms.name(name) for item in child for name in people.names(db, reader, item)}
    for row in gathered:
        own = row.kind == "statement" and _is_own(row, names)
        if row.kind != "recorded-interview" and not own:
            yield Stand(row.kind, row.mark, None, row.known_from, row.item)


def _ties(db: Db, reader: Reader, child: Sequence[UUID]) -> Iterator[tuple[Stand, bool]]:
    """Yield the child's graded links, each with whether an exhibit supports it."""
    rows = [
        row for row in links.list_links(db, reader, child, LinkFilter()) if row.kind != "family"
    ]
    ends = {end for row in rows for end in (row.a, row.b)} - set(child)
    names_by_item = people.visible_names(db, reader, ends)
    for row in rows:
        item = row.b if row.a in child else row.a
        if item in names_by_item and not row.undermined:
            description = f"{names_by_item[item].label}: {row.kind.replace('-', ' ')}"
            tie = Stand("tie", description, row.grade, row.known_from, row.link)
            yield tie, row.exhibit is not None


def _lacks(stands: Sequence[Stand], ties: Sequence[tuple[Stand, bool]]) -> list[Lack]:
    kinds = {stand.kind for stand in stands}
    has: dict[Lacking, bool] = {
        "exhibit": "exhibit" in kinds,
        "statement": "statement" in kinds,
        "graded-information": "information" in kinds,
        "suspect": bool(ties),
        "tie-on-evidence": any(rests for _, rests in ties),
    }
    return [Lack(lack, LACKS[lack]) for lack, there in has.items() if not there]
