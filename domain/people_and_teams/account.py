"""Accounts of the users: their roles, teams and assigned families.

Teams can be renamed and merged without a change to any case: a member of the merged team counts as
a member of all teams that were merged into it.

The file is long because half of it is its events.
"""

from datetime import datetime, timedelta
from typing import Annotated, ClassVar
from uuid import UUID, uuid5

from msgspec import Struct, field
from msgspec.structs import replace

from domain import forms
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import CODE, NOT_CHECKED, NOT_REACHED, WRITTEN
from domain.kernel.values import Refused, Role

USERS = UUID("5f0e7d0c-6a3e-5c3b-9a51-2f4f0c8d7a11")
TEAMS = UUID("5f0e7d0c-6a3e-5c3b-9a51-2f4f0c8d7a12")
#: The four teams of the evaluation report; `team.made` adds others.
DEFAULT_TEAMS = ("Engage", "Cherish", "Deter", "Freedom")
LONGEST_NAME = 64
#: How long an API key of a program may be valid, and how many valid keys a program may have. A
#: second key is allowed, so that it can replace the first.
KEY_LASTS, KEYS = timedelta(days=366), 2
#: How long the proposed recovery of an account waits for the second person.
RECOVERY_LASTS = timedelta(days=1)
#: How long a proposed role or team waits for the second person.
PROPOSAL_LASTS = timedelta(days=14)
#: How long a user has a role that one person alone lent them. A user with such a role sees only
#: their own families.
LENT = timedelta(hours=12)
LENDABLE: frozenset[Role] = frozenset(
    {"psw", "charity-worker", "social-worker", "childrens-support-worker", "health-worker"}
)
#: How long a proposal waits before one person may decide alone, if no account is left that could
#: confirm it.
ALONE_AFTER = timedelta(days=1)


def user_stream(user: str) -> UUID:
    """Return the id of the stream of a user's account."""
    return uuid5(USERS, user)


def team_stream(team: str) -> UUID:
    """Return the id of the stream of a team."""
    return uuid5(TEAMS, team)


class UserAdded(Event, frozen=True):
    """An account was added, without a role; later events give roles to it. `controller` is the data
    controller of the records that the user makes; None if this is the controller of the
    installation.
    """

    stored: ClassVar = Stored("user.added", "access", "none")
    meaning: ClassVar = Meaning(("manage-accounts",))
    user: Annotated[str, CODE]
    controller: Annotated[str | None, CODE] = None


class ServiceMade(Event, frozen=True):
    """The account was marked as the account of a program: a program has keys for the API, and never
    a password, a passkey or a session.
    """

    stored: ClassVar = Stored("user.made_service", "access", "none")
    meaning: ClassVar = Meaning(("manage-accounts",))
    user: Annotated[str, CODE]


class KeyMade(Event, frozen=True):
    """An API key was made for a program's account and shown once to the person who made it. The key
    is valid until `until`.
    """

    stored: ClassVar = Stored("user.key_made", "access", "none")
    meaning: ClassVar = Meaning(("manage-accounts", "confirm-access"), commands=("user.make_key",))
    user: Annotated[str, CODE]
    key: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    until: datetime


class KeyProposed(Event, frozen=True):
    """The user `by` proposed to make an API key, valid until `ends`, for a program's account. Two
    people are needed, because anyone with the key can act as the program. A manager or a DCI
    confirms the proposal before `until`, by requesting a key that ends at `ends` or earlier.
    """

    stored: ClassVar = Stored("user.key_proposed", "access", "none")
    meaning: ClassVar = Meaning(("manage-accounts",))
    user: Annotated[str, CODE]
    by: Annotated[str, CODE]
    until: datetime
    ends: datetime


class KeyEnded(Event, frozen=True):
    """A program's key for the API ended."""

    stored: ClassVar = Stored("user.key_ended", "access", "none")
    meaning: ClassVar = Meaning(("manage-accounts",))
    user: Annotated[str, CODE]
    key: Annotated[UUID, NOT_CHECKED, NOT_REACHED]


