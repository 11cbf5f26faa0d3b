"""The rules of law and practice that the program applies, with their sources."""

from datetime import date
from typing import ClassVar

from msgspec import Struct

from domain import rules
from projections.kernel.columns import Column


class RuleRow(Struct, frozen=True):
    """A rule: its source, the versions of the laws that the source names, the date on which a
    person read these laws, and whether a person has confirmed the rule.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("name", "rule", "code"),
        Column("says", "rule in words"),
        Column("source", "source"),
        Column("version", "version"),
        Column("checked", "checked", "day"),
        Column("stands", "status"),
    )
    order: ClassVar[tuple[str, ...]] = ("name",)
    name: str
    says: str
    source: str
    version: str
    checked: date | None
    stands: str


def list_rules(*, open_only: bool = False) -> list[RuleRow]:
    """Return the rules by name: all, or with `open_only` only the rules that a person still has to
    confirm.
    """
    rows = [_row(rule) for rule in rules.all_rules() if rule.open or not open_only]
    return sorted(rows, key=lambda row: row.name)


def _row(rule: rules.Sourced) -> RuleRow:
    version = "; ".join(law.version for law in rule.laws)
    checked_state = "to be verified" if rule.open else "checked" if rule.laws else "the team's own"
    return RuleRow(rule.name, rule.says, rule.source, version, rule.checked, checked_state)
