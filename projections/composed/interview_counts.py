"""Numbers of interviews for an evaluation, for readers who may not see any family.

Each step of an interview is counted in the year in which it was recorded. Only past years are
shown, so that no figure changes from one day to the next because of one family.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar, get_args

import sqlalchemy as sa
from msgspec import Struct

from access.who_may import scope
from domain.forms.intervals import LONDON
from domain.kernel import suppression
from domain.kernel.codes import InterviewStep
from domain.kernel.values import Reader
from projections.families.interviews import InterviewRow
from projections.families.report_card import CaseRow, ended
from projections.kernel.columns import Column
from projections.kernel.database import Db


class InterviewCount(Struct, frozen=True):
    """A study's interviews with families of a team in a year; None for a withheld number."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("study", "study"),
        Column("team", "team"),
        Column("year", "year"),
        *(
            Column(f"{name}_shown", name)
            for name in ("requested", "consented", "declined", "held", "withdrawn")
        ),
    )
    order: ClassVar[tuple[str, ...]] = ("study", "team", "year")
    study: str
    team: str
    year: int
    requested: int | None
    consented: int | None
    declined: int | None
    held: int | None
    withdrawn: int | None

    @property
    def requested_shown(self) -> int | str:
        """Return the number of families who were requested to give an interview, or that the number
        is withheld."""
        return suppression.format_figure(self.requested)

    @property
    def consented_shown(self) -> int | str:
        """Return the number of families who consented, or that the number is withheld."""
        return suppression.format_figure(self.consented)

    @property
    def declined_shown(self) -> int | str:
        """Return the number of families who declined, or that the number is withheld."""
        return suppression.format_figure(self.declined)

    @property
    def held_shown(self) -> int | str:
        """Return the number of families who were interviewed, or that the number is withheld."""
        return suppression.format_figure(self.held)

    @property
    def withdrawn_shown(self) -> int | str:
        """Return the number of families who withdrew, or that the number is withheld."""
        return suppression.format_figure(self.withdrawn)


def counts(db: Db, reader: Reader, now: datetime) -> list[InterviewCount]:
    """Return the number of interviews by study, team and past year, for the teams whose figures the
    reader may see."""
    r, c = InterviewRow.table.c, CaseRow.table.c
    teams = scope.case_figures(reader, "see-card").teams
    select = (
        sa.select(
            c.team,
            r.case,
            r.study,
            r.recorded,
            *(r[argument] for argument in get_args(InterviewStep)),
        )
        .join_from(InterviewRow.table, CaseRow.table, c.case == r.case)
        .where(sa.not_(c.restricted), scope.in_use(r.id))
        .order_by(r.study, c.team, r.case)
    )
    families: dict[tuple[str, str, int], set[tuple[str, object]]] = {}
    for team, case, study, *moments in db.execute(select):
        if teams is not None and team not in teams:
            continue
        for name, at in zip(("requested", *get_args(InterviewStep)), moments, strict=True):
            if at is not None and (year := at.astimezone(LONDON).year) <= ended(now):
                families.setdefault((study, team, year), set()).add((name, case))
    return list(_rows(families))


def _rows(
    families: dict[tuple[str, str, int], set[tuple[str, object]]],
) -> Iterator[InterviewCount]:
    for (study, team, year), steps in sorted(families.items()):
        numbers = Counter(name for name, _ in steps)
        requested = numbers["requested"] if suppression.may_show(numbers["requested"]) else None
        consented = suppression.part(numbers["consented"], requested)
        yield InterviewCount(
            study,
            team,
            year,
            requested,
            consented,
            suppression.part(numbers["declined"], requested),
            suppression.part(numbers["held"], consented),
            suppression.part(numbers["withdrawn"], consented),
        )