class SignInEnded(Event, frozen=True):
    """A user may not sign in any more, for good or until the account is unlocked."""

    user: Annotated[str, CODE]


class UserLeft(SignInEnded, frozen=True):
    """A user left the team or agency for good. Their records remain under their name."""

    stored: ClassVar = Stored("user.left", "access", "none")
    meaning: ClassVar = Meaning(("manage-accounts",))


class UserLocked(SignInEnded, frozen=True):
    """An account was locked until it is unlocked."""

    stored: ClassVar = Stored("user.locked", "access", "record", ("reason",))
    meaning: ClassVar = Meaning(("manage-accounts",))
    reason: Annotated[str, WRITTEN]


class UserUnlocked(Event, frozen=True):
    """An account was unlocked."""

    stored: ClassVar = Stored("user.unlocked", "access", "none")
    meaning: ClassVar = Meaning(("manage-accounts",))
    user: Annotated[str, CODE]


class UserInvited(Event, frozen=True):
    """A code was made with which a user can set a new password. The person who made the code could
    use it, too."""

    stored: ClassVar = Stored("user.invited", "access", "none")
    meaning: ClassVar = Meaning(("manage-accounts", "confirm-access"), commands=("user.invite",))
    user: Annotated[str, CODE]


class RecoveryProposed(Event, frozen=True):
    """The user `by` proposed a new sign-in code for a user who already has a sign-in. Anyone with
    the code can sign in as that user, so another person has to confirm the proposal before `until`.
    Until the code is used, the user can still sign in as before.
    """

    stored: ClassVar = Stored("user.recovery_proposed", "access", "none")
    meaning: ClassVar = Meaning(("manage-accounts",))
    user: Annotated[str, CODE]
    by: Annotated[str, CODE]
    until: datetime


class RightProposed(Event, frozen=True):
    """The user `by` proposed to give a role to a user, or to add a user with a role to a team.
    Another person, who is not an administrator, has to confirm the proposal before `until`.
    """

    stored: ClassVar = Stored("user.right_proposed", "access", "none")
    meaning: ClassVar = Meaning(("manage-accounts",), proposes=True)
    user: Annotated[str, CODE]
    by: Annotated[str, CODE]
    until: datetime
    role: Role | None = None
    team: Annotated[str | None, CODE] = None


class RightConfirmed(Event, frozen=True):
    """A second person confirmed a proposed role or team, which gives it to the user."""

    stored: ClassVar = Stored("user.right_confirmed", "access", "none")
    meaning: ClassVar = Meaning(("confirm-access",))
    user: Annotated[str, CODE]
    proposed_by: Annotated[str, CODE]
    role: Role | None = None
    team: Annotated[str | None, CODE] = None


class RightRefused(Event, frozen=True):
    """A second person refused a proposed role or team, or the proposer withdrew it."""

    stored: ClassVar = Stored("user.right_refused", "access", "record", ("reason",))
    meaning: ClassVar = Meaning(("confirm-access", "manage-accounts"))
    user: Annotated[str, CODE]
    reason: Annotated[str, WRITTEN]
    role: Role | None = None
    team: Annotated[str | None, CODE] = None


class RightGivenAlone(Event, frozen=True):
    """One person alone gave a role or a team, because no account was left that could confirm it."""

    stored: ClassVar = Stored("user.right_given_alone", "access", "record", ("reason",))
    meaning: ClassVar = Meaning(("manage-accounts",))
    user: Annotated[str, CODE]
    reason: Annotated[str, WRITTEN]
    role: Role | None = None
    team: Annotated[str | None, CODE] = None


class RoleLent(Event, frozen=True):
    """One person alone lent a role to a user for some hours, because no confirmer was available.
    With a lent role, the user cannot confirm proposals.
    """

    stored: ClassVar = Stored("user.role_lent", "access", "record", ("reason",))
    meaning: ClassVar = Meaning(("manage-accounts",))
    user: Annotated[str, CODE]
    role: Role
    until: datetime
    reason: Annotated[str, WRITTEN]


