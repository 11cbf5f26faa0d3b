"""Lists for administrators and auditors: accounts, the rota, copies, and unusual access."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta

from access.who_may import decide
from commands.data_protection import copies
from commands.kernel import item_references
from commands.people_and_teams import role_proposal, rota
from domain.kernel.codes import AccountStands
from domain.kernel.values import Refused, Role
from domain.people_and_teams import rota as rota_domain
from projections.data_protection import access_log
from projections.families import cases
from projections.people_and_teams import accounts, waiting_rights
from projections.people_and_teams import rota as rota_view
from questions.people_and_teams import unusual_access, who_looked
from usecases.kernel.question import Answer, Question, QuestionText, Table
from usecases.kernel.usecase import Ask, ItemRef, Line, Moment

if TYPE_CHECKING:
    from datetime import datetime

    from commands.data_protection.copies import RecordedCopy
    from commands.kernel.unit_of_work import Desk
    from domain.kernel.values import Reader
    from projections.data_protection.access_log import Consultation
    from projections.people_and_teams.accounts import Member, Team
    from projections.people_and_teams.waiting_rights import WaitingRow
    from questions.people_and_teams.unusual_access import Unusual


class ListTeams(Question, frozen=True):
    """List the teams, merged ones included."""

    named = QuestionText(
        command="team list",
        address="teams",
        title="Teams",
        empty="No teams are recorded.",
        acts=("manage-accounts", "allocate"),
        free=True,
    )

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Team]":
        decide.require_any(reader, "manage-accounts", "allocate")
        with desk.asking() as db:
            return accounts.teams(db)

    @classmethod
    def row(cls) -> "type[Team]":
        return accounts.Team


class ListUsers(Question, frozen=True):
    """List all accounts, leavers included."""

    named = QuestionText(
        command="user list",
        address="users",
        title="Accounts",
        empty="No accounts match.",
        acts=("manage-accounts", "allocate"),
        free=True,
    )
    role: Annotated[Role | None, Ask("Only accounts with this role")] = None
    stands: Annotated[
        AccountStands | None, Ask("Only accounts with this status", option="--only")
    ] = None

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        decide.require_any(reader, "manage-accounts", "allocate")
        with desk.asking() as db:
            rows = accounts.members(db, reader)
            alone = len(accounts.ownerless(db, cases.of_teams(db)))
        members = [
            row
            for row in rows
            if self.role in (None, *row.roles) and self.stands in (None, row.stands)
        ]
        note = f"Open cases without a worker, in teams without members: {alone}."
        return Answer((members,), (note,) if alone else ())

    @classmethod
    def row(cls) -> "type[Member]":
        return accounts.Member


class ListWaitingAccess(Question, frozen=True):
    """List access that waits for a second person. The access is a role, a team or a new sign-in."""

    named = QuestionText(
        command="user waiting",
        address="waiting-access",
        title="Access to confirm",
        empty="No role, team or sign-in waits for a second person.",
        acts=("manage-accounts", "confirm-access"),
        free=True,
    )

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[WaitingRow]":
        return role_proposal.list_waiting(desk, reader)

    @classmethod
    def row(cls) -> "type[WaitingRow]":
        return waiting_rights.WaitingRow


class ListRota(Question, frozen=True):
    """Show who is on call now and later. It also shows who is called now for your team, and urgent
    log entries that are not taken."""

    named = QuestionText(
        command="rota list",
        address="rota",
        title="On call",
        within="duties",
        empty="The rota is empty: nobody is on call.",
        acts=(),
    )

    @classmethod
    def tables(cls) -> tuple[Table, ...]:
        question_text, none = cls.named, "No urgent log entry waits for an assessor."
        return (
            Table(
                question_text.within,
                question_text.title,
                question_text.empty,
                rota_view.CurrentDuty,
            ),
            Table("untaken", "Urgent log entries that no assessor has taken", none, rota.Untaken),
        )

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        with desk.asking() as db:
            duties = rota_view.list_duties(db, now)
            untaken = rota.list_untaken(desk, reader, db)
            called = rota.on_call_in(desk, db, reader.team)
        return Answer((duties, untaken), (rota.describe_for_page(called),), {"on_call": called})

    @classmethod
    def more(cls) -> Mapping[str, Any]:
        return {"on_call": rota_domain.OnCall}


class ListCopies(Question, frozen=True):
    """List the copies made, and who has them. Each shows when it was made, and what for. Backups
    made before copies were recorded are missing."""

    named = QuestionText(
        command="copies",
        title="Copies",
        empty="No copies are recorded.",
        acts=("run-store", "verify", "export", "disclose", "approve-erasure"),
    )
    every: Annotated[bool, Ask("Include destroyed copies", option="--all")] = False

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[RecordedCopy]":
        found_copies = copies.visible_copies(desk, reader)
        return [copy for copy in found_copies if self.every or copy.destroyed is None]

    @classmethod
    def row(cls) -> "type[RecordedCopy]":
        return copies.RecordedCopy


class ListUnusualAccess(Question, frozen=True):
    """List people whose access was unusual, and why. The list shows reasons to review an access,
    and no verdict."""

    named = QuestionText(
        command="unusual-access",
        title="Unusual access",
        empty="No unusual access is recorded.",
        acts=("see-alerts",),
    )
    since: Annotated[
        Moment | None, Ask("Show unusual access since which day?", "Empty: the last 28 days")
    ] = None
    open: Annotated[bool, Ask("Only unusual access without a review")] = False

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Unusual]":
        with desk.looked() as db:
            rows = unusual_access.unusual(db, reader, self.since or now - unusual_access.LATELY)
        return [row for row in rows if not (self.open and row.reviewed)]

    @classmethod
    def row(cls) -> "type[Unusual]":
        return unusual_access.Unusual


class WhoLooked(Question, frozen=True):
    """Show who looked at an item, when and why. It shows the query, too. For a case or a person, it
    includes the items that belong to it. Without an item, it shows what you looked at."""

    named = QuestionText(
        command="who-looked",
        title="Access log",
        empty="No access is recorded.",
        acts=(),
    )
    item: Annotated[
        ItemRef | None,
        Ask("Access to which item is shown?", "For example a case or a person", placed=True),
    ] = None
    by: Annotated[Line | None, Ask("Only this user's access")] = None
    limit: Annotated[int, Meta(ge=1, le=1_000), Ask("How many lines are shown at most?")] = 50
    before: Annotated[int | None, Ask("Show only the entries before which number?")] = None
    night: Annotated[bool, Ask("Only access at night: midnight to 6am, London time")] = False
    unsaid: Annotated[bool, Ask("Only access without the required purpose")] = False

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        if self.item and self.by:
            raise Refused("name an item or a user whose accesses to list", field="by")
        rows: Sequence[Consultation]
        reason: access_log.Reason | None = "not-given" if self.unsaid else None
        only = access_log.Only(None, reason, self.night or None)
        with desk.looked() as db:
            if self.item:
                found_item = item_references.item(desk, db, reader, self.item)
                rows = who_looked.at(
                    db, reader, found_item, before=self.before, limit=self.limit, only=only
                )
            else:
                rows = access_log.by(
                    db,
                    reader,
                    self.by or reader.name,
                    before=self.before,
                    limit=self.limit,
                    only=only,
                )
        older = (
            (f"For earlier entries, show those before number {rows[-1].seq}",)
            if len(rows) == self.limit
            else ()
        )
        return Answer((rows,), older)

    @classmethod
    def row(cls) -> "type[Consultation]":
        return access_log.Consultation
