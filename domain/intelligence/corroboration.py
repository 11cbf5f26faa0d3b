"""What corroborates an item that is graded B: accounts of at least two independent roots.

Two parents who repeat one child are one root (3x5x2, and the independence rule beside it). B on
fewer than two needs a reason: an event of the report, which shows wherever the grade does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar
from uuid import UUID

import msgspec

from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import NAMED, NOT_REACHED, RESTS_ON, WRITTEN
from domain.kernel.values import Grade, HowKnown, Refused


class CorroborationJudged(Event, frozen=True):
    """The grounds for the B of item `item`: the accounts that were counted (its own first), how
    many independent sources they had then, and why it is B if there are fewer than two."""

    stored: ClassVar = Stored("report.corroboration_judged", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(("assess",), step="intelligence", access_request="never")
    item: int
    observations: Annotated[tuple[UUID, ...], NAMED, NOT_REACHED, RESTS_ON]
    roots: int
    reason: Annotated[str | None, WRITTEN] = None


EVENTS = (CorroborationJudged,)


class Support(msgspec.Struct, frozen=True):
    """What a grader says for a B: which other observations say the same, or why it is B on one
    root."""

    corroborated_by: tuple[UUID, ...] = ()
    one_root: str | None = None


NO_SUPPORT = Support()


@dataclass(frozen=True)
class Account:
    """One observation that tells it. `root` is who first knew; None adds no root."""

    observation: UUID
    root: UUID | None
    how_known: HowKnown | None = None


class Uncorroborated(Refused):
    """B on fewer than two independent roots, and nobody says why."""


def judge(
    item: int,
    grade: Grade,
    accounts: Sequence[Account],
    same: Mapping[UUID, UUID],
    reason: str | None,
) -> tuple[CorroborationJudged, ...]:
    """What is recorded beside the grade: of a B its accounts and its roots, of others nothing.

    `same` maps root tokens judged one to one of them. Raises Uncorroborated for a B on fewer than
    two roots without a reason.
    """
    if grade.information != "B":
        return ()
    roots = {same.get(one.root, one.root) for one in accounts if one.root}
    why = (reason or "").strip() or None
    if len(roots) >= 2:
        why = None
    elif why is None:
        raise Uncorroborated(
            f"B (corroborated) needs accounts of two independent roots, and this rests on "
            f"{_said(accounts, len(roots))}: name another observation that says the same "
            "(corroborated by), or say why it is B on one root"
        )
    told = tuple(dict.fromkeys(one.observation for one in accounts))
    return (CorroborationJudged(item, told, len(roots), why),)


def _said(accounts: Sequence[Account], roots: int) -> str:
    """What there is, with circular reporting called by its name."""
    known = f"{roots or 'no known'} root"
    if len(accounts) == 1:
        return known
    if roots == 1 and all(one.root for one in accounts):
        child = all(one.how_known == "child-told" for one in accounts)
        whose = "one child's words" if child else "one account"
        return f"{known}: {_NUMBER.get(len(accounts), len(accounts))} reports, {whose} (circular)"
    return f"{len(accounts)} reports and {known}"


_NUMBER = {2: "two", 3: "three", 4: "four"}