class RoleGiven(Event, frozen=True):
    """A role was given to a user, who may have several, as in a small team."""

    stored: ClassVar = Stored("user.role_given", "access", "none")
    meaning: ClassVar = Meaning(("manage-accounts", "confirm-access"))
    user: Annotated[str, CODE]
    role: Role


class RoleTaken(Event, frozen=True):
    """A role was removed from a user."""

    stored: ClassVar = Stored("user.role_taken", "access", "none")
    meaning: ClassVar = Meaning(("manage-accounts",))
    user: Annotated[str, CODE]
    role: Role


class TeamJoined(Event, frozen=True):
    """A user joined a team; a Parent Support Worker may cover several."""

    stored: ClassVar = Stored("user.team_joined", "access", "none")
    meaning: ClassVar = Meaning(("manage-accounts", "confirm-access"))
    user: Annotated[str, CODE]
    team: Annotated[str, CODE]


class TeamLeft(Event, frozen=True):
    """A user left a team."""

    stored: ClassVar = Stored("user.team_left", "access", "none")
    meaning: ClassVar = Meaning(("manage-accounts",))
    user: Annotated[str, CODE]
    team: Annotated[str, CODE]


class UserAssigned(Event, frozen=True):
    """A family (`case`) or a child was assigned to a user."""

    stored: ClassVar = Stored("user.assigned", "access", "none")
    meaning: ClassVar = Meaning(("allocate", "manage-accounts"))
    user: Annotated[str, CODE]
    case: Annotated[UUID | None, NOT_CHECKED, NOT_REACHED] = None
    child: Annotated[UUID | None, NOT_CHECKED, NOT_REACHED] = None


class AssignmentEnded(Event, frozen=True):
    """An assignment of a family or a child ended."""

    stored: ClassVar = Stored("user.assignment_ended", "access", "none")
    meaning: ClassVar = Meaning(("allocate", "manage-accounts"))
    user: Annotated[str, CODE]
    case: Annotated[UUID | None, NOT_CHECKED, NOT_REACHED] = None
    child: Annotated[UUID | None, NOT_CHECKED, NOT_REACHED] = None


class TeamMade(Event, frozen=True):
    """A team was made in addition to the report's four teams."""

    stored: ClassVar = Stored("team.made", "access", "none")
    meaning: ClassVar = Meaning(("manage-accounts",))
    team: Annotated[str, CODE]


class TeamReplaced(Event, frozen=True):
    """A team continues under another name, or as part of another team."""

    team: Annotated[str, CODE]
    into: Annotated[str, CODE]


class TeamRenamed(TeamReplaced, frozen=True):
    """A team got another name; its cases and people go with it."""

    stored: ClassVar = Stored("team.renamed", "access", "none")
    meaning: ClassVar = Meaning(("manage-accounts",))


class TeamMerged(TeamReplaced, frozen=True):
    """A team became part of another, such as a hub; its cases and people go with it."""

    stored: ClassVar = Stored("team.merged", "access", "none")
    meaning: ClassVar = Meaning(("manage-accounts", "confirm-access"))


class TeamMergeProposed(Event, frozen=True):
    """The user `by` proposed to merge a first team into a second team; the members of the second
    team will then see the first team's cases. A manager or a DCI confirms the proposal before
    `until`, by requesting the same merger.
    """

    stored: ClassVar = Stored("team.merge_proposed", "access", "none")
    meaning: ClassVar = Meaning(("manage-accounts",), proposes=True)
    team: Annotated[str, CODE]
    into: Annotated[str, CODE]
    by: Annotated[str, CODE]
    until: datetime


class CharityNamed(Event, frozen=True):
    """The name under which the charity is the controller of its records was recorded."""

    stored: ClassVar = Stored("charity.named", "access", "none")
    meaning: ClassVar = Meaning(("manage-accounts",), commands=("team.charity",))
    controller: Annotated[str, CODE]


