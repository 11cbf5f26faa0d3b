"""A brief contains no record that its reader may not see."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from domain.kernel.values import ROLES, Reader
from projections.intelligence import brief
from projections.intelligence.brief import BriefRow
from projections.people_and_teams.item_access import ReachRow
from tests.scenarios.conftest import Told

LATER = datetime(2100, 1, 1, tzinfo=UTC)


def test_a_kind_is_left_out_where_a_role_is_shown_nothing_of_it(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A brief does not read the kinds of record that the reader's role never sees. It is the same
    as a brief that reads and then hides them."""
    system = told.store.kept.system
    assert system
    b, r = BriefRow.table.c, ReachRow.table.c
    with system.reading() as db:
        teams = frozenset(db.execute(sa.select(r.team).distinct()).scalars())
        held = sa.select(b.kind, r.sort).join(ReachRow.table, r.id == b.id).distinct()
        for kind, sort in db.execute(held.where(b.kind.in_(sorted(brief.OF_SORTS)))):
            assert sort in brief.OF_SORTS[kind]
        readers = [
            Reader("x", min(teams), "police", roles=frozenset({role}), teams=teams, closed=True)
            for role in ROLES
        ]
        shorter = [brief.brief(db, reader, None, LATER, most=None) for reader in readers]
        monkeypatch.setattr(brief, "OF_SORTS", {})
        assert [brief.brief(db, reader, None, LATER, most=None) for reader in readers] == shorter
    told_of = {row.kind for one in shorter for row in (*one.new, *one.changed)}
    assert told_of >= {"person", "link", "report", "identity", "observation", "case"}
