"""Corroboration of an item that is graded B: accounts of at least two independent sources.

Two parents who repeat what one child said are one source (the grading scheme 3x5x2, and its rule of
independence). A grade B with fewer than two sources needs a reason. The reason is recorded as an
event of the report and is shown wherever the grade is shown.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar
from uuid import UUID

import msgspec
from msgspec import Struct

from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import NAMED, NOT_REACHED, RESTS_ON, WRITTEN
from domain.kernel.values import Grade, HowKnown, Refused


class CorroborationJudged(Event, frozen=True):
    """The basis of a grade B for item `item` was recorded: the log entries that support the item
    (the graded log entry first), the number of independent sources at that time, and the reason if
    there are fewer than two.
    """

    stored: ClassVar = Stored("report.corroboration_judged", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(("assess",), step="intelligence", access_request="never")
    item: int
    observations: Annotated[tuple[UUID, ...], NAMED, NOT_REACHED, RESTS_ON]
    roots: int
    reason: Annotated[str | None, WRITTEN] = None


EVENTS = (CorroborationJudged,)


class Support(msgspec.Struct, frozen=True):
    """An officer's basis for a grade B: other log entries with the same content, or the reason for
    a B with one source.
    """

    corroborated_by: tuple[UUID, ...] = ()
    one_root: str | None = None


NO_SUPPORT = Support()


class Account(Struct, frozen=True):
    """A log entry that supports an item of a report. `root` is the token (random id) of the person
    from whom the information first came. If `root` is None, the log entry adds no independent
    source.
    """

    observation: UUID
    root: UUID | None
    how_known: HowKnown | None = None


class Uncorroborated(Refused):
    """Raised for a grade of B with fewer than two independent sources and no reason."""


def judge(
    item: int,
    grade: Grade,
    accounts: Sequence[Account],
    same: Mapping[UUID, UUID],
    reason: str | None,
) -> tuple[CorroborationJudged, ...]:
    """Return the event to record with a grade B: the accounts (log entries) and the number of
    independent sources on which the grade is based. Return () for any other grade.

    If several sources were judged to be the same person, `same` maps the token (random id) of each
    of these sources to one common token. Raises Uncorroborated for a B with fewer than two sources
    and without a reason.
    """
    if grade.information != "B":
        return ()
    roots = {same.get(account.root, account.root) for account in accounts if account.root}
    why = (reason or "").strip() or None
    if len(roots) >= 2:
        why = None
    elif why is None:
        raise Uncorroborated(
            "B (corroborated) needs two independent sources, and this is based on "
            f"{_said(accounts, len(roots))}: name another log entry that says the same "
            "(corroborated by), or say why the grade is B with one source"
        )
    items = tuple(dict.fromkeys(account.observation for account in accounts))
    return (CorroborationJudged(item, items, len(roots), why),)


def _said(accounts: Sequence[Account], roots: int) -> str:
    """Return, in words, how many reports and independent sources support an item. Several reports
    that repeat one account are called circular.
    """
    sources_text = f"{roots or 'no known'} independent source"
    if len(accounts) == 1:
        return sources_text
    if roots == 1 and all(account.root for account in accounts):
        child = all(account.how_known == "child-told" for account in accounts)
        whose = "one child's words" if child else "one account"
        return (
            f"{sources_text}: {_NUMBER.get(len(accounts), len(accounts))} reports, {whose} "
            "(circular)"
        )
    return f"{len(accounts)} reports and {sources_text}"


_NUMBER = {2: "two", 3: "three", 4: "four"}