EVENTS = (
    UserAdded,
    UserLeft,
    UserLocked,
    UserUnlocked,
    UserInvited,
    RecoveryProposed,
    ServiceMade,
    KeyMade,
    KeyProposed,
    KeyEnded,
    RightProposed,
    RightConfirmed,
    RightRefused,
    RightGivenAlone,
    RoleLent,
    RoleGiven,
    RoleTaken,
    TeamJoined,
    TeamLeft,
    UserAssigned,
    AssignmentEnded,
    TeamMade,
    TeamRenamed,
    TeamMerged,
    TeamMergeProposed,
    CharityNamed,
)


# --- users --------------------------------------------------------------------------------------


#: A proposed role or a proposed team; one of the two is None.
Right = tuple[Role | None, str | None]


class User(Struct, frozen=True):
    """The state of one account.

    - `keys`: a program's API keys, each with its end; `key`: a proposed API key that waits for a
      second person.
    - `recovery`: who proposed a new sign-in code, and when the proposal ends; None without a
      proposal. `returned`: the user left, and has the account again.
    - `rights`: proposed roles and teams that wait for a second person.
    - `code_alone`: one person alone made the code with which the user set up their sign-in.
    """

    exists: bool = False
    left: bool = False
    locked: bool = False
    service: bool = False
    keys: dict[UUID, datetime] = field(default_factory=dict)
    recovery: tuple[str, datetime] | None = None
    returned: bool = False
    roles: frozenset[Role] = frozenset()
    teams: frozenset[str] = frozenset()
    assigned: frozenset[tuple[UUID | None, UUID | None]] = frozenset()
    rights: dict[Right, RightProposed] = field(default_factory=dict)
    key: KeyProposed | None = None
    code_alone: bool = False

    @property
    def sees_more(self) -> bool:
        """Return whether one of the user's current or proposed roles shows more than the user's own
        families, or lets the user confirm proposals. Also return True if families are already
        assigned to the user.
        """
        waiting = {role for role, _ in self.rights if role}
        return bool((self.roles | waiting) - LENDABLE or self.assigned)


def evolve(state: User, event: Event) -> User:
    match event:
        case UserAdded():
            return replace(state, exists=True, left=False, returned=state.left)
        case UserLeft():
            return User(exists=True, left=True)
        case UserLocked():
            # a locked account has no proposals and no keys any more
            return replace(state, locked=True, keys={}, recovery=None, rights={}, key=None)
        case UserUnlocked():
            return replace(state, locked=False)
        case UserInvited():
            alone = state.recovery is None
            return replace(state, recovery=None, returned=False, code_alone=alone)
        case RecoveryProposed():
            return replace(state, recovery=(event.by, event.until))
        case ServiceMade():
            return replace(state, service=True)
        case KeyMade():
            return replace(state, keys=state.keys | {event.key: event.until}, key=None)
        case KeyProposed():
            return replace(state, key=event)
        case KeyEnded():
            return replace(state, keys={k: v for k, v in state.keys.items() if k != event.key})
        case RightProposed():
            return replace(state, rights=state.rights | {(event.role, event.team): event})
        case RightConfirmed() | RightRefused() | RightGivenAlone():
            waiting = {k: v for k, v in state.rights.items() if k != (event.role, event.team)}
            return replace(state, rights=waiting)
        case RoleGiven():
            return replace(state, roles=state.roles | {event.role})
        case RoleTaken():
            return replace(state, roles=state.roles - {event.role})
        case TeamJoined():
            return replace(state, teams=state.teams | {event.team})
        case TeamLeft():
            return replace(state, teams=state.teams - {event.team})
        case UserAssigned():
            return replace(state, assigned=state.assigned | {(event.case, event.child)})
        case AssignmentEnded():
            return replace(state, assigned=state.assigned - {(event.case, event.child)})
    return state


def require_safe_name(name: str) -> str:
    """Return an account's name if it can be shown safely in a line of a log. Raises Refused
    otherwise.
    """
    if not name or len(name) > LONGEST_NAME or name != name.strip():
        raise Refused(
            f"write a user name of 1 to {LONGEST_NAME} characters, without a space at its "
            "beginning or end"
        )
    if not all(char.isalnum() or char in "._-@ '" for char in name):
        raise Refused("write a user name with letters, digits, spaces and . _ - @ ' only")
    return name


def legible(label: str) -> str:
    """Return a text that a user chose, such as a label, with each character that could start a new
    line or change the reading order replaced.
    """
    if label.isprintable():
        return label
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in label)


def require_account(state: User) -> None:
    """Raise Refused if there is no such account."""
    if not state.exists or state.left:
        raise Refused(
            "no user has the given name: check its spelling, or add the user first (user add)",
            field="user",
        )


def add(state: User, user: str, controller: str | None) -> tuple[Event, ...]:
    """Add an account, also for a user who returns. Raises Refused for a name in use."""
    if state.exists and not state.left:
        raise Refused(f"there is a user {user} already: choose another name")
    return (UserAdded(require_safe_name(user), controller),)


def make_service(state: User, user: str) -> tuple[Event, ...]:
    require_account(state)
    return (ServiceMade(user),)


def leave(state: User, user: str) -> tuple[Event, ...]:
    require_account(state)
    return (UserLeft(user),)


def lock(state: User, user: str, reason: str) -> tuple[Event, ...]:
    require_account(state)
    if not reason.strip():
        raise Refused("give the reason for locking the account", field="reason")
    return () if state.locked else (UserLocked(user, reason),)


def unlock(state: User, user: str) -> tuple[Event, ...]:
    require_account(state)
    return (UserUnlocked(user),) if state.locked else ()


def invite(state: User, user: str) -> tuple[Event, ...]:
    """Record that a user was invited to set a password. Raises Refused for an account that cannot
    be used.
    """
    _open(state, user)
    if state.service:
        raise Refused(f"{user} is a program: programs have keys and no password (user key make)")
    return (UserInvited(user),)


#: Roles that confirm proposals, or see more than a team. A new sign-in for a user with such a role
#: is confirmed by a person who is not an administrator.
GUARDED: frozenset[Role] = frozenset(
    {
        "manager",
        "dci",
        "supervisor",
        "intelligence-officer",
        "source-handler",
        "disclosure-officer",
        "auditor",
    }
)


def recover(
    state: User,
    user: str,
    by: str,
    now: datetime,
    *,
    keeps: bool = True,
    guarded: bool = False,
    first: bool = False,
) -> tuple[Event, ...]:
    """Propose or confirm a new sign-in code for a user who has proved their identity. One person
    proposes the code and another person confirms it. `keeps` is True if the acting person is an
    administrator.

    Raises Refused:
    - if `invite` refuses;
    - if nothing is proposed yet and the acting person is no administrator;
    - if the confirming person is the proposer or the user;
    - if `guarded` is True and an administrator would confirm a code for an account with a role in
      `GUARDED`, or the first code of an account (`first`).
    """
    invited = invite(state, user)
    if state.recovery is None or state.recovery[1] < now:
        if not keeps:
            raise Refused(
                f"no administrator has proposed a new sign-in for {user}: an administrator has "
                "to propose it first"
            )
        return (RecoveryProposed(user, by, now + RECOVERY_LASTS),)
    if forms.same_person(state.recovery[0], by) or forms.same_person(user, by):
        raise Refused(
            f"the person who gets the sign-in code can sign in as {user}, so another person "
            "has to confirm the code, with the same request"
        )
    if keeps and guarded and (first or state.roles & GUARDED):
        raise Refused(
            f"{user} can confirm proposals, or can see more than other users, so a manager or "
            "a DCI, not a second administrator, has to confirm the new sign-in"
        )
    return invited


def make_key(
    state: User, user: str, key: UUID, until: datetime, now: datetime
) -> tuple[Event, ...]:
    """Make an API key for a program's account. Raises Refused if the account is a person's, if the
    end of the key is past or more than a year away, and if the account has two valid keys already.
    """
    _open(state, user)
    if not state.service:
        raise Refused(
            f"{user} is not a program's account, and only programs have keys: name a program's "
            "account"
        )
    if not now < until <= now + KEY_LASTS:
        raise Refused("the end of the key is not valid: give a day in the future and within a year")
    if sum(end > now for end in state.keys.values()) >= KEYS:
        raise Refused(f"{user} has {KEYS} keys, the most that are allowed: end the older one first")
    return (KeyMade(user, key, until),)


def make_key_by_two(
    state: User, user: str, key: UUID, until: datetime, by: str, now: datetime, *, keeps: bool
) -> tuple[Event, ...]:
    """Propose or confirm an API key for a program's account on a live store. An administrator
    (`keeps` is True) proposes the key; a manager or a DCI confirms it by requesting the same key.
    Raises Refused if a person other than an administrator requests a key that is not proposed, if
    the proposer or another administrator would confirm, if the key would end later than proposed,
    and if `make_key` refuses.
    """
    made = make_key(state, user, key, until, now)
    proposed = state.key if state.key and state.key.until >= now else None
    if proposed is None:
        if not keeps:
            raise Refused(
                f"no administrator has proposed a key for {user}: an administrator has to "
                "propose it first"
            )
        return (KeyProposed(user, by, now + RECOVERY_LASTS, until),)
    if forms.same_person(proposed.by, by) or keeps:
        raise Refused(
            f"{proposed.by} proposed this key: a manager or a DCI, not an administrator, "
            "has to confirm it with the same request"
        )
    if until > proposed.ends:
        raise Refused(
            f"the proposed key ends on {proposed.ends:%d %B %Y}: confirm the key with this day "
            "or an earlier one",
            field="until",
        )
    return made


def end_key(state: User, user: str, key: UUID) -> tuple[Event, ...]:
    """End a program's key for the API. Raises Refused if there is no such key."""
    require_account(state)
    if key not in state.keys:
        raise Refused(f"{user} has no key with this id: check the id")
    return (KeyEnded(user, key),)


def _open(state: User, user: str) -> None:
    require_account(state)
    if state.locked:
        raise Refused(f"{user} is locked out: unlock the account first")


def give_role(state: User, user: str, role: Role) -> tuple[Event, ...]:
    """Give a role to a user. Raises Refused if the user would have the role of administrator and
    another role, since an administrator manages access and sees no records; and if a program would
    become administrator.
    """
    require_account(state)
    if state.service and role == "administrator":
        raise Refused("a program cannot have the role of administrator: give the role to a person")
    together = state.roles | {role}
    if "administrator" in together and len(together) > 1:
        raise Refused(
            "an administrator sees no records, so one user cannot have this role and another: "
            "give the second role to another user",
            field="role",
        )
    return () if role in state.roles else (RoleGiven(user, role),)


def propose(state: User, user: str, right: Right, by: str, now: datetime) -> tuple[Event, ...]:
    """Return the event that proposes to give a user a role or a team; a second person has to
    confirm the proposal. Return () if the user already has the role or team. Raises Refused if the
    same role or team is already proposed for the user, and if the user may not have it.
    """
    if not _given(state, user, right):
        return ()
    before = state.rights.get(right)
    if before and before.until >= now:
        raise Refused(
            f"{before.by} proposed {_called(right)} for {user} already: a second person has to "
            "confirm the proposal"
        )
    role, team = right
    return (RightProposed(user, by, now + PROPOSAL_LASTS, role, team),)


def confirm_right(
    state: User, user: str, right: Right, by: str, now: datetime
) -> tuple[Event, ...]:
    """Confirm, as the second person, a proposed role or team, and give it to the user. Raises
    Refused if there is no current proposal, if the confirming person is the proposer or the user
    who gets the role or team, and if this user may not have it.
    """
    made = require_waiting(state, user, right, now)
    if forms.same_person(made.by, by):
        raise Refused(
            "you proposed this change: another person, who is not an administrator, has to "
            "confirm it"
        )
    if forms.same_person(user, by):
        raise Refused(
            "you cannot confirm a change to your own account: another person has to confirm it"
        )
    return (RightConfirmed(user, made.by, *right), *_given(state, user, right))


def refuse_right(state: User, user: str, right: Right, reason: str) -> tuple[Event, ...]:
    """Refuse a proposed role or team. Raises Refused if no proposal waits, and without a reason."""
    if right not in state.rights:
        raise Refused(
            f"no proposal of {_called(right)} for {user} waits for confirmation", field="user"
        )
    if not reason.strip():
        raise Refused("say why the proposal is refused", field="reason")
    return (RightRefused(user, reason.strip(), *right),)


def give_alone(
    state: User, user: str, right: Right, reason: str, since: datetime, now: datetime
) -> tuple[Event, ...]:
    """Give a proposed role or team without a second person, because for a day no account could have
    confirmed the proposal. `since` is the later of two times: the time of the proposal, and the
    time when the last account that could confirm was locked. Raises Refused if less than a day has
    passed since `since`, if there is no reason, and if the user may not have the role or team.
    """
    require_waiting(state, user, right, now)
    if now < since + ALONE_AFTER:
        raise Refused(
            f"one person alone cannot give {_called(right)} yet. Wait until a day has passed since "
            "the proposal, and since the last account that could confirm the proposal was locked; "
            "or have another person confirm the proposal"
        )
    if not reason.strip():
        raise Refused("say why no other account can confirm the proposal", field="reason")
    return (RightGivenAlone(user, reason.strip(), *right), *_given(state, user, right))


def lend(state: User, user: str, role: Role, reason: str, now: datetime) -> tuple[Event, ...]:
    """Lend a role to a user for some hours, on the decision of one person. Raises Refused if the
    role shows more than the families assigned to the user, if the account is a program's, if there
    is no reason, and if the user may not have the role or has it already.
    """
    _open(state, user)
    if role not in LENDABLE:
        raise Refused(
            f"one person alone cannot lend the role {role}, because it shows more than the "
            "user's own families. Roles that one person can lend: "
            f"{', '.join(sorted(LENDABLE))}",
            field="role",
        )
    if state.service:
        raise Refused("a role cannot be lent to a program: propose the role instead", field="user")
    if not reason.strip():
        raise Refused("say why the role cannot wait for a second person", field="reason")
    if not give_role(state, user, role):
        raise Refused(f"{user} has the role {role} already: there is nothing to lend", field="role")
    return (RoleLent(user, role, now + LENT, reason.strip()),)


def require_waiting(state: User, user: str, right: Right, now: datetime) -> RightProposed:
    """Return the proposal of a role or team that still waits for a second person. Raises Refused if
    there is no such proposal.
    """
    require_account(state)
    made = state.rights.get(right)
    if made is None or made.until < now:
        raise Refused(
            f"no proposal of {_called(right)} for {user} waits for confirmation", field="user"
        )
    return made


def _called(right: Right) -> str:
    role, team = right
    return f"the role {role}" if role else f"the team {team}"


def _given(state: User, user: str, right: Right) -> tuple[Event, ...]:
    role, team = right
    return give_role(state, user, role) if role else join(state, user, team or "")


def take_role(state: User, user: str, role: Role) -> tuple[Event, ...]:
    require_account(state)
    return (RoleTaken(user, role),) if role in state.roles else ()


def join(state: User, user: str, team: str) -> tuple[Event, ...]:
    require_account(state)
    return () if team in state.teams else (TeamJoined(user, team),)


def part(state: User, user: str, team: str) -> tuple[Event, ...]:
    require_account(state)
    return (TeamLeft(user, team),) if team in state.teams else ()


def assign(state: User, user: str, case: UUID | None, child: UUID | None) -> tuple[Event, ...]:
    require_account(state)
    return () if (case, child) in state.assigned else (UserAssigned(user, case, child),)


def end_assignment(
    state: User, user: str, case: UUID | None, child: UUID | None
) -> tuple[Event, ...]:
    require_account(state)
    return (AssignmentEnded(user, case, child),) if (case, child) in state.assigned else ()


# --- teams --------------------------------------------------------------------------------------


class Team(Struct, frozen=True):
    """The state of one team."""

    made: bool = False
    into: str | None = None
    merging: TeamMergeProposed | None = None


def evolve_team(state: Team, event: Event) -> Team:
    match event:
        case TeamMade():
            return Team(made=True)
        case TeamRenamed() | TeamMerged():
            return replace(state, into=event.into, merging=None)
        case TeamMergeProposed():
            return replace(state, merging=event)
    return state


def make_team(state: Team, team: str) -> tuple[Event, ...]:
    """Make a team in addition to the report's four teams. Raises Refused if a team has this name,
    or had it in the past.
    """
    if state.made or state.into or team in DEFAULT_TEAMS:
        raise Refused(f"there is or was a team {team} already: choose another name", named=team)
    return (TeamMade(require_safe_name(team)),)


def merge_team(state: Team, team: str, into: str) -> tuple[Event, ...]:
    _standing(state, team)
    if team == into:
        raise Refused("a team cannot become part of itself: name two different teams", field="into")
    return (TeamMerged(team, into),)


def merge_by_two(
    state: Team, team: str, into: str, by: str, now: datetime, *, keeps: bool
) -> tuple[Event, ...]:
    """Propose or confirm the merger of two teams on a live store. An administrator (`keeps` is
    True) proposes the merger; a manager or a DCI confirms it by requesting the same merger. Raises
    Refused if a person other than an administrator requests a merger that is not proposed, if the
    proposer or another administrator would confirm, and if `merge_team` refuses.
    """
    merged = merge_team(state, team, into)
    proposed = state.merging
    if proposed is None or proposed.until < now or proposed.into != into:
        if not keeps:
            raise Refused(
                f"no administrator has proposed that {team} becomes part of {into}: an "
                "administrator has to propose it first"
            )
        return (TeamMergeProposed(team, into, by, now + PROPOSAL_LASTS),)
    if forms.same_person(proposed.by, by) or keeps:
        raise Refused(
            f"{proposed.by} proposed this merger: a manager or a DCI, not an "
            "administrator, has to confirm it with the same request"
        )
    return merged


def rename_team(state: Team, team: str, into: str) -> tuple[Event, ...]:
    _standing(state, team)
    return (TeamRenamed(team, into),)


def _standing(state: Team, team: str) -> None:
    if state.into:
        raise Refused(f"the team {team} was renamed or merged already: name {state.into} instead")
    if not state.made and team not in DEFAULT_TEAMS:
        raise Refused(f"there is no team {team}: check the name", named=team)


# --- the charity --------------------------------------------------------------------------------

#: The id of the only stream that names the charity's controller.
CHARITY = UUID("5e0d7c1a-7b42-5c6e-9d1f-2a8b4c6e0f13")


def named_charity(state: CharityNamed | None, event: Event) -> CharityNamed | None:
    return event if isinstance(event, CharityNamed) else state


def name_charity(state: CharityNamed | None, controller: str) -> tuple[Event, ...]:
    """Record who is the data controller of the charity's records. Raises Refused if there is no
    name, if the controller is the police, and if another controller was already named, because the
    existing records belong to that controller.
    """
    event = CharityNamed(controller.strip())
    if not event.controller:
        raise Refused(
            "say which controller is responsible for the charity's record", field="controller"
        )
    if event.controller.casefold() == "police":
        raise Refused(
            "the charity is not part of the police, so another organisation is the controller "
            "of its record: name that organisation",
            field="controller",
        )
    if state and state != event:
        raise Refused(
            f"{state.controller} is the controller of the charity's existing records: the "
            "controller cannot be changed"
        )
    return () if state == event else (event,)
